/*
 * Backend: a terminal as a table of functions: the real one (curses) or a scripted one for tests
 * and golden frames. The loop knows only this.
 */
#ifndef TUI_BACKEND_H
#define TUI_BACKEND_H

#include "base/base.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "themes/theme.h"
#include "tui/canvas.h"
#include "tui/key.h"

typedef struct Backend Backend;

typedef struct BackendOps {
    const char *name;
    /* Descriptor to wait for, -1 = none. */
    int (*fd)(Backend *backend);
    void (*size)(Backend *backend, int *ret_columns, int *ret_rows);
    /* Next key without waiting; false when there is none. A paste puts its text into `ret_paste`.
     */
    bool (*read_key)(Backend *backend, Key *ret_key, StrBuf *ret_paste);
    /* Shows the canvas: only what differs goes out. */
    void (*present)(Backend *backend, const Canvas *canvas);
    void (*set_theme)(Backend *backend, const Theme *theme);
    /* Gives the terminal back for Ctrl-Z, takes it again. */
    void (*suspend)(Backend *backend);
    void (*resume)(Backend *backend);
    void (*free)(Backend *backend);

    /* What follows may be NULL. */

    /* When read_key must be called though nothing has come (a lone Escape); INT64_MAX = never. */
    int64_t (*deadline)(const Backend *backend);
    /* Tells whether a frame may be presented: the one before has gone out. A terminal that takes
     * nothing must hold up frames only. */
    bool (*can_present)(const Backend *backend);
    /* Descriptor to wait for writing while the last frame has not gone out, -1 = none; and what
     * sends more of it. */
    int (*pending_fd)(const Backend *backend);
    void (*flush)(Backend *backend);
    /* A clock of its own, for frames that are the same every time; NULL = the machine's. */
    int64_t (*now)(const Backend *backend);
    Stamp (*wall)(const Backend *backend);
    /* Moves that clock on, when nothing but time is waited for. */
    void (*pass)(Backend *backend, int64_t until);
    /* Asks for the mouse's reports, or not; off at the beginning. */
    void (*set_mouse)(Backend *backend, bool is_on);
    /* Bytes given to the terminal so far. */
    uint64_t (*sent)(const Backend *backend);
    /* Puts text on the clipboard of the terminal; false with the reason when it cannot. */
    bool (*copy)(Backend *backend, StrView text, Err *err);
    /* Something to tell the user about this terminal; "" = nothing. */
    const char *(*note)(const Backend *backend);
} BackendOps;

struct Backend {
    const BackendOps *ops;
};

/* The real terminal. Keys come from standard input, or from /dev/tty when that is not a terminal.
 * Honours NO_COLOR. The terminal is restored by ops->free, and by backend_curses_emergency. Own
 * handlers of SIGINT, SIGTERM, SIGTSTP and SIGWINCH must stand before, or curses puts in its. */
Backend *backend_curses_new(const Theme *theme, Err *err);

/* How many colours the real terminal has, without opening it; 0 = none, or NO_COLOR is set. One
 * that is not known counts as 256. */
int backend_curses_colors(void);

/* Restores the terminal from a signal handler or the out-of-memory hook: async-signal-safe, works
 * once, does nothing when no curses backend is open. */
void backend_curses_emergency(void);

#endif
