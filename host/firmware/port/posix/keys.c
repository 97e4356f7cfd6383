/* Paths that start with `servers.` or `lines.` are taken apart; every other key is looked up as a whole, folded. */

#include "keys.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

const struct standfast_row *key_row(uint32_t place) { return &STANDFAST_ROWS[place]; }

const char *key_server_name(uint32_t rank) {
  static char name[24];
  if (rank == 0) return "primary";
  snprintf(name, sizeof name, "backup%u", rank);
  return name;
}

/* How many letters have to be put in, left out or replaced to make `a` of `b`. */
static size_t distance(const char *a, const char *b) {
  size_t row[KEY_MAX + 1];
  const size_t width = strlen(b);
  for (size_t j = 0; j <= width; j++) row[j] = j;
  for (size_t i = 1; a[i - 1] != 0; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= width; j++) {
      const size_t replaced = diagonal + (text_lower(a[i - 1]) != text_lower(b[j - 1]));
      diagonal = row[j];
      const size_t other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
      row[j] = replaced < other ? replaced : other;
    }
  }
  return row[width];
}

struct guess {
  const char *wanted;
  const char *best;
  size_t limit;
};

static struct guess guess_begin(const char *wanted) {
  const size_t length = strlen(wanted);
  return (struct guess){wanted, NULL, (length / 4 > 2 ? length / 4 : 2) + 1};
}

static void guess_try(struct guess *guess, const char *candidate) {
  if (strlen(guess->wanted) > KEY_MAX || strlen(candidate) > KEY_MAX) return;
  const size_t away = distance(guess->wanted, candidate);
  if (away >= guess->limit || away >= strlen(guess->wanted)) return;
  guess->limit = away;
  guess->best = candidate;
}

static void unknown(struct meaning *meaning, const char *nearest) {
  meaning->means = MEANS_UNKNOWN;
  snprintf(meaning->nearest, sizeof meaning->nearest, "%s", nearest == NULL ? "" : nearest);
}

static void param(struct meaning *meaning, uint32_t row, uint32_t factor) {
  meaning->means = MEANS_PARAM;
  meaning->row = row;
  meaning->factor = factor;
}

/* `primary`, `backup1`..`backup99`. @returns 0: it names no server */
static int read_rank(const char *name, uint32_t *rank) {
  *rank = 0;
  if (strcmp(name, "primary") == 0) return 1;
  if (strncmp(name, "backup", 6) != 0 || strlen(name) > 8) return 0;
  return name[6] != '0' && text_number(name + 6, 99, rank) && *rank > 0;
}

static void no_server(struct meaning *meaning, const char *name) {
  struct guess guess = guess_begin(name);
  static const char *const NAMES[] = {"primary", "backup1", "backup2", "backup3"};
  for (size_t i = 0; i < COUNT(NAMES); i++) guess_try(&guess, NAMES[i]);
  unknown(meaning, guess.best);
}

static void read_field(struct meaning *meaning, uint32_t scope, const char *field) {
  struct guess guess = guess_begin(field);
  for (uint32_t row = 0; row < COUNT(STANDFAST_ROWS); row++) {
    if (STANDFAST_ROWS[row].scope != scope) continue;
    if (strcmp(STANDFAST_ROWS[row].name, field) == 0) {
      param(meaning, row, 1);
      return;
    }
    guess_try(&guess, STANDFAST_ROWS[row].name);
  }
  unknown(meaning, guess.best);
}

static void read_server(struct meaning *meaning, const char *name, const char *field) {
  meaning->owner.kind = OF_SERVER;
  if (!read_rank(name, &meaning->owner.rank)) no_server(meaning, name);
  else if (strcmp(field, "name") == 0) meaning->means = MEANS_NAME;
  else read_field(meaning, STANDFAST_SCOPE_SERVER, field);
}

static void read_credentials(struct meaning *meaning, char *const *path) {
  static const char *const SECRETS[] = {"account", "password"};
  meaning->owner.kind = OF_CREDENTIALS;
  if (!read_rank(path[3], &meaning->owner.rank)) {
    no_server(meaning, path[3]);
    return;
  }
  struct guess guess = guess_begin(path[4]);
  for (size_t i = 0; i < COUNT(SECRETS); i++) guess_try(&guess, SECRETS[i]);
  if (strcmp(path[4], "account") == 0 || strcmp(path[4], "password") == 0)
    read_field(meaning, STANDFAST_SCOPE_LINE, path[4]);
  else unknown(meaning, guess.best);
}

