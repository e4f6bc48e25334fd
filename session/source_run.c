/*
 * Run: see source_run.h. Standard output goes to the decoder, standard error to the words; a drop
 * notice is recognised on both, because `log` is known to print it on either.
 */
#include "session/source_run.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

/* An unfinished line of standard error is looked at up to here. */
#define ERROR_LINE_MAX (4 * KIB)
/* Between two looks whether a child whose output has ended is gone. */
#define RUN_LOOK_NS (INT64_C(10) * NS_PER_MS)

static const char drop_mark[] = "=== Messages dropped";

static Entry position_of(const Entry *entry)
{
    return (Entry){
        .present = entry->present,
        .flags = entry->flags,
        .time = entry->time,
        .mach = entry->mach,
    };
}

static void on_entry(void *context, const Entry *entry)
{
    Run *run = context;
    if (entry->kind != KIND_UNPARSED) {
        if (run->entries == 0) {
            run->first = position_of(entry);
        }
        run->entries++;
        run->newest = position_of(entry);
    }
    run->sink.entry(run->sink.context, run, entry);
}

static void on_notice(void *context, NoticeKind kind, StrView text)
{
    Run *run = context;
    if (kind == NOTICE_DROPPED) {
        run->drop_notices++;
    }
    run->sink.notice(run->sink.context, run, kind, text);
}

Run *run_new(const SourceSetup *setup, const CommandWish *wish, AtomTable *atoms, RunSink sink,
             int64_t now, Err *err)
{
    Run *run = mem_calloc(1, sizeof(*run));
    Command command;
    command_init(&command, wish);
    run->child = child_none();
    run->is_history = wish->is_history;
    strbuf_add(&run->command, strbuf_view(&command.people));
    strbuf_add(&run->predicate, wish->predicate);
    /* ssh asks for passwords on the terminal, which only our own process group may read. One that
     * does not ask is better off without what happens to the group when the terminal goes. */
    bool may_ask = wish->spec->kind == SOURCE_SSH && !wish->is_unattended;
    unsigned flags = may_ask ? CHILD_SHARE_GROUP : 0;
    bool has_started = child_start(&run->child, command.words, flags, err);
    command_done(&command);
    queue_init(&run->queue, atoms);
    DecoderSink decoder_sink = {.entry = on_entry, .notice = on_notice, .context = run};
    run->decoder = decoder_new(setup->options->style_in, setup->number, decoder_sink);
    decoder_set_zone(run->decoder, clock_now().zone_minutes);
    run->sink = sink;
    run->started_at = now;
    run->last_byte_at = now;
    run->is_idle = true;
    run->look_at = INT64_MAX;
    if (!has_started) {
        run_free(run);
        return NULL;
    }
    return run;
}

void run_free(Run *run)
{
    if (run == NULL) {
        return;
    }
    child_done(&run->child);
    decoder_free(run->decoder);
    queue_done(&run->queue);
    words_done(&run->words);
    strbuf_done(&run->error_line);
    strbuf_done(&run->command);
    strbuf_done(&run->predicate);
    mem_free(run);
}

void run_fds(const Run *run, fd_set *reads, int *max_fd)
{
    source_add_fd(run->child.out, reads, max_fd);
    source_add_fd(run->child.err, reads, max_fd);
}

int64_t run_deadline(const Run *run)
{
    int64_t when = run->is_idle ? INT64_MAX : run->last_byte_at + RUN_IDLE_NS;
    when = run->child.due < when ? run->child.due : when;
    return run->look_at < when ? run->look_at : when;
}

static void end_output(Run *run, int64_t now)
{
    decoder_end(run->decoder);
    run->is_idle = true;
    run->closed_at = now;
}

