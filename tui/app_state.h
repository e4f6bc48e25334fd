/*
 * The state of the explorer, for the files that together are its screen (app*.c). Nobody else
 * includes it: the loop and the tests know app.h only, but for the one that plays the monkey and
 * looks after every key whether the state still holds together.
 */
#ifndef TUI_APP_STATE_H
#define TUI_APP_STATE_H

#include "session/completion.h"
#include "session/highlights.h"
#include "session/histogram.h"
#include "session/playbook.h"
#include "session/related.h"
#include "session/save.h"
#include "session/session.h"
#include "themes/theme.h"
#include "tui/app.h"
#include "tui/app_save.h"
#include "tui/canvas.h"
#include "tui/command.h"
#include "tui/keymap.h"
#include "tui/layout.h"
#include "tui/list_columns.h"
#include "tui/list_look.h"
#include "tui/prompt.h"
#include "tui/rows.h"

#define UNDO_DEPTH 20
#define TOAST_NS (INT64_C(4) * NS_PER_SECOND)

/* What the screen keeps of a pane, whatever window shows it. */
typedef struct PaneState {
    int choice;              /* of a pane that shows no entries: the chosen row */
    int top;                 /* and the first that is shown */
    StrBuf undo[UNDO_DEPTH]; /* predicates before the last changes, oldest first */
    size_t undo_count;
    ListSpec columns;
    ListSpec own_columns; /* chosen before a ready-made form was; .count 0 = none were */
} PaneState;

/* A list on the screen: the pane it shows and where the reader is in it. */
typedef struct Window {
    size_t pane;          /* index among the session's panes */
    EntryNumber selected; /* the entry being read; 0 = none chosen yet */
    bool follows;         /* the cursor stays on the newest entry */
    uint64_t seen;        /* entries there were when following ended: the rest is "new" */
    int line;             /* row of the list area in which the selected entry is kept */
    int scroll_x;         /* cells of the message scrolled off to the left */
    int share;            /* of the room, see LayoutWish */
} Window;

typedef enum PromptKind {
    PROMPT_NONE,
    PROMPT_SEARCH,
    PROMPT_PREDICATE, /* this pane's, evaluated here */
    PROMPT_STREAM,    /* what `log` is asked for */
    PROMPT_NEW_PANE,
    PROMPT_PANE_NAME,
    PROMPT_PRESET, /* a name for this pane's predicate */
    PROMPT_GOTO,   /* a time */
    PROMPT_NOTE,   /* of the mark on the selected entry */
    PROMPT_HIGHLIGHT,
    PROMPT_CAPTURE, /* the file that gets all that comes */
    PROMPT_KIND_COUNT
} PromptKind;

/* A match that is too far to be looked for at once (app_search.c). */
typedef enum FarMatch { FAR_NONE, FAR_TYPED, FAR_NEXT, FAR_PREVIOUS } FarMatch;

/* What a prompt asks and does. Functions put what is wrong into app->prompt_err. */
typedef struct PromptSpec {
    const char *label;
    const char *help;    /* shown while nothing is wrong */
    const char *history; /* kind of history that is kept between runs; NULL = none */
    bool is_predicate;   /* coloured by token, completed with Tab */
    void (*try_text)(App *app, StrView text); /* at every change */
    void (*accept)(App *app, StrView text);   /* NULL = trying it was all */
    void (*cancel)(App *app);                 /* NULL = nothing to take back */
} PromptSpec;

extern const PromptSpec PROMPT_SPECS[PROMPT_KIND_COUNT]; /* app_prompt.c */

/* The box of completions over a prompt. */
typedef struct CompletionState {
    bool is_open;
    Completions found;
    size_t choice;
    StrBuf base; /* the text before anything was put in */
} CompletionState;

/* The library of presets. */
typedef struct Library {
    bool is_open;
    Prompt query;
    size_t found[PRESETS_MAX];
    size_t count;
    size_t choice;
} Library;

