/*
 * What the commands do: small functions over the explorer's state, one for each row (or run of
 * rows) of the table in command.c.
 */
#include <limits.h>
#include <string.h>

#include "tui/app_state.h"
#include "tui/command_list.h"

#define SIDEWAYS_MAX (1 << 20) /* cells: no message is wider */

static View *view_of(const App *app)
{
    return app_pane(app)->view;
}

static size_t last_row(const App *app)
{
    size_t len = view_len(view_of(app));

    return len > 0 ? len - 1 : 0;
}

/* Whether the pane shows rows of its own instead of entries. */
static bool has_rows(const App *app)
{
    return app_pane_ops(app, app->focus) != NULL;
}

/* --- moving
 * ---------------------------------------------------------------------------------------- */

/* Goes to the row that a step of items or of lines leads to; the last item is the last row. */
static unsigned step(App *app,
                     size_t (*go)(const View *view, const Store *store, const RowsLook *look,
                                  size_t row, long by),
                     long by)
{
    const View *view = view_of(app);
    const Store *store = session_store(app->session);
    RowsLook look = app_rows_look(app, app->focus);
    size_t cursor = app_cursor(app);

    if (cursor == SIZE_MAX) {
        return 0;
    }
    size_t to = go(view, store, &look, cursor, by * app_times(app));

    if (by > 0 && rows_first(view, store, &look, last_row(app)) == to) {
        to = last_row(app);
    }
    app_select(app, to, by > 0);
    app->detail_scroll = 0;
    return APP_REDRAW;
}

unsigned command_move(App *app, int lines)
{
    if (has_rows(app)) {
        return app_rows_move(app, lines * app_times(app));
    }
    return step(app, rows_move, lines);
}

unsigned command_page(App *app, int halves)
{
    int half = app_list_area(app).height / 2;

    return step(app, rows_page, (long)halves * (half > 0 ? half : 1));
}

/* With a number: the entry of that number in the pane, as vi and less have it. */
unsigned command_edge(App *app, int to_end)
{
    if (has_rows(app)) {
        return app_rows_go(app, app->times > 0 ? app->times - 1 : to_end ? INT_MAX : 0);
    }
    if (app->times > 0) {
        app_jump(app, (size_t)app->times - 1, false);
    } else {
        app_jump(app, to_end ? last_row(app) : 0, true);
    }
    return APP_REDRAW;
}

unsigned command_sideways(App *app, int cells)
{
    Window *window = app_window(app);

    if (has_rows(app)) { /* its rows have nothing beyond the edge, but the box below them has */
        return command_scroll_detail(app, (cells > 0 ? 3 : -3) * app_times(app));
    }
    window->scroll_x += cells * app_times(app);
    window->scroll_x = window->scroll_x < 0 ? 0 : window->scroll_x;
    window->scroll_x = window->scroll_x > SIDEWAYS_MAX ? SIDEWAYS_MAX : window->scroll_x;
    return APP_REDRAW;
}

unsigned command_pane(App *app, int number)
{
    for (size_t i = 0; i < app->pane_count; i++) {
        if (session_pane(app->session, i)->def.key == (char)('0' + number)) {
            app_show_pane(app, i);
            return APP_REDRAW;
        }
    }
    app_say(app, ROLE_OUTCOME_WAIT, "there is no pane %d", number);
    return APP_REDRAW;
}

unsigned command_turn_pane(App *app, int by)
{
    size_t step = (by < 0 ? app->pane_count - 1 : 1) * (size_t)app_times(app);

    app_show_pane(app, (app_window(app)->pane + step) % app->pane_count);
    return APP_REDRAW;
}

unsigned command_follow(App *app, int argument)
{
    (void)argument;
    if (app_follows(app)) {
        size_t cursor = app_cursor(app);

        if (cursor != SIZE_MAX) {
            app_select(app, cursor, false);
        }
        return APP_REDRAW;
    }
    app_select(app, last_row(app), true);
    return APP_REDRAW;
}

/* Tells what an entry must be to be gone to. */
typedef bool (*RowTest)(StoreRow row);

/* The next row (in direction `by`) after `from` that is wanted, round the end once; SIZE_MAX =
 * none. */
static size_t find_row(const App *app, size_t from, int by, RowTest is_wanted)
{
    const View *view = view_of(app);
    size_t len = view_len(view);
    StoreRun run = {0};
    StoreRow row;

    for (size_t step = 1; step <= len; step++) {
        size_t at = by > 0 ? (from + step) % len : (from + len - step) % len;

        if (store_find_in_run(session_store(app->session), &run, view_get(view, at), &row) &&
            is_wanted(row)) {
            return at;
        }
    }
    return SIZE_MAX;
}

