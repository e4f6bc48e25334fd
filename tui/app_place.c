/*
 * The explorer's places: which window has the keys, which pane it shows, on which entry its reader
 * is, and going to another one. Nothing here draws or reads a key.
 */
#include "tui/app_state.h"

Window *app_window(App *app)
{
    return &app->windows[app->focus];
}

SessionPane *app_pane(const App *app)
{
    return session_pane(app->session, app->windows[app->focus].pane);
}

size_t app_pane_index(const App *app)
{
    return app->windows[app->focus].pane;
}

PaneState *app_place(const App *app)
{
    return &app->panes[app->windows[app->focus].pane];
}

const View *app_window_view(const App *app, int window)
{
    return session_pane(app->session, app->windows[window].pane)->view;
}

Rect app_list_area(const App *app)
{
    return app->layout.windows[app->focus].list;
}

size_t app_window_cursor(const App *app, int window)
{
    const View *view = app_window_view(app, window);
    size_t len = view_len(view);

    if (len == 0) {
        return SIZE_MAX;
    }
    return app->windows[window].follows ? len - 1 : view_find(view, app->windows[window].selected);
}

size_t app_cursor(const App *app)
{
    return app_window_cursor(app, app->focus);
}

EntryNumber app_selected(const App *app)
{
    size_t cursor = app_cursor(app);

    return cursor == SIZE_MAX ? 0 : view_get(app_pane(app)->view, cursor);
}

bool app_selected_row(const App *app, StoreRow *ret_row)
{
    EntryNumber number = app_selected(app);

    return number != 0 && store_find(session_store(app->session), number, ret_row);
}

bool app_follows(const App *app)
{
    return app->windows[app->focus].follows;
}

/* Puts a window on an entry; where its pane does not hold it, on the one before. */
static void put_window(App *app, int window, EntryNumber number, bool follows)
{
    Window *own = &app->windows[window];
    const View *view = app_window_view(app, window);
    size_t len = view_len(view);

    if (own->follows && !follows) {
        own->seen = store_counts(session_store(app->session))->entries;
    }
    if (len > 0) {
        own->line = app_line_for(app, window, follows ? len - 1 : view_find(view, number));
    }
    if (number != app->span_from) {
        app->span_to = 0;
    }
    own->selected = number;
    own->follows = follows;
}

void app_put_window(App *app, int window, EntryNumber number)
{
    put_window(app, window, number, false);
}

void app_select(App *app, size_t row, bool may_follow)
{
    const View *view = app_pane(app)->view;
    size_t len = view_len(view);

    if (len == 0) {
        return;
    }
    app->far_match = FAR_NONE; /* the reader is somewhere else now */
    if (row >= len) {
        row = len - 1;
    }
    bool follows = may_follow && row == len - 1 && !session_is_loaded(app->session);
    EntryNumber number = view_get(view, row);

    for (int i = 0; i < app->window_count; i++) {
        if (i == app->focus || app->is_synced) {
            put_window(app, i, number, follows);
        }
    }
}

void app_select_entry(App *app, EntryNumber number)
{
    app_select(app, view_find(app_pane(app)->view, number), false);
}

void app_show_pane(App *app, size_t pane)
{
    app_window(app)->pane = pane;
    app_watch(app);
}
