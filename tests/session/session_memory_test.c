/*
 * Tests of what a session remembers of its files: panes, marks and the selected entry come back, in
 * a file that has grown or is seen through other options too; not in one that was replaced; nothing
 * is written where nothing was changed, of streams, nor where nothing can be written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <string.h>

#include "base/clock.h"
#include "session/session.h"
#include "tests/session/place.h"

#define ENTRIES 100
#define LOG_NAME "log.ndjson"

typedef struct Fixture {
    TestPlace files;
    TestPlace kept;
    Options options;
    Session *session;
    unsigned dirty; /* of the last session until it was idle */
} Fixture;

/* Writes entries `from` to `to` of a log; every tenth is an error. */
static void put_log(Fixture *fixture, const char *words, int from, int to)
{
    StrBuf text = {0};
    for (int i = from; i < to; i++) {
        strbuf_printf(&text,
                      "{\"timestamp\":\"2026-09-08 10:%02d:%02d.000000+0200\",\"eventType\":"
                      "\"logEvent\",\"messageType\":\"%s\",\"processImagePath\":\"/x/mdmclient\","
                      "\"processID\":%d,\"eventMessage\":\"%s %d\"}\n",
                      i / 60, i % 60, i % 10 == 0 ? "Error" : "Default", i % 3, words, i);
    }
    place_put(&fixture->files, LOG_NAME, text.ptr);
    strbuf_done(&text);
}

static int set_up(void **state)
{
    Fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    place_make(&fixture->files);
    place_make(&fixture->kept);
    fixture->options =
        (Options){.verb = VERB_EXPLORE, .source_count = 1, .state_dir = fixture->kept.directory};
    put_log(fixture, "word", 1, ENTRIES + 1);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    session_free(fixture->session);
    place_remove(&fixture->files);
    place_remove(&fixture->kept);
    free(fixture);
    return 0;
}

static void start(Fixture *fixture)
{
    Err err = err_none();
    session_free(fixture->session);
    if (fixture->options.sources[0].kind == SOURCE_LOG) {
        fixture->options.sources[0] =
            (SourceSpec){SOURCE_FILE, place_path(&fixture->files, LOG_NAME)};
    }
    fixture->session = session_new(&fixture->options, NULL, &err);
    if (fixture->session == NULL) {
        fail_msg("%s", err.text);
    }
    fixture->dirty = 0;
}

static void read_all(Fixture *fixture)
{
    while (!session_is_idle(fixture->session)) {
        fixture->dirty |= session_pump(fixture->session, NULL, clock_monotonic(), NS_PER_MS);
        (void)session_work(fixture->session, NS_PER_MS);
    }
}

static void begin(Fixture *fixture)
{
    start(fixture);
    read_all(fixture);
}

static void end(Fixture *fixture)
{
    Err err = err_none();
    if (!session_memory_save(fixture->session, &err)) {
        fail_msg("%s", err.text);
    }
    session_free(fixture->session);
    fixture->session = NULL;
}

static size_t count_kept(Fixture *fixture)
{
    size_t count = 0;
    DIR *directory = opendir(fixture->kept.directory);
    assert_non_null(directory);
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        count += entry->d_name[0] != '.';
    }
    (void)closedir(directory);
    return count;
}

static void put_mark(Fixture *fixture, EntryNumber number, const char *note)
{
    Session *session = fixture->session;
    assert_true(marks_toggle(session_marks(session), session_store(session), number));
    assert_true(marks_set_note(session_marks(session), number, sv(note)));
}

/* The marks as "NUMBER message: note" lines. */
static void assert_marks(const Fixture *fixture, const char *wanted)
{
    const Marks *marks = session_marks(fixture->session);
    StrBuf got = {0};
    for (size_t i = 0; i < marks_count(marks); i++) {
        StoreRow row = marks_row(marks, i);
        strbuf_printf(&got, "%d %.*s: %.*s\n", (int)marks_get(marks, i),
                      SV_ARG(columns_message(row.columns, row.index)),
                      SV_ARG(marks_note(marks, i)));
    }
    assert_string_equal(strbuf_view(&got).ptr, wanted);
    strbuf_done(&got);
}

