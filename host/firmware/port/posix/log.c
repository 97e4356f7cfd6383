/* Events are told by tables, a row for each number of ABI.md; a number that is not here is written as such. */

#define _POSIX_C_SOURCE 200809L

#include "log.h"

#include "clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char *const LEVELS[] = {"error", "warn", "info", "debug"};
static enum log_level most = LOG_INFO;

/* What is told of every refresh, and decides nothing, is for debugging. */
static const struct {
  const char *name;
  enum log_level level;
} EVENTS[] = {
    [STANDFAST_EV_IN_SERVICE] = {"inService", LOG_INFO},
    [STANDFAST_EV_OUT_OF_SERVICE] = {"outOfService", LOG_WARN},
    [STANDFAST_EV_MOVED] = {"moved", LOG_INFO},
    [STANDFAST_EV_BOUND] = {"bound", LOG_DEBUG},
    [STANDFAST_EV_UNBOUND] = {"unbound", LOG_DEBUG},
    [STANDFAST_EV_REJECTED] = {"rejected", LOG_WARN},
    [STANDFAST_EV_SERVER_UP] = {"serverUp", LOG_INFO},
    [STANDFAST_EV_SERVER_SUSPECT] = {"serverSuspect", LOG_INFO},
    [STANDFAST_EV_SERVER_DOWN] = {"serverDown", LOG_WARN},
    [STANDFAST_EV_SERVER_HOLDING] = {"serverHolding", LOG_INFO},
    [STANDFAST_EV_SERVER_COOLING] = {"serverCooling", LOG_INFO},
    [STANDFAST_EV_FAILBACK_SCHEDULED] = {"failbackScheduled", LOG_INFO},
    [STANDFAST_EV_FAILBACK_DEFERRED] = {"failbackDeferred", LOG_INFO},
    [STANDFAST_EV_RETURN_FAILED] = {"returnFailed", LOG_WARN},
    [STANDFAST_EV_WARNING_ON] = {"warningOn", LOG_WARN},
    [STANDFAST_EV_WARNING_OFF] = {"warningOff", LOG_INFO},
    [STANDFAST_EV_STANDBY_DOWN] = {"standbyDown", LOG_WARN},
    [STANDFAST_EV_CONTACT_MISSING] = {"contactMissing", LOG_WARN},
    [STANDFAST_EV_ADDRESS_CHANGED] = {"addressChanged", LOG_INFO},
    [STANDFAST_EV_PACKET_REFUSED] = {"packetRefused", LOG_INFO},
    [STANDFAST_EV_RESTING] = {"resting", LOG_WARN},
};

/* Each with the names of its inputs; NULL: it has none. */
static const struct {
  const char *name, *a, *b;
} RULES[] = {
    [STANDFAST_RULE_START] = {"start", "failedRounds", "resumed"},
    [STANDFAST_RULE_HEARTBEAT] = {"heartbeat", "misses", "allowed"},
    [STANDFAST_RULE_TIMEOUT] = {"timeout", "waitedMs", NULL},
    [STANDFAST_RULE_TRANSPORT] = {"transport", "a", "b"},
    [STANDFAST_RULE_STATUS] = {"status", "retryAfterSeconds", NULL},
    [STANDFAST_RULE_CREDENTIALS] = {"credentials", "problem", NULL},
    [STANDFAST_RULE_LINK] = {"link", NULL, NULL},
    [STANDFAST_RULE_LEASE] = {"lease", "grantedSeconds", "askedSeconds"},
    [STANDFAST_RULE_CALLS] = {"calls", "calls", NULL},
    [STANDFAST_RULE_DAMPING] = {"damping", "penalty", "limit"},
    [STANDFAST_RULE_HOLD] = {"hold", "delaySeconds", NULL},
    [STANDFAST_RULE_FAILOVER] = {"failover", "from", NULL},
    [STANDFAST_RULE_FAILBACK] = {"failback", "from", NULL},
    [STANDFAST_RULE_COMMAND] = {"command", "command", NULL},
};

