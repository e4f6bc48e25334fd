/*
 * Tests of views. The oracle is the definition: go through all that is held and ask the filter. A
 * sliced scan, from any anchor, with pushes and evictions in between, must come to the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "session/view.h"
#include "tests/session/rows.h"

/* Some are narrower than others, some have nothing in common, some say the same in other words. */
static const char *const FILTERS[] = {
    "",
    "process == \"mdmclient\"",
    "process == \"mdmclient\" AND eventMessage CONTAINS \"HTTP\"",
    "process == \"mdmclient\" AND eventMessage CONTAINS \"HTTP\" AND eventMessage CONTAINS \"7\"",
    "(process == \"mdmclient\")",
    "eventMessage CONTAINS \"401\"",
    "messageType == error OR process == \"teslad\"",
    "messageType == error",
    "process == \"nobody\"",
    "TRUEPREDICATE",
};

static Filter *compile(const char *text)
{
    Err err = err_none();
    Filter *filter = filter_compile(sv(text), &err);
    if (filter == NULL) {
        fail_msg("%s: %s", text, err.text);
    }
    return filter;
}

static void set(View *view, const char *text, EntryNumber anchor)
{
    view_set_filter(view, compile(text), anchor, NULL);
}

static void finish(View *view)
{
    while (view_step(view, 1000)) {
        assert_false(view_is_done(view));
    }
    assert_true(view_is_done(view));
}

static bool row_passes(Filter *filter, StoreRow row)
{
    return row.columns->kind[row.index] == KIND_NOTICE ||
           filter_match(filter, row.columns, row.index);
}

static bool is_noise(StoreRow row)
{
    return row.columns->tag[row.index].is_noise != 0;
}

/* Rows are in order, are held, pass, and are counted right, wherever the scan is. */
static void assert_sound(View *view, const Store *store, Filter *oracle)
{
    uint64_t entries = 0, failures = 0, masked = 0;
    EntryNumber last = 0;
    view_trim(view);
    for (size_t i = 0; i < view_len(view); i++) {
        StoreRow row;
        EntryNumber number = view_get(view, i);
        assert_true(number > last);
        assert_true(store_find(store, number, &row));
        assert_true(row_passes(oracle, row));
        assert_false(view_hides_noise(view) && is_noise(row));
        assert_int_equal(view_find(view, number), i);
        assert_int_equal(view_find_from(view, number), i);
        bool is_entry = row.columns->kind[row.index] != KIND_NOTICE;
        entries += is_entry;
        failures += is_entry && row.columns->tag[row.index].outcome == OUTCOME_FAIL;
        masked += is_entry && (row.columns->flags[row.index] & ENTRY_PRIVATE) != 0;
        last = number;
    }
    ViewCounts counts = view_counts(view);
    assert_int_equal(counts.entries, entries);
    assert_int_equal(view_count_entries(view, 0, view_len(view)), entries);
    assert_int_equal(counts.failures, failures);
    assert_int_equal(counts.masked, masked);
    assert_true(counts.scanned <= counts.total);
}

/* Sound, and nothing is missing. */
static void assert_whole(View *view, const Store *store, Filter *oracle)
{
    assert_sound(view, store, oracle);
    size_t expected = 0, hidden = 0;
    for (EntryNumber n = store_first(store); n < store_end(store); n++) {
        StoreRow row;
        assert_true(store_find(store, n, &row));
        bool passes = row_passes(oracle, row);
        bool is_hidden = view_hides_noise(view) && is_noise(row);
        expected += passes && !is_hidden;
        hidden += passes && is_hidden;
    }
    assert_int_equal(view_len(view), expected);
    assert_int_equal(view_counts(view).noise, hidden);
    EntryNumber low = 0, high = 0;
    view_range(view, &low, &high);
    assert_int_equal(low, store_first(store));
    assert_int_equal(high, store_end(store));
    assert_int_equal(view_counts(view).scanned, view_counts(view).total);
}

