/* Numbers with the factor of their name, switches, words, texts; what is a host. As host/config/value.ts and host.ts. */

#define _POSIX_C_SOURCE 200809L

#include "value.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "complaints.h"
#include "text.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* A value that is wrong, as it is told. */
struct wrong {
  const struct meaning *meaning;
  const char *key, *value;
  uint32_t at;
};

const char *value_shown_key(uint32_t place, const char *key) {
  static char shown[2 * KEY_MAX];
  const char *name = key_row(place)->name;
  const size_t length = strlen(key), end = strlen(name);
  const int isPath = length > end && key[length - end - 1] == '.' && strcmp(key + length - end, name) == 0;
  const int isOurs = isPath || strcmp(key, name) == 0;
  snprintf(shown, sizeof shown, isOurs ? "%s" : "%s (%s)", key, name);
  return shown;
}

/* @param tail goes behind `name = value`; @param allowed, @param remedy for people. @returns 0 */
static int refuse(const struct wrong *it, const char *tail, const char *allowed, const char *remedy) {
  const struct standfast_row *row = key_row(it->meaning->row);
  char times[24] = "";
  if (it->meaning->factor != 1) snprintf(times, sizeof times, " times %u", it->meaning->factor);
  complain(it->at, "%s = %s%s%s%s%s; %s", value_shown_key(it->meaning->row, it->key), row->is_secret ? "***" : it->value,
           row->is_secret ? "" : times, tail, *allowed == 0 ? "" : ", allowed ", allowed, remedy);
  return 0;
}

static int is_decimal(const char *text) {
  if (*text == '+' || *text == '-') text++;
  size_t whole = strspn(text, "0123456789");
  if (whole == 0) return 0;
  text += whole;
  if (*text != '.') return *text == 0;
  const size_t part = strspn(++text, "0123456789");
  return part > 0 && text[part] == 0;
}

static int read_number(const struct wrong *it, struct cell *cell) {
  const struct standfast_row *row = key_row(it->meaning->row);
  char remedy[160];
  if (!is_decimal(it->value)) {
    snprintf(remedy, sizeof remedy, *row->unit == 0 ? "write a whole number" : "write a whole number of %s", row->unit);
    return refuse(it, " is no number", row->allowed, remedy);
  }
  const double value = strtod(it->value, NULL) * it->meaning->factor;
  const int isSane = value > -1e9 && value < 1e10;
  /* In millionths, for 0.1 times 1000 is 100 and not a little more. */
  const int64_t fine = isSane ? (int64_t)(value * 1e6 + (value < 0 ? -0.5 : 0.5)) : -1;
  const int64_t number = fine / 1000000;
  const int isInRange = number >= row->min && number <= row->max;
  cell->number = (uint32_t)number;
  if (fine % 1000000 == 0 && fine >= 0 && (isInRange || (number == 0 && row->is_zero_allowed))) return 1;
  snprintf(remedy, sizeof remedy, "choose a whole number in that range%s%s", row->zero == NULL ? "" : "; 0 means: ",
           row->zero == NULL ? "" : row->zero);
  return refuse(it, "", row->allowed, remedy);
}

static int is_one_of(const char *value, const char *const *words, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (strcasecmp(value, words[i]) == 0) return 1;
  return 0;
}

static int read_switch(const struct wrong *it, struct cell *cell) {
  static const char *const ON[] = {"on", "true", "yes", "enable", "enabled", "1", "开启", "启用"};
  static const char *const OFF[] = {"off", "false", "no", "disable", "disabled", "0", "禁止", "关闭", "禁用"};
  cell->number = (uint32_t)is_one_of(it->value, ON, COUNT(ON));
  if (cell->number == 1 || is_one_of(it->value, OFF, COUNT(OFF))) return 1;
  return refuse(it, " is neither on nor off", key_row(it->meaning->row)->allowed, "write on or off");
}

/* A word, or the number it stands for. */
static int read_choice(const struct wrong *it, struct cell *cell) {
  const struct standfast_row *row = key_row(it->meaning->row);
  for (uint32_t i = 0; i < COUNT(row->words) && row->words[i] != NULL; i++) {
    const char digit[2] = {(char)('0' + i), 0};
    cell->number = i;
    if (strcasecmp(it->value, row->words[i]) == 0 || strcmp(it->value, digit) == 0) return 1;
  }
  return refuse(it, "", row->allowed, "choose one of these words");
}

static int has_control_character(const char *text) {
  for (; *text != 0; text++)
    if ((unsigned char)*text < 32 || *text == 127) return 1;
  return 0;
}

/* What may stand in the user part of a SIP URI unescaped. RFC 3261 §25.1. */
static int is_user(const char *text) {
  for (; *text != 0; text++)
    if (!text_is_letter_or_digit(*text) && strchr("-_.!~*'()&=+$,;?/", *text) == NULL) return 0;
  return 1;
}

