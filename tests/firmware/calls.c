/* What the C calls add to the module: traps, order, lengths, snapshots. calls.test.ts runs each case by its name. */

#include <string.h>

#include "cases.h"
#include "standfast.h"

static uint8_t snapshot[STANDFAST_SNAPSHOT];

static void text(uint32_t what, const char *value) {
  CHECK(standfast_set_text(what, 0, 0, value, (uint32_t)strlen(value)) == STANDFAST_OK);
}

static uint32_t drain(void) {
  struct standfast_output out;
  uint32_t sent = 0;
  while (standfast_poll(&out) != STANDFAST_OUT_SLEEP) sent += out.kind == STANDFAST_OUT_SEND;
  return sent;
}

static void configure(void) {
  CHECK(standfast_set_seed("0123456789abcdef0123456789abcdef") == STANDFAST_OK);
  CHECK(standfast_set_server(0, 5060, STANDFAST_TRANSPORT_UDP) == STANDFAST_OK);
  text(STANDFAST_TEXT_USER, "6000");
  text(STANDFAST_TEXT_DOMAIN, "example.test");
  text(STANDFAST_TEXT_LOCAL, "192.0.2.9:5060");
}

static void boot(void) {
  standfast_reset();
  configure();
  CHECK(standfast_start(0) == STANDFAST_OK);
  CHECK(drain() == 1);
}

/* Whatever is called where there is no instance says so, and writes nothing. */
static void nothing_goes(void) {
  struct standfast_output out;
  struct standfast_line_view line;
  struct standfast_server_view of_server;
  struct standfast_text contact;
  memset(&out, 7, sizeof out), memset(&line, 7, sizeof line);
  CHECK(standfast_abi_version() == 0 && standfast_refused(0) == 0);
  CHECK(standfast_set_seed("0123456789abcdef0123456789abcdef") == STANDFAST_TRAPPED);
  CHECK(standfast_set_param(0, 60) == STANDFAST_TRAPPED);
  CHECK(standfast_set_server(0, 5060, STANDFAST_TRANSPORT_UDP) == STANDFAST_TRAPPED);
  CHECK(standfast_set_text(STANDFAST_TEXT_USER, 0, 0, "6000", 4) == STANDFAST_TRAPPED);
  CHECK(standfast_set_targets(0, 1, 0) == STANDFAST_TRAPPED);
  CHECK(standfast_start(0) == STANDFAST_TRAPPED);
  CHECK(standfast_resume("0123456789abcdef0123456789abcdef", 0) == STANDFAST_TRAPPED);
  CHECK(standfast_receive(0, "x", 1, 0) == STANDFAST_TRAPPED);
  CHECK(standfast_flow(0, 0, STANDFAST_FLOW_UP, 0) == STANDFAST_TRAPPED);
  CHECK(standfast_frame("x", 1) == STANDFAST_TRAPPED);
  CHECK(standfast_failed(0, 0) == STANDFAST_TRAPPED && standfast_wake(0) == STANDFAST_TRAPPED);
  CHECK(standfast_command(STANDFAST_CMD_STOP, STANDFAST_LINE_ALL, 0, 0) == STANDFAST_TRAPPED);
  CHECK(standfast_poll(&out) == STANDFAST_TRAPPED && out.kind == 7);
  CHECK(standfast_line_view(0, &line) == STANDFAST_TRAPPED && line.state == 7);
  CHECK(standfast_server_view(0, &of_server) == STANDFAST_TRAPPED);
  CHECK(standfast_contact(0, &contact) == STANDFAST_TRAPPED);
}

static void before_reset(void) {
  nothing_goes();
  standfast_reset();
  CHECK(standfast_abi_version() == STANDFAST_ABI_VERSION);
}

/* A state that no core can have: it finds out as it goes on, and not by a wild access. */
static void trap(void) {
  struct standfast_output out;
  memset(snapshot, 0xff, sizeof snapshot);
  CHECK(standfast_restore(snapshot, sizeof snapshot) == STANDFAST_OK);
  for (int i = 0; i < 3 && standfast_wake(0) != STANDFAST_TRAPPED; i++) standfast_poll(&out);
  nothing_goes();
  boot();
}

static void snapshots(void) {
  struct standfast_output out;
  boot();
  memcpy(snapshot, standfast_snapshot(), sizeof snapshot);
  CHECK(standfast_restore(snapshot, sizeof snapshot - 1) == STANDFAST_E_LENGTH);
  CHECK(memcmp(snapshot, standfast_snapshot(), sizeof snapshot) == 0);
  standfast_reset();
  CHECK(standfast_restore(snapshot, sizeof snapshot) == STANDFAST_OK);
  CHECK(standfast_resume("abcdef0123456789abcdef0123456789", 1000) == STANDFAST_OK);
  CHECK(standfast_poll(&out) != STANDFAST_TRAPPED);
}

/* Longer than the buffer: the first bytes are read, and the length counts. */
static void lengths(void) {
  static uint8_t datagram[STANDFAST_INPUT_MAX + 100];
  boot();
  CHECK(standfast_receive(0, datagram, 0, 0) == STANDFAST_E_LENGTH);
  CHECK(standfast_receive(0, datagram, sizeof datagram, 0) == STANDFAST_NOT_MINE);
  CHECK(standfast_frame(datagram, 0) <= 0);
  memset(datagram, '\r', sizeof datagram);
  datagram[1] = '\n';
  CHECK(standfast_frame(datagram, sizeof datagram) == 2);
  CHECK(standfast_set_text(STANDFAST_TEXT_USER, 0, 0, datagram, sizeof datagram) != STANDFAST_OK);
}

/* Neither a seed nor a password stays where datagrams are read. */
static void secrets(void) {
  boot();
  text(STANDFAST_TEXT_ACCOUNT, "6000");
  text(STANDFAST_TEXT_PASSWORD, "hunter2");
  const uint8_t *const input = (const uint8_t *)standfast_snapshot() + STANDFAST_SNAPSHOT;
  for (uint32_t i = 0; i < STANDFAST_INPUT_MAX; i++) CHECK(input[i] == 0);
}

static uint32_t sleep_ms(void) {
  struct standfast_output out;
  while (standfast_poll(&out) != STANDFAST_OUT_SLEEP) CHECK(out.kind != STANDFAST_OUT_STOPPED);
  return out.sleep_ms;
}

/* Nobody answers: a start from 1 s on, and one during which the clock passes 2^32, sleep and wake alike. */
static void wrap(void) {
  uint32_t slept[2][20];
  for (uint32_t run = 0; run < 2; run++) {
    uint32_t now = run == 0 ? 1000 : UINT32_MAX - 200;
    standfast_reset();
    configure();
    CHECK(standfast_start(now) == STANDFAST_OK);
    for (uint32_t turn = 0; turn < 20; turn++) {
      slept[run][turn] = sleep_ms();
      now += slept[run][turn];
      CHECK(standfast_wake(now) == STANDFAST_OK);
    }
    CHECK(now < UINT32_MAX - 200);
  }
  CHECK(memcmp(slept[0], slept[1], sizeof slept[0]) == 0);
}

static const struct test TESTS[] = {
    {"before_reset", before_reset}, {"trap", trap},       {"snapshots", snapshots},
    {"lengths", lengths},           {"secrets", secrets}, {"wrap", wrap},
};

int main(int argc, char **argv) { return RUN_CASE(TESTS, argc, argv); }
