/*
 * The prompts of the explorer: what each asks for, tries while it is typed, does when it is
 * accepted and takes back when it is not: a table of small functions. Drawing is in
 * app_prompt_draw.c.
 */
#include "tui/app_capture.h"
#include "tui/app_state.h"
#include "tui/command_list.h"

static void try_search(App *app, StrView text);
static void try_predicate(App *app, StrView text);
static void try_stream(App *app, StrView text);
static void try_name(App *app, StrView text);
static void accept_predicate(App *app, StrView text);
static void accept_stream(App *app, StrView text);
static void accept_new_pane(App *app, StrView text);
static void accept_pane_name(App *app, StrView text);
static void accept_preset(App *app, StrView text);
static void accept_goto(App *app, StrView text);
static void cancel_search(App *app);
static void cancel_goto(App *app);
static void cancel_predicate(App *app);

const PromptSpec PROMPT_SPECS[PROMPT_KIND_COUNT] = {
    [PROMPT_SEARCH] = {.label = "search",
                       .help = "PCRE2, smart case · Enter keep · Esc back · ↑↓ earlier ones",
                       .history = "search",
                       .try_text = try_search,
                       .cancel = cancel_search},
    [PROMPT_PREDICATE] = {.label = "predicate",
                          .help = "this pane, at once · Tab completes · Enter keep · Esc back · ↑↓ "
                                  "earlier ones",
                          .history = "predicate",
                          .is_predicate = true,
                          .try_text = try_predicate,
                          .accept = accept_predicate,
                          .cancel = cancel_predicate},
    [PROMPT_STREAM] = {.label = "log --predicate",
                       .help =
                           "restarts the stream · empty = everything · Tab completes · Enter ask "
                           "log · Esc back",
                       .history = "stream",
                       .is_predicate = true,
                       .try_text = try_stream,
                       .accept = accept_stream},
    [PROMPT_NEW_PANE] = {.label = "new pane",
                         .help = "its name; it begins with the predicate of this pane",
                         .try_text = try_name,
                         .accept = accept_new_pane},
    [PROMPT_PANE_NAME] = {.label = "name of the pane",
                          .help = "Enter keep · Esc back",
                          .try_text = try_name,
                          .accept = accept_pane_name},
    [PROMPT_PRESET] = {.label = "name of the preset",
                       .help = "keeps this pane's predicate in your library (L)",
                       .try_text = try_name,
                       .accept = accept_preset},
    [PROMPT_GOTO] = {.label = "go to",
                     .help = "12:04 · 12:04:31 · -5m · +30s · 2026-09-09 12:04 · Enter stay · Esc "
                             "back",
                     .history = "goto",
                     .try_text = app_try_goto,
                     .accept = accept_goto,
                     .cancel = cancel_goto},
    [PROMPT_NOTE] = {.label = "note",
                     .help = "on the marked entry · empty = none · Enter keep · Esc back",
                     .try_text = try_name,
                     .accept = app_accept_note},
    [PROMPT_HIGHLIGHT] = {.label = "light up",
                          .help = "PCRE2, smart case · one that is lit already is lit no more · "
                                  "Enter keep · Esc back",
                          .history = "search",
                          .try_text = app_try_highlight,
                          .accept = app_accept_highlight,
                          .cancel = app_cancel_highlight},
    [PROMPT_CAPTURE] = {.label = "capture to",
                        .help = "a file that gets all from now on, secrets and all · Enter begin · "
                                "Esc back",
                        .try_text = try_name,
                        .accept = app_accept_capture},
};

/* --- opening ---------------------------------------------------------------------------------- */

static StrView stream_predicate(const App *app)
{
    SourceStatus status;

    for (size_t i = 0; i < sources_count(session_sources(app->session)); i++) {
        sources_status(session_sources(app->session), i, &status);
        if (status.is_stream) {
            return status.predicate.ptr != NULL ? status.predicate : SV("");
        }
    }
    return SV_NONE;
}

