/* The phone: the core with sockets, a clock, a configuration and signals around it, in one loop.
 *
 * Each turn waits for a datagram, a signal, or as long as the core said; tells the core; and does what it asks until it
 * sleeps. Below: standfast.h, net.h, config.h, kept.h. A product replaces not_mine() by its own SIP stack. */

#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "config.h"
#include "identity.h"
#include "kept.h"
#include "log.h"
#include "net.h"
#include "options.h"
#include "show.h"
#include "standfast.h"

/* The core wants to hear of the time every 24 days; an hour is soon enough. ABI.md, "Time". */
#define SLEEP_MAX_MS 3600000u
/* From one writing of the snapshot to the next: what happens meanwhile is verified on the wire anyway. */
#define SNAPSHOT_PACE_MS 5000u
/* A core that traps so soon after it went on from a snapshot does so because of it. */
#define TRIAL_MS 60000u

static struct options options;
static struct config config;
/* What makes the clock of this machine that of the core: a run goes on from the clock of the one before. */
static uint32_t clockOffset;
static uint32_t wakeAt;
static uint32_t isStopping, hasEnded;
/* Bit n: what was sent to server n could not leave. */
static uint32_t unsent;
static char instance[KEPT_INSTANCE + 1];
static uint32_t credentials;
static int signalPipe[2];

static struct {
  uint32_t isOff, isDue, lastAt;
  uint32_t hasGoneOn, goneOnAt; /* from an earlier run's */
} keeping;

static uint32_t now(void) {
  struct timespec time;
  clock_gettime(STEADY_CLOCK, &time);
  return (uint32_t)time.tv_sec * 1000u + (uint32_t)(time.tv_nsec / 1000000) + clockOffset;
}

/* A handler may do little more than write a byte. */
static void on_signal(int number) {
  const unsigned char byte = (unsigned char)number;
  if (write(signalPipe[1], &byte, 1) != 1) return; /* the pipe is full of signals already */
}

static void catch_signals(void) {
  static const int CAUGHT[] = {SIGTERM, SIGINT, SIGUSR1, SIGHUP};
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  if (pipe(signalPipe) != 0) log_end(END_FAILED, "no pipe for signals; this machine has no room for files");
  for (int end = 0; end < 2; end++) fcntl(signalPipe[end], F_SETFL, O_NONBLOCK);
  for (size_t i = 0; i < sizeof CAUGHT / sizeof CAUGHT[0]; i++) sigaction(CAUGHT[i], &action, NULL);
}

/* The core has found an error of its own. A state that traps again as it goes on is given up. */
static void end_trapped(void) {
  if (keeping.hasGoneOn && now() - keeping.goneOnAt < TRIAL_MS) kept_remove(options.snapshot);
  log_end(END_TRAPPED, "the core has trapped, which is an error of ours; start the program again");
}

/* Here a phone hands the datagram to its own SIP stack: both use one port. */
static void not_mine(uint32_t server, const uint8_t *bytes, uint32_t length) {
  (void)bytes;
  log_line(LOG_DEBUG, "a message for another SIP stack, %u bytes, from server %u", length, server);
}

static const char *line_name(uint32_t line) { return line < config.line_count ? config.lines[line].number : NULL; }

/* A result that is not OK here is an error of ours: the configuration was checked. */
static void must(int32_t result, const char *what) {
  if (result == STANDFAST_TRAPPED) end_trapped();
  if (result != STANDFAST_OK) log_end(END_FAILED, "the core refuses %s: %d, see ABI.md", what, (int)result);
}

static void set_text(uint32_t what, uint32_t line, uint32_t server, const char *text) {
  must(standfast_set_text(what, line, server, text, (uint32_t)strlen(text)), "a text");
}

/* Where a server is now, and where we are towards it. */
static void place_server(uint32_t server) {
  set_text(STANDFAST_TEXT_ADDRESS, 0, server, net_address(server));
  set_text(STANDFAST_TEXT_LOCAL, 0, server, net_local(server));
}

static void take_targets(uint32_t server) {
  if (net_targets(server) > 0) must(standfast_set_targets(server, net_targets(server), 0), "the addresses of a server");
}

static void drain_once(void) {
  struct standfast_output out;
  for (;;) switch (standfast_poll(&out)) {
      case STANDFAST_OUT_SEND:
        if (!net_send(out.server, out.bytes, out.length)) unsent |= 1u << out.server;
        break;
      case STANDFAST_OUT_EVENT:
        log_event(&out.event, line_name(out.event.line));
        keeping.isDue = 1;
        break;
      case STANDFAST_OUT_FLOW: /* over UDP it is there at once */
        net_point(out.server, out.target);
        place_server(out.server);
        break;
      case STANDFAST_OUT_FIELD: break; /* for the phone's own SIP stack */
      case STANDFAST_OUT_SLEEP:
        wakeAt = now() + (out.sleep_ms < SLEEP_MAX_MS ? out.sleep_ms : SLEEP_MAX_MS);
        return;
      case STANDFAST_OUT_STOPPED: hasEnded = 1; return;
      default: end_trapped();
    }
}

