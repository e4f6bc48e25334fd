/*
 * Tests of files, standard input and the demo as sources, alone and merged: nothing depends on how
 * the bytes come, what cannot be read says why. Streams have their own tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <zlib.h>

#include "session/headless.h"
#include "tests/session/harness.h"

typedef struct Fixture {
    Harness *harness;
    char directory[64];
    char paths[4][128];
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = mem_calloc(1, sizeof(*fixture));
    fixture->harness = harness_new();
    (void)snprintf(fixture->directory, sizeof(fixture->directory), "/tmp/mdmscope-test-XXXXXX");
    assert_non_null(mkdtemp(fixture->directory));
    for (size_t i = 0; i < ARRAY_LEN(fixture->paths); i++) {
        (void)snprintf(fixture->paths[i], sizeof(fixture->paths[i]), "%s/capture-%zu",
                       fixture->directory, i);
    }
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    harness_free(fixture->harness);
    for (size_t i = 0; i < ARRAY_LEN(fixture->paths); i++) {
        (void)unlink(fixture->paths[i]);
    }
    assert_int_equal(rmdir(fixture->directory), 0);
    mem_free(fixture);
    assert_no_children();
    return 0;
}

/* Appends entry `number`, at that many milliseconds. */
static void add_entry(StrBuf *text, int number)
{
    strbuf_printf(text,
                  "{\"timezoneName\":\"\",\"messageType\":\"Default\",\"eventType\":\"logEvent\","
                  "\"subsystem\":\"com.apple.ManagedClient\",\"category\":\"HTTPUtil\","
                  "\"threadID\":1,\"processImagePath\":\"\\/usr\\/libexec\\/mdmclient\","
                  "\"timestamp\":\"2026-09-08 10:%02d:%02d.%03d000+0200\",\"machTimestamp\":%d,"
                  "\"eventMessage\":\"seq=%d\",\"traceID\":1,\"processID\":5}\n",
                  number / 60000, number / 1000 % 60, number % 1000, number, number);
}

static StrBuf make_entries(int first, int step, int count)
{
    StrBuf text = {0};
    for (int i = 0; i < count; i++) {
        add_entry(&text, first + i * step);
    }
    return text;
}

static void write_file(const char *path, StrView bytes, const char *mode)
{
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

static StrBuf pack(StrView bytes)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    StrBuf packed = {0};
    strbuf_add_many(&packed, 0, bytes.len + 1024);
    union {
        const char *given;
        unsigned char *taken;
    } input = {.given = bytes.ptr};
    stream.next_in = input.taken;
    stream.avail_in = (uInt)bytes.len;
    stream.next_out = (unsigned char *)packed.ptr;
    stream.avail_out = (uInt)packed.len;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.len -= stream.avail_out;
    assert_int_equal(deflateEnd(&stream), Z_OK);
    return packed;
}

static void assert_numbers(const Harness *harness, size_t count)
{
    assert_int_equal(harness->count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(harness->numbers[i], i);
    }
}

/* --- files ------------------------------------------------------------------------------------ */

static void file_comes_back_byte_for_byte(void **state)
{
    Fixture *fixture = *state;
    Harness *harness = fixture->harness;
    StrBuf text = make_entries(0, 1, 5000);
    write_file(fixture->paths[0], strbuf_view(&text), "w");
    harness_add(harness, SOURCE_FILE, fixture->paths[0]);
    harness_open(harness);
    SourceStatus status = harness_status(harness);
    assert_int_equal(status.state, SOURCE_READING);
    assert_true(sv_equal(status.name, SV("capture-0")));
    assert_int_equal(status.bytes_total, text.len);
    assert_false(status.is_stream);
    UNTIL(harness, is_done);
    assert_numbers(harness, 5000);
    assert_true(sv_equal(strbuf_view(&harness->raws), strbuf_view(&text)));
    status = harness_status(harness);
    assert_int_equal(status.state, SOURCE_ENDED);
    assert_int_equal(status.bytes, text.len);
    assert_int_equal(status.counts.entries, 5000);
    assert_false(status.has_exit);
    assert_true(sources_deadline(harness->sources, 0) == INT64_MAX);
    sources_restart(harness->sources, NULL); /* nothing to restart */
    assert_null(sources_refusal(harness->sources).ptr);
    assert_true(sources_are_done(harness->sources));
    strbuf_done(&text);
}