/* The text a prompt begins with; nil = it cannot be opened here. */
static StrView first_text(App *app, PromptKind kind)
{
    switch (kind) {
    case PROMPT_PREDICATE:
        return filter_is_all(view_filter(app_pane(app)->view))
                   ? SV("")
                   : strbuf_view(&app_pane(app)->predicate);
    case PROMPT_STREAM:
        return stream_predicate(app);
    case PROMPT_PANE_NAME:
        return app_pane(app)->def.title;
    case PROMPT_NOTE:
        return marks_note_of(session_marks(app->session), app_selected(app));
    default:
        return SV("");
    }
}

unsigned app_prompt_open(App *app, PromptKind kind)
{
    StrView text = first_text(app, kind);
    StrBuf name = {0}; /* made for the occasion */

    if (app_pane_ops(app, app->focus) != NULL &&
        (kind == PROMPT_PREDICATE || kind == PROMPT_SEARCH || kind == PROMPT_NOTE ||
         kind == PROMPT_PRESET || kind == PROMPT_GOTO)) {
        app_say(app, ROLE_OUTCOME_WAIT,
                "this pane shows the enrolment: 1 is the list of all entries");
        return APP_REDRAW;
    }
    if (text.ptr == NULL) {
        app_say(app, ROLE_OUTCOME_WAIT, "no source here is a log stream: p filters what is held");
        return APP_REDRAW;
    }
    app->search_from = app_selected(app);
    app->search_followed = app_follows(app);
    app->prompt_kind = kind;
    app->prompt_err = err_none();
    strbuf_clear(&app->prompt_warning);
    strbuf_clear(&app->prompt_fix);
    strbuf_clear(&app->before);
    strbuf_add(&app->before, kind == PROMPT_SEARCH ? search_pattern(session_search(app->session))
                             : kind == PROMPT_PREDICATE ? strbuf_view(&app_pane(app)->predicate)
                                                        : text);
    if (kind == PROMPT_CAPTURE) {
        app_capture_name(app, &name);
        text = strbuf_view(&name);
    }
    prompt_open(&app->prompt, text, &app->histories[kind]);
    strbuf_done(&name);
    return APP_REDRAW;
}

/* --- trying what is typed --------------------------------------------------------------------- */

void app_jump_to_match(App *app)
{
    Search *search = session_search(app->session);
    const View *view = app_pane(app)->view;
    StoreRow row;

    if (!search_is_on(search) || view_len(view) == 0) {
        return;
    }
    size_t from = view_find(view, app->search_from);

    if (store_find(session_store(app->session), view_get(view, from), &row) &&
        search_matches(search, row.columns, row.index)) {
        app_select(app, from, false);
        return;
    }
    if (app_match_is_far(app, FAR_TYPED, view_get(view, from))) {
        return;
    }
    size_t found = search_find(search, session_store(app->session), view, from, false, NULL);

    if (found != SIZE_MAX) {
        app_select(app, found, false);
    }
}

static void try_search(App *app, StrView text)
{
    if (search_set(session_search(app->session), text, &app->prompt_err)) {
        app_jump_to_match(app);
    }
}

/* A word alone is shorthand for "the message contains it", but mostly the start of a key that is
 * still being typed: it is looked for only when it is accepted. */
static bool may_become_key(StrView text)
{
    text = sv_trim(text);
    if (text.len == 0) {
        return false;
    }
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        StrView name = sv(FIELDS[i].name);

        if (sv_equal_nocase(sv_slice(name, 0, text.len), text)) {
            return true;
        }
        for (size_t k = 0; k < ARRAY_LEN(FIELDS[i].aliases) && FIELDS[i].aliases[k] != NULL; k++) {
            if (sv_equal_nocase(sv_slice(sv(FIELDS[i].aliases[k]), 0, text.len), text)) {
                return true;
            }
        }
    }
    return false;
}

