/*
 * The save dialog's state, and what its files share: app_save.c (keys, writing),
 * app_save_choice.c (what is saved and under which name), app_save_preview.c (what it will look
 * like) and app_save_draw.c. Everybody else includes app_state.h.
 */
#ifndef TUI_APP_SAVE_H
#define TUI_APP_SAVE_H

#include "session/save.h"
#include "tui/canvas.h"
#include "tui/prompt.h"

typedef struct App App;

typedef enum SaveWhat {
    SAVE_RANGE, /* or the selected entry */
    SAVE_MARKS,
    SAVE_PANE,
    SAVE_TIMES, /* of the pane */
    SAVE_STAGE,
    SAVE_COMMAND,
    SAVE_ERROR,
    SAVE_ALL,
    SAVE_WHAT_COUNT
} SaveWhat;

typedef enum SaveRow {
    SAVE_ROW_WHAT,
    SAVE_ROW_WHICH, /* stage, command or error */
    SAVE_ROW_SINCE,
    SAVE_ROW_UNTIL,
    SAVE_ROW_AROUND,
    SAVE_ROW_FORMAT,
    SAVE_ROW_SECRETS,
    SAVE_ROW_TARGET,
    SAVE_ROW_FILE,
    SAVE_ROW_PREVIEW,
    SAVE_ROW_COUNT
} SaveRow;

#define SAVE_PREVIEW_LINES 64 /* entries that are shown at once at most */

/* What the excerpt will look like: some entries from `top` on, and one of them in detail. */
typedef struct SavePreview {
    SaveNumbers numbers; /* of the choice, when the dialog was last changed */
    int64_t made_at;     /* when that was, ns of clock_monotonic */
    uint64_t entries;
    uint64_t bytes; /* of the whole, as far as a sample tells */
    size_t at;      /* the entry that is looked at, index in `numbers` */
    size_t seen;    /* so many have gone through the redaction, so that numbers are the file's */
    StrBuf head;    /* what stands before the entries, as far as it is known */
    StrBuf lines[SAVE_PREVIEW_LINES];
    size_t top; /* index of the first line */
    size_t line_count;
    StrBuf message;      /* of the entry that is looked at, as it will be */
    StrBuf replacements; /* "PLACEHOLDER\tORIGINAL\tWHY\n" each */
    size_t replacement_count;
    size_t choice; /* which replacement */
    Redaction *redaction;
} SavePreview;

typedef struct SaveDialog {
    bool is_open;
    bool was_open; /* once before: the form chosen then stays */
    SaveWhat what;
    size_t which;
    Prompt since, until;
    size_t around;
    OutputFormat format;
    bool keeps_secrets; /* nothing is redacted: an explicit choice */
    bool to_clipboard;
    SaveRow row;
    Prompt file;
    StrBuf path;        /* what is meant by it */
    bool name_is_typed; /* the user has changed the name: it is not made up anew */
    bool asks_to_replace;
    Err err;
    SaveNumbers proofs; /* behind the stage, the command, the error */
    RedactRules *rules; /* NULL = not read yet */
    Secrets *secrets;   /* what the held entries give away; as long as there are rules */
    bool was_tried;     /* to watch what arrives */
    bool is_learning;   /* the preview is made anew when they have been looked at */
    size_t kept;        /* values the user lets stand */
    SavePreview preview;
    Save *running;   /* being written, a slice a turn */
    bool is_copying; /* it is on its way to a clipboard */
} SaveDialog;

void app_save_done(App *app);

/* Writes a slice of the file, or looks at a slice of what is held; true while there is more. */
bool app_save_step(App *app, unsigned *ret_wishes);
bool app_save_has_work(const App *app);

/* The excerpt is on a clipboard, or could not get there. */
void app_save_copied(App *app, const Err *err);

/* --- app_secrets.c --- */

/* Reads the rules of the redaction, if they are not yet; false, with save->err, when they cannot be
 * read. */
bool app_secrets_open(App *app);
void app_secrets_done(App *app);

/* Looks at all that arrives, too, once the ring is so full that it will soon evict, or where
 * entries are kept out of it. To be called again and again. */
void app_secrets_watch(App *app);
/* Whether something that arrived before is to be looked at for that. */
bool app_secrets_is_behind(const App *app);

/* Masks again what the reader let stand. */
void app_secrets_forget(App *app);

/* Look at some of what is held that has not been looked at yet; true while there is more. The first
 * time it is enough for small captures, so that nothing flickers. */
bool app_secrets_begin(App *app);
bool app_secrets_step(App *app);

/* Begins a redaction that knows what the held entries give away, as far as they have been looked
 * at. NULL when there are no rules. The caller frees it. */
Redaction *app_secrets_redaction(const App *app);

/* --- app_save_choice.c --- */

/* Whether there is anything of that kind. */
bool app_save_has(const App *app, SaveWhat what);
/* How many stages, commands or errors there are to choose from. */
size_t app_save_which_count(const App *app);
/* How many entries around each go with what is chosen, until the user says otherwise. */
void app_save_usual_around(App *app);
/* Chooses what is most likely meant: the range, the marks, the chosen stage, the pane. */
void app_save_guess(App *app);
/* Looks for the entries behind the stage, the command or the error. */
void app_save_find_proofs(App *app);
/* What is to be written; false, with save->err, when a time cannot be read. */
bool app_save_job(App *app, SaveJob *ret_job);
/* Append the choice in words: for the dialog, for the excerpt itself, and the stage, command or
 * error alone. */
void app_save_what_words(const App *app, StrBuf *buf);
void app_save_full_words(const App *app, StrBuf *buf);
void app_save_which_words(const App *app, StrBuf *buf);
/* Makes up a name for the file, unless one was typed. */
void app_save_make_name(App *app);
bool app_save_row_is_shown(const App *app, SaveRow row);

/* --- app_save_preview.c --- */

/* Makes the preview anew after a change of the choice. */
void app_save_preview(App *app);
/* Makes it anew as the redaction knows more, or less. */
void app_save_preview_restart(App *app);
/* Counts again what may have come since, where that takes no time. */
void app_save_preview_count(App *app);
/* Makes the lines anew where only the row that has the keys is another. */
void app_save_preview_redraw(App *app);
/* Looks at another entry. */
void app_save_preview_move(App *app, int by);
/* Looks at the next (previous) entry in which something is replaced; false = there is none near. */
bool app_save_preview_find(App *app, int by);
/* Chooses another replacement of the entry. */
void app_save_preview_choose(App *app, int by);
/* Lets the chosen value stand; false, with save->err, when that cannot be. */
bool app_save_preview_keep(App *app);
/* Forgets which values were to stand. */
void app_save_preview_forget(App *app);
void app_save_preview_done(App *app);

#endif
