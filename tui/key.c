/*
 * Names of keys, read and printed from one table. What bytes a terminal sends for a key is none of
 * its business: that is the backend's.
 */
#include "tui/key.h"

#include "base/utf8.h"

typedef struct KeyName {
    const char *name;
    uint32_t code;
} KeyName;

/* Where a code has two names, the first is printed. */
static const KeyName KEY_NAMES[] = {
    {"Up", KEY_CODE_UP},
    {"Down", KEY_CODE_DOWN},
    {"Left", KEY_CODE_LEFT},
    {"Right", KEY_CODE_RIGHT},
    {"Home", KEY_CODE_HOME},
    {"End", KEY_CODE_END},
    {"PageUp", KEY_CODE_PAGE_UP},
    {"PageDown", KEY_CODE_PAGE_DOWN},
    {"Insert", KEY_CODE_INSERT},
    {"Delete", KEY_CODE_DELETE},
    {"Backspace", KEY_CODE_BACKSPACE},
    {"Enter", KEY_CODE_ENTER},
    {"Return", KEY_CODE_ENTER},
    {"Tab", KEY_CODE_TAB},
    {"BackTab", KEY_CODE_BACKTAB},
    {"S-Tab", KEY_CODE_BACKTAB},
    {"Escape", KEY_CODE_ESCAPE},
    {"Esc", KEY_CODE_ESCAPE},
    {"F1", KEY_CODE_F1},
    {"F2", KEY_CODE_F1 + 1},
    {"F3", KEY_CODE_F1 + 2},
    {"F4", KEY_CODE_F1 + 3},
    {"F5", KEY_CODE_F1 + 4},
    {"F6", KEY_CODE_F1 + 5},
    {"F7", KEY_CODE_F1 + 6},
    {"F8", KEY_CODE_F1 + 7},
    {"F9", KEY_CODE_F1 + 8},
    {"F10", KEY_CODE_F1 + 9},
    {"F11", KEY_CODE_F1 + 10},
    {"F12", KEY_CODE_F12},
    {"Resize", KEY_CODE_RESIZE},
    {"Paste", KEY_CODE_PASTE},
    {"Closed", KEY_CODE_CLOSED},
    {"Space", ' '},
};

static const struct {
    const char *prefix;
    uint8_t mod;
} MODIFIERS[] = {
    {"C-", KEY_CTRL}, {"A-", KEY_ALT}, {"S-", KEY_SHIFT}, /* before what the mouse did only */
};

/* "mouse:WHAT:X,Y" or, with another button than the left one, "mouse:WHAT:X,Y:BUTTON". */
#define MOUSE "mouse:"

static const struct {
    const char *name;
    uint32_t code;
    uint8_t clicks;
    bool has_button;
} MOUSE_NAMES[] = {
    {"press", KEY_CODE_MOUSE_PRESS, 1, true},
    {"double", KEY_CODE_MOUSE_PRESS, 2, true},
    {"release", KEY_CODE_MOUSE_RELEASE, 0, true},
    {"drag", KEY_CODE_MOUSE_DRAG, 0, true},
    {"wheel-up", KEY_CODE_MOUSE_WHEEL_UP, 0, false},
    {"wheel-down", KEY_CODE_MOUSE_WHEEL_DOWN, 0, false},
    {"wheel-left", KEY_CODE_MOUSE_WHEEL_LEFT, 0, false},
    {"wheel-right", KEY_CODE_MOUSE_WHEEL_RIGHT, 0, false},
};

static const char *const BUTTON_NAMES[] = {
    [KEY_BUTTON_LEFT] = "left",
    [KEY_BUTTON_MIDDLE] = "middle",
    [KEY_BUTTON_RIGHT] = "right",
};

static const char *name_of(uint32_t code)
{
    for (size_t i = 0; i < ARRAY_LEN(KEY_NAMES); i++) {
        if (KEY_NAMES[i].code == code) {
            return KEY_NAMES[i].name;
        }
    }
    return NULL;
}

/* Tells whether a code point can stand for itself in a name. */
static bool shows_itself(uint32_t code)
{
    StrBuf text = {0};
    int width;

    utf8_append(&text, code);
    (void)utf8_cluster(strbuf_view(&text), &width); /* one code point */
    strbuf_done(&text);
    return code > ' ' && !utf8_is_unsafe(code) && width <= 2;
}

/* --- the mouse -------------------------------------------------------------------------------- */

static void print_mouse(Key key, StrBuf *buf)
{
    size_t at = 0;
    for (size_t i = 0; i < ARRAY_LEN(MOUSE_NAMES); i++) {
        bool is_exact = MOUSE_NAMES[i].clicks == key.clicks;
        if (MOUSE_NAMES[i].code == key.code && (MOUSE_NAMES[at].code != key.code || is_exact)) {
            at = i; /* of the names of a press the one with its clicks, or else the first */
        }
    }
    strbuf_printf(buf, MOUSE "%s:%d,%d", MOUSE_NAMES[at].name, key.x, key.y);
    bool names_button = MOUSE_NAMES[at].has_button && key.button != KEY_BUTTON_LEFT;
    if (names_button && key.button < ARRAY_LEN(BUTTON_NAMES)) {
        strbuf_printf(buf, ":%s", BUTTON_NAMES[key.button]);
    }
}

