/*
 * Record: the report in three forms: text of 80 columns, Markdown, JSON. All of them say the same,
 * and where a value is hidden, that it is.
 */
#include "session/record.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "session/record_internal.h"
#include "session/wrap.h"

#define COLUMNS 80
#define KEY_COLUMNS 26
#define DAY_LEN 11

static const char NOT_CHECKED[] =
    "whether the hosts answer, whether the server's certificate is issued by an anchor, whether "
    "the certificates' signatures are right: nobody was contacted.";

static void day_of(int64_t ns, char *ret_day)
{
    char stamp[CLOCK_STAMP_MAX];
    clock_format((Stamp){.ns = ns}, CLOCK_DATE, stamp);
    (void)snprintf(ret_day, DAY_LEN, "%.10s", stamp);
}

static void add_counts(const Record *record, StrBuf *buf)
{
    size_t counts[SEVERITY_COUNT] = {0};
    for (size_t i = 0; i < record->finding_count; i++) {
        counts[record->findings[i].severity]++;
    }
    for (Severity i = 0; i < SEVERITY_COUNT; i++) {
        strbuf_printf(buf, "%s%zu %s%s", i > 0 ? ", " : "", counts[i], severity_name(i),
                      counts[i] == 1 ? "" : "s");
    }
}

static size_t count_unknown(const Record *record)
{
    size_t count = 0;
    for (size_t i = 0; i < record->value_count; i++) {
        count += record->values[i].fact == NULL;
    }
    return count;
}

/* Visible key of a value; "" for NULL. */
static void add_key(const RecordValue *value, StrBuf *buf)
{
    if (value != NULL) {
        utf8_visible(buf, value->key);
    }
}

/* What a value says. A flag says what it comes to: its name may say the opposite. */
static void add_meaning(const RecordValue *value, StrBuf *buf)
{
    const FieldFact *fact = value->fact;
    if (fact == NULL) {
        strbuf_add_str(buf, "unknown field");
    } else if (value->is_flag && value->is_no) {
        strbuf_add(buf, fact->if_no.ptr != NULL ? SV("") : SV("no: "));
        strbuf_add(buf, fact->if_no.ptr != NULL ? fact->if_no : fact->meaning);
    } else {
        strbuf_add(buf, fact->meaning);
    }
}

/* What a reader of the report must know about it: what was not looked at, what is not shown. */
static void add_foot(const Record *record, StrBuf *foot, StrView report)
{
    strbuf_printf(foot, "Not checked: %s", NOT_CHECKED);
    if (sv_find(report, SV("<hidden>")) != SIZE_MAX) { /* in Markdown behind a backslash */
        strbuf_add_str(foot, " Not shown: what is <hidden>; --no-redact shows it.");
    }
    if (record->redacted.ptr != NULL) {
        strbuf_printf(foot, " Redacted: %.*s.", SV_ARG(record->redacted));
    }
}

/* --- text ----------------------------------------------------------------------------------- */

static void add_text_field(const Record *record, const RecordValue *value, bool has_secrets,
                           StrBuf *buf)
{
    StrBuf line = {0};
    StrBuf meaning = {0};
    strbuf_add_str(buf, "  ");
    add_key(value, &line);
    int width = utf8_width(strbuf_view(&line));
    strbuf_add(buf, strbuf_view(&line));
    strbuf_add_many(buf, ' ', width < KEY_COLUMNS ? (size_t)(KEY_COLUMNS - width) : 1);
    strbuf_clear(&line);
    record_add_shown(record, value, has_secrets, &line);
    int at = 2 + (width < KEY_COLUMNS ? KEY_COLUMNS : width + 1);
    wrap_add(buf, strbuf_view(&line), (size_t)at, 2 + KEY_COLUMNS, COLUMNS);
    add_meaning(value, &meaning);
    if (value->fact != NULL) {
        strbuf_printf(&meaning, " [%c]", confidence_mark(value->fact->confidence));
    }
    strbuf_add_many(buf, ' ', 6);
    wrap_add(buf, strbuf_view(&meaning), 6, 6, COLUMNS);
    strbuf_done(&line);
    strbuf_done(&meaning);
}

