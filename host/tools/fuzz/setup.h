/* Configures and starts a phone for both targets. */

#ifndef FUZZ_SETUP_H_
#define FUZZ_SETUP_H_

#include <stdbool.h>
#include <stdint.h>

struct setup {
  uint8_t servers;    /* 1..4 */
  uint8_t lines;      /* 1..LINES */
  uint8_t transports; /* two bits for each server */
  uint8_t kind;       /* bits of enum kind */
  uint32_t now;
};

enum kind {
  NO_ACCOUNT = 1,
  OLD_CONTACT = 2,
  IPV6 = 4,
  LONG_TEXTS = 8,
  ODD_TEXTS = 16, /* of characters that a URI or a quoted string has to escape */
  SAME_HOST = 32, /* all servers behind one name */
  TWO_TARGETS = 64,
  INCOMPLETE = 128 /* the last server and line lack a text; the steps may bring it */
};

/* A configured phone that has not started. */
void setup_phone(const struct setup *it);
void setup_text(uint32_t what, uint32_t line, uint32_t server, const char *value);

#endif
