/*
 * Loop: the one place where the program waits. It carries keys to the screen, entries to the
 * session and frames to the terminal, so that none of them has to wait long for another: keys go
 * before entries, entries are read before anything is computed, frames are drawn at most 30 times
 * a second, almost at once after a key. A terminal that is slow gets fewer frames, never later
 * ones: what it has not taken yet is waited for before the next one is drawn. It wakes for nothing
 * but these and for what the screen says of time: see app_deadline.
 */
#ifndef TUI_LOOP_H
#define TUI_LOOP_H

#include "session/session.h"
#include "tui/app.h"
#include "tui/backend.h"
#include "tui/trace.h"

#define LOOP_FRAME_NS (INT64_C(33) * NS_PER_MS)      /* from a frame to the next */
#define LOOP_CALM_FRAME_NS (INT64_C(50) * NS_PER_MS) /* the same, while nobody types */
#define LOOP_CALM_NS NS_PER_SECOND                   /* after a key; then nobody types */
#define LOOP_KEY_NS (INT64_C(8) * NS_PER_MS) /* from a key to its frame, while there is work */
#define LOOP_KEY_FRAME_NS (INT64_C(8) * NS_PER_MS) /* from a frame to that of a key */
#define LOOP_LOOK_NS NS_PER_MS                     /* less of reading is no wait for a key */
#define LOOP_PUMP_NS (INT64_C(6) * NS_PER_MS)      /* reading, before keys are looked at again */
#define LOOP_WORK_NS (INT64_C(4) * NS_PER_MS)      /* refiltering and searching, the same */
#define LOOP_LEAST_NS NS_PER_MS                    /* of either, though a key is late already */

/* Runs the explorer until the user leaves, the terminal goes away or a signal ends it. All are
 * borrowed; signals should be open (tui/signals.h). `trace` takes the measures, NULL = none.
 * True when it was the terminal that went away. */
bool loop_run(Session *session, App *app, Backend *backend, Trace *trace);

#endif
