/* A device for the code of docs/porting.md: a clock that stands, and counts of what the code asked for.
 * porting.test.ts takes that code from the page and runs each case by its name. A case that fails says which condition. */

#include "guide.c"

#include "cases.h"

static uint32_t now, sent, registers, opened, closed, messages, bytes_of_messages, trapped, slept, failing, too_long;
static uint8_t draws;

uint32_t device_now(void) { return now; }
void device_random(void *bytes, uint32_t length) { memset(bytes, ++draws, length); }
int device_send(uint32_t server, uint32_t flow, const void *bytes, uint32_t length) {
  (void)flow;
  sent++;
  registers += length > 9 && memcmp(bytes, "REGISTER ", 9) == 0; /* heartbeats go when they are due */
  return server != 0 || !failing;
}
void device_open(uint32_t server, uint32_t target, uint32_t flow) {
  (void)server, (void)target;
  opened = flow + 1;
}
void device_close(uint32_t server) { closed += server == 0; }
static uint32_t events[32];
void device_event(const struct standfast_event *event) { events[event->type]++; }
void device_field(uint32_t server, uint32_t field, const void *bytes, uint32_t length) {
  (void)server, (void)field, (void)bytes, (void)length;
}
void device_message(uint32_t server, const void *bytes, uint32_t length) {
  (void)server, (void)bytes;
  messages++;
  bytes_of_messages += length;
}
uint32_t device_calls(uint32_t line) { return line == 0; }
void device_sleep(uint32_t ms) { slept = ms; }
void device_stopped(void) {}
void device_log(const char *what, uint32_t number) {
  if (strcmp(what, "the core trapped") == 0) trapped = number;
  if (strcmp(what, "too long") == 0) too_long = number;
}
void device_reset(void) { printf("reset\n"), exit(72); }

#ifndef TRANSPORT
#define TRANSPORT STANDFAST_TRANSPORT_UDP
#endif
struct device_settings device_settings = {
    "6000", "secret", "example.test", "0badcafe",
    {{"192.0.2.1", "192.0.2.9:5060", 5060, TRANSPORT}, {"192.0.2.2", "192.0.2.9:5060", 5060, TRANSPORT}},
    2,
};

static void udp(void) {
  begin();
  CHECK(sent == 1 && slept == 500 && server_of(0) == STANDFAST_SERVER_NONE);
  now += slept;
  on_timer();
  CHECK(sent == 2);
  on_datagram(0, "garbage", 7);
  CHECK(messages == 0);
  on_error(0);
  CHECK(events[STANDFAST_EV_SERVER_DOWN] == 1 && sent == 3);
}

/* What cannot leave goes to the backup in the same turn. */
static void unsent_fails(void) {
  failing = 1;
  begin();
  CHECK(sent == 2 && unsent == 0 && events[STANDFAST_EV_SERVER_DOWN] == 1);
}

static void goes_on(void) {
  struct standfast_line_view line;
  static uint8_t flash[STANDFAST_SNAPSHOT];
  begin();
  on_command(STANDFAST_CMD_CALL_BEGIN, 0);
  on_command(STANDFAST_CMD_CALL_BEGIN, 0);
  memcpy(flash, kept, sizeof flash);
  registers = 0;
  now += 1000;
  begin_from(flash);
  CHECK(registers == 1 && trapped == 0);
  CHECK(standfast_line_view(0, &line) == STANDFAST_OK && line.calls == 1);
}

/* Memory that somebody else wrote to. */
static void spoil(void) {
  static uint8_t rubbish[STANDFAST_SNAPSHOT];
  memset(rubbish, 0xff, sizeof rubbish);
  standfast_restore(rubbish, sizeof rubbish);
}

static void traps_once(void) {
  begin();
  spoil();
  registers = 0;
  now += 1000;
  on_timer();
  CHECK(trapped == 1 && registers == 1 && has_kept);
}

/* Whatever is wrong with a snapshot, the phone ends up asleep, with another one; some are found out by a trap. */
static void broken_snapshots(void) {
  enum { PIECE = 64 };
  static uint8_t good[STANDFAST_SNAPSHOT], broken[STANDFAST_SNAPSHOT];
  uint32_t found = 0;
  begin();
  memcpy(good, kept, sizeof good);
  for (uint32_t at = 0; at + PIECE <= sizeof good; at += PIECE) {
    memcpy(broken, good, sizeof good);
    memset(broken + at, 0xff, PIECE);
    now += TRAPS_MS;
    slept = 0, trapped = 0;
    begin_from(broken);
    CHECK(has_kept && slept != 0);
    found += trapped != 0;
  }
  CHECK(found > 0);
}

static void traps_for_ever(void) {
  begin();
  for (;;) {
    spoil();
    on_timer();
  }
}

static const char ASKED[] =
    "OPTIONS sip:6000@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKa\r\nFrom: <sip:a@example.test>;tag=a\r\n"
    "To: <sip:6000@example.test>\r\nCall-ID: a\r\nCSeq: 1 OPTIONS\r\nContent-Length: %u\r\n\r\n";
static uint8_t units[32768];

/* One after the other, with bodies of so many bytes. @returns all their bytes */
static uint32_t write_units(const uint32_t bodies[3]) {
  uint32_t length = 0;
  for (uint32_t i = 0; i < 3; i++) {
    length += (uint32_t)sprintf((char *)units + length, ASKED, (unsigned)bodies[i]);
    memset(units + length, 'x', bodies[i]);
    length += bodies[i];
  }
  return length;
}

static void come(uint32_t length, uint32_t piece) {
  messages = bytes_of_messages = too_long = 0;
  for (uint32_t at = 0; at < length; at += piece)
    on_stream(0, opened - 1, units + at, length - at < piece ? length - at : piece);
  CHECK(streams[0].length == 0 && streams[0].skip == 0);
}

/* In pieces of every kind; units shorter than the buffer of the core, longer than it, longer than UNIT_MAX. */
static void streams_cut(void) {
  const uint32_t pieces[] = {1, 7, 1000, sizeof units};
  const uint32_t whole[3] = {10, 5000, 0}, longer[3] = {10, 9000, 0};
  begin();
  CHECK(sent == 0 && opened != 0);
  on_flow(0, opened - 1, STANDFAST_FLOW_UP);
  CHECK(sent == 1);
  for (uint32_t i = 0; i < 4; i++) {
    uint32_t length = write_units(whole);
    come(length, pieces[i]);
    CHECK(messages == 3 && bytes_of_messages == length && too_long == 0);
    length = write_units(longer);
    come(length, pieces[i]);
    CHECK(messages == 2 && too_long > 9000 && bytes_of_messages == length - too_long);
  }
}

/* A stream that is no SIP is closed, and another one opened for what was under way. */
static void streams_broken(void) {
  begin();
  const uint32_t flow = opened - 1;
  on_flow(0, flow, STANDFAST_FLOW_UP);
  on_stream(0, flow, (const uint8_t *)"no SIP\r\n\r\n", 10);
  CHECK(closed == 1 && opened - 1 != flow);
  on_flow(0, opened - 1, STANDFAST_FLOW_UP);
  CHECK(sent == 2);
}

static const struct test TESTS[] = {
    {"udp", udp},
    {"unsent_fails", unsent_fails},
    {"goes_on", goes_on},
    {"traps_once", traps_once},
    {"broken_snapshots", broken_snapshots},
    {"traps_for_ever", traps_for_ever},
    {"streams_cut", streams_cut},
    {"streams_broken", streams_broken},
};

int main(int argc, char **argv) { return RUN_CASE(TESTS, argc, argv); }
