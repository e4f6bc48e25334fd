/*
 * Tests of what a session counts in slices: highlights and histogram of the pane that is watched,
 * the search everywhere, hidden noise; and that there is an end to the work.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "session/session.h"

#define DEMO "session/demo.ndjson"
#define BUDGET (INT64_C(50) * NS_PER_MS)
#define COLUMNS 120

static Session *open_demo(void)
{
    static const Options OPTIONS = {
        .verb = VERB_EXPLORE,
        .sources = {{.kind = SOURCE_FILE, .argument = DEMO}},
        .source_count = 1,
    };
    Err err = err_none();
    Session *session = session_new(&OPTIONS, NULL, &err);
    if (session == NULL) {
        fail_msg("%s", err.text);
    }
    return session;
}

/* Works to the end; returns what was dirty. */
static unsigned finish(Session *session)
{
    unsigned dirty = 0;
    for (int i = 0; session_has_work(session); i++) {
        assert_true(i < 100000);
        dirty |= session_work(session, NS_PER_MS);
    }
    assert_int_equal(session_work(session, NS_PER_MS), 0);
    return dirty;
}

/* Reads the demo with work in between, as a screen does. */
static unsigned load(Session *session)
{
    unsigned dirty = 0;
    while (!session_is_loaded(session)) {
        dirty |= session_pump(session, NULL, clock_monotonic(), BUDGET);
        dirty |= session_work(session, 1);
    }
    return dirty | finish(session);
}

static View *pane_view(const Session *session, size_t pane)
{
    return session_pane(session, pane)->view;
}

static uint64_t sum(const Session *session, int slot)
{
    HistogramBucket buckets[COLUMNS];
    HistogramSpan span;
    uint64_t count = 0;
    if (!histogram_read(session_histogram(session), COLUMNS, buckets, &span)) {
        return 0;
    }
    for (size_t i = 0; i < span.count; i++) {
        count += slot < 0 ? buckets[i].all : buckets[i].terms[slot];
    }
    return count;
}

static int highlight(Session *session, const char *pattern)
{
    int slot = -1;
    assert_true(highlights_add(session_highlights(session), sv(pattern), &slot, NULL));
    return slot;
}

/* How many entries of a pane match: the definition. */
static uint64_t count_matches(Session *session, size_t pane, int slot)
{
    uint64_t count = 0;
    View *view = pane_view(session, pane);
    for (size_t row = 0; row < view_len(view); row++) {
        StoreRow at;
        assert_true(store_find(session_store(session), view_get(view, row), &at));
        unsigned terms = highlights_of_row(session_highlights(session), at.columns, at.index);
        count += at.columns->kind[at.index] != KIND_NOTICE && (terms >> slot & 1) != 0;
    }
    return count;
}

static void assert_counted(Session *session, int slot)
{
    size_t pane = session_watched(session);
    uint64_t expected = count_matches(session, pane, slot);
    assert_int_equal(highlights_matches(session_highlights(session), slot), expected);
    assert_int_equal(sum(session, slot), expected);
    assert_int_equal(sum(session, -1), view_counts(pane_view(session, pane)).entries);
}

static void test_not_wanted(void **state)
{
    (void)state;
    Session *session = open_demo();
    assert_int_equal(load(session) & SESSION_DIRTY_HISTOGRAM, 0);
    assert_int_equal(sum(session, -1), 0);
    session_free(session);
}

static void test_follows_the_watched_pane(void **state)
{
    (void)state;
    Session *session = open_demo();
    Err err = err_none();
    session_want_histogram(session, true);
    int slot = highlight(session, "http");
    assert_int_equal(load(session) & SESSION_DIRTY_HISTOGRAM, SESSION_DIRTY_HISTOGRAM);
    assert_counted(session, slot);
    uint64_t all = sum(session, -1);
    assert_true(all > 1000);

    session_watch(session, session_pane_find(session, SV("mdmclient")));
    assert_true(session_has_work(session));
    assert_int_equal(finish(session) & SESSION_DIRTY_HISTOGRAM, SESSION_DIRTY_HISTOGRAM);
    assert_counted(session, slot);
    assert_true(sum(session, -1) > 0 && sum(session, -1) < all);

    assert_true(session_set_predicate(session, session_watched(session),
                                      SV("eventMessage CONTAINS \"HTTP\""), 0, &err));
    finish(session);
    assert_counted(session, slot);
    assert_int_equal(sum(session, slot), sum(session, -1));

    /* Another term and another span are work; a term that is gone as well. */
    int other = highlight(session, "response");
    assert_true(session_has_work(session));
    finish(session);
    assert_counted(session, other);
    highlights_remove(session_highlights(session), slot);
    assert_true(session_has_work(session));
    finish(session);
    assert_counted(session, other);
    assert_int_equal(sum(session, slot), 0);
    histogram_set_span(session_histogram(session), 1, 2);
    assert_true(session_has_work(session));
    finish(session);
    assert_int_equal(sum(session, -1), 0);
    session_free(session);
}

