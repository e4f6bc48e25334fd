/*
 * The tap of a capture: begins one of all that some sources deliver. For the session and for
 * `mdmscope show`.
 */
#ifndef SESSION_CAPTURE_TAP_H
#define SESSION_CAPTURE_TAP_H

#include "session/capture.h"
#include "session/source.h"

/* Begins a capture, as capture_new, of what comes from now on. Take the tap away
 * (sources_set_tap) before it is freed. */
Capture *capture_tap(Sources *sources, const Options *options, const char *path, bool may_replace,
                     bool *ret_exists, Err *err);

/* Ends it at the end of the program: with what was read but had not gone on yet. Waits at most
 * CAPTURE_END_NS. */
void capture_untap(Sources *sources, Capture *capture);

#endif
