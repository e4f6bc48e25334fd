/*
 * A terminal for tests: runs a program on a pseudo-terminal, understands what it draws (libvterm),
 * types for it, and waits for what is to be seen, never for a time. In between stands a small
 * job-control shell of its own, so that Ctrl-Z, fg and a terminal that outlives the program are
 * real.
 */
#ifndef TESTS_PTY_HARNESS_H
#define TESTS_PTY_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

/* Whatever is waited for fails after so long. */
#define PTY_PATIENCE_SECONDS 30

typedef struct PtyOptions {
    int columns, rows;      /* 0 = 80 × 24 */
    const char *term;       /* NULL = xterm-256color */
    const char *const *env; /* further "NAME=VALUE", a NAME alone takes it away; ends with NULL */
    bool is_mute;           /* the terminal answers no questions */
    int stdin_fd;           /* the program's standard input; 0 = the terminal. Closed here. */
} PtyOptions;

typedef struct Pty Pty;

/* Starts `argv`. Never returns NULL: a harness that cannot work aborts the test program. */
Pty *pty_start(const PtyOptions *options, const char *const *argv);

/* Kills what is left, frees everything. */
void pty_end(Pty *pty);

void pty_type(Pty *pty, const char *bytes);
void pty_resize(Pty *pty, int columns, int rows);
void pty_kill(Pty *pty, int signal_number); /* the program alone */

/* Closes the terminal, as a lost connection does. Only the waits for ends work afterwards. */
void pty_hang_up(Pty *pty);

/* Takes nothing of what the program draws any more, as a stalled connection does; or again. */
void pty_stall(Pty *pty, bool is_stalled);

/* Takes so many bytes a second of what the program draws, as a slow line does; 0 = all at once. */
void pty_pace(Pty *pty, int bytes_a_second);

/* Continues a stopped program in the foreground, as fg does. */
void pty_continue(Pty *pty);

/* Waits until `text` is on the screen (is not on it); false = it never was, and what was to be seen
 * instead is printed. */
bool pty_wait_text(Pty *pty, const char *text);
bool pty_wait_no_text(Pty *pty, const char *text);

/* Waits until the screen fulfils `is_so`. */
bool pty_wait(Pty *pty, bool (*is_so)(const Pty *pty));

/* Waits for the program's end; `ret_status` as from waitpid. */
bool pty_wait_exit(Pty *pty, int *ret_status);

/* Waits until the program is stopped, as by Ctrl-Z. */
bool pty_wait_stopped(Pty *pty);

/* Waits until something has been written to the pipe `fd` and puts it, with a NUL, into `ret_word`;
 * until nobody has it open for writing any more. A child that opened a FIFO tells in this way that
 * it runs and that it is gone. */
bool pty_wait_word(Pty *pty, int fd, char *ret_word, size_t size);
bool pty_wait_gone(Pty *pty, int fd);

/* What is to be seen. Rows are from 0; the text of a row has no blanks at its end and lives until
 * the next call. */
bool pty_has_text(const Pty *pty, const char *text);
const char *pty_row(const Pty *pty, int row);
bool pty_is_alternate(const Pty *pty);
bool pty_shows_cursor(const Pty *pty);
bool pty_has_color(const Pty *pty);   /* a cell with another colour than the terminal's own */
bool pty_has_reverse(const Pty *pty); /* a cell in reverse video */

/* Whether the mouse's reports were asked for. */
bool pty_wants_mouse(const Pty *pty);

#define PTY_BOLD (1u << 0)
#define PTY_UNDERLINE (1u << 1)
#define PTY_REVERSE (1u << 2)
#define PTY_ITALIC (1u << 3)

typedef struct PtyCell {
    char text[32]; /* UTF-8; "" = nothing, or the right half of a wide character */
    int width;     /* 1 or 2; 0 = right half */
    unsigned style;
    int foreground, background; /* of the palette; -1 = the terminal's own */
} PtyCell;

PtyCell pty_cell(const Pty *pty, int x, int y);
void pty_cursor(const Pty *pty, int *ret_x, int *ret_y);

/* All bytes received so far. */
const char *pty_bytes(const Pty *pty, size_t *ret_len);
bool pty_has_bytes(const Pty *pty, const char *bytes, size_t len);

/* How often `text` has been received so far; waits until it has been so often. */
size_t pty_count_bytes(const Pty *pty, const char *text);
bool pty_wait_count(Pty *pty, const char *text, size_t count);

/* Whether the terminal's modes are what they were before the start. */
bool pty_modes_are_restored(const Pty *pty);

#endif
