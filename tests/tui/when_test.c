/*
 * Tests of when.c: a table of forms, times and widths.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tui/when.h"

#define SECOND NS_PER_SECOND
#define START INT64_C(1788854416012000000) /* 2026-09-08 08:00:16.012 UTC */

static void test_forms(void **state)
{
    (void)state;
    static const struct {
        WhenForm form;
        int64_t before; /* of the time itself: the reference, the line before, or now */
        int width;
        const char *text;
    } CASES[] = {
        {WHEN_CLOCK, 0, 12, "10:00:16.012"},
        {WHEN_CLOCK, 0, 8, "10:00:16"},
        {WHEN_CLOCK, 0, 5, "10:00"},
        {WHEN_UTC, 0, 12, "08:00:16.012"},
        {WHEN_UTC, 0, 8, "08:00:16"},
        {WHEN_BEFORE, 3 * NS_PER_MS, 8, "+0.003"},
        {WHEN_SINCE, 3 * NS_PER_MS, 12, "+0.003"},
        {WHEN_SINCE, -90 * SECOND, 8, "-1m30s"},
        {WHEN_SINCE, 90 * SECOND, 12, "+1:30.000"},
        {WHEN_SINCE, 3723 * SECOND, 12, "+1:02:03.000"},
        {WHEN_SINCE, 36000 * SECOND, 12, "+10h00m"},
        {WHEN_AGO, 0, 8, "now"},
        {WHEN_AGO, -42 * SECOND, 8, "42 s ago"},
        {WHEN_AGO, -99 * SECOND, 8, "99 s ago"},
        {WHEN_AGO, -120 * SECOND, 8, "2 m ago"},
        {WHEN_AGO, -5999 * SECOND, 8, "99 m ago"},
        {WHEN_AGO, -7000 * SECOND, 8, "1 h ago"},
        {WHEN_AGO, -7200 * SECOND, 8, "2 h ago"},
        {WHEN_AGO, -3 * 86400 * SECOND, 8, "3 d ago"},
        {WHEN_AGO, 5 * SECOND, 8, "in 5 s"},
    };

    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        int64_t other = START - CASES[i].before;
        When when = {.form = CASES[i].form, .reference_ns = other, .now_ns = other};
        Stamp stamp = {.ns = START, .zone_minutes = 120};
        char text[WHEN_TEXT_MAX];

        when_print(&when, stamp, other, CASES[i].width, text);
        assert_string_equal(text, CASES[i].text);
        assert_true(strlen(text) <= (size_t)CASES[i].width);
    }
}

static void test_what_is_not_known_is_empty(void **state)
{
    (void)state;

    for (int form = 0; form < WHEN_COUNT; form++) {
        When when = {
            .form = (WhenForm)form, .reference_ns = CLOCK_NO_TIME, .now_ns = CLOCK_NO_TIME};
        char text[WHEN_TEXT_MAX] = "x";

        when_print(&when, (Stamp){.ns = CLOCK_NO_TIME}, START, 12, text);
        assert_string_equal(text, "");
        when_print(&when, (Stamp){.ns = START}, CLOCK_NO_TIME, 12, text);
        assert_int_equal(text[0] == '\0', form != WHEN_CLOCK && form != WHEN_UTC);
    }
}

static void test_names_and_order(void **state)
{
    (void)state;
    WhenForm read;

    for (int form = 0; form < WHEN_COUNT; form++) {
        assert_true(when_parse(sv(when_name((WhenForm)form)), &read));
        assert_int_equal(read, form);
        assert_true(strlen(when_heading(&(When){.form = (WhenForm)form}, 8)) <= 8);
        assert_true(strlen(when_heading(&(When){.form = (WhenForm)form, .has_ended = true}, 8)) <=
                    8);
        assert_int_equal(when_next((WhenForm)form), (form + 1) % WHEN_COUNT);
    }
    assert_false(when_parse(SV("never"), &read));
}

static void test_what_has_ended_is_told_from_its_end(void **state)
{
    (void)state;
    When when = {.form = WHEN_AGO, .now_ns = START + 42 * SECOND, .has_ended = true};
    char text[WHEN_TEXT_MAX];

    assert_string_equal(when_heading(&when, WHEN_END_WIDTH), "before the end");
    assert_string_equal(when_heading(&when, WHEN_END_WIDTH - 1), "to end");
    when_print(&when, (Stamp){.ns = START}, CLOCK_NO_TIME, 8, text);
    assert_string_equal(text, "42 s");
    when_print(&when, (Stamp){.ns = when.now_ns}, CLOCK_NO_TIME, 8, text);
    assert_string_equal(text, "the end");
    when.has_ended = false;
    assert_string_equal(when_heading(&when, WHEN_END_WIDTH), "ago");
}

static void test_how_long_a_run_lasted(void **state)
{
    (void)state;
    char text[WHEN_TEXT_MAX];

    when_print_lasted(12 * NS_PER_MS, text);
    assert_string_equal(text, "0.012s");
    when_print_lasted(12400 * NS_PER_MS, text);
    assert_string_equal(text, "12.4s");
    when_print_lasted(724 * SECOND, text);
    assert_string_equal(text, "12m04s");
}

/* A log may speak of any year there is. */
static void test_far_times(void **state)
{
    (void)state;
    char text[WHEN_TEXT_MAX];
    Stamp last = {.ns = INT64_MAX};
    When when = {.form = WHEN_SINCE, .reference_ns = CLOCK_NO_TIME + 1};

    when_print(&when, last, CLOCK_NO_TIME + 1, 12, text);
    assert_string_equal(text, "+106751d");
    when.form = WHEN_BEFORE;
    when_print(&when, last, CLOCK_NO_TIME + 1, 12, text);
    assert_string_equal(text, "+106751d");
    when = (When){.form = WHEN_AGO, .now_ns = INT64_MAX};
    when_print(&when, (Stamp){.ns = CLOCK_NO_TIME + 1}, 0, 12, text);
    assert_string_equal(text, "106751 d ago");
}

static void test_lengths(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *text;
    } CASES[] = {{42, "42 s"},
                 {252, "4 m 12 s"},
                 {11400, "3 h 10 m"},
                 {100000, "27 h 46 m"},
                 {187200, "2 d 4 h"}};

    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        StrBuf text = {0};

        when_print_length(CASES[i].seconds * SECOND, &text);
        assert_string_equal(text.ptr, CASES[i].text);
        strbuf_done(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_what_is_not_known_is_empty),
        cmocka_unit_test(test_names_and_order),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_far_times),
        cmocka_unit_test(test_what_has_ended_is_told_from_its_end),
        cmocka_unit_test(test_how_long_a_run_lasted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
