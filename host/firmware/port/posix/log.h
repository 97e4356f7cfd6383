/* Lines of log on stderr: seconds since the start, level, and what happened. No password is ever given to it. */

#ifndef POSIX_LOG_H
#define POSIX_LOG_H

#include <stdint.h>

#include "standfast.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Lines up to this level are written; LOG_INFO unless told. @returns 0: no level has that name */
int log_set_level(const char *name);
void log_line(enum log_level level, const char *format, ...);
/* An event with its rule, the inputs of the rule, and what is due next. @param line number of its line; NULL: of none */
void log_event(const struct standfast_event *event, const char *line);
/* Writes an error and ends the program with that code. */
void log_end(int code, const char *format, ...);

#endif
