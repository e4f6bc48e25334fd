/*
 * The list of a window: its lines, the rules between entries, its headings and its scroll bar. It
 * draws; an entry is drawn in app_row.c, which lines there are is found in rows.c, moving is in
 * app_step.c.
 */
#include "base/utf8.h"
#include "tui/list_draw.h"

#define SCROLL_BAR_MIN_WIDTH 60 /* a narrower list has none */
#define JUMP_MARGIN 2           /* lines around the entry that a jump lands on */
#define TICKS_MAX 500           /* marks that are shown in the scroll bar */

/* Further lines of a message stand under it behind the time, or that far from the edge of a list
 * whose messages are narrower. */
#define FURTHER_WIDE 40
#define FURTHER_INDENT 2

/* From so many rows of the screen and lines of the list on the first entry has its day over it. */
#define FIRST_DAY_ROWS 20
#define FIRST_DAY_LIST 8

/* A list so wide has room for a heading that tells that times are before the end. */
#define END_LIST 90

/* From so many columns on the headings end with the day of the selected entry. */
#define HEAD_DAY_COLUMNS 120
#define HEAD_DAY_MESSAGE 20 /* cells of its heading and the day */

bool app_has_scroll_bar(Rect list)
{
    return list.width >= SCROLL_BAR_MIN_WIDTH;
}

/* --- what is drawn where ---------------------------------------------------------------------- */

/* Without a reference there is nothing to count from. */
static WhenForm time_form(const App *app)
{
    const ListLook *look = &app->look;

    return look->time == WHEN_SINCE && look->reference_ns == CLOCK_NO_TIME ? WHEN_CLOCK
                                                                           : look->time;
}

/* The cells that the form of the time needs at least. */
static int time_width(const App *app, int list)
{
    WhenForm form = time_form(app);

    if (form == WHEN_AGO && list >= END_LIST && session_is_loaded(app->session)) {
        return WHEN_END_WIDTH;
    }
    return form == WHEN_AGO || form == WHEN_SINCE ? 8 : 0;
}

ListPlan app_list_plan(const App *app, int window)
{
    Rect list = app->layout.windows[window].list;
    ListRoom room = {
        .width = list.width - (app_has_scroll_bar(list) ? 1 : 0),
        .has_hosts = sources_count(session_sources(app->session)) > 1,
        .has_words = app->look.has_words,
        .time_width = time_width(app, list.width),
    };

    return list_plan_make(&app->panes[app->windows[window].pane].columns, room);
}

ListCell list_further_cell(const ListPlan *plan)
{
    const ListCell *message = list_plan_find(plan, FIELD_MESSAGE);
    const ListCell *first = &plan->cells[0];

    if (message == NULL) {
        return (ListCell){0};
    }
    ListCell further = *message;
    int x = plan->gutter + FURTHER_INDENT;

    if (first->column == FIELD_DATE && message->width >= FURTHER_WIDE) {
        x = first->x + first->width + 1;
    }
    if (x < further.x) {
        further.width += further.x - x;
        further.x = x;
    }
    return further;
}

RowsLook app_rows_look(const App *app, int window)
{
    ListPlan plan = app_list_plan(app, window);
    const ListCell *message = list_plan_find(&plan, FIELD_MESSAGE);
    int height = app->layout.windows[window].list.height;

    return (RowsLook){
        .height = height > 1 ? height : 1,
        .message_width = message != NULL ? message->width : 0,
        .further_width = list_further_cell(&plan).width,
        .wraps = app->look.wraps,
        .folds = app->look.folds,
        .shows_days = app->look.shows_rules,
        .shows_first = app->rows >= FIRST_DAY_ROWS && height >= FIRST_DAY_LIST,
        .shows_boots = app->look.shows_rules,
        .gap_ns = app->look.shows_rules ? app->look.gap_ns : 0,
    };
}

const Rows *app_rows(App *app, int window)
{
    RowsLook look = app_rows_look(app, window);
    Window *at = &app->windows[window];
    Rows *rows = &app->shown[window];

    if (at->line < 0 || at->line >= look.height) { /* the window is another than before */
        at->line = look.height / 2;
    }
    rows_make(rows, app_window_view(app, window), session_store(app->session), &look,
              app_window_cursor(app, window), at->follows ? look.height - 1 : at->line);
    at->line = rows->cursor_line;
    return rows;
}

