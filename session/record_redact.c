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

/* A value goes with its key: "Example GmbH" alone says nothing to a rule. */
static Node *clean_node(Record *record, Redaction *redaction, StrView key, const Node *node)
{
    Node *copy = arena_alloc(&record->arena, sizeof *copy);
    const Node **next = &copy->first;
    StrBuf clean = {0};
    *copy = *node;
    if (node->kind == NODE_TEXT && redaction_value(redaction, key, node->text, &clean)) {
        copy->text = arena_dup(&record->arena, strbuf_view(&clean));
    }
    for (const Node *child = node->first; child != NULL; child = child->next) {
        StrView name = child->key.ptr != NULL ? child->key : key;
        Node *made = clean_node(record, redaction, name, child);
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
        value->node = clean_node(record, redaction, value->key, value->node);
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
