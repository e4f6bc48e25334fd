/*
 * ThemeList: the themes there are: those that came with the program and the user's, in the order in
 * which they are offered, and which of them suits a terminal. It reads files but no environment and
 * must never include curses.
 */
#ifndef TUI_THEME_LIST_H
#define TUI_THEME_LIST_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "themes/theme.h"

#define THEME_LIST_MAX 64
#define THEME_FILE_MAX (256 * KIB)

typedef struct ThemeList {
    const Theme *items[THEME_LIST_MAX]; /* owned */
    size_t count;
    const char *data_dir; /* where the data files are, NULL = compiled in; borrowed */
    const char *user_dir; /* the user's directory, NULL = none; borrowed */
    StrBuf complaints;    /* a line for each theme that was left out, and why */
} ThemeList;

/* What a terminal says about its colours. */
typedef struct TerminalColors {
    int count;          /* 0 = none, or none are wanted */
    const char *ground; /* COLORFGBG: "ink;ground", numbers of the palette; NULL = not said */
} TerminalColors;

/* Reads all themes: "dark", "light", then the others by name. A file of the user's,
 * `user_dir`/themes/NAME.json, goes before the program's of that name. One that is broken becomes a
 * line in `complaints`, and the program's is taken instead where there is one. */
void theme_list_load(ThemeList *ret, const char *data_dir, const char *user_dir);
void theme_list_done(ThemeList *list);

/* The place of a theme by its name; SIZE_MAX = there is none. */
size_t theme_list_find(const ThemeList *list, StrView name);

/* Puts the theme `wanted` first: a name, or the path of a file (which has a '/' in it). Fails when
 * there is none, with the names that there are, or when the file is broken. */
bool theme_list_begin_with(ThemeList *list, const char *wanted, Err *err);

/* The name of the theme that suits a terminal: "light" where its ground is, "sixteen" where it has
 * fewer than 256 colours, "monochrome" where it has none; else "dark". */
const char *theme_list_likely(TerminalColors colors);

#endif
