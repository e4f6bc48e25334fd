/*
 * Tests of the settings: the defaults, what is read of each kind of value, what is told of faults
 * and where, what goes before what, and that what is printed is read as the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "session/config_print.h"
#include "session/headless.h"
#include "session/settings.h"
#include "session/store.h"
#include "tests/session/place.h"

/* --- reading ---------------------------------------------------------------------------------- */

static void read_text(TestPlace *place, const char *text, Config *ret_config,
                      Settings *ret_settings)
{
    place_put(place, CONFIG_FILE, text);
    config_read(ret_config, place_path(place, CONFIG_FILE));
    *ret_settings = settings_default();
    settings_take(ret_settings, ret_config);
}

/* The settings as they are printed, without "about". */
static void print(const Settings *settings, StrBuf *buf)
{
    strbuf_clear(buf);
    settings_print(settings, buf);
    size_t end = sv_find(strbuf_view(buf), SV("\n  },\n"));
    assert_true(end != SIZE_MAX);
    strbuf_replace(buf, 0, end + 6, SV(""));
}

#define DEFAULTS_TO_DIGITS                                                                         \
    "  \"theme\": null,\n  \"buffer\": \"256M\",\n  \"mouse\": true,\n  \"plain\": false,\n"       \
    "  \"hint\": true,\n  \"digits\": \"panes\",\n"
#define DEFAULTS_FROM_TIME                                                                         \
    "  \"time\": \"clock\",\n  \"line\": \"usual\",\n  \"wrap\": false,\n  \"fold\": false,\n"     \
    "  \"noise\": true,\n  \"gap\": \"30s\",\n  \"highlights\": [],\n  \"start\": [],\n"           \
    "  \"redaction\": {\n    \"rules\": [],\n    \"keep\": []\n  },\n"
#define DEFAULTS DEFAULTS_TO_DIGITS "  \"keys\": {},\n  \"columns\": {},\n" DEFAULTS_FROM_TIME

static void test_defaults(void **state)
{
    StrBuf text = {0};
    (void)state;
    Settings settings = settings_default();
    print(&settings, &text);
    assert_string_equal(text.ptr, DEFAULTS);
    assert_true(settings.buffer_bytes == STORE_DEFAULT_BYTES);
    assert_true(settings.gap_ns == 30 * NS_PER_SECOND);
    strbuf_done(&text);
}

static const char ALL[] =
    "{\n"
    "\"about\": {\"anything\": 1},\n"
    "\"theme\": \"light\",\n"
    "\"buffer\": \"2G\",\n"
    "\"mouse\": false, \"plain\": true, \"hint\": false,\n"
    "\"digits\": \"counts\",\n"
    "\"keys\": {\"C-w v\": \"split-side\", \"X\": \"\", \"detail\": {\"j\": \" goto -5m \"},\n"
    "         \"F5\": \"restart\"},\n"
    "\"columns\": {\"default\": [\"time:12\", \"message\"], \"mdmclient\": [\"message\"]},\n"
    "\"time\": \"delta\", \"line\": \"compact\", \"wrap\": true, \"fold\": true,\n"
    "\"noise\": false, \"gap\": \"90s\",\n"
    "\"highlights\": [\"a\", \"b\"], \"start\": [\"theme light\"],\n"
    "\"redaction\": {\"rules\": [{\"name\": \"asset\", \"regex\": \"AT-[0-9]{6}\"},\n"
    "  \"user-channel\", {\"name\": \"phone\", \"on\": false}], \"keep\": [\"*.corp.example\"]}}";

static const char ALL_PRINTED[] =
    "  \"theme\": \"light\",\n  \"buffer\": \"2G\",\n  \"mouse\": false,\n  \"plain\": true,\n"
    "  \"hint\": false,\n  \"digits\": \"counts\",\n"
    "  \"keys\": {\n    \"C-w v\": \"split-side\",\n    \"X\": \"\",\n"
    "    \"detail\": {\n      \"j\": \"goto -5m\"\n    },\n    \"F5\": \"restart\"\n  },\n"
    "  \"columns\": {\n    \"default\": [\"time:12\", \"message\"],\n"
    "    \"mdmclient\": [\"message\"]\n  },\n"
    "  \"time\": \"delta\",\n  \"line\": \"compact\",\n  \"wrap\": true,\n  \"fold\": true,\n"
    "  \"noise\": false,\n  \"gap\": \"90s\",\n  \"highlights\": [\"a\", \"b\"],\n"
    "  \"start\": [\"theme light\"],\n"
    "  \"redaction\": {\n    \"rules\": [\n"
    "      {\"name\": \"asset\", \"regex\": \"AT-[0-9]{6}\", \"placeholder\": \"asset\"},\n"
    "      {\"name\": \"user-channel\", \"on\": true},\n"
    "      {\"name\": \"phone\", \"on\": false}\n    ],\n"
    "    \"keep\": [\"*.corp.example\"]\n  },\n";