static unsigned go_to(App *app, int by, RowTest is_wanted, const char *what)
{
    size_t at = app_cursor(app);
    bool has_wrapped = false;

    for (int i = 0; i < app_times(app) && at != SIZE_MAX; i++) {
        size_t next = find_row(app, at, by, is_wanted);

        has_wrapped |= next != SIZE_MAX && (by > 0 ? next <= at : next >= at);
        at = next;
    }
    if (at == SIZE_MAX) {
        app_say(app, ROLE_OUTCOME_WAIT, "no %s in this pane", what);
        return APP_REDRAW;
    }
    if (has_wrapped) {
        app_say(app, ROLE_STATUS_KEY, by > 0 ? "went on at the top" : "went on at the end");
    }
    app_jump(app, at, false);
    return APP_REDRAW;
}

static bool is_failure(StoreRow row)
{
    return row.columns->tag[row.index].outcome == OUTCOME_FAIL;
}

static bool is_error(StoreRow row)
{
    return row.columns->level[row.index] >= LEVEL_ERROR;
}

static void tell_failure(App *app, const Attempt *attempt, size_t index, size_t count)
{
    Proof by;
    char stamp[CLOCK_STAMP_MAX];

    if (index == attempt_decisive(attempt)) {
        app_say(app, ROLE_OUTCOME_FAIL, "1 of %zu: this stands in the way", count);
    } else if (attempt_recovered(attempt, index, &by)) {
        clock_format(by.time, CLOCK_SECOND, stamp);
        app_say(app, ROLE_STATUS_KEY, "%zu of %zu: overcome%s%s", app->failure_at + 1, count,
                by.number != 0 ? " at " : "", by.number != 0 ? stamp : "");
    } else {
        app_say(app, ROLE_STATUS_KEY, "%zu of %zu: failed beside it", app->failure_at + 1, count);
    }
}

/* Through what stands in the way of the enrolment, the decisive failure first, then what failed
 * beside it and what was overcome. Where no enrolment is seen it is the next line that failed. */
unsigned command_failure(App *app, int by)
{
    const Attempt *attempt = enrolment_headline(session_enrolment(app->session));
    size_t ranked[ENROLMENT_FAILURES_MAX];
    size_t count = attempt != NULL ? attempt_ranked(attempt, ranked, ARRAY_LEN(ranked)) : 0;
    const Failure *failures;

    if (count == 0) {
        return has_rows(app) ? 0 : go_to(app, by, is_failure, "failure");
    }
    (void)attempt_failures(attempt, &failures); /* they are there: some are ranked */
    bool is_there = app->failure_entry != 0 && app->failure_entry == app_selected(app);
    size_t step = by > 0 ? 1 : count - 1;

    app->failure_at = is_there ? (app->failure_at + step * (size_t)app_times(app)) % count
                               : (by > 0 ? 0 : count - 1);
    app->failure_entry = failures[ranked[app->failure_at]].first.number;
    app_show_entry(app, app->failure_entry);
    tell_failure(app, attempt, ranked[app->failure_at], count);
    return APP_REDRAW;
}

unsigned command_next_failed(App *app, int by)
{
    return go_to(app, by, is_failure, "failed entry");
}

unsigned command_error(App *app, int by)
{
    return go_to(app, by, is_error, "entry of level Error or Fault");
}

/* --- searching and filtering
 * ------------------------------------------------------------------------- */

unsigned command_prompt(App *app, int kind)
{
    static const PromptKind KINDS[] = {
        [COMMAND_PROMPT_SEARCH] = PROMPT_SEARCH,
        [COMMAND_PROMPT_PREDICATE] = PROMPT_PREDICATE,
        [COMMAND_PROMPT_STREAM] = PROMPT_STREAM,
        [COMMAND_PROMPT_NEW_PANE] = PROMPT_NEW_PANE,
        [COMMAND_PROMPT_PANE_NAME] = PROMPT_PANE_NAME,
        [COMMAND_PROMPT_PRESET] = PROMPT_PRESET,
        [COMMAND_PROMPT_GOTO] = PROMPT_GOTO,
        [COMMAND_PROMPT_HIGHLIGHT] = PROMPT_HIGHLIGHT,
    };

    return app_prompt_open(app, KINDS[kind]);
}

