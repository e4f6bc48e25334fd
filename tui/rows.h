/*
 * Rows: which lines a list of a given height shows: entries, the wrapped rest of their messages,
 * runs of repeats folded into one, and the rules between entries. Arithmetic over a view: it draws
 * nothing, knows no columns and no colours.
 *
 * What the cursor steps over is an item: an entry, or a run of repeats, which its first row stands
 * for. An item has one line or more; a rule above it belongs to it.
 */
#ifndef TUI_ROWS_H
#define TUI_ROWS_H

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

/* Narrower messages do not tell how long a run lasted. */
#define ROWS_LASTED_MIN 40

/* Writes what stands before the message of a run of repeats, "×38 12.4s " (with '+' when the run
 * goes on beyond its block); "" for a single entry. */
#define ROWS_REPEATS_MAX 64
void rows_print_repeats(const RowLine *line, char buf[ROWS_REPEATS_MAX]);

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
