/*
 * Tests of the search: its counts, positions and next and previous matches are those of a plain
 * walk through the rows, whether all has been counted or nothing, and after evictions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "session/search.h"
#include "tests/session/rows.h"

typedef struct Scene {
    Store *store;
    View *view;
    Search *search;
    uint64_t seed;
} Scene;

static Scene begin(uint32_t rows)
{
    Scene scene = {.store = store_new(STORE_MIN_BYTES), .search = search_new(), .seed = 11};
    scene.view = view_new(scene.store);
    for (uint32_t i = 0; i < rows; i++) {
        view_offer(scene.view, rows_push_random(scene.store, &scene.seed, 30));
    }
    view_trim(scene.view);
    return scene;
}

static void end(Scene *scene)
{
    search_free(scene->search);
    view_free(scene->view);
    store_free(scene->store);
}

static void set(Scene *scene, const char *pattern)
{
    Err err = err_none();
    if (!search_set(scene->search, sv(pattern), &err)) {
        fail_msg("%s: %s", pattern, err.text);
    }
}

static void count_all(Scene *scene)
{
    while (search_step(scene->search, scene->store, scene->view, 700)) {
        (void)view_step(scene->view, 1000);
    }
    assert_true(search_is_done(scene->search));
}

static bool is_match(Scene *scene, size_t row)
{
    StoreRow at;
    assert_true(store_find(scene->store, view_get(scene->view, row), &at));
    return search_matches(scene->search, at.columns, at.index);
}

static uint64_t count_up_to(Scene *scene, size_t rows)
{
    uint64_t count = 0;
    for (size_t i = 0; i < rows; i++) {
        count += is_match(scene, i);
    }
    return count;
}

/* The definition: row after row, round the end, the row itself last. */
static size_t find_slowly(Scene *scene, size_t row, bool backward, bool *ret_wrapped)
{
    size_t len = view_len(scene->view);
    for (size_t i = 1; i <= len; i++) {
        size_t at = backward ? (row + len - i) % len : (row + i) % len;
        if (is_match(scene, at)) {
            *ret_wrapped = backward ? at >= row : at <= row;
            return at;
        }
    }
    return SIZE_MAX;
}

static void assert_finds(Scene *scene)
{
    for (int i = 0; i < 60; i++) {
        size_t row = rows_random(&scene->seed, (uint32_t)view_len(scene->view));
        bool backward = i % 2 == 0;
        bool wrapped = false, expected_wrapped = false;
        size_t expected = find_slowly(scene, row, backward, &expected_wrapped);
        size_t found =
            search_find(scene->search, scene->store, scene->view, row, backward, &wrapped);
        assert_int_equal(found, expected);
        assert_int_equal(wrapped, expected_wrapped);
    }
}

static void assert_counted(Scene *scene)
{
    size_t len = view_len(scene->view);
    assert_int_equal(search_count(scene->search), count_up_to(scene, len));
    size_t row = rows_random(&scene->seed, (uint32_t)len);
    assert_int_equal(search_position(scene->search, view_get(scene->view, row)),
                     count_up_to(scene, row + 1));
}

static void test_off(void **state)
{
    (void)state;
    Scene scene = begin(10);
    assert_false(search_is_on(scene.search));
    assert_int_equal(search_pattern(scene.search).len, 0);
    assert_false(search_step(scene.search, scene.store, scene.view, 100));
    assert_int_equal(search_find(scene.search, scene.store, scene.view, 0, false, NULL), SIZE_MAX);
    assert_false(is_match(&scene, 0));
    size_t start, stop;
    assert_false(search_span(scene.search, SV("abc"), 0, &start, &stop));
    end(&scene);
    search_free(NULL);
}

static void test_where_it_looks(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        bool matches;
    } CASES[] = {
        {"Received HTTP", true}, {"received http", true}, {"RECEIVED", false},
        {"mdmcl", true},         {"httputil$", true},     {"com\\.apple\\.Managed", true},
        {"nothing", false},      {"4[0-9]1", true},       {"^401", false},
    };
    Scene scene = begin(0);
    Entry entry = rows_entry("mdmclient", "Received HTTP response (401)", ROWS_START);
    view_offer(scene.view, store_push(scene.store, &entry));
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        set(&scene, CASES[i].pattern);
        for (int again = 0; again < 2; again++) { /* the second time from what it remembers */
            if (is_match(&scene, 0) != CASES[i].matches) {
                fail_msg("%s", CASES[i].pattern);
            }
        }
    }
    end(&scene);
}

