/*
 * The report as JSON. The members at the top are of the attempt that counts (enrolment_headline);
 * "attempts" has them for each. Members may be added, none is taken away or changes its meaning.
 */
#include <inttypes.h>

#include "base/mem.h"
#include "base/node.h"
#include "filters/knowledge.h"
#include "session/excerpt_facts.h"
#include "session/findings.h"
#include "session/report_writer.h"

typedef struct Json {
    StrBuf *buf;
    int depth;
    int flat;             /* how many of the open lists and maps are written on one line */
    bool is_first;        /* of the list or map that is open */
    Redaction *redaction; /* NULL = none */
} Json;

/* --- JSON ----------------------------------------------------------------------------------- */

static void begin_member(Json *json, const char *key)
{
    if (json->flat > 0) {
        strbuf_add_str(json->buf, json->is_first ? "" : ", ");
    } else {
        strbuf_add_str(json->buf, json->is_first ? "\n" : ",\n");
        strbuf_add_many(json->buf, ' ', (size_t)json->depth);
    }
    if (key != NULL) {
        node_quote(sv(key), json->buf);
        strbuf_add_str(json->buf, ": ");
    }
    json->is_first = false;
}

static void open(Json *json, const char *key, char bracket)
{
    begin_member(json, key);
    strbuf_add_char(json->buf, bracket);
    json->depth++;
    json->flat += json->flat > 0;
    json->is_first = true;
}

/* The same on one line with all that is in it. */
static void open_flat(Json *json, const char *key, char bracket)
{
    open(json, key, bracket);
    json->flat += json->flat == 0;
}

static void close(Json *json, char bracket)
{
    json->depth--;
    if (!json->is_first && json->flat == 0) {
        strbuf_add_char(json->buf, '\n');
        strbuf_add_many(json->buf, ' ', (size_t)json->depth);
    }
    strbuf_add_char(json->buf, bracket);
    json->flat -= json->flat > 0;
    json->is_first = false;
}

static void add_text(Json *json, const char *key, StrView text)
{
    begin_member(json, key);
    if (text.ptr == NULL) {
        strbuf_add_str(json->buf, "null");
    } else if (json->redaction == NULL) {
        node_quote(text, json->buf);
    } else {
        StrBuf seen = {0};
        (void)redaction_text(json->redaction, text, &seen);
        node_quote(strbuf_view(&seen), json->buf);
        strbuf_done(&seen);
    }
}

static void add_number(Json *json, const char *key, int64_t number)
{
    begin_member(json, key);
    strbuf_printf(json->buf, "%" PRId64, number);
}

/* A number that is null when it is not known. */
static void add_known(Json *json, const char *key, int64_t number, bool is_known)
{
    if (is_known) {
        add_number(json, key, number);
    } else {
        add_text(json, key, SV_NONE);
    }
}

static void add_bool(Json *json, const char *key, bool truth)
{
    begin_member(json, key);
    strbuf_add_str(json->buf, truth ? "true" : "false");
}

static void add_time(Json *json, const char *key, Stamp stamp)
{
    char text[CLOCK_STAMP_MAX];
    clock_format(stamp, CLOCK_FULL, text);
    add_text(json, key, stamp.ns == CLOCK_NO_TIME ? SV_NONE : sv(text));
}

static void add_proof(Json *json, const char *key, const Proof *proof)
{
    open_flat(json, key, '{');
    add_number(json, "entry", (int64_t)proof->number);
    add_time(json, "time", proof->time);
    add_text(json, "process", proof->process[0] != '\0' ? sv(proof->process) : SV_NONE);
    add_text(json, "text", sv(proof->text));
    if (proof->confidence.ptr != NULL) {
        add_text(json, "confidence", proof->confidence);
    }
    close(json, '}');
}

/* --- stages --------------------------------------------------------------------------------- */

static void add_daemons(Json *json, const Enrolment *enrolment, uint64_t gate)
{
    StrView name;
    open_flat(json, "daemons", '[');
    for (size_t bit = 0; (name = enrolment_process(enrolment, bit)).ptr != NULL; bit++) {
        if ((gate >> bit & 1) != 0) {
            add_text(json, NULL, name);
        }
    }
    close(json, ']');
}

static void add_stage(Json *json, const Enrolment *enrolment, const EnrolmentStage *stage)
{
    (stage->count == 0 ? open_flat : open)(json, NULL, '{');
    add_text(json, "id", stage->info->id);
    add_text(json, "title", stage->info->title);
    add_text(json, "state", sv(stage_state_name(stage->state)));
    add_time(json, "first", stage->first);
    add_time(json, "last", stage->last);
    if (stage->note[0] != '\0') {
        add_text(json, "note", sv(stage->note));
    }
    if (stage->is_recovered) {
        add_bool(json, "recovered", true);
    }
    if (stage->is_passed) {
        add_bool(json, "passed", true);
    }
    if (stage->is_absent) {
        add_bool(json, "absent", true);
    }
    add_number(json, "count", (int64_t)stage->count);
    if (stage->gate != 0) {
        add_daemons(json, enrolment, stage->gate);
    }
    open(json, "entries", '[');
    for (size_t i = 0; i < stage->proof_count; i++) {
        add_proof(json, NULL, &stage->proofs[i]);
    }
    close(json, ']');
    close(json, '}');
}

