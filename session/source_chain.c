/*
 * StreamChain: see source_chain.h. What it never does is wait: every state is left by something
 * that was read, by a child that has exited, or by a deadline.
 */
#include "session/source_chain.h"

#include <stddef.h>

#include "session/source_relay.h"

static void set_text(StrBuf *buf, StrView text)
{
    strbuf_clear(buf);
    strbuf_add(buf, text);
}

bool chain_start(Stream *stream, size_t at, bool is_history, StrView predicate, Err *err)
{
    if (stream->run_count == CHAIN_MAX_RUNS) {
        return err_set(err, "a restart is under way already");
    }
    CommandWish wish = {
        .options = stream->setup.options,
        .spec = stream->setup.spec,
        .dialect = stream->dialect,
        .is_history = is_history,
        /* Over a connection that is there nothing has to be asked. */
        .is_unattended = stream->is_unattended || (is_history && share_is_up(&stream->share)),
        .share = share_path(&stream->share),
        .predicate = predicate,
    };
    Run *run = run_new(&stream->setup, &wish, stream->atoms, relay_sink(stream), stream->now, err);
    if (run == NULL) {
        return false;
    }
    run->id = ++stream->last_id;
    for (size_t i = stream->run_count; i > at; i--) {
        stream->runs[i] = stream->runs[i - 1];
    }
    stream->runs[at] = run;
    stream->run_count++;
    if (at == 0) {
        set_text(&stream->command, strbuf_view(&run->command));
        set_text(&stream->predicate, strbuf_view(&run->predicate));
    }
    return true;
}

void chain_drop(Stream *stream, size_t at)
{
    Run *run = stream->runs[at];
    stream->drop_notices += run->drop_notices;
    stream->bytes += run->bytes;
    source_add_counts(&stream->counts, decoder_counts(run->decoder));
    stream->run_count--;
    for (size_t i = at; i < stream->run_count; i++) {
        stream->runs[i] = stream->runs[i + 1];
    }
    dying_add(&stream->dying, &run->child, stream->now);
    run_free(run);
}

void chain_withdraw(Stream *stream)
{
    chain_drop(stream, stream->run_count - 1);
    stream->is_handing_over = stream->is_handing_over && stream->run_count > 1;
    if (stream->run_count == 1 && !stream->wants_history) {
        relay_release(stream, false);
    }
}

Run *chain_newest(const Stream *stream)
{
    return stream->run_count > 0 ? stream->runs[stream->run_count - 1] : NULL;
}

/* From when on a child that says nothing has had the chance to. Over ssh the clock starts with the
 * blank line that tells of the connection; INT64_MAX before it. */
static int64_t silent_since(const Stream *stream, const Run *run)
{
    if (stream->setup.spec->kind != SOURCE_SSH) {
        return run->started_at;
    }
    return run->first_byte_at == 0 ? INT64_MAX : run->first_byte_at;
}

/* When a child that has said no entry yet counts as running. */
static int64_t settles_at(const Stream *stream, const Run *run)
{
    int64_t since = silent_since(stream, run);
    return since == INT64_MAX ? INT64_MAX : since + CHAIN_SETTLE_NS;
}

typedef struct Fallback {
    LogOption option;
    size_t offset; /* of the bool in Dialect */
    const char *note;
} Fallback;

static const Fallback fallbacks[] = {
    {LOG_OPTION_FLAGS, offsetof(Dialect, has_no_flags),
     "--level debug, as this log knows no --info and --debug"},
    {LOG_OPTION_NDJSON, offsetof(Dialect, has_no_ndjson),
     "--style json, as this log knows no ndjson"},
};

/* Notes a fallback; false when it was taken before and did not help. */
static bool learn(Stream *stream, LogOption option)
{
    for (size_t i = 0; i < ARRAY_LEN(fallbacks); i++) {
        bool *is_known = (bool *)((char *)&stream->dialect + fallbacks[i].offset);
        if (fallbacks[i].option == option && !*is_known) {
            *is_known = true;
            strbuf_add_str(&stream->note, stream->note.len > 0 ? "; " : "");
            strbuf_add_str(&stream->note, fallbacks[i].note);
            relay_say(stream, sv(fallbacks[i].note));
            return true;
        }
    }
    return false;
}

