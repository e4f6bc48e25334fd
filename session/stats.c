/*
 * Stats: a ring of counts, one a second. The rate is taken over a window that slides: of the second
 * it begins in only the part within the window counts.
 */
#include "session/stats.h"

#define RATE_SECONDS 3

void stats_add(Stats *stats, int64_t now, uint32_t count)
{
    int64_t second = now / NS_PER_SECOND;
    if (stats->started == 0) {
        stats->started = now;
        stats->second = second;
    }
    for (int passed = 0; stats->second < second && passed < STATS_SECONDS; passed++) {
        stats->second++;
        stats->counts[stats->second % STATS_SECONDS] = 0;
    }
    if (stats->second < second) { /* nothing came for longer than the ring is */
        stats->second = second;
        stats->counts[second % STATS_SECONDS] = 0;
    }
    stats->counts[stats->second % STATS_SECONDS] += count;
}

static uint32_t count_of(const Stats *stats, int64_t second)
{
    bool is_kept = stats->started != 0 && second <= stats->second && second >= 0 &&
                   second > stats->second - STATS_SECONDS;
    return is_kept ? stats->counts[second % STATS_SECONDS] : 0;
}

double stats_rate(const Stats *stats, int64_t now)
{
    if (stats->started == 0) {
        return 0;
    }
    int64_t second = now / NS_PER_SECOND;
    double part = (double)(now % NS_PER_SECOND) / (double)NS_PER_SECOND;
    double sum = (1 - part) * count_of(stats, second - RATE_SECONDS);
    for (int64_t i = 0; i < RATE_SECONDS; i++) {
        sum += count_of(stats, second - i);
    }
    double window = (double)(now - stats->started) / (double)NS_PER_SECOND;
    window = window < 1 ? 1 : window;
    return sum / (window < RATE_SECONDS ? window : RATE_SECONDS);
}

void stats_counts(const Stats *stats, int64_t now, uint32_t ret_counts[STATS_SECONDS])
{
    int64_t second = now / NS_PER_SECOND;
    for (int64_t i = 0; i < STATS_SECONDS; i++) {
        ret_counts[i] = count_of(stats, second - STATS_SECONDS + 1 + i);
    }
}
