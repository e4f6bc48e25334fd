/*
 * Commands that search and filter: prompts opened, matches gone to, predicates changed and changed
 * back. What the prompts do is in app_prompt.c.
 */
#include <string.h>

#include "tui/app_state.h"
#include "tui/command_list.h"

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
    bool has_wrapped = false;
    int made = 0;

    if (!search_is_on(search)) {
        app_say(app, ROLE_OUTCOME_WAIT, "nothing is searched for: / begins");
        return APP_REDRAW;
    }
    if (app_match_is_far(app, by > 0 ? FAR_NEXT : FAR_PREVIOUS, app_selected(app))) {
        return APP_REDRAW;
    }
    EntryNumber at = app_selected(app);

    while (made < app_times(app)) {
        bool is_round = false;
        EntryNumber found = session_search_find(app->session, at, by < 0, &is_round);

        if (found == 0 || (made > 0 && is_round)) {
            break;
        }
        has_wrapped |= is_round;
        at = found;
        made++;
    }
    if (made == 0) {
        app_say(app, ROLE_OUTCOME_WAIT, "no match %s",
                session_searches_everywhere(app->session) ? "in all that is held" : "in this pane");
        return APP_REDRAW;
    }
    app_show_entry(app, at);
    if (has_wrapped) {
        app_say(app, ROLE_STATUS_KEY, by > 0 ? "went on at the top" : "went on at the end");
    }
    app_say_fewer(app, made);
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
    if (app_has_rows(app)) {
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
