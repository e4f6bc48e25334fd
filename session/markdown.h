/*
 * Markdown: as much of it as the project's own pages use, printed as plain text for a terminal:
 * headings, paragraphs, lists, code, tables (a row becomes a small block). Not a reader of
 * Markdown from outside.
 */
#ifndef SESSION_MARKDOWN_H
#define SESSION_MARKDOWN_H

#include "base/base.h"
#include "base/str.h"

/* Appends `text` as lines of at most `columns` cells; code is never broken. */
void markdown_print_text(StrView text, size_t columns, StrBuf *buf);

#endif
