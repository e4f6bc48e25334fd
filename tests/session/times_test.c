/*
 * Tests of times: units of a zone, rows that are out of order or have no time, and, over random
 * rows, the definition.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "session/times.h"
#include "tests/session/rows.h"

#define NOTHING SIZE_MAX

typedef struct Scene {
    Store *store;
    View *view;
} Scene;

static Scene begin(void)
{
    Scene scene = {.store = store_new(STORE_MIN_BYTES)};
    scene.view = view_new(scene.store);
    return scene;
}

static void end(Scene *scene)
{
    view_free(scene->view);
    store_free(scene->store);
}

static void add(Scene *scene, int64_t ns)
{
    Entry entry = rows_entry("mdmclient", "m", ns);
    view_offer(scene->view, store_push(scene->store, &entry));
}

static void add_notice(Scene *scene, int64_t ns)
{
    view_offer(scene->view, rows_push_notice(scene->store, "dropped", ns));
}

static size_t next(const Scene *scene, size_t row, int64_t unit)
{
    return times_next(scene->view, scene->store, row, unit, 0);
}

static size_t previous(const Scene *scene, size_t row, int64_t unit)
{
    return times_previous(scene->view, scene->store, row, unit, 0);
}

static void test_minutes(void **state)
{
    (void)state;
    Scene scene = begin();
    assert_int_equal(next(&scene, 0, TIMES_MINUTE), NOTHING);
    assert_int_equal(previous(&scene, 0, TIMES_MINUTE), NOTHING);
    static const int SECONDS[] = {10, 50, 61, 62, 119, 240, 241};
    for (size_t i = 0; i < ARRAY_LEN(SECONDS); i++) {
        add(&scene, SECONDS[i] * NS_PER_SECOND);
    }
    static const size_t NEXT[] = {2, 2, 5, 5, 5, NOTHING, NOTHING};
    static const size_t PREVIOUS[] = {NOTHING, 0, 0, 2, 2, 2, 5};
    for (size_t i = 0; i < ARRAY_LEN(SECONDS); i++) {
        assert_int_equal(next(&scene, i, TIMES_MINUTE), NEXT[i]);
        assert_int_equal(previous(&scene, i, TIMES_MINUTE), PREVIOUS[i]);
        assert_int_equal(next(&scene, i, TIMES_HOUR), NOTHING);
        assert_int_equal(previous(&scene, i, TIMES_HOUR), i > 0 ? 0 : NOTHING);
    }
    assert_int_equal(times_find_before(scene.view, scene.store, 62 * NS_PER_SECOND), 2);
    assert_int_equal(times_find_before(scene.view, scene.store, 10 * NS_PER_SECOND), NOTHING);
    assert_int_equal(times_find_before(scene.view, scene.store, INT64_MAX), 6);
    assert_int_equal(times_of_row(scene.view, scene.store, 3), 62 * NS_PER_SECOND);
    end(&scene);
}

/* 05:30 east of UTC, hours begin at half past; before 1970 as well. */
static void test_zone(void **state)
{
    (void)state;
    Scene scene = begin();
    int64_t minute = TIMES_MINUTE;
    int64_t hours = -3 * TIMES_HOUR;
    add(&scene, hours + 20 * minute);
    add(&scene, hours + 40 * minute);
    add(&scene, hours + 70 * minute);
    add(&scene, hours + 100 * minute);
    assert_int_equal(times_next(scene.view, scene.store, 0, TIMES_HOUR, 330), 1);
    assert_int_equal(times_next(scene.view, scene.store, 1, TIMES_HOUR, 330), 3);
    assert_int_equal(times_next(scene.view, scene.store, 0, TIMES_HOUR, 0), 2);
    assert_int_equal(times_previous(scene.view, scene.store, 3, TIMES_HOUR, 330), 1);
    assert_int_equal(times_previous(scene.view, scene.store, 3, TIMES_HOUR, 0), 2);
    assert_int_equal(times_previous(scene.view, scene.store, 2, TIMES_HOUR, -330), 1);
    end(&scene);
}

/* Notices and entries without a time are no goals; what is a little late neither hides the begin
 * of a minute nor makes one. */
