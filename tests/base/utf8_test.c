/*
 * UTF-8: decoding of every kind of broken sequence, clusters, cells, visible forms, folding.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static void test_round_trip_of_every_code_point(void **state)
{
    (void)state;
    StrBuf buf = {0};
    for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
        bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
        strbuf_clear(&buf);
        utf8_append(&buf, code_point);
        StrView rest = strbuf_view(&buf);
        uint32_t expected = is_surrogate ? UTF8_REPLACEMENT : code_point;
        if (!utf8_is_valid(rest) || utf8_next(&rest) != expected || rest.len != 0) {
            fail_msg("U+%04X", (unsigned)code_point);
        }
    }
    strbuf_done(&buf);
}

static void test_broken(void **state)
{
    static const char *const texts[] = {
        "\x80",
        "\xBF",
        "\xC0\x80",
        "\xC1\xBF",
        "\xC2",
        "\xC2\x41",
        "\xE0\x80\x80",
        "\xE0\x9F\xBF",
        "\xE2\x82",
        "\xE2\x41\x41",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF0\x80\x80\x80",
        "\xF0\x8F\xBF\xBF",
        "\xF0\x9F\x98",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFE",
        "\xFF",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        StrView rest = sv(texts[i]);
        assert_false(utf8_is_valid(rest));
        uint32_t code_point = utf8_next(&rest);
        assert_int_equal(code_point, UTF8_BROKEN | (unsigned char)texts[i][0]);
        assert_int_equal(rest.len, strlen(texts[i]) - 1); /* taken alone */
        /* wherever it stands in a text that is read by words */
        for (size_t before = 0; before < 20; before++) {
            StrBuf buf = {0};
            strbuf_add_many(&buf, 'a', before);
            assert_true(utf8_is_valid(strbuf_view(&buf)));
            strbuf_add_str(&buf, "\xC3\xA9");
            assert_true(utf8_is_valid(strbuf_view(&buf)));
            strbuf_add_str(&buf, texts[i]);
            assert_false(utf8_is_valid(strbuf_view(&buf)));
            strbuf_add_many(&buf, 'b', 20);
            assert_false(utf8_is_valid(strbuf_view(&buf)));
            strbuf_done(&buf);
        }
    }
    assert_true(utf8_is_valid(SV_NONE));
}

#define FAMILY "\U0001F468\u200D\U0001F469\u200D\U0001F467"
#define FLAG "\U0001F1E9\U0001F1EA"

static void test_clusters(void **state)
{
    static const struct {
        const char *text;
        size_t len;
        int width;
    } rows[] = {
        {"", 0, 0},
        {"ab", 1, 1},
        {"e\u0301x", 3, 1},
        {"e\u0301\u0327x", 5, 1},
        {"\u4E2D\u6587", 3, 2},
        {"\uFF21", 3, 2},
        {"\u00E9", 2, 1},
        {FAMILY "x", 18, 2},
        {FLAG FLAG, 8, 2},
        {"\U0001F44D\U0001F3FD", 8, 2},
        {"\uD55C", 3, 2},
        {"\u1112\u1161\u11AB", 9, 2},
        {"\u0301x", 2, 8}, /* a mark alone: <U+0301> */
        {"\u0601\u0661", 4, 2},
        {"\u200D", 3, 8}, /* a joiner alone */
        {"\r\n", 1, 1},   /* each is shown */
        {"\t", 1, 1},
        {"\x1B[31m", 1, 1},
        {"\x7F", 1, 1},
        {"\xC2\x9B", 2, 8}, /* C1 CSI: <U+009B> */
        {"\u202Eabc", 3, 8},
        {"\U000E0041", 4, 9},
        {"\xFF", 1, 4},
        {"a\x80", 1, 1},
        {"a\u202E", 1, 1}, /* an unsafe one never joins */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int width = -1;
        size_t len = utf8_cluster(sv(rows[i].text), &width);
        if (len != rows[i].len || width != rows[i].width) {
            fail_msg("row %zu: %zu bytes, %d cells", i, len, width);
        }
    }
}