static void test_all(void **state)
{
    TestPlace place;
    Config config;
    Settings settings;
    StrBuf text = {0};
    (void)state;
    place_make(&place);
    read_text(&place, ALL, &config, &settings);
    assert_int_equal(config.error_count, 0);
    print(&settings, &text);
    assert_string_equal(text.ptr, ALL_PRINTED);
    assert_int_equal(settings.key_count, 4);
    assert_null(settings.keys[0].mode.ptr);
    assert_true(sv_equal(settings.keys[2].mode, SV("detail")));
    assert_int_equal(settings.keys[2].place.line, 7);
    assert_int_equal(settings.keys[2].place.column, 53);
    assert_int_equal(settings.theme.place.line, 3);
    assert_int_equal(settings.highlights.items[1].place.column, 21);
    assert_int_equal(settings.columns[0].columns.items[1].place.column, 36);
    assert_true(settings_columns(&settings, SV("MDMclient")) == &settings.columns[1]);
    assert_true(settings_columns(&settings, SV("other")) == &settings.columns[0]);
    config_done(&config);
    read_text(&place, "{}", &config, &settings);
    assert_null(settings_columns(&settings, SV("other")));
    config_done(&config);
    strbuf_done(&text);
    place_remove(&place);
}

/* A text and the lines it is refused with; nothing else is changed by it. */
static const char *const FAULTS[][2] = {
    {"{\n \"thema\": 1}", "config.json:2:2: unknown member 'thema', did you mean 'theme'?\n"},
    {"{\"theme\": 1}", "config.json:1:2: 'theme' must be a text\n"},
    {"{\"theme\": null, \"keys\": null, \"mouse\": null}", ""},
    {"{\"buffer\": \"1K\"}", "config.json:1:2: 'buffer': '1K' is too small, 1M is the least\n"},
    {"{\"buffer\": 256}", "config.json:1:2: 'buffer' must be a text\n"},
    {"{\"buffer\": \"9X\"}", "config.json:1:2: 'buffer': '9X' is no size; use 64M or 1G\n"},
    {"{\"mouse\": \"no\"}", "config.json:1:2: 'mouse' must be true or false\n"},
    {"{\"digits\": \"pane\"}", "config.json:1:2: 'digits': no 'pane' among \"panes\", \"counts\", "
                               "did you mean 'panes'?\n"},
    {"{\"digits\": 7}", "config.json:1:2: 'digits' must be one of \"panes\", \"counts\"\n"},
    {"{\"line\": \"long\"}",
     "config.json:1:2: 'line' must be one of \"usual\", \"wide\", \"compact\"\n"},
    {"{\"gap\": \"soon\"}", "config.json:1:2: 'gap': "},
    {"{\"gap\": \"-5s\"}", "config.json:1:2: 'gap': "},
    {"{\"gap\": 30}", "config.json:1:2: 'gap' must be a text\n"},
    {"{\"keys\": []}", "config.json:1:2: 'keys' must be a map: {…}\n"},
    {"{\"keys\": {\n\"j\": 1,\n  \"detail\": {\"k\": []}}}",
     "config.json:2:1: 'keys': the command of 'j' must be a text\n"
     "config.json:3:14: 'keys': the command of 'k' must be a text\n"},
    {"{\"columns\": [\"time\"]}", "config.json:1:2: 'columns' must be a map: {…}\n"},
    {"{\"columns\": {\"all\": \"time\"}}", "config.json:1:14: 'all' must be a list of texts\n"},
    {"{\"columns\": {\"all\":\n[1, \" \"]}}", "config.json:2:2: 'all': here a text is wanted\n"
                                              "config.json:2:5: 'all': here a text is wanted\n"},
    {"{\"redaction\": []}", "config.json:1:2: 'redaction': it must be a map: {…}\n"},
    {"{\"redaction\": {\"rule\": []}}", "config.json:1:16: 'redaction': no member 'rule' here\n"},
    {"{\"redaction\": {\"rules\": {}}}", "config.json:1:16: 'redaction': 'rules' must be a list\n"},
    {"{\"redaction\": {\"rules\": [\n \"serail\"]}}",
     "config.json:2:2: 'redaction': no rule 'serail', did you mean 'serial'?\n"},
    {"{\"redaction\": {\"rules\": [\n {\"name\": \"asset\",\n  \"regex\": \"AT-[0-9\"}]}}",
     "config.json:3:3: 'redaction': rule 'asset': "},
    {"{\"redaction\": {\"rules\": [{\"regex\": \"x\"}, {\"name\": \"a\", \"regexp\": \"x\"}]}}",
     "config.json:1:26: 'redaction': a rule is {\"name\": …, \"regex\": …}\n"
     "config.json:1:56: 'redaction': no member 'regexp' here\n"},
    {"{\"redaction\": {\"keep\": [1]}}", "config.json:1:25: 'redaction': here a text is wanted\n"},
    {"{\"start\": {}}", "config.json:1:2: 'start' must be a list of texts\n"},
};

