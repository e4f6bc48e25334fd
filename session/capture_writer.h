/*
 * CaptureWriter: files that are appended to from a thread of their own, because a disk may make a
 * write wait and a screen may not. Records are taken over at once, held up to a limit, and written
 * within CAPTURE_FLUSH_NS. It knows nothing of entries; only session/capture.c includes this.
 */
#ifndef SESSION_CAPTURE_WRITER_H
#define SESSION_CAPTURE_WRITER_H

#include <sys/stat.h>
#include <sys/types.h>

#include "base/base.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

/* From a record's coming until it is handed to the system: what a crash of the program can cost. */
#define CAPTURE_FLUSH_NS (INT64_C(100) * NS_PER_MS)
/* Between two fsyncs while something is written: what a failing power can cost. */
#define CAPTURE_SYNC_NS (INT64_C(5) * NS_PER_SECOND)
/* How long the end of the program waits for a disk that does not answer. */
#define CAPTURE_END_NS (INT64_C(2) * NS_PER_SECOND)
/* So much is held for a disk that is slower than the sources. */
#define CAPTURE_HELD_BYTES (64 * MIB)

/* As write(2): for tests that need a disk that fails or waits. */
typedef ssize_t CaptureWrite(int fd, const void *bytes, size_t len);
/* As fstat(2): for tests that need another file system. */
typedef int CaptureStat(int fd, struct stat *ret_info);

/* The name of part `part` (from 1) of a file: the path itself, then PATH.0002, PATH.0003, … */
void capture_part_name(const char *path, unsigned part, StrBuf *ret_name);

typedef struct CaptureWriterCounts {
    uint64_t taken;   /* entries that were given to it */
    uint64_t written; /* of these: whole in a file */
    uint64_t missed;  /* of these: in no file, and never will be */
    uint64_t bytes;   /* in the files */
    unsigned parts;   /* files, all tracks together */
    bool is_done;     /* nothing more will be written */
    int error;        /* errno of what ended it, 0 = nothing did */
    size_t track;     /* where that was, and in which part */
    unsigned part;
    int part_error;    /* errno of a part that could not be begun: the one before goes on */
    size_t part_track; /* whose; the part that goes on */
    unsigned part_kept;
} CaptureWriterCounts;

typedef struct CaptureWriter CaptureWriter;

typedef struct CaptureWriterSetup {
    size_t part_bytes;   /* a new part is begun when one would become larger; 0 = never */
    size_t held_bytes;   /* 0 = CAPTURE_HELD_BYTES */
    CaptureWrite *write; /* NULL = write(2) */
    CaptureStat *stat;   /* NULL = fstat(2) */
} CaptureWriterSetup;

/* Makes one without a file. */
CaptureWriter *capture_writer_new(const CaptureWriterSetup *setup);

/* Opens a file to append to, number 0, 1, …, before the start. What is there is not touched unless
 * it may be replaced (then *ret_exists is true), and then not before the start has succeeded: its
 * successor is PATH.new until then. A pipe or a device is written to. */
bool capture_writer_open(CaptureWriter *writer, const char *path, bool may_replace,
                         bool *ret_exists, Err *err);

/* Makes the file opened last one for what will come to another one later, too. */
void capture_writer_mark_side(CaptureWriter *writer);

/* Removes such a file as soon as all that was taken until now is written. */
void capture_writer_drop_side(CaptureWriter *writer, size_t track);

/* Removes what was made by capture_writer_open: where something else failed, or the start did. What
 * was to be replaced is as it was. */
void capture_writer_take_back(CaptureWriter *writer);

/* Starts the thread and, last of all, replaces what is to be replaced: one file at most. */
bool capture_writer_start(CaptureWriter *writer, Err *err);

/* Takes a record: `text`, and a newline unless it has none. False when there is no room or no
 * writing any more: an entry is counted as missed then. */
bool capture_writer_add(CaptureWriter *writer, size_t track, StrView text, bool has_eol,
                        bool is_entry);

/* Counts entries that are in no file and were never given to it. */
void capture_writer_add_missed(CaptureWriter *writer, uint64_t count);

/* Tells whether so much is held that whoever can wait should. */
bool capture_writer_is_full(CaptureWriter *writer);

/* The path of a file's first part; as long as the writer. */
const char *capture_writer_path(const CaptureWriter *writer, size_t track);

void capture_writer_counts(CaptureWriter *writer, CaptureWriterCounts *ret_counts);

/* No more is taken; what is held is written, synced and closed meanwhile: see is_done. */
void capture_writer_end(CaptureWriter *writer);

/* Ends it and waits for that, at most CAPTURE_END_NS. */
void capture_writer_wait(CaptureWriter *writer);

void capture_writer_free(CaptureWriter *writer); /* waits as well */

#endif