/* The line for an item, whatever is above the first one. */
static int line_for(App *app, int window, size_t row)
{
    const View *view = app_window_view(app, window);
    const Store *store = session_store(app->session);
    RowsLook look = app_rows_look(app, window);
    const Rows *rows = app_rows(app, window);
    size_t cursor = app_window_cursor(app, window);
    size_t first = rows_first(view, store, &look, row);
    int line = rows_line_of(rows, row);

    if (rows->count == 0 || rows_first(view, store, &look, cursor) == first) {
        return app->windows[window].line;
    }
    bool is_next = rows_move(view, store, &look, cursor, 1) == first;
    bool is_previous = rows_move(view, store, &look, cursor, -1) == first;

    if (line < 0 && (is_next || is_previous)) {
        return is_next ? look.height - 1 : 0;
    }
    if (line < 0) { /* off the screen, if only just: then as if there were one line more */
        bool is_above = rows_move(view, store, &look, rows->lines[0].row, -1) == first;
        bool is_below = rows_move(view, store, &look, rows->lines[rows->count - 1].row, 1) == first;

        line = is_above ? -1 : (is_below ? look.height : look.height / 2);
    }
    if (!is_next && !is_previous && look.height > 2 * JUMP_MARGIN) {
        line = line < JUMP_MARGIN ? JUMP_MARGIN : line;
        line = line > look.height - 1 - JUMP_MARGIN ? look.height - 1 - JUMP_MARGIN : line;
    }
    return line < 0 ? 0 : (line < look.height ? line : look.height - 1);
}

int app_line_for(App *app, int window, size_t row)
{
    RowsLook look = app_rows_look(app, window);
    int line = line_for(app, window, row);
    bool is_first =
        view_len(app_window_view(app, window)) > 0 &&
        rows_first(app_window_view(app, window), session_store(app->session), &look, row) == 0;

    return is_first && look.shows_first && line == 0 ? 1 : line; /* its day is over it */
}

/* --- parts ------------------------------------------------------------------------------------ */

static int64_t row_time(const ListDraw *draw, size_t row)
{
    StoreRow found;

    return row < view_len(draw->view) && store_find(draw->store, view_get(draw->view, row), &found)
               ? found.columns->time_ns[found.index]
               : CLOCK_NO_TIME;
}

static const char *heading_of(const ListDraw *draw, const ListCell *cell)
{
    const char *heading = list_column_info(cell->column).heading;

    if (cell->column == FIELD_DATE) {
        return when_heading(&draw->when, cell->width);
    }
    return cell->column == FIELD_LEVEL && cell->width == 1 ? "l" : heading;
}

/* The day of the selected entry, as its time is shown. */
static void draw_day(const ListDraw *draw, Rect heads, size_t cursor)
{
    const ListCell *message = list_plan_find(&draw->plan, FIELD_MESSAGE);
    StoreRow found;
    char date[CLOCK_STAMP_MAX];

    if (draw->app->columns < HEAD_DAY_COLUMNS || message == NULL ||
        message != &draw->plan.cells[draw->plan.count - 1] || message->width < HEAD_DAY_MESSAGE ||
        cursor >= view_len(draw->view) ||
        !store_find(draw->store, view_get(draw->view, cursor), &found) ||
        found.columns->time_ns[found.index] == CLOCK_NO_TIME) {
        return;
    }
    Stamp stamp = {.ns = found.columns->time_ns[found.index],
                   .zone_minutes = found.columns->zone_minutes[found.index]};

    stamp.zone_minutes = draw->when.form == WHEN_UTC ? 0 : stamp.zone_minutes;
    clock_format(stamp, CLOCK_DATE, date);
    int width = utf8_width(sv(date));

    (void)canvas_text(draw->canvas, draw->area.x + draw->area.width - width, heads.y, width,
                      ROLE_DIM, sv(date));
}