static void test_endless_cluster_ends(void **state)
{
    (void)state;
    StrBuf buf = {0};
    strbuf_add_char(&buf, 'e');
    for (int i = 0; i < 10000; i++) {
        strbuf_add_str(&buf, "\u0301");
    }
    int width;
    size_t len = utf8_cluster(strbuf_view(&buf), &width);
    assert_true(len > 1 && len < 200);
    assert_int_equal(width, 1);
    strbuf_done(&buf);
}

/* The promise of utf8_visible: of whatever bytes, nothing a terminal would obey, and as wide as
 * utf8_width says. */
static void check_visible(StrView text)
{
    StrBuf buf = {0};
    utf8_visible(&buf, text);
    StrView rest = strbuf_view(&buf);
    assert_true(utf8_is_valid(rest));
    assert_int_equal(utf8_width(rest), utf8_width(text));
    while (rest.len > 0) {
        uint32_t code_point = utf8_next(&rest);
        if (utf8_is_unsafe(code_point)) {
            fail_msg("U+%04X came through", (unsigned)code_point);
        }
    }
    strbuf_done(&buf);
}

static void test_visible_of_every_code_point(void **state)
{
    (void)state;
    StrBuf buf = {0};
    for (uint32_t code_point = 0; code_point < 0x20000; code_point++) {
        strbuf_clear(&buf);
        utf8_append(&buf, code_point);
        check_visible(strbuf_view(&buf));
    }
    for (unsigned byte = 0x80; byte <= 0xFF; byte++) {
        char one = (char)byte;
        check_visible(sv_of(&one, 1));
    }
    for (uint32_t code_point = 0xE0000; code_point < 0xE0100; code_point++) {
        strbuf_clear(&buf);
        utf8_append(&buf, code_point);
        check_visible(strbuf_view(&buf));
    }
    strbuf_done(&buf);
}

static void test_visible_forms(void **state)
{
    static const struct {
        const char *text, *visible;
    } rows[] = {
        {"plain", "plain"},
        {"\x1B[31m", "\u241B[31m"},
        {"a\tb\nc\rd", "a b\u23CEc\u240Dd"},
        {"\x7F", "\u2421"},
        {"\u202E", "<U+202E>"},
        {"\u2066x\u2069", "<U+2066>x<U+2069>"},
        {"\u200F\u061C", "<U+200F><U+061C>"},
        {"\uFEFF\u200B", "<U+FEFF><U+200B>"},
        {"\u2028", "<U+2028>"},
        {"\xC2\x9B", "<U+009B>"},
        {"\U000E0041", "<U+E0041>"},
        {"\xFFx\xC3", "\\xFFx\\xC3"},
        {"\u0301x", "<U+0301>x"},
        {"e\u0301", "e\u0301"},
        {FAMILY, FAMILY},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        StrBuf buf = {0};
        utf8_visible(&buf, sv(rows[i].text));
        assert_string_equal(strbuf_view(&buf).ptr, rows[i].visible);
        check_visible(sv(rows[i].text));
        strbuf_done(&buf);
    }
    StrBuf buf = {0};
    utf8_visible(&buf, SV("a\0b"));
    assert_string_equal(buf.ptr, "a\u2400b");
    strbuf_done(&buf);
}

