/* The rules between values: order, addressing, credentials. As host/config/build.ts, servers.ts and lines.ts.
 *
 * Below: file.h, draft.h. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complaints.h"
#include "draft.h"
#include "file.h"
#include "value.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define ROW(name) STANDFAST_ROW_##name

static struct cell *phone(uint32_t row) { return draft_phone(row); }
static int is_said(uint32_t row) { return draft_text(phone(row))[0] != 0; }

/* Pairs of which the first must not be above the second, nor equal where `strictly`. */
static const struct {
  uint8_t low, high, strictly;
} ORDERED[] = {
    {ROW(RETRY_AFTER_MIN), ROW(RETRY_AFTER_MAX), 0}, {ROW(RETRY_BASE), ROW(RETRY_MAX), 0},
    {ROW(T1), ROW(T2), 0},                           {ROW(FLAP_REUSE), ROW(FLAP_SUPPRESS), 1},
    {ROW(RANDOM_PORT_MIN), ROW(RANDOM_PORT_MAX), 0},
};

static void check_order(void) {
  for (size_t i = 0; i < COUNT(ORDERED); i++) {
    const uint32_t least = draft_number(ORDERED[i].low), most = draft_number(ORDERED[i].high);
    if (least < most || (least == most && !ORDERED[i].strictly)) continue;
    const uint32_t at = phone(ORDERED[i].high)->at != 0 ? phone(ORDERED[i].high)->at : phone(ORDERED[i].low)->at;
    const char *low = key_row(ORDERED[i].low)->name, *high = key_row(ORDERED[i].high)->name;
    complain(at, "%s = %u is %s %s = %u; raise %s or lower %s", low, least, least == most ? "not below" : "above", high,
             most, high, low);
  }
}

/* Cuts the list into addresses. @returns the first; an empty one stands behind the last */
static char *read_accept_list(void) {
  const struct cell *cell = phone(ROW(ACCEPT_LIST));
  const char *from = draft_text(cell);
  char *const list = calloc(strlen(from) + 2, 1), *to = list;
  while (list != NULL && *(from += strspn(from, " \t,;")) != 0) {
    const size_t length = strcspn(from, " \t,;");
    char *item = to;
    memcpy(item, from, length);
    from += length;
    if (value_is_address(item)) {
      char *bare = value_without_brackets(item);
      memmove(item, bare, strlen(bare) + 1);
      to += strlen(item) + 1;
    } else {
      complain(cell->at,
               "acceptList holds %s, which is no address; write addresses, separated by commas: a name could mean another "
               "machine tomorrow", item);
      memset(item, 0, length);
    }
  }
  return list;
}

/* No message may travel otherwise than it was told to: a port without TLS does not speak plainly instead. */
static void check_transport(const struct cell *cell) {
  if (cell->at == 0 || cell->number == STANDFAST_TRANSPORT_UDP) return;
  complain(cell->at, "%s = %s: this program speaks UDP alone, allowed udp; write udp, or run the phone by standfast run",
           cell->key, key_row(ROW(TRANSPORT))->words[cell->number]);
}

/* What this port does not act on, and why; said once where it is turned on. */
static const struct {
  uint8_t row;
  const char *why;
} LEFT_OUT[] = {
    {ROW(OUTBOUND_PROXY_IN_DIALOG), "it belongs to calls, which the phone's own SIP stack makes"},
    {ROW(PROXY_DNS_TYPE), "names are asked for addresses only, of the system"},
    {ROW(NAME_SERVERS), "names are asked of the system"},
    {ROW(DHCP_OPTION120), "this program hears nothing of DHCP"},
    {ROW(REGISTER_SUBSCRIPTION), "this program does not subscribe"},
    {ROW(REGISTER_SUBSCRIPTION_EXPIRY), "this program does not subscribe"},
    {ROW(TLS_CA_FILE), "this program speaks UDP alone"},
};

static void tell_left_out(void) {
  for (size_t i = 0; i < COUNT(LEFT_OUT); i++) {
    const struct cell *cell = phone(LEFT_OUT[i].row);
    if (cell->at == 0 || (cell->text == NULL && cell->number == key_row(LEFT_OUT[i].row)->initial)) continue;
    complaints_remark(cell->at, "%s is ignored: %s", cell->key, LEFT_OUT[i].why);
  }
}

static uint16_t port_of(const struct cell *cell) {
  return (uint16_t)(cell->at == 0 ? key_row(ROW(PORT))->initial : cell->number);
}

