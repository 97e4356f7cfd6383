/* The core as C: starts a phone with one line and two servers that never answer, and prints all it does for a
 * minute of its own time. smoke.test.ts compares every line with what the module does in V8.
 *
 * A line is `<ms> send <server> <hex of the datagram>`, `<ms> event <type> <rule>`, `<ms> sleep <ms>`, or
 * `<ms> refused <code>`. Exit code 70: the core trapped. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "standfast.h"

#define UNTIL_MS 60000u

static void must(int32_t result, const char *what) {
  if (result == STANDFAST_OK) return;
  fprintf(stderr, "%s: %d\n", what, (int)result);
  exit(result == STANDFAST_TRAPPED ? 70 : 1);
}

static void text(uint32_t what, uint32_t server, const char *value) {
  must(standfast_set_text(what, 0, server, value, (uint32_t)strlen(value)), value);
}

static void configure(void) {
  uint8_t seed[STANDFAST_SEED];
  for (uint8_t i = 0; i < sizeof seed; i++) seed[i] = i;
  must(standfast_set_seed(seed), "set_seed");
  text(STANDFAST_TEXT_AGENT, 0, "smoke");
  text(STANDFAST_TEXT_INSTANCE, 0, "0badcafe");
  text(STANDFAST_TEXT_USER, 0, "6000");
  for (uint32_t server = 0; server < 2; server++) {
    const char *address = server == 0 ? "192.0.2.1" : "192.0.2.2";
    must(standfast_set_server(server, 5060, STANDFAST_TRANSPORT_UDP), "set_server");
    text(STANDFAST_TEXT_HOST, server, address);
    text(STANDFAST_TEXT_ADDRESS, server, address);
    text(STANDFAST_TEXT_DOMAIN, server, "example.test");
    text(STANDFAST_TEXT_LOCAL, server, "192.0.2.9:5062");
    text(STANDFAST_TEXT_ACCOUNT, server, "6000");
    text(STANDFAST_TEXT_PASSWORD, server, "secret");
  }
}

static void print_send(uint32_t now, const struct standfast_output *out) {
  printf("%u send %u ", now, out->server);
  for (uint32_t i = 0; i < out->length; i++) printf("%02x", out->bytes[i]);
  printf("\n");
}

/* Prints all that standfast_poll() gives; returns for how long to sleep. */
static uint32_t drain(uint32_t now) {
  struct standfast_output out;
  for (;;) switch (standfast_poll(&out)) {
      case STANDFAST_OUT_SEND: print_send(now, &out); break;
      case STANDFAST_OUT_EVENT: printf("%u event %u %u\n", now, out.event.type, out.event.rule); break;
      case STANDFAST_OUT_SLEEP: printf("%u sleep %u\n", now, out.sleep_ms); return out.sleep_ms;
      case STANDFAST_TRAPPED: exit(70);
      default: printf("%u stopped\n", now); exit(1);
    }
}

int main(void) {
  uint32_t now = 0xffffff00u; /* the clock wraps on the way */
  const uint32_t end = now + UNTIL_MS;
  standfast_reset();
  configure();
  must(standfast_start(now), "start");
  uint32_t sleep = drain(now);
  printf("%u refused %d\n", now, (int)standfast_receive(0, "garbage", 7, now));
  while ((int32_t)(end - (now + sleep)) > 0) {
    now += sleep;
    must(standfast_wake(now), "wake");
    sleep = drain(now);
  }
  return 0;
}
