/* Memory for one core: a static array. No malloc, no mmap, no signal.
 *
 * STANDFAST_MEMORY is its size in bytes, at least `memoryUsed` of build/size.json: the module says one page of
 * 64 KiB, and every access above the array is a trap, not a fault. */

#include "wasm-rt.h"

#ifndef STANDFAST_MEMORY
#error "define STANDFAST_MEMORY: memoryUsed of build/size.json, or more"
#endif

static uint8_t memory_bytes[STANDFAST_MEMORY] __attribute__((aligned(8)));

bool wasm_rt_is_initialized(void) { return true; }

/* Types matter to calls through a table only; the core has none. */
uint32_t wasm_rt_register_func_type(uint32_t params, uint32_t results, ...) {
  (void)params;
  (void)results;
  return 0;
}

void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint32_t pages, uint32_t max_pages) {
  memory->data = memory_bytes;
  memory->size = sizeof memory_bytes;
  memory->pages = pages;
  memory->max_pages = max_pages;
}

void wasm_rt_free_memory(wasm_rt_memory_t *memory) { (void)memory; }
