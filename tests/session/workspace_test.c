/*
 * Tests of what is remembered of files: that it comes back as it was, that a file is known again
 * and one that was replaced is not, what is refused, and how many are kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <string.h>
#include <sys/time.h>

#include "base/clock.h"
#include "session/workspace.h"
#include "session/workspace_json.h"
#include "tests/session/place.h"

typedef struct Fixture {
    TestPlace files; /* what is opened */
    TestPlace kept;  /* the state directory */
} Fixture;

static int set_up(void **state)
{
    static Fixture fixture;
    place_make(&fixture.files);
    place_make(&fixture.kept);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    place_remove(&fixture->files);
    place_remove(&fixture->kept);
    return 0;
}

static Workspace look(Fixture *fixture, const char *name)
{
    Workspace workspace;
    Err err = err_none();
    const char *path = place_path(&fixture->files, name);
    if (!workspace_look(&workspace, &path, 1, &err)) {
        fail_msg("%s", err.text);
    }
    return workspace;
}

static size_t count_kept(Fixture *fixture)
{
    size_t count = 0;
    DIR *directory = opendir(fixture->kept.directory);
    assert_non_null(directory);
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        count += sv_starts(sv(entry->d_name), SV("file-"));
    }
    (void)closedir(directory);
    return count;
}

/* --- there and back --------------------------------------------------------------------------- */

static void fill(Workspace *workspace)
{
    static WorkspacePane PANES[] = {
        {.id = {"all", 3}},
        {.id = {"mine", 4}, .title = {"M \"1\"", 5}, .help = {"", 0}, .predicate = {"a\nb", 3}},
    };
    static StrView CLOSED[] = {{"errors", 6}};
    static WorkspaceMark MARKS[] = {
        {.entry = {.number = 1, .time_ns = CLOCK_NO_TIME, .hash = UINT64_MAX}},
        {.entry = {.number = UINT64_C(9007199254740993), .time_ns = -5, .hash = 7},
         .note = {"why \xE2\x80\xA6", 7}},
    };
    workspace->panes = PANES;
    workspace->pane_count = ARRAY_LEN(PANES);
    workspace->closed = CLOSED;
    workspace->closed_count = 1;
    workspace->watched = SV("mine");
    workspace->marks = MARKS;
    workspace->mark_count = ARRAY_LEN(MARKS);
    workspace->selected = (WorkspaceEntry){.number = 3, .time_ns = INT64_MAX, .hash = 8};
    assert_true(workspace_set_text(workspace, SV("screen"), SV("{\"split\": 2}")));
    assert_true(workspace_set_text(workspace, SV("other"), SV("x")));
}

static void test_round_trip(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    Workspace back;
    StrBuf first = {0}, second = {0};
    place_put(&fixture->files, "a", "text");
    Workspace now = look(fixture, "a");
    assert_true(workspace_is_empty(&now));
    fill(&now);
    assert_false(workspace_is_empty(&now));
    assert_true(workspace_write(&now, fixture->kept.directory, &err));
    if (!workspace_read(&back, fixture->kept.directory, &now, &err)) {
        fail_msg("%s", err.text);
    }
    workspace_print(&now, &first);
    workspace_print(&back, &second);
    assert_string_equal(first.ptr, second.ptr);
    assert_int_equal(back.mark_count, 2);
    assert_true(back.marks[1].entry.number == UINT64_C(9007199254740993));
    assert_true(back.marks[0].entry.time_ns == CLOCK_NO_TIME);
    assert_true(sv_equal(back.marks[1].note, SV("why \xE2\x80\xA6")));
    assert_null(back.panes[0].predicate.ptr);
    assert_true(sv_equal(back.panes[1].predicate, SV("a\nb")));
    assert_true(sv_equal(workspace_text(&back, SV("screen")), SV("{\"split\": 2}")));
    assert_int_equal(workspace_compare(&back, &now), WORKSPACE_SAME);
    workspace_done(&back);
    workspace_done(&now);
    strbuf_done(&first);
    strbuf_done(&second);
}

static void test_texts(void **state)
{
    Workspace workspace = {.file_count = 0};
    StrBuf large = {0};
    (void)state;
    assert_null(workspace_text(&workspace, SV("a")).ptr);
    assert_true(workspace_set_text(&workspace, SV("a"), SV("1")));
    assert_true(workspace_set_text(&workspace, SV("b"), SV("2")));
    assert_true(workspace_set_text(&workspace, SV("a"), SV("3")));
    assert_int_equal(workspace.text_count, 2);
    assert_true(sv_equal(workspace_text(&workspace, SV("a")), SV("3")));
    assert_true(workspace_set_text(&workspace, SV("a"), SV("")));
    assert_true(workspace_set_text(&workspace, SV("none"), SV("")));
    assert_null(workspace_text(&workspace, SV("a")).ptr);
    assert_true(sv_equal(workspace_text(&workspace, SV("b")), SV("2")));
    strbuf_add_many(&large, 'x', 64 * KIB + 1);
    assert_false(workspace_set_text(&workspace, SV("b"), strbuf_view(&large)));
    for (char name = 'c'; workspace.text_count < WORKSPACE_MAX_TEXTS; name++) {
        assert_true(workspace_set_text(&workspace, sv_of(&name, 1), SV("x")));
    }
    assert_false(workspace_set_text(&workspace, SV("more"), SV("x")));
    assert_true(sv_equal(workspace_text(&workspace, SV("b")), SV("2")));
    strbuf_done(&large);
    workspace_done(&workspace);
}

