/* Below: the sockets of POSIX. As host/node/udp.ts and source.ts. */

#define _POSIX_C_SOURCE 200809L

#include "net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

/* How many ports of a range are tried, from a random one on. */
#define PORT_TRIES 32
/* Taken from one socket before another has its turn: a flood keeps nobody from the timers. */
#define HANDFUL 32

enum { IPV4, IPV6, FAMILIES };
enum { NONE = -1 };

union place {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

struct server {
  union place targets[NET_TARGETS];
  uint32_t count, current;
  int socket;
};

static struct server servers[STANDFAST_SERVERS];
static uint32_t serverCount;
static int openSockets[FAMILIES] = {NONE, NONE};
static uint16_t localPort;
static const char *acceptList;

static socklen_t size_of(const union place *place) {
  return place->any.sa_family == AF_INET6 ? sizeof place->v6 : sizeof place->v4;
}

static uint16_t port_of(const union place *place) {
  return ntohs(place->any.sa_family == AF_INET6 ? place->v6.sin6_port : place->v4.sin_port);
}

static void set_port(union place *place, uint16_t port) {
  if (place->any.sa_family == AF_INET6) place->v6.sin6_port = htons(port);
  else place->v4.sin_port = htons(port);
}

static int is_same_address(const union place *a, const union place *b) {
  if (a->any.sa_family != b->any.sa_family) return 0;
  if (a->any.sa_family == AF_INET6) return memcmp(&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof a->v6.sin6_addr) == 0;
  return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
}

static int is_same(const union place *a, const union place *b) {
  return is_same_address(a, b) && port_of(a) == port_of(b);
}

static const char *address_of(const union place *place) {
  static char text[INET6_ADDRSTRLEN];
  const void *v6 = &place->v6.sin6_addr, *from = place->any.sa_family == AF_INET6 ? v6 : &place->v4.sin_addr;
  return inet_ntop(place->any.sa_family, from, text, sizeof text);
}

/* Whose datagram it is. A server may answer from another port than it was asked at, so its address alone is enough where no
 * other server shares it. */
static uint32_t rank_of(const union place *from) {
  uint32_t alike = 0, only = STANDFAST_SERVER_NONE;
  for (uint32_t server = 0; server < serverCount; server++) {
    uint32_t isAlike = 0;
    for (uint32_t target = 0; target < servers[server].count; target++) {
      if (is_same(&servers[server].targets[target], from)) return server;
      isAlike |= (uint32_t)is_same_address(&servers[server].targets[target], from);
    }
    if (isAlike) alike++, only = server;
  }
  if (alike == 1) return only;
  int isListed = alike > 1;
  union place listed;
  for (const char *item = acceptList; item != NULL && *item != 0; item += strlen(item) + 1) {
    memset(&listed, 0, sizeof listed);
    listed.any.sa_family = strchr(item, ':') != NULL ? AF_INET6 : AF_INET;
    void *to = listed.any.sa_family == AF_INET6 ? (void *)&listed.v6.sin6_addr : (void *)&listed.v4.sin_addr;
    isListed |= inet_pton(listed.any.sa_family, item, to) == 1 && is_same_address(&listed, from);
  }
  return isListed ? STANDFAST_SERVER_LISTED : STANDFAST_SERVER_NONE;
}

/* The addresses of a host, those of the system's order, each once. */
static void look_up(struct server *server, const struct server_config *config) {
  const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_family = AF_UNSPEC};
  struct addrinfo *found = NULL;
  const int failure = getaddrinfo(config->host, NULL, &hints, &found);
  if (failure != 0) {
    log_line(LOG_WARN, "%s has no address: %s; it counts as unreachable until a SIGHUP", config->host,
             gai_strerror(failure));
    return; /* what was known before stays */
  }
  server->count = server->current = 0;
  for (const struct addrinfo *one = found; one != NULL && server->count < NET_TARGETS; one = one->ai_next) {
    union place *place = &server->targets[server->count];
    if (one->ai_addrlen > sizeof *place) continue;
    memcpy(place, one->ai_addr, one->ai_addrlen);
    set_port(place, config->port);
    server->count++;
  }
  freeaddrinfo(found);
}

