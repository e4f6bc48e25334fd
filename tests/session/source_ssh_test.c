/*
 * Tests of what is particular to ssh: one connection for all children of a host, one host after the
 * other while something may be asked. The stand-ins note how they were called.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/socket.h>
#include <sys/un.h>

#include <cmocka.h>

#include "tests/session/stream_harness.h"

/* Notes its words in "calls" and, unless it is told to fail, connects when the test says "go". */
static const char noting_ssh[] = "echo \"$*\" >>$d/calls\n"
                                 "case \" $* \" in *' -O '*) exit 0;; esac\n"
                                 "[ -e $d/fail ] && exit 255\n"
                                 "while [ ! -e $d/go ]; do sleep 0.01; done\n"
                                 "echo; exec sleep 60\n";

typedef struct FakeSsh {
    FakeLog fake;
    char calls[64];
    char go[64];
    char fail[64];
} FakeSsh;

static void begin_ssh(FakeSsh *ssh, Harness *harness)
{
    const char *log_path = harness->options.log_path;
    fake_log_init(&ssh->fake, harness, noting_ssh);
    harness->options.ssh_path = ssh->fake.program;
    harness->options.log_path = log_path;
    (void)snprintf(ssh->calls, sizeof(ssh->calls), "%s/calls", ssh->fake.directory);
    (void)snprintf(ssh->go, sizeof(ssh->go), "%s/go", ssh->fake.directory);
    (void)snprintf(ssh->fail, sizeof(ssh->fail), "%s/fail", ssh->fake.directory);
}

static void end_ssh(const FakeSsh *ssh)
{
    (void)unlink(ssh->calls);
    (void)unlink(ssh->go);
    (void)unlink(ssh->fail);
    fake_log_done(&ssh->fake);
}

static void touch(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    (void)close(fd);
}

