/*
 * StrView and StrBuf: comparing, cutting, searching and building byte strings.
 * Bytes only: what is a character is base/utf8.h's affair.
 */
#include "base/str.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"

enum { DISTANCE_MAX = 64, BUF_FIRST = 32 };

StrView sv(const char *text)
{
    return text == NULL ? SV_NONE : (StrView){text, strlen(text)};
}

StrView sv_of(const char *ptr, size_t len)
{
    return (StrView){ptr, len};
}

bool sv_equal(StrView a, StrView b)
{
    if (a.ptr == NULL || b.ptr == NULL) {
        return a.ptr == b.ptr;
    }
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

bool sv_equal_nocase(StrView a, StrView b)
{
    if (a.ptr == NULL || b.ptr == NULL) {
        return a.ptr == b.ptr;
    }
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

int sv_compare(StrView a, StrView b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter > 0 ? memcmp(a.ptr, b.ptr, shorter) : 0;
    if (order != 0) {
        return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

bool sv_starts(StrView text, StrView with)
{
    return with.len <= text.len && (with.len == 0 || memcmp(text.ptr, with.ptr, with.len) == 0);
}

bool sv_ends(StrView text, StrView with)
{
    return with.len <= text.len &&
           (with.len == 0 || memcmp(text.ptr + (text.len - with.len), with.ptr, with.len) == 0);
}

size_t sv_find(StrView text, StrView needle)
{
    if (needle.len == 0) {
        return 0;
    }
    if (needle.len > text.len) {
        return SIZE_MAX;
    }
    const char *found = memmem(text.ptr, text.len, needle.ptr, needle.len);
    return found == NULL ? SIZE_MAX : (size_t)(found - text.ptr);
}

size_t sv_find_char(StrView text, char byte)
{
    const char *found = text.len > 0 ? memchr(text.ptr, byte, text.len) : NULL;
    return found == NULL ? SIZE_MAX : (size_t)(found - text.ptr);
}

StrView sv_trim(StrView text)
{
    while (text.len > 0 && ascii_is_space(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    while (text.len > 0 && ascii_is_space(text.ptr[text.len - 1])) {
        text.len--;
    }
    return text;
}

StrView sv_slice(StrView text, size_t from, size_t len)
{
    if (text.ptr == NULL) {
        return SV_NONE;
    }
    if (from > text.len) {
        from = text.len;
    }
    size_t there = text.len - from;
    return (StrView){text.ptr + from, len < there ? len : there};
}

StrView sv_path_last(StrView path)
{
    for (size_t i = path.len; i > 0; i--) {
        if (path.ptr[i - 1] == '/') {
            return sv_slice(path, i, path.len);
        }
    }
    return path;
}

bool sv_next_line(StrView *rest, StrView *ret_line)
{
    if (rest->len == 0) {
        return false;
    }
    size_t end = sv_find_char(*rest, '\n');
    if (end == SIZE_MAX) {
        *ret_line = *rest;
        *rest = sv_slice(*rest, rest->len, 0);
    } else {
        *ret_line = sv_slice(*rest, 0, end);
        *rest = sv_slice(*rest, end + 1, rest->len);
    }
    return true;
}

bool sv_to_u64(StrView text, uint64_t *ret_value)
{
    if (text.len == 0) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = (unsigned)(unsigned char)text.ptr[i] - '0';
        if (digit > 9 || value > UINT64_MAX / 10 || value * 10 > UINT64_MAX - digit) {
            return false;
        }
        value = value * 10 + digit;
    }
    *ret_value = value;
    return true;
}

bool sv_to_i64(StrView text, int64_t *ret_value)
{
    bool is_negative = text.len > 0 && text.ptr[0] == '-';
    uint64_t value = 0;
    if (!sv_to_u64(is_negative ? sv_slice(text, 1, text.len) : text, &value)) {
        return false;
    }
    if (value > (uint64_t)INT64_MAX + (is_negative ? 1 : 0)) {
        return false;
    }
    if (!is_negative) {
        *ret_value = (int64_t)value;
    } else {
        *ret_value = value == 0 ? 0 : -(int64_t)(value - 1) - 1;
    }
    return true;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t sv_distance(StrView a, StrView b)
{
    size_t rows[3][DISTANCE_MAX + 1]; /* two rows back, the last, the current one: in turn */

    a = sv_slice(a, 0, DISTANCE_MAX);
    b = sv_slice(b, 0, DISTANCE_MAX);
    for (size_t j = 0; j <= b.len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        const size_t *older = rows[(i + 1) % 3];
        const size_t *last = rows[(i + 2) % 3];
        size_t *row = rows[i % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            unsigned char from = ascii_lower(a.ptr[i - 1]);
            unsigned char to = ascii_lower(b.ptr[j - 1]);
            size_t best = least(last[j], row[j - 1]) + 1;
            best = least(best, last[j - 1] + (from != to));
            if (i > 1 && j > 1 && from == ascii_lower(b.ptr[j - 2]) &&
                to == ascii_lower(a.ptr[i - 2])) {
                best = least(best, older[j - 2] + 1);
            }
            row[j] = best;
        }
    }
    return rows[a.len % 3][b.len];
}

/* --- StrBuf ----------------------------------------------------------------------------------- */

void strbuf_reserve(StrBuf *buf, size_t more)
{
    if (buf->ptr != NULL && more < buf->capacity - buf->len) {
        return;
    }
    /* An overflow of the sum asks for more than there can be: mem gives up. */
    size_t needed = more < SIZE_MAX - buf->len - 1 ? buf->len + more + 1 : SIZE_MAX;
    size_t capacity = buf->capacity < BUF_FIRST ? BUF_FIRST : buf->capacity + buf->capacity / 2;
    if (capacity < needed) {
        capacity = needed;
    }
    buf->ptr = mem_realloc(buf->ptr, capacity, 1);
    buf->capacity = capacity;
    buf->ptr[buf->len] = '\0';
}

void strbuf_add(StrBuf *buf, StrView text)
{
    if (text.len == 0) {
        return;
    }
    strbuf_reserve(buf, text.len);
    memcpy(buf->ptr + buf->len, text.ptr, text.len);
    buf->len += text.len;
    buf->ptr[buf->len] = '\0';
}

void strbuf_add_str(StrBuf *buf, const char *text)
{
    strbuf_add(buf, sv(text));
}

void strbuf_add_char(StrBuf *buf, char byte)
{
    strbuf_reserve(buf, 1);
    buf->ptr[buf->len++] = byte;
    buf->ptr[buf->len] = '\0';
}

void strbuf_add_many(StrBuf *buf, char byte, size_t count)
{
    strbuf_reserve(buf, count);
    memset(buf->ptr + buf->len, byte, count);
    buf->len += count;
    buf->ptr[buf->len] = '\0';
}

void strbuf_printf(StrBuf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    strbuf_vprintf(buf, format, args);
    va_end(args);
}

void strbuf_vprintf(StrBuf *buf, const char *format, va_list args)
{
    va_list again;

    va_copy(again, args);
    strbuf_reserve(buf, BUF_FIRST);
    size_t room = buf->capacity - buf->len;
    int wanted = vsnprintf(buf->ptr + buf->len, room, format, args);
    if (wanted > 0 && (size_t)wanted >= room) {
        strbuf_reserve(buf, (size_t)wanted);
        wanted = vsnprintf(buf->ptr + buf->len, buf->capacity - buf->len, format, again);
    }
    va_end(again);
    if (wanted > 0) {
        buf->len += (size_t)wanted;
    }
    buf->ptr[buf->len] = '\0';
}

void strbuf_add_escaped(StrBuf *buf, StrView text)
{
    static const char *const ENTITIES[UCHAR_MAX + 1] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};
    size_t start = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *entity = ENTITIES[(unsigned char)text.ptr[i]];
        if (entity != NULL) {
            strbuf_add(buf, sv_slice(text, start, i - start));
            strbuf_add_str(buf, entity);
            start = i + 1;
        }
    }
    strbuf_add(buf, sv_slice(text, start, SIZE_MAX));
}

void strbuf_replace(StrBuf *buf, size_t at, size_t len, StrView text)
{
    assert(at <= buf->len && len <= buf->len - at);
    strbuf_reserve(buf, text.len);
    memmove(buf->ptr + at + text.len, buf->ptr + at + len, buf->len - at - len);
    if (text.len > 0) {
        memcpy(buf->ptr + at, text.ptr, text.len);
    }
    buf->len = buf->len - len + text.len;
    buf->ptr[buf->len] = '\0';
}

void strbuf_clear(StrBuf *buf)
{
    buf->len = 0;
    if (buf->ptr != NULL) {
        buf->ptr[0] = '\0';
    }
}

void strbuf_done(StrBuf *buf)
{
    mem_free(buf->ptr);
    *buf = (StrBuf){0};
}

StrView strbuf_view(const StrBuf *buf)
{
    return buf->ptr == NULL ? SV("") : (StrView){buf->ptr, buf->len};
}