static const char *either(const char *first, const char *second) { return *first != 0 ? first : second; }

static void refuse_beside(uint32_t row) {
  if (!is_said(row)) return;
  complain(phone(row)->at, "%s beside a list of servers; write the servers in one of the two ways", phone(row)->key);
}

static void add_server(struct config *config, const char *host, uint16_t port, const char *domain) {
  config->servers[config->server_count++] = (struct server_config){host, port, domain};
}

static void add_listed(struct config *config, uint32_t rank) {
  const struct cell *host = draft_server(rank, ROW(HOST));
  check_transport(draft_server(rank, ROW(TRANSPORT)));
  if (*draft_text(host) == 0) {
    if (!host->is_refused)
      complain(draft_where_server(rank), "%s has no host; set its host, or leave it out", key_server_name(rank));
    return;
  }
  const char *domain = either(draft_text(draft_server(rank, ROW(DOMAIN))), draft_text(phone(ROW(PROXY_SERVER))));
  add_server(config, draft_text(host), port_of(draft_server(rank, ROW(PORT))), either(domain, draft_text(host)));
}

/* As a list: a hole in it is a mistake. */
static int read_listed(struct config *config) {
  static const uint8_t PAGE[] = {ROW(OUTBOUND_SERVER), ROW(BACKUP_OUTBOUND_SERVER), ROW(BACKUP_PROXY_SERVER)};
  uint32_t found = 0;
  for (uint32_t rank = 0; rank < STANDFAST_SERVERS; rank++) {
    if (draft_where_server(rank) == 0) continue;
    if (found == 0)
      for (size_t i = 0; i < COUNT(PAGE); i++) refuse_beside(PAGE[i]);
    if (rank != found) {
      char wanted[24];
      snprintf(wanted, sizeof wanted, "%s", key_server_name(found));
      complain(draft_where_server(rank), "%s without %s; name the servers in order: primary, backup1, backup2, backup3",
               key_server_name(rank), wanted);
    }
    found++;
    add_listed(config, rank);
  }
  return found > 0;
}

/* Host and port from the first pair that has a host. @returns the row of the host */
static uint32_t page_row(uint32_t first, uint32_t second) { return is_said(first) ? first : second; }

/* As the phone's page has it: proxy, outbound and backup server. The port of each stands in the row behind it. */
static void read_page(struct config *config) {
  const char *proxy = draft_text(phone(ROW(PROXY_SERVER))), *backupProxy = draft_text(phone(ROW(BACKUP_PROXY_SERVER)));
  const uint32_t first = page_row(ROW(OUTBOUND_SERVER), ROW(PROXY_SERVER));
  const uint32_t second = page_row(ROW(BACKUP_OUTBOUND_SERVER), ROW(BACKUP_PROXY_SERVER));
  if (is_said(first)) {
    add_server(config, draft_text(phone(first)), port_of(phone(first + 1)), either(proxy, draft_text(phone(first))));
  } else if (!phone(ROW(OUTBOUND_SERVER))->is_refused && !phone(ROW(PROXY_SERVER))->is_refused) {
    const int isAlone = is_said(second);
    complain(phone(second)->at, "%s%s; set outboundServer or proxyServer, or list servers",
             isAlone ? phone(second)->key : "there is no server", isAlone ? " without a primary server" : "");
  }
  if (!is_said(second)) return;
  const char *host = draft_text(phone(second));
  add_server(config, host, port_of(phone(second + 1)), either(either(backupProxy, proxy), host));
}

static uint32_t where_host(uint32_t rank) {
  if (draft_where_server(0) != 0) return draft_server(rank, ROW(HOST))->at;
  return phone(page_row(ROW(BACKUP_OUTBOUND_SERVER), ROW(BACKUP_PROXY_SERVER)))->at;
}

static void refuse_same(const struct config *config) {
  for (uint32_t rank = 1; rank < config->server_count; rank++)
    for (uint32_t twin = 0; twin < rank; twin++) {
      const struct server_config *one = &config->servers[rank], *other = &config->servers[twin];
      if (one->port != other->port || !value_is_same_host(one->host, other->host)) continue;
      char name[24];
      snprintf(name, sizeof name, "%s", key_server_name(rank));
      complain(where_host(rank), "%s is the same server as %s; give it another host or port, or leave it out", name,
               key_server_name(twin));
      break;
    }
}

