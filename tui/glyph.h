/*
 * Glyph: the cluster of a cell as wide characters a terminal library can be trusted with: one
 * that takes room, and marks that take none. No curses.
 */
#ifndef TUI_GLYPH_H
#define TUI_GLYPH_H

#include <wchar.h>

#include "tui/canvas.h"

#define GLYPH_MAX 5 /* wide characters, as every curses takes them */

/* Writes the wide characters of `cell` and a NUL; returns the cells they take by the C library's
 * count, which may be fewer than the cell has: the rest is to be filled with blanks. Needs a
 * locale. */
int glyph_of(const Cell *cell, wchar_t ret_text[GLYPH_MAX + 1]);

#endif
