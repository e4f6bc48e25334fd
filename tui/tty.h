/*
 * Tty: what the operating system says and does about a terminal, without curses: descriptors, size,
 * waiting, locale, and giving the terminal back in an emergency.
 */
#ifndef TUI_TTY_H
#define TUI_TTY_H

#include <termios.h>

#include "base/base.h"
#include "base/str.h"

/* Sets the locale of characters: the environment's, or where that is "C" or is not there (Setup
 * Assistant, Recovery, launchd say nothing at all) the first one with UTF-8, which all terminals of
 * today have. Another encoding that is asked for is kept: see glyph_of. */
void tty_set_locale(void);

/* Tells without waiting whether there is something to read (also: the end). */
bool tty_can_read(int fd);

/* The same, but waits for it up to `ms`. */
bool tty_wait_read(int fd, int ms);

/* Takes away all that a terminal does to bytes on their way: no echo, no lines, no signals by keys,
 * no line ends made of others. */
struct termios tty_raw_modes(struct termios modes);

/* Output that never waits: a terminal that takes nothing (a stalled connection, a selection being
 * made) must hold up nobody. What it has not taken is kept. */
typedef struct TtyOut {
    int fd;       /* -1 = closed */
    bool is_ours; /* opened by tty_out_open */
    StrBuf bytes;
    size_t at; /* before this all has been sent */
} TtyOut;

/* Opens the terminal of `fd` anew, so that not waiting is ours alone and not the shell's, too;
 * where it cannot be opened, `fd` itself is used, and waits. */
void tty_out_open(TtyOut *out, int fd);
void tty_out_add(TtyOut *out, StrView bytes);

/* Sends what the terminal takes; true when nothing is left, or nobody is there to take it. */
bool tty_out_flush(TtyOut *out);
bool tty_out_is_empty(const TtyOut *out);

/* Sends what is left for as long as the terminal takes some of it. */
void tty_out_finish(TtyOut *out);
void tty_out_close(TtyOut *out);

/* The size in cells; false when the terminal does not know it. */
bool tty_size(int fd, int *ret_columns, int *ret_rows);

/* Appends a capability of terminfo (may be NULL) without its padding ("$<5>"), which nothing of
 * today needs. */
void tty_add_unpadded(StrBuf *buf, const char *capability);

/* Keeps what gives the terminal `fd` back: `bytes` to write (256 at most) and modes to set. */
void tty_rescue_arm(int fd, const struct termios *modes, StrView bytes);
void tty_rescue_disarm(void);

/* Gives the terminal back, once after each tty_rescue_arm. Async-signal-safe. */
void tty_rescue(void);

#endif