/* Reads standard output until nothing is ready or the turn is over. */
static bool pump_output(Run *run, const SourceSetup *setup, const SourceTurn *turn)
{
    bool changed = false;
    if (!source_is_ready(run->child.out, turn)) {
        return false;
    }
    do {
        StrView bytes;
        switch (source_read(run->child.out, setup->buffer, SOURCE_PIECE_BYTES, &bytes)) {
        case READ_DATA:
            run->bytes += bytes.len;
            run->last_byte_at = turn->now;
            run->first_byte_at = run->first_byte_at == 0 ? turn->now : run->first_byte_at;
            run->is_idle = false;
            decoder_feed(run->decoder, bytes);
            changed = true;
            break;
        case READ_NOTHING:
            return changed;
        case READ_FAILED:
            words_add(&run->words, sv(strerror(errno)));
            /* fall through */
        case READ_END:
            child_close(&run->child.out);
            end_output(run, turn->now);
            return true;
        }
    } while (clock_monotonic() < turn->until);
    return changed;
}

/* Looks for drop notices in what came on standard error, line by line. */
static void scan_errors(Run *run, StrView bytes)
{
    strbuf_add(&run->error_line, bytes);
    StrView rest = strbuf_view(&run->error_line);
    size_t end;
    while ((end = sv_find_char(rest, '\n')) != SIZE_MAX) {
        StrView line = sv_slice(rest, 0, end);
        rest = sv_slice(rest, end + 1, rest.len);
        if (sv_starts(line, sv(drop_mark))) {
            run->drop_notices++;
            run->sink.notice(run->sink.context, run, NOTICE_DROPPED, line);
        }
    }
    size_t used = run->error_line.len - rest.len;
    if (rest.len > ERROR_LINE_MAX) {
        used = run->error_line.len;
    }
    strbuf_replace(&run->error_line, 0, used, SV(""));
}

static bool pump_errors(Run *run, const SourceSetup *setup, const SourceTurn *turn)
{
    bool changed = false;
    if (!source_is_ready(run->child.err, turn)) {
        return false;
    }
    for (;;) {
        StrView bytes;
        ReadResult result = source_read(run->child.err, setup->buffer, SOURCE_PIECE_BYTES, &bytes);
        if (result == READ_NOTHING) {
            return changed;
        }
        if (result != READ_DATA) {
            child_close(&run->child.err);
            return true;
        }
        words_add(&run->words, bytes);
        scan_errors(run, bytes);
        changed = true;
        if (clock_monotonic() >= turn->until) {
            return changed;
        }
    }
}

/* Its output is at its end: waits, turn by turn, for the exit and takes the last words. */
static bool finish(Run *run, const SourceSetup *setup, const SourceTurn *turn)
{
    if (run->is_over || run->child.out >= 0) {
        return false;
    }
    if (!child_reap(&run->child)) {
        run->look_at = turn->now + RUN_LOOK_NS;
        if (turn->now - run->closed_at >= CHILD_GRACE_NS) {
            child_end(&run->child, turn->now); /* lives on with a closed output: of no more use */
        }
        return false;
    }
    /* What it said last is in the pipe by now. */
    SourceTurn rest = {.now = turn->now, .until = clock_monotonic() + RUN_LOOK_NS};
    (void)pump_errors(run, setup, &rest);
    run->look_at = INT64_MAX;
    run->child.due = INT64_MAX;
    run->is_over = true;
    return true;
}

bool run_pump(Run *run, const SourceSetup *setup, const SourceTurn *turn)
{
    bool changed = pump_errors(run, setup, turn);
    changed = pump_output(run, setup, turn) || changed;
    if (!run->is_idle && turn->now - run->last_byte_at >= RUN_IDLE_NS) {
        run->is_idle = true;
        decoder_idle(run->decoder);
        changed = true;
    }
    bool was_open = run->child.out >= 0;
    child_tick(&run->child, turn->now);
    if (was_open && run->child.out < 0) {
        end_output(run, turn->now); /* somebody else held it open: cut off */
        changed = true;
    }
    return finish(run, setup, turn) || changed;
}

bool run_is_before(const Entry *entry, const Entry *other)
{
    if ((entry->present & HAS_MACH) != 0 && (other->present & HAS_MACH) != 0) {
        return entry->mach < other->mach;
    }
    return entry->time.ns < other->time.ns;
}

bool run_overlaps(const Run *older, const Run *newer)
{
    return older->entries > 0 && newer->entries > 0 &&
           !run_is_before(&older->newest, &newer->first);
}
