/* Bytes above 127 are parts of letters that are kept as they are, but for the signs that are known here. */

#include "text.h"

#include <string.h>

char text_lower(char letter) { return letter >= 'A' && letter <= 'Z' ? (char)(letter + 32) : letter; }

int text_is_blank(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\v' || letter == '\f' || letter == '\r';
}

int text_is_letter_or_digit(char letter) {
  const char low = text_lower(letter);
  return (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9');
}

char *text_trim(char *text) {
  size_t length = strlen(text);
  while (length > 0 && text_is_blank(text[length - 1])) text[--length] = 0;
  while (text_is_blank(*text)) text++;
  return text;
}

int text_number(const char *text, uint32_t most, uint32_t *number) {
  uint32_t value = 0;
  if (*text == 0) return 0;
  for (; *text != 0; text++) {
    const uint32_t digit = (uint32_t)(*text - '0');
    if (digit > 9 || value > (most - digit) / 10) return 0;
    value = value * 10 + digit;
  }
  *number = value;
  return 1;
}

/* How many bytes the letter that starts here has; 0: no letter starts here. RFC 3629 §4. */
static size_t letter_size(const unsigned char *at, size_t left) {
  const size_t size = *at < 0x80 ? 1 : *at < 0xC2 ? 0 : *at < 0xE0 ? 2 : *at < 0xF0 ? 3 : *at < 0xF5 ? 4 : 0;
  if (size == 0 || size > left) return 0;
  for (size_t i = 1; i < size; i++)
    if ((at[i] & 0xC0) != 0x80) return 0;
  if ((*at == 0xE0 && at[1] < 0xA0) || (*at == 0xED && at[1] > 0x9F)) return 0;
  if ((*at == 0xF0 && at[1] < 0x90) || (*at == 0xF4 && at[1] > 0x8F)) return 0;
  return size;
}

/* The ASCII letter that a full-width one stands for, U+FF01..U+FF5E; 0: it is another. */
static char narrow(const unsigned char *at) {
  if (at[0] != 0xEF || (at[1] != 0xBC && at[1] != 0xBD)) return 0;
  const int code = at[1] == 0xBC ? at[2] - 0x80 + 0x20 : at[2] - 0x80 + 0x60;
  return code > 0x20 && code < 0x7F ? (char)code : 0;
}

/* Blanks and brackets beyond ASCII: U+00A0, U+2000..U+206F, U+3000..U+303F. */
static int is_sign(const unsigned char *at) {
  if (at[0] == 0xC2) return at[1] == 0xA0;
  if (at[0] == 0xE2) return at[1] == 0x80 || at[1] == 0x81;
  return at[0] == 0xE3 && at[1] == 0x80;
}

void text_fold(const char *text, char *folded) {
  const unsigned char *at = (const unsigned char *)text;
  size_t left = strlen(text);
  while (left > 0) {
    size_t size = letter_size(at, left);
    if (size == 0) size = 1;
    const char plain = size == 1 ? (char)*at : size == 3 ? narrow(at) : 0;
    if (plain == 0 && !is_sign(at)) memcpy(folded, at, size), folded += size;
    else if (text_is_letter_or_digit(plain)) *folded++ = text_lower(plain);
    at += size;
    left -= size;
  }
  *folded = 0;
}

uint32_t text_find_bad_line(const char *text, size_t length) {
  const unsigned char *at = (const unsigned char *)text;
  uint32_t line = 1;
  for (size_t size; length > 0; at += size, length -= size) {
    size = letter_size(at, length);
    if (size == 0) return line;
    if (*at == '\n') line++;
  }
  return 0;
}
