/*
 * Tests of the configuration: where it is, what is taken of it and told of its faults, and that
 * saving changes only what has changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "session/config.h"
#include "tests/session/place.h"

/* --- where ------------------------------------------------------------------------------------ */

static void set_variable(const char *name, const char *value)
{
    assert_int_equal(value != NULL ? setenv(name, value, 1) : unsetenv(name), 0);
}

#ifdef __APPLE__
#define IN_HOME "/Library/Application Support/mdmscope"
#define STATE_IN_HOME IN_HOME "/state"
#else
#define IN_HOME "/.config/mdmscope"
#define STATE_IN_HOME "/.local/state/mdmscope"
#endif

static char *copy_variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL ? mem_dup(value, strlen(value)) : NULL;
}

/* Asks with a base directory and a home; `wanted` may be the end of the answer. */
static void check_path(bool (*ask)(StrBuf *, const char *), const char *const row[3],
                       const char *wanted)
{
    StrBuf path = {0};
    set_variable("XDG_CONFIG_HOME", row[0]);
    set_variable("XDG_STATE_HOME", row[0]);
    set_variable("HOME", row[1]);
    assert_true(ask(&path, row[2]));
    bool is_so = row[1] != NULL ? sv_equal(strbuf_view(&path), sv(wanted))
                                : sv_ends(strbuf_view(&path), sv(wanted));
    if (!is_so) {
        fail_msg("'%s', wanted '%s'", path.ptr, wanted);
    }
    strbuf_done(&path);
}

