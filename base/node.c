/*
 * Node: jansson reads, and its tree is copied into an arena at once. jansson's types never leave
 * this file. Not for log entries.
 */
#include "base/node.h"

#include <jansson.h>
#include <string.h>

#include "base/utf8.h"

/* jansson itself refuses depths over 2048, which keeps the recursion below small. */

static StrView keep(Arena *arena, const char *ptr, size_t len)
{
    return arena_dup(arena, sv_of(ptr, len));
}

/* jansson keeps no positions. It keeps the order, though, and refuses double keys: so the values
 * come out of the tree as they stand in the text, which is known to be valid, and one walk through
 * both finds where each is. */
typedef struct Reader {
    Arena *arena;
    StrView rest; /* text from here on */
    int line;     /* where that begins */
    int column;
} Reader;

/* Steps over `count` bytes. */
static void step(Reader *reader, size_t count)
{
    StrView stepped = sv_slice(reader->rest, 0, count);
    for (size_t i = 0; i < stepped.len; i++) {
        unsigned char byte = (unsigned char)stepped.ptr[i];
        reader->line += byte == '\n';
        /* Columns are characters: the further bytes of one do not count. */
        reader->column = byte == '\n' ? 1 : reader->column + ((byte & 0xC0) != 0x80);
    }
    reader->rest = sv_slice(reader->rest, stepped.len, SIZE_MAX);
}

/* Steps over white space and what stands between values. */
static void skip_gap(Reader *reader)
{
    size_t len = 0;
    while (len < reader->rest.len &&
           sv_find_char(SV(" \t\r\n,:"), reader->rest.ptr[len]) != SIZE_MAX) {
        len++;
    }
    step(reader, len);
}

/* Steps over a string, a number or a word. */
static void skip_scalar(Reader *reader)
{
    StrView rest = reader->rest;
    size_t len = 1;
    if (rest.len > 0 && rest.ptr[0] == '"') {
        while (len < rest.len && rest.ptr[len] != '"') {
            len += rest.ptr[len] == '\\' ? 2 : 1;
        }
        len++;
    } else {
        while (len < rest.len && sv_find_char(SV(" \t\r\n,]}"), rest.ptr[len]) == SIZE_MAX) {
            len++;
        }
    }
    step(reader, len);
}

static Node *copy(Reader *reader, json_t *value);

static void copy_list(Reader *reader, Node *node, json_t *value)
{
    const Node **link = &node->first;

    node->kind = NODE_LIST;
    node->count = json_array_size(value);
    for (size_t i = 0; i < node->count; i++) {
        Node *child = copy(reader, json_array_get(value, i));
        *link = child;
        link = &child->next;
    }
}

static void copy_map(Reader *reader, Node *node, json_t *value)
{
    const Node **link = &node->first;

    node->kind = NODE_MAP;
    node->count = json_object_size(value);
    for (void *at = json_object_iter(value); at != NULL; at = json_object_iter_next(value, at)) {
        skip_gap(reader);
        int line = reader->line;
        int column = reader->column;
        skip_scalar(reader);
        Node *child = copy(reader, json_object_iter_value(at));
        const char *key = json_object_iter_key(at);
        child->key = keep(reader->arena, key, strlen(key));
        child->line = line;
        child->column = column;
        *link = child;
        link = &child->next;
    }
}

static void copy_scalar(Arena *arena, Node *node, json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        node->kind = NODE_TEXT;
        node->text = keep(arena, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        node->kind = NODE_NUMBER;
        node->number = json_number_value(value);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        node->kind = NODE_BOOL;
        node->truth = json_is_true(value);
        break;
    default:
        node->kind = NODE_NULL;
        break;
    }
}

static Node *copy(Reader *reader, json_t *value)
{
    Node *node = arena_alloc(reader->arena, sizeof *node);

    skip_gap(reader);
    node->line = reader->line;
    node->column = reader->column;
    if (!json_is_object(value) && !json_is_array(value)) {
        copy_scalar(reader->arena, node, value);
        skip_scalar(reader);
        return node;
    }
    step(reader, 1);
    if (json_is_object(value)) {
        copy_map(reader, node, value);
    } else {
        copy_list(reader, node, value);
    }
    skip_gap(reader);
    step(reader, 1);
    return node;
}

static void report(Err *err, StrView text, const char *name, const json_error_t *failed)
{
    if (err == NULL) {
        return;
    }
    /* jansson's position is behind the last byte of the token that it could not take. */
    size_t offset = failed->position > 0 ? (size_t)failed->position - 1 : 0;
    if (offset > text.len) {
        offset = text.len;
    }
    int line = 1;
    for (size_t i = 0; i < offset; i++) {
        line += text.ptr[i] == '\n';
    }
    int column = utf8_column(text, offset);
    StrBuf what = {0};
    utf8_visible(&what, sv(failed->text));
    (void)err_set_at(err, offset, "%s:%d:%d: %s", name, line, column, strbuf_view(&what).ptr);
    err->line = line;
    err->column = column;
    strbuf_done(&what);
}

const Node *node_read(Arena *arena, StrView text, const char *name, Err *err)
{
    json_error_t failed;
    json_t *root = json_loadb(text.ptr != NULL ? text.ptr : "", text.len,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &failed);
    if (root == NULL) {
        report(err, text, name, &failed);
        return NULL;
    }
    Reader reader = {.arena = arena, .rest = text, .line = 1, .column = 1};
    Node *node = copy(&reader, root);
    node->line = 0; /* the whole stands nowhere in particular */
    node->column = 0;
    json_decref(root);
    return node;
}

const Node *node_find(const Node *map, const char *key)
{
    if (map == NULL || map->kind != NODE_MAP) {
        return NULL;
    }
    StrView wanted = sv(key);
    for (const Node *child = map->first; child != NULL; child = child->next) {
        if (sv_equal(child->key, wanted)) {
            return child;
        }
    }
    return NULL;
}

StrView node_text(const Node *map, const char *key)
{
    const Node *child = node_find(map, key);
    return child != NULL && child->kind == NODE_TEXT ? child->text : SV_NONE;
}

bool node_bool(const Node *map, const char *key, bool otherwise)
{
    const Node *child = node_find(map, key);
    return child != NULL && child->kind == NODE_BOOL ? child->truth : otherwise;
}

double node_number(const Node *map, const char *key, double otherwise)
{
    const Node *child = node_find(map, key);
    return child != NULL && child->kind == NODE_NUMBER ? child->number : otherwise;
}

void node_quote(StrView text, StrBuf *buf)
{
    strbuf_add_char(buf, '"');
    while (text.len > 0) {
        uint32_t code_point = utf8_next(&text);
        if (code_point == '\n') {
            strbuf_add_str(buf, "\\n");
        } else if (code_point == '"' || code_point == '\\') {
            strbuf_add_char(buf, '\\');
            strbuf_add_char(buf, (char)code_point);
        } else if (code_point > 0 && (code_point < ' ' || utf8_is_unsafe(code_point)) &&
                   code_point < 0x10000) {
            strbuf_printf(buf, "\\u%04x", (unsigned)code_point);
        } else {
            /* utf8_append makes U+FFFD of what is no code point. */
            utf8_append(buf, code_point > 0 ? code_point : UTF8_REPLACEMENT);
        }
    }
    strbuf_add_char(buf, '"');
}
