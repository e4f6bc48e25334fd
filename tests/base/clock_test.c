/*
 * Time: stamps read and written, points and lengths of the command line, deltas for people.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "base/clock.h"

static void test_stamps(void **state)
{
    static const struct {
        const char *text;
        size_t len; /* bytes read, 0 = no stamp */
        int64_t ns;
        int zone;
    } rows[] = {
        {"1970-01-01 00:00:00+0000", 24, 0, 0},
        {"2026-09-08 10:00:16.012931+0200", 31, 1788854416012931000, 120},
        {"2026-09-08 10:00:16.012931-0730 rest", 31, 1788888616012931000, -450},
        {"2026-09-08 10:00:16.012931+02:00", 32, 1788854416012931000, 120},
        {"2026-09-08T08:00:16Z", 20, 1788854416000000000, 0},
        {"2026-09-08 08:00:16", 19, 1788850816000000000, 60}, /* the default zone */
        {"2026-09-08 08:00:16.1", 21, 1788850816100000000, 60},
        {"2026-09-08 08:00:16.123456789", 29, 1788850816123456789, 60},
        {"2026-09-08 08:00:16.", 19, 1788850816000000000, 60},
        {"2026-09-08 08:00:16+02", 22, 1788847216000000000, 120},
        {"2026-09-08 08:00:16-x", 19, 1788850816000000000, 60},
        {"2000-02-29 00:00:00Z", 20, 951782400000000000, 0},
        {"1900-03-01 00:00:00Z", 20, -2203891200000000000, 0},
        {"1969-12-31 23:59:59.5Z", 22, -500000000, 0},
        {"2016-12-31 23:59:60Z", 20, 1483228800000000000, 0}, /* leap second */
        {"2026-02-29 00:00:00Z", 0, 0, 0},
        {"1900-02-29 00:00:00Z", 0, 0, 0},
        {"2026-13-01 00:00:00Z", 0, 0, 0},
        {"2026-00-01 00:00:00Z", 0, 0, 0},
        {"2026-01-00 00:00:00Z", 0, 0, 0},
        {"2026-04-31 00:00:00Z", 0, 0, 0},
        {"2026-01-01 24:00:00Z", 0, 0, 0},
        {"2026-01-01 00:60:00Z", 0, 0, 0},
        {"2026-01-01 00:00:61Z", 0, 0, 0},
        {"2026-01-01 00:00", 0, 0, 0},
        {"2026-01-01_00:00:00Z", 0, 0, 0},
        {"2026/01-01 00:00:00Z", 0, 0, 0},
        {"2O26-01-01 00:00:00Z", 0, 0, 0},
        {"0000-01-01 00:00:00Z", 0, 0, 0},
        {"9999-01-01 00:00:00Z", 0, 0, 0},
        {"", 0, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Stamp stamp = {.ns = 77, .zone_minutes = 77};
        size_t len = clock_parse_stamp(sv(rows[i].text), 60, &stamp);
        if (len != rows[i].len) {
            fail_msg("'%s': read %zu bytes", rows[i].text, len);
        }
        if (len == 0) {
            assert_true(stamp.ns == 77 && stamp.zone_minutes == 77);
            continue;
        }
        if (stamp.ns != rows[i].ns) {
            fail_msg("'%s': got %lld", rows[i].text, (long long)stamp.ns);
        }
        assert_int_equal(stamp.zone_minutes, rows[i].zone);
    }
}

/* The calendar against the system's, a day a step with a prime number of seconds. */
static void test_calendar_agrees_with_system(void **state)
{
    (void)state;
    for (int64_t at = -9000000000; at < 9000000000; at += 86400 * 3 + 4567) {
        time_t seconds = (time_t)at;
        struct tm utc;
        char expected[64];
        char buf[CLOCK_STAMP_MAX];
        assert_non_null(gmtime_r(&seconds, &utc));
        assert_true(strftime(expected, sizeof expected, "%Y-%m-%d %H:%M:%S.000000+0000", &utc) > 0);
        clock_format((Stamp){.ns = at * NS_PER_SECOND}, CLOCK_FULL, buf);
        assert_string_equal(buf, expected);
        Stamp back;
        assert_int_equal(clock_parse_stamp(sv(buf), 0, &back), strlen(buf));
        assert_true(back.ns == at * NS_PER_SECOND);
    }
}

