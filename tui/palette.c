/*
 * Palette: see palette.h. The first sixteen are xterm's defaults; a terminal may show others, but
 * their order of hue and brightness is the same everywhere. It must never include curses.
 */
#include "tui/palette.h"

#define BLACK 0
#define WHITE 7
#define BRIGHT_BLACK 8

#define HUE_MIN 60

/* Squared distance, weighted roughly as the eye weighs the three. */
static int distance(Rgb a, Rgb b)
{
    int red = rgb_part(a, 0) - rgb_part(b, 0);
    int green = rgb_part(a, 1) - rgb_part(b, 1);
    int blue = rgb_part(a, 2) - rgb_part(b, 2);
    return 3 * red * red + 4 * green * green + 2 * blue * blue;
}

/* Whether one channel stands out: such a colour is chosen for its hue, and must not become black.
 */
static bool has_hue(Rgb color)
{
    int most = 0;
    int least = 255;
    for (int part = 0; part < 3; part++) {
        int value = rgb_part(color, part);
        most = value > most ? value : most;
        least = value < least ? value : least;
    }
    return most - least > HUE_MIN;
}

int palette_nearest(int color, int count)
{
    if (color < 0 || color >= COLOR_COUNT) {
        return COLOR_DEFAULT;
    }
    if (color < count) {
        return color;
    }
    Rgb wanted = rgb_of_number(color);
    int best = BLACK;
    for (int i = 1; i < count && i < COLOR_ANSI; i++) {
        bool is_first_hue = best == BLACK && has_hue(wanted) && has_hue(rgb_of_number(i));
        if (is_first_hue ||
            distance(rgb_of_number(i), wanted) < distance(rgb_of_number(best), wanted)) {
            best = i;
        }
    }
    return best;
}

/* A colour that is told from `ground` on every terminal. */
static int contrary(int ground, int count)
{
    static const bool IS_LIGHT[COLOR_ANSI] = {
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
    if (is_lost && ground < COLOR_ANSI) {
        foreground = contrary(ground, count);
    }
    return (ColorPair){(int16_t)foreground, (int16_t)background};
}

Look palette_look(const Theme *theme, Role role, Role ground, unsigned extra, bool has_color)
{
    Look look = theme->looks[role];
    unsigned style = (has_color ? look.attributes : look.mono) | extra;
    if (ground != ROLE_TEXT) {
        const Look *other = &theme->looks[ground];
        look.background = other->background;
        look.exact_background = other->exact_background;
        if ((other->attributes & STYLE_SOLID) != 0) {
            look.foreground = other->foreground;
            look.exact_foreground = other->exact_foreground;
        }
        style |= has_color ? other->attributes : other->mono;
    }
    if ((style & STYLE_REVERSE) != 0) {
        style &= ~STYLE_DIM; /* a weak ground would leave its text unreadable */
    }
    look.attributes = (uint8_t)(style & ~STYLE_SOLID);
    return look;
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

/* --- 24-bit colours --------------------------------------------------------------------------- */

/* The numbers that the looks use for what they are, not for an exact colour. */
static void take_plain(const Theme *theme, bool *is_taken)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        const Look *look = &theme->looks[i];
        if (look->exact_foreground == RGB_NONE && look->foreground >= 0) {
            is_taken[look->foreground] = true;
        }
        if (look->exact_background == RGB_NONE && look->background >= 0) {
            is_taken[look->background] = true;
        }
    }
}

/* The number that stands for an exact colour: its own, or where that is taken the nearest that is
 * not; a terminal that passes over the exact colour then still shows a similar one. */
