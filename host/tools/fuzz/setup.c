/* A phone as a host would configure it. */

#include "setup.h"

#include <stdio.h>
#include <string.h>

#include "phone.h"

void setup_text(uint32_t what, uint32_t line, uint32_t server, const char *value) {
  phone_give(value, strlen(value));
  CHECKED(core_setText(what, line, server, (uint32_t)strlen(value)));
}

/* A text of the greatest length, ABI.md "Texts". */
static const char *long_text(char *to, size_t length) {
  memset(to, 'x', length);
  to[length] = 0;
  return to;
}

static void set_up_server(const struct setup *it, uint32_t server) {
  static const char *const LOCALS[] = {"192.0.2.9:5062", "[2001:db8::9]:5062"};
  static const char *const ADDRESSES[] = {"192.0.2.1", "2001:db8::1"};
  const bool is_ipv6 = (it->kind & IPV6) != 0;
  char text[64];
  CHECKED(core_setServer(server, 5060, (it->transports >> (2 * server) & 3) % 3));
  snprintf(text, sizeof text, "pbx%u.test", (it->kind & SAME_HOST) != 0 ? 0 : server);
  setup_text(STANDFAST_TEXT_HOST, 0, server, (it->kind & LONG_TEXTS) != 0 ? long_text(text, 63) : text);
  setup_text(STANDFAST_TEXT_DOMAIN, 0, server, (it->kind & LONG_TEXTS) != 0 ? long_text(text, 63) : "example.test");
  snprintf(text, sizeof text, "%s%u", ADDRESSES[is_ipv6], server);
  setup_text(STANDFAST_TEXT_ADDRESS, 0, server, text);
  if ((it->kind & INCOMPLETE) == 0 || server + 1 < it->servers)
    setup_text(STANDFAST_TEXT_LOCAL, 0, server, LOCALS[is_ipv6]);
  if ((it->kind & OLD_CONTACT) != 0) setup_text(STANDFAST_TEXT_OLD_CONTACT, 0, server, "198.51.100.7:49152");
  if ((it->kind & TWO_TARGETS) != 0) CHECKED(core_setTargets(server, 2, 0));
}

static void set_up_line(const struct setup *it, uint32_t line) {
  char text[64];
  const bool is_long = (it->kind & LONG_TEXTS) != 0;
  snprintf(text, sizeof text, (it->kind & ODD_TEXTS) != 0 ? "6%u<\"\\@;%%41>" : "600%u", line);
  setup_text(STANDFAST_TEXT_USER, line, 0, is_long ? long_text(text, 47) : text);
  setup_text(STANDFAST_TEXT_DISPLAY, line, 0, (it->kind & ODD_TEXTS) != 0 ? "\"Ann\\ \xc3\xa9\"" : "");
  for (uint32_t server = 0; server < it->servers && (it->kind & NO_ACCOUNT) == 0; server++) {
    setup_text(STANDFAST_TEXT_ACCOUNT, line, server, is_long ? long_text(text, 49) : "account");
    setup_text(STANDFAST_TEXT_PASSWORD, line, server, "PASSWORD");
  }
}

void setup_phone(const struct setup *it) {
  phone_fresh();
  phone.now = it->now;
  phone.servers = it->servers;
  uint8_t seed[32];
  for (uint8_t i = 0; i < sizeof seed; i++) seed[i] = i;
  phone_give(seed, sizeof seed);
  CHECKED(core_setSeed());
  setup_text(STANDFAST_TEXT_AGENT, 0, 0, "fuzz");
  setup_text(STANDFAST_TEXT_INSTANCE, 0, 0, "0badcafe");
  for (uint32_t server = 0; server < it->servers; server++) set_up_server(it, server);
  for (uint32_t line = 0; line < it->lines; line++) set_up_line(it, line);
}
