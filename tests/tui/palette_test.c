/*
 * Colours on terminals that have fewer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/themes/shipped.h"
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
    const Shipped *shipped = *state;
    for (size_t n = 0; n < shipped->count; n++) {
        const Theme *theme = &shipped->themes[n];
        for (int role = 0; theme->colors > 0 && role < ROLE_COUNT; role++) {
            Look look = theme->looks[role];
            ColorPair pair =
                palette_fit((ColorPair){look.foreground, look.background}, theme->is_dark, 8);
            assert_true(pair.foreground == COLOR_DEFAULT || pair.foreground != pair.background);
            assert_true(pair.background != COLOR_DEFAULT ||
                        pair.foreground != (theme->is_dark ? 0 : 7) ||
                        look.foreground == pair.foreground);
        }
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

/* Every role on every ground of rows: old curses has room for all of them at once. */
static void the_pairs_of_a_theme_fit(void **state)
{
    static const Role GROUNDS[] = {ROLE_TEXT,       ROLE_SELECTED, ROLE_SELECTED_DIM,
                                   ROLE_RELATED,    ROLE_MOMENT,   ROLE_DETAIL_CURRENT,
                                   ROLE_BOX_CURRENT};
    const Shipped *shipped = *state;
    for (size_t n = 0; n < shipped->count; n++) {
        PairTable table = {.count = 0};
        for (int role = 0; role < ROLE_COUNT; role++) {
            for (size_t i = 0; i < ARRAY_LEN(GROUNDS); i++) {
                bool is_new;
                Look look = palette_look(&shipped->themes[n], (Role)role, GROUNDS[i], 0, true);
                ColorPair pair = {look.foreground, look.background};
                if (palette_number(&table, pair, PALETTE_PAIRS_MAX, &is_new) == 0) {
                    fail_msg("%s: more than %d pairs", shipped->themes[n].name, PALETTE_PAIRS_MAX);
                }
            }
        }
    }
}

static Theme small_theme(void)
{
    Theme theme = {.colors = 256};
    for (int role = 0; role < ROLE_COUNT; role++) {
        theme.looks[role] = (Look){7, 0, 0, 0, RGB_NONE, RGB_NONE};
    }
    return theme;
}

static void a_cell_takes_its_ground(void **state)
{
    (void)state;
    Theme theme = small_theme();
    theme.looks[ROLE_TIME] = (Look){100, 0, STYLE_ITALIC, STYLE_DIM, 0x112233, RGB_NONE};
    theme.looks[ROLE_SELECTED] = (Look){15, 17, STYLE_BOLD, STYLE_REVERSE, RGB_NONE, 0x000040};
    Look look = palette_look(&theme, ROLE_TIME, ROLE_SELECTED, STYLE_UNDERLINE, true);
    assert_int_equal(look.foreground, 100);
    assert_int_equal(look.background, 17);
    assert_int_equal(look.exact_foreground, 0x112233);
    assert_int_equal(look.exact_background, 0x000040);
    assert_int_equal(look.attributes, STYLE_ITALIC | STYLE_BOLD | STYLE_UNDERLINE);
    /* without colours; and a weak text is not reversed into a weak ground */
    assert_int_equal(palette_look(&theme, ROLE_TIME, ROLE_TEXT, 0, false).attributes, STYLE_DIM);
    look = palette_look(&theme, ROLE_TIME, ROLE_SELECTED, 0, false);
    assert_int_equal(look.attributes, STYLE_REVERSE);
    /* a solid ground brings its own ink */
    theme.looks[ROLE_SELECTED].attributes = STYLE_SOLID;
    look = palette_look(&theme, ROLE_TIME, ROLE_SELECTED, 0, true);
    assert_int_equal(look.foreground, 15);
    assert_int_equal(look.exact_foreground, RGB_NONE);
    assert_int_equal(look.attributes, STYLE_ITALIC);
    assert_int_equal(palette_look(&theme, ROLE_SELECTED, ROLE_TEXT, 0, true).attributes, 0);
}

/* --- 24-bit colours --------------------------------------------------------------------------- */