static void push_many(Store *store, View *view, uint64_t *seed, uint32_t count, uint32_t padding)
{
    for (uint32_t i = 0; i < count; i++) {
        EntryNumber number = rows_push_random(store, seed, padding);
        if (view != NULL) {
            view_offer(view, number);
        }
    }
}

static void test_shows_everything_at_first(void **state)
{
    (void)state;
    uint64_t seed = 1;
    Store *store = store_new(STORE_MIN_BYTES);
    push_many(store, NULL, &seed, 100, 0);
    View *view = view_new(store);
    assert_null(view_filter(view));
    assert_false(view_is_done(view));
    push_many(store, view, &seed, 10, 0);
    assert_int_equal(view_len(view), 10); /* what is new is there at once */
    finish(view);
    assert_int_equal(view_len(view), 110);
    assert_int_equal(view_get(view, 0), 1);
    assert_int_equal(view_counts(view).total, 100);
    uint64_t revision = view_revision(view);
    view_free(view);
    view = view_new(store); /* at the same address, perhaps */
    assert_true(view_revision(view) != revision);
    view_free(view);
    view_free(NULL);
    store_free(store);
}

static void test_offers_are_filtered_once(void **state)
{
    (void)state;
    uint64_t seed = 2;
    Store *store = store_new(STORE_MIN_BYTES);
    View *view = view_new(store);
    Filter *oracle = compile(FILTERS[2]);
    set(view, FILTERS[2], 0);
    assert_true(view_is_done(view));
    push_many(store, view, &seed, 2000, 0);
    assert_true(view_is_done(view));
    assert_int_equal(view_counts(view).scanned, 0);
    assert_whole(view, store, oracle);
    filter_free(oracle);
    view_free(view);
    store_free(store);
}

static void test_scan_goes_outward(void **state)
{
    (void)state;
    uint64_t seed = 3;
    Store *store = store_new(4 * MIB);
    push_many(store, NULL, &seed, 20000, 0);
    assert_int_equal(store_first(store), 1);
    View *view = view_new(store);
    finish(view);
    set(view, "process != \"nobody\"", 10000);
    (void)view_step(view, 100);
    (void)view_step(view, 100);
    assert_int_equal(view_counts(view).scanned, 200);
    assert_true(view_get(view, 0) > 9890);
    assert_true(view_get(view, 0) < 9910);
    assert_true(view_get(view, view_len(view) - 1) > 10090);
    assert_true(view_get(view, view_len(view) - 1) < 10110);

    push_many(store, view, &seed, 50, 0);
    assert_int_equal(view_get(view, view_len(view) - 1), 20050); /* the newest at once */
    finish(view);
    assert_int_equal(view_len(view), 20050);
    assert_int_equal(view_counts(view).scanned, 20000); /* the fifty were offered, not scanned */
    view_free(view);
    store_free(store);
}

static void test_narrower_scans_its_own_rows(void **state)
{
    (void)state;
    uint64_t seed = 4;
    Store *store = store_new(4 * MIB);
    push_many(store, NULL, &seed, 20000, 0);
    View *view = view_new(store);
    set(view, "eventMessage CONTAINS \"HTTP 401\"", 0);
    finish(view);
    size_t own = view_len(view);
    assert_true(own > 100 && own < 20000 / 4);
    const char *narrower = "eventMessage CONTAINS \"HTTP 401\" AND process == \"teslad\"";
    set(view, narrower, 10000);
    assert_int_equal(view_counts(view).total, own);
    finish(view);
    assert_int_equal(view_counts(view).scanned, own);
    Filter *oracle = compile(narrower);
    assert_whole(view, store, oracle);
    filter_free(oracle);
    view_free(view);
    store_free(store);
}

