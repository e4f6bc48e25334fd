/*
 * Theme: what colour and weight each role of the screen has. Roles are the only vocabulary panes
 * know; colours live in themes/NAME.json (compiled in) and become the terminal's in the backend.
 */
#ifndef THEMES_THEME_H
#define THEMES_THEME_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "themes/color.h"

#define THEME_ROLES(X)                                                                             \
    X(TEXT, "text")                                                                                \
    X(DIM, "dim")                                                                                  \
    X(TITLE, "title")                                                                              \
    X(TITLE_STRONG, "title-strong")                                                                \
    X(TITLE_LIVE, "title-live")                                                                    \
    X(TITLE_WARN, "title-warn")                                                                    \
    X(TITLE_FAIL, "title-fail")                                                                    \
    X(TAB, "tab")                                                                                  \
    X(TAB_CURRENT, "tab-current")                                                                  \
    X(TAB_FAIL, "tab-fail")                                                                        \
    X(RULE, "rule")                                                                                \
    X(NOTICE, "notice")                                                                            \
    X(TIME, "time")                                                                                \
    X(DELTA, "delta")                                                                              \
    X(PROCESS, "process")                                                                          \
    X(CATEGORY, "category")                                                                        \
    X(LEVEL_DEFAULT, "level-default")                                                              \
    X(LEVEL_INFO, "level-info")                                                                    \
    X(LEVEL_DEBUG, "level-debug")                                                                  \
    X(LEVEL_ERROR, "level-error")                                                                  \
    X(LEVEL_FAULT, "level-fault")                                                                  \
    X(OUTCOME_OK, "outcome-ok")                                                                    \
    X(OUTCOME_WAIT, "outcome-wait")                                                                \
    X(OUTCOME_FAIL, "outcome-fail")                                                                \
    X(PRIVATE, "private")                                                                          \
    X(MATCH, "match")                                                                              \
    X(SELECTED, "selected")                                                                        \
    X(SELECTED_DIM, "selected-dim")                                                                \
    X(MARK, "mark")                                                                                \
    X(DETAIL_NAME, "detail-name")                                                                  \
    X(DETAIL_VALUE, "detail-value")                                                                \
    X(DETAIL_HEAD, "detail-head")                                                                  \
    X(PROMPT, "prompt")                                                                            \
    X(PROMPT_TEXT, "prompt-text")                                                                  \
    X(PROMPT_ERROR, "prompt-error")                                                                \
    X(TOKEN_KEY, "token-key")                                                                      \
    X(TOKEN_OPERATOR, "token-operator")                                                            \
    X(TOKEN_LOGIC, "token-logic")                                                                  \
    X(TOKEN_TEXT, "token-text")                                                                    \
    X(TOKEN_NUMBER, "token-number")                                                                \
    X(STATUS, "status")                                                                            \
    X(STATUS_KEY, "status-key")                                                                    \
    X(STATUS_FOLLOW, "status-follow")                                                              \
    X(BOX, "box")                                                                                  \
    X(BOX_TITLE, "box-title")                                                                      \
    X(BOX_KEY, "box-key")                                                                          \
    X(HIGHLIGHT_1, "highlight-1")                                                                  \
    X(HIGHLIGHT_2, "highlight-2")                                                                  \
    X(HIGHLIGHT_3, "highlight-3")                                                                  \
    X(HIGHLIGHT_4, "highlight-4")                                                                  \
    X(HIGHLIGHT_5, "highlight-5")                                                                  \
    X(HIGHLIGHT_6, "highlight-6")                                                                  \
    X(HIGHLIGHT_7, "highlight-7")                                                                  \
    X(HIGHLIGHT_8, "highlight-8")                                                                  \
    X(RELATED, "related")                                                                          \
    X(MOMENT, "moment")                                                                            \
    X(SEPARATOR, "separator")                                                                      \
    X(FOLD, "fold")                                                                                \
    X(WRAP, "wrap")                                                                                \
    X(SCROLL_THUMB, "scroll-thumb")                                                                \
    X(HISTOGRAM, "histogram")                                                                      \
    X(HISTOGRAM_ERROR, "histogram-error")                                                          \
    X(HISTOGRAM_FAULT, "histogram-fault")                                                          \
    X(HISTOGRAM_WINDOW, "histogram-window")                                                        \
    X(SPLITTER, "splitter")                                                                        \
    X(WINDOW_TITLE, "window-title")                                                                \
    X(WINDOW_TITLE_CURRENT, "window-title-current")                                                \
    X(NOTE, "note")                                                                                \
    X(DETAIL_CURRENT, "detail-current")                                                            \
    X(JSON_KEY, "json-key")                                                                        \
    X(JSON_STRING, "json-string")                                                                  \
    X(JSON_NUMBER, "json-number")                                                                  \
    X(TREE, "tree")                                                                                \
    X(HINT, "hint")                                                                                \
    X(BOX_CURRENT, "box-current")                                                                  \
    X(STAGE_OK, "stage-ok")                                                                        \
    X(STAGE_FAIL, "stage-fail")                                                                    \
    X(STAGE_WAIT, "stage-wait")                                                                    \
    X(STAGE_PROGRESS, "stage-progress")                                                            \
    X(STAGE_NONE, "stage-none")                                                                    \
    X(ADVICE, "advice")                                                                            \
    X(CONFIDENCE, "confidence")

