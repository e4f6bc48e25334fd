/*
 * The raw bytes of entries, redacted: those of JSON string by string, so that all else stays byte
 * for byte; those of the text styles in two pieces, what stands before the message and the message.
 */
#include <string.h>

#include "base/mem.h"
#include "parsers/fields.h"
#include "parsers/unescape.h"
#include "session/redaction_internal.h"

/* Values that say nothing about anybody and that readers count on. */
static bool is_plain_key(StrView key)
{
    static const char *const KEYS[] = {"eventType",        "imageUUID",       "messageType",
                                       "processImageUUID", "senderImageUUID", "signpostScope",
                                       "signpostType",     "timestamp",       "timezoneName"};
    for (size_t i = 0; i < ARRAY_LEN(KEYS); i++) {
        if (sv_equal(key, sv(KEYS[i]))) {
            return true;
        }
    }
    return false;
}

/* Names of programs' parts: rules see them, values found elsewhere are not looked for in them. */
static bool is_name_key(StrView key)
{
    return sv_equal(key, SV("subsystem")) || sv_equal(key, SV("category"));
}

/* Length of the inside of the string that begins at `at`; it may not end at all. */
static size_t string_len(StrView raw, size_t at)
{
    size_t end = at;
    while (end < raw.len && raw.ptr[end] != '"') {
        end += raw.ptr[end] == '\\' && end + 1 < raw.len ? 2 : 1;
    }
    return (end < raw.len ? end : raw.len) - at;
}

static bool is_key(StrView raw, size_t after)
{
    while (after < raw.len && (raw.ptr[after] == ' ' || raw.ptr[after] == '\t' ||
                               raw.ptr[after] == '\n' || raw.ptr[after] == '\r')) {
        after++;
    }
    return after < raw.len && raw.ptr[after] == ':';
}

/* Appends `text` as the inside of a JSON string; slashes as the log writes them. */
static void add_escaped(StrBuf *buf, StrView text, bool escapes_slash)
{
    static const char LETTERS[] = "bfnrt";
    static const char MEANINGS[] = "\b\f\n\r\t";
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        const char *letter = byte != '\0' ? strchr(MEANINGS, byte) : NULL;
        if (byte == '"' || byte == '\\' || (byte == '/' && escapes_slash)) {
            strbuf_add_char(buf, '\\');
            strbuf_add_char(buf, byte);
        } else if (letter != NULL) {
            strbuf_add_char(buf, '\\');
            strbuf_add_char(buf, LETTERS[letter - MEANINGS]);
        } else if ((unsigned char)byte < 0x20) {
            strbuf_printf(buf, "\\u%04x", (unsigned)byte);
        } else {
            strbuf_add_char(buf, byte);
        }
    }
}

/* The inside of a string without its escapes, in redaction->inside; false when it has odd ones. */
static bool unescape(Redaction *redaction, StrView inside)
{
    StrBuf *buf = &redaction->inside;
    strbuf_clear(buf);
    if (inside.len == 0 || inside.ptr[inside.len - 1] == '\\') {
        return false;
    }
    strbuf_reserve(buf, inside.len);
    char *end = unescape_json(buf->ptr, inside);
    buf->len = end != NULL ? (size_t)(end - buf->ptr) : 0;
    return end != NULL;
}

/* Appends the inside of a string redacted; returns whether anything was. */
static bool apply_string(Redaction *redaction, StrView key, StrView inside, StrBuf *ret)
{
    const FieldInfo *field = field_find(key);
    StrView name = field != NULL ? sv(field->name) : key;
    bool is_spreading = !is_name_key(key);
    bool has_escapes = sv_find_char(inside, '\\') != SIZE_MAX;
    if (!has_escapes || !unescape(redaction, inside)) {
        /* As it stands: what is escaped in it is found in its layers. */
        return redaction_apply(redaction, name, inside, is_spreading, ret);
    }
    strbuf_clear(&redaction->text);
    if (!redaction_apply(redaction, name, strbuf_view(&redaction->inside), is_spreading,
                         &redaction->text)) {
        return false;
    }
    add_escaped(ret, strbuf_view(&redaction->text), sv_find(inside, SV("\\/")) != SIZE_MAX);
    return true;
}

