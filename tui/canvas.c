/*
 * Canvas: cells in rows, and the one door through which foreign text gets to the screen. It knows
 * roles but no colours, and neither a terminal nor curses.
 */
#include "tui/canvas.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

/* Nothing on a screen is wider: keeps sums of coordinates far from overflowing. */
#define COORDINATE_MAX 100000

static const char *const STYLE_NAMES[] = {"bold", "dim", "underline", "reverse", "italic"};

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

static Cell *cell_at(const Canvas *canvas, int x, int y)
{
    return &canvas->cells[(size_t)y * (size_t)canvas->columns + (size_t)x];
}

/* Brings an area into where sums of its parts cannot overflow. */
static Rect tame(Rect area)
{
    return (Rect){.x = clamp(area.x, -COORDINATE_MAX, COORDINATE_MAX),
                  .y = clamp(area.y, -COORDINATE_MAX, COORDINATE_MAX),
                  .width = clamp(area.width, 0, COORDINATE_MAX),
                  .height = clamp(area.height, 0, COORDINATE_MAX)};
}

/* The part of `area` that lies on the canvas; its width or height is 0 when there is none. */
static Rect clip(const Canvas *canvas, Rect area)
{
    area = tame(area);
    int left = clamp(area.x, 0, canvas->columns);
    int top = clamp(area.y, 0, canvas->rows);
    int right = clamp(area.x + area.width, left, canvas->columns);
    int bottom = clamp(area.y + area.height, top, canvas->rows);
    return (Rect){left, top, right - left, bottom - top};
}

static Cell blank_of(Role role)
{
    return (Cell){.text = " ", .width = 1, .role = (uint8_t)role, .ground = ROLE_TEXT};
}

/* Leaves no half of a wide character where (x, y) is about to be written: the other half becomes a
 * blank of the same look. */
static void split_wide(Canvas *canvas, int x, int y)
{
    Cell *cell = cell_at(canvas, x, y);
    Cell *other = NULL;
    if (cell->width == 0 && x > 0) {
        other = cell_at(canvas, x - 1, y);
    } else if (cell->width == 2 && x + 1 < canvas->columns) {
        other = cell_at(canvas, x + 1, y);
    }
    if (other != NULL) {
        memcpy(other->text, " ", 2);
        other->width = 1;
        memcpy(cell->text, " ", 2);
        cell->width = 1;
    }
}

/* --- life ------------------------------------------------------------------------------------- */

void canvas_init(Canvas *canvas, int columns, int rows)
{
    *canvas = (Canvas){0};
    canvas_resize(canvas, columns, rows);
}

void canvas_done(Canvas *canvas)
{
    mem_free(canvas->cells);
    *canvas = (Canvas){0};
}

void canvas_resize(Canvas *canvas, int columns, int rows)
{
    canvas->columns = clamp(columns, 1, CANVAS_MAX_COLUMNS);
    canvas->rows = clamp(rows, 1, CANVAS_MAX_ROWS);
    size_t count = (size_t)canvas->columns * (size_t)canvas->rows;
    canvas->cells = mem_realloc(canvas->cells, count, sizeof *canvas->cells);
    canvas_clear(canvas, ROLE_TEXT);
}

void canvas_clear(Canvas *canvas, Role role)
{
    Cell blank = blank_of(role);
    size_t count = (size_t)canvas->columns * (size_t)canvas->rows;
    for (size_t i = 0; i < count; i++) {
        canvas->cells[i] = blank;
    }
    canvas->cursor_x = -1;
    canvas->cursor_y = -1;
}

void canvas_fill(Canvas *canvas, Rect area, Role role)
{
    Rect clipped = clip(canvas, area);
    if (clipped.width == 0) {
        return;
    }
    Cell blank = blank_of(role);
    for (int y = clipped.y; y < clipped.y + clipped.height; y++) {
        split_wide(canvas, clipped.x, y);
        split_wide(canvas, clipped.x + clipped.width - 1, y);
        for (int x = clipped.x; x < clipped.x + clipped.width; x++) {
            *cell_at(canvas, x, y) = blank;
        }
    }
}

