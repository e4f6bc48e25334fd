/*
 * ShowForm: see show_form.h. The enrolment's tracker follows what is read, as it does behind a
 * screen, so that what is left out does not change the verdict; a bundle waits in a spool, because
 * its parts say how long they are before they come. So do the entries of files: what sums them up
 * stands before them; those of what may go on for ever are printed as they come.
 */
#include "session/show_form.h"

#include "base/embed.h"
#include "base/mem.h"
#include "session/enrolment.h"
#include "session/excerpt_bundle.h"
#include "session/excerpt_report.h"
#include "session/settings_redaction.h"
#include "session/show_learn.h"

#define STAGES_FILE "filters/stages.json"
#define SPOOL_AT (256 * KIB)
#define PIECE_BYTES (256 * KIB)

struct ShowForm {
    const Options *options;
    Sources *sources;
    StrView pane; /* its predicate */
    RedactRules *rules;
    Redaction *redaction; /* NULL = nothing is replaced */
    bool has_learned;     /* from all there is */
    Excerpt excerpt;
    bool tells; /* the form says what it is */
    Stages *stages;
    Enrolment *enrolment;
    uint64_t read; /* entries of the sources, printed or not */
    ExcerptFacts facts;
    StrView hosts[OPTIONS_MAX_SOURCES];
    size_t host_count;
    Columns notice; /* one row, used again and again */
    Stamp newest;
    Spool spool; /* where entries wait, if they do */
    StrBuf held; /* entries on their way to the spool */
    ExcerptBundle *bundle;
    bool is_unspooling; /* the entries of files go out */
    bool has_ended;
    Err err;
};

static bool open_redaction(ShowForm *form, Err *err)
{
    const Options *options = form->options;
    bool is_wanted =
        options->redact || (excerpt_is_for_people(options->format) && !options->no_redact);
    if (!is_wanted) {
        return true;
    }
    form->rules = setting_redaction_rules(options, err);
    form->redaction = form->rules != NULL ? redaction_new(form->rules) : NULL;
    return form->redaction != NULL;
}

static bool open_report(ShowForm *form, Err *err)
{
    StrBuf text = {0};
    if (!form->tells) {
        return true;
    }
    if (embed_read_or_file(form->options->data_dir, STAGES_FILE, &text)) {
        form->stages = stages_new(strbuf_view(&text), STAGES_FILE, err);
    }
    strbuf_done(&text);
    form->enrolment = form->stages != NULL ? enrolment_new(form->stages) : NULL;
    return form->enrolment != NULL;
}

ShowForm *show_form_new(const Options *options, AtomTable *atoms, Err *err)
{
    ShowForm *form = mem_calloc(1, sizeof *form);
    form->options = options;
    form->tells = excerpt_is_for_people(options->format);
    form->spool.fd = -1;
    form->err = err_none();
    form->newest = clock_now();
    columns_init(&form->notice, atoms);
    bool is_bundle = options->format == FORMAT_BUNDLE;
    if (!open_redaction(form, err) || !open_report(form, err) ||
        (is_bundle && !spool_open(&form->spool, NULL, err))) {
        show_form_free(form);
        return NULL;
    }
    if (form->tells && !is_bundle && show_can_learn(options)) {
        (void)spool_open(&form->spool, NULL, NULL); /* without one they are printed as they come */
    }
    return form;
}

void show_form_free(ShowForm *form)
{
    if (form == NULL) {
        return;
    }
    excerpt_bundle_free(form->bundle);
    spool_done(&form->spool);
    excerpt_done(&form->excerpt);
    excerpt_facts_done(&form->facts);
    enrolment_free(form->enrolment);
    stages_free(form->stages);
    redaction_free(form->redaction);
    redact_rules_free(form->rules);
    columns_done(&form->notice);
    strbuf_done(&form->held);
    mem_free(form);
}

void show_form_learn(ShowForm *form, const volatile sig_atomic_t *stop)
{
    form->has_learned = show_can_learn(form->options);
    if (form->redaction != NULL && form->has_learned) {
        show_learn(form->options, form->redaction, stop);
    }
}

void show_form_begin(ShowForm *form, Sources *sources, StrView pane, StrBuf *out)
{
    form->pane = pane;
    form->sources = sources;
    form->host_count = sources_count(sources);
    for (size_t i = 0; i < form->host_count && i < OPTIONS_MAX_SOURCES; i++) {
        SourceStatus status;
        sources_status(sources, i, &status);
        form->hosts[i] = status.name;
    }
    excerpt_init(&form->excerpt, form->options->format, form->host_count > 1, form->redaction);
    form->excerpt.skips_sum = !form->tells;
    excerpt_know_sources(&form->excerpt, sources);
    form->facts.redaction = form->redaction;
    if (form->spool.fd >= 0) {
        return; /* all of it is told when the entries are known */
    }
    if (form->tells) {
        ExcerptOrigin origin = {.sources = sources, .options = form->options, .pane = pane};
        excerpt_facts_add_origin(&form->facts, &origin);
    }
    excerpt_begin(&form->excerpt, form->tells ? &form->facts : NULL, SV_NONE, out);
}

/* Where entries go: straight on, or, of a bundle, into the spool. */
static StrBuf *way_out(ShowForm *form, StrBuf *out)
{
    return form->spool.fd >= 0 ? &form->held : out;
}

