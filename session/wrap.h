/*
 * Wrap: text broken at blanks into lines of a number of cells. Knows nothing of what it says.
 */
#ifndef SESSION_WRAP_H
#define SESSION_WRAP_H

#include "base/base.h"
#include "base/str.h"

/* Appends `text` and a line break, broken so that lines end before `columns`; `at` is the cell it
 * starts in, `indent` that of its further lines. A word that is longer than a line stays whole. */
void wrap_add(StrBuf *buf, StrView text, size_t at, size_t indent, size_t columns);

#endif
