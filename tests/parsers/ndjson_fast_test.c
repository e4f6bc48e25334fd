/*
 * The differential test of parsers/ndjson_fast.c against ndjson_slow.c, jansson's reading: the real
 * samples, every truncation of them, and thousands of seeded mutations.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/array_reader.h"
#include "tests/parsers/agree.h"

static const char *const SAMPLES[] = {"levels.ndjson",   "stream.ndjson",  "show.ndjson",
                                      "private.ndjson",  "trimmed.ndjson", "mdm.ndjson",
                                      "mdm-noise.ndjson"};
static const char *const MADE[] = {"shapes.ndjson", "odd.ndjson"};

/* Calls `check` with each line of the files. */
static void each_line(const char *const *names, size_t count,
                      void (*check)(NdjsonFast *fast, StrView line, uint64_t *counter),
                      uint64_t *counter)
{
    NdjsonFast fast;
    ndjson_fast_init(&fast, true);
    for (size_t i = 0; i < count; i++) {
        StrBuf text = read_fixture(names[i]);
        StrView rest = strbuf_view(&text);
        StrView line;
        while (sv_next_line(&rest, &line)) {
            /* A copy of its own, so that a sanitizer sees every byte read beyond the line. */
            char *copy = mem_alloc(line.len);
            memcpy(copy, line.ptr, line.len);
            check(&fast, sv_of(copy, line.len), counter);
            mem_free(copy);
        }
        strbuf_done(&text);
    }
    ndjson_fast_done(&fast);
}

static void expect_agreement(NdjsonFast *fast, StrView line, uint64_t *counter)
{
    assert_true(agree_on_line(fast, line, counter));
}

static void count_line(NdjsonFast *fast, StrView line, uint64_t *counter)
{
    (void)fast;
    *counter += line.len > 0 ? 2 : 0;
}

static void real_lines_go_the_fast_way(void **state)
{
    (void)state;
    uint64_t lines = 0;
    uint64_t accepted = 0;
    each_line(SAMPLES, ARRAY_LEN(SAMPLES), count_line, &lines);
    each_line(SAMPLES, ARRAY_LEN(SAMPLES), expect_agreement, &accepted);
    assert_true(lines > 80);
    assert_true(accepted * 100 > lines * 99);
}

static void made_shapes_agree(void **state)
{
    (void)state;
    uint64_t accepted = 0;
    each_line(MADE, ARRAY_LEN(MADE), expect_agreement, &accepted);
    assert_true(accepted > 20);
}

static void truncate_line(NdjsonFast *fast, StrView line, uint64_t *counter)
{
    for (size_t len = 0; len < line.len; len++) {
        char *copy = mem_alloc(len);
        memcpy(copy, line.ptr, len);
        assert_true(agree_on_line(fast, sv_of(copy, len), counter));
        mem_free(copy);
    }
}

static void no_truncation_is_taken_for_whole(void **state)
{
    (void)state;
    uint64_t accepted = 0;
    each_line(SAMPLES, ARRAY_LEN(SAMPLES), truncate_line, &accepted);
    assert_true(accepted == 0);
}

/* One change: a byte replaced, left out, doubled, or a piece taken out or put elsewhere. */
static void mutate(StrBuf *line, uint64_t *seed)
{
    static const char BYTES[] = "\"\\{}[],:  0123456789-+.eEutnrfsX/\r\t\x01\x7f\x80\xc3\xff<>";
    if (line->len < 2) {
        return;
    }
    size_t at = (size_t)(next_random(seed) % line->len);
    size_t len = 1 + (size_t)(next_random(seed) % 12);
    char byte = BYTES[next_random(seed) % (sizeof(BYTES) - 1)];
    StrView piece = sv_slice(strbuf_view(line), (size_t)(next_random(seed) % line->len), len);
    char copy[16];
    memcpy(copy, piece.ptr, piece.len);
    len = at + len > line->len ? line->len - at : len;
    switch (next_random(seed) % 5) {
    case 0:
        line->ptr[at] = byte;
        break;
    case 1:
        strbuf_replace(line, at, 0, sv_of(&byte, 1));
        break;
    case 2:
        strbuf_replace(line, at, len, SV(""));
        break;
    case 3:
        strbuf_replace(line, at, 0, sv_of(copy, piece.len));
        break;
    default:
        strbuf_replace(line, at, 1, SV(""));
    }
}

static void mutate_line(NdjsonFast *fast, StrView line, uint64_t *counter)
{
    uint64_t seed = UINT64_C(0x5eed) + line.len;
    for (size_t round = 0; round < 150; round++) {
        StrBuf mutant = {0};
        strbuf_add(&mutant, line);
        for (uint64_t changes = 1 + next_random(&seed) % 3; changes > 0; changes--) {
            mutate(&mutant, &seed);
        }
        assert_true(agree_on_line(fast, strbuf_view(&mutant), counter));
        strbuf_done(&mutant);
    }
}

