/*
 * Color: arithmetic with colours: what an xterm-256 number looks like, which number comes nearest
 * to a colour, how far two are apart for the eye, and whether one can be read on the other. It
 * knows no roles, no files and no terminal.
 */
#ifndef THEMES_COLOR_H
#define THEMES_COLOR_H

#include "base/base.h"
#include "base/str.h"

#define COLOR_COUNT 256 /* of the xterm palette */
#define COLOR_ANSI 16   /* its first ones, which every terminal shows as it likes */

/* A colour as 0xRRGGBB (sRGB); -1 = none. */
typedef int32_t Rgb;

#define RGB_NONE ((Rgb)-1)

/* The red, green or blue (0, 1, 2) of a colour, 0 to 255. */
int rgb_part(Rgb color, int part);

/* Reads "#rrggbb". */
bool rgb_parse(StrView text, Rgb *ret_color);

/* What a number of the palette looks like: the cube and the greys are the same everywhere, the
 * first sixteen are given as xterm has them. RGB_NONE for what is no number of it. */
Rgb rgb_of_number(int number);

/* The number from 16 to 255 that the eye takes for nearest; -1 for RGB_NONE. */
int rgb_nearest(Rgb color);

/* What people call a colour: "red", "orange", … "grey"; "" for RGB_NONE. */
const char *rgb_name(Rgb color);

/* Contrast of two colours, 1 to 21, as WCAG 2.1 computes it; 1 where one is none. */
double rgb_contrast(Rgb a, Rgb b);

/* How different two colours look: CIEDE2000, about 1 for what is just told apart; 0 where one is
 * none. */
double rgb_distance(Rgb a, Rgb b);

#endif
