/* Plays a script to the core and writes all that comes out: the same bytes on every processor.
 *
 * A script is one recording after another (docs/replay.md), with nothing hidden. Each `>` is a call that is made, each `<`
 * a poll, and `< state` asks for all views and the checksum of the snapshot. What came out is written in the words of
 * the recording. play.ts does the same with the module in V8. */

#ifndef PLAYER_H
#define PLAYER_H

#include <stdint.h>

/* Given by the board: the next byte of the script, -1 after its end; and a place for what comes out. */
int player_get(void);
void player_put(const char *bytes, uint32_t length);

/* @returns how many records were played; 0: one was not understood, and what is wrong stands last in the output */
uint32_t player_run(void);

#endif
