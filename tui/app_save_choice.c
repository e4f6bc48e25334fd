/*
 * What the save dialog saves: the choice in words and as a job, the list of stages, commands and
 * errors to choose from, and the name of the file, which tells no secret.
 */
#include <stdlib.h>

#include "session/home.h"
#include "tui/app_enrolment.h"
#include "tui/app_state.h"

#define NAME_PART_MAX 40 /* bytes of a file's name that are made of a title */

/* --- stages, commands, errors ----------------------------------------------------------------- */

/* Stages that were spoken of, by number; 0 = there is no such. */
static int stage_at(const App *app, size_t which)
{
    const Attempt *attempt = app_attempt(app);
    size_t count = attempt != NULL ? stages_count(session_stages(app->session)) : 0;

    for (size_t i = 1; i <= count; i++) {
        EnrolmentStage stage;

        attempt_stage(attempt, (int)i, &stage);
        if (stage.proof_count > 0 && which-- == 0) {
            return (int)i;
        }
    }
    return 0;
}

static const MdmCommand *command_at(const App *app, size_t which)
{
    const Attempt *attempt = app_attempt(app);
    const MdmCommand *commands;

    return attempt != NULL && which < attempt_commands(attempt, &commands) ? &commands[which]
                                                                           : NULL;
}

static const Failure *failure_at(const App *app, size_t which)
{
    size_t order[ENROLMENT_FAILURES_MAX];
    const Attempt *attempt = app_attempt(app);
    const Failure *failures;

    if (attempt == NULL || which >= attempt_ranked(attempt, order, ENROLMENT_FAILURES_MAX)) {
        return NULL;
    }
    (void)attempt_failures(attempt, &failures); /* the index says that it is there */
    return &failures[order[which]];
}

static bool has_which(const App *app, SaveWhat what, size_t which)
{
    return (what == SAVE_STAGE && stage_at(app, which) != 0) ||
           (what == SAVE_COMMAND && command_at(app, which) != NULL) ||
           (what == SAVE_ERROR && failure_at(app, which) != NULL);
}

bool app_save_has(const App *app, SaveWhat what)
{
    switch (what) {
    case SAVE_RANGE:
        return app_pane_ops(app, app->focus) == NULL && app_selected(app) != 0;
    case SAVE_MARKS:
        return marks_count(session_marks(app->session)) > 0;
    case SAVE_PANE:
    case SAVE_TIMES:
        return app_pane_ops(app, app->focus) == NULL;
    case SAVE_STAGE:
    case SAVE_COMMAND:
    case SAVE_ERROR:
        return has_which(app, what, 0);
    default:
        return true;
    }
}

size_t app_save_which_count(const App *app)
{
    size_t count = 0;

    while (has_which(app, app->save.what, count)) {
        count++;
    }
    return count;
}

/* The stage or the command that the chosen row of the enrolment's panes is about. */
static void guess_row(App *app, const PaneOps *ops)
{
    SaveDialog *save = &app->save;
    int row = app_place(app)->choice;
    EntryNumber number = row < ops->count(app) ? ops->entry(app, row, false) : 0;
    const Attempt *attempt = app_attempt(app);

    save->what = SAVE_ALL;
    for (size_t i = 0; number != 0 && stage_at(app, i) != 0 && ops == &TIMELINE_OPS; i++) {
        EnrolmentStage stage;

        attempt_stage(attempt, stage_at(app, i), &stage);
        if (stage.proofs[0].number == number) {
            save->what = SAVE_STAGE;
            save->which = i;
            return;
        }
    }
    for (size_t i = 0; number != 0 && ops == &COMMANDS_OPS && command_at(app, i) != NULL; i++) {
        const MdmCommand *command = command_at(app, i);

        if (command->received.number == number || command->answered.number == number) {
            save->what = SAVE_COMMAND;
            save->which = i;
            return;
        }
    }
}

void app_save_usual_around(App *app)
{
    app->save.around = app->save.what == SAVE_MARKS ? 0 : 2;
}

void app_save_guess(App *app)
{
    const PaneOps *ops = app_pane_ops(app, app->focus);

    app->save.which = 0;
    if (app->range_anchor != 0) {
        app->save.what = SAVE_RANGE;
    } else if (ops != NULL) {
        guess_row(app, ops);
    } else {
        app->save.what = marks_count(session_marks(app->session)) > 0 ? SAVE_MARKS : SAVE_PANE;
    }
    app_save_usual_around(app);
}

void app_save_find_proofs(App *app)
{
    SaveDialog *save = &app->save;
    const Attempt *attempt = app_attempt(app);

    save_numbers_done(&save->proofs);
    if (!has_which(app, save->what, save->which)) {
        return;
    }
    if (save->what == SAVE_STAGE) {
        save_numbers_of_stage(app->session, attempt, stage_at(app, save->which), &save->proofs);
    } else if (save->what == SAVE_COMMAND) {
        save_numbers_of_command(app->session, attempt, command_at(app, save->which), &save->proofs);
    } else if (save->what == SAVE_ERROR) {
        save_numbers_of_failure(app->session, attempt, failure_at(app, save->which), &save->proofs);
    }
}

