/*
 * Streams: `log stream` here or over ssh, and the command of --exec, as a kind of source. How its
 * children follow each other is in session/source_chain.c; here is what the others ask of it.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "session/source_chain.h"
#include "session/source_relay.h"

#define STREAM_ATOM_BYTES (16 * MIB)
/* Between two starts of a stream that ends at once; from the second on they double from 1 s. */
#define STREAM_PAUSE_MAX_NS (30 * NS_PER_SECOND)

/* Fails where this machine has no `log`, and says how to go on all the same. */
static bool check_log(const Options *options, Err *err)
{
    if (access(options->log_path, X_OK) == 0) {
        return true;
    }
    return err_set(err,
                   "no Apple log on this machine ('%s': %s); go on with\n"
                   "  mdmscope FILE          a saved capture (log show --style ndjson > FILE)\n"
                   "  mdmscope --ssh HOST    the log of a Mac over ssh\n"
                   "  COMMAND | mdmscope -   standard input, or --exec 'COMMAND'\n"
                   "  mdmscope --demo        the capture that comes with it",
                   options->log_path, strerror(errno));
}

static bool check_spec(const SourceSetup *setup, Err *err)
{
    switch (setup->spec->kind) {
    case SOURCE_LOG:
        return check_log(setup->options, err);
    case SOURCE_SSH:
        return command_check_host(setup->spec->argument, err);
    default:
        return true;
    }
}

static void stream_free(void *source)
{
    Stream *stream = source;
    if (stream == NULL) {
        return;
    }
    for (size_t i = 0; i < stream->run_count; i++) {
        child_end(&stream->runs[i]->child, 0); /* all at once, so that they end side by side */
    }
    while (stream->run_count > 0) {
        chain_drop(stream, stream->run_count - 1);
    }
    dying_done(&stream->dying);
    share_done(&stream->share, stream->setup.options->ssh_path, stream->setup.spec->argument);
    join_free(stream->join);
    atom_table_free(stream->atoms);
    strbuf_done(&stream->name);
    strbuf_done(&stream->command);
    strbuf_done(&stream->predicate);
    strbuf_done(&stream->note);
    strbuf_done(&stream->pause_note);
    strbuf_done(&stream->refusal);
    words_done(&stream->words);
    mem_free(stream);
}

static void *stream_open(const SourceSetup *setup, Err *err)
{
    if (!check_spec(setup, err)) {
        return NULL;
    }
    bool is_exec = setup->spec->kind == SOURCE_EXEC;
    Stream *stream = mem_calloc(1, sizeof(*stream));
    stream->setup = *setup;
    stream->atoms = atom_table_new(STREAM_ATOM_BYTES);
    stream->join = is_exec ? NULL : join_new(JOIN_DEFAULT_KEYS);
    stream->newest_ns = CLOCK_NO_TIME;
    stream->now = clock_monotonic();
    stream->wants_history = !is_exec && setup->options->last_ns > 0;
    strbuf_add_str(&stream->name, setup->spec->kind == SOURCE_LOG ? "log" : setup->spec->argument);
    StrView predicate = is_exec ? SV_NONE : sv(setup->options->predicate);
    if (setup->spec->kind == SOURCE_SSH) {
        share_init(&stream->share);
    }
    stream->is_held_back = setup->is_held_back;
    if (setup->is_held_back) {
        strbuf_add(&stream->predicate, predicate);
    } else if (!chain_start(stream, 0, false, predicate, err)) {
        stream_free(stream);
        return NULL;
    }
    return stream;
}

/* The history of --last is the one thing here that may wait in its pipe. */
static bool is_put_off(const Run *run, bool is_full)
{
    return is_full && run->is_history;
}

static void stream_fds(const void *source, bool is_full, fd_set *reads, int *max_fd)
{
    const Stream *stream = source;
    for (size_t i = 0; i < stream->run_count; i++) {
        if (!is_put_off(stream->runs[i], is_full)) {
            run_fds(stream->runs[i], reads, max_fd);
        }
    }
}

/* The last time that a child of the chain said anything. */
static int64_t last_heard(const Stream *stream)
{
    int64_t newest = 0;
    for (size_t i = 0; i < stream->run_count; i++) {
        int64_t heard = stream->runs[i]->last_byte_at;
        newest = heard > newest ? heard : newest;
    }
    return newest;
}

