/* Reads a script record by record and makes its calls: player.h. Below: say.c. */

#include "player.h"

#include <stddef.h>
#include <string.h>

#include "say.h"
#include "standfast.h"

enum { NUMBERS = 3, NAME = 12, CHECKSUM = 9, BYTES = STANDFAST_SNAPSHOT };

/* A record: its numbers, and the bytes behind them. */
struct record {
  uint32_t now;
  uint32_t number[NUMBERS];
  uint8_t bytes[BYTES];
  uint32_t length;
};

static struct record it;
static int next_byte;

static void step(void) { next_byte = player_get(); }

static void skip_line(void) {
  while (next_byte != '\n' && next_byte >= 0) step();
  step();
}

static uint32_t read_number(void) {
  uint32_t value = 0;
  if (next_byte == ' ') step();
  for (; next_byte >= '0' && next_byte <= '9'; step()) value = value * 10 + (uint32_t)(next_byte - '0');
  return value;
}

static void read_name(char name[NAME]) {
  size_t length = 0;
  if (next_byte == ' ') step();
  for (; next_byte > ' ' && length < NAME - 1; step()) name[length++] = (char)next_byte;
  name[length] = 0;
}

static uint8_t digit(void) {
  step();
  return (uint8_t)(next_byte <= '9' ? next_byte - '0' : next_byte - 'a' + 10);
}

/* `\\` `\r` `\n` `\xHH`; anything else is itself. */
static uint8_t read_byte(void) {
  if (next_byte != '\\') return (uint8_t)next_byte;
  step();
  if (next_byte == 'r') return '\r';
  if (next_byte == 'n') return '\n';
  if (next_byte != 'x') return (uint8_t)next_byte;
  const uint8_t high = digit();
  return (uint8_t)(high << 4 | digit());
}

static void read_bytes(void) {
  it.length = 0;
  if (next_byte == ' ') step();
  for (; next_byte != '\n' && next_byte >= 0 && it.length < BYTES; step()) it.bytes[it.length++] = read_byte();
}

static int32_t set_seed(void) { return standfast_set_seed(it.bytes); }
static int32_t set_param(void) { return standfast_set_param(it.number[0], it.number[1]); }
static int32_t set_server(void) { return standfast_set_server(it.number[0], it.number[1], it.number[2]); }
static int32_t set_text(void) {
  return standfast_set_text(it.number[0], it.number[1], it.number[2], it.bytes, it.length);
}
static int32_t set_targets(void) { return standfast_set_targets(it.number[0], it.number[1], it.number[2]); }
static int32_t start(void) { return standfast_start(it.now); }
static int32_t resume(void) { return standfast_resume(it.bytes, it.now); }
static int32_t restore(void) { return standfast_restore(it.bytes, it.length); }
static int32_t receive(void) { return standfast_receive(it.number[0], it.bytes, it.number[1], it.now); }
static int32_t flow(void) { return standfast_flow(it.number[0], it.number[1], it.number[2], it.now); }
static int32_t frame(void) { return standfast_frame(it.bytes, it.number[0]); }
static int32_t failed(void) { return standfast_failed(it.number[0], it.now); }
static int32_t wake(void) { return standfast_wake(it.now); }
static int32_t command(void) { return standfast_command(it.number[0], it.number[1], it.number[2], it.now); }

static const struct call {
  const char *name;
  uint8_t numbers;
  uint8_t has_bytes;
  int32_t (*make)(void);
} CALLS[] = {
    {"setSeed", 0, 1, set_seed}, {"setParam", 2, 0, set_param},       {"setServer", 3, 0, set_server},
    {"setText", 3, 1, set_text}, {"setTargets", 3, 0, set_targets},   {"start", 0, 0, start},
    {"resume", 0, 1, resume},    {"memory", 0, 1, restore},           {"receive", 2, 1, receive},
    {"flow", 3, 0, flow},        {"frame", 1, 1, frame},              {"failed", 1, 0, failed},
    {"wake", 0, 0, wake},        {"command", 3, 0, command},
};

static const struct call *find(const char *name) {
  for (size_t i = 0; i < sizeof CALLS / sizeof *CALLS; i++)
    if (strcmp(CALLS[i].name, name) == 0) return &CALLS[i];
  return NULL;
}

/* @returns 0: no such call */
static int make_call(void) {
  char name[NAME];
  read_name(name);
  const struct call *const call = find(name);
  if (call == NULL) return say_unknown(name);
  for (uint8_t i = 0; i < call->numbers; i++) it.number[i] = read_number();
  if (call->has_bytes) read_bytes();
  say_result(call->make());
  return 1;
}

/* What came out of the call before: its result has been told, everything else waits. */
static int show_output(void) {
  char name[NAME];
  read_name(name);
  if (strcmp(name, "state") == 0)
    say_state();
  else if (strcmp(name, "result") != 0)
    say_output();
  return 1;
}

static int read_about(uint32_t *clock) {
  char name[NAME];
  read_name(name);
  if (strcmp(name, "boot") == 0) standfast_reset();
  if (strcmp(name, "clock") == 0) *clock = read_number();
  return 1;
}

/* CHECKSUM TIME MARK WORDS; the first line of a recording has no checksum, and says nothing that is needed. */
static int play_record(uint32_t *clock) {
  if (next_byte == 's') return 1;
  for (int i = 0; i < CHECKSUM; i++) step();
  const uint32_t time = read_number();
  step();
  const int mark = next_byte;
  step();
  it.now = *clock + time;
  return mark == '>' ? make_call() : mark == '<' ? show_output() : read_about(clock);
}

uint32_t player_run(void) {
  uint32_t clock = 0;
  uint32_t records = 0;
  for (step(); next_byte >= 0; skip_line(), records++)
    if (!play_record(&clock)) return 0;
  return records;
}
