/*
 * Property lists as text, the way a dictionary describes itself: { key = value; } ( a, b ) "text",
 * <hexadecimal> or {length = 3, bytes = 0x010203}. Written for people and by no rule: what stands
 * without quotation marks may have blanks in it, and long data are cut in the middle.
 */
#include <string.h>

#include "base/ascii.h"
#include "base/plist_internal.h"
#include "base/utf8.h"

static Node *read_value(PlistReader *reader);

static char peek(const PlistReader *reader)
{
    return reader->at < reader->bytes.len ? reader->bytes.ptr[reader->at] : '\0';
}

static void skip_blanks(PlistReader *reader)
{
    while (ascii_is_space(peek(reader))) {
        reader->at++;
    }
}

static int hex_digit(char byte)
{
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
           : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                        : -1;
}

/* --- text ----------------------------------------------------------------------------------- */

/* Takes up to `max` digits of base 8 or 16. */
static uint32_t read_digits(PlistReader *reader, int base, int max)
{
    uint32_t value = 0;
    for (int i = 0; i < max; i++) {
        int digit = hex_digit(peek(reader));
        if (digit < 0 || digit >= base) {
            break;
        }
        value = value * (uint32_t)base + (uint32_t)digit;
        reader->at++;
    }
    return value;
}

/* "\U00e9"; two of them where one code point needs a pair. `at` is behind the U. */
static void read_unicode(PlistReader *reader, StrBuf *buf)
{
    uint32_t unit = read_digits(reader, 16, 4);
    StrView rest = sv_slice(reader->bytes, reader->at, SIZE_MAX);
    bool has_next = sv_starts(rest, SV("\\U")) || sv_starts(rest, SV("\\u"));
    if (unit >= 0xD800 && unit < 0xDC00 && has_next) {
        size_t before = reader->at;
        reader->at += 2;
        uint32_t low = read_digits(reader, 16, 4);
        if (low >= 0xDC00 && low < 0xE000) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        } else {
            reader->at = before;
        }
    }
    utf8_append(buf, unit);
}

/* What stands behind a backslash. */
static void read_escape(PlistReader *reader, StrBuf *buf)
{
    static const char LETTERS[] = "abfnrtv";
    static const char MEANINGS[] = "\a\b\f\n\r\t\v";
    char byte = peek(reader);
    const char *letter = byte != '\0' ? strchr(LETTERS, byte) : NULL;
    if (byte == 'U' || byte == 'u') {
        reader->at++;
        read_unicode(reader, buf);
    } else if (byte >= '0' && byte <= '7') {
        utf8_append(buf, read_digits(reader, 8, 3));
    } else {
        strbuf_add_char(buf, letter != NULL ? MEANINGS[letter - LETTERS] : byte);
        reader->at++;
    }
}

static bool read_quoted(PlistReader *reader, StrBuf *buf)
{
    size_t start = reader->at++;
    while (reader->at < reader->bytes.len) {
        char byte = reader->bytes.ptr[reader->at++];
        if (byte == '"') {
            return true;
        }
        if (byte == '\\' && reader->at < reader->bytes.len) {
            read_escape(reader, buf);
        } else {
            strbuf_add_char(buf, byte);
        }
    }
    return plist_fail(reader, start, "a quotation mark without its partner");
}

/* Up to what ends a value, blanks inside included. */
static void read_bare(PlistReader *reader, StrBuf *buf)
{
    size_t start = reader->at;
    while (reader->at < reader->bytes.len && strchr(";,)}\n\r", peek(reader)) == NULL) {
        reader->at++;
    }
    strbuf_add(buf, sv_trim(sv_slice(reader->bytes, start, reader->at - start)));
}

static bool is_null(StrView text)
{
    return sv_equal(text, SV("NULL")) || sv_equal(text, SV("<null>"));
}