/* Takes note of the first thing that is doubtful about a predicate. */
static void note_warning(App *app, const Predicate *predicate)
{
    const PredicateWarning *warnings;

    if (predicate_warnings(predicate, &warnings) > 0) {
        strbuf_add(&app->prompt_warning, warnings[0].text);
        if (warnings[0].fix.ptr != NULL) {
            strbuf_add(&app->prompt_fix, warnings[0].fix);
        }
    }
}

/* Tries the text as it stands, with a clean slate for what is wrong or doubtful about it. */
static void try_now(App *app)
{
    app->prompt_err = err_none();
    strbuf_clear(&app->prompt_warning);
    strbuf_clear(&app->prompt_fix);
    PROMPT_SPECS[app->prompt_kind].try_text(app, prompt_text(&app->prompt));
}

static void try_predicate(App *app, StrView text)
{
    if (may_become_key(text)) {
        return;
    }
    if (session_set_predicate(app->session, app_pane_index(app), text, app_selected(app),
                              &app->prompt_err)) {
        note_warning(app, filter_predicate(view_filter(app_pane(app)->view)));
    }
}

static void try_stream(App *app, StrView text)
{
    Predicate *predicate = predicate_parse_with(text, app->options->aliases, &app->prompt_err);

    if (predicate != NULL && predicate_is_sendable(predicate, &app->prompt_err)) {
        note_warning(app, predicate);
    }
    predicate_free(predicate);
}

/* Whether a name will do is only said when it is accepted. */
static void try_name(App *app, StrView text)
{
    (void)app;
    (void)text;
}

/* --- taking back ------------------------------------------------------------------------------ */

static void go_back(App *app)
{
    if (app->search_followed) {
        app_select(app, SIZE_MAX, true);
    } else if (app->search_from != 0) {
        app_select_entry(app, app->search_from);
    }
}

static void cancel_search(App *app)
{
    try_search(app, strbuf_view(&app->before));
    go_back(app);
}

static void cancel_goto(App *app)
{
    go_back(app);
}

static void cancel_predicate(App *app)
{
    (void)session_set_predicate(app->session, app_pane_index(app), strbuf_view(&app->before),
                                app_selected(app), NULL); /* it was in force before */
}

/* --- keeping ---------------------------------------------------------------------------------- */

static void accept_predicate(App *app, StrView text)
{
    if (!session_set_predicate(app->session, app_pane_index(app), text, app_selected(app),
                               &app->prompt_err)) {
        return;
    }
    if (!sv_equal(strbuf_view(&app->before), strbuf_view(&app_pane(app)->predicate))) {
        app_remember_predicate(app, strbuf_view(&app->before));
    }
}

/* What is sent is the canonical form, fully parenthesised, so that both sides read it alike. */
static void accept_stream(App *app, StrView text)
{
    Predicate *predicate = predicate_parse_with(text, app->options->aliases, &app->prompt_err);
    StrBuf canonical = {0};

    if (predicate == NULL) {
        return;
    }
    if (sv_trim(text).len > 0) {
        predicate_print(predicate, &canonical);
    }
    sources_restart(session_sources(app->session), canonical.len > 0 ? canonical.ptr : "");
    strbuf_clear(&app->sent);
    strbuf_add(&app->sent, text);
    app_say(app, ROLE_STATUS_KEY, "log is asked for %s",
            canonical.len > 0 ? canonical.ptr : "everything");
    strbuf_done(&canonical);
    predicate_free(predicate);
}

/* From where the prompt was opened to where it has led: one jump. */
static void accept_goto(App *app, StrView text)
{
    (void)text;
    EntryNumber goal = app_selected(app);

    app_select_entry(app, app->search_from);
    app_jump(app, view_find(app_pane(app)->view, goal), false);
}

