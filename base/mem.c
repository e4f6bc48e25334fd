/*
 * Memory that cannot fail. The hook is the one piece of mutable state of this floor: it has to be
 * reachable from where no context is. Includes nothing of the project but its own header.
 */
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 8 };

static void (*exhausted_hook)(void);

static _Noreturn void exhausted(void)
{
    void (*hook)(void) = exhausted_hook;

    exhausted_hook = NULL;
    if (hook != NULL) {
        hook();
    }
    abort();
}

void mem_on_exhausted(void (*hook)(void))
{
    exhausted_hook = hook;
}

void *mem_alloc(size_t size)
{
    void *ptr = malloc(size > 0 ? size : 1);
    if (ptr == NULL) {
        exhausted();
    }
    return ptr;
}

void *mem_calloc(size_t count, size_t size)
{
    bool is_empty = count == 0 || size == 0;
    void *ptr = calloc(is_empty ? 1 : count, is_empty ? 1 : size);
    if (ptr == NULL) {
        exhausted();
    }
    return ptr;
}

void *mem_realloc(void *ptr, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size) {
        exhausted();
    }
    size_t bytes = count * size;
    void *resized = realloc(ptr, bytes > 0 ? bytes : 1);
    if (resized == NULL) {
        exhausted();
    }
    return resized;
}

char *mem_dup(const void *ptr, size_t len)
{
    if (len == SIZE_MAX) {
        exhausted();
    }
    char *copy = mem_alloc(len + 1);
    if (len > 0) {
        memcpy(copy, ptr, len);
    }
    copy[len] = '\0';
    return copy;
}

void mem_free(void *ptr)
{
    free(ptr);
}

void mem_grow(void **items, size_t *capacity, size_t len, size_t item_size)
{
    if (len < *capacity) {
        return;
    }
    size_t more = *capacity / 2;
    if (more < FIRST_CAPACITY) {
        more = FIRST_CAPACITY;
    }
    if (*capacity > SIZE_MAX - more) {
        exhausted();
    }
    *items = mem_realloc(*items, *capacity + more, item_size);
    *capacity += more;
}
