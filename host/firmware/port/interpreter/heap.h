/* The heap of wasm3: one static array, emptied as a whole for each instance. */

#ifndef HEAP_H
#define HEAP_H

#include <stddef.h>

/* Bytes: the memory of the core, and what each function becomes as it is called first. 256 KiB are enough on a processor of 32
 * bits, which holds half of what one of 64 does. */
#ifndef STANDFAST_HEAP
#define STANDFAST_HEAP (512 * 1024)
#endif

/* What wasm3 calls by the names of libc (-Dcalloc=heap_calloc ...). Zeroed; NULL: there is no more. */
void *heap_calloc(size_t count, size_t size);
/* As libc has it; what is given back by it or heap_free() is used again only if it lies last. */
void *heap_realloc(void *block, size_t size);
void heap_free(void *block);

/* Gives all back. */
void heap_empty(void);

#endif
