/* The words of the command line. */

#ifndef POSIX_OPTIONS_H
#define POSIX_OPTIONS_H

#include <stdint.h>

struct options {
  const char *config;
  const char *snapshot; /* NULL: none is kept */
  const char *instance; /* NULL: made from this device */
  uint32_t wait_ms;     /* every line has to be in service by then; 0: whenever */
  int is_check;         /* read the configuration and end */
};

/* How a run ended: the numbers of docs/cli.md. */
enum { END_DONE = 0, END_FAILED = 1, END_USAGE = 2, END_NOT_IN_SERVICE = 3, END_TRAPPED = 70, END_INTERRUPTED = 130 };

/* Ends the program after --help, --version, and a word that it does not know. */
void options_read(int count, char **words, struct options *options);

#endif
