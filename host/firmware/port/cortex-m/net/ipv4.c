/* IPv4, UDP and ICMP for one address and one port: no fragments, no options of our own. RFC 791, RFC 768, RFC 792.
 *
 * Two frames are all its memory: the one that is read, and the one that is sent, which waits there for ARP when it must
 * (RFC 1122 §2.3.2.2: at least the latest). Below: link.h. */

#include <string.h>

#include "../board/ethernet.h"
#include "bytes.h"
#include "link.h"
#include "net.h"

#define IP_HEADER 20u
#define UDP_HEADER 8u
#define ICMP_HEADER 8u
#define UDP_AT (LINK_HEADER + IP_HEADER)
#define TYPE_IPV4 0x0800u
enum { ICMP = 1, UDP = 17 };
enum { ECHO_REPLY = 0, UNREACHABLE = 3, ECHO = 8 };
/* More fragments, and the offset of this one. */
#define FRAGMENT 0x3FFFu

static struct net_settings own;
static uint8_t input[ETHERNET_FRAME_MAX];
static uint8_t output[ETHERNET_FRAME_MAX];
/* Bytes of `output` that wait until `waitsFor` is known; 0: none. */
static uint32_t waiting, waitsFor;
static uint16_t identification;

uint32_t net_add(uint32_t sum, const uint8_t *bytes, uint32_t length) {
  for (; length > 1; length -= 2, bytes += 2) sum += get16(bytes);
  return length == 0 ? sum : sum + ((uint32_t)bytes[0] << 8);
}

uint32_t net_checksum(uint32_t sum) {
  while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
  return ~sum & 0xFFFF;
}

void net_start(const struct net_settings *settings) {
  own = *settings;
  link_start(own.hardware, own.address);
}

/* Over the addresses of an IP header, the protocol and the datagram. RFC 768. */
static uint32_t udp_sum(const uint8_t *ip, const uint8_t *udp, uint32_t length) {
  return net_checksum(net_add(net_add(UDP + length, ip + 12, 8), udp, length));
}

static void write_ip(uint8_t *ip, uint32_t payload, uint32_t to) {
  memset(ip, 0, IP_HEADER);
  ip[0] = 0x45;
  put16(ip + 2, IP_HEADER + payload);
  put16(ip + 4, identification++);
  ip[8] = 64;
  ip[9] = UDP;
  put32(ip + 12, own.address);
  put32(ip + 16, to);
  put16(ip + 10, net_checksum(net_add(0, ip, IP_HEADER)));
}

uint32_t net_send(const uint8_t *bytes, uint32_t length, uint32_t address, uint16_t port) {
  const int isNear = ((address ^ own.address) & own.netmask) == 0;
  waitsFor = isNear ? address : own.gateway;
  waiting = 0;
  if (length > NET_PAYLOAD_MAX || waitsFor == 0) return 0;
  uint8_t *ip = output + LINK_HEADER, *udp = output + UDP_AT;
  write_ip(ip, UDP_HEADER + length, address);
  put16(udp, own.port);
  put16(udp + 2, port);
  put16(udp + 4, UDP_HEADER + length);
  put16(udp + 6, 0);
  memcpy(udp + UDP_HEADER, bytes, length);
  const uint32_t sum = udp_sum(ip, udp, UDP_HEADER + length);
  put16(udp + 6, sum == 0 ? 0xFFFF : sum);
  const uint32_t total = UDP_AT + UDP_HEADER + length;
  if (!link_send(output, total, waitsFor)) waiting = total;
  return 1;
}

static void hear_udp(const uint8_t *ip, const uint8_t *udp, uint32_t length) {
  const uint32_t total = length < UDP_HEADER ? 0 : get16(udp + 4);
  if (total < UDP_HEADER || total > length || get16(udp + 2) != own.port) return;
  if (get16(udp + 6) != 0 && udp_sum(ip, udp, total) != 0) return;
  net_received(udp + UDP_HEADER, total - UDP_HEADER, get32(ip + 12), (uint16_t)get16(udp));
}

/* It quotes the header of what we sent, and the ports after it. RFC 792. */
static void hear_unreachable(const uint8_t *quoted, uint32_t length) {
  const uint32_t header = length < IP_HEADER ? 0 : (quoted[0] & 15u) * 4;
  if (header < IP_HEADER || length < header + UDP_HEADER) return;
  const uint8_t *udp = quoted + header;
  if (quoted[9] != UDP || get32(quoted + 12) != own.address || get16(udp) != own.port) return;
  net_refused(get32(quoted + 16), (uint16_t)get16(udp + 2));
}

static void hear_icmp(uint8_t *ip, uint8_t *icmp, uint32_t length) {
  if (length < ICMP_HEADER || net_checksum(net_add(0, icmp, length)) != 0) return;
  if (icmp[0] == UNREACHABLE) hear_unreachable(icmp + ICMP_HEADER, length - ICMP_HEADER);
  if (icmp[0] != ECHO) return;
  /* It goes back in the frame that it came in: the addresses change places, the sum of the header stays. */
  icmp[0] = ECHO_REPLY;
  put16(icmp + 2, 0);
  put16(icmp + 2, net_checksum(net_add(0, icmp, length)));
  memcpy(ip + 16, ip + 12, 4);
  put32(ip + 12, own.address);
  link_return(input, (uint32_t)(icmp - input) + length);
}

static void hear_ip(uint32_t length) {
  uint8_t *ip = input + LINK_HEADER;
  const uint32_t room = length - LINK_HEADER;
  if (get16(input + 12) != TYPE_IPV4 || room < IP_HEADER || ip[0] >> 4 != 4) return;
  const uint32_t header = (ip[0] & 15u) * 4, total = get16(ip + 2);
  if (header < IP_HEADER || total < header || total > room) return;
  if (net_checksum(net_add(0, ip, header)) != 0 || (get16(ip + 6) & FRAGMENT) != 0) return;
  if (get32(ip + 16) != own.address) return;
  if (ip[9] == UDP) hear_udp(ip, ip + header, total - header);
  if (ip[9] == ICMP) hear_icmp(ip, ip + header, total - header);
}

void net_poll(void) {
  uint32_t length;
  for (uint32_t left = NET_FRAMES_A_TURN; left > 0 && (length = ethernet_receive(input)) > LINK_HEADER; left--) {
    const uint32_t known = link_hear(input, length);
    if (known != 0 && known == waitsFor && waiting > 0 && link_send(output, waiting, waitsFor)) waiting = 0;
    hear_ip(length);
  }
}
