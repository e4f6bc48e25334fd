/*
 * Tests of the histories and of the files they are kept in: order, bounds, faulty lines, several
 * programs at once, modes, symbolic links, failures that leave what was there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/wait.h>

#include "session/history.h"
#include "session/user_file.h"
#include "tests/session/place.h"

#define FILE_NAME "history-search.jsonl"

static void append(TestPlace *place, const char *text)
{
    Err err = err_none();
    if (!history_append(place->directory, "search", sv(text), &err)) {
        fail_msg("%s", err.text);
    }
}

static void assert_items(TestPlace *place, const char *wanted)
{
    History history;
    StrBuf joined = {0};
    history_read(&history, place->directory, "search");
    strbuf_add_str(&joined, "");
    for (size_t i = 0; i < history.count; i++) {
        strbuf_add_str(&joined, i > 0 ? "|" : "");
        strbuf_add(&joined, history.items[i]);
    }
    if (!sv_equal(strbuf_view(&joined), sv(wanted))) {
        fail_msg("'%.*s', wanted '%s'", SV_ARG(strbuf_view(&joined)), wanted);
    }
    strbuf_done(&joined);
    history_done(&history);
}

static void test_order(void **state)
{
    TestPlace place;
    (void)state;
    place_make(&place);
    assert_items(&place, "");
    append(&place, "a");
    append(&place, "b \"c\"\nd");
    append(&place, "  ");
    append(&place, "Größe");
    assert_items(&place, "a|b \"c\"\nd|Größe");
    append(&place, "a"); /* goes to the end */
    assert_items(&place, "b \"c\"\nd|Größe|a");
    append(&place, "a"); /* the last one again: no line */
    StrBuf text = {0};
    assert_string_equal(place_get(&place, FILE_NAME, &text),
                        "\"a\"\n\"b \\\"c\\\"\\nd\"\n\"Größe\"\n\"a\"\n");
    assert_int_equal(place_mode(&place, FILE_NAME), 0600);
    strbuf_done(&text);

    History other;
    history_read(&other, place.directory, "predicate");
    assert_int_equal(other.count, 0);
    history_done(&other);
    history_read(&other, NULL, "search");
    assert_int_equal(other.count, 0);
    history_done(&other);
    place_remove(&place);
}

static void test_bounds(void **state)
{
    TestPlace place;
    char text[32];
    (void)state;
    place_make(&place);
    for (int i = 0; i < 3 * HISTORY_MAX; i++) {
        (void)snprintf(text, sizeof text, "line %d", i);
        append(&place, text);
    }
    History history;
    history_read(&history, place.directory, "search");
    assert_int_equal(history.count, HISTORY_MAX);
    assert_true(sv_equal(history.items[0], SV("line 400")));
    assert_true(sv_equal(history.items[HISTORY_MAX - 1], SV("line 599")));
    history_done(&history);
    StrBuf file = {0};
    size_t lines = 0;
    for (const char *at = place_get(&place, FILE_NAME, &file); *at != '\0'; at++) {
        lines += *at == '\n';
    }
    assert_true(lines < 2 * HISTORY_MAX);
    assert_int_equal(place_mode(&place, FILE_NAME), 0600);
    strbuf_done(&file);
    place_remove(&place);
}

static void test_faulty_lines(void **state)
{
    TestPlace place;
    (void)state;
    place_make(&place);
    place_put(&place, FILE_NAME, "\"a\"\nnonsense\n{\"x\": 1}\n\"b\"\n\n7\n\"cut");
    assert_items(&place, "a|b");
    append(&place, "c"); /* on a line of its own */
    assert_items(&place, "a|b|c");
    place_remove(&place);
}

static void test_makes_directories(void **state)
{
    TestPlace place;
    Err err = err_none();
    char deep[128];
    (void)state;
    place_make(&place);
    (void)snprintf(deep, sizeof deep, "%s/one/two", place.directory);
    assert_true(history_append(deep, "search", SV("a"), &err));
    assert_int_equal(place_mode(&place, "one"), 0700);
    assert_int_equal(place_mode(&place, "one/two"), 0700);
    place_put(&place, "file", "");
    (void)snprintf(deep, sizeof deep, "%s/file/two", place.directory);
    assert_false(history_append(deep, "search", SV("a"), &err));
    assert_non_null(strstr(err.text, "file"));
    place_remove(&place);
}