static SourceState state_of(const Stream *stream)
{
    size_t streams = 0;
    for (size_t i = 0; i < stream->run_count; i++) {
        streams += stream->runs[i]->is_history ? 0 : 1;
    }
    if (stream->is_held_back) {
        return SOURCE_STARTING;
    }
    if (stream->run_count == 0) {
        return stream->start_at != 0 ? SOURCE_RESTARTING : SOURCE_ENDED;
    }
    if (streams > 1) {
        return SOURCE_RESTARTING;
    }
    const Run *lead = stream->runs[0];
    if (lead->is_history) {
        return SOURCE_READING;
    }
    if (stream->now - last_heard(stream) >= SOURCE_STALL_NS) {
        return SOURCE_STALLED;
    }
    return lead->first_byte_at == 0 || stream->wants_history ? SOURCE_STARTING : SOURCE_LIVE;
}

static int64_t stream_deadline(const void *source, bool is_full, int64_t now)
{
    const Stream *stream = source;
    (void)now; /* all deadlines of a child are kept as points in time */
    int64_t when = chain_deadline(stream);
    int64_t step = dying_deadline(&stream->dying);
    when = step < when ? step : when;
    when = stream->start_at != 0 && stream->start_at < when ? stream->start_at : when;
    for (size_t i = 0; i < stream->run_count; i++) {
        if (is_put_off(stream->runs[i], is_full)) {
            continue;
        }
        int64_t due = run_deadline(stream->runs[i]);
        when = due < when ? due : when;
    }
    if (stream->run_count > 0 &&
        (stream->state == SOURCE_LIVE || stream->state == SOURCE_STARTING)) {
        int64_t stall = last_heard(stream) + SOURCE_STALL_NS;
        when = stall < when ? stall : when;
    }
    return when;
}

/* Starts a stream anew that has ended. */
static void start_again(Stream *stream, StrView predicate)
{
    Err err = err_none();
    stream->wants_history = false;
    stream->start_at = 0;
    if (!chain_start(stream, 0, false, predicate, &err)) {
        strbuf_add_str(&stream->refusal, err.text);
        return;
    }
    stream->has_exit = false;
    stream->restarts++;
    words_clear(&stream->words);
    stream->state = state_of(stream);
    relay_say(stream, SV("started again: what was logged in between is missing"));
}

static bool stream_pump(void *source, const SourceTurn *turn)
{
    Stream *stream = source;
    bool changed = false;
    stream->now = turn->now;
    stream->until = turn->until;
    dying_tick(&stream->dying, turn->now);
    if (stream->start_at != 0 && turn->now >= stream->start_at) {
        start_again(stream, strbuf_view(&stream->predicate));
        changed = true;
    }
    /* The newest goes first: where its first entry stands decides what the older ones may send. */
    for (size_t i = stream->run_count; i-- > 0;) {
        if (!is_put_off(stream->runs[i], turn->is_full)) {
            changed = run_pump(stream->runs[i], &stream->setup, turn) || changed;
        }
    }
    while (chain_step(stream)) {
        changed = true;
    }
    relay_tell_released(stream);
    SourceState state = state_of(stream);
    changed = changed || stream->is_handing_over || state != stream->state;
    stream->state = state;
    return changed;
}

static void stream_flush(void *source)
{
    relay_flush(source);
}

static bool stream_begin(void *source)
{
    Stream *stream = source;
    if (stream->setup.spec->kind != SOURCE_SSH || stream->has_answered) {
        return false;
    }
    if (stream->is_held_back) {
        stream->is_held_back = false;
        StrBuf predicate = {0}; /* which the chain writes over */
        strbuf_add(&predicate, strbuf_view(&stream->predicate));
        Err err = err_none();
        if (!chain_start(stream, 0, false, strbuf_view(&predicate), &err)) {
            words_add(&stream->words, sv(err.text));
            relay_say(stream, sv(err.text));
        }
        strbuf_done(&predicate);
        stream->state = state_of(stream);
    }
    const Run *newest = chain_newest(stream);
    stream->has_answered = newest == NULL || newest->first_byte_at != 0;
    return !stream->has_answered;
}

static void stream_reap(void *source)
{
    Stream *stream = source;
    dying_tick(&stream->dying, stream->now);
    for (size_t i = 0; i < stream->run_count; i++) {
        Run *run = stream->runs[i];
        if (run->child.out < 0 && !run->is_over) {
            run->look_at = 0; /* the next pump takes its exit status */
        }
    }
}

/* How long a stream that has ended at once again and again is left alone after that. */
static int64_t pause_after(unsigned quick_ends)
{
    unsigned doublings = quick_ends - 2;
    int64_t pause = doublings < 5 ? NS_PER_SECOND << doublings : STREAM_PAUSE_MAX_NS;
    return quick_ends < 2 ? 0 : pause;
}

/* Starts an ended stream again: at once, or, when that has failed again and again, after a pause.
 * A predicate that is not the same may be what was wrong: it is tried at once. */
