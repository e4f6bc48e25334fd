/*
 * How lists look, from outside: what the configuration says, what is remembered until the next
 * start, and that no order of switches, moves and sizes does harm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/session/rows.h"
#include "tui/explore.h"

#define CAPTURE "tests/data/tui/look.ndjson"
#define START "clock:2026-09-09T00:10:00+0200 wait:loaded wait:idle "
#define PATH_ROOM 512

/* A directory of its own for each test, and what is in it at most. */
typedef struct Place {
    char root[64];
    char config[PATH_ROOM];
    char state[PATH_ROOM];
} Place;

static Place place_new(const char *config)
{
    Place place = {.root = "/tmp/mdmscope-look-XXXXXX"};

    assert_non_null(mkdtemp(place.root));
    (void)snprintf(place.config, sizeof place.config, "%s/config.json", place.root);
    (void)snprintf(place.state, sizeof place.state, "%s/state", place.root);
    FILE *file = fopen(place.config, "w");

    assert_non_null(file);
    assert_true(fputs(config, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return place;
}

static void place_done(Place *place)
{
    char command[PATH_ROOM + 16];

    (void)snprintf(command, sizeof command, "rm -rf '%s'", place->root);
    assert_int_equal(system(command), 0);
}

/* Runs a script over the capture; what it prints goes to `ret`. */
static void run(Place *place, const char *script, StrBuf *ret)
{
    char *argv[] = {
        (char *)(size_t) "mdmscope", (char *)(size_t)CAPTURE,
        (char *)(size_t) "--config", place->config,
        (char *)(size_t) "--state",  place->state,
        (char *)(size_t) "--size",   (char *)(size_t) "120x30",
        (char *)(size_t) "--script", (char *)(size_t)script,
    };
    Options options;
    Err err = err_none();
    FILE *out = tmpfile();
    FILE *errors = tmpfile();
    char chunk[4096];
    size_t got;

    assert_true(options_parse((int)ARRAY_LEN(argv), argv, &options, &err));
    assert_int_equal(explore_run(&options, out, errors), 0);
    assert_int_equal(ftell(errors), 0);
    rewind(out);
    while ((got = fread(chunk, 1, sizeof chunk, out)) > 0) {
        strbuf_add(ret, sv_of(chunk, got));
    }
    assert_int_equal(fclose(out), 0);
    assert_int_equal(fclose(errors), 0);
}

static bool has(const StrBuf *text, const char *part)
{
    return sv_find(strbuf_view(text), sv(part)) != SIZE_MAX;
}

static void test_configuration_is_obeyed(void **state)
{
    (void)state;
    Place place = place_new("{\"wrap\": true, \"fold\": true, \"time\": \"utc\", \"gap\": \"5m\",\n"
                            "\"highlights\": [\"HTTP\", \"(\"], \"columns\": {\"default\":\n"
                            "[\"time:12\", \"levl\", \"pid\", \"message\"]}}");
    StrBuf seen = {0};

    run(&place, START "frame:roles", &seen);
    assert_true(has(&seen, " UTC          pid    message\n"));
    assert_true(has(&seen, " 21:51:01.500 318    ×5 waiting for the network\n"));
    assert_true(has(&seen, "↳}")); /* a message of several lines is unfolded */
    assert_false(has(&seen, "4 m 4 s without entries"));
    assert_true(has(&seen, "8 m 57 s without entries"));
    assert_true(has(&seen, "highlight-1*4"));
    assert_true(has(&seen, "unknown column 'levl'")); /* the first of two that are wrong */
    assert_true(has(&seen, "and 1 more"));
    strbuf_done(&seen);
    place_done(&place);
}

/* The rows of the list in the last frame. */
static StrView list_of(const StrBuf *seen)
{
    StrView rest = strbuf_view(seen);
    StrView line;
    size_t from = 0;

    for (int i = 0; i < 4; i++) { /* title, tabs, histogram */
        assert_true(sv_next_line(&rest, &line));
    }
    from = seen->len - rest.len;
    return sv_slice(strbuf_view(seen), from, sv_find(rest, SV("\n─ ")));
}

static void test_the_look_is_remembered(void **state)
{
    (void)state;
    Place place = place_new("{\"wrap\": true, \"highlights\": [\"HTTP\"]}");
    StrBuf before = {0};
    StrBuf after = {0};
    StrBuf roles = {0};

    run(&place,
        START "z w z f z c j j j j j j j Space K Enter z t z & & \"network\" Enter g frame q",
        &before);
    run(&place, START "g frame q", &after);
    assert_true(sv_equal(list_of(&before), list_of(&after)));
    assert_true(has(&after, "process          pid"));
    assert_true(has(&after, "×5 waiting"));
    run(&place, START "g frame:roles", &roles);
    assert_true(has(&roles, "highlight-1*7"));
    assert_false(has(&roles, "highlight-1*4"));
    strbuf_done(&before);
    strbuf_done(&after);
    strbuf_done(&roles);
    place_done(&place);
}

/* Moving down as often as up comes back to the same picture, whatever is switched on. */
static void test_down_and_up_again(void **state)
{
    (void)state;
    static const char *const LOOKS[] = {"", "z w ", "z f ", "z w z f ", "z g z l "};

    for (size_t i = 0; i < ARRAY_LEN(LOOKS); i++) {
        Place place = place_new("{}");
        StrBuf seen = {0};
        char script[256];

        (void)snprintf(script, sizeof script,
                       START "size:80x16 %s g frame j j j j k k k k frame C-d k g frame", LOOKS[i]);
        run(&place, script, &seen);
        size_t second = sv_find(strbuf_view(&seen), SV("=== frame 2\n"));
        size_t third = sv_find(strbuf_view(&seen), SV("=== frame 3\n"));
        StrView first = sv_slice(strbuf_view(&seen), 0, second);
        /* What was said about the switch is gone by then: the last line differs. */
        size_t len = sv_find(first, SV("\n─ 23:51"));

        assert_true(len != SIZE_MAX && third != SIZE_MAX);
        assert_true(
            sv_equal(sv_slice(first, 0, len), sv_slice(strbuf_view(&seen), second + 12, len)));
        assert_true(
            sv_equal(sv_slice(first, 0, len), sv_slice(strbuf_view(&seen), third + 12, len)));
        strbuf_done(&seen);
        place_done(&place);
    }
}

static void test_any_order_of_keys(void **state)
{
    (void)state;
    static const char *const KEYS[] = {
        "j",          "k",           "C-d",        "C-u",      "g",
        "G",          "z w",         "z f",        "z n",      "z t",
        "z =",        "z r",         "z g",        "z l",      "z c",
        "Space",      "J",           "K",          "+",        "-",
        "=",          "w",           "s",          "r",        "Escape",
        "Enter",      "l",           "h",          "m",        "C-w v",
        "C-w s",      "1",           "6",          "7",        "z z",
        "C-w c",      "C-w w",       "size:80x24", "size:1x1", "size:9x5",
        "size:40x10", "size:200x50", "size:24x80", "Tab",      "& \"e\" Enter",
        "z &",        "Escape",      "Escape",
    };
    Place place = place_new("{}");
    StrBuf script = {0};
    StrBuf seen = {0};
    uint64_t seed = 11;

    strbuf_add_str(&script, START);
    for (int i = 0; i < 700; i++) {
        strbuf_add_str(&script, KEYS[rows_random(&seed, ARRAY_LEN(KEYS))]);
        strbuf_add_str(&script, " frame ");
    }
    strbuf_add_str(&script, "Escape Escape Escape size:80x24 frame");
    run(&place, script.ptr, &seen);
    assert_true(has(&seen, "mdmscope"));
    strbuf_done(&script);
    strbuf_done(&seen);
    place_done(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_configuration_is_obeyed),
        cmocka_unit_test(test_the_look_is_remembered),
        cmocka_unit_test(test_down_and_up_again),
        cmocka_unit_test(test_any_order_of_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
