/*
 * What the files of Pretty share: the work on one text. Nobody else includes it.
 */
#ifndef TUI_PRETTY_INTERNAL_H
#define TUI_PRETTY_INTERNAL_H

#include "tui/pretty.h"

typedef struct PrettyWork {
    StrView text;
    size_t at; /* everything before is written */
    Pretty *out;
    size_t most;  /* bytes that `out` may have */
    size_t spent; /* bytes that were read in vain */
    int depth;    /* of the structure that is being read, as the next two */
    size_t pairs;
    size_t items;
} PrettyWork;

/* Writes the text up to `end` as it is; false when that is more than may be. */
bool pretty_put(PrettyWork *work, size_t end, PrettyKind kind);

void pretty_blank(PrettyWork *work);    /* writes a blank */
void pretty_new_line(PrettyWork *work); /* writes a line end and the indentation */
size_t pretty_skip_blanks(StrView text, size_t at);

/* Reads and writes an XML document or element; false = none, or not well-formed. */
bool pretty_put_xml(PrettyWork *work); /* pretty_xml.c */

#endif
