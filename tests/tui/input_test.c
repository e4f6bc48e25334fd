/*
 * Bytes of a terminal → names of keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tui/input.h"

typedef struct Case {
    const char *bytes;
    const char *keys; /* names, each followed by a blank; a paste as <text> */
} Case;

/* clang-format off */
static const Case CASES[] = {
    {"j", "j "},
    {" ~", "Space ~ "},
    {"\r\n\t", "Enter Enter Tab "},
    {"\177\b", "Backspace Backspace "},
    {"\001\032", "C-a C-z "},
    {"\034\035", "C-\\ C-] "},
    {"\xc3\xa9\xe6\xbc\xa2\xf0\x9f\x98\x80", "\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x98\x80 "},
    {"\033[A\033OA\033[B\033[C\033[D", "Up Up Down Right Left "},
    {"\033[H\033OH\033[1~\033[7~", "Home Home Home Home "},
    {"\033[F\033[4~\033[8~", "End End End "},
    {"\033[2~\033[3~\033[5~\033[6~", "Insert Delete PageUp PageDown "},
    {"\033[Z", "BackTab "},
    {"\033OP\033[11~\033[[A\033[[E\033[24~", "F1 F1 F1 F5 F12 "},
    {"\033[1;5C\033[1;3D\033[5;5~", "C-Right A-Left C-PageUp "},
    {"\033x\033\xc3\xa9", "A-x A-\xc3\xa9 "},
    {"\033\033[A", "Escape Up "},
    {"\033Op\033Oy\033OM\033Oj", "0 9 Enter * "},
    {"\033[97;5u", "C-a "},
    /* answers and modes that nobody asked for, focus */
    {"a\033[?1;2cb\033[12;40Rc\033[?2026;2$yd\033[?62;4c", "a b c d "},
    {"a\033[Ib\033[Oc\033[0nd\033[>0;276;0ce", "a b c d e "},
    /* a sequence that is broken off by another, or by a key */
    {"\033[1;\033[A\033[<0;5\033[Bj", "Up Down j "},
    {"\033[\r", "A-[ Enter "},
    /* the mouse: buttons, modifiers, wheels */
    {"\033[<0;1;1M\033[<0;1;1m", "mouse:press:0,0 mouse:release:0,0 "},
    {"\033[<1;240;51M\033[<2;3;4M", "mouse:press:239,50:middle mouse:press:2,3:right "},
    {"\033[<32;10;2M\033[<34;10;2M\033[<32;10;2m", "mouse:drag:9,1 mouse:drag:9,1:right "
                                                   "mouse:release:9,1 "},
    {"\033[<64;2;2M\033[<65;2;2M\033[<66;2;2M\033[<67;2;2M",
     "mouse:wheel-up:1,1 mouse:wheel-down:1,1 mouse:wheel-left:1,1 mouse:wheel-right:1,1 "},
    {"\033[<4;2;2M\033[<88;2;2M", "S-mouse:press:1,1 C-A-mouse:wheel-up:1,1 "},
    {"\033[<0;0;-3M\033[<0;123456;99999M", "mouse:press:0,0 mouse:press:9999,9999 "},
    /* … and what is none of it */
    {"a\033[<35;1;1Mb\033[<128;1;1Mc\033[<64;1;1md\033[<96;1;1Me", "a b c d e "},
    {"a\033[<0;1Mb\033[<0;1;1;1Mc\033[<;;Md\033[<0;1;1Re\033[<-0;1;1Mf\033[<0;1;1234567Mg",
     "a b c d e f g "},
    {"a\033[<Mb\033[<0;--1;1Mc\033[<0;1;1:2Md", "a b c d "},
    {"a\033[200b\033[99999999999~c", "a c "},
    /* broken UTF-8, C1, invisible things */
    {"a\xff\xc0\xaf" "b\xc2\x9b" "c\xe2\x80\xae" "d", "a b c d "},
    {"\033[200~one\rtwo\r\nthree\033[A\003\033[201~x", "<one\ntwo\nthree\033[A\003>x "},
    {"\033[200~\033[201~", "<>"},
};
/* clang-format on */

static void take_all(Input *input, int64_t now, StrBuf *names)
{
    Key key;
    StrBuf paste = {0};
    while (input_next(input, now, &key, &paste)) {
        if (key.code == KEY_CODE_PASTE) {
            strbuf_printf(names, "<%.*s>", SV_ARG(strbuf_view(&paste)));
        } else {
            key_print(key, names);
            strbuf_add_char(names, ' ');
        }
    }
    strbuf_done(&paste);
}