typedef enum Role {
#define X(name, text) ROLE_##name,
    THEME_ROLES(X)
#undef X
        ROLE_COUNT
} Role;

#define STYLE_BOLD (1u << 0)
#define STYLE_DIM (1u << 1)
#define STYLE_UNDERLINE (1u << 2)
#define STYLE_REVERSE (1u << 3)
#define STYLE_ITALIC (1u << 4)
/* No attribute of a terminal: as the ground of cells the role brings its own ink too. For colours
 * so few that no ground leaves all others readable. */
#define STYLE_SOLID (1u << 5)

#define COLOR_DEFAULT (-1)

/* One role's look. Colours are xterm-256 numbers, or COLOR_DEFAULT = the terminal's own; where the
 * theme gives an exact colour the number is the nearest one, unless it gives both. */
typedef struct Look {
    int16_t foreground;
    int16_t background;
    uint8_t attributes;   /* STYLE_… for a terminal with colours */
    uint8_t mono;         /* STYLE_… for NO_COLOR and monochrome terminals */
    Rgb exact_foreground; /* for terminals that announce 24-bit colours; RGB_NONE = the number's */
    Rgb exact_background;
} Look;

#define THEME_NAME_MAX 32
#define THEME_ABOUT_MAX 160

typedef struct Theme {
    char name[THEME_NAME_MAX];
    char about[THEME_ABOUT_MAX]; /* one line for the chooser; may be "" */
    bool is_dark;
    int colors; /* it needs a terminal with as many: 256, 16, or 0 = attributes only */
    Look looks[ROLE_COUNT];
} Theme;

/* Looks a theme up that another one stands on: `name` is what the file `from` says. Appends its
 * text; false when there is none. */
typedef bool (*ThemeFind)(void *context, const char *name, const char *from, StrBuf *ret_text);

/* Reads a theme file: every role must be there (a file may name another as its "base", looked up
 * through `find`, and give only what differs). `find` may be NULL: then there is none to stand on.
 * `name` is a name or a path; Theme.name gets its last part. Errors begin with
 * "NAME:LINE:COLUMN: " and name role and key. */
bool theme_read(StrView text, const char *name, ThemeFind find, void *context, Theme *ret_theme,
                Err *err);

const char *role_name(Role role);
bool role_parse(StrView text, Role *ret_role);

/* Whether cells of the role stay on their own ground where the row gets another: what was searched
 * for and what is highlighted glows in a selected row too. */
bool role_keeps_ground(Role role);

#endif