static void add_text_findings(const Record *record, StrBuf *buf)
{
    strbuf_add_str(buf, "\nFindings: ");
    add_counts(record, buf);
    strbuf_add_char(buf, '\n');
    for (size_t i = 0; i < record->finding_count; i++) {
        const RecordFinding *finding = &record->findings[i];
        StrBuf line = {0};
        strbuf_printf(&line, "%s: ", severity_name(finding->severity));
        add_key(finding->value, &line);
        if (finding->value != NULL && finding->value->node->line > 0) {
            strbuf_printf(&line, " (line %d)", finding->value->node->line);
        }
        strbuf_add_str(&line, finding->value != NULL ? ": " : "");
        strbuf_add(&line, finding->text);
        if (finding->confidence.ptr != NULL) {
            strbuf_printf(&line, " [%c]", confidence_mark(finding->confidence));
        }
        strbuf_add_str(buf, "  ");
        wrap_add(buf, strbuf_view(&line), 2, 4, COLUMNS);
        strbuf_clear(&line);
        if (finding->remedy.len > 0) {
            strbuf_add_str(&line, "do: ");
            strbuf_add(&line, finding->remedy);
            strbuf_add_many(buf, ' ', 6);
            wrap_add(buf, strbuf_view(&line), 6, 10, COLUMNS);
        }
        strbuf_done(&line);
    }
}

/* "1: CN=…, 2026-01-01 to 2036-01-01, 430 bytes, issued by itself" */
static void add_certificate(const RecordCertificate *certificate, StrBuf *buf)
{
    const Certificate *content = &certificate->certificate;
    strbuf_printf(buf, "%zu: %zu bytes, ", certificate->number, certificate->len);
    if (!certificate->is_good) {
        strbuf_add_str(buf, "not readable: ");
        strbuf_add(buf, certificate->error);
        return;
    }
    char from[DAY_LEN];
    char to[DAY_LEN];
    day_of(content->not_before_ns, from);
    day_of(content->not_after_ns, to);
    strbuf_printf(buf, "%s, valid %s to %s, ", content->subject, from, to);
    if (content->is_self_issued) {
        strbuf_add_str(buf, "issued by itself");
    } else {
        strbuf_printf(buf, "issued by %s", content->issuer);
    }
}

static void add_text_certificates(const Record *record, StrBuf *buf)
{
    const RecordValue *of = NULL;
    for (size_t i = 0; i < record->certificate_count; i++) {
        StrBuf line = {0};
        if (record->certificates[i].value != of) {
            of = record->certificates[i].value;
            strbuf_add_str(buf, "\nCertificates in ");
            add_key(of, buf);
            strbuf_add_char(buf, '\n');
        }
        add_certificate(&record->certificates[i], &line);
        strbuf_add_str(buf, "  ");
        wrap_add(buf, strbuf_view(&line), 2, 5, COLUMNS);
        strbuf_done(&line);
    }
}

static void add_pane(const RecordSkip *skip, StrBuf *buf)
{
    if (skip->fact != NULL) {
        strbuf_add(buf, skip->fact->pane);
        if (skip->fact->macos.ptr != NULL) {
            strbuf_printf(buf, ", macOS %.*s and later", SV_ARG(skip->fact->macos));
        }
    }
    if (skip->note.len > 0) {
        strbuf_add_str(buf, skip->fact != NULL ? "; " : "");
        strbuf_add(buf, skip->note);
    }
    if (skip->fact != NULL) {
        strbuf_printf(buf, " [%c]", confidence_mark(skip->fact->confidence));
    }
}

static void add_text_skip(const Record *record, StrBuf *buf)
{
    strbuf_add_str(buf, record->skip_count > 0 ? "\nPanes that are skipped\n" : "");
    for (size_t i = 0; i < record->skip_count; i++) {
        StrBuf line = {0};
        utf8_visible(&line, record->skip[i].key);
        int width = utf8_width(strbuf_view(&line));
        strbuf_add_str(buf, "  ");
        strbuf_add(buf, strbuf_view(&line));
        strbuf_add_many(buf, ' ', width < KEY_COLUMNS ? (size_t)(KEY_COLUMNS - width) : 1);
        strbuf_clear(&line);
        add_pane(&record->skip[i], &line);
        wrap_add(buf, strbuf_view(&line), 2 + KEY_COLUMNS, 2 + KEY_COLUMNS, COLUMNS);
        strbuf_done(&line);
    }
}

void record_print_text(const Record *record, bool has_secrets, StrBuf *buf)
{
    StrBuf line = {0};
    utf8_visible(&line, sv(record->name));
    strbuf_printf(&line, ": an activation record; %s, %zu field%s, %zu of them unknown",
                  record_style_name(record->style), record->value_count,
                  record->value_count == 1 ? "" : "s", count_unknown(record));
    wrap_add(buf, strbuf_view(&line), 0, 2, COLUMNS);
    add_text_findings(record, buf);
    strbuf_add_str(buf, "\nFields\n");
    for (size_t i = 0; i < record->value_count; i++) {
        add_text_field(record, &record->values[i], has_secrets, buf);
    }
    add_text_certificates(record, buf);
    add_text_skip(record, buf);
    strbuf_clear(&line);
    add_foot(record, &line, strbuf_view(buf));
    strbuf_add_char(buf, '\n');
    wrap_add(buf, strbuf_view(&line), 0, 2, COLUMNS);
    wrap_add(buf, sv(confidence_legend()), 0, 0, COLUMNS);
    strbuf_done(&line);
}

