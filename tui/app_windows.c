/*
 * Windows: several lists on the screen, side by side or above each other, each with its own pane
 * and place, at the same moment unless the user wants otherwise. What a list looks like is in
 * app_list.c, where it stands in layout.c.
 */
#include <string.h>

#include "tui/app_state.h"
#include "tui/command_list.h"

#define SHARE_STEP (WINDOW_SHARE / 8)

static int share_of(const Window *window)
{
    return window->share > 0 ? window->share : WINDOW_SHARE;
}

void app_focus_window(App *app, int window)
{
    app->focus = window;
    app_watch(app);
}

/* --- commands --------------------------------------------------------------------------------- */

/* A window more, behind the one that has the keys, with the given pane. */
static unsigned open_window(App *app, Split split, size_t pane)
{
    if (app->window_count == WINDOWS_MAX) {
        app_say(app, ROLE_OUTCOME_WAIT, "there are %d windows already, more cannot be had",
                WINDOWS_MAX);
        return APP_REDRAW;
    }
    Window *at = app_window(app);

    memmove(at + 2, at + 1, (size_t)(app->window_count - app->focus - 1) * sizeof *at);
    at[1] = at[0];
    at[1].pane = pane;
    app->window_count++;
    app->split = split;
    app_focus_window(app, app->focus + 1);
    app_say(app, ROLE_STATUS_KEY, "%d windows: C-w w goes on, C-w c closes, C-w has more",
            app->window_count);
    return APP_REDRAW;
}

/* The next pane that no window shows yet. */
static size_t unseen_pane(const App *app)
{
    size_t from = app->windows[app->focus].pane;

    for (size_t step = 1; step < app->pane_count; step++) {
        size_t pane = (from + step) % app->pane_count;
        bool is_seen = false;

        for (int i = 0; i < app->window_count; i++) {
            is_seen |= app->windows[i].pane == pane;
        }
        if (!is_seen) {
            return pane;
        }
    }
    return from;
}

unsigned command_split(App *app, int split)
{
    return open_window(app, (Split)split, unseen_pane(app));
}

static unsigned split_text(App *app, Split split, StrView name)
{
    size_t pane = app_find_pane(app, name);

    if (pane == SIZE_MAX) {
        app_say(app, ROLE_OUTCOME_FAIL, "there is no pane '%.*s'", SV_ARG(name));
        return APP_REDRAW;
    }
    return open_window(app, split, pane);
}

unsigned command_split_side_text(App *app, StrView text)
{
    return split_text(app, SPLIT_SIDE, text);
}

unsigned command_split_stacked_text(App *app, StrView text)
{
    return split_text(app, SPLIT_STACKED, text);
}

unsigned command_turn_window(App *app, int by)
{
    app_focus_window(app, (app->focus + app->window_count + by) % app->window_count);
    return APP_REDRAW;
}

unsigned command_close_window(App *app, int argument)
{
    (void)argument;
    if (app->window_count == 1) {
        app_say(app, ROLE_OUTCOME_WAIT, "the last window stays: q leaves");
        return APP_REDRAW;
    }
    Window *at = app_window(app);

    app->window_count--;
    memmove(at, at + 1, (size_t)(app->window_count - app->focus) * sizeof *at);
    app_focus_window(app, app->focus < app->window_count ? app->focus : app->window_count - 1);
    return APP_REDRAW;
}

unsigned command_only_window(App *app, int argument)
{
    (void)argument;
    app->windows[0] = *app_window(app);
    app->window_count = 1;
    app_focus_window(app, 0);
    return APP_REDRAW;
}

unsigned command_turn_split(App *app, int argument)
{
    (void)argument;
    app->split = app->split == SPLIT_SIDE ? SPLIT_STACKED : SPLIT_SIDE;
    return APP_REDRAW;
}

unsigned command_grow_window(App *app, int by)
{
    Window *window = app_window(app);
    int share = share_of(window) + by * SHARE_STEP * app_times(app);

    share = share > WINDOW_SHARE_MAX ? WINDOW_SHARE_MAX : share;
    window->share = share < SHARE_STEP ? SHARE_STEP : share;
    return APP_REDRAW;
}

unsigned command_equal_windows(App *app, int argument)
{
    (void)argument;
    for (int i = 0; i < app->window_count; i++) {
        app->windows[i].share = WINDOW_SHARE;
    }
    return APP_REDRAW;
}

unsigned command_sync(App *app, int argument)
{
    (void)argument;
    app->is_synced = !app->is_synced;
    app_say(app, ROLE_STATUS_KEY,
            app->is_synced ? "the windows go to the same moment together"
                           : "each window moves for itself");
    return APP_REDRAW;
}

void app_windows_pane_moved(App *app, size_t from, size_t to)
{
    for (int i = 0; i < app->window_count; i++) {
        size_t *pane = &app->windows[i].pane;

        if (to != SIZE_MAX && *pane == from) {
            *pane = to;
        } else if (to != SIZE_MAX && *pane == to) {
            *pane = from; /* they stand beside each other: a move is an exchange */
        } else if (to == SIZE_MAX && (*pane > from || *pane == app->pane_count)) {
            (*pane)--;
        }
    }
    app_jumps_pane_moved(app, from, to);
    app_watch(app);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void draw_name(App *app, Canvas *canvas, int index)
{
    Rect area = app->layout.windows[index].name;
    const Window *window = &app->windows[index];
    SessionPane *pane = session_pane(app->session, window->pane);
    ViewCounts counts = view_counts(pane->view);
    Role role = index == app->focus ? ROLE_WINDOW_TITLE_CURRENT : ROLE_WINDOW_TITLE;
    char number[32];
    StrBuf text = {0};

    if (area.height == 0) {
        return;
    }
    canvas_fill(canvas, area, role);
    strbuf_printf(&text, "%s%.*s", index == app->focus ? "▸ " : "  ", SV_ARG(pane->def.title));
    if (app_pane_ops(app, index) != NULL) {
        app_pane_ops(app, index)->tab(app, &text);
    } else {
        strbuf_printf(&text, "  %s", app_count(counts.entries, number));
    }
    if (counts.failures > 0) {
        strbuf_printf(&text, "  ✗%s", app_count(counts.failures, number));
    }
    if (window->follows && !session_is_loaded(app->session)) {
        strbuf_add_str(&text, "  follows");
    }
    if (!app->is_synced) {
        strbuf_add_str(&text, "  for itself");
    }
    (void)canvas_text_cut(canvas, area.x, area.y, area.width, role, strbuf_view(&text));
    strbuf_done(&text);
}

void app_draw_windows(App *app, Canvas *canvas)
{
    for (int i = 0; i < app->window_count; i++) {
        const WindowLayout *layout = &app->layout.windows[i];

        if (layout->list.height == 0 || layout->list.width == 0) {
            continue;
        }
        draw_name(app, canvas, i);
        if (app_pane_ops(app, i) != NULL) {
            app_draw_rows(app, canvas, i);
        } else {
            app_draw_list(app, canvas, i);
        }
        for (int y = 0; y < layout->splitter.height; y++) {
            (void)canvas_text(canvas, layout->splitter.x, layout->splitter.y + y, 1, ROLE_SPLITTER,
                              SV("│"));
        }
    }
}