static void empty_file_is_simply_at_its_end(void **state)
{
    Fixture *fixture = *state;
    write_file(fixture->paths[0], SV(""), "w");
    harness_add(fixture->harness, SOURCE_FILE, fixture->paths[0]);
    harness_open(fixture->harness);
    UNTIL(fixture->harness, is_done);
    assert_int_equal(fixture->harness->count, 0);
    assert_null(harness_status(fixture->harness).words.ptr);
}

static void short_files_that_look_packed_are_not(void **state)
{
    static const char *const texts[] = {"\x1f", "\x1f\n", "{"};
    Fixture *fixture = *state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        write_file(fixture->paths[0], sv(texts[i]), "w");
        harness_add(fixture->harness, SOURCE_FILE, fixture->paths[0]);
        harness_open(fixture->harness);
        UNTIL(fixture->harness, is_done);
        assert_int_equal(fixture->harness->count, 1);
        assert_int_equal(fixture->harness->unparsed, 1);
        harness_free(fixture->harness);
        fixture->harness = harness_new();
    }
}

static void packed_file_opens_as_it_is(void **state)
{
    Fixture *fixture = *state;
    Harness *harness = fixture->harness;
    StrBuf first = make_entries(0, 1, 3000);
    StrBuf second = make_entries(3000, 1, 2000);
    StrBuf packed = pack(strbuf_view(&first));
    StrBuf more = pack(strbuf_view(&second));
    write_file(fixture->paths[0], strbuf_view(&packed), "w");
    write_file(fixture->paths[0], strbuf_view(&more), "a");   /* members one after the other */
    write_file(fixture->paths[0], sv_of("\0\0\0\0", 4), "a"); /* and padding */
    harness_add(harness, SOURCE_FILE, fixture->paths[0]);
    harness_open(harness);
    UNTIL(harness, is_done);
    assert_numbers(harness, 5000);
    SourceStatus status = harness_status(harness);
    assert_int_equal(status.bytes, status.bytes_total);
    assert_null(status.words.ptr);
    strbuf_done(&first);
    strbuf_done(&second);
    strbuf_done(&packed);
    strbuf_done(&more);
}

static void broken_packed_file_shows_what_it_has(void **state)
{
    typedef struct BrokenCase {
        size_t keep; /* percent of the packed bytes */
        size_t flip; /* so many bytes before the end one is changed; 0 = none */
        const char *tail;
        const char *words;
        bool has_failed;
    } BrokenCase;
    static const BrokenCase cases[] = {
        {60, 0, "", "the compressed data is truncated", true},
        {100, 7, "", "the compressed data is damaged", true}, /* the checksum */
        {100, 0, "garbage", "bytes after the compressed data were left out", false},
    };
    Fixture *fixture = *state;
    StrBuf text = make_entries(0, 1, 5000);
    StrBuf packed = pack(strbuf_view(&text));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Harness *harness = fixture->harness;
        size_t len = packed.len * cases[i].keep / 100;
        char *changed = cases[i].flip > 0 ? &packed.ptr[len - cases[i].flip] : NULL;
        if (changed != NULL) {
            *changed = (char)(*changed ^ 1);
        }
        write_file(fixture->paths[0], sv_slice(strbuf_view(&packed), 0, len), "w");
        if (changed != NULL) {
            *changed = (char)(*changed ^ 1);
        }
        write_file(fixture->paths[0], sv(cases[i].tail), "a");
        harness_add(harness, SOURCE_FILE, fixture->paths[0]);
        harness_open(harness);
        UNTIL(harness, is_done);
        assert_true(harness->count > 1000 && harness->count <= 5001);
        assert_int_equal(harness->numbers[1000], 1000);
        assert_true(cases[i].keep < 100 || harness->count == 5000 + harness->unparsed);
        if (sv_find(harness_status(harness).words, sv(cases[i].words)) == SIZE_MAX) {
            fail_msg("case %zu: '%.*s'", i, SV_ARG(harness_status(harness).words));
        }
        assert_int_equal(harness_status(harness).has_failed, cases[i].has_failed);
        assert_true(has_notice(harness, cases[i].words));
        assert_true(sv_starts(strbuf_view(&harness->notices), SV("capture-0 ended: ")));
        harness_free(harness);
        fixture->harness = harness_new();
    }
    strbuf_done(&text);
    strbuf_done(&packed);
}

