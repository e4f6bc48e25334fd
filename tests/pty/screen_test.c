/*
 * What the terminal shows is what the canvas says, cell by cell: the backend, curses and the
 * terminal's own mind together. The child that draws is this program itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "tests/pty/draw.h"
#include "tests/pty/harness.h"
#include "tui/glyph.h"
#include "tui/palette.h"
#include "tui/tty.h"

#define FRAMES 16
#define FRAME_END "\033[?2026l"

static const char *program;

static int style_of(unsigned style)
{
    return (int)(((style & STYLE_BOLD) != 0 ? PTY_BOLD : 0) |
                 ((style & STYLE_UNDERLINE) != 0 ? PTY_UNDERLINE : 0) |
                 ((style & STYLE_REVERSE) != 0 ? PTY_REVERSE : 0) |
                 ((style & STYLE_ITALIC) != 0 ? PTY_ITALIC : 0));
}

/* What the terminal should show of a cell; its other half, where it has one, in `ret_right`. */
static PtyCell wanted_of(const Cell *cell, const Theme *theme, PtyCell *ret_right)
{
    wchar_t glyph[GLYPH_MAX + 1];
    StrBuf text = {0};
    PtyCell wanted = {.width = glyph_of(cell, glyph)};
    const Look *look = &theme->looks[cell->role];
    const Look *ground = cell->ground != ROLE_TEXT ? &theme->looks[cell->ground] : look;
    ColorPair pair = palette_fit((ColorPair){look->foreground, ground->background}, true, 256);
    unsigned style = (unsigned)look->attributes | cell->extra;
    style |= ground->attributes;
    for (size_t i = 0; glyph[i] != L'\0'; i++) {
        utf8_append(&text, (uint32_t)glyph[i]);
    }
    (void)snprintf(wanted.text, sizeof wanted.text, "%s", text.ptr);
    strbuf_done(&text);
    wanted.style = (unsigned)style_of(style);
    wanted.foreground = pair.foreground;
    wanted.background = pair.background;
    *ret_right = wanted;
    ret_right->width = wanted.width == 2 ? 0 : 1;
    (void)snprintf(ret_right->text, sizeof ret_right->text, "%s", wanted.width == 2 ? "" : " ");
    return wanted;
}

/* The ink of a blank cannot be seen, unless it is underlined or reversed; and a right half is what
 * its left one is. */
static bool is_same(const PtyCell *shown, const PtyCell *wanted)
{
    if (wanted->width == 0) {
        return shown->width == 0;
    }
    bool is_blank = strcmp(wanted->text, " ") == 0;
    bool has_text = strcmp(shown->text, wanted->text) == 0 || (is_blank && shown->text[0] == '\0');
    bool shows_ink = !is_blank || (wanted->style & (PTY_UNDERLINE | PTY_REVERSE)) != 0;
    unsigned seen = shows_ink ? ~0u : PTY_UNDERLINE | PTY_REVERSE;
    return has_text && (shown->width == wanted->width || is_blank) &&
           ((shown->style ^ wanted->style) & seen) == 0 &&
           shown->background == wanted->background &&
           (!shows_ink || shown->foreground == wanted->foreground);
}

static void check_cell(const Pty *pty, int x, int y, const PtyCell *wanted)
{
    PtyCell shown = pty_cell(pty, x, y);
    if (!is_same(&shown, wanted)) {
        fail_msg("(%d,%d) shows '%s' width %d style %u colours %d on %d, not '%s' %d %u %d on %d",
                 x, y, shown.text, shown.width, shown.style, shown.foreground, shown.background,
                 wanted->text, wanted->width, wanted->style, wanted->foreground,
                 wanted->background);
    }
}

static void check_screen(const Pty *pty, const Canvas *canvas, const Theme *theme)
{
    for (int y = 0; y < canvas->rows; y++) {
        for (int x = 0; x < canvas->columns; x++) {
            const Cell *cell = &canvas->cells[y * canvas->columns + x];
            PtyCell right;
            PtyCell wanted = wanted_of(cell, theme, &right);
            if (cell->width > 0) {
                check_cell(pty, x, y, &wanted);
            }
            if (cell->width == 2) {
                check_cell(pty, x + 1, y, &right);
            }
        }
    }
    bool has_cursor = canvas->cursor_x >= 0;
    assert_int_equal(pty_shows_cursor(pty), has_cursor);
    if (has_cursor) {
        int x;
        int y;
        pty_cursor(pty, &x, &y);
        assert_int_equal(x, canvas->cursor_x);
        assert_int_equal(y, canvas->cursor_y);
    }
}

/* Draws frames of one size, then of another, and so on; `sizes` ends with 0. */
static void compare(const char *seed, const int (*sizes)[2], const char *term)
{
    const char *const argv[] = {program, DRAW_OPTION, seed, NULL};
    PtyOptions options = {.columns = sizes[0][0], .rows = sizes[0][1], .term = term};
    Pty *pty = pty_start(&options, argv);
    Theme theme;
    Canvas canvas;
    unsigned frame = 0;
    draw_theme(&theme);
    canvas_init(&canvas, 1, 1);
    assert_true(pty_wait_count(pty, "\033[?2026$p", 1));
    pty_type(pty, "\033[?2026;2$y");
    for (size_t i = 0; sizes[i][0] != 0; i++) {
        if (i > 0) {
            pty_resize(pty, sizes[i][0], sizes[i][1]);
        }
        canvas_resize(&canvas, sizes[i][0], sizes[i][1]);
        for (unsigned n = 0; n < FRAMES; n++) {
            draw_frame(&canvas, (uint32_t)strtoul(seed, NULL, 10), frame++);
            pty_type(pty, "n");
            assert_true(pty_wait_count(pty, FRAME_END, frame));
            check_screen(pty, &canvas, &theme);
        }
    }
    pty_type(pty, "q");
    int status;
    assert_true(pty_wait_exit(pty, &status));
    assert_int_equal(status, 0);
    assert_true(pty_modes_are_restored(pty));
    canvas_done(&canvas);
    pty_end(pty);
}

static void the_terminal_shows_the_canvas(void **state)
{
    (void)state;
    static const int USUAL[][2] = {{80, 24}, {0, 0}};
    static const int SMALL[][2] = {{40, 10}, {1, 1}, {2, 3}, {0, 0}};
    static const int LARGE[][2] = {{400, 120}, {0, 0}};
    compare("1", USUAL, NULL);
    compare("2", USUAL, "tmux-256color");
    compare("3", SMALL, NULL);
    compare("4", LARGE, NULL);
}

static void the_terminal_shows_the_canvas_in_any_size(void **state)
{
    (void)state;
    static const int SIZES[][2] = {{80, 24}, {120, 40}, {40, 10}, {250, 80},
                                   {3, 2},   {80, 24},  {81, 23}, {0, 0}};
    compare("5", SIZES, NULL);
    compare("6", SIZES, NULL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_terminal_shows_the_canvas),
        cmocka_unit_test(the_terminal_shows_the_canvas_in_any_size),
    };
    if (argc == 3 && strcmp(argv[1], DRAW_OPTION) == 0) {
        return draw_run(argv[2]);
    }
    program = argv[0];
    tty_set_locale();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
