/*
 * StreamChain: the children of one stream, in the order in which they lead. The first delivers at
 * once. A later one was started to take over (a restart; the stream after the history of --last):
 * its entries wait in a queue until the one before it is at its end; what both delivered goes on
 * once. Only
 * session/source_stream.c, source_chain.c and source_relay.c include this.
 */
#ifndef SESSION_SOURCE_CHAIN_H
#define SESSION_SOURCE_CHAIN_H

#include "base/atom.h"
#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "session/dying.h"
#include "session/join.h"
#include "session/source_kind.h"
#include "session/source_run.h"
#include "session/source_share.h"

/* Leading child, its successor, and one more while the history before them is still being read. */
#define CHAIN_MAX_RUNS 4
/* A child that has lived so long without being refused counts as running: the history before it may
 * begin. After having spoken it has so long to deliver what the older one does. */
#define CHAIN_SETTLE_NS NS_PER_SECOND
/* One that is to take over and says nothing at all does so after so long. A refusal comes out of
 * `log` before it listens, within a second or two; and what `log` takes, it confirms with its
 * banner. Whoever has been silent for ten seconds has nothing that fits its predicate, and the old
 * child has delivered all that came until then. */
#define CHAIN_SILENCE_NS (10 * NS_PER_SECOND)
/* The last child of a stream that fails before that, or ends without a word, has ended at once. */
#define CHAIN_QUICK_NS (5 * NS_PER_SECOND)

typedef struct Stream {
    SourceSetup setup;
    AtomTable *atoms; /* of the queues */
    Join *join;       /* NULL for --exec, whose entries are its own business */
    Run *runs[CHAIN_MAX_RUNS];
    size_t run_count;
    Dying dying; /* children that were dropped and have not exited yet */
    uint32_t last_id;
    Dialect dialect;
    SourceState state;
    bool wants_history; /* --last: the history is still to be started */
    bool has_held;      /* the tap was told of entries that wait for it */
    bool is_unattended; /* from the first restart on: nothing may be asked on the terminal */
    bool is_held_back;  /* ssh: not started yet, as another host may still ask */
    bool has_answered;  /* ssh: it is connected or has failed, and will not ask any more */
    Share share;        /* ssh: the connection that all its children use */
    bool has_exit;      /* of the last child that led */
    int exit_status;
    unsigned quick_ends;  /* children in a row with which the stream ended at once */
    int64_t ended_at;     /* when the last of them did */
    int64_t start_at;     /* when the stream is started again; 0 = it does not wait for that */
    bool is_handing_over; /* the first child is at its end, its queue and the next one's are not */
    int64_t now;          /* of the turn that is under way, as is the next */
    int64_t until;        /* see SourceTurn */
    int64_t newest_ns;    /* time of the newest entry passed on */
    StrBuf name;
    StrBuf command; /* of the child that leads, or led last */
    StrBuf predicate;
    StrBuf note;
    StrBuf pause_note; /* said instead of it while start_at is set */
    Words words;
    StrBuf refusal;
    uint64_t drop_notices; /* of children that are gone; so are the next three */
    uint64_t bytes;
    DecoderCounts counts;
    uint64_t doubles;
    uint64_t restarts;
} Stream;

/* Starts a child and puts it into the chain at `at`. */
bool chain_start(Stream *stream, size_t at, bool is_history, StrView predicate, Err *err);

/* Takes a child out of the chain and adds up what it did. It is dying from then on. */
void chain_drop(Stream *stream, size_t at);

/* Takes back the child started last, which was to take over: the one before it goes on. */
void chain_withdraw(Stream *stream);

/* Whether a stream older than the newest child still delivers, so that it may go on instead. */
bool chain_has_substitute(const Stream *stream);

/* The child started last; NULL when there is none. */
Run *chain_newest(const Stream *stream);

/* Takes one step of what the states of the children call for; false when there is none. */
bool chain_step(Stream *stream);

/* When chain_step has something to do although nothing was read; INT64_MAX = never. */
int64_t chain_deadline(const Stream *stream);

#endif
