/* The C calls of standfast.h around the translated module.
 *
 * Each call enters the core through ENTER, which is where a trap comes out. Below: runtime/memory.h, on which the
 * translation stands. */

#include "standfast.h"

#include <setjmp.h>
#include <stddef.h>
#include <string.h>

#include "memory.h"

/* A variant of the core may leave an argument unused. */
#ifdef __GNUC__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#endif
#include "translation.h"
#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif

static jmp_buf trap_exit;
/* Neither before standfast_reset() nor after a trap. */
static uint8_t is_whole;

static void trap(void) {
  is_whole = 0;
  longjmp(trap_exit, 1);
}

/* Leaves the calling function with `otherwise` where there is no instance, or as soon as it traps. */
#define ENTER(otherwise)                          \
  do {                                            \
    if (is_whole == 0) return otherwise;          \
    if (setjmp(trap_exit) != 0) return otherwise; \
  } while (0)

/* Fills the input buffer; of more than it holds the first. */
static void give(const void *bytes, uint32_t length) {
  if (length > STANDFAST_INPUT_MAX) length = STANDFAST_INPUT_MAX;
  if (length > 0) memcpy(span(core_buffer(), length), bytes, length);
}

/* Seeds and passwords do not stay there. */
static void forget(uint32_t length) {
  if (length > STANDFAST_INPUT_MAX) length = STANDFAST_INPUT_MAX;
  memset(span(core_buffer(), length), 0, length);
}

void standfast_reset(void) {
  is_whole = load_data();
}

uint32_t standfast_abi_version(void) {
  ENTER(0);
  return core_abiVersion();
}

int32_t standfast_set_seed(const void *seed) {
  ENTER(STANDFAST_TRAPPED);
  give(seed, STANDFAST_SEED);
  const int32_t result = (int32_t)core_setSeed();
  forget(STANDFAST_SEED);
  return result;
}

int32_t standfast_set_param(uint32_t id, uint32_t value) {
  ENTER(STANDFAST_TRAPPED);
  return (int32_t)core_setParam(id, value);
}

int32_t standfast_set_server(uint32_t server, uint32_t port, uint32_t transport) {
  ENTER(STANDFAST_TRAPPED);
  return (int32_t)core_setServer(server, port, transport);
}

int32_t standfast_set_text(uint32_t what, uint32_t line, uint32_t server, const void *text, uint32_t length) {
  ENTER(STANDFAST_TRAPPED);
  give(text, length);
  const int32_t result = (int32_t)core_setText(what, line, server, length);
  forget(length);
  return result;
}

int32_t standfast_set_targets(uint32_t server, uint32_t count, uint32_t current) {
  ENTER(STANDFAST_TRAPPED);
  return (int32_t)core_setTargets(server, count, current);
}

int32_t standfast_start(uint32_t now) {
  ENTER(STANDFAST_TRAPPED);
  return (int32_t)core_start(now);
}

int32_t standfast_receive(uint32_t server, const void *bytes, uint32_t length, uint32_t now) {
  ENTER(STANDFAST_TRAPPED);
  give(bytes, length);
  return (int32_t)core_receive(server, length, now);
}

int32_t standfast_flow(uint32_t server, uint32_t generation, uint32_t state, uint32_t now) {
  ENTER(STANDFAST_TRAPPED);
  return (int32_t)core_flow(server, generation, state, now);
}

int32_t standfast_failed(uint32_t server, uint32_t now) {
  ENTER(STANDFAST_TRAPPED);
  return (int32_t)core_failed(server, now);
}

int32_t standfast_wake(uint32_t now) {
  ENTER(STANDFAST_TRAPPED);
  return (int32_t)core_wake(now);
}

int32_t standfast_command(uint32_t code, uint32_t line, uint32_t server, uint32_t now) {
  ENTER(STANDFAST_TRAPPED);
  return (int32_t)core_command(code, line, server, now);
}

