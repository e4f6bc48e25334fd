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
        {"S-x", 0, 0, NULL},
        {"S-Left", 0, 0, NULL},
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

static void test_mouse(void **state)
{
    static const struct {
        const char *name;
        Key key;
        const char *printed; /* NULL = as `name` */
    } rows[] = {
        {"mouse:press:12,5", {.code = KEY_CODE_MOUSE_PRESS, .x = 12, .y = 5, .clicks = 1}, NULL},
        {"Mouse:Press:0,0:Left", {.code = KEY_CODE_MOUSE_PRESS, .clicks = 1}, "mouse:press:0,0"},
        {"mouse:double:1,2:middle",
         {.code = KEY_CODE_MOUSE_PRESS, .x = 1, .y = 2, .button = KEY_BUTTON_MIDDLE, .clicks = 2},
         NULL},
        {"mouse:drag:9999,9999:right",
         {.code = KEY_CODE_MOUSE_DRAG, .x = 9999, .y = 9999, .button = KEY_BUTTON_RIGHT},
         NULL},
        {"mouse:release:40,5", {.code = KEY_CODE_MOUSE_RELEASE, .x = 40, .y = 5}, NULL},
        {"C-A-S-mouse:wheel-down:1,1",
         {.code = KEY_CODE_MOUSE_WHEEL_DOWN,
          .mods = KEY_CTRL | KEY_ALT | KEY_SHIFT,
          .x = 1,
          .y = 1},
         NULL},
        {"S-mouse:wheel-up:1,1",
         {.code = KEY_CODE_MOUSE_WHEEL_UP, .mods = KEY_SHIFT, .x = 1, .y = 1},
         NULL},
        {"mouse:wheel-left:1,1", {.code = KEY_CODE_MOUSE_WHEEL_LEFT, .x = 1, .y = 1}, NULL},
        {"mouse:wheel-right:1,1", {.code = KEY_CODE_MOUSE_WHEEL_RIGHT, .x = 1, .y = 1}, NULL},
    };
    static const char *const none[] = {
        "mouse:",
        "mouse:press",
        "mouse:press:",
        "mouse:press:1",
        "mouse:press:1,",
        "mouse:press:,1",
        "mouse:press:-1,1",
        "mouse:press:1,10000",
        "mouse:press:1,1:",
        "mouse:press:1,1:left:",
        "mouse:wheel-up:1,1:left",
        "mouse:hover:1,1",
        "mouse:press:1,1 ",
        "press:1,1",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Key key = {0};
        StrBuf name = {0};
        assert_true(key_parse(sv(rows[i].name), &key));
        assert_int_equal(key.code, rows[i].key.code);
        assert_int_equal(key.mods, rows[i].key.mods);
        assert_int_equal(key.x, rows[i].key.x);
        assert_int_equal(key.y, rows[i].key.y);
        assert_int_equal(key.button, rows[i].key.button);
        assert_int_equal(key.clicks, rows[i].key.clicks);
        assert_true(key_is_mouse(key));
        key_print(key, &name);
        assert_string_equal(name.ptr, rows[i].printed != NULL ? rows[i].printed : rows[i].name);
        strbuf_done(&name);
    }
    for (size_t i = 0; i < ARRAY_LEN(none); i++) {
        Key key = {.code = 7};
        if (key_parse(sv(none[i]), &key)) {
            fail_msg("'%s' is taken for a key", none[i]);
        }
        assert_int_equal(key.code, 7);
    }
    assert_false(key_is_mouse((Key){.code = 'm'}));
    assert_false(key_is_mouse((Key){.code = KEY_CODE_CLOSED}));
}

static void test_no_key(void **state)
{
    static const uint32_t codes[] = {KEY_CODE_NONE, KEY_CODE_LAST + 1, UINT32_MAX};

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
        cmocka_unit_test(test_mouse),
        cmocka_unit_test(test_no_key),
    };
    return cmocka_run_group_tests_name("tui/key", tests, NULL, NULL);
}
