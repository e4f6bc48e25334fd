/*
 * Mouse: a terminal's report of what the mouse did (SGR form, mode 1006), made into a key. One form
 * for all, written and read by ourselves: what curses of the systems' own make of it loses columns
 * and wheels. No curses, no clock: the time of a press is a parameter.
 */
#ifndef TUI_MOUSE_H
#define TUI_MOUSE_H

#include "base/base.h"
#include "base/str.h"
#include "tui/key.h"

/* What makes a terminal report presses, releases, drags and the wheel; and stop it. */
#define MOUSE_ON "\033[?1000h\033[?1002h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1002l\033[?1000l"

/* A press on the same cell with the same button so soon after the one before is a double click. */
#define MOUSE_DOUBLE_NS (INT64_C(400) * NS_PER_MS)

/* The press that a double click may follow; all zeroes = none. */
typedef struct MouseClicks {
    Key press;
    int64_t time;
} MouseClicks;

/* Reads the parameters of "CSI < BUTTON ; X ; Y M" (or m), from the '<' on, without the final byte.
 * False when it is no such report, or one of a button that nobody here knows. The key's `clicks`
 * are 1 for a press. */
bool mouse_parse(StrView parameters, char final, Key *ret_key);

/* Counts presses: gives the key with its clicks. */
Key mouse_count(MouseClicks *clicks, Key key, int64_t now);

#endif
