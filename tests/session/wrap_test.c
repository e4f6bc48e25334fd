/*
 * Tests of wrapping: widths in cells, indents, words that are too long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/wrap.h"

static void test_wrap(void **state)
{
    static const struct {
        const char *text;
        size_t at;
        size_t indent;
        size_t columns;
        const char *wanted;
    } ROWS[] = {
        {"", 0, 0, 10, "\n"},
        {"a", 0, 0, 10, "a\n"},
        {"aaaa bbbb cccc", 0, 0, 9, "aaaa bbbb\ncccc\n"},
        {"aaaa bbbb cccc", 0, 2, 9, "aaaa bbbb\n  cccc\n"},
        {"aaaa bbbb", 6, 2, 9, "\n  aaaa\n  bbbb\n"},
        {"aaaaaaaaaaaa b", 0, 2, 9, "aaaaaaaaaaaa\n  b\n"},
        {"\xE4\xB8\xAD\xE4\xB8\xAD \xE4\xB8\xAD", 0, 0, 6,
         "\xE4\xB8\xAD\xE4\xB8\xAD\n\xE4\xB8\xAD\n"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf buf = {0};
        wrap_add(&buf, sv(ROWS[i].text), ROWS[i].at, ROWS[i].indent, ROWS[i].columns);
        assert_string_equal(buf.ptr, ROWS[i].wanted);
        strbuf_done(&buf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_wrap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
