/*
 * Report: the order and the words of the report for people; how they are written is each writer's.
 */
#include "session/report.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/mem.h"
#include "filters/knowledge.h"
#include "session/excerpt_facts.h"
#include "session/findings.h"
#include "session/report_writer.h"

#define FAILURES_SHOWN 12 /* in full; the others in a line each */
#define PROOFS_SHOWN 3

/* --- small things --------------------------------------------------------------------------- */

static void add_time(StrBuf *buf, Stamp stamp, ClockForm form)
{
    char text[CLOCK_STAMP_MAX];
    clock_format(stamp, form, text);
    strbuf_add_str(buf, text);
}

void report_entry_place(const Proof *proof, StrBuf *buf)
{
    strbuf_printf(buf, "entry %" PRIu64 ", ", proof->number);
    add_time(buf, proof->time, CLOCK_TIME);
    if (proof->process[0] != '\0') {
        strbuf_printf(buf, ", %s", proof->process);
    }
}

void report_add_length(StrBuf *buf, int64_t ns)
{
    int64_t seconds = ns / NS_PER_SECOND;
    if (seconds < 1) {
        strbuf_printf(buf, "%" PRId64 " ms", ns / NS_PER_MS);
    } else if (seconds < 60) {
        strbuf_printf(buf, "%" PRId64 ".%" PRId64 "s", seconds, ns / (100 * NS_PER_MS) % 10);
    } else if (seconds < 3600) {
        strbuf_printf(buf, "%" PRId64 "m%02" PRId64 "s", seconds / 60, seconds % 60);
    } else {
        strbuf_printf(buf, "%" PRId64 "h%02" PRId64 "m", seconds / 3600, seconds / 60 % 60);
    }
}

StrView report_seen(Printer *printer, StrView text)
{
    if (printer->report->redaction == NULL) {
        return text;
    }
    strbuf_clear(&printer->seen);
    (void)redaction_text(printer->report->redaction, text, &printer->seen);
    return strbuf_view(&printer->seen);
}

StrView report_line(Printer *printer)
{
    return report_seen(printer, strbuf_view(&printer->line));
}

static void print_entry(Printer *printer, const Proof *proof)
{
    Proof seen = *proof;
    StrView text = report_seen(printer, sv(proof->text));
    (void)snprintf(seen.text, sizeof seen.text, "%.*s", SV_ARG(text));
    text = report_seen(printer, sv(proof->process));
    (void)snprintf(seen.process, sizeof seen.process, "%.*s", SV_ARG(text));
    printer->to->entry(printer->buf, &seen);
}

const Failure *report_failure(const Attempt *attempt, size_t index)
{
    const Failure *failures;
    return index < attempt_failures(attempt, &failures) ? &failures[index] : NULL;
}

/* "MDMResponseStatus 401 · MDM server refused (401)"; a line without an error is its own name. */
static void add_name(StrBuf *buf, const Failure *failure)
{
    if (failure->domain[0] == '\0') {
        strbuf_add_str(buf, failure->text);
        return;
    }
    strbuf_add(buf, failure->explained.subject);
    strbuf_add_str(buf, " · ");
    strbuf_add(buf, failure->explained.title);
}

/* --- the verdict ---------------------------------------------------------------------------- */

static void add_place(StrBuf *buf, const Report *report, const StageInfo *stage)
{
    if (stage == NULL) {
        strbuf_add_str(buf, "no stage");
        return;
    }
    strbuf_printf(buf, "stage %d of %zu, %.*s", stage->number,
                  stages_count(enrolment_stages(report->enrolment)), SV_ARG(stage->title));
}

static Tone add_verdict(StrBuf *buf, const Report *report, const Attempt *attempt,
                        const Failure *decisive)
{
    bool is_connection = decisive != NULL && decisive->is_weak && decisive->stage != NULL &&
                         decisive->stage->number < attempt_reached(attempt);
    if (decisive != NULL && decisive->is_step && !is_connection) {
        strbuf_add_str(buf, "The enrolment failed in ");
        add_place(buf, report, decisive->stage);
        strbuf_add_str(buf, ": ");
        add_name(buf, decisive);
        strbuf_add_str(buf, ".");
        return TONE_BAD;
    }
    if (!attempt_has_steps(attempt)) {
        strbuf_add_str(buf, "The enrolment itself is not in the capture, only later traffic with "
                            "the MDM server");
    } else if (attempt_is_enrolled(attempt)) {
        strbuf_add_str(buf, "The Mac is enrolled");
    } else {
        const StageInfo *stage =
            stages_get(enrolment_stages(report->enrolment), attempt_reached(attempt));
        strbuf_add_str(buf, "The enrolment is not through: it has come to ");
        add_place(buf, report, stage);
        if (decisive != NULL) {
            strbuf_add_str(buf, "; what failed: ");
            add_name(buf, decisive);
        }
        strbuf_add_str(buf, ".");
        return decisive != NULL ? TONE_BAD : TONE_WAIT;
    }
    if (decisive != NULL) {
        strbuf_add_str(buf, "; what failed beside it: ");
        add_name(buf, decisive);
        strbuf_add_str(buf, ".");
        return TONE_WAIT;
    }
    size_t overcome = 0;
    const Failure *failures;
    Proof by;
    for (size_t i = 0; i < attempt_failures(attempt, &failures); i++) {
        overcome += !failures[i].is_gone && attempt_recovered(attempt, i, &by);
    }
    strbuf_add_str(buf, overcome > 0 ? "; what had failed was overcome." : ".");
    return TONE_GOOD;
}

