/*
 * What the tests of streams share: the stand-in's environment is cleared before each test and no
 * child is left after it; states to wait for; the proof that nothing was lost or doubled.
 * Included by test programs only, after <cmocka.h>.
 */
#ifndef TESTS_SESSION_STREAM_HARNESS_H
#define TESTS_SESSION_STREAM_HARNESS_H

#include "tests/session/harness.h"

static const char *const variables[] = {
    "MDMSCOPE_FAKE_RATE",     "MDMSCOPE_FAKE_SLOW_MS", "MDMSCOPE_FAKE_BURST", "MDMSCOPE_FAKE_STALL",
    "MDMSCOPE_FAKE_STALL_MS", "MDMSCOPE_FAKE_DIE",     "MDMSCOPE_FAKE_END",   "MDMSCOPE_FAKE_DROP",
    "MDMSCOPE_FAKE_DROP_TO",  "MDMSCOPE_FAKE_REFUSE",  "MDMSCOPE_FAKE_OLD",   "MDMSCOPE_FAKE_SSH",
    "MDMSCOPE_FAKE_SSH_LOST", "MDMSCOPE_FAKE_BACKLOG",
};

static inline void set(const char *name, const char *value)
{
    assert_int_equal(setenv(name, value, 1), 0);
}

static inline int set_up(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(variables); i++) {
        (void)unsetenv(variables[i]);
    }
    *state = harness_new();
    return 0;
}

static inline int tear_down(void **state)
{
    harness_free(*state);
    assert_no_children();
    return 0;
}

static inline SourceState state_of(const Harness *harness)
{
    return harness_status(harness).state;
}

static inline bool is_live(const Harness *harness)
{
    return state_of(harness) == SOURCE_LIVE;
}

static inline bool is_stalled(const Harness *harness)
{
    return state_of(harness) == SOURCE_STALLED;
}

static inline bool is_restarting(const Harness *harness)
{
    return state_of(harness) == SOURCE_RESTARTING;
}

static inline bool has_ended(const Harness *harness)
{
    return state_of(harness) == SOURCE_ENDED;
}

static inline bool has_entries(const Harness *harness)
{
    return harness->count > 0;
}

static inline bool has_100_entries(const Harness *harness)
{
    return harness->count >= 100;
}

static inline bool is_refused(const Harness *harness)
{
    return sources_refusal(harness->sources).ptr != NULL;
}

/* Every number from the first to the last, once, in order. */
static inline void assert_seamless(const Harness *harness)
{
    for (size_t i = 1; i < harness->count; i++) {
        if (harness->numbers[i] != harness->numbers[i - 1] + 1) {
            fail_msg("entry %zu: seq=%lld after seq=%lld", i, (long long)harness->numbers[i],
                     (long long)harness->numbers[i - 1]);
        }
    }
    assert_int_equal(harness->unparsed, 0);
}

/* A program that is run instead of `log`, in a directory of its own, where it may keep things. */
typedef struct FakeLog {
    char directory[32];
    char program[64];
} FakeLog;

/* `script` finds the directory in $d. */
static inline void fake_log_init(FakeLog *fake, Harness *harness, const char *script)
{
    static const char head[] = "#!/bin/sh\nd=${0%/*}\n";
    (void)snprintf(fake->directory, sizeof(fake->directory), "/tmp/mdmscope-XXXXXX");
    assert_non_null(mkdtemp(fake->directory));
    (void)snprintf(fake->program, sizeof(fake->program), "%s/log", fake->directory);
    int fd = open(fake->program, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    assert_int_equal(write(fd, head, sizeof(head) - 1), sizeof(head) - 1);
    assert_int_equal(write(fd, script, strlen(script)), strlen(script));
    (void)close(fd);
    harness->options.log_path = fake->program;
}

/* The directory must be empty but for the program. */
static inline void fake_log_done(const FakeLog *fake)
{
    (void)unlink(fake->program);
    assert_int_equal(rmdir(fake->directory), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