/* ABI.md, "Event". */
static void read_event(uint32_t at, struct standfast_event *event) {
  event->type = byte_at(at);
  event->server = byte_at(at + 1);
  event->rule = byte_at(at + 2);
  event->next = byte_at(at + 3);
  event->line = half_at(at + 4);
  event->status = half_at(at + 6);
  event->at = word_at(at + 8);
  event->a = word_at(at + 12);
  event->b = word_at(at + 16);
  event->next_ms = word_at(at + 20);
}

/* ABI.md, "Output". */
int32_t standfast_poll(struct standfast_output *out) {
  ENTER(STANDFAST_TRAPPED);
  const int32_t kind = (int32_t)core_poll();
  const uint32_t at = core_output();
  const int has_bytes = kind == STANDFAST_OUT_SEND || kind == STANDFAST_OUT_FIELD;
  out->kind = (uint8_t)kind;
  out->server = byte_at(at + 1);
  out->target = byte_at(at + 2);
  out->flow = byte_at(at + 3);
  out->length = has_bytes ? word_at(at + 8) : 0;
  out->bytes = has_bytes ? span(word_at(at + 4), out->length) : NULL;
  out->sleep_ms = word_at(at + 12);
  read_event(at + 16, &out->event);
  return kind;
}

int32_t standfast_frame(const void *bytes, uint32_t length) {
  ENTER(STANDFAST_TRAPPED);
  give(bytes, length);
  return (int32_t)core_frame(length < STANDFAST_INPUT_MAX ? length : STANDFAST_INPUT_MAX);
}

/* ABI.md, "LineView". */
int32_t standfast_line_view(uint32_t line, struct standfast_line_view *view) {
  ENTER(STANDFAST_TRAPPED);
  const uint32_t at = core_lineView(line);
  if (at == 0) return STANDFAST_E_LINE;
  view->state = byte_at(at);
  view->served = byte_at(at + 1);
  view->next = byte_at(at + 2);
  view->calls = byte_at(at + 3);
  view->asking = byte_at(at + 4);
  view->returning = byte_at(at + 5);
  view->warned = byte_at(at + 6);
  view->pinned = byte_at(at + 7);
  view->lease_ms = word_at(at + 8);
  view->next_ms = word_at(at + 12);
  view->granted_seconds = word_at(at + 16);
  return STANDFAST_OK;
}

/* ABI.md, "ServerView". */
int32_t standfast_server_view(uint32_t server, struct standfast_server_view *view) {
  ENTER(STANDFAST_TRAPPED);
  const uint32_t at = core_serverView(server);
  if (at == 0) return STANDFAST_E_SERVER;
  view->health = byte_at(at);
  view->misses = byte_at(at + 1);
  view->heard = byte_at(at + 2);
  view->startup = byte_at(at + 3);
  view->until_ms = word_at(at + 4);
  view->penalty = word_at(at + 8);
  view->suspended_ms = word_at(at + 12);
  view->heartbeat_ms = word_at(at + 16);
  return STANDFAST_OK;
}

int32_t standfast_contact(uint32_t server, struct standfast_text *text) {
  ENTER(STANDFAST_TRAPPED);
  const uint32_t at = core_contact(server);
  if (at == 0) return STANDFAST_E_SERVER;
  text->length = byte_at(at);
  text->bytes = span(at + 1, text->length);
  return STANDFAST_OK;
}

uint32_t standfast_refused(uint32_t reason) {
  ENTER(0);
  return core_refused(reason);
}

const void *standfast_snapshot(void) { return memory; }

int32_t standfast_restore(const void *snapshot, uint32_t length) {
  if (length != STANDFAST_SNAPSHOT) return STANDFAST_E_LENGTH;
  standfast_reset();
  if (is_whole == 0) return STANDFAST_TRAPPED;
  memcpy(memory, snapshot, length);
  return STANDFAST_OK;
}

int32_t standfast_resume(const void *seed, uint32_t now) {
  ENTER(STANDFAST_TRAPPED);
  give(seed, STANDFAST_SEED);
  const int32_t result = (int32_t)core_resume(now);
  forget(STANDFAST_SEED);
  return result;
}
