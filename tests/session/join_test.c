/*
 * Tests of session/join: entries delivered by two children go on once, true repetitions stay, and
 * memory stays bounded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/join.h"

static Entry make_entry(uint64_t mach, const char *message)
{
    return (Entry){
        .kind = KIND_LOG,
        .present = HAS_MACH | HAS_THREAD | HAS_TRACE | HAS_PID,
        .mach = mach,
        .thread = 7,
        .trace = UINT64_C(3169743378388877828),
        .pid = 42,
        .time = {.ns = 1000},
        .message = sv(message),
    };
}

static void entry_of_a_second_run_is_a_double(void **state)
{
    (void)state;
    Join *join = join_new(100);
    Entry entry = make_entry(1, "hello");
    assert_true(join_offer(join, 1, &entry));
    assert_false(join_offer(join, 2, &entry));
    Entry later = make_entry(2, "hello");
    assert_true(join_offer(join, 2, &later));
    join_free(join);
}

static void each_part_of_the_key_counts(void **state)
{
    (void)state;
    Entry base = make_entry(1, "hello");
    Entry others[6] = {base, base, base, base, base, base};
    others[0].mach = 2;
    others[1].thread = 8;
    others[2].trace++;
    others[3].message = sv("hello!");
    others[4].message = sv("");
    others[5].message = SV_NONE;
    Join *join = join_new(100);
    assert_true(join_offer(join, 1, &base));
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        assert_true(join_offer(join, 2, &others[i]));
    }
    /* What is not in the key does not: `show` stamps the same entry a little differently. */
    Entry same = base;
    same.time.ns += 10 * NS_PER_MS;
    same.pid = 43;
    assert_false(join_offer(join, 2, &same));
    join_free(join);
}

static void long_messages_differ_in_any_byte(void **state)
{
    (void)state;
    char text[40] = "0123456789abcdef0123456789abcdef0123456";
    for (size_t i = 0; i + 1 < sizeof(text); i++) {
        Join *join = join_new(100);
        Entry entry = make_entry(1, text);
        assert_true(join_offer(join, 1, &entry));
        text[i] = (char)(text[i] + 1);
        assert_true(join_offer(join, 2, &entry));
        text[i] = (char)(text[i] - 1);
        assert_false(join_offer(join, 2, &entry));
        join_free(join);
    }
}

static void repetitions_within_a_run_stay(void **state)
{
    (void)state;
    Join *join = join_new(100);
    Entry entry = make_entry(1, "same again");
    assert_true(join_offer(join, 1, &entry));
    assert_true(join_offer(join, 1, &entry));
    assert_false(join_offer(join, 2, &entry));
    assert_false(join_offer(join, 2, &entry));
    assert_true(join_offer(join, 2, &entry)); /* the second run has one more */
    assert_false(join_offer(join, 3, &entry));
    assert_false(join_offer(join, 3, &entry));
    assert_false(join_offer(join, 3, &entry));
    assert_true(join_offer(join, 3, &entry));
    join_free(join);
}

static void time_and_pid_stand_for_the_mach_time(void **state)
{
    (void)state;
    Join *join = join_new(100);
    Entry entry = make_entry(0, "text style");
    entry.present = HAS_PID | HAS_THREAD;
    assert_true(join_offer(join, 1, &entry));
    assert_false(join_offer(join, 2, &entry));
    Entry other = entry;
    other.time.ns++;
    assert_true(join_offer(join, 2, &other));
    other = entry;
    other.pid++;
    assert_true(join_offer(join, 2, &other));
    join_free(join);
}

static void what_cannot_be_recognised_passes(void **state)
{
    (void)state;
    Join *join = join_new(100);
    Entry unparsed = {.kind = KIND_UNPARSED, .message = sv("?"), .time = {.ns = 5}};
    Entry timeless = {
        .kind = KIND_LOG, .message = sv("?"), .time = {.ns = 5}, .flags = ENTRY_NO_TIME};
    for (uint32_t run = 1; run < 4; run++) {
        assert_true(join_offer(join, run, &unparsed));
        assert_true(join_offer(join, run, &timeless));
    }
    join_free(join);
}

static void the_oldest_are_forgotten_first(void **state)
{
    (void)state;
    enum { MAX = 3000, TOTAL = 100000 };
    Join *join = join_new(MAX);
    for (uint64_t mach = 0; mach < TOTAL; mach++) {
        Entry entry = make_entry(mach, "tick");
        assert_true(join_offer(join, 1, &entry));
    }
    for (uint64_t mach = TOTAL - MAX; mach < TOTAL; mach++) {
        Entry entry = make_entry(mach, "tick");
        assert_false(join_offer(join, 2, &entry));
    }
    Entry forgotten = make_entry(TOTAL - MAX - 1, "tick");
    assert_true(join_offer(join, 2, &forgotten));
    join_free(join);
}

static void free_takes_null(void **state)
{
    (void)state;
    join_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entry_of_a_second_run_is_a_double),
        cmocka_unit_test(each_part_of_the_key_counts),
        cmocka_unit_test(long_messages_differ_in_any_byte),
        cmocka_unit_test(repetitions_within_a_run_stay),
        cmocka_unit_test(time_and_pid_stand_for_the_mach_time),
        cmocka_unit_test(what_cannot_be_recognised_passes),
        cmocka_unit_test(the_oldest_are_forgotten_first),
        cmocka_unit_test(free_takes_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
