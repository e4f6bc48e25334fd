/*
 * The list of a pane: one row an entry, notices as rules, matches lit up, the selected entry kept
 * in its place. It draws; moving is in app.c.
 */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/app_state.h"

/* Longest start of a message that is looked at for a row: more does not fit on any screen. */
#define ROW_TEXT_MAX (8 * KIB)

typedef struct Glyph {
    const char *text;
    Role role;
} Glyph;

/* What stands in the level column: the outcome where the entry has one, else the level. */
static const Glyph OUTCOME_GLYPHS[OUTCOME_COUNT] = {
    [OUTCOME_WAIT] = {"◷", ROLE_OUTCOME_WAIT},
    [OUTCOME_OK] = {"✓", ROLE_OUTCOME_OK},
    [OUTCOME_FAIL] = {"✗", ROLE_OUTCOME_FAIL},
};

static const Glyph LEVEL_GLYPHS[LEVEL_COUNT] = {
    [LEVEL_NONE] = {" ", ROLE_DIM},          [LEVEL_DEFAULT] = {" ", ROLE_LEVEL_DEFAULT},
    [LEVEL_INFO] = {"i", ROLE_LEVEL_INFO},   [LEVEL_DEBUG] = {"d", ROLE_LEVEL_DEBUG},
    [LEVEL_ERROR] = {"E", ROLE_LEVEL_ERROR}, [LEVEL_FAULT] = {"F", ROLE_LEVEL_FAULT},
};

static const Glyph UNPARSED_GLYPH = {"?", ROLE_DIM};

typedef struct RowDraw {
    App *app;
    int window;
    Canvas *canvas;
    const Columns *columns;
    uint32_t index;
    int y;
    int x;
} RowDraw;

static Role message_role(const Columns *columns, uint32_t index)
{
    uint8_t outcome = columns->tag[index].outcome;

    if (outcome == OUTCOME_FAIL) {
        return ROLE_OUTCOME_FAIL;
    }
    switch (columns->level[index]) {
    case LEVEL_ERROR:
    case LEVEL_FAULT: /* its glyph is loud enough: many a fault is harmless */
        return ROLE_LEVEL_ERROR;
    case LEVEL_DEBUG:
        return ROLE_LEVEL_DEBUG;
    case LEVEL_INFO:
        return ROLE_LEVEL_INFO;
    default:
        return columns->kind[index] == KIND_UNPARSED ? ROLE_DIM : ROLE_TEXT;
    }
}

/* Writes a column and steps over it and the blank behind it. */
static void put_column(RowDraw *row, int width, Role role, StrView text)
{
    if (width > 0) {
        (void)canvas_text_cut(row->canvas, row->x, row->y, width, role, text);
        row->x += width + 1;
    }
}

static void put_time(RowDraw *row, ListColumns widths, int64_t before_ns)
{
    char buf[CLOCK_STAMP_MAX];
    Stamp stamp = {.ns = row->columns->time_ns[row->index],
                   .zone_minutes = row->columns->zone_minutes[row->index]};

    clock_format(stamp, widths.has_millis ? CLOCK_TIME : CLOCK_SECOND, buf);
    put_column(row, widths.time, ROLE_TIME, sv(buf));
    if (before_ns != CLOCK_NO_TIME && stamp.ns != CLOCK_NO_TIME) {
        clock_format_delta(stamp.ns - before_ns, buf, sizeof buf);
    } else {
        buf[0] = '\0';
    }
    put_column(row, widths.delta, ROLE_DELTA, sv(buf));
}

static void put_glyph(RowDraw *row, ListColumns widths)
{
    const Glyph *glyph = &OUTCOME_GLYPHS[row->columns->tag[row->index].outcome];

    if (glyph->text == NULL) {
        glyph = &LEVEL_GLYPHS[row->columns->level[row->index]];
    }
    if (row->columns->kind[row->index] == KIND_UNPARSED) {
        glyph = &UNPARSED_GLYPH;
    }
    put_column(row, widths.level, glyph->role, sv(glyph->text));
}

/* Lights up what `find` finds in the part of `text` that stands in the row. */
static void light_matches(RowDraw *row, StrView text, int width)
{
    Search *search = session_search(row->app->session);
    size_t from = 0;
    size_t start;
    size_t end;

    if (!search_is_on(search)) {
        return;
    }
    while (from < text.len && search_span(search, text, from, &start, &end)) {
        int x = utf8_width(sv_slice(text, 0, start));
        int cells = utf8_width(sv_slice(text, start, end - start));

        if (x >= width) {
            return;
        }
        if (x + cells > width) {
            cells = width - x;
        }
        canvas_paint(row->canvas, (Rect){row->x + x, row->y, cells, 1}, ROLE_MATCH);
        from = end > start ? end : end + 1;
    }
}

