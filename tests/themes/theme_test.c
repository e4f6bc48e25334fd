/*
 * Themes: the two of the project are complete, readable and tell apart what matters; errors say
 * where and what was meant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/embed.h"
#include "themes/theme.h"

static const char *const NAMES[] = {"dark", "light"};

/* Roles that draw lines and blocks, which need less than text does. */
static bool is_drawing(Role role)
{
    static const Role drawings[] = {
        ROLE_RULE,
        ROLE_SEPARATOR,
        ROLE_SCROLL_BAR,
        ROLE_SCROLL_THUMB,
        ROLE_HISTOGRAM,
        ROLE_HISTOGRAM_ERROR,
        ROLE_HISTOGRAM_FAULT,
        ROLE_SPLITTER,
        ROLE_SPLITTER_CURRENT,
        ROLE_TREE,
    };
    for (size_t i = 0; i < ARRAY_LEN(drawings); i++) {
        if (drawings[i] == role) {
            return true;
        }
    }
    return false;
}

/* Roles that stand in a row of the list, and so also on the grounds of selected ones. */
static const Role ROW_ROLES[] = {
    ROLE_TEXT,        ROLE_DIM,        ROLE_TIME,          ROLE_DELTA,        ROLE_PROCESS,
    ROLE_CATEGORY,    ROLE_LEVEL_INFO, ROLE_LEVEL_DEFAULT, ROLE_LEVEL_DEBUG,  ROLE_LEVEL_ERROR,
    ROLE_LEVEL_FAULT, ROLE_OUTCOME_OK, ROLE_OUTCOME_WAIT,  ROLE_OUTCOME_FAIL, ROLE_PRIVATE,
    ROLE_MARK,        ROLE_SELECTED,
};

static bool find_embedded(const char *name, StrBuf *ret_text)
{
    StrBuf path = {0};
    strbuf_printf(&path, "themes/%s.json", name);
    bool is_read = embed_read(path.ptr, ret_text);
    strbuf_done(&path);
    return is_read;
}

static Theme load(const char *name)
{
    StrBuf text = {0};
    Theme theme;
    Err err = err_none();
    assert_true(find_embedded(name, &text));
    if (!theme_read(strbuf_view(&text), name, NULL, &theme, &err)) {
        fail_msg("%s", err.text);
    }
    strbuf_done(&text);
    return theme;
}

/* What the terminal's own colours most likely are: near black (#121212) or white. */
static int ground_of(const Theme *theme, int background)
{
    return background != COLOR_DEFAULT ? background : theme->is_dark ? 233 : 231;
}

static int ink_of(const Theme *theme, int foreground)
{
    return foreground != COLOR_DEFAULT ? foreground : theme->is_dark ? 250 : 235;
}

static void check_contrast(const Theme *theme, Role role, Role ground, double least)
{
    const Look *look = &theme->looks[role];
    double contrast = theme_contrast(ink_of(theme, look->foreground),
                                     ground_of(theme, theme->looks[ground].background));
    if (contrast < least) {
        fail_msg("%s: %s on %s has a contrast of %.2f, less than %.1f", theme->name,
                 role_name(role), role_name(ground), contrast, least);
    }
}

static void test_contrast(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        Theme theme = load(NAMES[i]);
        for (int role = 0; role < ROLE_COUNT; role++) {
            check_contrast(&theme, (Role)role, (Role)role, is_drawing((Role)role) ? 3.0 : 4.5);
            assert_int_equal(theme.looks[role].attributes & (STYLE_DIM | STYLE_REVERSE), 0);
        }
        for (size_t j = 0; j < ARRAY_LEN(ROW_ROLES); j++) {
            check_contrast(&theme, ROW_ROLES[j], ROLE_SELECTED, 4.5);
            check_contrast(&theme, ROW_ROLES[j], ROLE_SELECTED_DIM, 4.5);
            check_contrast(&theme, ROW_ROLES[j], ROLE_RELATED, 4.5);
            check_contrast(&theme, ROW_ROLES[j], ROLE_MOMENT, 4.5);
        }
    }
}