static void test_path(void **state)
{
    static const struct {
        const char *asked[3]; /* base, home, file */
        const char *config, *kept;
    } ROWS[] = {
        {{NULL, "/home/x", "a.json"},
         "/home/x" IN_HOME "/a.json",
         "/home/x" STATE_IN_HOME "/a.json"},
        {{NULL, "/home/x", NULL}, "/home/x" IN_HOME, "/home/x" STATE_IN_HOME},
        {{NULL, "/home/x", ""}, "/home/x" IN_HOME, "/home/x" STATE_IN_HOME},
        {{"/etc/x", "/home/x", "a.json"}, "/etc/x/mdmscope/a.json", "/etc/x/mdmscope/a.json"},
        /* a relative path is ignored */
        {{"etc/x", "/home/x", NULL}, "/home/x" IN_HOME, "/home/x" STATE_IN_HOME},
        {{"", "/home/x", NULL}, "/home/x" IN_HOME, "/home/x" STATE_IN_HOME},
        {{NULL, NULL, NULL}, IN_HOME, STATE_IN_HOME}, /* the home of the account */
    };
    static const char *const NAMES[] = {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"};
    char *old[ARRAY_LEN(NAMES)];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        old[i] = copy_variable(NAMES[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        check_path(config_path, ROWS[i].asked, ROWS[i].config);
        check_path(config_state_path, ROWS[i].asked, ROWS[i].kept);
    }
    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        set_variable(NAMES[i], old[i]);
        mem_free(old[i]);
    }
}

static void test_may_write(void **state)
{
    TestPlace place;
    Err err = err_none();
    (void)state;
    place_make(&place);
    assert_true(config_may_write(place.directory, "someone", &err));
    assert_true(config_may_write(place_path(&place, "not/yet/there"), "someone", &err));
    assert_true(config_may_write(place.directory, NULL, &err));
    assert_true(config_may_write("no-such-directory-here", "someone", &err));
    assert_true(config_may_write("", "someone", &err));
    assert_true(config_may_write("no-such-directory-here/below", "someone", &err));
    assert_false(config_may_write(place.directory, "_mbsetupuser", &err));
    assert_non_null(strstr(err.text, "nothing is saved: this is Setup Assistant"));
    place_put(&place, "file", "");
    assert_false(config_may_write(place_path(&place, "file/below"), "someone", &err));
    assert_non_null(strstr(err.text, "nothing is saved: "));
    if (geteuid() != 0) { /* root may write everywhere */
        assert_int_equal(chmod(place.directory, 0500), 0);
        assert_false(config_may_write(place_path(&place, "not/there"), "someone", &err));
        assert_int_equal(chmod(place.directory, 0700), 0);
    }
    place_remove(&place);
}

/* --- reading ---------------------------------------------------------------------------------- */

static const char BUILTIN[] =
    "{\"panes\": ["
    "{\"id\": \"one\", \"key\": \"1\", \"predicate\": \"processID == 1\"},"
    "{\"id\": \"two\", \"key\": \"2\", \"predicate\": \"processID == 2\"},"
    "{\"id\": \"three\", \"predicate\": \"processID == 3\"}]}";

static void read_builtin(PaneDefs *defs)
{
    Err err = err_none();
    *defs = (PaneDefs){.count = 0};
    assert_true(pane_defs_read(defs, sv(BUILTIN), "panes.json", &err));
}

/* Everything that a file gives: the panes as "id=predicate", the presets as "+name", the lines of
 * errors as "!line", with newlines behind them. */
static void describe(const char *path, StrBuf *buf)
{
    Config config;
    PaneDefs defs;
    Presets presets = {.count = 0};
    config_read(&config, path);
    read_builtin(&defs);
    config_take_panes(&config, &defs);
    config_take_presets(&config, &presets);
    strbuf_clear(buf);
    for (size_t i = 0; i < defs.count; i++) {
        strbuf_printf(buf, "%.*s=%.*s\n", SV_ARG(defs.items[i].id),
                      SV_ARG(defs.items[i].predicate));
    }
    for (size_t i = 0; i < presets.count; i++) {
        assert_true(presets.items[i].is_own);
        strbuf_printf(buf, "+%.*s\n", SV_ARG(presets.items[i].name));
    }
    for (size_t i = 0; i < config.error_count; i++) {
        strbuf_printf(buf, "!%.*s\n", SV_ARG(config.errors[i]));
    }
    presets_done(&presets);
    pane_defs_done(&defs);
    config_done(&config);
}

#define ONE "one=processID == 1\n"
#define TWO "two=processID == 2\n"
#define THREE "three=processID == 3\n"

static const struct {
    const char *text;
    const char *wanted; /* see describe; errors by their beginnings */
} READ_ROWS[] = {
    {"", ONE TWO THREE},
    {" \n", ONE TWO THREE},
    {"{}", ONE TWO THREE},
    {"[]", ONE TWO THREE "!config.json: must be a map"},
    {"{\n\"panes\": [\n}", ONE TWO THREE "!config.json:3:1: "},
    {"{\n\"panez\": [],\n\"other\": 1}",
     ONE TWO THREE "!config.json:2:1: unknown member 'panez', did you mean 'panes'?\n"
                   "!config.json:3:1: unknown member 'other'\n"},
    {"{\"panes\": 1,\n\"presets\": {}}",
     ONE TWO THREE "!config.json:1:2: 'panes' must be a list\n"
                   "!config.json:2:1: 'presets' must be a list\n"},
    /* a new one, and one that replaces */
    {"{\"panes\": [{\"id\": \"mine\", \"predicate\": \"processID == 9\"},"
     " {\"id\": \"TWO\", \"predicate\": \"processID == 8\"}]}",
     ONE "TWO=processID == 8\n" THREE "mine=processID == 9\n"},
    /* what is faulty costs nothing else */
    {"{\"panes\": [\n{\"id\": \"bad\", \"predicate\": \"proces == 1\"},\n"
     "{\"id\": \"worse\",\n\"colour\": \"red\",\n\"predicate\": \"processID == 1\"},\n"
     "{\"id\": \"mine\", \"predicate\": \"processID == 9\"}],\n"
     "\"presets\": [\n{\"name\": \"a\", \"predicate\": \"processID == 1\"},\n{\"name\": "
     "\"b\"},\n{\"name\": \"d\",\n\"colour\": 1},\n"
     "{\"name\": \"c\", \"predicate\": \"processID == 3\"}]}",
     ONE TWO THREE "mine=processID == 9\n+a\n+c\n"
                   "!config.json:2:1: predicate of pane 'bad': \n"
                   "!config.json:4:1: pane 'worse': unknown member 'colour'\n"
                   "!config.json:9:1: preset 'b': 'predicate' is missing\n"
                   "!config.json:11:1: preset 'd': unknown member 'colour'\n"},
    /* order, keys, closed ones */
    {"{\"pane_order\": [\"three\", \"ONE\"]}", THREE ONE TWO},
    {"{\"pane_order\": [\"three\", \"three\", \"nine\", 7]}",
     THREE ONE TWO "!config.json:1:35: pane_order: there is no pane 'nine'\n"
                   "!config.json:1:43: pane_order: there is no pane '?'\n"},
    {"{\"panes\": [{\"id\": \"mine\", \"key\": \"2\", \"predicate\": \"processID == 9\"}]}",
     ONE "mine=processID == 9\n" TWO THREE},
    {"{\"panes\": [{\"id\": \"mine\", \"key\": \"9\", \"predicate\": \"processID == 9\"}]}",
     ONE TWO THREE "mine=processID == 9\n"},
    {"{\"panes\": [{\"id\": \"mine\", \"key\": \"1\", \"predicate\": \"processID == 9\"}],"
     " \"pane_order\": [\"one\", \"mine\"]}",
     ONE "mine=processID == 9\n" TWO THREE},
    {"{\"pane_closed\": [\"two\", \"nine\"]}",
     ONE THREE "!config.json:1:25: pane_closed: there is no pane 'nine'\n"},
    {"{\"pane_closed\": [\"two\", \"one\", \"three\"]}",
     THREE "!config.json:1:32: pane_closed: one pane has to stay\n"},
};

/* Lines of errors need only begin as wanted: the rest is other modules' words. */
static bool is_as_wanted(StrView got, StrView wanted)
{
    StrView got_line, wanted_line;
    while (sv_next_line(&wanted, &wanted_line)) {
        if (!sv_next_line(&got, &got_line) || wanted_line.len == 0 ||
            !(wanted_line.ptr[0] == '!' ? sv_starts(got_line, wanted_line)
                                        : sv_equal(got_line, wanted_line))) {
            return false;
        }
    }
    return got.len == 0;
}

static void test_read(void **state)
{
    TestPlace place;
    StrBuf got = {0};
    (void)state;
    place_make(&place);
    for (size_t i = 0; i < ARRAY_LEN(READ_ROWS); i++) {
        place_put(&place, CONFIG_FILE, READ_ROWS[i].text);
        describe(place_path(&place, CONFIG_FILE), &got);
        if (!is_as_wanted(strbuf_view(&got), sv(READ_ROWS[i].wanted))) {
            fail_msg("%s\ngives\n%s\nwanted\n%s", READ_ROWS[i].text, got.ptr, READ_ROWS[i].wanted);
        }
    }
    describe(place_path(&place, "none.json"), &got);
    assert_string_equal(got.ptr, ONE TWO THREE);
    describe(NULL, &got);
    assert_string_equal(got.ptr, ONE TWO THREE);
    assert_int_equal(unlink(place_path(&place, CONFIG_FILE)), 0);
    assert_int_equal(mkdir(place_path(&place, CONFIG_FILE), 0700), 0);
    describe(place_path(&place, CONFIG_FILE), &got);
    assert_true(is_as_wanted(strbuf_view(&got), SV(ONE TWO THREE "!")));
    strbuf_done(&got);
    place_remove(&place);
}

/* --- saving panes ----------------------------------------------------------------------------- */

static const PaneDef MINE = {.id = {"mine", 4},
                             .title = {"Mine \"1\"", 8},
                             .help = {"", 0},
                             .predicate = {"processID == 9\nOR processID == 10", 33}};

/* Saves `order`, ids of the built-in panes ("one") and MINE, over `text`; gives the file. */
static bool save_panes(TestPlace *place, const char *text, const char *order, StrBuf *ret_text,
                       Err *err)
{
    PaneDefs builtin;
    PaneDef panes[8];
    size_t count = 0;
    StrView rest = sv(order), id;
    read_builtin(&builtin);
    while (sv_next_line(&rest, &id)) {
        const PaneDef *def = pane_defs_find(&builtin, id);
        panes[count++] = def != NULL ? *def : MINE;
        if (def == NULL && sv_equal(id, SV("two*"))) {
            panes[count - 1] = *pane_defs_find(&builtin, SV("two"));
            panes[count - 1].title = SV("Second");
        }
    }
    if (text != NULL) {
        place_put(place, CONFIG_FILE, text);
    } else {
        (void)unlink(place_path(place, CONFIG_FILE)); /* may be absent */
    }
    bool is_good = config_save_panes(place_path(place, CONFIG_FILE), &builtin, panes, count, err);
    (void)place_get(place, CONFIG_FILE, ret_text);
    pane_defs_done(&builtin);
    return is_good;
}

#define SAVED_MINE                                                                                 \
    "[\n    {\n      \"id\": \"mine\",\n      \"title\": \"Mine \\\"1\\\"\",\n"                    \
    "      \"predicate\": [\n        \"processID == 9\",\n        \"OR processID == 10\"\n      "  \
    "]\n    }\n  ]"

static void test_save_panes(void **state)
{
    static const struct {
        const char *text, *order, *wanted;
    } ROWS[] = {
        {NULL, "one\ntwo\nthree", "{\n  \"pane_order\": [\"one\", \"two\", \"three\"]\n}\n"},
        {"", "one\ntwo\nthree", "{\n  \"pane_order\": [\"one\", \"two\", \"three\"]\n}\n"},
        {"{}", "three\none",
         "{\n  \"pane_order\": [\"three\", \"one\"],\n  \"pane_closed\": [\"two\"]\n}"},
        {NULL, "mine\none\ntwo\nthree",
         "{\n  \"panes\": " SAVED_MINE ",\n"
         "  \"pane_order\": [\"mine\", \"one\", \"two\", \"three\"]\n}\n"},
        {NULL, "one\ntwo*\nthree",
         "{\n  \"panes\": [\n    {\n      \"id\": \"two\",\n      \"title\": \"Second\",\n"
         "      \"predicate\": \"processID == 2\"\n    }\n  ],\n"
         "  \"pane_order\": [\"one\", \"two\", \"three\"]\n}\n"},
        /* the other members stay as they are, byte for byte */
        {" { \"x\" : { \"a\":[1, \"}\\\"]\"] } , \"panes\" : [] ,\t\"pane_closed\":[\"one\"],\n"
         "\"y\":-1.5e3}  \n",
         "one\nmine\nthree",
         " { \"x\" : { \"a\":[1, \"}\\\"]\"] } , \"panes\" : " SAVED_MINE
         " ,\t\"pane_closed\":[\"two\"],\n"
         "\"y\":-1.5e3,\n  \"pane_order\": [\"one\", \"mine\", \"three\"]}  \n"},
        {"{\"pane_closed\": [\"one\"]}", "one\ntwo\nthree",
         "{\"pane_closed\": [],\n  \"pane_order\": [\"one\", \"two\", \"three\"]}"},
    };
    TestPlace place;
    StrBuf text = {0};
    (void)state;
    place_make(&place);
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Err err = err_none();
        if (!save_panes(&place, ROWS[i].text, ROWS[i].order, &text, &err)) {
            fail_msg("row %zu: %s", i, err.text);
        }
        assert_string_equal(text.ptr, ROWS[i].wanted);
        assert_int_equal(place_mode(&place, CONFIG_FILE), 0600);
    }
    strbuf_done(&text);
    place_remove(&place);
}