/* Feeds `bytes` in pieces of `step`; nothing is late. */
static void check_case(const Case *one, size_t step)
{
    Input input = {0};
    StrBuf names = {0};
    size_t len = strlen(one->bytes);
    for (size_t at = 0; at < len; at += step) {
        input_feed(&input, sv_slice(sv(one->bytes), at, step), (int64_t)at);
        take_all(&input, (int64_t)at, &names);
    }
    assert_int_equal(input_deadline(&input), INT64_MAX);
    assert_string_equal(strbuf_view(&names).ptr, one->keys);
    strbuf_done(&names);
    input_done(&input);
}

static void reads_keys_however_they_come(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        check_case(&CASES[i], SIZE_MAX / 2);
        check_case(&CASES[i], 1);
        check_case(&CASES[i], 2);
        check_case(&CASES[i], 3);
    }
}

static void check_late(const char *bytes, int64_t patience, const char *keys)
{
    Input input = {0};
    StrBuf names = {0};
    input_feed(&input, sv(bytes), 1000);
    take_all(&input, 1000, &names);
    assert_int_equal(names.len, 0);
    assert_int_equal(input_deadline(&input), 1000 + patience);
    take_all(&input, 1000 + patience - 1, &names);
    assert_int_equal(names.len, 0);
    take_all(&input, 1000 + patience, &names);
    assert_string_equal(strbuf_view(&names).ptr, keys);
    assert_int_equal(input_deadline(&input), INT64_MAX);
    strbuf_done(&names);
    input_done(&input);
}

static void decides_when_nothing_follows(void **state)
{
    (void)state;
    check_late("\033", INPUT_ESCAPE_NS, "Escape ");
    check_late("\033[", INPUT_SEQUENCE_NS, "A-[ ");
    check_late("\033O", INPUT_SEQUENCE_NS, "A-O ");
    check_late("\033[1;5", INPUT_SEQUENCE_NS, "");
    check_late("\033[<0;1", INPUT_REPORT_NS, "");
    check_late("\033[?2026;2", INPUT_REPORT_NS, "");
    check_late("\xe2\x82", INPUT_SEQUENCE_NS, "");
    check_late("\033[200~never ended", INPUT_PASTE_NS, "<never ended>");
}

static void what_terminfo_says_goes_first(void **state)
{
    (void)state;
    Input input = {0};
    StrBuf names = {0};
    input_learn(&input, "\033[V", (Key){.code = KEY_CODE_PAGE_UP});
    input_learn(&input, "\033[11^", (Key){.code = KEY_CODE_F12});
    input_learn(&input, "\005", (Key){.code = KEY_CODE_END});
    input_learn(&input, NULL, (Key){.code = 'n'});
    input_learn(&input, "", (Key){.code = 'n'});
    input_learn(&input, "j", (Key){.code = 'n'}); /* no key of a terminal is a letter */
    input_feed(&input, SV("\033[V\033[11^\033[11~\005j"), 0);
    take_all(&input, 0, &names);
    assert_string_equal(strbuf_view(&names).ptr, "PageUp F12 F1 End j ");
    strbuf_done(&names);
    input_done(&input);
}

static void check_clicks(const char *bytes, int64_t pause, const char *keys)
{
    Input input = {0};
    StrBuf names = {0};
    for (StrView rest = sv(bytes); rest.len > 0;) {
        size_t len = sv_find(sv_slice(rest, 1, SIZE_MAX), SV("\033"));
        StrView report = sv_slice(rest, 0, len == SIZE_MAX ? SIZE_MAX : len + 1);
        input_feed(&input, report, input.touched + pause);
        take_all(&input, input.touched, &names);
        rest = sv_slice(rest, report.len, SIZE_MAX);
    }
    assert_string_equal(names.ptr, keys);
    strbuf_done(&names);
    input_done(&input);
}

static void counts_clicks(void **state)
{
    (void)state;
    check_clicks("\033[<0;5;5M\033[<0;5;5m\033[<0;5;5M", MOUSE_DOUBLE_NS / 2,
                 "mouse:press:4,4 mouse:release:4,4 mouse:double:4,4 ");
    check_clicks("\033[<0;5;5M\033[<0;5;5M", MOUSE_DOUBLE_NS + 1,
                 "mouse:press:4,4 mouse:press:4,4 ");
    check_clicks("\033[<0;5;5M\033[<0;6;5M\033[<0;6;6M\033[<2;6;6M", 1,
                 "mouse:press:4,4 mouse:press:5,4 mouse:press:5,5 mouse:press:5,5:right ");
    /* The third one begins anew. */
    check_clicks("\033[<0;5;5M\033[<0;5;5M\033[<0;5;5M\033[<0;5;5M", 1,
                 "mouse:press:4,4 mouse:double:4,4 mouse:press:4,4 mouse:double:4,4 ");
}

