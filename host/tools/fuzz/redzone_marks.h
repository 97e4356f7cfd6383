/* What the core may do with each byte of its memory, and what happens when it does something else. */

#ifndef REDZONE_MARKS_H_
#define REDZONE_MARKS_H_

#include <stddef.h>
#include <stdint.h>

enum { NO_LOAD = 1, NO_STORE = 2, NOBODY = NO_LOAD | NO_STORE };

/* A mark for each byte of the memory; 0: load and store. */
extern uint8_t redzone_marks[];

/* Lays the marks after the memory map of the module. `memory`: where its byte 0 lies. */
void redzone_lay(const uint8_t *memory);

/* The first `length` bytes of the input buffer were given by the host; what lies behind them may not be read. */
void redzone_input(uint32_t length);

/* Says where the core left its records, and aborts. */
_Noreturn void redzone_hit(uint64_t at, size_t length, int forbidden);

void *redzone_fill(void *to, int byte, size_t length);
void *redzone_copy(void *to, const void *from, size_t length);

#endif