/* Starts a child that was refused an option again without it, however late that was. */
static bool fall_back(Stream *stream, size_t at)
{
    Run *run = stream->runs[at];
    if (stream->setup.spec->kind == SOURCE_EXEC || run->entries > 0 ||
        !learn(stream, words_refused_option(run->child.exit_status, words_view(&run->words)))) {
        return false;
    }
    bool is_history = run->is_history;
    StrBuf predicate = {0};
    strbuf_add(&predicate, strbuf_view(&run->predicate));
    chain_drop(stream, at);
    Err err = err_none();
    bool has_started = chain_start(stream, at, is_history, strbuf_view(&predicate), &err);
    if (!has_started) {
        words_clear(&stream->words);
        words_add(&stream->words, sv(err.text));
    }
    strbuf_done(&predicate);
    return true;
}

/* Appends how a child ended: "log ended with status 64: log: Bad predicate …". */
static void describe_end(const Stream *stream, const Run *run, StrBuf *buf)
{
    strbuf_add(buf, strbuf_view(&stream->name));
    strbuf_printf(buf, run->is_history ? ": the history ended" : " ended");
    if (run->child.exit_status != 0) {
        strbuf_printf(buf, " with status %d", run->child.exit_status);
    }
    StrView words = words_view(&run->words);
    StrView line;
    if (sv_next_line(&words, &line)) {
        strbuf_add_str(buf, ": ");
        strbuf_add(buf, line);
    }
}

static void say_end(Stream *stream, const Run *run)
{
    StrBuf text = {0};
    describe_end(stream, run, &text);
    relay_say(stream, strbuf_view(&text));
    strbuf_done(&text);
}

bool chain_has_substitute(const Stream *stream)
{
    for (size_t i = 0; i + 1 < stream->run_count; i++) {
        const Run *run = stream->runs[i];
        if (!run->is_history && !run->is_over && !run->child.is_ending) {
            return true;
        }
    }
    return false;
}

/* The newest child has ended before it took over: the older one simply goes on. */
static void refuse_newest(Stream *stream)
{
    Run *run = chain_newest(stream);
    StrView words = words_view(&run->words);
    strbuf_clear(&stream->refusal);
    if (words.len > 0) {
        strbuf_add(&stream->refusal, words);
    } else {
        describe_end(stream, run, &stream->refusal);
    }
    chain_withdraw(stream);
}

/* The newest child delivers: the history may begin. */
static bool settle_newest(Stream *stream)
{
    Run *run = chain_newest(stream);
    bool lives = run->entries > 0 || (!run->is_over && stream->now >= settles_at(stream, run));
    if (run->has_settled || run->is_history || !lives) {
        return false;
    }
    run->has_settled = true;
    run->settled_at = stream->now;
    if (stream->wants_history) {
        stream->wants_history = false;
        Err err = err_none();
        if (!chain_start(stream, 0, true, strbuf_view(&run->predicate), &err)) {
            relay_say(stream, sv(err.text));
            relay_release(stream, true);
        }
    }
    return true;
}

/* Whether the child has said what one that is refused does not say. The blank line of a connection
 * is none of `log`'s. */
static bool has_spoken(const Stream *stream, const Run *run)
{
    return run->entries > 0 || decoder_counts(run->decoder)->notices[NOTICE_BANNER] > 0 ||
           (run->bytes > 0 && stream->setup.spec->kind != SOURCE_SSH);
}

/* Notes when the newest child has spoken. */
static void hear_newest(Stream *stream)
{
    Run *run = chain_newest(stream);
    if (run->spoke_at == 0 && has_spoken(stream, run)) {
        run->spoke_at = stream->now;
    }
}

/* From when on older streams may end, INT64_MAX while the newest may still be refused. */
static int64_t handover_at(const Stream *stream)
{
    const Run *newest = chain_newest(stream);
    if (newest == NULL || newest->is_history) {
        return INT64_MAX;
    }
    if (newest->spoke_at == 0) {
        int64_t since = silent_since(stream, newest);
        return since == INT64_MAX ? INT64_MAX : since + CHAIN_SILENCE_NS;
    }
    bool is_late = newest->entries > 0 && newest->settled_at > newest->spoke_at;
    return (is_late ? newest->settled_at : newest->spoke_at) + CHAIN_SETTLE_NS;
}

