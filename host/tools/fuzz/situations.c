/* Phones in the middle of something, each brought there once by a few steps, and kept. */

#include "situations.h"

#include <string.h>

#include "deliver.h"
#include "phone.h"
#include "setup.h"
#include "standfast_params.h"

enum { UDP = 0, TCP = 0x55, TLS = 0xaa };

/* What a letter of `steps` does. */
static void step(char letter) {
  const uint8_t server = phone_sent(0)->server;
  switch (letter) {
    case 'c': return deliver_text(server, "SIP/2.0 401 U\r\n\1WWW-Authenticate: Digest realm=\"r\",nonce=\"n\",qop=\"auth\"\r\n\r\n");
    case 'p': return deliver_text(server, "SIP/2.0 407 P\r\n\1Proxy-Authenticate: Digest realm=\"p\",nonce=\"m\",algorithm=SHA-256\r\n\r\n");
    case 'g': return deliver_text(server, "SIP/2.0 200 OK\r\n\1Contact: \7;expires=300\r\n\r\n");
    case 'o': return deliver_text(server, "SIP/2.0 200 OK\r\n\1\r\n");
    case 'f': return deliver_text(server, "SIP/2.0 503 F\r\n\1\r\n");
    case 't': return deliver_text(server, "SIP/2.0 100 T\r\n\1\r\n");
    case 'w': return phone_wake_next();
    case 'h': return phone_wake(3600000);
    case 'u':
      CHECKED(core_flow(server, phone.generation[server], STANDFAST_FLOW_UP, phone.now));
      return phone_drain();
    case 'd':
      CHECKED(core_failed(server, phone.now));
      return phone_drain();
    case 'm':
      CHECKED(core_command(STANDFAST_CMD_MOVE_TO, 0, 1, phone.now));
      return phone_drain();
    case 'r':
      CHECKED(core_command(STANDFAST_CMD_REFRESH, STANDFAST_LINE_ALL, 0, phone.now));
      return phone_drain();
    case 's':
      CHECKED(core_command(STANDFAST_CMD_STOP, STANDFAST_LINE_ALL, 0, phone.now));
      return phone_drain();
    default: find("no such step", (uint8_t)letter);
  }
}

struct param {
  uint8_t id;
  uint32_t value;
};

struct situation {
  struct setup setup;
  struct param params[4];
  const char *steps;
};

#define HEARTBEATS {STANDFAST_PRIMARY_DETECT_INTERVAL, 10}, {STANDFAST_SIP_OPTIONS, 1}, {STANDFAST_BACKUP_DETECT_INTERVAL, 10}

static const struct situation SITUATIONS[] = {
    {{2, 1, UDP, 0, 0}, {{0}}, ""},                                    /* the first REGISTER is under way */
    {{2, 1, UDP, 0, 0xfffff000}, {{0}}, "c"},                          /* with credentials, the clock about to wrap */
    {{1, 1, UDP, 0, 0}, {{0}}, "p"},                                   /* a proxy has asked */
    {{1, 1, UDP, 0, 0}, {{0}}, "pc"},                                  /* both have */
    {{2, 1, UDP, 0, 0}, {{STANDFAST_ANSWER_OPTIONS, 1}}, "cgr"},       /* a refresh, nonce known */
    {{2, 1, UDP, 0, 0}, {HEARTBEATS}, "gw"},                           /* a heartbeat */
    {{2, 1, UDP, 0, 0}, {HEARTBEATS}, "gwwww"},                        /* a heartbeat after lost ones */
    {{2, 2, UDP, OLD_CONTACT, 0}, {{0}}, "gg"},                        /* an old binding is removed */
    {{3, 1, UDP, 0, 0}, {{STANDFAST_PREFER_PRIMARY, 1}}, "gm"},        /* a move, service goes on */
    {{2, 1, UDP, 0, 0}, {{0}}, "cgs"},                                 /* a stop */
    {{3, 1, UDP, SAME_HOST, 0}, {{0}}, "fd"},                          /* the third server */
    {{2, 1, TCP, 0, 0}, {{STANDFAST_OUTBOUND, 1}}, ""},                /* over TCP */
    {{2, 1, TLS, IPV6, 0}, {{STANDFAST_NAT_KEEPALIVE, 10}}, "gw"},     /* a keepalive over TLS */
    {{1, 1, UDP, ODD_TEXTS, 0}, {{STANDFAST_REQUEST_USER_CHECK, 1}, {STANDFAST_ANSWER_OPTIONS, 1}}, "g"}, /* served */
    {{1, 1, UDP, LONG_TEXTS, 0}, {{STANDFAST_ACCEPT_ONLY_FROM_SERVER, 1}}, "c"},
    {{4, 8, UDP, TWO_TARGETS, 0}, {{STANDFAST_INITIAL_AUTH, 1}, {STANDFAST_FULL_REGISTRATION, 1}}, "cgt"}};

enum { COUNT = sizeof SITUATIONS / sizeof *SITUATIONS };

static struct moment moments[COUNT];

static void prepare(const struct situation *it) {
  setup_phone(&it->setup);
  for (size_t i = 0; i < 4; i++)
    if (it->params[i].value != 0) CHECKED(core_setParam(it->params[i].id, it->params[i].value));
  if (CHECKED(core_start(it->setup.now)) != STANDFAST_OK) find("a situation does not start", 0);
  phone_drain();
  if ((it->setup.transports & 3) != 0) step('u');
  for (const char *letter = it->steps; *letter != 0; letter++) step(*letter);
}

void situations_prepare(void) {
  for (size_t i = 0; i < COUNT; i++) {
    prepare(&SITUATIONS[i]);
    phone_save(&moments[i]);
  }
}

void situations_enter(uint8_t number) { phone_restore(&moments[number % COUNT]); }