static Node *make_text(PlistReader *reader, StrBuf *buf, bool is_bare)
{
    StrView text = strbuf_view(buf);
    bool is_nothing = is_null(text) && (is_bare || text.ptr[0] == '<');
    Node *node = plist_node(reader, is_nothing ? NODE_NULL : NODE_TEXT);
    if (node != NULL) {
        node->text = plist_keep(reader, text);
    }
    return node != NULL && node->text.ptr != NULL ? node : NULL;
}

static Node *read_text(PlistReader *reader)
{
    StrBuf buf = {0};
    Node *node = NULL;
    bool is_bare = peek(reader) != '"';
    size_t start = reader->at;
    if (is_bare) {
        read_bare(reader, &buf);
    }
    if (is_bare && buf.len == 0) {
        (void)plist_fail(reader, start, "a value is expected");
    } else if (is_bare || read_quoted(reader, &buf)) {
        node = make_text(reader, &buf, is_bare);
    }
    strbuf_done(&buf);
    return node;
}

/* --- data ----------------------------------------------------------------------------------- */

/* Takes hexadecimal digits, blanks and dots up to `end`; false when there is anything else. */
static bool read_hex(PlistReader *reader, char end, StrBuf *bytes, bool *ret_is_cut)
{
    int held = -1;
    for (; reader->at < reader->bytes.len && peek(reader) != end; reader->at++) {
        char byte = peek(reader);
        int digit = hex_digit(byte);
        if (digit < 0 && byte != ' ' && byte != '.') {
            return false;
        }
        *ret_is_cut = *ret_is_cut || byte == '.';
        if (digit >= 0 && held >= 0 && !*ret_is_cut) { /* what is behind the gap has no place */
            strbuf_add_char(bytes, (char)(held << 4 | digit));
            held = -1;
        } else if (digit >= 0) {
            held = digit;
        }
    }
    return peek(reader) == end;
}

static Node *make_data(PlistReader *reader, const StrBuf *bytes, uint64_t len)
{
    Node *node = plist_node(reader, NODE_DATA);
    if (node != NULL) {
        node->text = plist_keep(reader, strbuf_view(bytes));
        node->number = (double)len;
    }
    return node != NULL && node->text.ptr != NULL ? node : NULL;
}

/* Data in either form; NULL without an error, and nothing read, when it is something else. */
static Node *read_data(PlistReader *reader)
{
    static const StrView BYTES = {", bytes = 0x", 12};
    static const StrView LENGTH = {"{length = ", 10};
    size_t start = reader->at;
    StrView rest = sv_slice(reader->bytes, start, SIZE_MAX);
    uint64_t len = UINT64_MAX;
    char end = '>';
    reader->at++;
    if (sv_starts(rest, LENGTH)) {
        StrView digits = sv_slice(rest, LENGTH.len, sv_find(sv_slice(rest, LENGTH.len, 64), BYTES));
        if (!sv_to_u64(digits, &len)) {
            reader->at = start;
            return NULL;
        }
        reader->at = start + LENGTH.len + digits.len + BYTES.len;
        end = '}';
    }
    StrBuf bytes = {0};
    bool is_cut = false;
    bool is_data = (end == '}' || rest.ptr[0] == '<') && read_hex(reader, end, &bytes, &is_cut);
    Node *node = NULL;
    if (is_data) {
        reader->at++;
        len = len != UINT64_MAX ? len : bytes.len + is_cut;
        node = make_data(reader, &bytes, len);
    } else {
        reader->at = start;
    }
    strbuf_done(&bytes);
    return node;
}

/* --- lists and maps ------------------------------------------------------------------------- */

/* A value in a list, and the comma behind it. */
static Node *read_item(PlistReader *reader)
{
    Node *value = read_value(reader);
    skip_blanks(reader);
    reader->at += value != NULL && peek(reader) == ',';
    return value;
}

