/* Writes what the core hands out as text: say.h. Numbers are decimal, bytes are escaped. */

#include "say.h"

#include <stddef.h>
#include <string.h>

#include "player.h"
#include "standfast.h"

static void text(const char *word) { player_put(word, (uint32_t)strlen(word)); }
static void end(void) { player_put("\n", 1); }

static void decimal(uint32_t value) {
  char digits[10];
  char *at = digits + sizeof digits;
  do *--at = (char)('0' + value % 10);
  while ((value /= 10) != 0);
  player_put(at, (uint32_t)(digits + sizeof digits - at));
}

static void number(uint32_t value) {
  text(" ");
  decimal(value);
}

static void numbers(const uint32_t *values, size_t count) {
  for (size_t i = 0; i < count; i++) number(values[i]);
  end();
}
#define NUMBERS(...) numbers((const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void byte(uint8_t value) {
  static const char DIGITS[] = "0123456789abcdef";
  const char plain = (char)value;
  const char hex[] = {'\\', 'x', DIGITS[value >> 4], DIGITS[value & 15]};
  if (value == '\\')
    text("\\\\");
  else if (value == '\r')
    text("\\r");
  else if (value == '\n')
    text("\\n");
  else if (value >= 0x20 && value < 0x7f)
    player_put(&plain, 1);
  else
    player_put(hex, sizeof hex);
}

static void bytes(const uint8_t *from, uint32_t length) {
  text(" ");
  for (uint32_t i = 0; i < length; i++) byte(from[i]);
  end();
}

int say_unknown(const char *name) {
  text("unknown ");
  text(name);
  end();
  return 0;
}

void say_result(int32_t result) {
  if (result == STANDFAST_OK) return;
  text(result < 0 ? "result -" : "result ");
  decimal(result < 0 ? 0u - (uint32_t)result : (uint32_t)result);
  end();
}

static void say_event(const struct standfast_event *event) {
  text("event");
  NUMBERS(event->type, event->server, event->rule, event->next, event->line, event->status, event->at, event->a,
          event->b, event->next_ms);
}

void say_output(void) {
  struct standfast_output out;
  switch (standfast_poll(&out)) {
    case STANDFAST_OUT_SLEEP: text("sleep"), NUMBERS(out.sleep_ms); break;
    case STANDFAST_OUT_SEND:
      text("send"), number(out.server), number(out.flow);
      bytes(out.bytes, out.length);
      break;
    case STANDFAST_OUT_EVENT: say_event(&out.event); break;
    case STANDFAST_OUT_STOPPED: text("stopped"), end(); break;
    case STANDFAST_OUT_FLOW: text("flow"), NUMBERS(out.server, out.target, out.flow); break;
    case STANDFAST_OUT_FIELD:
      text("field"), number(out.server), number(out.target);
      bytes(out.bytes, out.length);
      break;
    default: text("trap"), end();
  }
}

static void say_line(uint32_t line) {
  struct standfast_line_view view;
  if (standfast_line_view(line, &view) != STANDFAST_OK) return;
  text("line"), number(line);
  NUMBERS(view.state, view.served, view.next, view.calls, view.asking, view.returning, view.warned, view.pinned,
          view.lease_ms, view.next_ms, view.granted_seconds);
}

static void say_server(uint32_t server) {
  struct standfast_server_view view;
  struct standfast_text contact;
  if (standfast_server_view(server, &view) != STANDFAST_OK) return;
  text("server"), number(server);
  NUMBERS(view.health, view.misses, view.heard, view.startup, view.until_ms, view.penalty, view.suspended_ms,
          view.heartbeat_ms);
  if (standfast_contact(server, &contact) != STANDFAST_OK) return;
  text("contact"), number(server);
  bytes(contact.bytes, contact.length);
}

/* CRC-32 as in zlib, four bits at a time. */
static uint32_t checksum(const uint8_t *from, uint32_t length) {
  static const uint32_t OF[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                  0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                  0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  uint32_t sum = 0xffffffffu;
  for (uint32_t i = 0; i < length; i++) {
    sum ^= from[i];
    sum = sum >> 4 ^ OF[sum & 15];
    sum = sum >> 4 ^ OF[sum & 15];
  }
  return ~sum;
}

void say_state(void) {
  for (uint32_t line = 0; line < STANDFAST_LINES; line++) say_line(line);
  for (uint32_t server = 0; server < STANDFAST_SERVERS; server++) say_server(server);
  text("refused");
  for (uint32_t reason = 0; reason < STANDFAST_REFUSED_COUNT; reason++) number(standfast_refused(reason));
  end();
  text("memory"), NUMBERS(checksum(standfast_snapshot(), STANDFAST_SNAPSHOT));
}
