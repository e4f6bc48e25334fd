/*
 * A trace: a line a frame, and percentiles that are right to a 64th.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "tui/trace.h"

#define START (INT64_C(7) * NS_PER_SECOND)

static void read_file(const char *path, StrBuf *ret_text)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (int byte = fgetc(file); byte != EOF; byte = fgetc(file)) {
        strbuf_add_char(ret_text, (char)byte);
    }
    (void)fclose(file);
}

static void write_trace(const TraceFrame *frames, size_t count, StrBuf *ret_text)
{
    char path[] = "/tmp/mdmscope-trace-XXXXXX";
    Err err = err_none();
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    (void)close(fd);
    Trace *trace = trace_new(path, START, &err);
    assert_non_null(trace);
    for (size_t i = 0; i < count; i++) {
        trace_frame(trace, &frames[i]);
    }
    assert_true(trace_free(trace, &err));
    read_file(path, ret_text);
    assert_int_equal(unlink(path), 0);
}

static void writes_a_line_for_each_frame(void **state)
{
    (void)state;
    static const TraceFrame FRAMES[] = {
        {.time = START + NS_PER_SECOND,
         .key = TRACE_NO_KEY,
         .draw = 1500,
         .present = 2 * NS_PER_MS,
         .turn = 3000,
         .bytes = 100,
         .entries = 50},
        {.time = START + NS_PER_SECOND * 3 / 2,
         .key = 4 * NS_PER_MS,
         .draw = NS_PER_MS,
         .present = NS_PER_MS,
         .turn = 9 * NS_PER_MS,
         .bytes = 130,
         .entries = 10050,
         .has_work = true},
    };
    StrBuf text = {0};
    write_trace(FRAMES, ARRAY_LEN(FRAMES), &text);
    assert_string_equal(text.ptr,
                        "time_us\tkey_us\tframe_us\tdraw_us\tpresent_us\tturn_us\tbytes\tentries\t"
                        "entries_per_s\twork\n"
                        "1000000\t-\t2001\t1\t2000\t3\t100\t50\t50\t0\n"
                        "1500000\t4000\t2000\t1000\t1000\t9000\t30\t10050\t20000\t1\n"
                        "# key to frame: count 1, p50 4000, p95 4000, p99 4000, max 4000 us\n"
                        "# frame: count 2, p50 2001, p95 2001, p99 2001, max 2001 us\n"
                        "# turn: count 2, p50 3, p95 9000, p99 9000, max 9000 us\n"
                        "# bytes: 130, entries: 10050\n");
    strbuf_done(&text);
}

static uint64_t number_after(const StrBuf *text, const char *line, const char *name)
{
    const char *at = strstr(text->ptr, line);
    assert_non_null(at);
    at = strstr(at, name);
    assert_non_null(at);
    return strtoull(at + strlen(name), NULL, 10);
}

static void check_near(uint64_t value, uint64_t wanted)
{
    assert_in_range(value, wanted, wanted + wanted / 64 + 1);
}

static void knows_percentiles(void **state)
{
    (void)state;
    static TraceFrame frames[1000];
    StrBuf text = {0};
    for (size_t i = 0; i < ARRAY_LEN(frames); i++) {
        int64_t us = (int64_t)(i * 7 % 1000 + 1) * 10; /* 10 to 10,000, in no order */
        frames[i] = (TraceFrame){.time = START, .key = us * 1000, .turn = us * 1000000};
    }
    write_trace(frames, ARRAY_LEN(frames), &text);
    check_near(number_after(&text, "# key", "p50 "), 5000);
    check_near(number_after(&text, "# key", "p95 "), 9500);
    check_near(number_after(&text, "# key", "p99 "), 9900);
    assert_int_equal(number_after(&text, "# key", "max "), 10000);
    check_near(number_after(&text, "# turn", "p50 "), 5000000);
    assert_int_equal(number_after(&text, "# turn", "max "), 10000000);
    assert_int_equal(number_after(&text, "# frame", "max "), 0);
    strbuf_done(&text);
}

static void bears_what_cannot_be(void **state)
{
    (void)state;
    static const TraceFrame FRAMES[] = {
        {.time = START - 5, .key = -7, .draw = INT64_MAX / 2, .turn = INT64_MIN},
    };
    StrBuf text = {0};
    Err err = err_none();
    write_trace(FRAMES, ARRAY_LEN(FRAMES), &text);
    assert_int_equal(number_after(&text, "# frame", "max "), INT64_MAX / 2 / 1000);
    strbuf_done(&text);
    assert_null(trace_new("/no/such/directory/trace", START, &err));
    assert_non_null(strstr(err.text, "/no/such/directory/trace: "));
    assert_true(trace_free(NULL, &err));
    Trace *full = trace_new("/dev/full", START, &err);
    if (full != NULL) { /* a system that has one */
        assert_false(trace_free(full, &err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_line_for_each_frame),
        cmocka_unit_test(knows_percentiles),
        cmocka_unit_test(bears_what_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
