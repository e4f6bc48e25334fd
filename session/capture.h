/*
 * Capture: everything the sources deliver, byte for byte, in a file per source that can be opened
 * as a source again; beside the store, the gate and the screen, and whatever they leave out. What
 * becomes of the bytes on the disk is session/capture_writer.h. It knows nothing of sources.
 */
#ifndef SESSION_CAPTURE_H
#define SESSION_CAPTURE_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "parsers/entry.h"
#include "session/capture_writer.h"

typedef struct CaptureSetup {
    const char *path;     /* of a single source; of several it is PATH.NAME each */
    const StrView *names; /* of the sources, in their order */
    const bool *holds;    /* of which sources something may be held for long: it goes to FILE.held
                           * until it comes as an entry; NULL = of none */
    size_t count;
    bool may_replace; /* what is at `path`; not what is at the names of several */
    CaptureWriterSetup writer;
} CaptureSetup;

typedef enum CaptureState {
    CAPTURE_RUNNING,
    CAPTURE_ENDING, /* takes nothing more, the last of it is on its way to the disk */
    CAPTURE_ENDED,
    CAPTURE_FAILED, /* the disk took no more: what came since is in `missed` */
} CaptureState;

typedef struct CaptureStatus {
    CaptureState state;
    StrView path;     /* as it was asked for */
    uint64_t entries; /* that came since the beginning */
    uint64_t missed;  /* of these: in no file, as that failed or was too slow */
    uint64_t bytes;   /* written */
    unsigned files;
    StrView trouble; /* what went wrong, for people; nil = nothing. Until the next call */
    StrView advice;  /* what to do about that; nil = nothing */
} CaptureStatus;

typedef struct Capture Capture;

/* Makes the files (mode 0600) and begins. Fails when one cannot be made, or is there and may not be
 * replaced (then *ret_exists is true). */
Capture *capture_new(const CaptureSetup *setup, bool *ret_exists, Err *err);

/* Writes what is held, waits for that at most CAPTURE_END_NS. */
void capture_free(Capture *capture);

/* Takes an entry's bytes, or a line of a source's that is no entry (a banner, a heading, a notice)
 * without its '\n'. Copies; never waits. */
void capture_entry(Capture *capture, const Entry *entry);
void capture_line(Capture *capture, uint8_t source, StrView line);

/* Takes an entry that will be given again later, when all that it waits for has come; and the
 * moment when all such of a source have been. FILE.held is removed then, unless it has what FILE
 * has not. */
void capture_held(Capture *capture, const Entry *entry);
void capture_released(Capture *capture, uint8_t source);

/* Notes that so many entries of a source will not come: what waited was too much. Those that were
 * given as held are in FILE.held, which stays; others are missing. */
void capture_lost(Capture *capture, uint8_t source, uint64_t count);

/* Tells whether who can wait (a file) should. */
bool capture_is_full(const Capture *capture);

/* Takes nothing more; the end is in the status. */
void capture_end(Capture *capture);

/* Ends it and waits for that, at most CAPTURE_END_NS: before the last status is told. */
void capture_wait(Capture *capture);

void capture_status(Capture *capture, CaptureStatus *ret_status);

/* Tells whether `path` is that of part 2 or later of a capture; then *ret_part is its number and
 * *ret_stem the path of part 1. */
bool capture_part_of(StrView path, StrView *ret_stem, unsigned *ret_part);

#endif
