/*
 * Arena: many small things with one life. Memory is given back all at once.
 * Pointers stay valid until arena_done.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/base.h"
#include "base/str.h"

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    ArenaBlock *block; /* newest first */
    size_t bytes;      /* handed out so far */
} Arena;

/* An Arena of all zeroes is ready for use. */
void *arena_alloc(Arena *arena, size_t size); /* zeroed, aligned for any type */

/* Copies a view into the arena; the copy is followed by a NUL that its length does not count. */
StrView arena_dup(Arena *arena, StrView view);

/* Frees everything; the arena is ready for use again. */
void arena_done(Arena *arena);

#endif
