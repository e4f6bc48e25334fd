/*
 * The state of the explorer, for the files that together are its screen (app*.c). Nobody else
 * includes it: the loop and the tests know app.h only.
 */
#ifndef TUI_APP_STATE_H
#define TUI_APP_STATE_H

#include "session/save.h"
#include "session/session.h"
#include "themes/theme.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/command.h"
#include "tui/layout.h"
#include "tui/prompt.h"

#define TOAST_NS (INT64_C(4) * NS_PER_SECOND)

/* Where the reader is in a pane. */
/* The pane that is shown is session_watched(). */
typedef struct PaneState {
    int line;     /* row of the list area in which the selected entry is kept */
    int scroll_x; /* cells of the message scrolled off to the left */
    StrBuf undo;  /* the predicate before the last change */
    bool has_undo;
} PaneState;

typedef enum PromptKind {
    PROMPT_NONE,
    PROMPT_SEARCH,
    PROMPT_PREDICATE, /* this pane's, evaluated here */
    PROMPT_STREAM,    /* what `log` is asked for */
    PROMPT_KIND_COUNT
} PromptKind;

/* Which of "only this" and "not this" waits for the key of a field. */
typedef enum Pick { PICK_NONE, PICK_ONLY, PICK_NOT } Pick;

/* The save dialog. */
typedef enum SaveWhat { SAVE_PANE, SAVE_MARKS, SAVE_RANGE, SAVE_WHAT_COUNT } SaveWhat;

typedef enum SaveRow { SAVE_ROW_WHAT, SAVE_ROW_FORMAT, SAVE_ROW_FILE, SAVE_ROW_COUNT } SaveRow;

typedef struct SaveDialog {
    bool is_open;
    SaveWhat what;
    OutputFormat format;
    SaveRow row;
    Prompt file;
    bool name_is_typed; /* the user has changed the name: it is not made up anew */
    bool asks_to_replace;
    Err err;
    Save *running; /* being written, a slice a turn */
} SaveDialog;

struct App {
    Session *session;
    const Options *options;
    const Theme *const *themes;
    size_t theme_count;
    size_t theme;

    Mode mode;
    PaneState *panes;
    size_t pane_count;
    EntryNumber selected;     /* the entry being read, in whatever pane; 0 = none chosen yet */
    bool follows;             /* the cursor stays on the newest entry */
    uint64_t seen;            /* entries there were when following ended: the rest is "new" */
    EntryNumber range_anchor; /* 0 = no range */

    Pick pick;
    PromptKind prompt_kind;
    Prompt prompt;
    PromptHistory histories[PROMPT_KIND_COUNT];
    StrBuf before;      /* the text in force when the prompt was opened */
    size_t search_from; /* row the search started at */
    Err prompt_err;     /* of the text as typed; "" = good */

    SaveDialog save;
    int help_scroll;
    int detail_scroll;
    int detail_rows; /* of the whole entry, known since the last frame */

    StrBuf toast; /* a word about what was done */
    Role toast_role;
    int64_t toast_until;

    StrBuf note; /* the last fallback or refusal told */

    Layout layout; /* of the last frame */
    int columns, rows;
    int64_t now; /* clock_monotonic of the last call */
};

/* --- app.c: shared helpers -------------------------------------------------------------------- */

SessionPane *app_pane(const App *app);
PaneState *app_place(const App *app);

/* Row of the view the cursor is on; SIZE_MAX = the pane is empty. */
size_t app_cursor(const App *app);

/* The entry there, and where it is held; 0 and false when the pane is empty. */
EntryNumber app_selected(const App *app);
bool app_selected_row(const App *app, StoreRow *ret_row);

/* Puts the cursor on a row of the view (clipped), keeping it within the list area; ends following
 * unless the row is the last one and `may_follow`. */
void app_select(App *app, size_t row, bool may_follow);

/* Row of the view at the top of the list area; brings the pane's `line` up to date. */
size_t app_top(App *app);
void app_say(App *app, Role role, const char *format, ...) PRINTF_LIKE(3, 4);

/* Changes the predicate of the pane that is shown; u takes it back. An error is said. */
void app_change_predicate(App *app, StrView text);

/* Writes a count with thousands separators: "12,402". `buf` has 32 bytes. */
const char *app_count(uint64_t count, char *buf);

/* --- drawing, one file each
 * ------------------------------------------------------------------------ */

void app_draw_list(App *app, Canvas *canvas);                           /* app_list.c */
void app_draw_title(App *app, Canvas *canvas, int64_t now, Stamp wall); /* app_title.c */
void app_draw_tabs(App *app, Canvas *canvas);
void app_draw_trouble(App *app, Canvas *canvas);
void app_draw_status(App *app, Canvas *canvas);
int app_trouble_rows(const App *app);
void app_draw_detail(App *app, Canvas *canvas); /* app_detail.c */
void app_draw_prompt(App *app, Canvas *canvas); /* app_prompt.c */
void app_draw_pick(App *app, Canvas *canvas);
void app_draw_help(App *app, Canvas *canvas); /* app_help.c */
void app_draw_save(App *app, Canvas *canvas); /* app_save.c */

/* --- keys that are not commands
 * ---------------------------------------------------------------------- */

unsigned app_pick_open(App *app, bool is_only); /* app_pick.c */
unsigned app_pick_key(App *app, Key key);
unsigned app_prompt_open(App *app, PromptKind kind);
unsigned app_prompt_key(App *app, Key key, StrView paste);
unsigned app_save_open(App *app);
unsigned app_save_key(App *app, Key key, StrView paste);
/* Writes a further slice of a file that is being saved; true while there is more. */
bool app_save_step(App *app);

#endif
