/*
 * Tests of the file that curses writes to: what was written is taken once, and a disk that cannot
 * take a frame is told at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tui/sink.h"

static void check_takes(Sink *sink)
{
    StrBuf have = {0};
    strbuf_add_str(&have, "before ");
    assert_int_equal(write(fileno(sink->file), "one", 3), 3);
    sink_take(sink, &have);
    assert_string_equal(have.ptr, "before one");
    sink_take(sink, &have);
    assert_string_equal(have.ptr, "before one"); /* once */
    /* Less than before, through stdio and past it; then more than was reserved. */
    assert_int_equal(fputc('2', sink->file), '2');
    strbuf_clear(&have);
    sink_take(sink, &have);
    assert_string_equal(have.ptr, "2");
    StrBuf large = {0};
    strbuf_add_many(&large, 'x', 2 * SINK_RESERVE);
    assert_int_equal(write(fileno(sink->file), large.ptr, large.len), large.len);
    strbuf_clear(&have);
    sink_take(sink, &have);
    assert_true(sv_equal(strbuf_view(&have), strbuf_view(&large)));
    strbuf_done(&large);
    strbuf_done(&have);
}

static void test_takes_what_was_written(void **state)
{
    (void)state;
    Err err = err_none();
    Sink sink;
    assert_true(sink_open(&sink, &err));
    check_takes(&sink);
    sink_close(&sink);
    char directory[] = "/tmp/sink-test-XXXXXX";
    assert_non_null(mkdtemp(directory));
    assert_true(sink_open_in(&sink, directory, &err));
    assert_int_equal(rmdir(directory), 0); /* the file has no name */
    check_takes(&sink);
    sink_close(&sink);
    assert_null(sink.file);
    sink_close(&sink);
}

static void test_no_room_is_told(void **state)
{
    (void)state;
    Err err = err_none();
    Sink sink = {0};
    assert_false(sink_open_in(&sink, "/nonexistent", &err));
    assert_string_equal(err.text, "'/nonexistent': No such file or directory");
    assert_null(sink.file);
    struct rlimit before;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {.rlim_cur = SINK_RESERVE / 2, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool is_open = sink_open_in(&sink, "/tmp", &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, handler);
    assert_false(is_open);
    assert_non_null(strstr(err.text, "File too large"));
    assert_null(sink.file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_takes_what_was_written),
        cmocka_unit_test(test_no_room_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