/* Until the core sleeps, and knows of everything that could not leave. */
static void drain(void) {
  drain_once();
  for (uint32_t server = 0; unsent != 0 && !hasEnded; server = (server + 1) % STANDFAST_SERVERS) {
    const uint32_t bit = 1u << server;
    if ((unsent & bit) == 0) continue;
    unsent &= ~bit;
    standfast_failed(server, now());
    drain_once();
  }
}

void net_received(uint32_t server, const uint8_t *bytes, uint32_t length) {
  if (hasEnded) return;
  if (standfast_receive(server, bytes, length, now()) == STANDFAST_NOT_MINE) not_mine(server, bytes, length);
  drain();
}

void net_failed(uint32_t server) {
  if (hasEnded) return;
  standfast_failed(server, now());
  drain();
}

static void command(uint32_t code) {
  must(standfast_command(code, STANDFAST_LINE_ALL, 0, now()), "a command");
  drain();
}

/* Now, and not again until something happens. */
static void keep(void) {
  const void *snapshot = standfast_snapshot();
  keeping.isDue = 0;
  if (options.snapshot == NULL || keeping.isOff || snapshot == NULL) return;
  struct kept kept = {now(), net_port(), "", credentials, snapshot};
  memcpy(kept.instance, instance, sizeof instance);
  keeping.lastAt = now();
  if (!kept_write(options.snapshot, &config, &kept)) keeping.isOff = 1;
}

/* They are in no snapshot. */
static void set_accounts(void) {
  for (uint32_t line = 0; line < config.line_count; line++)
    for (uint32_t server = 0; server < config.server_count; server++) {
      const struct account *account = &config.lines[line].at[server];
      if (account->password == NULL) continue;
      set_text(STANDFAST_TEXT_ACCOUNT, line, server, account->name);
      set_text(STANDFAST_TEXT_PASSWORD, line, server, account->password);
    }
}

static void set_domain(uint32_t server, const char *domain) {
  char text[80];
  snprintf(text, sizeof text, strchr(domain, ':') != NULL ? "[%s]" : "%s", domain);
  set_text(STANDFAST_TEXT_DOMAIN, 0, server, text);
}

static void configure(const uint8_t *seed) {
  standfast_reset();
  must(standfast_set_seed(seed), "the seed");
  for (uint32_t id = 0; id < STANDFAST_PARAM_COUNT; id++)
    must(standfast_set_param(id, config.params[id]), "a parameter");
  for (uint32_t server = 0; server < config.server_count; server++) {
    must(standfast_set_server(server, config.servers[server].port, STANDFAST_TRANSPORT_UDP), "a server");
    set_text(STANDFAST_TEXT_HOST, 0, server, config.servers[server].host);
    set_domain(server, config.servers[server].domain);
    place_server(server);
    take_targets(server);
  }
  for (uint32_t line = 0; line < config.line_count; line++) {
    set_text(STANDFAST_TEXT_USER, line, 0, config.lines[line].number);
    set_text(STANDFAST_TEXT_DISPLAY, line, 0, config.lines[line].display);
  }
  set_accounts();
  set_text(STANDFAST_TEXT_AGENT, 0, 0, "standfast-posix/" STANDFAST_VERSION);
  set_text(STANDFAST_TEXT_INSTANCE, 0, 0, instance);
  must(standfast_start(now()), "the start");
}

/* @returns 0: the snapshot is of no use */
static int go_on(const struct kept *kept, const uint8_t *seed) {
  standfast_reset();
  if (standfast_restore(kept->snapshot, STANDFAST_SNAPSHOT) != STANDFAST_OK) return 0;
  clockOffset += kept->clock - now();
  keeping.hasGoneOn = 1;
  keeping.goneOnAt = now();
  for (uint32_t server = 0; server < config.server_count; server++) {
    place_server(server);
    take_targets(server);
  }
  set_accounts();
  const int32_t result = standfast_resume(seed, now());
  if (result == STANDFAST_TRAPPED) end_trapped();
  if (result != STANDFAST_OK) return 0;
  log_line(LOG_INFO, "going on from %s", options.snapshot);
  drain();
  if (kept->credentials != credentials) command(STANDFAST_CMD_CREDENTIALS);
  return 1;
}

