/*
 * Glyph: see glyph.h. The last line of defence, too: whatever got into a cell, no control character
 * gets out of here. It must never include curses.
 */
#include "tui/glyph.h"

#include "base/utf8.h"

#define ZERO_WIDTH_JOINER 0x200d

/* Where the C library sees another width than the canvas does, the marks go, or all of it does:
 * a column too many would shift the rest of the row. */
int glyph_of(const Cell *cell, wchar_t ret_text[GLYPH_MAX + 1])
{
    StrView rest = sv(cell->text);
    size_t len = 0;
    int width = 0;
    while (rest.len > 0 && len < GLYPH_MAX) {
        uint32_t code_point = utf8_next(&rest);
        wchar_t wide = (wchar_t)code_point;
        int cells = code_point < UTF8_BROKEN && !utf8_is_unsafe(code_point) ? wcwidth(wide) : -1;
        if (len == 0 && (cells < 1 || cells > cell->width)) {
            ret_text[len++] = (wchar_t)UTF8_REPLACEMENT;
            width = 1;
            break;
        }
        if (len > 0 && (cells != 0 || width != cell->width)) {
            break;
        }
        ret_text[len++] = wide;
        width = len == 1 ? cells : width;
    }
    if (len == 0) {
        ret_text[len++] = L' ';
        width = 1;
    }
    if (ret_text[len - 1] == ZERO_WIDTH_JOINER) { /* a joiner with nothing to join */
        len--;
    }
    ret_text[len] = L'\0';
    return width;
}
