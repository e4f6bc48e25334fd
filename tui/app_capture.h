/*
 * What the rest of the explorer asks of its capture: see app_capture.c.
 */
#ifndef TUI_APP_CAPTURE_H
#define TUI_APP_CAPTURE_H

#include "base/str.h"
#include "themes/theme.h"
#include "tui/app.h"

/* Appends the name that the prompt offers. */
void app_capture_name(const App *app, StrBuf *ret_name);

/* What the prompt does with the name that was typed. */
void app_accept_capture(App *app, StrView text);

/* Writes what the title says of it, "" = nothing. */
Role app_capture_title(const App *app, char *buf, size_t size);

#endif
