/*
 * Tests of session/child: what a child is born with, what it says, how it ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/str.h"
#include "session/child.h"
#include "tests/session/processes.h"

/* A child that hangs is given up after this. */
#define PATIENCE_NS (INT64_C(20) * NS_PER_SECOND)

static void wait_readable(int fd)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    struct timeval patience = {.tv_sec = (time_t)(PATIENCE_NS / NS_PER_SECOND)};
    assert_int_equal(select(fd + 1, &set, NULL, NULL, &patience), 1);
}

/* Reads until `wanted` has come (or, when it is NULL, to the end). */
static void read_until(int fd, const char *wanted, StrBuf *text)
{
    for (;;) {
        if (wanted != NULL && sv_find(strbuf_view(text), sv(wanted)) != SIZE_MAX) {
            return;
        }
        char buffer[4096];
        ssize_t count = read(fd, buffer, sizeof(buffer));
        if (count > 0) {
            strbuf_add(text, sv_of(buffer, (size_t)count));
        } else if (count == 0) {
            assert_null(wanted);
            return;
        } else {
            assert_true(errno == EAGAIN || errno == EINTR);
            wait_readable(fd);
        }
    }
}

static void wait_exit(Child *child)
{
    int64_t begin = clock_monotonic();
    while (!child_reap(child)) {
        child_tick(child, clock_monotonic());
        assert_true(clock_monotonic() - begin < PATIENCE_NS);
        struct timeval moment = {.tv_usec = 1000};
        (void)select(0, NULL, NULL, NULL, &moment);
    }
}

static Child start(const char *script)
{
    const char *argv[] = {"/bin/sh", "-c", script, NULL};
    Child child = child_none();
    Err err = err_none();
    assert_true(child_start(&child, argv, 0, &err));
    return child;
}

static void output_and_errors_come_apart(void **state)
{
    (void)state;
    Child child = start("echo out; echo err >&2; exit 7");
    StrBuf out = {0};
    StrBuf errors = {0};
    read_until(child.out, NULL, &out);
    read_until(child.err, NULL, &errors);
    assert_string_equal(out.ptr, "out\n");
    assert_string_equal(errors.ptr, "err\n");
    wait_exit(&child);
    assert_int_equal(child.exit_status, 7);
    child_done(&child);
    strbuf_done(&out);
    strbuf_done(&errors);
    assert_no_children();
}

