/*
 * What the commands do: small functions over the explorer's state, one for each row (or run of
 * rows) of the table in command.c.
 */
#include "tui/app_state.h"
#include "tui/command_list.h"

/* So long a second q leaves after the first has asked. */
#define QUIT_NS (INT64_C(2) * NS_PER_SECOND)

static View *view_of(const App *app)
{
    return app_pane(app)->view;
}

/* --- keeping ---------------------------------------------------------------------------------- */

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

/* --- the rest --------------------------------------------------------------------------------- */

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
    if (app_has_rows(app)) {
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
    app->span_to = 0;
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

/* Leaving must not lose what cannot be read again: it asks once. */
unsigned command_quit(App *app, int at_once)
{
    CaptureStatus capture;

    if (at_once != 0 || app->now < app->quit_until || !session_has_unkept(app->session)) {
        return APP_QUIT;
    }
    bool has_some = app->is_kept || session_capture(app->session, &capture);
    app_say(app, ROLE_OUTCOME_WAIT, "%s saved: q leaves, s saves", has_some ? "not all is" : "not");
    app->toast_until = app->now + QUIT_NS;
    app->quit_until = app->toast_until;
    return APP_REDRAW;
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

size_t app_find_pane(const App *app, StrView name)
{
    size_t pane = session_pane_find(app->session, name);

    if (pane == SIZE_MAX && name.len == 1 && name.ptr[0] >= '1' && name.ptr[0] <= '9') {
        size_t index = (size_t)(name.ptr[0] - '1');

        pane = index < app->pane_count ? index : SIZE_MAX;
    }
    return pane;
}

unsigned command_pane_text(App *app, StrView text)
{
    size_t pane = app_find_pane(app, text);

    if (pane == SIZE_MAX) {
        app_say(app, ROLE_OUTCOME_FAIL, "there is no pane '%.*s'", SV_ARG(text));
    } else {
        app_show_pane(app, pane);
    }
    return APP_REDRAW;
}
