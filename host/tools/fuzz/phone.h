/* A phone under test: the core, what it sent last, and what must hold after every call.
 *
 * Both targets drive it. Whatever must hold and does not is a find: it says so and aborts. */

#ifndef FUZZ_PHONE_H_
#define FUZZ_PHONE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core.h"
#include "layout.h"
#include "standfast_abi.h"

enum { SENT = 8, TX_MAX = 1536, INPUT_MAX = 2048 };

/* A request as it went out. */
struct sent {
  uint16_t length;
  uint8_t server;
  char bytes[TX_MAX];
};

struct phone {
  uint32_t now;
  /* As poll() said last; 0xffffffff: no timer runs. */
  uint32_t sleep_ms;
  /* Bytes of the input buffer that were given. */
  uint32_t given;
  uint8_t servers;
  bool is_stopped;
  /* The host leaves outputs unread: it must be refused. */
  bool is_undrained;
  /* The flow that OUT_FLOW asked for last, of each server. */
  uint8_t generation[4];
  uint8_t newest;
  struct sent sent[SENT];
};

extern struct phone phone;

/* Once, before all else. */
void phone_init(void);
/* A core as it is after instantiation. */
void phone_fresh(void);

/* A core and its phone, to go back to. */
struct moment {
  struct phone phone;
  uint8_t memory[MEMORY_BYTES];
};
void phone_save(struct moment *to);
void phone_restore(const struct moment *from);
/* Puts what a snapshot holds into a core that has just been made. ABI.md, "Snapshots". */
void phone_restart(const struct moment *from);

/* Puts bytes into the input buffer; of more than INPUT_MAX the first. */
void phone_give(const void *bytes, size_t length);
/* The host overwrites what it gave, as it may once a call has returned. */
void phone_scribble(uint8_t byte);

/* Takes a result: after one of the errors E_* nothing has changed. Use as CHECKED(core_wake(now)). */
#define CHECKED(call) (phone_before(), phone_after((int32_t)(call)))
void phone_before(void);
int32_t phone_after(int32_t result);

/* Carries out what poll() says until it sleeps or stops, and looks at the views. */
void phone_drain(void);
/* One output; false: it sleeps or has stopped. */
bool phone_poll(void);

/* Time passes. */
void phone_wake(uint32_t ms);
/* Until the next wake-up; a minute when there is none. */
void phone_wake_next(void);

/* The request sent `back` before the newest. */
const struct sent *phone_sent(unsigned back);

_Noreturn void find(const char *what, uint32_t value);

#endif
