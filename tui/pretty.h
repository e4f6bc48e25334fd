/*
 * Pretty: structures found inside a message, laid out for reading: JSON, the descriptions of
 * NSDictionary and NSArray, property lists in XML. Layout only: white space between tokens is all
 * that is ever added or taken away; nothing is unescaped, reordered or left out, and what is not
 * well-formed stays as it is. It knows no roles and no canvas.
 */
#ifndef TUI_PRETTY_H
#define TUI_PRETTY_H

#include "base/base.h"
#include "base/str.h"

/* Deeper structures are shown as they are. */
#define PRETTY_DEPTH_MAX 64

/* What a piece of text is. */
typedef enum PrettyKind {
    PRETTY_PLAIN, /* outside of structures */
    PRETTY_KEY,
    PRETTY_TEXT,   /* a text value, with its quotes */
    PRETTY_NUMBER, /* also true, false and null */
    PRETTY_MARK,   /* brackets, separators, tags */
    PRETTY_KIND_COUNT
} PrettyKind;

/* A piece: it begins where the one before ends. */
typedef struct PrettySpan {
    size_t end; /* offset in Pretty.text */
    PrettyKind kind;
} PrettySpan;

/* A text laid out. All zeroes is an empty one. */
typedef struct Pretty {
    StrBuf text;
    PrettySpan *spans; /* cover all of `text`; no two neighbours are of a kind */
    size_t span_count;
    size_t span_capacity;
    size_t structures; /* how many were found; 0 = `text` is what came in */
} Pretty;

/* Lays `text` out in place of what `pretty` held. Time and memory are linear in its length. */
void pretty_lay_out(Pretty *pretty, StrView text);

void pretty_done(Pretty *pretty);

#endif
