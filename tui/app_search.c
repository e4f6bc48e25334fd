/*
 * Matches that are far away: no key waits until they are found. What is counted is known at once,
 * and so is a match nearby; for any other the explorer goes on and goes there when all has been
 * counted, unless the reader has moved meanwhile.
 */
#include "tui/app_state.h"
#include "tui/command_list.h"

bool app_match_is_far(App *app, FarMatch kind, EntryNumber from)
{
    View *view = session_search_view(app->session);
    bool is_backward = kind == FAR_PREVIOUS;

    view_trim(view);
    size_t len = view_len(view);
    size_t row = view_find_from(view, is_backward ? from : from + 1);

    row = is_backward ? (row < len ? row : SIZE_MAX) : row - 1;
    if (search_is_near(session_search(app->session), session_store(app->session), view, row,
                       is_backward)) {
        return false;
    }
    app->far_match = kind;
    app->far_times = app->times;
    if (kind != FAR_TYPED) {
        app_say(app, ROLE_STATUS_KEY, "searching …");
    }
    return true;
}

void app_far_match(App *app)
{
    FarMatch kind = app->far_match;

    if (kind == FAR_NONE || !search_is_done(session_search(app->session))) {
        return;
    }
    app->far_match = FAR_NONE;
    app->toast_until = 0;
    if (kind == FAR_TYPED) {
        app_jump_to_match(app);
        return;
    }
    app->times = app->far_times;
    (void)command_search_next(app, kind == FAR_NEXT ? 1 : -1);
    app->times = 0;
}