static void draw_heads(ListDraw *draw, Rect heads, size_t cursor)
{
    if (heads.height == 0) {
        return;
    }
    canvas_fill(draw->canvas, heads, ROLE_DIM);
    for (size_t i = 0; i < draw->plan.count; i++) {
        const ListCell *cell = &draw->plan.cells[i];

        (void)canvas_text_cut(draw->canvas, heads.x + cell->x, heads.y, cell->width, ROLE_DIM,
                              sv(heading_of(draw, cell)));
    }
    draw_day(draw, heads, cursor);
}

/* Says why there is nothing, and what to do. */
static void draw_empty(ListDraw *draw, int window)
{
    App *app = draw->app;
    Rect list = draw->area;
    const StoreCounts *counts = store_counts(draw->store);
    const char *first = "nothing has come yet";
    const char *second = "entries appear here as soon as the source delivers some";
    char number[32];
    StrBuf words = {0};

    if (!view_is_done(app_window_view(app, window))) {
        first = "looking …";
        second = "";
    } else if (view_counts(draw->view).noise > 0) {
        first = "all that passes this pane's predicate is noise";
        second = "z n shows it";
    } else if (counts->entries > 0) {
        strbuf_printf(&words, "none of the %s entries passes this pane's predicate",
                      app_count(counts->entries, number));
        first = words.ptr;
        second = "p changes it · u takes the last change back · 1 shows all";
    } else if (session_is_loaded(app->session)) {
        first = "the source is at its end and had no entries";
        second = "";
    }
    if (list.height >= 3) {
        (void)canvas_text_cut(draw->canvas, list.x + 2, list.y + 1, list.width - 4, ROLE_DIM,
                              sv(first));
        (void)canvas_text_cut(draw->canvas, list.x + 2, list.y + 2, list.width - 4, ROLE_DIM,
                              sv(second));
    }
    strbuf_done(&words);
}

/* "2026-09-09 Wednesday", of an entry's own zone. */
static void print_day(const ListDraw *draw, size_t row, StrBuf *buf)
{
    static const char *const DAYS[] = {"Thursday", "Friday",  "Saturday", "Sunday",
                                       "Monday",   "Tuesday", "Wednesday"}; /* 1970 began so */
    StoreRow found;
    char date[CLOCK_STAMP_MAX];

    if (!store_find(draw->store, view_get(draw->view, row), &found)) {
        return;
    }
    Stamp stamp = {.ns = found.columns->time_ns[found.index],
                   .zone_minutes = found.columns->zone_minutes[found.index]};

    clock_format(stamp, CLOCK_DATE, date);
    strbuf_printf(buf, "%s %s", date, DAYS[((when_day(stamp) % 7) + 7) % 7]);
}

static void draw_rule(const ListDraw *draw, const RowLine *line, int y)
{
    Rect list = draw->area;
    StrBuf words = {0};

    if (line->is_new_boot) {
        strbuf_add_str(&words, "the Mac was started anew");
    }
    if (line->is_new_day) {
        strbuf_add_str(&words, words.len > 0 ? " · " : "");
        print_day(draw, line->row, &words);
    }
    if (line->gap_ns > 0) {
        strbuf_add_str(&words, words.len > 0 ? " · " : "");
        when_print_length(line->gap_ns, &words);
        strbuf_add_str(&words, " without entries");
    }
    canvas_hline(draw->canvas, list.x, y, list.width, ROLE_SEPARATOR);
    if (list.width > 8) {
        int used = canvas_text_cut(draw->canvas, list.x + 4, y, list.width - 6, ROLE_SEPARATOR,
                                   strbuf_view(&words));

        (void)canvas_text(draw->canvas, list.x + 3, y, 1, ROLE_SEPARATOR, SV(" "));
        (void)canvas_text(draw->canvas, list.x + 4 + used, y, 1, ROLE_SEPARATOR, SV(" "));
    }
    strbuf_done(&words);
}

/* Line of the bar for a row: the same share of it as the row is of the view. */
static int bar_line(size_t row, size_t len, int height)
{
    return (int)((double)row / (double)len * height);
}

