/*
 * How the themes of the project look: everything can be read on every ground that it can stand on,
 * and what must not be mistaken for one another is told apart, with colours and without. In each
 * way that a colour may come out: as the number of the palette, as the exact colour where 24 bits
 * are announced, and the first sixteen also as a PC's text screen (VGA) has them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/themes/shipped.h"

#define TEXT_LEAST 4.5    /* WCAG 2.1, success criterion 1.4.3 (AA) */
#define TEXT_HIGH 7.0     /* 1.4.6 (AAA), for the themes of high contrast */
#define DRAWING_LEAST 3.0 /* 1.4.11, graphics that carry a meaning */

/* How different two colours must look (CIEDE2000; about 1 is just seen side by side). */
#define KIND_LEAST 15.0
#define HIGHLIGHT_LEAST 12.0
#define GROUND_LEAST 3.0

typedef enum Screen { SCREEN_NUMBERS, SCREEN_EXACT, SCREEN_VGA, SCREEN_COUNT } Screen;

static const char *const SCREENS[] = {"256 colours", "24 bits", "a PC's text screen"};

static const Rgb VGA[COLOR_ANSI] = {
    0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa,
    0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
};

/* Roles that draw lines and blocks, which need less than text does. */
static const Role DRAWINGS[] = {
    ROLE_RULE,
    ROLE_SEPARATOR,
    ROLE_SCROLL_THUMB,
    ROLE_HISTOGRAM,
    ROLE_HISTOGRAM_ERROR,
    ROLE_HISTOGRAM_FAULT,
    ROLE_SPLITTER,
    ROLE_TREE,
};

/* Which roles stand on the grounds of others. */
static const Role ROW_ROLES[] = {
    ROLE_TEXT,        ROLE_DIM,        ROLE_TIME,          ROLE_DELTA,        ROLE_PROCESS,
    ROLE_CATEGORY,    ROLE_LEVEL_INFO, ROLE_LEVEL_DEFAULT, ROLE_LEVEL_DEBUG,  ROLE_LEVEL_ERROR,
    ROLE_LEVEL_FAULT, ROLE_OUTCOME_OK, ROLE_OUTCOME_WAIT,  ROLE_OUTCOME_FAIL, ROLE_PRIVATE,
    ROLE_MARK,        ROLE_NOTE,       ROLE_FOLD,          ROLE_WRAP,         ROLE_NOTICE,
    ROLE_SELECTED,    ROLE_STAGE_OK,   ROLE_STAGE_FAIL,    ROLE_STAGE_WAIT,   ROLE_STAGE_PROGRESS,
    ROLE_STAGE_NONE,  ROLE_ADVICE,     ROLE_CONFIDENCE,
};
static const Role ROW_GROUNDS[] = {ROLE_SELECTED, ROLE_SELECTED_DIM, ROLE_RELATED, ROLE_MOMENT};

static const Role DETAIL_ROLES[] = {
    ROLE_DETAIL_NAME, ROLE_DETAIL_VALUE, ROLE_DETAIL_HEAD,  ROLE_JSON_KEY,       ROLE_JSON_STRING,
    ROLE_JSON_NUMBER, ROLE_TREE,         ROLE_LEVEL_ERROR,  ROLE_LEVEL_FAULT,    ROLE_PRIVATE,
    ROLE_OUTCOME_OK,  ROLE_OUTCOME_WAIT, ROLE_OUTCOME_FAIL, ROLE_ADVICE,         ROLE_CONFIDENCE,
    ROLE_DIM,         ROLE_TEXT,         ROLE_MARK,         ROLE_DETAIL_CURRENT,
};
static const Role DETAIL_GROUNDS[] = {ROLE_DETAIL_CURRENT};

static const Role BOX_ROLES[] = {ROLE_BOX, ROLE_BOX_TITLE, ROLE_BOX_KEY, ROLE_BOX_CURRENT};
static const Role BOX_GROUNDS[] = {ROLE_BOX, ROLE_BOX_CURRENT};

static const Role BARS[] = {ROLE_HISTOGRAM, ROLE_HISTOGRAM_ERROR, ROLE_HISTOGRAM_FAULT,
                            ROLE_HISTOGRAM_WINDOW};
static const Role BAR_GROUNDS[] = {ROLE_HISTOGRAM_WINDOW};