static void print_head(Printer *printer, const Attempt *attempt)
{
    StrBuf *line = &printer->line;
    size_t count = enrolment_count(printer->report->enrolment);
    int64_t length;
    strbuf_clear(line);
    if (count > 1) {
        strbuf_printf(line, "Attempt %zu of %zu, ", attempt_number(attempt), count);
    }
    if (printer->report->host_count > 1 && attempt_source(attempt) < printer->report->host_count) {
        uint8_t source = attempt_source(attempt);
        excerpt_facts_source_name(printer->report->redaction, printer->report->read_from, source,
                                  printer->report->hosts[source], line);
        strbuf_add_str(line, ", ");
    }
    add_time(line, attempt_first(attempt), CLOCK_DATE);
    strbuf_add_char(line, ' ');
    add_time(line, attempt_first(attempt), CLOCK_SECOND);
    strbuf_add_str(line, " to ");
    add_time(line, attempt_last(attempt), CLOCK_SECOND);
    if (clock_between(attempt_first(attempt).ns, attempt_last(attempt).ns, &length)) {
        strbuf_add_str(line, " (");
        report_add_length(line, length);
        strbuf_add_str(line, ")");
    }
    if (attempt_os(attempt).len > 0) {
        strbuf_printf(line, "; macOS %.*s, by the daemons that spoke", SV_ARG(attempt_os(attempt)));
    }
    if (attempt_end(attempt) != ATTEMPT_GOES_ON) {
        strbuf_printf(line, "; it ended when %s", attempt_end_words(attempt_end(attempt)));
    }
    strbuf_add_char(line, '.');
    printer->to->paragraph(printer->buf, report_line(printer));
}

/* --- failures ------------------------------------------------------------------------------- */

static void print_pair(Printer *printer, const char *label, StrView text)
{
    if (text.len > 0) {
        printer->to->pair(printer->buf, label, text);
    }
}

static void print_cause(Printer *printer, const Attempt *attempt, size_t index)
{
    size_t cause = attempt_cause(attempt, index);
    const Failure *failure = cause != SIZE_MAX ? report_failure(attempt, cause) : NULL;
    if (failure == NULL) {
        return;
    }
    strbuf_clear(&printer->line);
    add_name(&printer->line, failure);
    strbuf_add_str(&printer->line, " (");
    report_entry_place(&failure->first, &printer->line);
    strbuf_add_char(&printer->line, ')');
    print_pair(printer, "before it", report_line(printer));
}

static void print_place(Printer *printer, const Failure *failure)
{
    StrBuf *line = &printer->line;
    strbuf_clear(line);
    if (failure->stage != NULL) {
        add_place(line, printer->report, failure->stage);
    }
    if (failure->count > 1) {
        strbuf_printf(line, "%s%" PRIu64 " times, last at ", line->len > 0 ? "; " : "",
                      failure->count);
        add_time(line, failure->last.time, CLOCK_TIME);
    }
    print_pair(printer, "where", report_line(printer));
}

/* Advice that stands above already is not given again. */
static void print_advice(Printer *printer, const Attempt *attempt, const size_t *order, size_t at)
{
    const Failure *failure = report_failure(attempt, order[at]);
    const Explanation *explained = &failure->explained;
    for (size_t i = 0; i < at; i++) {
        const Failure *above = report_failure(attempt, order[i]);
        if (failure->domain[0] != '\0' && sv_equal(above->explained.subject, explained->subject)) {
            print_pair(printer, "do", SV("as above"));
            return;
        }
    }
    print_pair(printer, "meaning", explained->meaning);
    print_pair(printer, "likely", explained->cause);
    print_pair(printer, "do", explained->remedy);
    print_pair(printer, "confidence", explained->confidence);
    print_pair(printer, "source", explained->source);
}