/* Headless: what was read is printed, what could not be is said once and makes the exit status. */
static void truncated_file_is_told_once(void **state)
{
    static const volatile sig_atomic_t stop = 0;
    Fixture *fixture = *state;
    StrBuf text = make_entries(0, 1, 500);
    StrBuf packed = pack(strbuf_view(&text));
    write_file(fixture->paths[0], sv_slice(strbuf_view(&packed), 0, packed.len / 2), "w");
    char *words[] = {"mdmscope", "show", fixture->paths[0], "--format", "ndjson", NULL};
    Options options;
    Err err = err_none();
    assert_true(options_parse(5, words, &options, &err));
    char *printed[2];
    size_t sizes[2];
    FILE *out = open_memstream(&printed[0], &sizes[0]);
    FILE *errors = open_memstream(&printed[1], &sizes[1]);
    assert_int_equal(headless_show(&options, out, errors, &stop), 2);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(fclose(errors), 0);
    assert_true(sizes[0] > text.len / 4);
    assert_memory_equal(printed[0], text.ptr, text.len / 4);
    char *complaint = strstr(printed[1], "is truncated");
    assert_non_null(complaint);
    assert_null(strstr(complaint + 1, "is truncated"));
    free(printed[0]);
    free(printed[1]);
    strbuf_done(&text);
    strbuf_done(&packed);
}

/* Unpacking takes its time, and the reading of the packed bytes is long ago then. */
static void packed_entry_of_many_lines_stays_whole(void **state)
{
    Fixture *fixture = *state;
    Harness *harness = fixture->harness;
    StrBuf text = {0};
    strbuf_add_str(&text,
                   "2026-09-08 10:00:00.000000+0200 0x540      Default     0x0                  "
                   "5      0    mdmclient: seq=0\n");
    for (int i = 0; i < 50000; i++) {
        strbuf_add_str(&text, "a line of its message\n");
    }
    StrBuf packed = pack(strbuf_view(&text));
    write_file(fixture->paths[0], strbuf_view(&packed), "w");
    harness_add(harness, SOURCE_FILE, fixture->paths[0]);
    harness_open(harness);
    for (int64_t now = NS_PER_SECOND; !is_done(harness); now += NS_PER_SECOND) {
        (void)sources_pump(harness->sources, NULL, now, 0); /* a piece a second */
        assert_true(now < 1000 * NS_PER_SECOND);
    }
    assert_int_equal(harness->count, 1);
    assert_int_equal(harness->raws.len, text.len);
    strbuf_done(&text);
    strbuf_done(&packed);
}

static void what_cannot_be_read_fails_at_once(void **state)
{
    Fixture *fixture = *state;
    Harness *harness = fixture->harness;
    size_t before = open_descriptors();
    Err err = err_none();
    harness_add(harness, SOURCE_FILE, fixture->paths[0]);
    assert_null(sources_new(&harness->options, harness_sink(harness), &err));
    assert_non_null(strstr(err.text, "capture-0': No such file or directory"));
    harness->options.sources[0].argument = fixture->directory;
    assert_null(sources_new(&harness->options, harness_sink(harness), &err));
    assert_non_null(strstr(err.text, "Is a directory"));
    /* The second of two: the first is closed again. */
    write_file(fixture->paths[1], SV("x\n"), "w");
    harness->options.sources[0].argument = fixture->paths[1];
    harness_add(harness, SOURCE_FILE, fixture->paths[0]);
    assert_null(sources_new(&harness->options, harness_sink(harness), &err));
    assert_int_equal(open_descriptors(), before);
}

static void budget_is_kept(void **state)
{
    Fixture *fixture = *state;
    Harness *harness = fixture->harness;
    StrBuf text = make_entries(0, 1, 20000);
    write_file(fixture->paths[0], strbuf_view(&text), "w");
    harness_add(harness, SOURCE_FILE, fixture->paths[0]);
    harness_open(harness);
    assert_true(sources_pump(harness->sources, NULL, clock_monotonic(), 0));
    assert_true(sources_pump(harness->sources, NULL, clock_monotonic(), 0));
    assert_true(harness->count > 0 && harness->count < 5000); /* a piece each */
    UNTIL(harness, is_done);
    assert_numbers(harness, 20000);
    strbuf_done(&text);
}

/* --- pipes ------------------------------------------------------------------------------------ */

