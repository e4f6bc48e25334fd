/*
 * StrView and StrBuf: edges first (nil, empty, whole, one beyond).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/str.h"

static void test_equal(void **state)
{
    (void)state;
    assert_true(sv_equal(SV_NONE, SV_NONE));
    assert_false(sv_equal(SV_NONE, SV("")));
    assert_false(sv_equal(SV(""), SV_NONE));
    assert_true(sv_equal(SV("a\0b"), SV("a\0b")));
    assert_false(sv_equal(SV("a\0b"), SV("a\0c")));
    assert_true(sv_equal_nocase(SV("TeslaD[]"), SV("tESLAd[]")));
    assert_false(sv_equal_nocase(SV("@"), SV("`"))); /* 0x20 apart, but no letters */
    assert_false(sv_equal_nocase(SV("ab"), SV("abc")));
    assert_false(sv_equal_nocase(SV_NONE, SV("")));
    assert_true(sv_equal(sv(NULL), SV_NONE));
}

static void test_compare(void **state)
{
    (void)state;
    assert_true(sv_compare(SV("a"), SV("b")) < 0);
    assert_true(sv_compare(SV("ab"), SV("a")) > 0);
    assert_int_equal(sv_compare(SV("x"), SV("x")), 0);
    assert_true(sv_compare(SV("\x7F"), SV("\x80")) < 0); /* bytes, not signed char */
    assert_int_equal(sv_compare(SV_NONE, SV("")), 0);
}

static void test_find(void **state)
{
    (void)state;
    assert_int_equal(sv_find(SV("mdmclient"), SV("client")), 3);
    assert_int_equal(sv_find(SV("aab"), SV("ab")), 1);
    assert_true(sv_find(SV("mdm"), SV("mdmc")) == SIZE_MAX);
    assert_int_equal(sv_find(SV_NONE, SV("")), 0);
    assert_true(sv_find(SV_NONE, SV("x")) == SIZE_MAX);
    assert_int_equal(sv_find_char(SV("a\0b"), '\0'), 1);
    assert_true(sv_find_char(SV_NONE, 'x') == SIZE_MAX);
    assert_true(sv_starts(SV("abc"), SV("ab")));
    assert_false(sv_starts(SV("a"), SV("ab")));
    assert_true(sv_ends(SV("abc"), SV("bc")));
    assert_false(sv_ends(SV("c"), SV("bc")));
    assert_true(sv_ends(SV("c"), SV("")));
}

static void test_cut(void **state)
{
    (void)state;
    assert_true(sv_equal(sv_trim(SV(" \t x y\r\n")), SV("x y")));
    assert_int_equal(sv_trim(SV("  ")).len, 0);
    assert_true(sv_equal(sv_slice(SV("abc"), 1, 9), SV("bc")));
    assert_true(sv_equal(sv_slice(SV("abc"), 9, 1), SV("")));
    assert_true(sv_equal(sv_slice(SV("abc"), 1, SIZE_MAX), SV("bc")));
    assert_null(sv_slice(SV_NONE, 0, 1).ptr);
    assert_true(sv_equal(sv_path_last(SV("/usr/libexec/teslad")), SV("teslad")));
    assert_true(sv_equal(sv_path_last(SV("teslad")), SV("teslad")));
    assert_true(sv_equal(sv_path_last(SV("/usr/")), SV("")));
    assert_null(sv_path_last(SV_NONE).ptr);
}

static void test_lines(void **state)
{
    (void)state;
    StrView rest = SV("one\n\nthree");
    StrView line;
    assert_true(sv_next_line(&rest, &line) && sv_equal(line, SV("one")));
    assert_true(sv_next_line(&rest, &line) && sv_equal(line, SV("")));
    assert_true(sv_next_line(&rest, &line) && sv_equal(line, SV("three")));
    assert_false(sv_next_line(&rest, &line));
    rest = SV("x\n");
    assert_true(sv_next_line(&rest, &line));
    assert_false(sv_next_line(&rest, &line));
}

