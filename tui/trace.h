/*
 * Trace: the explorer measures itself, for --trace FILE: a line for each frame, and at the end what
 * they come to. doc/trace.md has the columns. It reads no clock: times are handed in.
 */
#ifndef TUI_TRACE_H
#define TUI_TRACE_H

#include "base/base.h"
#include "base/err.h"

#define TRACE_NO_KEY INT64_C(-1)

/* One frame. Times are lengths in ns but `time`. */
typedef struct TraceFrame {
    int64_t time;     /* when it had gone to the terminal, by the loop's clock */
    int64_t key;      /* since the first key it answers; TRACE_NO_KEY = it answers none */
    int64_t draw;     /* to make it */
    int64_t present;  /* to find what differs, and to send that */
    int64_t turn;     /* of the longest turn of the loop since the frame before */
    uint64_t bytes;   /* given to the terminal since the start */
    uint64_t entries; /* that have come in since the start */
    bool has_work;    /* a refilter or a search is not done */
} TraceFrame;

typedef struct Trace Trace;

/* Begins a trace in the file `path`, which is written anew; `now` is its time 0. */
Trace *trace_new(const char *path, int64_t now, Err *err);

/* Writes a frame's line; what goes wrong is told by trace_free. */
void trace_frame(Trace *trace, const TraceFrame *frame);

/* Writes the summary and closes the file; false when something could not be written. NULL is fine.
 */
bool trace_free(Trace *trace, Err *err);

#endif