static const struct {
  const char *name;
  int hasTime;
} NEXT[] = {
    [STANDFAST_NEXT_NONE] = {NULL, 0},
    [STANDFAST_NEXT_REGISTER] = {"register", 1},
    [STANDFAST_NEXT_REFRESH] = {"refresh", 1},
    [STANDFAST_NEXT_ROUND] = {"round", 1},
    [STANDFAST_NEXT_RETRY] = {"retry", 1},
    [STANDFAST_NEXT_RETURN] = {"return", 1},
    [STANDFAST_NEXT_HEARTBEAT] = {"heartbeat", 1},
    [STANDFAST_NEXT_CALL_END] = {"callEnd", 0},
    [STANDFAST_NEXT_LINK] = {"link", 0},
    [STANDFAST_NEXT_GIVE_UP] = {"giveUp", 1},
};

int log_set_level(const char *name) {
  for (size_t i = 0; i < COUNT(LEVELS); i++) {
    if (strcmp(LEVELS[i], name) != 0) continue;
    most = (enum log_level)i;
    return 1;
  }
  return 0;
}

static void write_head(enum log_level level) {
  static struct timespec first;
  struct timespec now;
  clock_gettime(STEADY_CLOCK, &now);
  if (first.tv_sec == 0 && first.tv_nsec == 0) first = now;
  const long ms = (long)(now.tv_sec - first.tv_sec) * 1000 + (now.tv_nsec - first.tv_nsec) / 1000000;
  fprintf(stderr, "%ld.%03ld %s ", ms / 1000, ms % 1000, LEVELS[level]);
}

static void write_line(enum log_level level, const char *format, va_list values) {
  write_head(level);
  vfprintf(stderr, format, values);
  fputc('\n', stderr);
}

void log_line(enum log_level level, const char *format, ...) {
  va_list values;
  if (level > most) return;
  va_start(values, format);
  write_line(level, format, values);
  va_end(values);
}

void log_end(int code, const char *format, ...) {
  va_list values;
  va_start(values, format);
  write_line(LOG_ERROR, format, values);
  va_end(values);
  exit(code);
}

/* The name of a number, or the number. */
static void write_word(const char *before, const char *name, uint32_t number) {
  if (name != NULL) fprintf(stderr, "%s%s", before, name);
  else fprintf(stderr, "%s%u", before, number);
}

static void write_server(const char *before, uint32_t server) {
  if (server == STANDFAST_SERVER_NONE) return;
  if (server == 0) fprintf(stderr, "%sprimary", before);
  else fprintf(stderr, "%sbackup%u", before, server);
}

static void write_rule(const struct standfast_event *event) {
  const int isKnown = event->rule < COUNT(RULES) && RULES[event->rule].name != NULL;
  write_word(" rule=", isKnown ? RULES[event->rule].name : NULL, event->rule);
  if (event->status != 0) fprintf(stderr, " status=%u", event->status);
  if (event->rule == STANDFAST_RULE_FAILOVER || event->rule == STANDFAST_RULE_FAILBACK) {
    write_server(" from=", event->a);
    return;
  }
  const char *a = isKnown ? RULES[event->rule].a : "a", *b = isKnown ? RULES[event->rule].b : "b";
  if (a != NULL) fprintf(stderr, " %s=%d", a, (int)event->a);
  if (b != NULL) fprintf(stderr, " %s=%d", b, (int)event->b);
}

static void write_next(const struct standfast_event *event) {
  if (event->next == STANDFAST_NEXT_NONE) return;
  const int isKnown = event->next < COUNT(NEXT);
  write_word(" next=", isKnown ? NEXT[event->next].name : NULL, event->next);
  if (!isKnown || NEXT[event->next].hasTime) fprintf(stderr, " nextMs=%u", event->next_ms);
}

void log_event(const struct standfast_event *event, const char *line) {
  const int isKnown = event->type < COUNT(EVENTS) && EVENTS[event->type].name != NULL;
  const enum log_level level = isKnown ? EVENTS[event->type].level : LOG_INFO;
  if (level > most) return;
  write_head(level);
  write_word("", isKnown ? EVENTS[event->type].name : NULL, event->type);
  if (line != NULL) fprintf(stderr, " line=%s", line);
  write_server(" server=", event->server);
  write_rule(event);
  write_next(event);
  fputc('\n', stderr);
}