static void test_faults(void **state)
{
    TestPlace place;
    StrBuf got = {0};
    (void)state;
    place_make(&place);
    for (size_t i = 0; i < ARRAY_LEN(FAULTS); i++) {
        Config config;
        Settings settings;
        read_text(&place, FAULTS[i][0], &config, &settings);
        strbuf_clear(&got);
        strbuf_add_str(&got, "");
        for (size_t k = 0; k < config.error_count; k++) {
            strbuf_printf(&got, "%.*s\n", SV_ARG(config.errors[k]));
        }
        bool is_whole = sv_ends(sv(FAULTS[i][1]), SV("\n")) || FAULTS[i][1][0] == '\0';
        if (is_whole ? !sv_equal(strbuf_view(&got), sv(FAULTS[i][1]))
                     : !sv_starts(strbuf_view(&got), sv(FAULTS[i][1]))) {
            fail_msg("%s\ngives\n%s\nwanted\n%s", FAULTS[i][0], got.ptr, FAULTS[i][1]);
        }
        print(&settings, &got);
        assert_string_equal(got.ptr, DEFAULTS);
        config_done(&config);
    }
    strbuf_done(&got);
    place_remove(&place);
}

/* What is wrong with one member costs nothing else. */
static void test_the_rest_is_taken(void **state)
{
    TestPlace place;
    Config config;
    Settings settings;
    (void)state;
    place_make(&place);
    read_text(&place,
              "{\"mouse\": 1, \"wrap\": true, \"keys\": {\"a\": 1, \"b\": \"quit\"},\n"
              "\"highlights\": [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\"]}",
              &config, &settings);
    assert_true(settings.mouse);
    assert_true(settings.wrap);
    assert_int_equal(settings.key_count, 1);
    assert_true(sv_equal(settings.keys[0].keys, SV("b")));
    assert_int_equal(settings.highlights.count, 8);
    assert_int_equal(config.error_count, 3);
    assert_true(sv_equal(config.errors[2], SV("config.json:2:48: 'highlights': 8 are the most")));
    config_done(&config);
    place_remove(&place);
}

static void test_too_many(void **state)
{
    TestPlace place;
    Config config;
    Settings settings;
    StrBuf text = {0};
    (void)state;
    place_make(&place);
    strbuf_add_str(&text, "{\"keys\": {\"x\": {");
    for (int i = 0; i <= SETTINGS_MAX_KEYS; i++) {
        strbuf_printf(&text, "%s\"%d\": \"quit\"", i > 0 ? "," : "", i);
    }
    strbuf_add_str(&text, "}}, \"columns\": {");
    for (int i = 0; i <= SETTINGS_MAX_COLUMN_LISTS; i++) {
        strbuf_printf(&text, "%s\"%d\": [\"time\"]", i > 0 ? "," : "", i);
    }
    strbuf_add_str(&text, "}}");
    read_text(&place, text.ptr, &config, &settings);
    assert_int_equal(settings.key_count, SETTINGS_MAX_KEYS);
    assert_int_equal(settings.column_count, SETTINGS_MAX_COLUMN_LISTS);
    assert_int_equal(config.error_count, 2);
    config_done(&config);
    strbuf_done(&text);
    place_remove(&place);
}

