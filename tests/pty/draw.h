/*
 * Canvases at random, drawn through the real backend: the child that does it, and the same canvases
 * for the test that compares them with what the terminal shows.
 */
#ifndef TESTS_PTY_DRAW_H
#define TESTS_PTY_DRAW_H

#include "themes/theme.h"
#include "tui/canvas.h"

/* The argument that makes the test program the child: "--draw SEED". */
#define DRAW_OPTION "--draw"

/* A theme in which every role looks different. */
void draw_theme(Theme *ret_theme);

/* Changes the canvas into that of a frame: some frames are new altogether, most differ in a few
 * places, some are scrolled. The number of the frame is in it, so that no two are the same. */
void draw_frame(Canvas *canvas, uint32_t seed, unsigned frame);

/* The child: shows the next frame for each key 'n', in the size that the terminal has then, and
 * ends at any other. Returns the exit status. */
int draw_run(const char *seed);

#endif
