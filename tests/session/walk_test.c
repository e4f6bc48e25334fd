/*
 * Tests of the walk: over any life of a view every row is given once, in order at both ends, and
 * none that is found later is passed over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/numbers.h"
#include "session/walk.h"
#include "tests/session/rows.h"

typedef struct Scene {
    Store *store;
    View *view;
    ViewWalk walk;
    Numbers given;
    uint64_t seed;
} Scene;

static void follow(Scene *scene)
{
    if (walk_follow(&scene->walk, scene->view)) {
        numbers_clear(&scene->given);
    }
    numbers_drop_front(&scene->given, numbers_find(&scene->given, store_first(scene->store)));
}

/* Takes rows; each must come next to those that were given. */
static bool take(Scene *scene, size_t max)
{
    WalkRows rows;
    follow(scene);
    if (!walk_next(&scene->walk, scene->view, max, &rows)) {
        return false;
    }
    assert_true(rows.from < rows.to && rows.to - rows.from <= max);
    for (size_t i = 0; i < rows.to - rows.from; i++) {
        size_t len = scene->given.len;
        EntryNumber number = view_get(scene->view, rows.is_front ? rows.to - 1 - i : rows.from + i);
        if (rows.is_front) {
            assert_true(len == 0 || number < numbers_get(&scene->given, 0));
            numbers_push_front(&scene->given, number);
        } else {
            assert_true(len == 0 || number > numbers_get(&scene->given, len - 1));
            numbers_push_back(&scene->given, number);
        }
    }
    return true;
}

static void assert_all_given(Scene *scene)
{
    bool has_more = true;
    while (has_more) {
        has_more = view_step(scene->view, 500);
        has_more |= take(scene, 300);
    }
    assert_true(walk_is_done(&scene->walk, scene->view));
    assert_int_equal(scene->given.len, view_len(scene->view));
    for (size_t i = 0; i < scene->given.len; i++) {
        assert_int_equal(numbers_get(&scene->given, i), view_get(scene->view, i));
    }
}

static void live(uint64_t seed)
{
    static const char *const FILTERS[] = {"", "process == \"teslad\"", "messageType == error"};
    Scene scene = {.store = store_new(STORE_MIN_BYTES), .seed = seed};
    scene.view = view_new(scene.store);
    for (int turn = 0; turn < 80; turn++) {
        Err err = err_none();
        uint32_t what = rows_random(&scene.seed, 8);
        if (what < 3) {
            uint32_t padding = rows_random(&scene.seed, 4) == 0 ? 3000 : 20;
            for (uint32_t i = rows_random(&scene.seed, 200); i > 0; i--) {
                view_offer(scene.view, rows_push_random(scene.store, &scene.seed, padding));
            }
            view_trim(scene.view);
        } else if (what < 5) {
            (void)view_step(scene.view, 1 + rows_random(&scene.seed, 600));
            (void)take(&scene, 1 + rows_random(&scene.seed, 300));
        } else if (what == 5) {
            (void)take(&scene, 1 + rows_random(&scene.seed, 300));
        } else if (what == 6) {
            view_set_filter(scene.view,
                            filter_compile(sv(FILTERS[rows_random(&scene.seed, 3)]), &err),
                            rows_random(&scene.seed, (uint32_t)store_end(scene.store)), NULL);
        } else {
            assert_all_given(&scene);
        }
    }
    assert_all_given(&scene);
    numbers_done(&scene.given);
    view_free(scene.view);
    store_free(scene.store);
}

static void test_every_row_once(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        live(seed);
    }
}

static void test_another_view(void **state)
{
    (void)state;
    Store *store = store_new(STORE_MIN_BYTES);
    View *first = view_new(store);
    View *second = view_new(store);
    ViewWalk walk = {0};
    WalkRows rows;
    assert_false(walk_is_done(&walk, first));
    assert_true(walk_follow(&walk, first));
    assert_false(walk_follow(&walk, first));
    assert_false(walk_next(&walk, first, 10, &rows));
    assert_true(walk_is_done(&walk, first));
    assert_false(walk_is_done(&walk, second));
    assert_true(walk_follow(&walk, second));
    view_free(first);
    view_free(second);
    store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_once),
        cmocka_unit_test(test_another_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
