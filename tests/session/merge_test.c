/*
 * Tests of session/merge and session/queue: order of time over several sources, who waits for whom
 * and how long, bounded memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "session/merge.h"
#include "session/queue.h"

#define MAX_SEEN 4096

typedef struct Seen {
    size_t count;
    int64_t times[MAX_SEEN];
    uint8_t sources[MAX_SEEN];
    size_t notices;
    size_t notice_at; /* entries seen before the last notice */
    char notice[64];
} Seen;

static void on_entry(void *context, const Entry *entry)
{
    Seen *seen = context;
    assert_true(seen->count < MAX_SEEN);
    seen->times[seen->count] = entry->time.ns;
    seen->sources[seen->count++] = entry->source;
}

static void on_notice(void *context, uint8_t source, int64_t time_ns, StrView text)
{
    Seen *seen = context;
    (void)source;
    (void)time_ns;
    assert_true(text.len < sizeof(seen->notice));
    memcpy(seen->notice, text.ptr, text.len);
    seen->notice[text.len] = '\0';
    seen->notice_at = seen->count;
    seen->notices++;
}

static MergeSink sink_of(Seen *seen)
{
    return (MergeSink){.entry = on_entry, .notice = on_notice, .context = seen};
}

static void push(Merge *merge, uint8_t source, int64_t ns, int64_t now)
{
    Entry entry = {.kind = KIND_LOG,
                   .source = source,
                   .time = {.ns = ns},
                   .raw = SV("raw"),
                   .message = SV("message")};
    merge_push(merge, &entry, now);
}

static void drain(Merge *merge, int64_t now, Seen *seen)
{
    (void)merge_drain(merge, now, INT64_MAX, sink_of(seen)); /* what went is in `seen` */
}

static void files_come_out_in_order_of_time(void **state)
{
    (void)state;
    Seen *seen = calloc(1, sizeof(*seen));
    Merge *merge = merge_new(3, MIB);
    for (size_t i = 0; i < 3; i++) {
        merge_set_pace(merge, i, MERGE_FILE);
    }
    for (int64_t i = 0; i < 100; i++) {
        push(merge, 0, i * 3, 0);
        push(merge, 1, i * 5, 0);
    }
    drain(merge, INT64_MAX - 1, seen);
    assert_int_equal(seen->count, 0); /* the third file has said nothing yet */
    push(merge, 2, 7, 0);
    merge_set_pace(merge, 2, MERGE_ENDED);
    merge_set_pace(merge, 1, MERGE_ENDED);
    merge_set_pace(merge, 0, MERGE_ENDED);
    drain(merge, 0, seen);
    assert_int_equal(seen->count, 201);
    for (size_t i = 1; i < seen->count; i++) {
        assert_true(seen->times[i - 1] <= seen->times[i]);
    }
    assert_true(merge_is_empty(merge));
    assert_true(merge_deadline(merge) == INT64_MAX);
    merge_free(merge);
    free(seen);
}

static void silent_stream_holds_back_for_a_moment(void **state)
{
    (void)state;
    Seen *seen = calloc(1, sizeof(*seen));
    Merge *merge = merge_new(2, MIB);
    push(merge, 0, 5, 1000);
    drain(merge, 1000, seen);
    assert_int_equal(seen->count, 0);
    assert_int_equal(merge_deadline(merge), 1000 + MERGE_HOLD_NS);
    drain(merge, 1000 + MERGE_HOLD_NS - 1, seen);
    assert_int_equal(seen->count, 0);
    drain(merge, 1000 + MERGE_HOLD_NS, seen);
    assert_int_equal(seen->count, 1);
    /* As soon as it speaks, nothing is held back. */
    push(merge, 0, 6, 2000);
    push(merge, 1, 7, 2000);
    drain(merge, 2000, seen);
    assert_int_equal(seen->count, 2);
    assert_int_equal(seen->times[1], 6);
    merge_free(merge);
    free(seen);
}

static void history_is_waited_for_with_patience(void **state)
{
    (void)state;
    Seen *seen = calloc(1, sizeof(*seen));
    Merge *merge = merge_new(2, MIB);
    merge_set_pace(merge, 1, MERGE_HISTORY);
    push(merge, 0, 5, 0);
    drain(merge, MERGE_HOLD_NS, seen);
    assert_int_equal(seen->count, 0);
    drain(merge, MERGE_PATIENCE_NS, seen);
    assert_int_equal(seen->count, 1);
    merge_free(merge);
    free(seen);
}

static void notice_stays_in_its_place(void **state)
{
    (void)state;
    Seen *seen = calloc(1, sizeof(*seen));
    Merge *merge = merge_new(2, MIB);
    push(merge, 0, 1, 0);
    merge_push_notice(merge, 0, 1, SV("dropped"), 0);
    push(merge, 0, 3, 0);
    push(merge, 1, 2, 0);
    merge_set_pace(merge, 0, MERGE_ENDED);
    merge_set_pace(merge, 1, MERGE_ENDED);
    drain(merge, 0, seen);
    assert_int_equal(seen->count, 3);
    assert_int_equal(seen->notices, 1);
    assert_int_equal(seen->notice_at, 1);
    assert_string_equal(seen->notice, "dropped");
    assert_int_equal(seen->sources[1], 1);
    merge_free(merge);
    free(seen);
}