/* The wide filter has seen a part only: its rows are used there, all others are looked at. */
static void test_narrower_before_the_wide_is_done(void **state)
{
    (void)state;
    uint64_t seed = 8;
    const char *wide = "eventMessage CONTAINS \"HTTP 401\"";
    const char *narrower = "eventMessage CONTAINS \"HTTP 401\" AND process == \"teslad\"";
    Store *store = store_new(4 * MIB);
    View *view = view_new(store);
    Filter *oracle = compile(narrower);
    push_many(store, view, &seed, 10000, 0);
    for (int i = 0; i < 40; i++) {
        set(view, "process == \"nobody\"", 0);
        set(view, wide, 1 + rows_random(&seed, 10000));
        (void)view_step(view, rows_random(&seed, 8000));
        push_many(store, view, &seed, rows_random(&seed, 10), 0);
        uint64_t rows = store_end(store) - store_first(store);
        set(view, narrower, 1 + rows_random(&seed, 10000));
        assert_true(view_counts(view).total <= rows);
        push_many(store, view, &seed, rows_random(&seed, 10), 0);
        while (view_step(view, 1 + rows_random(&seed, 3000))) {
            assert_sound(view, store, oracle);
        }
        assert_whole(view, store, oracle);
    }
    filter_free(oracle);
    view_free(view);
    store_free(store);
}

static void test_same_does_nothing(void **state)
{
    (void)state;
    uint64_t seed = 5;
    Store *store = store_new(4 * MIB);
    push_many(store, NULL, &seed, 1000, 0);
    View *view = view_new(store);
    set(view, FILTERS[1], 0);
    finish(view);
    uint64_t revision = view_revision(view);
    size_t len = view_len(view);
    Filter *old = NULL;
    view_set_filter(view, compile(FILTERS[4]), 0, &old);
    assert_non_null(old);
    assert_true(view_is_done(view));
    assert_int_equal(view_len(view), len);
    assert_int_equal(view_revision(view), revision);

    view_set_filter(view, old, 0, NULL); /* and back again */
    assert_ptr_equal(view_filter(view), old);
    set(view, FILTERS[5], 0);
    assert_true(view_revision(view) > revision);
    view_free(view);
    store_free(store);
}

static void test_all_evicted(void **state)
{
    (void)state;
    uint64_t seed = 6;
    Store *store = store_new(STORE_MIN_BYTES);
    View *view = view_new(store);
    push_many(store, view, &seed, 1000, 0);
    set(view, FILTERS[6], 500);
    (void)view_step(view, 10);
    EntryNumber end = store_end(store);
    while (store_first(store) < end) {
        push_many(store, view, &seed, 100, 3000);
    }
    Filter *oracle = compile(FILTERS[6]);
    assert_sound(view, store, oracle);
    finish(view);
    assert_whole(view, store, oracle);
    filter_free(oracle);
    view_free(view);
    store_free(store);
}

static void test_finds(void **state)
{
    (void)state;
    Store *store = store_new(STORE_MIN_BYTES);
    View *view = view_new(store);
    set(view, "process == \"teslad\"", 0);
    for (int i = 0; i < 100; i++) {
        Entry entry = rows_entry(i % 10 == 5 ? "teslad" : "kernel", "m", ROWS_START + i * 10);
        view_offer(view, store_push(store, &entry));
    }
    /* Rows are the numbers 6, 16, 26, …; their times 50, 150, 250, … */
    assert_int_equal(view_len(view), 10);
    assert_int_equal(view_find(view, 1), 0);
    assert_int_equal(view_find(view, 6), 0);
    assert_int_equal(view_find(view, 15), 0);
    assert_int_equal(view_find(view, 16), 1);
    assert_int_equal(view_find(view, 99999), 9);
    assert_int_equal(view_find_from(view, 1), 0);
    assert_int_equal(view_find_from(view, 16), 1);
    assert_int_equal(view_find_from(view, 17), 2);
    assert_int_equal(view_find_from(view, 99999), 10);
    assert_int_equal(view_count_entries(view, 2, 5), 3);
    assert_int_equal(view_find_time(view, ROWS_START), 0);
    assert_int_equal(view_find_time(view, ROWS_START + 51), 1);
    assert_int_equal(view_find_time(view, ROWS_START + 150), 1);
    assert_int_equal(view_find_time(view, ROWS_START + 951), 10);
    view_free(view);
    store_free(store);
}

