/*
 * Relay: see source_relay.h. What leads is compared with what was sent before as it comes, what
 * waits when it is released.
 */
#include "session/source_relay.h"

#include <inttypes.h>

#include "base/clock.h"

/* Entries sent out of the queues between two looks at the clock. */
#define RELAY_BATCH 256

void relay_say(Stream *stream, StrView text)
{
    int64_t ns = stream->newest_ns;
    stream->setup.sink.notice(stream->setup.sink.context, stream->setup.number,
                              ns != CLOCK_NO_TIME ? ns : clock_now().ns, text);
}

/* The child that takes over from `run`; NULL when none was started. */
static const Run *successor(const Stream *stream, const Run *run)
{
    for (size_t i = 0; i + 1 < stream->run_count; i++) {
        if (stream->runs[i] == run) {
            return stream->runs[i + 1];
        }
    }
    return NULL;
}

/* A line that its child was killed in the middle of, while the next child has all of it. */
static bool is_torn(const Stream *stream, const Run *run, const Entry *entry)
{
    bool is_cut_off = (entry->flags & ENTRY_NO_EOL) != 0 &&
                      (entry->kind == KIND_UNPARSED || (entry->flags & ENTRY_PARTIAL) != 0);
    const Run *next = successor(stream, run);
    return is_cut_off && run->child.is_ending && next != NULL && run_overlaps(run, next);
}

static void send(Stream *stream, const Entry *entry)
{
    if (entry->kind == KIND_NOTICE) {
        source_tap_line(&stream->setup, entry->message);
        relay_say(stream, entry->message);
        return;
    }
    if (entry->time.ns != CLOCK_NO_TIME) {
        stream->newest_ns = entry->time.ns;
    }
    stream->setup.sink.entry(stream->setup.sink.context, entry);
}

/* Tells whether an entry is to go on, and counts it when it is not. */
static bool is_new(Stream *stream, const Run *run, const Entry *entry)
{
    if (entry->kind == KIND_NOTICE) {
        return true;
    }
    if (is_torn(stream, run, entry) ||
        (stream->join != NULL && !join_offer(stream->join, run->id, entry))) {
        stream->doubles++;
        return false;
    }
    return true;
}

static bool leads(const Stream *stream, const Run *run)
{
    return stream->run_count > 0 && stream->runs[0] == run && !stream->wants_history;
}

/* From the first entry of its successor on, what the leading child delivers is held, so that both
 * can be put in order when it has ended. */
static bool is_held(const Stream *stream, const Run *run, const Entry *entry)
{
    const Run *next = successor(stream, run);
    return next != NULL && next->entries > 0 && !run_is_before(entry, &next->first);
}

/* It may take minutes, during which what the stream says is in memory only. */
static bool waits_for_history(const Stream *stream)
{
    return stream->wants_history || (stream->run_count > 0 && stream->runs[0]->is_history);
}

void relay_tell_released(Stream *stream)
{
    if (stream->has_held && !waits_for_history(stream)) {
        stream->has_held = false;
        source_tap_released(&stream->setup);
    }
}

/* Keeps what waits within its limit; the tap, which keeps everything, hears at once what goes. */
static void bound(const Stream *stream, Run *run)
{
    uint64_t before = run->queue.overrun;
    queue_bound(&run->queue, queue_limit(stream->setup.options->buffer_bytes));
    if (run->queue.overrun > before) {
        source_tap_lost(&stream->setup, run->queue.overrun - before);
    }
}

static void on_entry(void *context, void *from, const Entry *entry)
{
    Stream *stream = context;
    Run *run = from;
    if (leads(stream, run)) {
        if (!is_new(stream, run, entry)) {
            return;
        }
        if (!is_held(stream, run, entry)) {
            send(stream, entry);
            return;
        }
    }
    if (waits_for_history(stream)) {
        stream->has_held = true;
        source_tap_held(&stream->setup, entry);
    }
    queue_push(&run->queue, entry, stream->now);
    bound(stream, run);
}

