/*
 * Tests of the store: what is held can be found, the budget holds, the oldest goes first, numbers
 * are never used again, and a full ring stops allocating.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "session/store.h"
#include "tests/session/rows.h"

static EntryNumber push_numbered(Store *store, size_t padding)
{
    char text[4096];
    int len = snprintf(text, sizeof text, "%llu ", (unsigned long long)store_end(store));
    memset(text + len, 'x', padding);
    text[(size_t)len + padding] = '\0';
    Entry entry = rows_entry("mdmclient", text, ROWS_START + (int64_t)store_end(store));
    return store_push(store, &entry);
}

static void assert_numbered(const Store *store, EntryNumber number)
{
    StoreRow row;
    assert_true(store_find(store, number, &row));
    char text[32];
    int len = snprintf(text, sizeof text, "%llu ", (unsigned long long)number);
    assert_true(sv_starts(columns_message(row.columns, row.index), sv_of(text, (size_t)len)));
}

static void test_empty(void **state)
{
    (void)state;
    Store *store = store_new(STORE_DEFAULT_BYTES);
    StoreRow row;
    EntryNumber end;
    assert_int_equal(store_first(store), store_end(store));
    assert_false(store_find(store, 0, &row));
    assert_false(store_find(store, 1, &row));
    assert_false(store_find_run(store, 1, &row, &end));
    assert_int_equal(store_find_time(store, 0), store_end(store));
    store_free(store);
    store_free(NULL);
}

static void test_numbers_from_one(void **state)
{
    (void)state;
    Store *store = store_new(STORE_DEFAULT_BYTES);
    for (EntryNumber i = 1; i <= 100; i++) {
        assert_int_equal(push_numbered(store, 10), i);
    }
    for (EntryNumber i = 1; i <= 100; i++) {
        assert_numbered(store, i);
    }
    StoreRow row;
    assert_false(store_find(store, 0, &row));
    assert_false(store_find(store, 101, &row));
    store_free(store);
}

static void test_budget_holds(void **state)
{
    (void)state;
    Store *store = store_new(STORE_MIN_BYTES);
    const StoreCounts *counts = store_counts(store);
    for (uint32_t i = 0; i < 60000; i++) {
        EntryNumber number = push_numbered(store, i % 700);
        assert_true(counts->bytes <= counts->budget);
        assert_int_equal(counts->entries, counts->evicted + counts->held);
        assert_int_equal(counts->held, store_end(store) - store_first(store));
        assert_numbered(store, number);
    }
    assert_true(counts->evicted > 0);
    /* Less than a quarter goes to waste, else the budget means nothing. */
    assert_true(counts->bytes > counts->budget / 4 * 3);
    for (EntryNumber n = store_first(store); n < store_end(store); n++) {
        assert_numbered(store, n);
    }
    StoreRow row;
    assert_false(store_find(store, store_first(store) - 1, &row));
    store_free(store);
}

static void test_budget_has_many_segments(void **state)
{
    (void)state;
    Store *store = store_new(STORE_MIN_BYTES);
    for (uint32_t i = 0; i < 20000; i++) {
        (void)push_numbered(store, 200);
    }
    size_t segments = 0;
    EntryNumber next;
    for (EntryNumber n = store_first(store); n < store_end(store); n = next) {
        StoreRow row;
        assert_true(store_find_run(store, n, &row, &next));
        assert_int_equal(row.index, 0);
        assert_true(next > n);
        segments++;
    }
    assert_true(segments >= 8); /* so that one eviction gives up a small part only */
    store_free(store);
}

static void test_runs_agree_with_find(void **state)
{
    (void)state;
    Store *store = store_new(STORE_MIN_BYTES);
    for (uint32_t i = 0; i < 20000; i++) {
        (void)push_numbered(store, 100);
    }
    StoreRun run = {0};
    StoreRow row, near, single;
    EntryNumber end;
    assert_false(store_find_in_run(store, &run, store_first(store) - 1, &near));
    for (EntryNumber n = store_end(store); n-- > store_first(store);) {
        assert_true(store_find(store, n, &single));
        assert_true(store_find_run(store, n, &row, &end));
        assert_true(store_find_in_run(store, &run, n, &near));
        assert_ptr_equal(single.columns, row.columns);
        assert_ptr_equal(single.columns, near.columns);
        assert_int_equal(single.index, row.index);
        assert_int_equal(single.index, near.index);
        assert_true(end > n && end <= store_end(store));
    }
    store_free(store);
}

