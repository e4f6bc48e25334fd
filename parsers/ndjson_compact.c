/*
 * One pass over a JSON object that leaves the blanks out, see ndjson_compact.h.
 */
#include "parsers/ndjson_compact.h"

#include <string.h>

#include "parsers/scan.h"

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

static bool is_mark(char byte)
{
    return byte == ',' || byte == ':' || byte == '"' || byte == '{' || byte == '}' || byte == '[' ||
           byte == ']';
}

/* Copies a string with its quotes; NULL when it has no end. */
static const char *copy_string(const char *at, const char *end, char **out)
{
    bool has_backslash = false;
    const char *quote = scan_string(at + 1, end, &has_backslash);
    if (quote == end) {
        return NULL;
    }
    size_t len = (size_t)(quote + 1 - at);
    memcpy(*out, at, len);
    *out += len;
    return quote + 1;
}

bool ndjson_compact(StrView object, StrBuf *buf)
{
    strbuf_clear(buf);
    strbuf_reserve(buf, object.len + 1);
    const char *at = object.ptr;
    const char *end = at + object.len;
    char *out = buf->ptr;
    while (at && at < end) {
        if (*at == '"') {
            at = copy_string(at, end, &out);
            continue;
        }
        if (!is_blank(*at)) {
            *out++ = *at++;
            continue;
        }
        while (at < end && is_blank(*at)) {
            at++;
        }
        if (at < end && out > buf->ptr && !is_mark(*at) && !is_mark(out[-1])) {
            *out++ = ' ';
        }
    }
    buf->len = (size_t)(out - buf->ptr);
    buf->ptr[buf->len] = '\0';
    return at != NULL;
}
