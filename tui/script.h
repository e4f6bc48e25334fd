/*
 * Script: the text of --script as steps: keys, waits, frames, the clock. doc/script.md has the
 * language. It only reads; backend_script.c does what the steps say.
 */
#ifndef TUI_SCRIPT_H
#define TUI_SCRIPT_H

#include "base/arena.h"
#include "base/base.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "tui/key.h"

typedef enum ScriptStepKind {
    STEP_KEY, /* is given to the program; all others are done by the backend */
    STEP_CLOCK,
    STEP_FRAME,
    STEP_SIZE,
    STEP_ENTRIES, /* waits for so many */
    STEP_IDLE,
    STEP_LOADED,
    STEP_KIND_COUNT
} ScriptStepKind;

typedef struct ScriptStep {
    ScriptStepKind kind;
    size_t offset; /* in the script's text */
    Key key;
    StrView text; /* what is pasted, or the file of a frame ("" = none); of the script's arena */
    int columns, rows;
    uint64_t count; /* of entries */
    int64_t length; /* clock: how far it goes on; or where it stands, when `is_absolute` */
    int16_t zone;
    bool is_absolute;
    bool with_roles;
    bool is_picture;
} ScriptStep;

/* All zeroes = an empty one. */
typedef struct Script {
    Arena arena;
    ScriptStep *steps;
    size_t count, capacity;
} Script;

/* Reads `text` as a whole, which need not stay; a mistake is told with its offset. The script must
 * be given to script_done in either case. */
bool script_read(Script *script, StrView text, Err *err);
void script_done(Script *script);

#endif