/* --- Markdown ------------------------------------------------------------------------------- */

/* A cell of a table, in which neither a bar nor a sign of Markdown's own may be taken for one. */
static void add_cell(StrBuf *buf, StrView text)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        bool is_sign = byte == '|' || byte == '*' || byte == '_' || byte == '`' || byte == '<' ||
                       byte == '[' || byte == '\\';
        if (is_sign) {
            strbuf_add_char(buf, '\\');
        }
        strbuf_add_char(buf, byte);
    }
}

static void add_markdown_fields(const Record *record, bool has_secrets, StrBuf *buf)
{
    strbuf_add_str(buf,
                   "\n## Fields\n\n| field | value | meaning | confidence |\n|---|---|---|---|\n");
    for (size_t i = 0; i < record->value_count; i++) {
        const RecordValue *value = &record->values[i];
        StrBuf cell = {0};
        strbuf_add_str(buf, "| ");
        add_key(value, &cell);
        add_cell(buf, strbuf_view(&cell));
        strbuf_add_str(buf, " | ");
        strbuf_clear(&cell);
        record_add_shown(record, value, has_secrets, &cell);
        add_cell(buf, strbuf_view(&cell));
        strbuf_add_str(buf, " | ");
        strbuf_clear(&cell);
        add_meaning(value, &cell);
        add_cell(buf, strbuf_view(&cell));
        strbuf_printf(buf, " | %.*s |\n",
                      value->fact != NULL ? (int)value->fact->confidence.len : 0,
                      value->fact != NULL ? value->fact->confidence.ptr : "");
        strbuf_done(&cell);
    }
}

static void add_markdown_findings(const Record *record, StrBuf *buf)
{
    strbuf_add_str(buf, "\n## Findings\n\n");
    strbuf_add_str(buf, record->finding_count == 0 ? "None.\n" : "");
    for (size_t i = 0; i < record->finding_count; i++) {
        const RecordFinding *finding = &record->findings[i];
        StrBuf key = {0};
        add_key(finding->value, &key);
        strbuf_printf(buf, "- **%s** ", severity_name(finding->severity));
        add_cell(buf, strbuf_view(&key));
        strbuf_add_str(buf, finding->value != NULL ? ": " : "");
        add_cell(buf, finding->text);
        strbuf_add_str(buf, finding->remedy.len > 0 ? ". To do: " : "");
        add_cell(buf, finding->remedy);
        if (finding->confidence.ptr != NULL) {
            strbuf_printf(buf, " (%.*s)", SV_ARG(finding->confidence));
        }
        strbuf_add_char(buf, '\n');
        strbuf_done(&key);
    }
}

void record_print_markdown(const Record *record, bool has_secrets, StrBuf *buf)
{
    StrBuf line = {0};
    utf8_visible(&line, sv(record->name));
    strbuf_add_str(buf, "# Activation record ");
    add_cell(buf, strbuf_view(&line));
    strbuf_printf(buf, "\n\n%s, %zu fields, %zu of them unknown. ",
                  record_style_name(record->style), record->value_count, count_unknown(record));
    add_counts(record, buf);
    strbuf_add_str(buf, ".\n");
    add_markdown_findings(record, buf);
    add_markdown_fields(record, has_secrets, buf);
    strbuf_add_str(buf, record->certificate_count > 0 ? "\n## Certificates\n\n" : "");
    for (size_t i = 0; i < record->certificate_count; i++) {
        strbuf_clear(&line);
        add_key(record->certificates[i].value, &line);
        strbuf_add_char(&line, ' ');
        add_certificate(&record->certificates[i], &line);
        strbuf_add_str(buf, "- ");
        add_cell(buf, strbuf_view(&line));
        strbuf_add_char(buf, '\n');
    }
    strbuf_add_str(buf, record->skip_count > 0 ? "\n## Panes that are skipped\n\n" : "");
    for (size_t i = 0; i < record->skip_count; i++) {
        strbuf_clear(&line);
        utf8_visible(&line, record->skip[i].key);
        strbuf_add_str(&line, ": ");
        add_pane(&record->skip[i], &line);
        strbuf_add_str(buf, "- ");
        add_cell(buf, strbuf_view(&line));
        strbuf_add_char(buf, '\n');
    }
    strbuf_clear(&line);
    add_foot(record, &line, strbuf_view(buf));
    strbuf_add_char(buf, '\n');
    add_cell(buf, strbuf_view(&line));
    strbuf_add_str(buf, "\n\n");
    add_cell(buf, sv(confidence_legend()));
    strbuf_add_char(buf, '\n');
    strbuf_done(&line);
}

/* --- JSON ----------------------------------------------------------------------------------- */

