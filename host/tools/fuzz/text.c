/* Fills parts of a request that is under way into the bytes that the fuzzer made up. */

#include "text.h"

#include <stdbool.h>
#include <string.h>

#include "phone.h"

/* Both sides of each limit that a number of an answer can meet, and of what 16 and 32 bits hold. */
static const char *const NUMBERS[] = {
    "0",     "1",     "2",     "5",      "29",    "30",         "59",         "60",         "61",         "90",
    "119",   "120",   "300",   "600",    "1799",  "1800",       "1801",       "3600",       "7200",       "65535",
    "65536", "86399", "86400", "86401",  "00060", "2147483647", "2147483648", "4294967",    "4294967295", "4294967296",
    "-1",    "60.5",  "",      "999999", "60 ",   "99999999999999999999"};

struct writer {
  char *to;
  size_t length;
};

static void put(struct writer *out, const char *bytes, size_t length) {
  const size_t room = MESSAGE_MAX - out->length;
  const size_t taken = length < room ? length : room;
  memcpy(out->to + out->length, bytes, taken);
  out->length += taken;
}

static void put_text(struct writer *out, const char *text) { put(out, text, strlen(text)); }

/* The bytes between `before` and the first of `ends` in a request; none when it has no such line. */
static void put_between(struct writer *out, const struct sent *request, const char *before, const char *ends) {
  const char *at = memmem(request->bytes, request->length, before, strlen(before));
  if (at == NULL) return;
  at += strlen(before);
  const char *const end = request->bytes + request->length;
  size_t length = 0;
  while (at + length < end && strchr(ends, at[length]) == NULL) length++;
  put(out, at, length);
}

static void put_line(struct writer *out, const struct sent *request, const char *name) {
  put_text(out, name + 1);
  put_between(out, request, name, "\r");
  put_text(out, "\r\n");
}

static void put_headers(struct writer *out, const struct sent *request) {
  static const char *const NAMES[] = {"\nVia: ", "\nFrom: ", "\nTo: ", "\nCall-ID: ", "\nCSeq: "};
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) put_line(out, request, NAMES[i]);
}

/* One part; false: the byte stands for none. */
static bool put_part(struct writer *out, const struct sent *request, uint8_t part) {
  switch (part) {
    case ALL_HEADERS: put_headers(out, request); return true;
    case VIA: put_between(out, request, "\nVia: ", "\r"); return true;
    case FROM: put_between(out, request, "\nFrom: ", "\r"); return true;
    case TO: put_between(out, request, "\nTo: ", "\r"); return true;
    case CALL_ID: put_between(out, request, "\nCall-ID: ", "\r"); return true;
    case CSEQ: put_between(out, request, "\nCSeq: ", "\r"); return true;
    case CONTACT:
      put_between(out, request, "\nContact: ", ">");
      put_text(out, ">");
      return true;
    case BRANCH: put_between(out, request, "branch=", "\r"); return true;
    default: return false;
  }
}

size_t text_expand(const uint8_t *from, size_t length, char *to) {
  struct writer out = {to, 0};
  unsigned back = 0;
  for (size_t i = 0; i < length; i++) {
    const uint8_t next = i + 1 < length ? from[i + 1] : 0;
    if (from[i] == EARLIER) {
      back++;
    } else if (from[i] == LITERAL) {
      put(&out, (const char *)&next, i++ + 1 < length);
    } else if (from[i] == NUMBER) {
      put_text(&out, NUMBERS[next % (sizeof NUMBERS / sizeof *NUMBERS)]);
      i++;
    } else if (from[i] == REPEAT) {
      const unsigned times = i + 2 < length ? 4u * from[i + 2] : 0;
      for (unsigned n = 0; n < times; n++) put(&out, (const char *)&next, 1);
      i += 2;
    } else if (!put_part(&out, phone_sent(back), from[i])) {
      put(&out, (const char *)from + i, 1);
    }
  }
  return out.length;
}
