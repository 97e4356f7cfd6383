/* Phones in the middle of something: what a message can meet. */

#ifndef FUZZ_SITUATIONS_H_
#define FUZZ_SITUATIONS_H_

#include <stdint.h>

/* Once, after phone_init(). */
void situations_prepare(void);
/* Puts the phone into situation `number` of as many as there are; any number will do. */
void situations_enter(uint8_t number);

#endif
