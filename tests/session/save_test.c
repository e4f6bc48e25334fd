/*
 * Tests of save.c: a file appears whole or not at all, is never replaced unasked, and holds the
 * bytes that came.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "session/save.h"

#define DEMO "session/demo.ndjson"

typedef struct Place {
    char directory[64];
    char path[96];
    Session *session;
} Place;

static int setup(void **state)
{
    static const Options FROM_DEMO = {
        .verb = VERB_EXPLORE,
        .sources = {{.kind = SOURCE_FILE, .argument = DEMO}},
        .source_count = 1,
    };
    Place *place = calloc(1, sizeof *place);

    assert_non_null(place);
    (void)snprintf(place->directory, sizeof place->directory, "/tmp/mdmscope-save.XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    (void)snprintf(place->path, sizeof place->path, "%s/out.ndjson", place->directory);
    place->session = session_new(&FROM_DEMO, NULL, NULL);
    assert_non_null(place->session);
    while (!session_is_idle(place->session)) {
        (void)session_pump(place->session, NULL, clock_monotonic(), NS_PER_SECOND);
        (void)session_work(place->session, NS_PER_SECOND);
    }
    *state = place;
    return 0;
}

static size_t files_in(const char *directory)
{
    DIR *open = opendir(directory);
    size_t count = 0;

    assert_non_null(open);
    for (struct dirent *item = readdir(open); item != NULL; item = readdir(open)) {
        count += item->d_name[0] != '.';
    }
    (void)closedir(open);
    return count;
}

static int teardown(void **state)
{
    Place *place = *state;

    (void)unlink(place->path);
    assert_int_equal(rmdir(place->directory), 0); /* nothing else stayed behind */
    session_free(place->session);
    free(place);
    return 0;
}

static void read_file(const char *path, StrBuf *buf)
{
    FILE *file = fopen(path, "r");
    char part[65536];
    size_t len;

    assert_non_null(file);
    while ((len = fread(part, 1, sizeof part, file)) > 0) {
        strbuf_add(buf, sv_of(part, len));
    }
    (void)fclose(file);
}

static void test_pane_is_saved_byte_for_byte(void **state)
{
    Place *place = *state;
    SaveJob job = {.choice.set = SAVE_SET_VIEW, .format = FORMAT_NDJSON, .path = place->path};
    Save *save = save_new(place->session, &job, NULL, NULL);
    StrBuf have = {0};
    StrBuf source = {0};
    struct stat made;

    assert_non_null(save);
    assert_int_equal(access(place->path, F_OK), -1); /* not before it is whole */
    while (save_step(save, 7)) {
    }
    assert_string_equal(save_error(save)->text, "");
    assert_int_equal(save_count(save), store_counts(session_store(place->session))->entries);
    assert_int_equal(save_missed(save), 0);
    save_free(save);
    assert_int_equal(stat(place->path, &made), 0);
    assert_int_equal(made.st_mode & 0777, 0600);
    read_file(place->path, &have);
    read_file(DEMO, &source);
    /* The capture is the banner's line and the entries: what was saved is its rest. */
    assert_true(have.len > 0 && sv_ends(strbuf_view(&source), strbuf_view(&have)));
    strbuf_done(&have);
    strbuf_done(&source);
}

static void test_existing_file_is_not_replaced_unasked(void **state)
{
    Place *place = *state;
    SaveJob job = {.choice.set = SAVE_SET_VIEW, .format = FORMAT_NDJSON, .path = place->path};
    FILE *file = fopen(place->path, "w");
    bool exists = false;
    Err err = err_none();
    StrBuf have = {0};

    assert_non_null(file);
    (void)fputs("precious", file);
    (void)fclose(file);
    assert_null(save_new(place->session, &job, &exists, &err));
    assert_true(exists);
    assert_non_null(strstr(err.text, "exists"));
    read_file(place->path, &have);
    assert_string_equal(have.ptr, "precious");
    job.may_replace = true;
    Save *save = save_new(place->session, &job, NULL, NULL);

    assert_non_null(save);
    while (save_step(save, 100000)) {
    }
    save_free(save);
    strbuf_clear(&have);
    read_file(place->path, &have);
    assert_true(have.len > 1000);
    strbuf_done(&have);
}

