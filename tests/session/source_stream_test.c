/*
 * Tests of streams against the stand-in for `log`: states, fallbacks, refusals, history without gap
 * or double, ssh, --exec. That nothing is lost or doubled is proved by the numbers that the
 * stand-in puts into its messages. Restarts have a file of their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/session/stream_harness.h"

/* --- states ----------------------------------------------------------------------------------- */

static void starts_lives_stalls_and_lives_again(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    set("MDMSCOPE_FAKE_STALL", "50");
    set("MDMSCOPE_FAKE_STALL_MS", "300");
    harness_open(harness);
    SourceStatus status = harness_status(harness);
    assert_int_equal(status.state, SOURCE_STARTING);
    assert_true(status.is_stream);
    assert_false(status.has_exit);
    assert_true(sv_ends(status.command,
                        SV("tests/bin/log stream --style ndjson --info --debug --color none")));
    UNTIL(harness, is_live);
    while (harness->count < 50) {
        harness_turn(harness);
    }
    harness->shift = SOURCE_STALL_NS; /* as if ten seconds had passed */
    harness_turn(harness);
    UNTIL(harness, is_stalled);
    UNTIL(harness, is_live);
    assert_seamless(harness);
    assert_int_equal(sources_count(harness->sources), 1);
}

static void silent_start_is_a_stall_too(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_STALL", "0");
    harness_open(harness);
    int64_t now = clock_monotonic();
    int64_t deadline = sources_deadline(harness->sources, now);
    assert_true(deadline <= now + NS_PER_SECOND); /* to see whether it has been refused */
    (void)sources_pump(harness->sources, NULL, now + 2 * NS_PER_SECOND, HARNESS_BUDGET_NS);
    assert_int_equal(state_of(harness), SOURCE_STARTING);
    deadline = sources_deadline(harness->sources, now);
    assert_true(deadline > now + 9 * NS_PER_SECOND && deadline <= now + SOURCE_STALL_NS);
    (void)sources_pump(harness->sources, NULL, now + SOURCE_STALL_NS, HARNESS_BUDGET_NS);
    assert_int_equal(state_of(harness), SOURCE_STALLED);
    assert_true(sources_deadline(harness->sources, now) == INT64_MAX);
}

static void proper_end_shows_its_status(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    set("MDMSCOPE_FAKE_END", "20");
    harness_open(harness);
    UNTIL(harness, is_done);
    SourceStatus status = harness_status(harness);
    assert_int_equal(status.state, SOURCE_ENDED);
    assert_true(status.has_exit);
    assert_int_equal(status.exit_status, 0);
    assert_int_equal(status.counts.entries, 20);
    assert_int_equal(status.counts.notices[NOTICE_TRAILER], 1);
    assert_int_equal(harness->count, 20);
    assert_seamless(harness);
    assert_true(has_notice(harness, "log ended\n"));
    assert_null(status.advice.ptr);
}

static void death_in_mid_line_shows_what_came(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    set("MDMSCOPE_FAKE_DIE", "20");
    harness_open(harness);
    UNTIL(harness, is_done);
    SourceStatus status = harness_status(harness);
    assert_int_equal(status.exit_status, 128 + 9);
    assert_int_equal(harness->count, 21); /* the torn one is shown, flagged */
    assert_true(has_notice(harness, "log ended with status 137\n"));
}

static void drop_notice_is_shown_on_either_channel(void **state)
{
    static const char *const channels[] = {"stdout", "stderr"};
    Harness *harness = *state;
    for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
        set("MDMSCOPE_FAKE_RATE", "1000");
        set("MDMSCOPE_FAKE_DROP", "20");
        set("MDMSCOPE_FAKE_DROP_TO", channels[i]);
        set("MDMSCOPE_FAKE_END", "40");
        harness_open(harness);
        UNTIL(harness, is_done);
        assert_int_equal(harness_status(harness).drop_notices, 1);
        assert_true(has_notice(harness, "=== Messages dropped during live streaming"));
        assert_int_equal(harness->count, 40);
        assert_int_equal(harness->numbers[20], harness->numbers[19] + 11);
        harness_free(harness);
        *state = harness = harness_new();
    }
}