static void test_kinds(void **state)
{
    (void)state;
    Theme dark = load("dark");
    Theme light = load("light");
    assert_true(dark.is_dark);
    assert_false(light.is_dark);
    assert_string_equal(dark.name, "dark");
    assert_string_equal(light.name, "light");
}

static bool is_same_color(const Theme *theme, Role a, Role b)
{
    return theme->looks[a].foreground == theme->looks[b].foreground &&
           theme->looks[a].background == theme->looks[b].background;
}

/* What must not be mistaken for one another, in colours and without. */
static void test_told_apart(void **state)
{
    static const Role apart[] = {ROLE_TEXT, ROLE_MATCH, ROLE_SELECTED, ROLE_LEVEL_ERROR,
                                 ROLE_LEVEL_FAULT};
    static const Role outcomes[] = {ROLE_OUTCOME_OK, ROLE_OUTCOME_WAIT, ROLE_OUTCOME_FAIL};
    static const Role bars[] = {ROLE_TITLE, ROLE_TAB_CURRENT, ROLE_STATUS, ROLE_SELECTED};

    (void)state;
    for (size_t n = 0; n < ARRAY_LEN(NAMES); n++) {
        Theme theme = load(NAMES[n]);
        for (size_t i = 0; i < ARRAY_LEN(apart); i++) {
            for (size_t j = i + 1; j < ARRAY_LEN(apart); j++) {
                assert_false(is_same_color(&theme, apart[i], apart[j]));
                if (theme.looks[apart[i]].mono == theme.looks[apart[j]].mono) {
                    fail_msg("%s: %s and %s look alike without colours", NAMES[n],
                             role_name(apart[i]), role_name(apart[j]));
                }
            }
        }
        /* in a selected row the ground's attributes are added to the role's */
        unsigned selected = theme.looks[ROLE_SELECTED].mono;
        assert_true((selected | theme.looks[ROLE_LEVEL_ERROR].mono) != selected);
        assert_true((selected | theme.looks[ROLE_OUTCOME_FAIL].mono) != selected);
        for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
            assert_false(is_same_color(&theme, outcomes[i], ROLE_TEXT));
            assert_false(is_same_color(&theme, outcomes[i], outcomes[(i + 1) % 3]));
        }
        assert_true(theme.looks[ROLE_OUTCOME_FAIL].mono != theme.looks[ROLE_OUTCOME_OK].mono);
        for (size_t i = 0; i < ARRAY_LEN(bars); i++) {
            assert_true(theme.looks[bars[i]].background != theme.looks[ROLE_TEXT].background);
            assert_true(bars[i] == ROLE_TAB_CURRENT || theme.looks[bars[i]].mono != 0);
        }
    }
}

/* The tests above name two themes; whoever adds a third must add it there. */
static void test_all_themes_are_tested(void **state)
{
    (void)state;
    size_t count = 0;
    for (const EmbeddedFile *file = EMBEDDED_FILES; file->name != NULL; file++) {
        count += sv_starts(sv(file->name), SV("themes/"));
    }
    assert_int_equal(count, ARRAY_LEN(NAMES));
}

static void test_role_names(void **state)
{
    (void)state;
    for (int i = 0; i < ROLE_COUNT; i++) {
        Role role = ROLE_COUNT;
        assert_true(role_parse(sv(role_name((Role)i)), &role));
        assert_int_equal(role, i);
    }
    Role role = ROLE_TIME;
    assert_false(role_parse(SV("no-such-role"), &role));
    assert_false(role_parse(SV_NONE, &role));
    assert_int_equal(role, ROLE_TIME);
    assert_string_equal(role_name(ROLE_COUNT), "?");
}

/* --- files that stand on others --------------------------------------------------------------- */

