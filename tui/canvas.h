/*
 * Canvas: a grid of cells that the panes draw into and a backend sends to a terminal. Everything
 * that comes from a log passes canvas_text, which makes control characters visible: nothing else
 * may write foreign bytes. No curses here.
 *
 * Cells stand in logical order, also those of letters that are written from right to left: a
 * terminal that turns such letters round does so within their run, and one that does not shows them
 * as they come; either way every other column stays where it is. The characters that could turn
 * round more than their own run (overrides, embeddings, isolates, marks) count as control
 * characters. A cluster takes one cell or two, whatever it is made of.
 */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include "base/base.h"
#include "base/str.h"
#include "session/options.h"
#include "themes/theme.h"

#define CELL_BYTES 28 /* with the NUL; longer clusters lose marks at their end */
#define CANVAS_MAX_COLUMNS OPTIONS_MAX_COLUMNS
#define CANVAS_MAX_ROWS OPTIONS_MAX_ROWS

typedef struct Rect {
    int x, y, width, height;
} Rect;

typedef struct Cell {
    char text[CELL_BYTES]; /* one cluster, NUL-terminated; "" = right half of a wide one */
    uint8_t width;         /* 1 or 2; 0 = right half */
    uint8_t role;          /* Role */
    uint8_t extra;         /* STYLE_… put on top of the role's look */
    uint8_t ground;        /* Role whose background is used; ROLE_TEXT = the role's own */
} Cell;

typedef struct Canvas {
    int columns, rows;
    Cell *cells;
    int cursor_x, cursor_y; /* -1 = hidden */
} Canvas;

/* Makes a blank canvas; sizes are brought into 1 to CANVAS_MAX_…. */
void canvas_init(Canvas *canvas, int columns, int rows);
void canvas_done(Canvas *canvas);
void canvas_resize(Canvas *canvas, int columns, int rows); /* blank afterwards */
/* Blanks all of it and hides the cursor. */
void canvas_clear(Canvas *canvas, Role role);

/* Fills `area` (clipped) with blanks. */
void canvas_fill(Canvas *canvas, Rect area, Role role);

/* Writes `text` from (x, y) for at most `width` cells, clipped to the canvas, never half a wide
 * character (a blank stands for what is seen of one at an edge); unsafe characters become visible,
 * whole or not at all. A cell that has a ground keeps it. Returns the cells used, those left of the
 * canvas included. */
int canvas_text(Canvas *canvas, int x, int y, int width, Role role, StrView text);

/* The same, with "…" in the last cell when the text does not fit. */
int canvas_text_cut(Canvas *canvas, int x, int y, int width, Role role, StrView text);

/* The same as canvas_text_cut, printf-like; for the program's own words. */
int canvas_printf(Canvas *canvas, int x, int y, int width, Role role, const char *format, ...)
    PRINTF_LIKE(6, 7);

/* Changes the role (or only the ground) of cells that are already there; a wide character is taken
 * whole. Matches and terms that are lit stay on their own ground: they must glow in a
 * selected row too. */
void canvas_paint(Canvas *canvas, Rect area, Role role);
void canvas_ground(Canvas *canvas, Rect area, Role ground);

void canvas_hline(Canvas *canvas, int x, int y, int width, Role role);
/* Draws a border only; an area of one row or one column becomes a line. */
void canvas_box(Canvas *canvas, Rect area, Role role);

/* Finds the first and the last cell of a row that are not as on another canvas of the same size;
 * false when all are. */
bool canvas_row_changes(const Canvas *canvas, const Canvas *other, int y, int *ret_first,
                        int *ret_last);

/* Appends the canvas as text, a line a row, trailing blanks off; for golden frames. With
 * `with_roles` a second block follows: the line "-- roles", one line for each row that is not all
 * plain text, and, when the cursor is shown, "cursor X,Y" (all from 0):
 *
 *     ROW ROLE[+bold|+dim|+underline|+reverse|+italic]…[@GROUND]*CELLS …
 *
 * as in "3 time@selected*12 text@selected*68". The form is a contract: frames are kept in files. */
void canvas_dump(const Canvas *canvas, bool with_roles, StrBuf *buf);

#endif