static void assert_note(const Fixture *fixture, const char *words)
{
    StrView note = session_memory_note(fixture->session);
    if (words[0] == '\0' ? note.len > 0 : sv_find(note, sv(words)) == SIZE_MAX) {
        fail_msg("'%.*s', wanted '%s'", SV_ARG(note), words);
    }
}

/* Marks 20 and 31, selects 40 and splits the screen. */
static void leave_traces(Fixture *fixture)
{
    begin(fixture);
    assert_int_equal(fixture->dirty & SESSION_DIRTY_RESTORED, 0);
    put_mark(fixture, 31, "");
    put_mark(fixture, 20, "why");
    session_memory_select(fixture->session, 40);
    session_memory_set_text(fixture->session, "screen", SV("{\"split\":2}"));
    end(fixture);
    assert_int_equal(count_kept(fixture), 1);
}

/* --- entries ---------------------------------------------------------------------------------- */

static void test_marks_and_place(void **state)
{
    Fixture *fixture = *state;
    leave_traces(fixture);
    start(fixture);
    assert_true(sv_equal(session_memory_text(fixture->session, "screen"), SV("{\"split\":2}")));
    assert_int_equal(session_memory_selected(fixture->session), 0);
    read_all(fixture);
    assert_int_not_equal(fixture->dirty & SESSION_DIRTY_RESTORED, 0);
    assert_int_equal(session_memory_selected(fixture->session), 40);
    assert_marks(fixture, "20 word 20: why\n31 word 31: \n");
    assert_note(fixture, "");
    /* A mark that is taken off stays off, and all else is as it was. */
    (void)marks_toggle(session_marks(fixture->session), session_store(fixture->session), 20);
    end(fixture);
    begin(fixture);
    assert_marks(fixture, "31 word 31: \n");
    assert_int_equal(session_memory_selected(fixture->session), 0); /* nobody said so again */
}

static void test_grown(void **state)
{
    Fixture *fixture = *state;
    leave_traces(fixture);
    put_log(fixture, "word", 1, 3 * ENTRIES);
    begin(fixture);
    assert_marks(fixture, "20 word 20: why\n31 word 31: \n");
    assert_int_equal(session_memory_selected(fixture->session), 40);
    assert_note(fixture, "");
}

/* Cut behind its first KiB: what is there is found, the rest is told and kept for later. */
static void test_cut(void **state)
{
    Fixture *fixture = *state;
    leave_traces(fixture);
    put_log(fixture, "word", 1, 25);
    begin(fixture);
    assert_marks(fixture, "20 word 20: why\n");
    assert_int_equal(session_memory_selected(fixture->session), 0);
    assert_int_not_equal(fixture->dirty & SESSION_DIRTY_RESTORED, 0);
    assert_note(fixture, "1 of 2 marks were not found again");
    end(fixture);
    put_log(fixture, "word", 1, ENTRIES + 1);
    begin(fixture);
    assert_marks(fixture, "20 word 20: why\n31 word 31: \n");
}

/* Other bytes under the same numbers are no marks, even where the file begins as it did. */
static void test_changed_behind(void **state)
{
    Fixture *fixture = *state;
    StrBuf text = {0};
    leave_traces(fixture);
    (void)place_get(&fixture->files, LOG_NAME, &text);
    size_t at = sv_find(strbuf_view(&text), SV("word 31"));
    assert_true(at != SIZE_MAX && at > 1024);
    text.ptr[at] = 'W';
    place_put(&fixture->files, LOG_NAME, text.ptr);
    begin(fixture);
    assert_marks(fixture, "20 word 20: why\n");
    assert_note(fixture, "1 of 2 marks were not found again");
    strbuf_done(&text);
}