static void add_stages(Json *json, const Enrolment *enrolment, const Attempt *attempt)
{
    size_t count = stages_count(enrolment_stages(enrolment));
    open(json, "stages", '[');
    for (size_t i = 1; i <= count && attempt != NULL; i++) {
        EnrolmentStage stage;
        attempt_stage(attempt, (int)i, &stage);
        add_stage(json, enrolment, &stage);
    }
    close(json, ']');
}

/* --- commands ------------------------------------------------------------------------------- */

static void add_link(Json *json, const char *key, const Failure *failure)
{
    open_flat(json, key, '{');
    add_text(json, "domain", sv(failure->domain));
    add_text(json, "code", sv(failure->code));
    add_text(json, "text", sv(failure->text));
    close(json, '}');
}

/* Why a command is not done: the outermost error of its chain, or the reason of NotNow. */
static void add_reason(Json *json, const MdmCommand *command, const Failure *failures)
{
    if (command->failure_count > 0) {
        add_link(json, "reason", &failures[command->failures[0]]);
    } else if (command->reason[0] != '\0') {
        open_flat(json, "reason", '{');
        add_text(json, "domain", SV_NONE);
        add_text(json, "code", SV_NONE);
        add_text(json, "text", sv(command->reason));
        close(json, '}');
    } else {
        add_text(json, "reason", SV_NONE);
    }
    if (command->failure_count > 1) {
        open(json, "chain", '[');
        for (size_t i = 0; i < command->failure_count; i++) {
            add_link(json, NULL, &failures[command->failures[i]]);
        }
        close(json, ']');
    }
}

static void add_command(Json *json, const MdmCommand *command, const Failure *failures)
{
    open(json, NULL, '{');
    add_text(json, "type", sv(command->type));
    add_text(json, "id", command->id[0] != '\0' ? sv(command->id) : SV_NONE);
    add_text(json, "channel", sv(command->channel));
    add_time(json, "received",
             command->received.number != 0 ? command->received.time : (Stamp){CLOCK_NO_TIME, 0});
    add_time(json, "answered",
             command->answered.number != 0 ? command->answered.time : (Stamp){CLOCK_NO_TIME, 0});
    add_text(json, "status", command->status[0] != '\0' ? sv(command->status) : SV_NONE);
    add_text(json, "state", sv(command_state_name(command->state)));
    add_known(json, "http", command->http, command->http != 0);
    int64_t latency = command_latency_ms(command);
    add_known(json, "latency_ms", latency, latency >= 0);
    add_reason(json, command, failures);
    if (command->not_now > 0) {
        add_number(json, "not_now", command->not_now);
    }
    if (command->tries > 1) {
        add_number(json, "tries", command->tries);
    }
    if (command->install[0] != '\0') {
        add_text(json, "install", sv(command->install));
    }
    close(json, '}');
}

static void add_commands(Json *json, const Attempt *attempt)
{
    const MdmCommand *commands = NULL;
    const Failure *failures = NULL;
    size_t count = attempt != NULL ? attempt_commands(attempt, &commands) : 0;
    open(json, "commands", '[');
    if (count > 0) {
        (void)attempt_failures(attempt, &failures);
    }
    for (size_t i = 0; i < count; i++) {
        add_command(json, &commands[i], failures);
    }
    close(json, ']');
}

/* --- errors --------------------------------------------------------------------------------- */

static void add_error(Json *json, const Attempt *attempt, size_t index, bool is_decisive)
{
    const Failure *failures;
    Proof by;
    (void)attempt_failures(attempt, &failures);
    const Failure *failure = &failures[index];
    size_t cause = attempt_cause(attempt, index);
    open(json, NULL, '{');
    add_text(json, "domain", sv(failure->domain));
    add_text(json, "code", sv(failure->code));
    add_text(json, "title", failure->explained.title);
    add_number(json, "count", (int64_t)failure->count);
    add_time(json, "first", failure->first.time);
    add_time(json, "last", failure->last.time);
    add_text(json, "stage", failure->stage != NULL ? failure->stage->id : SV_NONE);
    add_text(json, "meaning", failure->explained.meaning);
    add_text(json, "cause", failure->explained.cause);
    add_text(json, "remedy", failure->explained.remedy);
    add_text(json, "confidence", failure->explained.confidence);
    add_text(json, "text", sv(failure->text));
    add_bool(json, "known", failure->is_known);
    add_bool(json, "decisive", is_decisive);
    if (failure->is_bystander) {
        add_bool(json, "bystander", true);
    }
    if (attempt_recovered(attempt, index, &by)) {
        add_time(json, "recovered", by.time);
    }
    if (cause != SIZE_MAX) {
        add_link(json, "after", &failures[cause]);
    }
    if (failure->under > 0) {
        add_link(json, "under", &failures[failure->under - 1]);
    }
    open(json, "entries", '[');
    add_proof(json, NULL, &failure->first);
    if (failure->last.number != failure->first.number) {
        add_proof(json, NULL, &failure->last);
    }
    close(json, ']');
    close(json, '}');
}

