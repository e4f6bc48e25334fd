/*
 * Theme files: what is read from them, how one stands on another, and that errors say where and
 * what was meant. How the themes of the project look is tested in looks_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/themes/shipped.h"

static Theme load(const char *name)
{
    StrBuf text = {0};
    Theme theme;
    Err err = err_none();
    assert_true(find_shipped(NULL, name, "", &text));
    if (!theme_read(strbuf_view(&text), name, find_shipped, NULL, &theme, &err)) {
        fail_msg("%s", err.text);
    }
    strbuf_done(&text);
    return theme;
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
    {"inky",
     "{\"base\": \"dark\", \"about\": \"ink\", \"roles\": {\"text\": {\"fg\": \"#5f88b0\"}}}"},
    {"blue",
     "{\"base\": \"dark\", \"roles\": {\"text\": {\"bg\": 17}, \"time\": {\"bold\": true}}}"},
};

static bool find_in_library(void *context, const char *name, const char *from, StrBuf *ret_text)
{
    for (size_t i = 0; i < ARRAY_LEN(LIBRARY); i++) {
        if (strcmp(name, LIBRARY[i].name) == 0) {
            strbuf_add_str(ret_text, LIBRARY[i].text);
            return true;
        }
    }
    return find_shipped(context, name, from, ret_text);
}

static void test_base(void **state)
{
    (void)state;
    Theme dark = load("dark");
    Theme theme;
    Err err = err_none();
    StrView text =
        SV("{\"base\": \"blue\", \"roles\": {\"time\": {\"fg\": \"default\", \"mono\": \"\"}}}");
    assert_true(theme_read(text, "/home/me/calm.json", find_in_library, NULL, &theme, &err));
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

/* An exact colour gives its number unless both are given; a number takes the exact one away. */
static void test_exact_colors(void **state)
{
    (void)state;
    Theme theme;
    Err err = err_none();
    StrView text = SV("{\"base\": \"dark\", \"about\": \"mine\", \"roles\": {"
                      "\"text\": {\"fg\": \"#5f88b0\", \"bg\": [17, \"#101820\"]},"
                      "\"mark\": {\"fg\": \"#010203\"}, \"dim\": {\"fg\": [9, \"#040506\"]}}}");
    assert_true(theme_read(text, "mine", find_shipped, NULL, &theme, &err));
    assert_int_equal(theme.looks[ROLE_TEXT].foreground, 67);
    assert_int_equal(theme.looks[ROLE_TEXT].exact_foreground, 0x5f88b0);
    assert_int_equal(theme.looks[ROLE_TEXT].background, 17);
    assert_int_equal(theme.looks[ROLE_TEXT].exact_background, 0x101820);
    assert_int_equal(theme.looks[ROLE_DIM].foreground, 9);
    assert_int_equal(theme.looks[ROLE_DIM].exact_foreground, 0x040506);
    /* left to "text": its ground in both forms */
    assert_int_equal(theme.looks[ROLE_MARK].background, 17);
    assert_int_equal(theme.looks[ROLE_MARK].exact_background, 0x101820);
    assert_string_equal(theme.about, "mine");
    assert_int_equal(theme.colors, COLOR_COUNT);

    text = SV("{\"base\": \"inky\", \"roles\": {\"text\": {\"fg\": 7}}}");
    assert_true(theme_read(text, "mine", find_in_library, NULL, &theme, &err));
    assert_int_equal(theme.looks[ROLE_TEXT].foreground, 7);
    assert_int_equal(theme.looks[ROLE_TEXT].exact_foreground, RGB_NONE);
    assert_string_equal(theme.about, ""); /* that of the base is not meant for it */
}

