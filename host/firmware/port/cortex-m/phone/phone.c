/* A whole phone without an operating system: the core, one UDP port, one clock, one loop.
 *
 * Each turn takes in what came, wakes the core when it is due, and sleeps for a millisecond. Exit codes: 0, every
 * binding was removed at the end; 2, its settings; 3, the limit was reached; 72, the core found an error of its own;
 * others: board/board.h. Below: standfast.h, net/net.h, board/board.h. */

#include <string.h>

#include "board/board.h"
#include "net/net.h"
#include "settings.h"
#include "standfast.h"

enum { DONE = 0, WRONG_SETTINGS = 2, TOO_LONG = 3, TRAPPED = 72 };

/* Of the words of the command line. */
#define WORDS_MAX 512
/* Times compare by the sign of their difference, and the core wants to hear of the time every 24 days. ABI.md, "Time". */
#define SLEEP_MAX_MS 0x7FFFFFFFu

static struct settings settings;
static uint32_t wakeAt;
static uint32_t moves;
static uint32_t isStopping, isStopped;
/* Bit n: what was sent to server n could not leave. */
static uint32_t unsent;

static void log_pair(const char *name, uint32_t value) {
  board_log(name);
  board_log_number(value);
}

/* The numbers are those of ABI.md. */
static void log_event(const struct standfast_event *event) {
  log_pair("", event->at);
  log_pair(" event ", event->type);
  log_pair(" line ", event->line);
  log_pair(" server ", event->server);
  log_pair(" rule ", event->rule);
  log_pair(" status ", event->status);
  board_log("\n");
  if (event->type == STANDFAST_EV_MOVED) moves++;
}

static void send(const struct standfast_output *out) {
  const struct place *to = &settings.servers[out->server];
  if (!net_send(out->bytes, out->length, to->address, to->port)) unsent |= 1u << out->server;
}

static void drain_once(void) {
  static struct standfast_output out;
  for (;;) switch (standfast_poll(&out)) {
      case STANDFAST_OUT_SEND: send(&out); break;
      case STANDFAST_OUT_EVENT: log_event(&out.event); break;
      /* A UDP flow is there at once, and what a registrar says for the phone's own stack is not needed here. */
      case STANDFAST_OUT_FLOW:
      case STANDFAST_OUT_FIELD: break;
      case STANDFAST_OUT_SLEEP:
        wakeAt = board_now() + (out.sleep_ms < SLEEP_MAX_MS ? out.sleep_ms : SLEEP_MAX_MS);
        return;
      case STANDFAST_OUT_STOPPED: isStopped = 1; return;
      default: board_log("the core found an error of its own\n"); board_exit(TRAPPED);
    }
}

/* Until the core sleeps, and knows of everything that could not leave. */
static void drain(void) {
  drain_once();
  for (uint32_t server = 0; unsent != 0 && !isStopped; server = (server + 1) % STANDFAST_SERVERS) {
    const uint32_t bit = 1u << server;
    if ((unsent & bit) == 0) continue;
    unsent &= ~bit;
    standfast_failed(server, board_now());
    drain_once();
  }
}

static uint32_t rank_of(uint32_t address, uint16_t port) {
  for (uint32_t server = 0; server < settings.serverCount; server++)
    if (settings.servers[server].address == address && settings.servers[server].port == port) return server;
  return STANDFAST_SERVER_NONE;
}

void net_received(const uint8_t *bytes, uint32_t length, uint32_t address, uint16_t port) {
  if (isStopped || length == 0) return;
  const int32_t result = standfast_receive(rank_of(address, port), bytes, length, board_now());
  /* Here a phone hands the datagram to its own SIP stack. */
  if (result == STANDFAST_NOT_MINE) log_pair("not mine, bytes ", length), board_log("\n");
  drain();
}

void net_refused(uint32_t address, uint16_t port) {
  const uint32_t server = rank_of(address, port);
  if (isStopped || server == STANDFAST_SERVER_NONE) return;
  standfast_failed(server, board_now());
  drain();
}

static uint32_t configure(void) {
  static char words[WORDS_MAX];
  uint8_t seed[STANDFAST_SEED];
  standfast_reset();
  if (!board_random(seed, sizeof seed)) board_log("no random bytes here\n");
  else if (standfast_set_seed(seed) != STANDFAST_OK) board_log("the core takes no seed\n");
  else if (!board_arguments(words, sizeof words)) board_log("no settings\n");
  else return settings_read(words, &settings);
  return 0;
}

static void stop(void) {
  isStopping = 1;
  standfast_command(STANDFAST_CMD_STOP, STANDFAST_LINE_ALL, 0, board_now());
  drain();
}

static void turn(void) {
  net_poll();
  if ((int32_t)(board_now() - wakeAt) >= 0) {
    standfast_wake(board_now());
    drain();
  }
  if (settings.moves != 0 && moves >= settings.moves && !isStopping) stop();
}

int main(void) {
  if (!configure()) return WRONG_SETTINGS;
  net_start(&settings.net);
  const int32_t started = standfast_start(board_now());
  if (started != STANDFAST_OK) {
    log_pair("not started: ", (uint32_t)-started);
    board_log("\n");
    return WRONG_SETTINGS;
  }
  drain();
  while (!isStopped) {
    turn();
    if (settings.limitMs != 0 && board_now() >= settings.limitMs) return TOO_LONG;
    board_wait();
  }
  log_pair("stack ", board_stack_used());
  board_log("\n");
  return DONE;
}