/* Hiding and showing takes effect at once and scans nothing; there and back it is as before. */
static void test_hides_noise(void **state)
{
    (void)state;
    uint64_t seed = 12;
    Store *store = store_new(4 * MIB);
    push_many(store, NULL, &seed, 5000, 0);
    View *view = view_new(store);
    Filter *oracle = compile("");
    assert_false(view_hides_noise(view));
    (void)view_step(view, 2000); /* only a part of it is scanned, the tail waits */
    push_many(store, view, &seed, 500, 0);
    size_t len = view_len(view);
    uint64_t revision = view_revision(view);
    view_hide_noise(view, true);
    assert_sound(view, store, oracle);
    uint64_t hidden = view_counts(view).noise;
    assert_true(hidden > 100);
    assert_int_equal(view_len(view), len - hidden);
    assert_true(view_revision(view) > revision);
    assert_int_equal(view_counts(view).scanned, 2000);
    view_hide_noise(view, false);
    assert_int_equal(view_len(view), len);
    assert_int_equal(view_counts(view).noise, 0);
    view_hide_noise(view, true);
    finish(view);
    assert_whole(view, store, oracle);

    /* A narrower filter must not forget what was hidden under the wider one. */
    const char *wide = "eventMessage CONTAINS \"HTTP 401\"";
    const char *narrow = "eventMessage CONTAINS \"HTTP 401\" AND process == \"teslad\"";
    set(view, wide, 0);
    finish(view);
    uint64_t own = view_len(view) + view_counts(view).noise;
    set(view, narrow, 0);
    assert_int_equal(view_counts(view).total, own);
    finish(view);
    filter_free(oracle);
    oracle = compile(narrow);
    assert_whole(view, store, oracle);
    assert_true(view_counts(view).noise > 0);

    /* Without any noise nothing changes, so that nobody needs to look again. */
    set(view, "process == \"nobody\" OR eventMessage CONTAINS \"nothing\"", 0);
    finish(view);
    revision = view_revision(view);
    view_hide_noise(view, false);
    assert_int_equal(view_revision(view), revision);
    filter_free(oracle);
    view_free(view);
    store_free(store);
}

/* One life of a view, drawn from the seed: pushes, evictions, steps of any size, other filters. */
static void live(uint64_t seed)
{
    Store *store = store_new(STORE_MIN_BYTES);
    View *view = view_new(store);
    const char *text = FILTERS[0];
    Filter *oracle = compile(text);
    push_many(store, view, &seed, 3000, 40);
    for (int turn = 0; turn < 60; turn++) {
        uint32_t what = rows_random(&seed, 11);
        if (what == 10) {
            view_hide_noise(view, rows_random(&seed, 2) == 0);
        } else if (what < 3) {
            bool is_heavy = rows_random(&seed, 4) == 0;
            push_many(store, view, &seed, rows_random(&seed, 400), is_heavy ? 3000 : 40);
        } else if (what < 6) {
            text = FILTERS[rows_random(&seed, ARRAY_LEN(FILTERS))];
            filter_free(oracle);
            oracle = compile(text);
            uint32_t span = (uint32_t)store_end(store) + 10;
            set(view, text, rows_random(&seed, 3) == 0 ? 0 : rows_random(&seed, span));
        } else if (what < 9) {
            (void)view_step(view, 1 + rows_random(&seed, 1500));
        } else {
            finish(view);
            assert_whole(view, store, oracle);
        }
        assert_sound(view, store, oracle);
    }
    finish(view);
    assert_whole(view, store, oracle);
    filter_free(oracle);
    view_free(view);
    store_free(store);
}

static void test_sliced_equals_whole(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        live(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shows_everything_at_first),
        cmocka_unit_test(test_offers_are_filtered_once),
        cmocka_unit_test(test_scan_goes_outward),
        cmocka_unit_test(test_narrower_scans_its_own_rows),
        cmocka_unit_test(test_narrower_before_the_wide_is_done),
        cmocka_unit_test(test_same_does_nothing),
        cmocka_unit_test(test_all_evicted),
        cmocka_unit_test(test_finds),
        cmocka_unit_test(test_hides_noise),
        cmocka_unit_test(test_sliced_equals_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
