/*
 * Property lists in XML: the dozen elements of Apple's DTD and as much of XML as files of that kind
 * have. Entities of a document's own are refused, nothing is fetched.
 */
#include "base/ascii.h"
#include "base/base64.h"
#include "base/plist_internal.h"
#include "base/utf8.h"

#define ENTITY_MAX 12 /* bytes between & and ; */

typedef struct Tag {
    StrView name;
    size_t at;        /* where its '<' is */
    bool is_end;      /* </name> */
    bool is_complete; /* <name/> */
} Tag;

static StrView rest_of(const PlistReader *reader)
{
    return sv_slice(reader->bytes, reader->at, SIZE_MAX);
}

static void skip_blanks(PlistReader *reader)
{
    while (reader->at < reader->bytes.len && ascii_is_space(reader->bytes.ptr[reader->at])) {
        reader->at++;
    }
}

/* Steps behind `end`; what begins at the reader's place is `what`. */
static bool skip_behind(PlistReader *reader, StrView end, const char *what)
{
    size_t found = sv_find(rest_of(reader), end);
    if (found == SIZE_MAX) {
        return plist_fail(reader, reader->at, "%s does not end", what);
    }
    reader->at += found + end.len;
    return true;
}

static bool skip_doctype(PlistReader *reader)
{
    StrView head = sv_slice(rest_of(reader), 0, sv_find_char(rest_of(reader), '>'));
    if (sv_find_char(head, '[') != SIZE_MAX) {
        return plist_fail(reader, reader->at, "declarations of its own are not read");
    }
    return skip_behind(reader, SV(">"), "the document type");
}

/* Steps over blanks, comments, instructions and the document type. */
static bool skip_between(PlistReader *reader)
{
    for (;;) {
        skip_blanks(reader);
        StrView rest = rest_of(reader);
        bool is_good = true;
        if (sv_starts(rest, SV("<!--"))) {
            is_good = skip_behind(reader, SV("-->"), "a comment");
        } else if (sv_starts(rest, SV("<?"))) {
            is_good = skip_behind(reader, SV("?>"), "an instruction");
        } else if (sv_starts(rest, SV("<!DOCTYPE"))) {
            is_good = skip_doctype(reader);
        } else {
            return true;
        }
        if (!is_good) {
            return false;
        }
    }
}

/* Reads the tag that must come next, its attributes passed over. */
static bool read_tag(PlistReader *reader, Tag *ret_tag)
{
    if (!skip_between(reader)) {
        return false;
    }
    Tag tag = {.at = reader->at};
    StrView rest = rest_of(reader);
    if (rest.len == 0) {
        return plist_fail(reader, reader->at, "it ends too early");
    }
    size_t end = sv_find_char(rest, '>');
    if (rest.ptr[0] != '<' || end == SIZE_MAX) {
        return plist_fail(reader, reader->at, "a tag is expected");
    }
    StrView inner = sv_slice(rest, 1, end - 1);
    tag.is_end = sv_starts(inner, SV("/"));
    tag.is_complete = !tag.is_end && sv_ends(inner, SV("/"));
    inner = sv_slice(inner, tag.is_end, inner.len - tag.is_end - tag.is_complete);
    size_t len = 0;
    while (len < inner.len && !ascii_is_space(inner.ptr[len])) {
        len++;
    }
    tag.name = sv_slice(inner, 0, len);
    reader->at += end + 1;
    *ret_tag = tag;
    return true;
}

/* --- text ----------------------------------------------------------------------------------- */

static bool add_number_entity(StrView digits, StrBuf *buf)
{
    unsigned base = sv_starts(digits, SV("x")) ? 16 : 10;
    digits = sv_slice(digits, base == 16, SIZE_MAX);
    uint32_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        char byte = digits.ptr[i];
        unsigned digit = byte >= '0' && byte <= '9'   ? (unsigned)(byte - '0')
                         : byte >= 'a' && byte <= 'f' ? (unsigned)(byte - 'a') + 10
                         : byte >= 'A' && byte <= 'F' ? (unsigned)(byte - 'A') + 10
                                                      : 99;
        if (digit >= base || value > 0x10FFFF) {
            return false;
        }
        value = value * base + digit;
    }
    utf8_append(buf, value);
    return digits.len > 0;
}

