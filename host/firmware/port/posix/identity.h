/* Who this device is: secret bytes of one boot, and a name that stays the same over boots. */

#ifndef POSIX_IDENTITY_H
#define POSIX_IDENTITY_H

#include <stdint.h>

/* Random bytes of the system. @returns 0: it has none to give */
int identity_seed(void *bytes, uint32_t length);
/* A stable name of this device at that local port, 8 hex digits: two phones on one machine differ by their port. */
void identity_name(uint32_t port, char *name);

#endif
