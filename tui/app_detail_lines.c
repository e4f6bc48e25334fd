/*
 * The lines of a detail: texts wrapped at a width, in pieces of one role each, and the items they
 * belong to. It knows nothing of what they say.
 */
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/app_detail.h"

/* Narrower than this nothing is set off to the right. */
#define TEXT_LEAST 12
/* What was broken stands so much further to the right than where it began. */
#define HANG 2

/* The last cell of a row stays free, as long as there is room at all. */
static int right_edge(const Detail *detail)
{
    return detail->width > TEXT_LEAST ? detail->width - 1 : detail->width;
}

void detail_clear(Detail *detail, int width)
{
    strbuf_clear(&detail->text);
    strbuf_clear(&detail->values);
    detail->piece_count = 0;
    detail->line_count = 0;
    detail->item_count = 0;
    detail->width = width;
    detail->is_cut = false;
}

void detail_done(Detail *detail)
{
    strbuf_done(&detail->text);
    strbuf_done(&detail->values);
    mem_free(detail->pieces);
    mem_free(detail->lines);
    mem_free(detail->items);
    pretty_done(&detail->pretty);
    *detail = (Detail){0};
}

/* --- items ------------------------------------------------------------------------------------ */

void detail_begin_item(Detail *detail, DetailItemKind kind, FieldId field, const char *name,
                       StrView value)
{
    mem_grow((void **)&detail->items, &detail->item_capacity, detail->item_count,
             sizeof *detail->items);
    detail->items[detail->item_count++] = (DetailItem){.kind = kind,
                                                       .field = field,
                                                       .name = name,
                                                       .value = detail->values.len,
                                                       .value_len = value.len,
                                                       .first_line = detail->line_count};
    strbuf_add(&detail->values, value);
}

void detail_end_item(Detail *detail)
{
    DetailItem *item = &detail->items[detail->item_count - 1];

    item->line_count = detail->line_count - item->first_line;
    for (size_t i = item->first_line; i < detail->line_count; i++) {
        detail->lines[i].item = (int)detail->item_count - 1;
    }
}

StrView detail_value(const Detail *detail, const DetailItem *item)
{
    return sv_slice(strbuf_view(&detail->values), item->value, item->value_len);
}

/* --- lines ------------------------------------------------------------------------------------ */

void detail_add_blank(Detail *detail)
{
    mem_grow((void **)&detail->lines, &detail->line_capacity, detail->line_count,
             sizeof *detail->lines);
    detail->lines[detail->line_count++] = (DetailLine){.first = detail->piece_count, .item = -1};
}

void detail_add_beside(Detail *detail, int x, Role role, StrView text)
{
    mem_grow((void **)&detail->pieces, &detail->piece_capacity, detail->piece_count,
             sizeof *detail->pieces);
    detail->pieces[detail->piece_count++] =
        (DetailPiece){.start = detail->text.len, .len = text.len, .x = x, .role = role};
    strbuf_add(&detail->text, text);
    detail->lines[detail->line_count - 1].count++;
}

/* Bytes of `text` that stand on one row: up to the last blank that fits, where there is one in the
 * row's second half; else as much as fits. */
static size_t row_bytes(StrView text, int width)
{
    int used;
    size_t fits = utf8_fit(text, width, &used);

    if (fits == 0 && text.len > 0) {
        return utf8_cluster(text, &used); /* wider than the area: the canvas cuts it */
    }
    if (fits == text.len || text.ptr[fits] == ' ') {
        return fits;
    }
    for (size_t at = fits; at > fits / 2; at--) {
        if (text.ptr[at - 1] == ' ') {
            return at;
        }
    }
    return fits;
}

static Role pretty_role(PrettyKind kind)
{
    static const Role ROLES[PRETTY_KIND_COUNT] = {
        [PRETTY_PLAIN] = ROLE_TEXT,       [PRETTY_KEY] = ROLE_JSON_KEY,
        [PRETTY_TEXT] = ROLE_JSON_STRING, [PRETTY_NUMBER] = ROLE_JSON_NUMBER,
        [PRETTY_MARK] = ROLE_DIM,
    };

    return ROLES[kind];
}

/* A text being added: how far it is. */
typedef struct Setting {
    Detail *detail;
    const DetailText *source;
    StrView line; /* of the text; what of it is left */
    size_t span;  /* of the pretty text, in which the line's rest begins */
    int hang;     /* cells that broken rows are set off */
    size_t rows;
} Setting;

