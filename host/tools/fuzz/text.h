/* Messages of the fuzzer: bytes in which control characters stand for parts of a request that is under way, so that an
 * answer gets past matching whatever ids the core has drawn. docs/fuzzing.md lists them. */

#ifndef FUZZ_TEXT_H_
#define FUZZ_TEXT_H_

#include <stddef.h>
#include <stdint.h>

enum { MESSAGE_MAX = 4096 };

enum part {
  ALL_HEADERS = 1, /* Via to CSeq, each a line, as an answer has them */
  VIA = 2,
  FROM = 3,
  TO = 4,
  CALL_ID = 5,
  CSEQ = 6,
  CONTACT = 7, /* as it was sent, without its parameters */
  BRANCH = 8,
  EARLIER = 14, /* what follows is of the request before */
  LITERAL = 15, /* the next byte is itself */
  REPEAT = 16,  /* the next byte, as often as 4 times the one behind it says */
  NUMBER = 17   /* a number that is near a limit; which one says the next byte */
};

/* Writes `length` bytes at `from` with their parts filled in; at most MESSAGE_MAX. Returns how many it wrote. */
size_t text_expand(const uint8_t *from, size_t length, char *to);

#endif
