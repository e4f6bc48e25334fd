/*
 * Session: puts the parts of a run together: entries go from the sources through the gate into the
 * store, get their tag and are offered to every pane's view. It decides nothing itself: what passes
 * is the gate's and the filters' business, how an entry is kept the store's.
 */
#include "session/session_internal.h"

#include "base/clock.h"
#include "base/embed.h"
#include "base/mem.h"

#define STAGES_FILE "filters/stages.json"
#define DROP_MARK "Messages dropped"        /* in what `log` says when it drops entries */
#define SKIP_MARK "Skipping info and debug" /* likewise when it leaves these out */

/* The gate's rows are thrown away together when they take this much. */
#define PENDING_BYTES (64 * KIB)

/* --- entries coming in ------------------------------------------------------------------------ */

static void offer(Session *session, EntryNumber number)
{
    for (size_t i = 0; i < session->pane_count; i++) {
        view_offer(session->panes[i].view, number);
    }
    if (session->everything != NULL) {
        view_offer(session->everything, number);
    }
    session->changes++;
}

static bool passes_gate(Session *session, const Entry *entry)
{
    if (gate_is_open(session->gate)) {
        return true;
    }
    if (session->pending.bytes_len > PENDING_BYTES) {
        columns_clear(&session->pending);
    }
    uint32_t index = columns_push(&session->pending, entry);
    return gate_passes(session->gate, &session->pending, index);
}

static void take_entry(void *context, const Entry *entry)
{
    Session *session = context;
    stats_add(&session->stats, session->now, 1);
    if (entry->time.ns != CLOCK_NO_TIME) {
        session->last_stamp = entry->time;
    }
    if (session->observer != NULL) {
        session->observer(session->observer_context, entry);
    }
    if (!passes_gate(session, entry)) {
        session->hidden++;
        return;
    }
    EntryNumber number = store_push(session->store, entry);
    StoreRow row;
    if (store_find(session->store, number, &row)) {
        StageVerdict verdict = stages_judge(session->stages, row.columns, row.index);
        row.columns->tag[row.index] = verdict.tag;
        enrolment_feed(session->enrolment, row.columns, row.index, number, &verdict);
    }
    session_capture_note(session, entry->source, number);
    offer(session, number);
    session_memory_offer(session, number);
}

static void take_notice(void *context, uint8_t source, int64_t time_ns, StrView text)
{
    Session *session = context;
    Stamp stamp = session->last_stamp;
    if (time_ns != CLOCK_NO_TIME) {
        stamp.ns = time_ns;
    }
    Entry notice = {
        .kind = KIND_NOTICE,
        .source = source,
        .time = stamp,
        .raw = text,
        .message = text,
    };
    EntryNumber number = store_push(session->store, &notice);
    if (sv_find(text, SV(DROP_MARK)) != SIZE_MAX) {
        enrolment_add_gap(session->enrolment, number, stamp, text);
    } else if (sv_starts(text, SV(SKIP_MARK))) {
        enrolment_set_skipped(session->enrolment);
    }
    offer(session, number);
    session_memory_offer(session, number);
}

void session_observe(Session *session, SessionObserver *observer, void *context)
{
    session->observer = observer;
    session->observer_context = context;
}

bool session_hides(const Session *session)
{
    return !gate_is_open(session->gate);
}

/* --- beginning and end ------------------------------------------------------------------------ */

bool session_read_data(const char *data_dir, const char *name, StrBuf *text, Err *err)
{
    return embed_read_or_file(data_dir, name, text) ||
           err_set(err, "%s: not found, neither compiled in nor below the data directory", name);
}

static bool read_stages(Session *session, const char *data_dir, Err *err)
{
    StrBuf text = {0};
    bool is_good = session_read_data(data_dir, STAGES_FILE, &text, err);
    if (is_good) {
        session->stages = stages_new(strbuf_view(&text), STAGES_FILE, err);
    }
    strbuf_done(&text);
    return session->stages != NULL;
}

/* The pane to begin with: that of --pane, else the one that was looked at last. */
static bool choose_pane(Session *session, Err *err)
{
    const char *wanted = session->options.pane;
    StrView name = wanted != NULL ? sv(wanted) : session->memory.then.watched;
    size_t pane = session_pane_find(session, name);
    session->watched = pane != SIZE_MAX ? pane : 0;
    return pane != SIZE_MAX || wanted == NULL ||
           pane_defs_choose(&session->defs, name, err) != NULL;
}

static bool open_gate(Session *session, const Options *options, Err *err)
{
    session->gate = gate_new(options, clock_now(), err);
    if (session->gate == NULL || !gate_stream_predicate(options, &session->stream_predicate, err)) {
        return false;
    }
    session->options.predicate =
        session->stream_predicate.len > 0 ? session->stream_predicate.ptr : NULL;
    return true;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * UINT64_C(0x100000001b3);
}

/* Reads the sources' names and tells whether anything that is shown of their states has changed. */
static bool look_at_sources(Session *session)
{
    uint64_t state = UINT64_C(0xcbf29ce484222325);
    size_t count = sources_count(session->sources);
    for (size_t i = 0; i < count && i < ARRAY_LEN(session->hosts); i++) {
        SourceStatus status;
        sources_status(session->sources, i, &status);
        session->hosts[i] = status.name;
        state = mix(state, (uint64_t)status.state);
        state = mix(state, (uint64_t)status.has_exit << 32 | (uint32_t)status.exit_status);
        state = mix(state, status.words.len);
        state = mix(state, status.note.len);
        state = mix(state, status.predicate.len);
        state = mix(state, status.drop_notices);
        state = mix(state, status.restarts);
    }
    state = mix(state, sources_refusal(session->sources).len);
    CaptureStatus capture;
    if (session_capture(session, &capture)) {
        state = mix(state, (uint64_t)capture.state << 32 | capture.trouble.len);
    }
    bool has_changed = state != session->state;
    session->state = state;
    return has_changed;
}

