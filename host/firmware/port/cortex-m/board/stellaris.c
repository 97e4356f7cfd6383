/* The Ethernet controller inside the LM3S6965: asked each time, words through the data register. Names as in the data
 * sheet, chapter 16. */

#include "board.h"
#include "ethernet.h"

#define CHIP(offset) (*(volatile uint32_t *)(0x40048000u + (offset)))
#define MAC_IM CHIP(0x04)
#define MAC_RCTL CHIP(0x08)
#define MAC_TCTL CHIP(0x0C)
#define MAC_DATA CHIP(0x10)
#define MAC_IA0 CHIP(0x14)
#define MAC_IA1 CHIP(0x18)
#define MAC_NP CHIP(0x34)
#define MAC_TR CHIP(0x38)
/* System control: clocks of the controller and its PHY. */
#define RCGC2 (*(volatile uint32_t *)0x400FE108u)

#define RCGC2_EPHY0_EMAC0 0x50000000u
#define RCTL_RESET_FIFO 0x10u
#define RCTL_ON 0x01u
#define TCTL_DUPLEX_CHECKSUM_PAD_ON 0x17u
#define TR_NEW_TRANSMISSION 1u
#define NP_FRAMES 0x3Fu
#define HEADER_LENGTH 14u
/* The first half word of a frame in the FIFO is its length; it counts itself, and on the way in the checksum too. */
#define LENGTH_LENGTH 2u
#define CHECKSUM_LENGTH 4u

void ethernet_start(const uint8_t hardware[6]) {
  RCGC2 |= RCGC2_EPHY0_EMAC0;
  MAC_IM = 0;
  MAC_RCTL = RCTL_RESET_FIFO;
  MAC_IA0 = hardware[0] | hardware[1] << 8 | hardware[2] << 16 | (uint32_t)hardware[3] << 24;
  MAC_IA1 = hardware[4] | (uint32_t)hardware[5] << 8;
  MAC_TCTL = TCTL_DUPLEX_CHECKSUM_PAD_ON;
  MAC_RCTL = RCTL_ON;
}

void ethernet_send(const uint8_t *frame, uint32_t length) {
  while (MAC_TR & TR_NEW_TRANSMISSION) continue;
  /* Here the length counts neither itself nor the header. */
  uint32_t word = length - HEADER_LENGTH;
  for (uint32_t at = 0, shift = 16; at < length; at++) {
    word |= (uint32_t)frame[at] << shift;
    shift = (shift + 8) % 32;
    if (shift != 0) continue;
    MAC_DATA = word;
    word = 0;
  }
  if ((length + LENGTH_LENGTH) % 4 != 0) MAC_DATA = word;
  MAC_TR = TR_NEW_TRANSMISSION;
}

uint32_t ethernet_receive(uint8_t frame[ETHERNET_FRAME_MAX]) {
  if ((MAC_NP & NP_FRAMES) == 0) return 0;
  uint32_t word = MAC_DATA;
  const uint32_t total = word & 0xFFFF;
  for (uint32_t at = LENGTH_LENGTH; at < total; at++) {
    if (at % 4 == 0) word = MAC_DATA;
    if (at - LENGTH_LENGTH < ETHERNET_FRAME_MAX) frame[at - LENGTH_LENGTH] = (uint8_t)(word >> at % 4 * 8);
  }
  const uint32_t length = total - LENGTH_LENGTH - CHECKSUM_LENGTH;
  return length > ETHERNET_FRAME_MAX ? 0 : length;
}
