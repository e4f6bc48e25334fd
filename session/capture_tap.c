/*
 * The tap of a capture: see capture_tap.h.
 */
#include "session/capture_tap.h"

#include "session/options.h"

static void tap_entry(void *context, const Entry *entry)
{
    capture_entry(context, entry);
}

static void tap_line(void *context, uint8_t source, StrView text)
{
    capture_line(context, source, text);
}

static bool tap_is_full(void *context)
{
    return capture_is_full(context);
}

Capture *capture_tap(Sources *sources, const Options *options, const char *path, bool may_replace,
                     bool *ret_exists, Err *err)
{
    StrView names[OPTIONS_MAX_SOURCES];
    CaptureSetup setup = {
        .path = path,
        .names = names,
        .may_replace = may_replace,
        .writer = {.part_bytes = options->capture_part_bytes},
    };
    for (; setup.count < sources_count(sources) && setup.count < ARRAY_LEN(names); setup.count++) {
        SourceStatus status;
        sources_status(sources, setup.count, &status);
        names[setup.count] = status.name;
    }
    Capture *capture = capture_new(&setup, ret_exists, err);
    if (capture != NULL) {
        SourceTap tap = {tap_entry, tap_line, tap_is_full, capture};
        sources_set_tap(sources, &tap);
    }
    return capture;
}

void capture_untap(Sources *sources, Capture *capture)
{
    sources_flush(sources);
    sources_set_tap(sources, NULL);
    capture_wait(capture);
}
