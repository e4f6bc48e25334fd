/*
 * Color: see color.h. The formulas are those of sRGB (IEC 61966-2-1), CIELAB under D65, CIEDE2000
 * (CIE 142-2001) and WCAG 2.1 (relative luminance, contrast ratio).
 */
#include "themes/color.h"

#include <math.h>

#define CUBE_FIRST COLOR_ANSI
#define GRAY_FIRST 232
#define PI 3.14159265358979323846

typedef struct Lab {
    double lightness, a, b;
} Lab;

/* The first sixteen as xterm has them; terminals differ there. */
static const Rgb ANSI[COLOR_ANSI] = {
    0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
    0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};

int rgb_part(Rgb color, int part)
{
    return (int)((uint32_t)color >> (8 * (2 - part)) & 0xff);
}

static Rgb rgb_make(int red, int green, int blue)
{
    return (Rgb)((uint32_t)red << 16 | (uint32_t)green << 8 | (uint32_t)blue);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool rgb_parse(StrView text, Rgb *ret_color)
{
    Rgb color = 0;
    if (text.len != 7 || text.ptr[0] != '#') {
        return false;
    }
    for (size_t i = 1; i < text.len; i++) {
        int digit = hex_digit(text.ptr[i]);
        if (digit < 0) {
            return false;
        }
        color = color * 16 + digit;
    }
    *ret_color = color;
    return true;
}

static int cube_level(int step)
{
    return step == 0 ? 0 : 55 + 40 * step;
}

Rgb rgb_of_number(int number)
{
    if (number < 0 || number >= COLOR_COUNT) {
        return RGB_NONE;
    }
    if (number < CUBE_FIRST) {
        return ANSI[number];
    }
    if (number >= GRAY_FIRST) {
        int level = 8 + 10 * (number - GRAY_FIRST);
        return rgb_make(level, level, level);
    }
    int cube = number - CUBE_FIRST;
    return rgb_make(cube_level(cube / 36), cube_level(cube / 6 % 6), cube_level(cube % 6));
}

/* The amount of light of a part, 0 to 1. */
static double linear(Rgb color, int part)
{
    double value = rgb_part(color, part) / 255.0;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(Rgb color)
{
    return 0.2126 * linear(color, 0) + 0.7152 * linear(color, 1) + 0.0722 * linear(color, 2);
}

double rgb_contrast(Rgb a, Rgb b)
{
    if (a == RGB_NONE || b == RGB_NONE) {
        return 1;
    }
    double x = luminance(a);
    double y = luminance(b);
    return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

static double lab_root(double value)
{
    return value > 216.0 / 24389.0 ? cbrt(value) : (24389.0 / 27.0 * value + 16.0) / 116.0;
}

static Lab lab_of(Rgb color)
{
    double red = linear(color, 0);
    double green = linear(color, 1);
    double blue = linear(color, 2);
    double x = lab_root((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047);
    double y = lab_root(0.2126729 * red + 0.7151522 * green + 0.0721750 * blue);
    double z = lab_root((0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883);
    return (Lab){116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

static double radians(double degrees)
{
    return degrees * PI / 180;
}

/* The angle of a hue, 0 to 360; 0 for a grey. */
static double hue_angle(double a, double b)
{
    if (a == 0 && b == 0) {
        return 0;
    }
    double angle = atan2(b, a) * 180 / PI;
    return angle < 0 ? angle + 360 : angle;
}

static double power7(double value)
{
    return pow(value, 7);
}

/* The three differences, of lightness, chroma and hue, each weighed by where the colours are. */
static double distance_of(Lab one, Lab two)
{
    double mean = (hypot(one.a, one.b) + hypot(two.a, two.b)) / 2;
    double stretch = 1.5 - 0.5 * sqrt(power7(mean) / (power7(mean) + power7(25)));
    double chroma1 = hypot(one.a * stretch, one.b);
    double chroma2 = hypot(two.a * stretch, two.b);
    double hue1 = hue_angle(one.a * stretch, one.b);
    double hue2 = hue_angle(two.a * stretch, two.b);
    bool has_hue = chroma1 * chroma2 > 0;

    double turn = has_hue ? hue2 - hue1 : 0;
    turn = turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn;
    double hue = has_hue ? hue1 + turn / 2 : hue1 + hue2;
    double light = (one.lightness + two.lightness) / 2 - 50;
    double chroma = (chroma1 + chroma2) / 2;

    double t = 1 - 0.17 * cos(radians(hue - 30)) + 0.24 * cos(radians(2 * hue)) +
               0.32 * cos(radians(3 * hue + 6)) - 0.20 * cos(radians(4 * hue - 63));
    double bend = fmod(hue + 360, 360) - 275;
    double rotation = -2 * sqrt(power7(chroma) / (power7(chroma) + power7(25))) *
                      sin(radians(60 * exp(-bend * bend / 625)));

    double by_light =
        (two.lightness - one.lightness) / (1 + 0.015 * light * light / sqrt(20 + light * light));
    double by_chroma = (chroma2 - chroma1) / (1 + 0.045 * chroma);
    double by_hue = 2 * sqrt(chroma1 * chroma2) * sin(radians(turn / 2)) / (1 + 0.015 * chroma * t);
    double square = by_light * by_light + by_chroma * by_chroma + by_hue * by_hue +
                    rotation * by_chroma * by_hue;
    return sqrt(square > 0 ? square : 0);
}

double rgb_distance(Rgb a, Rgb b)
{
    return a == RGB_NONE || b == RGB_NONE ? 0 : distance_of(lab_of(a), lab_of(b));
}

int rgb_nearest(Rgb color)
{
    int best = -1;
    double best_distance = INFINITY;
    if (color == RGB_NONE) {
        return -1;
    }
    Lab wanted = lab_of(color);
    for (int i = CUBE_FIRST; i < COLOR_COUNT; i++) {
        double distance = distance_of(wanted, lab_of(rgb_of_number(i)));
        if (distance < best_distance) {
            best_distance = distance;
            best = i;
        }
    }
    return best;
}

/* --- names ------------------------------------------------------------------------------------ */

#define GREY_MOST 40 /* between the channels of what is called grey */

#define PINK 340
#define DARK 160 /* the lightest channel of what is no pink any more */

typedef struct HueName {
    int below; /* degrees on the wheel of colours */
    const char *name;
} HueName;

static const HueName HUES[] = {
    {16, "red"},   {41, "orange"},  {70, "yellow"}, {165, "green"}, {200, "cyan"},
    {265, "blue"}, {300, "violet"}, {PINK, "pink"}, {361, "red"},
};

static int hue_of(Rgb color, int most, int least)
{
    int red = rgb_part(color, 0);
    int green = rgb_part(color, 1);
    int blue = rgb_part(color, 2);
    int range = most - least;
    int hue = most == red     ? 60 * (green - blue) / range
              : most == green ? 120 + 60 * (blue - red) / range
                              : 240 + 60 * (red - green) / range;

    return (hue + 360) % 360;
}

const char *rgb_name(Rgb color)
{
    int most = 0;
    int least = 255;

    if (color == RGB_NONE) {
        return "";
    }
    for (int part = 0; part < 3; part++) {
        int value = rgb_part(color, part);

        most = value > most ? value : most;
        least = value < least ? value : least;
    }
    if (most - least < GREY_MOST) {
        return most > 200 ? "white" : "grey";
    }
    size_t i = 0;

    while (hue_of(color, most, least) >= HUES[i].below) {
        i++;
    }
    return HUES[i].below == PINK && most < DARK ? "purple" : HUES[i].name;
}