static void burst_is_read_to_its_end(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "20000");
    set("MDMSCOPE_FAKE_BURST", "4000");
    set("MDMSCOPE_FAKE_END", "12000");
    harness_open(harness);
    UNTIL(harness, is_done);
    assert_int_equal(harness->count, 12000);
    assert_seamless(harness);
    assert_true(harness->pumps < 12000); /* drained in pieces, not line by line */
}

static bool is_done_or_has_entries(const Harness *harness)
{
    return is_done(harness) || has_entries(harness);
}

/* --- refusals and fallbacks ------------------------------------------------------------------- */

typedef struct RefusalCase {
    const char *name;
    const char *words;
    const char *advice;
    int exit_status;
} RefusalCase;

static const RefusalCase refusal_cases[] = {
    {"admin", "log: Must be admin to run 'stream' command", "group admin", 64},
    {"members", "log: mbr_check_membership_ext(): Input/output error", "sudo", 64},
    {"sandbox", "log: Cannot run while sandboxed", "sandbox", 64},
    {"store", "log: Could not open local log store: Operation not permitted", "Full Disk", 64},
    {"silent", "", NULL, 1},
};

static void refusal_is_shown_with_what_to_do(void **state)
{
    Harness *harness = *state;
    for (size_t i = 0; i < ARRAY_LEN(refusal_cases); i++) {
        const RefusalCase *expected = &refusal_cases[i];
        set("MDMSCOPE_FAKE_REFUSE", expected->name);
        harness_open(harness);
        UNTIL(harness, is_done);
        SourceStatus status = harness_status(harness);
        assert_int_equal(status.state, SOURCE_ENDED);
        assert_int_equal(status.exit_status, expected->exit_status);
        assert_true(sv_starts(status.words, sv(expected->words)) || expected->words[0] == '\0');
        assert_true(expected->advice == NULL
                        ? status.advice.ptr == NULL
                        : sv_find(status.advice, sv(expected->advice)) != SIZE_MAX);
        harness_free(harness);
        *state = harness = harness_new();
    }
}

static void bad_predicate_is_refused_in_its_own_words(void **state)
{
    Harness *harness = *state;
    harness->options.predicate = "subsystem ==";
    harness_open(harness);
    UNTIL(harness, is_done);
    SourceStatus status = harness_status(harness);
    assert_int_equal(status.exit_status, 64);
    assert_true(sv_equal(status.words,
                         SV("log: Bad predicate (Unable to parse the format string \"subsystem "
                            "==\"): subsystem ==\n")));
    assert_true(sv_find(status.advice, SV("mdmscope predicate")) != SIZE_MAX);
    assert_null(status.note.ptr); /* no fallback was tried because of it */
}

static void old_log_is_asked_in_its_own_way(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    set("MDMSCOPE_FAKE_OLD", "flags,ndjson");
    harness_open(harness);
    UNTIL(harness, has_100_entries);
    SourceStatus status = harness_status(harness);
    assert_true(
        sv_equal(status.note, SV("--style json, as this log knows no ndjson; "
                                 "--level debug, as this log knows no --info and --debug")));
    assert_true(sv_ends(status.command, SV("log stream --style json --level debug --color none")));
    assert_seamless(harness); /* debug entries included */
    assert_null(sources_refusal(harness->sources).ptr);
    /* What was learnt is not tried again. */
    strbuf_clear(&harness->notices);
    sources_restart(harness->sources, NULL);
    UNTIL(harness, is_live);
    assert_false(has_notice(harness, "--style json"));
    assert_seamless(harness);
}

static void option_that_stays_refused_is_no_loop(void **state)
{
    Harness *harness = *state;
    harness_add(harness, SOURCE_LOG, NULL);
    FakeLog fake;
    fake_log_init(&fake, harness, "echo \"log: unrecognized option \\`--info'\" >&2\nexit 64\n");
    harness_open(harness);
    UNTIL(harness, is_done);
    fake_log_done(&fake);
    SourceStatus status = harness_status(harness);
    assert_int_equal(status.exit_status, 64);
    assert_true(sv_equal(status.words, SV("log: unrecognized option `--info'\n")));
}