static void full_queues_go_on_without_waiting(void **state)
{
    (void)state;
    Seen *seen = calloc(1, sizeof(*seen));
    Merge *merge = merge_new(2, 64 * KIB);
    merge_set_pace(merge, 1, MERGE_HISTORY);
    for (int64_t i = 0; i < 2000; i++) {
        push(merge, 0, i, 0);
    }
    drain(merge, 0, seen);
    assert_true(seen->count > 0);
    assert_true(seen->count < 2000); /* only down to what may wait */
    merge_free(merge);
    free(seen);
}

static void one_that_can_wait_is_not_read_on(void **state)
{
    (void)state;
    Merge *merge = merge_new(2, 64 * MIB);
    char text[1000];
    memset(text, 'x', sizeof(text));
    Entry entry = {
        .kind = KIND_LOG, .raw = sv_of(text, sizeof(text)), .message = sv_of(text, sizeof(text))};
    assert_true(merge_wants(merge, 0));
    for (size_t i = 0; i < MERGE_QUEUE_BYTES / sizeof(text); i++) {
        merge_push(merge, &entry, 0);
    }
    assert_false(merge_wants(merge, 0));
    assert_true(merge_wants(merge, 1));
    merge_free(merge);
}

static void queue_keeps_order_and_forgets_memory(void **state)
{
    (void)state;
    AtomTable *atoms = atom_table_new(MIB);
    EntryQueue queue;
    queue_init(&queue, atoms);
    int64_t in = 0;
    int64_t out = 0;
    for (int round = 0; round < 300; round++) {
        for (int i = 0; i < 50; i++) {
            Entry entry = {.kind = KIND_LOG,
                           .time = {.ns = in},
                           .raw = SV("raw text"),
                           .message = SV("text"),
                           .process = SV("mdmclient")};
            queue_push(&queue, &entry, in++);
        }
        for (int i = 0; i < 49; i++) {
            Entry entry;
            int64_t arrival;
            assert_true(queue_peek(&queue, &entry, &arrival));
            assert_int_equal(entry.time.ns, out);
            assert_int_equal(arrival, out++);
            assert_true(sv_equal(entry.process, SV("mdmclient")));
            queue_take(&queue);
        }
        assert_int_equal(queue_count(&queue), in - out);
        assert_true(queue_bytes(&queue) < 300 * KIB);
    }
    queue_done(&queue);
    atom_table_free(atoms);
}

/* Whatever --buffer says, a set of columns is never asked for more than it can number. */
static void queues_stay_below_the_reach_of_columns(void **state)
{
    (void)state;
    assert_int_equal(queue_limit(64 * MIB), 64 * MIB);
    assert_int_equal(queue_limit(QUEUE_MAX_BYTES + 1), QUEUE_MAX_BYTES);
    assert_int_equal(queue_limit(SIZE_MAX), QUEUE_MAX_BYTES);
    /* A turn may add another read of long lines to what is there already. */
    assert_true((uint64_t)QUEUE_MAX_BYTES * 2 < UINT32_MAX);
}

static void bounded_queue_counts_what_it_gives_up(void **state)
{
    (void)state;
    AtomTable *atoms = atom_table_new(MIB);
    EntryQueue queue;
    queue_init(&queue, atoms);
    for (int64_t i = 0; i < 10000; i++) {
        Entry entry = {.kind = KIND_LOG, .time = {.ns = i}, .raw = SV("raw"), .message = SV("raw")};
        queue_push(&queue, &entry, 0);
        queue_bound(&queue, 100 * KIB);
        assert_true(queue_bytes(&queue) <= 100 * KIB);
    }
    Entry oldest;
    assert_true(queue_peek(&queue, &oldest, NULL));
    assert_int_equal(oldest.time.ns, queue.overrun); /* given up from the front, without a hole */
    assert_int_equal(queue_count(&queue) + queue.overrun, 10000);
    assert_true(queue_bytes(&queue) > 40 * KIB);
    queue_done(&queue);
    atom_table_free(atoms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_come_out_in_order_of_time),
        cmocka_unit_test(silent_stream_holds_back_for_a_moment),
        cmocka_unit_test(history_is_waited_for_with_patience),
        cmocka_unit_test(notice_stays_in_its_place),
        cmocka_unit_test(full_queues_go_on_without_waiting),
        cmocka_unit_test(one_that_can_wait_is_not_read_on),
        cmocka_unit_test(queue_keeps_order_and_forgets_memory),
        cmocka_unit_test(queues_stay_below_the_reach_of_columns),
        cmocka_unit_test(bounded_queue_counts_what_it_gives_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
