/* What of lwIP is compiled: UDP and echo over IPv4 on one Ethernet, without an operating system. lwip/opt.h explains each. */

#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_TCP 0
#define LWIP_RAW 0
#define LWIP_IPV6 0
#define LWIP_DHCP 0
#define LWIP_DNS 0
#define IP_FRAG 0
#define IP_REASSEMBLY 0
#define LWIP_STATS 0
#define LWIP_NETIF_HOSTNAME 0

/* One datagram goes out at a time, and waits for ARP if it must. Of those that wait for one neighbour lwIP keeps only the
 * last, unless it may queue them: the phone asks several lines' worth at once. */
#define ARP_QUEUEING 1
#define ARP_TABLE_SIZE 6
#define MEMP_NUM_ARP_QUEUE 4

#define MEM_ALIGNMENT 4
/* Holds what is sent until it has gone: one datagram of the core, and what ARP keeps of small ones. */
#define MEM_SIZE 4096
#define MEMP_NUM_UDP_PCB 1
#define MEMP_NUM_PBUF 4
/* A frame each. */
#define PBUF_POOL_SIZE 2
#define PBUF_POOL_BUFSIZE 1536

/* lwIP takes no notice of a closed port: net_lwip.c reads what ICMP says of it. */
struct pbuf;
struct netif;
int net_lwip_look(struct pbuf *packet, struct netif *netif);
#define LWIP_HOOK_IP4_INPUT(packet, netif) net_lwip_look(packet, netif)

#endif