/* Adds the pieces of a row: `row` lies in the source's text. */
static void add_pieces(Setting *setting, int x, StrView row)
{
    const Pretty *pretty = setting->source->pretty;

    if (pretty == NULL) {
        detail_add_beside(setting->detail, x, setting->source->role, row);
        return;
    }
    size_t at = (size_t)(row.ptr - setting->source->text.ptr);
    size_t end = at + row.len;

    while (at < end) {
        while (pretty->spans[setting->span].end <= at) {
            setting->span++;
        }
        size_t stop = pretty->spans[setting->span].end;
        StrView piece = sv_slice(setting->source->text, at, (stop < end ? stop : end) - at);

        detail_add_beside(setting->detail, x, pretty_role(pretty->spans[setting->span].kind),
                          piece);
        x += utf8_width(piece);
        at += piece.len;
    }
}

static size_t leading_blanks(StrView line)
{
    size_t count = 0;

    while (count < line.len && line.ptr[count] == ' ') {
        count++;
    }
    return count;
}

/* Adds what stands before a row of the text; returns the cell where the text begins. */
static int add_before(Setting *setting, bool is_first)
{
    Detail *detail = setting->detail;
    const DetailText *source = setting->source;
    StrView lead = setting->rows == 0 ? source->lead : source->lead_on;
    int x = source->x + (lead.len > 0 ? utf8_width(lead) : 0);

    if (lead.len > 0) {
        detail_add_beside(detail, source->x, ROLE_TREE, lead);
    }
    if (source->head.len > 0 && setting->rows == 0) {
        detail_add_beside(detail, x, source->head_role, source->head);
    }
    return x + source->head_width + (is_first ? 0 : setting->hang);
}

/* Adds the next row of the setting's line. Where there is too little room beside what stands before
 * it, the text begins on the row below. */
static void add_row(Setting *setting, bool is_first)
{
    Detail *detail = setting->detail;

    detail_add_blank(detail);
    int edge = right_edge(detail);
    int x = add_before(setting, is_first);

    if (edge - x < TEXT_LEAST) {
        if (detail->lines[detail->line_count - 1].count > 0) {
            detail_add_blank(detail);
        }
        x = setting->source->x;
    }
    size_t fits = row_bytes(setting->line, edge - x > 1 ? edge - x : 1);

    add_pieces(setting, x, sv_slice(setting->line, 0, fits));
    setting->line = sv_slice(setting->line, fits, SIZE_MAX);
    if (setting->line.len > 1 && setting->line.ptr[0] == ' ' && setting->line.ptr[1] != ' ') {
        setting->line = sv_slice(setting->line, 1, SIZE_MAX); /* where the line was broken */
    }
    setting->rows++;
}

/* Puts "…" behind the last row, in place of its end where there is no room. */
static void mark_cut(Detail *detail)
{
    const DetailLine *line = &detail->lines[detail->line_count - 1];
    int end = 0;

    if (line->count > 0) {
        DetailPiece *last = &detail->pieces[detail->piece_count - 1];
        StrView text = sv_slice(strbuf_view(&detail->text), last->start, last->len);
        int room = right_edge(detail) - 1 - last->x;

        last->len = utf8_fit(text, room > 0 ? room : 0, &end);
        end += last->x;
    }
    detail_add_beside(detail, end, ROLE_DIM, SV("…"));
}

bool detail_add(Detail *detail, DetailText text, size_t most)
{
    Setting setting = {.detail = detail, .source = &text};
    StrView rest = text.text;

    while (sv_next_line(&rest, &setting.line)) {
        int blanks = (int)leading_blanks(setting.line);

        setting.hang = 0;
        if (text.pretty != NULL && text.pretty->structures > 0 && blanks < detail->width / 2) {
            setting.hang = blanks > 0 ? blanks + HANG : 0;
        }
        bool is_first = true;

        do {
            if (setting.rows == most) {
                if (most > 0) {
                    mark_cut(detail);
                }
                return true;
            }
            add_row(&setting, is_first);
            is_first = false;
        } while (setting.line.len > 0);
    }
    return false;
}

void detail_draw(const Detail *detail, Canvas *canvas, Rect area, size_t skip)
{
    StrView text = strbuf_view(&detail->text);

    for (size_t i = skip; i < detail->line_count && i - skip < (size_t)area.height; i++) {
        const DetailLine *line = &detail->lines[i];
        int y = area.y + (int)(i - skip);

        for (size_t j = line->first; j < line->first + line->count; j++) {
            const DetailPiece *piece = &detail->pieces[j];

            StrView words = sv_slice(text, piece->start, piece->len);
            int room = area.width - piece->x;

            if (j + 1 < line->first + line->count) {
                int gap = detail->pieces[j + 1].x - piece->x;

                room = utf8_width(words) > gap ? gap - 1 : room; /* a name too long for its value */
            }
            (void)canvas_text_cut(canvas, area.x + piece->x, y, room, piece->role, words);
        }
    }
}
