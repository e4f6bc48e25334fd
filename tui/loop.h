/*
 * Loop: the one place where the program waits. It carries keys to the screen, entries to the
 * session and frames to the terminal, so that none of them has to wait long for another: keys go
 * before entries, entries are read before anything is computed, frames are drawn at most 30 times
 * a second, at once after a key. It wakes for nothing but these and for what the screen says of
 * time: see app_deadline.
 */
#ifndef TUI_LOOP_H
#define TUI_LOOP_H

#include "session/session.h"
#include "tui/app.h"
#include "tui/backend.h"

#define LOOP_FRAME_NS (INT64_C(33) * NS_PER_MS)      /* from a frame to the next */
#define LOOP_CALM_FRAME_NS (INT64_C(50) * NS_PER_MS) /* the same, while nobody types */
#define LOOP_CALM_NS NS_PER_SECOND                   /* after a key; then nobody types */
#define LOOP_KEY_NS (INT64_C(12) * NS_PER_MS) /* from a key to its frame, while there is work */
#define LOOP_LOOK_NS NS_PER_MS                /* less of reading is no wait for a key */
#define LOOP_PUMP_NS (INT64_C(8) * NS_PER_MS) /* reading, before keys are looked at again */
#define LOOP_WORK_NS (INT64_C(5) * NS_PER_MS) /* refiltering and searching, the same */

/* Runs the explorer until the user leaves, the terminal goes away or a signal ends it. All are
 * borrowed; signals should be open (tui/signals.h). */
void loop_run(Session *session, App *app, Backend *backend);

#endif