static void dim_private(RowDraw *row, StrView text, int width)
{
    static const char MARK[] = "<private>";
    size_t from = 0;

    for (;;) {
        size_t at = sv_find(sv_slice(text, from, SIZE_MAX), SV(MARK));

        if (at == SIZE_MAX) {
            return;
        }
        int x = utf8_width(sv_slice(text, 0, from + at));

        if (x + (int)(sizeof MARK - 1) > width) {
            return;
        }
        canvas_paint(row->canvas, (Rect){row->x + x, row->y, (int)sizeof MARK - 1, 1},
                     ROLE_PRIVATE);
        from += at + sizeof MARK - 1;
    }
}

/* Where the text of the row begins: what was scrolled off, or, when the first match would stand
 * beyond the row's end, so that the match can be seen. */
static size_t message_start(const RowDraw *row, StrView text, int width)
{
    Search *search = session_search(row->app->session);
    int unused;
    size_t start;
    size_t end;

    if (row->app->windows[row->window].scroll_x > 0) {
        return utf8_fit(text, row->app->windows[row->window].scroll_x, &unused);
    }
    if (!search_is_on(search) || !search_span(search, text, 0, &start, &end)) {
        return 0;
    }
    int before = utf8_width(sv_slice(text, 0, start));

    if (before + utf8_width(sv_slice(text, start, end - start)) < width) {
        return 0;
    }
    return utf8_fit(text, before - width / 4, &unused);
}

static void put_message(RowDraw *row, int width)
{
    StrView text = sv_slice(columns_message(row->columns, row->index), 0, ROW_TEXT_MAX);
    Role role = message_role(row->columns, row->index);

    if (width <= 0) {
        return;
    }
    if ((row->columns->flags[row->index] & (ENTRY_CUT | ENTRY_PARTIAL)) != 0 && width > 12) {
        int used = canvas_text(row->canvas, row->x, row->y, width, ROLE_OUTCOME_WAIT, SV("[cut] "));

        row->x += used;
        width -= used;
    }
    size_t start = message_start(row, text, width);

    if (start > 0) {
        row->x += canvas_text(row->canvas, row->x, row->y, 1, ROLE_DIM, SV("…"));
        width--;
        text = sv_slice(text, start, SIZE_MAX);
    }
    (void)canvas_text_cut(row->canvas, row->x, row->y, width, role, text);
    if ((row->columns->flags[row->index] & ENTRY_PRIVATE) != 0) {
        dim_private(row, text, width);
    }
    light_matches(row, text, width);
}

/* A notice is a rule across the list with its words. */
static void draw_notice(RowDraw *row, Rect list)
{
    StrView words = columns_message(row->columns, row->index);

    canvas_hline(row->canvas, list.x, row->y, list.width, ROLE_NOTICE);
    if (list.width > 8) {
        int used =
            canvas_text_cut(row->canvas, list.x + 4, row->y, list.width - 6, ROLE_NOTICE, words);

        (void)canvas_text(row->canvas, list.x + 3, row->y, 1, ROLE_NOTICE, SV(" "));
        (void)canvas_text(row->canvas, list.x + 4 + used, row->y, 1, ROLE_NOTICE, SV(" "));
    }
}

static void draw_ground(RowDraw *row, Rect list, EntryNumber number, bool is_selected)
{
    const App *app = row->app;
    Rect line = {list.x, row->y, list.width, 1};

    if (app->range_anchor != 0) {
        EntryNumber cursor = app_selected(app);
        EntryNumber low = app->range_anchor < cursor ? app->range_anchor : cursor;
        EntryNumber high = app->range_anchor < cursor ? cursor : app->range_anchor;

        if (number >= low && number <= high) {
            canvas_ground(row->canvas, line, ROLE_SELECTED_DIM);
            (void)canvas_text(row->canvas, list.x, row->y, 1, ROLE_MARK, SV("│"));
        }
    }
    if (is_selected && row->window == app->focus) {
        canvas_ground(row->canvas, line, ROLE_SELECTED);
        (void)canvas_text(row->canvas, list.x, row->y, 1, ROLE_SELECTED, SV("▌"));
    } else if (is_selected) {
        canvas_ground(row->canvas, line, ROLE_MOMENT);
        (void)canvas_text(row->canvas, list.x, row->y, 1, ROLE_MOMENT, SV("▸"));
    }
    if (marks_has(session_marks(app->session), number)) {
        (void)canvas_text(row->canvas, list.x, row->y, 1, ROLE_MARK, SV("◆"));
    }
}

