/*
 * The scripted backend: a terminal that is a text: keys by name, waits for states, frames written
 * out, a clock that only moves when told to. For golden frames and tests; doc/script.md has the
 * language. No curses, no terminal.
 */
#ifndef TUI_BACKEND_SCRIPT_H
#define TUI_BACKEND_SCRIPT_H

#include <stdio.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "tui/backend.h"

/* A wait that has not come true after so long, by the machine's clock, fails. */
#define SCRIPT_PATIENCE_NS (INT64_C(60) * NS_PER_SECOND)

/* What a script asks of the program it drives. */
typedef struct ScriptHost {
    bool (*is_loaded)(void *context);
    bool (*is_idle)(void *context);
    uint64_t (*entries)(void *context);
    /* Draws the screen as it would be now. */
    void (*draw)(void *context, Canvas *canvas, int64_t now, Stamp wall);
    void *context;
    /* The theme in force, for pictures. */
    const Theme *(*theme)(void *context);
} ScriptHost;

/* Reads `text` as a whole; a mistake in it is told with its offset. The screen has the given size
 * until the script changes it; frames without a file go to `out` (borrowed). */
Backend *backend_script_new(StrView text, int columns, int rows, FILE *out, Err *err);

/* Says whom to ask; must be called before the first key is read. */
void backend_script_attach(Backend *backend, const ScriptHost *host);

/* Why the script ended early; NULL when it did not. Valid as long as the backend. */
const Err *backend_script_failure(const Backend *backend);

#endif
