/* What lwIP has to know of compiler and board. */

#ifndef LWIP_ARCH_CC_H
#define LWIP_ARCH_CC_H

#include "board/board.h"

#define BYTE_ORDER LITTLE_ENDIAN
#define LWIP_NO_INTTYPES_H 1
#define X8_F "x"
#define U16_F "u"
#define S16_F "d"
#define X16_F "x"
#define U32_F "u"
#define S32_F "d"
#define X32_F "x"
#define SZT_F "u"
#define LWIP_NO_CTYPE_H 1
#define LWIP_NO_UNISTD_H 1
#define LWIP_NO_LIMITS_H 1
#define INT_MAX __INT_MAX__
#define LWIP_PLATFORM_DIAG(message) ((void)0)
/* An error of lwIP itself: the same end as any other fault. */
#define LWIP_PLATFORM_ASSERT(message) (board_log("lwIP: " message "\n"), board_exit(BOARD_EXIT_FAULT))

#endif
