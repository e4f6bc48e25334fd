/*
 * Tests of the histogram. The oracle goes through all rows of the view and counts them by the span
 * that was given; what was kept up to date row by row, over pushes, evictions, other filters, terms
 * and zooms, must be the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>

#include "base/clock.h"
#include "base/mem.h"
#include "session/histogram.h"
#include "tests/session/rows.h"

#define COLUMNS_MAX 1000

typedef struct Scene {
    Store *store;
    View *view;
    Highlights *highlights;
    Histogram *histogram;
    uint64_t seed;
    int64_t from, to; /* the zoom */
} Scene;

static Scene begin_with(uint64_t seed, size_t budget)
{
    Scene scene = {.store = store_new(budget),
                   .highlights = highlights_new(),
                   .histogram = histogram_new(),
                   .seed = seed};
    scene.view = view_new(scene.store);
    return scene;
}

static Scene begin(uint64_t seed)
{
    return begin_with(seed, 8 * MIB);
}

static void end(Scene *scene)
{
    histogram_free(scene->histogram);
    highlights_free(scene->highlights);
    view_free(scene->view);
    store_free(scene->store);
}

static void push(Scene *scene, Entry entry, Outcome outcome)
{
    EntryNumber number = store_push(scene->store, &entry);
    StoreRow row;
    if (store_find(scene->store, number, &row)) {
        row.columns->tag[row.index].outcome = (uint8_t)outcome;
    }
    view_offer(scene->view, number);
    view_trim(scene->view);
}

static void push_at(Scene *scene, int64_t ns)
{
    push(scene, rows_entry("mdmclient", "Received HTTP response", ns), OUTCOME_NONE);
}

static void zoom(Scene *scene, int64_t from, int64_t to)
{
    scene->from = from;
    scene->to = to;
    histogram_set_span(scene->histogram, from, to);
}

static bool step(Scene *scene, uint32_t rows)
{
    bool has_more = view_step(scene->view, rows);
    has_more |= highlights_step(scene->highlights, scene->store, scene->view, rows);
    has_more |=
        histogram_step(scene->histogram, scene->store, scene->view, scene->highlights, rows);
    return has_more;
}

static void finish(Scene *scene)
{
    for (int i = 0; step(scene, 700); i++) {
        assert_true(i < 10000);
    }
    assert_true(histogram_is_done(scene->histogram));
}

static bool is_in_zoom(const Scene *scene, int64_t ns)
{
    return scene->from >= scene->to || (ns >= scene->from && ns < scene->to);
}

/* Counts row `at` into the buckets by the definition; true when it has a time and is in the zoom.
 */
static bool count(Scene *scene, StoreRow at, const HistogramSpan *span, HistogramBucket *buckets)
{
    const Columns *columns = at.columns;
    int64_t ns = columns->time_ns[at.index];
    if (ns == CLOCK_NO_TIME || columns->kind[at.index] == KIND_NOTICE || !is_in_zoom(scene, ns)) {
        return false;
    }
    size_t bucket = histogram_find(span, ns);
    if (bucket >= span->count) {
        fail_msg("%" PRId64 " in %zu buckets of %" PRId64 " from %" PRId64, ns, span->count,
                 span->bucket_ns, span->start_ns);
    }
    buckets[bucket].all++;
    buckets[bucket].errors += columns->level[at.index] == LEVEL_ERROR;
    buckets[bucket].faults += columns->level[at.index] == LEVEL_FAULT;
    buckets[bucket].failures += columns->tag[at.index].outcome == OUTCOME_FAIL;
    unsigned terms = highlights_of_row(scene->highlights, columns, at.index);
    for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
        buckets[bucket].terms[i] += terms >> i & 1;
    }
    return true;
}