static void test_save_round_trip(void **state)
{
    TestPlace place;
    Err err = err_none();
    StrBuf text = {0};
    (void)state;
    place_make(&place);
    assert_true(save_panes(&place, NULL, "mine\nthree\ntwo", &text, &err));
    describe(place_path(&place, CONFIG_FILE), &text);
    assert_string_equal(text.ptr, "mine=processID == 9\nOR processID == 10\n" THREE TWO);
    strbuf_done(&text);
    place_remove(&place);
}

/* What cannot be understood is not overwritten. */
static void test_save_refused(void **state)
{
    static const struct {
        const char *text, *words;
    } ROWS[] = {
        {"{\"panes\": [}", "the configuration is left as it is: config.json:1:12: "},
        {"[]", "config.json: must be a map"},
        {"{\"panes\": 7}", "'panes' must be a list"},
        {"{\"panes\": [{\"id\": \"x\", \"predicate\": \"proces == 1\"}]}",
         "left as it is: config.json:1:12: predicate of pane 'x'"},
    };
    TestPlace place;
    StrBuf text = {0};
    (void)state;
    place_make(&place);
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Err err = err_none();
        assert_false(save_panes(&place, ROWS[i].text, "one", &text, &err));
        if (strstr(err.text, ROWS[i].words) == NULL) {
            fail_msg("'%s', wanted '%s'", err.text, ROWS[i].words);
        }
        assert_string_equal(text.ptr, ROWS[i].text);
    }
    strbuf_done(&text);
    place_remove(&place);
}