static void keep(ShowForm *form, size_t at_least)
{
    if (form->held.len > at_least && form->err.text[0] == '\0') {
        (void)spool_add(&form->spool, strbuf_view(&form->held), &form->err);
    }
    if (form->held.len > at_least) {
        strbuf_clear(&form->held);
    }
}

ColumnTag show_form_see(ShowForm *form, const Columns *columns, uint32_t index)
{
    form->read++;
    if (form->enrolment == NULL) {
        return (ColumnTag){0};
    }
    StageVerdict verdict = stages_judge(form->stages, columns, index);
    enrolment_feed(form->enrolment, columns, index, form->read, &verdict);
    return verdict.tag;
}

void show_form_leave_out(ShowForm *form, const Entry *entry)
{
    if (form->redaction != NULL && !form->has_learned) {
        redaction_learn(form->redaction, entry);
    }
}

void show_form_entry(ShowForm *form, const Columns *columns, uint32_t index, StrView host,
                     StrBuf *out)
{
    form->newest = (Stamp){columns->time_ns[index], columns->zone_minutes[index]};
    excerpt_add(&form->excerpt, columns, index, host, way_out(form, out));
    keep(form, SPOOL_AT);
}

void show_form_notice(ShowForm *form, uint8_t source, int64_t time_ns, StrView text, StrView host,
                      StrBuf *out)
{
    if (!form->tells) {
        return; /* it is said on standard error; the others print nothing but entries */
    }
    Entry notice = {
        .kind = KIND_NOTICE, .source = source, .time = form->newest, .raw = text, .message = text};
    notice.time.ns = time_ns != CLOCK_NO_TIME ? time_ns : notice.time.ns;
    columns_clear(&form->notice);
    excerpt_add(&form->excerpt, &form->notice, columns_push(&form->notice, &notice), host,
                way_out(form, out));
    keep(form, SPOOL_AT);
}

/* --- the end ---------------------------------------------------------------------------------- */

static void add_report(ShowForm *form, StrBuf *buf)
{
    Report report = {.enrolment = form->enrolment,
                     .hosts = form->hosts,
                     .read_from = form->sources,
                     .host_count = form->host_count,
                     .entries = form->read,
                     .now_ns = enrolment_now(form->enrolment).ns,
                     .redaction = form->redaction};
    excerpt_report_brief(form->excerpt.format, &report, buf);
}

/* All entries are known: begins what is made of them. */
static void begin_held(ShowForm *form, const ExcerptFacts *facts, StrView report, StrBuf *out)
{
    StrBuf about = {0};
    keep(form, 0);
    if (form->excerpt.format == FORMAT_BUNDLE) {
        excerpt_print_about(facts, report, &about);
        form->bundle = excerpt_bundle_new(facts, strbuf_view(&about), &form->spool,
                                          clock_now().ns / NS_PER_SECOND, &form->err);
    } else {
        excerpt_begin(&form->excerpt, facts, report, out);
        form->is_unspooling = true;
    }
    strbuf_done(&about);
}

/* Appends what stands after the entries, or begins with what is made of those that wait. */
static bool end_entries(ShowForm *form, StrBuf *out)
{
    StrBuf report = {0};
    ExcerptFacts facts = {.redaction = form->redaction};
    if (!form->has_learned) {
        facts.caveat =
            SV("done as it came: a name that only a later entry gives away stands in those "
               "before it");
    }
    bool is_held = form->spool.fd >= 0;
    add_report(form, &report);
    ExcerptOrigin origin = {.sources = form->sources,
                            .options = form->options,
                            .enrolment = form->enrolment,
                            .pane = form->pane};
    if (is_held) {
        excerpt_facts_add_origin(&facts, &origin);
    }
    excerpt_facts_add_system(&facts, &origin);
    excerpt_facts_add_tally(&facts, &form->excerpt.tally, 0);
    excerpt_facts_add_redaction(&facts);
    if (is_held) {
        begin_held(form, &facts, strbuf_view(&report), out);
    } else {
        excerpt_end(&form->excerpt, &facts, strbuf_view(&report), out);
    }
    excerpt_facts_done(&facts);
    strbuf_done(&report);
    return form->bundle != NULL || form->is_unspooling;
}

/* Appends the next of the entries that waited; false when that was all. */
static bool unspool(ShowForm *form, StrBuf *out)
{
    if (!spool_read(&form->spool, PIECE_BYTES, out, &form->err)) {
        return false;
    }
    if (form->spool.at < form->spool.len) {
        return true;
    }
    excerpt_end(&form->excerpt, NULL, SV_NONE, out);
    return false;
}

bool show_form_end(ShowForm *form, StrBuf *out)
{
    bool has_more = false;
    if (form->is_unspooling) {
        form->is_unspooling = form->err.text[0] == '\0' && unspool(form, out);
        return form->is_unspooling;
    }
    if (form->has_ended) {
        return form->bundle != NULL && form->err.text[0] == '\0' &&
               excerpt_bundle_step(form->bundle, out, &has_more, &form->err) && has_more;
    }
    form->has_ended = true;
    if (form->tells) {
        return end_entries(form, out) && form->err.text[0] == '\0';
    }
    excerpt_end(&form->excerpt, NULL, SV_NONE, out);
    return false;
}

uint64_t show_form_count(const ShowForm *form)
{
    return form->excerpt.tally.entries;
}

const Err *show_form_error(const ShowForm *form)
{
    return &form->err;
}
