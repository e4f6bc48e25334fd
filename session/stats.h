/*
 * Stats: how many entries came in, second by second, and the rate that follows from it. Time is
 * clock_monotonic and a parameter; the entries' own times are no matter here.
 */
#ifndef SESSION_STATS_H
#define SESSION_STATS_H

#include "base/base.h"

#define STATS_SECONDS 60

/* A Stats of all zeroes is ready for use. */
typedef struct Stats {
    uint32_t counts[STATS_SECONDS]; /* by second modulo STATS_SECONDS */
    int64_t second;                 /* the newest one counted in */
    int64_t started;                /* when the first entry came, 0 = none has */
} Stats;

/* Counts `count` entries that came at `now`, which never goes back. */
void stats_add(Stats *stats, int64_t now, uint32_t count);

/* Entries a second over the three seconds before `now`; over fewer, but at least one, when the
 * first entry came later than that. */
double stats_rate(const Stats *stats, int64_t now);

/* How many came in each of the last STATS_SECONDS seconds, the current one last. */
void stats_counts(const Stats *stats, int64_t now, uint32_t ret_counts[STATS_SECONDS]);

#endif