static bool open_sources(Session *session, Err *err)
{
    SourceSink sink = {.entry = take_entry, .notice = take_notice, .context = session};
    session->sources = sources_new(&session->options, sink, err);
    if (session->sources == NULL) {
        return false;
    }
    (void)look_at_sources(session); /* the first look fills in the names */
    size_t count = sources_count(session->sources);
    session->host_count = count < ARRAY_LEN(session->hosts) ? count : ARRAY_LEN(session->hosts);
    for (size_t i = 0; i < session->pane_count; i++) {
        view_set_hosts(session->panes[i].view, session->hosts, session->host_count);
    }
    gate_set_hosts(session->gate, session->hosts, session->host_count);
    return true;
}

/* Makes what holds entries; how much of them is the user's to say. */
static void make_store(Session *session)
{
    session->store = store_new(session->settings.buffer_bytes);
    session->marks = marks_new(store_atoms(session->store));
    columns_init(&session->pending, store_atoms(session->store));
}

/* Reads what is the program's and the user's, before there is any entry. */
static bool read_files(Session *session, const char *data_dir, Err *err)
{
    if (!read_stages(session, data_dir, err) || !session_user_begin(session, data_dir, err)) {
        return false;
    }
    session_user_knowledge(session);
    if (session->stages == NULL && !read_stages(session, data_dir, err)) {
        return false; /* the user's knowledge was faulty: once more without it */
    }
    session->enrolment = enrolment_new(session->stages);
    session_memory_begin(session);
    return true;
}

Session *session_new(const Options *options, const char *data_dir, Err *err)
{
    Session *session = mem_calloc(1, sizeof *session);
    session->options = *options;
    session_work_begin(session);
    session->now = clock_monotonic();
    session->last_stamp = clock_now();
    bool is_good = read_files(session, data_dir, err);
    make_store(session);
    /* The sources last: when children run only the capture can fail, which needs their names. */
    if (is_good && session_panes_begin(session, data_dir, err) && choose_pane(session, err) &&
        open_gate(session, options, err) && open_sources(session, err) &&
        session_capture_open(session, err)) {
        return session;
    }
    session_free(session);
    return NULL;
}

void session_free(Session *session)
{
    if (session == NULL) {
        return;
    }
    session_capture_finish(session);
    sources_free(session->sources);
    capture_free(session->capture);
    session_panes_done(session);
    session_memory_done(session);
    session_user_done(session);
    session_work_done(session);
    marks_free(session->marks);
    enrolment_free(session->enrolment);
    stages_free(session->stages);
    gate_free(session->gate);
    columns_done(&session->pending);
    store_free(session->store);
    strbuf_done(&session->stream_predicate);
    mem_free(session);
}

/* --- reading ---------------------------------------------------------------------------------- */

void session_fds(const Session *session, fd_set *reads, int *max_fd)
{
    sources_fds(session->sources, reads, max_fd);
}

int64_t session_deadline(const Session *session, int64_t now)
{
    int64_t when = sources_deadline(session->sources, now);
    bool is_ending = session->capture_until != 0 && session->capture_until < when;
    return is_ending ? session->capture_until : when;
}

unsigned session_pump(Session *session, const fd_set *reads, int64_t now, int64_t budget_ns)
{
    unsigned dirty = 0;
    session->now = now;
    (void)sources_pump(session->sources, reads, now, budget_ns); /* the counts tell what came */
    session_capture_step(session);
    /* Counted from the last pump on: a restart says something between two of them. */
    uint64_t pushed = store_counts(session->store)->pushed;
    if (pushed != session->told_pushed) {
        for (size_t i = 0; i < session->pane_count; i++) {
            view_trim(session->panes[i].view);
            session_count_stopped(&session->panes[i]);
        }
        if (session->everything != NULL) {
            view_trim(session->everything);
        }
        dirty |= SESSION_DIRTY_ENTRIES | SESSION_DIRTY_COUNTS;
    }
    if (session->hidden != session->told_hidden) {
        dirty |= SESSION_DIRTY_COUNTS;
    }
    session->told_pushed = pushed;
    session->told_hidden = session->hidden;
    if (look_at_sources(session)) {
        dirty |= SESSION_DIRTY_STATE;
    }
    return dirty | session_memory_step(session);
}

void session_reap(Session *session)
{
    sources_reap(session->sources);
}

/* --- what there is ---------------------------------------------------------------------------- */

double session_rate(const Session *session, int64_t now)
{
    return stats_rate(&session->stats, now);
}

void session_rate_counts(const Session *session, int64_t now,
                         uint32_t ret_counts[SESSION_RATE_SECONDS])
{
    stats_counts(&session->stats, now, ret_counts);
}

uint64_t session_drops(const Session *session)
{
    uint64_t drops = 0;
    for (size_t i = 0; i < sources_count(session->sources); i++) {
        SourceStatus status;
        sources_status(session->sources, i, &status);
        drops += status.drop_notices;
    }
    return drops;
}

uint64_t session_hidden(const Session *session)
{
    return session->hidden;
}

StrView session_host(const Session *session, uint8_t source)
{
    return source < session->host_count ? session->hosts[source] : SV_NONE;
}

Store *session_store(const Session *session)
{
    return session->store;
}

Sources *session_sources(const Session *session)
{
    return session->sources;
}

Stages *session_stages(const Session *session)
{
    return session->stages;
}

const Enrolment *session_enrolment(const Session *session)
{
    return session->enrolment;
}

Marks *session_marks(const Session *session)
{
    return session->marks;
}
