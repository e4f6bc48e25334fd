/*
 * Key: one thing the user did at the terminal, and its name. Names are what --script, the help and
 * the configuration use: "j", "Enter", "C-d", "A-x", "PageUp", "F1", "Tab", "BackTab", "Space".
 * A character is its own name; one that cannot be shown is "U+0007". key.c has the others. What the
 * mouse did is a key as well: "mouse:press:12,5", "mouse:double:12,5", "mouse:drag:40,5:right",
 * "C-mouse:wheel-down:12,5"; its cell is counted from 0,0 in the upper left corner.
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include "base/base.h"
#include "base/str.h"

typedef enum KeyCode {
    KEY_CODE_NONE = 0, /* code points are below 0x110000 */
    KEY_CODE_UP = 0x110000,
    KEY_CODE_DOWN,
    KEY_CODE_LEFT,
    KEY_CODE_RIGHT,
    KEY_CODE_HOME,
    KEY_CODE_END,
    KEY_CODE_PAGE_UP,
    KEY_CODE_PAGE_DOWN,
    KEY_CODE_INSERT,
    KEY_CODE_DELETE,
    KEY_CODE_BACKSPACE,
    KEY_CODE_ENTER,
    KEY_CODE_TAB,
    KEY_CODE_BACKTAB,
    KEY_CODE_ESCAPE,
    KEY_CODE_F1, /* … F12 follow */
    KEY_CODE_F12 = KEY_CODE_F1 + 11,
    KEY_CODE_RESIZE,
    KEY_CODE_PASTE,  /* `text` of the event holds what was pasted */
    KEY_CODE_CLOSED, /* the terminal is gone */
    KEY_CODE_MOUSE_PRESS,
    KEY_CODE_MOUSE_RELEASE,
    KEY_CODE_MOUSE_DRAG, /* moved with a button held */
    KEY_CODE_MOUSE_WHEEL_UP,
    KEY_CODE_MOUSE_WHEEL_DOWN,
    KEY_CODE_MOUSE_WHEEL_LEFT,
    KEY_CODE_MOUSE_WHEEL_RIGHT,
    KEY_CODE_LAST = KEY_CODE_MOUSE_WHEEL_RIGHT,
} KeyCode;

#define KEY_CTRL (1u << 0)
#define KEY_ALT (1u << 1)
#define KEY_SHIFT (1u << 2) /* of the mouse only: a letter tells it by itself */

typedef enum KeyButton {
    KEY_BUTTON_LEFT,
    KEY_BUTTON_MIDDLE,
    KEY_BUTTON_RIGHT,
} KeyButton;

/* No cell of a mouse is beyond it. */
#define KEY_CELL_MAX 9999

typedef struct Key {
    uint32_t code; /* code point or KeyCode */
    uint8_t mods;  /* KEY_… ; C-a is code 'a' with KEY_CTRL */

    /* Of the mouse; 0 for all else. */
    uint8_t button; /* KeyButton; of a wheel none */
    uint8_t clicks; /* of a press: 1, or 2 for the second one of a double click */
    int16_t x, y;   /* the cell, 0 to KEY_CELL_MAX; may lie outside the canvas */
} Key;

/* Tells whether the key is the mouse's. */
bool key_is_mouse(Key key);

/* Appends the name of a key; "None" for what has none. */
void key_print(Key key, StrBuf *buf);
/* Reads a name, those of more than one character in any case; false when it is none. A letter with
 * C- is the same in both cases, as terminals have it. */
bool key_parse(StrView name, Key *ret_key);

#endif