/* `"name":"value"`, with a comma before it unless it is the first of its object. */
static void add_member(StrBuf *buf, const char *name, StrView value)
{
    bool is_first = buf->len == 0 || buf->ptr[buf->len - 1] == '{';
    strbuf_printf(buf, "%s\"%s\":", is_first ? "" : ",", name);
    if (value.ptr == NULL) {
        strbuf_add_str(buf, "null");
    } else {
        node_quote(value, buf);
    }
}

static void add_json_field(const Record *record, const RecordValue *value, bool has_secrets,
                           StrBuf *buf)
{
    StrBuf shown = {0};
    const FieldFact *fact = value->fact;
    record_add_shown(record, value, has_secrets, &shown);
    strbuf_add_char(buf, '{');
    add_member(buf, "key", value->key);
    add_member(buf, "value", strbuf_view(&shown));
    strbuf_clear(&shown);
    add_meaning(value, &shown);
    add_member(buf, "id", fact != NULL ? fact->id : SV_NONE);
    if (value->is_flag) {
        strbuf_printf(buf, ",\"is_yes\":%s", value->is_no ? "false" : "true");
    }
    if (value->node->line > 0) {
        strbuf_printf(buf, ",\"line\":%d", value->node->line);
    }
    add_member(buf, "meaning", fact != NULL ? strbuf_view(&shown) : SV_NONE);
    add_member(buf, "confidence", fact != NULL ? fact->confidence : SV_NONE);
    strbuf_add_char(buf, '}');
    strbuf_done(&shown);
}

static void add_json_finding(const RecordFinding *finding, StrBuf *buf)
{
    strbuf_add_char(buf, '{');
    add_member(buf, "severity", sv(severity_name(finding->severity)));
    add_member(buf, "key", finding->value != NULL ? finding->value->key : SV_NONE);
    add_member(buf, "text", finding->text);
    add_member(buf, "do", finding->remedy.len > 0 ? finding->remedy : SV_NONE);
    add_member(buf, "confidence", finding->confidence);
    strbuf_add_char(buf, '}');
}

static void add_json_certificate(const RecordCertificate *certificate, StrBuf *buf)
{
    const Certificate *content = &certificate->certificate;
    strbuf_add_char(buf, '{');
    add_member(buf, "key", certificate->value->key);
    strbuf_printf(buf, ",\"number\":%zu,\"bytes\":%zu", certificate->number, certificate->len);
    if (certificate->is_good) {
        char from[DAY_LEN];
        char to[DAY_LEN];
        day_of(content->not_before_ns, from);
        day_of(content->not_after_ns, to);
        add_member(buf, "subject", sv(content->subject));
        add_member(buf, "issuer", sv(content->issuer));
        add_member(buf, "from", sv(from));
        add_member(buf, "to", sv(to));
    } else {
        add_member(buf, "error", certificate->error);
    }
    strbuf_add_char(buf, '}');
}

static void add_json_skip(const RecordSkip *skip, StrBuf *buf)
{
    strbuf_add_char(buf, '{');
    add_member(buf, "key", skip->key);
    add_member(buf, "pane", skip->fact != NULL ? skip->fact->pane : SV_NONE);
    add_member(buf, "macos", skip->fact != NULL ? skip->fact->macos : SV_NONE);
    add_member(buf, "note", skip->note.len > 0 ? skip->note : SV_NONE);
    strbuf_add_char(buf, '}');
}

void record_print_json(const Record *record, bool has_secrets, StrBuf *buf)
{
    strbuf_add_char(buf, '{');
    add_member(buf, "source", sv(record->name));
    add_member(buf, "style", sv(record_style_name(record->style)));
    strbuf_add_str(buf, ",\"fields\":[");
    for (size_t i = 0; i < record->value_count; i++) {
        strbuf_add_str(buf, i > 0 ? ",\n" : "\n");
        add_json_field(record, &record->values[i], has_secrets, buf);
    }
    strbuf_add_str(buf, "],\n\"findings\":[");
    for (size_t i = 0; i < record->finding_count; i++) {
        strbuf_add_str(buf, i > 0 ? ",\n" : "\n");
        add_json_finding(&record->findings[i], buf);
    }
    strbuf_add_str(buf, "],\n\"certificates\":[");
    for (size_t i = 0; i < record->certificate_count; i++) {
        strbuf_add_str(buf, i > 0 ? ",\n" : "\n");
        add_json_certificate(&record->certificates[i], buf);
    }
    strbuf_add_str(buf, "],\n\"skip\":[");
    for (size_t i = 0; i < record->skip_count; i++) {
        strbuf_add_str(buf, i > 0 ? ",\n" : "\n");
        add_json_skip(&record->skip[i], buf);
    }
    strbuf_add_str(buf, "]}\n");
}