/* However long it takes, a refusal is a refusal. */
static void late_refusal_of_an_option_is_answered_too(void **state)
{
    static const char script[] =
        "case \" $* \" in *' --info '*)\n"
        "  sleep 1.2; echo \"log: unrecognized option \\`--info'\" >&2; exit 64;; esac\n"
        "echo '{\"eventType\":\"logEvent\",\"eventMessage\":\"seq=1\"}'\nexec sleep 60\n";
    Harness *harness = *state;
    FakeLog fake;
    fake_log_init(&fake, harness, script);
    harness_open(harness);
    UNTIL(harness, is_done_or_has_entries);
    fake_log_done(&fake);
    assert_int_equal(harness->count, 1);
    assert_true(sv_find(harness_status(harness).note, SV("--level debug")) != SIZE_MAX);
}

/* --- history ---------------------------------------------------------------------------------- */

static void check_history(Harness *harness, const char *rate, const char *slow)
{
    set("MDMSCOPE_FAKE_RATE", rate);
    set("MDMSCOPE_FAKE_SLOW_MS", slow);
    harness->options.last_ns = 2 * NS_PER_SECOND;
    harness->options.last_text = "2s";
    harness_open(harness);
    UNTIL(harness, has_entries);
    UNTIL(harness, is_live);
    harness_more(harness, 300);
    assert_seamless(harness);
    SourceStatus status = harness_status(harness);
    assert_true(status.doubles > 0 || slow[0] != '0');
    assert_int_equal(status.restarts, 0);
}

static void history_joins_the_stream(void **state)
{
    check_history(*state, "5000", "0");
}

static void history_joins_a_stream_that_is_slow_to_start(void **state)
{
    check_history(*state, "1000", "400");
}

static void history_is_shown_as_reading(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "20000");
    harness->options.last_ns = 2 * NS_PER_SECOND;
    harness->options.last_text = "2s";
    harness->options.predicate = "process == \"teslad\"";
    harness_open(harness);
    assert_int_equal(state_of(harness), SOURCE_STARTING);
    UNTIL(harness, has_entries);
    assert_int_equal(state_of(harness), SOURCE_READING);
    assert_true(sv_ends(harness_status(harness).command,
                        SV("log show --style ndjson --info --debug --color none --last 2s "
                           "--predicate 'process == \"teslad\"'")));
    UNTIL(harness, is_live);
    for (size_t i = 1; i < harness->count; i++) {
        assert_int_equal(harness->numbers[i], harness->numbers[i - 1] + 8);
    }
    assert_true(sv_find(harness_status(harness).command, SV("log stream")) != SIZE_MAX);
}

/* However much the stream has had to keep, it comes in pieces: nobody is blocked by it. */
static void queue_of_the_stream_comes_in_slices(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "20000");
    harness->options.last_ns = NS_PER_SECOND;
    harness->options.last_text = "1s";
    harness_open(harness);
    size_t most = 0;
    int64_t begin = clock_monotonic();
    while (!is_live(harness) || harness->count == 0) {
        size_t before = harness->count;
        (void)sources_pump(harness->sources, NULL, clock_monotonic(), 0);
        most = harness->count - before > most ? harness->count - before : most;
        assert_true(clock_monotonic() - begin < HARNESS_PATIENCE_NS);
    }
    assert_in_range(most, 1, 1500);
    assert_true(harness->count > 20000);
    assert_seamless(harness);
}

static void refused_history_is_only_that(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    harness->options.last_ns = NS_PER_SECOND;
    harness->options.last_text = "nonsense";
    harness_open(harness);
    UNTIL(harness, has_100_entries);
    assert_true(has_notice(harness, "log: the history ended with status 64"));
    assert_seamless(harness);
}

static void old_log_gives_its_history_too(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_OLD", "flags,ndjson");
    check_history(harness, "1000", "0");
}

/* --- ssh and exec ----------------------------------------------------------------------------- */

