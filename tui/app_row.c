/*
 * One entry of a list, line by line: its columns and the ground it stands on; its message is drawn
 * in app_message.c. Which lines there are is known before, see rows.h; a notice is a rule across
 * the list.
 */
#include "tui/glyph.h"
#include "tui/list_draw.h"

/* An entry larger than that is not read anew for a column. */
#define ROW_RAW_MAX (64 * KIB)

typedef struct RowSign {
    const char *text;
    Role role;
    bool is_verdict; /* it goes before an error level */
} RowSign;

/* What stands in the level column: how a stage went where the entry speaks of one, else the level.
 */
static const RowSign OUTCOME_SIGNS[OUTCOME_COUNT] = {
    [OUTCOME_INFO] = {"·", ROLE_STAGE_NONE, false},
    [OUTCOME_START] = {"▸", ROLE_STAGE_PROGRESS, false},
    [OUTCOME_PROGRESS] = {"›", ROLE_STAGE_PROGRESS, false},
    [OUTCOME_WAIT] = {"◷", ROLE_OUTCOME_WAIT, true},
    [OUTCOME_OK] = {"✓", ROLE_OUTCOME_OK, true},
    [OUTCOME_FAIL] = {"✗", ROLE_OUTCOME_FAIL, true},
};

typedef struct LevelSign {
    const char *sign;
    const char *word;
    Role role;
} LevelSign;

static const LevelSign LEVEL_SIGNS[LEVEL_COUNT] = {
    [LEVEL_NONE] = {" ", "", ROLE_DIM},
    [LEVEL_DEFAULT] = {" ", "", ROLE_LEVEL_DEFAULT},
    [LEVEL_INFO] = {"i", "info", ROLE_LEVEL_INFO},
    [LEVEL_DEBUG] = {"d", "debug", ROLE_LEVEL_DEBUG},
    [LEVEL_ERROR] = {"E", "error", ROLE_LEVEL_ERROR},
    [LEVEL_FAULT] = {"F", "fault", ROLE_LEVEL_FAULT},
};

/* --- columns ---------------------------------------------------------------------------------- */

static void put_cell(const RowDraw *row, const ListCell *cell, Role role, StrView text)
{
    (void)canvas_text_cut(row->list->canvas, row->list->area.x + cell->x, row->y, cell->width, role,
                          text);
}

/* A text that is searched as the message is; it is shown from its byte `at` on. */
static void put_lit(const RowDraw *row, const ListCell *cell, Role role, StrView text, size_t at)
{
    put_cell(row, cell, role, sv_slice(text, at, SIZE_MAX));
    list_light_cell(row, cell, text, at);
}

static void put_time(const RowDraw *row, const ListCell *cell)
{
    Stamp stamp = {.ns = row->columns->time_ns[row->index],
                   .zone_minutes = row->columns->zone_minutes[row->index]};
    char buf[WHEN_TEXT_MAX];

    when_print(&row->list->when, stamp, row->before_ns, cell->width, buf);
    put_cell(row, cell, ROLE_TIME, sv(buf));
}

static void put_delta(const RowDraw *row, const ListCell *cell)
{
    int64_t ns = row->columns->time_ns[row->index];
    char buf[CLOCK_STAMP_MAX];

    int64_t delta;
    if (clock_between(row->before_ns, ns, &delta)) {
        clock_format_delta(delta, buf, sizeof buf);
        put_cell(row, cell, ROLE_DELTA, sv(buf));
    }
}

