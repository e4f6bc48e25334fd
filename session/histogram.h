/*
 * Histogram: how many entries of a view fall into each of many equal lengths of time, per level,
 * per outcome, per highlighted term. Kept up to date row by row: an entry that comes or goes costs
 * the same however many are held. It knows nothing of bars.
 */
#ifndef SESSION_HISTOGRAM_H
#define SESSION_HISTOGRAM_H

#include "base/base.h"
#include "session/highlights.h"
#include "session/store.h"
#include "session/view.h"

typedef struct Histogram Histogram;

/* Entries with a time in one bucket. */
typedef struct HistogramBucket {
    uint32_t all;
    uint32_t errors;                /* level error */
    uint32_t faults;                /* level fault */
    uint32_t failures;              /* tagged OUTCOME_FAIL, whatever their level */
    uint32_t terms[HIGHLIGHTS_MAX]; /* that match the term of a slot */
} HistogramBucket;

/* Where the buckets lie: bucket n begins at start_ns + n × bucket_ns. */
typedef struct HistogramSpan {
    int64_t start_ns;
    int64_t bucket_ns;
    size_t count; /* buckets, at most as many as were asked for */
} HistogramSpan;

Histogram *histogram_new(void);
void histogram_free(Histogram *histogram);

/* Zooms: only entries from_ns ≤ time < to_ns are counted, in buckets as narrow as that allows. With
 * from_ns ≥ to_ns, as to begin with, everything is. Counting begins anew, unless nothing changes.
 */
void histogram_set_span(Histogram *histogram, int64_t from_ns, int64_t to_ns);
bool histogram_is_zoomed(const Histogram *histogram);

/* Counts up to about `rows` rows of the view, the newest first, those that came since the last call
 * before others; true while there is more to do. What `highlights` (may be NULL) have found in the
 * same view is counted as far as they have got. Counting begins anew when the view, its filter or
 * its revision is another. */
bool histogram_step(Histogram *histogram, const Store *store, const View *view,
                    const Highlights *highlights, uint32_t rows);
bool histogram_is_done(const Histogram *histogram); /* the last step came to the end */

/* Fills up to `columns` buckets with what has been counted so far, from the earliest entry to the
 * latest (when zoomed: the span that was set). Their number is near `columns`, never above it, and
 * while entries come the buckets stay where they are until there are too many. False when no entry
 * with a time is there. */
bool histogram_read(const Histogram *histogram, size_t columns, HistogramBucket *ret_buckets,
                    HistogramSpan *ret_span);

/* How long `buckets` of them are, at most what 64 bits hold. */
int64_t histogram_length(const HistogramSpan *span, size_t buckets);

/* The bucket that a time falls into; SIZE_MAX = none. From a bucket to a row: view_find_time of
 * where it begins. */
size_t histogram_find(const HistogramSpan *span, int64_t ns);

/* Grows whenever histogram_read may give something else: for whoever draws only what changed. */
uint64_t histogram_revision(const Histogram *histogram);

/* Entries that are in no bucket because they have no time. */
uint64_t histogram_untimed(const Histogram *histogram);

#endif
