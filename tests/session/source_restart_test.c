/*
 * Tests of restarts against the stand-in for `log` and against children that say what the test lets
 * them say: nothing is lost or doubled, a refused child leaves the old one, storms back off.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <signal.h>

#include <cmocka.h>

#include "tests/session/stream_harness.h"

/* --- restarts --------------------------------------------------------------------------------- */

static void restarts_lose_and_double_nothing(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "5000");
    harness_open(harness);
    UNTIL(harness, has_100_entries);
    for (uint64_t i = 0; i < 20; i++) {
        sources_restart(harness->sources, NULL);
        assert_true(is_restarting(harness));
        UNTIL(harness, is_live);
        assert_int_equal(harness_status(harness).restarts, i + 1);
    }
    harness_more(harness, 500);
    assert_seamless(harness);
    SourceStatus status = harness_status(harness);
    assert_true(status.doubles > 0); /* both were heard for a while each time */
    assert_true(has_notice(harness, "restarted without a gap"));
    assert_false(has_notice(harness, "restarted\n"));
}

static bool is_taken_over(const Harness *harness)
{
    return is_live(harness) && sources_refusal(harness->sources).ptr == NULL;
}

static void hundred_changes_lose_and_double_nothing(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "5000");
    harness_open(harness);
    UNTIL(harness, has_100_entries);
    for (uint64_t i = 0; i < 100; i++) {
        char predicate[64];
        (void)snprintf(predicate, sizeof(predicate), "processID != %d", 1000 + (int)i);
        sources_restart(harness->sources, predicate); /* every time another, that all fit */
        assert_true(is_restarting(harness));
        UNTIL(harness, is_taken_over);
        SourceStatus status = harness_status(harness);
        assert_int_equal(status.restarts, i + 1);
        assert_true(sv_equal(status.predicate, sv(predicate)));
        harness_more(harness, 50);
    }
    assert_seamless(harness);
    assert_true(harness->count > 5000);
    assert_int_equal(harness_status(harness).drop_notices, 0);
}

static void late_child_makes_no_gap(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "5000");
    harness_open(harness);
    UNTIL(harness, has_100_entries);
    /* With a predicate the banner comes at once, the entries a good deal later. */
    set("MDMSCOPE_FAKE_SLOW_MS", "300");
    sources_restart(harness->sources, "TRUEPREDICATE");
    UNTIL(harness, is_live);
    while (harness_status(harness).restarts == 0) {
        harness_turn(harness);
    }
    harness_more(harness, 500);
    assert_seamless(harness);
}

/* Old versions of `log` write in blocks: what the old child has not written yet must still come. */
static void child_that_buffers_is_given_time(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    set("MDMSCOPE_FAKE_BURST", "300");
    harness_open(harness);
    UNTIL(harness, has_100_entries);
    set("MDMSCOPE_FAKE_BURST", "1");
    sources_restart(harness->sources, NULL);
    UNTIL(harness, is_live);
    harness_more(harness, 100);
    assert_seamless(harness);
}

static void add_line(StrBuf *text, int number)
{
    strbuf_printf(text,
                  "{\"eventType\":\"logEvent\",\"timestamp\":\"2026-09-08 10:00:%02d.000000+0200\","
                  "\"machTimestamp\":%d,\"eventMessage\":\"seq=%d\",\"processID\":5}\n",
                  number, number, number);
}

/* Two children of which each says what the test writes into its pipe, when it is written. */
typedef struct Puppets {
    FakeLog fake;
    char paths[3][64]; /* of the first child, of the second, of the first once it runs */
    int fds[2];
} Puppets;

