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

static void demand_instance(void) {
  if (is_whole == 0) trap();
}

/* Leaves the calling function with `otherwise` where there is no instance, or as soon as it traps. */
#define ENTER(otherwise)                          \
  do {                                            \
    if (setjmp(trap_exit) != 0) return otherwise; \
    demand_instance();                            \
  } while (0)

/* Bytes of records. ABI.md, "Output", "LineView", "ServerView". */
enum { OUTPUT = 40, VIEW = 20 };

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
static void read_event(const u8 *at, struct standfast_event *event) {
  event->type = at[0];
  event->server = at[1];
  event->rule = at[2];
  event->next = at[3];
  event->line = half(at + 4);
  event->status = half(at + 6);
  event->at = word(at + 8);
  event->a = word(at + 12);
  event->b = word(at + 16);
  event->next_ms = word(at + 20);
}

/* ABI.md, "Output". */
int32_t standfast_poll(struct standfast_output *out) {
  ENTER(STANDFAST_TRAPPED);
  const int32_t kind = (int32_t)core_poll();
  const u8 *const at = place(core_output(), 0, OUTPUT);
  const int has_bytes = kind == STANDFAST_OUT_SEND || kind == STANDFAST_OUT_FIELD;
  out->kind = (uint8_t)kind;
  out->server = at[1];
  out->target = at[2];
  out->flow = at[3];
  out->length = has_bytes ? word(at + 8) : 0;
  out->bytes = has_bytes ? span(word(at + 4), out->length) : NULL;
  out->sleep_ms = word(at + 12);
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
  const u32 address = core_lineView(line);
  if (address == 0) return STANDFAST_E_LINE;
  const u8 *const at = place(address, 0, VIEW);
  view->state = at[0];
  view->served = at[1];
  view->next = at[2];
  view->calls = at[3];
  view->asking = at[4];
  view->returning = at[5];
  view->warned = at[6];
  view->pinned = at[7];
  view->lease_ms = word(at + 8);
  view->next_ms = word(at + 12);
  view->granted_seconds = word(at + 16);
  return STANDFAST_OK;
}

/* ABI.md, "ServerView". */
int32_t standfast_server_view(uint32_t server, struct standfast_server_view *view) {
  ENTER(STANDFAST_TRAPPED);
  const u32 address = core_serverView(server);
  if (address == 0) return STANDFAST_E_SERVER;
  const u8 *const at = place(address, 0, VIEW);
  view->health = at[0];
  view->misses = at[1];
  view->heard = at[2];
  view->startup = at[3];
  view->until_ms = word(at + 4);
  view->penalty = word(at + 8);
  view->suspended_ms = word(at + 12);
  view->heartbeat_ms = word(at + 16);
  return STANDFAST_OK;
}

int32_t standfast_contact(uint32_t server, struct standfast_text *text) {
  ENTER(STANDFAST_TRAPPED);
  const u32 address = core_contact(server);
  if (address == 0) return STANDFAST_E_SERVER;
  text->length = *place(address, 0, 1);
  text->bytes = span(address + 1, text->length);
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
