/* Uses more stack than there is: nothing may be written below it, where other data could lie. */

#include "board/board.h"

static uint32_t deeper(uint32_t depth) {
  volatile uint32_t block[16];
  for (uint32_t at = 0; at < 16; at++) block[at] = depth;
  return depth == 0 ? block[3] : deeper(depth - 1) + block[5];
}

int main(void) {
  board_log("start\n");
  board_log_number(deeper(1000));
  board_log(" came back\n");
  return 0;
}
