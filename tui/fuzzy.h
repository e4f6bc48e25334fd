/*
 * Fuzzy: how well a few typed letters fit a text: for lists that are narrowed while one types. The
 * letters must all be there, in their order; letter case is ignored. No lists, no drawing here.
 */
#ifndef TUI_FUZZY_H
#define TUI_FUZZY_H

#include "base/base.h"
#include "base/str.h"

#define FUZZY_NONE (-1)

/* Scores `text` for the words of `query` (separated by blanks, each must fit): the more, the
 * better; FUZZY_NONE when one does not fit. Letters at the start of words and letters in a row
 * count more, a short text more than a long one. An empty query fits everything equally. */
int fuzzy_score(StrView query, StrView text);

#endif
