/*
 * Tests of a whole session over files: what arrives is stored, gated, tagged, offered and counted;
 * predicates and the search are worked off; what changed is said in dirty bits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "session/session.h"

#define DEMO "session/demo.ndjson"
#define BUDGET (INT64_C(50) * NS_PER_MS)

static Options from_file(const char *path)
{
    return (Options){
        .verb = VERB_EXPLORE,
        .sources = {{.kind = SOURCE_FILE, .argument = path}},
        .source_count = 1,
    };
}

static Session *open_session(const Options *options)
{
    Err err = err_none();
    Session *session = session_new(options, NULL, &err);
    if (session == NULL) {
        fail_msg("%s", err.text);
    }
    return session;
}

static unsigned load(Session *session)
{
    unsigned dirty = 0;
    while (!session_is_loaded(session)) {
        dirty |= session_pump(session, NULL, clock_monotonic(), BUDGET);
    }
    return dirty;
}

static void finish(Session *session)
{
    while (session_has_work(session)) {
        (void)session_work(session, NS_PER_MS);
    }
}

static uint64_t count_lines(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    uint64_t lines = 0;
    char line[65536];
    while (fgets(line, sizeof line, file) != NULL) {
        lines += line[0] == '{' && strncmp(line, "{\"count\"", 8) != 0;
    }
    (void)fclose(file);
    return lines;
}

/* How many entries held match `text`: the definition. */
static uint64_t count_matches(const Session *session, StrView text)
{
    Filter *filter = filter_compile(text, NULL);
    assert_non_null(filter);
    uint64_t count = 0;
    Store *store = session_store(session);
    for (EntryNumber n = store_first(store); n < store_end(store); n++) {
        StoreRow row;
        assert_true(store_find(store, n, &row));
        count += row.columns->kind[row.index] != KIND_NOTICE &&
                 filter_match(filter, row.columns, row.index);
    }
    filter_free(filter);
    return count;
}

static void test_loads_a_file(void **state)
{
    (void)state;
    Options options = from_file(DEMO);
    Session *session = open_session(&options);
    assert_false(session_is_idle(session));
    unsigned dirty = load(session);
    assert_int_equal(dirty & SESSION_DIRTY_ENTRIES, SESSION_DIRTY_ENTRIES);
    assert_int_equal(dirty & SESSION_DIRTY_COUNTS, SESSION_DIRTY_COUNTS);
    assert_int_equal(store_counts(session_store(session))->entries, count_lines(DEMO));
    assert_int_equal(session_hidden(session), 0);
    finish(session);
    assert_true(session_is_idle(session));
    assert_int_equal(session_pump(session, NULL, clock_monotonic(), BUDGET), 0);
    assert_true(session_rate(session, clock_monotonic()) > 0);
    assert_true(session_host(session, 0).len > 0);
    assert_null(session_host(session, 9).ptr);
    session_free(session);
    session_free(NULL);
}

static void test_panes_show_what_they_say(void **state)
{
    (void)state;
    Options options = from_file(DEMO);
    Session *session = open_session(&options);
    load(session);
    finish(session);
    assert_true(session_pane_count(session) >= 5);
    uint64_t failures = 0;
    for (size_t i = 0; i < session_pane_count(session); i++) {
        SessionPane *pane = session_pane(session, i);
        ViewCounts counts = view_counts(pane->view);
        assert_int_equal(counts.entries, count_matches(session, strbuf_view(&pane->predicate)));
        assert_true(counts.entries > 0 || pane->def.role != PANE_LIST);
        failures += counts.failures;
    }
    assert_true(failures > 0); /* the demo's enrolment fails once: the tags are there */
    session_free(session);
}

static void test_options_hide_and_count(void **state)
{
    (void)state;
    Options options = from_file(DEMO);
    uint64_t all = count_lines(DEMO);
    options.predicate = "process == \"mdmclient\"";
    options.grep = "http";
    Session *session = open_session(&options);
    load(session);
    const StoreCounts *counts = store_counts(session_store(session));
    assert_true(counts->entries > 0 && counts->entries < all);
    assert_int_equal(counts->entries + session_hidden(session), all);
    assert_int_equal(count_matches(session, sv(options.predicate)), counts->entries);
    assert_int_equal(count_matches(session, SV("eventMessage CONTAINS[c] \"http\"")),
                     counts->entries);
    session_free(session);
}

