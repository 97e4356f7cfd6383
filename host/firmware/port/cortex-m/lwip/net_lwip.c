/* net.h on lwIP 2.1, by its raw calls without an operating system. For a product that has lwIP already, this file is the
 * whole adapter: udp_new, udp_bind, udp_recv, udp_sendto, and one look at ICMP. */

#include <string.h>

#include "board/board.h"
#include "board/ethernet.h"
#include "lwip/etharp.h"
#include "lwip/inet_chksum.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/prot/icmp.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"
#include "net/net.h"

static struct netif interface;
static struct udp_pcb *socket;
/* One frame on its way in, and then what is in it; one on its way out. */
static uint8_t input[ETHERNET_FRAME_MAX], output[ETHERNET_FRAME_MAX];

u32_t sys_now(void) { return board_now(); }

static err_t send_frame(struct netif *netif, struct pbuf *frame) {
  (void)netif;
  const uint16_t length = pbuf_copy_partial(frame, output, sizeof output, 0);
  ethernet_send(output, length);
  return ERR_OK;
}

static err_t start_interface(struct netif *netif) {
  const struct net_settings *settings = netif->state;
  netif->name[0] = 'e';
  netif->name[1] = '0';
  netif->output = etharp_output;
  netif->linkoutput = send_frame;
  netif->mtu = 1500;
  netif->hwaddr_len = sizeof settings->hardware;
  memcpy(netif->hwaddr, settings->hardware, sizeof settings->hardware);
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
  ethernet_start(settings->hardware);
  return ERR_OK;
}

static void hear(void *argument, struct udp_pcb *pcb, struct pbuf *datagram, const ip_addr_t *from, u16_t port) {
  (void)argument;
  (void)pcb;
  /* The frame was copied into buffers of lwIP, so its place is free again. */
  const uint16_t length = pbuf_copy_partial(datagram, input, sizeof input, 0);
  const uint32_t address = lwip_ntohl(ip4_addr_get_u32(from));
  pbuf_free(datagram);
  net_received(input, length, address, port);
}

/* Before lwIP reads a packet: is it the word that a port of ours is closed? It quotes the header of what we sent, and the
 * ports after it. RFC 792. Returns 0: lwIP goes on with it. */
int net_lwip_look(struct pbuf *packet, struct netif *netif) {
  struct {
    struct ip_hdr ip;
    struct icmp_echo_hdr icmp;
    struct ip_hdr quoted;
    uint16_t from, to;
  } head;
  if (packet->len < sizeof head) return 0;
  memcpy(&head, packet->payload, sizeof head);
  const uint32_t own = ip4_addr_get_u32(netif_ip4_addr(netif)), length = lwip_ntohs(IPH_LEN(&head.ip));
  if (IPH_PROTO(&head.ip) != IP_PROTO_ICMP || head.ip.dest.addr != own) return 0;
  if (IPH_HL_BYTES(&head.ip) != IP_HLEN || IPH_HL_BYTES(&head.quoted) != IP_HLEN) return 0;
  if (ICMPH_TYPE(&head.icmp) != ICMP_DUR || IPH_PROTO(&head.quoted) != IP_PROTO_UDP) return 0;
  if (head.quoted.src.addr != own || lwip_ntohs(head.from) != socket->local_port) return 0;
  if (length < sizeof head || length > packet->len || inet_chksum(packet->payload, IP_HLEN) != 0) return 0;
  if (inet_chksum((uint8_t *)packet->payload + IP_HLEN, (u16_t)(length - IP_HLEN)) != 0) return 0;
  net_refused(lwip_ntohl(head.quoted.dest.addr), lwip_ntohs(head.to));
  return 0;
}

void net_start(const struct net_settings *settings) {
  const ip4_addr_t address = {lwip_htonl(settings->address)}, netmask = {lwip_htonl(settings->netmask)},
                   gateway = {lwip_htonl(settings->gateway)};
  lwip_init();
  netif_add(&interface, &address, &netmask, &gateway, (void *)settings, start_interface, netif_input);
  netif_set_default(&interface);
  netif_set_up(&interface);
  socket = udp_new();
  udp_bind(socket, IP_ADDR_ANY, settings->port);
  udp_recv(socket, hear, NULL);
}

void net_poll(void) {
  uint32_t length;
  for (uint32_t left = NET_FRAMES_A_TURN; left > 0 && (length = ethernet_receive(input)) > 0; left--) {
    struct pbuf *const frame = pbuf_alloc(PBUF_RAW, (u16_t)length, PBUF_POOL);
    if (!frame) continue; /* lost, as on any full queue */
    pbuf_take(frame, input, (u16_t)length);
    if (interface.input(frame, &interface) != ERR_OK) pbuf_free(frame);
  }
  sys_check_timeouts();
}

uint32_t net_send(const uint8_t *bytes, uint32_t length, uint32_t address, uint16_t port) {
  if (length > NET_PAYLOAD_MAX) return 0;
  struct pbuf *const datagram = pbuf_alloc(PBUF_TRANSPORT, (u16_t)length, PBUF_RAM);
  if (!datagram) return 0;
  const ip4_addr_t to = {lwip_htonl(address)};
  pbuf_take(datagram, bytes, (u16_t)length);
  const err_t sent = udp_sendto(socket, datagram, &to, port);
  pbuf_free(datagram);
  return sent == ERR_OK;
}
