/*
 * The colour-blind-safe pair, seen as by people without one kind of cones: what tells outcomes,
 * levels and highlighted terms apart is still told apart, and outcomes by lightness alone as well.
 *
 * The simulation is that of G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A
 * Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15 (2009), at
 * full severity: their matrices over linear light. Distances are CIEDE2000.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "tests/themes/shipped.h"

#define OUTCOME_LEAST 10.0
#define HIGHLIGHT_LEAST 10.0
#define LIGHTNESS_LEAST 1.2 /* contrast of one outcome's ink with another's */

typedef struct Vision {
    const char *name;
    double matrix[3][3];
} Vision;

static const Vision VISIONS[] = {
    {"all cones", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {"protanopia",
     {{0.152286, 1.052583, -0.204868},
      {0.114503, 0.786281, 0.099216},
      {-0.003882, -0.048116, 1.051998}}},
    {"deuteranopia",
     {{0.367322, 0.860646, -0.227968},
      {0.280085, 0.672501, 0.047413},
      {-0.011820, 0.042940, 0.968881}}},
    {"tritanopia",
     {{1.255528, -0.076749, -0.178779},
      {-0.078411, 0.930809, 0.147602},
      {0.004733, 0.691367, 0.303900}}},
};

static double to_linear(int value)
{
    double part = value / 255.0;
    return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

static int from_linear(double value)
{
    double part = value <= 0 ? 0 : value >= 1 ? 1 : value;
    part = part <= 0.0031308 ? part * 12.92 : 1.055 * pow(part, 1 / 2.4) - 0.055;
    return (int)lround(part * 255);
}

static Rgb seen(const Vision *vision, Rgb color)
{
    Rgb result = 0;
    for (int row = 0; row < 3; row++) {
        double light = 0;
        for (int part = 0; part < 3; part++) {
            light += vision->matrix[row][part] * to_linear(rgb_part(color, part));
        }
        result = result * 256 + from_linear(light);
    }
    return result;
}

static Rgb color_of(int number, Rgb exact, bool is_exact)
{
    return is_exact && exact != RGB_NONE ? exact : rgb_of_number(number);
}

static Rgb ink(const Theme *theme, Role role, bool is_exact)
{
    const Look *look = &theme->looks[role];
    return color_of(look->foreground, look->exact_foreground, is_exact);
}

static Rgb ground(const Theme *theme, Role role, bool is_exact)
{
    const Look *look = &theme->looks[role];
    return color_of(look->background, look->exact_background, is_exact);
}

/* The distance of the inks, or of the grounds where those are further apart. */
static double distance(const Theme *theme, Role a, Role b, const Vision *vision, bool is_exact)
{
    double inks =
        rgb_distance(seen(vision, ink(theme, a, is_exact)), seen(vision, ink(theme, b, is_exact)));
    double grounds = rgb_distance(seen(vision, ground(theme, a, is_exact)),
                                  seen(vision, ground(theme, b, is_exact)));
    return inks > grounds ? inks : grounds;
}

static bool is_safe(const Theme *theme)
{
    return sv_starts(sv(theme->name), SV("colorblind-"));
}

static void check_pairs(const Shipped *shipped, const Role *roles, size_t count, double least)
{
    size_t checked = 0;
    for (size_t n = 0; n < shipped->count * ARRAY_LEN(VISIONS) * 2; n++) {
        const Theme *theme = &shipped->themes[n / 2 / ARRAY_LEN(VISIONS)];
        const Vision *vision = &VISIONS[n / 2 % ARRAY_LEN(VISIONS)];
        for (size_t i = 0; is_safe(theme) && i < count * count; i++) {
            Role a = roles[i / count];
            Role b = roles[i % count];
            if (a >= b) {
                continue;
            }
            double apart = distance(theme, a, b, vision, n % 2 == 1);
            checked++;
            if (apart < least) {
                fail_msg("%s: with %s %s and %s are only %.1f apart", theme->name, vision->name,
                         role_name(a), role_name(b), apart);
            }
        }
    }
    assert_int_equal(checked, 2 * 2 * ARRAY_LEN(VISIONS) * (count * (count - 1) / 2));
}

static void outcomes_are_told_apart(void **state)
{
    static const Role outcomes[] = {ROLE_TEXT, ROLE_OUTCOME_OK, ROLE_OUTCOME_WAIT,
                                    ROLE_OUTCOME_FAIL};
    static const Role stages[] = {ROLE_STAGE_OK, ROLE_STAGE_FAIL, ROLE_STAGE_WAIT,
                                  ROLE_STAGE_PROGRESS, ROLE_STAGE_NONE};
    static const Role levels[] = {ROLE_TEXT, ROLE_LEVEL_ERROR, ROLE_LEVEL_FAULT};
    static const Role bars[] = {ROLE_HISTOGRAM, ROLE_HISTOGRAM_ERROR, ROLE_HISTOGRAM_FAULT};
    check_pairs(*state, outcomes, ARRAY_LEN(outcomes), OUTCOME_LEAST);
    check_pairs(*state, stages, ARRAY_LEN(stages), OUTCOME_LEAST);
    check_pairs(*state, levels, ARRAY_LEN(levels), OUTCOME_LEAST);
    check_pairs(*state, bars, ARRAY_LEN(bars), OUTCOME_LEAST);
}

static void outcomes_differ_in_lightness(void **state)
{
    static const Role outcomes[] = {ROLE_OUTCOME_OK, ROLE_OUTCOME_WAIT, ROLE_OUTCOME_FAIL};
    const Shipped *shipped = *state;
    for (size_t n = 0; n < shipped->count * ARRAY_LEN(outcomes) * 2; n++) {
        const Theme *theme = &shipped->themes[n / 2 / ARRAY_LEN(outcomes)];
        size_t i = n / 2 % ARRAY_LEN(outcomes);
        Role a = outcomes[i];
        Role b = outcomes[(i + 1) % ARRAY_LEN(outcomes)];
        double contrast = rgb_contrast(ink(theme, a, n % 2 == 1), ink(theme, b, n % 2 == 1));
        if (is_safe(theme) && contrast < LIGHTNESS_LEAST) {
            fail_msg("%s: %s and %s are nearly as light: %.2f", theme->name, role_name(a),
                     role_name(b), contrast);
        }
    }
}

static void highlights_are_told_apart(void **state)
{
    static const Role glowing[] = {
        ROLE_HIGHLIGHT_1, ROLE_HIGHLIGHT_2, ROLE_HIGHLIGHT_3, ROLE_HIGHLIGHT_4, ROLE_HIGHLIGHT_5,
        ROLE_HIGHLIGHT_6, ROLE_HIGHLIGHT_7, ROLE_HIGHLIGHT_8, ROLE_MATCH,
    };
    check_pairs(*state, glowing, ARRAY_LEN(glowing), HIGHLIGHT_LEAST);
}

/* Red and green, as most programs take them, fail: the measure measures. */
static void the_measure_measures(void **state)
{
    (void)state;
    Rgb red = rgb_of_number(167);
    Rgb green = rgb_of_number(71);
    assert_true(rgb_distance(red, green) > 50);
    assert_true(rgb_distance(seen(&VISIONS[2], red), seen(&VISIONS[2], green)) < 20);
    assert_int_equal(seen(&VISIONS[0], 0x123456), 0x123456);
    for (size_t i = 0; i < ARRAY_LEN(VISIONS); i++) { /* grey is grey to all */
        assert_true(rgb_distance(seen(&VISIONS[i], 0x808080), 0x808080) < 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_are_told_apart),
        cmocka_unit_test(outcomes_differ_in_lightness),
        cmocka_unit_test(highlights_are_told_apart),
        cmocka_unit_test(the_measure_measures),
    };
    return cmocka_run_group_tests_name("themes/vision", tests, begin_with_shipped, NULL);
}
