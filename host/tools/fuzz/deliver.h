/* Messages on their way to a phone under test. */

#ifndef FUZZ_DELIVER_H_
#define FUZZ_DELIVER_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fills in the parts of `message` (text.h), hands it to the phone as one datagram from `source`, and drains. */
void deliver(uint32_t source, const uint8_t *message, size_t length);
void deliver_text(uint32_t source, const char *message);

/* The same as bytes of a stream: unit after unit, until they make no sense or are not whole. */
void deliver_stream(uint32_t source, const uint8_t *message, size_t length);

#endif