static void each_exact_color_has_a_number_of_its_own(void **state)
{
    const Shipped *shipped = *state;
    for (size_t n = 0; n < shipped->count; n++) {
        const Theme *given = &shipped->themes[n];
        Theme theme = *given;
        ExactColors exact;
        palette_exact(&theme, &exact);
        for (int role = 0; role < ROLE_COUNT; role++) {
            const Look *was = &given->looks[role];
            const Look *is = &theme.looks[role];
            if (was->exact_foreground != RGB_NONE) {
                assert_int_equal(exact.colors[is->foreground], was->exact_foreground);
            } else {
                assert_int_equal(is->foreground, was->foreground);
                assert_true(is->foreground < 0 || exact.colors[is->foreground] == RGB_NONE);
            }
            if (was->exact_background != RGB_NONE) {
                assert_int_equal(exact.colors[is->background], was->exact_background);
            } else {
                assert_int_equal(is->background, was->background);
                assert_true(is->background < 0 || exact.colors[is->background] == RGB_NONE);
            }
        }
    }
}

/* A number that stands for itself elsewhere is left to itself; the next nearest takes its place. */
static void exact_colors_keep_off_plain_ones(void **state)
{
    (void)state;
    Theme theme = small_theme();
    ExactColors exact;
    theme.looks[ROLE_TIME] = (Look){67, 233, 0, 0, RGB_NONE, RGB_NONE};
    theme.looks[ROLE_DIM] = (Look){67, 233, 0, 0, 0x5f88b0, 0x141414};
    palette_exact(&theme, &exact);
    assert_int_equal(exact.colors[67], RGB_NONE);
    assert_int_equal(exact.colors[233], RGB_NONE);
    int number = theme.looks[ROLE_DIM].foreground;
    assert_true(number >= COLOR_ANSI && number != 67);
    assert_int_equal(exact.colors[number], 0x5f88b0);
    assert_true(rgb_distance(rgb_of_number(number), 0x5f88b0) < 10);
}

static void rewrites_only_exact_colors(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"", ""},
        {"text", "text"},
        {"\033[38;5;67mx", "\033[38;2;95;136;176mx"},
        {"\033[48;5;67m\033[38;5;68m", "\033[48;2;95;136;176m\033[38;5;68m"},
        {"\033[0;1;38;5;67;48;5;67;4mx", "\033[0;1;38;2;95;136;176;48;2;95;136;176;4mx"},
        {"\033[38;5;66;48;5;67m", "\033[38;5;66;48;2;95;136;176m"},
        {"\033[m\033[39;49m\033[0m", "\033[m\033[39;49m\033[0m"},
        {"\033[5;67H38;5;67m", "\033[5;67H38;5;67m"},
        {"\033[38;5;67H", "\033[38;5;67H"},
        {"\033[?38;5;67m", "\033[?38;5;67m"},
        {"\033[38;2;67;67;67m", "\033[38;2;67;67;67m"},
        {"\033[1;5;67m", "\033[1;5;67m"},
        {"\033[38;5;999m\033[38;5;m\033[38;5m", "\033[38;5;999m\033[38;5;m\033[38;5m"},
        {"\033[;;38;5;67;m", "\033[;;38;2;95;136;176;m"},
        {"\033[38;5;67", "\033[38;5;67"},
        {"\033[", "\033["},
    };
    ExactColors exact;
    for (int i = 0; i < COLOR_COUNT; i++) {
        exact.colors[i] = i == 67 ? 0x5f88b0 : RGB_NONE;
    }
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrBuf out = {0};
        strbuf_add_str(&out, "<");
        palette_rewrite(&exact, sv(ROWS[i][0]), &out);
        assert_int_equal(out.ptr[0], '<');
        assert_string_equal(out.ptr + 1, ROWS[i][1]);
        strbuf_done(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_nearest),
        cmocka_unit_test(nothing_vanishes),
        cmocka_unit_test(numbers_pairs),
        cmocka_unit_test(the_pairs_of_a_theme_fit),
        cmocka_unit_test(a_cell_takes_its_ground),
        cmocka_unit_test(each_exact_color_has_a_number_of_its_own),
        cmocka_unit_test(exact_colors_keep_off_plain_ones),
        cmocka_unit_test(rewrites_only_exact_colors),
        cmocka_unit_test(themes_can_be_read_with_eight_colors),
    };
    return cmocka_run_group_tests(tests, begin_with_shipped, NULL);
}
