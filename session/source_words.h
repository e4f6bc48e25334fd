/*
 * Words: what a child said on standard error, the first KiB and the last, and the table that knows
 * what to do about it. Text only: no processes, no entries.
 */
#ifndef SESSION_SOURCE_WORDS_H
#define SESSION_SOURCE_WORDS_H

#include "base/base.h"
#include "base/str.h"
#include "session/options.h"

/* The start is kept because `log` prints its usage after the line that matters. */
#define WORDS_HEAD_BYTES (1 * KIB)
#define WORDS_TAIL_BYTES (1 * KIB)

typedef struct Words {
    StrBuf text;  /* as it came; a line "[…]" stands where something is left out */
    bool is_long; /* something was left out */
} Words;

/* All zeroes is an empty Words. */
void words_add(Words *words, StrView bytes);
void words_clear(Words *words);
void words_done(Words *words);
StrView words_view(const Words *words); /* nil when nothing was said */

/* What to do about a child of that kind that ended so, in a sentence; nil when nothing is known. */
StrView words_advice(SourceKind kind, bool has_exit, int exit_status, StrView words);

/* An option of `log` that an older one may not know, see words_refused_option. */
typedef enum LogOption {
    LOG_OPTION_NONE,
    LOG_OPTION_FLAGS,  /* --info or --debug */
    LOG_OPTION_NDJSON, /* --style ndjson */
} LogOption;

/* Tells which option, if any, a `log` that ended with `exit_status` did not know. */
LogOption words_refused_option(int exit_status, StrView words);

#endif