static int read_text(const struct wrong *it, struct cell *cell) {
  const struct standfast_row *row = key_row(it->meaning->row);
  const size_t length = strlen(it->value);
  char tail[48], allowed[32];
  if (has_control_character(it->value))
    return refuse(it, " holds a control character", "", "leave line ends, tabs and other control characters out");
  if (row->max != 0 && length > row->max) {
    snprintf(tail, sizeof tail, " is %zu bytes long", length);
    snprintf(allowed, sizeof allowed, "up to %u bytes", row->max);
    return refuse(it, tail, allowed, "shorten it");
  }
  if (row->form == STANDFAST_FORM_HOST && !value_is_host(it->value))
    return refuse(it, " is no host name or address", "",
                  "write a name or an address alone; its port has a parameter of its own");
  if (row->form == STANDFAST_FORM_USER && !is_user(it->value))
    return refuse(it, " is no user of a SIP address", "",
                  "use letters, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? / only");
  cell->text = row->form == STANDFAST_FORM_HOST ? value_without_brackets((char *)it->value) : it->value;
  return 1;
}

int value_read(const struct meaning *meaning, const char *key, const char *value, uint32_t at, struct cell *cell) {
  const struct wrong it = {meaning, key, value, at};
  switch (key_row(meaning->row)->kind) {
    case STANDFAST_KIND_NUMBER: return read_number(&it, cell);
    case STANDFAST_KIND_SWITCH: return read_switch(&it, cell);
    case STANDFAST_KIND_CHOICE: return read_choice(&it, cell);
    default: return read_text(&it, cell);
  }
}

/* What may follow the % of an address. */
static int is_zone(const char *text) {
  while (text_is_letter_or_digit(*text) || (*text != 0 && strchr("_.-", *text) != NULL)) text++;
  return *text == 0;
}

/* @param address 16 bytes. @returns 0: no IPv6 address; a zone behind it is looked over */
static int read_ipv6(const char *text, unsigned char *address) {
  char bare[64];
  const size_t length = strcspn(text, "%");
  if (length >= sizeof bare || (text[length] != 0 && (text[length + 1] == 0 || !is_zone(text + length + 1)))) return 0;
  memcpy(bare, text, length);
  bare[length] = 0;
  return inet_pton(AF_INET6, bare, address) == 1;
}

static int is_octets(const char *text) {
  unsigned parts = 0;
  for (; parts < 5; parts++) {
    const size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 3 || atoi(text) > 255) return 0;
    text += digits;
    if (*text == 0 || strcmp(text, ".") == 0) return parts == 3;
    if (*text++ != '.') return 0;
  }
  return 0;
}

/* Letters, digits, _ and, inside, -: the labels of a name, and a dot behind the last at will. */
static int is_name(const char *text) {
  const char *label = text;
  do {
    size_t length = strcspn(label, ".");
    for (size_t i = 0; i < length; i++) {
      const int isInner = i > 0 && i + 1 < length;
      if (!text_is_letter_or_digit(label[i]) && label[i] != '_' && !(isInner && label[i] == '-')) return 0;
    }
    if (length == 0) return 0;
    const int isLast = label[length] == 0 || label[length + 1] == 0;
    if (isLast) return strspn(label, "0123456789") < length || is_octets(text);
    label += length + 1;
  } while (1);
}

static const char *bare_of(const char *text, char *bare, size_t size) {
  snprintf(bare, size, "%s", text);
  return value_without_brackets(bare);
}

int value_is_host(const char *text) {
  char room[80];
  unsigned char address[16];
  const char *bare = bare_of(text, room, sizeof room);
  if (strchr(bare, ':') != NULL) return read_ipv6(bare, address);
  return bare == room && is_name(text);
}

int value_is_address(const char *text) {
  const size_t length = strlen(text);
  if (!value_is_host(text)) return 0;
  return strchr(text, ':') != NULL || (strspn(text, "0123456789.") == length && text[length - 1] != '.');
}

char *value_without_brackets(char *text) {
  const size_t length = strlen(text);
  if (length < 2 || text[0] != '[' || text[length - 1] != ']') return text;
  text[length - 1] = 0;
  return text + 1;
}

int value_is_same_host(const char *a, const char *b) {
  unsigned char one[16], other[16];
  if (read_ipv6(a, one) && read_ipv6(b, other))
    return memcmp(one, other, sizeof one) == 0 && strcmp(a + strcspn(a, "%"), b + strcspn(b, "%")) == 0;
  const size_t lengthA = strlen(a) - (*a != 0 && a[strlen(a) - 1] == '.');
  const size_t lengthB = strlen(b) - (*b != 0 && b[strlen(b) - 1] == '.');
  return lengthA == lengthB && strncasecmp(a, b, lengthA) == 0;
}
