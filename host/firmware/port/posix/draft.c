/* One cell for each value that can be said. Below: keys.h, value.h. */

#include "draft.h"

#include <string.h>

#include "complaints.h"
#include "value.h"

#define SERVER_ROWS (STANDFAST_ROW_PHONE_NUMBER - STANDFAST_ROW_HOST)
#define LINE_ROWS (STANDFAST_ROW_COUNT - STANDFAST_ROW_PHONE_NUMBER)
#define OUTSIDE_COUNT (sizeof STANDFAST_OUTSIDE / sizeof STANDFAST_OUTSIDE[0])

static struct cell ofPhone[STANDFAST_ROW_HOST];
static struct cell ofServer[STANDFAST_SERVERS][SERVER_ROWS];
static struct cell ofLine[STANDFAST_LINES][LINE_ROWS];
static struct cell ofCredentials[STANDFAST_LINES][STANDFAST_SERVERS][LINE_ROWS];
/* `transport` of the phone is that of every server without its own. */
static struct cell ofAnyServer[SERVER_ROWS];
static uint32_t servers[STANDFAST_SERVERS], lines[STANDFAST_LINES], credentials[STANDFAST_LINES][STANDFAST_SERVERS];

struct cell *draft_phone(uint32_t row) {
  return row < STANDFAST_ROW_HOST ? &ofPhone[row] : &ofAnyServer[row - STANDFAST_ROW_HOST];
}
struct cell *draft_server(uint32_t rank, uint32_t row) { return &ofServer[rank][row - STANDFAST_ROW_HOST]; }
struct cell *draft_line(uint32_t index, uint32_t row) { return &ofLine[index][row - STANDFAST_ROW_PHONE_NUMBER]; }
struct cell *draft_credentials(uint32_t index, uint32_t rank, uint32_t row) {
  return &ofCredentials[index][rank][row - STANDFAST_ROW_PHONE_NUMBER];
}

const char *draft_text(const struct cell *cell) { return cell->text == NULL ? "" : cell->text; }

uint32_t draft_number(uint32_t row) {
  const struct cell *cell = draft_phone(row);
  return cell->at == 0 ? key_row(row)->initial : cell->number;
}

uint32_t draft_where_server(uint32_t rank) { return servers[rank]; }
uint32_t draft_where_line(uint32_t index) { return lines[index]; }
uint32_t draft_where_credentials(uint32_t index, uint32_t rank) { return credentials[index][rank]; }

static void set_once(uint32_t *place, uint32_t at) {
  if (*place == 0) *place = at;
}

/* @returns 0: the core has no such server or line */
static int has_room(const struct owner *owner, uint32_t at) {
  const int isOfServer = owner->kind == OF_SERVER || owner->kind == OF_CREDENTIALS;
  const int isOfLine = owner->kind == OF_LINE || owner->kind == OF_CREDENTIALS;
  if (isOfServer && owner->rank >= STANDFAST_SERVERS) {
    complain(at, "%s is one server too many, allowed up to %u servers; leave it out", key_server_name(owner->rank),
             STANDFAST_SERVERS);
    return 0;
  }
  if (isOfLine && owner->index >= STANDFAST_LINES) {
    complain(at,
             "line %u is one line too many, allowed up to %u lines; leave it out, or build the core with a larger LINES",
             owner->index + 1, STANDFAST_LINES);
    return 0;
  }
  return 1;
}

static void mention(const struct owner *owner, uint32_t at) {
  if (owner->kind == OF_SERVER) set_once(&servers[owner->rank], at);
  if (owner->kind == OF_LINE || owner->kind == OF_CREDENTIALS) set_once(&lines[owner->index], at);
  if (owner->kind == OF_CREDENTIALS) set_once(&credentials[owner->index][owner->rank], at);
}

static struct cell *cell_of(const struct owner *owner, uint32_t row) {
  switch (owner->kind) {
    case OF_SERVER: return draft_server(owner->rank, row);
    case OF_LINE: return draft_line(owner->index, row);
    case OF_CREDENTIALS: return draft_credentials(owner->index, owner->rank, row);
    default: return draft_phone(row);
  }
}

static int is_same(const struct cell *a, const struct cell *b) {
  return a->number == b->number && strcmp(draft_text(a), draft_text(b)) == 0;
}

static void refuse_duplicate(const char *key, const struct cell *before, uint32_t at) {
  const int isSameKey = strcmp(key, before->key) == 0;
  complain(at, "%s is set twice, first%s%s at %s:%u; keep one of the two", key, isSameKey ? "" : " as ",
           isSameKey ? "" : before->key, complaints_file(), before->at);
}

static void put(const struct meaning *meaning, const char *key, const char *value, uint32_t at) {
  if (*value == 0 || !has_room(&meaning->owner, at)) return; /* said to be empty: the default holds */
  mention(&meaning->owner, at);
  struct cell *cell = cell_of(&meaning->owner, meaning->row);
  struct cell said = {NULL, 0, at, meaning->owner.account, key, 0};
  if (!value_read(meaning, key, value, at, &said)) cell->is_refused = 1;
  else if (cell->at == 0) said.is_refused = cell->is_refused, *cell = said;
  else if (said.account == 0 || cell->account == 0 || said.account == cell->account) refuse_duplicate(key, cell, at);
  else if (!is_same(cell, &said))
    complain(at, "%s differs from %s at %s:%u; one set of servers and settings serves all lines: make them equal",
             value_shown_key(meaning->row, key), cell->key, complaints_file(), cell->at);
}

/* The place in the list gives the name of a server; it is only checked. */
static void check_name(const struct owner *owner, const char *value, uint32_t at) {
  if (!has_room(owner, at)) return;
  mention(owner, at);
  if (strcmp(value, key_server_name(owner->rank)) != 0)
    complain(at,
             "name = %s at the place of %s; put the servers in order: primary, backup1, backup2, backup3; or leave name "
             "out", value, key_server_name(owner->rank));
}

/* Each label once. */
static void ignore(const struct standfast_outside *outside, uint32_t at) {
  static const char *told[OUTSIDE_COUNT];
  size_t count = 0;
  for (; count < OUTSIDE_COUNT && told[count] != NULL; count++)
    if (strcmp(told[count], outside->label) == 0) return;
  told[count] = outside->label;
  complaints_remark(at, "%s is ignored: %s", outside->label, outside->why);
}

void draft_enter(const char *key, const char *value, uint32_t at) {
  struct meaning meaning;
  key_read(key, &meaning);
  switch (meaning.means) {
    case MEANS_PARAM: put(&meaning, key, value, at); break;
    case MEANS_NAME: check_name(&meaning.owner, value, at); break;
    case MEANS_OUTSIDE: ignore(meaning.outside, at); break;
    case MEANS_UNKNOWN:
      if (meaning.nearest[0] == 0) complain(at, "unknown key %s; see docs/parameters.md", key);
      else complain(at, "unknown key %s; did you mean %s?", key, meaning.nearest);
  }
}