static void ssh_streams_and_restarts(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    harness_add(harness, SOURCE_SSH, "mac-17.local");
    harness->options.predicate = "NOT (composedMessage CONTAINS \"it's $(not) `there`\")";
    harness_open(harness);
    UNTIL(harness, has_100_entries);
    assert_true(sv_equal(harness_status(harness).name, SV("mac-17.local")));
    assert_true(harness_status(harness).is_stream);
    sources_restart(harness->sources, NULL);
    UNTIL(harness, is_live);
    assert_int_equal(harness_status(harness).restarts, 1);
    assert_seamless(harness);
}

static void ssh_tells_early_that_it_is_connected(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_STALL", "0"); /* `log` itself says nothing */
    harness_add(harness, SOURCE_SSH, "mac-17.local");
    harness_open(harness);
    UNTIL(harness, is_live);
    assert_int_equal(harness->count, 0);
}

static void ssh_that_fails_says_why(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_SSH", "refused");
    harness_add(harness, SOURCE_SSH, "mac-17.local");
    harness_open(harness);
    UNTIL(harness, is_done);
    SourceStatus status = harness_status(harness);
    assert_int_equal(status.exit_status, 255);
    assert_true(sv_equal(status.words,
                         SV("ssh: connect to host mac-17.local port 22: Connection refused\n")));
    assert_true(sv_find(status.advice, SV("Remote Login")) != SIZE_MAX);
}

static void lost_ssh_is_an_end_with_advice(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    set("MDMSCOPE_FAKE_SSH_LOST", "30");
    harness_add(harness, SOURCE_SSH, "mac-17.local");
    harness_open(harness);
    UNTIL(harness, is_done);
    SourceStatus status = harness_status(harness);
    assert_int_equal(status.exit_status, 255);
    assert_true(sv_find(status.advice, SV("connection was lost")) != SIZE_MAX);
    assert_int_equal(harness->count, 29); /* the blank line of the connection is one of the 30 */
}

static void two_hosts_are_merged_by_time(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    set("MDMSCOPE_FAKE_END", "300");
    harness_add(harness, SOURCE_SSH, "one.local");
    harness_add(harness, SOURCE_SSH, "two.local");
    harness_open(harness);
    UNTIL(harness, is_done);
    assert_int_equal(harness->count, 600);
    size_t of_second = 0;
    for (size_t i = 0; i < harness->count; i++) {
        of_second += harness->from[i];
        assert_true(i == 0 || harness->times[i] >= harness->times[i - 1]);
    }
    assert_int_equal(of_second, 300);
    SourceStatus status;
    sources_status(harness->sources, 1, &status);
    assert_true(sv_equal(status.name, SV("two.local")));
}

static void silent_host_holds_the_other_back_only_briefly(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "1000");
    set("MDMSCOPE_FAKE_END", "200");
    harness_add(harness, SOURCE_SSH, "one.local");
    harness_add(harness, SOURCE_EXEC, "exec sleep 1000");
    harness_open(harness);
    UNTIL(harness, has_100_entries);
    int64_t due = sources_deadline(harness->sources, clock_monotonic()) - clock_monotonic();
    assert_true(due <= 250 * NS_PER_MS);
    while (harness->count < 200) {
        harness_turn(harness);
    }
    assert_seamless(harness);
    assert_false(sources_are_done(harness->sources)); /* the other one is still there */
}

static void exec_runs_through_the_shell(void **state)
{
    Harness *harness = *state;
    char command[600];
    (void)snprintf(command, sizeof(command),
                   "'%s' show --style ndjson --info --debug --last 1s | head -n 10",
                   harness->log_path);
    harness_add(harness, SOURCE_EXEC, command);
    set("MDMSCOPE_FAKE_RATE", "1000");
    harness_open(harness);
    UNTIL(harness, is_done);
    SourceStatus status = harness_status(harness);
    assert_int_equal(harness->count, 10);
    assert_seamless(harness);
    assert_false(status.is_stream);
    assert_true(sv_equal(status.name, sv(command)));
    /* Restarting with a predicate is not for it; plainly, once it has ended, it is. */
    sources_restart(harness->sources, "TRUEPREDICATE");
    assert_int_equal(state_of(harness), SOURCE_ENDED);
    sources_restart(harness->sources, NULL);
    UNTIL(harness, is_done);
    assert_int_equal(harness->count, 20);
}

