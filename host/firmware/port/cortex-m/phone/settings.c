/* One row for each word; what follows its sign is read by the function of the row. */

#include "settings.h"

#include <string.h>

#include "board/board.h"

/* Our own place, as the core writes it into Via and Contact; and what every server is told to be part of. */
static const char *local, *domain;

/* Reads digits, and steps over them. 0: there are none, or they make more than `most`. */
static uint32_t read_number(const char **at, uint32_t most, uint32_t *value) {
  const char *const first = *at;
  uint32_t number = 0;
  for (; **at >= '0' && **at <= '9'; ++*at) {
    const uint32_t digit = (uint32_t)(**at - '0');
    if (number > (most - digit) / 10) return 0;
    number = number * 10 + digit;
  }
  *value = number;
  return *at > first;
}

static uint32_t read_address(const char **at, uint32_t *address) {
  *address = 0;
  for (uint32_t part = 0; part < 4; part++) {
    uint32_t byte;
    if (part > 0 && *(*at)++ != '.') return 0;
    if (!read_number(at, 255, &byte)) return 0;
    *address = *address << 8 | byte;
  }
  return 1;
}

static uint32_t read_place(const char *text, struct place *place) {
  uint32_t port;
  if (!read_address(&text, &place->address) || *text++ != ':') return 0;
  if (!read_number(&text, 65535, &port) || port == 0) return 0;
  place->port = (uint16_t)port;
  return *text == 0;
}

static uint32_t is_whole_number(const char *text, uint32_t most, uint32_t *value) {
  return read_number(&text, most, value) && *text == 0;
}

static uint32_t is_whole_address(const char *text, uint32_t *address) {
  return read_address(&text, address) && *text == 0;
}

static uint32_t tell(uint32_t what, uint32_t line, uint32_t server, const char *text, uint32_t length) {
  return standfast_set_text(what, line, server, text, length) == STANDFAST_OK;
}

static uint32_t tell_all(uint32_t what, uint32_t line, uint32_t server, const char *text) {
  return tell(what, line, server, text, (uint32_t)strlen(text));
}

static uint32_t take_local(const char *value, struct settings *settings) {
  struct place own;
  if (!read_place(value, &own)) return 0;
  local = value;
  settings->net.address = own.address;
  settings->net.port = own.port;
  /* Locally administered, and as unique as the address is. */
  const uint8_t hardware[6] = {0x02, 0x5f, (uint8_t)(own.address >> 24), (uint8_t)(own.address >> 16),
                               (uint8_t)(own.address >> 8), (uint8_t)own.address};
  memcpy(settings->net.hardware, hardware, sizeof hardware);
  settings->net.netmask = 0xFFFFFF00u;
  return 1;
}

static uint32_t take_netmask(const char *value, struct settings *settings) {
  return is_whole_address(value, &settings->net.netmask);
}

static uint32_t take_gateway(const char *value, struct settings *settings) {
  return is_whole_address(value, &settings->net.gateway);
}

static uint32_t take_instance(const char *value, struct settings *settings) {
  (void)settings;
  return tell_all(STANDFAST_TEXT_INSTANCE, 0, 0, value);
}

static uint32_t take_domain(const char *value, struct settings *settings) {
  (void)settings;
  domain = value;
  return 1;
}

static uint32_t take_server(const char *value, struct settings *settings) {
  const uint32_t server = settings->serverCount;
  if (server == STANDFAST_SERVERS || !local || !domain) return 0;
  struct place *place = &settings->servers[server];
  if (!read_place(value, place)) return 0;
  uint32_t length = 0;
  while (value[length] != ':') length++;
  settings->serverCount++;
  return standfast_set_server(server, place->port, STANDFAST_TRANSPORT_UDP) == STANDFAST_OK &&
         tell(STANDFAST_TEXT_HOST, 0, server, value, length) &&
         tell(STANDFAST_TEXT_ADDRESS, 0, server, value, length) &&
         tell_all(STANDFAST_TEXT_DOMAIN, 0, server, domain) && tell_all(STANDFAST_TEXT_LOCAL, 0, server, local);
}

/* The user is also the account. */
static uint32_t take_user(const char *value, struct settings *settings) {
  const uint32_t line = settings->lineCount++;
  if (!tell_all(STANDFAST_TEXT_USER, line, 0, value)) return 0;
  for (uint32_t server = 0; server < settings->serverCount; server++)
    if (!tell_all(STANDFAST_TEXT_ACCOUNT, line, server, value)) return 0;
  return 1;
}

static uint32_t take_password(const char *value, struct settings *settings) {
  if (settings->lineCount == 0) return 0;
  for (uint32_t server = 0; server < settings->serverCount; server++)
    if (!tell_all(STANDFAST_TEXT_PASSWORD, settings->lineCount - 1, server, value)) return 0;
  return 1;
}

static uint32_t take_moves(const char *value, struct settings *settings) {
  return is_whole_number(value, 1000, &settings->moves);
}

static uint32_t take_limit(const char *value, struct settings *settings) {
  uint32_t seconds;
  if (!is_whole_number(value, 86400, &seconds)) return 0;
  settings->limitMs = seconds * 1000;
  return 1;
}

static const struct {
  const char *name;
  uint32_t (*take)(const char *value, struct settings *settings);
} WORDS[] = {
    {"local", take_local},       {"netmask", take_netmask}, {"gateway", take_gateway},
    {"instance", take_instance}, {"domain", take_domain},   {"server", take_server},
    {"user", take_user},         {"password", take_password}, {"moves", take_moves},
    {"limit", take_limit},
};
#define WORD_COUNT (sizeof WORDS / sizeof WORDS[0])

static uint32_t take(const char *name, const char *value, struct settings *settings) {
  uint32_t id, number;
  if (is_whole_number(name, STANDFAST_PARAM_COUNT - 1, &id))
    return is_whole_number(value, 0xFFFFFFFFu, &number) && standfast_set_param(id, number) == STANDFAST_OK;
  for (uint32_t at = 0; at < WORD_COUNT; at++) {
    const uint32_t length = (uint32_t)strlen(WORDS[at].name);
    if (strlen(name) == length && memcmp(WORDS[at].name, name, length) == 0) return WORDS[at].take(value, settings);
  }
  return 0;
}

/* Puts an end after the word that starts here, and returns where the next one starts. */
static char *cut_word(char *word) {
  while (*word != 0 && *word != ' ') word++;
  while (*word == ' ') *word++ = 0;
  return word;
}

uint32_t settings_read(char *text, struct settings *settings) {
  memset(settings, 0, sizeof *settings);
  uint32_t count = 0;
  for (char *word = text, *next; *word != 0; word = next) {
    next = cut_word(word);
    count++;
    char *value = word;
    while (*value != 0 && *value != '=') value++;
    if (*value == '=') *value++ = 0;
    if (take(word, value, settings)) continue;
    board_log("settings: not taken: word ");
    board_log_number(count);
    board_log("\n");
    return 0;
  }
  return 1;
}
