/*
 * What the panes of the enrolment share: the attempt they show, glyphs and colours of its states.
 * For app_enrolment.c, app_timeline.c, app_mdm_commands.c and app_explain.c only.
 */
#ifndef TUI_APP_ENROLMENT_H
#define TUI_APP_ENROLMENT_H

#include "session/enrolment.h"
#include "tui/app_state.h"

extern const PaneOps TIMELINE_OPS; /* app_timeline.c */
extern const PaneOps COMMANDS_OPS; /* app_mdm_commands.c */

/* What is said under the rows (app_explain.c): of the attempt as a whole, a stage, a command. */
void app_explain_attempt(const App *app, Detail *detail);
void app_explain_stage(const App *app, Detail *detail, const EnrolmentStage *stage);
void app_explain_command(const App *app, Detail *detail, const MdmCommand *command);

/* The attempt that is shown; NULL = there is no enrolment so far. */
const Attempt *app_attempt(const App *app);

/* "215 ms", "83.8 s"; nothing for -1. */
void app_print_latency(int64_t ms, StrBuf *buf);

Role app_stage_role(StageState state);
const char *app_stage_glyph(StageState state);

#endif
