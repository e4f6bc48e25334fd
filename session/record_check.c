/*
 * Record: judges the values: what is required, contradictions by the table of facts, URLs,
 * certificates, keys of panes. It changes no value.
 */
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "session/record_internal.h"

#define SOON_NS (INT64_C(30) * 24 * 3600 * NS_PER_SECOND)
#define DAY_LEN 11 /* "2026-09-08" and its NUL */

/* --- what is there -------------------------------------------------------------------------- */

static const RecordValue *value_of(const Record *record, const FieldFact *fact)
{
    for (size_t i = 0; i < record->value_count; i++) {
        if (record->values[i].fact == fact) {
            return &record->values[i];
        }
    }
    return NULL;
}

/* Whether a field says something: there, and neither empty nor null. */
static bool is_present(const RecordValue *value)
{
    if (value == NULL || value->node->kind == NODE_NULL) {
        return false;
    }
    bool is_text = value->node->kind == NODE_TEXT;
    bool has_children = value->node->kind == NODE_LIST || value->node->kind == NODE_MAP;
    return !(is_text && sv_trim(value->node->text).len == 0) &&
           !(has_children && value->node->count == 0);
}

static bool holds(const Record *record, const Condition *condition)
{
    const RecordValue *value = value_of(record, condition->field);
    switch (condition->wanted) {
    case WANTED_YES:
        return value != NULL && value->is_flag && !value->is_no;
    case WANTED_NO:
        return value != NULL && value->is_no;
    case WANTED_PRESENT:
        return is_present(value);
    case WANTED_ABSENT:
    case WANTED_COUNT:
        break;
    }
    return !is_present(value);
}

static void check_facts(Record *record)
{
    for (size_t i = 0; i < record->facts->check_count; i++) {
        const CheckFact *check = &record->facts->checks[i];
        bool applies = true;
        for (size_t j = 0; j < check->condition_count; j++) {
            applies = applies && holds(record, &check->conditions[j]);
        }
        if (applies) {
            const RecordValue *value = value_of(record, check->field);
            record_add_finding(record, check->severity, value, check->remedy, "%.*s",
                               SV_ARG(check->text))
                ->confidence = check->confidence;
        }
    }
}

/* --- required ------------------------------------------------------------------------------- */

/* A record of a Mac wants what has a local name, one of a server what has a server's. */
static bool is_server_record(const Record *record)
{
    size_t server = 0;
    size_t others = 0;
    for (size_t i = 0; i < record->value_count; i++) {
        const RecordValue *value = &record->values[i];
        if (value->fact != NULL && sv_equal(value->key, value->fact->server)) {
            server++;
        } else if (value->fact != NULL) {
            others++;
        }
    }
    return server > others;
}

/* The newer form of the record has the URL elsewhere, and a sign-in page does as well. */
static bool has_another_url(const Record *record, const FieldFact *fact)
{
    return sv_equal(fact->id, SV("url")) && (is_present(record_find(record, "enrollment-url")) ||
                                             is_present(record_find(record, "web-url")));
}

static void check_required(Record *record)
{
    bool is_server = is_server_record(record);
    bool has_failed = is_present(record_find(record, "fetch-error"));
    for (size_t i = 0; i < record->facts->field_count && !has_failed; i++) {
        const FieldFact *fact = &record->facts->fields[i];
        StrView name = is_server ? fact->server : fact->local;
        const RecordValue *value = value_of(record, fact);
        if (fact->is_required && name.ptr != NULL && !is_present(value) &&
            !has_another_url(record, fact)) {
            record_add_finding(record, SEVERITY_ERROR, value, SV("give it in the ADE profile"),
                               "%.*s is required and %s", SV_ARG(name),
                               value == NULL ? "missing" : "empty");
        }
    }
}

/* --- kinds of values ------------------------------------------------------------------------ */

static void check_date(Record *record, const RecordValue *value, int64_t now_ns)
{
    Stamp stamp;
    bool is_text = value->node->kind == NODE_DATE || value->node->kind == NODE_TEXT;
    if (is_text && clock_parse_stamp(value->node->text, 0, &stamp) > 0 && stamp.ns < now_ns) {
        record_add_finding(record, SEVERITY_WARNING, value, SV(""), "that was in the past");
    }
}

static void note(Record *record, RecordSkip *skip, const char *before, StrView word,
                 const char *behind)
{
    StrBuf text = {0};
    strbuf_printf(&text, "%s%.*s%s", before, SV_ARG(word), behind);
    skip->note = arena_dup(&record->arena, strbuf_view(&text));
    strbuf_done(&text);
}