static void start_in_time(Stream *stream, StrView predicate)
{
    bool is_same = sv_equal(predicate, strbuf_view(&stream->predicate));
    int64_t due = stream->ended_at + pause_after(stream->quick_ends);
    if (!is_same || stream->now >= due) {
        start_again(stream, predicate);
    } else if (stream->start_at == 0) {
        stream->start_at = due;
        strbuf_clear(&stream->pause_note);
        strbuf_add(&stream->pause_note, strbuf_view(&stream->name));
        strbuf_printf(&stream->pause_note,
                      " has ended at once %u times in a row: started again in %" PRId64 " s",
                      stream->quick_ends, (due - stream->now + NS_PER_SECOND - 1) / NS_PER_SECOND);
        relay_say(stream, strbuf_view(&stream->pause_note));
        stream->state = state_of(stream);
    }
}

static void stream_restart(void *source, const char *predicate)
{
    Stream *stream = source;
    bool is_exec = stream->setup.spec->kind == SOURCE_EXEC;
    if (is_exec && (predicate != NULL || stream->run_count > 0)) {
        return; /* has no predicate, and cannot be joined to itself */
    }
    strbuf_clear(&stream->refusal);
    if (stream->is_held_back) {
        if (predicate != NULL) {
            strbuf_clear(&stream->predicate);
            strbuf_add_str(&stream->predicate, predicate);
        }
        return; /* its turn to start comes */
    }
    stream->is_unattended = true;
    int64_t now = clock_monotonic();
    stream->now = now > stream->now ? now : stream->now; /* a test's clock may be ahead */
    Run *newest = chain_newest(stream);
    StrBuf wanted = {0};
    if (predicate != NULL) {
        strbuf_add_str(&wanted, predicate);
    } else {
        strbuf_add(&wanted, strbuf_view(newest != NULL ? &newest->predicate : &stream->predicate));
    }
    if (newest == NULL) {
        start_in_time(stream, strbuf_view(&wanted));
    } else {
        if (!newest->is_history && chain_has_substitute(stream)) {
            chain_withdraw(stream); /* it has not taken over yet */
        }
        Err err = err_none();
        if (!chain_start(stream, stream->run_count, false, strbuf_view(&wanted), &err)) {
            strbuf_add_str(&stream->refusal, err.text);
        }
        stream->state = state_of(stream);
    }
    strbuf_done(&wanted);
}

static StrView view_or_nil(const StrBuf *buf)
{
    return buf->len > 0 ? strbuf_view(buf) : SV_NONE;
}

static void stream_status(const void *source, SourceStatus *ret_status)
{
    const Stream *stream = source;
    SourceStatus status = {
        .state = stream->state,
        .kind = stream->setup.spec->kind,
        .name = strbuf_view(&stream->name),
        .command = strbuf_view(&stream->command),
        .predicate = view_or_nil(&stream->predicate),
        .is_stream = stream->setup.spec->kind != SOURCE_EXEC,
        .has_exit = stream->has_exit,
        .exit_status = stream->exit_status,
        .words = words_view(stream->run_count > 0 ? &stream->runs[0]->words : &stream->words),
        .note = view_or_nil(stream->start_at != 0 ? &stream->pause_note : &stream->note),
        .drop_notices = stream->drop_notices,
        .doubles = stream->doubles,
        .restarts = stream->restarts,
        .bytes = stream->bytes,
        .counts = stream->counts,
    };
    for (size_t i = 0; i < stream->run_count; i++) {
        const Run *run = stream->runs[i];
        status.drop_notices += run->drop_notices;
        status.bytes += run->bytes;
        source_add_counts(&status.counts, decoder_counts(run->decoder));
    }
    status.advice = words_advice(status.kind, status.has_exit, status.exit_status, status.words);
    *ret_status = status;
}

static StrView stream_refusal(const void *source)
{
    const Stream *stream = source;
    return view_or_nil(&stream->refusal);
}

static MergePace stream_pace(const void *source)
{
    const Stream *stream = source;
    if (stream->run_count == 0) {
        return stream->start_at != 0 || stream->is_held_back ? MERGE_LIVE : MERGE_ENDED;
    }
    return stream->wants_history || stream->runs[0]->is_history ? MERGE_HISTORY : MERGE_LIVE;
}

const SourceOps SOURCE_STREAM_OPS = {
    .open = stream_open,
    .free = stream_free,
    .fds = stream_fds,
    .deadline = stream_deadline,
    .flush = stream_flush,
    .pump = stream_pump,
    .begin = stream_begin,
    .reap = stream_reap,
    .restart = stream_restart,
    .status = stream_status,
    .refusal = stream_refusal,
    .pace = stream_pace,
};
