/* A device for the code of docs/porting.md with sockets, select() and the clock of the system: all that the guide asks a port
 * to write, for a phone with one line over UDP. Words: USER PASSWORD DOMAIN ADDRESS:PORT.., the primary first.
 *
 * porting.test.ts takes the code from the page. Ctrl-C removes the binding; exit code 0. */

#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <time.h>

#include "guide.c"

/* The core wants to hear of the time every 24 days; an hour is soon enough. */
enum { SLEEP_MAX_MS = 3600000 };

struct device_settings device_settings;
static char addresses[STANDFAST_SERVERS][16], locals[STANDFAST_SERVERS][24];
static int sockets[STANDFAST_SERVERS];
static uint32_t sleep_ms;
static volatile sig_atomic_t is_stopping;

static void end(const char *why) { fprintf(stderr, "%s\n", why), exit(1); }

uint32_t device_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint32_t)time.tv_sec * 1000u + (uint32_t)(time.tv_nsec / 1000000);
}

void device_random(void *bytes, uint32_t length) {
  FILE *const file = fopen("/dev/urandom", "rb");
  if (file == NULL || fread(bytes, length, 1, file) != 1) end("no random bytes");
  fclose(file);
}

int device_send(uint32_t server, uint32_t flow, const void *bytes, uint32_t length) {
  (void)flow;
  return send(sockets[server], bytes, length, 0) == (ssize_t)length;
}

/* Each server has one address, and its socket is there already. */
void device_open(uint32_t server, uint32_t target, uint32_t flow) { (void)server, (void)target, (void)flow; }
void device_close(uint32_t server) { (void)server; }
void device_event(const struct standfast_event *event) { printf("event %u server %u\n", event->type, event->server); }
void device_field(uint32_t server, uint32_t field, const void *bytes, uint32_t length) {
  (void)server, (void)field, (void)bytes, (void)length;
}
void device_message(uint32_t server, const void *bytes, uint32_t length) {
  (void)bytes;
  printf("message %u server %u\n", length, server);
}
uint32_t device_calls(uint32_t line) { return (void)line, 0; }
void device_sleep(uint32_t ms) { sleep_ms = ms < SLEEP_MAX_MS ? ms : SLEEP_MAX_MS; }
void device_stopped(void) { exit(0); }
void device_log(const char *what, uint32_t number) { printf("%s %u\n", what, number); }
void device_reset(void) { exit(72); }

static void add_server(const char *place) {
  const uint32_t server = device_settings.server_count++;
  struct sockaddr_in to = {.sin_family = AF_INET}, own;
  socklen_t size = sizeof own;
  unsigned short port;
  const int found = sscanf(place, "%15[0-9.]:%hu", addresses[server], &port);
  if (found != 2 || inet_pton(AF_INET, addresses[server], &to.sin_addr) != 1) end("a server is ADDRESS:PORT");
  to.sin_port = htons(port);
  sockets[server] = socket(AF_INET, SOCK_DGRAM, 0);
  if (connect(sockets[server], (struct sockaddr *)&to, sizeof to) != 0) end("no way to a server");
  getsockname(sockets[server], (struct sockaddr *)&own, &size);
  snprintf(locals[server], sizeof locals[server], "%s:%u", inet_ntoa(own.sin_addr), ntohs(own.sin_port));
  device_settings.servers[server] =
      (struct device_server){addresses[server], locals[server], port, STANDFAST_TRANSPORT_UDP};
}

/* @returns whether something came before the sleep was over */
static int wait_for(fd_set *ready) {
  struct timeval left = {sleep_ms / 1000, (long)(sleep_ms % 1000) * 1000};
  int top = 0;
  FD_ZERO(ready);
  for (uint32_t server = 0; server < device_settings.server_count; server++) {
    FD_SET(sockets[server], ready);
    if (sockets[server] > top) top = sockets[server];
  }
  return select(top + 1, ready, NULL, NULL, &left) > 0;
}

static void take_in(uint32_t server) {
  uint8_t bytes[STANDFAST_INPUT_MAX];
  const ssize_t length = recv(sockets[server], bytes, sizeof bytes, 0);
  if (length < 0) on_error(server);
  else on_datagram(server, bytes, (uint32_t)length);
}

static void on_signal(int number) { is_stopping = number; }

int main(int count, char **words) {
  fd_set ready;
  if (count < 5 || count > 4 + STANDFAST_SERVERS) end("words: USER PASSWORD DOMAIN ADDRESS:PORT..");
  signal(SIGINT, on_signal), setvbuf(stdout, NULL, _IOLBF, 0);
  device_settings.user = words[1], device_settings.password = words[2], device_settings.domain = words[3];
  device_settings.instance = "0badcafe";
  for (int word = 4; word < count; word++) add_server(words[word]);
  begin();
  for (;;) {
    const int has_come = wait_for(&ready);
    for (uint32_t server = 0; has_come && server < device_settings.server_count; server++)
      if (FD_ISSET(sockets[server], &ready)) take_in(server);
    if (is_stopping) on_command(STANDFAST_CMD_STOP, STANDFAST_LINE_ALL);
    else if (!has_come) on_timer();
  }
}