static void test_searches_everywhere(void **state)
{
    (void)state;
    Session *session = open_demo();
    session_watch(session, session_pane_find(session, SV("apps")));
    assert_true(search_set(session_search(session), SV("http"), NULL));
    (void)session_pump(session, NULL, clock_monotonic(), 1);
    session_search_everywhere(session, true);
    assert_true(session_searches_everywhere(session));
    (void)load(session);
    View *all = session_search_view(session);
    const StoreCounts *counts = store_counts(session_store(session));
    assert_int_equal(view_counts(all).entries, counts->held);
    uint64_t everywhere = search_count(session_search(session));

    /* From match to match: as many as were counted, then round the end. */
    EntryNumber number = 0;
    uint64_t found = 0;
    bool wrapped = false;
    for (;;) {
        number = session_search_find(session, number, false, &wrapped);
        assert_true(number != 0);
        if (wrapped) {
            break;
        }
        found++;
        assert_int_equal(search_position(session_search(session), number), found);
    }
    assert_int_equal(found, everywhere);
    EntryNumber last = session_search_find(session, UINT64_MAX >> 8, true, &wrapped);
    assert_false(wrapped);
    assert_int_equal(session_search_find(session, 0, true, &wrapped), last);
    EntryNumber first = session_search_find(session, last, false, &wrapped);
    assert_true(wrapped);
    assert_int_equal(first, number);

    session_search_everywhere(session, false);
    assert_ptr_equal(session_search_view(session), pane_view(session, session_watched(session)));
    assert_true(session_has_work(session));
    finish(session);
    assert_true(search_count(session_search(session)) < everywhere);
    assert_true(search_set(session_search(session), SV("no such text"), NULL));
    finish(session);
    assert_int_equal(session_search_find(session, 1, false, &wrapped), 0);
    session_free(session);
}

static void test_hides_noise(void **state)
{
    (void)state;
    Session *session = open_demo();
    session_want_histogram(session, true);
    assert_true(search_set(session_search(session), SV("cannot open file"), NULL));
    (void)load(session);
    size_t pane = session_watched(session);
    uint64_t entries = view_counts(pane_view(session, pane)).entries;
    uint64_t hits = search_count(session_search(session));

    /* One more, which the knowledge base calls noise, whether the demo has some or not. */
    Store *store = session_store(session);
    StoreRow row;
    uint64_t noise = 0;
    for (EntryNumber n = store_first(store); n < store_end(store); n++) {
        assert_true(store_find(store, n, &row));
        if (n % 50 == 0 && row.columns->kind[row.index] != KIND_NOTICE) {
            row.columns->tag[row.index].is_noise = 1;
        }
        noise += row.columns->tag[row.index].is_noise != 0;
    }
    Err err = err_none();
    assert_true(session_set_predicate(session, pane, SV("processID >= 0"), 0, &err));
    finish(session);
    assert_int_equal(view_counts(pane_view(session, pane)).noise, 0);
    entries = view_counts(pane_view(session, pane)).entries;
    session_hide_noise(session, pane, true);
    assert_true(session_has_work(session));
    finish(session);
    ViewCounts counts = view_counts(pane_view(session, pane));
    assert_true(counts.noise > 0 && counts.noise <= noise);
    assert_int_equal(counts.entries + counts.noise, entries);
    assert_int_equal(sum(session, -1), counts.entries);
    assert_true(search_count(session_search(session)) <= hits);
    session_hide_noise(session, pane, false);
    finish(session);
    assert_int_equal(sum(session, -1), entries);
    assert_int_equal(search_count(session_search(session)), hits);
    session_free(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_not_wanted),
        cmocka_unit_test(test_follows_the_watched_pane),
        cmocka_unit_test(test_searches_everywhere),
        cmocka_unit_test(test_hides_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
