/*
 * Trace: see trace.h. Percentiles come from counts in buckets whose width is at most a 64th of
 * their value, so that a trace of any length takes the same room. It must never include curses.
 */
#include "tui/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define NS_PER_US INT64_C(1000)

/* The first buckets are of one microsecond each, and so many share each doubling after that. */
#define BUCKET_BITS 6
#define BUCKETS_EACH (1u << BUCKET_BITS)
#define DOUBLINGS 26 /* up to an hour */
#define BUCKETS ((DOUBLINGS + 1) * BUCKETS_EACH)

typedef struct Samples {
    uint64_t counts[BUCKETS];
    uint64_t total;
    uint64_t max;
} Samples;

struct Trace {
    FILE *file;
    int64_t start;
    int64_t time_before;
    uint64_t bytes_before;
    uint64_t entries_before;
    Samples keys;
    Samples frames;
    Samples turns;
};

/* --- samples ---------------------------------------------------------------------------------- */

static size_t bucket_of(uint64_t value)
{
    unsigned shift = 0;
    while (value >> shift >= 2 * BUCKETS_EACH && shift < DOUBLINGS - 1) {
        shift++;
    }
    uint64_t within = value >> shift;
    size_t bucket = shift * BUCKETS_EACH + (size_t)(within < BUCKETS ? within : BUCKETS);
    return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

/* The largest value of a bucket. */
static uint64_t bucket_end(size_t bucket)
{
    size_t shift = bucket < 2 * BUCKETS_EACH ? 0 : bucket / BUCKETS_EACH - 1;
    return ((uint64_t)(bucket - shift * BUCKETS_EACH + 1) << shift) - 1;
}

static void samples_add(Samples *samples, int64_t ns)
{
    uint64_t us = ns > 0 ? (uint64_t)(ns / NS_PER_US) : 0;
    samples->counts[bucket_of(us)]++;
    samples->total++;
    samples->max = us > samples->max ? us : samples->max;
}

/* The value that `percent` of the samples do not exceed. */
static uint64_t samples_percentile(const Samples *samples, unsigned percent)
{
    uint64_t wanted = (samples->total * percent + 99) / 100;
    uint64_t seen = 0;
    for (size_t i = 0; i < BUCKETS && samples->total > 0; i++) {
        seen += samples->counts[i];
        if (seen >= wanted) {
            uint64_t end = bucket_end(i);
            return end < samples->max ? end : samples->max;
        }
    }
    return 0;
}

static void samples_print(const Samples *samples, const char *name, FILE *file)
{
    (void)fprintf(file,
                  "# %s: count %" PRIu64 ", p50 %" PRIu64 ", p95 %" PRIu64 ", p99 %" PRIu64
                  ", max %" PRIu64 " us\n",
                  name, samples->total, samples_percentile(samples, 50),
                  samples_percentile(samples, 95), samples_percentile(samples, 99), samples->max);
}

/* --- public ----------------------------------------------------------------------------------- */

Trace *trace_new(const char *path, int64_t now, Err *err)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        (void)err_set(err, "%s: %s", path, strerror(errno));
        return NULL;
    }
    (void)fcntl(fileno(file), F_SETFD, FD_CLOEXEC);
    Trace *trace = mem_calloc(1, sizeof *trace);
    trace->file = file;
    trace->start = now;
    trace->time_before = now;
    (void)fprintf(file, "time_us\tkey_us\tframe_us\tdraw_us\tpresent_us\tturn_us\tbytes\tentries\t"
                        "entries_per_s\twork\n"); /* ferror is asked at the end */
    return trace;
}

static int64_t to_us(int64_t ns)
{
    return ns / NS_PER_US;
}

void trace_frame(Trace *trace, const TraceFrame *frame)
{
    uint64_t bytes = frame->bytes - trace->bytes_before;
    uint64_t entries = frame->entries - trace->entries_before;
    int64_t since = frame->time - trace->time_before;
    double rate = since > 0 ? (double)entries * (double)NS_PER_SECOND / (double)since : 0;
    samples_add(&trace->frames, frame->draw + frame->present);
    samples_add(&trace->turns, frame->turn);
    (void)fprintf(trace->file, "%" PRId64 "\t", to_us(frame->time - trace->start));
    if (frame->key != TRACE_NO_KEY) {
        samples_add(&trace->keys, frame->key);
        (void)fprintf(trace->file, "%" PRId64, to_us(frame->key));
    } else {
        (void)fputc('-', trace->file);
    }
    (void)fprintf(trace->file,
                  "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRIu64 "\t%" PRIu64
                  "\t%.0f\t%d\n",
                  to_us(frame->draw + frame->present), to_us(frame->draw), to_us(frame->present),
                  to_us(frame->turn), bytes, frame->entries, rate, frame->has_work);
    trace->time_before = frame->time;
    trace->bytes_before = frame->bytes;
    trace->entries_before = frame->entries;
}

bool trace_free(Trace *trace, Err *err)
{
    if (trace == NULL) {
        return true;
    }
    samples_print(&trace->keys, "key to frame", trace->file);
    samples_print(&trace->frames, "frame", trace->file);
    samples_print(&trace->turns, "turn", trace->file);
    (void)fprintf(trace->file, "# bytes: %" PRIu64 ", entries: %" PRIu64 "\n", trace->bytes_before,
                  trace->entries_before);
    bool is_good = ferror(trace->file) == 0;
    is_good = fclose(trace->file) == 0 && is_good;
    mem_free(trace);
    return is_good || err_set(err, "--trace: the file could not be written: %s", strerror(errno));
}
