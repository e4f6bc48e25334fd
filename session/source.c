/*
 * Sources: all sources of one run behind session/source.h. A single one hands its entries straight
 * to the sink; several go through session/merge.h. What each kind does is in source_stream.c,
 * source_file.c and source_demo.c.
 */
#include "session/source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "session/merge.h"
#include "session/source_kind.h"

/* Between two looks at a tap that is full. */
#define TAP_LOOK_NS (INT64_C(5) * NS_PER_MS)

typedef struct Source {
    const SourceOps *ops;
    void *state;
} Source;

struct Sources {
    Source *items;
    size_t count;
    SourceSink sink;
    SourceTap tap; /* no entry = there is none */
    bool is_flushing;
    Merge *merge; /* NULL for a single source */
    char *buffer;
    int64_t now; /* of the turn that is under way */
};

static const SourceOps *const ops_of_kind[] = {
    [SOURCE_LOG] = &SOURCE_STREAM_OPS, [SOURCE_FILE] = &SOURCE_FILE_OPS,
    [SOURCE_STDIN] = &SOURCE_FILE_OPS, [SOURCE_DEMO] = &SOURCE_DEMO_OPS,
    [SOURCE_SSH] = &SOURCE_STREAM_OPS, [SOURCE_EXEC] = &SOURCE_STREAM_OPS,
};

/* --- shared by the kinds ---------------------------------------------------------------------- */

void source_add_fd(int fd, fd_set *reads, int *max_fd)
{
    if (fd >= 0) {
        FD_SET(fd, reads);
        *max_fd = fd > *max_fd ? fd : *max_fd;
    }
}

bool source_is_ready(int fd, const SourceTurn *turn)
{
    return fd >= 0 && (turn->reads == NULL || FD_ISSET(fd, turn->reads));
}

ReadResult source_read(int fd, char *buffer, size_t size, StrView *ret_bytes)
{
    ssize_t count = read(fd, buffer, size);
    if (count > 0) {
        *ret_bytes = sv_of(buffer, (size_t)count);
        return READ_DATA;
    }
    if (count == 0) {
        return READ_END;
    }
    bool is_nothing = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return is_nothing ? READ_NOTHING : READ_FAILED;
}

void source_tap_line(const SourceSetup *setup, StrView text)
{
    if (setup->tap->line != NULL) {
        setup->tap->line(setup->tap->context, setup->number, text);
    }
}

void source_tap_held(const SourceSetup *setup, const Entry *entry)
{
    if (setup->tap->held != NULL) {
        setup->tap->held(setup->tap->context, entry);
    }
}

void source_tap_released(const SourceSetup *setup)
{
    if (setup->tap->released != NULL) {
        setup->tap->released(setup->tap->context, setup->number);
    }
}

void source_tap_lost(const SourceSetup *setup, uint64_t count)
{
    if (setup->tap->lost != NULL) {
        setup->tap->lost(setup->tap->context, setup->number, count);
    }
}

void source_add_counts(DecoderCounts *sum, const DecoderCounts *counts)
{
    sum->bytes += counts->bytes;
    sum->lines += counts->lines;
    sum->entries += counts->entries;
    sum->unparsed += counts->unparsed;
    sum->cut += counts->cut;
    sum->cut_bytes += counts->cut_bytes;
    sum->slow += counts->slow;
    for (size_t i = 0; i < NOTICE_COUNT; i++) {
        sum->notices[i] += counts->notices[i];
    }
}

/* --- all together ----------------------------------------------------------------------------- */

static void take_entry(void *context, const Entry *entry)
{
    Sources *sources = context;
    if (sources->tap.entry != NULL) {
        sources->tap.entry(sources->tap.context, entry);
    }
    if (sources->is_flushing) {
        return;
    }
    if (sources->merge != NULL) {
        merge_push(sources->merge, entry, sources->now);
    } else {
        sources->sink.entry(sources->sink.context, entry);
    }
}

static void take_notice(void *context, uint8_t source, int64_t time_ns, StrView text)
{
    Sources *sources = context;
    if (sources->is_flushing) {
        return;
    }
    if (sources->merge != NULL) {
        merge_push_notice(sources->merge, source, time_ns, text, sources->now);
    } else {
        sources->sink.notice(sources->sink.context, source, time_ns, text);
    }
}

static MergeSink merge_sink(const Sources *sources)
{
    return (MergeSink){
        .entry = sources->sink.entry,
        .notice = sources->sink.notice,
        .context = sources->sink.context,
    };
}

Sources *sources_new(const Options *options, SourceSink sink, Err *err)
{
    static const SourceSpec on_this_mac = {.kind = SOURCE_LOG};
    const SourceSpec *specs = options->source_count > 0 ? options->sources : &on_this_mac;
    size_t count = options->source_count > 0 ? options->source_count : 1;
    Sources *sources = mem_calloc(1, sizeof(*sources));
    sources->items = mem_calloc(count, sizeof(*sources->items));
    sources->buffer = mem_alloc(SOURCE_PIECE_BYTES);
    sources->sink = sink;
    sources->now = clock_monotonic();
    SourceSetup setup = {.options = options,
                         .sink = {take_entry, take_notice, sources},
                         .tap = &sources->tap,
                         .buffer = sources->buffer};
    if (count > 1) {
        sources->merge = merge_new(count, options->buffer_bytes);
    }
    bool has_host = false;
    for (size_t i = 0; i < count; i++) {
        setup.number = (uint8_t)i;
        setup.spec = &specs[i];
        setup.is_held_back = has_host && specs[i].kind == SOURCE_SSH;
        has_host = has_host || specs[i].kind == SOURCE_SSH;
        sources->items[i].ops = ops_of_kind[specs[i].kind];
        sources->items[i].state = sources->items[i].ops->open(&setup, err);
        if (sources->items[i].state == NULL) {
            sources_free(sources);
            return NULL;
        }
        sources->count++;
    }
    return sources;
}

