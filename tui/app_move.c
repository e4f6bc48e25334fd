/*
 * Going far: to a time, a minute, an hour, the same process, thread or activity, a mark, and back
 * again along the jump list. Steps and pages are in app_step.c.
 */
#include <string.h>

#include "tui/app_state.h"
#include "tui/command_list.h"

/* --- the jump list ---------------------------------------------------------------------------- */

static JumpPlace present_place(App *app)
{
    return app_has_rows(app)
               ? (JumpPlace){.row = app_place(app)->choice, .pane = app_pane_index(app)}
               : (JumpPlace){.number = app_selected(app), .pane = app_pane_index(app)};
}

static bool is_same_place(JumpPlace a, JumpPlace b)
{
    return a.number == b.number && a.row == b.row && a.pane == b.pane;
}

void app_remember_place(App *app)
{
    Jumps *jumps = &app->jumps;
    JumpPlace here = present_place(app);

    jumps->count = jumps->at; /* what lay ahead is given up by a new jump */
    if ((here.number == 0 && !app_has_rows(app)) ||
        (jumps->count > 0 && is_same_place(jumps->items[jumps->count - 1], here))) {
        return;
    }
    if (jumps->count == JUMPS_MAX) {
        memmove(jumps->items, jumps->items + 1, (JUMPS_MAX - 1) * sizeof *jumps->items);
        jumps->count--;
    }
    jumps->items[jumps->count++] = here;
    jumps->at = jumps->count;
}

void app_jump(App *app, size_t row, bool may_follow)
{
    app_remember_place(app);
    app_select(app, row, may_follow);
    app_detail_to_top(app);
}

void app_jumps_pane_moved(App *app, size_t from, size_t to)
{
    for (size_t i = 0; i < app->jumps.count; i++) {
        size_t *pane = &app->jumps.items[i].pane;

        if (to != SIZE_MAX && *pane == from) {
            *pane = to;
        } else if (to != SIZE_MAX && *pane == to) {
            *pane = from;
        } else if (to == SIZE_MAX && *pane == from) {
            *pane = SIZE_MAX;
        } else if (to == SIZE_MAX && *pane > from && *pane != SIZE_MAX) {
            (*pane)--;
        }
    }
}

/* The present place goes to the end of the list, so that one can return to it. */
static void remember_present(App *app)
{
    Jumps *jumps = &app->jumps;

    if (jumps->at == jumps->count) {
        app_remember_place(app);
        if (jumps->count > 0 && is_same_place(jumps->items[jumps->count - 1], present_place(app))) {
            jumps->at = jumps->count - 1;
        }
    }
}

/* Back in the pane the place is in: in the window that shows it, or else in this one. Where that
 * pane is closed, an entry is shown in the present one. */
static void go_to_place(App *app, JumpPlace place)
{
    if (place.pane != SIZE_MAX && place.pane != app_pane_index(app)) {
        int window = 0;

        while (window < app->window_count && app->windows[window].pane != place.pane) {
            window++;
        }
        if (window < app->window_count) {
            app_focus_window(app, window);
        } else {
            app_show_pane(app, place.pane);
        }
    }
    if (place.number != 0 && !app_has_rows(app)) {
        app_select_entry(app, place.number);
    } else if (place.number == 0 && place.pane != SIZE_MAX) {
        (void)app_rows_go(app, place.row); /* it asks for nothing but a frame */
    }
    app_detail_to_top(app);
}

unsigned command_jump_back(App *app, int argument)
{
    Jumps *jumps = &app->jumps;

    (void)argument;
    remember_present(app);
    if (jumps->at == 0) {
        app_say(app, ROLE_OUTCOME_WAIT, "no jump before this one");
        return APP_REDRAW;
    }
    go_to_place(app, jumps->items[--jumps->at]);
    return APP_REDRAW;
}

