/*
 * Detached: the explorer when its terminal has gone away and a capture is to go on. It reads the
 * sources, draws nothing and takes no keys.
 */
#ifndef TUI_DETACHED_H
#define TUI_DETACHED_H

#include <stdio.h>

#include "session/session.h"

/* To be called before the screen opens, when the hosts have answered: says what will happen without
 * it and how to end that, and sees to it that no ssh dies with the terminal. */
void detached_prepare(Session *session, FILE *errors);

/* Goes on until the sources are at their end, the capture has failed, or a signal ends the program
 * that is not of the terminal's going. Standard input, output and error lead nowhere from then on.
 * Returns the signal, 0 = none. */
int detached_run(Session *session);

#endif