/* Takes what stands before the next `separator` (or all) off `rest`. */
static StrView take_part(StrView *rest, char separator)
{
    size_t end = sv_find_char(*rest, separator);
    StrView part = sv_slice(*rest, 0, end);
    *rest = end == SIZE_MAX ? SV("") : sv_slice(*rest, end + 1, SIZE_MAX);
    return part;
}

static bool read_cell(StrView text, int16_t *ret_number)
{
    uint64_t number;
    if (text.len > 4 || !sv_to_u64(text, &number) || number > KEY_CELL_MAX) {
        return false;
    }
    *ret_number = (int16_t)number;
    return true;
}

static bool read_button(StrView name, uint8_t *ret_button)
{
    for (size_t i = 0; i < ARRAY_LEN(BUTTON_NAMES); i++) {
        if (sv_equal_nocase(name, sv(BUTTON_NAMES[i]))) {
            *ret_button = (uint8_t)i;
            return true;
        }
    }
    return false;
}

static bool is_mouse_name(StrView name)
{
    return sv_equal_nocase(sv_slice(name, 0, sizeof MOUSE - 1), SV(MOUSE));
}

/* Reads what follows "mouse:". */
static bool read_mouse(StrView rest, Key *key)
{
    StrView what = take_part(&rest, ':');
    for (size_t i = 0; i < ARRAY_LEN(MOUSE_NAMES); i++) {
        if (sv_equal_nocase(what, sv(MOUSE_NAMES[i].name))) {
            bool has_button = sv_find_char(rest, ':') != SIZE_MAX;
            StrView cell = take_part(&rest, ':');
            StrView x = take_part(&cell, ',');
            key->code = MOUSE_NAMES[i].code;
            key->clicks = MOUSE_NAMES[i].clicks;
            return read_cell(x, &key->x) && read_cell(cell, &key->y) &&
                   (!has_button || (MOUSE_NAMES[i].has_button && read_button(rest, &key->button)));
        }
    }
    return false;
}

/* --- public ----------------------------------------------------------------------------------- */

bool key_is_mouse(Key key)
{
    return key.code >= KEY_CODE_MOUSE_PRESS && key.code <= KEY_CODE_MOUSE_WHEEL_RIGHT;
}

void key_print(Key key, StrBuf *buf)
{
    const char *name = name_of(key.code);

    if (key.code == KEY_CODE_NONE || (name == NULL && key.code > 0x10FFFF && !key_is_mouse(key))) {
        strbuf_add_str(buf, "None");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(MODIFIERS); i++) {
        bool can_be_told = MODIFIERS[i].mod != KEY_SHIFT || key_is_mouse(key);
        if ((key.mods & MODIFIERS[i].mod) != 0 && can_be_told) {
            strbuf_add_str(buf, MODIFIERS[i].prefix);
        }
    }
    if (key_is_mouse(key)) {
        print_mouse(key, buf);
    } else if (name != NULL) {
        strbuf_add_str(buf, name);
    } else if (shows_itself(key.code)) {
        utf8_append(buf, key.code);
    } else {
        strbuf_printf(buf, "U+%04X", (unsigned)key.code);
    }
}

/* Reads "U+XXXX"; false when it is none or no code point. */
static bool read_number(StrView name, uint32_t *ret_code)
{
    uint32_t code = 0;

    if (name.len < 6 || name.len > 8 || !sv_equal_nocase(sv_slice(name, 0, 2), SV("U+"))) {
        return false;
    }
    for (size_t i = 2; i < name.len; i++) {
        size_t digit = sv_find_char(SV("0123456789ABCDEFabcdef"), name.ptr[i]);
        if (digit == SIZE_MAX) {
            return false;
        }
        code = code * 16 + (uint32_t)(digit < 16 ? digit : digit - 6);
    }
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        return false;
    }
    *ret_code = code;
    return true;
}

static bool read_code(StrView name, uint32_t *ret_code)
{
    if (name.len == 0) {
        return false;
    }
    StrView rest = name;
    uint32_t code = utf8_next(&rest);
    if (rest.len == 0) { /* one character; a blank is called Space */
        *ret_code = code;
        return shows_itself(code);
    }
    for (size_t i = 0; i < ARRAY_LEN(KEY_NAMES); i++) {
        if (sv_equal_nocase(name, sv(KEY_NAMES[i].name))) {
            *ret_code = KEY_NAMES[i].code;
            return true;
        }
    }
    return read_number(name, ret_code);
}

bool key_parse(StrView name, Key *ret_key)
{
    Key key = {0};

    for (size_t i = 0; i < ARRAY_LEN(MODIFIERS); i++) {
        bool is_there =
            name.len > 2 && sv_starts(name, sv(MODIFIERS[i].prefix)) &&
            (MODIFIERS[i].mod != KEY_SHIFT || is_mouse_name(sv_slice(name, 2, SIZE_MAX)));
        if (is_there) {
            key.mods |= MODIFIERS[i].mod;
            name = sv_slice(name, 2, name.len);
        }
    }
    if (is_mouse_name(name)) {
        if (!read_mouse(sv_slice(name, sizeof MOUSE - 1, SIZE_MAX), &key)) {
            return false;
        }
        *ret_key = key;
        return true;
    }
    if (!read_code(name, &key.code)) {
        return false;
    }
    if ((key.mods & KEY_CTRL) != 0 && key.code >= 'A' && key.code <= 'Z') {
        key.code |= 0x20;
    }
    *ret_key = key;
    return true;
}
