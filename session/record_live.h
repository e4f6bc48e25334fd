/*
 * RecordLive: asks the Mac that we run on for its activation record, with the command that its
 * macOS has for it, once, and not again before macOS would answer. Where programs and files are is
 * a parameter, so that a stand-in can take Apple's place.
 */
#ifndef SESSION_RECORD_LIVE_H
#define SESSION_RECORD_LIVE_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "filters/record_facts.h"

#define RECORD_LIVE_STATE "record.json" /* in the directory of the state: when it was asked */

typedef struct LivePlace {
    const char *version_file;   /* SystemVersion.plist: which macOS it is */
    const char *const *folders; /* where the programs are; NULL at the end */
    const char *state_dir;      /* NULL = nothing is remembered */
    int64_t timeout_ns;         /* the command is ended after that */
    bool is_root;
    int64_t now_ns;
} LivePlace;

/* Gives the place of a real Mac; `state_dir` as above. */
LivePlace record_live_place(const char *state_dir);

/* Runs the command and appends what it printed; `ret_command` is what was run, as long as `facts`
 * live. Fails, with nothing run, when this is no Mac, when root is needed, when macOS was asked so
 * lately that it would refuse; and when the command cannot be run or does not end. */
bool record_live_ask(const LivePlace *place, const RecordFacts *facts, StrBuf *ret_text,
                     StrView *ret_command, Err *err);

#endif
