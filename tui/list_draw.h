/*
 * List draw: what the files that draw a list share: app_list.c (lines, rules, headings, scroll
 * bar), app_row.c (an entry) and app_message.c (its message). Nobody else includes it.
 */
#ifndef TUI_LIST_DRAW_H
#define TUI_LIST_DRAW_H

#include "tui/app_state.h"
#include "tui/list_columns.h"
#include "tui/rows.h"

/* A list that is being drawn. */
typedef struct ListDraw {
    App *app;
    Canvas *canvas;
    const View *view;
    const Store *store;
    Rect area; /* without the scroll bar */
    ListPlan plan;
    When when;
    bool has_focus;
    int scroll_x;          /* cells of the messages scrolled off */
    EntryNumber range_low; /* 0 = there is no range */
    EntryNumber range_high;
    bool has_related;
    RelatedKey related; /* entries to be lit */
    StrBuf scratch;     /* for values that have to be read anew */
} ListDraw;

/* The entry that is being drawn. */
typedef struct RowDraw {
    ListDraw *list;
    const RowLine *line;
    const Columns *columns;
    uint32_t index;
    int64_t before_ns;
    int y;
} RowDraw;

/* Draws one line of an entry at row `y` of the canvas. `before_ns` is the time of the row before,
 * or CLOCK_NO_TIME. */
void list_draw_entry(ListDraw *draw, const RowLine *line, int y, int64_t before_ns);

/* Draws a line of the message; at the end of the last one what was noted of a marked entry. */
void list_draw_message(const RowDraw *row, const ListCell *cell);

/* Lights what a cell shows of `text`, which begins at its byte `at`, as a message is lit. */
void list_light_cell(const RowDraw *row, const ListCell *cell, StrView text, size_t at);

/* Where further lines of a wrapped message stand; .width 0 = there is no message. */
ListCell list_further_cell(const ListPlan *plan);

#endif
