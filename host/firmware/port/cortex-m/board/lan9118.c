/* SMSC LAN9118 (MPS2, MPS3): asked each time, words through the data port. Names as in its data sheet, chapter 5. */

#include "board.h"
#include "ethernet.h"

#ifndef LAN9118_BASE
#define LAN9118_BASE 0x40200000u
#endif

#define CHIP(offset) (*(volatile uint32_t *)(LAN9118_BASE + (offset)))
#define RX_DATA CHIP(0x00)
#define TX_DATA CHIP(0x20)
#define RX_STATUS CHIP(0x40)
#define TX_STATUS CHIP(0x48)
#define INT_STS CHIP(0x58)
#define INT_EN CHIP(0x5C)
#define BYTE_TEST CHIP(0x64)
#define FIFO_INT CHIP(0x68)
#define TX_CFG CHIP(0x70)
#define HW_CFG CHIP(0x74)
#define RX_FIFO_INF CHIP(0x7C)
#define TX_FIFO_INF CHIP(0x80)
#define MAC_CSR_CMD CHIP(0xA4)
#define MAC_CSR_DATA CHIP(0xA8)

#define BYTE_TEST_VALUE 0x87654321u
#define HW_CFG_SOFT_RESET 1u
#define HW_CFG_TX_FIFO_5_KIB 0x00050000u
#define TX_CFG_ON 2u
#define FIFO_INT_NEVER 0xFF000000u
#define MAC_BUSY 0x80000000u
enum mac_register { MAC_CR = 1, ADDRH = 2, ADDRL = 3 };
#define MAC_CR_FULL_DUPLEX_TX_RX 0x0010000Cu
#define TX_FIRST_AND_LAST_SEGMENT 0x3000u
#define RX_ERROR 0x8000u
#define CHECKSUM_LENGTH 4u

/* Bytes that a frame takes in the FIFO besides its own: two command words and the round-up to a word. */
#define TX_OVERHEAD 12u

static void write_mac(enum mac_register index, uint32_t value) {
  while (MAC_CSR_CMD & MAC_BUSY) continue;
  MAC_CSR_DATA = value;
  MAC_CSR_CMD = MAC_BUSY | index;
  while (MAC_CSR_CMD & MAC_BUSY) continue;
}

void ethernet_start(const uint8_t hardware[6]) {
  if (BYTE_TEST != BYTE_TEST_VALUE) {
    board_log("no LAN9118 here\n");
    board_exit(BOARD_EXIT_ETHERNET);
  }
  HW_CFG = HW_CFG_SOFT_RESET;
  while (HW_CFG & HW_CFG_SOFT_RESET) continue;
  HW_CFG = HW_CFG_TX_FIFO_5_KIB;
  INT_EN = 0;
  INT_STS = ~0u;
  FIFO_INT = FIFO_INT_NEVER;
  write_mac(ADDRL, hardware[0] | hardware[1] << 8 | hardware[2] << 16 | (uint32_t)hardware[3] << 24);
  write_mac(ADDRH, hardware[4] | (uint32_t)hardware[5] << 8);
  TX_CFG = TX_CFG_ON;
  write_mac(MAC_CR, MAC_CR_FULL_DUPLEX_TX_RX);
}

void ethernet_send(const uint8_t *frame, uint32_t length) {
  while ((TX_FIFO_INF & 0xFFFF) < length + TX_OVERHEAD) continue;
  TX_DATA = TX_FIRST_AND_LAST_SEGMENT | length;
  TX_DATA = length;
  for (uint32_t at = 0; at < length; at += 4) {
    uint32_t word = 0;
    for (uint32_t byte = 0; byte < 4 && at + byte < length; byte++) word |= (uint32_t)frame[at + byte] << 8 * byte;
    TX_DATA = word;
  }
  while (TX_FIFO_INF >> 16 & 0xFF) (void)TX_STATUS;
}

uint32_t ethernet_receive(uint8_t frame[ETHERNET_FRAME_MAX]) {
  if ((RX_FIFO_INF >> 16 & 0xFF) == 0) return 0;
  const uint32_t status = RX_STATUS;
  const uint32_t length = status >> 16 & 0x3FFF;
  for (uint32_t at = 0; at < length; at += 4) {
    const uint32_t word = RX_DATA;
    for (uint32_t byte = at; byte < at + 4 && byte < ETHERNET_FRAME_MAX; byte++)
      frame[byte] = (uint8_t)(word >> 8 * (byte - at));
  }
  const int isWhole = length > CHECKSUM_LENGTH && length <= ETHERNET_FRAME_MAX + CHECKSUM_LENGTH;
  return (status & RX_ERROR) || !isWhole ? 0 : length - CHECKSUM_LENGTH;
}
