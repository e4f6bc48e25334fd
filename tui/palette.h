/*
 * Palette: colours of the xterm-256 palette for terminals that have fewer. Arithmetic only: it
 * knows no terminal.
 */
#ifndef TUI_PALETTE_H
#define TUI_PALETTE_H

#include "base/base.h"
#include "themes/theme.h"

typedef struct ColorPair {
    int16_t foreground; /* COLOR_DEFAULT = the terminal's own */
    int16_t background;
} ColorPair;

/* The nearest of the first `count` (8, 16 or 256) colours; COLOR_DEFAULT stays. */
int palette_nearest(int color, int count);

/* A pair for a terminal of `count` colours. What could be told from its ground still can:
 * where both would become the same colour, black or white is taken instead. `is_dark` tells what
 * the terminal's own ground is likely to be. */
ColorPair palette_fit(ColorPair pair, bool is_dark, int count);

#endif
