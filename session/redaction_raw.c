/*
 * The raw bytes of entries, redacted: those of JSON string by string, so that all else stays byte
 * for byte; those of the text styles in two pieces, what stands before the message and the message.
 */
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "parsers/fields.h"
#include "parsers/unescape.h"
#include "session/redaction_internal.h"

#define NUMBER_MIN 4 /* digits of what may be a secret, as everywhere */

/* Values that say nothing about anybody and that readers count on. */
static bool is_plain_key(StrView key)
{
    static const char *const KEYS[] = {
        "eventType",       "imageOffset",   "imageUUID",    "messageType", "processImageUUID",
        "senderImageUUID", "signpostScope", "signpostType", "timestamp",   "timezoneName"};
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
    while (after < raw.len && ascii_is_blank(raw.ptr[after])) {
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

/* --- members that are not log's own -------------------------------------------------------------
 */

/* Appends `text` so that it can stand between quotation marks, and stays what it is otherwise. */
static void add_quoted(StrBuf *buf, StrView text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\') {
            strbuf_add_char(buf, '\\');
        }
        strbuf_add_char(buf, text.ptr[i]);
    }
}

/* Appends what add_quoted has made as it was before; false when it is no longer all of it. */
static bool add_unquoted(StrBuf *buf, StrView text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool is_escape = text.ptr[i] == '\\';
        i += is_escape;
        if (i == text.len || (text.ptr[i] == '"' && !is_escape) ||
            (is_escape && text.ptr[i] != '"' && text.ptr[i] != '\\')) {
            return false;
        }
        strbuf_add_char(buf, text.ptr[i]);
    }
    return true;
}

/* What stands between the quotation marks of `KEY = "…"`, the key perhaps redacted; nil = there is
 * no such thing any more. */
static StrView value_of(StrView pair)
{
    size_t mark = sv_find(pair, SV(" = \""));
    StrView rest = sv_slice(pair, mark == SIZE_MAX ? pair.len : mark + 4, SIZE_MAX);
    return sv_ends(rest, SV("\"")) ? sv_slice(rest, 0, rest.len - 1) : SV_NONE;
}

/* The replacements from `first` on stand in the value alone, which begins at `start`. */
static void shift(Redaction *redaction, size_t first, size_t start)
{
    for (size_t i = first; i < redaction->count; i++) {
        Replacement *replacement = &redaction->replacements[i];
        replacement->start -= replacement->start < start ? replacement->start : start;
        replacement->end -= replacement->end < start ? replacement->end : start;
    }
}

/* Redacts a value together with its key, which may tell what it is; leaves it in redaction->text.
 * False = nothing is to be replaced. */
static bool apply_pair(Redaction *redaction, StrView key, StrView value)
{
    StrBuf pair = {0}, clean = {0};
    size_t first = redaction->count;
    add_quoted(&pair, key);
    strbuf_add_str(&pair, " = \"");
    size_t start = pair.len;
    add_quoted(&pair, value);
    strbuf_add_char(&pair, '"');
    bool is_changed = redaction_apply(redaction, key, strbuf_view(&pair), true, &clean);
    if (is_changed) {
        StrView found = value_of(strbuf_view(&clean));
        strbuf_clear(&redaction->text);
        if (found.ptr == NULL || !add_unquoted(&redaction->text, found)) {
            /* Something went over the edges: nothing of the value may be left. */
            strbuf_clear(&redaction->text);
            strbuf_add_str(&redaction->text, "<withheld>");
        }
        shift(redaction, first, start);
        is_changed = !sv_equal(strbuf_view(&redaction->text), value);
    }
    strbuf_done(&pair);
    strbuf_done(&clean);
    return is_changed;
}