static void mutations_agree(void **state)
{
    (void)state;
    uint64_t accepted = 0;
    each_line(SAMPLES, ARRAY_LEN(SAMPLES), mutate_line, &accepted);
    each_line(MADE, ARRAY_LEN(MADE), mutate_line, &accepted);
    assert_true(accepted > 2000);
}

static void mutations_of_laid_out_objects_agree(void **state)
{
    (void)state;
    StrBuf text = read_fixture("array-pretty.json");
    StrView rest = strbuf_view(&text);
    ArrayReader reader = {0};
    ArrayItem item;
    NdjsonFast fast;
    uint64_t accepted = 0;
    size_t objects = 0;
    ndjson_fast_init(&fast, true);
    for (; array_reader_next(&reader, &rest, &item); objects++) {
        assert_true(agree_on_line(&fast, item.text, &accepted));
        mutate_line(&fast, item.text, &accepted);
    }
    assert_int_equal(objects, 8);
    ndjson_fast_done(&fast);
    array_reader_done(&reader);
    strbuf_done(&text);
}

static void odd_json_is_left_to_the_slow_way(void **state)
{
    (void)state;
    static const char *const LINES[] = {
        "",
        "{",
        "{}",
        "[]",
        "{\"eventMessage\":\"a\"",
        "{\"eventMessage\":\"a\"}}",
        "{\"eventMessage\":\"a\",}",
        "{\"eventMessage\":\"a\\x\"}",
        "{\"eventMessage\":\"a\\ud800\"}",
        "{\"eventMessage\":\"a\\u0000\"}",
        "{\"eventMessage\":\"a\\u00g0\"}",
        "{\"eventMessage\":\"a\tb\"}",
        "{\"eventMessage\":\"a\x80\"}",
        "{\"eventMessage\":\"a\",\"processID\":01}",
        "{\"eventMessage\":\"a\",\"processID\":1.5}",
        "{\"eventMessage\":\"a\",\"processID\":18446744073709551616}",
        "{\"eventMessage\":\"a\",\"x\":-}",
        "{\"eventMessage\":\"a\",\"x\":nul}",
        "{\"eventMessage\":\"a\",\"x\":[1,]}",
        "{\"eventMessage\":\"a\",\"x\":{\"y\"}}",
        "{\"count\":1,\"finished\":1}",
        "{\"event\\u004dessage\":\"a\"}",
        "{\"x\":1}",
    };
    NdjsonFast fast;
    StrBuf scratch = {0};
    Entry entry;
    ndjson_fast_init(&fast, false);
    for (size_t i = 0; i < ARRAY_LEN(LINES); i++) {
        assert_false(ndjson_fast_read(&fast, sv(LINES[i]), true, &scratch, &entry));
    }
    assert_true(ndjson_fast_read(&fast, SV("{\"eventMessage\":\"a\"}\r"), true, &scratch, &entry));
    assert_true(ndjson_fast_read(&fast,
                                 SV("{\"machTimestamp\":18446744073709551615,\"x\":[{},[-0]]}"),
                                 true, &scratch, &entry));
    assert_true(entry.mach == UINT64_MAX);
    strbuf_done(&scratch);
    ndjson_fast_done(&fast);
}

static void times_are_right_across_minutes_and_zones(void **state)
{
    (void)state;
    static const char *const STAMPS[] = {
        "2026-09-08 10:00:59.999999+0200",  "2026-09-08 10:01:00.000000+0200",
        "2026-09-08 10:01:00.000001+0200",  "2026-09-08 10:01:00.000001-0730",
        "2026-09-08 10:01:60.000001-0730",  "2026-09-08 10:01:0x.000001-0730",
        "2026-09-08 10:01:01.00000-0730",   "2026-09-08 10:01:02.000001-0730x",
        "2026-09-08 10:01:02.000001-07:30", "2016-12-31 23:59:60.500000+0000",
        "2016-12-31 23:59:59.500000+0000",  "1969-12-31 23:59:59.500000+0000",
    };
    NdjsonFast fast;
    uint64_t accepted = 0;
    ndjson_fast_init(&fast, false);
    for (size_t i = 0; i < ARRAY_LEN(STAMPS) * 2; i++) {
        char line[128];
        (void)snprintf(line, sizeof(line), "{\"timestamp\":\"%s\",\"eventMessage\":\"\"}",
                       STAMPS[i % ARRAY_LEN(STAMPS)]);
        assert_true(agree_on_line(&fast, sv(line), &accepted));
    }
    assert_true(accepted == ARRAY_LEN(STAMPS) * 4);
    ndjson_fast_done(&fast);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_lines_go_the_fast_way),
        cmocka_unit_test(made_shapes_agree),
        cmocka_unit_test(no_truncation_is_taken_for_whole),
        cmocka_unit_test(mutations_agree),
        cmocka_unit_test(mutations_of_laid_out_objects_agree),
        cmocka_unit_test(odd_json_is_left_to_the_slow_way),
        cmocka_unit_test(times_are_right_across_minutes_and_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
