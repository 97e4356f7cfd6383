/* What is wrong with a configuration, collected, so that one reading tells it all. Above: the files that read one. */

#ifndef POSIX_COMPLAINTS_H
#define POSIX_COMPLAINTS_H

#include <stdint.h>

/* Begins anew. @param name the file, as people know it; it has to stay */
void complaints_begin(const char *name);
/* A mistake at that line of the file, counted from 1; 0: of the file as a whole. */
void complain(uint32_t at, const char *format, ...);
/* Something that changes nothing, told at once. */
void complaints_remark(uint32_t at, const char *format, ...);
const char *complaints_file(void);
/* Tells the mistakes on stderr in the order of their lines, those of the whole file last. @returns how many */
uint32_t complaints_tell(void);

#endif
