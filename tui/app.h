/*
 * App: the explorer's screen: its state, what it draws, what a key does. It knows no terminal, no
 * clock and no descriptor: keys and times are handed in, a canvas is handed out. The loop drives
 * it.
 */
#ifndef TUI_APP_H
#define TUI_APP_H

#include "base/base.h"
#include "base/clock.h"
#include "base/str.h"
#include "session/options.h"
#include "session/session.h"
#include "themes/theme.h"
#include "tui/canvas.h"
#include "tui/key.h"

/* What must happen next: answers of app_key and app_news. */
#define APP_REDRAW (1u << 0)  /* what is on the screen is no longer true */
#define APP_QUIT (1u << 1)    /* the user wants to leave */
#define APP_SUSPEND (1u << 2) /* the user wants the shell back for a while */
#define APP_THEME (1u << 3)   /* app_theme is another one */
#define APP_MOUSE (1u << 4)   /* app_wants_mouse says something else */
#define APP_COPY (1u << 5)    /* app_copied is to go to a clipboard */

typedef struct App App;

/* Makes the explorer over `session` (borrowed). */
App *app_new(Session *session, const Options *options, const Theme *const *themes,
             size_t theme_count);
void app_free(App *app);

/* Handles one key; `paste` is the pasted text for KEY_CODE_PASTE. Returns APP_… bits. */
unsigned app_key(App *app, Key key, StrView paste, int64_t now);

/* Takes note of the session's dirty bits; returns APP_… bits. */
unsigned app_news(App *app, unsigned session_dirty, int64_t now);

/* Draws everything into the canvas (which has the screen's size). `wall` = wall clock for the
 * title. */
void app_draw(App *app, Canvas *canvas, int64_t now, Stamp wall);

/* When app_draw should be called though nothing has happened (a toast that goes, the clock);
 * INT64_MAX = never. */
int64_t app_deadline(const App *app, int64_t now);

/* Until when a key that was typed waits for a further one; INT64_MAX = none does. */
int64_t app_keys_deadline(const App *app);

/* Works on what a key began and takes long (saving) for about `budget_ns`; app_has_work tells
 * whether to call it again before waiting. */
unsigned app_work(App *app, int64_t budget_ns);
bool app_has_work(const App *app);

/* What is to go to a clipboard; then app_copy_told says where it went ("the clipboard"), or with
 * NULL why it did not. Returns APP_… bits. */
StrView app_copied(const App *app);
unsigned app_copy_told(App *app, const char *where, const Err *err);

/* Hands the session what is to be remembered until the same files are opened again; to be called at
 * the end, before session_memory_save. */
void app_remember(App *app);

/* The theme in force. */
const Theme *app_theme(const App *app);

/* Whether the mouse is the program's; if not, it is the terminal's own, for selecting text. */
bool app_wants_mouse(const App *app);

/* Nothing left to do for the last key: refilter, search, save done (also while a stream goes on).
 */
bool app_is_idle(const App *app);

#endif
