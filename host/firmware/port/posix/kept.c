/* A line of text, so that the order of bytes does not matter; the snapshot; and a line with a check of both. */

#define _POSIX_C_SOURCE 200809L

#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

#define HEAD_MAX 192
/* What begins the file; and who it is for. */
#define FORM "standfast-posix 1 " STANDFAST_MODULE_SHA256

/* FNV-1a, 64 bits. */
struct print {
  uint64_t sum;
};

static struct print print_begin(void) { return (struct print){0xCBF29CE484222325u}; }

static void print_bytes(struct print *print, const void *bytes, size_t length) {
  const unsigned char *at = bytes;
  for (size_t i = 0; i < length; i++) print->sum = (print->sum ^ at[i]) * 0x100000001B3u;
}

/* With its end, so that no two lists of texts read alike. */
static void print_text(struct print *print, const char *text) {
  if (text != NULL) print_bytes(print, text, strlen(text));
  print_bytes(print, "", 1);
}

static void print_number(struct print *print, uint32_t number) {
  const unsigned char bytes[4] = {(unsigned char)(number >> 24), (unsigned char)(number >> 16), (unsigned char)(number >> 8),
                                  (unsigned char)number};
  print_bytes(print, bytes, sizeof bytes);
}

/* Of all that the snapshot depends on: the configuration without its credentials. */
static uint64_t print_config(const struct config *config) {
  struct print print = print_begin();
  for (uint32_t id = 0; id < STANDFAST_PARAM_COUNT; id++) print_number(&print, config->params[id]);
  for (uint32_t server = 0; server < config->server_count; server++) {
    print_text(&print, config->servers[server].host);
    print_number(&print, config->servers[server].port);
    print_text(&print, config->servers[server].domain);
  }
  for (uint32_t line = 0; line < config->line_count; line++) {
    print_text(&print, config->lines[line].number);
    print_text(&print, config->lines[line].display);
  }
  return print.sum;
}

uint32_t kept_credentials(const struct config *config) {
  struct print print = print_begin();
  for (uint32_t line = 0; line < config->line_count; line++)
    for (uint32_t server = 0; server < config->server_count; server++) {
      print_text(&print, config->lines[line].at[server].name);
      print_text(&print, config->lines[line].at[server].password);
    }
  return (uint32_t)(print.sum >> 48);
}

uint32_t kept_print(const char *text) {
  struct print print = print_begin();
  print_text(&print, text);
  return (uint32_t)(print.sum ^ print.sum >> 32);
}

static uint64_t check_of(const char *head, const void *snapshot) {
  struct print print = print_begin();
  print_text(&print, head);
  print_bytes(&print, snapshot, STANDFAST_SNAPSHOT);
  return print.sum;
}

static int refuse(const char *path, const char *why) {
  log_line(LOG_WARN, "%s: %s; the phone starts without it", path, why);
  return 0;
}

/* Reads one line, without its end. @returns 0: there is none of that length */
static int read_head(FILE *file, char *head) {
  if (fgets(head, HEAD_MAX, file) == NULL) return 0;
  const size_t length = strlen(head);
  if (length == 0 || head[length - 1] != '\n') return 0;
  head[length - 1] = 0;
  return 1;
}

static int read_open(const char *path, FILE *file, const struct config *config, struct kept *kept) {
  static unsigned char bytes[STANDFAST_SNAPSHOT];
  char head[HEAD_MAX], check[24], wanted[24];
  unsigned long clock, port, credentials;
  unsigned long long print;
  if (!read_head(file, head) || strncmp(head, FORM " ", sizeof FORM) != 0)
    return refuse(path, "it is no snapshot of this version");
  const int found = sscanf(head + sizeof FORM, "%llx %lu %lu %8[0-9a-zA-Z] %lu", &print, &clock, &port, kept->instance,
                           &credentials);
  if (found != 5 || fread(bytes, sizeof bytes, 1, file) != 1 || !read_head(file, check))
    return refuse(path, "it is not whole");
  snprintf(wanted, sizeof wanted, "%016llx", (unsigned long long)check_of(head, bytes));
  if (strcmp(check, wanted) != 0) return refuse(path, "it is damaged");
  if (print != print_config(config)) return refuse(path, "it was taken with another configuration");
  kept->clock = (uint32_t)clock;
  kept->port = (uint32_t)port;
  kept->credentials = (uint32_t)credentials;
  kept->snapshot = bytes;
  return 1;
}

int kept_read(const char *path, const struct config *config, struct kept *kept) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return errno == ENOENT ? 0 : refuse(path, strerror(errno));
  const int isRead = read_open(path, file, config, kept);
  fclose(file);
  return isRead;
}

static int write_open(FILE *file, const struct config *config, const struct kept *kept) {
  char head[HEAD_MAX];
  snprintf(head, sizeof head, FORM " %016llx %lu %lu %s %lu", (unsigned long long)print_config(config),
           (unsigned long)kept->clock, (unsigned long)kept->port, kept->instance, (unsigned long)kept->credentials);
  fprintf(file, "%s\n", head);
  fwrite(kept->snapshot, STANDFAST_SNAPSHOT, 1, file);
  fprintf(file, "%016llx\n", (unsigned long long)check_of(head, kept->snapshot));
  return fflush(file) == 0 && !ferror(file) && fsync(fileno(file)) == 0;
}

int kept_write(const char *path, const struct config *config, const struct kept *kept) {
  char beside[4096];
  if ((size_t)snprintf(beside, sizeof beside, "%s.new", path) >= sizeof beside) errno = ENAMETOOLONG;
  else {
    const int opened = open(beside, O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR);
    FILE *file = opened < 0 ? NULL : fdopen(opened, "wb");
    int isWritten = file != NULL && write_open(file, config, kept);
    if (file != NULL) isWritten &= fclose(file) == 0;
    if (isWritten && rename(beside, path) == 0) return 1;
  }
  log_line(LOG_WARN, "%s: it cannot be written: %s; after a crash the phone starts without it", path, strerror(errno));
  return 0;
}

void kept_remove(const char *path) { remove(path); }