/* --- saving presets --------------------------------------------------------------------------- */

#define SAVED(name)                                                                                \
    "{\n      \"name\": \"" name "\",\n      \"predicate\": \"processID == 1\"\n    }"

static void test_save_presets(void **state)
{
    static const struct {
        const char *text;
        const char *put; /* name of the preset that is put; NULL: */
        const char *cut; /* of the one that is taken out */
        const char *wanted;
    } ROWS[] = {
        {NULL, "a", NULL, "{\n  \"presets\": [\n    " SAVED("a") "\n  ]\n}\n"},
        {"{\"presets\": [\n    {\"name\": \"b\"}\n  ], \"x\": 1}", "a", NULL,
         "{\"presets\": [\n    {\"name\": \"b\"},\n    " SAVED("a") "\n  ], \"x\": 1}"},
        {"{\"presets\": [{\"name\": \"A\", \"x\": 1}, {\"name\": \"b\"}]}", "a", NULL,
         "{\"presets\": [" SAVED("a") ", {\"name\": \"b\"}]}"},
        {"{\"presets\": [{\"name\": \"a\"}, {\"name\": \"b\"}, {\"name\": \"c\"}]}", NULL, "a",
         "{\"presets\": [{\"name\": \"b\"}, {\"name\": \"c\"}]}"},
        {"{\"presets\": [{\"name\": \"a\"}, {\"name\": \"b\"}, {\"name\": \"c\"}]}", NULL, "B",
         "{\"presets\": [{\"name\": \"a\"}, {\"name\": \"c\"}]}"},
        {"{\"presets\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}", NULL, "b",
         "{\"presets\": [{\"name\": \"a\"}]}"},
        {"{\"presets\": [{\"name\": \"a\"}]}", NULL, "a", "{\"presets\": []}"},
        {"{\"presets\": [{\"name\": \"a\"}]}", NULL, "z", "{\"presets\": [{\"name\": \"a\"}]}"},
        {"{}", NULL, "z", "{}"},
    };
    TestPlace place;
    StrBuf text = {0};
    (void)state;
    place_make(&place);
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Err err = err_none();
        if (ROWS[i].text != NULL) {
            place_put(&place, CONFIG_FILE, ROWS[i].text);
        }
        const char *path = place_path(&place, CONFIG_FILE);
        Preset preset = {.name = sv(ROWS[i].put), .predicate = SV("processID == 1")};
        bool is_good = ROWS[i].put != NULL ? config_save_preset(path, &preset, &err)
                                           : config_remove_preset(path, sv(ROWS[i].cut), &err);
        if (!is_good) {
            fail_msg("row %zu: %s", i, err.text);
        }
        assert_string_equal(place_get(&place, CONFIG_FILE, &text), ROWS[i].wanted);
    }
    Err err = err_none();
    Preset preset = {.name = SV("a"), .predicate = SV("processID == 1")};
    place_put(&place, CONFIG_FILE, "{\"presets\": 1}");
    assert_false(config_save_preset(place_path(&place, CONFIG_FILE), &preset, &err));
    assert_non_null(strstr(err.text, "'presets' must be a list"));
    assert_string_equal(place_get(&place, CONFIG_FILE, &text), "{\"presets\": 1}");
    strbuf_done(&text);
    place_remove(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path),         cmocka_unit_test(test_may_write),
        cmocka_unit_test(test_read),         cmocka_unit_test(test_save_panes),
        cmocka_unit_test(test_save_refused), cmocka_unit_test(test_save_round_trip),
        cmocka_unit_test(test_save_presets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