/* --- text ------------------------------------------------------------------------------------- */

/* Where text is being written. The pen may stand left of the canvas, and never goes beyond `end`.
 */
typedef struct Pen {
    Canvas *canvas;
    int x, y;
    int end; /* column behind the last one that may be written */
    Role role;
} Pen;

/* Writes one cell that is on the canvas, and keeps its ground. */
static void put_cell(const Pen *pen, int x, StrView text, int width)
{
    split_wide(pen->canvas, x, pen->y);
    Cell *cell = cell_at(pen->canvas, x, pen->y);
    memcpy(cell->text, text.ptr, text.len);
    cell->text[text.len] = '\0';
    cell->width = (uint8_t)width;
    cell->role = (uint8_t)pen->role;
    cell->extra = 0;
    if (role_keeps_ground(pen->role)) {
        cell->ground = ROLE_TEXT;
    }
}

/* The start of a cluster that has room in a cell, cut between code points. */
static StrView cell_text(StrView cluster)
{
    size_t len = cluster.len;
    if (len < CELL_BYTES) {
        return cluster;
    }
    len = CELL_BYTES - 1;
    while (((unsigned char)cluster.ptr[len] & 0xC0) == 0x80) {
        len--;
    }
    return sv_slice(cluster, 0, len);
}

/* Writes a cluster of one or two cells at the pen, which has room for it. */
static void put_cluster(Pen *pen, StrView cluster, int width)
{
    int x = pen->x;
    pen->x += width;
    if (x >= 0 && width == 1) {
        put_cell(pen, x, cell_text(cluster), 1);
    } else if (x >= 0) {
        put_cell(pen, x + 1, SV(" "), 1);
        put_cell(pen, x, cell_text(cluster), 2);
        Cell *right = cell_at(pen->canvas, x + 1, pen->y);
        right->text[0] = '\0';
        right->width = 0;
    } else if (x == -1 && width == 2) {
        put_cell(pen, 0, SV(" "), 1);
    }
}

/* Writes the visible form of an unsafe cluster, whose characters all take one cell. */
static void put_escaped(Pen *pen, StrView cluster)
{
    StrBuf visible = {0};
    utf8_visible(&visible, cluster);
    StrView rest = strbuf_view(&visible);
    while (rest.len > 0) {
        StrView one = rest;
        (void)utf8_next(&rest); /* only its length counts */
        one.len -= rest.len;
        put_cluster(pen, one, 1);
    }
    strbuf_done(&visible);
}

static bool is_plain(char byte)
{
    return byte >= 0x20 && byte < 0x7F;
}

static void write_text(Pen *pen, StrView text)
{
    while (text.len > 0 && pen->x < pen->end) {
        size_t len = 1;
        /* Nothing that begins with a byte below 0xC0 joins to a plain one before it. */
        if (is_plain(text.ptr[0]) && (text.len == 1 || (unsigned char)text.ptr[1] < 0xC0)) {
            put_cluster(pen, sv_of(text.ptr, 1), 1);
        } else {
            int width;
            len = utf8_cluster(text, &width);
            if (width > pen->end - pen->x) {
                return;
            }
            StrView cluster = sv_of(text.ptr, len);
            StrView rest = cluster;
            if (width > 2 || utf8_is_unsafe(utf8_next(&rest))) {
                put_escaped(pen, cluster);
            } else {
                put_cluster(pen, cluster, width);
            }
        }
        text.ptr += len;
        text.len -= len;
    }
}

/* Tells whether something written from (x, y) to the right may be seen. */
static bool can_start(const Canvas *canvas, int x, int y)
{
    return y >= 0 && y < canvas->rows && x >= -COORDINATE_MAX && x < canvas->columns;
}

int canvas_text(Canvas *canvas, int x, int y, int width, Role role, StrView text)
{
    if (!can_start(canvas, x, y) || width <= 0) {
        return 0;
    }
    int end = x + clamp(width, 0, COORDINATE_MAX);
    Pen pen = {canvas, x, y, end < canvas->columns ? end : canvas->columns, role};
    write_text(&pen, text);
    return pen.x - x;
}

