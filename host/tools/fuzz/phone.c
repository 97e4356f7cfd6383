/* A phone under test: what must hold after every call. ABI.md is the source of each rule. */

#include "phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "redzone_marks.h"

/* More outputs than one input can cause: events, a REGISTER for each line at each server, flows, fields. */
enum { POLLS_MAX = 2000 };
static const uint32_t FOREVER = 0xffffffff;

struct phone phone;

static uint8_t before[MEMORY_BYTES];
static struct moment fresh;

_Noreturn void core_trapped(void) { find("the core trapped", 0); }

void find(const char *what, uint32_t value) {
  fprintf(stderr, "find: %s: %u (0x%x)\n", what, value, value);
  abort();
}

static void must(bool holds, const char *what, uint32_t value) {
  if (!holds) find(what, value);
}

static uint32_t word(uint32_t at) {
  uint32_t value;
  memcpy(&value, core_memory() + at, sizeof value);
  return value;
}

void phone_init(void) {
  core_reset();
  redzone_lay();
  phone_save(&fresh);
}

void phone_fresh(void) {
  phone_restore(&fresh);
  must(core_abiVersion() == STANDFAST_ABI_VERSION, "another version of the interface", 0);
  must(core_buffer() == RX && core_output() == OUTPUT, "the memory map is another", RX);
}

void phone_save(struct moment *to) {
  to->phone = phone;
  memcpy(to->memory, core_memory(), MEMORY_BYTES);
}

void phone_restore(const struct moment *from) {
  phone = from->phone;
  memcpy(core_memory(), from->memory, MEMORY_BYTES);
  redzone_input(phone.given);
}

void phone_restart(const struct moment *from) {
  phone_fresh();
  phone.servers = from->phone.servers;
  phone.now = from->phone.now;
  memcpy(phone.generation, from->phone.generation, sizeof phone.generation);
  memcpy(core_memory(), from->memory, RX);
}

/* While outputs wait, fields of the message before are still to be read. */
void phone_give(const void *bytes, size_t length) {
  const uint32_t taken = length < INPUT_MAX ? (uint32_t)length : INPUT_MAX;
  memcpy(core_memory() + RX, bytes, taken);
  if (!phone.is_undrained || taken > phone.given) phone.given = taken;
  redzone_input(phone.given);
}

void phone_scribble(uint8_t byte) { memset(core_memory() + RX, byte, phone.given); }

void phone_before(void) { memcpy(before, core_memory(), MEMORY_BYTES); }

/* All but the clock, which lies in front. */
int32_t phone_after(int32_t result) {
  if (result < 0 && result > STANDFAST_REFUSED_BASE)
    must(memcmp(before + CLOCK_END, core_memory() + CLOCK_END, MEMORY_BYTES - CLOCK_END) == 0,
         "an error changed something", (uint32_t)result);
  must(result > STANDFAST_REFUSED_BASE - STANDFAST_REFUSED_COUNT && result < 65536 + INPUT_MAX, "a result of no meaning",
       (uint32_t)result);
  return result;
}

/* A request of ours: lines, each with CRLF, without any other control character, and one empty line at the end. */
static void check_request(const char *bytes, uint32_t length) {
  uint32_t line_at = 0;
  for (uint32_t i = 0; i < length; i++) {
    const uint8_t c = (uint8_t)bytes[i];
    if (c == '\r') {
      must(i + 1 < length && bytes[i + 1] == '\n', "a request with a bare CR", i);
      must(i > line_at || i + 2 == length, "a request with an empty line", i);
      line_at = ++i + 1;
    } else {
      must(c >= ' ' && c != 127, "a request with a control character", c);
    }
  }
  must(length > 4 && memcmp(bytes + length - 4, "\r\n\r\n", 4) == 0, "a request without an end", length);
  must(memmem(bytes, length, "PASSWORD", 8) == NULL, "a password on the wire", 0);
}

static void keep(uint8_t server, const char *bytes, uint32_t length) {
  phone.newest = (uint8_t)((phone.newest + 1) % SENT);
  struct sent *it = &phone.sent[phone.newest];
  it->length = (uint16_t)length;
  it->server = server;
  memcpy(it->bytes, bytes, length);
}

static void take_send(uint8_t server, uint32_t at, uint32_t length) {
  must(server < phone.servers, "a datagram to no server", server);
  must(length > 0 && length <= TX_MAX, "a datagram of no length", length);
  must(at >= TX && at + length <= TX_END, "a datagram out of place", at);
  const char *bytes = (const char *)core_memory() + at;
  if (length == 4 && memcmp(bytes, "\r\n\r\n", 4) == 0) return;
  must(length > 8, "a datagram too short", length);
  if (memcmp(bytes, "SIP/2.0 ", 8) == 0) return; /* echoes what the request held */
  must(memcmp(bytes, "REGISTER ", 9) == 0 || memcmp(bytes, "OPTIONS ", 8) == 0, "a datagram of no method", 0);
  check_request(bytes, length);
  keep(server, bytes, length);
}