static void named_pipe_waits_for_its_writer(void **state)
{
    Fixture *fixture = *state;
    Harness *harness = fixture->harness;
    assert_int_equal(mkfifo(fixture->paths[0], 0600), 0);
    harness_add(harness, SOURCE_FILE, fixture->paths[0]);
    harness_open(harness);
    for (int i = 0; i < 3; i++) {
        (void)sources_pump(harness->sources, NULL, clock_monotonic(), HARNESS_BUDGET_NS);
        assert_false(sources_are_done(harness->sources)); /* nobody has opened it yet */
    }
    int writer = open(fixture->paths[0], O_WRONLY | O_NONBLOCK);
    assert_true(writer >= 0);
    StrBuf text = make_entries(0, 1, 20);
    for (size_t at = 0; at < text.len; at++) { /* every byte on its own */
        assert_int_equal(write(writer, text.ptr + at, 1), 1);
        (void)sources_pump(harness->sources, NULL, clock_monotonic(), HARNESS_BUDGET_NS);
    }
    assert_int_equal(harness->count, 20);
    assert_false(sources_are_done(harness->sources));
    (void)close(writer);
    UNTIL(harness, is_done);
    assert_numbers(harness, 20);
    assert_true(sv_equal(strbuf_view(&harness->raws), strbuf_view(&text)));
    strbuf_done(&text);
}

static void standard_input_is_read_without_blocking(void **state)
{
    Fixture *fixture = *state;
    Harness *harness = fixture->harness;
    int saved = dup(STDIN_FILENO);
    int pipe_fds[2];
    assert_int_equal(pipe(pipe_fds), 0);
    assert_int_equal(dup2(pipe_fds[0], STDIN_FILENO), STDIN_FILENO);
    (void)close(pipe_fds[0]);
    int flags = fcntl(STDIN_FILENO, F_GETFL);
    harness_add(harness, SOURCE_STDIN, NULL);
    harness_open(harness);
    assert_true(sv_equal(harness_status(harness).name, SV("stdin")));
    (void)sources_pump(harness->sources, NULL, clock_monotonic(), HARNESS_BUDGET_NS);
    StrBuf text = make_entries(0, 1, 30);
    StrBuf packed = pack(strbuf_view(&text)); /* packed input is recognised here, too */
    assert_int_equal(write(pipe_fds[1], packed.ptr, 1), 1);
    (void)sources_pump(harness->sources, NULL, clock_monotonic(), HARNESS_BUDGET_NS);
    assert_int_equal(write(pipe_fds[1], packed.ptr + 1, packed.len - 1), packed.len - 1);
    while (harness->count < 30) {
        harness_turn(harness);
    }
    assert_int_equal(fcntl(STDIN_FILENO, F_GETFL), flags); /* others share them */
    assert_false(sources_are_done(harness->sources));
    (void)close(pipe_fds[1]);
    UNTIL(harness, is_done);
    assert_numbers(harness, 30);
    sources_free(harness->sources);
    harness->sources = NULL;
    assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0); /* not ours to close */
    assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
    (void)close(saved);
    strbuf_done(&text);
    strbuf_done(&packed);
}

static void pending_text_entry_comes_out_after_a_while(void **state)
{
    Fixture *fixture = *state;
    Harness *harness = fixture->harness;
    assert_int_equal(mkfifo(fixture->paths[0], 0600), 0);
    harness_add(harness, SOURCE_FILE, fixture->paths[0]);
    harness->options.style_in = STYLE_COMPACT;
    harness_open(harness);
    int writer = open(fixture->paths[0], O_WRONLY | O_NONBLOCK);
    assert_true(writer >= 0);
    StrView line = SV("2026-09-08 10:00:16.012 Df mdmclient[312:540] [com.apple.ManagedClient:X] "
                      "seq=7\n");
    assert_int_equal(write(writer, line.ptr, line.len), line.len);
    while (harness->count == 0) { /* it might go on in a further line, but does not */
        harness_turn(harness);
    }
    assert_int_equal(harness->numbers[0], 7);
    (void)close(writer);
    UNTIL(harness, is_done);
    assert_int_equal(harness->count, 1);
}

/* --- several files ---------------------------------------------------------------------------- */

