/* Texts stand in double quotes, as file.c reads them. */

#include "show.h"

#include <stdio.h>

#include "keys.h"

static void show_text(const char *value) {
  putchar('"');
  for (; *value != 0; value++) {
    if (*value == '"' || *value == '\\') putchar('\\');
    putchar(*value);
  }
  puts("\"");
}

static void show_server(const struct server_config *server, uint32_t rank) {
  const char *name = key_server_name(rank);
  printf("servers.%s.host = %s\n", name, server->host);
  printf("servers.%s.port = %u\n", name, server->port);
  printf("servers.%s.domain = %s\n", name, server->domain);
}

static void show_line(const struct line_config *line, uint32_t index, uint32_t servers) {
  printf("lines.%u.phoneNumber = ", index + 1);
  show_text(line->number);
  printf("lines.%u.displayName = ", index + 1);
  show_text(line->display);
  for (uint32_t rank = 0; rank < servers; rank++) {
    if (line->at[rank].password == NULL) continue;
    printf("lines.%u.credentials.%s.account = ", index + 1, key_server_name(rank));
    show_text(line->at[rank].name);
  }
}

static void show_param(uint32_t id, uint32_t value) {
  const struct standfast_row *row = key_row(id);
  if (value == row->initial) return;
  if (row->kind == STANDFAST_KIND_SWITCH) printf("%s = %s\n", row->name, value == 0 ? "off" : "on");
  else if (row->kind == STANDFAST_KIND_CHOICE) printf("%s = %s\n", row->name, row->words[value]);
  else printf("%s = %u\n", row->name, value);
}

void show_config(const struct config *config) {
  for (uint32_t rank = 0; rank < config->server_count; rank++) show_server(&config->servers[rank], rank);
  for (uint32_t index = 0; index < config->line_count; index++)
    show_line(&config->lines[index], index, config->server_count);
  if (config->is_port_random) printf("randomPortMin = %u\nrandomPortMax = %u\n", config->port_min, config->port_max);
  else printf("randomPort = off\nlocalPort = %u\n", config->port);
  for (uint32_t id = 0; id < STANDFAST_PARAM_COUNT; id++) show_param(id, config->params[id]);
}