static void test_replaced(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    begin(fixture);
    put_mark(fixture, 20, "why");
    session_memory_select(fixture->session, 40);
    assert_true(session_set_predicate(fixture->session, 0, SV("processID == 2"), 0, &err));
    end(fixture);
    put_log(fixture, "other", 1, ENTRIES + 1);
    start(fixture);
    assert_note(fixture, "the file is another one than last time");
    read_all(fixture);
    assert_marks(fixture, "");
    assert_int_equal(session_memory_selected(fixture->session), 0);
    assert_string_equal(session_pane(fixture->session, 0)->predicate.ptr, "processID == 2");
}

/* Numbers are others when options keep entries out; what they keep out is not lost for that. */
static void test_other_options(void **state)
{
    Fixture *fixture = *state;
    leave_traces(fixture);
    fixture->options.min_level = LEVEL_ERROR;
    begin(fixture);
    assert_marks(fixture, "2 word 20: why\n");
    assert_int_equal(session_memory_selected(fixture->session), 4);
    end(fixture);
    fixture->options.min_level = LEVEL_NONE;
    begin(fixture);
    assert_marks(fixture, "20 word 20: why\n31 word 31: \n");
    assert_note(fixture, "");
}

/* Left before it was read to the end: what has not come yet is kept. */
static void test_left_early(void **state)
{
    Fixture *fixture = *state;
    leave_traces(fixture);
    start(fixture);
    session_memory_select(fixture->session, 0);
    end(fixture);
    begin(fixture);
    assert_marks(fixture, "20 word 20: why\n31 word 31: \n");
    assert_int_equal(session_memory_selected(fixture->session), 40);
}

/* Marks are made while the file is read: what is given up later stays marked. */
static void test_given_up(void **state)
{
    Fixture *fixture = *state;
    leave_traces(fixture);
    put_log(fixture, "word", 1, 20000);
    fixture->options.buffer_bytes = STORE_MIN_BYTES;
    begin(fixture);
    assert_true(store_first(session_store(fixture->session)) > 31);
    assert_marks(fixture, "20 word 20: why\n31 word 31: \n");
}

/* --- panes ------------------------------------------------------------------------------------ */

static void assert_panes(const Fixture *fixture, const char *wanted)
{
    StrBuf got = {0};
    for (size_t i = 0; i < session_pane_count(fixture->session); i++) {
        const SessionPane *pane = session_pane(fixture->session, i);
        strbuf_printf(&got, "%s%.*s%s", i > 0 ? " " : "", SV_ARG(pane->def.title),
                      session_watched(fixture->session) == i ? "*" : "");
        assert_int_equal(pane->def.key, '1' + (int)i);
    }
    assert_string_equal(got.ptr, wanted);
    strbuf_done(&got);
}

static void test_panes(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    PaneDef mine = {.title = SV("Mine"), .predicate = SV("processID == 1")};
    begin(fixture);
    Session *session = fixture->session;
    assert_true(session_pane_add(session, &mine, &err));
    session_pane_move(session, session_pane_find(session, SV("Mine")), 0);
    assert_true(session_pane_remove(session, session_pane_find(session, SV("errors")), &err));
    assert_true(session_pane_rename(session, 1, SV("Everything"), &err));
    size_t client = session_pane_find(session, SV("mdmclient"));
    assert_true(session_set_predicate(session, client, SV("processID == 2"), 0, &err));
    session_watch(session, client);
    StrBuf panes = {0};
    for (size_t i = 0; i < session_pane_count(session); i++) {
        strbuf_printf(&panes, "%s%.*s%s", i > 0 ? " " : "",
                      SV_ARG(session_pane(session, i)->def.title), i == client ? "*" : "");
    }
    end(fixture);
    begin(fixture);
    assert_panes(fixture, panes.ptr);
    session = fixture->session;
    assert_string_equal(session_pane(session, client)->predicate.ptr, "processID == 2");
    assert_string_equal(session_pane(session, 0)->predicate.ptr, "processID == 1");
    /* --pane goes before what was looked at. */
    fixture->options.pane = "Mine";
    begin(fixture);
    assert_int_equal(session_watched(fixture->session), 0);
    /* One that was closed comes back when it is asked for. */
    fixture->options.pane = "errors";
    begin(fixture);
    assert_true(sv_equal(session_pane(fixture->session, session_watched(fixture->session))->def.id,
                         SV("errors")));
    strbuf_done(&panes);
}

