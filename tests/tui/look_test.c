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
    bool has_faults; /* the configuration is not as it should be: standard error says so */
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
        (char *)(size_t) "--size",   (char *)(size_t) "120x36",
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
    assert_int_equal(ftell(errors) > 0, place->has_faults);
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

    place.has_faults = true; /* they are told once more at the end */
    run(&place, START "frame:roles", &seen);
    assert_true(has(&seen, " UTC          pid    message  "));
    assert_true(has(&seen, " 21:51:01.500 318    ×5 4.000s waiting for the network"));
    assert_true(has(&seen, "↳}")); /* a message of several lines is unfolded */
    assert_false(has(&seen, "4 m 4 s without entries"));
    assert_true(has(&seen, "8 m 57 s without entries"));
    assert_true(has(&seen, "highlight-1*4"));
    assert_true(has(&seen, "unknown column 'levl'")); /* the first of two that are wrong */
    assert_true(has(&seen, ":config-errors lists all 2"));
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
    assert_true(has(&after, "×5 4.000s waiting"));
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

/* The whole frame after `keys`, with nothing remembered. */
static void see_frame(const char *keys, StrBuf *ret)
{
    Place place = place_new("{}");
    char script[256];

    (void)snprintf(script, sizeof script, START "%s frame", keys);
    run(&place, script, ret);
    place_done(&place);
}

/* What is counted anew after the histogram was put out is there when it is gone along. */
static void test_the_histogram_comes_back(void **state)
{
    (void)state;
    StrBuf always = {0};
    StrBuf again = {0};

    see_frame("p \"network\" Enter wait:idle H wait:idle", &always);
    see_frame("z h z h p \"network\" Enter wait:idle H wait:idle", &again);
    assert_true(has(&always, "█"));
    assert_true(sv_equal(strbuf_view(&always), strbuf_view(&again)));
    strbuf_done(&always);
    strbuf_done(&again);
}

/* The list of a frame after `keys`. */
static void see_list(const char *keys, StrBuf *ret)
{
    Place place = place_new("{}");
    char script[256];
    StrBuf seen = {0};

    (void)snprintf(script, sizeof script, START "g %s frame:roles", keys);
    run(&place, script, &seen);
    strbuf_add(ret, list_of(&seen));
    strbuf_done(&seen);
    place_done(&place);
}

/* A great number leads as far as there is something to go to, and at once. */
static void test_great_numbers_end(void **state)
{
    (void)state;
    static const char *const PAIRS[][2] = {
        {"2 w", "9 9 9 9 9 9 9 w"},
        {"2 W", "9 9 9 9 9 9 9 W"},
        {"/ \"network\" Enter wait:idle g 5 n", "/ \"network\" Enter wait:idle g 9 9 9 9 9 9 9 n"},
    };

    for (size_t i = 0; i < ARRAY_LEN(PAIRS); i++) {
        StrBuf few = {0};
        StrBuf many = {0};

        see_list(PAIRS[i][0], &few);
        see_list(PAIRS[i][1], &many);
        assert_true(sv_equal(strbuf_view(&few), strbuf_view(&many)));
        strbuf_done(&few);
        strbuf_done(&many);
    }
}

/* However many pages the start opens, one key leads out of them. */
static void test_pages_of_the_start_close(void **state)
{
    (void)state;
    Place place = place_new("{\"start\": [\"playbook record\", \"help\", \"playbook logging\"]}");
    StrBuf open = {0};
    StrBuf closed = {0};

    run(&place, START "frame", &open);
    assert_true(has(&open, "y copies · q back"));
    run(&place, START "q frame", &closed);
    assert_false(has(&closed, "q back"));
    assert_false(has(&closed, "j k scroll"));
    strbuf_done(&open);
    strbuf_done(&closed);
    place_done(&place);
}

/* The mouse does to a page what it does to the help, and nothing to the list behind it. */
static void test_the_mouse_on_a_page(void **state)
{
    (void)state;
    StrBuf rolled = {0};
    StrBuf typed = {0};
    StrBuf closed = {0};

    see_frame(": \"playbook logging\" Enter mouse:wheel-down:50,10", &rolled);
    see_frame(": \"playbook logging\" Enter 3 j", &typed);
    assert_true(has(&rolled, "y copies · q back"));
    assert_true(sv_equal(strbuf_view(&rolled), strbuf_view(&typed)));
    see_frame(": \"playbook logging\" Enter mouse:double:50,10", &closed);
    assert_false(has(&closed, "q back"));
    strbuf_done(&rolled);
    strbuf_done(&typed);
    strbuf_done(&closed);
}

/* What was dragged is gone before the button comes up: the list that is left stays where it is. */
static void test_a_drag_outlives_no_window(void **state)
{
    (void)state;
    StrBuf before = {0};
    StrBuf after = {0};

    see_frame("C-w s frame mouse:press:119,14 C-w c g frame", &before);
    see_frame("C-w s frame mouse:press:119,14 C-w c g frame mouse:drag:119,15", &after);
    assert_true(has(&before, "✓"));
    assert_true(sv_equal(strbuf_view(&before), strbuf_view(&after)));
    strbuf_done(&before);
    strbuf_done(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_configuration_is_obeyed),
        cmocka_unit_test(test_the_look_is_remembered),
        cmocka_unit_test(test_down_and_up_again),
        cmocka_unit_test(test_any_order_of_keys),
        cmocka_unit_test(test_the_histogram_comes_back),
        cmocka_unit_test(test_great_numbers_end),
        cmocka_unit_test(test_pages_of_the_start_close),
        cmocka_unit_test(test_the_mouse_on_a_page),
        cmocka_unit_test(test_a_drag_outlives_no_window),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