static void take_event(uint32_t at) {
  const uint8_t *it = core_memory() + at;
  const uint16_t line = (uint16_t)(it[4] | it[5] << 8);
  const uint16_t status = (uint16_t)(it[6] | it[7] << 8);
  must(it[0] >= STANDFAST_EV_IN_SERVICE && it[0] <= STANDFAST_EV_RESTING, "no such event", it[0]);
  must(it[1] < phone.servers || it[1] == STANDFAST_SERVER_NONE, "an event of no server", it[1]);
  must(it[2] >= STANDFAST_RULE_START && it[2] <= STANDFAST_RULE_COMMAND, "no such rule", it[2]);
  must(it[3] <= STANDFAST_NEXT_GIVE_UP, "nothing such is next", it[3]);
  must(line < LINES || line == STANDFAST_LINE_ALL, "an event of no line", line);
  must(status < 700, "no such status", status);
}

static void take_field(uint32_t at, uint32_t length, uint8_t field) {
  must(field <= STANDFAST_FIELD_SERVICE_ROUTE, "no such field", field);
  must(length <= phone.given && (length == 0 || (at >= RX && at + length <= RX + phone.given)), "a field out of place",
       at);
}

bool phone_poll(void) {
  const int32_t kind = (int32_t)core_poll();
  const uint8_t *out = core_memory() + OUTPUT;
  const uint8_t server = out[1];
  must(out[0] == kind, "two kinds of output", out[0]);
  switch (kind) {
    case STANDFAST_OUT_SLEEP:
      phone.sleep_ms = word(OUTPUT + 12);
      must(phone.sleep_ms == FOREVER || (phone.sleep_ms > 0 && phone.sleep_ms < 0x80000000), "no such sleep",
           phone.sleep_ms);
      return false;
    case STANDFAST_OUT_STOPPED:
      phone.is_stopped = true;
      return false;
    case STANDFAST_OUT_SEND:
      take_send(server, word(OUTPUT + 4), word(OUTPUT + 8));
      return true;
    case STANDFAST_OUT_EVENT:
      take_event(OUTPUT + 16);
      return true;
    case STANDFAST_OUT_FLOW:
      must(server < phone.servers && out[2] < 8, "a flow to nowhere", server);
      phone.generation[server] = out[3];
      return true;
    case STANDFAST_OUT_FIELD:
      must(server < phone.servers, "a field of no server", server);
      take_field(word(OUTPUT + 4), word(OUTPUT + 8), out[2]);
      return true;
    default:
      find("no such output", (uint32_t)kind);
  }
}

static void check_line(uint32_t line) {
  const uint32_t at = core_lineView(line);
  if (line >= LINES) return must(at == 0, "a view of no line", line);
  const uint8_t *it = core_memory() + at;
  must(at > OUTPUT && at < RX, "a view out of place", at); // a snapshot holds it
  must(it[0] <= STANDFAST_LINE_LEAVING && it[2] <= STANDFAST_NEXT_GIVE_UP, "a line in no state", it[0]);
  const uint8_t ranks[] = {it[1], it[4], it[5], it[7]};
  for (size_t i = 0; i < sizeof ranks; i++)
    must(ranks[i] < phone.servers || ranks[i] == STANDFAST_SERVER_NONE, "a line at no server", ranks[i]);
  must(it[0] != STANDFAST_LINE_SERVED || it[1] != STANDFAST_SERVER_NONE, "served by nobody", line);
}

static void check_server(uint32_t server) {
  const uint32_t at = core_serverView(server);
  const uint32_t contact = core_contact(server);
  if (server >= phone.servers) return must(at == 0 && contact == 0, "a view of no server", server);
  must(core_memory()[at] <= STANDFAST_COOLING, "a server in no state", core_memory()[at]);
  must(core_memory()[contact] < 56, "a contact too long", core_memory()[contact]);
}

static void check_views(void) {
  for (uint32_t line = 0; line <= LINES; line++) check_line(line);
  for (uint32_t server = 0; server <= phone.servers; server++) check_server(server);
}

void phone_drain(void) {
  if (phone.is_undrained) return;
  for (int polls = 0; phone_poll(); polls++) must(polls < POLLS_MAX, "poll() does not come to an end", (uint32_t)polls);
  check_views();
}

void phone_wake(uint32_t ms) {
  phone.now += ms;
  CHECKED(core_wake(phone.now));
  phone_drain();
}

void phone_wake_next(void) { phone_wake(phone.sleep_ms == FOREVER ? 60000 : phone.sleep_ms); }

const struct sent *phone_sent(unsigned back) { return &phone.sent[(phone.newest + SENT - back % SENT) % SENT]; }