/* Several programs append at once to a file that is about to be written anew. */
static void test_together(void **state)
{
    enum { PROGRAMS = 4, LINES = 40 };
    TestPlace place;
    char text[32];
    (void)state;
    place_make(&place);
    StrBuf old = {0};
    for (int i = 0; i < 2 * HISTORY_MAX - 50; i++) {
        strbuf_printf(&old, "\"old %d\"\n", i);
    }
    place_put(&place, FILE_NAME, old.ptr);
    strbuf_done(&old);
    for (int program = 0; program < PROGRAMS; program++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            bool is_good = true;
            for (int i = 0; i < LINES; i++) {
                (void)snprintf(text, sizeof text, "%d/%d", program, i);
                is_good = history_append(place.directory, "search", sv(text), NULL) && is_good;
            }
            _exit(is_good ? 0 : 1);
        }
    }
    for (int program = 0; program < PROGRAMS; program++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    History history;
    int next[PROGRAMS] = {0};
    history_read(&history, place.directory, "search");
    for (size_t i = 0; i < history.count; i++) {
        for (int program = 0; program < PROGRAMS; program++) {
            (void)snprintf(text, sizeof text, "%d/%d", program, next[program]);
            next[program] += sv_equal(history.items[i], sv(text)) ? 1 : 0;
        }
    }
    for (int program = 0; program < PROGRAMS; program++) {
        assert_int_equal(next[program], LINES);
    }
    history_done(&history);
    place_remove(&place);
}

static void test_whole_file(void **state)
{
    TestPlace place;
    Err err = err_none();
    StrBuf text = {0};
    char link_path[128], target[128];
    (void)state;
    place_make(&place);
    place_put(&place, "real", "old");
    (void)snprintf(target, sizeof target, "%s", place_path(&place, "real"));
    (void)snprintf(link_path, sizeof link_path, "%s", place_path(&place, "link"));
    assert_int_equal(symlink("real", link_path), 0);
    assert_true(user_file_write(link_path, SV("new"), &err));
    assert_string_equal(place_get(&place, "real", &text), "new");
    assert_int_equal(place_mode(&place, "real"), 0600);
    struct stat there;
    assert_int_equal(lstat(link_path, &there), 0);
    assert_true(S_ISLNK(there.st_mode));

    /* A directory is in the way: nothing is written, no temporary is left. */
    assert_int_equal(mkdir(place_path(&place, "taken"), 0700), 0);
    assert_false(user_file_write(place_path(&place, "taken"), SV("new"), &err));
    assert_non_null(strstr(err.text, "cannot write"));
    assert_int_equal(rmdir(place_path(&place, "taken")), 0);
    assert_int_equal(unlink(target), 0);
    assert_int_equal(unlink(link_path), 0);
    assert_int_equal(rmdir(place.directory), 0); /* it was empty */
    strbuf_done(&text);
}

static void test_read(void **state)
{
    TestPlace place;
    Err err = err_none();
    StrBuf text = {0};
    (void)state;
    place_make(&place);
    assert_true(user_file_read(place_path(&place, "none"), 10, &text, &err));
    assert_int_equal(text.len, 0);
    assert_true(user_file_read("/dev/null", 10, &text, &err));
    assert_int_equal(text.len, 0);
    place_put(&place, "ten", "0123456789");
    assert_true(user_file_read(place_path(&place, "ten"), 10, &text, &err));
    assert_true(sv_equal(strbuf_view(&text), SV("0123456789")));
    assert_false(user_file_read(place_path(&place, "ten"), 9, &text, &err));
    assert_non_null(strstr(err.text, "larger than 9 bytes"));
    assert_false(user_file_read(place.directory, 10, &text, &err));
    assert_int_equal(mkfifo(place_path(&place, "pipe"), 0600), 0);
    assert_false(user_file_read(place_path(&place, "pipe"), 10, &text, &err));
    assert_non_null(strstr(err.text, "is no file"));
    strbuf_done(&text);
    place_remove(&place);
}

static void test_lock(void **state)
{
    TestPlace place;
    Err err = err_none();
    (void)state;
    place_make(&place);
    int first = user_file_lock(place_path(&place, "any"), &err);
    assert_true(first >= 0);
    assert_int_equal(user_file_lock(place_path(&place, "other"), &err), -1);
    assert_non_null(strstr(err.text, "cannot lock"));
    user_file_unlock(first);
    int second = user_file_lock(place_path(&place, "other"), &err);
    assert_true(second >= 0);
    user_file_unlock(second);
    place_remove(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_faulty_lines), cmocka_unit_test(test_makes_directories),
        cmocka_unit_test(test_together),     cmocka_unit_test(test_whole_file),
        cmocka_unit_test(test_read),         cmocka_unit_test(test_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
