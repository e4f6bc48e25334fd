/*
 * The texts of a record, redacted in place: nodes belong to the file that was read, so that those
 * which change are copied.
 */
#include "session/record_redact.h"

#include <string.h>

static StrView seen(Record *record, Redaction *redaction, StrView text)
{
    StrBuf clean = {0};
    StrView result = text;
    if (text.ptr != NULL && redaction_text(redaction, text, &clean)) {
        result = arena_dup(&record->arena, strbuf_view(&clean));
    }
    strbuf_done(&clean);
    return result;
}

/* What stands in a list of serial numbers is one, whatever it looks like. */
static void hide(Record *record, Node *node)
{
    if (node->kind == NODE_TEXT && node->text.len > 0) {
        node->text = arena_dup(&record->arena, SV("<hidden>"));
    }
}

/* A value goes with its key: "Example GmbH" alone says nothing to a rule. Where the key is not the
 * value's own but one that says what it is, `is_certain`, nothing stays as it is. */
static Node *clean_node(Record *record, Redaction *redaction, StrView key, bool is_certain,
                        const Node *node)
{
    Node *copy = arena_alloc(&record->arena, sizeof *copy);
    const Node **next = &copy->first;
    StrBuf clean = {0};
    *copy = *node;
    if (node->kind == NODE_TEXT && redaction_value(redaction, key, node->text, &clean)) {
        copy->text = arena_dup(&record->arena, strbuf_view(&clean));
    } else if (is_certain) {
        hide(record, copy);
    }
    for (const Node *child = node->first; child != NULL; child = child->next) {
        bool has_name = child->key.ptr != NULL;
        Node *made = clean_node(record, redaction, has_name ? child->key : key,
                                is_certain && !has_name, child);
        *next = made;
        next = &made->next;
    }
    strbuf_done(&clean);
    return copy;
}

static void clean_certificate(Redaction *redaction, char *text, size_t size)
{
    StrBuf clean = {0};
    if (redaction_text(redaction, sv(text), &clean)) {
        size_t len = clean.len < size ? clean.len : size - 1;
        (void)memcpy(text, clean.ptr, len);
        text[len] = '\0';
    }
    strbuf_done(&clean);
}

void record_redact(Record *record, Redaction *redaction)
{
    record->name = seen(record, redaction, sv(record->name)).ptr;
    for (size_t i = 0; i < record->value_count; i++) {
        RecordValue *value = &record->values[i];
        bool is_certain = value->fact != NULL && value->fact->redact_as.ptr != NULL;
        StrView key = is_certain ? value->fact->redact_as : value->key;
        value->node = clean_node(record, redaction, key, is_certain, value->node);
    }
    for (size_t i = 0; i < record->finding_count; i++) {
        record->findings[i].text = seen(record, redaction, record->findings[i].text);
    }
    for (size_t i = 0; i < record->certificate_count; i++) {
        Certificate *certificate = &record->certificates[i].certificate;
        if (record->certificates[i].is_good) {
            clean_certificate(redaction, certificate->subject, sizeof certificate->subject);
            clean_certificate(redaction, certificate->issuer, sizeof certificate->issuer);
        }
    }
    StrBuf summary = {0};
    redaction_summary(redaction, &summary);
    record->redacted = arena_dup(&record->arena, strbuf_view(&summary));
    strbuf_done(&summary);
}