static bool add_entity(StrView name, StrBuf *buf)
{
    static const struct {
        const char *name;
        char byte;
    } ENTITIES[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    for (size_t i = 0; i < ARRAY_LEN(ENTITIES); i++) {
        if (sv_equal(name, sv(ENTITIES[i].name))) {
            strbuf_add_char(buf, ENTITIES[i].byte);
            return true;
        }
    }
    return sv_starts(name, SV("#")) && add_number_entity(sv_slice(name, 1, SIZE_MAX), buf);
}

static bool read_entity(PlistReader *reader, StrBuf *buf)
{
    StrView name = sv_slice(reader->bytes, reader->at + 1, ENTITY_MAX);
    size_t end = sv_find_char(name, ';');
    if (end == SIZE_MAX || !add_entity(sv_slice(name, 0, end), buf)) {
        return plist_fail(reader, reader->at, "an unknown entity");
    }
    reader->at += end + 2;
    return true;
}

/* Appends what stands up to the end tag, and reads that. */
static bool read_content(PlistReader *reader, const Tag *tag, StrBuf *buf)
{
    while (!tag->is_complete) {
        StrView rest = rest_of(reader);
        size_t plain = 0;
        while (plain < rest.len && rest.ptr[plain] != '<' && rest.ptr[plain] != '&') {
            plain++;
        }
        strbuf_add(buf, sv_slice(rest, 0, plain));
        reader->at += plain;
        rest = rest_of(reader);
        if (sv_starts(rest, SV("&"))) {
            if (!read_entity(reader, buf)) {
                return false;
            }
        } else if (sv_starts(rest, SV("<![CDATA["))) {
            size_t start = reader->at + 9;
            if (!skip_behind(reader, SV("]]>"), "a CDATA section")) {
                return false;
            }
            strbuf_add(buf, sv_slice(reader->bytes, start, reader->at - start - 3));
        } else if (sv_starts(rest, SV("<!--"))) {
            if (!skip_behind(reader, SV("-->"), "a comment")) {
                return false;
            }
        } else {
            break;
        }
    }
    Tag end = *tag;
    if (tag->is_complete ||
        (read_tag(reader, &end) && end.is_end && sv_equal(end.name, tag->name))) {
        return true;
    }
    return plist_fail(reader, end.at, "</%.*s> is expected", SV_ARG(tag->name));
}

/* --- values --------------------------------------------------------------------------------- */

static Node *read_value(PlistReader *reader, const Tag *tag);

/* "12.5", "-3", "0x1F", "1e3": near enough for numbers that are only shown; the digits are kept. */
static double number_of(StrView text)
{
    double value = 0;
    double scale = 1;
    bool is_negative = sv_starts(text, SV("-"));
    bool is_behind_point = false;
    for (size_t i = is_negative || sv_starts(text, SV("+")); i < text.len; i++) {
        char byte = text.ptr[i];
        if (byte == '.' && !is_behind_point) {
            is_behind_point = true;
        } else if (byte >= '0' && byte <= '9') {
            value = value * 10 + (byte - '0');
            scale *= is_behind_point ? 10 : 1;
        } else {
            break;
        }
    }
    return (is_negative ? -value : value) / scale;
}

static bool fill_data(PlistReader *reader, const Tag *tag, StrView text, Node *node)
{
    StrBuf bytes = {0};
    bool is_good =
        base64_decode(text, &bytes, NULL) || plist_fail(reader, tag->at, "<data> is no base64");
    node->text = plist_keep(reader, strbuf_view(&bytes));
    node->number = (double)bytes.len;
    strbuf_done(&bytes);
    return is_good && node->text.ptr != NULL;
}

static bool fill_text(PlistReader *reader, const Tag *tag, NodeKind kind, Node *node)
{
    StrBuf buf = {0};
    bool is_good = read_content(reader, tag, &buf);
    StrView text = strbuf_view(&buf);
    if (is_good && kind == NODE_DATA) {
        is_good = fill_data(reader, tag, text, node);
    } else if (is_good) {
        text = kind == NODE_TEXT ? text : sv_trim(text);
        node->text = plist_keep(reader, text);
        node->number = kind == NODE_NUMBER ? number_of(text) : 0;
        is_good = node->text.ptr != NULL;
    }
    strbuf_done(&buf);
    return is_good;
}

/* Reads "<key>…</key>" and the value behind it; `tag` is that of the key. */
static Node *read_pair(PlistReader *reader, const Tag *tag)
{
    StrBuf key = {0};
    Tag value_tag = {.at = 0};
    Node *value = NULL;
    int line = plist_line(reader, tag->at);
    if (tag->is_end || !sv_equal(tag->name, SV("key"))) {
        (void)plist_fail(reader, tag->at, "<key> is expected");
    } else if (read_content(reader, tag, &key) && read_tag(reader, &value_tag)) {
        value = read_value(reader, &value_tag);
    }
    if (value != NULL) {
        value->key = plist_keep(reader, strbuf_view(&key));
        value->line = line;
    }
    strbuf_done(&key);
    return value != NULL && value->key.ptr != NULL ? value : NULL;
}

/* Reads the values of a list, or the pairs of a map, up to the end tag. */
static bool fill_group(PlistReader *reader, const Tag *tag, Node *node)
{
    const Node **link = &node->first;
    while (!tag->is_complete) {
        Tag child = {.at = 0};
        if (!read_tag(reader, &child)) {
            return false;
        }
        if (child.is_end && sv_equal(child.name, tag->name)) {
            break;
        }
        Node *value =
            node->kind == NODE_MAP ? read_pair(reader, &child) : read_value(reader, &child);
        if (value == NULL) {
            return false;
        }
        *link = value;
        link = &value->next;
        node->count++;
    }
    return true;
}

static bool fill_truth(PlistReader *reader, const Tag *tag, Node *node)
{
    StrBuf nothing = {0};
    bool is_good = read_content(reader, tag, &nothing);
    node->truth = sv_equal(tag->name, SV("true"));
    strbuf_done(&nothing);
    return is_good;
}

static bool fill(PlistReader *reader, const Tag *tag, Node *node)
{
    switch (node->kind) {
    case NODE_MAP:
    case NODE_LIST:
        return fill_group(reader, tag, node);
    case NODE_BOOL:
        return fill_truth(reader, tag, node);
    default:
        return fill_text(reader, tag, node->kind, node);
    }
}

static Node *read_value(PlistReader *reader, const Tag *tag)
{
    static const struct {
        const char *name;
        NodeKind kind;
    } ELEMENTS[] = {
        {"dict", NODE_MAP},   {"array", NODE_LIST},     {"string", NODE_TEXT},
        {"data", NODE_DATA},  {"date", NODE_DATE},      {"true", NODE_BOOL},
        {"false", NODE_BOOL}, {"integer", NODE_NUMBER}, {"real", NODE_NUMBER},
    };
    for (size_t i = 0; i < ARRAY_LEN(ELEMENTS) && !tag->is_end; i++) {
        if (sv_equal(tag->name, sv(ELEMENTS[i].name))) {
            Node *node = plist_enter(reader) ? plist_node(reader, ELEMENTS[i].kind) : NULL;
            bool is_good = node != NULL && fill(reader, tag, node);
            plist_leave(reader);
            return is_good ? node : NULL;
        }
    }
    (void)plist_fail(reader, tag->at, "<%s%.*s> is not expected here", tag->is_end ? "/" : "",
                     SV_ARG(tag->name));
    return NULL;
}

const Node *plist_read_xml(PlistReader *reader)
{
    Tag tag = {.at = 0};
    reader->at =
        sv_starts(reader->bytes, SV(PLIST_BYTE_ORDER_MARK)) ? sizeof PLIST_BYTE_ORDER_MARK - 1 : 0;
    if (!read_tag(reader, &tag)) {
        return NULL;
    }
    if (tag.is_end || !sv_equal(tag.name, SV("plist"))) {
        (void)plist_fail(reader, tag.at, "<plist> is expected");
        return NULL;
    }
    Tag first = {.at = 0};
    const Node *node =
        !tag.is_complete && read_tag(reader, &first) ? read_value(reader, &first) : NULL;
    if (tag.is_complete) {
        (void)plist_fail(reader, tag.at, "there is no value in it");
    }
    Tag end = {.at = 0};
    if (node == NULL || !read_tag(reader, &end)) {
        return NULL;
    }
    if (!end.is_end || !sv_equal(end.name, SV("plist"))) {
        (void)plist_fail(reader, end.at, "</plist> is expected");
        return NULL;
    }
    return node;
}
