/*
 * The reading of a histogram: units summed up to buckets. What is in the units is histogram.c's.
 */
#include "session/histogram_internal.h"

static int64_t ns_of_time(uint64_t time)
{
    time ^= UINT64_C(1) << 63;
    return time <= INT64_MAX ? (int64_t)time : -(int64_t)(UINT64_MAX - time) - 1;
}

bool histogram_find_used(const Histogram *histogram, uint32_t *ret_first, uint32_t *ret_last)
{
    const Layer *rows = &histogram->layers[0];
    uint32_t first = 0;
    uint32_t last = HISTOGRAM_UNITS;
    if (rows->records.len == histogram->untimed) {
        return false;
    }
    while (rows->totals[(size_t)first * ROW_CLASSES + CLASS_ALL] == 0) {
        first++;
    }
    while (rows->totals[(size_t)(last - 1) * ROW_CLASSES + CLASS_ALL] == 0) {
        last--;
    }
    *ret_first = first;
    *ret_last = last - 1;
    return true;
}

/* Adds up units [from, to) of one layer. */
static void sum_layer(const Layer *layer, uint64_t from, uint64_t to, uint32_t *sums)
{
    if (layer->records.len == 0) {
        return; /* there may be no totals yet */
    }
    for (uint64_t unit = from; unit < to; unit++) {
        const uint32_t *totals = layer->totals + unit * layer->classes;
        for (uint32_t i = 0; i < layer->classes; i++) {
            sums[i] += totals[i];
        }
    }
}

/* The bucket of units [from, to), of those the ones that there are. */
static HistogramBucket sum_bucket(const Histogram *histogram, uint64_t from, uint64_t to)
{
    uint32_t sums[ROW_CLASSES] = {0};
    HistogramBucket bucket = {0};
    to = to < HISTOGRAM_UNITS ? to : HISTOGRAM_UNITS;
    sum_layer(&histogram->layers[0], from, to, sums);
    for (int i = 0; i < HIGHLIGHTS_MAX; i++) {
        sum_layer(&histogram->layers[1 + i], from, to, &bucket.terms[i]);
    }
    bucket.all = sums[CLASS_ALL];
    bucket.errors = sums[CLASS_ERRORS];
    bucket.faults = sums[CLASS_FAULTS];
    bucket.failures = sums[CLASS_FAILURES];
    return bucket;
}

/* The first and the last unit to be shown, counted from the beginning of time. */
static bool find_shown(const Histogram *histogram, uint64_t *ret_first, uint64_t *ret_last)
{
    uint32_t first, last;
    if (histogram->is_zoomed) {
        *ret_first = histogram_time(histogram->from_ns) >> histogram->shift;
        *ret_last = histogram_time(histogram->to_ns - 1) >> histogram->shift;
        return true;
    }
    if (!histogram_find_used(histogram, &first, &last)) {
        return false;
    }
    *ret_first = histogram->origin + first;
    *ret_last = histogram->origin + last;
    return true;
}

bool histogram_read(const Histogram *histogram, size_t columns, HistogramBucket *ret_buckets,
                    HistogramSpan *ret_span)
{
    uint64_t first, last;
    if (columns == 0 || !find_shown(histogram, &first, &last)) {
        return false;
    }
    /* Buckets of the whole view begin at multiples of their width, so that they stay in place. */
    uint64_t width = (last - first) / columns + 1;
    uint64_t begin = first;
    if (!histogram->is_zoomed) {
        while (last / width - first / width >= columns) {
            width++;
        }
        begin = first - first % width;
    }
    size_t count = (size_t)((last - begin) / width) + 1;
    for (size_t i = 0; i < count; i++) {
        uint64_t from = begin + i * width;
        uint64_t to = from + width - histogram->origin;
        from = from > histogram->origin ? from - histogram->origin : 0;
        ret_buckets[i] = sum_bucket(histogram, from, to);
    }
    *ret_span = (HistogramSpan){
        .start_ns = ns_of_time(begin << histogram->shift),
        .bucket_ns = width > (uint64_t)INT64_MAX >> histogram->shift
                         ? INT64_MAX
                         : (int64_t)(width << histogram->shift),
        .count = count,
    };
    return true;
}

int64_t histogram_length(const HistogramSpan *span, size_t buckets)
{
    return buckets > 0 && span->bucket_ns > INT64_MAX / (int64_t)buckets
               ? INT64_MAX
               : span->bucket_ns * (int64_t)buckets;
}

size_t histogram_find(const HistogramSpan *span, int64_t ns)
{
    if (span->count == 0 || ns < span->start_ns) {
        return SIZE_MAX;
    }
    uint64_t bucket = ((uint64_t)ns - (uint64_t)span->start_ns) / (uint64_t)span->bucket_ns;
    return bucket < span->count ? (size_t)bucket : SIZE_MAX;
}

uint64_t histogram_revision(const Histogram *histogram)
{
    return histogram->revision;
}

uint64_t histogram_untimed(const Histogram *histogram)
{
    return histogram->untimed;
}
