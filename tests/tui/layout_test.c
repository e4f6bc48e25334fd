/*
 * Tests of layout.c: properties over every size, not pictures of single ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/layout.h"

#define BARS 9
#define AREAS (BARS + 4 * WINDOWS_MAX)
#define ROWS_MAX 130
#define COLUMNS_MAX 261

static void areas_of(const Layout *layout, Rect ret_areas[AREAS])
{
    const Rect bars[BARS] = {layout->title,     layout->tabs,   layout->trouble,
                             layout->histogram, layout->rule,   layout->detail,
                             layout->filter,    layout->prompt, layout->status};
    size_t count = 0;

    for (; count < ARRAY_LEN(bars); count++) {
        ret_areas[count] = bars[count];
    }
    for (int i = 0; i < WINDOWS_MAX; i++) {
        const WindowLayout *window = &layout->windows[i];

        ret_areas[count++] = window->name;
        ret_areas[count++] = window->heads;
        ret_areas[count++] = window->list;
        ret_areas[count++] = window->splitter;
    }
}

static void cover(uint8_t *cells, LayoutWish wish, Rect area)
{
    if (area.height == 0 || area.width == 0) {
        return;
    }
    assert_true(area.x >= 0 && area.y >= 0 && area.height > 0 && area.width > 0);
    assert_true(area.x + area.width <= wish.columns);
    assert_true(area.y + area.height <= wish.rows);
    for (int y = area.y; y < area.y + area.height; y++) {
        for (int x = area.x; x < area.x + area.width; x++) {
            cells[y * wish.columns + x]++;
        }
    }
}

/* No overlap, no hole. */
static void check_wish(LayoutWish wish, int focus)
{
    static uint8_t cells[ROWS_MAX * COLUMNS_MAX];
    Layout layout = layout_make(wish, focus);
    Rect areas[AREAS];
    size_t size = (size_t)(wish.rows * wish.columns);

    memset(cells, 0, size);
    areas_of(&layout, areas);
    for (size_t i = 0; i < AREAS; i++) {
        cover(cells, wish, areas[i]);
    }
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(cells[i], 1);
    }
    assert_true(layout.windows[focus].list.height > 0 || layout.detail.height > 0 || wish.rows < 4);
}

static void check_size(int columns, int rows)
{
    for (int bits = 0; bits < 16; bits++) {
        int windows = 1 + (columns + rows + bits) % WINDOWS_MAX;
        LayoutWish wish = {.columns = columns,
                           .rows = rows,
                           .trouble_rows = (columns + bits) % 7,
                           .window_count = windows,
                           .split = (bits & 8) != 0 ? SPLIT_SIDE : SPLIT_STACKED,
                           .shares = {1 + rows % 1500, 0, 300},
                           .histogram_rows = rows % 3,
                           .has_prompt = (bits & 1) != 0,
                           .has_filter_row = (bits & 4) != 0,
                           .is_detail_full = (bits & 2) != 0};

        check_wish(wish, windows - 1);
    }
}

static void test_areas_tile_every_screen(void **state)
{
    (void)state;
    for (int rows = 1; rows < ROWS_MAX; rows += rows < 50 ? 1 : 7) {
        for (int columns = 1; columns < COLUMNS_MAX; columns += columns < 50 ? 1 : 37) {
            check_size(columns, rows);
        }
    }
}

/* Everything that can be wished for at once, also what nobody would: out of a fixed seed. */
static void test_odd_wishes_tile_the_screen(void **state)
{
    uint32_t seed = 7;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        int dice[12];

        for (size_t at = 0; at < ARRAY_LEN(dice); at++) {
            seed = seed * 1664525u + 1013904223u;
            dice[at] = (int)(seed >> 12);
        }
        LayoutWish wish = {.columns = 1 + dice[0] % (dice[1] % 4 == 0 ? COLUMNS_MAX - 1 : 90),
                           .rows = 1 + dice[2] % (dice[3] % 4 == 0 ? ROWS_MAX - 1 : 45),
                           .window_count = dice[4] % (WINDOWS_MAX + 1),
                           .split = dice[5] % 2 == 0 ? SPLIT_SIDE : SPLIT_STACKED,
                           .shares = {dice[6] % 3000, dice[7] % 2, 1, dice[8]},
                           .histogram_rows = dice[9] % 8,
                           .detail_rows = dice[10] % 3 == 0 ? 0 : dice[10] % 200,
                           .trouble_rows = dice[11] % 9,
                           .has_prompt = dice[11] % 2 == 0,
                           .has_filter_row = dice[10] % 2 == 0,
                           .is_detail_full = dice[9] % 5 == 0};

        check_wish(wish, wish.window_count > 0 ? dice[3] % wish.window_count : 0);
    }
}

/* A height that was dragged is kept where there is room; the list keeps its rows. */
static void test_detail_has_the_height_it_was_given(void **state)
{
    (void)state;
    for (int rows = 14; rows < 100; rows++) {
        for (int wanted = 1; wanted < 100; wanted++) {
            Layout layout =
                layout_make((LayoutWish){.columns = 80, .rows = rows, .detail_rows = wanted}, 0);

            assert_true(layout.windows[0].list.height >= 3);
            assert_true(layout.detail.height == wanted || layout.windows[0].list.height == 3 ||
                        layout.windows[0].heads.height == 1);
        }
    }
}

static void test_windows_share_the_body(void **state)
{
    LayoutWish wish = {
        .columns = 120, .rows = 40, .window_count = 2, .split = SPLIT_SIDE, .shares = {1000, 3000}};
    Layout layout = layout_make(wish, 0);

    (void)state;
    assert_int_equal(layout.window_count, 2);
    assert_true(2 * layout.windows[1].list.width > 3 * layout.windows[0].list.width);
    wish.columns = 30; /* too narrow for two: the one with the focus is shown */
    layout = layout_make(wish, 1);
    assert_int_equal(layout.window_count, 1);
    assert_int_equal(layout.windows[0].list.width, 0);
    assert_int_equal(layout.windows[1].list.width, 30);
}

static void test_usual_screens_have_all_parts(void **state)
{
    (void)state;
    Layout small = layout_make((LayoutWish){.columns = 80, .rows = 24}, 0);

    assert_int_equal(small.title.height, 1);
    assert_int_equal(small.tabs.height, 1);
    assert_true(small.windows[0].list.height >= 12);
    assert_true(small.detail.height >= 4);
    Layout tiny = layout_make((LayoutWish){.columns = 40, .rows = 10}, 0);

    assert_true(tiny.windows[0].list.height >= 5);
    assert_int_equal(tiny.detail.height, 0);
    assert_int_equal(tiny.status.height, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_areas_tile_every_screen),
        cmocka_unit_test(test_odd_wishes_tile_the_screen),
        cmocka_unit_test(test_detail_has_the_height_it_was_given),
        cmocka_unit_test(test_windows_share_the_body),
        cmocka_unit_test(test_usual_screens_have_all_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