static const struct {
    const char *name, *text;
} LIBRARY[] = {
    {"circle", "{\"base\": \"circle\"}"},
    {"broken", "{\n\"base\": \"dark\",\n\"roles\": {\"time\": {\"fg\": 256}}}"},
    {"blue",
     "{\"base\": \"dark\", \"roles\": {\"text\": {\"bg\": 17}, \"time\": {\"bold\": true}}}"},
};

static bool find_in_library(const char *name, StrBuf *ret_text)
{
    for (size_t i = 0; i < ARRAY_LEN(LIBRARY); i++) {
        if (strcmp(name, LIBRARY[i].name) == 0) {
            strbuf_add_str(ret_text, LIBRARY[i].text);
            return true;
        }
    }
    return find_embedded(name, ret_text);
}

static void test_base(void **state)
{
    (void)state;
    Theme dark = load("dark");
    Theme theme;
    Err err = err_none();
    StrView text =
        SV("{\"base\": \"blue\", \"roles\": {\"time\": {\"fg\": \"default\", \"mono\": \"\"}}}");
    assert_true(theme_read(text, "/home/me/calm.json", find_in_library, &theme, &err));
    assert_string_equal(theme.name, "calm");
    assert_true(theme.is_dark);
    assert_int_equal(theme.looks[ROLE_TIME].foreground, COLOR_DEFAULT);
    assert_int_equal(theme.looks[ROLE_TIME].attributes, STYLE_BOLD);
    assert_int_equal(theme.looks[ROLE_TIME].mono, 0);
    /* what dark leaves to "text" follows the new ground, what it gives stays */
    assert_int_equal(theme.looks[ROLE_TIME].background, 17);
    assert_int_equal(theme.looks[ROLE_PROCESS].background, 17);
    assert_int_equal(theme.looks[ROLE_TITLE].background, dark.looks[ROLE_TITLE].background);
    assert_int_equal(theme.looks[ROLE_MATCH].foreground, dark.looks[ROLE_MATCH].foreground);
}

static void test_errors(void **state)
{
    static const struct {
        const char *text, *error;
        int line;
    } rows[] = {
        {"{\n\"base\": \"dark\",\n\"roles\": {\n\"tme\": {}}}",
         "mine:4: unknown role 'tme', did you mean 'time'?", 4},
        {"{\"base\": \"dark\", \"roles\": {\"xyzzyxyzzy\": {}}}",
         "mine:1: unknown role 'xyzzyxyzzy'", 1},
        {"{\"base\": \"dark\", \"roles\": {\n\"time\": {\n\"fgg\": 1}}}",
         "mine:3: role 'time': unknown key 'fgg', did you mean 'fg'?", 3},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"fg\": 256}}}",
         "mine:1: role 'time': 'fg' must be a number from 0 to 255 or \"default\"", 1},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"bg\": -1}}}",
         "mine:1: role 'time': 'bg' must be a number from 0 to 255 or \"default\"", 1},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"fg\": 1.5}}}",
         "mine:1: role 'time': 'fg' must be a number from 0 to 255 or \"default\"", 1},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"fg\": \"red\"}}}",
         "mine:1: role 'time': 'fg' must be a number from 0 to 255 or \"default\"", 1},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"bold\": 1}}}",
         "mine:1: role 'time': 'bold' must be true or false", 1},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"mono\": \"bold revers\"}}}",
         "mine:1: role 'time': unknown attribute 'revers', did you mean 'reverse'?", 1},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"mono\": true}}}",
         "mine:1: role 'time': 'mono' must be a text such as \"bold reverse\"", 1},
        {"{\"base\": \"dark\", \"roles\": {\"time\": 7}}",
         "mine:1: role 'time': must be an object such as {\"fg\": 250, \"bold\": true}", 1},
        {"{\"base\": \"dark\", \"rolls\": {}}",
         "mine:1: unknown key 'rolls', did you mean 'roles'?", 1},
        {"{\"base\": \"dark\", \"roles\": []}", "mine:1: 'roles' must be an object", 1},
        {"{\"base\": \"dark\", \"dark\": \"yes\"}", "mine:1: 'dark' must be true or false", 1},
        {"{\"base\": 1}", "mine:1: 'base' must be the name of a theme", 1},
        {"{\"base\": \"absent\"}", "mine:1: there is no theme 'absent' to stand on", 1},
        {"{\"base\": \"circle\"}", "circle:1: themes stand on each other in a circle, or too deep",
         1},
        {"{\"base\": \"broken\"}",
         "broken:3: role 'time': 'fg' must be a number from 0 to 255 or \"default\"", 3},
        {"[]", "mine: a theme must be a JSON object", 0},
        {"{}",
         "mine: role 'text' is missing, and 83 more (name a \"base\" to give only what differs)",
         0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Theme theme = {.name = "untouched"};
        Err err = err_none();
        assert_false(theme_read(sv(rows[i].text), "mine", find_in_library, &theme, &err));
        assert_string_equal(err.text, rows[i].error);
        assert_int_equal(err.line, rows[i].line);
        assert_string_equal(theme.name, "untouched");
        assert_false(theme_read(sv(rows[i].text), "mine", NULL, &theme, NULL));
    }
    Theme theme;
    Err err = err_none();
    assert_false(theme_read(SV("{\n oops"), "mine", NULL, &theme, &err));
    assert_int_equal(err.line, 2);
}

