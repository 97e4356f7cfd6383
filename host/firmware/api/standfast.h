/* Standfast for firmware: a SIP registration and failover core behind C calls.
 *
 * It has no socket, no clock, no heap and no thread. It is given datagrams, time and commands, and says by
 * standfast_poll() what to send and how long to sleep. One call for each export of the module: ABI.md says what each
 * does, in which order they come, and what the results mean. Where the module takes bytes from its buffer, the call
 * takes a pointer and a length.
 *
 * One instance in a program, in static memory of STANDFAST_MEMORY bytes. No call blocks, and none may be entered while
 * another is under way: from one task, or under one lock, and never from an interrupt. */

#ifndef STANDFAST_H
#define STANDFAST_H

#include <stdint.h>

#include "standfast_build.h"
#include "standfast_abi.h"
#include "standfast_params.h"

/* The core has found an error of its own and stopped; every call says so until standfast_reset(). ABI.md, "Traps". */
#define STANDFAST_TRAPPED (-32768)
/* Bytes of a seed: random ones, new at every boot. */
#define STANDFAST_SEED 32
/* Bytes of the longest datagram that is sent. */
#define STANDFAST_SEND_MAX 1536

#ifdef __cplusplus
extern "C" {
#endif

/* ABI.md, "Event". */
struct standfast_event {
  uint8_t type;   /* STANDFAST_EV_* */
  uint8_t server; /* rank; STANDFAST_SERVER_NONE */
  uint8_t rule;   /* STANDFAST_RULE_*: why */
  uint8_t next;   /* STANDFAST_NEXT_*: what is due next */
  uint16_t line;  /* index; STANDFAST_LINE_ALL: none in particular */
  uint16_t status;
  uint32_t at; /* ms, of the clock that `now` is of */
  uint32_t a, b;
  uint32_t next_ms;
};

/* What to do. ABI.md, "Output"; fields of another kind mean nothing. */
struct standfast_output {
  uint8_t kind;         /* STANDFAST_OUT_* */
  uint8_t server;       /* SEND, FLOW, FIELD: rank */
  uint8_t target;       /* FLOW: index of an address; FIELD: STANDFAST_FIELD_* */
  uint8_t flow;         /* FLOW, SEND: number of the flow */
  const uint8_t *bytes; /* SEND, FIELD: valid until the next call */
  uint32_t length;
  uint32_t sleep_ms; /* SLEEP: until standfast_wake() is due; STANDFAST_SLEEP_FOREVER as u32: no timer runs */
  struct standfast_event event;
};

/* ABI.md, "LineView". Where a server is named, STANDFAST_SERVER_NONE is none. */
struct standfast_line_view {
  uint8_t state; /* STANDFAST_LINE_* */
  uint8_t served, next, calls, asking, returning, warned, pinned;
  uint32_t lease_ms, next_ms, granted_seconds;
};

/* ABI.md, "ServerView". */
struct standfast_server_view {
  uint8_t health, misses, heard, startup;
  uint32_t until_ms, penalty, suspended_ms, heartbeat_ms;
};

/* Bytes without an end mark, valid until the next call. */
struct standfast_text {
  const uint8_t *bytes;
  uint32_t length;
};

/* Makes a new instance: before anything else, and after a trap. */
void standfast_reset(void);
/* STANDFAST_ABI_VERSION; 0 before the reset and after a trap. */
uint32_t standfast_abi_version(void);

/* Configuration, in the order of ABI.md, "Order of calls". Results: STANDFAST_OK or STANDFAST_E_*. */
int32_t standfast_set_seed(const void *seed);
int32_t standfast_set_param(uint32_t id, uint32_t value);
int32_t standfast_set_server(uint32_t server, uint32_t port, uint32_t transport);
int32_t standfast_set_text(uint32_t what, uint32_t line, uint32_t server, const void *text, uint32_t length);
int32_t standfast_set_targets(uint32_t server, uint32_t count, uint32_t current);

/* Inputs. `now` is ms of a clock that never goes back; it may wrap. After each of them poll until SLEEP or STOPPED. */
int32_t standfast_start(uint32_t now);
int32_t standfast_receive(uint32_t server, const void *bytes, uint32_t length, uint32_t now);
int32_t standfast_flow(uint32_t server, uint32_t generation, uint32_t state, uint32_t now);
int32_t standfast_failed(uint32_t server, uint32_t now);
int32_t standfast_wake(uint32_t now);
int32_t standfast_command(uint32_t code, uint32_t line, uint32_t server, uint32_t now);

/* The next thing to do. @returns out->kind, or STANDFAST_TRAPPED */
int32_t standfast_poll(struct standfast_output *out);

/* Where the first unit of a stream ends, of which `length` bytes have come. @returns n > 0: after n bytes; 0: not yet;
 * less: close the stream, it is no SIP. ABI.md, "Streams". */
int32_t standfast_frame(const void *bytes, uint32_t length);

/* How things stand, at any time between inputs. @returns STANDFAST_OK; E_LINE, E_SERVER: no such one */
int32_t standfast_line_view(uint32_t line, struct standfast_line_view *view);
int32_t standfast_server_view(uint32_t server, struct standfast_server_view *view);
/* `address:port` of our Contact at a server. @returns STANDFAST_OK, E_SERVER */
int32_t standfast_contact(uint32_t server, struct standfast_text *text);
/* Datagrams refused for STANDFAST_R_* since the reset; 0 after a trap too. */
uint32_t standfast_refused(uint32_t reason);

/* The state, to be kept over a restart: STANDFAST_SNAPSHOT bytes, taken between SLEEP and the next input, valid until
 * the next call. Good for a module of the same STANDFAST_MODULE_SHA256 only. ABI.md, "Snapshots". */
const void *standfast_snapshot(void);
/* Puts a copy of it into a new instance, also after a trap; then come accounts and passwords, then standfast_resume(). What
 * standfast_snapshot() points at is no copy: it is gone as the new instance begins.
 * @returns STANDFAST_OK; E_LENGTH: it has not STANDFAST_SNAPSHOT bytes, and nothing was done */
int32_t standfast_restore(const void *snapshot, uint32_t length);
/* Goes on from it, with a seed that was never used. */
int32_t standfast_resume(const void *seed, uint32_t now);

#ifdef __cplusplus
}
#endif

#endif