/* --- files ------------------------------------------------------------------------------------ */

static void put_many(Fixture *fixture, char byte, size_t count)
{
    StrBuf text = {0};
    strbuf_add_many(&text, byte, count);
    place_put(&fixture->files, "a", text.ptr);
    strbuf_done(&text);
}

static void test_known_again(void **state)
{
    static const struct {
        const char *before, *after;
        size_t before_count, after_count; /* of their bytes */
        WorkspaceMatch match;
    } ROWS[] = {
        {"a", "a", 10, 10, WORKSPACE_SAME},
        {"a", "a", 10, 5000, WORKSPACE_SAME},   /* grown over what it is known by */
        {"a", "a", 3000, 5000, WORKSPACE_SAME}, /* grown */
        {"a", "a", 5000, 3000, WORKSPACE_SAME}, /* cut: entries are looked for one by one */
        {"a", "a", 5000, 1000, WORKSPACE_REPLACED},
        {"a", "b", 10, 10, WORKSPACE_REPLACED},
        {"a", "b", 5000, 5000, WORKSPACE_REPLACED},
    };
    Fixture *fixture = *state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        put_many(fixture, ROWS[i].before[0], ROWS[i].before_count);
        Workspace then = look(fixture, "a");
        put_many(fixture, ROWS[i].after[0], ROWS[i].after_count);
        Workspace now = look(fixture, "a");
        if (workspace_compare(&then, &now) != ROWS[i].match) {
            fail_msg("row %zu", i);
        }
        workspace_done(&then);
        workspace_done(&now);
    }
}

/* The files that are opened together, in whatever order and by whatever names. */
static void test_sets_of_files(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    char a[128], b[128], link[128];
    Workspace first, second, back;
    place_put(&fixture->files, "a", "a");
    place_put(&fixture->files, "b", "b");
    (void)snprintf(a, sizeof a, "%s", place_path(&fixture->files, "a"));
    (void)snprintf(b, sizeof b, "%s/./b", fixture->files.directory);
    (void)snprintf(link, sizeof link, "%s", place_path(&fixture->files, "link"));
    assert_int_equal(symlink(a, link), 0);
    const char *const both[] = {a, b}, *const other_way[] = {b, link};
    assert_true(workspace_look(&first, both, 2, &err));
    assert_true(workspace_look(&second, other_way, 2, &err));
    fill(&first);
    assert_true(workspace_write(&first, fixture->kept.directory, &err));
    assert_true(workspace_read(&back, fixture->kept.directory, &second, &err));
    assert_int_equal(back.mark_count, 2);
    workspace_done(&back);
    workspace_done(&second);
    assert_true(workspace_look(&second, both, 1, &err));
    assert_true(workspace_read(&back, fixture->kept.directory, &second, &err));
    assert_int_equal(back.file_count, 0);
    workspace_done(&back);
    workspace_done(&second);
    workspace_done(&first);
}

static void test_no_files(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    Workspace workspace;
    const char *paths[] = {"/dev/null", fixture->files.directory, "/nowhere/at/all"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        assert_false(workspace_look(&workspace, &paths[i], 1, &err));
        assert_non_null(strstr(err.text, "nothing is remembered of"));
        assert_int_equal(workspace.file_count, 0);
    }
}

/* --- the directory ---------------------------------------------------------------------------- */

static void test_empty_is_taken_out(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    place_put(&fixture->files, "a", "a");
    Workspace now = look(fixture, "a");
    Workspace full = look(fixture, "a");
    fill(&full);
    assert_true(workspace_write(&now, fixture->kept.directory, &err));
    assert_int_equal(count_kept(fixture), 0);
    assert_true(workspace_write(&full, fixture->kept.directory, &err));
    assert_int_equal(count_kept(fixture), 1);
    assert_true(workspace_write(&now, fixture->kept.directory, &err));
    assert_int_equal(count_kept(fixture), 0);
    workspace_done(&now);
    workspace_done(&full);
}