void sources_free(Sources *sources)
{
    if (sources == NULL) {
        return;
    }
    for (size_t i = 0; i < sources->count; i++) {
        sources->items[i].ops->free(sources->items[i].state);
    }
    merge_free(sources->merge);
    mem_free(sources->items);
    mem_free(sources->buffer);
    mem_free(sources);
}

void sources_set_tap(Sources *sources, const SourceTap *tap)
{
    sources->tap = tap != NULL ? *tap : (SourceTap){0};
}

void sources_flush(Sources *sources)
{
    sources->is_flushing = true;
    for (size_t i = 0; i < sources->count && sources->tap.entry != NULL; i++) {
        if (sources->items[i].ops->flush != NULL) {
            sources->items[i].ops->flush(sources->items[i].state);
        }
    }
}

static bool tap_is_full(const Sources *sources)
{
    return sources->tap.is_full != NULL && sources->tap.is_full(sources->tap.context);
}

/* Whether enough of a source is queued, so that what can wait is left in its file or pipe. */
static bool is_full(const Sources *sources, size_t index)
{
    const Source *source = &sources->items[index];
    MergePace pace = source->ops->pace(source->state);
    if (pace == MERGE_LIVE || pace == MERGE_ENDED) {
        return false;
    }
    return tap_is_full(sources) || (sources->merge != NULL && !merge_wants(sources->merge, index));
}

void sources_fds(const Sources *sources, fd_set *reads, int *max_fd)
{
    for (size_t i = 0; i < sources->count; i++) {
        const Source *source = &sources->items[i];
        source->ops->fds(source->state, is_full(sources, i), reads, max_fd);
    }
}

int64_t sources_deadline(const Sources *sources, int64_t now)
{
    int64_t when = sources->merge != NULL ? merge_deadline(sources->merge) : INT64_MAX;
    if (tap_is_full(sources)) {
        when = now + TAP_LOOK_NS < when ? now + TAP_LOOK_NS : when;
    }
    for (size_t i = 0; i < sources->count; i++) {
        const Source *source = &sources->items[i];
        int64_t due = source->ops->deadline(source->state, is_full(sources, i), now);
        when = due < when ? due : when;
    }
    return when;
}

/* Reads every source once and passes on what is in order. */
static bool pump_round(Sources *sources, const SourceTurn *turn)
{
    bool changed = false;
    for (size_t i = 0; i < sources->count; i++) {
        Source *source = &sources->items[i];
        SourceTurn part = *turn;
        part.is_full = is_full(sources, i);
        if (source->ops->pace(source->state) != MERGE_LIVE) {
            part.until = 0; /* one piece: the others must keep step */
        }
        changed = source->ops->pump(source->state, &part) || changed;
        merge_set_pace(sources->merge, i, source->ops->pace(source->state));
    }
    return merge_drain(sources->merge, turn->now, turn->until, merge_sink(sources)) || changed;
}

/* Starts the next host once the one before it has answered: two must not ask on one terminal. */
static void begin_next(const Sources *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        const Source *source = &sources->items[i];
        if (source->ops->begin != NULL && source->ops->begin(source->state)) {
            return;
        }
    }
}

bool sources_pump(Sources *sources, const fd_set *reads, int64_t now, int64_t budget_ns)
{
    SourceTurn turn = {.reads = reads, .now = now, .until = clock_monotonic() + budget_ns};
    sources->now = now;
    if (sources->merge == NULL) {
        Source *source = &sources->items[0];
        turn.is_full = is_full(sources, 0);
        return source->ops->pump(source->state, &turn);
    }
    bool changed = false;
    while (pump_round(sources, &turn)) {
        changed = true;
        if (clock_monotonic() >= turn.until) {
            break;
        }
    }
    begin_next(sources);
    return changed;
}

void sources_reap(Sources *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        if (sources->items[i].ops->reap != NULL) {
            sources->items[i].ops->reap(sources->items[i].state);
        }
    }
}

void sources_restart(Sources *sources, const char *predicate)
{
    sources->now = clock_monotonic();
    for (size_t i = 0; i < sources->count; i++) {
        if (sources->items[i].ops->restart != NULL) {
            sources->items[i].ops->restart(sources->items[i].state, predicate);
        }
    }
}

size_t sources_count(const Sources *sources)
{
    return sources->count;
}

void sources_status(const Sources *sources, size_t index, SourceStatus *ret_status)
{
    sources->items[index].ops->status(sources->items[index].state, ret_status);
}

StrView sources_refusal(const Sources *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        const Source *source = &sources->items[i];
        StrView words =
            source->ops->refusal != NULL ? source->ops->refusal(source->state) : SV_NONE;
        if (words.ptr != NULL) {
            return words;
        }
    }
    return SV_NONE;
}

bool sources_are_done(const Sources *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        const Source *source = &sources->items[i];
        if (source->ops->pace(source->state) != MERGE_ENDED) {
            return false;
        }
    }
    return sources->merge == NULL || merge_is_empty(sources->merge);
}
