/* What a key of a configuration means: whose value it is, and of which row. As host/config/key.ts, from the same table.
 *
 * Our names, the labels and DBID keys of the phone, and the names of other makers are understood side by side. */

#ifndef POSIX_KEYS_H
#define POSIX_KEYS_H

#include <stdint.h>

#include "standfast_keys.h"

#define KEY_MAX 80

enum means { MEANS_PARAM, MEANS_NAME, MEANS_OUTSIDE, MEANS_UNKNOWN };
enum owner_kind { OF_PHONE, OF_SERVER, OF_LINE, OF_CREDENTIALS };

struct owner {
  enum owner_kind kind;
  uint32_t rank;    /* of a server, 0 is the primary */
  uint32_t index;   /* of a line, from 0 */
  uint32_t account; /* the X of account.X; 0: none */
};

struct meaning {
  enum means means;
  struct owner owner; /* MEANS_PARAM, MEANS_NAME */
  uint32_t row;       /* its place in the table */
  uint32_t factor;    /* the value times this is ours */
  const struct standfast_outside *outside;
  char nearest[KEY_MAX]; /* MEANS_UNKNOWN: the name that was probably meant; "": none is near */
};

void key_read(const char *key, struct meaning *meaning);
const struct standfast_row *key_row(uint32_t place);
/* `primary`, `backup1`.. */
const char *key_server_name(uint32_t rank);

#endif
