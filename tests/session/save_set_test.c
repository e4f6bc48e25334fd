/*
 * Tests of save_set.c at the ends of what a number can be; the choices themselves are tested with
 * what is written of them, in save_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "session/save_set.h"

static int setup(void **state)
{
    static const Options FROM_DEMO = {
        .verb = VERB_EXPLORE,
        .sources = {{.kind = SOURCE_FILE, .argument = "session/demo.ndjson"}},
        .source_count = 1,
    };
    Session *session = session_new(&FROM_DEMO, NULL, NULL);
    assert_non_null(session);
    while (!session_is_idle(session)) {
        (void)session_pump(session, NULL, clock_monotonic(), NS_PER_SECOND);
        (void)session_work(session, NS_PER_SECOND);
    }
    *state = session;
    return 0;
}

static int teardown(void **state)
{
    session_free(*state);
    return 0;
}

static size_t count_of(Session *session, const SaveChoice *choice)
{
    SaveNumbers numbers;
    save_numbers_take(session, choice, &numbers);
    size_t count = numbers.count;
    save_numbers_done(&numbers);
    return count;
}

/* A range up to the largest number is one up to the end. */
static void the_largest_number_is_the_end(void **state)
{
    Session *session = *state;
    SaveChoice all = {.set = SAVE_SET_VIEW};
    SaveChoice range = {.set = SAVE_SET_RANGE, .first = 1, .last = UINT64_MAX};
    assert_true(count_of(session, &all) > 100);
    assert_int_equal(count_of(session, &range), count_of(session, &all));
    assert_int_equal(save_count_entries(session, &range), save_count_entries(session, &all));
    range.last = store_end(session_store(session)) - 1;
    assert_int_equal(count_of(session, &range), count_of(session, &all));
}

/* A number that no entry has is passed on as it is: whoever writes counts it as missing. */
static void numbers_beyond_the_end_are_no_loop(void **state)
{
    Session *session = *state;
    EntryNumber items[] = {1, UINT64_MAX - 1, UINT64_MAX};
    SaveChoice choice = {
        .set = SAVE_SET_NUMBERS, .numbers = items, .number_count = ARRAY_LEN(items), .around = 1};
    SaveNumbers numbers;
    save_numbers_take(session, &choice, &numbers);
    assert_true(numbers.count >= 4);
    assert_int_equal(numbers.items[0], 1);
    assert_int_equal(numbers.items[1], 2); /* around the first */
    assert_true(numbers.items[numbers.count - 1] == UINT64_MAX);
    save_numbers_done(&numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_largest_number_is_the_end, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_beyond_the_end_are_no_loop, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
