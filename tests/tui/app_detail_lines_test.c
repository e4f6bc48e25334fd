/*
 * Tests of app_detail_lines.c: for any text and width nothing of the text is lost but blanks where
 * a row is broken, no row is wider than the area, names and leads stand where they belong, and a
 * text that is cut says so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/app_detail.h"

/* The rows as text: blanks up to a piece's cell, then the piece. */
static void dump(const Detail *detail, StrBuf *buf)
{
    strbuf_clear(buf);
    strbuf_add_str(buf, "");
    for (size_t i = 0; i < detail->line_count; i++) {
        const DetailLine *line = &detail->lines[i];
        int x = 0;

        for (size_t j = line->first; j < line->first + line->count; j++) {
            const DetailPiece *piece = &detail->pieces[j];
            StrView text = sv_slice(strbuf_view(&detail->text), piece->start, piece->len);

            for (; x < piece->x; x++) {
                strbuf_add_char(buf, '.');
            }
            strbuf_add(buf, text);
            x += utf8_width(text);
        }
        strbuf_add_char(buf, '\n');
    }
}

typedef struct LineCase {
    int width;
    size_t most;
    DetailText text;
    const char *expected;
} LineCase;

#define TEXT(words) .text = {(words), sizeof(words) - 1}

static const LineCase CASES[] = {
    {40, 9, {TEXT("one row"), .x = 1}, ".one row\n"},
    {21, 9, {TEXT("one two three four five"), .x = 1}, ".one two three four \n.five\n"},
    {21, 9, {TEXT("a\n\nb"), .x = 1}, ".a\n.\n.b\n"},
    {21, 9, {TEXT("onewordthatistoolongforarow"), .x = 1}, ".onewordthatistoolon\n.gforarow\n"},
    {31,
     9,
     {TEXT("value that is wrapped"), .x = 1, .head = {"name", 4}, .head_width = 8},
     ".name....value that is wrapped\n"},
    {30,
     9,
     {TEXT("value that is wrapped"), .x = 1, .head = {"name", 4}, .head_width = 8},
     ".name....value that is \n.........wrapped\n"},
    {24,
     9,
     {TEXT("value that is wrapped"), .x = 1, .lead = {"> ", 2}, .lead_on = {"| ", 2}},
     ".> value that is \n.| wrapped\n"},
    {14, 9, {TEXT("value"), .x = 1, .head = {"name", 4}, .head_width = 8}, ".name\n.value\n"},
    {21,
     2,
     {TEXT("one two three four five six seven eight nine"), .x = 1},
     ".one two three four \n.five six seven …\n"},
    {21, 0, {TEXT("nothing"), .x = 1}, ""},
};

static void test_rows(void **state)
{
    Detail detail = {0};
    StrBuf have = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        detail_clear(&detail, CASES[i].width);
        (void)detail_add(&detail, CASES[i].text, CASES[i].most);
        dump(&detail, &have);
        assert_string_equal(have.ptr, CASES[i].expected);
    }
    detail_done(&detail);
    strbuf_done(&have);
}

static void test_cut_is_told(void **state)
{
    Detail detail = {0};

    (void)state;
    detail_clear(&detail, 40);
    assert_false(detail_add(&detail, (DetailText){TEXT("a\nb")}, 2));
    assert_true(detail_add(&detail, (DetailText){TEXT("a\nb\nc")}, 2));
    detail_done(&detail);
}

static void strip(StrView text, StrBuf *buf)
{
    strbuf_clear(buf);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != ' ' && text.ptr[i] != '\n') {
            strbuf_add_char(buf, text.ptr[i]);
        }
    }
}

static void assert_fits(const Detail *detail)
{
    for (size_t i = 0; i < detail->piece_count; i++) {
        const DetailPiece *piece = &detail->pieces[i];
        StrView text = sv_slice(strbuf_view(&detail->text), piece->start, piece->len);
        int first;
        bool is_one = utf8_cluster(text, &first) == text.len;

        assert_true(piece->x >= 0);
        assert_true(piece->x + utf8_width(text) <= detail->width || is_one);
    }
}

static void test_nothing_is_lost(void **state)
{
    static const char *const WORDS[] = {
        "a",      "word ", " ",         "\n",   "{\"k\":[1,\"two\"]}",
        "日本語", "\t",    "e\xCC\x81", "\x80", "longerthanmostwords"};
    uint64_t seed = 4711;
    StrBuf text = {0};
    StrBuf before = {0};
    StrBuf after = {0};
    Detail detail = {0};

    (void)state;
    for (int round = 0; round < 3000; round++) {
        strbuf_clear(&text);
        strbuf_add_str(&text, "");
        for (int i = 0; i < 12; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            strbuf_add_str(&text, WORDS[(seed >> 33) % ARRAY_LEN(WORDS)]);
        }
        detail_clear(&detail, 1 + round % 60);
        pretty_lay_out(&detail.pretty, strbuf_view(&text));
        assert_false(detail_add(&detail,
                                (DetailText){.text = strbuf_view(&detail.pretty.text),
                                             .pretty = &detail.pretty,
                                             .x = 1},
                                SIZE_MAX));
        strip(strbuf_view(&text), &before);
        strip(strbuf_view(&detail.text), &after);
        assert_true(sv_equal(strbuf_view(&before), strbuf_view(&after)));
        assert_fits(&detail);
    }
    detail_done(&detail);
    strbuf_done(&text);
    strbuf_done(&before);
    strbuf_done(&after);
}

static void test_items_have_their_rows(void **state)
{
    Detail detail = {0};

    (void)state;
    detail_clear(&detail, 21);
    (void)detail_add(&detail, (DetailText){TEXT("no item")}, 9);
    detail_begin_item(&detail, DETAIL_FIELD, FIELD_PID, "pid", SV("42"));
    (void)detail_add(&detail, (DetailText){TEXT("of two\nrows")}, 9);
    detail_end_item(&detail);
    detail_begin_item(&detail, DETAIL_RAW, FIELD_MESSAGE, "raw", SV("raw bytes"));
    detail_end_item(&detail);
    assert_int_equal(detail.item_count, 2);
    assert_int_equal(detail.items[0].first_line, 1);
    assert_int_equal(detail.items[0].line_count, 2);
    assert_int_equal(detail.lines[0].item, -1);
    assert_int_equal(detail.lines[2].item, 0);
    assert_int_equal(detail.items[1].line_count, 0);
    assert_true(sv_equal(detail_value(&detail, &detail.items[0]), SV("42")));
    assert_true(sv_equal(detail_value(&detail, &detail.items[1]), SV("raw bytes")));
    detail_done(&detail);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_cut_is_told),
        cmocka_unit_test(test_nothing_is_lost),
        cmocka_unit_test(test_items_have_their_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
