/*
 * Glyph: the cluster of a cell as wide characters a terminal library can be trusted with: one
 * that takes room, and marks that take none. And what stands for the program's own signs where
 * they cannot be shown or read aloud: a character of ASCII, or a word. No curses.
 */
#ifndef TUI_GLYPH_H
#define TUI_GLYPH_H

#include <wchar.h>

#include "tui/canvas.h"

#define GLYPH_MAX 5 /* wide characters, as every curses takes them */

/* Writes the wide characters of `cell` and a NUL; returns the cells they take by the C library's
 * count, which may be fewer than the cell has: the rest is to be filled with blanks. Needs a
 * locale; what its encoding does not have is replaced as in the plain mode, or by '?'. */
int glyph_of(const Cell *cell, wchar_t ret_text[GLYPH_MAX + 1]);

/* The character of ASCII that stands for a sign the program draws with: 'x' for "✗", ' ' for a
 * line of a box; '\0' = it is none of them. */
char glyph_ascii(StrView sign);

/* The word that stands for a sign, where there is room for one: "failed" for "✗"; NULL = there is
 * none. At most GLYPH_WORD_MAX cells. */
const char *glyph_word(StrView sign);
#define GLYPH_WORD_MAX 7

/* Puts glyph_ascii in the place of every sign of the canvas, after all has been drawn: the plain
 * mode, without boxes. Columns and texts stay where they are. */
void glyph_make_plain(Canvas *canvas);

#endif
