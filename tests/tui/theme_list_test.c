/*
 * Which themes there are and which suits a terminal: the program's and the user's, in order, and
 * that a broken one is told and left out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/theme_list.h"

#define FILES_MAX 8

typedef struct Home {
    char path[64];
    StrBuf files[FILES_MAX];
    size_t file_count;
} Home;

static Home make_home(void)
{
    Home home = {.path = "/tmp/mdmscope-themes.XXXXXX"};
    StrBuf folder = {0};
    assert_non_null(mkdtemp(home.path));
    strbuf_printf(&folder, "%s/themes", home.path);
    assert_int_equal(mkdir(folder.ptr, 0700), 0);
    strbuf_done(&folder);
    return home;
}

static void put(Home *home, const char *name, const char *text)
{
    StrBuf *path = &home->files[home->file_count++];
    strbuf_printf(path, "%s/themes/%s", home->path, name);
    FILE *file = fopen(path->ptr, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void remove_home(Home *home)
{
    StrBuf folder = {0};
    for (size_t i = 0; i < home->file_count; i++) {
        assert_int_equal(unlink(home->files[i].ptr), 0);
        strbuf_done(&home->files[i]);
    }
    strbuf_printf(&folder, "%s/themes", home->path);
    assert_int_equal(rmdir(folder.ptr), 0);
    assert_int_equal(rmdir(home->path), 0);
    strbuf_done(&folder);
}

static const Theme *get(const ThemeList *list, const char *name)
{
    size_t place = theme_list_find(list, sv(name));
    assert_true(place != SIZE_MAX);
    return list->items[place];
}

static void the_order_is_steady(void **state)
{
    (void)state;
    ThemeList list;
    theme_list_load(&list, NULL, NULL);
    assert_true(list.count >= 8);
    assert_int_equal(list.complaints.len, 0);
    assert_string_equal(list.items[0]->name, "dark");
    assert_string_equal(list.items[1]->name, "light");
    for (size_t i = 3; i < list.count; i++) {
        assert_true(strcmp(list.items[i - 1]->name, list.items[i]->name) < 0);
    }
    assert_int_equal(theme_list_find(&list, SV("LIGHT")), 1);
    assert_int_equal(theme_list_find(&list, SV("lightest")), SIZE_MAX);
    theme_list_done(&list);
}

static void the_users_own_go_first(void **state)
{
    (void)state;
    Home home = make_home();
    ThemeList list;
    put(&home, "calm.json", "{\"base\": \"dark\", \"roles\": {\"text\": {\"fg\": 7}}}");
    /* stands on the program's of its own name */
    put(&home, "dark.json", "{\"base\": \"dark\", \"roles\": {\"time\": {\"fg\": 99}}}");
    put(&home, "odd.json", "{\"base\": \"calm\", \"roles\": {\"dim\": {\"fg\": 98}}}");
    put(&home, "notes.txt", "no theme");
    put(&home, ".json", "no theme");
    theme_list_load(&list, NULL, home.path);
    assert_int_equal(list.complaints.len, 0);
    assert_string_equal(list.items[0]->name, "dark");
    assert_int_equal(list.items[0]->looks[ROLE_TIME].foreground, 99);
    assert_int_equal(get(&list, "calm")->looks[ROLE_TEXT].foreground, 7);
    assert_int_equal(get(&list, "calm")->looks[ROLE_TIME].foreground, 99); /* on the user's dark */
    assert_int_equal(get(&list, "odd")->looks[ROLE_TEXT].foreground, 7);
    assert_int_equal(get(&list, "odd")->looks[ROLE_DIM].foreground, 98);
    assert_true(theme_list_find(&list, SV("notes")) == SIZE_MAX);
    theme_list_done(&list);
    remove_home(&home);
}

static void broken_ones_are_told_and_left_out(void **state)
{
    (void)state;
    Home home = make_home();
    StrBuf place = {0};
    ThemeList list;
    put(&home, "broken.json", "{\"base\": \"dark\",\n \"roles\": {\"time\": {\"fg\": 256}}}");
    put(&home, "light.json", "");
    put(&home, "loop.json", "{\"base\": \"loop\"}");
    put(&home, "good.json", "{\"base\": \"light\"}");
    theme_list_load(&list, NULL, home.path);
    StrView told = strbuf_view(&list.complaints);
    strbuf_printf(&place, "%s/themes/broken.json:2:21: role 'time': 'fg' must be", home.path);
    assert_true(sv_find(told, strbuf_view(&place)) != SIZE_MAX);
    assert_true(sv_find(told, SV("light.json': there is nothing in it\n")) != SIZE_MAX);
    assert_true(sv_find(told, SV("there is no theme 'loop' to stand on\n")) != SIZE_MAX);
    assert_true(theme_list_find(&list, SV("broken")) == SIZE_MAX);
    assert_false(get(&list, "light")->is_dark); /* the program's stays */
    assert_false(get(&list, "good")->is_dark);
    strbuf_done(&place);
    theme_list_done(&list);
    remove_home(&home);
}

