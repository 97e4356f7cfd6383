/* Letters and numbers of a configuration, whatever the locale. */

#ifndef POSIX_TEXT_H
#define POSIX_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* ASCII only. */
char text_lower(char letter);
int text_is_blank(char letter);
int text_is_letter_or_digit(char letter);
/* Cuts blanks off both ends, in place. @returns where it starts now */
char *text_trim(char *text);
/* The whole text in decimal digits. @returns 0: it is none, or above `most` */
int text_number(const char *text, uint32_t most, uint32_t *number);
/* Letters and digits alone, in lower case; full-width ones count as such. @param folded as much room as the text takes */
void text_fold(const char *text, char *folded);
/* @returns the line, from 1, of the first bytes that are no UTF-8; 0: all are */
uint32_t text_find_bad_line(const char *text, size_t length);

#endif
