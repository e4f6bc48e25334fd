/*
 * Palette: colours of the xterm-256 palette for terminals that have fewer, or more. Arithmetic on
 * numbers and bytes only: it knows no terminal.
 */
#ifndef TUI_PALETTE_H
#define TUI_PALETTE_H

#include "base/base.h"
#include "base/str.h"
#include "themes/theme.h"

typedef struct ColorPair {
    int16_t foreground; /* COLOR_DEFAULT = the terminal's own */
    int16_t background;
} ColorPair;

/* Old curses keep a pair's number in eight bits; nobody needs more. */
#define PALETTE_PAIRS_MAX 255

/* The pairs that a terminal has been told of, numbered from 1. All zeroes = none yet. */
typedef struct PairTable {
    ColorPair pairs[PALETTE_PAIRS_MAX];
    int count;
} PairTable;

/* The number of a pair; one that is new is added, and `*ret_is_new` set. 0 = there are `limit`
 * already. */
int palette_number(PairTable *table, ColorPair pair, int limit, bool *ret_is_new);

/* What a cell of `role` looks like on the ground of another role (ROLE_TEXT = on its own), with the
 * attributes `extra`: colours and attributes as they are sent. Without colours, those of "mono". */
Look palette_look(const Theme *theme, Role role, Role ground, unsigned extra, bool has_color);

/* The nearest of the first `count` (8, 16 or 256) colours; COLOR_DEFAULT stays. */
int palette_nearest(int color, int count);

/* A pair for a terminal of `count` colours. What could be told from its ground still can:
 * where both would become the same colour, black or white is taken instead. `is_dark` tells what
 * the terminal's own ground is likely to be. */
ColorPair palette_fit(ColorPair pair, bool is_dark, int count);

/* The 24-bit colours that numbers of the palette stand for; RGB_NONE = for themselves. Curses and
 * terminfo know nothing of such colours, so it is told numbers, which are replaced on the way out.
 */
typedef struct ExactColors {
    Rgb colors[COLOR_COUNT];
} ExactColors;

/* Gives each exact colour of the theme a number that no other colour of the theme has. */
void palette_exact(Theme *theme, ExactColors *ret_exact);

/* Appends `bytes`, which go to a terminal, with "38;5;N" and "48;5;N" replaced by the exact colours
 * of their numbers; every other byte as it is. Sequences must be whole. */
void palette_rewrite(const ExactColors *exact, StrView bytes, StrBuf *out);

#endif
