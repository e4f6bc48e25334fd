/*
 * Merge: the entries of several sources in order of time. Each source has a queue; the oldest head
 * goes on as soon as nobody can still bring an older one, or has had time enough to.
 * It reads no descriptors: it only says whose turn it is to be read.
 */
#ifndef SESSION_MERGE_H
#define SESSION_MERGE_H

#include "base/base.h"
#include "base/str.h"
#include "parsers/entry.h"

/* A live source without news holds the others back for so long. */
#define MERGE_HOLD_NS (INT64_C(250) * NS_PER_MS)
/* One that is known to have older entries yet (history) holds them back for so long. */
#define MERGE_PATIENCE_NS (INT64_C(10) * NS_PER_SECOND)
/* A source that can wait is not read while so much of it is queued. */
#define MERGE_QUEUE_BYTES (1 * MIB)

typedef enum MergePace {
    MERGE_FILE,    /* delivers whenever it is read: the others wait for it */
    MERGE_HISTORY, /* delivers soon, older things than the live ones: waited for with patience */
    MERGE_LIVE,    /* may have nothing to say: waited for a moment */
    MERGE_ENDED,
} MergePace;

typedef struct MergeSink {
    void (*entry)(void *context, const Entry *entry);
    void (*notice)(void *context, uint8_t source, int64_t time_ns, StrView text);
    void *context;
} MergeSink;

typedef struct Merge Merge;

/* Makes a merge of `count` sources. When more than `max_bytes` (at most QUEUE_MAX_BYTES) wait,
 * the oldest goes on without waiting for anybody. The caller frees it. */
Merge *merge_new(size_t count, size_t max_bytes);
void merge_free(Merge *merge);

/* Queues an entry of source `entry->source`. */
void merge_push(Merge *merge, const Entry *entry, int64_t now);
void merge_push_notice(Merge *merge, uint8_t source, int64_t time_ns, StrView text, int64_t now);

void merge_set_pace(Merge *merge, size_t source, MergePace pace);

/* Tells whether a source that can wait should be read now. */
bool merge_wants(const Merge *merge, size_t source);

/* Passes on what is due, until `until` on clock_monotonic; true when something went. */
bool merge_drain(Merge *merge, int64_t now, int64_t until, MergeSink sink);

/* When merge_drain has something to do although nothing is pushed; INT64_MAX = never. */
int64_t merge_deadline(const Merge *merge);

bool merge_is_empty(const Merge *merge);

#endif
