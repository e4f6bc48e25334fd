/*
 * Pretty: one pass over the bytes, a stack of nothing but a depth and the kind of each bracket.
 */
#include "tui/pretty.h"

#define DEPTH_MAX 64
#define INDENT 2

typedef struct Layer {
    char closers[DEPTH_MAX];
    int depth;
} Layer;

static void new_line(StrBuf *buf, int depth)
{
    strbuf_add_char(buf, '\n');
    strbuf_add_many(buf, ' ', (size_t)depth * INDENT);
}

/* Copies a string literal that begins at `at`; returns the offset behind it, SIZE_MAX = no end. */
static size_t copy_string(StrView text, size_t at, StrBuf *buf)
{
    strbuf_add_char(buf, '"');
    for (at++; at < text.len; at++) {
        char byte = text.ptr[at];

        if (byte == '\\' && at + 1 < text.len) {
            at++;
            if (text.ptr[at] != '/') {
                strbuf_add_char(buf, '\\');
            }
            strbuf_add_char(buf, text.ptr[at]);
            continue;
        }
        strbuf_add_char(buf, byte);
        if (byte == '"') {
            return at + 1;
        }
    }
    return SIZE_MAX;
}

static size_t skip_blanks(StrView text, size_t at)
{
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t' || text.ptr[at] == '\n' ||
                             text.ptr[at] == '\r')) {
        at++;
    }
    return at;
}

static bool open_bracket(Layer *layer, StrView text, size_t *at, StrBuf *buf)
{
    char opener = text.ptr[*at];
    char closer = opener == '{' ? '}' : ']';
    size_t next = skip_blanks(text, *at + 1);

    strbuf_add_char(buf, opener);
    if (next < text.len && text.ptr[next] == closer) {
        strbuf_add_char(buf, closer);
        *at = next + 1;
        return true;
    }
    if (layer->depth == DEPTH_MAX) {
        return false;
    }
    layer->closers[layer->depth++] = closer;
    new_line(buf, layer->depth);
    *at += 1;
    return true;
}

static bool close_bracket(Layer *layer, char byte, StrBuf *buf)
{
    if (layer->depth == 0 || layer->closers[layer->depth - 1] != byte) {
        return false;
    }
    layer->depth--;
    new_line(buf, layer->depth);
    strbuf_add_char(buf, byte);
    return true;
}

/* Lays out one token; false when the text is not what it looked like. */
static bool put_token(Layer *layer, StrView text, size_t *at, StrBuf *buf)
{
    char byte = text.ptr[*at];

    switch (byte) {
    case '"':
        *at = copy_string(text, *at, buf);
        return *at != SIZE_MAX;
    case '{':
    case '[':
        return open_bracket(layer, text, at, buf);
    case '}':
    case ']':
        *at += 1;
        return close_bracket(layer, byte, buf);
    case ',':
        strbuf_add_char(buf, ',');
        new_line(buf, layer->depth);
        break;
    case ':':
        strbuf_add_str(buf, ": ");
        break;
    default:
        strbuf_add_char(buf, byte);
    }
    *at += 1;
    return true;
}

bool pretty_json(StrView text, StrBuf *buf)
{
    Layer layer = {.depth = 0};
    size_t start = buf->len;
    size_t at = skip_blanks(text, 0);

    if (at >= text.len || (text.ptr[at] != '{' && text.ptr[at] != '[')) {
        return false;
    }
    do {
        if (!put_token(&layer, text, &at, buf)) {
            strbuf_replace(buf, start, buf->len - start, SV(""));
            return false;
        }
        at = skip_blanks(text, at);
    } while (layer.depth > 0 && at < text.len);
    if (layer.depth > 0 || at < text.len) {
        strbuf_replace(buf, start, buf->len - start, SV(""));
        return false;
    }
    return true;
}
