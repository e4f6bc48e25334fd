/*
 * Row items: what the cursor steps over: an entry, or a run of repeats folded into one, which its
 * first row stands for. An item has one line or more: a message may be wrapped, and a rule above it
 * belongs to it. Arithmetic over a view: it draws nothing, knows no columns and no colours, and not
 * which items are on the screen (rows.h).
 */
#ifndef TUI_ROW_ITEMS_H
#define TUI_ROW_ITEMS_H

#include "base/base.h"
#include "session/store.h"
#include "session/view.h"

/* Lines of one message when it is wrapped; the list shows how much is missing. */
#define ROWS_WRAP_LINES 20

/* Entries are folded within blocks of so many numbers, so that no run takes long to find and where
 * it begins does not depend on where the reader is. */
#define ROWS_FOLD_BLOCK 2048

/* What stands before a message that did not arrive whole, in messages wider than ROWS_CUT_MIN. */
#define ROWS_CUT_WORD "[cut] "
#define ROWS_CUT_MIN 12

/* How the list is to look. */
typedef struct RowsLook {
    int height;        /* lines of the list, at least 1 */
    int message_width; /* cells of the message, for wrapping */
    int further_width; /* of its further lines, where that is more; 0 = the same */
    bool wraps;        /* long messages and those of several lines are shown whole */
    bool folds;        /* repeats are shown once, with their count */
    bool shows_days;   /* a rule where another day begins */
    bool shows_first;  /* … and one over the first entry, for the day it is of */
    bool shows_boots;  /* a rule where the system was started anew */
    int64_t gap_ns;    /* a rule where nothing came for so long; 0 = none */
} RowsLook;

typedef enum RowKind {
    ROW_ENTRY,   /* the first line of an item; notices too */
    ROW_WRAPPED, /* a further line of its message */
    ROW_RULE,    /* between two items */
} RowKind;

typedef struct RowLine {
    RowKind kind;
    size_t row;        /* of the view: the item's first; of a rule: of the item below it */
    size_t repeats;    /* rows that the item stands for; 1 = no repeats */
    bool has_more;     /* the run goes on beyond its block */
    int64_t lasted_ns; /* from the first of the run to its last; 0 = not to be told */
    bool is_cursor;    /* the cursor is on this item; never on a rule */
    bool is_wrapped;   /* its message is cut into lines of the list */
    uint32_t from, to; /* bytes of the message that belong on this line */
    uint32_t lines;    /* further lines of the message, not shown */
    uint32_t missing;  /* ROW_WRAPPED, last of a very long message: bytes not shown */
    bool is_new_day;   /* ROW_RULE */
    bool is_new_boot;
    int64_t gap_ns; /* ROW_RULE: how long nothing came; 0 = not long */
} RowLine;

/* Going through the rows of a view. */
typedef struct RowWalk {
    const View *view;
    const Store *store;
    const RowsLook *look;
    size_t len; /* rows of the view */
    StoreRun run;
} RowWalk;

/* Rows [first, end) of the view as one. */
typedef struct RowItem {
    size_t first;
    size_t end;
    bool has_more; /* the run goes on beyond its block */
} RowItem;

/* Begins going through a view; all three must outlive the walk, and nothing may be pushed while it
 * lasts. */
RowWalk row_walk_of(const View *view, const Store *store, const RowsLook *look);

/* The item that a row of the view is in. */
RowItem row_item_at(RowWalk *walk, size_t row);

/* The neighbour of an item; the item itself at either end. */
RowItem row_item_next(RowWalk *walk, RowItem item, bool is_back);

/* The most lines of an item: a rule and its message. */
#define ROW_ITEM_LINES (ROWS_WRAP_LINES + 1)

/* Writes all lines of an item, its rule first; returns how many, and how many of them are the rule.
 */
size_t row_item_lines(RowWalk *walk, RowItem item, RowLine ret[ROW_ITEM_LINES], size_t *ret_rules);

/* Narrower messages do not tell how long a run lasted. */
#define ROWS_LASTED_MIN 40

/* Writes what stands before the message of a run of repeats, "×38 12.4s " (with '+' when the run
 * goes on beyond its block); "" for a single entry. */
#define ROWS_REPEATS_MAX 64
void rows_print_repeats(const RowLine *line, char buf[ROWS_REPEATS_MAX]);

#endif