static void print_failure(Printer *printer, const Attempt *attempt, const size_t *order, size_t at)
{
    size_t index = order[at];
    const Failure *failure = report_failure(attempt, index);
    Proof by;
    bool is_recovered = attempt_recovered(attempt, index, &by);
    strbuf_clear(&printer->line);
    add_name(&printer->line, failure);
    printer->to->item(printer->buf, is_recovered || failure->is_bystander ? TONE_WAIT : TONE_BAD,
                      report_line(printer));
    print_place(printer, failure);
    print_cause(printer, attempt, index);
    if (is_recovered) {
        strbuf_clear(&printer->line);
        strbuf_add_str(&printer->line, "yes, ");
        report_entry_place(&by, &printer->line);
        print_pair(printer, "overcome", report_line(printer));
    }
    print_advice(printer, attempt, order, at);
    print_entry(printer, &failure->first);
    printer->to->item_end(printer->buf);
}

static void print_failures(Printer *printer, const Attempt *attempt)
{
    size_t order[ENROLMENT_FAILURES_MAX];
    size_t count = attempt_ranked(attempt, order, ENROLMENT_FAILURES_MAX);
    if (count == 0) {
        return;
    }
    bool is_decisive = order[0] == attempt_decisive(attempt);
    printer->to->heading(printer->buf,
                         is_decisive ? SV("What failed, the decisive first") : SV("What failed"));
    for (size_t i = 0; i < count && i < FAILURES_SHOWN; i++) {
        print_failure(printer, attempt, order, i);
    }
    if (count > FAILURES_SHOWN) {
        strbuf_clear(&printer->line);
        strbuf_printf(&printer->line, "%zu further failures: ", count - FAILURES_SHOWN);
        for (size_t i = FAILURES_SHOWN; i < count; i++) {
            const Failure *failure = report_failure(attempt, order[i]);
            strbuf_add_str(&printer->line, i > FAILURES_SHOWN ? "; " : "");
            strbuf_add(&printer->line,
                       failure->domain[0] != '\0' ? failure->explained.subject : sv(failure->text));
        }
        printer->to->paragraph(printer->buf, report_line(printer));
    }
}

/* --- findings ------------------------------------------------------------------------------- */

static void print_findings(Printer *printer, const Findings *findings)
{
    if (findings->count == 0) {
        return;
    }
    printer->to->heading(printer->buf, SV("What else is to be seen"));
    for (size_t i = 0; i < findings->count; i++) {
        const Finding *finding = &findings->items[i];
        printer->to->item(printer->buf, finding->severity == FINDING_ERROR ? TONE_BAD : TONE_WAIT,
                          report_seen(printer, sv(finding->text)));
        print_pair(printer, "do", sv(finding_advice(finding->kind)));
        print_pair(printer, "confidence", sv(finding_confidence(finding->kind)));
        for (size_t k = 0; k < finding->proof_count && k < PROOFS_SHOWN; k++) {
            print_entry(printer, &finding->proofs[k]);
        }
        printer->to->item_end(printer->buf);
    }
}

/* --- the whole ------------------------------------------------------------------------------ */

static void print_other(Printer *printer, const Attempt *attempt)
{
    size_t decisive = attempt_decisive(attempt);
    strbuf_clear(&printer->line);
    Tone tone = add_verdict(&printer->line, printer->report, attempt,
                            decisive != SIZE_MAX ? report_failure(attempt, decisive) : NULL);
    printer->to->verdict(printer->buf, tone, report_line(printer));
    print_head(printer, attempt);
}

static void print_attempt(Printer *printer, const Attempt *attempt)
{
    Findings *findings = mem_calloc(1, sizeof(*findings));
    findings_make(printer->report->enrolment, attempt, printer->report->now_ns, findings);
    print_other(printer, attempt);
    print_failures(printer, attempt);
    print_findings(printer, findings);
    report_stages(printer, attempt);
    report_commands(printer, attempt);
    mem_free(findings);
}

static void print_others(Printer *printer, const Attempt *headline)
{
    const Enrolment *enrolment = printer->report->enrolment;
    bool has_heading = false;
    for (size_t i = 0; i < enrolment_count(enrolment); i++) {
        const Attempt *attempt = enrolment_attempt(enrolment, i);
        if (attempt == headline) {
            continue;
        }
        if (!has_heading) {
            printer->to->heading(printer->buf, SV("The other attempts"));
            has_heading = true;
        }
        print_other(printer, attempt);
        print_failures(printer, attempt);
    }
}

