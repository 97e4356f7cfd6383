/* The clock of this port: it never goes back, and counts on while the device sleeps where the system has such a one. */

#ifndef STANDFAST_PORT_CLOCK_H
#define STANDFAST_PORT_CLOCK_H

#include <time.h>

#ifdef CLOCK_BOOTTIME /* Linux */
#define STEADY_CLOCK CLOCK_BOOTTIME
#else
#define STEADY_CLOCK CLOCK_MONOTONIC
#endif

#endif
