/* The player as a program: script on standard input, what came out on standard output. Ends with 1 when a record was
 * not understood. */

#include <stdio.h>

#include "player.h"

int player_get(void) { return getchar(); }
void player_put(const char *bytes, uint32_t length) { fwrite(bytes, 1, length, stdout); }

int main(void) { return player_run() > 0 ? 0 : 1; }
