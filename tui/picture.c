/*
 * Picture: cells of one look in a row become one rectangle and one text, stretched to their cells,
 * so that columns stay aligned whatever monospaced font the viewer has.
 */
#include "tui/picture.h"

#include <string.h>

#include "themes/color.h"
#include "tui/palette.h"

#define CELL_WIDTH 8
#define CELL_HEIGHT 17
#define BASELINE 13 /* from the top of a cell */
#define MARGIN 8

static const char HEAD[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
    "font-family=\"ui-monospace, Menlo, 'DejaVu Sans Mono', Consolas, monospace\" "
    "font-size=\"13\" xml:space=\"preserve\">\n";

/* How a cell is painted. */
typedef struct Paint {
    Rgb ink, ground;
    bool is_bold, is_italic, is_underlined;
} Paint;

static Rgb color_of(Rgb exact, int number, Rgb otherwise)
{
    if (exact != RGB_NONE) {
        return exact;
    }
    return number == COLOR_DEFAULT ? otherwise : rgb_of_number(number);
}

static Paint paint_of(const Theme *theme, const Cell *cell)
{
    const Look *own = &theme->looks[ROLE_TEXT];
    Rgb own_ink =
        color_of(own->exact_foreground, own->foreground, theme->is_dark ? 0xd0d0d0 : 0x303030);
    Rgb own_ground =
        color_of(own->exact_background, own->background, theme->is_dark ? 0x101010 : 0xffffff);
    Look look = palette_look(theme, (Role)cell->role, (Role)cell->ground, cell->extra, true);
    Paint paint = {
        .ink = color_of(look.exact_foreground, look.foreground, own_ink),
        .ground = color_of(look.exact_background, look.background, own_ground),
        .is_bold = (look.attributes & STYLE_BOLD) != 0,
        .is_italic = (look.attributes & STYLE_ITALIC) != 0,
        .is_underlined = (look.attributes & STYLE_UNDERLINE) != 0,
    };

    if ((look.attributes & STYLE_REVERSE) != 0) {
        Rgb ink = paint.ink;

        paint.ink = paint.ground;
        paint.ground = ink;
    }
    return paint;
}

static bool same_paint(Paint a, Paint b)
{
    return a.ink == b.ink && a.ground == b.ground && a.is_bold == b.is_bold &&
           a.is_italic == b.is_italic && a.is_underlined == b.is_underlined;
}

/* Cells in a row that are painted alike. */
typedef struct Run {
    const Cell *cells;
    int count;
    int left, top; /* of the first of them, in the picture */
    Paint paint;
} Run;

/* The right half of a wide character, whose text is empty, belongs to its words. */
static bool is_blank(const Cell *cell)
{
    return strcmp(cell->text, " ") == 0;
}

/* Some words at their own place: where two blanks stand a new text begins, so that columns do not
 * depend on how a viewer stretches. */
static void add_words(StrBuf *buf, const Run *run, int from, int end)
{
    strbuf_printf(buf, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"#%06x\"%s%s%s>",
                  run->left + from * CELL_WIDTH, run->top + BASELINE, (end - from) * CELL_WIDTH,
                  (unsigned)run->paint.ink, run->paint.is_bold ? " font-weight=\"bold\"" : "",
                  run->paint.is_italic ? " font-style=\"italic\"" : "",
                  run->paint.is_underlined ? " text-decoration=\"underline\"" : "");
    for (int i = from; i < end; i++) {
        strbuf_add_escaped(buf, sv(run->cells[i].text));
    }
    strbuf_add_str(buf, "</text>\n");
}

static void add_run(StrBuf *buf, const Run *run, Rgb around)
{
    if (run->paint.ground != around) {
        strbuf_printf(buf, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n",
                      run->left, run->top, run->count * CELL_WIDTH, CELL_HEIGHT,
                      (unsigned)run->paint.ground);
    }
    for (int from = 0; from < run->count;) {
        int end = from;
        int last = from; /* behind the last cell that is no blank */

        while (end < run->count && end - last < 2) {
            last = is_blank(&run->cells[end]) ? last : end + 1;
            end++;
        }
        if (last > from) {
            add_words(buf, run, from, last);
        }
        from = end;
    }
}

static void add_row(StrBuf *buf, const Canvas *canvas, const Theme *theme, int y, Rgb around)
{
    const Cell *cells = &canvas->cells[y * canvas->columns];

    for (int x = 0; x < canvas->columns;) {
        Paint paint = paint_of(theme, &cells[x]);
        int end = x + 1;

        while (end < canvas->columns &&
               (cells[end].width == 0 || same_paint(paint, paint_of(theme, &cells[end])))) {
            end++;
        }
        add_run(buf,
                &(Run){.cells = &cells[x],
                       .count = end - x,
                       .left = MARGIN + x * CELL_WIDTH,
                       .top = MARGIN + y * CELL_HEIGHT,
                       .paint = paint},
                around);
        x = end;
    }
}

void picture_svg(const Canvas *canvas, const Theme *theme, StrBuf *buf)
{
    Cell blank = {.text = " ", .width = 1, .role = ROLE_TEXT, .ground = ROLE_TEXT};
    Rgb around = paint_of(theme, &blank).ground;
    int width = 2 * MARGIN + canvas->columns * CELL_WIDTH;
    int height = 2 * MARGIN + canvas->rows * CELL_HEIGHT;

    strbuf_printf(buf, HEAD, width, height, width, height);
    strbuf_printf(buf, "<rect width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#%06x\"/>\n", width,
                  height, (unsigned)around);
    for (int y = 0; y < canvas->rows; y++) {
        add_row(buf, canvas, theme, y, around);
    }
    strbuf_add_str(buf, "</svg>\n");
}
