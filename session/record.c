/*
 * Record: the object itself: its lists, its end, and a value as text. Reading and judging are in
 * record_read.c and record_check.c.
 */
#include "session/record.h"

#include <inttypes.h>
#include <stdarg.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "session/record_internal.h"

#define NUMBER_EXACT 1e15

enum { LIST_VALUES, LIST_FINDINGS, LIST_CERTIFICATES, LIST_SKIP };

/* --- lists ---------------------------------------------------------------------------------- */

RecordValue *record_add_value(Record *record)
{
    mem_grow((void **)&record->values, &record->capacities[LIST_VALUES], record->value_count,
             sizeof(RecordValue));
    RecordValue *value = &record->values[record->value_count++];
    *value = (RecordValue){.fact = NULL};
    return value;
}

RecordCertificate *record_add_certificate(Record *record)
{
    mem_grow((void **)&record->certificates, &record->capacities[LIST_CERTIFICATES],
             record->certificate_count, sizeof(RecordCertificate));
    RecordCertificate *certificate = &record->certificates[record->certificate_count++];
    *certificate = (RecordCertificate){.value = NULL};
    return certificate;
}

RecordSkip *record_add_skip(Record *record)
{
    mem_grow((void **)&record->skip, &record->capacities[LIST_SKIP], record->skip_count,
             sizeof(RecordSkip));
    RecordSkip *skip = &record->skip[record->skip_count++];
    *skip = (RecordSkip){.note = SV("")};
    return skip;
}

RecordFinding *record_add_finding(Record *record, Severity severity, const RecordValue *value,
                                  StrView remedy, const char *format, ...)
{
    StrBuf text = {0};
    va_list args;
    va_start(args, format);
    strbuf_vprintf(&text, format, args);
    va_end(args);
    mem_grow((void **)&record->findings, &record->capacities[LIST_FINDINGS], record->finding_count,
             sizeof(RecordFinding));
    size_t at = record->finding_count++;
    for (; at > 0 && record->findings[at - 1].severity > severity; at--) {
        record->findings[at] = record->findings[at - 1];
    }
    record->findings[at] = (RecordFinding){
        .severity = severity,
        .value = value,
        .text = arena_dup(&record->arena, strbuf_view(&text)),
        .remedy = remedy,
    };
    strbuf_done(&text);
    return &record->findings[at];
}

void record_done(Record *record)
{
    mem_free(record->values);
    mem_free(record->findings);
    mem_free(record->certificates);
    mem_free(record->skip);
    arena_done(&record->arena);
    *record = (Record){.style = RECORD_NONE};
}

const RecordValue *record_find(const Record *record, const char *id)
{
    for (size_t i = 0; i < record->value_count; i++) {
        const RecordValue *value = &record->values[i];
        if (value->fact != NULL && sv_equal(value->fact->id, sv(id))) {
            return value;
        }
    }
    return NULL;
}

const char *record_style_name(RecordStyle style)
{
    static const char *const NAMES[] = {
        [RECORD_NONE] = "nothing known",
        [RECORD_TEXT] = "text, as profiles or mdmclient prints it",
        [RECORD_XML] = "property list (XML)",
        [RECORD_BINARY] = "property list (binary)",
        [RECORD_JSON] = "JSON",
    };
    return NAMES[style];
}

/* --- values as text ------------------------------------------------------------------------- */

/* Words in the names of unknown fields whose values had better not be shown. */
static bool sounds_secret(StrView key)
{
    static const char *const WORDS[] = {"token",    "secret",   "magic",
                                        "password", "passcode", "challenge"};
    for (size_t i = 0; i < ARRAY_LEN(WORDS); i++) {
        StrView word = sv(WORDS[i]);
        for (size_t at = 0; at + word.len <= key.len; at++) {
            if (sv_equal_nocase(sv_slice(key, at, word.len), word)) {
                return true;
            }
        }
    }
    return false;
}

static void add_node(const Node *node, bool has_secrets, StrBuf *buf);

static void add_children(const Node *node, bool has_secrets, StrBuf *buf)
{
    strbuf_add_char(buf, node->kind == NODE_MAP ? '{' : '(');
    for (const Node *child = node->first; child != NULL; child = child->next) {
        if (node->kind == NODE_MAP) {
            utf8_visible(buf, child->key);
            strbuf_add_str(buf, " = ");
        }
        if (sounds_secret(child->key) && !has_secrets) {
            strbuf_add_str(buf, "<hidden>");
        } else {
            add_node(child, has_secrets, buf);
        }
        strbuf_add_str(buf, child->next != NULL ? ", " : "");
    }
    strbuf_add_char(buf, node->kind == NODE_MAP ? '}' : ')');
}

static void add_node(const Node *node, bool has_secrets, StrBuf *buf)
{
    switch (node->kind) {
    case NODE_NULL:
        strbuf_add_str(buf, "(null)");
        break;
    case NODE_BOOL:
        strbuf_add_str(buf, node->truth ? "true" : "false");
        break;
    case NODE_NUMBER:
        if (node->text.ptr != NULL) {
            utf8_visible(buf, node->text);
        } else if (node->number > -NUMBER_EXACT && node->number < NUMBER_EXACT &&
                   node->number == (double)(int64_t)node->number) {
            strbuf_printf(buf, "%" PRId64, (int64_t)node->number);
        } else {
            strbuf_printf(buf, "%.17g", node->number);
        }
        break;
    case NODE_DATA:
        strbuf_printf(buf, "%.0f bytes", node->number);
        break;
    case NODE_LIST:
    case NODE_MAP:
        add_children(node, has_secrets, buf);
        break;
    case NODE_TEXT:
    case NODE_DATE:
        utf8_visible(buf, node->text);
        break;
    }
}

/* A URL without what may be an invitation, a token, a password. */
static void add_url(StrView url, StrBuf *buf)
{
    size_t query = sv_find_char(url, '?');
    StrView head = sv_slice(url, 0, query);
    size_t scheme = sv_find(head, SV("://"));
    size_t host = scheme == SIZE_MAX ? 0 : scheme + 3;
    size_t slash = sv_find_char(sv_slice(head, host, SIZE_MAX), '/');
    size_t at = sv_find_char(sv_slice(head, host, slash), '@');
    utf8_visible(buf, sv_slice(head, 0, host));
    if (at != SIZE_MAX) {
        strbuf_add_str(buf, "<hidden>@");
        host += at + 1;
    }
    utf8_visible(buf, sv_slice(head, host, SIZE_MAX));
    strbuf_add_str(buf, query != SIZE_MAX ? "?<hidden>" : "");
}

void record_add_shown(const Record *record, const RecordValue *value, bool has_secrets, StrBuf *buf)
{
    (void)record;
    const FieldFact *fact = value->fact;
    const Node *node = value->node;
    bool is_secret = fact != NULL ? fact->is_secret : sounds_secret(value->key);
    bool is_url = node->kind == NODE_TEXT && sv_find(node->text, SV("://")) != SIZE_MAX;
    size_t start = buf->len;
    if (is_secret && !has_secrets && node->kind != NODE_NULL) {
        strbuf_add_str(buf, "<hidden>");
    } else if (is_url && !has_secrets) {
        add_url(node->text, buf);
    } else if (fact != NULL && fact->kind == FACT_CERTIFICATES && node->kind == NODE_LIST) {
        strbuf_printf(buf, "%zu certificate%s", node->count, node->count == 1 ? "" : "s");
    } else {
        add_node(node, has_secrets, buf);
    }
    if (buf->len == start) {
        strbuf_add_str(buf, "(empty)");
    }
}