static void start(void) {
  uint8_t seed[STANDFAST_SEED];
  struct kept kept;
  const int isKept = options.snapshot != NULL && kept_read(options.snapshot, &config, &kept);
  if (!identity_seed(seed, sizeof seed)) log_end(END_FAILED, "no random bytes: /dev/urandom cannot be read");
  unsigned forPort;
  if (identity_seed(&forPort, sizeof forPort)) srand(forPort); /* the port alone is drawn by it */
  const char *failure = net_open(&config, isKept ? kept.port : 0);
  if (failure != NULL) log_end(END_FAILED, "%s", failure);
  identity_name(net_port(), instance);
  if (options.instance != NULL) memcpy(instance, options.instance, KEPT_INSTANCE);
  else if (isKept) memcpy(instance, kept.instance, sizeof instance);
  credentials = kept_credentials(&config);
  log_line(LOG_INFO, "standfast-posix %s, local port %u, device %s", STANDFAST_VERSION, net_port(), instance);
  if (!isKept || !go_on(&kept, seed)) configure(seed);
  config_forget_passwords(&config);
  memset(seed, 0, sizeof seed);
  drain();
}

static int is_in_service(void) {
  struct standfast_line_view view;
  for (uint32_t line = 0; line < config.line_count; line++)
    if (standfast_line_view(line, &view) != STANDFAST_OK || view.state != STANDFAST_LINE_SERVED) return 0;
  return 1;
}

static void renew(void) {
  if (isStopping) return;
  log_line(LOG_INFO, "looking the servers up again");
  net_renew(&config);
  for (uint32_t server = 0; server < config.server_count; server++) {
    take_targets(server);
    place_server(server);
  }
  command(STANDFAST_CMD_REFRESH);
}

/* Leaves the bindings where they are, for the next run. */
static void leave(void) {
  keep();
  log_line(LOG_INFO, "ended, the bindings stay");
  exit(keeping.isOff ? END_FAILED : END_DONE);
}

static void stop(void) {
  if (isStopping) log_end(END_INTERRUPTED, "ended at once; bindings may be left");
  isStopping = 1;
  keeping.isOff = 1;
  if (options.snapshot != NULL) kept_remove(options.snapshot); /* the next run starts anew */
  log_line(LOG_INFO, "removing the bindings");
  command(STANDFAST_CMD_STOP);
}

static void take_signals(void) {
  unsigned char number;
  while (!hasEnded && read(signalPipe[0], &number, 1) == 1) {
    if (number == SIGHUP) renew();
    else if (number == SIGUSR1) leave();
    else stop();
  }
}

/* ms until `at`, which may be over; none is longer than `most`. */
static uint32_t until(uint32_t at, uint32_t most) {
  const int32_t left = (int32_t)(at - now());
  if (left <= 0) return 0;
  return (uint32_t)left < most ? (uint32_t)left : most;
}

static void turn(uint32_t mostMs) {
  uint32_t ms = until(wakeAt, mostMs);
  if (keeping.isDue && !keeping.isOff) ms = until(keeping.lastAt + SNAPSHOT_PACE_MS, ms);
  net_wait((int)ms, signalPipe[0]);
  take_signals();
  if (hasEnded) return;
  if (until(wakeAt, 1) == 0) {
    must(standfast_wake(now()), "the time");
    drain();
  }
  if (keeping.isDue && !hasEnded && until(keeping.lastAt + SNAPSHOT_PACE_MS, 1) == 0) keep();
}

/* @returns how it ended */
static int run(void) {
  const uint32_t startedAt = now();
  int isWaiting = options.wait_ms != 0, code = END_DONE;
  while (!hasEnded) {
    turn(isWaiting ? until(startedAt + options.wait_ms, SLEEP_MAX_MS) : SLEEP_MAX_MS);
    if (!isWaiting || hasEnded) continue;
    isWaiting = !is_in_service();
    if (!isWaiting || until(startedAt + options.wait_ms, 1) > 0) continue;
    log_line(LOG_ERROR, "not in service within %u s", options.wait_ms / 1000);
    code = END_NOT_IN_SERVICE;
    isWaiting = 0;
    stop();
  }
  return code;
}

int main(int count, char **words) {
  options_read(count, words, &options);
  if (!config_read(options.config, &config)) return END_USAGE;
  if (options.is_check) {
    show_config(&config);
    return END_DONE;
  }
  catch_signals();
  start();
  keeping.lastAt = now() - SNAPSHOT_PACE_MS;
  const int code = run();
  net_close();
  log_line(LOG_INFO, "ended");
  return code;
}