/* Of a drag that has come in one piece the last place counts; what stands between stays. */
static void keeps_the_last_of_a_drag(void **state)
{
    (void)state;
    Input input = {0};
    StrBuf names = {0};
    for (int i = 0; i < 200; i++) {
        StrBuf report = {0};
        strbuf_printf(&report, "\033[<32;%d;7M", i + 1);
        input_feed(&input, strbuf_view(&report), 0);
        strbuf_done(&report);
    }
    input_feed(&input, SV("j\033[<32;1;1M\033[<34;2;2M\033[<34;3;3M\033[<34;4;4m\033[<32;"), 0);
    take_all(&input, 0, &names);
    assert_string_equal(names.ptr, "mouse:drag:199,6 j mouse:drag:0,0 mouse:drag:2,2:right "
                                   "mouse:release:3,3:right ");
    strbuf_done(&names);
    input_done(&input);
}

static bool says_sync(const char *answer)
{
    Input input = {0};
    StrBuf names = {0};
    input_feed(&input, sv(answer), 0);
    take_all(&input, 0, &names);
    assert_int_equal(names.len, 0);
    bool has_sync = input.has_sync;
    strbuf_done(&names);
    input_done(&input);
    return has_sync;
}

static void takes_note_of_answers(void **state)
{
    (void)state;
    assert_true(says_sync("\033[?2026;1$y"));
    assert_true(says_sync("\033[?2026;2$y"));
    assert_false(says_sync("\033[?2026;0$y"));
    assert_false(says_sync("\033[?2026;4$y"));
    assert_false(says_sync("\033[?2027;2$y"));
    assert_false(says_sync("\033[?2026;2$p"));

    Input input = {0};
    StrBuf names = {0};
    input_feed(&input, SV("a\033[0nb\033[12;2n\033[3n\033[n"), 0);
    take_all(&input, 0, &names);
    assert_string_equal(names.ptr, "a b ");
    assert_int_equal(input.answers, 2);
    strbuf_done(&names);
    input_done(&input);
}

/* Bytes made of the pieces of sequences, in pieces of any size: never stuck, never a key that no
 * terminal has. */
static void bears_garbage(void **state)
{
    static const char PIECES[] = "\033\033\033[[[<<?;;-0123456789$MmyARu~OP\xc3\xa9 j";
    Input input = {0};
    StrBuf names = {0};
    StrBuf paste = {0};
    uint32_t seed = 4;
    int64_t now = 0;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        char bytes[8];
        size_t len = 0;
        do {
            seed = seed * 1664525u + 1013904223u;
            bytes[len++] = PIECES[(seed >> 8) % (sizeof PIECES - 1)];
        } while (len < sizeof bytes && (seed >> 24 & 3) != 0);
        now += (seed >> 16 & 63) == 0 ? INPUT_PASTE_NS : 1;
        input_feed(&input, sv_of(bytes, len), now);
        Key key;
        while (input_next(&input, now, &key, &paste)) {
            assert_true(key.code != KEY_CODE_NONE && key.code <= KEY_CODE_LAST);
            assert_true(key_is_mouse(key) || (key.x == 0 && key.y == 0 && key.clicks == 0));
            assert_true(key.x >= 0 && key.x <= KEY_CELL_MAX && key.y >= 0);
        }
        assert_true(input.bytes.len < 128);
    }
    now += INPUT_PASTE_NS;
    take_all(&input, now, &names);
    assert_int_equal(input_deadline(&input), INT64_MAX);
    strbuf_done(&paste);
    strbuf_done(&names);
    input_done(&input);
}

static void is_bounded(void **state)
{
    (void)state;
    Input input = {0};
    StrBuf names = {0};
    Key key;
    input_feed(&input, SV("\033[200~"), 0);
    for (size_t i = 0; i < 2 * INPUT_PASTE_MAX / 64; i++) {
        input_feed(&input, SV("0123456789012345678901234567890123456789012345678901234567890123"),
                   0);
        assert_false(input_next(&input, 0, &key, &names));
        assert_true(input.bytes.len < 128);
    }
    input_feed(&input, SV("\033[201~k"), 0);
    assert_true(input_next(&input, 0, &key, &names));
    assert_int_equal(key.code, KEY_CODE_PASTE);
    assert_int_equal(names.len, INPUT_PASTE_MAX);
    assert_true(input_next(&input, 0, &key, &names));
    assert_int_equal(key.code, 'k');
    /* A sequence without an end is given up long before it is late. */
    input_feed(&input, SV("\033["), 0);
    for (size_t i = 0; i < 1000; i++) {
        input_feed(&input, SV("1111111111"), 0);
        take_all(&input, 0, &names);
        assert_true(input.bytes.len < 128);
    }
    strbuf_done(&names);
    input_done(&input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_keys_however_they_come),
        cmocka_unit_test(decides_when_nothing_follows),
        cmocka_unit_test(what_terminfo_says_goes_first),
        cmocka_unit_test(counts_clicks),
        cmocka_unit_test(keeps_the_last_of_a_drag),
        cmocka_unit_test(takes_note_of_answers),
        cmocka_unit_test(bears_garbage),
        cmocka_unit_test(is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