static void test_numbers(void **state)
{
    (void)state;
    uint64_t u = 7;
    assert_true(sv_to_u64(SV("18446744073709551615"), &u) && u == UINT64_MAX);
    assert_false(sv_to_u64(SV("18446744073709551616"), &u));
    assert_false(sv_to_u64(SV("99999999999999999999"), &u));
    assert_false(sv_to_u64(SV(""), &u));
    assert_false(sv_to_u64(SV("1x"), &u));
    assert_false(sv_to_u64(SV("+1"), &u));
    assert_true(u == UINT64_MAX); /* untouched by failures */
    int64_t i = 7;
    assert_true(sv_to_i64(SV("-9223372036854775808"), &i) && i == INT64_MIN);
    assert_true(sv_to_i64(SV("9223372036854775807"), &i) && i == INT64_MAX);
    assert_false(sv_to_i64(SV("9223372036854775808"), &i));
    assert_false(sv_to_i64(SV("-9223372036854775809"), &i));
    assert_true(sv_to_i64(SV("-0"), &i) && i == 0);
    assert_false(sv_to_i64(SV("-"), &i));
}

static void test_distance(void **state)
{
    static const struct {
        const char *a, *b;
        size_t distance;
    } rows[] = {
        {"", "", 0},
        {"abc", "", 3},
        {"", "abc", 3},
        {"procss", "process", 1},
        {"prcoess", "process", 1},
        {"PROCESS", "process", 0},
        {"kitten", "sitting", 3},
        {"ca", "abc", 3}, /* optimal string alignment, not Damerau's 2 */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(sv_distance(sv(rows[i].a), sv(rows[i].b)), rows[i].distance);
        assert_int_equal(sv_distance(sv(rows[i].b), sv(rows[i].a)), rows[i].distance);
    }
    StrBuf text = {0};
    strbuf_add_many(&text, 'x', 500);
    assert_int_equal(sv_distance(strbuf_view(&text), SV("x")), 63);
    strbuf_done(&text);
}

static void test_buf(void **state)
{
    (void)state;
    StrBuf buf = {0};
    assert_true(sv_equal(strbuf_view(&buf), SV("")));
    strbuf_clear(&buf);
    strbuf_add(&buf, SV_NONE);
    strbuf_add_str(&buf, NULL);
    strbuf_add_char(&buf, 'a');
    strbuf_add_many(&buf, '-', 100);
    strbuf_printf(&buf, "%s", "");
    strbuf_printf(&buf, "%d%%", 14);
    assert_int_equal(buf.len, 104);
    assert_int_equal(strlen(buf.ptr), 104);
    assert_string_equal(buf.ptr + 99, "--14%");
    strbuf_clear(&buf);
    assert_string_equal(buf.ptr, "");
    strbuf_done(&buf);
    assert_null(buf.ptr);
}

static void test_printf_of_every_length(void **state)
{
    (void)state;
    char expected[301] = "";
    for (int len = 0; len < 300; len++) {
        StrBuf buf = {0};
        strbuf_printf(&buf, "%s", expected);
        assert_string_equal(buf.ptr, expected);
        assert_int_equal(buf.len, len);
        strbuf_done(&buf);
        strcat(expected, "x");
    }
}

static void test_escaped(void **state)
{
    (void)state;
    static const struct {
        StrView text;
        StrView expected;
    } CASES[] = {
        {{"", 0}, {"", 0}},
        {{NULL, 0}, {"", 0}},
        {{"plain", 5}, {"plain", 5}},
        {{"<a b=\"c\">", 9}, {"&lt;a b=&quot;c&quot;&gt;", 25}},
        {{"&lt;'", 5}, {"&amp;lt;&#39;", 13}},
        {{"x&", 2}, {"x&amp;", 6}},
        {{"a\0<", 3}, {"a\0&lt;", 6}},
        {{"\xC3\xA4\xFF", 3}, {"\xC3\xA4\xFF", 3}},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        StrBuf buf = {0};
        strbuf_add_escaped(&buf, CASES[i].text);
        assert_true(sv_equal(strbuf_view(&buf), CASES[i].expected));
        strbuf_done(&buf);
    }
}

static void test_replace(void **state)
{
    (void)state;
    StrBuf buf = {0};
    strbuf_replace(&buf, 0, 0, SV("abc"));
    strbuf_replace(&buf, 1, 1, SV("12345"));
    assert_string_equal(buf.ptr, "a12345c");
    strbuf_replace(&buf, 0, 6, SV(""));
    assert_string_equal(buf.ptr, "c");
    strbuf_replace(&buf, 1, 0, SV("!"));
    assert_string_equal(buf.ptr, "c!");
    strbuf_done(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_buf),
        cmocka_unit_test(test_printf_of_every_length),
        cmocka_unit_test(test_escaped),
        cmocka_unit_test(test_replace),
    };
    return cmocka_run_group_tests_name("base/str", tests, NULL, NULL);
}
