/*
 * Store: the bounded ring of all entries held, as segments of columns. Entries are known by number;
 * whoever must remember one keeps its number, never a pointer: the oldest segment goes whole when
 * the budget is used up.
 */
#ifndef SESSION_STORE_H
#define SESSION_STORE_H

#include "base/atom.h"
#include "base/base.h"
#include "parsers/columns.h"

/* From 1, in order of arrival, never used again. 0 = none. */
typedef uint64_t EntryNumber;

#define STORE_DEFAULT_BYTES (256 * MIB)
#define STORE_MIN_BYTES (1 * MIB)

typedef struct Store Store;

/* Where an entry is. Valid until the next store_push. */
typedef struct StoreRow {
    Columns *columns; /* tags may be changed, nothing else */
    uint32_t index;
} StoreRow;

typedef struct StoreCounts {
    uint64_t pushed;  /* rows ever, notices included */
    uint64_t entries; /* entries ever: rows that are no notices */
    uint64_t evicted; /* entries given up for the budget */
    uint64_t held;    /* entries held now */
    uint64_t notices; /* notices ever */
    uint64_t by_level[LEVEL_COUNT];
    uint64_t unparsed;
    size_t bytes; /* memory held now, of the last segment by its capacity */
    size_t budget;
} StoreCounts;

/* The rows that were found last, so that going through numbers in order does not search each time.
 * All zeroes = none yet. Valid until the next store_push. */
typedef struct StoreRun {
    StoreRow row; /* of `first` */
    EntryNumber first;
    EntryNumber end;
} StoreRun;

/* Makes a store that holds about `budget` bytes (raw bytes, columns and atoms together), at least
 * STORE_MIN_BYTES. A single entry that is larger than that is held all the same. */
Store *store_new(size_t budget);
void store_free(Store *store);

/* Copies `entry` in and returns its number; may evict the oldest segment. */
EntryNumber store_push(Store *store, const Entry *entry);

/* Numbers held are first ≤ n < end; first == end when it is empty. */
EntryNumber store_first(const Store *store);
EntryNumber store_end(const Store *store);

/* Finds an entry; false when it was evicted or never was. */
bool store_find(const Store *store, EntryNumber number, StoreRow *ret_row);

/* Finds the run of consecutive rows from `number` on that lie in one segment:
 * [number, *ret_end) at `ret_row`. False when `number` is not held. */
bool store_find_run(const Store *store, EntryNumber number, StoreRow *ret_row,
                    EntryNumber *ret_end);

/* The same as store_find for numbers that follow each other: looks into `run` first. */
bool store_find_in_run(const Store *store, StoreRun *run, EntryNumber number, StoreRow *ret_row);

/* So many rows before its turn a message is asked of the memory by whoever reads many: messages lie
 * far apart among the raw bytes, and waiting for each would take longer than searching it. */
#define STORE_ROWS_AHEAD 8

/* Where the message of a row lies that may be in the run; NULL = not in it. The prefetch itself is
 * up to the caller: compilers take a function that does nothing else for one without effect. */
static inline const char *store_message_bytes(const StoreRun *run, EntryNumber number)
{
    if (number < run->first || number >= run->end) {
        return NULL;
    }
    return run->row.columns->bytes + run->row.columns->message[number - run->first].offset;
}

/* First number of an entry (no notice) whose time is not before `ns`; store_end when there is none.
 * Exact although entries are only nearly in order of time: whole segments are passed over by their
 * latest time, then one segment's column is read. For the command that jumps to a time. */
EntryNumber store_find_time(const Store *store, int64_t ns);

/* Gives a number that it has never given before: for telling what is made of a store apart from
 * what was made of it earlier and lies at the same address. */
uint32_t store_new_id(Store *store);

AtomTable *store_atoms(const Store *store);
const StoreCounts *store_counts(const Store *store);

#endif
