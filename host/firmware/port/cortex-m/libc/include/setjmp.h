/* <setjmp.h> for ARMv7-M: r4 to r11, the stack pointer, the return address. */
#ifndef SETJMP_H
#define SETJMP_H
typedef unsigned jmp_buf[10];
int setjmp(jmp_buf place) __attribute__((returns_twice));
void longjmp(jmp_buf place, int value) __attribute__((noreturn));
#endif
