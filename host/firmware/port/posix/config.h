/* What a configuration says, once it was read and checked: the phone's own form, one `key = value` on a line.
 *
 * The keys are those of docs/parameters.md, and mistakes are told in the words of the other host. */

#ifndef POSIX_CONFIG_H
#define POSIX_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "standfast.h"

struct account {
  const char *name;
  const char *password; /* a null pointer: none was given for that server */
};

struct line_config {
  const char *number;
  const char *display; /* "": none */
  struct account at[STANDFAST_SERVERS];
};

struct server_config {
  const char *host; /* name or address, IPv6 without brackets */
  uint16_t port;
  const char *domain; /* of the addresses of record there; IPv6 without brackets */
};

struct config {
  uint32_t params[STANDFAST_PARAM_COUNT];
  uint32_t server_count, line_count;
  struct server_config servers[STANDFAST_SERVERS];
  struct line_config lines[STANDFAST_LINES];
  uint32_t is_port_random, port, port_min, port_max;
  char *accept_list; /* addresses let in beside the servers, each with an end mark, an empty one behind the last */
};

/* Reads the file. Every mistake is told on stderr, each with its line and the way out. @returns 0: it is refused */
int config_read(const char *path, struct config *config);
/* Wipes them from memory: the core has its own copies. */
void config_forget_passwords(struct config *config);

#endif
