/*
 * Explore: the explorer put together: session, themes, screen, terminal or script, loop. What
 * main calls when there is a screen to show.
 */
#ifndef TUI_EXPLORE_H
#define TUI_EXPLORE_H

#include <stdio.h>

#include "session/options.h"

/* Runs the explorer and returns the exit status. Frames of a script go to `out`, what the user must
 * know before or after the screen to `errors`. Signals should be open (tui/signals.h). */
int explore_run(const Options *options, FILE *out, FILE *errors);

#endif
