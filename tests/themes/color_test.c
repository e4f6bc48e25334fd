/*
 * Arithmetic with colours, against published values: WCAG's contrast, the test pairs of CIEDE2000
 * as far as they are colours of a screen, and the palette of xterm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "themes/color.h"

static void reads_exact_colors(void **state)
{
    (void)state;
    static const char *const WRONG[] = {"",       "#",       "#12345", "#1234567",
                                        "123456", "#12345g", "#-12345"};
    Rgb color = RGB_NONE;
    assert_true(rgb_parse(SV("#0a80Ff"), &color));
    assert_int_equal(color, 0x0a80ff);
    assert_int_equal(rgb_part(color, 0), 0x0a);
    assert_int_equal(rgb_part(color, 1), 0x80);
    assert_int_equal(rgb_part(color, 2), 0xff);
    for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
        assert_false(rgb_parse(sv(WRONG[i]), &color));
    }
    assert_int_equal(color, 0x0a80ff);
}

static void knows_the_palette(void **state)
{
    (void)state;
    static const Rgb ROWS[][2] = {
        {0, 0x000000},   {9, 0xff0000},   {15, 0xffffff},  {16, 0x000000},  {17, 0x00005f},
        {67, 0x5f87af},  {196, 0xff0000}, {208, 0xff8700}, {231, 0xffffff}, {232, 0x080808},
        {244, 0x808080}, {255, 0xeeeeee}, {256, RGB_NONE}, {-1, RGB_NONE},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        assert_int_equal(rgb_of_number((int)ROWS[i][0]), ROWS[i][1]);
    }
}

static void measures_contrast(void **state)
{
    (void)state;
    assert_float_equal(rgb_contrast(0x000000, 0xffffff), 21.0, 0.01);
    assert_float_equal(rgb_contrast(0xffffff, 0x000000), 21.0, 0.01);
    assert_float_equal(rgb_contrast(0x808080, 0x808080), 1.0, 0.001);
    assert_float_equal(rgb_contrast(0x808080, 0xffffff), 3.949, 0.01);
    assert_float_equal(rgb_contrast(0xff0000, 0xffffff), 3.998, 0.01);
    assert_float_equal(rgb_contrast(0x767676, 0xffffff), 4.54, 0.01);
    assert_float_equal(rgb_contrast(RGB_NONE, 0xffffff), 1.0, 0.001);
}

static void measures_distance(void **state)
{
    (void)state;
    static const struct {
        Rgb a, b;
        double distance;
    } ROWS[] = {
        {0x000000, 0xffffff, 100.0}, {0xff0000, 0x00ff00, 86.61}, {0xff0000, 0x0000ff, 52.88},
        {0x00ff00, 0x0000ff, 83.19}, {0x808080, 0x808080, 0.0},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        assert_float_equal(rgb_distance(ROWS[i].a, ROWS[i].b), ROWS[i].distance, 0.05);
        assert_float_equal(rgb_distance(ROWS[i].b, ROWS[i].a), ROWS[i].distance, 0.05);
    }
    assert_float_equal(rgb_distance(RGB_NONE, 0x123456), 0.0, 0.001);
}

static void finds_the_nearest_number(void **state)
{
    (void)state;
    static const Rgb ROWS[][2] = {
        {0x000000, 16},  {0xffffff, 231}, {0x5f87af, 67},  {0x5f88b0, 67},
        {0x818181, 244}, {0xff0101, 196}, {0x121212, 233}, {RGB_NONE, -1},
    };
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        assert_int_equal(rgb_nearest(ROWS[i][0]), ROWS[i][1]);
    }
    /* each of the palette is its own nearest, or has a twin */
    for (int number = COLOR_ANSI; number < COLOR_COUNT; number++) {
        int nearest = rgb_nearest(rgb_of_number(number));
        assert_int_equal(rgb_of_number(nearest), rgb_of_number(number));
    }
}

/* What is dark blue to the eye stays blue: plain distance between numbers would make it black. */
static void the_nearest_keeps_the_hue(void **state)
{
    (void)state;
    Rgb nearest = rgb_of_number(rgb_nearest(0x16213e));
    assert_true(rgb_part(nearest, 2) >= rgb_part(nearest, 0));
    for (Rgb color = 0; color <= 0xffffff; color += 0x0b0713) {
        assert_true(rgb_distance(color, rgb_of_number(rgb_nearest(color))) < 16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_exact_colors),       cmocka_unit_test(knows_the_palette),
        cmocka_unit_test(measures_contrast),        cmocka_unit_test(measures_distance),
        cmocka_unit_test(finds_the_nearest_number), cmocka_unit_test(the_nearest_keeps_the_hue),
    };
    return cmocka_run_group_tests_name("themes/color", tests, NULL, NULL);
}
