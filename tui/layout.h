/*
 * Layout: where everything stands on a screen of a given size: arithmetic only, no drawing.
 * Areas never overlap and never leave the screen, down to 1×1; an area without room is empty.
 */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include "base/base.h"
#include "tui/canvas.h"

/* What wants room. */
typedef struct LayoutWish {
    int columns, rows;
    int trouble_rows;    /* rows for what went wrong with a source; 0 = none */
    bool has_prompt;     /* a prompt with its line of help */
    bool has_filter_row; /* what narrows what is shown */
    bool is_detail_full; /* the detail takes most of the screen */
} LayoutWish;

typedef struct Layout {
    Rect title;
    Rect tabs;
    Rect trouble;
    Rect heads; /* column headings, on tall screens */
    Rect list;
    Rect rule; /* between list and detail */
    Rect detail;
    Rect filter; /* what narrows what is shown */
    Rect prompt; /* two rows: text, help or error */
    Rect status;
} Layout;

Layout layout_make(LayoutWish wish);

/* Columns of the list. A width of 0 = not shown. */
typedef struct ListColumns {
    bool has_millis; /* 12:04:31.120 instead of 12:04:31 */
    int glyph, time, delta, level, host, process, category, message; /* widths */
} ListColumns;

/* Shares `columns` cells among the columns; there is one blank after each but the last. */
ListColumns layout_columns(int columns, bool has_hosts);

#endif
