/*
 * Tests of the rates: given the arrivals, what is shown follows by arithmetic.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/stats.h"

#define START (INT64_C(1000) * NS_PER_SECOND)

static void test_nothing(void **state)
{
    (void)state;
    Stats stats = {0};
    uint32_t counts[STATS_SECONDS];
    assert_true(stats_rate(&stats, START) == 0);
    stats_counts(&stats, START, counts);
    for (int i = 0; i < STATS_SECONDS; i++) {
        assert_int_equal(counts[i], 0);
    }
}

static void test_steady_rate(void **state)
{
    (void)state;
    Stats stats = {0};
    for (int64_t ms = 0; ms < 100000; ms += 10) {
        stats_add(&stats, START + ms * NS_PER_MS, 2);
        if (ms >= 4000) {
            double rate = stats_rate(&stats, START + ms * NS_PER_MS);
            assert_true(rate > 198 && rate < 202);
        }
    }
}

static void test_first_second(void **state)
{
    (void)state;
    Stats stats = {0};
    stats_add(&stats, START, 50);
    assert_true(stats_rate(&stats, START + 1) == 50); /* a burst is no higher than it was */
    assert_true(stats_rate(&stats, START + 2 * NS_PER_SECOND) == 25);
}

static void test_falls_to_nothing(void **state)
{
    (void)state;
    Stats stats = {0};
    stats_add(&stats, START, 300);
    assert_true(stats_rate(&stats, START + 3 * NS_PER_SECOND) == 100);
    assert_true(stats_rate(&stats, START + 7 * NS_PER_SECOND / 2) == 50);
    assert_true(stats_rate(&stats, START + 4 * NS_PER_SECOND) == 0);
    assert_true(stats_rate(&stats, START + 1000 * NS_PER_SECOND) == 0);
}

static void test_counts_by_second(void **state)
{
    (void)state;
    Stats stats = {0};
    uint32_t counts[STATS_SECONDS];
    for (uint32_t second = 0; second < 200; second++) {
        stats_add(&stats, START + second * NS_PER_SECOND, second);
        stats_add(&stats, START + second * NS_PER_SECOND + 5, 1);
    }
    stats_counts(&stats, START + 199 * NS_PER_SECOND, counts);
    for (uint32_t i = 0; i < STATS_SECONDS; i++) {
        assert_int_equal(counts[i], 200 - STATS_SECONDS + i + 1);
    }
    stats_counts(&stats, START + 202 * NS_PER_SECOND, counts);
    assert_int_equal(counts[STATS_SECONDS - 1], 0);
    assert_int_equal(counts[STATS_SECONDS - 4], 200);

    stats_add(&stats, START + 1000 * NS_PER_SECOND, 7); /* after a long silence */
    stats_counts(&stats, START + 1000 * NS_PER_SECOND, counts);
    assert_int_equal(counts[STATS_SECONDS - 1], 7);
    for (int i = 0; i < STATS_SECONDS - 1; i++) {
        assert_int_equal(counts[i], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),          cmocka_unit_test(test_steady_rate),
        cmocka_unit_test(test_first_second),     cmocka_unit_test(test_falls_to_nothing),
        cmocka_unit_test(test_counts_by_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
