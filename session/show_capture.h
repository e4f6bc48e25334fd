/*
 * The capture of `mdmscope show --capture`: begun with the sources, ended with them, and what is
 * wrong with it said on standard error. The entries are printed whatever becomes of it.
 */
#ifndef SESSION_SHOW_CAPTURE_H
#define SESSION_SHOW_CAPTURE_H

#include <stdio.h>

#include "session/capture.h"
#include "session/source.h"

/* All zeroes is one that was not asked for. */
typedef struct ShowCapture {
    Capture *capture; /* NULL = none */
    Sources *sources;
    FILE *errors;
    bool has_told;
} ShowCapture;

/* Begins it if `options` ask for it; complains and returns false when that fails. */
bool show_capture_open(ShowCapture *show, Sources *sources, const Options *options, FILE *errors);

/* Says once when something is wrong with it. */
void show_capture_tell(ShowCapture *show);

/* Ends it and says what is missing; true when nothing is. Before sources_free. */
bool show_capture_close(ShowCapture *show);
void show_capture_done(ShowCapture *show); /* after it */

#endif