static void put_level(const RowDraw *row, const ListCell *cell)
{
    const RowSign *outcome = &OUTCOME_SIGNS[row->columns->tag[row->index].outcome];
    const LevelSign *level = &LEVEL_SIGNS[row->columns->level[row->index]];
    bool is_word = cell->width >= LIST_LEVEL_WORD;
    bool is_error = row->columns->level[row->index] >= LEVEL_ERROR;

    if (row->columns->kind[row->index] == KIND_UNPARSED) {
        put_cell(row, cell, ROLE_DIM, is_word ? SV("unread") : SV("?"));
    } else if (outcome->text != NULL && (outcome->is_verdict || !is_error)) {
        const char *word = is_word ? glyph_word(sv(outcome->text)) : NULL;

        put_cell(row, cell, outcome->role, sv(word != NULL ? word : outcome->text));
    } else {
        put_cell(row, cell, level->role, sv(is_word ? level->word : level->sign));
    }
}

/* Without a category the subsystem stands there, unless it has a column of its own, and without
 * what nearly all of them begin with. */
static void put_category(const RowDraw *row, const ListCell *cell)
{
    static const StrView PREFIX = {"com.apple.", sizeof "com.apple." - 1};
    StrView text = columns_text(row->columns, row->columns->category[row->index]);
    size_t at = 0;

    if (text.len == 0 && list_plan_find(&row->list->plan, FIELD_SUBSYSTEM) == NULL) {
        text = columns_text(row->columns, row->columns->subsystem[row->index]);
        at = sv_starts(text, PREFIX) ? PREFIX.len : 0;
    }
    put_lit(row, cell, ROLE_CATEGORY, text, at);
}

static void put_subsystem(const RowDraw *row, const ListCell *cell)
{
    put_lit(row, cell, ROLE_CATEGORY,
            columns_text(row->columns, row->columns->subsystem[row->index]), 0);
}

/* Columns keep these; the others are in the entry's own bytes only. */
static bool is_kept(int field)
{
    static const bool KEPT[FIELD_COUNT] = {
        [FIELD_KIND] = true,   [FIELD_PROCESS_PATH] = true, [FIELD_PID] = true,
        [FIELD_SENDER] = true, [FIELD_SENDER_PATH] = true,  [FIELD_SUBSYSTEM] = true,
        [FIELD_THREAD] = true, [FIELD_ACTIVITY] = true,     [FIELD_TRACE] = true,
        [FIELD_MACH] = true,   [FIELD_USER] = true,
    };

    return KEPT[field];
}

static void put_field(const RowDraw *row, const ListCell *cell)
{
    StrBuf text = {0};
    Entry entry;

    if (is_kept(cell->column) || columns_raw(row->columns, row->index).len > ROW_RAW_MAX) {
        columns_entry(row->columns, row->index, &entry);
    } else {
        columns_entry_full(row->columns, row->index, &row->list->scratch, &entry);
    }
    (void)entry_print_field(&entry, (FieldId)cell->column, &text);
    put_cell(row, cell, ROLE_CATEGORY, strbuf_view(&text));
    strbuf_done(&text);
}

static void put_process(const RowDraw *row, const ListCell *cell)
{
    put_lit(row, cell, ROLE_PROCESS, columns_text(row->columns, row->columns->process[row->index]),
            0);
}

static void put_host(const RowDraw *row, const ListCell *cell)
{
    put_cell(row, cell, ROLE_CATEGORY,
             session_host(row->list->app->session, row->columns->source[row->index]));
}

/* --- the row ---------------------------------------------------------------------------------- */

typedef void CellDraw(const RowDraw *row, const ListCell *cell);

/* Columns that are drawn in a way of their own; the rest is a value of the entry. */
static CellDraw *const CELLS[LIST_COLUMNS] = {
    [FIELD_DATE] = put_time,         [LIST_DELTA] = put_delta,
    [FIELD_LEVEL] = put_level,       [FIELD_PROCESS] = put_process,
    [FIELD_CATEGORY] = put_category, [FIELD_SUBSYSTEM] = put_subsystem,
    [FIELD_HOST] = put_host,         [FIELD_MESSAGE] = list_draw_message,
};

