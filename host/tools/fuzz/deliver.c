/* Messages on their way to a phone under test. ABI.md, "Receiving" and "Streams". */

#include "deliver.h"

#include <string.h>

#include "phone.h"
#include "text.h"

static void receive(uint32_t source, const char *bytes, size_t length) {
  phone_give(bytes, length);
  CHECKED(core_receive(source, (uint32_t)length, phone.now));
  phone_drain();
}

void deliver(uint32_t source, const uint8_t *message, size_t length) {
  char bytes[MESSAGE_MAX];
  receive(source, bytes, text_expand(message, length, bytes));
}

void deliver_text(uint32_t source, const char *message) { deliver(source, (const uint8_t *)message, strlen(message)); }

void deliver_stream(uint32_t source, const uint8_t *message, size_t length) {
  char bytes[MESSAGE_MAX];
  const size_t total = text_expand(message, length, bytes);
  for (size_t at = 0; at < total;) {
    const size_t rest = total - at;
    phone_give(bytes + at, rest);
    const int32_t unit = CHECKED(core_frame(phone.given));
    if (unit <= 0 || (size_t)unit > rest) return;
    receive(source, bytes + at, (size_t)unit);
    at += (size_t)unit;
  }
}