static void test_small_ring(void **state)
{
    (void)state;
    Options options = from_file(DEMO);
    options.buffer_bytes = STORE_MIN_BYTES;
    Session *session = open_session(&options);
    load(session);
    const StoreCounts *counts = store_counts(session_store(session));
    assert_int_equal(counts->entries, count_lines(DEMO));
    assert_true(counts->evicted > 0);
    assert_true(counts->bytes <= counts->budget);
    finish(session);
    SessionPane *all = session_pane(session, 0);
    assert_int_equal(view_counts(all->view).entries, counts->held);
    session_free(session);
}

static void test_predicate_changes(void **state)
{
    (void)state;
    Options options = from_file(DEMO);
    Session *session = open_session(&options);
    load(session);
    finish(session);
    SessionPane *pane = session_pane(session, 1);
    uint64_t before = view_counts(pane->view).entries;
    Err err = err_none();
    assert_false(session_set_predicate(session, 1, SV("process =="), 0, &err));
    assert_true(err.text[0] != '\0' && err.offset != ERR_NO_OFFSET);
    assert_int_equal(view_counts(pane->view).entries, before);
    assert_false(session_has_work(session));

    const char *text = "process == \"mdmclient\" OR process == \"teslad\"";
    assert_true(session_set_predicate(session, 1, sv(text), 0, &err));
    assert_true(sv_equal(strbuf_view(&pane->predicate), sv(text)));
    assert_true(session_has_work(session));
    unsigned dirty = 0;
    while (session_has_work(session)) {
        dirty |= session_work(session, 0); /* one slice each */
    }
    assert_int_equal(dirty, SESSION_DIRTY_ENTRIES | SESSION_DIRTY_COUNTS);
    assert_int_equal(view_counts(pane->view).entries, count_matches(session, sv(text)));
    assert_int_equal(session_work(session, BUDGET), 0);
    session_free(session);
}

static void test_search_follows_the_watched_pane(void **state)
{
    (void)state;
    Options options = from_file(DEMO);
    Session *session = open_session(&options);
    load(session);
    finish(session);
    Search *search = session_search(session);
    assert_false(session_has_work(session));
    assert_true(search_set(search, SV("error"), NULL));
    assert_true(session_has_work(session));
    assert_int_equal(session_work(session, BUDGET) & SESSION_DIRTY_SEARCH, SESSION_DIRTY_SEARCH);
    finish(session);
    uint64_t all = search_count(search);
    assert_true(all > 0);

    size_t pane = session_pane_find(session, SV("MDMCLIENT"));
    assert_int_not_equal(pane, SIZE_MAX);
    session_watch(session, pane);
    assert_int_equal(session_watched(session), pane);
    assert_true(session_has_work(session));
    finish(session);
    assert_true(search_count(search) > 0 && search_count(search) < all);

    assert_true(session_set_predicate(session, pane, SV("FALSEPREDICATE"), 0, NULL));
    finish(session);
    assert_int_equal(search_count(search), 0);
    session_free(session);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *predicate, *grep, *pane, *begins;
    } CASES[] = {
        {"process ==", NULL, NULL, "--predicate: "},
        {NULL, "a(b", NULL, "--grep: "},
        {NULL, NULL, "nopane", "--pane: there is no pane 'nopane'"},
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        Options options = from_file(DEMO);
        options.predicate = CASES[i].predicate;
        options.grep = CASES[i].grep;
        options.pane = CASES[i].pane;
        Err err = err_none();
        assert_null(session_new(&options, NULL, &err));
        if (!sv_starts(sv(err.text), sv(CASES[i].begins))) {
            fail_msg("%s: %s", CASES[i].begins, err.text);
        }
    }
    Options options = from_file("no/such/file");
    Err err = err_none();
    assert_null(session_new(&options, NULL, &err));
    assert_non_null(strstr(err.text, "no/such/file"));
}

static void test_pane_of_the_options(void **state)
{
    (void)state;
    Options options = from_file(DEMO);
    options.pane = "mdmclient";
    Session *session = open_session(&options);
    assert_true(session_watched(session) > 0);
    assert_true(sv_equal(session_pane(session, session_watched(session))->def.id, SV("mdmclient")));
    session_free(session);
}

