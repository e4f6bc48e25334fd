/*
 * Save: the numbers of the entries are taken down at the start, so that what arrives later does not
 * get in; their bytes are fetched slice by slice. Where the form says of itself what it is, the
 * entries go to a spool first: how many they are and their checksum stand before them. No screen,
 * no dialog.
 */
#include "session/save.h"

#include <inttypes.h>

#include "base/mem.h"
#include "session/excerpt_bundle.h"
#include "session/excerpt_report.h"
#include "session/file_out.h"
#include "session/report.h"
#include "session/spool.h"

#define WRITE_AT (256 * KIB) /* bytes gathered before a write */

struct Save {
    Session *session;
    SaveJob job; /* its texts and numbers are gone but for `what` */
    StrBuf what;
    StrBuf caveat;
    Redaction *redaction;
    SaveNumbers numbers;
    size_t at;
    Excerpt excerpt;
    ExcerptFacts facts;
    StrBuf buf;
    Spool spool; /* where entries wait, if the form needs that */
    bool is_spooled;
    ExcerptBundle *bundle;
    FileOut file;
    bool has_begun;   /* what is to be redacted is known */
    bool has_entries; /* all of them are out */
    bool is_over;     /* the file is in place, or something failed */
    uint64_t missed;
    Err err;
};

static void add_origin(Save *save)
{
    const SaveChoice *choice = &save->job.choice;
    bool is_of_pane = choice->set == SAVE_SET_VIEW || choice->set == SAVE_SET_RANGE ||
                      choice->set == SAVE_SET_TIMES;
    const SessionPane *pane = session_pane(save->session, choice->pane);
    ExcerptOrigin origin = {
        .sources = session_sources(save->session),
        .options = save->job.options,
        .enrolment = session_enrolment(save->session),
        .what = save->job.what,
        .pane = is_of_pane ? strbuf_view(&pane->predicate) : SV_NONE,
        .hides_noise = is_of_pane && view_hides_noise(pane->view),
    };
    excerpt_facts_add_origin(&save->facts, &origin);
    excerpt_facts_add_system(&save->facts, &origin);
}

void save_print_head(Session *session, const SaveJob *job, Redaction *redaction, StrBuf *ret)
{
    Save save = {.session = session, .job = *job, .facts.redaction = redaction};
    bool is_text = job->format != FORMAT_HTML && job->format != FORMAT_BUNDLE;
    if (!excerpt_has_facts(job->format)) {
        return;
    }
    excerpt_init(&save.excerpt, job->format, sources_count(session_sources(session)) > 1,
                 redaction);
    excerpt_know_sources(&save.excerpt, session_sources(session));
    add_origin(&save);
    excerpt_facts_say(&save.facts, EXCERPT_SUM_LABEL, "known when it is written");
    if (is_text) {
        excerpt_begin(&save.excerpt, &save.facts, SV_NONE, ret);
    } else {
        excerpt_facts_print(&save.facts, "", ret);
    }
    excerpt_done(&save.excerpt);
    excerpt_facts_done(&save.facts);
}

/* Begins with the entries. */
static void begin(Save *save)
{
    save->has_begun = true;
    save->redaction = save->job.secrets != NULL ? secrets_redaction(save->job.secrets) : NULL;
    save->facts.redaction = save->redaction;
    uint64_t unknown = save->job.secrets != NULL ? secrets_missed(save->job.secrets) : 0;
    if (unknown > 0) {
        strbuf_printf(&save->caveat,
                      "what %" PRIu64 " entries that had left the ring gave away is not known",
                      unknown);
        save->facts.caveat = strbuf_view(&save->caveat);
    }
    excerpt_init(&save->excerpt, save->job.format,
                 sources_count(session_sources(save->session)) > 1, save->redaction);
    excerpt_know_sources(&save->excerpt, session_sources(save->session));
    if (save->is_spooled) {
        add_origin(save);
    } else {
        save->excerpt.skips_sum = true;
        excerpt_begin(&save->excerpt, NULL, SV_NONE, &save->buf);
    }
}

Save *save_new(Session *session, const SaveJob *job, bool *ret_exists, Err *err)
{
    FileOut file = {.fd = -1};
    Spool spool = {.fd = -1};
    bool is_spooled = excerpt_has_facts(job->format);
    if (job->path != NULL && !file_out_begin(&file, job->path, job->may_replace, ret_exists, err)) {
        return NULL;
    }
    if (is_spooled && !spool_open(&spool, job->path, err)) {
        file_out_done(&file);
        return NULL;
    }
    Save *save = mem_calloc(1, sizeof *save);
    save->session = session;
    save->file = file;
    save->spool = spool;
    save->is_spooled = is_spooled;
    save->err = err_none();
    save_numbers_take(session, &job->choice, &save->numbers);
    strbuf_add(&save->what, job->what);
    save->job = *job;
    save->job.what = job->what.ptr != NULL ? strbuf_view(&save->what) : SV_NONE;
    save->job.choice.numbers = NULL; /* the caller's */
    save->job.choice.number_count = 0;
    return save;
}

void save_free(Save *save)
{
    if (save == NULL) {
        return;
    }
    file_out_done(&save->file);
    spool_done(&save->spool);
    excerpt_bundle_free(save->bundle);
    excerpt_facts_done(&save->facts);
    excerpt_done(&save->excerpt);
    save_numbers_done(&save->numbers);
    redaction_free(save->redaction);
    strbuf_done(&save->what);
    strbuf_done(&save->caveat);
    strbuf_done(&save->buf);
    mem_free(save);
}

