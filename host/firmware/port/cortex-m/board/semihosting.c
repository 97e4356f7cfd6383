/* Log, command line, random bytes and exit code through a debugger: ARM semihosting, version 3.0.
 *
 * QEMU answers with -semihosting-config. Without a debugger the breakpoint below is a fault, so a real board replaces
 * this file: a UART for the log, its random number generator, its own configuration. */

#include "board.h"
#include "semihosting.h"

#define ADP_STOPPED_APPLICATION_EXIT 0x20026u

uint32_t ask(enum operation operation, const void *argument) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void board_log(const char *text) { ask(SYS_WRITE0, text); }

/* The first word is the name of the program. */
uint32_t board_arguments(char *text, uint32_t size) {
  const uint32_t place[2] = {(uint32_t)text, size};
  if (ask(SYS_GET_CMDLINE, place) != 0) return 0;
  uint32_t from = 0, to = 0;
  while (text[from] != 0 && text[from] != ' ') from++;
  while (text[from] == ' ') from++;
  while ((text[to++] = text[from++]) != 0) continue;
  return to > 1;
}

uint32_t board_random(void *bytes, uint32_t size) {
  static const char source[] = "/dev/urandom";
  const uint32_t open[3] = {(uint32_t)source, OPEN_TO_READ_BYTES, sizeof source - 1};
  const uint32_t file = ask(SYS_OPEN, open);
  if (file == FAILED) return 0;
  const uint32_t read[3] = {file, (uint32_t)bytes, size};
  const uint32_t missing = ask(SYS_READ, read);
  ask(SYS_CLOSE, &file);
  return missing == 0;
}

__attribute__((noreturn)) void board_exit(uint32_t code) {
  const uint32_t reason[2] = {ADP_STOPPED_APPLICATION_EXIT, code};
  for (;;) ask(SYS_EXIT_EXTENDED, reason);
}
