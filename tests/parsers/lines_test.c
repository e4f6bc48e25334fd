/*
 * Tests of parsers/lines.c and array_reader.c: the same pieces whatever the chunks, cut where they
 * are too long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/array_reader.h"
#include "parsers/lines.h"

#include <inttypes.h>

#include "parsers/decoder.h"

static void show_line(StrBuf *out, const Line *line)
{
    strbuf_printf(out, "<%.*s>%s", SV_ARG(line->text), line->has_eol ? "" : "!");
    if (line->cut_bytes) {
        strbuf_printf(out, "-%" PRIu64, line->cut_bytes);
    }
}

static void feed_lines(StrView bytes, size_t chunk, StrBuf *out)
{
    Lines lines = {0};
    Line line;
    for (size_t at = 0; at < bytes.len; at += chunk) {
        StrView piece = sv_slice(bytes, at, chunk);
        while (lines_next(&lines, &piece, &line)) {
            show_line(out, &line);
        }
        assert_int_equal(piece.len, 0);
    }
    if (lines_end(&lines, &line)) {
        show_line(out, &line);
    }
    assert_false(lines_end(&lines, &line));
    lines_done(&lines);
}

static void lines_do_not_depend_on_chunks(void **state)
{
    (void)state;
    const StrView text = SV("one\n\ntwo\r\nthree");
    for (size_t chunk = 1; chunk <= text.len; chunk++) {
        StrBuf out = {0};
        feed_lines(text, chunk, &out);
        assert_string_equal(out.ptr, "<one><><two\r><three>!");
        strbuf_done(&out);
    }
}

static void long_lines_are_cut_and_counted(void **state)
{
    (void)state;
    StrBuf text = {0};
    Lines lines = {0};
    Line line;
    strbuf_add_many(&text, 'x', LINE_MAX_BYTES + 10);
    strbuf_add_str(&text, "\nnext\n");
    for (size_t chunk = text.len; chunk > 0; chunk = chunk > 70000 ? 70000 : 0) {
        size_t count = 0;
        for (size_t at = 0; at < text.len; at += chunk) {
            StrView piece = sv_slice(strbuf_view(&text), at, chunk);
            while (lines_next(&lines, &piece, &line)) {
                assert_int_equal(line.text.len, count == 0 ? LINE_MAX_BYTES : 4);
                assert_true(line.cut_bytes == (count == 0 ? 10 : 0));
                count++;
            }
        }
        assert_int_equal(count, 2);
        if (chunk == 70000) {
            break;
        }
    }
    lines_done(&lines);
    strbuf_done(&text);
}

static void feed_array(StrView bytes, size_t chunk, StrBuf *out)
{
    ArrayReader reader = {0};
    ArrayItem item;
    for (size_t at = 0; at < bytes.len; at += chunk) {
        StrView piece = sv_slice(bytes, at, chunk);
        while (array_reader_next(&reader, &piece, &item)) {
            strbuf_printf(out, "%c%.*s%c", item.piece == ARRAY_OBJECT ? '<' : '(',
                          SV_ARG(item.text), item.is_ended ? '>' : '?');
        }
    }
    if (array_reader_end(&reader, &item)) {
        strbuf_printf(out, "%c%.*s%c", item.piece == ARRAY_OBJECT ? '<' : '(', SV_ARG(item.text),
                      item.is_ended ? '>' : '?');
    }
    strbuf_printf(out, "%" PRIu64, reader.lines);
    array_reader_done(&reader);
}

static void objects_come_out_at_their_brace(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *items;
    } ROWS[] = {
        {"[{\"a\":1},{\"b\":{}}]", "<{\"a\":1}><{\"b\":{}}>0"},
        {"[{\n\"a\":\"}\\\"{\"\n},{\n}]\n", "<{\n\"a\":\"}\\\"{\"\n}><{\n}>4"},
        {"[]\n", "1"},
        {"[{}]\n=== Messages\n[{}]", "<{}>(=== Messages><{}>2"},
        {"[{\"a\":\"\\\\\"},{\"b\":1", "<{\"a\":\"\\\\\"}><{\"b\":1?0"},
        {"{\"a\":\"no quote\n},{\"b\":2}\n", "<{\"a\":\"no quote\n}><{\"b\":2}>2"},
        {"words", "(words?0"},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrView bytes = sv(ROWS[i].bytes);
        for (size_t chunk = 1; chunk <= bytes.len; chunk++) {
            StrBuf out = {0};
            feed_array(bytes, chunk, &out);
            assert_string_equal(out.ptr, ROWS[i].items);
            strbuf_done(&out);
        }
    }
}

static void an_object_is_there_before_what_follows(void **state)
{
    (void)state;
    ArrayReader reader = {0};
    ArrayItem item;
    StrView piece = SV("[{\"a\":1}");
    assert_true(array_reader_next(&reader, &piece, &item));
    assert_int_equal(item.text.len, 7);
    array_reader_done(&reader);
}

static void long_objects_are_cut_and_counted(void **state)
{
    (void)state;
    StrBuf text = {0};
    ArrayReader reader = {0};
    ArrayItem item;
    strbuf_add_str(&text, "[{\"a\":\"");
    strbuf_add_many(&text, 'x', LINE_MAX_BYTES);
    strbuf_add_str(&text, "\"},{}]");
    StrView rest = strbuf_view(&text);
    assert_true(array_reader_next(&reader, &rest, &item));
    assert_int_equal(item.text.len, LINE_MAX_BYTES);
    assert_true(item.cut_bytes == 8);
    assert_true(array_reader_next(&reader, &rest, &item));
    assert_int_equal(item.text.len, 2);
    assert_true(item.cut_bytes == 0);
    array_reader_done(&reader);
    strbuf_done(&text);
}

static void arrays_are_told_by_their_first_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        ArrayGuess guess;
    } ROWS[] = {
        {"[{\"a\"", ARRAY_YES}, {"[\n", ARRAY_YES},      {" [ {", ARRAY_YES}, {"[]", ARRAY_YES},
        {"{\n", ARRAY_YES},     {"{ \r\n", ARRAY_YES},   {"[", ARRAY_MORE},   {"{ ", ARRAY_MORE},
        {"", ARRAY_MORE},       {"{\"a\":1}", ARRAY_NO}, {"[12]", ARRAY_NO},  {"[info]", ARRAY_NO},
        {"2026", ARRAY_NO},     {"\n", ARRAY_NO},        {"[*] [", ARRAY_NO},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        StrView text = sv(ROWS[i].text);
        for (size_t split = 0; split <= text.len; split++) {
            assert_int_equal(array_guess(sv_slice(text, 0, split), sv_slice(text, split, text.len)),
                             ROWS[i].guess);
        }
    }
}

/* Whoever waits for more looks at the whole beginning again each time. */
static void only_so_many_bytes_are_guessed_from(void **state)
{
    (void)state;
    StrBuf text = {0};
    strbuf_add_many(&text, ' ', ARRAY_GUESS_MAX - 2);
    strbuf_add_str(&text, "[");
    assert_int_equal(array_guess(strbuf_view(&text), SV("")), ARRAY_MORE);
    assert_int_equal(array_guess(strbuf_view(&text), SV("{")), ARRAY_YES);
    assert_int_equal(array_guess(strbuf_view(&text), SV(" ")), ARRAY_NO);
    assert_int_equal(array_guess(strbuf_view(&text), SV(" {")), ARRAY_NO);
    strbuf_add_str(&text, " ");
    assert_int_equal(array_guess(strbuf_view(&text), SV("{")), ARRAY_NO);
    strbuf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_do_not_depend_on_chunks),
        cmocka_unit_test(long_lines_are_cut_and_counted),
        cmocka_unit_test(objects_come_out_at_their_brace),
        cmocka_unit_test(an_object_is_there_before_what_follows),
        cmocka_unit_test(long_objects_are_cut_and_counted),
        cmocka_unit_test(arrays_are_told_by_their_first_bytes),
        cmocka_unit_test(only_so_many_bytes_are_guessed_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
