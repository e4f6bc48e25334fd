/*
 * The save dialog: what, in which form, redacted or not, and where to; then the file is written
 * slice by slice. The dialog stays open until the file is in place, so that nothing typed is lost
 * to a full disk.
 */
#include "tui/app_save.h"

#include <stdio.h>
#include <string.h>

#include "tui/app_detail.h"
#include "tui/app_state.h"

#define SAVE_SLICE 2000 /* entries between two looks at the keyboard */
#define COPY_MAX_MB 8   /* for a clipboard */

static const size_t AROUND[] = {0, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, SAVE_AROUND_MAX};

unsigned app_save_open(App *app)
{
    SaveDialog *save = &app->save;

    if (save->running != NULL) {
        app_say(app, ROLE_OUTCOME_WAIT, "a file is still being written");
        return APP_REDRAW;
    }
    if (!save->was_open) {
        save->format = app->options->format; /* text, or as --format says */
    }
    save->was_open = true;
    save->is_open = true;
    save->row = SAVE_ROW_WHAT;
    save->err = err_none();
    save->name_is_typed = false;
    save->keeps_secrets = app->options->no_redact;
    /* What is wrong with the rules is shown in the dialog. */
    save->is_learning = app_secrets_open(app) && app_secrets_begin(app);
    prompt_open(&save->since, SV(""), NULL);
    prompt_open(&save->until, SV(""), NULL);
    app_save_guess(app);
    app_save_find_proofs(app);
    app_save_preview(app);
    app_save_make_name(app);
    return APP_REDRAW;
}

static void close_dialog(App *app)
{
    SaveDialog *save = &app->save;

    save_free(save->running);
    save->running = NULL;
    save->is_copying = false;
    app_save_preview_done(app);
    save->is_open = false;
}

void app_save_done(App *app)
{
    close_dialog(app);
    save_numbers_done(&app->save.proofs);
    app_secrets_done(app);
    prompt_done(&app->save.file);
    strbuf_done(&app->save.path);
    prompt_done(&app->save.since);
    prompt_done(&app->save.until);
}

/* --- choosing --------------------------------------------------------------------------------- */

static void step_what(App *app, int by)
{
    SaveDialog *save = &app->save;

    do {
        save->what = (SaveWhat)(((int)save->what + by + SAVE_WHAT_COUNT) % SAVE_WHAT_COUNT);
    } while (!app_save_has(app, save->what));
    save->which = 0;
    app_save_usual_around(app);
    app_save_find_proofs(app);
}

static void step_which(App *app, int by)
{
    size_t count = app_save_which_count(app);

    if (count > 0) {
        app->save.which = (app->save.which + count + (by > 0 ? 1 : count - 1)) % count;
        app_save_find_proofs(app);
    }
}

static void step_around(App *app, int by)
{
    size_t at = 0;

    while (at + 1 < ARRAY_LEN(AROUND) && AROUND[at] < app->save.around) {
        at++;
    }
    if (by > 0 ? at + 1 < ARRAY_LEN(AROUND) : at > 0) {
        at += by > 0 ? 1 : (size_t)-1;
    }
    app->save.around = AROUND[at];
}

static void step_format(App *app, int by)
{
    app->save.format = (OutputFormat)(((int)app->save.format + by + FORMAT_COUNT) % FORMAT_COUNT);
}

static void step_secrets(App *app, int by)
{
    (void)by;
    app->save.keeps_secrets = !app->save.keeps_secrets;
}

static void step_target(App *app, int by)
{
    (void)by;
    app->save.to_clipboard = !app->save.to_clipboard;
}

static void (*const STEPS[SAVE_ROW_COUNT])(App *app, int by) = {
    [SAVE_ROW_WHAT] = step_what,       [SAVE_ROW_WHICH] = step_which,
    [SAVE_ROW_AROUND] = step_around,   [SAVE_ROW_FORMAT] = step_format,
    [SAVE_ROW_SECRETS] = step_secrets, [SAVE_ROW_TARGET] = step_target,
};

static unsigned step_choice(App *app, int by)
{
    SaveDialog *save = &app->save;

    if (STEPS[save->row] == NULL) {
        return 0;
    }
    STEPS[save->row](app, by);
    save->err = err_none();
    app_save_preview(app);
    app_save_make_name(app);
    return APP_REDRAW;
}