/* A broken file below the data directory does not take the theme away. */
static void a_broken_data_file_is_passed_over(void **state)
{
    (void)state;
    Home home = make_home();
    ThemeList list;
    put(&home, "sixteen.json", "{");
    theme_list_load(&list, home.path, NULL);
    assert_int_equal(get(&list, "sixteen")->colors, 16);
    assert_true(sv_starts(strbuf_view(&list.complaints), SV("sixteen:1:")));
    theme_list_done(&list);
    remove_home(&home);
}

static void the_wanted_one_comes_first(void **state)
{
    (void)state;
    Home home = make_home();
    ThemeList list;
    Err err = err_none();
    put(&home, "calm.json", "{\"base\": \"dark\"}");
    put(&home, "dark.json", "{\"base\": \"dark\", \"roles\": {\"time\": {\"fg\": 99}}}");
    put(&home, "broken.json", "{\"base\": 1}");
    theme_list_load(&list, NULL, NULL);
    size_t count = list.count;
    assert_true(theme_list_begin_with(&list, "Sixteen", &err));
    assert_string_equal(list.items[0]->name, "sixteen");
    assert_string_equal(list.items[1]->name, "dark");
    assert_true(theme_list_begin_with(&list, home.files[0].ptr, &err));
    assert_string_equal(list.items[0]->name, "calm");
    assert_int_equal(list.count, count + 1);
    /* a file named like one that is there takes its place */
    assert_true(theme_list_begin_with(&list, home.files[1].ptr, &err));
    assert_string_equal(list.items[0]->name, "dark");
    assert_int_equal(list.items[0]->looks[ROLE_TIME].foreground, 99);
    assert_int_equal(list.count, count + 1);

    assert_false(theme_list_begin_with(&list, "drak", &err));
    assert_true(sv_starts(sv(err.text), SV("'drak' is none of dark, calm, sixteen, light, ")));
    assert_false(theme_list_begin_with(&list, home.files[2].ptr, &err));
    assert_true(sv_find(sv(err.text), SV("broken.json:1:2: 'base' must be")) != SIZE_MAX);
    assert_false(theme_list_begin_with(&list, "/nowhere/at/all.json", &err));
    assert_string_equal(err.text, "'/nowhere/at/all.json': No such file or directory");
    assert_string_equal(list.items[0]->name, "dark");
    theme_list_done(&list);
    remove_home(&home);
}

static void the_terminal_has_a_say(void **state)
{
    (void)state;
    static const struct {
        int count;
        const char *ground, *name;
    } ROWS[] = {
        {256, NULL, "dark"},      {256, "", "dark"},          {256, "15;0", "dark"},
        {256, "0;15", "light"},   {256, "0;default", "dark"}, {256, "0;7", "light"},
        {256, "15;8", "dark"},    {256, "0;1;15", "light"},   {256, "0;16", "dark"},
        {16777216, NULL, "dark"}, {88, NULL, "sixteen"},      {16, "0;15", "sixteen"},
        {8, NULL, "sixteen"},     {0, "0;15", "monochrome"},
    };
    ThemeList list;
    theme_list_load(&list, NULL, NULL);
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        const char *name = theme_list_likely((TerminalColors){ROWS[i].count, ROWS[i].ground});
        assert_string_equal(name, ROWS[i].name);
        assert_true(theme_list_find(&list, sv(name)) != SIZE_MAX);
    }
    theme_list_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_is_steady),
        cmocka_unit_test(the_users_own_go_first),
        cmocka_unit_test(broken_ones_are_told_and_left_out),
        cmocka_unit_test(a_broken_data_file_is_passed_over),
        cmocka_unit_test(the_wanted_one_comes_first),
        cmocka_unit_test(the_terminal_has_a_say),
    };
    return cmocka_run_group_tests_name("tui/theme_list", tests, NULL, NULL);
}