/* What the picker lists, and what choosing does. Items are numbers below count. */
typedef struct PickerText {
    StrBuf name, about, right; /* right: keys, or whatever stands at the end of the row */
} PickerText;

typedef struct PickerSpec {
    const char *title;
    const char *foot;    /* what the keys do */
    const char *nothing; /* shown when nothing fits */
    size_t (*count)(const App *app);
    int (*score)(const App *app, size_t item, StrView query);        /* below 0 = does not fit */
    void (*text)(const App *app, size_t item, PickerText *ret_text); /* appends */
    /* `item` is SIZE_MAX when nothing fits. Returns APP_… bits, as the next two do. */
    unsigned (*accept)(App *app, size_t item, StrView query);
    /* What follows may be NULL. */
    unsigned (*preview)(App *app, size_t item);
    unsigned (*cancel)(App *app);
    void (*complete)(const App *app, size_t item, StrBuf *buf); /* Tab: the line's new text */
    unsigned (*keep)(App *app, size_t item); /* Tab, where nothing is completed; closes the box */
    size_t (*first)(const App *app);         /* chosen to begin with */
} PickerSpec;

typedef struct PickerItem {
    size_t index;
    int score;
} PickerItem;

typedef struct Picker {
    const PickerSpec *spec; /* NULL = closed */
    Prompt query;
    PickerItem *found; /* best first */
    size_t count;
    size_t capacity;
    size_t choice;
} Picker;

/* What the bars of the histogram count. */
typedef enum HistogramShow {
    HISTOGRAM_LEVELS, /* all entries, coloured by the worst among them */
    HISTOGRAM_ERRORS, /* failures, errors and faults */
    HISTOGRAM_TERMS,  /* entries with a highlighted term */
    HISTOGRAM_OFF,
    HISTOGRAM_SHOW_COUNT
} HistogramShow;

/* What the mouse holds while its button is down. */
typedef enum Drag {
    DRAG_NONE,
    DRAG_ENTRIES,
    DRAG_SCROLL_BAR,
    DRAG_BORDER, /* between windows */
    DRAG_DETAIL, /* the rule over the detail */
    DRAG_HISTOGRAM
} Drag;

/* What was made of the entry that was drawn last; see app_detail.h. */
typedef struct Detail Detail;

/* What a pane does that shows no entries but the enrolment. Rows are numbered from 0. */
typedef struct PaneOps {
    int (*count)(const App *app); /* rows */
    void (*draw_row)(App *app, Canvas *canvas, Rect line, int row, bool is_chosen);
    void (*draw_heads)(App *app, Canvas *canvas, Rect line);
    /* The entry that a row is about: its first, and its last or its answer; 0 = none. */
    EntryNumber (*entry)(const App *app, int row, bool is_last);
    void (*explain)(const App *app, int row, Detail *detail); /* what is said under the rows */
    void (*tab)(const App *app, StrBuf *buf); /* appends what the tab tells behind the title */
    bool (*has_failed)(const App *app);
    const char *nothing; /* shown when there are no rows */
    const char *span;    /* said when Enter lights all from first to last; NULL = it does not */
} PaneOps;

#define HINTS_MAX 32

/* A command that the status line tells of. */
typedef struct Hint {
    const Command *command;
    int end; /* cell behind it */
} Hint;

#define JUMPS_MAX 100

/* A place the reader has jumped from. */
typedef struct JumpPlace {
    EntryNumber number; /* 0 = a row of a pane that shows no entries */
    int row;
    size_t pane; /* SIZE_MAX = it was closed since */
} JumpPlace;

/* Where the reader has jumped from, oldest first. */
typedef struct Jumps {
    JumpPlace items[JUMPS_MAX];
    size_t count;
    size_t at; /* how many are before the present place: == count when not gone back */
} Jumps;

/* What waits for a key: "only this" or "not this" for that of a field, or the menu of the field
 * that the cursor is on. */
typedef enum Pick { PICK_NONE, PICK_ONLY, PICK_NOT, PICK_FIELD } Pick;

