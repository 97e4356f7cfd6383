/* A heap that only grows: wasm3 keeps nearly all it takes until the instance ends. */

#include "heap.h"

#include <stdint.h>
#include <string.h>

enum { ALIGN = 16 };

/* Before each block, in a place of its own of ALIGN bytes. */
struct header {
  size_t size;
};

static union {
  uint8_t bytes[STANDFAST_HEAP];
  uint64_t align;
} heap;
static size_t top;

static size_t rounded(size_t size) { return (size + ALIGN - 1) / ALIGN * ALIGN; }

static struct header *header_of(void *block) { return (struct header *)(void *)((uint8_t *)block - ALIGN); }

static int is_last(void *block) {
  return (uint8_t *)block + rounded(header_of(block)->size) == heap.bytes + top;
}

static int take(size_t size) {
  if (size > sizeof heap.bytes - ALIGN - top) return 0;
  top += rounded(size);
  return 1;
}

void *heap_calloc(size_t count, size_t size) {
  uint8_t *const block = heap.bytes + top + ALIGN;
  if (top + ALIGN > sizeof heap.bytes - ALIGN || !take(ALIGN + count * size)) return NULL;
  header_of(block)->size = count * size;
  return memset(block, 0, count * size);
}

void *heap_realloc(void *block, size_t size) {
  if (block == NULL) return heap_calloc(1, size);
  struct header *const header = header_of(block);
  if (is_last(block)) {
    const size_t before = top;
    top = (size_t)((uint8_t *)block - heap.bytes);
    if (!take(size)) {
      top = before;
      return NULL;
    }
    header->size = size;
    return block;
  }
  void *const other = heap_calloc(1, size);
  return other == NULL ? NULL : memcpy(other, block, header->size < size ? header->size : size);
}

void heap_free(void *block) {
  if (block != NULL && is_last(block)) top = (size_t)((uint8_t *)block - heap.bytes) - ALIGN;
}

void heap_empty(void) { top = 0; }
