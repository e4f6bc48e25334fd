/*
 * Memory that cannot fail: every function here aborts through the out-of-memory hook rather than
 * return NULL, so no caller checks. The hook is where the screen floor restores the terminal.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include "base/base.h"

/* Allocates `size` bytes, uninitialised. A size of 0 gives a unique pointer. */
void *mem_alloc(size_t size);

/* Allocates `count` × `size` zeroed bytes; an overflow of the product counts as out of memory. */
void *mem_calloc(size_t count, size_t size);

/* Resizes `ptr` (may be NULL) to `count` × `size` bytes; the old pointer is invalid afterwards. */
void *mem_realloc(void *ptr, size_t count, size_t size);

/* Copies `len` bytes of `ptr` and adds a NUL. The caller frees the result. */
char *mem_dup(const void *ptr, size_t len);

/* Frees `ptr`, which may be NULL. */
void mem_free(void *ptr);

/* Sets the function called once when memory is exhausted, before abort(); NULL = none.
 * It must not allocate. */
void mem_on_exhausted(void (*hook)(void));

/* Makes room for one more element in the array `*items` of `*capacity` elements holding `len`:
 * grows by half again when full. `item_size` in bytes. */
void mem_grow(void **items, size_t *capacity, size_t len, size_t item_size);

#endif