/* How the lists looked when the explorer began, as app_look_remember writes it. */
typedef struct LookBegun {
    StrBuf look, columns, highlights;
} LookBegun;

/* The menu of the columns of the pane that is shown. */
typedef struct ColumnsMenu {
    bool is_open;
    size_t choice;   /* index among the choices of the pane */
    ListSpec before; /* Escape goes back to it */
} ColumnsMenu;

struct App {
    Session *session;
    const Options *options;
    const Theme *const *themes;
    size_t theme_count;
    size_t theme;

    Mode mode;
    PaneState *panes;
    size_t pane_count;
    size_t pane_capacity;
    Window windows[WINDOWS_MAX];
    int window_count;
    int focus; /* the window that keys go to */
    Split split;
    bool is_synced;           /* a move in one window takes the others to the same moment */
    EntryNumber range_anchor; /* 0 = no range */
    EntryNumber span_from;    /* lit up to span_to until the cursor leaves it */
    EntryNumber span_to;      /* 0 = nothing is lit so */
    ListLook look;            /* of all lists */
    LookBegun begun;
    Rows shown[WINDOWS_MAX]; /* the lines of each window, see app_rows */

    Keymap *keymap;
    Key pending[KEYMAP_KEYS_MAX]; /* the beginning of a sequence */
    size_t pending_count;
    int digits;             /* a number typed before a command; -1 = none */
    int64_t digits_until;   /* a digit alone goes to a pane when nothing has followed by then */
    bool digits_are_counts; /* … and none alone goes to a pane */
    int times;              /* the number before the command that runs; 0 = none */
    const Command *ran;     /* what ran last, by key or by name; NULL = nothing yet */

    Pick pick;
    PromptKind prompt_kind;
    Prompt prompt;
    PromptHistory histories[PROMPT_KIND_COUNT];
    StrBuf before;           /* the text in force when the prompt was opened */
    EntryNumber search_from; /* where the reader was when the search began */
    bool search_followed;
    FarMatch far_match;    /* gone to when all has been counted */
    int far_times;         /* the number before n or N then */
    Err prompt_err;        /* of the text as typed; "" = good */
    StrBuf prompt_warning; /* what is doubtful about it; "" = nothing */
    StrBuf prompt_fix;     /* the text rewritten without the doubt; "" = none to offer */
    StrBuf capture_asked;  /* the existing file that Enter once more captures over; "" = none */
    StrBuf sent;           /* what was last typed for log, as long as it may be refused */

    CompletionState completion;
    Library library;
    ColumnsMenu columns_menu;
    Picker picker;
    PromptHistory command_history;
    Playbook *playbook; /* NULL = not read yet */
    size_t page;
    int page_scroll;
    Mode page_from;

    Detail *explained; /* of the chosen row of a pane of the enrolment; NULL = none yet */
    int commands_sort;
    size_t failure_at;         /* index among the ranked failures that e went to */
    EntryNumber failure_entry; /* where that was; 0 = nowhere yet */

    Highlights *highlights; /* the session's */
    int highlight_trial;    /* the slot of what is being typed; -1 = none */
    Histogram *histogram;   /* likewise */
    HistogramShow histogram_show;
    HistogramSpan histogram_span; /* of the last frame, with its buckets */
    HistogramBucket buckets[OPTIONS_MAX_COLUMNS];
    int16_t histogram_zone; /* of its labels */

    Drag drag;
    int drag_window;
    EntryNumber drag_from;
    int tab_ends[PANES_MAX]; /* of the last frame: where each tab ends */
    Hint hints[HINTS_MAX];   /* likewise, of the status line */
    size_t hint_count;
    int detail_height; /* as dragged; 0 = by the screen */

    size_t theme_before; /* the theme that stands again when choosing is cancelled */
    Jumps jumps;
    SaveDialog save;
    int help_scroll;
    Mode help_from;        /* where the user is while the help is shown */
    bool shows_hint;       /* of the first start */
    unsigned start_wishes; /* what the commands of the start asked for */
    size_t start_next;     /* the first of them that has not run */
    int windows_restored;
    bool has_told_restored;
    int detail_scroll;
    int detail_rows; /* of the whole entry, known since the last frame */
    Detail *detail;  /* of the entry that was drawn last; NULL = none yet */

