/* From the reset to main(): memory, the clock, and what happens at a fault. Cortex-M3 (ARMv7-M), no libc.
 *
 * The stack lies below everything else in RAM (image.ld): one that overflows meets a fault and no data. It is painted
 * before main(), so that board_stack_used() can tell how deep it went. */

#include "board.h"

/* Ticks of the processor clock per millisecond: BOARD_HZ comes with the board. */
#ifndef BOARD_HZ
#error "define BOARD_HZ: the clock that SysTick counts, in Hz"
#endif

#define REGISTER(address) (*(volatile uint32_t *)(address))
/* ARMv7-M Architecture Reference Manual, B3.3: the system timer. */
#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)
#define SYST_ENABLE_WITH_INTERRUPT_OF_PROCESSOR_CLOCK 7u

#define PAINT 0xA5A5A5A5u

/* Of image.ld. */
extern uint32_t image_stack[], image_stack_end[];
extern uint32_t image_data[], image_data_end[], image_data_load[];
extern uint32_t image_bss[], image_bss_end[];

static volatile uint32_t milliseconds;

uint32_t board_now(void) { return milliseconds; }

void board_wait(void) { __asm__ volatile("wfi"); }

uint32_t board_stack_used(void) {
  const uint32_t *at = image_stack;
  while (at < image_stack_end && *at == PAINT) at++;
  return (uint32_t)((const char *)image_stack_end - (const char *)at);
}

void board_log_number(uint32_t value) {
  char digits[11];
  char *at = digits + sizeof digits - 1;
  *at = 0;
  do *--at = (char)('0' + value % 10);
  while (value /= 10);
  board_log(at);
}

static void tick(void) { milliseconds++; }

__attribute__((used)) static void report_fault(void) {
  board_log("fault\n");
  board_exit(BOARD_EXIT_FAULT);
}

/* The stack may be what failed: nothing returns from here, so it is begun anew. */
__attribute__((naked)) static void fault(void) {
  __asm__("ldr r0, =image_stack_end\n"
          "mov sp, r0\n"
          "b report_fault");
}

static void prepare_memory(void) {
  const uint32_t *from = image_data_load;
  for (uint32_t *to = image_data; to < image_data_end;) *to++ = *from++;
  for (uint32_t *to = image_bss; to < image_bss_end;) *to++ = 0;
  /* Below the frame we stand in. */
  const uint32_t *end = (const uint32_t *)__builtin_frame_address(0) - 16;
  for (uint32_t *to = image_stack; to < end;) *to++ = PAINT;
}

static void start_clock(void) {
  SYST_RVR = BOARD_HZ / 1000 - 1;
  SYST_CVR = 0;
  SYST_CSR = SYST_ENABLE_WITH_INTERRUPT_OF_PROCESSOR_CLOCK;
}

/* The program. What it returns is its exit code. */
int main(void);

__attribute__((noreturn)) void board_reset(void) {
  prepare_memory();
  start_clock();
  board_exit((uint32_t)main());
}

typedef void (*handler_t)(void);

/* ARMv7-M, B1.5.2: the first stack pointer, then one address for each exception. Interrupts of devices are not used:
 * the network chip is asked each millisecond, and holds what comes meanwhile. */
__attribute__((section(".vectors"), used)) static const struct {
  uint32_t *stack;
  handler_t handlers[15];
} vectors = {
    image_stack_end,
    {board_reset, fault, fault, fault, fault, fault, 0, 0, 0, 0, fault, fault, 0, fault, tick},
};