unsigned command_jump_forward(App *app, int argument)
{
    Jumps *jumps = &app->jumps;

    (void)argument;
    if (jumps->at + 1 >= jumps->count) {
        app_say(app, ROLE_OUTCOME_WAIT, "no jump after this one");
        return APP_REDRAW;
    }
    go_to_place(app, jumps->items[++jumps->at]);
    return APP_REDRAW;
}

/* --- times ------------------------------------------------------------------------------------ */

/* The time of a row, or of the nearest row after it that has one. */
static Stamp stamp_near(const App *app, size_t row)
{
    const View *view = app_pane(app)->view;
    Stamp none = {.ns = CLOCK_NO_TIME};

    for (; row < view_len(view); row++) {
        StoreRow found;

        if (store_find(session_store(app->session), view_get(view, row), &found) &&
            found.columns->time_ns[found.index] != CLOCK_NO_TIME) {
            return (Stamp){.ns = found.columns->time_ns[found.index],
                           .zone_minutes = found.columns->zone_minutes[found.index]};
        }
    }
    return none;
}

/* Where the minute or hour that a time lies in begins, by the clock on its wall. */
static int64_t floor_time(Stamp stamp, int64_t unit)
{
    int64_t zone = stamp.zone_minutes * (60 * NS_PER_SECOND);
    int64_t wall = clock_shift(stamp.ns, zone);
    int64_t rest = wall % unit;

    return wall - (rest < 0 ? rest + unit : rest) - zone;
}

/* The first row of the next minute or hour in which there is an entry; SIZE_MAX = none. */
static size_t next_unit(const App *app, size_t from, int64_t unit)
{
    const View *view = app_pane(app)->view;
    Stamp stamp = stamp_near(app, from);

    if (stamp.ns == CLOCK_NO_TIME) {
        return SIZE_MAX;
    }
    size_t row = view_find_time(view, floor_time(stamp, unit) + unit);

    return row < view_len(view) && row > from ? row : SIZE_MAX;
}

/* The first row of this minute or hour; when the cursor stands there, that of the row before. Rows
 * out of order make it a step of one row at least. */
static size_t previous_unit(const App *app, size_t from, int64_t unit)
{
    for (size_t back = 0; back <= 1 && from > 0; back++) {
        Stamp stamp = stamp_near(app, from - back);

        if (stamp.ns == CLOCK_NO_TIME) {
            return SIZE_MAX;
        }
        size_t row = view_find_time(app_pane(app)->view, floor_time(stamp, unit));

        if (row < from) {
            return row;
        }
    }
    return from > 0 ? from - 1 : SIZE_MAX;
}

void app_say_fewer(App *app, int made)
{
    if (made < app_times(app)) {
        app_say(app, ROLE_STATUS_KEY, "only %d more", made);
    }
}

static unsigned go_by(App *app, int by, int64_t unit, const char *what)
{
    size_t row = app_cursor(app);
    int made = 0;

    while (made < app_times(app) && row != SIZE_MAX) {
        size_t next = by > 0 ? next_unit(app, row, unit) : previous_unit(app, row, unit);

        if (next == SIZE_MAX) {
            break;
        }
        row = next;
        made++;
    }
    if (made == 0) {
        app_say(app, ROLE_OUTCOME_WAIT, "no %s %s in this pane", by > 0 ? "later" : "earlier",
                what);
        return APP_REDRAW;
    }
    app_jump(app, row, false);
    app_say_fewer(app, made);
    return APP_REDRAW;
}

unsigned command_minute(App *app, int by)
{
    return go_by(app, by, 60 * NS_PER_SECOND, "minute");
}

unsigned command_hour(App *app, int by)
{
    return go_by(app, by, 3600 * NS_PER_SECOND, "hour");
}

/* The point in time that was typed: "-5m" and "+5m" are seen from the selected entry, "12:04" is on
 * its day. */
