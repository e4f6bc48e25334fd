/*
 * The panes that show the enrolment instead of entries, as far as they are alike: rows, a chosen
 * one, going from it to its entry. What the rows say is in app_timeline.c and app_mdm_commands.c.
 */
#include "tui/app_enrolment.h"

static const PaneOps *const ROLE_OPS[PANE_ROLE_COUNT] = {
    [PANE_LIST] = NULL,
    [PANE_TIMELINE] = &TIMELINE_OPS,
    [PANE_COMMANDS] = &COMMANDS_OPS,
};

const PaneOps *app_role_ops(PaneRole role)
{
    return ROLE_OPS[role];
}

const PaneOps *app_pane_ops(const App *app, int window)
{
    return ROLE_OPS[session_pane(app->session, app->windows[window].pane)->def.role];
}

bool app_has_rows(const App *app)
{
    return app_pane_ops(app, app->focus) != NULL;
}

void app_watch(App *app)
{
    size_t pane = app_pane_index(app);

    if (app_has_rows(app) && app->mode == MODE_DETAIL) {
        app->mode = MODE_LIST; /* no entry is shown whole here: its keys would be dead */
    }
    for (size_t i = 0; app_has_rows(app) && i < app->pane_count; i++) {
        if (session_pane(app->session, i)->def.role == PANE_LIST) {
            pane = i;
            break;
        }
    }
    session_watch(app->session, pane);
}

const Attempt *app_attempt(const App *app)
{
    return enrolment_headline(session_enrolment(app->session));
}

/* --- moving ----------------------------------------------------------------------------------- */

unsigned app_rows_go(App *app, int row)
{
    PaneState *place = app_place(app);
    int count = app_pane_ops(app, app->focus)->count(app);

    place->choice = row >= count ? count - 1 : row;
    place->choice = place->choice < 0 ? 0 : place->choice;
    app->detail_scroll = 0;
    if (count > 0 && app->window_count > 1 && app->is_synced) {
        /* The lists beside it show the moment. */
        EntryNumber number = app_pane_ops(app, app->focus)->entry(app, place->choice, false);

        for (int i = 0; number != 0 && i < app->window_count; i++) {
            if (app_pane_ops(app, i) == NULL) {
                app_put_window(app, i, number);
            }
        }
    }
    return APP_REDRAW;
}

unsigned app_rows_move(App *app, int by)
{
    return app_rows_go(app, app_place(app)->choice + by);
}

/* --- from a row to its entry ------------------------------------------------------------------ */

static bool has_entry(const App *app, size_t pane, EntryNumber number)
{
    const View *view = session_pane(app->session, pane)->view;

    return view_len(view) > 0 && view_get(view, view_find(view, number)) == number;
}

void app_show_entry(App *app, EntryNumber number)
{
    size_t pane = app_window(app)->pane;

    for (size_t i = 0; !has_entry(app, pane, number) && i < app->pane_count; i++) {
        pane = has_entry(app, i, number) ? i : pane;
    }
    if (!has_entry(app, pane, number)) {
        app_say(app, ROLE_OUTCOME_WAIT, "the entry is not held any more, or no pane shows it");
        return;
    }
    app_remember_place(app);
    if (pane != app_window(app)->pane) {
        app_show_pane(app, pane);
    }
    app_select_entry(app, number);
    app_detail_to_top(app);
}

static void light_span(App *app, EntryNumber from, EntryNumber to, const char *words)
{
    app->span_from = from;
    app->span_to = to;
    app_say(app, ROLE_STATUS_KEY, "%s", words);
}

unsigned app_rows_enter(App *app)
{
    const PaneOps *ops = app_pane_ops(app, app->focus);
    int row = app_place(app)->choice;
    EntryNumber first = row < ops->count(app) ? ops->entry(app, row, false) : 0;
    EntryNumber last = first != 0 ? ops->entry(app, row, true) : 0;
    int other = -1;

    if (first == 0) {
        app_say(app, ROLE_OUTCOME_WAIT, "no entry tells of it");
        return APP_REDRAW;
    }
    app_remember_place(app);
    for (int i = app->window_count - 1; i >= 0; i--) { /* a list beside it gets the keys */
        if (app_pane_ops(app, i) == NULL) {
            other = app->focus;
            app_focus_window(app, i);
            other = app_pane_ops(app, other) == NULL ? other : -1;
        }
    }
    app_show_entry(app, first);
    if (last == first || last == 0) {
        return APP_REDRAW;
    }
    if (other >= 0 && !app->is_synced) {
        app_put_window(app, other, last);
    } else if (ops->span != NULL) {
        light_span(app, first, last, ops->span);
    }
    return APP_REDRAW;
}

/* --- drawing ---------------------------------------------------------------------------------- */

void app_draw_rows(App *app, Canvas *canvas, int index)
{
    const PaneOps *ops = app_pane_ops(app, index);
    const WindowLayout *layout = &app->layout.windows[index];
    PaneState *place = &app->panes[app->windows[index].pane];
    Rect list = layout->list;
    int count = ops->count(app);

    canvas_fill(canvas, list, ROLE_TEXT);
    if (layout->heads.height > 0) {
        canvas_fill(canvas, layout->heads, ROLE_DIM);
        ops->draw_heads(app, canvas, layout->heads);
    }
    if (count == 0) {
        (void)canvas_text_cut(canvas, list.x + 2, list.y + (list.height > 2 ? 1 : 0),
                              list.width - 4, ROLE_DIM, sv(ops->nothing));
        return;
    }
    place->choice = place->choice < count ? place->choice : count - 1;
    if (place->top > place->choice) {
        place->top = place->choice;
    } else if (place->choice >= place->top + list.height) {
        place->top = place->choice - list.height + 1;
    }
    place->top = place->top + list.height > count ? count - list.height : place->top;
    place->top = place->top > 0 ? place->top : 0;
    for (int i = 0; i < list.height && place->top + i < count; i++) {
        Rect line = {list.x, list.y + i, list.width, 1};
        bool is_chosen = place->top + i == place->choice;

        ops->draw_row(app, canvas, line, place->top + i, is_chosen && index == app->focus);
        if (is_chosen && index == app->focus) {
            canvas_ground(canvas, line, ROLE_SELECTED);
            (void)canvas_text(canvas, line.x, line.y, 1, ROLE_SELECTED, SV("▌"));
        }
    }
}

Role app_stage_role(StageState state)
{
    static const Role ROLES[STAGE_STATE_COUNT] = {
        [STAGE_NONE] = ROLE_STAGE_NONE, [STAGE_PROGRESS] = ROLE_STAGE_PROGRESS,
        [STAGE_WAIT] = ROLE_STAGE_WAIT, [STAGE_OK] = ROLE_STAGE_OK,
        [STAGE_FAIL] = ROLE_STAGE_FAIL,
    };

    return ROLES[state];
}

const char *app_stage_glyph(StageState state)
{
    static const char *const GLYPHS[STAGE_STATE_COUNT] = {
        [STAGE_NONE] = "·", [STAGE_PROGRESS] = "▸", [STAGE_WAIT] = "◷",
        [STAGE_OK] = "✓",   [STAGE_FAIL] = "✗",
    };

    return GLYPHS[state];
}

void app_print_latency(int64_t ms, StrBuf *buf)
{
    if (ms >= 10000) {
        strbuf_printf(buf, "%.1f s", (double)ms / 1000.0);
    } else if (ms >= 0) {
        strbuf_printf(buf, "%d ms", (int)ms);
    }
}
