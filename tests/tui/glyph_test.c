/*
 * Clusters as what a terminal library can be trusted with.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/glyph.h"
#include "tui/tty.h"

static void check(const char *text, int cells, const wchar_t *expected, int width)
{
    Cell cell = {.width = (uint8_t)cells};
    wchar_t glyph[GLYPH_MAX + 1];
    assert_true(strlen(text) < sizeof cell.text);
    memcpy(cell.text, text, strlen(text) + 1);
    assert_int_equal(glyph_of(&cell, glyph), width);
    assert_true(wcscmp(glyph, expected) == 0);
}

static void keeps_what_fits(void **state)
{
    (void)state;
    check("a", 1, L"a", 1);
    check("\xc3\xa9", 1, L"\u00e9", 1);
    check("e\xcc\x81", 1, L"e\u0301", 1);
    check("\xe6\xbc\xa2", 2, L"\u6f22", 2);
    check("\xf0\x9f\x91\x8d", 2, L"\U0001f44d", 2);
    check("", 1, L" ", 1);
    /* more marks than a cell of curses takes */
    check("a\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86", 1, L"a\u0301\u0302\u0303\u0304", 1);
}

static void leaves_out_what_would_shift_the_row(void **state)
{
    (void)state;
    check("\xe6\xbc\xa2", 1, L"\ufffd", 1); /* wide, where one cell was counted */
    /* narrow for the C library, wide for the canvas: without the mark that would make it wide */
    check("\xe2\x9a\xa0\xef\xb8\x8f", 2, L"\u26a0", 1);
    /* a family: its first member, and no joiner at its end */
    check("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", 2, L"\U0001f468", 2);
    check("\xcc\x81", 1, L"\ufffd", 1); /* a mark on nothing */
}

static void lets_no_control_out(void **state)
{
    (void)state;
    static const char *const CASES[] = {
        "\033", "\007", "\177", "\xc2\x9b", "\xe2\x80\xae", "\xe2\x80\xa8", "\xff", "\xed\xa0\x80",
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        check(CASES[i], 1, L"\ufffd", 1);
    }
    check("a\xe2\x80\xae", 1, L"a", 1);
    check("a\033", 1, L"a", 1);
}

static void padding_is_left_out(void **state)
{
    (void)state;
    StrBuf bytes = {0};
    tty_add_unpadded(&bytes, NULL);
    tty_add_unpadded(&bytes, "\033[m\017$<2>");
    tty_add_unpadded(&bytes, "$<5*/>x$<y$");
    assert_string_equal(strbuf_view(&bytes).ptr, "\033[m\017x$<y$");
    strbuf_done(&bytes);
}

static int set_locale(void **state)
{
    (void)state;
    tty_set_locale();
    return 0;
}

/* Where the terminal's encoding is not UTF-8. */
static void makes_do_with_little(void **state)
{
    (void)state;
    assert_non_null(setlocale(LC_CTYPE, "C"));
    check("a", 1, L"a", 1);
    check("\xe2\x9c\x97", 1, L"x", 1);
    check("\xe2\x94\x82", 1, L"|", 1);
    check("\xc3\xa9", 1, L"?", 1);
    check("\xe6\xbc\xa2", 2, L"?", 1);
    check("e\xcc\x81", 1, L"e", 1);
    tty_set_locale();
    check("\xe2\x9c\x97", 1, L"\u2717", 1);
}

/* Every sign that a drawing file names in a string has something that stands for it. */
static void every_sign_of_the_screen_has_a_plain_form(void **state)
{
    (void)state;
    glob_t files;
    size_t signs = 0;
    assert_int_equal(glob("tui/*.c", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        StrBuf text = {0};
        FILE *file = fopen(files.gl_pathv[i], "r");
        assert_non_null(file);
        for (int byte = fgetc(file); byte != EOF; byte = fgetc(file)) {
            strbuf_add_char(&text, (char)byte);
        }
        (void)fclose(file);
        bool is_comment = false;
        for (StrView rest = strbuf_view(&text); rest.len > 0;) {
            is_comment = sv_starts(rest, SV("/*")) || (is_comment && !sv_starts(rest, SV("*/")));
            StrView sign = rest;
            bool is_plain = utf8_next(&rest) < 0x80;
            sign.len -= rest.len;
            if (!is_comment && !is_plain) {
                signs++;
                if (glyph_ascii(sign) == '\0') {
                    fail_msg("%s draws '%.*s', which tui/glyph.c has no plain form of",
                             files.gl_pathv[i], SV_ARG(sign));
                }
            }
        }
        strbuf_done(&text);
    }
    assert_true(signs > 20);
    globfree(&files);
}

static void says_it_plainly(void **state)
{
    (void)state;
    assert_int_equal(glyph_ascii(SV("\xe2\x9c\x97")), 'x');
    assert_int_equal(glyph_ascii(SV("\xe2\x96\x81")), '1');
    assert_int_equal(glyph_ascii(SV("\xe2\x96\x88")), '8');
    assert_int_equal(glyph_ascii(SV("\xe2\x94\x80")), ' ');
    assert_int_equal(glyph_ascii(SV("a")), '\0');
    assert_int_equal(glyph_ascii(SV("")), '\0');
    assert_int_equal(glyph_ascii(SV("\xc3\xa9")), '\0');
    assert_int_equal(glyph_ascii(SV("\xe2\x9c\x97\xcc\x81")), '\0'); /* no sign of ours */
    assert_int_equal(glyph_ascii(SV("\xe2\x9c")), '\0');
    assert_string_equal(glyph_word(SV("\xe2\x9c\x97")), "failed");
    assert_null(glyph_word(SV("\xe2\x94\x80")));
    assert_null(glyph_word(SV("x")));
    for (uint32_t code_point = 0x80; code_point < 0x10000; code_point++) {
        StrBuf sign = {0};
        utf8_append(&sign, code_point);
        const char *word = glyph_word(strbuf_view(&sign));
        char ascii = glyph_ascii(strbuf_view(&sign));
        assert_true(ascii == '\0' || (ascii >= ' ' && ascii <= '~'));
        assert_true(word == NULL || (ascii != '\0' && strlen(word) <= GLYPH_WORD_MAX));
        strbuf_done(&sign);
    }
}

static void makes_a_canvas_plain(void **state)
{
    (void)state;
    Canvas canvas;
    StrBuf text = {0};
    canvas_init(&canvas, 12, 3);
    canvas_box(&canvas, (Rect){0, 0, 12, 3}, ROLE_BOX);
    (void)canvas_text(&canvas, 1, 1, 10, ROLE_OUTCOME_FAIL,
                      SV("\xe2\x9c\x97 \xc3\xa9 \xe6\xbc\xa2\xe2\x80\xa6"));
    glyph_make_plain(&canvas);
    canvas_dump(&canvas, false, &text);
    assert_string_equal(text.ptr, "\n|x \xc3\xa9 \xe6\xbc\xa2~   |\n\n");
    strbuf_done(&text);
    canvas_done(&canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_fits),
        cmocka_unit_test(leaves_out_what_would_shift_the_row),
        cmocka_unit_test(makes_do_with_little),
        cmocka_unit_test(every_sign_of_the_screen_has_a_plain_form),
        cmocka_unit_test(says_it_plainly),
        cmocka_unit_test(makes_a_canvas_plain),
        cmocka_unit_test(lets_no_control_out),
        cmocka_unit_test(padding_is_left_out),
    };
    return cmocka_run_group_tests(tests, set_locale, NULL);
}