static void three_files_are_merged_by_time(void **state)
{
    Fixture *fixture = *state;
    Harness *harness = fixture->harness;
    for (int i = 0; i < 3; i++) {
        /* Of very different density, so that they are read at a different pace. */
        StrBuf text = make_entries(i, 3, i == 2 ? 100 : 8000);
        if (i == 1) {
            StrBuf packed = pack(strbuf_view(&text));
            write_file(fixture->paths[i], strbuf_view(&packed), "w");
            strbuf_done(&packed);
        } else {
            write_file(fixture->paths[i], strbuf_view(&text), "w");
        }
        strbuf_done(&text);
        harness_add(harness, SOURCE_FILE, fixture->paths[i]);
    }
    harness_open(harness);
    assert_int_equal(sources_count(harness->sources), 3);
    UNTIL(harness, is_done);
    assert_int_equal(harness->count, 16100);
    for (size_t i = 1; i < harness->count; i++) {
        assert_true(harness->times[i] >= harness->times[i - 1]);
    }
    for (size_t i = 0; i < 300; i++) {
        assert_int_equal(harness->numbers[i], i);
        assert_int_equal(harness->from[i], i % 3);
    }
}

static void files_far_apart_keep_step(void **state)
{
    Fixture *fixture = *state;
    Harness *harness = fixture->harness;
    /* The second begins where the first ends: it must wait in its file, not in memory. */
    StrBuf early = make_entries(0, 1, 20000);
    StrBuf late = make_entries(20000, 1, 20000);
    write_file(fixture->paths[0], strbuf_view(&late), "w");
    write_file(fixture->paths[1], strbuf_view(&early), "w");
    harness_add(harness, SOURCE_FILE, fixture->paths[0]);
    harness_add(harness, SOURCE_FILE, fixture->paths[1]);
    harness_open(harness);
    while (harness->count < 15000) {
        harness_turn(harness);
        assert_true(harness_status(harness).bytes <= 2 * MIB);
    }
    UNTIL(harness, is_done);
    assert_numbers(harness, 40000);
    strbuf_done(&early);
    strbuf_done(&late);
}

/* --- the demo --------------------------------------------------------------------------------- */

static void demo_comes_at_once_at_speed_0(void **state)
{
    Fixture *fixture = *state;
    Harness *harness = fixture->harness;
    harness_add(harness, SOURCE_DEMO, NULL);
    harness->options.speed = 0;
    harness_open(harness);
    assert_true(sv_equal(harness_status(harness).name, SV("demo")));
    UNTIL(harness, is_done);
    assert_true(harness->count > 1000);
    assert_int_equal(harness->unparsed, 0);
    assert_int_equal(harness_status(harness).counts.entries, harness->count);
}

static void demo_keeps_its_own_pace(void **state)
{
    Fixture *fixture = *state;
    Harness *harness = fixture->harness;
    harness_add(harness, SOURCE_DEMO, NULL);
    harness->options.speed = 2;
    harness_open(harness);
    int64_t begin = 1000;
    (void)sources_pump(harness->sources, NULL, begin, NS_PER_SECOND);
    assert_true(harness->count > 0);
    assert_int_equal(harness_status(harness).state, SOURCE_LIVE);
    for (int step = 0; step < 500; step++) {
        int64_t deadline = sources_deadline(harness->sources, begin);
        assert_true(deadline > 1000 && deadline < INT64_MAX);
        size_t before = harness->count;
        (void)sources_pump(harness->sources, NULL, deadline - 1, NS_PER_SECOND);
        assert_int_equal(harness->count, before); /* not a moment too early */
        (void)sources_pump(harness->sources, NULL, deadline, NS_PER_SECOND);
        assert_true(harness->count > before);
        int64_t passed = harness->times[harness->count - 1] - harness->times[0];
        assert_in_range(deadline - 1000, passed / 2 - 2000, passed / 2 + 2000);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(file_comes_back_byte_for_byte),
        TEST(empty_file_is_simply_at_its_end),
        TEST(short_files_that_look_packed_are_not),
        TEST(packed_file_opens_as_it_is),
        TEST(broken_packed_file_shows_what_it_has),
        TEST(truncated_file_is_told_once),
        TEST(packed_entry_of_many_lines_stays_whole),
        TEST(what_cannot_be_read_fails_at_once),
        TEST(budget_is_kept),
        TEST(named_pipe_waits_for_its_writer),
        TEST(standard_input_is_read_without_blocking),
        TEST(pending_text_entry_comes_out_after_a_while),
        TEST(three_files_are_merged_by_time),
        TEST(files_far_apart_keep_step),
        TEST(demo_comes_at_once_at_speed_0),
        TEST(demo_keeps_its_own_pace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
