/*
 * What the environment says of the terminal, and what curses is told through it. No curses, no
 * terminfo: variables only.
 */
#ifndef TUI_TERM_ENV_H
#define TUI_TERM_ENV_H

#include "base/base.h"

#define TERM_NAME_MAX 128

/* Copies the name of the terminal ($TERM), "" when there is none. */
void term_env_name(char ret_name[TERM_NAME_MAX]);

/* Whether colours are welcome: NO_COLOR is not set, or empty. */
bool term_env_wants_color(void);

/* Whether the terminal tells of 24-bit colours, by a custom that most of them share. */
bool term_env_announces_exact(void);

/* Whether it is Apple's Terminal. */
bool term_env_is_apples(void);

/* Puts a size where curses takes it from at its start; 0 = takes away what stands there. */
void term_env_set_size(int columns, int rows);

#endif
