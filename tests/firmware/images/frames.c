/* The small stack as a program of this machine, under sanitizers: frames of every kind, broken at random.
 *
 * Each frame is given as if it were all that the chip holds, and what lies behind it in the buffer may not be read. What is
 * sent must be a frame. Words: a seed, how many frames. Exit code 0. */

#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board/board.h"
#include "board/ethernet.h"
#include "net/bytes.h"
#include "net/net.h"

#define OWN 0xC0000264u
#define HOST 0xC000020Au
static const uint8_t HARDWARE[6] = {2, 0x5f, 0, 0, 0, 0x64};

static uint32_t state, now, delivered, refused, sent;
static uint8_t frame[ETHERNET_FRAME_MAX];
static uint32_t frameLength;

static uint32_t draw(uint32_t limit) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state % limit;
}

static void must(int condition, const char *what) {
  if (condition) return;
  fprintf(stderr, "%s\n", what);
  abort();
}

uint32_t board_now(void) { return now; }

void ethernet_start(const uint8_t hardware[6]) { must(memcmp(hardware, HARDWARE, 6) == 0, "another address"); }

void ethernet_send(const uint8_t *bytes, uint32_t length) {
  must(length >= 14 && length <= ETHERNET_FRAME_MAX, "no frame was sent");
  must(memcmp(bytes + 6, HARDWARE, 6) == 0, "a frame from somebody else");
  sent++;
}

uint32_t ethernet_receive(uint8_t into[ETHERNET_FRAME_MAX]) {
  const uint32_t length = frameLength;
  ASAN_UNPOISON_MEMORY_REGION(into, ETHERNET_FRAME_MAX);
  memcpy(into, frame, length);
  ASAN_POISON_MEMORY_REGION(into + length, ETHERNET_FRAME_MAX - length);
  frameLength = 0;
  return length;
}

void net_received(const uint8_t *bytes, uint32_t length, uint32_t address, uint16_t port) {
  static volatile uint8_t last;
  for (uint32_t at = 0; at < length; at++) last = bytes[at];
  (void)last;
  delivered++;
  if (draw(2) == 0) net_send(bytes, length, address, port);
}

void net_refused(uint32_t address, uint16_t port) {
  (void)address;
  (void)port;
  refused++;
}

static void put_ip(uint8_t *ip, uint32_t length, uint8_t protocol, uint32_t from, uint32_t to) {
  memset(ip, 0, 20);
  ip[0] = 0x45;
  put16(ip + 2, 20 + length);
  ip[8] = 64;
  ip[9] = protocol;
  put32(ip + 12, from);
  put32(ip + 16, to);
  put16(ip + 10, net_checksum(net_add(0, ip, 20)));
}

/* One of: ARP, a datagram, an echo, a closed port. */
static void make_frame(void) {
  const uint32_t kind = draw(4), payload = draw(3) == 0 ? draw(1473) : draw(64);
  uint8_t *ip = frame + 14, *inside = ip + 20;
  memcpy(frame, HARDWARE, 6);
  memcpy(frame + 6, "\2\x5f\0\0\0\x0a", 6);
  put16(frame + 12, kind == 0 ? 0x0806 : 0x0800);
  if (kind == 0) {
    const uint8_t arp[28] = {0, 1, 8, 0, 6, 4, 0, (uint8_t)(1 + draw(2)), 2, 0x5f, 0, 0, 0, 10, 192, 0, 2, (uint8_t)draw(20),
                             0, 0, 0, 0, 0, 0, 192, 0, 2, 100};
    memcpy(ip, arp, sizeof arp);
    frameLength = 14 + sizeof arp;
    return;
  }
  for (uint32_t at = 0; at < 8 + payload; at++) inside[at] = (uint8_t)draw(256);
  put_ip(ip, 8 + payload, kind == 1 ? 17 : 1, HOST, OWN);
  put16(inside + 2, 0);
  if (kind == 1) {
    put16(inside + 2, 5060);
    put16(inside + 4, 8 + payload);
    put16(inside + 6, 0);
  } else {
    put16(inside, kind == 2 ? 0x0800 : 0x0303);
    if (kind == 3 && payload >= 28) {
      put_ip(inside + 8, 8, 17, OWN, HOST);
      put16(inside + 28, 5060);
    }
    put16(inside + 2, net_checksum(net_add(0, inside, 8 + payload)));
  }
  frameLength = 14 + 20 + 8 + payload;
}

/* Leaves one frame in three whole. Sums of headers are made good again in half of the others: what they guard is broken. */
static void break_frame(void) {
  for (uint32_t breaks = draw(3); breaks > 0; breaks--) {
    if (draw(4) == 0) frameLength = draw(frameLength + 1);
    else if (frameLength > 0) frame[draw(frameLength < 60 || draw(8) == 0 ? frameLength : 60)] = (uint8_t)draw(256);
  }
  if (frameLength < 34 || draw(2) == 0) return;
  uint8_t *ip = frame + 14;
  const uint32_t header = (ip[0] & 15u) * 4, total = get16(ip + 2);
  if (header < 20 || 14 + header > frameLength) return;
  put16(ip + 10, 0);
  put16(ip + 10, net_checksum(net_add(0, ip, header)));
  if (ip[9] != 1 || total < header + 4 || 14 + total > frameLength) return;
  put16(ip + header + 2, 0);
  put16(ip + header + 2, net_checksum(net_add(0, ip + header, total - header)));
}

int main(int count, char **words) {
  must(count == 3, "words: a seed, how many frames");
  state = (uint32_t)atoi(words[1]) * 2654435761u + 1;
  const struct net_settings settings = {{2, 0x5f, 0, 0, 0, 0x64}, 5060, OWN, 0xFFFFFF00u, HOST};
  net_start(&settings);
  for (int left = atoi(words[2]); left > 0; left--) {
    make_frame();
    break_frame();
    now += draw(5) == 0 ? draw(100000) : draw(3);
    net_poll();
  }
  printf("%u delivered, %u refused, %u sent\n", delivered, refused, sent);
  return 0;
}
