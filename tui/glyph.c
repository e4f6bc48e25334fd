/*
 * Glyph: see glyph.h. The last line of defence, too: whatever got into a cell, no control character
 * gets out of here. It must never include curses.
 */
#include "tui/glyph.h"

#include <limits.h>
#include <string.h>

#include "base/utf8.h"

#define ZERO_WIDTH_JOINER 0x200d

typedef struct Sign {
    uint16_t first, last; /* code points */
    char ascii;           /* '\0' = '1' for the first one, and so on */
    const char *word;     /* NULL = none */
} Sign;

/* Sorted. Lines that lie and corners become blanks: read aloud they are noise. */
static const Sign SIGNS[] = {
    {0x00AB, 0x00AB, '<', NULL},      /* « */
    {0x00B7, 0x00B7, '-', "stage"},   /* · */
    {0x00BB, 0x00BB, '>', NULL},      /* » */
    {0x00D7, 0x00D7, 'x', "times"},   /* × */
    {0x0394, 0x0394, 'd', NULL},      /* Δ */
    {0x2013, 0x2014, '-', NULL},      /* – — */
    {0x2026, 0x2026, '~', NULL},      /* …: cut */
    {0x2039, 0x2039, '<', NULL},      /* ‹ */
    {0x203A, 0x203A, '>', "goes on"}, /* › */
    {0x2190, 0x2190, '<', "left"},    /* ← */
    {0x2191, 0x2191, '^', "up"},      /* ↑ */
    {0x2192, 0x2192, '>', "right"},   /* → */
    {0x2193, 0x2193, 'v', "down"},    /* ↓ */
    {0x21B3, 0x21B3, '>', NULL},      /* ↳ */
    {0x21B5, 0x21B5, '|', NULL},      /* ↵ */
    {0x21BB, 0x21BB, '@', "again"},   /* ↻ */
    {0x2212, 0x2212, '-', NULL},      /* − */
    {0x23CE, 0x23CE, '|', NULL},      /* ⏎ */
    {0x2400, 0x2421, '^', NULL},      /* pictures of control characters */
    {0x2502, 0x2503, '|', NULL},      /* │ ┃ */
    {0x250A, 0x250B, '|', NULL},      /* ┊ ┋ */
    {0x251C, 0x251C, '|', NULL},      /* ├ */
    {0x2524, 0x2524, '|', NULL},      /* ┤ */
    {0x253C, 0x253C, '|', NULL},      /* ┼ */
    {0x2551, 0x2551, '|', NULL},      /* ║ */
    {0x2581, 0x2587, '\0', NULL},     /* ▁ ▂ … ▇ */
    {0x2588, 0x2588, '8', NULL},      /* █ */
    {0x258C, 0x258C, '>', NULL},      /* ▌: selected */
    {0x2590, 0x2590, '|', NULL},      /* ▐ */
    {0x2591, 0x2593, ':', NULL},      /* ░ ▒ ▓ */
    {0x25A0, 0x25A0, '#', "ended"},   /* ■ */
    {0x25AE, 0x25AE, '#', NULL},      /* ▮ */
    {0x25B2, 0x25B2, '^', "up"},      /* ▲ */
    {0x25B8, 0x25B8, '>', "begins"},  /* ▸ */
    {0x25BC, 0x25BC, 'v', "down"},    /* ▼ */
    {0x25BE, 0x25BE, 'v', NULL},      /* ▾ */
    {0x25C6, 0x25C6, '*', "marked"},  /* ◆ */
    {0x25CB, 0x25CB, 'o', NULL},      /* ○ */
    {0x25CC, 0x25CC, 'o', NULL},      /* ◌ */
    {0x25CD, 0x25CD, '?', NULL},      /* ◍ */
    {0x25CF, 0x25CF, '*', NULL},      /* ● */
    {0x25D4, 0x25D4, '*', NULL},      /* ◔ */
    {0x25F7, 0x25F7, 'o', "waiting"}, /* ◷ */
    {0x26A0, 0x26A0, '!', "warning"}, /* ⚠ */
    {0x2713, 0x2713, '+', "ok"},      /* ✓ */
    {0x2717, 0x2717, 'x', "failed"},  /* ✗ */
    {0x276F, 0x276F, '>', NULL},      /* ❯ */
    {0xFFFD, 0xFFFD, '?', NULL},      /* a broken byte */
};

#define BOX_FIRST 0x2500
#define BOX_LAST 0x257F

/* The sign that `text` is, and nothing but it; NULL = none. */
static const Sign *sign_find(StrView text, uint32_t *ret_code_point)
{
    if (text.len == 0 || (unsigned char)text.ptr[0] < 0xC0) {
        return NULL;
    }
    StrView rest = text;
    uint32_t code_point = utf8_next(&rest);
    *ret_code_point = code_point;
    size_t low = 0;
    size_t high = rest.len == 0 ? ARRAY_LEN(SIGNS) : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (code_point < SIGNS[middle].first) {
            high = middle;
        } else if (code_point > SIGNS[middle].last) {
            low = middle + 1;
        } else {
            return &SIGNS[middle];
        }
    }
    return NULL;
}

char glyph_ascii(StrView sign)
{
    uint32_t code_point = 0;
    const Sign *found = sign_find(sign, &code_point);
    if (found != NULL) {
        return found->ascii != '\0' ? found->ascii : (char)('1' + (code_point - found->first));
    }
    return code_point >= BOX_FIRST && code_point <= BOX_LAST ? ' ' : '\0';
}

const char *glyph_word(StrView sign)
{
    uint32_t code_point;
    const Sign *found = sign_find(sign, &code_point);
    return found != NULL ? found->word : NULL;
}

void glyph_make_plain(Canvas *canvas)
{
    size_t count = (size_t)canvas->columns * (size_t)canvas->rows;
    for (size_t i = 0; i < count; i++) {
        Cell *cell = &canvas->cells[i];
        char ascii = cell->width == 1 ? glyph_ascii(sv(cell->text)) : '\0';
        if (ascii != '\0') {
            cell->text[0] = ascii;
            cell->text[1] = '\0';
        }
    }
}

/* Whether the locale's encoding has the character: what is no UTF-8 has few. */
static bool can_encode(wchar_t wide)
{
    char bytes[MB_LEN_MAX];
    mbstate_t state;
    memset(&state, 0, sizeof state);
    return wcrtomb(bytes, wide, &state) != (size_t)-1;
}

/* What is shown of a cluster that cannot be shown: always one cell. */
static wchar_t stand_in(StrView cluster)
{
    char ascii = can_encode(UTF8_REPLACEMENT) ? '\0' : glyph_ascii(cluster);
    return ascii != '\0'                  ? (wchar_t)ascii
           : can_encode(UTF8_REPLACEMENT) ? (wchar_t)UTF8_REPLACEMENT
                                          : L'?';
}

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
        if (len == 0 && (cells < 1 || cells > cell->width || !can_encode(wide))) {
            ret_text[len++] = stand_in(sv(cell->text));
            width = 1;
            break;
        }
        if (len > 0 && (cells != 0 || width != cell->width || !can_encode(wide))) {
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
