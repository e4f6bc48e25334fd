/*
 * Join: recognises entries that were delivered twice, by two children of one source that ran side
 * by side for a while. What was delivered is remembered as fingerprints, the oldest forgotten
 * first. It holds no entries and decides nothing about order.
 */
#ifndef SESSION_JOIN_H
#define SESSION_JOIN_H

#include "base/base.h"
#include "parsers/entry.h"

/* Fingerprints kept: several seconds of the busiest stream. 32 bytes each. */
#define JOIN_DEFAULT_KEYS 131072u

typedef struct Join Join;

/* Makes a join that remembers the last `max_keys` distinct entries. The caller frees it. */
Join *join_new(uint32_t max_keys);
void join_free(Join *join);

/* Notes that `run` delivers `entry`; true when it is to be passed on, false when an earlier run has
 * delivered it. Entries are equal when machTimestamp, thread, traceID and message are; where there
 * is no machTimestamp, time and pid stand for it. An entry that a run delivers n times is passed on
 * n times in all. Runs must come one after the other: all of one, then all of the next.
 * What was not parsed, or has no time at all, is always passed on. */
bool join_offer(Join *join, uint32_t run, const Entry *entry);

#endif
