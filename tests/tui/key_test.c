/*
 * Names of keys: each prints and reads back; what is no key is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tui/key.h"

static void check_round_trip(Key key)
{
    StrBuf name = {0};
    Key back = {0};
    key_print(key, &name);
    if (!key_parse(strbuf_view(&name), &back) || back.code != key.code || back.mods != key.mods) {
        fail_msg("'%s' reads back as %x with %x", name.ptr, (unsigned)back.code, back.mods);
    }
    strbuf_done(&name);
}

static void test_round_trip(void **state)
{
    (void)state;
    for (uint32_t code = 1; code <= KEY_CODE_CLOSED; code = code == 0xD7FF ? 0xE000 : code + 1) {
        if (code > 0x3000 && code < 0xD000) {
            code += 256; /* ideographs are alike */
        }
        if (code > 0x20000 && code < 0x10FF00) {
            code = 0x10FF00;
        }
        bool is_capital = code >= 'A' && code <= 'Z';
        for (uint8_t mods = 0; mods < 4; mods++) {
            if (!is_capital || (mods & KEY_CTRL) == 0) {
                check_round_trip((Key){.code = code, .mods = mods});
            }
        }
    }
}

static void test_names(void **state)
{
    static const struct {
        const char *name;
        uint32_t code;
        uint8_t mods;
        const char *printed;
    } rows[] = {
        {"j", 'j', 0, "j"},
        {"G", 'G', 0, "G"},
        {"?", '?', 0, "?"},
        {"-", '-', 0, "-"},
        {"é", 0xE9, 0, "é"},
        {"Enter", KEY_CODE_ENTER, 0, "Enter"},
        {"return", KEY_CODE_ENTER, 0, "Enter"},
        {"C-d", 'd', KEY_CTRL, "C-d"},
        {"C-D", 'd', KEY_CTRL, "C-d"},
        {"C--", '-', KEY_CTRL, "C--"},
        {"C-", 0, 0, NULL},
        {"A-x", 'x', KEY_ALT, "A-x"},
        {"A-X", 'X', KEY_ALT, "A-X"},
        {"C-A-x", 'x', KEY_CTRL | KEY_ALT, "C-A-x"},
        {"C-Left", KEY_CODE_LEFT, KEY_CTRL, "C-Left"},
        {"PageUp", KEY_CODE_PAGE_UP, 0, "PageUp"},
        {"pagedown", KEY_CODE_PAGE_DOWN, 0, "PageDown"},
        {"F1", KEY_CODE_F1, 0, "F1"},
        {"F12", KEY_CODE_F12, 0, "F12"},
        {"F13", 0, 0, NULL},
        {"F0", 0, 0, NULL},
        {"Tab", KEY_CODE_TAB, 0, "Tab"},
        {"S-Tab", KEY_CODE_BACKTAB, 0, "BackTab"},
        {"Esc", KEY_CODE_ESCAPE, 0, "Escape"},
        {"Space", ' ', 0, "Space"},
        {"C-Space", ' ', KEY_CTRL, "C-Space"},
        {"U+0007", 7, 0, "U+0007"},
        {"U+202E", 0x202E, 0, "U+202E"},
        {"u+00e9", 0xE9, 0, "é"},
        {"U+D800", 0, 0, NULL},
        {"U+0000", 0, 0, NULL},
        {"U+110000", 0, 0, NULL},
        {"U+12", 0, 0, NULL},
        {"U+00G0", 0, 0, NULL},
        {" ", 0, 0, NULL},
        {"", 0, 0, NULL},
        {"\x1B", 0, 0, NULL},
        {"\xFF", 0, 0, NULL},
        {"\u202E", 0, 0, NULL},
        {"ab", 0, 0, NULL},
        {"None", 0, 0, NULL},
        {"Entr", 0, 0, NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Key key = {.code = 0x77, .mods = 7};
        bool is_read = key_parse(sv(rows[i].name), &key);
        if (is_read != (rows[i].printed != NULL)) {
            fail_msg("'%s': %d", rows[i].name, is_read);
        }
        if (!is_read) {
            assert_int_equal(key.code, 0x77);
            assert_int_equal(key.mods, 7);
            continue;
        }
        assert_int_equal(key.code, rows[i].code);
        assert_int_equal(key.mods, rows[i].mods);
        StrBuf name = {0};
        key_print(key, &name);
        assert_string_equal(name.ptr, rows[i].printed);
        strbuf_done(&name);
    }
}

static void test_no_key(void **state)
{
    static const uint32_t codes[] = {KEY_CODE_NONE, KEY_CODE_CLOSED + 1, UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        StrBuf name = {0};
        key_print((Key){.code = codes[i], .mods = KEY_CTRL}, &name);
        assert_string_equal(name.ptr, "None");
        strbuf_done(&name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_no_key),
    };
    return cmocka_run_group_tests_name("tui/key", tests, NULL, NULL);
}
