/* A list in the order in which it is told. */

#include "complaints.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

/* A mistake names a key and a value, and a line of a file may be of any length: what is longer is cut. */
#define TEXT_MAX 1024

struct complaint {
  struct complaint *next;
  uint32_t order;
  char text[];
};

static struct complaint *first;
static const char *file;

void complaints_begin(const char *name) { file = name; }

const char *complaints_file(void) { return file; }

static void write_text(char *text, uint32_t at, const char *format, va_list values) {
  const int head = at == 0 ? snprintf(text, TEXT_MAX, "%s: ", file) : snprintf(text, TEXT_MAX, "%s:%u: ", file, at);
  if (head > 0 && head < TEXT_MAX) vsnprintf(text + head, TEXT_MAX - (size_t)head, format, values);
}

void complain(uint32_t at, const char *format, ...) {
  char text[TEXT_MAX];
  va_list values;
  va_start(values, format);
  write_text(text, at, format, values);
  va_end(values);
  struct complaint *made = malloc(sizeof *made + strlen(text) + 1);
  if (made == NULL) log_end(1, "no memory for a mistake: %s", text);
  strcpy(made->text, text);
  made->order = at == 0 ? UINT32_MAX : at;
  struct complaint **place = &first;
  while (*place != NULL && (*place)->order <= made->order) place = &(*place)->next;
  made->next = *place;
  *place = made;
}

void complaints_remark(uint32_t at, const char *format, ...) {
  char text[TEXT_MAX];
  va_list values;
  va_start(values, format);
  write_text(text, at, format, values);
  va_end(values);
  fprintf(stderr, "%s\n", text);
}

uint32_t complaints_tell(void) {
  uint32_t count = 0;
  while (first != NULL) {
    struct complaint *told = first;
    fprintf(stderr, "%s\n", told->text);
    first = told->next;
    free(told);
    count++;
  }
  return count;
}