/* Without a category the subsystem stands there, without what nearly all of them begin with. */
static StrView category_of(const RowDraw *row)
{
    static const StrView PREFIX = {"com.apple.", sizeof "com.apple." - 1};
    StrView category = columns_text(row->columns, row->columns->category[row->index]);

    if (category.len > 0) {
        return category;
    }
    StrView subsystem = columns_text(row->columns, row->columns->subsystem[row->index]);

    return sv_starts(subsystem, PREFIX) ? sv_slice(subsystem, PREFIX.len, SIZE_MAX) : subsystem;
}

static void draw_row(RowDraw *row, Rect list, ListColumns widths, int64_t before_ns)
{
    if (row->columns->kind[row->index] == KIND_NOTICE) {
        draw_notice(row, list);
        return;
    }
    row->x = list.x + widths.glyph;
    put_time(row, widths, before_ns);
    put_glyph(row, widths);
    put_column(row, widths.host, ROLE_CATEGORY,
               session_host(row->app->session, row->columns->source[row->index]));
    put_column(row, widths.process, ROLE_PROCESS,
               columns_text(row->columns, row->columns->process[row->index]));
    put_column(row, widths.category, ROLE_CATEGORY, category_of(row));
    put_message(row, widths.message);
}

static int64_t row_time(const Store *store, const View *view, size_t row)
{
    StoreRow found;

    return store_find(store, view_get(view, row), &found) ? found.columns->time_ns[found.index]
                                                          : CLOCK_NO_TIME;
}

static void draw_heads(App *app, Canvas *canvas, int window, ListColumns widths)
{
    Rect heads = app->layout.windows[window].heads;
    RowDraw row = {.app = app, .canvas = canvas, .y = heads.y, .x = heads.x + widths.glyph};

    if (heads.height == 0) {
        return;
    }
    canvas_fill(canvas, heads, ROLE_DIM);
    put_column(&row, widths.time, ROLE_DIM, SV("time"));
    put_column(&row, widths.delta, ROLE_DIM, SV("delta"));
    put_column(&row, widths.level, ROLE_DIM, SV("l"));
    put_column(&row, widths.host, ROLE_DIM, SV("host"));
    put_column(&row, widths.process, ROLE_DIM, SV("process"));
    put_column(&row, widths.category, ROLE_DIM, SV("category"));
    put_column(&row, widths.message, ROLE_DIM, SV("message"));
}

/* Says why there is nothing, and what to do. */
static void draw_empty(App *app, Canvas *canvas, int window, Rect list)
{
    const StoreCounts *counts = store_counts(session_store(app->session));
    const char *first = "nothing has come yet";
    const char *second = "entries appear here as soon as the source delivers some";
    char number[32];
    StrBuf words = {0};

    if (!view_is_done(app_window_view(app, window))) {
        first = "looking …";
        second = "";
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
        (void)canvas_text_cut(canvas, list.x + 2, list.y + 1, list.width - 4, ROLE_DIM, sv(first));
        (void)canvas_text_cut(canvas, list.x + 2, list.y + 2, list.width - 4, ROLE_DIM, sv(second));
    }
    strbuf_done(&words);
}

void app_draw_list(App *app, Canvas *canvas, int window)
{
    Rect list = app->layout.windows[window].list;
    const Store *store = session_store(app->session);
    const View *view = app_window_view(app, window);
    ListColumns widths =
        layout_columns(list.width, sources_count(session_sources(app->session)) > 1);
    size_t top = app_top(app, window);
    size_t cursor = app_window_cursor(app, window);
    int64_t before =
        top > 0 && top <= view_len(view) ? row_time(store, view, top - 1) : CLOCK_NO_TIME;

    draw_heads(app, canvas, window, widths);
    canvas_fill(canvas, list, ROLE_TEXT);
    if (view_len(view) == 0) {
        draw_empty(app, canvas, window, list);
    }
    for (int line = 0; line < list.height; line++) {
        size_t at = top + (size_t)line;
        StoreRow found;

        if (at >= view_len(view)) {
            break;
        }
        if (!store_find(store, view_get(view, at), &found)) {
            continue;
        }
        RowDraw row = {.app = app,
                       .window = window,
                       .canvas = canvas,
                       .columns = found.columns,
                       .index = found.index,
                       .y = list.y + line};

        draw_row(&row, list, widths, before);
        draw_ground(&row, list, view_get(view, at), at == cursor);
        before = found.columns->time_ns[found.index];
    }
}