/* Appends the inside of a string that is the value of any key, redacted. */
static bool apply_member(Redaction *redaction, StrView key, StrView inside, StrBuf *ret)
{
    StrBuf plain_key = {0}, plain = {0};
    bool is_plain = unescape(redaction, key);
    if (is_plain) {
        strbuf_add(&plain_key, strbuf_view(&redaction->inside));
    }
    is_plain = is_plain && unescape(redaction, inside);
    if (is_plain) {
        strbuf_add(&plain, strbuf_view(&redaction->inside));
    }
    bool is_changed =
        is_plain && apply_pair(redaction, strbuf_view(&plain_key), strbuf_view(&plain));
    if (is_changed) {
        add_escaped(ret, strbuf_view(&redaction->text), sv_find(inside, SV("\\/")) != SIZE_MAX);
    }
    strbuf_done(&plain_key);
    strbuf_done(&plain);
    return is_plain ? is_changed : apply_string(redaction, key, inside, ret);
}

/* --- JSON ---------------------------------------------------------------------------------------
 */

/* What is known of the JSON that is being read. */
typedef struct Walk {
    StrView raw;
    StrView key; /* the last one */
    size_t depth;
    size_t copied; /* bytes of `raw` that have been */
    bool is_changed;
} Walk;

static bool is_own(const Walk *walk)
{
    return walk->depth <= 1 && field_find(walk->key) != NULL;
}

/* A string that is a value. */
static void walk_string(Redaction *redaction, Walk *walk, StrView inside, StrBuf *ret)
{
    size_t at = (size_t)(inside.ptr - walk->raw.ptr);
    size_t before = ret->len;
    if (inside.len == 0 || is_plain_key(walk->key)) {
        return;
    }
    strbuf_add(ret, sv_slice(walk->raw, walk->copied, at - walk->copied));
    if (is_own(walk) ? apply_string(redaction, walk->key, inside, ret)
                     : apply_member(redaction, walk->key, inside, ret)) {
        walk->is_changed = true;
        walk->copied = at + inside.len;
    } else {
        ret->len = before;
    }
}

/* Length of the number at `at`. */
static size_t number_len(StrView raw, size_t at)
{
    size_t end = at;
    while (end < raw.len && (ascii_is_alnum(raw.ptr[end]) || raw.ptr[end] == '.' ||
                             raw.ptr[end] == '+' || raw.ptr[end] == '-')) {
        end++;
    }
    return end - at;
}

/* A number; it becomes a string when it is replaced. */
static void walk_number(Redaction *redaction, Walk *walk, StrView number, StrBuf *ret)
{
    size_t at = (size_t)(number.ptr - walk->raw.ptr);
    if (number.len < NUMBER_MIN || is_plain_key(walk->key) || is_own(walk) ||
        !unescape(redaction, walk->key)) {
        return;
    }
    StrBuf key = {0};
    strbuf_add(&key, strbuf_view(&redaction->inside));
    if (apply_pair(redaction, strbuf_view(&key), number)) {
        strbuf_add(ret, sv_slice(walk->raw, walk->copied, at - walk->copied));
        strbuf_add_char(ret, '"');
        add_escaped(ret, strbuf_view(&redaction->text), false);
        strbuf_add_char(ret, '"');
        walk->is_changed = true;
        walk->copied = at + number.len;
    }
    strbuf_done(&key);
}

/* One string, number or mark; returns how many bytes it has. */
static size_t walk_one(Redaction *redaction, Walk *walk, size_t at, StrBuf *ret)
{
    StrView raw = walk->raw;
    char byte = raw.ptr[at];
    if (byte == '"') {
        StrView inside = sv_slice(raw, at + 1, string_len(raw, at + 1));
        if (is_key(raw, at + inside.len + 2)) {
            walk->key = inside;
        } else {
            walk_string(redaction, walk, inside, ret);
        }
        return inside.len + 2;
    }
    if (ascii_is_digit(byte) || byte == '-') {
        StrView number = sv_slice(raw, at, number_len(raw, at));
        walk_number(redaction, walk, number, ret);
        return number.len;
    }
    walk->depth += byte == '{' || byte == '[';
    walk->depth -= (byte == '}' || byte == ']') && walk->depth > 0;
    return 1;
}

bool redaction_apply_json(Redaction *redaction, StrView raw, StrBuf *ret)
{
    Walk walk = {.raw = raw};
    for (size_t at = 0; at < raw.len;) {
        at += walk_one(redaction, &walk, at, ret);
    }
    if (walk.is_changed) {
        strbuf_add(ret, sv_slice(raw, walk.copied, SIZE_MAX));
    }
    return walk.is_changed;
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
