/*
 * Layout: where everything stands on a screen of a given size: arithmetic only, no drawing.
 * Areas never overlap and never leave the screen, down to 1×1; an area without room is empty.
 */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include "base/base.h"
#include "tui/canvas.h"

#define WINDOWS_MAX 4 /* lists side by side or above each other */
/* A window's part of the room to begin with, and at most; only their relation matters. */
#define WINDOW_SHARE 1000
#define WINDOW_SHARE_MAX (WINDOW_SHARE * 8)
/* What each window has in any case; shares are of the rest. */
#define WINDOW_MIN_ROWS 3 /* name and two entries */
#define WINDOW_MIN_COLUMNS 20

/* How the windows share the room. */
typedef enum Split { SPLIT_STACKED, SPLIT_SIDE } Split;

/* What wants room. */
typedef struct LayoutWish {
    int columns, rows;
    int window_count; /* 0 = one */
    Split split;
    int shares[WINDOWS_MAX]; /* of the room, in relation to each other; 0 = WINDOW_SHARE */
    int histogram_rows;
    int detail_rows;     /* 0 = by the size of the screen */
    int trouble_rows;    /* rows for what went wrong with a source; 0 = none */
    bool has_prompt;     /* a prompt with its line of help */
    bool has_filter_row; /* what narrows what is shown */
    bool is_detail_full; /* the detail takes most of the screen */
} LayoutWish;

/* Where one list stands. */
typedef struct WindowLayout {
    Rect name;  /* its pane's name, when there are several windows */
    Rect heads; /* column headings, on tall screens */
    Rect list;
    Rect splitter; /* to its right, when the windows stand side by side; empty for the last one */
} WindowLayout;

typedef struct Layout {
    Rect title;
    Rect tabs;
    Rect histogram;
    Rect trouble;
    Rect body; /* all windows together */
    WindowLayout windows[WINDOWS_MAX];
    int window_count; /* those that found room: the rest have empty areas */
    Rect rule;        /* between the windows and the detail */
    Rect detail;
    Rect filter; /* what narrows what is shown */
    Rect prompt; /* two rows: text, help or error */
    Rect status;
} Layout;

/* `focus` = the window that is shown when there is no room for all. */
Layout layout_make(LayoutWish wish, int focus);

#endif