/* --- words ------------------------------------------------------------------------------------ */

void app_save_which_words(const App *app, StrBuf *buf)
{
    const SaveDialog *save = &app->save;
    char time[CLOCK_STAMP_MAX];

    if (!has_which(app, save->what, save->which)) {
        return;
    }
    if (save->what == SAVE_STAGE) {
        const StageInfo *stage =
            stages_get(session_stages(app->session), stage_at(app, save->which));

        strbuf_printf(buf, "%d %.*s", stage->number, SV_ARG(stage->title));
    } else if (save->what == SAVE_COMMAND) {
        const MdmCommand *command = command_at(app, save->which);
        const Proof *first =
            command->received.number != 0 ? &command->received : &command->answered;

        clock_format(first->time, CLOCK_SECOND, time);
        strbuf_printf(buf, "%s, %s", command->type, time);
    } else {
        const Failure *failure = failure_at(app, save->which);

        /* Some are alike but for when they came. */
        clock_format(failure->first.time, CLOCK_SECOND, time);
        strbuf_printf(buf, "%s, ", time);
        strbuf_add(buf,
                   failure->domain[0] != '\0' ? failure->explained.subject : sv(failure->text));
    }
}

static const char *const WHAT_NAMES[SAVE_WHAT_COUNT] = {
    [SAVE_RANGE] = "the range", [SAVE_MARKS] = "the marked entries",
    [SAVE_PANE] = "the pane",   [SAVE_TIMES] = "a time range of the pane",
    [SAVE_STAGE] = "a stage",   [SAVE_COMMAND] = "a command",
    [SAVE_ERROR] = "an error",  [SAVE_ALL] = "everything that is held",
};

void app_save_what_words(const App *app, StrBuf *buf)
{
    const SaveDialog *save = &app->save;
    bool is_of_pane = save->what == SAVE_PANE || save->what == SAVE_TIMES;

    if (save->what == SAVE_RANGE && app->range_anchor == 0) {
        strbuf_add_str(buf, "the selected entry");
        return;
    }
    strbuf_add_str(buf, WHAT_NAMES[save->what]);
    if (is_of_pane) {
        strbuf_printf(buf, " %.*s", SV_ARG(app_pane(app)->def.title));
    }
}

void app_save_full_words(const App *app, StrBuf *buf)
{
    const SaveDialog *save = &app->save;

    app_save_what_words(app, buf);
    if (app_save_row_is_shown(app, SAVE_ROW_WHICH)) {
        strbuf_add_str(buf, ": ");
        app_save_which_words(app, buf);
    }
    if (save->what == SAVE_TIMES) {
        strbuf_printf(buf, ", since \"%.*s\" until \"%.*s\"", SV_ARG(prompt_text(&save->since)),
                      SV_ARG(prompt_text(&save->until)));
    }
    if (app_save_row_is_shown(app, SAVE_ROW_AROUND) && save->around > 0) {
        strbuf_printf(buf, ", with %zu entries before and after each", save->around);
    }
}

bool app_save_row_is_shown(const App *app, SaveRow row)
{
    SaveWhat what = app->save.what;
    bool is_proven = what == SAVE_STAGE || what == SAVE_COMMAND || what == SAVE_ERROR;

    switch (row) {
    case SAVE_ROW_WHICH:
        return is_proven;
    case SAVE_ROW_SINCE:
    case SAVE_ROW_UNTIL:
        return what == SAVE_TIMES;
    case SAVE_ROW_AROUND:
        return is_proven || what == SAVE_MARKS;
    case SAVE_ROW_FILE:
        return !app->save.to_clipboard;
    default:
        return true;
    }
}

/* --- the job ---------------------------------------------------------------------------------- */

/* From when "-5m" and the day of "12:04" count: of a source that has ended its last entry, else the
 * clock. */
static Stamp point_zero(const App *app)
{
    const Store *store = session_store(app->session);
    StoreRow row;

    if (session_is_loaded(app->session) && store_end(store) > store_first(store) &&
        store_find(store, store_end(store) - 1, &row)) {
        return (Stamp){row.columns->time_ns[row.index], row.columns->zone_minutes[row.index]};
    }
    return app->wall;
}

static bool read_point(const App *app, const Prompt *prompt, const char *label, int64_t *ret_ns,
                       Err *err)
{
    StrView text = sv_trim(prompt_text(prompt));

    *ret_ns = CLOCK_NO_TIME;
    return text.len == 0 || clock_parse_point(text, point_zero(app), ret_ns, err) ||
           err_prefix(err, "%s", label);
}