static bool is_repeated(const Record *record, StrView key)
{
    size_t count = 0;
    for (size_t i = 0; i < record->skip_count; i++) {
        count += sv_equal(record->skip[i].key, key);
    }
    return count > 1;
}

static void describe_skip(Record *record, RecordSkip *skip, const SkipFact *near)
{
    const SkipFact *fact = skip->fact;
    if (fact == NULL && near != NULL) {
        note(record, skip, "unknown; is ", near->key, " meant?");
    } else if (fact == NULL) {
        skip->note = SV("unknown");
    } else if (is_repeated(record, skip->key)) {
        skip->note = SV("given before");
    } else if (fact->macos.ptr == NULL) {
        skip->note = SV("has no effect on a Mac");
    } else if (fact->removed.ptr != NULL) {
        note(record, skip, "removed in macOS ", fact->removed, "");
    } else if (fact->deprecated.ptr != NULL) {
        note(record, skip, "deprecated since macOS ", fact->deprecated, "");
    } else if (fact->note.ptr != NULL) {
        skip->note = fact->note;
    }
}

static void check_skip(Record *record, const RecordValue *value)
{
    const Node *node = value->node->first;
    for (size_t i = 0; i < RECORD_MAX_ITEMS && node != NULL; i++, node = node->next) {
        const SkipFact *near = NULL;
        RecordSkip *skip = record_add_skip(record);
        skip->key = node->kind == NODE_TEXT ? node->text : SV("(no text)");
        skip->fact = record_facts_skip(record->facts, skip->key, &near);
        describe_skip(record, skip, near);
        if (skip->fact == NULL) {
            StrBuf key = {0};
            utf8_visible(&key, skip->key);
            record_add_finding(record, SEVERITY_WARNING, value,
                               SV("the pane will be shown unless a newer macOS knows the key"),
                               "'%.*s' is no pane that is known%s%.*s%s", SV_ARG(strbuf_view(&key)),
                               near != NULL ? "; is " : "", near != NULL ? (int)near->key.len : 0,
                               near != NULL ? near->key.ptr : "", near != NULL ? " meant?" : "");
            strbuf_done(&key);
        }
    }
}

/* --- certificates --------------------------------------------------------------------------- */

static void day_of(int64_t ns, char *ret_day)
{
    char stamp[CLOCK_STAMP_MAX];
    clock_format((Stamp){.ns = ns}, CLOCK_DATE, stamp);
    (void)snprintf(ret_day, DAY_LEN, "%.10s", stamp);
}

static void check_validity(Record *record, const RecordCertificate *certificate, int64_t now_ns)
{
    const Certificate *content = &certificate->certificate;
    char day[DAY_LEN];
    int64_t left;
    bool is_over = content->not_after_ns != CLOCK_NO_TIME && content->not_after_ns < now_ns;
    bool is_early = content->not_before_ns != CLOCK_NO_TIME && content->not_before_ns > now_ns;
    if (is_over) {
        day_of(content->not_after_ns, day);
        record_add_finding(record, SEVERITY_ERROR, certificate->value,
                           SV("replace it in the ADE profile"),
                           "certificate %zu has been invalid since %s", certificate->number, day);
    } else if (is_early) {
        day_of(content->not_before_ns, day);
        record_add_finding(
            record, SEVERITY_ERROR, certificate->value,
            SV("check the clock of the Mac, and whether it is the right certificate"),
            "certificate %zu is not valid before %s", certificate->number, day);
    } else if (clock_between(now_ns, content->not_after_ns, &left) && left < SOON_NS) {
        day_of(content->not_after_ns, day);
        record_add_finding(record, SEVERITY_WARNING, certificate->value,
                           SV("replace it before that day"),
                           "certificate %zu is valid until %s only", certificate->number, day);
    }
    if (content->has_ca_constraint && !content->is_ca) {
        record_add_finding(record, SEVERITY_NOTE, certificate->value,
                           SV("an anchor is usually the certificate of the CA that issued the "
                              "server's"),
                           "certificate %zu is not that of a CA", certificate->number);
    }
}

