/* What a configuration came to, on stdout, in the form that it is read in. Without passwords. */

#ifndef POSIX_SHOW_H
#define POSIX_SHOW_H

#include "config.h"

/* Every server and line, the local port, and each parameter that has not its default. */
void show_config(const struct config *config);

#endif