static void exec_that_is_not_found_says_so(void **state)
{
    Harness *harness = *state;
    harness_add(harness, SOURCE_EXEC, "exec no-such-command-here");
    harness_open(harness);
    UNTIL(harness, is_done);
    SourceStatus status = harness_status(harness);
    assert_int_equal(status.exit_status, 127);
    assert_true(sv_find(status.advice, SV("did not find")) != SIZE_MAX);
}

static void long_words_keep_their_start_and_end(void **state)
{
    Harness *harness = *state;
    harness_add(harness, SOURCE_EXEC,
                "{ echo first; yes middle | head -n 9999; echo last; } >&2; exit 5");
    harness_open(harness);
    UNTIL(harness, is_done);
    SourceStatus status = harness_status(harness);
    assert_true(sv_starts(status.words, SV("first\nmiddle\n")));
    assert_true(sv_ends(status.words, SV("middle\nlast\n")));
    assert_true(status.words.len < 2100);
    assert_true(sv_find(status.words, SV("[\xe2\x80\xa6]")) != SIZE_MAX);
}

/* --- beginning and end ------------------------------------------------------------------------ */

static void no_log_names_the_ways_to_go_on(void **state)
{
    Harness *harness = *state;
    harness->options.log_path = "/nonexistent/log";
    Err err = err_none();
    assert_null(sources_new(&harness->options, harness_sink(harness), &err));
    assert_non_null(strstr(err.text, "no Apple log on this machine"));
    assert_non_null(strstr(err.text, "mdmscope FILE"));
    assert_non_null(strstr(err.text, "--ssh HOST"));
    assert_non_null(strstr(err.text, "--exec"));
    assert_non_null(strstr(err.text, "--demo"));
}

static void dangerous_hosts_are_refused(void **state)
{
    Harness *harness = *state;
    harness_add(harness, SOURCE_SSH, "-oProxyCommand=date");
    Err err = err_none();
    assert_null(sources_new(&harness->options, harness_sink(harness), &err));
    assert_non_null(strstr(err.text, "-oProxyCommand=date"));
}

static void nothing_is_left_behind(void **state)
{
    Harness *harness = *state;
    set("MDMSCOPE_FAKE_RATE", "5000");
    size_t before = open_descriptors();
    for (int i = 0; i < 5; i++) {
        Harness *run = harness_new();
        run->options.last_ns = NS_PER_SECOND;
        run->options.last_text = "1s";
        harness_open(run);
        UNTIL(run, has_entries);
        sources_restart(run->sources, NULL);
        sources_reap(run->sources);
        harness_free(run); /* in the middle of everything */
        assert_int_equal(open_descriptors(), before);
        assert_no_children();
    }
    assert_null(harness->sources);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(starts_lives_stalls_and_lives_again),
        TEST(silent_start_is_a_stall_too),
        TEST(proper_end_shows_its_status),
        TEST(death_in_mid_line_shows_what_came),
        TEST(drop_notice_is_shown_on_either_channel),
        TEST(burst_is_read_to_its_end),
        TEST(refusal_is_shown_with_what_to_do),
        TEST(bad_predicate_is_refused_in_its_own_words),
        TEST(old_log_is_asked_in_its_own_way),
        TEST(option_that_stays_refused_is_no_loop),
        TEST(late_refusal_of_an_option_is_answered_too),
        TEST(history_joins_the_stream),
        TEST(history_joins_a_stream_that_is_slow_to_start),
        TEST(history_is_shown_as_reading),
        TEST(queue_of_the_stream_comes_in_slices),
        TEST(refused_history_is_only_that),
        TEST(old_log_gives_its_history_too),
        TEST(ssh_streams_and_restarts),
        TEST(ssh_tells_early_that_it_is_connected),
        TEST(ssh_that_fails_says_why),
        TEST(lost_ssh_is_an_end_with_advice),
        TEST(two_hosts_are_merged_by_time),
        TEST(silent_host_holds_the_other_back_only_briefly),
        TEST(exec_runs_through_the_shell),
        TEST(exec_that_is_not_found_says_so),
        TEST(long_words_keep_their_start_and_end),
        TEST(no_log_names_the_ways_to_go_on),
        TEST(dangerous_hosts_are_refused),
        TEST(nothing_is_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
