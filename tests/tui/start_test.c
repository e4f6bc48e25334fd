/*
 * How the explorer begins, from outside: the commands of the start wait for entries, what has come
 * back is said, --fresh destroys nothing, and all that is wrong with the configuration can be seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/config.h"
#include "session/settings.h"
#include "tests/session/place.h"
#include "tui/explore.h"
#include "tui/settings_check.h"

#define CAPTURE "tests/data/tui/look.ndjson"
#define LOADED "clock:2026-09-09T00:10:00+0200 wait:loaded wait:idle "

typedef struct Run {
    StrBuf out, errors;
} Run;

static int set_up(void **state)
{
    static TestPlace place;

    place_make(&place);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    place_remove(*state);
    return 0;
}

static void read_back(FILE *file, StrBuf *ret)
{
    char chunk[4096];
    size_t got;

    rewind(file);
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) {
        strbuf_add(ret, sv_of(chunk, got));
    }
    assert_int_equal(fclose(file), 0);
}

/* Runs a script over the capture, with the config.json of the place. */
static Run run(TestPlace *place, bool fresh, const char *script)
{
    StrBuf config = {0};
    FILE *out = tmpfile();
    FILE *errors = tmpfile();
    Run ran = {.out = {0}};
    Options options = {.verb = VERB_EXPLORE,
                       .sources = {{.kind = SOURCE_FILE, .argument = CAPTURE}},
                       .source_count = 1,
                       .columns = 120,
                       .rows = 24,
                       .fresh = fresh,
                       .state_dir = place->directory,
                       .script = script};

    strbuf_printf(&config, "%s/" CONFIG_FILE, place->directory);
    options.config = config.ptr;
    assert_non_null(out);
    assert_non_null(errors);
    assert_int_equal(explore_run(&options, out, errors), 0);
    read_back(out, &ran.out);
    read_back(errors, &ran.errors);
    strbuf_done(&config);
    return ran;
}

static void run_done(Run *ran)
{
    strbuf_done(&ran->out);
    strbuf_done(&ran->errors);
}

static void assert_has(const StrBuf *text, const char *part)
{
    if (sv_find(strbuf_view(text), sv(part)) == SIZE_MAX) {
        print_message("%s\n", text->len > 0 ? text->ptr : "nothing");
        fail_msg("%s is not there", part);
    }
}

static void assert_lacks(const StrBuf *text, const char *part)
{
    if (sv_find(strbuf_view(text), sv(part)) != SIZE_MAX) {
        fail_msg("%s is there", part);
    }
}

/* A time can be gone to only where there are entries, and a digit is a pane's name. */
static void test_start(void **state)
{
    TestPlace *place = *state;

    place_put(place, CONFIG_FILE, "{\"start\": [\"split-side 3\", \"goto 23:55:10\"]}");
    Run ran = run(place, false, LOADED "frame");

    assert_lacks(&ran.out, "no entry here has a time");
    assert_has(&ran.out, "▌23:55:10");
    assert_has(&ran.out, "▸ mdmclient");
    assert_int_equal(ran.errors.len, 0);
    run_done(&ran);
}

static void test_start_waits_for_place(void **state)
{
    TestPlace *place = *state;

    place_put(place, CONFIG_FILE, "{}");
    Run ran = run(place, false, LOADED "j j j m q");

    run_done(&ran);
    place_put(place, CONFIG_FILE, "{\"start\": [\"goto 23:55:10\", \"close-window\"]}");
    ran = run(place, false, LOADED "frame q");
    assert_has(&ran.out, "▌23:55:10");
    assert_has(&ran.out, "as you left it: 1 mark, the place (--fresh begins without)");
    run_done(&ran);
}

/* Windows that came back are not opened again by the start: they would be more each time. */
static void test_start_and_windows(void **state)
{
    TestPlace *place = *state;

    place_put(place, CONFIG_FILE, "{\"start\": [\"split-side 3\"]}");
    for (int i = 0; i < 3; i++) {
        Run ran = run(place, false, LOADED "frame q");

        assert_lacks(&ran.out, "3 windows");
        if (i > 0) {
            assert_has(&ran.out, "as you left it: 2 windows (--fresh begins without)");
        }
        run_done(&ran);
    }
}

static void test_fresh(void **state)
{
    TestPlace *place = *state;

    place_put(place, CONFIG_FILE, "{\"start\": [\"wrap\", \"goto 23:55:10\"]}");
    Run ran = run(place, false, LOADED "m m q");

    run_done(&ran);
    ran = run(place, true, LOADED "frame q");
    assert_lacks(&ran.out, "as you left it");
    run_done(&ran);
    ran = run(place, false, LOADED "frame q");
    assert_has(&ran.out, "as you left it: 2 marks");
    run_done(&ran);
    ran = run(place, true, LOADED "m q");
    run_done(&ran);
    ran = run(place, false, LOADED "frame q");
    assert_has(&ran.out, "as you left it: 1 mark,");
    run_done(&ran);
}

