/*
 * The capture of `mdmscope show`: see show_capture.h.
 */
#include "session/show_capture.h"

#include <inttypes.h>

#include "session/capture_tap.h"
#include "session/headless.h"

bool show_capture_open(ShowCapture *show, Sources *sources, const Options *options, FILE *errors)
{
    Err err = err_none();
    bool exists;
    *show = (ShowCapture){.sources = sources, .errors = errors};
    if (options->capture == NULL) {
        return true;
    }
    show->capture = capture_tap(sources, options, options->capture, false, &exists, &err);
    if (show->capture == NULL) {
        (void)err_prefix(&err, "--capture");
        headless_complain(errors, &err, SV_NONE);
    }
    return show->capture != NULL;
}

static void complain(const ShowCapture *show, StrView text)
{
    Err err = err_none();
    (void)err_set(&err, "%.*s", SV_ARG(text));
    headless_complain(show->errors, &err, SV_NONE);
}

void show_capture_tell(ShowCapture *show)
{
    CaptureStatus status;
    if (show->capture == NULL || show->has_told) {
        return;
    }
    capture_status(show->capture, &status);
    if (status.trouble.len > 0) {
        show->has_told = true;
        complain(show, status.trouble);
    }
}

bool show_capture_close(ShowCapture *show)
{
    if (show->capture == NULL) {
        return true;
    }
    capture_untap(show->sources, show->capture);
    show_capture_tell(show);
    CaptureStatus status;
    capture_status(show->capture, &status);
    if (status.missed > 0) {
        StrBuf text = {0};
        strbuf_printf(&text, "%.*s: %" PRIu64 " of %" PRIu64 " entries are missing",
                      SV_ARG(status.path), status.missed, status.entries);
        complain(show, strbuf_view(&text));
        strbuf_done(&text);
    }
    return status.missed == 0;
}

void show_capture_done(ShowCapture *show)
{
    capture_free(show->capture);
}
