/*
 * Clipboard: where a text goes that the user copies: to a program of this machine, or to the
 * terminal, which may be another machine's. Nothing waits: the program reads a file without a name
 * and is ended by the system when it takes too long. No curses, no screen.
 */
#ifndef TUI_CLIPBOARD_H
#define TUI_CLIPBOARD_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

/* Bytes of text that a terminal is sent at most: xterm once took sequences of 100,000 bytes, and
 * base64 makes 99,992 of these. */
#define CLIPBOARD_TERMINAL_MAX 74994

/* Seconds a program may take to read the text. */
#define CLIPBOARD_SECONDS 5

#define CLIPBOARD_ARGUMENTS_MAX 4

/* What decides between the programs. Texts are borrowed; nil = not set. */
typedef struct ClipboardPlace {
    bool is_remote; /* the user sits at another machine: its clipboard is the terminal's */
    bool is_mac;
    bool has_wayland;
    bool has_x11;
    StrView path; /* PATH: where the programs are looked for */
} ClipboardPlace;

typedef struct ClipboardProgram {
    const char *name;                                   /* for the user */
    const char *arguments[CLIPBOARD_ARGUMENTS_MAX + 1]; /* the program first, NULL last */
} ClipboardProgram;

/* What the environment of this process says. */
ClipboardPlace clipboard_place(void);

/* Finds the program to use and where it lies; NULL = the terminal is to do it. */
const ClipboardProgram *clipboard_find(const ClipboardPlace *place, StrBuf *ret_path);

/* Starts the program at `path` with `text` to read. False with the reason when it cannot be
 * started. Its end is not waited for. */
bool clipboard_start(const ClipboardProgram *program, const char *path, StrView text, Err *err);

/* Appends the sequence (OSC 52) with which a terminal puts `text` on its clipboard. False, with the
 * reason, when that is too long for it. */
bool clipboard_sequence(StrView text, StrBuf *ret_sequence, Err *err);

#endif
