/*
 * Panes made, named, moved and closed from inside: the session keeps the list, the screen keeps a
 * place for each pane, and both change together here and nowhere else.
 */
#include <string.h>

#include "base/mem.h"
#include "tui/app_state.h"
#include "tui/command_list.h"

static void fit_places(App *app, size_t at)
{
    ListSpec columns = app_place(app)->columns; /* as the pane has that it is made from */

    mem_grow((void **)&app->panes, &app->pane_capacity, app->pane_count, sizeof *app->panes);
    memmove(app->panes + at + 1, app->panes + at, (app->pane_count - at) * sizeof *app->panes);
    app_place_init(&app->panes[at]);
    app->panes[at].columns = columns;
    app->pane_count++;
}

void app_pane_add(App *app, StrView title, StrView predicate)
{
    PaneDef def = {.title = title, .predicate = predicate};

    if (title.len == 0) {
        (void)err_set(&app->prompt_err, "a pane needs a name");
        return;
    }
    if (!session_pane_add(app->session, &def, &app->prompt_err)) {
        return;
    }
    fit_places(app, app->pane_count);
    app_show_pane(app, session_pane_count(app->session) - 1);
    app_say(app, ROLE_STATUS_KEY, "a new pane: R renames, { } move, X closes, S keeps all panes");
}

unsigned command_close_pane(App *app, int argument)
{
    size_t at = app_pane_index(app);
    Err err = err_none();

    (void)argument;
    if (!session_pane_remove(app->session, at, &err)) {
        app_say(app, ROLE_OUTCOME_WAIT, "%s", err.text);
        return APP_REDRAW;
    }
    app_place_done(&app->panes[at]);
    app->pane_count--;
    app_windows_pane_moved(app, at, SIZE_MAX);
    memmove(app->panes + at, app->panes + at + 1, (app->pane_count - at) * sizeof *app->panes);
    app_say(app, ROLE_STATUS_KEY, "closed: S keeps it so, the next start has it back otherwise");
    return APP_REDRAW;
}

unsigned command_move_pane(App *app, int by)
{
    size_t from = app_pane_index(app);
    size_t to = by < 0 ? from - 1 : from + 1;

    if ((by < 0 && from == 0) || to >= app->pane_count) {
        return 0;
    }
    PaneState moved = app->panes[from];

    app->panes[from] = app->panes[to];
    app->panes[to] = moved;
    session_pane_move(app->session, from, to);
    app_windows_pane_moved(app, from, to);
    return APP_REDRAW;
}

unsigned command_keep_panes(App *app, int argument)
{
    Err err = err_none();

    (void)argument;
    if (session_panes_save(app->session, &err)) {
        app_say(app, ROLE_STATUS_KEY, "the panes are kept in the configuration");
    } else {
        app_say(app, ROLE_OUTCOME_FAIL, "%s", err.text);
    }
    return APP_REDRAW;
}
