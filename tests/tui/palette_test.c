/*
 * Colours on terminals that have fewer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/embed.h"
#include "tui/palette.h"

static void finds_the_nearest(void **state)
{
    (void)state;
    static const int CASES[][3] = {
        /* colour, count, nearest */
        {COLOR_DEFAULT, 8, COLOR_DEFAULT},
        {COLOR_DEFAULT, 256, COLOR_DEFAULT},
        {300, 256, COLOR_DEFAULT},
        {7, 8, 7},
        {208, 256, 208},
        {16, 16, 0},   /* black of the cube */
        {231, 16, 15}, /* its white */
        {196, 16, 9},  /* its red */
        {196, 8, 1},
        {244, 16, 8}, /* the middle grey */
        {15, 8, 7},
        {40, 8, 2},
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        assert_int_equal(palette_nearest(CASES[i][0], CASES[i][1]), CASES[i][2]);
    }
}

static void nothing_vanishes(void **state)
{
    (void)state;
    static const int COUNTS[] = {8, 16, 256};
    for (size_t c = 0; c < ARRAY_LEN(COUNTS); c++) {
        for (int16_t fore = 0; fore < 256; fore++) {
            for (int16_t back = -1; back < 256; back++) {
                ColorPair pair = palette_fit((ColorPair){fore, back}, true, COUNTS[c]);
                assert_true(pair.foreground >= 0 && pair.foreground < COUNTS[c]);
                assert_true(pair.background < COUNTS[c]);
                assert_true(fore == back || pair.foreground != pair.background);
            }
        }
    }
    /* On the terminal's own ground, by what it is likely to be. */
    assert_int_equal(palette_fit((ColorPair){234, -1}, true, 8).foreground, 7);
    assert_int_equal(palette_fit((ColorPair){234, -1}, true, 16).foreground, 8);
    assert_int_equal(palette_fit((ColorPair){234, -1}, false, 8).foreground, 0);
    assert_int_equal(palette_fit((ColorPair){254, -1}, false, 8).foreground, 0);
}

/* What a theme tells apart from its ground is still there on the Linux console. */
static void themes_can_be_read_with_eight_colors(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"dark", "light"};
    for (size_t n = 0; n < ARRAY_LEN(NAMES); n++) {
        StrBuf name = {0};
        StrBuf text = {0};
        Theme theme;
        Err err = err_none();
        strbuf_printf(&name, "themes/%s.json", NAMES[n]);
        assert_true(embed_read(name.ptr, &text));
        assert_true(theme_read(strbuf_view(&text), NAMES[n], NULL, NULL, &theme, &err));
        for (int role = 0; role < ROLE_COUNT; role++) {
            Look look = theme.looks[role];
            ColorPair pair =
                palette_fit((ColorPair){look.foreground, look.background}, theme.is_dark, 8);
            assert_true(pair.foreground == COLOR_DEFAULT || pair.foreground != pair.background);
            assert_true(pair.background != COLOR_DEFAULT ||
                        pair.foreground != (theme.is_dark ? 0 : 7) ||
                        look.foreground == pair.foreground);
        }
        strbuf_done(&name);
        strbuf_done(&text);
    }
}

static void numbers_pairs(void **state)
{
    (void)state;
    PairTable table = {.count = 0};
    bool is_new;
    assert_int_equal(palette_number(&table, (ColorPair){1, -1}, 2, &is_new), 1);
    assert_true(is_new);
    assert_int_equal(palette_number(&table, (ColorPair){-1, 1}, 2, &is_new), 2);
    assert_int_equal(palette_number(&table, (ColorPair){1, -1}, 2, &is_new), 1);
    assert_false(is_new);
    assert_int_equal(palette_number(&table, (ColorPair){3, 4}, 2, &is_new), 0);
    assert_false(is_new);
    for (int16_t i = 0; i < 300; i++) {
        assert_true(palette_number(&table, (ColorPair){i, 9}, 64000, &is_new) < 256);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_nearest),
        cmocka_unit_test(nothing_vanishes),
        cmocka_unit_test(numbers_pairs),
        cmocka_unit_test(themes_can_be_read_with_eight_colors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