/* Of the family's wildcard and our port. @returns the socket; NONE, and errno says why */
static int bind_socket(int family, uint16_t port, int isShared) {
  union place own;
  const int on = 1;
  memset(&own, 0, sizeof own);
  own.any.sa_family = (sa_family_t)(family == IPV6 ? AF_INET6 : AF_INET);
  set_port(&own, port);
  const int made = socket(own.any.sa_family, SOCK_DGRAM, 0);
  if (made < 0) return NONE;
  if (isShared) setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (family == IPV6) setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (fcntl(made, F_SETFL, O_NONBLOCK) == 0 && fcntl(made, F_SETFD, FD_CLOEXEC) == 0 &&
      bind(made, &own.any, size_of(&own)) == 0)
    return made;
  const int why = errno;
  close(made);
  errno = why;
  return NONE;
}

/* Sockets that share a port do not notice those of another program that shares it too, so one that shares nothing asks
 * first. */
static int bind_open(int family, uint16_t port) {
  const int probe = bind_socket(family, port, 0);
  if (probe == NONE) return NONE;
  close(probe);
  return bind_socket(family, port, 1);
}

static int is_family_wanted(int family) {
  for (uint32_t server = 0; server < serverCount; server++)
    for (uint32_t target = 0; target < servers[server].count; target++)
      if ((servers[server].targets[target].any.sa_family == AF_INET6) == (family == IPV6)) return 1;
  return 0;
}

static void close_open(void) {
  for (int family = 0; family < FAMILIES; family++) {
    if (openSockets[family] != NONE) close(openSockets[family]);
    openSockets[family] = NONE;
  }
}

/* For every family that a server has and this machine too. @returns 0: not that port, errno says why */
static int take_port(uint16_t port) {
  for (int family = 0; family < FAMILIES; family++) {
    if (!is_family_wanted(family)) continue;
    openSockets[family] = bind_open(family, port);
    if (openSockets[family] != NONE || errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL) continue;
    const int why = errno;
    close_open();
    errno = why;
    return 0;
  }
  localPort = port;
  return openSockets[IPV4] != NONE || openSockets[IPV6] != NONE;
}

static int take_any_port(const struct config *config, uint32_t earlier) {
  const uint32_t size = config->port_max - config->port_min + 1;
  const int isWithin = earlier >= config->port_min && earlier <= config->port_max;
  const uint32_t first = isWithin ? earlier - config->port_min : (uint32_t)rand() % size;
  for (uint32_t tried = 0; tried < PORT_TRIES && tried < size; tried++)
    if (take_port((uint16_t)(config->port_min + (first + tried) % size))) return 1;
  return 0;
}

static const char *why_no_port(const struct config *config) {
  static char text[160];
  const int why = errno;
  char which[32];
  if (config->is_port_random) snprintf(which, sizeof which, "local ports %u..%u", config->port_min, config->port_max);
  else snprintf(which, sizeof which, "local port %u", config->port);
  if (why == EADDRINUSE) snprintf(text, sizeof text, "%s: in use by another program; end it or choose another port", which);
  else if (why == EACCES) snprintf(text, sizeof text, "%s: not allowed; take a port above 1023 or more rights", which);
  else snprintf(text, sizeof text, "%s: cannot be opened: %s", which, strerror(why));
  return text;
}

static int connect_socket(struct server *server) {
  if (server->socket != NONE || server->count == 0) return server->socket != NONE;
  const union place *to = &server->targets[server->current];
  const int made = bind_socket(to->any.sa_family == AF_INET6 ? IPV6 : IPV4, localPort, 1);
  if (made == NONE) return 0;
  if (connect(made, &to->any, size_of(to)) == 0) {
    server->socket = made;
    return 1;
  }
  close(made);
  return 0;
}

static void disconnect(struct server *server) {
  if (server->socket != NONE) close(server->socket);
  server->socket = NONE;
}

const char *net_open(const struct config *config, uint32_t earlierPort) {
  serverCount = config->server_count;
  acceptList = config->accept_list;
  uint32_t found = 0;
  for (uint32_t server = 0; server < serverCount; server++) {
    servers[server].socket = NONE;
    look_up(&servers[server], &config->servers[server]);
    found += servers[server].count;
  }
  if (found == 0) return "no server has an address; check the names of the servers, and the network of this machine";
  const int isTaken = config->is_port_random ? take_any_port(config, earlierPort) : take_port((uint16_t)config->port);
  if (!isTaken) return why_no_port(config);
  for (uint32_t server = 0; server < serverCount; server++) connect_socket(&servers[server]);
  return NULL;
}

void net_close(void) {
  for (uint32_t server = 0; server < serverCount; server++) disconnect(&servers[server]);
  close_open();
}