static void test_notices_are_rows(void **state)
{
    (void)state;
    char path[] = "/tmp/mdmscope-session-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    static const char TEXT[] =
        "{\"timestamp\":\"2026-09-08 10:00:16.000000+0200\",\"eventType\":\"logEvent\","
        "\"messageType\":\"Error\",\"eventMessage\":\"one\",\"processImagePath\":\"\\/a\\/b\"}\n"
        "=== Messages dropped during live streaming (use `log show` to see what they were)\n"
        "{\"timestamp\":\"2026-09-08 10:00:17.000000+0200\",\"eventType\":\"logEvent\","
        "\"messageType\":\"Default\",\"eventMessage\":\"two\",\"processImagePath\":\"\\/a\\/b\"}\n";
    assert_int_equal(write(fd, TEXT, sizeof TEXT - 1), (ssize_t)sizeof TEXT - 1);
    (void)close(fd);
    Options options = from_file(path);
    options.min_level = LEVEL_ERROR;
    Session *session = open_session(&options);
    load(session);
    finish(session);
    const StoreCounts *counts = store_counts(session_store(session));
    assert_int_equal(counts->entries, 1);
    assert_int_equal(session_hidden(session), 1);
    assert_true(counts->notices >= 1);
    assert_int_equal(session_drops(session), 1);
    View *view = session_pane(session, 0)->view;
    assert_int_equal(view_counts(view).entries, 1);
    assert_int_equal(view_len(view), 1 + counts->notices);
    StoreRow row;
    assert_true(store_find(session_store(session), view_get(view, 1), &row));
    assert_int_equal(row.columns->kind[row.index], KIND_NOTICE);
    assert_int_not_equal(sv_find(columns_message(row.columns, row.index), SV("dropped")), SIZE_MAX);
    session_free(session);
    (void)unlink(path);
}

/* One turn of a loop as the screen runs it: wait for the descriptors or the deadline, then read. */
static unsigned turn(Session *session)
{
    fd_set reads;
    int max_fd = -1;
    FD_ZERO(&reads);
    session_fds(session, &reads, &max_fd);
    int64_t now = clock_monotonic();
    int64_t wait = session_deadline(session, now) - now;
    wait = wait < 0 ? 0 : wait;
    wait = wait > 5 * NS_PER_SECOND ? 5 * NS_PER_SECOND : wait;
    struct timespec timeout = {.tv_sec = wait / NS_PER_SECOND, .tv_nsec = wait % NS_PER_SECOND};
    assert_true(pselect(max_fd + 1, &reads, NULL, NULL, &timeout, NULL) >= 0);
    return session_pump(session, &reads, clock_monotonic(), BUDGET);
}

static StrView live_predicate(const Session *session)
{
    SourceStatus status;
    sources_status(session_sources(session), 0, &status);
    return status.predicate;
}

static void test_live_stream(void **state)
{
    (void)state;
    const char *build = getenv("MDMSCOPE_BUILD");
    char log_path[256];
    (void)snprintf(log_path, sizeof log_path, "%s/tests/bin/log", build != NULL ? build : "build");
    assert_int_equal(setenv("MDMSCOPE_FAKE_RATE", "2000", 1), 0);
    Options options = {
        .verb = VERB_EXPLORE,
        .log_path = log_path,
        .ssh_path = "ssh",
        .buffer_bytes = 4 * MIB,
        .predicate = "process = 'mdmclient'",
    };
    Session *session = open_session(&options);
    assert_true(sv_equal(live_predicate(session), SV("process == \"mdmclient\"")));
    unsigned dirty = 0;
    const StoreCounts *counts = store_counts(session_store(session));
    while (counts->entries < 20) {
        dirty |= turn(session);
    }
    assert_int_equal(dirty & SESSION_DIRTY_STATE, SESSION_DIRTY_STATE); /* it became live */
    assert_int_equal(count_matches(session, SV("process == \"mdmclient\"")), counts->entries);
    assert_int_equal(session_hidden(session), 0); /* `log` has left the others out, not we */
    assert_false(session_is_loaded(session));

    /* What a key does between two turns is told by the next one. */
    sources_restart(session_sources(session), "process == \"teslad\"");
    while (count_matches(session, SV("process == \"teslad\"")) == 0) {
        dirty = turn(session);
    }
    assert_int_equal(dirty & SESSION_DIRTY_ENTRIES, SESSION_DIRTY_ENTRIES);
    assert_int_equal(view_counts(session_pane(session, 0)->view).entries, counts->entries);
    session_free(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loads_a_file),
        cmocka_unit_test(test_panes_show_what_they_say),
        cmocka_unit_test(test_options_hide_and_count),
        cmocka_unit_test(test_small_ring),
        cmocka_unit_test(test_predicate_changes),
        cmocka_unit_test(test_search_follows_the_watched_pane),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_pane_of_the_options),
        cmocka_unit_test(test_notices_are_rows),
        cmocka_unit_test(test_live_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
