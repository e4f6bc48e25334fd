/*
 * What can be wrong with any canvas, whatever is on it: half a wide character, bytes that are no
 * text, a cursor off the screen, our own drawing where there should be words. Included by test
 * programs only.
 */
#ifndef TESTS_TUI_CANVAS_FAULT_H
#define TESTS_TUI_CANVAS_FAULT_H

#include <string.h>

#include "base/utf8.h"
#include "tui/canvas.h"

static inline bool is_whole_text(const char *text)
{
    StrView rest = sv(text);
    bool is_whole = utf8_is_valid(rest);

    while (is_whole && rest.len > 0) {
        uint32_t code_point = utf8_next(&rest);

        is_whole = code_point >= ' ' && code_point != 0x7F;
    }
    return is_whole;
}

/* Box drawing, block elements and geometric shapes: what plain screens are drawn without. */
static inline bool is_drawing(const Cell *cell)
{
    StrView text = sv(cell->text);
    uint32_t code_point = text.len > 0 ? utf8_next(&text) : 0;

    return code_point >= 0x2500 && code_point <= 0x25FF;
}

/* What is wrong with the cell in column x of a row; NULL = nothing. */
static inline const char *cell_fault(const Cell *cells, int x, int columns)
{
    const Cell *cell = &cells[x];

    if (cell->width > 2 || (cell->width == 0) != (cell->text[0] == '\0')) {
        return "a cell without a width, or without a text";
    }
    if (cell->width == 0 && (x == 0 || cells[x - 1].width != 2)) {
        return "the right half of nothing";
    }
    if (cell->width == 2 && (x + 1 == columns || cells[x + 1].width != 0)) {
        return "half a wide character";
    }
    if (cell->role >= ROLE_COUNT || cell->ground >= ROLE_COUNT) {
        return "a role that there is not";
    }
    bool is_ascii = (unsigned char)cell->text[0] >= ' ' && (unsigned char)cell->text[0] < 0x7F &&
                    cell->text[1] == '\0';

    return is_ascii || is_whole_text(cell->text) ? NULL : "bytes that are no text";
}

/* What is wrong with a canvas; NULL = nothing. */
static inline const char *canvas_fault(const Canvas *canvas)
{
    bool is_shown = canvas->cursor_x >= 0 && canvas->cursor_y >= 0;

    if (is_shown ? canvas->cursor_x >= canvas->columns || canvas->cursor_y >= canvas->rows
                 : canvas->cursor_x != -1 || canvas->cursor_y != -1) {
        return "a cursor off the screen";
    }
    for (int y = 0; y < canvas->rows; y++) {
        for (int x = 0; x < canvas->columns; x++) {
            const char *fault =
                cell_fault(canvas->cells + (size_t)y * (size_t)canvas->columns, x, canvas->columns);

            if (fault != NULL) {
                return fault;
            }
        }
    }
    return NULL;
}

/* Whether something is drawn on it. */
static inline bool canvas_has_drawing(const Canvas *canvas)
{
    for (int i = 0; i < canvas->columns * canvas->rows; i++) {
        if (is_drawing(&canvas->cells[i])) {
            return true;
        }
    }
    return false;
}

#endif
