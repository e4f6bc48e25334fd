/*
 * Moving: steps, pages, ends, from failure to failure, from pane to pane. Jumps to a time or to
 * what belongs together are in app_move.c.
 */
#include <limits.h>

#include "base/utf8.h"
#include "tui/app_state.h"
#include "tui/command_list.h"
#include "tui/row_text.h"

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
    if (app_has_rows(app)) {
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
    if (app_has_rows(app)) {
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

    if (app_has_rows(app)) { /* its rows have nothing beyond the edge, but the box below them has */
        return command_scroll_detail(app, (cells > 0 ? 3 : -3) * app_times(app));
    }
    window->scroll_x += cells * app_times(app);
    window->scroll_x = window->scroll_x < 0 ? 0 : window->scroll_x;
    window->scroll_x = window->scroll_x > SIDEWAYS_MAX ? SIDEWAYS_MAX : window->scroll_x;
    return APP_REDRAW;
}

/* So far that the end of the selected message is at the right edge. */
static int to_message_end(App *app)
{
    ListPlan plan = app_list_plan(app, app->focus);
    const ListCell *cell = list_plan_find(&plan, FIELD_MESSAGE);
    StoreRow row;
    StrBuf scratch = {0};
    Entry entry;
    int width = 0;

    if (cell == NULL || !app_selected_row(app, &row)) {
        return 0;
    }
    columns_entry_full(row.columns, row.index, &scratch, &entry);
    RowText parts = row_text_begin(entry.message);
    uint32_t from;
    uint32_t to;

    (void)row_text_first(&parts, &from, &to); /* what follows is not in the row */
    width = utf8_width(sv_slice(parts.text, from, to - from));
    width = width - cell->width + 1; /* the mark of what is cut off before */
    strbuf_done(&scratch);
    return width > SIDEWAYS_MAX ? SIDEWAYS_MAX : width > 1 ? width : 0;
}

unsigned command_sideways_edge(App *app, int to_end)
{
    app_window(app)->scroll_x = to_end != 0 ? to_message_end(app) : 0;
    return APP_REDRAW;
}

/* The cursor goes along only at the edge of the list. */
unsigned command_scroll_list(App *app, int by)
{
    Window *window = app_window(app);
    int last = app_list_area(app).height - 1;

    if (app_has_rows(app)) {
        return app_rows_move(app, by * app_times(app));
    }
    if (app_cursor(app) == SIZE_MAX) {
        return 0;
    }
    (void)app_rows(app, app->focus); /* brings `line` up to date */
    int line = window->line - by * app_times(app);
    int to = line > last ? last : line;

    to = to < 0 ? 0 : to;
    if (line == to) {
        app_select(app, app_cursor(app), false);
    } else {
        app->times = line > to ? line - to : to - line;
        (void)step(app, rows_move, by); /* it asks for nothing but a frame */
    }
    window->line = to;
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

/* Goes to the next that is wanted, round the end if there is none before it; with a number no
 * further than the end. */
static unsigned go_to(App *app, int by, RowTest is_wanted, const char *what)
{
    size_t at = app_cursor(app);
    bool has_wrapped = false;
    int made = 0;

    while (made < app_times(app) && at != SIZE_MAX) {
        size_t next = find_row(app, at, by, is_wanted);
        bool is_round = next != SIZE_MAX && (by > 0 ? next <= at : next >= at);

        if (next == SIZE_MAX || (made > 0 && is_round)) {
            break;
        }
        has_wrapped |= is_round;
        at = next;
        made++;
    }
    if (made == 0) {
        app_say(app, ROLE_OUTCOME_WAIT, "no %s in this pane", what);
        return APP_REDRAW;
    }
    app_jump(app, at, false);
    if (has_wrapped) {
        app_say(app, ROLE_STATUS_KEY, by > 0 ? "went on at the top" : "went on at the end");
    }
    app_say_fewer(app, made);
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

/* Goes on among `count` ranked failures: from where it is, or to the first from elsewhere; round
 * the end, but with a number no further than that. Returns how many it went. */
static int step_failure(App *app, int by, size_t count)
{
    bool is_there = app->failure_entry != 0 && app->failure_entry == app_selected(app);
    size_t end = by > 0 ? count - 1 : 0;
    int made = 0;

    if (!is_there || app->failure_at == end || app->failure_at >= count) {
        app->failure_at = by > 0 ? 0 : count - 1;
        made = 1;
    }
    while (made < app_times(app) && app->failure_at != end) {
        app->failure_at = by > 0 ? app->failure_at + 1 : app->failure_at - 1;
        made++;
    }
    return made;
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
        return app_has_rows(app) ? 0 : go_to(app, by, is_failure, "failure");
    }
    (void)attempt_failures(attempt, &failures); /* they are there: some are ranked */
    int made = step_failure(app, by, count);

    app->failure_entry = failures[ranked[app->failure_at]].first.number;
    app_show_entry(app, app->failure_entry);
    tell_failure(app, attempt, ranked[app->failure_at], count);
    app_say_fewer(app, made);
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
