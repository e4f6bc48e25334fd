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
    /* answers, mouse and modes that nobody asked for */
    {"a\033[<0;1;1Mb\033[?1;2cc\033[12;40Rd", "a b c d "},
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
        cmocka_unit_test(is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
