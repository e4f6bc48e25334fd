/*
 * Canvas: clipping down to one cell, wide characters never halved, what is unsafe made visible, and
 * the form of a dump. One test draws at random and looks for broken cells.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/canvas.h"

#define FAMILY "\U0001F468\u200D\U0001F469\u200D\U0001F467"

/* What must hold of every canvas: whole characters, nothing a terminal would obey. */
static void check_cells(const Canvas *canvas)
{
    for (int y = 0; y < canvas->rows; y++) {
        for (int x = 0; x < canvas->columns; x++) {
            const Cell *cell = &canvas->cells[y * canvas->columns + x];
            assert_in_range(cell->width, 0, 2);
            if (cell->width == 0) {
                assert_string_equal(cell->text, "");
                assert_true(x > 0 && cell[-1].width == 2);
                continue;
            }
            assert_true(cell->width == 1 || (x + 1 < canvas->columns && cell[1].width == 0));
            assert_true(strlen(cell->text) < CELL_BYTES);
            int width;
            StrView rest = sv(cell->text);
            assert_true(utf8_is_valid(rest));
            assert_int_equal(utf8_cluster(rest, &width), rest.len);
            assert_int_equal(width, cell->width);
            while (rest.len > 0) {
                assert_false(utf8_is_unsafe(utf8_next(&rest)));
            }
            assert_in_range(cell->role, 0, ROLE_COUNT - 1);
            assert_in_range(cell->ground, 0, ROLE_COUNT - 1);
        }
    }
}

static void check_dump(const Canvas *canvas, bool with_roles, const char *expected)
{
    StrBuf buf = {0};
    check_cells(canvas);
    canvas_dump(canvas, with_roles, &buf);
    assert_string_equal(strbuf_view(&buf).ptr, expected);
    strbuf_done(&buf);
}

