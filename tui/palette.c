/*
 * Palette: see palette.h. The first sixteen are xterm's defaults; a terminal may show others, but
 * their order of hue and brightness is the same everywhere. It must never include curses.
 */
#include "tui/palette.h"

#define CUBE_FIRST 16
#define GRAY_FIRST 232
#define COLORS 256
#define BLACK 0
#define WHITE 7
#define BRIGHT_BLACK 8

typedef struct Rgb {
    int red, green, blue;
} Rgb;

/* clang-format off */
static const Rgb ANSI[CUBE_FIRST] = {
    {0, 0, 0},       {205, 0, 0},   {0, 205, 0},   {205, 205, 0},
    {0, 0, 238},     {205, 0, 205}, {0, 205, 205}, {229, 229, 229},
    {127, 127, 127}, {255, 0, 0},   {0, 255, 0},   {255, 255, 0},
    {92, 92, 255},   {255, 0, 255}, {0, 255, 255}, {255, 255, 255},
};
/* clang-format on */

static int cube_level(int step)
{
    return step == 0 ? 0 : 55 + 40 * step;
}

static Rgb rgb_of(int color)
{
    if (color < CUBE_FIRST) {
        return ANSI[color];
    }
    if (color >= GRAY_FIRST) {
        int level = 8 + 10 * (color - GRAY_FIRST);
        return (Rgb){level, level, level};
    }
    int cube = color - CUBE_FIRST;
    return (Rgb){cube_level(cube / 36), cube_level(cube / 6 % 6), cube_level(cube % 6)};
}

#define HUE_MIN 60

/* Squared distance, weighted roughly as the eye weighs the three. */
static int distance(Rgb a, Rgb b)
{
    int red = a.red - b.red;
    int green = a.green - b.green;
    int blue = a.blue - b.blue;
    return 3 * red * red + 4 * green * green + 2 * blue * blue;
}

/* Whether one channel stands out: such a colour is chosen for its hue, and must not become black.
 */
static bool has_hue(Rgb color)
{
    int most = color.red > color.green ? color.red : color.green;
    int least = color.red < color.green ? color.red : color.green;
    most = color.blue > most ? color.blue : most;
    least = color.blue < least ? color.blue : least;
    return most - least > HUE_MIN;
}

int palette_nearest(int color, int count)
{
    if (color < 0 || color >= COLORS) {
        return COLOR_DEFAULT;
    }
    if (color < count) {
        return color;
    }
    Rgb wanted = rgb_of(color);
    int best = BLACK;
    for (int i = 1; i < count && i < CUBE_FIRST; i++) {
        bool is_first_hue = best == BLACK && has_hue(wanted) && has_hue(rgb_of(i));
        if (is_first_hue || distance(rgb_of(i), wanted) < distance(rgb_of(best), wanted)) {
            best = i;
        }
    }
    return best;
}

/* A colour that is told from `ground` on every terminal. */
static int contrary(int ground, int count)
{
    static const bool IS_LIGHT[CUBE_FIRST] = {
        [2] = true,  [3] = true,  [6] = true,  [7] = true,  [9] = true,
        [10] = true, [11] = true, [13] = true, [14] = true, [15] = true,
    };
    if (ground == BLACK && count > BRIGHT_BLACK) {
        return BRIGHT_BLACK; /* what is this near to black was meant to stand back */
    }
    return IS_LIGHT[ground] ? BLACK : WHITE;
}

ColorPair palette_fit(ColorPair pair, bool is_dark, int count)
{
    int foreground = palette_nearest(pair.foreground, count);
    int background = palette_nearest(pair.background, count);
    int ground = background != COLOR_DEFAULT ? background : is_dark ? BLACK : WHITE;
    bool is_lost = foreground == ground && pair.foreground != pair.background &&
                   (background != COLOR_DEFAULT || foreground != pair.foreground);
    if (is_lost && ground < CUBE_FIRST) {
        foreground = contrary(ground, count);
    }
    return (ColorPair){(int16_t)foreground, (int16_t)background};
}

int palette_number(PairTable *table, ColorPair pair, int limit, bool *ret_is_new)
{
    *ret_is_new = false;
    for (int i = 0; i < table->count; i++) {
        if (table->pairs[i].foreground == pair.foreground &&
            table->pairs[i].background == pair.background) {
            return i + 1;
        }
    }
    if (table->count >= PALETTE_PAIRS_MAX || table->count >= limit) {
        return 0;
    }
    table->pairs[table->count++] = pair;
    *ret_is_new = true;
    return table->count;
}