static const char FAULTY[] =
    "{\"theme\": \"drak\", \"time\": \"dleta\",\n"
    "\"keys\": {\"F5\": \"restrat\", \"C-Foo\": \"quit\", \"z w\": \"wrap\", \"detial\": {\"q\": "
    "\"quit\"}},\n"
    "\"columns\": {\"default\": [\"time:12\", \"lvel\", \"message\"], \"mdmclient\": [\"nope\"]},\n"
    "\"highlights\": [\"(\", \"HTTP\"], \"start\": [\"split-sied 3\", \"wrap\"]}\n";

static const char *const FAULTS[] = {
    "config.json:1:19: 'time': no 'dleta'",
    "config.json:1:2: 'theme': 'drak' is none of dark",
    "config.json:2:10: key 'F5': no command is called 'restrat', did you mean 'restart'?",
    "config.json:2:27: key 'C-Foo': no key is called",
    "config.json:2:70: key 'q': no mode is called 'detial'",
    "config.json:3:36: unknown column 'lvel': did you mean 'level'?",
    "config.json:3:70: unknown column 'nope'",
    "config.json:4:16: 'highlights': missing closing parenthesis",
    "config.json:4:40: 'start': no command is called 'split-sied', did you mean 'split-side'?",
};

/* All are in the list and on standard error, the first is told. */
static void test_all_faults_are_told(void **state)
{
    TestPlace *place = *state;

    place_put(place, CONFIG_FILE, FAULTY);
    Run ran =
        run(place, false, LOADED "frame : \"config-errors\" Enter frame \"parenth\" Enter frame");

    assert_has(&ran.out, ":config-errors lists all 9 · config.json:1:19: 'time'");
    assert_has(&ran.out, "config.json:4:40 'start': no command is called 'split-sied'");
    assert_has(&ran.out, " config.json:4:16: 'highlights': missing closing parenthesis ");
    for (size_t i = 0; i < ARRAY_LEN(FAULTS); i++) {
        assert_has(&ran.errors, FAULTS[i]);
    }
    run_done(&ran);
}

/* What means nothing is taken out, and only that. */
static void test_check(void **state)
{
    TestPlace *place = *state;
    Config config;
    Settings settings = settings_default();
    ThemeList themes;
    StrBuf text = {0};

    place_put(place, CONFIG_FILE, FAULTY);
    strbuf_printf(&text, "%s/" CONFIG_FILE, place->directory);
    config_read(&config, text.ptr);
    settings_take(&settings, &config);
    theme_list_load(&themes, NULL, NULL);
    settings_check_theme(&settings, &config, &themes);
    settings_check(&settings, &config);
    assert_int_equal(config.error_count, ARRAY_LEN(FAULTS));
    for (size_t i = 0; i < ARRAY_LEN(FAULTS); i++) {
        assert_true(sv_starts(config.errors[i], sv(FAULTS[i])));
    }
    assert_null(settings.theme.text.ptr);
    assert_int_equal(settings.key_count, 1);
    assert_true(sv_equal(settings.keys[0].keys, SV("z w")));
    assert_int_equal(settings.column_count, 1);
    assert_int_equal(settings.columns[0].columns.count, 2);
    assert_int_equal(settings.highlights.count, 1);
    assert_int_equal(settings.start.count, 1);
    theme_list_done(&themes);
    config_done(&config);
    strbuf_done(&text);
}

/* Tab keeps a theme, Enter takes it for now; the file is otherwise as it was. */
static void test_theme_is_kept(void **state)
{
    TestPlace *place = *state;
    StrBuf text = {0};

    place_put(place, CONFIG_FILE, "{ \"wrap\":   true }\n");
    Run ran = run(place, false, LOADED "t Down Enter frame");

    assert_has(&ran.out, "theme light, for now");
    run_done(&ran);
    place_get(place, CONFIG_FILE, &text);
    assert_string_equal(text.ptr, "{ \"wrap\":   true }\n");
    ran = run(place, false, LOADED "t Down Tab frame");
    assert_has(&ran.out, "theme light is kept for the next start");
    run_done(&ran);
    strbuf_clear(&text);
    place_get(place, CONFIG_FILE, &text);
    assert_string_equal(text.ptr, "{ \"wrap\":   true,\n  \"theme\": \"light\" }\n");
    strbuf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_start, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_start_waits_for_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_start_and_windows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fresh, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_all_faults_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_check, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_theme_is_kept, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
