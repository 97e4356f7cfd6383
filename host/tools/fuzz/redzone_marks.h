/* What the core may do with each byte of its memory, and what happens when it does something else. */

#ifndef REDZONE_MARKS_H_
#define REDZONE_MARKS_H_

#include <stdint.h>

enum { NO_LOAD = 1, NO_STORE = 2, NOBODY = NO_LOAD | NO_STORE };

/* A mark for each byte of the memory; 0: load and store. */
extern uint8_t redzone_marks[];

/* Lays the marks after the memory map of the module. */
void redzone_lay(void);

/* The first `length` bytes of the input buffer were given by the host; what lies behind them may not be read. */
void redzone_input(uint32_t length);

/* Says where the core left its records, and aborts. */
_Noreturn void redzone_hit(uint32_t at, uint32_t length, int forbidden);

#endif
