/*
 * Tests of highlights: slots stay, the leftmost match wins, and the counts are those of asking
 * every row, whatever comes, goes or is filtered meanwhile.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/highlights.h"
#include "tests/session/rows.h"

static int add(Highlights *highlights, const char *pattern)
{
    Err err = err_none();
    int slot = -1;
    if (!highlights_add(highlights, sv(pattern), &slot, &err)) {
        fail_msg("%s: %s", pattern, err.text);
    }
    return slot;
}

static void assert_term(const Highlights *highlights, int slot, const char *pattern, bool is_on)
{
    HighlightTerm term;
    if (pattern == NULL) {
        assert_false(highlights_get(highlights, slot, &term));
        return;
    }
    assert_true(highlights_get(highlights, slot, &term));
    assert_true(sv_equal(term.pattern, sv(pattern)));
    assert_int_equal(term.is_on, is_on);
}

static void test_slots(void **state)
{
    (void)state;
    Highlights *highlights = highlights_new();
    Err err = err_none();
    int slot = -1;
    assert_false(highlights_are_on(highlights));
    assert_int_equal(add(highlights, "one"), 0);
    assert_int_equal(add(highlights, "two"), 1);
    assert_int_equal(add(highlights, "three"), 2);
    highlights_remove(highlights, 1);
    highlights_remove(highlights, 1);
    assert_int_equal(highlights_count(highlights), 2);
    assert_term(highlights, 0, "one", true);
    assert_term(highlights, 1, NULL, false);
    assert_term(highlights, 2, "three", true);
    assert_int_equal(add(highlights, "four"), 1);

    highlights_set_on(highlights, 2, false);
    highlights_set_on(highlights, 7, true); /* free: nothing happens */
    assert_term(highlights, 2, "three", false);
    assert_term(highlights, 7, NULL, false);
    assert_int_equal(add(highlights, "three"), 2); /* there already: on again */
    assert_term(highlights, 2, "three", true);

    assert_false(highlights_add(highlights, SV(""), &slot, &err));
    assert_false(highlights_add(highlights, SV("ab(c"), &slot, &err));
    assert_int_equal(err.offset, 4);
    static const char *const MORE[] = {"a", "b", "c", "d", "e"};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(add(highlights, MORE[i]), 3 + i);
    }
    assert_false(highlights_add(highlights, SV("f"), &slot, &err));
    assert_int_equal(slot, -1);
    highlights_clear(highlights);
    assert_int_equal(highlights_count(highlights), 0);
    assert_false(highlights_are_on(highlights));
    assert_int_equal(add(highlights, "g"), 0);
    highlights_free(highlights);
    highlights_free(NULL);
}

typedef struct Span {
    size_t start;
    size_t end;
    int slot;
} Span;

static void assert_finds(Highlights *highlights, const char *text, const Span *spans, size_t count)
{
    size_t from = 0, start = 0, end = 0;
    int slot = -1;
    for (size_t i = 0; i < count; i++) {
        assert_true(highlights_find(highlights, sv(text), from, &start, &end, &slot));
        assert_int_equal(start, spans[i].start);
        assert_int_equal(end, spans[i].end);
        assert_int_equal(slot, spans[i].slot);
        from = end;
    }
    assert_false(highlights_find(highlights, sv(text), from, &start, &end, &slot));
}

static void test_leftmost(void **state)
{
    (void)state;
    Highlights *highlights = highlights_new();
    assert_finds(highlights, "anything", NULL, 0);
    (void)add(highlights, "received http");
    (void)add(highlights, "http|401");
    (void)add(highlights, "\xc3\xa9*"); /* empty in most places */
    (void)add(highlights, "Upper");
    static const Span FIRST[] = {{2, 15, 0}, {16, 19, 1}};
    assert_finds(highlights, "a Received HTTP 401", FIRST, 2);
    static const Span SECOND[] = {{0, 4, 1}, {7, 11, 2}, {12, 17, 3}};
    assert_finds(highlights, "HTTP \xc3\xa8\xc3\xa9\xc3\xa9 Upper upper", SECOND, 3);
    highlights_set_on(highlights, 0, false);
    static const Span THIRD[] = {{11, 15, 1}, {16, 19, 1}};
    assert_finds(highlights, "a Received HTTP 401", THIRD, 2);
    highlights_free(highlights);
}

typedef struct Scene {
    Store *store;
    View *view;
    Highlights *highlights;
    uint64_t seed;
} Scene;

static Scene begin(uint64_t seed)
{
    Scene scene = {
        .store = store_new(STORE_MIN_BYTES), .highlights = highlights_new(), .seed = seed};
    scene.view = view_new(scene.store);
    return scene;
}