static void test_absent_message(void **state)
{
    (void)state;
    Scene scene = begin(0);
    Entry entry = rows_entry("mdmclient", "{}", ROWS_START);
    entry.message = SV_NONE;
    entry.subsystem = SV_NONE;
    view_offer(scene.view, store_push(scene.store, &entry));
    set(&scene, "x*");
    assert_true(is_match(&scene, 0)); /* by the process name */
    set(&scene, "managed");
    assert_false(is_match(&scene, 0));
    end(&scene);
}

static void test_bad_pattern_keeps_the_old(void **state)
{
    (void)state;
    Scene scene = begin(500);
    set(&scene, "HTTP");
    count_all(&scene);
    uint64_t count = search_count(scene.search);
    Err err = err_none();
    assert_false(search_set(scene.search, SV("a(b"), &err));
    assert_true(err.text[0] != '\0');
    assert_true(sv_equal(search_pattern(scene.search), SV("HTTP")));
    assert_int_equal(search_count(scene.search), count);
    set(&scene, "");
    assert_false(search_is_on(scene.search));
    assert_int_equal(search_count(scene.search), 0);
    end(&scene);
}

static void test_counts_and_finds(void **state)
{
    (void)state;
    static const char *const PATTERNS[] = {"401", "teslad", "HTTP response 9[0-9] ", "4 ", "zzz"};
    Scene scene = begin(8000);
    for (size_t i = 0; i < ARRAY_LEN(PATTERNS); i++) {
        set(&scene, PATTERNS[i]);
        assert_finds(&scene);
        count_all(&scene);
        assert_counted(&scene);
        assert_finds(&scene);
    }
    end(&scene);
}

static void test_goes_on_after_pushes_and_evictions(void **state)
{
    (void)state;
    Scene scene = begin(3000);
    set(&scene, "401");
    for (int i = 0; i < 20; i++) {
        count_all(&scene);
        assert_counted(&scene);
        for (uint32_t rows = rows_random(&scene.seed, 2000); rows > 0; rows--) {
            view_offer(scene.view, rows_push_random(scene.store, &scene.seed, 60));
        }
        view_trim(scene.view);
        assert_finds(&scene); /* not all counted */
        (void)search_step(scene.search, scene.store, scene.view, 100);
    }
    assert_true(store_first(scene.store) > 1);
    end(&scene);
}

static void test_counts_anew_in_another_view(void **state)
{
    (void)state;
    Scene scene = begin(3000);
    set(&scene, "401");
    count_all(&scene);
    uint64_t all = search_count(scene.search);
    Filter *filter = filter_compile(SV("process == \"teslad\""), NULL);
    view_set_filter(scene.view, filter, 0, NULL);
    assert_true(search_step(scene.search, scene.store, scene.view, 100)); /* it waits */
    assert_int_equal(search_count(scene.search), 0);
    count_all(&scene);
    assert_counted(&scene);
    assert_true(search_count(scene.search) < all);

    View *other = view_new(scene.store);
    while (view_step(other, 1000)) {
    }
    while (search_step(scene.search, scene.store, other, 1000)) {
    }
    assert_int_equal(search_count(scene.search), all);
    view_free(other);
    end(&scene);
}

