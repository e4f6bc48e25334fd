/*
 * Rows: see rows.h. The top of the list is found by going up from the cursor line by line, then the
 * lines are made from there down: a frame costs what it shows, however long the view is. Nothing
 * here draws.
 */
#include "tui/rows.h"

#include "base/mem.h"

/* A line of the list: the `offset`th of an item. */
typedef struct Place {
    RowItem item;
    size_t offset;
} Place;

/* --- the screen ------------------------------------------------------------------------------- */

/* Goes up by at most `lines`; returns by how many. */
static size_t go_up(RowWalk *walk, Place *place, size_t lines)
{
    RowLine parts[ROW_ITEM_LINES];
    size_t rules;
    size_t gone = 0;

    for (;;) {
        size_t step = place->offset < lines - gone ? place->offset : lines - gone;

        place->offset -= step;
        gone += step;
        if (gone == lines || place->item.first == 0) {
            return gone;
        }
        place->item = row_item_at(walk, place->item.first - 1);
        place->offset = row_item_lines(walk, place->item, parts, &rules);
    }
}

static void add_line(Rows *rows, RowLine line)
{
    mem_grow((void **)&rows->lines, &rows->capacity, rows->count, sizeof *rows->lines);
    rows->lines[rows->count++] = line;
}

static void fill_down(Rows *rows, RowWalk *walk, Place place, size_t cursor)
{
    RowLine parts[ROW_ITEM_LINES];
    size_t rules;
    size_t height = (size_t)walk->look->height;

    rows->count = 0;
    for (;;) {
        size_t count = row_item_lines(walk, place.item, parts, &rules);
        bool is_cursor = cursor >= place.item.first && cursor < place.item.end;

        for (size_t i = place.offset; i < count && rows->count < height; i++) {
            parts[i].is_cursor = is_cursor && i >= rules;
            add_line(rows, parts[i]);
        }
        if (rows->count == height || place.item.end == walk->len) {
            return;
        }
        place = (Place){.item = row_item_at(walk, place.item.end)};
    }
}

static bool same_look(const RowsLook *a, const RowsLook *b)
{
    return a->height == b->height && a->message_width == b->message_width &&
           a->further_width == b->further_width && a->wraps == b->wraps && a->folds == b->folds &&
           a->shows_days == b->shows_days && a->shows_first == b->shows_first &&
           a->shows_boots == b->shows_boots && a->gap_ns == b->gap_ns;
}

/* Takes note of what lines are made of; false when it is the same as before. */
static bool is_new(Rows *rows, const RowWalk *walk, size_t cursor, int line)
{
    const RowsKey *made = &rows->made;
    RowsKey key = {
        .view = walk->view,
        .revision = view_revision(walk->view),
        .len = walk->len,
        .first = walk->len > 0 ? view_get(walk->view, 0) : 0,
        .last = walk->len > 0 ? view_get(walk->view, walk->len - 1) : 0,
        .cursor = cursor,
        .line = line,
        .look = *walk->look,
    };
    bool is_same =
        made->view == key.view && made->revision == key.revision && made->len == key.len &&
        made->first == key.first && made->last == key.last && made->cursor == key.cursor &&
        (made->line == line || rows->cursor_line == line) && same_look(&made->look, &key.look);

    if (!is_same) {
        rows->made = key;
    }
    return !is_same;
}

static void make_lines(Rows *rows, RowWalk *walk, size_t cursor, int line)
{
    int height = walk->look->height;
    RowLine parts[ROW_ITEM_LINES];
    size_t rules;
    RowItem item = row_item_at(walk, cursor);
    int own = (int)row_item_lines(walk, item, parts, &rules) - (int)rules;
    int lowest = own < height ? height - own : 0;
    int wanted = line < 0 ? 0 : line;
    Place top = {.item = item, .offset = rules};

    wanted = wanted < lowest ? wanted : lowest;
    rows->cursor_line = (int)go_up(walk, &top, (size_t)wanted);
    fill_down(rows, walk, top, cursor);
    if (rows->count < (size_t)height) {
        size_t more = go_up(walk, &top, (size_t)height - rows->count);

        if (more > 0) {
            rows->cursor_line += (int)more;
            fill_down(rows, walk, top, cursor);
        }
    }
}

void rows_make(Rows *rows, const View *view, const Store *store, const RowsLook *look,
               size_t cursor, int line)
{
    RowWalk walk = row_walk_of(view, store, look);

    if (!is_new(rows, &walk, cursor, line)) {
        return;
    }
    rows->count = 0;
    rows->cursor_line = 0;
    if (walk.len > 0 && cursor != SIZE_MAX && look->height >= 1) {
        make_lines(rows, &walk, cursor < walk.len ? cursor : walk.len - 1, line);
    }
}

void rows_done(Rows *rows)
{
    mem_free(rows->lines);
    *rows = (Rows){0};
}

int rows_line_of(const Rows *rows, size_t row)
{
    for (size_t i = 0; i < rows->count; i++) {
        const RowLine *line = &rows->lines[i];

        if (line->kind != ROW_RULE && row >= line->row && row < line->row + line->repeats) {
            return (int)i;
        }
    }
    return -1;
}

/* --- moving ----------------------------------------------------------------------------------- */

size_t rows_first(const View *view, const Store *store, const RowsLook *look, size_t row)
{
    RowWalk walk = row_walk_of(view, store, look);

    return row_item_at(&walk, row).first;
}

size_t rows_move(const View *view, const Store *store, const RowsLook *look, size_t row, long items)
{
    RowWalk walk = row_walk_of(view, store, look);
    bool is_back = items < 0;
    size_t count = is_back ? (size_t)0 - (size_t)items : (size_t)items;

    if (!look->folds) {
        size_t room = is_back ? row : walk.len - 1 - row;
        size_t step = count < room ? count : room;

        return is_back ? row - step : row + step;
    }
    RowItem item = row_item_at(&walk, row);

    while (count > 0) {
        RowItem next = row_item_next(&walk, item, is_back);

        if (next.first == item.first) {
            break;
        }
        item = next;
        count--;
    }
    return item.first;
}

size_t rows_page(const View *view, const Store *store, const RowsLook *look, size_t row, long lines)
{
    RowWalk walk = row_walk_of(view, store, look);
    RowLine parts[ROW_ITEM_LINES];
    size_t rules;
    bool is_back = lines < 0;
    size_t left = is_back ? (size_t)0 - (size_t)lines : (size_t)lines;
    RowItem item = row_item_at(&walk, row);

    while (left > 0) {
        RowItem next = row_item_next(&walk, item, is_back);

        if (next.first == item.first) {
            break;
        }
        size_t own = row_item_lines(&walk, is_back ? next : item, parts, &rules);

        item = next;
        left = own < left ? left - own : 0;
    }
    return item.first;
}