/* What holds at one server, or else at every one. */
static const char *said_of(uint32_t index, uint32_t rank, uint32_t row) {
  return either(draft_text(draft_credentials(index, rank, row)), draft_text(draft_line(index, row)));
}

static int is_password_refused(uint32_t index) {
  int isRefused = draft_line(index, ROW(PASSWORD))->is_refused;
  for (uint32_t rank = 0; rank < STANDFAST_SERVERS; rank++)
    isRefused |= draft_credentials(index, rank, ROW(PASSWORD))->is_refused;
  return isRefused;
}

/* Credentials at a server that is not of the set are a slip: they would never be used. */
static void refuse_strangers(uint32_t index, uint32_t servers) {
  for (uint32_t rank = servers; servers > 0 && rank < STANDFAST_SERVERS; rank++)
    if (draft_where_credentials(index, rank) != 0)
      complain(draft_where_credentials(index, rank),
               "line %u has credentials at %s, which is no server of the set; add the server, or leave the credentials out",
               index + 1, key_server_name(rank));
}

static void read_accounts(struct line_config *line, uint32_t index, uint32_t servers) {
  uint32_t found = 0;
  for (uint32_t rank = 0; rank < servers; rank++) {
    const char *password = said_of(index, rank, ROW(PASSWORD));
    if (*password == 0) continue;
    line->at[rank] = (struct account){either(said_of(index, rank, ROW(ACCOUNT)), line->number), password};
    found++;
  }
  if (found > 0 || servers == 0 || is_password_refused(index)) return;
  char place[16];
  snprintf(place, sizeof place, "%u", index + 1);
  complain(draft_where_line(index), "line %s has no password at any server; set its password",
           either(line->number, place));
}

static void refuse_same_number(const struct config *config, const uint32_t *indices, uint32_t last) {
  const char *number = config->lines[last].number;
  for (uint32_t first = 0; first < last && *number != 0; first++) {
    if (strcmp(config->lines[first].number, number) != 0) continue;
    complain(draft_line(indices[last], ROW(PHONE_NUMBER))->at,
             "line %u has the number %s, as line %u has; give each line its own", last + 1, number, indices[first] + 1);
    return;
  }
}

static void read_lines(struct config *config) {
  uint32_t indices[STANDFAST_LINES];
  for (uint32_t index = 0; index < STANDFAST_LINES; index++) {
    if (draft_where_line(index) == 0) continue;
    struct line_config *line = &config->lines[config->line_count];
    const struct cell *number = draft_line(index, ROW(PHONE_NUMBER));
    line->number = draft_text(number);
    line->display = draft_text(draft_line(index, ROW(DISPLAY_NAME)));
    if (*line->number == 0 && !number->is_refused)
      complain(draft_where_line(index), "line %u has no phoneNumber; give it one, or leave the line out", index + 1);
    refuse_strangers(index, config->server_count);
    read_accounts(line, index, config->server_count);
    indices[config->line_count++] = index;
  }
  for (uint32_t last = 1; last < config->line_count; last++) refuse_same_number(config, indices, last);
  if (config->line_count == 0) complain(0, "there is no line; give a line its phoneNumber");
}

static void read_params(struct config *config) {
  for (uint32_t id = 0; id < STANDFAST_PARAM_COUNT; id++) config->params[id] = draft_number(id);
  config->is_port_random = draft_number(ROW(RANDOM_PORT));
  config->port = draft_number(ROW(LOCAL_PORT));
  config->port_min = draft_number(ROW(RANDOM_PORT_MIN));
  config->port_max = draft_number(ROW(RANDOM_PORT_MAX));
}

int config_read(const char *path, struct config *config) {
  memset(config, 0, sizeof *config);
  complaints_begin(path);
  if (file_read(path)) {
    read_params(config);
    check_order();
    config->accept_list = read_accept_list();
    if (!read_listed(config)) read_page(config);
    check_transport(phone(ROW(TRANSPORT)));
    refuse_same(config);
    read_lines(config);
    tell_left_out();
  }
  return complaints_tell() == 0;
}

void config_forget_passwords(struct config *config) {
  for (uint32_t line = 0; line < config->line_count; line++)
    for (uint32_t server = 0; server < config->server_count; server++)
      for (volatile char *at = (char *)config->lines[line].at[server].password; at != NULL && *at != 0; at++) *at = 0;
}