/* A notice is a rule across the list with its words. */
static void draw_notice(const RowDraw *row)
{
    Rect list = row->list->area;
    Canvas *canvas = row->list->canvas;
    StrView words = columns_message(row->columns, row->index);

    canvas_hline(canvas, list.x, row->y, list.width, ROLE_NOTICE);
    if (list.width > 8) {
        int used = canvas_text_cut(canvas, list.x + 4, row->y, list.width - 6, ROLE_NOTICE, words);

        (void)canvas_text(canvas, list.x + 3, row->y, 1, ROLE_NOTICE, SV(" "));
        (void)canvas_text(canvas, list.x + 4 + used, row->y, 1, ROLE_NOTICE, SV(" "));
    }
}

static void draw_gutter(const RowDraw *row, Role role, StrView sign)
{
    (void)canvas_text(row->list->canvas, row->list->area.x, row->y, 1, role, sign);
}

/* Whether the entry is marked, or one of those it stands for. */
static bool has_mark(const RowDraw *row, EntryNumber number)
{
    const Marks *marks = session_marks(row->list->app->session);
    size_t last = row->line->row + row->line->repeats - 1;

    if (row->line->repeats == 1 || marks_has(marks, number)) {
        return marks_has(marks, number);
    }
    EntryNumber next = marks_next(marks, number, false);

    return next != 0 && last < view_len(row->list->view) &&
           next <= view_get(row->list->view, last) &&
           view_get(row->list->view, view_find(row->list->view, next)) == next;
}

static void draw_ground(const RowDraw *row, EntryNumber number)
{
    const ListDraw *draw = row->list;
    Rect line = {draw->area.x, row->y, draw->area.width, 1};
    bool is_in_range =
        draw->range_low != 0 && number >= draw->range_low && number <= draw->range_high;

    if (is_in_range) {
        canvas_ground(draw->canvas, line, ROLE_SELECTED_DIM);
        draw_gutter(row, ROLE_MARK, SV("│"));
    } else if (draw->has_related && !row->line->is_cursor &&
               related_is(row->columns, row->index, &draw->related)) {
        canvas_ground(draw->canvas, line, ROLE_RELATED);
    }
    if (row->line->is_cursor && draw->has_focus) {
        canvas_ground(draw->canvas, line, ROLE_SELECTED);
        draw_gutter(row, ROLE_SELECTED, SV("▌"));
    } else if (row->line->is_cursor) {
        canvas_ground(draw->canvas, line, ROLE_MOMENT);
        draw_gutter(row, ROLE_MOMENT, SV("▸"));
    }
    if (row->line->kind == ROW_ENTRY && has_mark(row, number)) {
        draw_gutter(row, ROLE_MARK, SV("◆"));
    }
}

/* A further line of a message: a sign in the blank before it. */
static void draw_wrapped(const RowDraw *row)
{
    ListCell further = list_further_cell(&row->list->plan);

    if (further.x > 0) {
        (void)canvas_text(row->list->canvas, row->list->area.x + further.x - 1, row->y, 1,
                          ROLE_WRAP, SV("↳"));
    }
    list_draw_message(row, &further);
}

void list_draw_entry(ListDraw *draw, const RowLine *line, int y, int64_t before_ns)
{
    EntryNumber number = view_get(draw->view, line->row);
    const ListCell *message = list_plan_find(&draw->plan, FIELD_MESSAGE);
    StoreRow found;

    if (!store_find(draw->store, number, &found)) {
        return;
    }
    RowDraw row = {.list = draw,
                   .line = line,
                   .columns = found.columns,
                   .index = found.index,
                   .before_ns = before_ns,
                   .y = y};

    if (found.columns->kind[found.index] == KIND_NOTICE) {
        draw_notice(&row);
    } else if (line->kind == ROW_WRAPPED && message != NULL) {
        draw_wrapped(&row);
    } else {
        for (size_t i = 0; i < draw->plan.count; i++) {
            const ListCell *cell = &draw->plan.cells[i];

            (CELLS[cell->column] != NULL ? CELLS[cell->column] : put_field)(&row, cell);
        }
    }
    draw_ground(&row, number);
}