bool app_save_job(App *app, SaveJob *ret_job)
{
    static const SaveSet SETS[SAVE_WHAT_COUNT] = {
        [SAVE_RANGE] = SAVE_SET_RANGE,   [SAVE_MARKS] = SAVE_SET_MARKS,
        [SAVE_PANE] = SAVE_SET_VIEW,     [SAVE_TIMES] = SAVE_SET_TIMES,
        [SAVE_STAGE] = SAVE_SET_NUMBERS, [SAVE_COMMAND] = SAVE_SET_NUMBERS,
        [SAVE_ERROR] = SAVE_SET_NUMBERS, [SAVE_ALL] = SAVE_SET_ALL,
    };
    SaveDialog *save = &app->save;
    EntryNumber cursor = app_pane_ops(app, app->focus) == NULL ? app_selected(app) : 0;
    EntryNumber anchor = app->range_anchor != 0 ? app->range_anchor : cursor;

    strbuf_clear(&save->path);
    home_expand(sv_trim(prompt_text(&save->file)), getenv("HOME"), &save->path);
    SaveJob job = {
        .choice = {.set = SETS[save->what],
                   .pane = app_pane_index(app),
                   .first = anchor < cursor ? anchor : cursor,
                   .last = anchor < cursor ? cursor : anchor,
                   .since_ns = CLOCK_NO_TIME,
                   .until_ns = CLOCK_NO_TIME,
                   .numbers = save->proofs.items,
                   .number_count = save->proofs.count,
                   .around = app_save_row_is_shown(app, SAVE_ROW_AROUND) ? save->around : 0},
        .format = save->format,
        .path = save->to_clipboard ? NULL : save->path.ptr,
        .may_replace = save->asks_to_replace,
        .options = app->options,
    };

    *ret_job = job;
    return save->what != SAVE_TIMES ||
           (read_point(app, &save->since, "since", &ret_job->choice.since_ns, &save->err) &&
            read_point(app, &save->until, "until", &ret_job->choice.until_ns, &save->err));
}

/* --- the name --------------------------------------------------------------------------------- */

/* Appends a title as a part of a name: letters, digits and dashes only, and nothing of it when it
 * holds what must not be told. */
static void add_part(const App *app, StrBuf *name, StrView title)
{
    StrBuf seen = {0};
    size_t start = name->len;
    bool is_harmless = true;

    Redaction *redaction = app_secrets_redaction(app);

    if (redaction != NULL) {
        is_harmless = !redaction_text(redaction, title, &seen);
        redaction_free(redaction);
    }
    for (size_t i = 0; is_harmless && i < title.len && name->len < start + NAME_PART_MAX; i++) {
        char byte = title.ptr[i];
        bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                        (byte >= 'a' && byte <= 'z');

        if (is_plain) {
            strbuf_add_char(name, byte);
        } else if (name->len > 0 && name->ptr[name->len - 1] != '-') {
            strbuf_add_char(name, '-');
        }
    }
    if (name->len == start) {
        strbuf_add_str(name, "excerpt");
    }
    strbuf_done(&seen);
}

static void add_title(const App *app, StrBuf *name)
{
    static const char *const WORDS[SAVE_WHAT_COUNT] = {
        [SAVE_RANGE] = "range-", [SAVE_MARKS] = "marks",    [SAVE_PANE] = "",
        [SAVE_TIMES] = "times-", [SAVE_STAGE] = "stage-",   [SAVE_COMMAND] = "command-",
        [SAVE_ERROR] = "error-", [SAVE_ALL] = "everything",
    };
    const SaveDialog *save = &app->save;

    strbuf_add_str(name, WORDS[save->what]);
    if (save->what == SAVE_RANGE || save->what == SAVE_PANE || save->what == SAVE_TIMES) {
        add_part(app, name, app_pane(app)->def.id);
    } else if (has_which(app, save->what, save->which)) {
        const MdmCommand *command = command_at(app, save->which);
        const Failure *failure = failure_at(app, save->which);

        add_part(app, name,
                 save->what == SAVE_STAGE
                     ? stages_get(session_stages(app->session), stage_at(app, save->which))->id
                 : save->what == SAVE_COMMAND ? sv(command->type)
                 : failure->domain[0] != '\0' ? failure->explained.subject
                                              : SV("line"));
    }
}

/* Appends "-20261122-120433", the time of the first entry. */
static void add_date(const App *app, StrBuf *name)
{
    const SavePreview *preview = &app->save.preview;
    char date[CLOCK_STAMP_MAX] = "";
    StoreRow row;

    if (preview->numbers.count == 0 ||
        !store_find(session_store(app->session), preview->numbers.items[0], &row)) {
        return;
    }
    clock_format((Stamp){row.columns->time_ns[row.index], row.columns->zone_minutes[row.index]},
                 CLOCK_FULL, date);
    strbuf_add_char(name, '-');
    for (size_t i = 0; i < 19 && date[i] != '\0'; i++) {
        if (date[i] >= '0' && date[i] <= '9') {
            strbuf_add_char(name, date[i]);
        } else if (date[i] == ' ') {
            strbuf_add_char(name, '-');
        }
    }
}

void app_save_make_name(App *app)
{
    StrBuf name = {0};

    app->save.asks_to_replace = false; /* whatever was asked, it was about another file */
    if (app->save.name_is_typed) {
        return;
    }
    strbuf_add_str(&name, "mdmscope-");
    add_title(app, &name);
    add_date(app, &name);
    strbuf_add_str(&name, excerpt_format_suffix(app->save.format));
    prompt_open(&app->save.file, strbuf_view(&name), NULL);
    strbuf_done(&name);
}