static void assert_right(Scene *scene, size_t columns)
{
    HistogramBucket *got = mem_calloc(columns + 1, sizeof *got);
    HistogramBucket *expected = mem_calloc(columns + 1, sizeof *expected);
    HistogramSpan span = {.count = 0};
    bool is_there = histogram_read(scene->histogram, columns, got, &span);
    uint64_t timed = 0, untimed = 0;
    for (size_t row = 0; row < view_len(scene->view); row++) {
        StoreRow at;
        assert_true(store_find(scene->store, view_get(scene->view, row), &at));
        timed += is_there && count(scene, at, &span, expected);
        untimed += at.columns->kind[at.index] != KIND_NOTICE &&
                   at.columns->time_ns[at.index] == CLOCK_NO_TIME;
    }
    assert_true(span.count <= columns);
    assert_memory_equal(got, expected, (columns + 1) * sizeof *got);
    assert_int_equal(histogram_untimed(scene->histogram), untimed);
    bool is_zoomed = scene->from < scene->to;
    assert_int_equal(histogram_is_zoomed(scene->histogram), is_zoomed);
    assert_int_equal(is_there, is_zoomed || timed > 0);
    if (is_there && !is_zoomed) { /* as wide as what is there, no wider */
        assert_true(got[0].all > 0);
        assert_true(got[span.count - 1].all > 0);
    }
    mem_free(got);
    mem_free(expected);
}

static void test_nothing(void **state)
{
    (void)state;
    Scene scene = begin(1);
    HistogramBucket bucket;
    HistogramSpan span;
    assert_false(histogram_read(scene.histogram, 1, &bucket, &span));
    finish(&scene);
    assert_right(&scene, 80);
    push_at(&scene, CLOCK_NO_TIME);
    view_offer(scene.view, rows_push_notice(scene.store, "dropped", ROWS_START));
    finish(&scene);
    assert_right(&scene, 80);
    assert_int_equal(histogram_untimed(scene.histogram), 1);
    push_at(&scene, ROWS_START);
    finish(&scene);
    assert_right(&scene, 80);
    assert_true(histogram_read(scene.histogram, 1, &bucket, &span));
    assert_int_equal(span.count, 1);
    assert_int_equal(bucket.all, 1);
    assert_int_equal(bucket.terms[0], 0);
    end(&scene);
    histogram_free(NULL);
}

static void test_classes_and_finding(void **state)
{
    (void)state;
    Scene scene = begin(1);
    Err err = err_none();
    int slot = -1;
    assert_true(highlights_add(scene.highlights, SV("401"), &slot, &err));
    for (int i = 0; i < 100; i++) {
        Entry entry =
            rows_entry("mdmclient", i % 4 == 0 ? "(401)" : "(200)", ROWS_START + i * NS_PER_SECOND);
        entry.level = i < 50 ? LEVEL_ERROR : i < 60 ? LEVEL_FAULT : LEVEL_DEFAULT;
        push(&scene, entry, i % 10 == 0 ? OUTCOME_FAIL : OUTCOME_OK);
    }
    finish(&scene);
    assert_right(&scene, 50);
    HistogramBucket one;
    HistogramSpan span;
    assert_true(histogram_read(scene.histogram, 1, &one, &span));
    assert_int_equal(one.all, 100);
    assert_int_equal(one.errors, 50);
    assert_int_equal(one.faults, 10);
    assert_int_equal(one.failures, 10);
    assert_int_equal(one.terms[0], 25);
    assert_int_equal(one.terms[1], 0);

    /* From a bucket to a row and back. */
    HistogramBucket many[50];
    assert_true(histogram_read(scene.histogram, 50, many, &span));
    assert_true(span.count > 25);
    for (size_t i = 0; i < span.count; i++) {
        int64_t start = span.start_ns + (int64_t)i * span.bucket_ns;
        size_t row = view_find_time(scene.view, start);
        if (many[i].all > 0) {
            assert_int_equal(histogram_find(&span, ROWS_START + (int64_t)row * NS_PER_SECOND), i);
        }
    }
    assert_int_equal(histogram_find(&span, span.start_ns), 0);
    assert_int_equal(histogram_find(&span, span.start_ns - 1), SIZE_MAX);
    assert_int_equal(histogram_find(&span, INT64_MAX), SIZE_MAX);
    assert_int_equal(histogram_find(&(HistogramSpan){0}, 1), SIZE_MAX); /* nothing counted yet */
    assert_int_equal(histogram_find(&span, INT64_MIN), SIZE_MAX);

    /* A term that rests is counted no more. */
    uint64_t revision = histogram_revision(scene.histogram);
    highlights_set_on(scene.highlights, slot, false);
    finish(&scene);
    assert_true(histogram_revision(scene.histogram) > revision);
    assert_right(&scene, 50);
    end(&scene);
}

