/*
 * One entry of a list, line by line: its columns, its message with what is lit up in it, the ground
 * it stands on. Which lines there are is known before, see rows.h; a notice is a rule across the
 * list.
 */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/glyph.h"
#include "tui/list_draw.h"

/* Longest start of a message that is looked at for a row: more does not fit on any screen. */
#define ROW_TEXT_MAX (8 * KIB)

/* An entry larger than that is not read anew for a column. */
#define ROW_RAW_MAX (64 * KIB)

/* Narrower messages do not tell how many lines follow, or what was noted. */
#define LINES_MIN_WIDTH 16
#define NOTE_MIN_WIDTH 24

#define REST_MAX 32

typedef struct RowSign {
    const char *text;
    Role role;
} RowSign;

/* What stands in the level column: the outcome where the entry has one, else the level. */
static const RowSign OUTCOME_SIGNS[OUTCOME_COUNT] = {
    [OUTCOME_WAIT] = {"◷", ROLE_OUTCOME_WAIT},
    [OUTCOME_OK] = {"✓", ROLE_OUTCOME_OK},
    [OUTCOME_FAIL] = {"✗", ROLE_OUTCOME_FAIL},
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

/* The entry that is being drawn. */
typedef struct RowDraw {
    ListDraw *list;
    const RowLine *line;
    const Columns *columns;
    uint32_t index;
    int64_t before_ns;
    int y;
} RowDraw;

/* --- columns ---------------------------------------------------------------------------------- */

static void put_cell(const RowDraw *row, const ListCell *cell, Role role, StrView text)
{
    (void)canvas_text_cut(row->list->canvas, row->list->area.x + cell->x, row->y, cell->width, role,
                          text);
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

    if (row->before_ns != CLOCK_NO_TIME && ns != CLOCK_NO_TIME) {
        clock_format_delta(ns - row->before_ns, buf, sizeof buf);
        put_cell(row, cell, ROLE_DELTA, sv(buf));
    }
}

static void put_level(const RowDraw *row, const ListCell *cell)
{
    const RowSign *outcome = &OUTCOME_SIGNS[row->columns->tag[row->index].outcome];
    const LevelSign *level = &LEVEL_SIGNS[row->columns->level[row->index]];
    bool is_word = cell->width >= LIST_LEVEL_WORD;

    if (row->columns->kind[row->index] == KIND_UNPARSED) {
        put_cell(row, cell, ROLE_DIM, is_word ? SV("unread") : SV("?"));
    } else if (outcome->text != NULL) {
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

    if (text.len == 0 && list_plan_find(&row->list->plan, FIELD_SUBSYSTEM) == NULL) {
        text = columns_text(row->columns, row->columns->subsystem[row->index]);
        text = sv_starts(text, PREFIX) ? sv_slice(text, PREFIX.len, SIZE_MAX) : text;
    }
    put_cell(row, cell, ROLE_CATEGORY, text);
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
    put_cell(row, cell, ROLE_PROCESS,
             columns_text(row->columns, row->columns->process[row->index]));
}

static void put_host(const RowDraw *row, const ListCell *cell)
{
    put_cell(row, cell, ROLE_CATEGORY,
             session_host(row->list->app->session, row->columns->source[row->index]));
}

/* --- the message ------------------------------------------------------------------------------ */

static Role message_role(const RowDraw *row)
{
    uint8_t outcome = row->columns->tag[row->index].outcome;

    if (outcome == OUTCOME_FAIL) {
        return ROLE_OUTCOME_FAIL;
    }
    switch (row->columns->level[row->index]) {
    case LEVEL_ERROR:
    case LEVEL_FAULT: /* its glyph is loud enough: many a fault is harmless */
        return ROLE_LEVEL_ERROR;
    case LEVEL_DEBUG:
        return ROLE_LEVEL_DEBUG;
    case LEVEL_INFO:
        return ROLE_LEVEL_INFO;
    default:
        return row->columns->kind[row->index] == KIND_UNPARSED ? ROLE_DIM : ROLE_TEXT;
    }
}

/* A piece of a message on the screen. */
typedef struct Piece {
    StrView text;
    int x; /* on the canvas */
    int width;
} Piece;

/* Paints bytes [from, to) of the piece, as far as they are on the screen; false beyond its end. */
static bool paint_bytes(const RowDraw *row, Piece piece, size_t from, size_t to, Role role)
{
    int x = utf8_width(sv_slice(piece.text, 0, from));
    int cells = utf8_width(sv_slice(piece.text, from, to - from));

    if (x >= piece.width) {
        return false;
    }
    cells = x + cells > piece.width ? piece.width - x : cells;
    canvas_paint(row->list->canvas, (Rect){piece.x + x, row->y, cells, 1}, role);
    return true;
}

static void light_matches(const RowDraw *row, Piece piece)
{
    Search *search = session_search(row->list->app->session);
    size_t from = 0;
    size_t start;
    size_t end;

    if (!search_is_on(search)) {
        return;
    }
    while (from < piece.text.len && search_span(search, piece.text, from, &start, &end)) {
        if (!paint_bytes(row, piece, start, end, ROLE_MATCH)) {
            return;
        }
        from = end > start ? end : end + 1;
    }
}

/* "<private>" and "<mask.hash: …>", as log writes what it must not show. */
static void dim_private(const RowDraw *row, Piece piece)
{
    static const StrView PRIVATE = {"<private>", sizeof "<private>" - 1};
    static const StrView MASK = {"<mask", sizeof "<mask" - 1};
    size_t from = 0;

    while (from < piece.text.len) {
        size_t at = sv_find_char(sv_slice(piece.text, from, SIZE_MAX), '<');

        if (at == SIZE_MAX) {
            return;
        }
        from += at;
        StrView rest = sv_slice(piece.text, from, SIZE_MAX);
        size_t len = 1;

        if (sv_starts(rest, PRIVATE)) {
            len = PRIVATE.len;
        } else if (sv_starts(rest, MASK) && sv_find_char(rest, '>') != SIZE_MAX) {
            len = sv_find_char(rest, '>') + 1;
        }
        if (len > 1 && !paint_bytes(row, piece, from, from + len, ROLE_PRIVATE)) {
            return;
        }
        from += len;
    }
}

/* Where the text of the row begins: what was scrolled off, or, when the first match would stand
 * beyond the row's end, so that the match can be seen. `shown` bytes are on the first line. */
static size_t message_start(const RowDraw *row, StrView text, size_t shown, int width)
{
    Search *search = session_search(row->list->app->session);
    int unused;
    size_t start;
    size_t end;

    if (row->list->scroll_x > 0) {
        return utf8_fit(text, row->list->scroll_x, &unused);
    }
    if (!search_is_on(search) || !search_span(search, text, 0, &start, &end)) {
        return 0;
    }
    int before = utf8_width(sv_slice(text, 0, start));

    if (end <= shown && before + utf8_width(sv_slice(text, start, end - start)) < width) {
        return 0;
    }
    return utf8_fit(text, before - width / 4, &unused);
}

/* What stands before the message: how often the entry came, and that not all of it did. Returns
 * the cells it takes. */
static int put_prefix(const RowDraw *row, int x, int width)
{
    Canvas *canvas = row->list->canvas;
    char repeats[ROWS_REPEATS_MAX];
    int used = 0;

    if (row->line->kind != ROW_ENTRY) {
        return 0;
    }
    rows_print_repeats(row->line, repeats);
    used = canvas_text(canvas, x, row->y, width, ROLE_FOLD, sv(repeats));
    if ((row->columns->flags[row->index] & (ENTRY_CUT | ENTRY_PARTIAL)) != 0 &&
        width > ROWS_CUT_MIN) {
        used += canvas_text(canvas, x + used, row->y, width - used, ROLE_OUTCOME_WAIT,
                            SV(ROWS_CUT_WORD));
    }
    return used;
}

/* What the end of a line tells of what is not shown; returns the cells it takes. */
static int print_rest(const RowLine *line, int width, char words[REST_MAX])
{
    words[0] = '\0';
    if (width < LINES_MIN_WIDTH) {
        return 0;
    }
    if (line->lines > 0) {
        (void)snprintf(words, REST_MAX, " ⏎+%u", (unsigned)line->lines);
    } else if (line->missing >= KIB) {
        (void)snprintf(words, REST_MAX, "… +%u KiB", (unsigned)(line->missing / KIB));
    } else if (line->missing > 0) {
        (void)snprintf(words, REST_MAX, "… +%u B", (unsigned)line->missing);
    }
    return utf8_width(sv(words));
}

/* Cells of a text, but no more than `limit`. */
static int cells_of(StrView text, int limit)
{
    int cells;

    return utf8_fit(text, limit, &cells) < text.len ? limit : cells;
}

/* One cell for what was scrolled off on either side. */
static Piece put_text(const RowDraw *row, Piece piece, size_t start)
{
    Canvas *canvas = row->list->canvas;
    bool is_scrolled = row->list->scroll_x > 0;
    Role role = message_role(row);

    if (start > 0 && piece.width > 0) {
        (void)canvas_text(canvas, piece.x, row->y, 1, ROLE_DIM, is_scrolled ? SV("«") : SV("…"));
        piece.x++;
        piece.width--;
        piece.text = sv_slice(piece.text, start, SIZE_MAX);
    }
    (void)canvas_text_cut(canvas, piece.x, row->y, piece.width, role, piece.text);
    if (is_scrolled && piece.width > 1 && cells_of(piece.text, piece.width + 1) > piece.width) {
        (void)canvas_text(canvas, piece.x + piece.width - 1, row->y, 1, ROLE_DIM, SV("»"));
    }
    return piece;
}

static void put_message(const RowDraw *row, const ListCell *cell)
{
    const RowLine *line = row->line;
    StrView message = columns_message(row->columns, row->index);
    int x = row->list->area.x + cell->x;
    int used = put_prefix(row, x, cell->width);
    Piece piece = {.text = sv_slice(message, line->from, line->to - line->from),
                   .x = x + used,
                   .width = cell->width - used};
    char rest[REST_MAX];
    int rest_cells = print_rest(line, cell->width, rest);
    size_t start = 0;

    if (piece.width <= rest_cells) {
        return;
    }
    if (!line->is_wrapped) {
        StrView whole = sv_slice(message, line->from, ROW_TEXT_MAX);

        start = message_start(row, whole, piece.text.len, piece.width);
        piece.text = sv_slice(piece.text, 0, ROW_TEXT_MAX);
        if (start > 0 || cells_of(whole, piece.width + 1) <= piece.width) { /* all of it fits */
            piece.text = start > 0 ? whole : sv_trim(whole);
            rest_cells = 0;
        } else if (cells_of(piece.text, piece.width) < piece.width / 2) { /* "{" says too little */
            piece.text = whole;
        }
    }
    if (cells_of(piece.text, piece.width + 1) + rest_cells > piece.width) {
        piece.width -= rest_cells;
    }
    piece = put_text(row, piece, start);
    if (rest_cells > 0) {
        (void)canvas_text(row->list->canvas, piece.x + cells_of(piece.text, piece.width), row->y,
                          rest_cells, ROLE_FOLD, sv(rest));
    }
    if ((row->columns->flags[row->index] & ENTRY_PRIVATE) != 0) {
        dim_private(row, piece);
    }
    light_matches(row, piece);
}

/* The note on a marked entry; nil = none. */
static StrView note_of(const Marks *marks, EntryNumber number)
{
    size_t count = marks_count(marks);

    for (size_t i = 0; i < count; i++) {
        if (marks_get(marks, i) == number) {
            return marks_note(marks, i);
        }
    }
    return SV_NONE;
}

/* What was noted of a marked entry stands at its end. */
static void put_note(const RowDraw *row, const ListCell *cell, EntryNumber number)
{
    const Marks *marks = session_marks(row->list->app->session);
    StrView note = note_of(marks, number);
    int width = utf8_width(note) + 2;
    int limit = cell->width / 2;

    if (note.len == 0 || cell->width < NOTE_MIN_WIDTH) {
        return;
    }
    width = width < limit ? width : limit;
    int x = row->list->area.x + cell->x + cell->width - width;

    (void)canvas_text(row->list->canvas, x, row->y, 2, ROLE_NOTE, SV("◆ "));
    (void)canvas_text_cut(row->list->canvas, x + 2, row->y, width - 2, ROLE_NOTE, note);
}

/* --- the row ---------------------------------------------------------------------------------- */

typedef void CellDraw(const RowDraw *row, const ListCell *cell);

/* Columns that are drawn in a way of their own; the rest is a value of the entry. */
static CellDraw *const CELLS[LIST_COLUMNS] = {
    [FIELD_DATE] = put_time,       [LIST_DELTA] = put_delta,        [FIELD_LEVEL] = put_level,
    [FIELD_PROCESS] = put_process, [FIELD_CATEGORY] = put_category, [FIELD_HOST] = put_host,
    [FIELD_MESSAGE] = put_message,
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
    if (row->line->kind == ROW_ENTRY && marks_has(session_marks(draw->app->session), number)) {
        draw_gutter(row, ROLE_MARK, SV("◆"));
    }
}

/* A further line of a message: a sign in the blank before it. */
static void draw_wrapped(const RowDraw *row, const ListCell *message)
{
    if (message->x > 0) {
        (void)canvas_text(row->list->canvas, row->list->area.x + message->x - 1, row->y, 1,
                          ROLE_WRAP, SV("↳"));
    }
    put_message(row, message);
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
        draw_wrapped(&row, message);
    } else {
        for (size_t i = 0; i < draw->plan.count; i++) {
            const ListCell *cell = &draw->plan.cells[i];

            (CELLS[cell->column] != NULL ? CELLS[cell->column] : put_field)(&row, cell);
        }
        if (message != NULL) {
            put_note(&row, message, number);
        }
    }
    draw_ground(&row, number);
}
