/* Ethernet and ARP: which hardware an IPv4 address has. RFC 894, RFC 826.
 *
 * Below: board/ethernet.h. Above: ipv4.c. */

#ifndef NET_LINK_H
#define NET_LINK_H

#include <stdint.h>

#define LINK_HEADER 14u

void link_start(const uint8_t hardware[6], uint32_t address);

/* Takes in an ARP message, LINK_HEADER bytes into a frame. @param length of the frame
 * Returns the address that has become known by it, 0: none. */
uint32_t link_hear(const uint8_t *frame, uint32_t length);

/* Sends a frame whose payload is in place. 0: the neighbour is not known yet, and has been asked. */
uint32_t link_send(uint8_t *frame, uint32_t length, uint32_t neighbour);

/* Sends a frame back to where it came from. */
void link_return(uint8_t *frame, uint32_t length);

#endif
