/* Target `reader`: one message to a phone in the middle of something.
 *
 * Input: a byte for the situation; a byte for where it comes from and how (below); the message, with parts of the
 * request under way where it names them (text.h). */

#include "deliver.h"
#include "phone.h"
#include "situations.h"

enum { SOURCE = 7, AS_STREAM = 8, WAKES = 4 };

/* 0..3: a server; then the server that was asked last, an address of the list, and any other. */
static uint32_t source_of(uint8_t how) {
  const uint8_t source = how & SOURCE;
  if (source < phone.servers) return source;
  return source == 5 ? STANDFAST_SERVER_LISTED : source == 6 ? STANDFAST_SERVER_NONE : phone_sent(0)->server;
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  (void)argc;
  (void)argv;
  phone_init();
  situations_prepare();
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  if (length < 3) return 0;
  situations_enter(input[0]);
  const uint32_t source = source_of(input[1]);
  if ((input[1] & AS_STREAM) != 0)
    deliver_stream(source, input + 2, length - 2);
  else
    deliver(source, input + 2, length - 2);
  for (int i = 0; i < WAKES && !phone.is_stopped; i++) phone_wake_next();
  return 0;
}