typedef struct Standing {
    const Role *roles;
    size_t role_count;
    const Role *grounds;
    size_t ground_count;
} Standing;

static const Standing STANDINGS[] = {
    {ROW_ROLES, ARRAY_LEN(ROW_ROLES), ROW_GROUNDS, ARRAY_LEN(ROW_GROUNDS)},
    {DETAIL_ROLES, ARRAY_LEN(DETAIL_ROLES), DETAIL_GROUNDS, ARRAY_LEN(DETAIL_GROUNDS)},
    {BOX_ROLES, ARRAY_LEN(BOX_ROLES), BOX_GROUNDS, ARRAY_LEN(BOX_GROUNDS)},
    {BARS, ARRAY_LEN(BARS), BAR_GROUNDS, ARRAY_LEN(BAR_GROUNDS)},
};

static bool is_among(Role role, const Role *roles, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (roles[i] == role) {
            return true;
        }
    }
    return false;
}

static bool is_high(const Theme *theme)
{
    return sv_starts(sv(theme->name), SV("high-contrast"));
}

static double least_of(const Theme *theme, Role role)
{
    if (is_among(role, DRAWINGS, ARRAY_LEN(DRAWINGS))) {
        return is_high(theme) ? TEXT_LEAST : DRAWING_LEAST;
    }
    return is_high(theme) ? TEXT_HIGH : TEXT_LEAST;
}

static Rgb shown(int number, Rgb exact, Screen screen)
{
    if (screen == SCREEN_EXACT && exact != RGB_NONE) {
        return exact;
    }
    if (screen == SCREEN_VGA && number >= 0 && number < COLOR_ANSI) {
        return VGA[number];
    }
    return rgb_of_number(number);
}

static Rgb ink(const Theme *theme, Role role, Screen screen)
{
    const Look *look = &theme->looks[role];
    return shown(look->foreground, look->exact_foreground, screen);
}

static Rgb ground(const Theme *theme, Role role, Screen screen)
{
    const Look *look = &theme->looks[role];
    return shown(look->background, look->exact_background, screen);
}

static void check_contrast(const Theme *theme, Role role, Role on, Screen screen)
{
    bool is_solid = (theme->looks[on].attributes & STYLE_SOLID) != 0;
    double least = least_of(theme, role);
    double contrast =
        rgb_contrast(ink(theme, is_solid ? on : role, screen), ground(theme, on, screen));
    if (contrast < least) {
        fail_msg("%s: with %s %s on %s has a contrast of %.2f, less than %.1f", theme->name,
                 SCREENS[screen], role_name(role), role_name(on), contrast, least);
    }
}

/* The themes with colours give every colour, so that nothing depends on the terminal's own. */
static void everything_can_be_read(void **state)
{
    const Shipped *shipped = *state;
    for (size_t n = 0; n < shipped->count; n++) {
        const Theme *theme = &shipped->themes[n];
        for (int screen = 0; theme->colors > 0 && screen < SCREEN_COUNT; screen++) {
            for (int role = 0; role < ROLE_COUNT; role++) {
                check_contrast(theme, (Role)role, (Role)role, (Screen)screen);
            }
            for (size_t s = 0; s < ARRAY_LEN(STANDINGS); s++) {
                const Standing *standing = &STANDINGS[s];
                for (size_t i = 0; i < standing->role_count * standing->ground_count; i++) {
                    check_contrast(theme, standing->roles[i % standing->role_count],
                                   standing->grounds[i / standing->role_count], (Screen)screen);
                }
            }
        }
    }
}

/* Where there are colours, none is turned over or made weaker by an attribute: the contrast above
 * would not be the one that is seen. */
static void attributes_keep_the_contrast(void **state)
{
    const Shipped *shipped = *state;
    for (size_t n = 0; n < shipped->count; n++) {
        const Theme *theme = &shipped->themes[n];
        for (int role = 0; theme->colors > 0 && role < ROLE_COUNT; role++) {
            assert_int_equal(theme->looks[role].attributes & (STYLE_DIM | STYLE_REVERSE), 0);
        }
    }
}

