/* What comes out of the core, in the words of a recording: docs/replay.md, "What came out". */

#ifndef SAY_H
#define SAY_H

#include <stdint.h>

/* Nothing where it is 0. */
void say_result(int32_t result);
/* Polls, and says what came. */
void say_output(void);
/* All views, and a checksum over the snapshot. */
void say_state(void);
/* @returns 0 */
int say_unknown(const char *name);

#endif
