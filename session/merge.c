/*
 * Merge: see merge.h. With a handful of sources the oldest head is found by looking at all of them.
 */
#include "session/merge.h"

#include "base/atom.h"
#include "base/clock.h"
#include "base/mem.h"
#include "session/queue.h"

#define MERGE_ATOM_BYTES (16 * MIB)
/* Entries passed on between two looks at the clock. */
#define MERGE_BATCH 256

typedef struct Lane {
    EntryQueue queue;
    MergePace pace;
    bool has_head; /* head_ns and arrival are of the oldest entry in the queue */
    int64_t head_ns;
    int64_t arrival;
} Lane;

struct Merge {
    AtomTable *atoms;
    Lane *lanes;
    size_t count;
    size_t max_bytes;
};

/* How long a source of that pace holds an entry of another one back. */
static int64_t pace_hold(MergePace pace)
{
    static const int64_t holds[] = {
        [MERGE_FILE] = INT64_MAX,
        [MERGE_HISTORY] = MERGE_PATIENCE_NS,
        [MERGE_LIVE] = MERGE_HOLD_NS,
        [MERGE_ENDED] = 0,
    };
    return holds[pace];
}

Merge *merge_new(size_t count, size_t max_bytes)
{
    Merge *merge = mem_calloc(1, sizeof(*merge));
    merge->atoms = atom_table_new(MERGE_ATOM_BYTES);
    merge->lanes = mem_calloc(count, sizeof(*merge->lanes));
    merge->count = count;
    merge->max_bytes = queue_limit(max_bytes);
    for (size_t i = 0; i < count; i++) {
        queue_init(&merge->lanes[i].queue, merge->atoms);
        merge->lanes[i].pace = MERGE_LIVE;
    }
    return merge;
}

void merge_free(Merge *merge)
{
    if (merge == NULL) {
        return;
    }
    for (size_t i = 0; i < merge->count; i++) {
        queue_done(&merge->lanes[i].queue);
    }
    mem_free(merge->lanes);
    atom_table_free(merge->atoms);
    mem_free(merge);
}

/* Looks at the head again after the queue has changed. */
static void refresh_head(Lane *lane)
{
    Entry head;
    lane->has_head = queue_peek(&lane->queue, &head, &lane->arrival);
    if (lane->has_head) {
        lane->head_ns = head.time.ns;
    }
}

void merge_push(Merge *merge, const Entry *entry, int64_t now)
{
    Lane *lane = &merge->lanes[entry->source];
    queue_push(&lane->queue, entry, now);
    if (!lane->has_head) {
        refresh_head(lane);
    }
}

void merge_push_notice(Merge *merge, uint8_t source, int64_t time_ns, StrView text, int64_t now)
{
    Lane *lane = &merge->lanes[source];
    queue_push_notice(&lane->queue, source, time_ns, text, now);
    if (!lane->has_head) {
        refresh_head(lane);
    }
}

void merge_set_pace(Merge *merge, size_t source, MergePace pace)
{
    merge->lanes[source].pace = pace;
}

bool merge_wants(const Merge *merge, size_t source)
{
    const Lane *lane = &merge->lanes[source];
    return !lane->has_head || queue_bytes(&lane->queue) < MERGE_QUEUE_BYTES;
}

/* The source whose head is the oldest; NULL when nothing waits. */
static Lane *oldest_lane(const Merge *merge)
{
    Lane *oldest = NULL;
    for (size_t i = 0; i < merge->count; i++) {
        Lane *lane = &merge->lanes[i];
        if (lane->has_head && (oldest == NULL || lane->head_ns < oldest->head_ns)) {
            oldest = lane;
        }
    }
    return oldest;
}

/* How long the others may still hold the oldest entry back. */
static int64_t longest_hold(const Merge *merge)
{
    int64_t longest = 0;
    for (size_t i = 0; i < merge->count; i++) {
        const Lane *lane = &merge->lanes[i];
        int64_t hold = lane->has_head ? 0 : pace_hold(lane->pace);
        longest = hold > longest ? hold : longest;
    }
    return longest;
}

static size_t waiting_bytes(const Merge *merge)
{
    size_t bytes = 0;
    for (size_t i = 0; i < merge->count; i++) {
        bytes += queue_bytes(&merge->lanes[i].queue);
    }
    return bytes;
}

static void pass_on(Lane *lane, MergeSink sink)
{
    Entry entry;
    if (queue_peek(&lane->queue, &entry, NULL)) {
        if (entry.kind == KIND_NOTICE) {
            sink.notice(sink.context, entry.source, entry.time.ns, entry.message);
        } else {
            sink.entry(sink.context, &entry);
        }
        queue_take(&lane->queue);
    }
    refresh_head(lane);
}

bool merge_drain(Merge *merge, int64_t now, int64_t until, MergeSink sink)
{
    bool went = false;
    bool is_full = waiting_bytes(merge) > merge->max_bytes;
    for (unsigned passed = 1;; passed++) {
        Lane *lane = oldest_lane(merge);
        if (lane == NULL) {
            return went;
        }
        int64_t hold = longest_hold(merge);
        bool is_due = hold == 0 || (hold != INT64_MAX && now - lane->arrival >= hold);
        if (!is_due && !is_full) {
            return went;
        }
        pass_on(lane, sink);
        went = true;
        if (passed % MERGE_BATCH == 0) {
            is_full = waiting_bytes(merge) > merge->max_bytes;
            if (clock_monotonic() >= until) {
                return went;
            }
        }
    }
}

int64_t merge_deadline(const Merge *merge)
{
    const Lane *lane = oldest_lane(merge);
    if (lane == NULL) {
        return INT64_MAX;
    }
    int64_t hold = longest_hold(merge);
    return hold == INT64_MAX ? INT64_MAX : lane->arrival + hold;
}

bool merge_is_empty(const Merge *merge)
{
    return oldest_lane(merge) == NULL;
}
