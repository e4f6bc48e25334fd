/*
 * Round trips of random entries: whatever a message is made of, every form that can be read again
 * gives the same entries in the same order. The numbers are drawn from a fixed seed; a failure says
 * which one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "base/clock.h"
#include "tests/session/excerpt_held.h"

#define SEEDS 24
#define ENTRIES 120
#define PIECES_MAX 9

/* As they stand in a JSON string. */
static const char *const PIECES[] = {
    "word",
    " ",
    "   ",
    "\\n",
    "\\r\\n",
    "\\t",
    "```",
    "~~~~",
    "|",
    ",",
    "\\\"",
    "\\\"\\\"",
    "'",
    "=1+1",
    "+",
    "-",
    "@",
    "<script>",
    "&lt;",
    "]]>",
    "\\u0000",
    "\\u0007",
    "\\u001b[31m",
    "\\u007f",
    "\\u009b",
    "\\ufeff",
    "\\u202e",
    "\\u2028",
    "\xC3\xA4",
    "\xF0\x9F\x98\x80",
    "\\ud83d\\ude00",
    "\\\\",
    "\\/",
    "# mdmscope: ",
    "=== ",
    "{\\\"a\\\":1}",
    "[",
    "]",
    "2026-01-01 00:00:00.000000+0000 0x1        Error       0x0                  1      0    a: b",
    "2026-01-01 00:00:00.000 E  a[1:1] b",
    "2026-01-01 00:00:00.000000+0000  localhost a[1]: b",
    "Timestamp                       Thread     Type        Activity             PID    TTL",
};

static const char *const PROCESSES[] = {
    "mdmclient", "Setup Assistant", "com.apple.WebKit.Networking", "a-b_c.d", "\xC3\xA4\xC3\xB6"};
static const char *const LEVELS[] = {"Default", "Info", "Debug", "Error", "Fault"};

static uint32_t draw(uint64_t *state, size_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*state >> 33) % below);
}

static void add_random(uint64_t *state, StrBuf *buf)
{
    strbuf_printf(
        buf,
        "{\"messageType\":\"%s\",\"eventType\":\"logEvent\",\"subsystem\":\"com.apple.a\","
        "\"category\":\"net\",\"threadID\":%u,\"processImagePath\":\"\\/x\\/%s\","
        "\"senderImagePath\":\"\\/x\\/sender\",\"timestamp\":\"2026-09-08 "
        "%02u:%02u:%02u.%06u%s\",\"processID\":%u,\"eventMessage\":\"",
        LEVELS[draw(state, ARRAY_LEN(LEVELS))], 1 + draw(state, 1u << 20),
        PROCESSES[draw(state, ARRAY_LEN(PROCESSES))], draw(state, 24), draw(state, 60),
        draw(state, 60), draw(state, 1000000), draw(state, 2) ? "+0200" : "-0730",
        1 + draw(state, 99999));
    for (uint32_t count = draw(state, PIECES_MAX + 1); count > 0; count--) {
        strbuf_add_str(buf, PIECES[draw(state, ARRAY_LEN(PIECES))]);
    }
    strbuf_add_str(buf, "\"}\n");
}

static void make(uint64_t seed, Held *ret)
{
    StrBuf text = {0};
    uint64_t state = seed;
    for (int i = 0; i < ENTRIES; i++) {
        add_random(&state, &text);
    }
    read_text(strbuf_view(&text), STYLE_NONE, ret);
    assert_int_equal(ret->columns.count, ENTRIES);
    strbuf_done(&text);
}

static void check(bool is_good, uint64_t seed, uint32_t entry, const char *what)
{
    if (!is_good) {
        fail_msg("seed %" PRIu64 ", entry %u: %s", seed, (unsigned)entry, what);
    }
}