static void pipes_do_not_block_and_are_not_inherited(void **state)
{
    (void)state;
    Child child = start("exec sleep 60");
    char byte;
    assert_int_equal(read(child.out, &byte, 1), -1);
    assert_int_equal(errno, EAGAIN);
    assert_true((fcntl(child.out, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(child.err, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(child.out, F_GETFD) & FD_CLOEXEC) != 0);
    assert_true((fcntl(child.err, F_GETFD) & FD_CLOEXEC) != 0);
    child_done(&child);
    assert_no_children();
}

/* Prints which descriptors the shell has beyond the three, one a line. */
static const char list_descriptors[] =
    "for fd in 3 4 5 6 7 8 9; do (: <&$fd) 2>/dev/null && echo $fd; done; echo end";

static void child_inherits_only_three_descriptors(void **state)
{
    (void)state;
    int inheritable = open("/dev/null", O_RDONLY); /* without close-on-exec, on purpose */
    assert_in_range(inheritable, 3, 9);
    Child first = start("exec cat >/dev/null");
    Child child = start(list_descriptors);
    StrBuf out = {0};
    read_until(child.out, NULL, &out);
#if defined(__APPLE__) || defined(__GLIBC__)
    assert_string_equal(out.ptr, "end\n");
#endif
    strbuf_done(&out);
    child_done(&child);
    child_done(&first);
    (void)close(inheritable);
    assert_no_children();
}

static void signals_are_reset(void **state)
{
    (void)state;
    sigset_t blocked;
    sigset_t before;
    (void)sigemptyset(&blocked);
    (void)sigaddset(&blocked, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &blocked, &before);
    void (*old)(int) = signal(SIGPIPE, SIG_IGN);
    /* A shell cannot reset what was ignored when it was started; one killed by the signal proves
     * that nothing was. */
    Child pipe_child = start("kill -PIPE $$; echo survived");
    Child term_child = start("kill -TERM $$; echo survived");
    wait_exit(&pipe_child);
    wait_exit(&term_child);
    assert_int_equal(pipe_child.exit_status, 128 + SIGPIPE);
    assert_int_equal(term_child.exit_status, 128 + SIGTERM);
    child_done(&pipe_child);
    child_done(&term_child);
    (void)signal(SIGPIPE, old);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    assert_no_children();
}

static void group_and_environment(void **state)
{
    (void)state;
    (void)setenv("LOG_STYLE", "compact", 1);
    (void)setenv("LOG_STYLED", "kept", 1);
    Child child = start("echo \"style=${LOG_STYLE-unset} other=$LOG_STYLED\"; exec cat <&0");
    assert_int_equal(getpgid(child.pid), child.pid);
    StrBuf out = {0};
    read_until(child.out, "\n", &out);
    assert_string_equal(out.ptr, "style=unset other=kept\n");
    assert_string_equal(getenv("LOG_STYLE"), "compact"); /* ours is left alone */
    child_done(&child);
    const char *argv[] = {"/bin/sh", "-c", "while :; do read x || exec sleep 60; done", NULL};
    Err err = err_none();
    assert_true(child_start(&child, argv, CHILD_SHARE_GROUP, &err));
    assert_int_equal(getpgid(child.pid), getpgrp());
    child_done(&child);
    strbuf_done(&out);
    (void)unsetenv("LOG_STYLE");
    (void)unsetenv("LOG_STYLED");
    assert_no_children();
}

static void asked_to_end_it_ends(void **state)
{
    (void)state;
    Child child =
        start("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 60 & wait; done");
    StrBuf out = {0};
    read_until(child.out, "ready", &out);
    child_end(&child, clock_monotonic());
    wait_exit(&child);
    assert_int_equal(child.exit_status, 3);
    assert_false(child.is_killed);
    child_done(&child);
    strbuf_done(&out);
    assert_no_children();
}

static void deaf_child_is_killed_when_due(void **state)
{
    (void)state;
    Child child = start("trap '' TERM; echo ready; while :; do sleep 60; done");
    StrBuf out = {0};
    read_until(child.out, "ready", &out);
    int64_t now = clock_monotonic();
    child_end(&child, now);
    child_tick(&child, now + CHILD_GRACE_NS - 1);
    assert_false(child.is_killed);
    assert_false(child_reap(&child));
    child_tick(&child, now + CHILD_GRACE_NS);
    assert_true(child.is_killed);
    wait_exit(&child);
    assert_int_equal(child.exit_status, 128 + SIGKILL);
    read_until(child.out, NULL, &out); /* its sleep went with it: the pipe is at its end */
    child_done(&child);
    strbuf_done(&out);
    assert_no_children();
}

static void done_takes_the_whole_group(void **state)
{
    (void)state;
    Child child = start("trap '' TERM; (trap '' TERM; echo pid $$; while :; do sleep 60; done) & "
                        "echo ready; wait");
    StrBuf out = {0};
    read_until(child.out, "ready", &out);
    read_until(child.out, "pid", &out);
    pid_t group = child.pid;
    child_done(&child);
    /* Whoever of the group is left is a zombie that init has not collected yet. */
    int64_t begin = clock_monotonic();
    while (kill(-group, 0) == 0) {
        assert_true(clock_monotonic() - begin < PATIENCE_NS);
        struct timeval moment = {.tv_usec = 1000};
        (void)select(0, NULL, NULL, NULL, &moment);
    }
    strbuf_done(&out);
    assert_no_children();
}

static void what_cannot_be_run_fails_with_the_reason(void **state)
{
    (void)state;
    size_t before = open_descriptors();
    const char *argv[] = {"/nonexistent/log", "stream", NULL};
    Child child = child_none();
    Err err = err_none();
    assert_false(child_start(&child, argv, 0, &err));
    assert_string_equal(err.text, "cannot run '/nonexistent/log': No such file or directory");
    assert_int_equal(child.pid, 0);
    child_done(&child);
    assert_int_equal(open_descriptors(), before);
    assert_no_children();
}

static void nothing_is_left_behind(void **state)
{
    (void)state;
    size_t before = open_descriptors();
    for (int i = 0; i < 20; i++) {
        Child child = start(i % 2 == 0 ? "exit 0" : "exec sleep 60");
        child_done(&child);
    }
    assert_int_equal(open_descriptors(), before);
    assert_no_children();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_and_errors_come_apart),
        cmocka_unit_test(pipes_do_not_block_and_are_not_inherited),
        cmocka_unit_test(child_inherits_only_three_descriptors),
        cmocka_unit_test(signals_are_reset),
        cmocka_unit_test(group_and_environment),
        cmocka_unit_test(asked_to_end_it_ends),
        cmocka_unit_test(deaf_child_is_killed_when_due),
        cmocka_unit_test(done_takes_the_whole_group),
        cmocka_unit_test(what_cannot_be_run_fails_with_the_reason),
        cmocka_unit_test(nothing_is_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