int canvas_text_cut(Canvas *canvas, int x, int y, int width, Role role, StrView text)
{
    if (!can_start(canvas, x, y) || width <= 0) {
        return 0;
    }
    /* The sign of the cut belongs into the last cell that can be seen. */
    int visible = canvas->columns - x;
    int room = width < visible ? width : visible;
    int used;
    if (utf8_fit(text, room, &used) == text.len) {
        return canvas_text(canvas, x, y, room, role, text);
    }
    size_t len = utf8_fit(text, room - 1, &used);
    (void)canvas_text(canvas, x, y, room - 1, role, sv_slice(text, 0, len)); /* == used */
    return used + canvas_text(canvas, x + used, y, 1, role, SV("…"));
}

int canvas_printf(Canvas *canvas, int x, int y, int width, Role role, const char *format, ...)
{
    StrBuf text = {0};
    va_list args;

    va_start(args, format);
    strbuf_vprintf(&text, format, args);
    va_end(args);
    int used = canvas_text_cut(canvas, x, y, width, role, strbuf_view(&text));
    strbuf_done(&text);
    return used;
}

/* --- looks ------------------------------------------------------------------------------------ */

/* Widens a clipped area in row `y` so that it holds whole characters only. */
static Rect whole_cells(const Canvas *canvas, Rect area, int y)
{
    Rect row = {area.x, y, area.width, 1};
    if (row.width == 0) {
        return row;
    }
    if (row.x > 0 && cell_at(canvas, row.x, y)->width == 0) {
        row.x--;
        row.width++;
    }
    if (cell_at(canvas, row.x + row.width - 1, y)->width == 2) {
        row.width++;
    }
    return row;
}

void canvas_paint(Canvas *canvas, Rect area, Role role)
{
    Rect clipped = clip(canvas, area);
    for (int y = clipped.y; y < clipped.y + clipped.height; y++) {
        Rect row = whole_cells(canvas, clipped, y);
        for (int x = row.x; x < row.x + row.width; x++) {
            Cell *cell = cell_at(canvas, x, y);
            cell->role = (uint8_t)role;
            if (role_keeps_ground(role)) {
                cell->ground = ROLE_TEXT;
            }
        }
    }
}

void canvas_ground(Canvas *canvas, Rect area, Role ground)
{
    Rect clipped = clip(canvas, area);
    for (int y = clipped.y; y < clipped.y + clipped.height; y++) {
        Rect row = whole_cells(canvas, clipped, y);
        for (int x = row.x; x < row.x + row.width; x++) {
            Cell *cell = cell_at(canvas, x, y);
            if (!role_keeps_ground((Role)cell->role)) {
                cell->ground = (uint8_t)ground;
            }
        }
    }
}

/* --- lines ------------------------------------------------------------------------------------ */

void canvas_hline(Canvas *canvas, int x, int y, int width, Role role)
{
    Rect line = clip(canvas, (Rect){x, y, width, 1});
    for (int i = 0; i < line.width && line.height > 0; i++) {
        (void)canvas_text(canvas, line.x + i, y, 1, role, SV("─"));
    }
}

static void put_line_cell(Canvas *canvas, int x, int y, Role role, StrView text)
{
    if (x >= 0) {
        (void)canvas_text(canvas, x, y, 1, role, text); /* clips the other sides */
    }
}

void canvas_box(Canvas *canvas, Rect area, Role role)
{
    area = tame(area);
    if (area.width == 0 || area.height == 0) {
        return;
    }
    int right = area.x + area.width - 1;
    int bottom = area.y + area.height - 1;
    if (area.height == 1) {
        canvas_hline(canvas, area.x, area.y, area.width, role);
        return;
    }
    Rect sides = clip(canvas, area);
    for (int y = sides.y; y < sides.y + sides.height; y++) {
        put_line_cell(canvas, area.x, y, role, SV("│"));
        put_line_cell(canvas, right, y, role, SV("│"));
    }
    if (area.width == 1) {
        return;
    }
    canvas_hline(canvas, area.x + 1, area.y, area.width - 2, role);
    canvas_hline(canvas, area.x + 1, bottom, area.width - 2, role);
    put_line_cell(canvas, area.x, area.y, role, SV("┌"));
    put_line_cell(canvas, right, area.y, role, SV("┐"));
    put_line_cell(canvas, area.x, bottom, role, SV("└"));
    put_line_cell(canvas, right, bottom, role, SV("┘"));
}

