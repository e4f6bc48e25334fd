/*
 * Source: where entries come from: `log` on this Mac, the same over ssh, a command, files, standard
 * input, the demo. Each is a state machine over non-blocking descriptors; Sources holds all of
 * one run, merges them by time, joins a restarted stream and --last history without gap or double.
 * It knows nothing of the store, views or screens: entries go to a sink.
 */
#ifndef SESSION_SOURCE_H
#define SESSION_SOURCE_H

#include <sys/select.h>

#include "base/base.h"
#include "base/err.h"
#include "parsers/decoder.h"
#include "session/options.h"

/* Reads are this large at least. */
#define SOURCE_READ_BYTES (64 * KIB)

typedef enum SourceState {
    SOURCE_STARTING,   /* the child runs but has said nothing yet */
    SOURCE_LIVE,       /* a stream that delivers */
    SOURCE_STALLED,    /* a stream that has said nothing for SOURCE_STALL_NS */
    SOURCE_READING,    /* a file, standard input or history, not at its end yet */
    SOURCE_RESTARTING, /* a new child has been started, the old one still delivers; or one that ends
                        * at once again and again is left alone for a while: see note */
    SOURCE_ENDED,      /* at its end; see exit_status and words */
} SourceState;

#define SOURCE_STALL_NS (INT64_C(10) * NS_PER_SECOND)

typedef struct SourceStatus {
    SourceState state;
    SourceKind kind;
    StrView name;      /* host, file name, "log", "demo": for the title and the host column */
    StrView command;   /* what was run, for people; nil for files */
    StrView predicate; /* the predicate `log` really runs; nil = none */
    bool is_stream;    /* `log stream`, locally or over ssh: restart and P make sense */
    bool has_exit;     /* exit_status is known */
    int exit_status;   /* of the child; 128 + n when signal n ended it */
    bool has_failed;   /* a file: not all of it could be read; `words` say why */
    StrView words;     /* what it said on standard error, the first and the last KiB */
    StrView advice;    /* what to do about that, in a sentence; nil = nothing known */
    StrView note; /* a fallback that was taken ("--level debug, as this log knows no --info") */
    uint64_t drop_notices;
    uint64_t doubles; /* entries recognised as delivered twice and kept once */
    uint64_t restarts;
    uint64_t bytes;
    uint64_t bytes_total; /* size of a file, 0 = unknown */
    DecoderCounts counts;
} SourceStatus;

typedef struct SourceSink {
    /* An entry, in order of time when there are several sources. */
    void (*entry)(void *context, const Entry *entry);
    /* Something to show between entries: a drop notice, a restart, an end. */
    void (*notice)(void *context, uint8_t source, int64_t time_ns, StrView text);
    void *context;
} SourceSink;

/* What sees all that the sources deliver, of each in its order, before several are merged: entries,
 * and the lines that are none (banner, heading, trailer, blank, drop notice), without their '\n'.
 */
typedef struct SourceTap {
    void (*entry)(void *context, const Entry *entry);
    void (*line)(void *context, uint8_t source, StrView text);
    /* An entry that waits for the end of --last's history and comes through `entry` later; and the
     * moment when all those of a source have come. NULL = not wanted. */
    void (*held)(void *context, const Entry *entry);
    void (*released)(void *context, uint8_t source);
    /* So many entries that waited were given up for want of memory and will not come. NULL = not
     * wanted. */
    void (*lost)(void *context, uint8_t source, uint64_t count);
    /* Whether a source that can wait should; NULL = never. */
    bool (*is_full)(void *context);
    void *context;
} SourceTap;

typedef struct Sources Sources;

/* Opens what `options` name (borrowed, must outlive it). Files are opened here, so that an
 * unreadable one is an error at once; children are started here. Fails also where this machine has
 * no `log`. */
Sources *sources_new(const Options *options, SourceSink sink, Err *err);

/* Puts the tap in place, or takes it away (NULL). Several can be there one after the other. */
void sources_set_tap(Sources *sources, const SourceTap *tap);

/* Gives to the tap what was read but waits for something yet: an unfinished line, the entries of a
 * child that is to take over. To be called once, before sources_free; the sink gets nothing. */
void sources_flush(Sources *sources);

/* Ends all children (their process groups: TERM, then KILL after a grace), waits for them. */
void sources_free(Sources *sources);

/* Adds the descriptors to wait for; raises *max_fd. */
void sources_fds(const Sources *sources, fd_set *reads, int *max_fd);

/* When sources_pump must be called even if nothing is ready: ns of clock_monotonic;
 * INT64_MAX = never. */
int64_t sources_deadline(const Sources *sources, int64_t now);

/* Reads what is ready (NULL = try all), for at most `budget_ns`; calls the sink. Returns true when
 * something was read or a state changed. */
bool sources_pump(Sources *sources, const fd_set *reads, int64_t now, int64_t budget_ns);

/* A child has ended (SIGCHLD): looks which. */
void sources_reap(Sources *sources);

/* Restarts the streams; `predicate` NULL keeps the one they have, "" means none. The old child goes
 * on until the new one has spoken; when that is refused it simply goes on, and the status says why.
 */
void sources_restart(Sources *sources, const char *predicate);

size_t sources_count(const Sources *sources);
void sources_status(const Sources *sources, size_t index, SourceStatus *ret_status);

/* The reason why the last sources_restart failed, nil when it did not. */
StrView sources_refusal(const Sources *sources);

/* All sources are at their end and everything has gone to the sink. */
bool sources_are_done(const Sources *sources);

#endif
