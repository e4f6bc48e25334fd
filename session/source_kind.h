/*
 * SourceOps: what a kind of source can do, as a table of functions, and what all kinds share:
 * reading without blocking, and counting. Only the session/source*.c files include this; everybody
 * else uses session/source.h.
 */
#ifndef SESSION_SOURCE_KIND_H
#define SESSION_SOURCE_KIND_H

#include <sys/select.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "session/merge.h"
#include "session/options.h"
#include "session/source.h"

/* Size of the buffer that all sources of a run read into. */
#define SOURCE_PIECE_BYTES (256 * KIB)

/* What a source is made of and told. Borrowed pointers live as long as the source. */
typedef struct SourceSetup {
    uint8_t number;
    const Options *options;
    const SourceSpec *spec;
    SourceSink sink;      /* where its entries and notices go */
    const SourceTap *tap; /* where its lines that are no entries go; see source_tap_line */
    bool is_held_back;    /* it must not start before SourceOps.begin is called */
    char *buffer;         /* SOURCE_PIECE_BYTES, shared by all, used within one call only */
} SourceSetup;

/* One turn of reading. */
typedef struct SourceTurn {
    const fd_set *reads; /* NULL = try all */
    int64_t now;
    int64_t until; /* on clock_monotonic: begin no further read after it */
    bool is_full;  /* enough is queued: read only what cannot wait (a live stream) */
} SourceTurn;

typedef struct SourceOps {
    /* Makes a source; NULL with the reason when it cannot be opened. */
    void *(*open)(const SourceSetup *setup, Err *err);
    void (*free)(void *source);
    /* `is_full` as in SourceTurn. */
    void (*fds)(const void *source, bool is_full, fd_set *reads, int *max_fd);
    int64_t (*deadline)(const void *source, bool is_full, int64_t now);
    /* See sources_flush; NULL where nothing ever waits. */
    void (*flush)(void *source);
    /* Reads until nothing is ready or the turn is over; true when anything changed. */
    bool (*pump)(void *source, const SourceTurn *turn);
    /* Starts it if it was held back. True while it may ask for something on the terminal, so that
     * no other may; NULL where nothing is ever asked. */
    bool (*begin)(void *source);
    /* Looks whether a child has exited; NULL where there is none. */
    void (*reap)(void *source);
    /* `predicate` as in sources_restart; NULL where nothing can be restarted. */
    void (*restart)(void *source, const char *predicate);
    void (*status)(const void *source, SourceStatus *ret_status);
    /* Why the last restart failed, nil when it did not; NULL where nothing can be restarted. */
    StrView (*refusal)(const void *source);
    MergePace (*pace)(const void *source);
} SourceOps;

extern const SourceOps SOURCE_STREAM_OPS; /* SOURCE_LOG, SOURCE_SSH, SOURCE_EXEC */
extern const SourceOps SOURCE_FILE_OPS;   /* SOURCE_FILE, SOURCE_STDIN */
extern const SourceOps SOURCE_DEMO_OPS;   /* SOURCE_DEMO */

/* Gives a line that is no entry to the tap, if there is one. */
void source_tap_line(const SourceSetup *setup, StrView text);

/* The same for SourceTap.held, released and lost. */
void source_tap_held(const SourceSetup *setup, const Entry *entry);
void source_tap_released(const SourceSetup *setup);
void source_tap_lost(const SourceSetup *setup, uint64_t count);

/* Adds `fd`, unless it is closed, to the set. */
void source_add_fd(int fd, fd_set *reads, int *max_fd);

/* Tells whether `fd` is to be tried in this turn. */
bool source_is_ready(int fd, const SourceTurn *turn);

typedef enum ReadResult { READ_DATA, READ_NOTHING, READ_END, READ_FAILED } ReadResult;

/* Reads once, at most `size` bytes; READ_NOTHING when nothing is there yet. After READ_FAILED errno
 * says why. */
ReadResult source_read(int fd, char *buffer, size_t size, StrView *ret_bytes);

/* Adds `counts` to `sum`. */
void source_add_counts(DecoderCounts *sum, const DecoderCounts *counts);

#endif
