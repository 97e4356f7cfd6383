/* What the lines of a configuration have said so far, each value already checked by itself. */

#ifndef POSIX_DRAFT_H
#define POSIX_DRAFT_H

#include <stdint.h>

#include "keys.h"
#include "standfast.h"

struct cell {
  const char *text; /* of a text */
  uint32_t number;  /* of all else, as the core counts */
  uint32_t at;      /* line of the file; 0: nothing was said, so the default holds */
  uint32_t account; /* the X of the account.X that said it; 0: none */
  const char *key;  /* as it was written */
  int is_refused;   /* something was said, and was wrong: it is not missing */
};

/* One entry of the file. Both texts have to stay; @param at its line */
void draft_enter(const char *key, const char *value, uint32_t at);

/* The cell of a row for the phone, a server, a line, or a line at a server; always there. Ranks and indices are those that the
 * core has. */
struct cell *draft_phone(uint32_t row);
struct cell *draft_server(uint32_t rank, uint32_t row);
struct cell *draft_line(uint32_t index, uint32_t row);
struct cell *draft_credentials(uint32_t index, uint32_t rank, uint32_t row);
/* What was said; "" where nothing was. */
const char *draft_text(const struct cell *cell);
/* What was said, or the default of the row. */
uint32_t draft_number(uint32_t row);

/* The line of the file that first spoke of it; 0: none did. */
uint32_t draft_where_server(uint32_t rank);
uint32_t draft_where_line(uint32_t index);
uint32_t draft_where_credentials(uint32_t index, uint32_t rank);

#endif