/* A match far from where one is is not looked for before all is counted. */
static void test_far_matches(void **state)
{
    enum { ROWS = 3 * SEARCH_NEAR_ROWS, HIT = ROWS - SEARCH_NEAR_ROWS / 2 };
    (void)state;
    Scene scene = {.store = store_new(64 * MIB), .search = search_new()};
    scene.view = view_new(scene.store);
    for (int i = 0; i < ROWS; i++) {
        Entry entry = rows_entry("kernel", i == HIT ? "hit" : "miss", ROWS_START + i);
        view_offer(scene.view, store_push(scene.store, &entry));
    }
    set(&scene, "hit");
    assert_false(search_is_near(scene.search, scene.store, scene.view, 0, false));
    assert_true(search_is_near(scene.search, scene.store, scene.view, HIT - 10, false));
    assert_true(search_is_near(scene.search, scene.store, scene.view, 0, true)); /* round the end */
    assert_false(search_is_near(scene.search, scene.store, scene.view, HIT - 10, true));
    assert_true(search_step(scene.search, scene.store, scene.view, ROWS / 2));
    assert_int_equal(search_find(scene.search, scene.store, scene.view, 0, false, NULL), HIT);
    assert_int_equal(search_find(scene.search, scene.store, scene.view, 9, true, NULL), HIT);
    assert_false(search_is_near(scene.search, scene.store, scene.view, 0, false));
    count_all(&scene);
    assert_true(search_is_near(scene.search, scene.store, scene.view, 0, false));
    assert_int_equal(search_find(scene.search, scene.store, scene.view, 0, false, NULL), HIT);
    set(&scene, "none");
    assert_false(search_is_near(scene.search, scene.store, scene.view, HIT, false));
    count_all(&scene);
    assert_true(search_is_near(scene.search, scene.store, scene.view, HIT, false));
    end(&scene);
}

static void test_ends_of_the_view(void **state)
{
    (void)state;
    Scene scene = begin(0);
    static const char *const TEXTS[] = {"hit", "miss", "miss", "hit"};
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        Entry entry = rows_entry("kernel", TEXTS[i], ROWS_START);
        view_offer(scene.view, store_push(scene.store, &entry));
    }
    bool wrapped = true;
    set(&scene, "hit");
    assert_int_equal(search_find(scene.search, scene.store, scene.view, SIZE_MAX, false, &wrapped),
                     0);
    assert_false(wrapped);
    assert_int_equal(search_find(scene.search, scene.store, scene.view, SIZE_MAX, true, &wrapped),
                     3);
    assert_false(wrapped);
    assert_int_equal(search_find(scene.search, scene.store, scene.view, 3, false, &wrapped), 0);
    assert_true(wrapped);
    set(&scene, "none");
    assert_int_equal(search_find(scene.search, scene.store, scene.view, 3, false, &wrapped),
                     SIZE_MAX);
    end(&scene);
}

static void test_gives_up_on_a_pattern_without_end(void **state)
{
    (void)state;
    Scene scene = begin(0);
    Entry entry = rows_entry("kernel", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!", ROWS_START);
    for (int i = 0; i < 1000; i++) {
        view_offer(scene.view, store_push(scene.store, &entry));
    }
    set(&scene, "(x+x+)+[yz]");
    assert_int_equal(search_find(scene.search, scene.store, scene.view, 0, false, NULL), SIZE_MAX);
    assert_true(search_stopped(scene.search) >= 10);
    assert_true(search_stopped(scene.search) < 500);
    end(&scene);
}

static void test_spans(void **state)
{
    (void)state;
    Scene scene = begin(0);
    set(&scene, "ab");
    StrView text = SV("xAB ab");
    size_t from = 0, start = 0, stop = 0;
    assert_true(search_span(scene.search, text, from, &start, &stop));
    assert_int_equal(start, 1);
    assert_int_equal(stop, 3);
    assert_true(search_span(scene.search, text, stop, &start, &stop));
    assert_int_equal(start, 4);
    assert_int_equal(stop, 6);
    assert_false(search_span(scene.search, text, stop, &start, &stop));
    assert_false(search_span(scene.search, text, text.len + 1, &start, &stop));
    end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_off),
        cmocka_unit_test(test_where_it_looks),
        cmocka_unit_test(test_absent_message),
        cmocka_unit_test(test_bad_pattern_keeps_the_old),
        cmocka_unit_test(test_counts_and_finds),
        cmocka_unit_test(test_goes_on_after_pushes_and_evictions),
        cmocka_unit_test(test_counts_anew_in_another_view),
        cmocka_unit_test(test_far_matches),
        cmocka_unit_test(test_ends_of_the_view),
        cmocka_unit_test(test_gives_up_on_a_pattern_without_end),
        cmocka_unit_test(test_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