/* A key ends before its '='. */
static bool read_key(PlistReader *reader, StrView *ret_key)
{
    StrBuf key = {0};
    size_t start = reader->at;
    bool is_good = true;
    if (peek(reader) == '"') {
        is_good = read_quoted(reader, &key);
    } else {
        while (reader->at < reader->bytes.len && strchr("=;{}()\n", peek(reader)) == NULL) {
            reader->at++;
        }
        strbuf_add(&key, sv_trim(sv_slice(reader->bytes, start, reader->at - start)));
    }
    skip_blanks(reader);
    if (is_good && (key.len == 0 || peek(reader) != '=')) {
        is_good = plist_fail(reader, reader->at, "'=' is expected behind a key");
    }
    if (is_good) {
        reader->at++;
        *ret_key = plist_keep(reader, strbuf_view(&key));
    }
    strbuf_done(&key);
    return is_good && ret_key->ptr != NULL;
}

static Node *read_pair(PlistReader *reader)
{
    StrView key = SV_NONE;
    int line = plist_line(reader, reader->at);
    if (!read_key(reader, &key)) {
        return NULL;
    }
    Node *value = read_value(reader);
    if (value == NULL) {
        return NULL;
    }
    value->key = key;
    value->line = line;
    skip_blanks(reader);
    if (peek(reader) == ';') {
        reader->at++;
    } else if (peek(reader) != '}') {
        (void)plist_fail(reader, reader->at, "';' is expected behind a value");
        return NULL;
    }
    return value;
}

/* Reads "( a, b )" or "{ a = 1; }"; `close` is what ends it. */
static Node *read_group(PlistReader *reader, NodeKind kind, char close)
{
    size_t start = reader->at++;
    Node *group = plist_node(reader, kind);
    const Node **link = group != NULL ? &group->first : NULL;
    while (group != NULL) {
        skip_blanks(reader);
        if (peek(reader) == close) {
            reader->at++;
            return group;
        }
        if (reader->at >= reader->bytes.len) {
            (void)plist_fail(reader, start, "a %s without its '%c'",
                             kind == NODE_MAP ? "dictionary" : "list", close);
            return NULL;
        }
        Node *value = kind == NODE_MAP ? read_pair(reader) : read_item(reader);
        if (value == NULL) {
            return NULL;
        }
        *link = value;
        link = &value->next;
        group->count++;
    }
    return NULL;
}

static Node *read_null(PlistReader *reader)
{
    reader->at += sizeof("(null)") - 1;
    Node *node = plist_node(reader, NODE_NULL);
    if (node != NULL) {
        node->text = SV("(null)");
    }
    return node;
}

static Node *read_inner(PlistReader *reader)
{
    char byte = peek(reader);
    Node *data = byte == '<' || byte == '{' ? read_data(reader) : NULL;
    if (data != NULL) {
        return data;
    }
    if (sv_starts(sv_slice(reader->bytes, reader->at, SIZE_MAX), SV("(null)"))) {
        return read_null(reader);
    }
    return byte == '{'   ? read_group(reader, NODE_MAP, '}')
           : byte == '(' ? read_group(reader, NODE_LIST, ')')
                         : read_text(reader);
}

static Node *read_value(PlistReader *reader)
{
    skip_blanks(reader);
    Node *node = plist_enter(reader) ? read_inner(reader) : NULL;
    plist_leave(reader);
    return node;
}

const Node *plist_read_text(Arena *arena, StrView text, const char *name, size_t *ret_len, Err *err)
{
    PlistReader reader = {.arena = arena, .bytes = text, .name = name, .line = 1, .err = err};
    if (text.len > PLIST_MAX_BYTES) {
        (void)err_set(err, "%s: larger than %zu MiB", name, (size_t)(PLIST_MAX_BYTES / MIB));
        return NULL;
    }
    const Node *node = read_value(&reader);
    if (node != NULL && ret_len != NULL) {
        *ret_len = reader.at;
    }
    return node;
}
