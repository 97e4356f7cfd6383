/* The text of a configuration, entry by entry. */

#ifndef POSIX_FILE_H
#define POSIX_FILE_H

/* Reads the file at `path` and enters what it says into the draft; the text stays in memory, for values point into it.
 * @returns 0: it could not be read at all, and that was told */
int file_read(const char *path);

#endif
