/*
 * The message of an entry in a list: what is scrolled off, cut, wrapped or folded of it, and what
 * is lit up in it. Where a line of it begins and ends is known before, see rows.h.
 */
#include <stdio.h>

#include "base/utf8.h"
#include "tui/list_draw.h"
#include "tui/row_text.h"

/* Longest start of a message that is looked at for a row: more does not fit on any screen. */
#define ROW_TEXT_MAX (8 * KIB)

/* Narrower messages do not tell how many lines follow, or what was noted. */
#define REST_MIN_WIDTH 16
#define NOTE_MIN_WIDTH 24

#define REST_MAX 32
#define REST_CELLS 11 /* of "… +1023 KiB" */

/* Bytes beyond the screen in which a term may end that begins on it. */
#define TERM_ROOM 512

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

/* A piece of a message on the screen. What is lit is looked for in the text around it, too: it may
 * begin on the line before. */
typedef struct Piece {
    StrView text;
    StrView around;
    size_t at; /* where `text` begins in `around` */
    int x;     /* on the canvas */
    int width;
} Piece;

/* Paints bytes [from, to) of the text around a piece, as far as they are on the screen; false
 * beyond its end. */
static bool paint_bytes(const RowDraw *row, Piece piece, size_t from, size_t to, Role role)
{
    if (to <= piece.at) {
        return true;
    }
    from = from > piece.at ? from - piece.at : 0;
    to = to - piece.at < piece.text.len ? to - piece.at : piece.text.len;
    if (from >= to) {
        return false;
    }
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
    while (from < piece.around.len && search_span(search, piece.around, from, &start, &end)) {
        if (!paint_bytes(row, piece, start, end, ROLE_MATCH)) {
            return;
        }
        from = end > start ? end : end + 1;
    }
}

static void light_terms(const RowDraw *row, Piece piece)
{
    Highlights *highlights = row->list->app->highlights;
    int unused;
    size_t from = 0;
    size_t start;
    size_t end;
    int slot;

    if (!highlights_are_on(highlights)) {
        return;
    }
    size_t shown = utf8_fit(piece.text, piece.width, &unused);
    StrView text = sv_slice(piece.around, 0, piece.at + shown + TERM_ROOM);

    while (highlights_find(highlights, text, from, &start, &end, &slot)) {
        if (!paint_bytes(row, piece, start, end, (Role)(ROLE_HIGHLIGHT_1 + slot))) {
            return;
        }
        from = end;
    }
}

/* Length of the mark that stands at the start of `text` for what log must not show; 0 = none. */
static size_t private_mark(StrView text)
{
    static const char *const MARKS[] = {"<private>", "<redacted>", "<mask"};

    for (size_t i = 0; i < ARRAY_LEN(MARKS); i++) {
        size_t end = sv_starts(text, sv(MARKS[i])) ? sv_find_char(text, '>') : SIZE_MAX;

        if (end != SIZE_MAX) {
            return end + 1;
        }
    }
    return 0;
}