static void test_every_cut_of_a_stamp(void **state)
{
    (void)state;
    const char *text = "2026-09-08 10:00:16.012931+0200";
    for (size_t len = 0; len <= strlen(text); len++) {
        char copy[64];
        memcpy(copy, text, len);
        memset(copy + len, '9', sizeof copy - len); /* must not be looked at */
        Stamp stamp;
        size_t used = clock_parse_stamp(sv_of(copy, len), 0, &stamp);
        assert_true(used <= len);
        assert_int_equal(used > 0, len >= 19);
    }
}

static void test_forms(void **state)
{
    static const struct {
        ClockForm form;
        const char *text;
    } rows[] = {
        {CLOCK_FULL, "2026-09-08 10:00:16.012931+0200"},
        {CLOCK_DATE, "2026-09-08"},
        {CLOCK_TIME, "10:00:16.012"},
        {CLOCK_SECOND, "10:00:16"},
        {CLOCK_MINUTE, "10:00"},
    };

    (void)state;
    char buf[CLOCK_STAMP_MAX];
    Stamp stamp = {.ns = 1788854416012931000, .zone_minutes = 120};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        clock_format(stamp, rows[i].form, buf);
        assert_string_equal(buf, rows[i].text);
    }
    clock_format((Stamp){.ns = CLOCK_NO_TIME}, CLOCK_TIME, buf);
    assert_string_equal(buf, "-");
    clock_format((Stamp){.ns = -1, .zone_minutes = -570}, CLOCK_FULL, buf);
    assert_string_equal(buf, "1969-12-31 14:29:59.999999-0930");
    clock_format((Stamp){.ns = INT64_MAX, .zone_minutes = 1439}, CLOCK_FULL, buf);
    assert_string_equal(buf, "2262-04-12 23:46:16.854775+2359");
    clock_format((Stamp){.ns = INT64_MIN + 1}, CLOCK_DATE, buf);
    assert_string_equal(buf, "1677-09-21");
}

