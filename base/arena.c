/*
 * Arena: blocks that grow with what is asked for, handed out from the front.
 * Single things cannot be given back, and there is no locking.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

#include "base/mem.h"

enum { BLOCK_FIRST = 4096, BLOCK_LARGEST = 256 * 1024 };

struct ArenaBlock {
    ArenaBlock *next;
    size_t size; /* of data */
    size_t used;
    alignas(max_align_t) char data[];
};

static ArenaBlock *block_new(size_t size)
{
    /* Half of the address space is more than any machine has: let mem give up. */
    size_t whole = size < SIZE_MAX / 2 ? sizeof(ArenaBlock) + size : SIZE_MAX;
    ArenaBlock *block = mem_calloc(1, whole);
    block->size = size;
    return block;
}

/* A big request gets a block of its own behind the newest one, which stays in use. */
static void *take_alone(Arena *arena, size_t size)
{
    ArenaBlock *block = block_new(size);
    block->used = size;
    if (arena->block == NULL) {
        arena->block = block;
    } else {
        block->next = arena->block->next;
        arena->block->next = block;
    }
    return block->data;
}

static void *take(Arena *arena, size_t size, size_t alignment)
{
    arena->bytes += size;
    ArenaBlock *block = arena->block;
    if (block != NULL) {
        size_t start = (block->used + alignment - 1) / alignment * alignment;
        if (start <= block->size && size <= block->size - start) {
            block->used = start + size;
            return block->data + start;
        }
    }

    size_t next_size = block == NULL ? BLOCK_FIRST : block->size * 2;
    if (next_size > BLOCK_LARGEST) {
        next_size = BLOCK_LARGEST;
    }
    if (size > next_size / 4) {
        return take_alone(arena, size);
    }
    ArenaBlock *fresh = block_new(next_size);
    fresh->next = block;
    fresh->used = size;
    arena->block = fresh;
    return fresh->data;
}

void *arena_alloc(Arena *arena, size_t size)
{
    return take(arena, size, alignof(max_align_t));
}

StrView arena_dup(Arena *arena, StrView view)
{
    if (view.ptr == NULL) {
        return SV_NONE;
    }
    char *copy = take(arena, view.len + 1, 1);
    memcpy(copy, view.ptr, view.len);
    return sv_of(copy, view.len);
}

void arena_done(Arena *arena)
{
    ArenaBlock *block = arena->block;
    while (block != NULL) {
        ArenaBlock *next = block->next;
        mem_free(block);
        block = next;
    }
    *arena = (Arena){0};
}