static bool parse_goal(const App *app, StrView text, int64_t *ret_ns, Err *err)
{
    Stamp here = stamp_near(app, app_cursor(app) == SIZE_MAX ? 0 : app_cursor(app));

    text = sv_trim(text);
    if (here.ns == CLOCK_NO_TIME) {
        return err_set(err, "no entry here has a time");
    }
    if (sv_starts(text, SV("+"))) {
        int64_t length;

        if (!clock_parse_length(sv_slice(text, 1, SIZE_MAX), &length, err)) {
            return false;
        }
        *ret_ns = clock_shift(here.ns, length);
        return true;
    }
    return clock_parse_point(text, here, ret_ns, err);
}

void app_try_goto(App *app, StrView text)
{
    const View *view = app_pane(app)->view;
    int64_t goal = 0;

    if (sv_trim(text).len == 0) {
        return;
    }
    app_select_entry(app, app->search_from); /* lengths count from where the prompt was opened */
    if (parse_goal(app, text, &goal, &app->prompt_err)) {
        app_select(app, view_find_time(view, goal), false);
        app_detail_to_top(app);
    }
}

unsigned command_goto_text(App *app, StrView text)
{
    Err err = err_none();
    int64_t goal = 0;

    if (!parse_goal(app, text, &goal, &err)) {
        app_say(app, ROLE_OUTCOME_FAIL, "%s", err.text);
        return APP_REDRAW;
    }
    app_jump(app, view_find_time(app_pane(app)->view, goal), false);
    return APP_REDRAW;
}

/* --- the same process, thread, activity ------------------------------------------------------- */

static unsigned go_related(App *app, RelatedKind kind, bool is_backward)
{
    const View *view = app_pane(app)->view;
    EntryNumber number = app_selected(app);
    RelatedResult result = RELATED_NONE;
    RelatedKey key;
    StoreRow row;

    if (!app_selected_row(app, &row) || !related_key(row.columns, row.index, kind, &key)) {
        app_say(app, ROLE_OUTCOME_WAIT, "this entry has no %s", related_name(kind));
        return APP_REDRAW;
    }
    EntryNumber found = number;
    int made = 0;

    while (made < app_times(app)) {
        do {
            result = related_find(view, session_store(app->session), &key, &found, is_backward,
                                  RELATED_ROWS);
        } while (result == RELATED_MORE);
        if (result == RELATED_NONE) {
            break;
        }
        number = found;
        made++;
    }
    if (made == 0) {
        app_say(app, ROLE_OUTCOME_WAIT, "no %s entry of this %s in this pane",
                is_backward ? "earlier" : "later", related_name(kind));
        return APP_REDRAW;
    }
    app_jump(app, view_find(view, number), false);
    app_say_fewer(app, made);
    return APP_REDRAW;
}

unsigned command_next_related(App *app, int kind)
{
    return go_related(app, (RelatedKind)kind, false);
}

unsigned command_previous_related(App *app, int kind)
{
    return go_related(app, (RelatedKind)kind, true);
}

/* --- marks with notes ------------------------------------------------------------------------- */

/* Marks the entry if it is not, then asks for the note. */
unsigned command_note(App *app, int argument)
{
    Marks *marks = session_marks(app->session);
    EntryNumber number = app_selected(app);

    (void)argument;
    if (number == 0) {
        return 0;
    }
    if (!marks_has(marks, number)) {
        (void)marks_toggle(marks, session_store(app->session), number); /* it is marked now */
    }
    return app_prompt_open(app, PROMPT_NOTE);
}

void app_accept_note(App *app, StrView text)
{
    if (!marks_set_note(session_marks(app->session), app_selected(app), sv_trim(text))) {
        (void)err_set(&app->prompt_err, "a note has %d bytes at most", MARK_NOTE_MAX);
    }
}

unsigned command_note_text(App *app, StrView text)
{
    Marks *marks = session_marks(app->session);
    EntryNumber number = app_selected(app);

    if (number != 0 && !marks_has(marks, number)) {
        (void)marks_toggle(marks, session_store(app->session), number);
    }
    if (number == 0 || !marks_set_note(marks, number, text)) {
        app_say(app, ROLE_OUTCOME_FAIL, "no entry, or a note of more than %d bytes", MARK_NOTE_MAX);
    }
    return APP_REDRAW;
}
