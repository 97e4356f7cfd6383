/* One `key = value` on a line, as host/config/keyvalue.ts has it.
 *
 * # and ; begin a comment at the start of a line and behind a value. A value in double quotes may hold anything, with \" and
 * \\ for the two that need it; one in single quotes is taken as it stands. Ends are LF, CRLF or CR. Above: config.c. */

#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complaints.h"
#include "draft.h"
#include "text.h"

/* A phone's own files have some hundred lines; one that is larger is something else. */
#define BYTES_MAX (1u << 20)

/* Of the file; it stays. */
static char *text;
static size_t length;

static int is_text_row(const char *key) {
  struct meaning meaning;
  key_read(key, &meaning);
  return meaning.means == MEANS_PARAM && key_row(meaning.row)->kind == STANDFAST_KIND_TEXT;
}

static int broken(const char *key, uint32_t at, const char *what, const char *remedy) {
  complain(at, "the value of %s %s; %s", key, what, remedy);
  return 0;
}

/* What may follow a value in quotes. */
static int is_comment_or_nothing(const char *rest) {
  while (text_is_blank(*rest)) rest++;
  return *rest == 0 || *rest == '#' || *rest == ';';
}

/* Takes the quotes and what is escaped by \ out, in place. @returns 0: broken, and told */
static int read_quoted(const char *key, char **value, uint32_t at) {
  const char quote = **value;
  char *from = *value + 1, *to = from;
  int isEscaping = 0;
  *value = to;
  for (; *from != 0 && *from != quote; from++) {
    if (quote == '"' && *from == '\\' && from[1] != 0) {
      from++;
      isEscaping |= *from != '"' && *from != '\\';
    }
    *to++ = *from;
  }
  if (*from == 0) return broken(key, at, "has no closing quote", quote == '"' ? "end it with \"" : "end it with '");
  if (!is_comment_or_nothing(from + 1))
    return broken(key, at, "goes on behind its closing quote",
                  "quote the whole value, and write a quote inside it as \\\"");
  *to = 0;
  if (isEscaping)
    return broken(key, at, "has a backslash that escapes nothing", "write \\\\ for a backslash, or use single quotes");
  return 1;
}

/* Cuts a comment off. A # behind a number begins one; in a text it may belong to it, in a password above all. */
static int read_plain(const char *key, char *value, uint32_t at) {
  for (char *mark = value; *mark != 0; mark++) {
    if ((*mark != '#' && *mark != ';') || (mark > value && !text_is_blank(mark[-1]))) continue;
    if (mark > value && is_text_row(key))
      return broken(key, at, "may end before the # or ;, or not", "put the value in double quotes");
    *mark = 0;
    text_trim(value);
    break;
  }
  return 1;
}

static void read_line(char *line, uint32_t at) {
  char *key = text_trim(line);
  if (*key == 0 || *key == '#' || *key == ';') return;
  char *value = strchr(key, '=');
  if (value != NULL) *value++ = 0;
  key = text_trim(key);
  if (value == NULL || *key == 0) {
    complain(at, "the line is no key = value; write key = value, or begin a comment with #");
    return;
  }
  value = text_trim(value);
  const int isQuoted = *value == '"' || *value == '\'';
  if (isQuoted ? read_quoted(key, &value, at) : read_plain(key, value, at)) draft_enter(key, value, at);
}

/* Cuts the text at LF, CRLF and CR. */
static void read_lines(char *from) {
  for (uint32_t at = 1; *from != 0; at++) {
    char *end = from + strcspn(from, "\r\n");
    char *next = end + (end[0] == '\r' && end[1] == '\n' ? 2 : *end != 0);
    *end = 0;
    read_line(from, at);
    from = next;
  }
}

/* @returns 0: it is not there, or too large, and that was told */
static int load(const char *path) {
  FILE *file = fopen(path, "rb");
  text = malloc(BYTES_MAX + 2);
  length = file == NULL || text == NULL ? 0 : fread(text, 1, BYTES_MAX + 1, file);
  const int isRead = file != NULL && !ferror(file);
  if (!isRead) complain(0, "the configuration cannot be read: %s; check the path and its permissions", strerror(errno));
  if (file != NULL) fclose(file);
  if (length > BYTES_MAX)
    complain(0, "the file is too large, allowed up to %u bytes; give the configuration alone", BYTES_MAX);
  if (!isRead || length > BYTES_MAX) return 0;
  char *fitting = realloc(text, length + 1);
  if (fitting != NULL) text = fitting;
  text[length] = 0;
  return 1;
}

/* A file with nothing in it, or a byte 0, which would end it for us. */
static int is_empty(const char *from) { return from[strspn(from, " \t\r\n\v\f")] == 0; }

int file_read(const char *path) {
  if (!load(path)) return 0;
  const uint32_t bad = strlen(text) < length ? 1 : text_find_bad_line(text, length);
  char *from = strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
  if (bad > 0) complain(bad, "the text is not UTF-8; save the file as UTF-8");
  else if (is_empty(from)) complain(0, "the file is empty; docs/parameters.md says what belongs in it");
  if (bad > 0 || is_empty(from)) return 0;
  read_lines(from);
  return 1;
}