static void begin_puppets(Puppets *puppets, Harness *harness)
{
    static const char *const names[] = {"first", "second", "taken"};
    static const char script[] = "if mv $d/first $d/taken 2>/dev/null; then exec cat $d/taken; fi\n"
                                 "exec cat $d/second\n";
    fake_log_init(&puppets->fake, harness, script);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        (void)snprintf(puppets->paths[i], sizeof(puppets->paths[i]), "%s/%s",
                       puppets->fake.directory, names[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(puppets->fds); i++) {
        assert_int_equal(mkfifo(puppets->paths[i], 0600), 0);
        puppets->fds[i] = open(puppets->paths[i], O_RDWR | O_CLOEXEC); /* never at its end */
        assert_true(puppets->fds[i] >= 0);
    }
    harness_open(harness);
}

static void end_puppets(const Puppets *puppets)
{
    (void)close(puppets->fds[0]);
    (void)close(puppets->fds[1]);
    (void)unlink(puppets->paths[1]);
    (void)unlink(puppets->paths[2]);
    fake_log_done(&puppets->fake);
}

/* Lets one of them say entries `from` to `to`, without the last `cut` bytes, and waits until
 * `decoded` entries have been heard in all. */
static void let_say(const Puppets *puppets, size_t which, Harness *harness, const int range[2],
                    size_t cut, uint64_t decoded)
{
    StrBuf text = {0};
    for (int i = range[0]; i <= range[1]; i++) {
        add_line(&text, i);
    }
    assert_int_equal(write(puppets->fds[which], text.ptr, text.len - cut), text.len - cut);
    strbuf_done(&text);
    int64_t begin = clock_monotonic();
    while (harness_status(harness).counts.entries < decoded) {
        assert_true(clock_monotonic() - begin < HARNESS_PATIENCE_NS);
        harness_turn(harness);
    }
}

/* The old child has written half of entry 10 when it is killed; the new one has all of it. */
static void torn_line_of_the_old_child_is_left_out(void **state)
{
    Harness *harness = *state;
    Puppets puppets;
    begin_puppets(&puppets, harness);
    let_say(&puppets, 0, harness, (const int[]){0, 10}, 60, 10);
    sources_restart(harness->sources, NULL);
    let_say(&puppets, 1, harness, (const int[]){5, 20}, 0, 26);
    UNTIL(harness, is_live);
    assert_int_equal(harness->count, 21);
    assert_seamless(harness);
    assert_int_equal(harness_status(harness).doubles, 6); /* 5 to 9, and the torn one */
    end_puppets(&puppets);
}

/* The old child says something after the new one's first words: it comes where it belongs. */
static void two_children_come_in_one_order(void **state)
{
    Harness *harness = *state;
    Puppets puppets;
    begin_puppets(&puppets, harness);
    let_say(&puppets, 0, harness, (const int[]){0, 1}, 0, 2);
    sources_restart(harness->sources, "TRUEPREDICATE");
    let_say(&puppets, 1, harness, (const int[]){2, 6}, 0, 7);
    assert_int_equal(harness->count, 2);
    let_say(&puppets, 0, harness, (const int[]){4, 4}, 0, 8);
    UNTIL(harness, is_live);
    assert_int_equal(harness->count, 7);
    assert_seamless(harness);
    let_say(&puppets, 1, harness, (const int[]){7, 9}, 0, 11);
    assert_int_equal(harness->count, 10);
    assert_seamless(harness);
    end_puppets(&puppets);
}

static bool is_restarted(const Harness *harness)
{
    return harness_status(harness).restarts > 0;
}

static int compare_numbers(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void restart_with_a_predicate_changes_what_comes(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    harness_open(harness);
    UNTIL(harness, has_100_entries);
    sources_restart(harness->sources, "process == \"teslad\"");
    UNTIL(harness, is_restarting);
    UNTIL(harness, is_live);
    assert_true(sv_equal(harness_status(harness).predicate, SV("process == \"teslad\"")));
    assert_true(has_notice(harness, "with the predicate process == \"teslad\""));
    size_t before = harness->count;
    while (harness->count < before + 20) {
        harness_turn(harness);
    }
    for (size_t i = before + 1; i < harness->count; i++) {
        assert_int_equal(harness->numbers[i], harness->numbers[i - 1] + 8);
    }
    /* "" takes it away again. */
    sources_restart(harness->sources, "");
    UNTIL(harness, is_live);
    assert_null(harness_status(harness).predicate.ptr);
    /* Order is another test's business: what the new one was late to say comes late. */
    qsort(harness->numbers, harness->count, sizeof(harness->numbers[0]), compare_numbers);
    for (size_t i = 1; i < harness->count; i++) {
        assert_true(harness->numbers[i] > harness->numbers[i - 1]); /* nothing twice */
    }
}

static void refused_restart_leaves_the_old_one(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    harness_open(harness);
    UNTIL(harness, has_100_entries);
    sources_restart(harness->sources, "process ==");
    UNTIL(harness, is_refused);
    assert_true(sv_starts(sources_refusal(harness->sources), SV("log: Bad predicate")));
    SourceStatus status = harness_status(harness);
    assert_int_equal(status.restarts, 0);
    assert_null(status.predicate.ptr);
    UNTIL(harness, is_live);
    harness_more(harness, 100);
    assert_seamless(harness);
    /* The next one that works takes the refusal back. */
    sources_restart(harness->sources, NULL);
    assert_null(sources_refusal(harness->sources).ptr);
    UNTIL(harness, is_live);
    assert_seamless(harness);
}

/* Says an entry every 100 ms; with a predicate it is silent for a good while, then refuses. */
static const char late_refuser[] =
    "case \" $* \" in *' --predicate '*)\n"
    "  sleep 1.5; echo 'log: Bad predicate (x)' >&2; exit 64;; esac\n"
    "n=0; while :; do n=$((n+1)); sleep 0.1\n"
    "echo '{\"eventType\":\"logEvent\",\"machTimestamp\":'$n',\"eventMessage\":\"seq='$n'\"}'; "
    "done\n";

static void late_refusal_leaves_the_old_one_too(void **state)
{
    Harness *harness = *state;
    FakeLog fake;
    fake_log_init(&fake, harness, late_refuser);
    harness_open(harness);
    UNTIL(harness, has_entries);
    sources_restart(harness->sources, "process == x");
    UNTIL(harness, is_refused);
    fake_log_done(&fake);
    assert_true(sv_starts(sources_refusal(harness->sources), SV("log: Bad predicate (x)")));
    assert_int_equal(state_of(harness), SOURCE_LIVE);
    assert_int_equal(harness_status(harness).restarts, 0);
    harness_more(harness, 3);
    assert_seamless(harness);
}

/* A predicate that nothing fits is taken over all the same, after a long silence. */
static void silent_child_takes_over_in_the_end(void **state)
{
    Harness *harness = *state;
    Puppets puppets;
    begin_puppets(&puppets, harness);
    let_say(&puppets, 0, harness, (const int[]){0, 1}, 0, 2);
    sources_restart(harness->sources, "process == x");
    harness->shift = 9 * NS_PER_SECOND;
    harness_turn(harness);
    assert_int_equal(state_of(harness), SOURCE_RESTARTING);
    let_say(&puppets, 0, harness, (const int[]){2, 2}, 0, 3); /* the old one lives */
    harness->shift = 11 * NS_PER_SECOND;
    UNTIL(harness, is_restarted);
    assert_int_equal(harness->count, 3);
    let_say(&puppets, 1, harness, (const int[]){3, 3}, 0, 4);
    assert_seamless(harness);
    end_puppets(&puppets);
}

static void impatient_restarts_replace_each_other(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    harness_open(harness);
    UNTIL(harness, has_100_entries);
    for (int i = 0; i < 10; i++) {
        sources_restart(harness->sources, i % 2 == 0 ? "TRUEPREDICATE" : "process ==");
        harness_turn(harness);
    }
    sources_restart(harness->sources, "TRUEPREDICATE");
    UNTIL(harness, is_live);
    harness_more(harness, 100);
    assert_seamless(harness);
}

/* Silent children that are deaf to SIGTERM; each notes its pid. */
static const char deaf[] = "trap '' TERM; echo $$ >>$d/pids\n"
                           "case \" $* \" in *' --predicate '*) exec sleep 60;; esac\n"
                           "echo '{\"eventType\":\"logEvent\",\"eventMessage\":\"seq=1\"}'\n"
                           "exec sleep 60\n";

static pid_t await_pid(Harness *harness, const FakeLog *fake, int number)
{
    char path[80];
    (void)snprintf(path, sizeof(path), "%s/pids", fake->directory);
    int64_t begin = clock_monotonic();
    for (;;) {
        FILE *file = fopen(path, "r");
        char line[32];
        int lines = 0;
        while (file != NULL && lines < number && fgets(line, sizeof(line), file) != NULL) {
            lines += strchr(line, '\n') != NULL ? 1 : 0;
        }
        if (file != NULL) {
            (void)fclose(file);
        }
        int64_t pid;
        if (lines == number && sv_to_i64(sv_of(line, strlen(line) - 1), &pid)) {
            return (pid_t)pid;
        }
        assert_true(clock_monotonic() - begin < HARNESS_PATIENCE_NS);
        (void)sources_pump(harness->sources, NULL, clock_monotonic(), HARNESS_BUDGET_NS);
    }
}

static void nobody_waits_for_a_deaf_child(void **state)
{
    Harness *harness = *state;
    FakeLog fake;
    fake_log_init(&fake, harness, deaf);
    harness_open(harness);
    (void)await_pid(harness, &fake, 1);
    UNTIL(harness, has_entries);
    sources_restart(harness->sources, "process == x");
    pid_t second = await_pid(harness, &fake, 2);
    int64_t before = clock_monotonic();
    sources_restart(harness->sources, "process == y"); /* withdraws the second */
    assert_true(clock_monotonic() - before < 200 * NS_PER_MS);
    assert_int_equal(kill(second, 0), 0);
    harness->shift = 3 * NS_PER_SECOND; /* now it is killed */
    before = clock_monotonic();
    while (kill(second, 0) == 0) {
        harness_turn(harness);
        sources_reap(harness->sources);
        assert_true(clock_monotonic() - before < HARNESS_PATIENCE_NS);
    }
    char path[80];
    (void)snprintf(path, sizeof(path), "%s/pids", fake.directory);
    assert_int_equal(unlink(path), 0);
    fake_log_done(&fake);
}

/* --- storms ----------------------------------------------------------------------------------- */

static bool is_waiting(const Harness *harness)
{
    return state_of(harness) == SOURCE_RESTARTING;
}

static void storm_backs_off_and_says_so(void **state)
{
    static const int pauses[] = {1, 2, 4, 8, 16, 30, 30};
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_REFUSE", "silent");
    harness_open(harness);
    UNTIL(harness, has_ended);
    sources_restart(harness->sources, NULL); /* once may happen: at once */
    assert_int_equal(state_of(harness), SOURCE_STARTING);
    UNTIL(harness, has_ended);
    for (size_t i = 0; i < ARRAY_LEN(pauses); i++) {
        char text[96];
        (void)snprintf(text, sizeof(text),
                       "log has ended at once %zu times in a row: started again in %d s", i + 2,
                       pauses[i]);
        strbuf_clear(&harness->notices);
        for (int presses = 0; presses < 3; presses++) {
            sources_restart(harness->sources, NULL);
            assert_true(is_waiting(harness));
            assert_false(sources_are_done(harness->sources));
            assert_no_children();
        }
        assert_true(has_notice(harness, text));
        assert_true(sv_equal(harness_status(harness).note, sv(text)));
        int64_t now = clock_monotonic() + harness->shift;
        int64_t due = sources_deadline(harness->sources, now);
        assert_in_range(due - now, (pauses[i] - 1) * NS_PER_SECOND, pauses[i] * NS_PER_SECOND);
        (void)sources_pump(harness->sources, NULL, due - 1, HARNESS_BUDGET_NS);
        assert_true(is_waiting(harness));
        harness->shift += due - now; /* a pause passes */
        UNTIL(harness, has_ended);
        assert_true(has_notice(harness, "started again"));
        assert_null(harness_status(harness).note.ptr);
    }
    assert_int_equal(harness_status(harness).restarts, 1 + ARRAY_LEN(pauses));
}

static void storm_ends_with_another_predicate(void **state)
{
    Harness *harness = *state;
    harness->options.predicate = "process ==";
    harness_open(harness);
    UNTIL(harness, has_ended);
    sources_restart(harness->sources, NULL);
    UNTIL(harness, has_ended);
    sources_restart(harness->sources, NULL);
    assert_true(is_waiting(harness));
    sources_restart(harness->sources, "process != x");
    assert_int_equal(state_of(harness), SOURCE_STARTING);
    UNTIL(harness, is_live);
}

static void ended_stream_is_started_again(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    set("MDMSCOPE_FAKE_END", "10");
    harness_open(harness);
    UNTIL(harness, has_ended);
    (void)unsetenv("MDMSCOPE_FAKE_END");
    sources_restart(harness->sources, NULL);
    assert_int_equal(state_of(harness), SOURCE_STARTING);
    assert_false(harness_status(harness).has_exit);
    UNTIL(harness, has_100_entries);
    assert_true(has_notice(harness, "started again"));
    assert_int_equal(harness_status(harness).restarts, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(restarts_lose_and_double_nothing),
        TEST(hundred_changes_lose_and_double_nothing),
        TEST(late_child_makes_no_gap),
        TEST(child_that_buffers_is_given_time),
        TEST(torn_line_of_the_old_child_is_left_out),
        TEST(two_children_come_in_one_order),
        TEST(restart_with_a_predicate_changes_what_comes),
        TEST(refused_restart_leaves_the_old_one),
        TEST(late_refusal_leaves_the_old_one_too),
        TEST(silent_child_takes_over_in_the_end),
        TEST(impatient_restarts_replace_each_other),
        TEST(nobody_waits_for_a_deaf_child),
        TEST(storm_backs_off_and_says_so),
        TEST(storm_ends_with_another_predicate),
        TEST(ended_stream_is_started_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