static void check_apart(const Theme *theme, Role a, Role b, double least)
{
    for (int screen = 0; theme->colors > 0 && screen < SCREEN_COUNT; screen++) {
        double inks = rgb_distance(ink(theme, a, (Screen)screen), ink(theme, b, (Screen)screen));
        double grounds =
            rgb_distance(ground(theme, a, (Screen)screen), ground(theme, b, (Screen)screen));
        if (inks < least && grounds < least &&
            theme->looks[a].attributes == theme->looks[b].attributes) {
            fail_msg("%s: with %s %s and %s look alike: %.1f and %.1f, less than %.1f", theme->name,
                     SCREENS[screen], role_name(a), role_name(b), inks, grounds, least);
        }
    }
}

static void check_all_apart(const Shipped *shipped, const Role *roles, size_t count, double least,
                            bool has_mono)
{
    for (size_t n = 0; n < shipped->count; n++) {
        const Theme *theme = &shipped->themes[n];
        for (size_t i = 0; i < count; i++) {
            for (size_t j = i + 1; j < count; j++) {
                check_apart(theme, roles[i], roles[j], least);
                if (has_mono && theme->looks[roles[i]].mono == theme->looks[roles[j]].mono) {
                    fail_msg("%s: %s and %s look alike without colours", theme->name,
                             role_name(roles[i]), role_name(roles[j]));
                }
            }
        }
    }
}

static void kinds_are_told_apart(void **state)
{
    static const Role kinds[] = {ROLE_TEXT, ROLE_MATCH, ROLE_LEVEL_ERROR, ROLE_LEVEL_FAULT};
    static const Role glowing[] = {ROLE_TEXT, ROLE_MATCH, ROLE_SELECTED, ROLE_LEVEL_ERROR};
    static const Role outcomes[] = {ROLE_OUTCOME_OK, ROLE_OUTCOME_WAIT, ROLE_OUTCOME_FAIL,
                                    ROLE_TEXT};
    static const Role stages[] = {ROLE_STAGE_OK, ROLE_STAGE_WAIT, ROLE_STAGE_FAIL,
                                  ROLE_STAGE_PROGRESS, ROLE_STAGE_NONE};
    static const Role levels[] = {ROLE_HISTOGRAM, ROLE_HISTOGRAM_ERROR, ROLE_HISTOGRAM_FAULT};
    static const Role windows[] = {ROLE_WINDOW_TITLE, ROLE_WINDOW_TITLE_CURRENT};

    check_all_apart(*state, kinds, ARRAY_LEN(kinds), KIND_LEAST, true);
    check_all_apart(*state, glowing, ARRAY_LEN(glowing), 0, true);
    check_all_apart(*state, outcomes, ARRAY_LEN(outcomes), KIND_LEAST, false);
    check_all_apart(*state, stages, ARRAY_LEN(stages), KIND_LEAST, true);
    check_all_apart(*state, levels, ARRAY_LEN(levels), KIND_LEAST, false);
    check_all_apart(*state, windows, ARRAY_LEN(windows), KIND_LEAST, true);
}

/* The grounds of rows: none may be taken for the ground of all or for another's. */
static void grounds_are_told_apart(void **state)
{
    static const Role grounds[] = {ROLE_TEXT, ROLE_SELECTED, ROLE_SELECTED_DIM, ROLE_RELATED,
                                   ROLE_MOMENT};
    const Shipped *shipped = *state;
    for (size_t n = 0; n < shipped->count; n++) {
        const Theme *theme = &shipped->themes[n];
        for (size_t i = 0; i < ARRAY_LEN(grounds) * ARRAY_LEN(grounds); i++) {
            Role a = grounds[i % ARRAY_LEN(grounds)];
            Role b = grounds[i / ARRAY_LEN(grounds)];
            bool is_same = rgb_distance(ground(theme, a, SCREEN_NUMBERS),
                                        ground(theme, b, SCREEN_NUMBERS)) < GROUND_LEAST &&
                           theme->looks[a].attributes == theme->looks[b].attributes;
            if (a < b && is_same) {
                fail_msg("%s: %s and %s have the same ground", theme->name, role_name(a),
                         role_name(b));
            }
        }
        /* in a selected row the ground's attributes are added to the role's */
        unsigned selected = theme->looks[ROLE_SELECTED].mono;
        assert_true((selected | theme->looks[ROLE_LEVEL_ERROR].mono) != selected);
        assert_true((selected | theme->looks[ROLE_OUTCOME_FAIL].mono) != selected);
        assert_true(theme->looks[ROLE_OUTCOME_FAIL].mono != theme->looks[ROLE_OUTCOME_OK].mono);
    }
}

