/* Fields of the wire, big-endian, at any address; and the checksum of IP, ICMP and UDP (RFC 1071). */

#ifndef NET_BYTES_H
#define NET_BYTES_H

#include <stdint.h>

static inline uint32_t get16(const uint8_t *at) { return (uint32_t)at[0] << 8 | at[1]; }

static inline uint32_t get32(const uint8_t *at) { return get16(at) << 16 | get16(at + 2); }

static inline void put16(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static inline void put32(uint8_t *at, uint32_t value) {
  put16(at, value >> 16);
  put16(at + 2, value);
}

/* Adds bytes to a sum; only the last piece may have an odd length. */
uint32_t net_add(uint32_t sum, const uint8_t *bytes, uint32_t length);

/* What is written into the header; 0 when a whole message with its checksum was added. */
uint32_t net_checksum(uint32_t sum);

#endif
