/*
 * Tty: what the operating system says and does about a terminal, without curses: descriptors, size,
 * waiting, locale, and giving the terminal back in an emergency.
 */
#ifndef TUI_TTY_H
#define TUI_TTY_H

#include <termios.h>

#include "base/base.h"
#include "base/str.h"

/* Sets the locale of characters: the environment's, or where that knows no UTF-8 (Setup Assistant,
 * Recovery, launchd say nothing at all) the first one that does. */
void tty_set_locale(void);

/* Writes all of `bytes`, waiting where it must; a terminal that is gone takes none. */
void tty_send(int fd, StrView bytes);

/* Tells without waiting whether there is something to read (also: the end), room to write. */
bool tty_can_read(int fd);
bool tty_can_write(int fd);

/* The size in cells; false when the terminal does not know it. */
bool tty_size(int fd, int *ret_columns, int *ret_rows);

/* Keeps what gives the terminal `fd` back: `bytes` to write (256 at most) and modes to set. */
void tty_rescue_arm(int fd, const struct termios *modes, StrView bytes);
void tty_rescue_disarm(void);

/* Gives the terminal back, once after each tty_rescue_arm. Async-signal-safe. */
void tty_rescue(void);

#endif
