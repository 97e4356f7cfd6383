/* What a board gives to the phone: time, a log, an end, random bytes, and its command line.
 *
 * A real board replaces start.c, semihosting.c and the linker script; this file stays. */

#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* Milliseconds since the reset; wraps at 2^32, which the core expects. Never goes back. */
uint32_t board_now(void);

/* Sleeps until an interrupt: for 1 ms at most, as the clock ticks then. */
void board_wait(void);

/* Writes a text, as it stands. */
void board_log(const char *text);

/* Writes a decimal number. */
void board_log_number(uint32_t value);

/* Fills `size` bytes that nobody can guess. A board without a source of such bytes needs one: the seed of the core
 * is made of them. 0: there are none. */
uint32_t board_random(void *bytes, uint32_t size);

/* The words that follow the name of the program, as one text of fewer than `size` bytes. 0: there are none. */
uint32_t board_arguments(char *text, uint32_t size);

/* Most bytes of the stack that were ever in use. */
uint32_t board_stack_used(void);

/* Ends the program; 0 is success. A real board resets instead. */
__attribute__((noreturn)) void board_exit(uint32_t code);

/* Exit codes of the board itself. */
#define BOARD_EXIT_FAULT 70    /* the processor met a fault */
#define BOARD_EXIT_ETHERNET 71 /* the network chip is not there */

#endif