/* The words of call `number` (from 1), in `line`; false when there was none yet. */
static bool read_call(const FakeSsh *ssh, int number, char *line, int size)
{
    FILE *file = fopen(ssh->calls, "r");
    int lines = 0;
    while (file != NULL && lines < number && fgets(line, size, file) != NULL) {
        lines += strchr(line, '\n') != NULL ? 1 : 0;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return lines == number;
}

static void await_call(Harness *harness, const FakeSsh *ssh, int number, char *line, int size)
{
    int64_t begin = clock_monotonic();
    while (!read_call(ssh, number, line, size)) {
        assert_true(clock_monotonic() - begin < HARNESS_PATIENCE_NS);
        (void)sources_pump(harness->sources, NULL, clock_monotonic(), HARNESS_BUDGET_NS);
    }
}

static SourceState state_at(const Harness *harness, size_t index)
{
    SourceStatus status;
    sources_status(harness->sources, index, &status);
    return status.state;
}

static bool first_is_live(const Harness *harness)
{
    return state_at(harness, 0) == SOURCE_LIVE;
}

static bool second_is_live(const Harness *harness)
{
    return state_at(harness, 1) == SOURCE_LIVE;
}

static bool second_has_ended(const Harness *harness)
{
    return state_at(harness, 1) == SOURCE_ENDED;
}

/* Copies the path after ControlPath= out of a call. */
static void find_socket(const char *line, char *path, size_t size)
{
    const char *at = strstr(line, "ControlPath=");
    assert_non_null(at);
    at += strlen("ControlPath=");
    size_t len = strcspn(at, " \n");
    assert_in_range(len, 1, size - 1);
    memcpy(path, at, len);
    path[len] = '\0';
}

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    assert_in_range(strlen(path), 1, sizeof(address.sun_path) - 20); /* ssh appends a few bytes */
    memcpy(address.sun_path, path, strlen(path));                    /* the rest of it is zeroes */
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void restart_shares_the_connection(void **state)
{
    Harness *harness = *state;
    FakeSsh ssh;
    char line[2048];
    char path[128];
    char again[128];
    begin_ssh(&ssh, harness);
    touch(ssh.go);
    harness_add(harness, SOURCE_SSH, "mac-17.local");
    harness_open(harness);
    await_call(harness, &ssh, 1, line, sizeof(line));
    assert_non_null(strstr(line, "-o ControlMaster=auto -o ControlPersist="));
    assert_null(strstr(line, "BatchMode")); /* it may ask */
    find_socket(line, path, sizeof(path));
    UNTIL(harness, is_live);
    /* The directory is there for the user alone. */
    struct stat info;
    char directory[128];
    (void)snprintf(directory, sizeof(directory), "%.*s", (int)(strrchr(path, '/') - path), path);
    assert_int_equal(stat(directory, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    int fd = listen_at(path); /* as ssh does once it is connected */
    sources_restart(harness->sources, "process == x");
    await_call(harness, &ssh, 2, line, sizeof(line));
    find_socket(line, again, sizeof(again));
    assert_string_equal(again, path);
    assert_non_null(strstr(line, "BatchMode=yes"));
    sources_free(harness->sources);
    harness->sources = NULL;
    assert_true(read_call(&ssh, 3, line, sizeof(line)));
    assert_true(sv_starts(sv(line), SV("-O exit -o ControlPath=")));
    assert_non_null(strstr(line, "-- mac-17.local"));
    find_socket(line, again, sizeof(again));
    assert_string_equal(again, path);
    assert_int_equal(stat(directory, &info), -1); /* nothing is left */
    (void)close(fd);
    end_ssh(&ssh);
}

static void hosts_ask_one_after_the_other(void **state)
{
    Harness *harness = *state;
    FakeSsh ssh;
    char line[2048];
    begin_ssh(&ssh, harness);
    harness_add(harness, SOURCE_SSH, "one.local");
    harness_add(harness, SOURCE_SSH, "two.local");
    harness_open(harness);
    await_call(harness, &ssh, 1, line, sizeof(line));
    assert_non_null(strstr(line, "one.local"));
    for (int i = 0; i < 5; i++) {
        (void)sources_pump(harness->sources, NULL, clock_monotonic() + i * NS_PER_SECOND,
                           HARNESS_BUDGET_NS);
        assert_int_equal(state_at(harness, 0), SOURCE_STARTING);
        assert_int_equal(state_at(harness, 1), SOURCE_STARTING);
    }
    SourceStatus status;
    sources_status(harness->sources, 1, &status);
    assert_int_equal(status.command.len, 0); /* nothing was run for it */
    sources_restart(harness->sources, NULL); /* does not start it either */
    assert_false(sources_are_done(harness->sources));
    sources_status(harness->sources, 1, &status);
    assert_int_equal(status.command.len, 0);
    touch(ssh.go);
    UNTIL(harness, second_is_live);
    end_ssh(&ssh);
}

static void host_that_fails_lets_the_next_one_ask(void **state)
{
    Harness *harness = *state;
    FakeSsh ssh;
    begin_ssh(&ssh, harness);
    touch(ssh.fail);
    harness_add(harness, SOURCE_SSH, "one.local");
    harness_add(harness, SOURCE_SSH, "two.local");
    harness->options.predicate = "process == x";
    harness_open(harness);
    UNTIL(harness, second_has_ended);
    assert_int_equal(state_at(harness, 0), SOURCE_ENDED);
    SourceStatus status;
    sources_status(harness->sources, 1, &status);
    assert_int_equal(status.exit_status, 255);
    assert_true(sv_equal(status.predicate, SV("process == x")));
    UNTIL(harness, is_done);
    end_ssh(&ssh);
}

static void held_host_takes_a_new_predicate_with_it(void **state)
{
    Harness *harness = *state;
    FakeSsh ssh;
    begin_ssh(&ssh, harness);
    harness_add(harness, SOURCE_EXEC, "exec sleep 60");
    harness_add(harness, SOURCE_SSH, "one.local");
    harness_add(harness, SOURCE_SSH, "two.local");
    harness_open(harness);
    touch(ssh.go);
    sources_restart(harness->sources, "process == y");
    int64_t begin = clock_monotonic();
    while (state_at(harness, 2) != SOURCE_LIVE) {
        harness_turn(harness);
        assert_true(clock_monotonic() - begin < HARNESS_PATIENCE_NS);
    }
    SourceStatus status;
    sources_status(harness->sources, 2, &status);
    assert_true(sv_equal(status.predicate, SV("process == y")));
    assert_true(sv_find(status.command, SV("process == y")) != SIZE_MAX);
    assert_false(first_is_live(harness)); /* a command that says nothing */
    end_ssh(&ssh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(restart_shares_the_connection),
        TEST(hosts_ask_one_after_the_other),
        TEST(host_that_fails_lets_the_next_one_ask),
        TEST(held_host_takes_a_new_predicate_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
