/*
 * Tests of fuzzy.c: what fits, and which of two texts fits better.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/fuzzy.h"

static int score(const char *query, const char *text)
{
    return fuzzy_score(sv(query), sv(text));
}

static void test_letters_must_be_there_in_order(void **state)
{
    (void)state;
    assert_int_equal(score("xyz", "split-side"), FUZZY_NONE);
    assert_int_equal(score("ts", "split"), FUZZY_NONE);
    assert_int_equal(score("split quit", "split-side"), FUZZY_NONE);
    assert_true(score("spsi", "split-side") >= 0);
    assert_true(score("SIDE", "split-side") >= 0);
    assert_true(score("side split", "split-side") >= 0);
    assert_true(score("", "anything") >= 0);
    assert_int_equal(score(" ", "a"), score("", "anything")); /* no letters, no order */
    assert_int_equal(score("a", ""), FUZZY_NONE);
}

static void test_better_fits_score_more(void **state)
{
    static const struct {
        const char *query, *better, *worse;
    } PAIRS[] = {
        {"save", "save", "search all of the entries"},
        {"nf", "next-failure", "unfold"},
        {"mark", "mark", "next-mark"},
        {"th", "theme", "the third one of them with a long name"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(PAIRS); i++) {
        assert_true(score(PAIRS[i].query, PAIRS[i].better) > score(PAIRS[i].query, PAIRS[i].worse));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters_must_be_there_in_order),
        cmocka_unit_test(test_better_fits_score_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