static void test_fit(void **state)
{
    static const struct {
        const char *text;
        int cells;
        size_t len;
        int width;
    } rows[] = {
        {"abc", 2, 2, 2},      {"abc", 9, 3, 3},      {"abc", 0, 0, 0},       {"abc", -1, 0, 0},
        {"a\u4E2Db", 2, 1, 1}, {"a\u4E2Db", 3, 4, 3}, {"ae\u0301b", 2, 4, 2}, {"a\u202Eb", 8, 1, 1},
        {"a\u202Eb", 9, 4, 9}, {FAMILY, 1, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int width = -1;
        size_t len = utf8_fit(sv(rows[i].text), rows[i].cells, &width);
        if (len != rows[i].len || width != rows[i].width) {
            fail_msg("row %zu: %zu bytes, %d cells", i, len, width);
        }
    }
}

static void test_fold(void **state)
{
    static const struct {
        const char *text;
        unsigned flags;
        const char *folded;
    } rows[] = {
        {"MdM \u00C9", UTF8_FOLD_CASE, "mdm \u00E9"},
        {"Stra\u00DFe", UTF8_FOLD_CASE, "strasse"},
        {"\u0391\u03A3", UTF8_FOLD_CASE, "\u03B1\u03C3"},
        {"\u00C9t\u00E9 e\u0301", UTF8_FOLD_DIACRITICS, "Ete e"},
        {"\u00C9t\u00E9", UTF8_FOLD_CASE | UTF8_FOLD_DIACRITICS, "ete"},
        {"\u1EC7", UTF8_FOLD_DIACRITICS, "e"},
        {"\uFF21b\u3000", UTF8_FOLD_WIDTH, "Ab "},
        {"\uFF21", UTF8_FOLD_WIDTH | UTF8_FOLD_CASE, "a"},
        {"\uFF71", UTF8_FOLD_WIDTH, "\u30A2"},
        {"\u00BD", UTF8_FOLD_WIDTH, "\u00BD"}, /* no form of width */
        {"AB\u00C9", 0, "AB\u00C9"},
        {"A\xFF"
         "B",
         UTF8_FOLD_CASE,
         "a\xFF"
         "b"},
        {"\uFDFA", UTF8_FOLD_DIACRITICS, "\uFDFA"}, /* long only when compatible forms are taken */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        StrBuf buf = {0};
        utf8_fold(&buf, sv(rows[i].text), rows[i].flags);
        if (strcmp(strbuf_view(&buf).ptr, rows[i].folded) != 0) {
            fail_msg("row %zu: '%s'", i, strbuf_view(&buf).ptr);
        }
        strbuf_done(&buf);
    }
}

/* Folding twice gives the same, for every code point and every set of flags. */
static void test_fold_is_stable(void **state)
{
    (void)state;
    StrBuf text = {0};
    StrBuf once = {0};
    StrBuf twice = {0};
    for (uint32_t code_point = 0; code_point < 0x20000; code_point++) {
        for (unsigned flags = 0; flags < 8; flags++) {
            strbuf_clear(&text);
            strbuf_clear(&once);
            strbuf_clear(&twice);
            utf8_append(&text, code_point);
            utf8_fold(&once, strbuf_view(&text), flags);
            utf8_fold(&twice, strbuf_view(&once), flags);
            if (!sv_equal(strbuf_view(&once), strbuf_view(&twice))) {
                fail_msg("U+%04X with flags %u", (unsigned)code_point, flags);
            }
        }
    }
    strbuf_done(&text);
    strbuf_done(&once);
    strbuf_done(&twice);
}

static void test_width(void **state)
{
    (void)state;
    assert_int_equal(utf8_width(SV("")), 0);
    assert_int_equal(utf8_width(SV_NONE), 0);
    assert_int_equal(utf8_width(SV("plain text of a log")), 19);
    assert_int_equal(utf8_width(SV("abe\u0301")), 3);
    assert_int_equal(utf8_width(SV("\u4E2D\u6587!")), 5);
    assert_int_equal(utf8_width(SV("x\x1B\u202E\xFF")), 14);
}

/* Characters count, not bytes; a broken byte is one. */
static void test_column(void **state)
{
    (void)state;
    static const char TEXT[] = "ab\n\xC3\xA4x\xFFy";
    static const int COLUMNS[] = {1, 2, 3, 1, 1, 2, 3, 4, 5};
    for (size_t i = 0; i < sizeof TEXT; i++) {
        if (i != 4) { /* within a character */
            assert_int_equal(utf8_column(sv_of(TEXT, sizeof TEXT - 1), i), COLUMNS[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip_of_every_code_point),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_clusters),
        cmocka_unit_test(test_endless_cluster_ends),
        cmocka_unit_test(test_visible_of_every_code_point),
        cmocka_unit_test(test_visible_forms),
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_fold_is_stable),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_column),
    };
    return cmocka_run_group_tests_name("base/utf8", tests, NULL, NULL);
}
