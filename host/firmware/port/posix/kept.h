/* What the phone knows, in a file that outlives the program: ABI.md, "Snapshots".
 *
 * It holds no password; it does hold the seed of the run, so it is for its owner alone. Good for the same core and the same
 * configuration only. */

#ifndef POSIX_KEPT_H
#define POSIX_KEPT_H

#include "config.h"

/* Letters and digits of the name of this device. */
#define KEPT_INSTANCE 8

struct kept {
  uint32_t clock; /* of the core when it was taken, ms */
  uint32_t port;  /* local */
  char instance[KEPT_INSTANCE + 1];
  uint32_t credentials; /* kept_credentials() of the run */
  const void *snapshot; /* STANDFAST_SNAPSHOT bytes */
};

/* Reads what an earlier run has left. @returns 0: nothing, or nothing of use, and why was told */
int kept_read(const char *path, const struct config *config, struct kept *kept);
/* Replaces the file as a whole. @returns 0: it cannot be written, and why was told */
int kept_write(const char *path, const struct config *config, const struct kept *kept);
/* The next run starts anew. */
void kept_remove(const char *path);

/* 16 bits of all accounts and passwords: enough to see that they changed, too little to find one by. */
uint32_t kept_credentials(const struct config *config);
/* 32 bits of the name, for what has to be the same on every start of this device and another on each other one. */
uint32_t kept_print(const char *text);

#endif
