/* What C translated by wasm2c (wabt 1.0.32) asks of its surroundings, for one core in static memory.
 *
 * wabt brings a runtime of its own for any module; it maps memory, catches signals and needs an operating system.
 * The core has one memory that never grows, no table, no exception: this is all that is left of it. The types of
 * tables are here because the translation names them in functions that nothing calls. */

#ifndef WASM_RT_H_
#define WASM_RT_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define wasm_rt_memcpy __builtin_memcpy

/* Every access is compared with the size of the memory; no processor has to catch it. */
#define WASM_RT_MEMCHECK_SIGNAL_HANDLER 0
/* The depth of the stack is proved when the module is built: ABI.md. */
#define WASM_RT_USE_STACK_DEPTH_COUNT 0

typedef enum {
  WASM_RT_TRAP_NONE,
  WASM_RT_TRAP_OOB,
  WASM_RT_TRAP_INT_OVERFLOW,
  WASM_RT_TRAP_DIV_BY_ZERO,
  WASM_RT_TRAP_INVALID_CONVERSION,
  WASM_RT_TRAP_UNREACHABLE,
  WASM_RT_TRAP_CALL_INDIRECT,
  WASM_RT_TRAP_EXHAUSTION
} wasm_rt_trap_t;

typedef enum { WASM_RT_I32, WASM_RT_I64, WASM_RT_F32, WASM_RT_F64 } wasm_rt_type_t;

typedef struct {
  uint8_t *data;
  uint32_t pages, max_pages;
  /* Bytes that may be touched: fewer than a page of 64 KiB where memory is dear. */
  uint32_t size;
} wasm_rt_memory_t;

typedef void (*wasm_rt_function_ptr_t)(void);
typedef struct {
  uint32_t func_type;
  wasm_rt_function_ptr_t func;
  void *module_instance;
} wasm_rt_funcref_t;
typedef struct {
  wasm_rt_funcref_t *data;
  uint32_t max_size, size;
} wasm_rt_funcref_table_t;
typedef void *wasm_rt_externref_t;
typedef struct {
  wasm_rt_externref_t *data;
  uint32_t max_size, size;
} wasm_rt_externref_table_t;
static const wasm_rt_externref_t wasm_rt_externref_null_value = NULL;

/* Given by whoever embeds the core: it must not return. The instance is spent. */
_Noreturn void wasm_rt_trap(wasm_rt_trap_t code);

bool wasm_rt_is_initialized(void);
uint32_t wasm_rt_register_func_type(uint32_t params, uint32_t results, ...);
void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint32_t pages, uint32_t max_pages);
void wasm_rt_free_memory(wasm_rt_memory_t *memory);

#endif