/* Lines that part the screen stand out from the ground of the list. */
static void bars_are_bars(void **state)
{
    static const Role bars[] = {ROLE_TITLE,    ROLE_TAB_CURRENT,  ROLE_STATUS,
                                ROLE_SELECTED, ROLE_WINDOW_TITLE, ROLE_HINT};
    const Shipped *shipped = *state;
    for (size_t n = 0; n < shipped->count; n++) {
        const Theme *theme = &shipped->themes[n];
        for (size_t i = 0; i < ARRAY_LEN(bars); i++) {
            assert_true(theme->colors == 0 ||
                        theme->looks[bars[i]].background != theme->looks[ROLE_TEXT].background);
            assert_true(theme->looks[bars[i]].mono != 0);
        }
    }
}

static void highlights_are_told_apart(void **state)
{
    static const Role glowing[] = {
        ROLE_HIGHLIGHT_1, ROLE_HIGHLIGHT_2, ROLE_HIGHLIGHT_3, ROLE_HIGHLIGHT_4, ROLE_HIGHLIGHT_5,
        ROLE_HIGHLIGHT_6, ROLE_HIGHLIGHT_7, ROLE_HIGHLIGHT_8, ROLE_MATCH,
    };
    const Shipped *shipped = *state;
    check_all_apart(shipped, glowing, ARRAY_LEN(glowing), HIGHLIGHT_LEAST, false);
    for (size_t n = 0; n < shipped->count; n++) {
        const Theme *theme = &shipped->themes[n];
        for (size_t i = 0; i < ARRAY_LEN(glowing); i++) {
            assert_true(role_keeps_ground(glowing[i]));
            assert_true(theme->looks[glowing[i]].mono != 0);
            assert_true(theme->colors == 0 ||
                        theme->looks[glowing[i]].background != theme->looks[ROLE_TEXT].background);
        }
    }
    assert_false(role_keeps_ground(ROLE_TEXT));
    assert_false(role_keeps_ground(ROLE_RELATED));
}

/* --- which there are -------------------------------------------------------------------------- */

static const Theme *find(const Shipped *shipped, const char *name)
{
    for (size_t i = 0; i < shipped->count; i++) {
        if (strcmp(shipped->themes[i].name, name) == 0) {
            return &shipped->themes[i];
        }
    }
    fail_msg("there is no theme '%s'", name);
    return NULL;
}

static void all_kinds_are_there(void **state)
{
    static const struct {
        const char *name;
        bool is_dark;
        int colors;
    } rows[] = {
        {"colorblind-dark", true, 256},
        {"colorblind-light", false, 256},
        {"dark", true, 256},
        {"high-contrast", true, 256},
        {"high-contrast-light", false, 256},
        {"light", false, 256},
        {"monochrome", true, 0},
        {"sixteen", true, 16},
    };
    const Shipped *shipped = *state;
    assert_int_equal(shipped->count, ARRAY_LEN(rows));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const Theme *theme = find(shipped, rows[i].name);
        assert_int_equal(theme->is_dark, rows[i].is_dark);
        assert_int_equal(theme->colors, rows[i].colors);
        assert_true(theme->about[0] != '\0');
    }
}

/* A console of eight colours shows a bright one as the plain one in bold; and a bold black as
 * grey. */
static void sixteen_suits_a_console(void **state)
{
    const Shipped *shipped = *state;
    for (size_t n = 0; n < shipped->count; n++) {
        const Theme *theme = &shipped->themes[n];
        for (int role = 0; theme->colors == COLOR_ANSI && role < ROLE_COUNT; role++) {
            const Look *look = &theme->looks[role];
            bool is_bold = (look->attributes & STYLE_BOLD) != 0;
            if (is_bold != (look->foreground >= COLOR_ANSI / 2)) {
                fail_msg("sixteen: %s must be bold just when it is bright", role_name((Role)role));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kinds_are_there),          cmocka_unit_test(everything_can_be_read),
        cmocka_unit_test(attributes_keep_the_contrast), cmocka_unit_test(kinds_are_told_apart),
        cmocka_unit_test(grounds_are_told_apart),       cmocka_unit_test(bars_are_bars),
        cmocka_unit_test(highlights_are_told_apart),    cmocka_unit_test(sixteen_suits_a_console),
    };
    return cmocka_run_group_tests_name("themes/looks", tests, begin_with_shipped, NULL);
}
