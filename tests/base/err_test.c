/*
 * Err: texts, positions, prefixes, and what happens when a text is too long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"

static void test_set(void **state)
{
    (void)state;
    Err err = err_none();
    assert_string_equal(err.text, "");
    assert_true(err.offset == ERR_NO_OFFSET);

    assert_false(err_set(&err, "cannot open '%s'", "x"));
    assert_string_equal(err.text, "cannot open 'x'");
    assert_true(err.offset == ERR_NO_OFFSET);

    assert_false(err_set_at(&err, 7, "unknown key"));
    assert_int_equal(err.offset, 7);
    assert_int_equal(err.line, 0);
    assert_false(err_set(NULL, "nobody listens"));
    assert_false(err_set_at(NULL, 1, "nobody listens"));
}

static void test_prefix_keeps_position(void **state)
{
    (void)state;
    Err err = err_none();
    (void)err_set_at(&err, 3, "unknown role");
    err.line = 4;
    assert_false(err_prefix(&err, "theme '%s'", "dark"));
    assert_string_equal(err.text, "theme 'dark': unknown role");
    assert_int_equal(err.offset, 3);
    assert_int_equal(err.line, 4);
    assert_false(err_prefix(NULL, "nobody"));
}

static void test_own_text_as_argument(void **state)
{
    (void)state;
    Err err = err_none();
    (void)err_set(&err, "inner");
    (void)err_set(&err, "outer (%s)", err.text);
    assert_string_equal(err.text, "outer (inner)");
}

static void test_long_text_ends_whole(void **state)
{
    (void)state;
    /* Shift the sequences so that the end falls on each of their bytes. */
    for (int shift = 0; shift < 3; shift++) {
        char words[1200] = "";
        for (int i = 0; i < shift; i++) {
            strcat(words, "x");
        }
        for (int i = 0; i < 300; i++) {
            strcat(words, "\xE2\x82\xAC");
        }
        Err err = err_none();
        (void)err_set(&err, "%s", words);
        assert_true(strlen(err.text) < ERR_TEXT_MAX);
        assert_true(strlen(err.text) > ERR_TEXT_MAX - 5);
        assert_true(utf8_is_valid(sv(err.text)));
        (void)err_prefix(&err, "again");
        assert_true(utf8_is_valid(sv(err.text)));
        assert_true(strlen(err.text) > ERR_TEXT_MAX - 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_prefix_keeps_position),
        cmocka_unit_test(test_own_text_as_argument),
        cmocka_unit_test(test_long_text_ends_whole),
    };
    return cmocka_run_group_tests_name("base/err", tests, NULL, NULL);
}