static void test_given_up_leaves_nothing(void **state)
{
    Place *place = *state;
    SaveJob job = {.choice.set = SAVE_SET_VIEW, .format = FORMAT_TEXT, .path = place->path};
    Save *save = save_new(place->session, &job, NULL, NULL);

    assert_non_null(save);
    assert_true(save_step(save, 10));
    assert_int_equal(files_in(place->directory), 1); /* the temporary one */
    save_free(save);
    assert_int_equal(files_in(place->directory), 0);
}

static void test_vanished_directory_is_told(void **state)
{
    Place *place = *state;
    SaveJob job = {
        .choice.set = SAVE_SET_VIEW, .format = FORMAT_TEXT, .path = "/nonexistent/x/out.log"};
    Err err = err_none();

    assert_null(save_new(place->session, &job, NULL, &err));
    assert_non_null(strstr(err.text, "/nonexistent/x/out.log"));
    assert_non_null(strstr(err.text, "No such file or directory"));
}

static void test_range_and_marks(void **state)
{
    Place *place = *state;
    const View *view = session_pane(place->session, 0)->view;
    SaveJob job = {
        .choice = {.set = SAVE_SET_RANGE, .first = view_get(view, 10), .last = view_get(view, 14)},
        .format = FORMAT_NDJSON,
        .path = place->path};
    Save *save = save_new(place->session, &job, NULL, NULL);

    assert_int_equal(save_count_entries(place->session, &job.choice), 5);
    assert_non_null(save);
    while (save_step(save, 2)) {
    }
    assert_int_equal(save_count(save), 5);
    save_free(save);

    Store *store = session_store(place->session);

    assert_true(marks_toggle(session_marks(place->session), store, view_get(view, 3)));
    assert_true(marks_toggle(session_marks(place->session), store, view_get(view, 20)));
    job.choice.set = SAVE_SET_MARKS;
    job.may_replace = true;
    save = save_new(place->session, &job, NULL, NULL);
    assert_non_null(save);
    while (save_step(save, 1)) {
    }
    assert_int_equal(save_count(save), 2);
    save_free(save);
}

/* Whatever comes to be under the name while a file is written is not replaced unasked. */
static void test_file_made_meanwhile_stays(void **state)
{
    Place *place = *state;
    SaveJob job = {.choice.set = SAVE_SET_VIEW, .format = FORMAT_TEXT, .path = place->path};
    Save *save = save_new(place->session, &job, NULL, NULL);
    StrBuf have = {0};

    assert_non_null(save);
    assert_true(save_step(save, 1));
    FILE *file = fopen(place->path, "w");

    assert_non_null(file);
    (void)fputs("precious", file);
    (void)fclose(file);
    while (save_step(save, 100000)) {
    }
    assert_non_null(strstr(save_error(save)->text, "exists already"));
    assert_false(save_step(save, 1));
    save_free(save);
    read_file(place->path, &have);
    assert_string_equal(have.ptr, "precious");
    strbuf_done(&have);
    assert_int_equal(files_in(place->directory), 1);
}

/* A range in a pane need not begin or end with an entry of that pane. */
static void test_estimate_is_what_is_written(void **state)
{
    Place *place = *state;
    size_t pane = session_pane_find(place->session, SV("mdmclient"));

    assert_true(pane != SIZE_MAX);
    const View *view = session_pane(place->session, pane)->view;
    SaveJob job = {
        .choice = {.set = SAVE_SET_RANGE, .pane = pane}, .path = place->path, .may_replace = true};
    EntryNumber end = store_end(session_store(place->session));
    unsigned empty = 0;

    for (job.choice.first = view_get(view, 0); job.choice.first < end; job.choice.first += 40) {
        job.choice.last = job.choice.first + 7 < end ? job.choice.first + 7 : end - 1;
        Save *save = save_new(place->session, &job, NULL, NULL);

        assert_non_null(save);
        while (save_step(save, 100)) {
        }
        assert_int_equal(save_count(save), save_count_entries(place->session, &job.choice));
        empty += save_count(save) == 0;
        save_free(save);
    }
    assert_true(empty > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pane_is_saved_byte_for_byte, setup, teardown),
        cmocka_unit_test_setup_teardown(test_existing_file_is_not_replaced_unasked, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_given_up_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_vanished_directory_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(test_range_and_marks, setup, teardown),
        cmocka_unit_test_setup_teardown(test_file_made_meanwhile_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(test_estimate_is_what_is_written, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
