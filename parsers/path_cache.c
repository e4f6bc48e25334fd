/*
 * A direct-mapped cache of unescaped paths. It knows nothing of JSON: who fills it unescapes.
 */
#include "parsers/path_cache.h"

#include <string.h>

#include "base/mem.h"
#include "parsers/scan.h"

#define SLOTS 256u /* a power of two */
#define LEN_MAX 1024u

typedef struct Slot {
    char *bytes; /* escaped, then plain; owned */
    uint32_t escaped_len;
    uint32_t plain_len;
} Slot;

struct PathCache {
    Slot slots[PATH_CACHE_KINDS][SLOTS];
};

PathCache *path_cache_new(void)
{
    return mem_calloc(1, sizeof(PathCache));
}

void path_cache_free(PathCache *cache)
{
    if (!cache) {
        return;
    }
    for (int kind = 0; kind < PATH_CACHE_KINDS; kind++) {
        for (unsigned i = 0; i < SLOTS; i++) {
            mem_free(cache->slots[kind][i].bytes);
        }
    }
    mem_free(cache);
}

/* Paths differ at their ends: the last eight bytes and the length tell most apart. */
static unsigned slot_of(StrView escaped)
{
    uint64_t tail = escaped.len >= 8 ? scan_load(escaped.ptr + escaped.len - 8) : 0;
    uint64_t hash = (tail ^ escaped.len) * UINT64_C(0x9e3779b97f4a7c15);
    return (unsigned)(hash >> 32) & (SLOTS - 1);
}

StrView path_cache_find(const PathCache *cache, int kind, StrView escaped)
{
    const Slot *slot = &cache->slots[kind][slot_of(escaped)];
    if (!slot->bytes || slot->escaped_len != escaped.len ||
        memcmp(slot->bytes, escaped.ptr, escaped.len) != 0) {
        return SV_NONE;
    }
    return sv_of(slot->bytes + slot->escaped_len, slot->plain_len);
}

void path_cache_add(PathCache *cache, int kind, StrView escaped, StrView plain)
{
    if (escaped.len > LEN_MAX || plain.len > LEN_MAX) {
        return;
    }
    Slot *slot = &cache->slots[kind][slot_of(escaped)];
    slot->bytes = mem_realloc(slot->bytes, escaped.len + plain.len + 1, 1);
    memcpy(slot->bytes, escaped.ptr, escaped.len);
    memcpy(slot->bytes + escaped.len, plain.ptr, plain.len);
    slot->escaped_len = (uint32_t)escaped.len;
    slot->plain_len = (uint32_t)plain.len;
}
