/* UDP as a phone needs it: one local port, and errors of the network that say which server they are about.
 *
 * A socket that is not connected never hears that a port is closed or a host unreachable, and a connected one never hears a
 * third party. So there is one connected socket for each server, and one unconnected for each family, all bound to the
 * same port: the system gives a datagram to the connected socket where its source fits. Nothing here looks into a datagram. */

#ifndef POSIX_NET_H
#define POSIX_NET_H

#include "config.h"

/* `address:port`, IPv6 in brackets: no longer than the core takes it. */
#define NET_PLACE_MAX 56
/* The core counts up to 8 addresses of a server. */
#define NET_TARGETS 8

/* What comes of net_wait(): the phone has them. */
void net_received(uint32_t server, const uint8_t *bytes, uint32_t length);
void net_failed(uint32_t server);

/* Looks the servers up, takes the local port and connects to each server's first address. A server whose name has no address
 * fails whenever something is sent to it. @param earlierPort tried first where the port is a random one; 0: none
 * @returns NULL; else why not, and what to do */
const char *net_open(const struct config *config, uint32_t earlierPort);
void net_close(void);
/* Looks the names up again, and connects every socket anew: our own address may be another one. It waits for the answers. */
void net_renew(const struct config *config);

uint32_t net_port(void);
/* How many addresses a server has. */
uint32_t net_targets(uint32_t server);
/* From now on the server is reached at that address of it. */
void net_point(uint32_t server, uint32_t target);
/* The address in use, without brackets; "": its name has none. */
const char *net_address(uint32_t server);
/* Our own place towards it; the wildcard while there is no way. */
const char *net_local(uint32_t server);

/* @returns 0: it cannot leave */
int net_send(uint32_t server, const void *bytes, uint32_t length);
/* Waits until something comes, `ms` at the most, or `file` can be read; then hands over what came. */
void net_wait(int ms, int file);

#endif
