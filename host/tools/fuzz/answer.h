/* Answers of a server, put together from menus. */

#ifndef FUZZ_ANSWER_H_
#define FUZZ_ANSWER_H_

#include "bytes.h"

/* Answers one of the requests sent last, as the next bytes of the input say. */
void answer(struct bytes *input);

#endif
