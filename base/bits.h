/*
 * What processors do in one instruction and C11 has no word for. The compilers' builtins are named
 * here and in parsers/scan.h only, which also knows how wide a register is.
 */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include "base/base.h"

/* Number of the lowest bit that is set; `mask` is not 0. */
static inline unsigned bits_lowest(uint64_t mask)
{
    return (unsigned)__builtin_ctzll(mask);
}

/* How many bits are set. */
static inline unsigned bits_count(uint64_t mask)
{
    return (unsigned)__builtin_popcountll(mask);
}

/* Has the memory at `ptr` fetched that will be read soon; any pointer will do. */
static inline void bits_prefetch(const void *ptr)
{
    __builtin_prefetch(ptr);
}

#endif