static void assert_text(const Held *was, OutputFormat format, int64_t step, uint64_t seed)
{
    StrBuf text = {0};
    Held is;
    write_all(was, format, NULL, &text, NULL);
    read_text(strbuf_view(&text), STYLE_NONE, &is);
    check(is.columns.count == ENTRIES && is.drops == 0, seed, is.columns.count, "as many entries");
    for (uint32_t i = 0; i < ENTRIES; i++) {
        int64_t zone = was->columns.zone_minutes[i] * 60 * NS_PER_SECOND;
        int64_t told = was->columns.time_ns[i] + (format == FORMAT_COMPACT ? zone : 0);
        check(is.columns.time_ns[i] == told - told % step, seed, i, "the time");
        check(is.columns.pid[i] == was->columns.pid[i], seed, i, "the process's number");
        check(sv_equal(columns_text(&is.columns, is.columns.process[i]),
                       columns_text(&was->columns, was->columns.process[i])),
              seed, i, "the process");
        assert_same_message(&was->columns, &is.columns, i);
    }
    held_done(&is);
    strbuf_done(&text);
}

static void test_text(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        Held was;
        make(seed, &was);
        assert_text(&was, FORMAT_TEXT, 1000, seed);
        assert_text(&was, FORMAT_COMPACT, NS_PER_MS, seed);
        assert_text(&was, FORMAT_SYSLOG, 1000, seed);
        held_done(&was);
    }
}

/* The bytes are the same, in a bundle as well. */
static void test_json(void **state)
{
    (void)state;
    static const OutputFormat FORMATS[] = {FORMAT_NDJSON, FORMAT_JSON, FORMAT_BUNDLE};
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        Held was;
        make(seed, &was);
        for (size_t f = 0; f < ARRAY_LEN(FORMATS); f++) {
            StrBuf text = {0};
            Held is;
            write_all(&was, FORMATS[f], NULL, &text, NULL);
            read_text(strbuf_view(&text), STYLE_NONE, &is);
            check(is.columns.count == ENTRIES, seed, is.columns.count, "as many entries");
            for (uint32_t i = 0; i < ENTRIES; i++) {
                check(sv_equal(columns_raw(&is.columns, i), columns_raw(&was.columns, i)), seed, i,
                      "the bytes");
            }
            held_done(&is);
            strbuf_done(&text);
        }
        held_done(&was);
    }
}

/* Which columns of the CSV are looked at. */
enum { CSV_DATE = 0, CSV_PROCESS = 3, CSV_PID = 4, CSV_MESSAGE = 10, CSV_COLUMNS = 11 };

static void expect_cell(const Columns *was, uint32_t i, size_t column, StrBuf *ret)
{
    char stamp[CLOCK_STAMP_MAX];
    strbuf_clear(ret);
    if (column == CSV_DATE) {
        clock_format((Stamp){was->time_ns[i], was->zone_minutes[i]}, CLOCK_FULL, stamp);
        strbuf_add_str(ret, stamp);
    } else if (column == CSV_PROCESS) {
        strbuf_add(ret, columns_text(was, was->process[i]));
    } else if (column == CSV_PID) {
        strbuf_printf(ret, "%" PRId64, (int64_t)was->pid[i]);
    } else if (column == CSV_MESSAGE) {
        add_csv_visible(ret, columns_message(was, i));
    }
}

static void test_csv(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        Held was;
        StrBuf text = {0}, cell = {0}, expected = {0};
        make(seed, &was);
        write_all(&was, FORMAT_CSV, NULL, &text, NULL);
        StrView rest = strbuf_view(&text);
        size_t cells = 0;
        for (bool ends; next_field(&rest, &cell, &ends); cells++) {
            size_t line = cells / CSV_COLUMNS, column = cells % CSV_COLUMNS;
            check(ends == (column + 1 == CSV_COLUMNS), seed, (uint32_t)line, "eleven cells");
            if (line == 0) {
                continue;
            }
            expect_cell(&was.columns, (uint32_t)line - 1, column, &expected);
            bool is_seen = expected.len > 0 || column == CSV_MESSAGE;
            check(!is_seen || sv_equal(strbuf_view(&cell), strbuf_view(&expected)), seed,
                  (uint32_t)line - 1, "the cell");
        }
        check(cells == (ENTRIES + 1) * CSV_COLUMNS, seed, 0, "as many lines");
        strbuf_done(&text);
        strbuf_done(&cell);
        strbuf_done(&expected);
        held_done(&was);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_csv),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
