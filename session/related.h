/*
 * Related: entries of the same process, thread or activity as a given one. Numbers of processes,
 * threads and activities mean something within one boot of one Mac only, and so it is read here.
 * It knows nothing of how related entries are lit.
 */
#ifndef SESSION_RELATED_H
#define SESSION_RELATED_H

#include "base/base.h"
#include "parsers/columns.h"
#include "session/store.h"
#include "session/view.h"

typedef enum RelatedKind {
    RELATED_PROCESS,  /* process ID and path */
    RELATED_THREAD,   /* thread of the process */
    RELATED_ACTIVITY, /* activity ID, whatever process it is handed to */
    RELATED_KINDS
} RelatedKind;

/* What is the same in related entries. It stays valid when its entry is gone. */
typedef struct RelatedKey {
    RelatedKind kind;
    uint8_t source;
    uint64_t program; /* stands for the path of the process, or for its name where no path is */
    uint64_t boot;    /* stands for the boot's UUID; 0 = the entry does not say */
    uint64_t value;   /* process, thread or activity ID */
} RelatedKey;

typedef enum RelatedResult {
    RELATED_NONE,  /* no further entry is related */
    RELATED_FOUND, /* the number is that of one */
    RELATED_MORE   /* not found so far: go on */
} RelatedResult;

/* Makes the key of an entry; false when it has no such ID (or 0 as its thread or activity). All
 * columns that one key is compared with must share one table of atoms. */
bool related_key(const Columns *columns, uint32_t index, RelatedKind kind, RelatedKey *ret_key);

/* Tells whether the entry has the key. An entry that does not say its boot has any boot. */
bool related_is(const Columns *columns, uint32_t index, const RelatedKey *key);

/* Finds the next related entry after (before, when `backward`) `*number`, looking at no more than
 * about `rows` rows: a row whose boot must be read counts as many. `*number` goes along, so that
 * RELATED_MORE is followed by the same call. To begin with it is any entry number, in the view or
 * not; 0 begins before the first, UINT64_MAX after the last. A million rows take milliseconds:
 * RELATED_ROWS at once are unnoticeable. */
RelatedResult related_find(const View *view, const Store *store, const RelatedKey *key,
                           EntryNumber *number, bool backward, uint32_t rows);

#define RELATED_ROWS 500000

/* "process", "thread", "activity" */
const char *related_name(RelatedKind kind);

#endif