/* Nearly all of the width that is asked for is used, from a millisecond to a year. */
static void test_width(void **state)
{
    (void)state;
    static const int64_t STEPS[] = {1000, NS_PER_MS, NS_PER_SECOND, 3600 * NS_PER_SECOND};
    static const size_t WIDTHS[] = {1, 2, 40, 80, 120, 250, 400};
    for (size_t i = 0; i < ARRAY_LEN(STEPS); i++) {
        Scene scene = begin(1);
        for (int n = 0; n < 8000; n++) {
            push_at(&scene, ROWS_START + n * STEPS[i]);
        }
        finish(&scene);
        for (size_t k = 0; k < ARRAY_LEN(WIDTHS); k++) {
            HistogramBucket buckets[400];
            HistogramSpan span;
            assert_true(histogram_read(scene.histogram, WIDTHS[k], buckets, &span));
            assert_true(span.count <= WIDTHS[k]);
            if (span.count * 10 + 10 < WIDTHS[k] * 8) {
                fail_msg("%zu of %zu columns", span.count, WIDTHS[k]);
            }
            assert_right(&scene, WIDTHS[k]);
        }
        end(&scene);
    }
}

/* Buckets stay in place while entries come, until there are too many of them. */
static void test_buckets_stay(void **state)
{
    (void)state;
    Scene scene = begin(1);
    HistogramBucket buckets[100];
    HistogramSpan last = {.count = 0};
    int changes = 0;
    for (int n = 0; n < 4000; n++) {
        push_at(&scene, ROWS_START + n * NS_PER_SECOND / 10);
        if (n < 400) {
            continue;
        }
        HistogramSpan span;
        finish(&scene);
        assert_true(histogram_read(scene.histogram, 100, buckets, &span));
        changes += span.bucket_ns != last.bucket_ns;
        if (span.bucket_ns == last.bucket_ns) {
            assert_int_equal(span.start_ns, last.start_ns);
        }
        last = span;
    }
    assert_true(changes < 700); /* grows with the span, by less than a tenth each time */
    end(&scene);
}

/* One stamp of decades ago squeezes all others; when it is gone they have the whole width again. */
static void test_outlier_goes(void **state)
{
    (void)state;
    Scene scene = begin_with(5, STORE_MIN_BYTES);
    HistogramBucket buckets[80];
    HistogramSpan span;
    push_at(&scene, 0);
    for (int n = 0; n < 500; n++) {
        push_at(&scene, ROWS_START + n * NS_PER_MS);
    }
    finish(&scene);
    assert_right(&scene, 80);
    assert_true(histogram_read(scene.histogram, 80, buckets, &span));
    assert_true(span.count >= 70);
    assert_int_equal(buckets[span.count - 1].all, 500);
    int64_t ns = ROWS_START + 500 * NS_PER_MS;
    while (store_first(scene.store) == 1) {
        push_at(&scene, ns += NS_PER_MS);
        (void)step(&scene, 10);
    }
    finish(&scene);
    assert_right(&scene, 80);
    assert_true(histogram_read(scene.histogram, 80, buckets, &span));
    assert_true(span.count >= 70);
    assert_true(buckets[span.count / 2].all > 0);
    end(&scene);
}