/* Reads DER out of a text: base64, or what people paste instead of it. */
static bool decode(Record *record, RecordCertificate *certificate, StrView text, StrBuf *der)
{
    size_t offset = 0;
    if (sv_find(text, SV("-----BEGIN")) != SIZE_MAX) {
        certificate->error = SV("it is PEM, with BEGIN and END; only the base64 in between belongs "
                                "there");
        return false;
    }
    if (!base64_decode(text, der, &offset)) {
        StrBuf why = {0};
        strbuf_printf(&why,
                      offset < text.len ? "it is no base64, at character %zu"
                                        : "it is no base64: something is missing at its end, "
                                          "behind character %zu",
                      offset + (offset < text.len));
        certificate->error = arena_dup(&record->arena, strbuf_view(&why));
        strbuf_done(&why);
        return false;
    }
    if (sv_find(strbuf_view(der), SV("-----BEGIN")) != SIZE_MAX) {
        certificate->error = SV("it is PEM that was encoded once more; DER belongs there");
        return false;
    }
    return true;
}

static bool read_certificate(Record *record, RecordCertificate *certificate, const Node *node)
{
    StrBuf der = {0};
    Err err = err_none();
    bool is_good = false;
    if (node->kind == NODE_DATA) {
        strbuf_add(&der, node->text);
        certificate->len = (size_t)node->number;
        is_good = certificate->len == der.len;
        certificate->error = is_good ? SV("") : SV("it is printed in part only");
    } else if (node->kind == NODE_TEXT) {
        is_good = decode(record, certificate, node->text, &der);
        certificate->len = der.len;
    } else {
        certificate->error = SV("it is no data");
    }
    if (is_good && !certificate_read(strbuf_view(&der), &certificate->certificate, &err)) {
        is_good = false;
        certificate->error = arena_dup(&record->arena, sv(err.text));
    }
    strbuf_done(&der);
    return is_good;
}

static void check_certificates(Record *record, const RecordValue *value, int64_t now_ns)
{
    const Node *node = value->node->first;
    for (size_t i = 0; i < RECORD_MAX_ITEMS && node != NULL; i++, node = node->next) {
        RecordCertificate *certificate = record_add_certificate(record);
        certificate->value = value;
        certificate->number = i + 1;
        certificate->is_good = read_certificate(record, certificate, node);
        bool is_cut = node->kind == NODE_DATA && node->number > (double)node->text.len;
        if (certificate->is_good) {
            check_validity(record, certificate, now_ns);
        } else if (!is_cut) {
            record_add_finding(
                record, SEVERITY_ERROR, value, SV("give the certificate as base64 of its DER"),
                "certificate %zu cannot be read: %.*s", i + 1, SV_ARG(certificate->error));
        }
    }
}

/* --- all of it ------------------------------------------------------------------------------ */

static void check_value(Record *record, const RecordValue *value, int64_t now_ns)
{
    bool is_list = value->node->kind == NODE_LIST;
    bool wants_list = value->fact->kind == FACT_CERTIFICATES || value->fact->kind == FACT_SKIP;
    if (!is_present(value)) {
        return;
    }
    if (wants_list && is_list && value->node->count > RECORD_MAX_ITEMS) {
        record_add_finding(record, SEVERITY_WARNING, value, SV(""),
                           "of %zu items the first %d were looked at", value->node->count,
                           RECORD_MAX_ITEMS);
    }
    if (wants_list && !is_list) {
        record_add_finding(record, SEVERITY_ERROR, value, SV(""), "it is no list");
    } else if (value->fact->kind == FACT_URL) {
        record_check_url(record, value);
    } else if (value->fact->kind == FACT_CERTIFICATES) {
        check_certificates(record, value, now_ns);
    } else if (value->fact->kind == FACT_SKIP) {
        check_skip(record, value);
    } else if (value->fact->kind == FACT_DATE) {
        check_date(record, value, now_ns);
    } else if (value->fact->kind == FACT_FLAG && !value->is_flag) {
        record_add_finding(record, SEVERITY_ERROR, value, SV("give yes or no: 1, 0, true, false"),
                           "it is neither yes nor no");
    }
}

/* The same field twice, under two names or one: which of them counts is not known. */
static void check_double(Record *record, size_t index)
{
    const RecordValue *value = &record->values[index];
    for (size_t i = 0; i < index; i++) {
        if (record->values[i].fact == value->fact) {
            record_add_finding(record, SEVERITY_WARNING, value, SV(""),
                               "the field is there twice; the first one was checked");
            return;
        }
    }
}

void record_check(Record *record, int64_t now_ns)
{
    check_required(record);
    check_facts(record);
    for (size_t i = 0; i < record->value_count; i++) {
        if (record->values[i].fact != NULL) {
            check_value(record, &record->values[i], now_ns);
            check_double(record, i);
        }
    }
}
