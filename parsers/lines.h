/*
 * Lines: bytes in any pieces → lines, without copying where a line came in one piece. Longer lines
 * than LINE_MAX_BYTES are cut, the rest of them counted. It knows nothing of what lines mean.
 */
#ifndef PARSERS_LINES_H
#define PARSERS_LINES_H

#include "base/base.h"
#include "base/str.h"
#include "parsers/carry.h"

typedef struct Lines {
    Carry carry; /* the beginning of a line whose end has not come */
} Lines;

typedef struct Line {
    StrView text;       /* without '\n'; valid until the next call or the end of the bytes */
    uint64_t cut_bytes; /* not kept, 0 = the line is whole */
    bool has_eol;
} Line;

/* A Lines of all zeroes is ready for use. */
void lines_done(Lines *lines);

/* Takes the next line off `bytes`; false when they hold no line's end: they are kept, `bytes` is
 * empty. */
bool lines_next(Lines *lines, StrView *bytes, Line *ret_line);

/* The line that was never ended; false when there is none. */
bool lines_end(Lines *lines, Line *ret_line);

/* What has come of the line that is not ended; empty when that is nothing. */
StrView lines_pending(const Lines *lines);

/* Drops the unfinished line: somebody else has taken it. */
void lines_drop(Lines *lines);

#endif
