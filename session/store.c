/*
 * Store: segments in order of number, each a Columns. The last one is open; when it is full another
 * is opened, and the oldest go when the budget is used up. One emptied Columns is kept as a spare
 * and opened next, so that a full ring neither allocates nor frees. It knows nothing of views.
 */
#include "session/store.h"

#include <string.h>

#include "base/mem.h"

#define SEGMENT_MAX_BYTES (4 * MIB)
#define SEGMENTS_PER_BUDGET 16

/* What a row takes in the columns of fixed width, about. */
#define ROW_BYTES 100

/* Share of the budget that atoms may use, and their cap: fields with few distinct values. */
#define ATOMS_PER_BUDGET 8
#define ATOMS_MAX_BYTES (16 * MIB)

#define NO_TIME INT64_MIN

typedef struct Segment {
    EntryNumber first;
    int64_t latest;   /* greatest time of its entries, NO_TIME = none has one */
    uint64_t entries; /* rows that are no notices */
    size_t bytes;     /* columns_size when it was last pushed to */
    Columns columns;
} Segment;

struct Store {
    AtomTable *atoms;
    Segment **segments; /* oldest first; the last is open */
    size_t count;
    size_t capacity;
    Segment *spare; /* emptied, to be opened next; NULL = none */
    EntryNumber end;
    uint32_t last_id;
    size_t segment_bytes; /* an open segment is full when it holds about this */
    size_t closed_bytes;  /* columns_size of the last segment that was closed */
    size_t columns_bytes; /* of all segments and the spare */
    StoreCounts counts;
};

Store *store_new(size_t budget)
{
    Store *store = mem_calloc(1, sizeof *store);
    if (budget < STORE_MIN_BYTES) {
        budget = STORE_MIN_BYTES;
    }
    size_t atoms = budget / ATOMS_PER_BUDGET;
    store->atoms = atom_table_new(atoms < ATOMS_MAX_BYTES ? atoms : ATOMS_MAX_BYTES);
    size_t segment = budget / SEGMENTS_PER_BUDGET;
    store->segment_bytes = segment < SEGMENT_MAX_BYTES ? segment : SEGMENT_MAX_BYTES;
    store->end = 1;
    store->counts.budget = budget;
    store->counts.bytes = atom_bytes(store->atoms);
    return store;
}

static void segment_free(Segment *segment)
{
    if (segment != NULL) {
        columns_done(&segment->columns);
        mem_free(segment);
    }
}

void store_free(Store *store)
{
    if (store == NULL) {
        return;
    }
    for (size_t i = 0; i < store->count; i++) {
        segment_free(store->segments[i]);
    }
    segment_free(store->spare);
    mem_free(store->segments);
    atom_table_free(store->atoms);
    mem_free(store);
}

static size_t held_bytes(const Store *store)
{
    return store->columns_bytes + atom_bytes(store->atoms);
}

static void drop_spare(Store *store)
{
    if (store->spare != NULL) {
        store->columns_bytes -= store->spare->bytes;
        segment_free(store->spare);
        store->spare = NULL;
    }
}

/* Keeps an emptied segment for the next opening, unless there is one already or a giant entry has
 * blown this one up. */
static void recycle(Store *store, Segment *segment)
{
    if (store->spare != NULL || segment->bytes > 2 * store->segment_bytes) {
        store->columns_bytes -= segment->bytes;
        segment_free(segment);
        return;
    }
    columns_clear(&segment->columns);
    store->spare = segment;
}

static void remove_oldest(Store *store)
{
    Segment *segment = store->segments[0];
    store->count--;
    memmove(store->segments, store->segments + 1, store->count * sizeof(Segment *));
    store->counts.held -= segment->entries;
    recycle(store, segment);
}

static void evict_oldest(Store *store)
{
    store->counts.evicted += store->segments[0]->entries;
    remove_oldest(store);
}

static Segment *open_segment(Store *store)
{
    /* Room is made before it is used: the evicted segment becomes the one that is opened. */
    while (store->count > 0 && store->spare == NULL &&
           held_bytes(store) + store->closed_bytes > store->counts.budget) {
        evict_oldest(store);
    }
    Segment *segment = store->spare;
    store->spare = NULL;
    if (segment == NULL) {
        segment = mem_calloc(1, sizeof *segment);
        columns_init(&segment->columns, store->atoms);
        segment->bytes = columns_size(&segment->columns);
        store->columns_bytes += segment->bytes;
    }
    segment->first = store->end;
    segment->latest = NO_TIME;
    segment->entries = 0;
    mem_grow((void **)&store->segments, &store->capacity, store->count, sizeof(Segment *));
    store->segments[store->count++] = segment;
    return segment;
}

/* Tells whether `entry` goes into another segment. An empty one takes anything. Bytes grow by half
 * of what they are: rather than grow beyond a segment and stay half empty, they are left as they
 * are. */