/* The last column: where in the view the lines are, and where marks. Nothing when all is shown. */
static void draw_scroll_bar(const ListDraw *draw, const Rows *rows)
{
    const Marks *marks = session_marks(draw->app->session);
    size_t len = view_len(draw->view);
    int x = draw->area.x + draw->area.width;
    int y = draw->area.y;
    int height = draw->area.height;

    if (rows->count == 0) {
        return;
    }
    const RowLine *last = &rows->lines[rows->count - 1];
    size_t first = rows->lines[0].row;
    size_t shown = last->row + last->repeats - first;

    if (shown >= len) {
        return;
    }
    int size = bar_line(shown, len, height);

    size = size > 0 ? size : 1;
    int top = (int)((double)first / (double)(len - shown) * (height - size) + 0.5);

    for (int i = 0; i < size; i++) {
        (void)canvas_text(draw->canvas, x, y + top + i, 1, ROLE_SCROLL_THUMB, SV("▐"));
    }
    for (size_t i = 0; i < marks_count(marks) && i < TICKS_MAX; i++) {
        EntryNumber number = marks_get(marks, i);
        size_t row = view_find(draw->view, number);

        if (view_get(draw->view, row) == number) {
            (void)canvas_text(draw->canvas, x, y + bar_line(row, len, height), 1, ROLE_MARK,
                              SV("◆"));
        }
    }
}

/* --- the list --------------------------------------------------------------------------------- */

/* What the wall clock says while something can come; afterwards the newest entry is "now". */
static int64_t now_of(const App *app, const Store *store)
{
    StoreRow found;

    if (!session_is_loaded(app->session)) {
        return app->wall.ns;
    }
    return store_find(store, store_end(store) - 1, &found) ? found.columns->time_ns[found.index]
                                                           : CLOCK_NO_TIME;
}

static ListDraw begin(App *app, Canvas *canvas, int window)
{
    Rect list = app->layout.windows[window].list;
    ListDraw draw = {
        .app = app,
        .canvas = canvas,
        .view = app_window_view(app, window),
        .store = session_store(app->session),
        .area = list,
        .plan = app_list_plan(app, window),
        .has_focus = window == app->focus,
        .scroll_x = app->windows[window].scroll_x,
    };
    StoreRow selected;

    draw.area.width -= app_has_scroll_bar(list) ? 1 : 0;
    draw.when = (When){.form = time_form(app),
                       .reference_ns = app->look.reference_ns,
                       .now_ns = now_of(app, draw.store),
                       .has_ended = session_is_loaded(app->session)};
    if (app->range_anchor != 0) {
        EntryNumber cursor = app_selected(app);

        draw.range_low = app->range_anchor < cursor ? app->range_anchor : cursor;
        draw.range_high = app->range_anchor < cursor ? cursor : app->range_anchor;
    } else if (app->span_to != 0) {
        draw.range_low = app->span_from;
        draw.range_high = app->span_to;
    }
    draw.has_related =
        app->look.lights_related && app_selected_row(app, &selected) &&
        related_key(selected.columns, selected.index, app->look.related, &draw.related);
    return draw;
}

void app_draw_list(App *app, Canvas *canvas, int window)
{
    const WindowLayout *layout = &app->layout.windows[window];
    ListDraw draw = begin(app, canvas, window);
    const Rows *rows = app_rows(app, window);

    draw_heads(&draw, layout->heads, app_window_cursor(app, window));
    canvas_fill(canvas, layout->list, ROLE_TEXT);
    if (view_len(draw.view) == 0) {
        draw_empty(&draw, window);
    }
    for (size_t i = 0; i < rows->count && (int)i < layout->list.height; i++) {
        const RowLine *line = &rows->lines[i];
        int y = layout->list.y + (int)i;

        if (line->kind == ROW_RULE) {
            draw_rule(&draw, line, y);
        } else {
            list_draw_entry(&draw, line, y,
                            line->row > 0 ? row_time(&draw, line->row - 1) : CLOCK_NO_TIME);
        }
    }
    if (app_has_scroll_bar(layout->list)) {
        draw_scroll_bar(&draw, rows);
    }
    strbuf_done(&draw.scratch);
}