/* Banners and the like are for the tap alone, which gets them as they come. The blank line of a
 * connection over ssh is our own doing. */
static void pass_line(const Stream *stream, const Run *run, NoticeKind kind, StrView text)
{
    bool is_ours = kind == NOTICE_BLANK && stream->setup.spec->kind == SOURCE_SSH &&
                   run->entries == 0 && decoder_counts(run->decoder)->notices[NOTICE_BLANK] == 1;
    if (!is_ours) {
        source_tap_line(&stream->setup, text);
    }
}

static void on_notice(void *context, void *from, NoticeKind kind, StrView text)
{
    Stream *stream = context;
    Run *run = from;
    if (kind != NOTICE_DROPPED && kind != NOTICE_SKIPPED) {
        pass_line(stream, run, kind, text);
    } else if (leads(stream, run) && queue_is_empty(&run->queue)) {
        source_tap_line(&stream->setup, text);
        relay_say(stream, text);
    } else {
        queue_push_notice(&run->queue, stream->setup.number, run->newest.time.ns, text,
                          stream->now);
    }
}

void relay_say_overrun(Stream *stream, Run *run)
{
    if (run->queue.overrun == 0) {
        return;
    }
    StrBuf text = {0};
    strbuf_printf(&text, "%" PRIu64 " entries were given up while another child was read",
                  run->queue.overrun);
    relay_say(stream, strbuf_view(&text));
    strbuf_done(&text);
    run->queue.overrun = 0;
}

void relay_release(Stream *stream, bool is_unseen)
{
    Run *run = stream->runs[0];
    relay_say_overrun(stream, run);
    Entry entry;
    while (queue_peek(&run->queue, &entry, NULL)) {
        if (!is_unseen || is_new(stream, run, &entry)) {
            send(stream, &entry);
        }
        queue_take(&run->queue);
    }
}

/* Sends the older of what the old leader still holds and what the new one had to keep; false when
 * neither has anything. The old one's entries have all gone through the join before, so that the
 * new one's can be compared with them. */
static bool release_next(Stream *stream, Run *old, Run *run)
{
    Entry left;
    Entry right;
    bool has_left = queue_peek(&old->queue, &left, NULL);
    bool has_right = queue_peek(&run->queue, &right, NULL);
    if (has_left && (!has_right || left.kind == KIND_NOTICE || !run_is_before(&right, &left))) {
        send(stream, &left);
        queue_take(&old->queue);
    } else if (has_right) {
        if (is_new(stream, run, &right)) {
            send(stream, &right);
        }
        queue_take(&run->queue);
    }
    return has_left || has_right;
}

bool relay_release_both(Stream *stream, Run *old, Run *run)
{
    for (unsigned sent = 1; release_next(stream, old, run); sent++) {
        if (sent % RELAY_BATCH == 0 && clock_monotonic() >= stream->until) {
            return false;
        }
    }
    return true;
}

void relay_flush(Stream *stream)
{
    for (size_t i = 0; i < stream->run_count; i++) {
        decoder_end(stream->runs[i]->decoder);
    }
    if (stream->run_count > 0 && stream->wants_history) {
        stream->wants_history = false; /* nothing is waited for any more */
        relay_release(stream, true);
    }
    for (size_t i = 0; i < stream->run_count; i++) {
        Run *run = stream->runs[i];
        Entry entry;
        while (queue_peek(&run->queue, &entry, NULL)) {
            if (i == 0 || is_new(stream, run, &entry)) {
                send(stream, &entry);
            }
            queue_take(&run->queue);
        }
    }
    if (stream->has_held) {
        stream->has_held = false;
        source_tap_released(&stream->setup);
    }
}

RunSink relay_sink(Stream *stream)
{
    return (RunSink){.entry = on_entry, .notice = on_notice, .context = stream};
}