static bool is_full(const Store *store, const Segment *segment, const Entry *entry)
{
    const Columns *columns = &segment->columns;
    size_t limit = store->segment_bytes;
    size_t bytes = columns->bytes_len + entry->raw.len + entry->message.len;
    bool must_grow = bytes > columns->bytes_capacity;
    bool is_grown = columns->bytes_capacity + columns->bytes_capacity / 2 > limit;
    bool is_long = bytes + ((size_t)columns->count + 1) * ROW_BYTES > limit + limit / 4;
    return columns->count > 0 && ((must_grow && is_grown) || is_long);
}

static void count_row(Store *store, Segment *segment, const Entry *entry)
{
    StoreCounts *counts = &store->counts;
    counts->pushed++;
    if (entry->kind == KIND_NOTICE) {
        counts->notices++;
        return;
    }
    counts->entries++;
    counts->held++;
    counts->by_level[entry->level]++;
    counts->unparsed += entry->kind == KIND_UNPARSED;
    segment->entries++;
    if (entry->time.ns > segment->latest) {
        segment->latest = entry->time.ns;
    }
}

EntryNumber store_push(Store *store, const Entry *entry)
{
    Segment *segment = store->count > 0 ? store->segments[store->count - 1] : NULL;
    if (segment != NULL && is_full(store, segment, entry)) {
        store->closed_bytes = segment->bytes;
        segment = NULL;
    }
    if (segment == NULL) {
        segment = open_segment(store);
    }
    uint32_t capacity = segment->columns.capacity;
    size_t bytes_capacity = segment->columns.bytes_capacity;
    (void)columns_push(&segment->columns, entry); /* the index follows from the number */
    if (segment->columns.capacity != capacity ||
        segment->columns.bytes_capacity != bytes_capacity) {
        size_t bytes = columns_size(&segment->columns);
        store->columns_bytes = store->columns_bytes - segment->bytes + bytes;
        segment->bytes = bytes;
    }
    count_row(store, segment, entry);
    store->end++;

    if (held_bytes(store) > store->counts.budget) {
        drop_spare(store);
    }
    while (store->count > 1 && held_bytes(store) > store->counts.budget) {
        evict_oldest(store);
        drop_spare(store);
    }
    store->counts.bytes = held_bytes(store);
    return store->end - 1;
}

EntryNumber store_first(const Store *store)
{
    return store->count > 0 ? store->segments[0]->first : store->end;
}

EntryNumber store_end(const Store *store)
{
    return store->end;
}

/* The segment that holds `number`, which must be held. */
static Segment *find_segment(const Store *store, EntryNumber number)
{
    size_t low = 0;
    size_t high = store->count - 1;
    if (store->segments[high]->first <= number) {
        return store->segments[high]; /* what was just pushed is asked for most */
    }
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (store->segments[middle]->first <= number) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return store->segments[low];
}

bool store_find(const Store *store, EntryNumber number, StoreRow *ret_row)
{
    EntryNumber end;
    return store_find_run(store, number, ret_row, &end);
}

bool store_find_run(const Store *store, EntryNumber number, StoreRow *ret_row, EntryNumber *ret_end)
{
    if (number < store_first(store) || number >= store->end) {
        return false;
    }
    Segment *segment = find_segment(store, number);
    *ret_row =
        (StoreRow){.columns = &segment->columns, .index = (uint32_t)(number - segment->first)};
    *ret_end = segment->first + segment->columns.count;
    return true;
}

bool store_find_in_run(const Store *store, StoreRun *run, EntryNumber number, StoreRow *ret_row)
{
    if (number < run->first || number >= run->end) {
        if (!store_find_run(store, number, &run->row, &run->end)) {
            return false;
        }
        /* The whole segment, so that going backward finds it as well. */
        run->first = number - run->row.index;
        run->row.index = 0;
    }
    *ret_row = (StoreRow){.columns = run->row.columns, .index = (uint32_t)(number - run->first)};
    return true;
}

EntryNumber store_find_time(const Store *store, int64_t ns)
{
    for (size_t i = 0; i < store->count; i++) {
        const Segment *segment = store->segments[i];
        const Columns *columns = &segment->columns;
        if (segment->entries == 0 || segment->latest < ns) {
            continue;
        }
        for (uint32_t row = 0; row < columns->count; row++) {
            if (columns->time_ns[row] >= ns && columns->kind[row] != KIND_NOTICE) {
                return segment->first + row;
            }
        }
    }
    return store->end;
}

uint32_t store_new_id(Store *store)
{
    return ++store->last_id;
}

AtomTable *store_atoms(const Store *store)
{
    return store->atoms;
}

const StoreCounts *store_counts(const Store *store)
{
    return &store->counts;
}