static int16_t stand_in(ExactColors *exact, const bool *is_taken, Rgb color, int16_t own)
{
    int best = own;
    double best_distance = -1;
    for (int i = COLOR_ANSI; i < COLOR_COUNT; i++) {
        if (exact->colors[i] == color) {
            return (int16_t)i;
        }
        if (is_taken[i] || exact->colors[i] != RGB_NONE) {
            continue;
        }
        double distance = i == own ? 0 : rgb_distance(rgb_of_number(i), color);
        if (best_distance < 0 || distance < best_distance) {
            best = i;
            best_distance = distance;
        }
    }
    if (best_distance >= 0) {
        exact->colors[best] = color;
    }
    return (int16_t)best;
}

void palette_exact(Theme *theme, ExactColors *ret_exact)
{
    bool is_taken[COLOR_COUNT] = {false};
    for (int i = 0; i < COLOR_COUNT; i++) {
        ret_exact->colors[i] = RGB_NONE;
    }
    take_plain(theme, is_taken);
    for (int i = 0; i < ROLE_COUNT; i++) {
        Look *look = &theme->looks[i];
        if (look->exact_foreground != RGB_NONE) {
            look->foreground =
                stand_in(ret_exact, is_taken, look->exact_foreground, look->foreground);
        }
        if (look->exact_background != RGB_NONE) {
            look->background =
                stand_in(ret_exact, is_taken, look->exact_background, look->background);
        }
    }
}

/* Takes the next of the parameters "1;38;5;250" off `rest`. */
static StrView next_parameter(StrView *rest)
{
    size_t end = sv_find_char(*rest, ';');
    StrView first = sv_slice(*rest, 0, end);
    *rest = end == SIZE_MAX ? SV_NONE : sv_slice(*rest, end + 1, SIZE_MAX);
    return first;
}

/* Writes the parameters of one sequence, each "5;N" of an exact colour as "2;R;G;B". */
static void rewrite_sequence(const ExactColors *exact, StrView parameters, StrBuf *out)
{
    StrView rest = parameters;
    bool is_first = true;
    while (rest.ptr != NULL) {
        StrView parameter = next_parameter(&rest);
        strbuf_printf(out, "%s%.*s", is_first ? "" : ";", SV_ARG(parameter));
        is_first = false;
        bool is_color = sv_equal(parameter, SV("38")) || sv_equal(parameter, SV("48"));
        if (!is_color || !sv_starts(rest, SV("5;"))) {
            continue;
        }
        StrView after = sv_slice(rest, 2, SIZE_MAX);
        StrView text = next_parameter(&after);
        uint64_t number;
        if (sv_to_u64(text, &number) && number < COLOR_COUNT && exact->colors[number] != RGB_NONE) {
            Rgb color = exact->colors[number];
            strbuf_printf(out, ";2;%d;%d;%d", rgb_part(color, 0), rgb_part(color, 1),
                          rgb_part(color, 2));
        } else {
            strbuf_printf(out, ";5;%.*s", SV_ARG(text));
        }
        rest = after;
    }
}

/* The length of the parameters of a sequence that sets looks, which ends with 'm'; SIZE_MAX for any
 * other one. */
static size_t parameters_len(StrView text)
{
    size_t len = 0;
    while (len < text.len &&
           ((text.ptr[len] >= '0' && text.ptr[len] <= '9') || text.ptr[len] == ';')) {
        len++;
    }
    return len < text.len && text.ptr[len] == 'm' ? len : SIZE_MAX;
}

void palette_rewrite(const ExactColors *exact, StrView bytes, StrBuf *out)
{
    StrView rest = bytes;
    size_t start;
    strbuf_reserve(out, bytes.len);
    while ((start = sv_find(rest, SV("\033["))) != SIZE_MAX) {
        strbuf_add(out, sv_slice(rest, 0, start + 2));
        rest = sv_slice(rest, start + 2, SIZE_MAX);
        size_t len = parameters_len(rest);
        if (len != SIZE_MAX) {
            rewrite_sequence(exact, sv_slice(rest, 0, len), out);
            rest = sv_slice(rest, len, SIZE_MAX);
        }
    }
    strbuf_add(out, rest);
}
