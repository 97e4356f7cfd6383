/* A handful of neighbours, each asked for when it is first needed and again from time to time. */

#include "link.h"

#include <string.h>

#include "../board/board.h"
#include "../board/ethernet.h"
#include "bytes.h"

#define TYPE_IPV4 0x0800u
#define TYPE_ARP 0x0806u
#define ARP_LENGTH 28u
enum { REQUEST = 1, REPLY = 2 };

/* Four servers, a gateway, and somebody who pings us. */
#define NEIGHBOURS 6
/* A neighbour may be another machine by now, as when a standby takes its address over. RFC 1122 §2.3.2.1. */
#define VALID_MS 60000u
/* Asked at most once a second. RFC 1122 §2.3.2.1. */
#define ASK_MS 1000u

struct neighbour {
  uint32_t address; /* 0: free */
  uint32_t heardAt; /* meaningful when it is known */
  uint32_t askedAt;
  uint8_t isKnown;
  uint8_t isAsked;
  uint8_t hardware[6];
};

static struct neighbour neighbours[NEIGHBOURS];
static uint32_t nextVictim;
static uint8_t ownHardware[6];
static uint32_t ownAddress;

static const uint8_t BROADCAST[6] = {255, 255, 255, 255, 255, 255};
static const uint8_t ETHERNET_IPV4[6] = {0, 1, 8, 0, 6, 4};

static struct neighbour *find(uint32_t address) {
  for (uint32_t at = 0; at < NEIGHBOURS; at++)
    if (neighbours[at].address == address) return &neighbours[at];
  return 0;
}

/* A free place, or each in its turn. */
static struct neighbour *take(uint32_t address) {
  struct neighbour *taken = find(0);
  if (!taken) taken = &neighbours[nextVictim++ % NEIGHBOURS];
  memset(taken, 0, sizeof *taken);
  taken->address = address;
  return taken;
}

static void address_frame(uint8_t *frame, const uint8_t *to, uint32_t type) {
  memcpy(frame, to, 6);
  memcpy(frame + 6, ownHardware, 6);
  put16(frame + 12, type);
}

static void say(uint32_t operation, const uint8_t *to, uint32_t target) {
  uint8_t frame[LINK_HEADER + ARP_LENGTH];
  uint8_t *arp = frame + LINK_HEADER;
  address_frame(frame, to, TYPE_ARP);
  memcpy(arp, ETHERNET_IPV4, sizeof ETHERNET_IPV4);
  put16(arp + 6, operation);
  memcpy(arp + 8, ownHardware, 6);
  put32(arp + 14, ownAddress);
  memcpy(arp + 18, to, 6);
  put32(arp + 24, target);
  ethernet_send(frame, sizeof frame);
}

void link_start(const uint8_t hardware[6], uint32_t address) {
  memcpy(ownHardware, hardware, 6);
  ownAddress = address;
  ethernet_start(hardware);
  /* Whoever had our address cached under another hardware learns the new one. RFC 5227 §2.3. */
  say(REQUEST, BROADCAST, address);
}

uint32_t link_hear(const uint8_t *frame, uint32_t length) {
  const uint8_t *arp = frame + LINK_HEADER;
  if (get16(frame + 12) != TYPE_ARP || length < LINK_HEADER + ARP_LENGTH) return 0;
  if (memcmp(arp, ETHERNET_IPV4, sizeof ETHERNET_IPV4) != 0) return 0;
  const uint32_t sender = get32(arp + 14);
  const int isForUs = get32(arp + 24) == ownAddress;
  struct neighbour *neighbour = find(sender);
  /* An address of 0 only probes, RFC 5227 §2.1.1; strangers are kept only when they talk to us. */
  if (sender == 0 || sender == ownAddress || (!neighbour && !isForUs)) return 0;
  if (!neighbour) neighbour = take(sender);
  memcpy(neighbour->hardware, arp + 8, 6);
  neighbour->isKnown = 1;
  neighbour->isAsked = 0;
  neighbour->heardAt = board_now();
  if (isForUs && get16(arp + 6) == REQUEST) say(REPLY, arp + 8, sender);
  return sender;
}

static void ask(struct neighbour *neighbour) {
  const uint32_t now = board_now();
  if (neighbour->isAsked && now - neighbour->askedAt < ASK_MS) return;
  neighbour->isAsked = 1;
  neighbour->askedAt = now;
  say(REQUEST, BROADCAST, neighbour->address);
}

uint32_t link_send(uint8_t *frame, uint32_t length, uint32_t address) {
  struct neighbour *neighbour = find(address);
  if (!neighbour) neighbour = take(address);
  /* An old entry serves until the answer is in. */
  if (!neighbour->isKnown || board_now() - neighbour->heardAt >= VALID_MS) ask(neighbour);
  if (!neighbour->isKnown) return 0;
  address_frame(frame, neighbour->hardware, TYPE_IPV4);
  ethernet_send(frame, length);
  return 1;
}

void link_return(uint8_t *frame, uint32_t length) {
  uint8_t to[6];
  memcpy(to, frame + 6, 6);
  address_frame(frame, to, TYPE_IPV4);
  ethernet_send(frame, length);
}