void net_renew(const struct config *config) {
  for (uint32_t server = 0; server < serverCount; server++) {
    disconnect(&servers[server]);
    look_up(&servers[server], &config->servers[server]);
    connect_socket(&servers[server]);
  }
  for (int family = 0; family < FAMILIES; family++)
    if (openSockets[family] == NONE && is_family_wanted(family)) openSockets[family] = bind_open(family, localPort);
}

uint32_t net_port(void) { return localPort; }
uint32_t net_targets(uint32_t server) { return servers[server].count; }

void net_point(uint32_t server, uint32_t target) {
  if (target >= servers[server].count) return;
  disconnect(&servers[server]);
  servers[server].current = target;
  connect_socket(&servers[server]);
}

const char *net_address(uint32_t server) {
  const struct server *it = &servers[server];
  return it->count == 0 ? "" : address_of(&it->targets[it->current]);
}

const char *net_local(uint32_t server) {
  static char text[NET_PLACE_MAX];
  const struct server *it = &servers[server];
  union place own;
  socklen_t size = sizeof own;
  memset(&own, 0, sizeof own);
  const int isThere = it->socket != NONE && getsockname(it->socket, &own.any, &size) == 0;
  if (!isThere) own.any.sa_family = it->count > 0 ? it->targets[it->current].any.sa_family : AF_INET;
  snprintf(text, sizeof text, own.any.sa_family == AF_INET6 ? "[%s]:%u" : "%s:%u", address_of(&own), localPort);
  return text;
}

/* Our own machine being out of buffers: a lost datagram, which is repeated anyway. */
static int is_local_shortage(int why) {
  return why == ENOBUFS || why == ENOMEM || why == EAGAIN || why == EWOULDBLOCK || why == EINTR;
}

int net_send(uint32_t server, const void *bytes, uint32_t length) {
  struct server *it = &servers[server];
  if (!connect_socket(it)) return 0;
  if (send(it->socket, bytes, length, 0) >= 0 || is_local_shortage(errno)) return 1;
  log_line(LOG_DEBUG, "nothing can be sent to %s: %s", net_address(server), strerror(errno));
  return 0;
}

/* Of every server that is reached at the same place: the system tells one socket of it. */
static void tell_failed(uint32_t server, int why) {
  const union place to = servers[server].targets[servers[server].current];
  log_line(LOG_DEBUG, "%s: %s", address_of(&to), strerror(why));
  for (uint32_t other = 0; other < serverCount; other++)
    if (servers[other].count > 0 && is_same(&servers[other].targets[servers[other].current], &to)) net_failed(other);
}

/* @param server whose socket it is; STANDFAST_SERVER_NONE: nobody's */
static void take_in(int from, uint32_t server) {
  static uint8_t bytes[STANDFAST_INPUT_MAX + 1]; /* one more: what is too long has to look so */
  for (int taken = 0; taken < HANDFUL; taken++) {
    if (server != STANDFAST_SERVER_NONE && servers[server].socket != from) return; /* what came led to another one */
    union place source;
    socklen_t size = sizeof source;
    const ssize_t length = recvfrom(from, bytes, sizeof bytes, 0, &source.any, &size);
    if (length > 0) net_received(rank_of(&source), bytes, (uint32_t)length);
    if (length >= 0) continue;
    const int why = errno;
    if (!is_local_shortage(why) && server != STANDFAST_SERVER_NONE) tell_failed(server, why);
    return;
  }
}

void net_wait(int ms, int file) {
  struct pollfd polled[1 + FAMILIES + STANDFAST_SERVERS];
  uint32_t whose[1 + FAMILIES + STANDFAST_SERVERS], count = 0;
  polled[count] = (struct pollfd){.fd = file, .events = POLLIN};
  whose[count++] = STANDFAST_SERVER_NONE;
  for (int family = 0; family < FAMILIES; family++) {
    polled[count] = (struct pollfd){.fd = openSockets[family], .events = POLLIN}; /* one below 0 is looked over */
    whose[count++] = STANDFAST_SERVER_NONE;
  }
  for (uint32_t server = 0; server < serverCount; server++) {
    polled[count] = (struct pollfd){.fd = servers[server].socket, .events = POLLIN};
    whose[count++] = server;
  }
  if (poll(polled, count, ms) <= 0) return;
  for (uint32_t i = 1; i < count; i++) {
    /* What the one before it brought may have closed this one. */
    const int isSame = whose[i] == STANDFAST_SERVER_NONE || servers[whose[i]].socket == polled[i].fd;
    if (polled[i].revents != 0 && isSame) take_in(polled[i].fd, whose[i]);
  }
}
