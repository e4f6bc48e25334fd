/*
 * Tests of layout.c: properties over every size, not pictures of single ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/layout.h"

#define AREAS 10

static size_t areas_of(const Layout *layout, Rect *ret_areas)
{
    const Rect all[AREAS] = {layout->title,  layout->tabs,  layout->trouble, layout->heads,
                             layout->list,   layout->rule,  layout->detail,  layout->prompt,
                             layout->status, layout->filter};

    for (size_t i = 0; i < AREAS; i++) {
        ret_areas[i] = all[i];
    }
    return AREAS;
}

static void check_wish(LayoutWish wish)
{
    Layout layout = layout_make(wish);
    Rect areas[AREAS];
    size_t count = areas_of(&layout, areas);
    int covered[200] = {0};

    for (size_t i = 0; i < count; i++) {
        if (areas[i].height == 0) {
            continue;
        }
        assert_true(areas[i].x >= 0 && areas[i].y >= 0 && areas[i].height > 0);
        assert_true(areas[i].x + areas[i].width <= wish.columns);
        assert_true(areas[i].y + areas[i].height <= wish.rows);
        for (int y = areas[i].y; y < areas[i].y + areas[i].height; y++) {
            covered[y]++;
        }
    }
    for (int y = 0; y < wish.rows; y++) {
        assert_int_equal(covered[y], 1); /* no overlap, no hole */
    }
}

static void test_areas_tile_every_screen(void **state)
{
    (void)state;
    for (int rows = 1; rows <= 130; rows++) {
        for (int columns = 1; columns <= 260; columns += columns < 50 ? 1 : 37) {
            for (int bits = 0; bits < 8; bits++) {
                for (int trouble = 0; trouble <= 6; trouble += 3) {
                    check_wish((LayoutWish){.columns = columns,
                                            .rows = rows,
                                            .trouble_rows = trouble,
                                            .has_prompt = (bits & 1) != 0,
                                            .has_filter_row = (bits & 4) != 0,
                                            .is_detail_full = (bits & 2) != 0});
                }
            }
        }
    }
}

static void test_usual_screens_have_all_parts(void **state)
{
    (void)state;
    Layout small = layout_make((LayoutWish){.columns = 80, .rows = 24});

    assert_int_equal(small.title.height, 1);
    assert_int_equal(small.tabs.height, 1);
    assert_true(small.list.height >= 12);
    assert_true(small.detail.height >= 4);
    Layout tiny = layout_make((LayoutWish){.columns = 40, .rows = 10});

    assert_true(tiny.list.height >= 5);
    assert_int_equal(tiny.detail.height, 0);
    assert_int_equal(tiny.status.height, 1);
}

static void test_columns_fit_every_width(void **state)
{
    (void)state;
    for (int width = 1; width <= 400; width++) {
        for (int hosts = 0; hosts < 2; hosts++) {
            ListColumns made = layout_columns(width, hosts != 0);
            const int parts[] = {made.time,    made.delta,    made.level,  made.host,
                                 made.process, made.category, made.message};
            int used = made.glyph;

            for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
                assert_true(parts[i] >= 0);
                used += parts[i] > 0 && i + 1 < ARRAY_LEN(parts) ? parts[i] + 1 : parts[i];
            }
            assert_true(used <= width);
            if (width >= 76) {
                assert_true(made.category > 0 && made.delta > 0 &&
                            made.message >= (hosts ? 24 : 30));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_areas_tile_every_screen),
        cmocka_unit_test(test_usual_screens_have_all_parts),
        cmocka_unit_test(test_columns_fit_every_width),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