static void dim_private(const RowDraw *row, Piece piece)
{
    size_t from = 0;

    while (from < piece.around.len) {
        size_t at = sv_find_char(sv_slice(piece.around, from, SIZE_MAX), '<');

        if (at == SIZE_MAX) {
            return;
        }
        from += at;
        size_t len = private_mark(sv_slice(piece.around, from, SIZE_MAX));

        if (len > 0 && !paint_bytes(row, piece, from, from + len, ROLE_PRIVATE)) {
            return;
        }
        from += len > 0 ? len : 1;
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

/* What the end of a line tells of what is not shown of the message; returns the cells it takes. */
static int print_rest(uint32_t lines, size_t bytes, char words[REST_MAX])
{
    words[0] = '\0';
    if (lines > 0) {
        (void)snprintf(words, REST_MAX, " ⏎+%u", (unsigned)lines);
    } else if (bytes >= KIB) {
        (void)snprintf(words, REST_MAX, "… +%zu KiB", bytes / KIB);
    } else if (bytes > 0) {
        (void)snprintf(words, REST_MAX, "… +%zu B", bytes);
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
        piece.at += start;
    }
    (void)canvas_text_cut(canvas, piece.x, row->y, piece.width, role, piece.text);
    if (is_scrolled && piece.width > 1 && cells_of(piece.text, piece.width + 1) > piece.width) {
        (void)canvas_text(canvas, piece.x + piece.width - 1, row->y, 1, ROLE_DIM, SV("»"));
    }
    return piece;
}

/* What a line of the list shows of a message, and what it says of the rest. */
typedef struct MessagePart {
    Piece piece;
    size_t start; /* bytes scrolled off */
    int rest_cells;
    char rest[REST_MAX];
} MessagePart;

/* A line of a message that is shown whole. */
static void choose_wrapped(const RowDraw *row, bool tells_rest, MessagePart *part)
{
    const RowLine *line = row->line;
    StrView message = columns_message(row->columns, row->index);
    Piece *piece = &part->piece;
    int unused;

    piece->text = sv_slice(message, line->from, line->to - line->from);
    if (line->missing > 0 && tells_rest) {
        size_t len = piece->text.len;
        size_t fits = utf8_fit(piece->text, piece->width - REST_CELLS, &unused);

        piece->text = sv_slice(piece->text, 0, fits);
        part->rest_cells = print_rest(0, line->missing + len - fits, part->rest);
    }
    piece->around = line->to < ROW_TEXT_MAX ? sv_slice(message, 0, ROW_TEXT_MAX) : piece->text;
    piece->at = line->to < ROW_TEXT_MAX ? line->from : 0;
}

/* The first line of a message: more of it when there is room, or when it was scrolled. */
static void choose_first(const RowDraw *row, bool tells_rest, MessagePart *part)
{
    const RowLine *line = row->line;
    StrView message = columns_message(row->columns, row->index);
    StrView whole = sv_slice(message, line->from, ROW_TEXT_MAX);
    StrView first = sv_slice(whole, 0, line->to - line->from);
    Piece *piece = &part->piece;

    part->rest_cells = print_rest(tells_rest ? line->lines : 0, 0, part->rest);
    part->start = message_start(row, whole, first.len, piece->width);
    piece->around = whole;
    piece->text = first;
    if (line->lines == 0) {
        return;
    }
    if (part->start > 0 || cells_of(whole, piece->width + 1) <= piece->width) {
        piece->text = whole; /* all of it fits, or nothing is kept back */
        part->rest_cells = 0;
    } else if (cells_of(first, piece->width) < piece->width / 2) { /* "{" says too little */
        piece->text = whole;
    }
}

/* --- notes ------------------------------------------------------------------------------------ */

/* Whether an item has no further lines. */
static bool is_last_line(const RowDraw *row)
{
    StrView message = columns_message(row->columns, row->index);

    return !row->line->is_wrapped || row->line->missing > 0 ||
           row->line->to >= row_text_begin(message).text.len;
}

/* What was noted of a marked entry stands at its end. Returns the cells it takes, with the blank
 * before it. */
static int put_note(const RowDraw *row, const ListCell *cell)
{
    if (cell->width < NOTE_MIN_WIDTH || !is_last_line(row)) {
        return 0;
    }
    StrView note = marks_note_of(session_marks(row->list->app->session),
                                 view_get(row->list->view, row->line->row));
    int width = utf8_width(note) + 2;
    int limit = cell->width / 2;

    if (note.len == 0) {
        return 0;
    }
    width = width < limit ? width : limit;
    int x = row->list->area.x + cell->x + cell->width - width;

    (void)canvas_text(row->list->canvas, x, row->y, 2, ROLE_NOTE, SV("◆ "));
    (void)canvas_text_cut(row->list->canvas, x + 2, row->y, width - 2, ROLE_NOTE, note);
    return width + 1;
}

/* --- a line of the message -------------------------------------------------------------------- */

void list_light_cell(const RowDraw *row, const ListCell *cell, StrView text, size_t at)
{
    Piece piece = {.text = sv_slice(text, at, SIZE_MAX),
                   .around = text,
                   .at = at,
                   .x = row->list->area.x + cell->x,
                   .width = cell->width};

    light_terms(row, piece);
    light_matches(row, piece);
}

void list_draw_message(const RowDraw *row, const ListCell *cell)
{
    int x = row->list->area.x + cell->x;
    int width = cell->width - put_note(row, cell);
    int used = put_prefix(row, x, width);
    bool tells_rest = width >= REST_MIN_WIDTH;
    MessagePart part = {.piece = {.x = x + used, .width = width - used}};

    if (row->line->is_wrapped) {
        choose_wrapped(row, tells_rest, &part);
    } else {
        choose_first(row, tells_rest, &part);
    }
    Piece piece = part.piece;
    int cells = part.rest_cells;

    if (piece.width <= cells) {
        return;
    }
    if (cells_of(piece.text, piece.width + 1) + cells > piece.width) {
        piece.width -= cells;
    }
    piece = put_text(row, piece, part.start);
    if (cells > 0) {
        (void)canvas_text(row->list->canvas, piece.x + cells_of(piece.text, piece.width), row->y,
                          cells, ROLE_FOLD, sv(part.rest));
    }
    if ((row->columns->flags[row->index] & ENTRY_PRIVATE) != 0) {
        dim_private(row, piece);
    }
    light_terms(row, piece);
    light_matches(row, piece);
}