static void test_rows_out_of_order(void **state)
{
    (void)state;
    Scene scene = begin();
    add(&scene, CLOCK_NO_TIME);
    add(&scene, 58 * NS_PER_SECOND);
    add(&scene, 61 * NS_PER_SECOND);
    add(&scene, 59 * NS_PER_SECOND);
    add(&scene, 62 * NS_PER_SECOND);
    add_notice(&scene, 121 * NS_PER_SECOND);
    add(&scene, CLOCK_NO_TIME);
    add(&scene, 122 * NS_PER_SECOND);
    add_notice(&scene, 123 * NS_PER_SECOND);
    assert_int_equal(next(&scene, 1, TIMES_MINUTE), 2);
    assert_int_equal(next(&scene, 2, TIMES_MINUTE), 7);
    assert_int_equal(next(&scene, 3, TIMES_MINUTE), 4);
    assert_int_equal(next(&scene, 5, TIMES_MINUTE), 7);
    assert_int_equal(next(&scene, 0, TIMES_MINUTE), 1);
    assert_int_equal(next(&scene, 8, TIMES_MINUTE), NOTHING);
    assert_int_equal(previous(&scene, 8, TIMES_MINUTE), 7);
    assert_int_equal(previous(&scene, 7, TIMES_MINUTE), 4);
    assert_int_equal(previous(&scene, 6, TIMES_MINUTE), 4);
    assert_int_equal(previous(&scene, 4, TIMES_MINUTE), 1);
    assert_int_equal(previous(&scene, 1, TIMES_MINUTE), NOTHING);
    assert_int_equal(times_of_row(scene.view, scene.store, 5), CLOCK_NO_TIME);

    /* The first that is not before: not the one after it in order that is. */
    assert_int_equal(view_find_time(scene.view, 60 * NS_PER_SECOND), 2);
    assert_int_equal(view_find_time(scene.view, 62 * NS_PER_SECOND), 4);
    assert_int_equal(view_find_time(scene.view, 123 * NS_PER_SECOND), 9);
    assert_int_equal(times_find_before(scene.view, scene.store, 60 * NS_PER_SECOND), 3);
    end(&scene);
}

/* In a view the entry that is late enough may be missing. */
static void test_time_in_a_narrow_view(void **state)
{
    (void)state;
    Scene scene = begin();
    Err err = err_none();
    view_set_filter(scene.view, filter_compile(SV("process == \"mdmclient\""), &err), 0, NULL);
    Entry other = rows_entry("kernel", "m", 100);
    view_offer(scene.view, store_push(scene.store, &other));
    add(&scene, 40);
    add(&scene, 60);
    assert_int_equal(view_find_time(scene.view, 50), 1);
    assert_int_equal(view_find_time(scene.view, 100), 2);
    end(&scene);
}

/* Random walks over jittered rows: the definition, said with loops over all rows. */
static void test_against_definition(void **state)
{
    (void)state;
    uint64_t seed = 21;
    for (int turn = 0; turn < 30; turn++) {
        Scene scene = begin();
        size_t count = 2 + rows_random(&seed, 150);
        for (size_t i = 0; i < count; i++) {
            int64_t jitter = (int64_t)rows_random(&seed, 30) * NS_PER_SECOND;
            add(&scene, (int64_t)i * 10 * NS_PER_SECOND + jitter);
        }
        for (size_t row = 0; row < count; row++) {
            int64_t minute = times_of_row(scene.view, scene.store, row) / TIMES_MINUTE;
            size_t expected = NOTHING;
            for (size_t i = row + 1; i < count && expected == NOTHING; i++) {
                int64_t other = times_of_row(scene.view, scene.store, i) / TIMES_MINUTE;
                expected = other > minute ? i : NOTHING;
            }
            assert_int_equal(next(&scene, row, TIMES_MINUTE), expected);
            size_t found = previous(&scene, row, TIMES_MINUTE);
            if (found == NOTHING) { /* then nothing before is of an earlier minute, but row 0 */
                assert_int_equal(row, 0);
                continue;
            }
            assert_true(found < row);
            int64_t begun = times_of_row(scene.view, scene.store, found) / TIMES_MINUTE;
            assert_true(found == 0 ||
                        times_of_row(scene.view, scene.store, found - 1) / TIMES_MINUTE < begun);
        }
        end(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_minutes),
        cmocka_unit_test(test_zone),
        cmocka_unit_test(test_rows_out_of_order),
        cmocka_unit_test(test_time_in_a_narrow_view),
        cmocka_unit_test(test_against_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