/* A theme that needs no colours has none, and shows the attributes of "mono" everywhere. */
static void test_no_colors(void **state)
{
    (void)state;
    Theme theme;
    Err err = err_none();
    StrView text = SV("{\"base\": \"dark\", \"colors\": 0}");
    assert_true(theme_read(text, "mine", find_shipped, NULL, &theme, &err));
    assert_int_equal(theme.colors, 0);
    for (int role = 0; role < ROLE_COUNT; role++) {
        const Look *look = &theme.looks[role];
        assert_int_equal(look->foreground, COLOR_DEFAULT);
        assert_int_equal(look->background, COLOR_DEFAULT);
        assert_int_equal(look->exact_foreground, RGB_NONE);
        assert_int_equal(look->attributes, look->mono);
    }
    assert_int_equal(theme.looks[ROLE_SELECTED].attributes, STYLE_REVERSE);
}

static void test_errors(void **state)
{
    static const struct {
        const char *text, *error;
        int line, column;
    } rows[] = {
        {"{\n\"base\": \"dark\",\n\"roles\": {\n\"tme\": {}}}",
         "mine:4:1: unknown role 'tme', did you mean 'time'?", 4, 1},
        {"{\"base\": \"dark\", \"roles\": {\"xyzzyxyzzy\": {}}}",
         "mine:1:28: unknown role 'xyzzyxyzzy'", 1, 28},
        {"{\"base\": \"dark\", \"roles\": {\n\"time\": {\n\"fgg\": 1}}}",
         "mine:3:1: role 'time': unknown key 'fgg', did you mean 'fg'?", 3, 1},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"fg\": 256}}}",
         "mine:1:37: role 'time': 'fg' must be a number from 0 to 255, \"#rrggbb\", both as "
         "[number, \"#rrggbb\"], or \"default\"",
         1, 37},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"bg\": -1}}}",
         "mine:1:37: role 'time': 'bg' must be a number from 0 to 255, \"#rrggbb\", both as "
         "[number, \"#rrggbb\"], or \"default\"",
         1, 37},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"fg\": 1.5}}}",
         "mine:1:37: role 'time': 'fg' must be a number from 0 to 255, \"#rrggbb\", both as "
         "[number, \"#rrggbb\"], or \"default\"",
         1, 37},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"fg\": \"red\"}}}",
         "mine:1:37: role 'time': 'fg' must be a number from 0 to 255, \"#rrggbb\", both as "
         "[number, \"#rrggbb\"], or \"default\"",
         1, 37},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"bold\": 1}}}",
         "mine:1:37: role 'time': 'bold' must be true or false", 1, 37},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"mono\": \"bold revers\"}}}",
         "mine:1:37: role 'time': unknown attribute 'revers', did you mean 'reverse'?", 1, 37},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"mono\": true}}}",
         "mine:1:37: role 'time': 'mono' must be a text such as \"bold reverse\"", 1, 37},
        {"{\"base\": \"dark\", \"roles\": {\"time\": 7}}",
         "mine:1:28: role 'time': must be an object such as {\"fg\": 250, \"bold\": true}", 1, 28},
        {"{\"base\": \"dark\", \"rolls\": {}}",
         "mine:1:18: unknown key 'rolls', did you mean 'roles'?", 1, 18},
        {"{\"base\": \"dark\", \"roles\": []}", "mine:1:18: 'roles' must be an object", 1, 18},
        {"{\"base\": \"dark\", \"dark\": \"yes\"}", "mine:1:18: 'dark' must be true or false", 1,
         18},
        {"{\"base\": 1}", "mine:1:2: 'base' must be the name of a theme", 1, 2},
        {"{\"base\": \"absent\"}", "mine:1:2: there is no theme 'absent' to stand on", 1, 2},
        {"{\"base\": \"circle\"}",
         "circle:1:2: themes stand on each other in a circle, or too deep", 1, 2},
        {"{\"base\": \"broken\"}",
         "broken:3:20: role 'time': 'fg' must be a number from 0 to 255, \"#rrggbb\", both as "
         "[number, \"#rrggbb\"], or \"default\"",
         3, 20},
        {"{\"base\": \"dark\", \"roles\": {\"time\": {\"fg\": [7, \"#12345\"]}}}",
         "mine:1:37: role 'time': 'fg' must be a number from 0 to 255, \"#rrggbb\", both as "
         "[number, \"#rrggbb\"], or \"default\"",
         1, 37},
        {"{\"base\": \"dark\",\n  \"colors\": 8}", "mine:2:3: 'colors' must be 256, 16 or 0", 2, 3},
        {"{\"base\": \"dark\",\n  \"about\": 8}", "mine:2:3: 'about' must be a text", 2, 3},
        {"{\"base\": \"dark\", \"colors\": 16}",
         "mine: role 'text': there is no colour 252 among the 16 of 'colors'", 0, 0},
        {"[]", "mine: a theme must be a JSON object", 0, 0},
        {"{}",
         "mine: role 'text' is missing, and 81 more (name a \"base\" to give only what differs)", 0,
         0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Theme theme = {.name = "untouched"};
        Err err = err_none();
        assert_false(theme_read(sv(rows[i].text), "mine", find_in_library, NULL, &theme, &err));
        assert_string_equal(err.text, rows[i].error);
        assert_int_equal(err.line, rows[i].line);
        assert_int_equal(err.column, rows[i].column);
        assert_string_equal(theme.name, "untouched");
        assert_false(theme_read(sv(rows[i].text), "mine", NULL, NULL, &theme, NULL));
    }
    Theme theme;
    Err err = err_none();
    assert_false(theme_read(SV("{\n oops"), "mine", NULL, NULL, &theme, &err));
    assert_int_equal(err.line, 2);
}