static void print_redaction(Printer *printer)
{
    strbuf_clear(&printer->line);
    if (printer->report->redaction == NULL) {
        strbuf_add_str(&printer->line,
                       "Nothing in this report is redacted: it may hold names, serial numbers, "
                       "addresses and tokens. Look through it before it leaves the house.");
    } else {
        strbuf_add_str(&printer->line, "What is personal or secret is replaced by placeholders: ");
        redaction_summary(printer->report->redaction, &printer->line);
        strbuf_add_str(&printer->line, ". Look through it all the same before it leaves the "
                                       "house.");
    }
    printer->to->paragraph(printer->buf, strbuf_view(&printer->line));
}

static void print_limits(Printer *printer, const Attempt *headline)
{
    const Gap *gaps;
    StrBuf *line = &printer->line;
    size_t gap_count = enrolment_gaps(printer->report->enrolment, &gaps);
    AttemptCounts counts = attempt_counts(headline);
    printer->to->heading(printer->buf, SV("What this report rests on"));
    strbuf_clear(line);
    strbuf_printf(line,
                  "%.*s: %" PRIu64 " entries; %" PRIu64 " of the enrolment's own daemons, %" PRIu64
                  " of them with masked details; gaps: %zu.",
                  SV_ARG(printer->report->sources), printer->report->entries, counts.entries,
                  counts.masked, gap_count);
    if (attempt_dropped(headline) > 0) {
        strbuf_printf(line, " %" PRIu64 " commands or failures are left out for the limits.",
                      attempt_dropped(headline));
    }
    printer->to->paragraph(printer->buf, report_line(printer));
    printer->to->paragraph(
        printer->buf,
        SV("Levels of entries play no part: harmless lines are errors and faults in the log, "
           "failed commands ordinary ones. \"unverified\" means that nobody has published such a "
           "line or that the advice is this program's own."));
    print_redaction(printer);
}

static void print_nothing(Printer *printer)
{
    printer->to->verdict(printer->buf, TONE_PLAIN, SV("No enrolment was found."));
    strbuf_clear(&printer->line);
    strbuf_printf(&printer->line,
                  "%.*s: %" PRIu64 " entries, none of which proves an enrolment or traffic with "
                  "an MDM server. Info and debug entries help: log stream --info --debug.",
                  SV_ARG(printer->report->sources), printer->report->entries);
    printer->to->paragraph(printer->buf, report_line(printer));
}

static void print_for_people(const ReportWriter *writer, const Report *report, StrBuf *buf)
{
    Printer printer = {.report = report, .to = writer, .buf = buf};
    const Attempt *headline = enrolment_headline(report->enrolment);
    writer->begin(buf, SV("mdmscope: the enrolment explained"));
    if (headline == NULL) {
        print_nothing(&printer);
    } else {
        print_attempt(&printer, headline);
        print_others(&printer, headline);
        print_limits(&printer, headline);
    }
    writer->end(buf);
    strbuf_done(&printer.line);
    strbuf_done(&printer.seen);
}

void report_print_brief(ReportFormat format, const Report *report, StrBuf *buf)
{
    static const ReportWriter *const WRITERS[REPORT_COUNT] = {[REPORT_TEXT] = &REPORT_WRITER_TEXT,
                                                              [REPORT_MD] = &REPORT_WRITER_MD,
                                                              [REPORT_HTML] = &REPORT_WRITER_HTML};
    Printer printer = {.report = report, .to = WRITERS[format], .buf = buf};
    const Attempt *attempt = enrolment_headline(report->enrolment);
    if (attempt == NULL) {
        return;
    }
    size_t worst;
    size_t count = attempt_ranked(attempt, &worst, 1);
    printer.to->heading(buf, SV("The enrolment"));
    print_other(&printer, attempt);
    if (count > 0) {
        bool is_decisive = worst == attempt_decisive(attempt);
        printer.to->heading(buf, is_decisive ? SV("The decisive error") : SV("What failed"));
        print_failure(&printer, attempt, &worst, 0);
    }
    report_stages(&printer, attempt);
    strbuf_done(&printer.line);
    strbuf_done(&printer.seen);
}

void report_print(ReportFormat format, const Report *report, StrBuf *buf)
{
    switch (format) {
    case REPORT_JSON:
        report_json(report, buf);
        break;
    case REPORT_MD:
        print_for_people(&REPORT_WRITER_MD, report, buf);
        break;
    case REPORT_HTML:
        print_for_people(&REPORT_WRITER_HTML, report, buf);
        break;
    default:
        print_for_people(&REPORT_WRITER_TEXT, report, buf);
        break;
    }
}