static void test_lengths_and_sizes(void **state)
{
    static const char *const ROWS[][3] = {
        {"gap", "0", "0s"},           {"gap", "250ms", "250ms"},
        {"gap", "120s", "2m"},        {"gap", "2h", "2h"},
        {"gap", "24h", "1d"},         {"buffer", "1024M", "1G"},
        {"buffer", "1025K", "1025K"}, {"buffer", "1048577", "1048577"},
    };
    TestPlace place;
    StrBuf text = {0}, wanted = {0};
    (void)state;
    place_make(&place);
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        Config config;
        Settings settings;
        strbuf_clear(&text);
        strbuf_printf(&text, "{\"%s\": \"%s\"}", ROWS[i][0], ROWS[i][1]);
        read_text(&place, text.ptr, &config, &settings);
        assert_int_equal(config.error_count, 0);
        print(&settings, &text);
        strbuf_clear(&wanted);
        strbuf_printf(&wanted, "  \"%s\": \"%s\",\n", ROWS[i][0], ROWS[i][2]);
        if (sv_find(strbuf_view(&text), strbuf_view(&wanted)) == SIZE_MAX) {
            fail_msg("%s is not in\n%s", wanted.ptr, text.ptr);
        }
        config_done(&config);
    }
    strbuf_done(&text);
    strbuf_done(&wanted);
    place_remove(&place);
}

/* No text that was cut or changed does harm, and what is taken of it can be printed. */
static void test_damaged(void **state)
{
    TestPlace place;
    StrBuf text = {0}, printed = {0};
    static const char BYTES[] = "\"1{[,:";
    (void)state;
    place_make(&place);
    strbuf_add_str(&text, ALL);
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        for (size_t k = 0; k < sizeof BYTES; k++) { /* the last one cuts it */
            Config config;
            Settings settings;
            text.ptr[i] = BYTES[k];
            read_text(&place, text.ptr, &config, &settings);
            print(&settings, &printed);
            assert_true(config.error_count > 0 || config.root != NULL || i == 0);
            config_done(&config);
        }
        text.ptr[i] = byte;
    }
    strbuf_done(&text);
    strbuf_done(&printed);
    place_remove(&place);
}

/* --- what goes before what -------------------------------------------------------------------- */

static void test_options_first(void **state)
{
    TestPlace place;
    Config config;
    Settings settings;
    Options options = {.theme = NULL};
    (void)state;
    place_make(&place);
    read_text(&place, "{\"theme\": \"light\", \"buffer\": \"64M\"}", &config, &settings);
    settings_take_options(&settings, &options);
    assert_true(sv_equal(settings.theme.text, SV("light")));
    assert_true(settings.buffer_bytes == 64 * MIB);
    assert_true(settings.mouse);
    assert_false(settings.plain);
    options = (Options){.theme = "dark",
                        .buffer_is_set = true,
                        .buffer_bytes = 8 * MIB,
                        .no_mouse = true,
                        .plain = true};
    settings_take_options(&settings, &options);
    assert_true(sv_equal(settings.theme.text, SV("dark")));
    assert_int_equal(settings.theme.place.line, 0);
    assert_true(settings.buffer_bytes == 8 * MIB);
    assert_false(settings.mouse);
    assert_true(settings.plain);
    config_done(&config);
    place_remove(&place);
}

/* --- printing --------------------------------------------------------------------------------- */

static int print_config(const char *path, const char *theme, StrBuf *ret_out, StrBuf *ret_errors)
{
    Options options = {.verb = VERB_PRINT_CONFIG, .config = path, .theme = theme};
    FILE *files[] = {tmpfile(), tmpfile()};
    StrBuf *texts[] = {ret_out, ret_errors};
    assert_non_null(files[0]);
    assert_non_null(files[1]);
    int status = config_print(&options, NULL, NULL, files[0], files[1]);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char chunk[4096];
        size_t got;
        rewind(files[i]);
        strbuf_clear(texts[i]);
        strbuf_add_str(texts[i], "");
        while ((got = fread(chunk, 1, sizeof chunk, files[i])) > 0) {
            strbuf_add(texts[i], sv_of(chunk, got));
        }
        assert_int_equal(fclose(files[i]), 0);
    }
    return status;
}