static void test_lengths(void **state)
{
    static const struct {
        const char *text;
        int64_t ns; /* -1 = refused */
    } rows[] = {
        {"90", 90 * NS_PER_SECOND},
        {"30s", 30 * NS_PER_SECOND},
        {"5m", 300 * NS_PER_SECOND},
        {"2h", 7200 * NS_PER_SECOND},
        {"1d", 86400 * NS_PER_SECOND},
        {"250ms", 250 * NS_PER_MS},
        {"0", 0},
        {"", -1},
        {"m", -1},
        {"-5", -1},
        {"5x", -1},
        {"5 m", -1},
        {"5mm", -1},
        {"99999999999999d", -1},
        {"99999999999999999999", -1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t ns = -1;
        Err err = err_none();
        bool is_read = clock_parse_length(sv(rows[i].text), &ns, &err);
        assert_int_equal(is_read, rows[i].ns >= 0);
        assert_true(ns == rows[i].ns);
        assert_int_equal(err.text[0] != '\0', !is_read);
    }
}

static void test_points(void **state)
{
    /* 2026-09-08 00:30:00 at +02:00, which is still the day before in UTC */
    const Stamp now = {.ns = 1788820200 * NS_PER_SECOND, .zone_minutes = 120};
    static const struct {
        const char *text;
        int64_t seconds; /* -1 = refused */
    } rows[] = {
        {"2026-09-08 10:00:16", 1788854416},
        {"2026-09-08T10:00:16Z", 1788861616},
        {"2026-09-08", 1788818400},
        {"12:04", 1788861840},
        {"12:04:05", 1788861845},
        {"-5m", 1788819900},
        {"@1788854416", 1788854416},
        {"2026-09-08 10:00:16 x", -1},
        {"2026-02-30", -1},
        {"25:00", -1},
        {"-", -1},
        {"-5y", -1},
        {"@", -1},
        {"@12x", -1},
        {"@99999999999999", -1},
        {"yesterday", -1},
        {"", -1},
        {"-999999d", -1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t ns = -1;
        Err err = err_none();
        bool is_read = clock_parse_point(sv(rows[i].text), now, &ns, &err);
        if (is_read != (rows[i].seconds >= 0)) {
            fail_msg("'%s': %d", rows[i].text, is_read);
        }
        if (is_read) {
            assert_true(ns == rows[i].seconds * NS_PER_SECOND);
        } else {
            assert_true(err.text[0] != '\0');
        }
    }
    int64_t ns;
    assert_true(clock_parse_point(SV("@1.25"), now, &ns, NULL));
    assert_true(ns == 1250 * NS_PER_MS);
    Err err = err_none();
    assert_false(clock_parse_point(SV("-5y"), now, &ns, &err));
    assert_int_equal(err.offset, 2); /* the unit, in the text as it was typed */
}

static void test_deltas(void **state)
{
    static const struct {
        int64_t ns;
        const char *text;
    } rows[] = {
        {0, "+0.000"},
        {3 * NS_PER_MS, "+0.003"},
        {2748 * NS_PER_MS, "+2.748"},
        {-3 * NS_PER_MS, "-0.003"},
        {59999999999, "+59.999"},
        {60 * NS_PER_SECOND, "+1m00s"},
        {724 * NS_PER_SECOND, "+12m04s"},
        {3600 * NS_PER_SECOND, "+1h00m"},
        {11400 * NS_PER_SECOND, "+3h10m"},
        {187200 * NS_PER_SECOND, "+2d04h"},
        {INT64_C(86400) * 999 * NS_PER_SECOND, "+999d00h"},
        {INT64_MAX, "+106751d"},
        {INT64_MIN, "-106751d"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char buf[9];
        clock_format_delta(rows[i].ns, buf, sizeof buf);
        assert_string_equal(buf, rows[i].text);
    }
}

/* No difference of two times may overflow, whatever a log says of its days. */
static void test_reckoning(void **state)
{
    static const struct {
        int64_t from, until;
        int64_t between;
    } rows[] = {
        {5, 12, 7},
        {12, 5, -7},
        {-5, 5, 10},
        {0, 0, 0},
        {-1, INT64_MAX - 1, INT64_MAX},
        {-2, INT64_MAX - 1, INT64_MAX},
        {INT64_MIN + 1, INT64_MAX, INT64_MAX},
        {INT64_MAX, INT64_MIN + 1, INT64_MIN},
        {1, INT64_MIN + 1, INT64_MIN},
        {2, INT64_MIN + 1, INT64_MIN},
        {INT64_MIN + 1, -1, INT64_MAX - 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t between = 77;
        assert_true(clock_between(rows[i].from, rows[i].until, &between));
        assert_true(between == rows[i].between);
    }
    int64_t kept = 77;
    assert_false(clock_between(CLOCK_NO_TIME, 5, &kept));
    assert_false(clock_between(5, CLOCK_NO_TIME, &kept));
    assert_false(clock_between(CLOCK_NO_TIME, CLOCK_NO_TIME, &kept));
    assert_true(kept == 77);

    assert_true(clock_shift(5, 7) == 12 && clock_shift(5, -7) == -2);
    assert_true(clock_shift(INT64_MAX - 1, 2) == INT64_MAX);
    assert_true(clock_shift(CLOCK_NO_TIME + 1, -1) == CLOCK_NO_TIME + 1);
    assert_true(clock_shift(CLOCK_NO_TIME + 2, -1) == CLOCK_NO_TIME + 1);
    assert_true(clock_shift(-1, INT64_MIN) == CLOCK_NO_TIME + 1);
    assert_true(clock_shift(0, INT64_MIN + 1) == CLOCK_NO_TIME + 1);
    assert_true(clock_shift(CLOCK_NO_TIME, 5) == CLOCK_NO_TIME);
    assert_true(clock_shift(CLOCK_NO_TIME, -5) == CLOCK_NO_TIME);
}

static void test_system_clocks(void **state)
{
    (void)state;
    int64_t first = clock_monotonic();
    assert_true(clock_monotonic() >= first);
    assert_true(clock_now().ns > INT64_C(1700000000) * NS_PER_SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stamps),
        cmocka_unit_test(test_calendar_agrees_with_system),
        cmocka_unit_test(test_every_cut_of_a_stamp),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_points),
        cmocka_unit_test(test_deltas),
        cmocka_unit_test(test_reckoning),
        cmocka_unit_test(test_system_clocks),
    };
    return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