/* Sends what was gathered to the file, or leaves it in memory. */
static bool write_out(Save *save)
{
    if (save->job.path == NULL) {
        return true;
    }
    bool is_good = file_out_write(&save->file, strbuf_view(&save->buf), &save->err);
    strbuf_clear(&save->buf);
    return is_good;
}

/* The same for entries, which may have to wait. */
static bool write_entries(Save *save)
{
    if (!save->is_spooled) {
        return write_out(save);
    }
    bool is_good = spool_add(&save->spool, strbuf_view(&save->buf), &save->err);
    strbuf_clear(&save->buf);
    return is_good;
}

bool save_find_row(const Session *session, EntryNumber number, StoreRow *ret_row)
{
    const Marks *marks = session_marks(session);
    if (store_find(session_store(session), number, ret_row)) {
        return true;
    }
    size_t low = 0, high = marks_count(marks);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (marks_get(marks, middle) < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == marks_count(marks) || marks_get(marks, low) != number) {
        return false;
    }
    *ret_row = marks_row(marks, low);
    return true;
}

static void put_entry(Save *save, EntryNumber number)
{
    StoreRow row;
    if (!save_find_row(save->session, number, &row)) {
        save->missed++;
        return;
    }
    excerpt_add(&save->excerpt, row.columns, row.index,
                session_host(save->session, row.columns->source[row.index]), &save->buf);
}

static bool step_entries(Save *save, size_t rows)
{
    for (; rows > 0 && save->at < save->numbers.count; rows--) {
        put_entry(save, save->numbers.items[save->at++]);
        if (save->buf.len >= WRITE_AT && !write_entries(save)) {
            return false;
        }
    }
    if (save->at < save->numbers.count) {
        return true;
    }
    save->has_entries = true;
    return !save->is_spooled || write_entries(save);
}

/* Appends the report as it goes into the form. */
static void add_report(Save *save, StrBuf *buf)
{
    StrView hosts[OPTIONS_MAX_SOURCES];
    size_t count = 0;
    for (StrView host; count < ARRAY_LEN(hosts) &&
                       (host = session_host(save->session, (uint8_t)count)).ptr != NULL;) {
        hosts[count++] = host;
    }
    const Enrolment *enrolment = session_enrolment(save->session);
    Report report = {.enrolment = enrolment,
                     .hosts = hosts,
                     .read_from = session_sources(save->session),
                     .host_count = count,
                     .entries = store_counts(session_store(save->session))->entries,
                     .now_ns = enrolment_now(enrolment).ns,
                     .redaction = save->excerpt.redaction};
    excerpt_report_brief(save->excerpt.format, &report, buf);
}

/* All entries are known: begins what stands before them. */
static bool begin_head(Save *save)
{
    StrBuf report = {0}, about = {0};
    add_report(save, &report);
    excerpt_facts_add_tally(&save->facts, &save->excerpt.tally, save->missed);
    excerpt_facts_add_redaction(&save->facts);
    if (save->excerpt.format == FORMAT_BUNDLE) {
        excerpt_print_about(&save->facts, strbuf_view(&report), &about);
        save->bundle = excerpt_bundle_new(&save->facts, strbuf_view(&about), &save->spool,
                                          clock_now().ns / NS_PER_SECOND, &save->err);
    } else {
        excerpt_begin(&save->excerpt, &save->facts, strbuf_view(&report), &save->buf);
    }
    strbuf_done(&report);
    strbuf_done(&about);
    return save->excerpt.format != FORMAT_BUNDLE || save->bundle != NULL;
}

/* A piece of the spool, packed or as it is; *ret_more tells whether there is more. */
static bool step_spool(Save *save, bool *ret_more)
{
    if (save->bundle != NULL) {
        return excerpt_bundle_step(save->bundle, &save->buf, ret_more, &save->err) &&
               write_out(save);
    }
    bool is_good = spool_read(&save->spool, WRITE_AT, &save->buf, &save->err) && write_out(save);
    *ret_more = save->spool.at < save->spool.len;
    return is_good;
}

static bool finish(Save *save)
{
    excerpt_end(&save->excerpt, NULL, SV_NONE, &save->buf);
    return write_out(save) && (save->job.path == NULL || file_out_commit(&save->file, &save->err));
}

bool save_step(Save *save, size_t rows)
{
    bool is_good = true, has_more = true;
    if (save->is_over) {
        return false;
    }
    if (!save->has_begun) {
        if (save->job.secrets == NULL || !secrets_step(save->job.secrets, save->session, rows)) {
            begin(save);
        }
    } else if (!save->has_entries) {
        is_good = step_entries(save, rows);
        if (is_good && save->has_entries && save->is_spooled) {
            is_good = begin_head(save);
        }
        has_more = !save->has_entries || save->is_spooled;
    } else {
        is_good = step_spool(save, &has_more);
    }
    if (is_good && !has_more) {
        (void)finish(save); /* what failed is in save->err */
    }
    save->is_over = !is_good || !has_more;
    return !save->is_over;
}

const Err *save_error(const Save *save)
{
    return &save->err;
}

uint64_t save_count(const Save *save)
{
    return save->excerpt.tally.entries;
}

uint64_t save_missed(const Save *save)
{
    return save->missed;
}

double save_share(const Save *save)
{
    if (!save->has_begun) {
        return 0;
    }
    double entries =
        save->numbers.count == 0 ? 1.0 : (double)save->at / (double)save->numbers.count;
    if (!save->is_spooled) {
        return entries;
    }
    double copied = save->spool.len == 0 ? 1.0 : (double)save->spool.at / (double)save->spool.len;
    return save->has_entries ? 0.7 + 0.3 * copied : 0.7 * entries;
}

StrView save_text(const Save *save)
{
    return strbuf_view(&save->buf);
}
