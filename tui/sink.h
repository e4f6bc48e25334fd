/*
 * Sink: a file without a name for what curses writes, which can write to a descriptor only and
 * would wait for a terminal. In memory where the system has such files. No curses here.
 */
#ifndef TUI_SINK_H
#define TUI_SINK_H

#include <stdio.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

/* As much of a disk is taken at once, so that a disk which is full is told when a sink is opened,
 * and not by a torn screen. Frames are smaller; the first one of a huge screen is not. */
#define SINK_RESERVE (256 * KIB)

typedef struct Sink {
    FILE *file; /* to write to; NULL = not open */
} Sink;

/* Opens one: in memory, or else in the first directory that takes it. */
bool sink_open(Sink *sink, Err *err);

/* The same, in one directory. */
bool sink_open_in(Sink *sink, const char *directory, Err *err);

/* An unopened sink (all zero) is fine. */
void sink_close(Sink *sink);

/* Appends what was written since the last call. */
void sink_take(Sink *sink, StrBuf *buf);

#endif