    StrBuf copied;           /* what goes to a clipboard */
    const char *copied_what; /* what that is, for the user */
    bool copy_is_redacted;   /* something was replaced in it */
    bool copy_is_raw;        /* something would have been, but it was asked for again */
    StrBuf copy_asked;       /* what it was before that: asked for again it goes as it is */
    StrBuf copy_raw;         /* what is to be copied once the secrets of what is held are known */
    EntryNumber copy_number; /* the entry it is; 0 = a field of one */
    bool copy_waits;

    bool is_kept;        /* something of what came was saved */
    EntryNumber covered; /* by what is being saved: all before it; 0 = it is not everything */
    int64_t quit_until;  /* q has asked: again before this it leaves */

    StrBuf toast; /* a word about what was done */
    Role toast_role;
    int64_t toast_until;

    StrBuf note; /* the last fallback or refusal told */

    bool wants_mouse;

    Layout layout; /* of the last frame */
    int columns, rows;
    int64_t now; /* clock_monotonic of the last call */
    Stamp wall;  /* of the last frame */
};

/* --- app_place.c, app.c: shared helpers ----------------------------------------------------- */

/* The window that has the keys, the pane in it, and what the screen keeps of that pane. */
Window *app_window(App *app);
SessionPane *app_pane(const App *app);
size_t app_pane_index(const App *app);
PaneState *app_place(const App *app);
const View *app_window_view(const App *app, int window);
Rect app_list_area(const App *app); /* of the window that has the keys */

/* Row of the view the cursor is on; SIZE_MAX = the pane is empty. */
size_t app_cursor(const App *app);
size_t app_window_cursor(const App *app, int window);

/* The entry there, and where it is held; 0 and false when the pane is empty. */
EntryNumber app_selected(const App *app);
bool app_selected_row(const App *app, StoreRow *ret_row);
bool app_follows(const App *app);

/* Puts the cursor on a row of the view (clipped), keeping it within the list area; ends following
 * unless the row is the last one and `may_follow`. Windows that are synchronised go to the same
 * moment. */
void app_select(App *app, size_t row, bool may_follow);

/* The same for an entry, or the nearest before it. */
void app_select_entry(App *app, EntryNumber number);

/* The same from far away: C-o comes back from it. */
void app_jump(App *app, size_t row, bool may_follow);
/* Puts the place the reader is at into the list that C-o goes back along: before a jump that does
 * not go by app_jump. */
void app_remember_place(App *app);
/* The panes have shifted, see app_windows_pane_moved. */
void app_jumps_pane_moved(App *app, size_t from, size_t to);

/* Finds a pane by its id, its title, or the digit on its tab; SIZE_MAX = none. */
size_t app_find_pane(const App *app, StrView name);

/* Shows a pane in the window that has the keys. */
void app_show_pane(App *app, size_t pane);

/* The number typed before the command, or 1. */
int app_times(const App *app);
/* Says so when fewer than that could be gone. */
void app_say_fewer(App *app, int made); /* app_move.c */

/* The lines of a window's list as they are now (app_list.c); brings its `line` up to date. Valid
 * until the next call for that window. */
const Rows *app_rows(App *app, int window);
/* What they are made by, and the cells of its columns. */
RowsLook app_rows_look(const App *app, int window);
ListPlan app_list_plan(const App *app, int window);
/* The line on which an entry will stand when the cursor goes to `row`: where it is, if it is shown;
 * a jump off the screen lands in its middle, and none lands at its edge. */
int app_line_for(App *app, int window, size_t row);

void app_say(App *app, Role role, const char *format, ...) PRINTF_LIKE(3, 4);

/* Whether finding the match after (before) an entry takes longer than a key may; then it is gone to
 * later: app_far_match, at news of the search. */
