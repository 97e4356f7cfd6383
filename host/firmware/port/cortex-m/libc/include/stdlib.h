/* Of <stdlib.h> what lwIP names in a function that nothing calls. */
#ifndef STDLIB_H
#define STDLIB_H
int atoi(const char *text);
#endif