/* Every start of a theme file is refused, none is fatal. */
static void test_every_cut(void **state)
{
    (void)state;
    StrBuf text = {0};
    assert_true(find_shipped(NULL, "dark", "", &text));
    StrView whole = sv_trim(strbuf_view(&text));
    for (size_t len = 0; len < whole.len; len += 7) {
        Theme theme;
        Err err = err_none();
        assert_false(theme_read(sv_slice(whole, 0, len), "cut", NULL, NULL, &theme, &err));
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
    assert_true(find_shipped(NULL, "dark", "", &text));
    size_t at = sv_find(strbuf_view(&text), SV("        \"mark\""));
    assert_true(at != SIZE_MAX);
    size_t len = sv_find_char(sv_slice(strbuf_view(&text), at, SIZE_MAX), '\n') + 1;
    strbuf_replace(&text, at, len, SV(""));
    assert_false(theme_read(strbuf_view(&text), "dark", NULL, NULL, &theme, &err));
    assert_string_equal(err.text, "dark: role 'mark' is missing");
    strbuf_done(&text);
}

/* The page that says how to write one names every role, and its example is a theme. */
static void test_readme(void **state)
{
    (void)state;
    StrBuf text = {0};
    StrBuf quoted = {0};
    Theme theme;
    Err err = err_none();
    assert_true(embed_read_or_file(".", "themes/README.md", &text));
    for (int role = 0; role < ROLE_COUNT; role++) {
        if (role > ROLE_HIGHLIGHT_1 && role < ROLE_HIGHLIGHT_8) {
            continue; /* the first and the last are named */
        }
        strbuf_clear(&quoted);
        strbuf_printf(&quoted, "`%s`", role_name((Role)role));
        if (sv_find(strbuf_view(&text), strbuf_view(&quoted)) == SIZE_MAX) {
            fail_msg("themes/README.md does not name the role %s", quoted.ptr);
        }
    }
    size_t start = sv_find(strbuf_view(&text), SV("```json\n"));
    assert_true(start != SIZE_MAX);
    StrView example = sv_slice(strbuf_view(&text), start + strlen("```json\n"), SIZE_MAX);
    example = sv_slice(example, 0, sv_find(example, SV("```")));
    if (!theme_read(example, "example", find_shipped, NULL, &theme, &err)) {
        fail_msg("themes/README.md: %s", err.text);
    }
    assert_int_equal(theme.looks[ROLE_SELECTED].background, 17);
    strbuf_done(&quoted);
    strbuf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_role_names),
        cmocka_unit_test(test_base),
        cmocka_unit_test(test_exact_colors),
        cmocka_unit_test(test_no_colors),
        cmocka_unit_test(test_readme),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_one_missing_role),
    };
    return cmocka_run_group_tests_name("themes/theme", tests, NULL, NULL);
}