/* --- comparing -------------------------------------------------------------------------------- */

static bool has_same_look(const Cell *a, const Cell *b)
{
    return a->role == b->role && a->extra == b->extra && a->ground == b->ground;
}

static bool is_same(const Cell *a, const Cell *b)
{
    return has_same_look(a, b) && a->width == b->width && strcmp(a->text, b->text) == 0;
}

bool canvas_row_changes(const Canvas *canvas, const Canvas *other, int y, int *ret_first,
                        int *ret_last)
{
    int first = 0;
    int last = canvas->columns - 1;
    while (first <= last && is_same(cell_at(canvas, first, y), cell_at(other, first, y))) {
        first++;
    }
    if (first > last) {
        return false;
    }
    while (is_same(cell_at(canvas, last, y), cell_at(other, last, y))) {
        last--;
    }
    *ret_first = first;
    *ret_last = last;
    return true;
}

/* --- dump ------------------------------------------------------------------------------------- */

static void dump_row_text(const Canvas *canvas, int y, StrBuf *buf)
{
    size_t end = buf->len; /* behind the last cell that is no blank */
    for (int x = 0; x < canvas->columns; x++) {
        const Cell *cell = cell_at(canvas, x, y);
        strbuf_add_str(buf, cell->text);
        if (cell->width > 0 && strcmp(cell->text, " ") != 0) {
            end = buf->len;
        }
    }
    strbuf_replace(buf, end, buf->len - end, SV(""));
    strbuf_add_char(buf, '\n');
}

static void dump_look(const Cell *cell, StrBuf *buf)
{
    strbuf_printf(buf, " %s", role_name((Role)cell->role));
    for (size_t i = 0; i < ARRAY_LEN(STYLE_NAMES); i++) {
        if ((cell->extra & 1u << i) != 0) {
            strbuf_printf(buf, "+%s", STYLE_NAMES[i]);
        }
    }
    if (cell->ground != ROLE_TEXT) {
        strbuf_printf(buf, "@%s", role_name((Role)cell->ground));
    }
}

static void dump_row_roles(const Canvas *canvas, int y, StrBuf *buf)
{
    static const Cell plain = {.role = ROLE_TEXT, .ground = ROLE_TEXT};
    bool is_begun = false;
    for (int x = 0; x < canvas->columns;) {
        const Cell *first = cell_at(canvas, x, y);
        int run = 1;
        while (x + run < canvas->columns && has_same_look(first, cell_at(canvas, x + run, y))) {
            run++;
        }
        if (run == canvas->columns && has_same_look(first, &plain)) {
            return;
        }
        if (!is_begun) {
            strbuf_printf(buf, "%d", y);
            is_begun = true;
        }
        dump_look(first, buf);
        strbuf_printf(buf, "*%d", run);
        x += run;
    }
    strbuf_add_char(buf, '\n');
}

void canvas_dump(const Canvas *canvas, bool with_roles, StrBuf *buf)
{
    for (int y = 0; y < canvas->rows; y++) {
        dump_row_text(canvas, y, buf);
    }
    if (!with_roles) {
        return;
    }
    strbuf_add_str(buf, "-- roles\n");
    for (int y = 0; y < canvas->rows; y++) {
        dump_row_roles(canvas, y, buf);
    }
    if (canvas->cursor_x >= 0 && canvas->cursor_y >= 0) {
        strbuf_printf(buf, "cursor %d,%d\n", canvas->cursor_x, canvas->cursor_y);
    }
}