bool app_match_is_far(App *app, FarMatch kind, EntryNumber from);
void app_far_match(App *app);
/* Jumps to the first match at or after where the search began (app_prompt.c). */
void app_jump_to_match(App *app);

/* Changes the predicate of the pane that is shown; u takes it back. False when it has a fault,
 * which is said. */
bool app_change_predicate(App *app, StrView text);

/* Remembers a predicate that was in force, for u. */
void app_remember_predicate(App *app, StrView text);

/* Something is open over the list that takes the keys. */
bool app_has_dialog(const App *app);

/* Writes a count with thousands separators: "12,402". `buf` has 32 bytes. */
const char *app_count(uint64_t count, char *buf);

/* The role of a piece of predicate text. */
Role app_token_role(TokenClass class);

/* First byte of an edited line to show so that the cursor is in sight in `width` cells. */
size_t app_first_shown(StrView text, size_t cursor, int width);

/* Something else than files is read: the newest entry is followed to begin with. */
bool app_reads_stream(const App *app);

/* Begins with the look that the configuration and the last start of the same files give; gives the
 * session what it should remember of it (app_look_settings.c). */
void app_look_begin(App *app);
void app_look_remember(App *app);
void app_look_done(App *app);

/* Makes and frees what a place holds. */
void app_place_init(PaneState *place);
void app_place_done(PaneState *place);

/* --- drawing, one file each ----------------------------------------------------------------- */

void app_draw_list(App *app, Canvas *canvas, int window);               /* app_list.c */
void app_draw_windows(App *app, Canvas *canvas);                        /* app_windows.c */
void app_draw_title(App *app, Canvas *canvas, int64_t now, Stamp wall); /* app_title.c */
void app_draw_tabs(App *app, Canvas *canvas);
void app_draw_trouble(App *app, Canvas *canvas);
void app_draw_status(App *app, Canvas *canvas);
/* The predicate that the first stream really runs; nil = none, or no stream. From this width on it
 * stands in the title, below that in a row. */
#define APP_TITLE_PREDICATE_COLUMNS 120
StrView app_running_predicate(const App *app);
int app_trouble_rows(const App *app);
/* The row that tells what narrows what is shown; not there when nothing does. */
bool app_has_filter_row(const App *app);
void app_draw_filter_row(App *app, Canvas *canvas);
void app_draw_detail(App *app, Canvas *canvas); /* app_detail.c */
void app_detail_done(App *app);
/* The entry that is gone to is shown from its top, whatever field the cursor was on. */
void app_detail_to_top(App *app);
void app_draw_completions(App *app, Canvas *canvas);
void app_draw_library(App *app, Canvas *canvas);
void app_draw_prompt(App *app, Canvas *canvas); /* app_prompt.c */
void app_draw_pick(App *app, Canvas *canvas);
void app_draw_help(App *app, Canvas *canvas);    /* app_help.c */
void app_draw_save(App *app, Canvas *canvas);    /* app_save.c */
void app_draw_columns(App *app, Canvas *canvas); /* app_columns.c */

/* --- keys that are not commands ------------------------------------------------------------- */

/* What a window's pane does instead of listing entries; NULL = it lists them (app_enrolment.c). */
const PaneOps *app_pane_ops(const App *app, int window);
const PaneOps *app_role_ops(PaneRole role);
/* Whether the pane that has the keys is one of these. */
bool app_has_rows(const App *app);
void app_draw_rows(App *app, Canvas *canvas, int window);
unsigned app_rows_move(App *app, int by);
unsigned app_rows_go(App *app, int row);
/* Goes to the first entry of the chosen row, in the list that stands beside it or else in the first
 * pane that has it; the way to the last one is lit for a moment, or it stands in a second list. */
