/*
 * What the environment says of the terminal: see term_env.h. It must never include curses.
 */
#include "tui/term_env.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void term_env_name(char ret_name[TERM_NAME_MAX])
{
    const char *said = getenv("TERM");
    (void)snprintf(ret_name, TERM_NAME_MAX, "%s", said != NULL ? said : "");
}

bool term_env_wants_color(void)
{
    const char *no_color = getenv("NO_COLOR");
    return no_color == NULL || *no_color == '\0';
}

bool term_env_announces_exact(void)
{
    const char *said = getenv("COLORTERM");
    return said != NULL && (strcmp(said, "truecolor") == 0 || strcmp(said, "24bit") == 0);
}

bool term_env_is_apples(void)
{
    const char *program = getenv("TERM_PROGRAM");
    return program != NULL && strcmp(program, "Apple_Terminal") == 0;
}

static void set(const char *name, int value)
{
    char text[16];
    (void)snprintf(text, sizeof text, "%d", value);
    (void)(value > 0 ? setenv(name, text, 1) : unsetenv(name)); /* only fails for lack of memory */
}

void term_env_set_size(int columns, int rows)
{
    set("COLUMNS", columns);
    set("LINES", rows);
}