static unsigned step_row(App *app, int by)
{
    SaveDialog *save = &app->save;

    do {
        save->row = (SaveRow)(((int)save->row + by + SAVE_ROW_COUNT) % SAVE_ROW_COUNT);
    } while (!app_save_row_is_shown(app, save->row));
    app_save_preview_redraw(app);
    return APP_REDRAW;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* What can be said before a file is made. */
static bool may_begin(App *app, const SaveJob *job)
{
    SaveDialog *save = &app->save;

    if (!save->keeps_secrets && save->rules == NULL) {
        return err_set(&save->err, "the rules of the redaction cannot be read: nothing is written "
                                   "unless secrets are left in");
    }
    if (save_count_entries(app->session, &job->choice) == 0) {
        return err_set(&save->err, "there is nothing to save: no entry is in it");
    }
    if (!save->to_clipboard && (job->path == NULL || job->path[0] == '\0')) {
        return err_set(&save->err, "the file needs a name");
    }
    return !save->to_clipboard || save->format != FORMAT_BUNDLE ||
           err_set(&save->err, "a bundle is an archive: it goes to a file only");
}

static unsigned begin(App *app)
{
    SaveDialog *save = &app->save;
    SaveJob job;
    StrBuf words = {0};
    bool exists = false;

    save->err = err_none();
    if (!app_save_job(app, &job) || !may_begin(app, &job)) {
        return APP_REDRAW;
    }
    app_save_full_words(app, &words);
    job.secrets = save->keeps_secrets ? NULL : save->secrets;
    job.what = strbuf_view(&words);
    app->covered = save_covers(app->session, &job.choice);
    save->running = save_new(app->session, &job, &exists, &save->err);
    strbuf_done(&words);
    if (save->running == NULL && exists) {
        (void)err_set(&save->err, "Enter once more replaces '%s', which exists", job.path);
        save->asks_to_replace = true;
    }
    return APP_REDRAW;
}

static void give_up(SaveDialog *save, const Err *err)
{
    save->err = *err;
    save_free(save->running);
    save->running = NULL;
}

/* The dialog stays until it is known that the clipboard has it. */
static unsigned end_copy(App *app)
{
    SaveDialog *save = &app->save;
    unsigned wishes = app_copy(app, save_text(save->running), "the excerpt");

    save_free(save->running);
    save->running = NULL;
    save->is_copying = true;
    return wishes;
}

void app_save_copied(App *app, const Err *err)
{
    if (!app->save.is_copying) {
        return;
    }
    app->save.is_copying = false;
    if (err != NULL) {
        app->save.err = *err;
    } else {
        close_dialog(app);
    }
}

static void end_file(App *app)
{
    SaveDialog *save = &app->save;
    char number[32], gone[32];

    uint64_t missed = save_missed(save->running);

    (void)app_count(save_count(save->running), number);
    if (missed > 0) {
        app_say(app, ROLE_OUTCOME_WAIT, "saved %s: %s entries; %s had left the ring meanwhile",
                save->path.ptr, number, app_count(missed, gone));
    } else {
        app_say(app, ROLE_STATUS_KEY, "saved %s %s to %s", number,
                save_count(save->running) == 1 ? "entry" : "entries", save->path.ptr);
        session_keep(app->session, app->covered);
    }
    app->range_anchor = 0;
    app->is_kept = true;
    close_dialog(app);
}

/* The preview is made anew when everything has been looked at. */
static bool learn(App *app)
{
    SaveDialog *save = &app->save;

    if (!save->is_learning || save->keeps_secrets || app_secrets_step(app)) {
        return app_save_has_work(app);
    }
    save->is_learning = false;
    app_save_preview_restart(app);
    app_save_make_name(app);
    return false;
}

bool app_save_has_work(const App *app)
{
    const SaveDialog *save = &app->save;

    return save->is_open && (save->running != NULL || (save->is_learning && !save->keeps_secrets));
}

bool app_save_step(App *app, unsigned *ret_wishes)
{
    SaveDialog *save = &app->save;
    Err err = err_none();

    *ret_wishes = APP_REDRAW;
    if (save->running == NULL) {
        return save->is_open && learn(app);
    }
    bool has_more = save_step(save->running, SAVE_SLICE);

    if (save->to_clipboard && save_text(save->running).len > COPY_MAX_MB * MIB) {
        (void)err_set(&err, "that is more than %d MB: save it to a file", COPY_MAX_MB);
        give_up(save, &err);
        return false;
    }
    if (has_more) {
        return true;
    }
    if (save_error(save->running)->text[0] != '\0') {
        err = *save_error(save->running);
        give_up(save, &err);
    } else if (save->to_clipboard) {
        *ret_wishes |= end_copy(app);
    } else {
        end_file(app);
    }
    return false;
}

/* --- keys ------------------------------------------------------------------------------------- */

static Prompt *prompt_of(SaveDialog *save)
{
    return save->row == SAVE_ROW_FILE    ? &save->file
           : save->row == SAVE_ROW_SINCE ? &save->since
           : save->row == SAVE_ROW_UNTIL ? &save->until
                                         : NULL;
}

static unsigned edit(App *app, Key key, StrView paste)
{
    SaveDialog *save = &app->save;

    switch (prompt_key(prompt_of(save), key, paste)) {
    case PROMPT_CHANGED:
        save->asks_to_replace = false;
        save->err = err_none();
        if (save->row == SAVE_ROW_FILE) {
            save->name_is_typed = true;
        } else {
            app_save_preview(app);
            app_save_make_name(app);
        }
        return APP_REDRAW;
    case PROMPT_MOVED:
        return APP_REDRAW;
    default:
        return 0;
    }
}

/* Up and down go from entry to entry here; Tab leaves. */
static unsigned preview_key(App *app, Key key)
{
    SaveDialog *save = &app->save;

    save->err = err_none();
    if (key.code == KEY_CODE_UP && save->preview.at == 0) {
        return step_row(app, -1);
    }
    if (key.code == KEY_CODE_UP || key.code == KEY_CODE_DOWN) {
        app_save_preview_move(app, key.code == KEY_CODE_UP ? -1 : 1);
    } else if (key.code == KEY_CODE_PAGE_UP || key.code == KEY_CODE_PAGE_DOWN) {
        app_save_preview_move(app, key.code == KEY_CODE_PAGE_UP ? -10 : 10);
    } else if (key.code == 'n' || key.code == 'N') {
        if (!app_save_preview_find(app, key.code == 'n' ? 1 : -1)) {
            (void)err_set(&save->err, "no entry near has anything replaced");
        }
    } else if (key.code == KEY_CODE_LEFT || key.code == KEY_CODE_RIGHT) {
        app_save_preview_choose(app, key.code == KEY_CODE_LEFT ? -1 : 1);
    } else if (key.code == 'k') {
        (void)app_save_preview_keep(app); /* what is wrong is in save->err */
    } else if (key.code == 'K') {
        app_save_preview_forget(app);
    } else {
        return 0;
    }
    return APP_REDRAW;
}

/* A number typed in the row that takes one. */
static unsigned type_around(App *app, Key key)
{
    SaveDialog *save = &app->save;

    if (key.code == KEY_CODE_BACKSPACE) {
        save->around /= 10;
    } else if (key.code >= '0' && key.code <= '9') {
        size_t next = save->around * 10 + (key.code - '0');

        save->around = next > SAVE_AROUND_MAX ? SAVE_AROUND_MAX : next;
    } else {
        return 0;
    }
    app_save_preview(app);
    return APP_REDRAW;
}

static unsigned row_key(App *app, Key key, StrView paste)
{
    SaveDialog *save = &app->save;
    bool is_plain = key.mods == 0;

    if (key.code == KEY_CODE_TAB ||
        (is_plain && key.code == KEY_CODE_DOWN && save->row != SAVE_ROW_PREVIEW)) {
        return step_row(app, 1);
    }
    if (key.code == KEY_CODE_BACKTAB ||
        (is_plain && key.code == KEY_CODE_UP && save->row != SAVE_ROW_PREVIEW)) {
        return step_row(app, -1);
    }
    if (save->row == SAVE_ROW_PREVIEW) {
        return is_plain ? preview_key(app, key) : 0;
    }
    if (prompt_of(save) != NULL) {
        return edit(app, key, paste);
    }
    if (key.code == KEY_CODE_LEFT || (is_plain && key.code == 'h')) {
        return step_choice(app, -1);
    }
    if (key.code == KEY_CODE_RIGHT || (is_plain && (key.code == 'l' || key.code == ' '))) {
        return step_choice(app, 1);
    }
    return save->row == SAVE_ROW_AROUND && is_plain ? type_around(app, key) : 0;
}

unsigned app_save_key(App *app, Key key, StrView paste)
{
    SaveDialog *save = &app->save;

    if (key.code == KEY_CODE_ESCAPE || (key.code == 'c' && key.mods == KEY_CTRL)) {
        if (save->running != NULL) {
            app_say(app, ROLE_OUTCOME_WAIT, "nothing was saved");
        }
        close_dialog(app);
        return APP_REDRAW;
    }
    if (save->running != NULL) {
        return 0;
    }
    return key.code == KEY_CODE_ENTER ? begin(app) : row_key(app, key, paste);
}