unsigned app_rows_enter(App *app);
void app_draw_explained(App *app, Canvas *canvas); /* app_explain.c */
void app_explain_done(App *app);
/* Puts a window on an entry, or the nearest before it; it stops following. */
void app_put_window(App *app, int window, EntryNumber number);
/* Goes to an entry, in this pane or else in the first that has it. */
void app_show_entry(App *app, EntryNumber number);
/* Another pane is looked at. Tells the session, as search, highlights and histogram are about it
 * (beside the enrolment that is the first list); leaves the whole entry where there is none. */
void app_watch(App *app);
/* The histogram over the lists (app_histogram.c): its rows, going to where a column of the screen
 * is. */
int app_histogram_rows(const App *app);
unsigned app_histogram_click(App *app, int x);
void app_draw_histogram(App *app, Canvas *canvas);
unsigned app_mouse_key(App *app, Key key); /* app_mouse.c */
bool app_has_scroll_bar(Rect list);        /* app_list.c */
void app_focus_window(App *app, int window);
/* What the configuration says, and what is remembered of the files (app_settings.c). app_restored
 * goes to where the reader was. */
void app_settings_begin(App *app);
void app_restored(App *app);
/* Runs the commands that the user wants at every start, in their order: those at the front that
 * need no entry at once, the others when there are entries. */
void app_run_start(App *app);
void app_hide_hint(App *app);
void app_draw_hint(App *app, Canvas *canvas);
/* Looks a key up and does what it means, alone or at the end of a sequence (app_keys.c). */
unsigned app_dispatch(App *app, Key key);
/* Does what waited for time to pass: a digit alone. */
unsigned app_keys_late(App *app);
/* The number or the beginning of a sequence that waits for more; "" = none. */
void app_keys_pending(const App *app, StrBuf *buf);
void app_draw_keys_menu(App *app, Canvas *canvas);
/* Runs a command line; what is wrong with it is said. */
unsigned app_run_line(App *app, StrView line);
/* The panes have shifted: `from` went away (to = SIZE_MAX) or now stands at `to`. */
void app_windows_pane_moved(App *app, size_t from, size_t to);
unsigned app_pick_open(App *app, bool is_only); /* app_pick.c */
unsigned app_pick_key(App *app, Key key);
unsigned app_prompt_open(App *app, PromptKind kind);
unsigned app_prompt_key(App *app, Key key, StrView paste);
/* Opens the prompt of the stream again, with what log has just refused and its words. */
void app_prompt_refused(App *app, StrView words);
/* Whether the key was one of completion's; the text may be another then. */
bool app_complete_key(App *app, Key key); /* app_complete.c */
void app_complete_done(App *app);
/* The prompt of a term to be lit (app_highlights.c). */
void app_try_highlight(App *app, StrView text);
void app_accept_highlight(App *app, StrView text);
void app_cancel_highlight(App *app);
unsigned app_columns_key(App *app, Key key); /* app_columns.c */
unsigned app_library_open(App *app);         /* app_library.c */
unsigned app_library_key(App *app, Key key, StrView paste);
void app_library_done(App *app);
/* Adds a pane and shows it; what is wrong goes into app->prompt_err. */
void app_pane_add(App *app, StrView title, StrView predicate); /* app_panes.c */
unsigned app_picker_open(App *app, const PickerSpec *spec);    /* app_picker.c */
void app_draw_page(App *app, Canvas *canvas);                  /* app_playbook.c */
bool app_picker_is_open(const App *app);
unsigned app_picker_key(App *app, Key key, StrView paste);
void app_draw_picker(App *app, Canvas *canvas);
void app_picker_done(App *app);
/* The prompt of a time tries what was typed; the prompt of a note keeps it (app_move.c). */
void app_try_goto(App *app, StrView text);
void app_accept_note(App *app, StrView text);
unsigned app_save_open(App *app);
unsigned app_save_key(App *app, Key key, StrView paste);
/* Whether something is to be copied and waits until what is held has been looked at for secrets;
 * looks at a slice of it, true while there is more (app_copy.c). */
bool app_copy_is_waiting(const App *app);
bool app_copy_step(App *app, unsigned *ret_wishes);

#endif