/* Ends older streams once the newest has all that they have not delivered. */
static bool end_older(Stream *stream)
{
    bool changed = false;
    int64_t when = handover_at(stream);
    for (size_t i = 0; when != INT64_MAX && i + 1 < stream->run_count; i++) {
        Run *run = stream->runs[i];
        bool may_end = stream->now >= when || run_overlaps(run, chain_newest(stream));
        if (!run->is_history && !run->is_over && !run->child.is_ending && may_end) {
            child_end(&run->child, stream->now);
            changed = true;
        }
    }
    return changed;
}

/* Tells of the handover, and whether anything can have been missed in between. */
static void say_restart(Stream *stream, bool has_gap)
{
    StrBuf text = {0};
    strbuf_add_str(&text, has_gap ? "restarted" : "restarted without a gap");
    if (stream->predicate.len > 0) {
        strbuf_add_str(&text, ", with the predicate ");
        strbuf_add(&text, strbuf_view(&stream->predicate));
    }
    relay_say(stream, strbuf_view(&text));
    strbuf_done(&text);
}

/* The only child is at its end, and with it the stream. */
static void end_stream(Stream *stream)
{
    Run *run = stream->runs[0];
    stream->has_exit = true;
    stream->exit_status = run->child.exit_status;
    words_clear(&stream->words);
    words_add(&stream->words, words_view(&run->words));
    bool is_quick = stream->now - run->started_at < CHAIN_QUICK_NS &&
                    (run->child.exit_status != 0 || run->entries == 0);
    stream->quick_ends = is_quick ? stream->quick_ends + 1 : 0;
    stream->ended_at = stream->now;
    say_end(stream, run);
    chain_drop(stream, 0);
}

/* Tells of the handover before the first entry that comes of it. */
static void begin_handover(Stream *stream, Run *old, Run *run)
{
    stream->is_handing_over = true;
    set_text(&stream->command, strbuf_view(&run->command));
    set_text(&stream->predicate, strbuf_view(&run->predicate));
    if (!old->is_history) {
        stream->restarts++;
        say_restart(stream, !run_overlaps(old, run));
    } else if (old->child.exit_status != 0) {
        say_end(stream, old);
    }
    relay_say_overrun(stream, old);
    relay_say_overrun(stream, run);
}

/* The child that led is at its end: the next one takes over, or the stream has ended. False when
 * that is not finished within this turn. */
static bool hand_over(Stream *stream)
{
    if (stream->run_count == 1) {
        end_stream(stream);
        return true;
    }
    Run *old = stream->runs[0];
    Run *run = stream->runs[1];
    if (!stream->is_handing_over) {
        begin_handover(stream, old, run);
    }
    if (!relay_release_both(stream, old, run)) {
        return false;
    }
    stream->is_handing_over = false;
    chain_drop(stream, 0);
    return true;
}

bool chain_step(Stream *stream)
{
    Run *newest = chain_newest(stream);
    if (newest == NULL) {
        return false;
    }
    hear_newest(stream);
    if (newest->is_over && fall_back(stream, stream->run_count - 1)) {
        return true;
    }
    if (newest->is_over && chain_has_substitute(stream)) {
        refuse_newest(stream);
        return true;
    }
    if (settle_newest(stream) || end_older(stream)) {
        return true;
    }
    if (stream->runs[0]->is_over) {
        if (stream->wants_history) {
            stream->wants_history = false; /* nothing to join it to */
            relay_release(stream, true);
        }
        bool is_replaced = stream->runs[0]->is_history && fall_back(stream, 0);
        return is_replaced || hand_over(stream);
    }
    return false;
}

int64_t chain_deadline(const Stream *stream)
{
    int64_t when = stream->is_handing_over ? stream->now : INT64_MAX;
    const Run *newest = chain_newest(stream);
    if (newest != NULL && !newest->has_settled && !newest->is_history && !newest->is_over) {
        int64_t settled = settles_at(stream, newest);
        when = settled < when ? settled : when;
    }
    if (chain_has_substitute(stream)) {
        int64_t handover = handover_at(stream);
        when = handover < when ? handover : when;
    }
    return when;
}