/* @param parts of the path: `lines`, number, field.. */
static void read_line(struct meaning *meaning, char *const *path, size_t parts) {
  uint32_t number;
  meaning->owner.kind = OF_LINE;
  if (path[1][0] == '0' || !text_number(path[1], 9999, &number)) {
    unknown(meaning, NULL);
    return;
  }
  meaning->owner.index = number - 1;
  if (parts == 3) {
    read_field(meaning, STANDFAST_SCOPE_LINE, path[2]);
  } else if (parts == 5 && strcmp(path[2], "credentials") == 0) {
    read_credentials(meaning, path);
  } else {
    struct guess guess = guess_begin(path[2]);
    guess_try(&guess, "credentials");
    unknown(meaning, guess.best);
  }
}

/* `account.7.rest` is any account's `rest`. @returns the number; 0: it is none of an account */
static uint32_t read_account(const char *key, const char **rest) {
  static const char HEAD[] = "account.";
  uint32_t number = 0;
  const char *at = key + sizeof HEAD - 1;
  if (strncasecmp(key, HEAD, sizeof HEAD - 1) != 0 || *at == '0') return 0;
  while (number < 1000 && *at >= '0' && *at <= '9') number = number * 10 + (uint32_t)(*at++ - '0');
  if (number == 0 || *at != '.' || at[1] == 0) return 0;
  *rest = at + 1;
  return number;
}

/* A name that stands for itself. Those of a line mean the first one, or the X of account.X. */
static void read_whole(struct meaning *meaning, const char *key) {
  char whole[KEY_MAX + 16], folded[KEY_MAX + 16];
  const char *rest = key;
  const uint32_t account = read_account(key, &rest);
  snprintf(whole, sizeof whole, "%s%s", account == 0 ? "" : "account.X.", rest);
  text_fold(whole, folded);
  for (size_t i = 0; i < COUNT(STANDFAST_OUTSIDE); i++)
    if (strcmp(STANDFAST_OUTSIDE[i].folded, folded) == 0) {
      meaning->means = MEANS_OUTSIDE;
      meaning->outside = &STANDFAST_OUTSIDE[i];
      return;
    }
  for (size_t i = 0; i < COUNT(STANDFAST_NAMES); i++)
    if (strcmp(STANDFAST_NAMES[i].folded, folded) == 0) {
      param(meaning, STANDFAST_NAMES[i].row, STANDFAST_NAMES[i].factor);
      const int isOfLine = STANDFAST_ROWS[meaning->row].scope == STANDFAST_SCOPE_LINE;
      meaning->owner.kind = isOfLine ? OF_LINE : OF_PHONE;
      meaning->owner.index = account > 0 ? account - 1 : 0;
      meaning->owner.account = isOfLine ? 0 : account;
      return;
    }
  struct guess guess = guess_begin(key);
  for (uint32_t row = 0; row < COUNT(STANDFAST_ROWS); row++)
    if (STANDFAST_ROWS[row].scope != STANDFAST_SCOPE_SERVER || row == STANDFAST_ROW_TRANSPORT)
      guess_try(&guess, STANDFAST_ROWS[row].name);
  unknown(meaning, guess.best);
}

/* Cuts at the dots. @returns how many parts; more than six count as six */
static size_t cut_path(char *key, char **path) {
  size_t parts = 1;
  path[0] = key;
  for (char *at = key; *at != 0 && parts < 6; at++) {
    if (*at != '.') continue;
    *at = 0;
    path[parts++] = at + 1;
  }
  return parts;
}

void key_read(const char *key, struct meaning *meaning) {
  char copy[KEY_MAX], near[KEY_MAX], *path[6];
  memset(meaning, 0, sizeof *meaning);
  meaning->factor = 1;
  if (strlen(key) >= sizeof copy) {
    unknown(meaning, NULL);
    return;
  }
  strcpy(copy, key);
  const size_t parts = cut_path(copy, path);
  const int isServers = strcmp(path[0], "servers") == 0;
  const int isLines = strcmp(path[0], "lines") == 0;
  if (isServers && parts == 3) read_server(meaning, path[1], path[2]);
  else if (isLines && parts >= 3) read_line(meaning, path, parts);
  else if (isServers || isLines) {
    const char *field = parts > 1 && *path[1] != 0 ? path[1] : isServers ? "host" : "phoneNumber";
    snprintf(near, sizeof near, isServers ? "servers.primary.%.50s" : "lines.1.%.50s", field);
    unknown(meaning, near);
  } else read_whole(meaning, key);
}