static void add_errors(Json *json, const Attempt *attempt)
{
    size_t order[ENROLMENT_FAILURES_MAX];
    size_t count = attempt != NULL ? attempt_ranked(attempt, order, ENROLMENT_FAILURES_MAX) : 0;
    size_t decisive = count > 0 ? attempt_decisive(attempt) : SIZE_MAX;
    open(json, "errors", '[');
    for (size_t i = 0; i < count; i++) {
        add_error(json, attempt, order[i], order[i] == decisive);
    }
    close(json, ']');
}

/* --- findings ------------------------------------------------------------------------------- */

static void add_finding(Json *json, const Finding *finding)
{
    open(json, NULL, '{');
    add_text(json, "kind", sv(finding_name(finding->kind)));
    add_text(json, "severity", sv(finding_severity(finding->severity)));
    add_text(json, "text", sv(finding->text));
    add_text(json, "remedy", sv(finding_advice(finding->kind)));
    add_text(json, "confidence", sv(finding_confidence(finding->kind)));
    open(json, "entries", '[');
    for (size_t i = 0; i < finding->proof_count; i++) {
        add_proof(json, NULL, &finding->proofs[i]);
    }
    close(json, ']');
    close(json, '}');
}

static void add_findings(Json *json, const Report *report, const Attempt *attempt)
{
    Findings *findings = mem_calloc(1, sizeof(*findings));
    if (attempt != NULL) {
        findings_make(report->enrolment, attempt, report->now_ns, findings);
    }
    open(json, "findings", '[');
    for (size_t i = 0; i < findings->count; i++) {
        add_finding(json, &findings->items[i]);
    }
    close(json, ']');
    mem_free(findings);
}

/* --- the whole ------------------------------------------------------------------------------ */

static void add_masked(Json *json, const Attempt *attempt)
{
    AttemptCounts counts = {0};
    if (attempt != NULL) {
        counts = attempt_counts(attempt);
    }
    open_flat(json, "masked", '{');
    add_number(json, "entries", (int64_t)counts.masked);
    begin_member(json, "share");
    uint64_t thousandths = counts.entries > 0 ? counts.masked * 1000 / counts.entries : 0;
    strbuf_printf(json->buf, "%" PRIu64 ".%03" PRIu64, thousandths / 1000, thousandths % 1000);
    close(json, '}');
}

static void add_parts(Json *json, const Report *report, const Attempt *attempt)
{
    add_stages(json, report->enrolment, attempt);
    add_commands(json, attempt);
    add_errors(json, attempt);
    add_findings(json, report, attempt);
    add_masked(json, attempt);
}

static void add_gaps(Json *json, const Report *report)
{
    const Gap *gaps;
    size_t count = enrolment_gaps(report->enrolment, &gaps);
    open(json, "gaps", '[');
    for (size_t i = 0; i < count; i++) {
        open_flat(json, NULL, '{');
        add_number(json, "entry", (int64_t)gaps[i].number);
        add_time(json, "time", gaps[i].time);
        add_text(json, "text", sv(gaps[i].text));
        close(json, '}');
    }
    close(json, ']');
}

static void add_attempt(Json *json, const Report *report, const Attempt *attempt, bool is_headline)
{
    const char *end = attempt_end_words(attempt_end(attempt));
    open(json, NULL, '{');
    add_number(json, "number", (int64_t)attempt_number(attempt));
    add_time(json, "first", attempt_first(attempt));
    add_time(json, "last", attempt_last(attempt));
    if (attempt_source(attempt) < report->host_count) {
        uint8_t source = attempt_source(attempt);
        StrBuf seen = {0};
        excerpt_facts_source_name(report->redaction, report->read_from, source,
                                  report->hosts[source], &seen);
        begin_member(json, "source");
        node_quote(strbuf_view(&seen), json->buf);
        strbuf_done(&seen);
    }
    add_text(json, "ended", end[0] != '\0' ? sv(end) : SV_NONE);
    add_bool(json, "enrolled", attempt_is_enrolled(attempt));
    add_text(json, "macos", attempt_os(attempt));
    add_bool(json, "headline", is_headline);
    if (!is_headline) {
        add_parts(json, report, attempt);
    }
    close(json, '}');
}

void report_json(const Report *report, StrBuf *buf)
{
    Json json = {.buf = buf, .depth = 1, .is_first = true, .redaction = report->redaction};
    const Attempt *headline = enrolment_headline(report->enrolment);
    strbuf_add_char(buf, '{');
    add_parts(&json, report, headline);
    add_gaps(&json, report);
    open(&json, "attempts", '[');
    for (size_t i = 0; i < enrolment_count(report->enrolment); i++) {
        const Attempt *attempt = enrolment_attempt(report->enrolment, i);
        add_attempt(&json, report, attempt, attempt == headline);
    }
    close(&json, ']');
    strbuf_add_str(buf, "\n}\n");
}