static void test_zoom(void **state)
{
    (void)state;
    Scene scene = begin(7);
    for (int n = 0; n < 5000; n++) {
        push_at(&scene, ROWS_START + n * NS_PER_SECOND);
    }
    finish(&scene);
    uint64_t revision = histogram_revision(scene.histogram);
    zoom(&scene, ROWS_START + 1000 * NS_PER_SECOND, ROWS_START + 1060 * NS_PER_SECOND);
    assert_false(histogram_is_done(scene.histogram));
    assert_true(histogram_revision(scene.histogram) > revision);
    finish(&scene);
    assert_right(&scene, 60);
    assert_right(&scene, 400);
    HistogramBucket one;
    HistogramSpan span;
    assert_true(histogram_read(scene.histogram, 1, &one, &span));
    assert_int_equal(one.all, 60);

    zoom(&scene, scene.from, scene.to); /* the same: nothing begins anew */
    assert_true(histogram_is_done(scene.histogram));
    push_at(&scene, ROWS_START + 1030 * NS_PER_SECOND + 1);
    push_at(&scene, ROWS_START + 6000 * NS_PER_SECOND);
    finish(&scene);
    assert_right(&scene, 100);
    zoom(&scene, ROWS_START - 1000, ROWS_START - 10); /* nothing there: empty buckets */
    finish(&scene);
    assert_right(&scene, 50);
    zoom(&scene, 0, 0);
    finish(&scene);
    assert_right(&scene, 50);
    end(&scene);
}

/* The greatest span there is, and the narrowest. */
static void test_far_apart(void **state)
{
    (void)state;
    Scene scene = begin(9);
    push_at(&scene, ROWS_START);
    push_at(&scene, ROWS_START);
    finish(&scene);
    assert_right(&scene, 80);
    push_at(&scene, INT64_MAX);
    finish(&scene);
    assert_right(&scene, 80);
    push_at(&scene, INT64_MIN + 1);
    finish(&scene);
    for (size_t columns = 3; columns < 200; columns += 7) {
        assert_right(&scene, columns);
    }
    end(&scene);
}

/* The highlights have not followed yet: what they found under another filter, long ago, is neither
 * counted nor in the way. */
static void test_hits_of_another_filter(void **state)
{
    (void)state;
    Scene scene = begin(11);
    Err err = err_none();
    int slot = -1;
    int64_t year = INT64_C(365) * 24 * 3600 * NS_PER_SECOND;
    assert_true(highlights_add(scene.highlights, SV("received"), &slot, &err));
    push(&scene, rows_entry("kernel", "Received", 0), OUTCOME_NONE);
    for (int i = 0; i < 100; i++) {
        push_at(&scene, ROWS_START + i);
    }
    finish(&scene);
    view_set_filter(scene.view, filter_compile(SV("process == \"mdmclient\""), &err), 0, NULL);
    assert_false(view_step(scene.view, 1000));
    assert_true(histogram_step(scene.histogram, scene.store, scene.view, scene.highlights, 1000));
    HistogramBucket bucket;
    HistogramSpan span;
    assert_true(histogram_read(scene.histogram, 1, &bucket, &span));
    assert_int_equal(bucket.all, 100);
    assert_int_equal(bucket.terms[slot], 0);
    push_at(&scene, ROWS_START + 100 * year);
    assert_true(histogram_step(scene.histogram, scene.store, scene.view, scene.highlights, 1000));
    finish(&scene);
    assert_right(&scene, 100);
    end(&scene);
}

static void push_some(Scene *scene)
{
    static const int64_t STRIDES[] = {0, 1000, NS_PER_MS, NS_PER_SECOND, 900 * NS_PER_SECOND};
    uint32_t count = rows_random(&scene->seed, 300);
    int64_t stride = STRIDES[rows_random(&scene->seed, ARRAY_LEN(STRIDES))];
    int64_t ns = ROWS_START + (int64_t)rows_random(&scene->seed, 1000) * NS_PER_SECOND;
    uint32_t padding = rows_random(&scene->seed, 3) == 0 ? 3000 : 10;
    for (uint32_t i = 0; i < count; i++) {
        char message[4096];
        int len = snprintf(message, sizeof message, "entry %u ", rows_random(&scene->seed, 50));
        memset(message + len, '.', padding);
        message[(uint32_t)len + padding] = '\0';
        Entry entry = rows_entry(i % 3 == 0 ? "teslad" : "mdmclient", message, ns);
        uint32_t odd = rows_random(&scene->seed, 40);
        entry.kind = odd == 0 ? KIND_NOTICE : KIND_LOG;
        entry.time.ns = odd == 1 ? CLOCK_NO_TIME : ns - (int64_t)odd * stride / 8;
        entry.level = (Level)(1 + rows_random(&scene->seed, LEVEL_COUNT - 1));
        push(scene, entry, rows_random(&scene->seed, 5) == 0 ? OUTCOME_FAIL : OUTCOME_NONE);
        ns += stride;
    }
}