static void test_giant_entry_has_its_own_segment(void **state)
{
    (void)state;
    Store *store = store_new(STORE_MIN_BYTES);
    const StoreCounts *counts = store_counts(store);
    (void)push_numbered(store, 10);
    size_t len = 3 * MIB;
    char *text = mem_alloc(len + 1);
    memset(text, 'g', len);
    text[len] = '\0';
    Entry entry = rows_entry("mdmclient", text, ROWS_START);
    EntryNumber giant = store_push(store, &entry);
    StoreRow row;
    assert_true(store_find(store, giant, &row));
    assert_int_equal(row.columns->count, 1);
    assert_int_equal(columns_message(row.columns, row.index).len, len);
    assert_int_equal(store_first(store), giant); /* the budget leaves no room beside it */

    EntryNumber next = push_numbered(store, 10);
    assert_false(store_find(store, giant, &row));
    assert_int_equal(store_first(store), next);
    assert_true(counts->bytes <= counts->budget);
    assert_int_equal(counts->evicted, 2);
    mem_free(text);
    store_free(store);
}

static void test_full_ring_reuses_memory(void **state)
{
    (void)state;
    Store *store = store_new(STORE_MIN_BYTES);
    const char *seen[64];
    size_t count = 0;
    for (uint32_t i = 0; i < 100000; i++) {
        EntryNumber number = push_numbered(store, 150);
        StoreRow row;
        if (i < 40000 || !store_find(store, number, &row)) {
            continue; /* the first laps may allocate */
        }
        size_t at = 0;
        while (at < count && seen[at] != row.columns->bytes) {
            at++;
        }
        assert_true(at < ARRAY_LEN(seen));
        seen[at] = row.columns->bytes;
        count = at == count ? count + 1 : count;
    }
    assert_true(count <= 17);
    store_free(store);
}

static void test_counts(void **state)
{
    (void)state;
    Store *store = store_new(STORE_DEFAULT_BYTES);
    const StoreCounts *counts = store_counts(store);
    Entry entry = rows_entry("teslad", "x", ROWS_START);
    entry.level = LEVEL_ERROR;
    (void)store_push(store, &entry);
    entry.kind = KIND_UNPARSED;
    entry.level = LEVEL_NONE;
    (void)store_push(store, &entry);
    (void)rows_push_notice(store, "dropped", ROWS_START);
    assert_int_equal(counts->pushed, 3);
    assert_int_equal(counts->entries, 2);
    assert_int_equal(counts->held, 2);
    assert_int_equal(counts->notices, 1);
    assert_int_equal(counts->unparsed, 1);
    assert_int_equal(counts->by_level[LEVEL_ERROR], 1);
    assert_int_equal(counts->by_level[LEVEL_NONE], 1);
    store_free(store);
}

/* The definition, row by row. */
static EntryNumber find_time_slowly(const Store *store, int64_t ns)
{
    for (EntryNumber n = store_first(store); n < store_end(store); n++) {
        StoreRow row;
        assert_true(store_find(store, n, &row));
        if (row.columns->kind[row.index] != KIND_NOTICE && row.columns->time_ns[row.index] >= ns) {
            return n;
        }
    }
    return store_end(store);
}

static void test_find_time_in_disorder(void **state)
{
    (void)state;
    Store *store = store_new(STORE_MIN_BYTES);
    uint64_t seed = 7;
    for (int64_t i = 0; i < 9000; i++) {
        int64_t time = ROWS_START + i * 1000 + rows_random(&seed, 5000);
        if (i % 50 == 0) {
            (void)rows_push_notice(store, "late", time + NS_PER_SECOND);
        } else {
            Entry entry = rows_entry("mdmclient", "a message that helps to fill segments", time);
            (void)store_push(store, &entry);
        }
    }
    assert_true(store_first(store) > 1);
    for (int i = 0; i < 300; i++) {
        int64_t ns = ROWS_START - 5000 + (int64_t)rows_random(&seed, 9020000);
        assert_int_equal(store_find_time(store, ns), find_time_slowly(store, ns));
    }
    assert_int_equal(store_find_time(store, INT64_MAX), store_end(store));
    store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_numbers_from_one),
        cmocka_unit_test(test_budget_holds),
        cmocka_unit_test(test_budget_has_many_segments),
        cmocka_unit_test(test_runs_agree_with_find),
        cmocka_unit_test(test_giant_entry_has_its_own_segment),
        cmocka_unit_test(test_full_ring_reuses_memory),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_find_time_in_disorder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