bool redaction_apply_json(Redaction *redaction, StrView raw, StrBuf *ret)
{
    StrView key = SV_NONE;
    size_t copied = 0;
    bool is_changed = false;
    for (size_t at = 0; at < raw.len; at++) {
        if (raw.ptr[at] != '"') {
            continue;
        }
        StrView inside = sv_slice(raw, at + 1, string_len(raw, at + 1));
        size_t end = at + 1 + inside.len;
        if (is_key(raw, end + 1)) {
            key = inside;
        } else if (inside.len > 0 && !is_plain_key(key)) {
            size_t before = ret->len;
            strbuf_add(ret, sv_slice(raw, copied, at + 1 - copied));
            if (apply_string(redaction, key, inside, ret)) {
                is_changed = true;
                copied = end;
            } else {
                ret->len = before;
            }
        }
        at = end;
    }
    if (is_changed) {
        strbuf_add(ret, sv_slice(raw, copied, SIZE_MAX));
    }
    return is_changed;
}

/* --- text styles
 * ------------------------------------------------------------------------------------ */

/* The third word of the head of the syslog style: the name of the Mac. */
static StrView host_of(StrView head)
{
    StrView rest = head;
    StrView word = SV_NONE;
    for (int i = 0; i < 3; i++) {
        while (rest.len > 0 && rest.ptr[0] == ' ') {
            rest = sv_slice(rest, 1, SIZE_MAX);
        }
        size_t len = sv_find_char(rest, ' ');
        word = sv_slice(rest, 0, len);
        rest = sv_slice(rest, word.len, SIZE_MAX);
    }
    return word;
}

static bool apply_head(Redaction *redaction, const Entry *entry, StrView head, StrBuf *ret)
{
    StrView host = entry->style == STYLE_SYSLOG ? host_of(head) : SV_NONE;
    if (host.len == 0 || redact_rules_is_kept(redaction->rules, host)) {
        return redaction_apply(redaction, SV("head"), head, true, ret);
    }
    StrBuf name = {0};
    size_t start = (size_t)(host.ptr - head.ptr);
    StrView rest = sv_slice(head, start + host.len, SIZE_MAX);
    redaction_name_host(redaction, SV("host"), host, &name);
    strbuf_add(ret, sv_slice(head, 0, start));
    strbuf_add(ret, strbuf_view(&name));
    strbuf_done(&name);
    if (!redaction_apply(redaction, SV("head"), rest, true, ret)) {
        strbuf_add(ret, rest);
    }
    return true;
}

bool redaction_apply_line(Redaction *redaction, const Entry *entry, StrBuf *ret)
{
    StrView raw = entry->raw;
    StrView message = entry->message;
    bool is_inside = message.ptr != NULL && entry->kind != KIND_UNPARSED && raw.ptr != NULL &&
                     message.ptr >= raw.ptr && message.ptr + message.len <= raw.ptr + raw.len;
    if (!is_inside) {
        return redaction_apply(redaction, SV("message"), raw, true, ret);
    }
    size_t start = (size_t)(message.ptr - raw.ptr);
    bool is_changed = apply_head(redaction, entry, sv_slice(raw, 0, start), ret);
    if (!is_changed) {
        strbuf_add(ret, sv_slice(raw, 0, start));
    }
    bool has_changed =
        redaction_apply(redaction, sv(FIELDS[FIELD_MESSAGE].name), message, true, ret);
    if (!has_changed) {
        strbuf_add(ret, message);
    }
    strbuf_add(ret, sv_slice(raw, start + message.len, SIZE_MAX));
    return is_changed || has_changed;
}