/* Print, read, print: the same. */
static void test_round_trip(void **state)
{
    static const char LISTS[] =
        ",\n\"panes\": [{\"id\": \"mine\", \"title\": \"M\", \"predicate\": \"processID == 9\"}],\n"
        "\"pane_order\": [\"mine\", \"all\"], \"pane_closed\": [\"errors\"],\n"
        "\"presets\": [{\"name\": \"p\", \"predicate\": \"processID == 1\", \"about\": \"x\"}]}";
    static const char *const WANTED[] = {
        "\"about\": {",         "\"pane_order\": [\"mine\", \"all\", ",
        "\"id\": \"mine\"",     "\"pane_closed\": [\"errors\"]",
        "\"name\": \"p\"",      "\"predicate\": \"processID == 1\"",
        "\"theme\": \"light\"", "\"digits\": \"counts\"",
    };
    TestPlace place;
    StrBuf text = {0}, first = {0}, second = {0}, errors = {0};
    (void)state;
    place_make(&place);
    strbuf_add(&text, sv_of(ALL, strlen(ALL) - 1));
    strbuf_add_str(&text, LISTS);
    for (size_t i = 0; i < 2; i++) {
        place_put(&place, CONFIG_FILE, i == 0 ? text.ptr : "");
        assert_int_equal(print_config(place_path(&place, CONFIG_FILE), NULL, &first, &errors),
                         EXIT_MATCHED);
        assert_string_equal(strbuf_view(&errors).ptr, "");
        for (size_t k = 0; i == 0 && k < ARRAY_LEN(WANTED); k++) {
            if (strstr(first.ptr, WANTED[k]) == NULL) {
                fail_msg("%s is not in\n%s", WANTED[k], first.ptr);
            }
        }
        place_put(&place, CONFIG_FILE, first.ptr);
        assert_int_equal(print_config(place_path(&place, CONFIG_FILE), NULL, &second, &errors),
                         EXIT_MATCHED);
        assert_string_equal(strbuf_view(&errors).ptr, "");
        assert_string_equal(second.ptr, first.ptr);
    }
    assert_int_equal(print_config(place_path(&place, CONFIG_FILE), "mono", &second, &errors),
                     EXIT_MATCHED);
    assert_non_null(strstr(second.ptr, "\"theme\": \"mono\""));
    strbuf_done(&text);
    strbuf_done(&first);
    strbuf_done(&second);
    strbuf_done(&errors);
    place_remove(&place);
}

static void test_print_faulty(void **state)
{
    TestPlace place;
    StrBuf out = {0}, errors = {0};
    (void)state;
    place_make(&place);
    place_put(&place, CONFIG_FILE, "{\"mouse\": 7,\n \"wrap\": true}");
    assert_int_equal(print_config(place_path(&place, CONFIG_FILE), NULL, &out, &errors),
                     EXIT_MATCHED);
    assert_string_equal(strbuf_view(&errors).ptr,
                        "mdmscope: config.json:1:2: 'mouse' must be true or false\n");
    assert_non_null(strstr(out.ptr, "\"wrap\": true"));
    place_put(&place, CONFIG_FILE, "{\"mouse\"");
    assert_int_equal(print_config(place_path(&place, CONFIG_FILE), NULL, &out, &errors),
                     EXIT_USAGE);
    assert_string_equal(strbuf_view(&out).ptr, "");
    assert_non_null(strstr(strbuf_view(&errors).ptr, "config.json:1:8: "));
    strbuf_done(&out);
    strbuf_done(&errors);
    place_remove(&place);
}

/* --- the manual ------------------------------------------------------------------------------- */

/* Every member is described in doc/config.md. */
static void test_documented(void **state)
{
    StrBuf text = {0};
    char chunk[4096];
    size_t got;
    FILE *file = fopen("doc/config.md", "r");
    (void)state;
    assert_non_null(file);
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) {
        strbuf_add(&text, sv_of(chunk, got));
    }
    assert_int_equal(fclose(file), 0);
    for (size_t i = 0; settings_name(i) != NULL; i++) {
        char row[64];
        (void)snprintf(row, sizeof row, "\n| `%s` |", settings_name(i));
        if (strstr(text.ptr, row) == NULL) {
            fail_msg("doc/config.md has no row for '%s'", settings_name(i));
        }
    }
    strbuf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),   cmocka_unit_test(test_all),
        cmocka_unit_test(test_faults),     cmocka_unit_test(test_the_rest_is_taken),
        cmocka_unit_test(test_too_many),   cmocka_unit_test(test_lengths_and_sizes),
        cmocka_unit_test(test_damaged),    cmocka_unit_test(test_options_first),
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_print_faulty),
        cmocka_unit_test(test_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
