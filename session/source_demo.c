/*
 * The demo as a kind of source: the capture that is compiled in, replayed by its own timestamps.
 * It looks at no clock: the time of the turn says how far it has come.
 */
#include "base/atom.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/mem.h"
#include "session/queue.h"
#include "session/source_kind.h"

#define DEMO_FILE "session/demo.ndjson"
#define DEMO_ATOM_BYTES (1 * MIB)

typedef struct Demo {
    SourceSetup setup;
    AtomTable *atoms;
    Decoder *decoder;
    EntryQueue queue; /* the next entry, while it is not due */
    StrBuf text;
    StrView rest; /* of the text: not decoded yet */
    bool has_begun;
    bool has_ended;
    int64_t begun_at; /* when the replay began, on the clock of the turns */
    int64_t first_ns; /* timestamp of the first entry */
    int64_t due;      /* of the entry in the queue */
} Demo;

static void on_entry(void *context, const Entry *entry)
{
    Demo *demo = context;
    queue_push(&demo->queue, entry, 0);
}

static void on_notice(void *context, NoticeKind kind, StrView text)
{
    const Demo *demo = context;
    (void)kind; /* a banner and a trailer: the demo has nothing else */
    source_tap_line(&demo->setup, text);
}

static void demo_free(void *source)
{
    Demo *demo = source;
    if (demo == NULL) {
        return;
    }
    decoder_free(demo->decoder);
    queue_done(&demo->queue);
    atom_table_free(demo->atoms);
    strbuf_done(&demo->text);
    mem_free(demo);
}

static void *demo_open(const SourceSetup *setup, Err *err)
{
    Demo *demo = mem_calloc(1, sizeof(*demo));
    demo->setup = *setup;
    demo->atoms = atom_table_new(DEMO_ATOM_BYTES);
    queue_init(&demo->queue, demo->atoms);
    DecoderSink sink = {.entry = on_entry, .notice = on_notice, .context = demo};
    demo->decoder = decoder_new(STYLE_NDJSON, setup->number, sink);
    if (!embed_read(DEMO_FILE, &demo->text)) {
        (void)err_set(err, "the demo capture was not compiled in");
        demo_free(demo);
        return NULL;
    }
    demo->rest = strbuf_view(&demo->text);
    return demo;
}

/* Decodes until an entry waits; false at the end of the capture. */
static bool fill(Demo *demo, Entry *ret_entry)
{
    while (!queue_peek(&demo->queue, ret_entry, NULL)) {
        size_t end = sv_find_char(demo->rest, '\n');
        if (demo->rest.len == 0) {
            decoder_end(demo->decoder);
            return queue_peek(&demo->queue, ret_entry, NULL);
        }
        size_t len = end == SIZE_MAX ? demo->rest.len : end + 1;
        decoder_feed(demo->decoder, sv_slice(demo->rest, 0, len));
        demo->rest = sv_slice(demo->rest, len, demo->rest.len);
    }
    return true;
}

/* When an entry is due: its distance from the first, at the speed that was asked for. */
static int64_t due_at(Demo *demo, const Entry *entry, int64_t now)
{
    if (!demo->has_begun) {
        demo->has_begun = true;
        demo->begun_at = now;
        demo->first_ns = entry->time.ns;
    }
    double speed = demo->setup.options->speed;
    if (!(speed > 0) || entry->time.ns == CLOCK_NO_TIME) {
        return demo->begun_at;
    }
    return demo->begun_at + (int64_t)((double)(entry->time.ns - demo->first_ns) / speed);
}

static void demo_fds(const void *source, bool is_full, fd_set *reads, int *max_fd)
{
    (void)source; /* it has no descriptor */
    (void)is_full;
    (void)reads;
    (void)max_fd;
}

static int64_t demo_deadline(const void *source, bool is_full, int64_t now)
{
    const Demo *demo = source;
    if (demo->has_ended || is_full) {
        return INT64_MAX;
    }
    return demo->has_begun ? demo->due : now;
}

static bool demo_pump(void *source, const SourceTurn *turn)
{
    Demo *demo = source;
    bool changed = false;
    if (demo->has_ended || turn->is_full) {
        return false;
    }
    do {
        Entry entry;
        if (!fill(demo, &entry)) {
            demo->has_ended = true;
            return true;
        }
        demo->due = due_at(demo, &entry, turn->now);
        if (demo->due > turn->now) {
            return changed;
        }
        demo->setup.sink.entry(demo->setup.sink.context, &entry);
        queue_take(&demo->queue);
        changed = true;
    } while (clock_monotonic() < turn->until);
    return changed;
}

static void demo_status(const void *source, SourceStatus *ret_status)
{
    const Demo *demo = source;
    *ret_status = (SourceStatus){
        .state = demo->has_ended ? SOURCE_ENDED : SOURCE_LIVE,
        .kind = SOURCE_DEMO,
        .name = SV("demo"),
        .bytes = demo->text.len - demo->rest.len,
        .bytes_total = demo->text.len,
        .counts = *decoder_counts(demo->decoder),
    };
}

static MergePace demo_pace(const void *source)
{
    const Demo *demo = source;
    return demo->has_ended ? MERGE_ENDED : MERGE_LIVE;
}

const SourceOps SOURCE_DEMO_OPS = {
    .open = demo_open,
    .free = demo_free,
    .fds = demo_fds,
    .deadline = demo_deadline,
    .pump = demo_pump,
    .status = demo_status,
    .pace = demo_pace,
};