unsigned command_search_next(App *app, int by)
{
    Search *search = session_search(app->session);
    bool wrapped = false;

    if (!search_is_on(search)) {
        app_say(app, ROLE_OUTCOME_WAIT, "nothing is searched for: / begins");
        return APP_REDRAW;
    }
    EntryNumber found = app_selected(app);

    for (int i = 0; i < app_times(app) && (i == 0 || found != 0); i++) {
        bool has_wrapped = false;

        found = session_search_find(app->session, found, by < 0, &has_wrapped);
        wrapped |= has_wrapped;
    }
    if (found == 0) {
        app_say(app, ROLE_OUTCOME_WAIT, "no match %s",
                session_searches_everywhere(app->session) ? "in all that is held" : "in this pane");
        return APP_REDRAW;
    }
    if (wrapped) {
        app_say(app, ROLE_STATUS_KEY, by > 0 ? "went on at the top" : "went on at the end");
    }
    app_show_entry(app, found);
    return APP_REDRAW;
}

unsigned command_search_scope(App *app, int argument)
{
    bool everywhere = !session_searches_everywhere(app->session);

    (void)argument;
    session_search_everywhere(app->session, everywhere);
    app_say(app, ROLE_STATUS_KEY,
            everywhere ? "searching all that is held" : "searching in this pane");
    return APP_REDRAW;
}

void app_remember_predicate(App *app, StrView text)
{
    PaneState *place = app_place(app);

    if (place->undo_count == UNDO_DEPTH) {
        strbuf_done(&place->undo[0]);
        memmove(place->undo, place->undo + 1, (UNDO_DEPTH - 1) * sizeof *place->undo);
        place->undo_count--;
    }
    place->undo[place->undo_count] = (StrBuf){0};
    strbuf_add(&place->undo[place->undo_count++], text);
}

static bool set_predicate(App *app, StrView text)
{
    Err err = err_none();

    if (!session_set_predicate(app->session, app_pane_index(app), text, app_selected(app), &err)) {
        app_say(app, ROLE_OUTCOME_FAIL, "%s", err.text);
        return false;
    }
    return true;
}

bool app_change_predicate(App *app, StrView text)
{
    if (has_rows(app)) {
        app_say(app, ROLE_OUTCOME_WAIT, "this pane shows the enrolment, it has no predicate");
        return false;
    }
    StrBuf before = {0};

    strbuf_add(&before, strbuf_view(&app_pane(app)->predicate));
    bool is_set = set_predicate(app, text);

    if (is_set) {
        app_remember_predicate(app, strbuf_view(&before));
    }
    strbuf_done(&before);
    return is_set;
}

unsigned command_library(App *app, int argument)
{
    (void)argument;
    return app_library_open(app);
}

unsigned command_pick(App *app, int is_only)
{
    return app_pick_open(app, is_only != 0);
}

unsigned command_undo(App *app, int argument)
{
    PaneState *place = app_place(app);

    (void)argument;
    if (place->undo_count == 0) {
        app_say(app, ROLE_OUTCOME_WAIT, "this pane's predicate was not changed");
        return APP_REDRAW;
    }
    StrBuf *text = &place->undo[--place->undo_count];

    if (set_predicate(app, strbuf_view(text))) {
        app_say(app, ROLE_STATUS_KEY, "taken back%s", place->undo_count > 0 ? "; u goes on" : "");
    }
    strbuf_done(text);
    return APP_REDRAW;
}

unsigned command_reset(App *app, int argument)
{
    (void)argument;
    if (app_change_predicate(app, app_pane(app)->def.predicate)) {
        app_say(app, ROLE_STATUS_KEY, "the pane's own predicate again; u takes that back");
    }
    return APP_REDRAW;
}

/* --- keeping
 * ----------------------------------------------------------------------------------------- */

unsigned command_mark(App *app, int argument)
{
    EntryNumber number = app_selected(app);

    (void)argument;
    if (number == 0) {
        return 0;
    }
    bool is_marked = marks_toggle(session_marks(app->session), session_store(app->session), number);

    app_say(app, ROLE_STATUS_KEY, is_marked ? "marked (%zu in all)" : "mark taken off (%zu left)",
            marks_count(session_marks(app->session)));
    return command_move(app, 1);
}

/* Marks are few and entries many: from mark to mark, round the end once, to one that is in the
 * pane. */
unsigned command_mark_next(App *app, int by)
{
    const Marks *marks = session_marks(app->session);
    const View *view = view_of(app);
    EntryNumber number = app_selected(app);
    size_t count = view_len(view) > 0 ? marks_count(marks) : 0;

    for (size_t step = 0; step < count; step++) {
        number = marks_next(marks, number, by < 0);
        if (number == 0) {
            number = marks_get(marks, by > 0 ? 0 : marks_count(marks) - 1);
            app_say(app, ROLE_STATUS_KEY, by > 0 ? "went on at the top" : "went on at the end");
        }
        size_t row = view_find(view, number);

        if (view_get(view, row) == number) {
            app_jump(app, row, false);
            return APP_REDRAW;
        }
    }
    app_say(app, ROLE_OUTCOME_WAIT, "no mark in this pane");
    return APP_REDRAW;
}