/* A pane that was defined since comes at the end; one whose predicate cannot be used any more is as
 * it is defined. */
static void test_panes_defined_since(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    TestPlace config;
    place_make(&config);
    begin(fixture);
    assert_true(session_pane_rename(fixture->session, 0, SV("Everything"), &err));
    end(fixture);
    place_put(&config, "config.json",
              "{\"panes\": [{\"id\": \"new\", \"predicate\": \"processID == 1\"}]}");
    fixture->options.config_dir = config.directory;
    begin(fixture);
    size_t last = session_pane_count(fixture->session) - 1;
    assert_int_equal(session_pane_find(fixture->session, SV("new")), last);
    assert_int_equal(session_pane_find(fixture->session, SV("Everything")), 0);
    /* Saved as the definition: then there is nothing to remember. */
    assert_true(session_panes_save(fixture->session, &err));
    end(fixture);
    assert_int_equal(count_kept(fixture), 0);
    begin(fixture);
    assert_int_equal(session_pane_find(fixture->session, SV("Everything")), 0);
    place_remove(&config);
}

static void test_faulty_predicate(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    StrBuf text = {0};
    char name[64] = "";
    begin(fixture);
    assert_true(session_set_predicate(fixture->session, 0, SV("processID == 77"), 0, &err));
    end(fixture);
    DIR *directory = opendir(fixture->kept.directory);
    assert_non_null(directory);
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        if (sv_starts(sv(entry->d_name), SV("file-"))) {
            (void)snprintf(name, sizeof name, "%.60s", entry->d_name);
        }
    }
    (void)closedir(directory);
    (void)place_get(&fixture->kept, name, &text);
    size_t at = sv_find(strbuf_view(&text), SV("processID == 77"));
    assert_true(at != SIZE_MAX);
    text.ptr[at] = 'P';
    text.ptr[at + 1] = '!';
    place_put(&fixture->kept, name, text.ptr);
    begin(fixture);
    assert_note(fixture, "a predicate that was remembered cannot be used any more");
    assert_string_equal(session_pane(fixture->session, 0)->predicate.ptr, "TRUEPREDICATE");
    /* Broken as a whole: told, passed over, and in the way of nothing. */
    place_put(&fixture->kept, name, "{\"version\"");
    begin(fixture);
    assert_note(fixture, "what was remembered cannot be read: ");
    end(fixture);
    assert_int_equal(count_kept(fixture), 0);
    begin(fixture);
    assert_note(fixture, "");
    strbuf_done(&text);
}

/* --- where nothing is kept -------------------------------------------------------------------- */

static void test_nothing_changed(void **state)
{
    Fixture *fixture = *state;
    begin(fixture);
    session_memory_set_text(fixture->session, "screen", SV(""));
    end(fixture);
    assert_int_equal(count_kept(fixture), 0);
}

static void test_fresh(void **state)
{
    Fixture *fixture = *state;
    leave_traces(fixture);
    fixture->options.fresh = true;
    begin(fixture);
    assert_marks(fixture, "");
    assert_null(session_memory_text(fixture->session, "screen").ptr);
    put_mark(fixture, 7, "new");
    end(fixture);
    fixture->options.fresh = false;
    begin(fixture);
    assert_marks(fixture, "7 word 7: new\n");
}