static void test_prune(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    Workspace back;
    char name[64];
    place_put(&fixture->files, "a", "a");
    place_put(&fixture->files, "b", "b");
    Workspace first = look(fixture, "a"), last = look(fixture, "b");
    fill(&first);
    fill(&last);
    assert_true(workspace_write(&first, fixture->kept.directory, &err));
    for (int i = 0; i < WORKSPACE_MAX_FILES; i++) {
        struct timeval times[2] = {{.tv_sec = 1000 + i}, {.tv_sec = 1000 + i}};
        (void)snprintf(name, sizeof name, "file-%d.json", i);
        place_put(&fixture->kept, name, "{}");
        assert_int_equal(utimes(place_path(&fixture->kept, name), times), 0);
    }
    place_put(&fixture->kept, "hint-shown", "");
    assert_true(workspace_write(&last, fixture->kept.directory, &err));
    assert_int_equal(count_kept(fixture), WORKSPACE_MAX_FILES);
    assert_int_not_equal(access(place_path(&fixture->kept, "file-0.json"), F_OK), 0);
    assert_int_not_equal(access(place_path(&fixture->kept, "file-1.json"), F_OK), 0);
    assert_int_equal(access(place_path(&fixture->kept, "file-2.json"), F_OK), 0);
    assert_int_equal(access(place_path(&fixture->kept, "hint-shown"), F_OK), 0);
    assert_true(workspace_read(&back, fixture->kept.directory, &first, &err));
    assert_int_equal(back.mark_count, 2);
    workspace_done(&back);
    workspace_done(&first);
    workspace_done(&last);
}

static void test_not_writable(void **state)
{
    Fixture *fixture = *state;
    Err err = err_none();
    Workspace back;
    place_put(&fixture->files, "a", "a");
    Workspace now = look(fixture, "a");
    assert_true(workspace_write(&now, "/dev/null/x", &err)); /* nothing is to be there */
    fill(&now);
    assert_false(workspace_write(&now, "/dev/null/x", &err));
    assert_int_not_equal(err.text[0], '\0');
    assert_true(workspace_read(&back, "/dev/null/x", &now, &err));
    assert_int_equal(back.file_count, 0);
    workspace_done(&now);
}

/* --- what cannot be understood ---------------------------------------------------------------- */

#define FILES                                                                                      \
    "\"files\": [{\"path\": \"/a\", \"size\": \"1\", \"modified\": \"1\", \"head\": \"1\", "       \
    "\"head_bytes\": \"1\"}]"

static const char *const REFUSED[] = {
    "{",
    "[]",
    "{}",
    "{\"version\": 2, " FILES "}",
    "{\"version\": 1}",
    "{\"version\": 1, \"files\": [{\"path\": \"/a\"}]}",
    "{\"version\": 1, \"files\": {}}",
    "{\"version\": 1, " FILES ", \"panes\": 1}",
    "{\"version\": 1, " FILES ", \"panes\": [{}]}",
    "{\"version\": 1, " FILES ", \"panes\": [1]}",
    "{\"version\": 1, " FILES ", \"closed\": 1}",
    "{\"version\": 1, " FILES ", \"marks\": [{}]}",
    "{\"version\": 1, " FILES ", \"marks\": [{\"number\": \"0\", \"hash\": \"1\"}]}",
    "{\"version\": 1, " FILES ", \"marks\": [{\"number\": \"1\", \"hash\": \"x\"}]}",
    "{\"version\": 1, " FILES ", \"marks\": [{\"number\": \"1\", \"hash\": \"1\", \"time\": 1}]}",
    "{\"version\": 1, " FILES ", \"selected\": 1}",
    "{\"version\": 1, " FILES ", \"texts\": {\"a\": 1}}",
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(REFUSED); i++) {
        Workspace workspace = {.file_count = 0};
        Err err = err_none();
        if (workspace_parse(&workspace, sv(REFUSED[i]), "x.json", &err)) {
            fail_msg("taken: %s", REFUSED[i]);
        }
        assert_true(sv_starts(sv(err.text), SV("x.json:")));
        workspace_done(&workspace);
    }
    Workspace workspace = {.file_count = 0};
    assert_true(workspace_parse(&workspace, SV("{\"version\": 1, " FILES "}"), "x", NULL));
    workspace_done(&workspace);
}

/* No text that was cut or changed does harm. */
static void test_damaged(void **state)
{
    Workspace full = {.file_count = 0};
    WorkspaceFile file = {.path = SV("/a")};
    StrBuf text = {0};
    (void)state;
    full.files = &file;
    full.file_count = 1;
    fill(&full);
    workspace_print(&full, &text);
    for (size_t i = 0; i < text.len; i++) {
        Workspace workspace = {.file_count = 0};
        (void)workspace_parse(&workspace, sv_slice(strbuf_view(&text), 0, i), "x", NULL);
        workspace_done(&workspace);
        char byte = text.ptr[i];
        text.ptr[i] = byte == '"' ? '1' : '"';
        (void)workspace_parse(&workspace, strbuf_view(&text), "x", NULL); /* may be taken */
        workspace_done(&workspace);
        text.ptr[i] = byte;
    }
    assert_true(workspace_parse(&full, strbuf_view(&text), "x", NULL));
    strbuf_done(&text);
    workspace_done(&full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round_trip, set_up, tear_down),
        cmocka_unit_test(test_texts),
        cmocka_unit_test_setup_teardown(test_known_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sets_of_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_empty_is_taken_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_prune, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_writable, set_up, tear_down),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
