/* A phone with one line, over UDP: phone USER PASSWORD DOMAIN ADDRESS:PORT [ADDRESS:PORT..], the primary first.
 * A socket for each server, the clock, and what the core says. Ctrl-C removes the binding. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "standfast.h"

static struct pollfd sockets[STANDFAST_SERVERS];
static volatile sig_atomic_t is_stopping;
static void on_signal(int number) { is_stopping = number; }
static uint32_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint32_t)time.tv_sec * 1000u + (uint32_t)(time.tv_nsec / 1000000);
}
static void must(int is_good, const char *what) {
  if (!is_good) fprintf(stderr, "phone: %s\n", what), exit(1);
}
static void text(uint32_t what, uint32_t server, const char *value) {
  must(standfast_set_text(what, 0, server, value, (uint32_t)strlen(value)) == STANDFAST_OK, value);
}
static void add_server(uint32_t server, char **argv) {
  struct sockaddr_in to = {.sin_family = AF_INET}, own;
  socklen_t size = sizeof own;
  char address[16], local[24];
  unsigned short port;
  const int found = sscanf(argv[4 + server], "%15[0-9.]:%hu", address, &port);
  must(found == 2 && inet_pton(AF_INET, address, &to.sin_addr) == 1, "a server is ADDRESS:PORT");
  to.sin_port = htons(port);
  sockets[server] = (struct pollfd){.fd = socket(AF_INET, SOCK_DGRAM, 0), .events = POLLIN};
  must(connect(sockets[server].fd, (struct sockaddr *)&to, sizeof to) == 0, "no way to a server");
  getsockname(sockets[server].fd, (struct sockaddr *)&own, &size);
  snprintf(local, sizeof local, "%s:%u", inet_ntoa(own.sin_addr), ntohs(own.sin_port));
  must(standfast_set_server(server, port, STANDFAST_TRANSPORT_UDP) == STANDFAST_OK, "too many servers");
  const char *const texts[] = {argv[1], argv[2], address, address, argv[3], local}; /* ACCOUNT, PASSWORD.. */
  for (uint32_t i = 0; i < 6; i++) text(STANDFAST_TEXT_ACCOUNT + i, server, texts[i]);
}
/* Does what the core says. @returns ms until it is to be woken, an hour at most: ABI.md, "Time" */
static int drain(void) {
  struct standfast_output out;
  for (;;) switch (standfast_poll(&out)) {
      case STANDFAST_OUT_SEND: send(sockets[out.server].fd, out.bytes, out.length, 0); break;
      case STANDFAST_OUT_EVENT: printf("event %u server %u\n", out.event.type, out.event.server); break;
      case STANDFAST_OUT_SLEEP: return out.sleep_ms < 3600000u ? (int)out.sleep_ms : 3600000;
      case STANDFAST_OUT_STOPPED: exit(0);
      case STANDFAST_TRAPPED: must(0, "the core has trapped");
    }
}
int main(int argc, char **argv) {
  uint8_t bytes[STANDFAST_INPUT_MAX];
  const nfds_t servers = (nfds_t)argc - 4;
  FILE *random = fopen("/dev/urandom", "rb");
  must(argc > 4 && argc < 5 + STANDFAST_SERVERS, "USER PASSWORD DOMAIN ADDRESS:PORT..");
  must(random != NULL && fread(bytes, STANDFAST_SEED, 1, random) == 1, "no random bytes");
  signal(SIGINT, on_signal), setvbuf(stdout, NULL, _IOLBF, 0);
  standfast_reset(), standfast_set_seed(bytes);
  standfast_set_param(STANDFAST_PRIMARY_DETECT_INTERVAL, 5); /* s; every parameter has its default already */
  standfast_set_param(STANDFAST_MAX_DETECT_FAIL_COUNT, 1);
  standfast_set_param(STANDFAST_PREFER_PRIMARY, 1);
  text(STANDFAST_TEXT_USER, 0, argv[1]);
  text(STANDFAST_TEXT_AGENT, 0, "phone.c " STANDFAST_VERSION);
  text(STANDFAST_TEXT_INSTANCE, 0, "00c0ffee"); /* stable for this device: from its MAC address */
  for (uint32_t server = 0; server < servers; server++) add_server(server, argv);
  must(standfast_start(now()) == STANDFAST_OK, "start");
  for (int wait_ms = drain();; standfast_wake(now()), wait_ms = drain()) {
    poll(sockets, servers, wait_ms);
    for (uint32_t i = 0; i < servers; i++) if (sockets[i].revents != 0) {
      const ssize_t length = recv(sockets[i].fd, bytes, sizeof bytes, 0);
      length < 0 ? standfast_failed(i, now()) : standfast_receive(i, bytes, (uint32_t)length, now());
      drain();
    }
    if (is_stopping) standfast_command(STANDFAST_CMD_STOP, STANDFAST_LINE_ALL, 0, now());
  }
}