static void accept_new_pane(App *app, StrView text)
{
    app_pane_add(app, sv_trim(text), strbuf_view(&app_pane(app)->predicate));
}

static void accept_pane_name(App *app, StrView text)
{
    (void)session_pane_rename(app->session, app_pane_index(app), sv_trim(text),
                              &app->prompt_err); /* the fault is shown */
}

static void accept_preset(App *app, StrView text)
{
    Preset preset = {
        .name = sv_trim(text), .predicate = strbuf_view(&app_pane(app)->predicate), .is_own = true};

    if (session_preset_save(app->session, &preset, &app->prompt_err)) {
        app_say(app, ROLE_STATUS_KEY, "'%.*s' is in your library: L", SV_ARG(preset.name));
    }
}

/* Nothing typed is what was searched for before, as in less and vi. */
static unsigned repeat_search(App *app)
{
    app->prompt_kind = PROMPT_NONE;
    go_back(app);
    (void)search_set(session_search(app->session), strbuf_view(&app->before),
                     NULL); /* it was in force before */
    return command_search_next(app, 1);
}

static unsigned accept(App *app)
{
    const PromptSpec *spec = &PROMPT_SPECS[app->prompt_kind];
    PromptKind kind = app->prompt_kind;
    StrView text = prompt_text(&app->prompt);
    Err err = err_none();

    if (kind == PROMPT_SEARCH && text.len == 0 && app->before.len > 0) {
        return repeat_search(app);
    }
    try_now(app);
    if (app->prompt_err.text[0] == '\0' && spec->accept != NULL) {
        spec->accept(app, text);
    }
    if (app->prompt_err.text[0] != '\0') {
        return APP_REDRAW; /* the fault is on the screen: the prompt stays open */
    }
    prompt_history_add(&app->histories[kind], text);
    if (spec->history != NULL && !session_history_append(app->session, spec->history, text, &err)) {
        app_say(app, ROLE_OUTCOME_WAIT, "%s", err.text);
    }
    app->prompt_kind = PROMPT_NONE;
    return APP_REDRAW;
}

/* Puts the rewriting that a warning offers in the place of the text. */
static bool take_fix(App *app, Key key)
{
    if (key.code != 'o' || key.mods != KEY_CTRL || app->prompt_fix.len == 0) {
        return false;
    }
    prompt_set(&app->prompt, strbuf_view(&app->prompt_fix), app->prompt_fix.len);
    try_now(app);
    return true;
}

void app_prompt_refused(App *app, StrView words)
{
    if (app_has_dialog(app) || app->sent.len == 0) {
        return;
    }
    (void)app_prompt_open(app, PROMPT_STREAM);
    if (app->prompt_kind != PROMPT_STREAM) {
        return; /* there is no stream any more */
    }
    prompt_set(&app->prompt, strbuf_view(&app->sent), app->sent.len);
    (void)err_set(&app->prompt_err, "%.*s", SV_ARG(words)); /* shown under the text */
    strbuf_clear(&app->sent);
    app->toast_until = 0; /* the words stand under the text */
}

unsigned app_prompt_key(App *app, Key key, StrView paste)
{
    const PromptSpec *spec = &PROMPT_SPECS[app->prompt_kind];

    if (take_fix(app, key)) {
        return APP_REDRAW;
    }
    if (spec->is_predicate && app_complete_key(app, key)) {
        try_now(app);
        return APP_REDRAW;
    }
    switch (prompt_key(&app->prompt, key, paste)) {
    case PROMPT_ACCEPTED:
        return accept(app);
    case PROMPT_CANCELLED:
        if (spec->cancel != NULL) {
            spec->cancel(app);
        }
        app->prompt_kind = PROMPT_NONE;
        return APP_REDRAW;
    case PROMPT_CHANGED:
        try_now(app);
        return APP_REDRAW;
    case PROMPT_MOVED:
        return APP_REDRAW;
    default:
        return 0;
    }
}
