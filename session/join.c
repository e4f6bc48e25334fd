/*
 * Join: see join.h. A ring of slots in order of arrival, chained into hash buckets; fingerprints
 * have 128 bits, so that no entry is ever taken for another one.
 */
#include "session/join.h"

#include "base/hash.h"
#include "base/mem.h"

#define JOIN_NONE UINT32_MAX
#define JOIN_FIRST_KEYS 1024u

typedef struct Fingerprint {
    uint64_t low;
    uint64_t high;
} Fingerprint;

typedef struct JoinSlot {
    Fingerprint print;
    uint32_t next;   /* in its bucket; JOIN_NONE = last */
    uint32_t run;    /* which run `seen` counts */
    uint32_t seen;   /* deliveries by that run */
    uint32_t passed; /* the most that any run delivered: as many were passed on */
} JoinSlot;

struct Join {
    HashKey key;
    JoinSlot *slots;
    uint32_t *buckets; /* as many as slots */
    uint32_t capacity; /* a power of two */
    uint32_t max_keys;
    uint32_t count;
    uint32_t oldest; /* slot that is given up next, once all are used */
};

/* False for what has nothing to be recognised by. */
static bool fingerprint(const Join *join, const Entry *entry, Fingerprint *ret_print)
{
    if (entry->kind == KIND_UNPARSED || entry->kind == KIND_NOTICE) {
        return false;
    }
    Hash hash = hash_begin(join->key);
    if ((entry->present & HAS_MACH) != 0) {
        hash_add_word(&hash, entry->mach);
    } else if (entry->time.ns != CLOCK_NO_TIME && (entry->flags & ENTRY_NO_TIME) == 0) {
        hash_add_word(&hash, (uint64_t)entry->time.ns);
        hash_add_word(&hash, (entry->present & HAS_PID) != 0 ? entry->pid : UINT64_MAX);
    } else {
        return false;
    }
    hash_add_word(&hash, (entry->present & HAS_THREAD) != 0 ? entry->thread : UINT64_MAX);
    hash_add_word(&hash, (entry->present & HAS_TRACE) != 0 ? entry->trace : UINT64_MAX);
    hash_add_text(&hash, entry->message);
    ret_print->low = hash_end(&hash);
    ret_print->high = hash_end(&hash);
    return true;
}

static uint32_t *bucket_of(const Join *join, Fingerprint print)
{
    return &join->buckets[print.low & (join->capacity - 1)];
}

/* Enters all slots into buckets anew. */
static void rehash(Join *join)
{
    for (uint32_t i = 0; i < join->capacity; i++) {
        join->buckets[i] = JOIN_NONE;
    }
    for (uint32_t i = 0; i < join->count; i++) {
        uint32_t *bucket = bucket_of(join, join->slots[i].print);
        join->slots[i].next = *bucket;
        *bucket = i;
    }
}

static void grow(Join *join)
{
    join->capacity *= 2;
    join->slots = mem_realloc(join->slots, join->capacity, sizeof(*join->slots));
    join->buckets = mem_realloc(join->buckets, join->capacity, sizeof(*join->buckets));
    rehash(join);
}

static JoinSlot *find_slot(Join *join, Fingerprint print)
{
    uint32_t at = *bucket_of(join, print);
    while (at != JOIN_NONE) {
        JoinSlot *slot = &join->slots[at];
        if (slot->print.low == print.low && slot->print.high == print.high) {
            return slot;
        }
        at = slot->next;
    }
    return NULL;
}

/* Takes a slot that is to be used again out of its bucket. */
static void unlink_slot(Join *join, uint32_t index)
{
    uint32_t *link = bucket_of(join, join->slots[index].print);
    while (*link != index) {
        link = &join->slots[*link].next;
    }
    *link = join->slots[index].next;
}

/* Gives a slot for a new fingerprint: a fresh one, or that of the oldest. */
static JoinSlot *add_slot(Join *join, Fingerprint print)
{
    uint32_t index;
    if (join->count < join->max_keys) {
        if (join->count == join->capacity) {
            grow(join);
        }
        index = join->count++;
    } else {
        index = join->oldest;
        join->oldest = (index + 1) % join->max_keys;
        unlink_slot(join, index);
    }
    uint32_t *bucket = bucket_of(join, print);
    join->slots[index] = (JoinSlot){.print = print, .next = *bucket};
    *bucket = index;
    return &join->slots[index];
}

Join *join_new(uint32_t max_keys)
{
    Join *join = mem_calloc(1, sizeof(*join));
    join->key = hash_key_new();
    join->max_keys = max_keys > 0 ? max_keys : 1;
    join->capacity = JOIN_FIRST_KEYS;
    join->slots = mem_alloc(join->capacity * sizeof(*join->slots));
    join->buckets = mem_alloc(join->capacity * sizeof(*join->buckets));
    rehash(join);
    return join;
}

void join_free(Join *join)
{
    if (join == NULL) {
        return;
    }
    mem_free(join->slots);
    mem_free(join->buckets);
    mem_free(join);
}

bool join_offer(Join *join, uint32_t run, const Entry *entry)
{
    Fingerprint print;
    if (!fingerprint(join, entry, &print)) {
        return true;
    }
    JoinSlot *slot = find_slot(join, print);
    if (slot == NULL) {
        slot = add_slot(join, print);
        slot->run = run;
    } else if (slot->run != run) {
        slot->run = run;
        slot->seen = 0;
    }
    slot->seen++;
    if (slot->seen <= slot->passed) {
        return false;
    }
    slot->passed = slot->seen;
    return true;
}
