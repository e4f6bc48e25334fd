/*
 * Line: both directions between the program and its terminal, as bytes: what is read becomes keys,
 * what is written never waits and never queues up. No curses: the backend says what to write.
 */
#ifndef TUI_LINE_H
#define TUI_LINE_H

#include <stdio.h>
#include <termios.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "tui/input.h"
#include "tui/pace.h"
#include "tui/tty.h"

typedef struct Line {
    int in;               /* keys */
    FILE *tty;            /* /dev/tty, where standard input is no terminal; else NULL */
    TtyOut out;           /* to the terminal */
    struct termios modes; /* as they were before */
    Input input;
    Pace pace;
    uint64_t sent;  /* bytes given to `out` */
    bool is_closed; /* the terminal is gone */
} Line;

/* Opens the terminal of standard output, and of standard input or /dev/tty. */
bool line_open(Line *line, Err *err);

/* One that could not be opened is fine. */
void line_close(Line *line);

/* Adds bytes to what goes out; line_flush sends what the terminal takes now. */
void line_add(Line *line, StrView bytes);
void line_flush(Line *line);

/* Asks the terminal to tell when it has got so far; `bytes` have gone out since the last time. */
void line_ask(Line *line, size_t bytes);

/* Whether another frame may go out, and when that may be so without anything having come. */
bool line_is_free(const Line *line);
int64_t line_deadline(const Line *line);

/* The next key without waiting; KEY_CODE_CLOSED for ever when the terminal is gone. */
bool line_read_key(Line *line, Key *ret_key, StrBuf *ret_paste);

/* Sends all that is left, and takes the answers that are on their way: they would be typed into the
 * shell. Whatever else comes in between goes with them. */
void line_finish(Line *line);

#endif
