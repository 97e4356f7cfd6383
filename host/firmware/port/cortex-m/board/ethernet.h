/* A network chip as the stacks see it: whole frames without their checksum, asked for and never waited for. */

#ifndef ETHERNET_H
#define ETHERNET_H

#include <stdint.h>

/* The longest frame without a tag and without its checksum. */
#define ETHERNET_FRAME_MAX 1514u

/* Resets the chip and gives it its address. Ends the program when there is none. */
void ethernet_start(const uint8_t hardware[6]);

/* Hands over a frame of 14..ETHERNET_FRAME_MAX bytes; a short one is filled up. */
void ethernet_send(const uint8_t *frame, uint32_t length);

/* The next frame that came: its length, at most ETHERNET_FRAME_MAX. 0: none, or one that was damaged or too long. */
uint32_t ethernet_receive(uint8_t frame[ETHERNET_FRAME_MAX]);

#endif