static void change_terms(Scene *scene)
{
    static const char *const PATTERNS[] = {"entry 1", "teslad", "[13579] ", "nothing"};
    Err err = err_none();
    int slot = (int)rows_random(&scene->seed, HIGHLIGHTS_MAX);
    switch (rows_random(&scene->seed, 3)) {
    case 0:
        (void)highlights_add(scene->highlights, sv(PATTERNS[rows_random(&scene->seed, 4)]), &slot,
                             &err);
        break;
    case 1:
        highlights_remove(scene->highlights, slot);
        break;
    default:
        highlights_set_on(scene->highlights, slot, rows_random(&scene->seed, 2) == 0);
    }
}

static void change_view(Scene *scene)
{
    static const char *const FILTERS[] = {"", "process == \"teslad\"", "messageType == error",
                                          "process == \"nobody\""};
    Err err = err_none();
    if (rows_random(&scene->seed, 3) == 0) {
        view_hide_noise(scene->view, rows_random(&scene->seed, 2) == 0);
        return;
    }
    Filter *filter = filter_compile(sv(FILTERS[rows_random(&scene->seed, 4)]), &err);
    view_set_filter(scene->view, filter,
                    rows_random(&scene->seed, (uint32_t)store_end(scene->store)), NULL);
}

/* They need not go on together. */
static void step_some(Scene *scene)
{
    uint32_t rows = 1 + rows_random(&scene->seed, 400);
    uint32_t which = rows_random(&scene->seed, 8);
    if ((which & 1) != 0) {
        (void)view_step(scene->view, rows);
    }
    if ((which & 2) != 0) {
        (void)highlights_step(scene->highlights, scene->store, scene->view, rows);
    }
    if ((which & 4) != 0) {
        (void)histogram_step(scene->histogram, scene->store, scene->view, scene->highlights, rows);
    }
}

/* One life of a histogram, drawn from the seed. */
static void live(uint64_t seed)
{
    Scene scene = begin_with(seed, STORE_MIN_BYTES);
    for (int turn = 0; turn < 60; turn++) {
        uint32_t what = rows_random(&scene.seed, 12);
        if (what < 5) {
            push_some(&scene);
        } else if (what < 8) {
            step_some(&scene);
        } else if (what == 8) {
            change_terms(&scene);
        } else if (what == 9) {
            change_view(&scene);
        } else if (what == 10) {
            int64_t from = ROWS_START + (int64_t)rows_random(&scene.seed, 1000) * NS_PER_SECOND;
            int64_t length = (int64_t)rows_random(&scene.seed, 3) * 100 * NS_PER_SECOND;
            zoom(&scene, from, from + length);
        } else {
            finish(&scene);
            assert_right(&scene, 2 + rows_random(&scene.seed, COLUMNS_MAX - 2));
        }
    }
    finish(&scene);
    assert_right(&scene, 120);
    end(&scene);
}

static void test_kept_equals_counted(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 120; seed++) {
        live(seed);
    }
}

static void test_long_spans(void **state)
{
    (void)state;
    HistogramSpan span = {.bucket_ns = 10, .count = 7};
    assert_true(histogram_length(&span, 0) == 0);
    assert_true(histogram_length(&span, 7) == 70);
    span.bucket_ns = INT64_MAX / 7;
    assert_true(histogram_length(&span, 7) == INT64_MAX / 7 * 7);
    span.bucket_ns = INT64_MAX / 7 + 1;
    assert_true(histogram_length(&span, 7) == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_classes_and_finding),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_buckets_stay),
        cmocka_unit_test(test_outlier_goes),
        cmocka_unit_test(test_zoom),
        cmocka_unit_test(test_long_spans),
        cmocka_unit_test(test_far_apart),
        cmocka_unit_test(test_hits_of_another_filter),
        cmocka_unit_test(test_kept_equals_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
