/* What the core takes for a step, in instructions: an idle wake-up, a heartbeat, a challenge that is answered.
 *
 * The server is played here: each answer is made of the header lines of the request. QEMU counts virtual time by
 * instructions (-icount), and the system timer counts that time; the log has its counts, host/tools/firmware/steps.ts makes instructions of
 * them. Exit code 0; otherwise the line of this file at which something was not as it should be. */

#include <string.h>

#include "board/board.h"
#include "standfast.h"

#define MUST(condition) \
  do {                  \
    if (!(condition)) board_exit(__LINE__); \
  } while (0)

/* The system timer without its interrupt, and as long as it goes. */
#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)
#define SYST_LONGEST 0xFFFFFFu

static uint32_t now;
static uint8_t request[STANDFAST_SEND_MAX], answer[STANDFAST_SEND_MAX];
static uint32_t requestLength, answerLength;

static void start_counting(void) {
  SYST_CSR = 0;
  SYST_RVR = SYST_LONGEST;
  SYST_CVR = 0;
  SYST_CSR = 5;
}

static void stop_counting(const char *step) {
  const uint32_t counts = SYST_LONGEST - SYST_CVR;
  board_log(step);
  board_log(" ");
  board_log_number(counts);
  board_log("\n");
}

/* Polls until the core sleeps, and keeps what it sends. */
static void drain(void) {
  struct standfast_output out;
  requestLength = 0;
  for (;;) switch (standfast_poll(&out)) {
      case STANDFAST_OUT_SEND:
        requestLength = out.length;
        memcpy(request, out.bytes, out.length);
        break;
      case STANDFAST_OUT_SLEEP: return;
      case STANDFAST_OUT_EVENT:
      case STANDFAST_OUT_FIELD: break;
      default: MUST(0);
    }
}

static void append(const void *bytes, uint32_t length) {
  MUST(answerLength + length <= sizeof answer);
  memcpy(answer + answerLength, bytes, length);
  answerLength += length;
}

static void append_text(const char *text) { append(text, (uint32_t)strlen(text)); }

/* The header lines of that name, with `more` at the end of each. */
static void append_lines(const char *name, const char *more) {
  const uint32_t length = (uint32_t)strlen(name);
  for (uint32_t from = 0, to; from < requestLength; from = to + 2) {
    for (to = from; to < requestLength && request[to] != '\r';) to++;
    if (to - from <= length || memcmp(request + from, name, length) != 0) continue;
    append(request + from, to - from);
    append_text(more);
    append_text("\r\n");
  }
}

/* An answer to the request that is kept. RFC 3261 §8.2.6. */
static void make_answer(const char *status, const char *more) {
  answerLength = 0;
  append_text("SIP/2.0 ");
  append_text(status);
  append_text("\r\n");
  append_lines("Via:", "");
  append_lines("From:", "");
  append_lines("To:", ";tag=bench");
  append_lines("Call-ID:", "");
  append_lines("CSeq:", "");
  if (status[0] == '2') append_lines("Contact:", ";expires=3600");
  append_text(more);
  append_text("Content-Length: 0\r\n\r\n");
}

static void hear(void) {
  MUST(standfast_receive(0, answer, answerLength, now) == STANDFAST_OK);
  drain();
}

static void text(uint32_t what, const char *value) {
  MUST(standfast_set_text(what, 0, 0, value, (uint32_t)strlen(value)) == STANDFAST_OK);
}

static void configure(void) {
  uint8_t seed[STANDFAST_SEED];
  for (uint32_t at = 0; at < sizeof seed; at++) seed[at] = (uint8_t)at;
  standfast_reset();
  MUST(standfast_set_seed(seed) == STANDFAST_OK);
  MUST(standfast_set_param(STANDFAST_PRIMARY_DETECT_INTERVAL, 14) == STANDFAST_OK);
  MUST(standfast_set_server(0, 5060, STANDFAST_TRANSPORT_UDP) == STANDFAST_OK);
  text(STANDFAST_TEXT_HOST, "192.0.2.1");
  text(STANDFAST_TEXT_ADDRESS, "192.0.2.1");
  text(STANDFAST_TEXT_DOMAIN, "example.test");
  text(STANDFAST_TEXT_LOCAL, "192.0.2.9:5060");
  text(STANDFAST_TEXT_AGENT, "bench");
  text(STANDFAST_TEXT_INSTANCE, "0badcafe");
  text(STANDFAST_TEXT_USER, "6000");
  text(STANDFAST_TEXT_ACCOUNT, "6000");
  text(STANDFAST_TEXT_PASSWORD, "secret");
}

#define CHALLENGE(algorithm, nonce) \
  "WWW-Authenticate: Digest realm=\"example.test\", qop=\"auth\", nonce=\"" nonce "\", stale=true, algorithm=" \
  algorithm "\r\n"
#define CHALLENGES(algorithm) \
  {CHALLENGE(algorithm, "0123456789abcdef0123456789abcdef"), CHALLENGE(algorithm, "fedcba9876543210fedcba9876543210")}

/* A 401 is read, and the request with its digest is written. Like all that follows twice: an interpreter translates what it
 * meets for the first time. */
static void measure_challenge(const char *step, const char *const challenges[2]) {
  configure();
  MUST(standfast_start(now) == STANDFAST_OK);
  drain();
  for (uint32_t time = 0; time < 2; time++) {
    make_answer("401 Unauthorized", challenges[time]);
    start_counting();
    hear();
    stop_counting(step);
    MUST(requestLength > 0 && memcmp(request, "REGISTER ", 9) == 0);
  }
}

/* Nothing is due. */
static void measure_idle(void) {
  now++;
  start_counting();
  standfast_wake(now);
  drain();
  stop_counting("idle");
  MUST(requestLength == 0);
}

static void measure_heartbeat(void) {
  struct standfast_server_view view;
  MUST(standfast_server_view(0, &view) == STANDFAST_OK);
  now += view.heartbeat_ms;
  start_counting();
  standfast_wake(now);
  drain();
  stop_counting("written");
  MUST(requestLength > 0 && memcmp(request, "OPTIONS ", 8) == 0);
  make_answer("200 OK", "");
  start_counting();
  hear();
  stop_counting("taken");
}

int main(void) {
  static const char *const MD5[2] = CHALLENGES("MD5"), *const SHA256[2] = CHALLENGES("SHA-256");
  start_counting();
  stop_counting("nothing");
  measure_challenge("MD5", MD5);
  measure_challenge("SHA-256", SHA256);
  make_answer("200 OK", "");
  hear();
  for (uint32_t time = 0; time < 2; time++) measure_idle();
  for (uint32_t time = 0; time < 2; time++) measure_heartbeat();
  struct standfast_line_view line;
  MUST(standfast_line_view(0, &line) == STANDFAST_OK && line.state == STANDFAST_LINE_SERVED);
  board_log("stack ");
  board_log_number(board_stack_used());
  board_log("\n");
  return 0;
}
