/* setjmp and longjmp for ARMv7-M: the registers that a call preserves (AAPCS32, 6.1.1), the stack and the way back. */

  .syntax unified
  .thumb

  .section .text.setjmp, "ax"
  .global setjmp
  .thumb_func
setjmp:
  mov ip, sp
  stmia r0!, {r4-r11, ip, lr}
  movs r0, #0
  bx lr

/* 0 would look like the first return: it becomes 1. */
  .section .text.longjmp, "ax"
  .global longjmp
  .thumb_func
longjmp:
  ldmia r0!, {r4-r11, ip, lr}
  mov sp, ip
  movs r0, r1
  it eq
  moveq r0, #1
  bx lr

  .section .note.GNU-stack, "", %progbits
