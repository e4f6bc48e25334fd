/*
 * What the configuration says of the screen's own names: keys, commands, columns, terms, themes.
 * The session keeps them as texts; here is found out which of them mean something. Settings in,
 * settings out: it knows no explorer and draws nothing.
 */
#ifndef TUI_SETTINGS_CHECK_H
#define TUI_SETTINGS_CHECK_H

#include "session/config.h"
#include "session/settings.h"
#include "tui/theme_list.h"

/* Takes out of `settings` the keys, columns, highlights and commands of the start that mean
 * nothing; each becomes a line in the errors of `config`. */
void settings_check(Settings *settings, Config *config);

/* Puts the theme of `settings` first among `themes`; one that cannot be had is taken out of the
 * settings and becomes a line. */
void settings_check_theme(Settings *settings, Config *config, ThemeList *themes);

/* Adds what is wrong with files of themes to the lines. */
void settings_check_theme_files(Config *config, const ThemeList *themes);

#endif
