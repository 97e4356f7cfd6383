/* The core under test: its translation as a firmware has it, with a mark on every byte of its memory, and calls that the
 * harness can make. checked.ts writes translation.h, layout.h and core.h. */

#include <stdint.h>
#include <string.h>

#include "core.h"
#include "layout.h"

#define STANDFAST_MEMORY_USED MEMORY_BYTES

/* In place of each twin in redzone.h, which is told as nothing of the core: COVERAGE of checked.ts. */
#pragma clang attribute push(__attribute__((always_inline)), apply_to = function)
#pragma clang attribute push(__attribute__((no_sanitize("undefined"))), apply_to = function)
#include "memory.h"
#pragma clang attribute pop
#pragma clang attribute pop
#include "redzone.h"

static void trap(void) { core_trapped(); }

#include "translation.h"

/* No functions of the core. */
#define OURS __attribute__((no_sanitize("coverage")))
OURS uint8_t *core_memory(void) { return memory; }
OURS void core_reset(void) { load_data(); }