unsigned command_range(App *app, int argument)
{
    (void)argument;
    app->range_anchor = app->range_anchor == 0 ? app_selected(app) : 0;
    if (app->range_anchor != 0) {
        app_select(app, app_cursor(app), false);
        app_say(app, ROLE_STATUS_KEY, "range: move, then s saves it · v or Esc ends it");
    }
    return APP_REDRAW;
}

unsigned command_save(App *app, int argument)
{
    (void)argument;
    return app_save_open(app);
}

/* --- the rest
 * ---------------------------------------------------------------------------------------- */

unsigned command_restart(App *app, int argument)
{
    (void)argument;
    for (size_t i = 0; i < sources_count(session_sources(app->session)); i++) {
        SourceStatus status;

        sources_status(session_sources(app->session), i, &status);
        if (status.is_stream) {
            sources_restart(session_sources(app->session), NULL);
            sources_status(session_sources(app->session), i, &status);
            if (status.note.len == 0) { /* it may be put off: the note says for how long */
                app_say(app, ROLE_STATUS_KEY, "the stream is started again");
            }
            return APP_REDRAW;
        }
    }
    app_say(app, ROLE_OUTCOME_WAIT, "no source here is a stream that could be started again");
    return APP_REDRAW;
}

unsigned command_detail(App *app, int argument)
{
    (void)argument;
    if (has_rows(app)) {
        return app_rows_enter(app);
    }
    app->mode = app->mode == MODE_DETAIL ? MODE_LIST : MODE_DETAIL;
    app->detail_scroll = 0;
    return APP_REDRAW;
}

unsigned command_scroll_detail(App *app, int lines)
{
    int most = app->detail_rows - app->layout.detail.height;

    app->detail_scroll += lines;
    if (app->detail_scroll > most) {
        app->detail_scroll = most;
    }
    if (app->detail_scroll < 0) {
        app->detail_scroll = 0;
    }
    return APP_REDRAW;
}

unsigned command_help(App *app, int argument)
{
    (void)argument;
    if (app->mode == MODE_HELP) {
        app->mode = app->help_from;
    } else {
        app->help_from = app->mode;
        app->mode = MODE_HELP;
    }
    app->help_scroll = 0;
    return APP_REDRAW;
}

unsigned command_scroll_help(App *app, int lines)
{
    app->help_scroll += lines;
    if (app->help_scroll < 0) {
        app->help_scroll = 0;
    }
    return APP_REDRAW;
}

unsigned command_escape(App *app, int argument)
{
    (void)argument;
    if (app->range_anchor != 0) {
        app->range_anchor = 0;
    } else if (search_is_on(session_search(app->session))) {
        (void)search_set(session_search(app->session), SV(""), NULL); /* an empty one cannot fail */
    }
    app->toast_until = 0;
    return APP_REDRAW;
}

unsigned command_redraw(App *app, int argument)
{
    (void)app;
    (void)argument;
    return APP_REDRAW | APP_THEME; /* setting the theme makes the backend send every cell */
}

unsigned command_suspend(App *app, int argument)
{
    (void)app;
    (void)argument;
    return APP_SUSPEND;
}

unsigned command_quit(App *app, int argument)
{
    (void)app;
    (void)argument;
    return APP_QUIT;
}

/* --- with a text behind the name -------------------------------------------------------------- */

unsigned command_search_text(App *app, StrView text)
{
    Err err = err_none();

    if (!search_set(session_search(app->session), text, &err)) {
        app_say(app, ROLE_OUTCOME_FAIL, "%s", err.text);
        return APP_REDRAW;
    }
    return command_search_next(app, 1);
}

unsigned command_predicate_text(App *app, StrView text)
{
    (void)app_change_predicate(app, text); /* what is wrong with it is said */
    return APP_REDRAW;
}

unsigned command_theme_text(App *app, StrView text)
{
    for (size_t i = 0; i < app->theme_count; i++) {
        if (sv_equal_nocase(sv(app->themes[i]->name), text)) {
            app->theme = i;
            return APP_REDRAW | APP_THEME;
        }
    }
    app_say(app, ROLE_OUTCOME_FAIL, "there is no theme '%.*s'", SV_ARG(text));
    return APP_REDRAW;
}

unsigned command_pane_text(App *app, StrView text)
{
    size_t pane = session_pane_find(app->session, text);

    if (pane == SIZE_MAX) {
        app_say(app, ROLE_OUTCOME_FAIL, "there is no pane '%.*s'", SV_ARG(text));
    } else {
        app_show_pane(app, pane);
    }
    return APP_REDRAW;
}