/* Every start of a theme file is refused, none is fatal. */
static void test_every_cut(void **state)
{
    (void)state;
    StrBuf text = {0};
    assert_true(find_embedded("dark", &text));
    StrView whole = sv_trim(strbuf_view(&text));
    for (size_t len = 0; len < whole.len; len += 7) {
        Theme theme;
        Err err = err_none();
        assert_false(theme_read(sv_slice(whole, 0, len), "cut", NULL, &theme, &err));
        assert_true(err.line > 0);
    }
    strbuf_done(&text);
}

static void test_one_missing_role(void **state)
{
    (void)state;
    StrBuf text = {0};
    Theme theme;
    Err err = err_none();
    assert_true(find_embedded("dark", &text));
    size_t at = sv_find(strbuf_view(&text), SV("        \"mark\""));
    assert_true(at != SIZE_MAX);
    size_t len = sv_find_char(sv_slice(strbuf_view(&text), at, SIZE_MAX), '\n') + 1;
    strbuf_replace(&text, at, len, SV(""));
    assert_false(theme_read(strbuf_view(&text), "dark", NULL, &theme, &err));
    assert_string_equal(err.text, "dark: role 'mark' is missing");
    strbuf_done(&text);
}

static void test_contrast_values(void **state)
{
    (void)state;
    assert_float_equal(theme_contrast(16, 231), 21.0, 0.01);
    assert_float_equal(theme_contrast(231, 16), 21.0, 0.01);
    assert_float_equal(theme_contrast(244, 244), 1.0, 0.001);
    assert_float_equal(theme_contrast(244, 231), 3.949, 0.01); /* #808080 on white */
    assert_float_equal(theme_contrast(196, 231), 3.998, 0.01); /* #ff0000 on white */
    assert_float_equal(theme_contrast(9, 15), 3.998, 0.01);
    assert_float_equal(theme_contrast(-1, 15), 1.0, 0.001);
    assert_float_equal(theme_contrast(0, 256), 1.0, 0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contrast),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_all_themes_are_tested),
        cmocka_unit_test(test_told_apart),
        cmocka_unit_test(test_role_names),
        cmocka_unit_test(test_base),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_one_missing_role),
        cmocka_unit_test(test_contrast_values),
    };
    return cmocka_run_group_tests_name("themes/theme", tests, NULL, NULL);
}
