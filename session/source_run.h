/*
 * Run: one child that delivers entries, with its decoder, what it said on standard error, and a
 * queue for its entries while it must wait for another child of the same source. Which child leads
 * and which waits is decided by session/source_chain.c, not here.
 */
#ifndef SESSION_SOURCE_RUN_H
#define SESSION_SOURCE_RUN_H

#include "base/base.h"
#include "base/err.h"
#include "parsers/decoder.h"
#include "session/child.h"
#include "session/queue.h"
#include "session/source_command.h"
#include "session/source_kind.h"
#include "session/source_words.h"

/* A text-style entry that waits for more lines comes out after so much silence. */
#define RUN_IDLE_NS (INT64_C(200) * NS_PER_MS)

/* Where what a run delivers goes. `run` is the address of the Run. */
typedef struct RunSink {
    void (*entry)(void *context, void *run, const Entry *entry);
    void (*notice)(void *context, void *run, NoticeKind kind, StrView text);
    void *context;
} RunSink;

typedef struct Run {
    uint32_t id; /* from 1, in order of starting */
    bool is_history;
    Child child;
    Decoder *decoder;
    Words words;
    StrBuf error_line; /* the unfinished line of standard error */
    StrBuf command;    /* for people */
    StrBuf predicate;  /* what it was started with */
    EntryQueue queue;
    RunSink sink;
    uint64_t bytes;
    uint64_t drop_notices;
    uint64_t entries; /* decoded ones, not unparsed */
    bool has_settled; /* set by the stream: it delivers, or has lived long enough */
    bool is_over;     /* everything was read, the exit status is known */
    bool is_idle;     /* decoder_idle was called since the last bytes */
    int64_t started_at;
    int64_t first_byte_at; /* 0 = none yet */
    int64_t last_byte_at;  /* or the start */
    int64_t closed_at;     /* when its output ended */
    int64_t settled_at;
    int64_t spoke_at; /* set by the stream: when it had said what a refused one does not; 0 = not */
    int64_t look_at;  /* when to look for its exit; INT64_MAX = not now */
    Entry first;      /* of the first entry: mach and time only */
    Entry newest;     /* of the newest: mach and time only */
} Run;

/* Starts `command`. `atoms` (for the queue) is borrowed. NULL when it cannot be executed. The
 * caller frees it, and should take the child over (dying_add) before: freeing waits for its end. */
Run *run_new(const SourceSetup *setup, const CommandWish *wish, AtomTable *atoms, RunSink sink,
             int64_t now, Err *err);
void run_free(Run *run);

void run_fds(const Run *run, fd_set *reads, int *max_fd);
int64_t run_deadline(const Run *run);

/* Reads what is ready of both pipes; true when anything came or the child ended. */
bool run_pump(Run *run, const SourceSetup *setup, const SourceTurn *turn);

/* Tells whether `entry` happened before `other`: by machTimestamp, by time where one has none. */
bool run_is_before(const Entry *entry, const Entry *other);

/* Tells whether `older` has delivered something at or after the first entry of `newer`: from there
 * on the newer one has everything. */
bool run_overlaps(const Run *older, const Run *newer);

#endif
