/* UDP over one Ethernet, as the phone sees it. Two stacks answer to it: the small one of this folder, and lwIP through
 * ../lwip/net_lwip.c. IPv4 addresses are numbers, 192.0.2.1 is 0xC0000201.
 *
 * Called from one place in turn: nothing here may be entered from an interrupt. */

#ifndef NET_H
#define NET_H

#include <stdint.h>

struct net_settings {
  uint8_t hardware[6];
  /* The local UDP port, 1..65535. */
  uint16_t port;
  uint32_t address;
  uint32_t netmask;
  /* Where packets to other networks go. 0: nowhere. */
  uint32_t gateway;
};

/* Starts the chip and tells the neighbours that we are here. Once. */
void net_start(const struct net_settings *settings);

/* Takes in what has come, and calls the two functions below. Once a millisecond will do. A flood does not keep it: what
 * is left after some frames waits for the next call, or is lost by the chip. */
void net_poll(void);
#define NET_FRAMES_A_TURN 8u

/* Sends one datagram of at most NET_PAYLOAD_MAX bytes. 0: it cannot go out. 1: it has gone, or waits for ARP; it may be
 * lost on the way like any other. */
uint32_t net_send(const uint8_t *bytes, uint32_t length, uint32_t address, uint16_t port);
#define NET_PAYLOAD_MAX 1472u

/* Given by whoever uses the stack. The bytes are the stack's again when it returns. */
void net_received(const uint8_t *bytes, uint32_t length, uint32_t address, uint16_t port);

/* Given by whoever uses the stack: what was sent there met a closed port or an unreachable host, says ICMP. */
void net_refused(uint32_t address, uint16_t port);

#endif