static void end(Scene *scene)
{
    highlights_free(scene->highlights);
    view_free(scene->view);
    store_free(scene->store);
}

static void push(Scene *scene, uint32_t count, uint32_t padding)
{
    for (uint32_t i = 0; i < count; i++) {
        view_offer(scene->view, rows_push_random(scene->store, &scene->seed, padding));
    }
    view_trim(scene->view);
}

static void finish(Scene *scene)
{
    bool has_more = true;
    while (has_more) {
        has_more = view_step(scene->view, 700);
        has_more |= highlights_step(scene->highlights, scene->store, scene->view, 500);
    }
    assert_true(highlights_is_done(scene->highlights));
}

/* The definition: every row that is no notice is asked. */
static void assert_counts(Scene *scene)
{
    uint64_t expected[HIGHLIGHTS_MAX] = {0};
    for (size_t row = 0; row < view_len(scene->view); row++) {
        StoreRow at;
        assert_true(store_find(scene->store, view_get(scene->view, row), &at));
        unsigned terms = at.columns->kind[at.index] == KIND_NOTICE
                             ? 0
                             : highlights_of_row(scene->highlights, at.columns, at.index);
        for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
            expected[i] += terms >> i & 1;
        }
    }
    for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
        HighlightHits hits;
        if (highlights_hits(scene->highlights, i, &hits)) {
            assert_int_equal(highlights_matches(scene->highlights, i), expected[i]);
            assert_int_equal(hits.low, store_first(scene->store));
            assert_int_equal(hits.high, store_end(scene->store));
        }
    }
}

static void test_counts_go_on(void **state)
{
    (void)state;
    Scene scene = begin(3);
    push(&scene, 3000, 20);
    int http = add(scene.highlights, "http");
    finish(&scene);
    uint64_t count = highlights_matches(scene.highlights, http);
    assert_true(count > 500);
    assert_counts(&scene);
    /* Another term, and one that rests, leave it alone. */
    HighlightHits hits, again;
    assert_true(highlights_hits(scene.highlights, http, &hits));
    int teslad = add(scene.highlights, "teslad");
    highlights_set_on(scene.highlights, teslad, false);
    assert_false(highlights_hits(scene.highlights, teslad, &again));
    push(&scene, 100, 20);
    finish(&scene);
    assert_true(highlights_hits(scene.highlights, http, &again));
    assert_int_equal(hits.revision, again.revision);
    assert_int_equal(highlights_matches(scene.highlights, teslad), 0);
    assert_counts(&scene);
    highlights_set_on(scene.highlights, teslad, true);
    assert_false(highlights_is_done(scene.highlights));
    finish(&scene);
    assert_true(highlights_matches(scene.highlights, teslad) > 0);
    assert_counts(&scene);
    end(&scene);
}

static void live(uint64_t seed)
{
    static const char *const PATTERNS[] = {"http", "4.1", "TESLAD", "idle \\d", "x{4}", "kernel"};
    static const char *const FILTERS[] = {"", "process == \"teslad\"", "messageType == error"};
    Scene scene = begin(seed);
    for (int turn = 0; turn < 50; turn++) {
        Err err = err_none();
        switch (rows_random(&scene.seed, 7)) {
        case 0:
            (void)add(scene.highlights, PATTERNS[rows_random(&scene.seed, ARRAY_LEN(PATTERNS))]);
            break;
        case 1:
            highlights_remove(scene.highlights, (int)rows_random(&scene.seed, HIGHLIGHTS_MAX));
            break;
        case 2:
            highlights_set_on(scene.highlights, (int)rows_random(&scene.seed, HIGHLIGHTS_MAX),
                              rows_random(&scene.seed, 2) == 0);
            break;
        case 3:
            view_set_filter(scene.view,
                            filter_compile(sv(FILTERS[rows_random(&scene.seed, 3)]), &err),
                            rows_random(&scene.seed, (uint32_t)store_end(scene.store)), NULL);
            break;
        case 4:
            (void)view_step(scene.view, rows_random(&scene.seed, 900));
            (void)highlights_step(scene.highlights, scene.store, scene.view,
                                  rows_random(&scene.seed, 900));
            break;
        default:
            push(&scene, rows_random(&scene.seed, 300),
                 rows_random(&scene.seed, 4) == 0 ? 2000 : 20);
        }
        if (turn % 5 == 4) {
            finish(&scene);
            assert_counts(&scene);
        }
    }
    end(&scene);
}

static void test_counts_equal_definition(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        live(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slots),
        cmocka_unit_test(test_leftmost),
        cmocka_unit_test(test_counts_go_on),
        cmocka_unit_test(test_counts_equal_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
