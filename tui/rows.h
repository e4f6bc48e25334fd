/*
 * Rows: which lines a list of a given height shows, and moving over them by items and by lines.
 * Arithmetic over a view: it draws nothing, knows no columns and no colours. What an item is stands
 * in row_items.h.
 */
#ifndef TUI_ROWS_H
#define TUI_ROWS_H

#include "base/base.h"
#include "session/store.h"
#include "session/view.h"
#include "tui/row_items.h"

/* What lines were made of: as long as that is the same, so are they. */
typedef struct RowsKey {
    const View *view;
    uint64_t revision;
    size_t len;
    EntryNumber first, last;
    size_t cursor;
    int line;
    RowsLook look;
} RowsKey;

/* What the list shows, from its first line on; fewer than its height when there is no more. All
 * zeroes = nothing. */
typedef struct Rows {
    RowLine *lines;
    size_t count;
    size_t capacity;
    int cursor_line; /* first line of the cursor's item; 0 when there is none */
    RowsKey made;
} Rows;

/* Finds the lines around the cursor, a row of the view (SIZE_MAX = none), whose item stays on
 * `line` if it can: nothing scrolls a list off its top or past its end, and as much of the
 * cursor's item is shown as there is room for. Nothing is done when nothing is new. */
void rows_make(Rows *rows, const View *view, const Store *store, const RowsLook *look,
               size_t cursor, int line);
void rows_done(Rows *rows);

/* The line that shows the item of `row` first; -1 when it is not shown. */
int rows_line_of(const Rows *rows, size_t row);

/* The row that stands for the item `row` is in. */
size_t rows_first(const View *view, const Store *store, const RowsLook *look, size_t row);

/* The row that stands for the item `items` further on (back, when negative), the first or the last
 * when there are not so many. `row` must be in the view. */
size_t rows_move(const View *view, const Store *store, const RowsLook *look, size_t row,
                 long items);

/* The same by lines of the screen: at least one item, unless `lines` is 0. */
size_t rows_page(const View *view, const Store *store, const RowsLook *look, size_t row,
                 long lines);

#endif
