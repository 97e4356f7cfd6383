/* The drivers and the small stack alone: whatever comes is sent back, until `end` comes. lan.test.ts talks to it.
 *
 * Exit code 0; 3 when nothing came for a quarter of a minute. */

#include <string.h>

#include "board/board.h"
#include "net/net.h"

#define PATIENCE_MS 15000u

static const struct net_settings SETTINGS = {
    .hardware = {0x02, 0x5f, 0, 0, 0, 0x64},
    .port = 5060,
    .address = 0xC0000264, /* 192.0.2.100 */
    .netmask = 0xFFFFFF00,
    .gateway = 0xC000020A, /* 192.0.2.10 */
};

static uint32_t heardAt, isOver;

void net_received(const uint8_t *bytes, uint32_t length, uint32_t address, uint16_t port) {
  heardAt = board_now();
  isOver = length == 3 && memcmp(bytes, "end", 3) == 0;
  net_send(bytes, length, address, port);
}

void net_refused(uint32_t address, uint16_t port) {
  board_log("refused ");
  board_log_number(address);
  board_log(" ");
  board_log_number(port);
  board_log("\n");
}

int main(void) {
  net_start(&SETTINGS);
  /* Speaks first: this waits for ARP. */
  net_send((const uint8_t *)"near", 4, 0xC000020A, 5060);
  while (!isOver && board_now() - heardAt < PATIENCE_MS) {
    net_poll();
    board_wait();
  }
  board_log("stack ");
  board_log_number(board_stack_used());
  board_log("\n");
  return isOver ? 0 : 3;
}
