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

static void tap_held(void *context, const Entry *entry)
{
    capture_held(context, entry);
}

static void tap_released(void *context, uint8_t source)
{
    capture_released(context, source);
}

static void tap_lost(void *context, uint8_t source, uint64_t count)
{
    capture_lost(context, source, count);
}

static bool tap_is_full(void *context)
{
    return capture_is_full(context);
}

Capture *capture_tap(Sources *sources, const Options *options, const char *path, bool may_replace,
                     bool *ret_exists, Err *err)
{
    StrView names[OPTIONS_MAX_SOURCES];
    bool holds[OPTIONS_MAX_SOURCES];
    CaptureSetup setup = {
        .path = path,
        .names = names,
        .holds = holds,
        .may_replace = may_replace,
        .writer = {.part_bytes = options->capture_part_bytes},
    };
    for (; setup.count < sources_count(sources) && setup.count < ARRAY_LEN(names); setup.count++) {
        SourceStatus status;
        sources_status(sources, setup.count, &status);
        names[setup.count] = status.name;
        holds[setup.count] = options->last_ns > 0 && status.is_stream &&
                             (status.state == SOURCE_STARTING || status.state == SOURCE_READING);
    }
    Capture *capture = capture_new(&setup, ret_exists, err);
    if (capture != NULL) {
        SourceTap tap = {.entry = tap_entry,
                         .line = tap_line,
                         .held = tap_held,
                         .released = tap_released,
                         .lost = tap_lost,
                         .is_full = tap_is_full,
                         .context = capture};
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
