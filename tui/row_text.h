/*
 * Row text: a message cut into the lines of a list: its own lines, and those that are too long
 * wrapped, between words where there is a place for it in the last third of a line. Bytes in, byte
 * ranges out; it neither copies nor draws.
 */
#ifndef TUI_ROW_TEXT_H
#define TUI_ROW_TEXT_H

#include "base/base.h"
#include "base/str.h"

/* Narrower than that nothing is wrapped: an invisible character may need so many cells. */
#define ROW_TEXT_MIN_WIDTH 10

/* A message that is being cut up. */
typedef struct RowText {
    StrView text; /* without the blank lines at its end */
    size_t at;    /* what comes next */
} RowText;

/* Begins at the first line that is not empty; blank lines at both ends do not count. `text` is
 * borrowed and may be nil. */
RowText row_text_begin(StrView text);

/* Gives the first line, however long it is, and returns how many follow; those beyond the first
 * 64 KiB are not counted. */
uint32_t row_text_first(const RowText *parts, uint32_t *ret_from, uint32_t *ret_to);

/* Gives the next piece that fits into `width` cells, at least a cluster of it; false when nothing
 * is left (the piece is empty then). Blanks at which a line is broken are in no piece. */
bool row_text_next(RowText *parts, int width, uint32_t *ret_from, uint32_t *ret_to);
bool row_text_is_over(const RowText *parts);

/* How many bytes have not been given yet. */
uint32_t row_text_rest(const RowText *parts);

#endif