/* Each row: what canvas_text makes of a text on a canvas of 10×1, and of one with a cut. */
static void test_text(void **state)
{
    static const struct {
        int x, width;
        const char *text;
        const char *plain;
        int used;
        const char *cut;
        int cut_used;
    } rows[] = {
        {0, 10, "abc", "abc", 3, "abc", 3},
        {0, 3, "abc", "abc", 3, "abc", 3},
        {0, 2, "abc", "ab", 2, "a…", 2},
        {0, 1, "abc", "a", 1, "…", 1},
        {0, 0, "abc", "", 0, "", 0},
        {0, -5, "abc", "", 0, "", 0},
        {8, 10, "abcd", "        ab", 2, "        a…", 2},
        {9, 1, "ab", "         a", 1, "         …", 1},
        {10, 5, "ab", "", 0, "", 0},
        {-2, 5, "abcd", "cd", 4, "cd", 4},
        {-2, 3, "abcd", "c", 3, "…", 3},
        {-9, 3, "abcd", "", 3, "", 3},
        {0, 4, "中文", "中文", 4, "中文", 4},
        {0, 3, "中文", "中", 2, "中…", 3},
        {0, 2, "中文", "中", 2, "…", 1},
        {0, 1, "中", "", 0, "…", 1},
        {9, 2, "中", "", 0, "         …", 1},
        {-1, 5, "中x", " x", 3, " x", 3},
        {-2, 5, "中x", "x", 3, "x", 3},
        {0, 4, "e\u0301\u0327a", "e\u0301\u0327a", 2, "e\u0301\u0327a", 2},
        {0, 4, FAMILY "x", FAMILY "x", 3, FAMILY "x", 3},
        {0, 2, FAMILY "x", FAMILY, 2, "…", 1},
        {0, 10, "\x1B[31m", "␛[31m", 5, "␛[31m", 5},
        {0, 10, "a\tb\nc", "a b⏎c", 5, "a b⏎c", 5},
        {0, 10, "\u202Ex", "<U+202E>x", 9, "<U+202E>x", 9},
        {0, 9, "xy\u202E", "xy", 2, "xy…", 3},
        {0, 10, "\xC2\x9Bx", "<U+009B>x", 9, "<U+009B>x", 9},
        {0, 10, "\xFF\xFE", "\\xFF\\xFE", 8, "\\xFF\\xFE", 8},
        {0, 10, "\u0301x", "<U+0301>x", 9, "<U+0301>x", 9},
        {0, 10, "", "", 0, "", 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Canvas canvas;
        StrBuf buf = {0};
        canvas_init(&canvas, 10, 1);
        int used = canvas_text(&canvas, rows[i].x, 0, rows[i].width, ROLE_TEXT, sv(rows[i].text));
        check_cells(&canvas);
        canvas_dump(&canvas, false, &buf);
        buf.ptr[buf.len - 1] = '\0';
        if (used != rows[i].used || strcmp(buf.ptr, rows[i].plain) != 0) {
            fail_msg("row %zu, plain: %d cells, '%s'", i, used, buf.ptr);
        }
        canvas_clear(&canvas, ROLE_TEXT);
        strbuf_clear(&buf);
        used = canvas_text_cut(&canvas, rows[i].x, 0, rows[i].width, ROLE_TEXT, sv(rows[i].text));
        check_cells(&canvas);
        canvas_dump(&canvas, false, &buf);
        buf.ptr[buf.len - 1] = '\0';
        if (used != rows[i].cut_used || strcmp(buf.ptr, rows[i].cut) != 0) {
            fail_msg("row %zu, cut: %d cells, '%s'", i, used, buf.ptr);
        }
        strbuf_done(&buf);
        canvas_done(&canvas);
    }
}

static void test_overwriting_halves(void **state)
{
    static const struct {
        int x;
        const char *over, *expected;
    } rows[] = {
        {0, "x", "x 文\n"}, {1, "x", " x文\n"},  {2, "x", "中x\n"},  {3, "x", "中 x\n"},
        {1, "日", " 日\n"}, {0, "日", "日文\n"}, {1, "xy", " xy\n"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Canvas canvas;
        canvas_init(&canvas, 4, 1);
        (void)canvas_text(&canvas, 0, 0, 4, ROLE_TEXT, SV("中文"));
        (void)canvas_text(&canvas, rows[i].x, 0, 4, ROLE_TEXT, sv(rows[i].over));
        check_dump(&canvas, false, rows[i].expected);
        canvas_done(&canvas);
    }
    Canvas canvas;
    canvas_init(&canvas, 4, 1);
    (void)canvas_text(&canvas, 0, 0, 4, ROLE_TEXT, SV("中文"));
    canvas_fill(&canvas, (Rect){1, 0, 2, 1}, ROLE_TEXT);
    check_dump(&canvas, false, "\n");
    canvas_done(&canvas);
}

static void test_long_cluster_loses_marks(void **state)
{
    (void)state;
    Canvas canvas;
    StrBuf text = {0};
    canvas_init(&canvas, 3, 1);
    strbuf_add_char(&text, 'e');
    for (int i = 0; i < 40; i++) {
        strbuf_add_str(&text, "\u0301");
    }
    strbuf_add_char(&text, 'x');
    assert_int_equal(canvas_text(&canvas, 0, 0, 3, ROLE_TEXT, strbuf_view(&text)), 2);
    check_cells(&canvas);
    assert_int_equal(strlen(canvas.cells[0].text), 27);
    assert_string_equal(canvas.cells[1].text, "x");
    strbuf_done(&text);
    canvas_done(&canvas);
}

static void test_sizes(void **state)
{
    (void)state;
    Canvas canvas;
    canvas_init(&canvas, 0, -3);
    assert_int_equal(canvas.columns, 1);
    assert_int_equal(canvas.rows, 1);
    assert_int_equal(canvas.cursor_x, -1);
    canvas_box(&canvas, (Rect){0, 0, 1, 1}, ROLE_BOX);
    check_dump(&canvas, false, "─\n");
    canvas_resize(&canvas, INT_MAX, INT_MAX);
    assert_int_equal(canvas.columns, CANVAS_MAX_COLUMNS);
    assert_int_equal(canvas.rows, CANVAS_MAX_ROWS);
    check_cells(&canvas);
    canvas_done(&canvas);
    assert_null(canvas.cells);
}

static void test_extreme_areas(void **state)
{
    static const int values[] = {INT_MIN, -100001, -3, -1, 0, 1, 2, 5, 100001, INT_MAX};

    (void)state;
    Canvas canvas;
    canvas_init(&canvas, 4, 3);
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        for (size_t j = 0; j < ARRAY_LEN(values); j++) {
            Rect area = {values[i], values[j], values[j], values[i]};
            canvas_fill(&canvas, area, ROLE_BOX);
            canvas_paint(&canvas, area, ROLE_DIM);
            canvas_ground(&canvas, area, ROLE_SELECTED);
            canvas_box(&canvas, area, ROLE_BOX);
            canvas_hline(&canvas, values[i], values[j], values[j], ROLE_RULE);
            (void)canvas_text(&canvas, values[i], 0, values[j], ROLE_TEXT, SV("a中"));
            (void)canvas_text(&canvas, 0, values[i], values[j], ROLE_TEXT, SV("a中"));
            (void)canvas_text_cut(&canvas, values[i], 1, values[j], ROLE_TEXT, SV("a中"));
            check_cells(&canvas);
        }
    }
    canvas_done(&canvas);
}

static void test_boxes(void **state)
{
    (void)state;
    Canvas canvas;
    canvas_init(&canvas, 6, 4);
    canvas_box(&canvas, (Rect){0, 0, 4, 3}, ROLE_BOX);
    canvas_hline(&canvas, 0, 3, 3, ROLE_RULE);
    check_dump(&canvas, false, "┌──┐\n│  │\n└──┘\n───\n");
    canvas_clear(&canvas, ROLE_TEXT);
    canvas_box(&canvas, (Rect){4, 2, 4, 4}, ROLE_BOX);
    check_dump(&canvas, false, "\n\n    ┌─\n    │\n");
    canvas_clear(&canvas, ROLE_TEXT);
    canvas_box(&canvas, (Rect){-1, -1, 3, 3}, ROLE_BOX);
    check_dump(&canvas, false, " │\n─┘\n\n\n");
    canvas_clear(&canvas, ROLE_TEXT);
    canvas_box(&canvas, (Rect){0, 0, 1, 3}, ROLE_BOX);
    canvas_box(&canvas, (Rect){2, 0, 2, 2}, ROLE_BOX);
    check_dump(&canvas, false, "│ ┌┐\n│ └┘\n│\n\n");
    canvas_done(&canvas);
}

static void test_roles_in_dump(void **state)
{
    (void)state;
    Canvas canvas;
    canvas_init(&canvas, 8, 4);
    canvas_fill(&canvas, (Rect){0, 0, 8, 1}, ROLE_TITLE);
    (void)canvas_text(&canvas, 1, 0, 3, ROLE_TITLE_STRONG, SV("abc"));
    (void)canvas_text(&canvas, 0, 1, 8, ROLE_TEXT, SV("中 HTTP"));
    canvas_ground(&canvas, (Rect){1, 1, 7, 1}, ROLE_SELECTED);
    canvas_paint(&canvas, (Rect){3, 1, 4, 1}, ROLE_MATCH);
    canvas.cells[2 * 8].extra = STYLE_BOLD | STYLE_ITALIC;
    check_dump(&canvas, true,
               " abc\n中 HTTP\n\n\n"
               "-- roles\n"
               "0 title*1 title-strong*3 title*4\n"
               "1 text@selected*3 match*4 text@selected*1\n"
               "2 text+bold+italic*1 text*7\n");
    canvas.cursor_x = 5;
    canvas.cursor_y = 3;
    canvas_fill(&canvas, (Rect){0, 0, 8, 4}, ROLE_TEXT);
    check_dump(&canvas, true, "\n\n\n\n-- roles\ncursor 5,3\n");
    check_dump(&canvas, false, "\n\n\n\n");
    canvas_clear(&canvas, ROLE_DIM);
    check_dump(&canvas, true, "\n\n\n\n-- roles\n0 dim*8\n1 dim*8\n2 dim*8\n3 dim*8\n");
    canvas_done(&canvas);
}

/* A match glows wherever it was painted, before or after the ground. */
static void test_match_keeps_its_ground(void **state)
{
    (void)state;
    Canvas canvas;
    canvas_init(&canvas, 4, 1);
    canvas_paint(&canvas, (Rect){0, 0, 1, 1}, ROLE_MATCH);
    canvas_ground(&canvas, (Rect){0, 0, 4, 1}, ROLE_SELECTED);
    canvas_paint(&canvas, (Rect){1, 0, 1, 1}, ROLE_MATCH);
    canvas_paint(&canvas, (Rect){2, 0, 1, 1}, ROLE_PRIVATE);
    (void)canvas_text(&canvas, 3, 0, 1, ROLE_MARK, SV("x")); /* text keeps a ground too */
    check_dump(&canvas, true, "   x\n-- roles\n0 match*2 private@selected*1 mark@selected*1\n");
    canvas_done(&canvas);
}

static void test_painting_takes_whole_characters(void **state)
{
    (void)state;
    Canvas canvas;
    canvas_init(&canvas, 6, 1);
    (void)canvas_text(&canvas, 0, 0, 6, ROLE_TEXT, SV("中文字"));
    canvas_paint(&canvas, (Rect){1, 0, 2, 1}, ROLE_MATCH);
    check_dump(&canvas, true, "中文字\n-- roles\n0 match*4 text*2\n");
    canvas_done(&canvas);
}

static void test_printf(void **state)
{
    (void)state;
    Canvas canvas;
    canvas_init(&canvas, 8, 1);
    assert_int_equal(canvas_printf(&canvas, 0, 0, 8, ROLE_TEXT, "%d %%", 14), 4);
    check_dump(&canvas, false, "14 %\n");
    assert_int_equal(canvas_printf(&canvas, 0, 0, 4, ROLE_TEXT, "%s",
                                   "abc\x1B"
                                   "de"),
                     4);
    check_dump(&canvas, false, "abc…\n");
    canvas_done(&canvas);
}

/* What differs of a row: texts, widths, looks, from the first cell to the last. */
static void test_row_changes(void **state)
{
    (void)state;
    Canvas now;
    Canvas before;
    int first = -1;
    int last = -1;
    canvas_init(&now, 8, 2);
    canvas_init(&before, 8, 2);
    assert_false(canvas_row_changes(&now, &before, 0, &first, &last));
    assert_int_equal(first, -1); /* written on success only */
    (void)canvas_text(&now, 2, 1, 8, ROLE_TEXT, SV("漢"));
    assert_false(canvas_row_changes(&now, &before, 0, &first, &last));
    assert_true(canvas_row_changes(&now, &before, 1, &first, &last));
    assert_int_equal(first, 2);
    assert_int_equal(last, 3); /* its right half */
    (void)canvas_text(&before, 2, 1, 8, ROLE_TEXT, SV("漢"));
    assert_false(canvas_row_changes(&now, &before, 1, &first, &last));
    canvas_paint(&now, (Rect){0, 0, 1, 1}, ROLE_TIME);
    canvas_ground(&now, (Rect){7, 0, 1, 1}, ROLE_SELECTED);
    assert_true(canvas_row_changes(&now, &before, 0, &first, &last));
    assert_int_equal(first, 0);
    assert_int_equal(last, 7);
    canvas_done(&now);
    canvas_done(&before);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static int random_to(uint32_t *seed, int below)
{
    return (int)(next_random(seed) % (uint32_t)below);
}

/* Pieces of all sorts, put together at random and drawn everywhere, a little beyond the edges. */
static void test_random_drawing(void **state)
{
    static const char *const pieces[] = {
        "a",
        "中",
        "e\u0301",
        FAMILY,
        "\x1B",
        "\u202E",
        "\xFF",
        "\u0301",
        "\u200D",
        "\xC2",
        "\t\n",
        "한",
        "\u1112\u1161\u11AB",
        "\U0001F1E9\U0001F1EA",
        "\u0915\u093E",
    };

    (void)state;
    uint32_t seed = 20260908;
    for (int round = 0; round < 300; round++) {
        Canvas canvas;
        canvas_init(&canvas, 1 + random_to(&seed, 12), 1 + random_to(&seed, 3));
        for (int step = 0; step < 60; step++) {
            StrBuf text = {0};
            for (int i = random_to(&seed, 6); i >= 0; i--) {
                strbuf_add_str(&text, pieces[random_to(&seed, (int)ARRAY_LEN(pieces))]);
            }
            Rect area = {random_to(&seed, 16) - 3, random_to(&seed, 5) - 1, random_to(&seed, 14),
                         random_to(&seed, 4)};
            Role role = (Role)random_to(&seed, ROLE_COUNT);
            StrView view = strbuf_view(&text);
            int used = 0;
            switch (random_to(&seed, 5)) {
            case 0:
                used = canvas_text(&canvas, area.x, area.y, area.width, role, view);
                break;
            case 1:
                used = canvas_text_cut(&canvas, area.x, area.y, area.width, role, view);
                break;
            case 2:
                canvas_fill(&canvas, area, role);
                break;
            case 3:
                canvas_paint(&canvas, area, role);
                break;
            default:
                canvas_box(&canvas, area, role);
            }
            assert_true(used >= 0 && used <= area.width);
            check_cells(&canvas);
            strbuf_done(&text);
        }
        canvas_done(&canvas);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_overwriting_halves),
        cmocka_unit_test(test_long_cluster_loses_marks),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_extreme_areas),
        cmocka_unit_test(test_boxes),
        cmocka_unit_test(test_roles_in_dump),
        cmocka_unit_test(test_match_keeps_its_ground),
        cmocka_unit_test(test_painting_takes_whole_characters),
        cmocka_unit_test(test_printf),
        cmocka_unit_test(test_row_changes),
        cmocka_unit_test(test_random_drawing),
    };
    return cmocka_run_group_tests_name("tui/canvas", tests, NULL, NULL);
}