/* To look at a file without what was remembered is no reason to lose it. */
static void test_fresh_untouched(void **state)
{
    Fixture *fixture = *state;
    leave_traces(fixture);
    fixture->options.fresh = true;
    begin(fixture);
    end(fixture);
    begin(fixture);
    session_memory_set_text(fixture->session, "screen", SV("at the start"));
    session_memory_begun(fixture->session);
    assert_false(session_memory_has_changed(fixture->session));
    session_memory_select(fixture->session, 5);
    assert_true(session_memory_has_changed(fixture->session));
    session_memory_select(fixture->session, 0);
    end(fixture);
    fixture->options.fresh = false;
    begin(fixture);
    SessionRestored restored;
    session_memory_restored(fixture->session, &restored);
    assert_true(restored.is_settled && restored.has_place && restored.has_texts);
    assert_true(restored.marks > 0);
    end(fixture);
    fixture->options.fresh = true;
    begin(fixture);
    session_memory_begun(fixture->session);
    session_memory_select(fixture->session, 5);
    end(fixture);
    fixture->options.fresh = false;
    begin(fixture);
    assert_marks(fixture, "");
    assert_int_equal(session_memory_selected(fixture->session), 5);
}

static void test_other_sources(void **state)
{
    Fixture *fixture = *state;
    fixture->options.sources[0] = (SourceSpec){SOURCE_DEMO, NULL};
    begin(fixture);
    put_mark(fixture, 7, "");
    session_memory_select(fixture->session, 7);
    session_memory_set_text(fixture->session, "screen", SV("x"));
    end(fixture);
    assert_int_equal(count_kept(fixture), 0);
    fixture->options.sources[0] = (SourceSpec){SOURCE_FILE, "/dev/null"};
    begin(fixture);
    end(fixture);
    assert_int_equal(count_kept(fixture), 0);
}

static void test_no_directory(void **state)
{
    Fixture *fixture = *state;
    const StrView *lines;
    fixture->options.state_dir = NULL;
    begin(fixture);
    put_mark(fixture, 7, "");
    assert_int_equal(session_config_errors(fixture->session, &lines), 0);
    end(fixture);
    assert_int_equal(count_kept(fixture), 0);
    fixture->options.state_dir = "";
    begin(fixture);
    end(fixture);
}

/* Told in one line, and everything else works. */
static void test_not_writable(void **state)
{
    Fixture *fixture = *state;
    const StrView *lines;
    fixture->options.state_dir = "/dev/null/state";
    begin(fixture);
    assert_int_equal(session_config_errors(fixture->session, &lines), 1);
    assert_true(sv_starts(lines[0], SV("nothing is saved: ")));
    put_mark(fixture, 7, "");
    assert_true(session_first_start(fixture->session));
    session_first_start_done(fixture->session);
    end(fixture);
}

/* It went while the program ran: that is said at the end. */
static void test_directory_goes(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    char path[128];
    (void)snprintf(path, sizeof path, "%s", place_path(&fixture->kept, "below"));
    fixture->options.state_dir = path;
    begin(fixture);
    put_mark(fixture, 7, "");
    place_put(&fixture->kept, "below", "a file");
    assert_false(session_memory_save(fixture->session, &err));
    assert_int_not_equal(err.text[0], '\0');
}

/* --- the first start -------------------------------------------------------------------------- */

static void test_first_start(void **state)
{
    Fixture *fixture = *state;
    TestPlace config;
    begin(fixture);
    assert_true(session_first_start(fixture->session));
    begin(fixture);
    assert_true(session_first_start(fixture->session)); /* not shown yet */
    session_first_start_done(fixture->session);
    assert_false(session_first_start(fixture->session));
    begin(fixture);
    assert_false(session_first_start(fixture->session));
    fixture->options.state_dir = NULL;
    begin(fixture);
    assert_false(session_first_start(fixture->session));
    session_first_start_done(fixture->session);
    /* Switched off in the configuration. */
    place_make(&config);
    place_put(&config, "config.json", "{\"hint\": false}");
    fixture->options.config_dir = config.directory;
    fixture->options.state_dir = place_path(&fixture->kept, "another");
    begin(fixture);
    assert_false(session_first_start(fixture->session));
    place_remove(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_marks_and_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_grown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_changed_behind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replaced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_options, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_left_early, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_given_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_panes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_panes_defined_since, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_faulty_predicate, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fresh, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fresh_untouched, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_sources, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_directory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_writable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_directory_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_first_start, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
