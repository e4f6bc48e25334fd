/*
 * RedactDecode: three small readers of escapes, tried wherever one could begin.
 */
#include "filters/redact_decode.h"

#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/utf8.h"

#define ENTITY_MAX 10 /* bytes: "&#1114111;" */

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    if (byte >= 'a' && byte <= 'f') {
        return byte - 'a' + 10;
    }
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* The number of `count` hexadecimal digits at `at`, -1 when they are not there. */
static int32_t hex_number(StrView text, size_t at, size_t count)
{
    int32_t number = 0;
    for (size_t i = 0; i < count; i++) {
        int digit = at + i < text.len ? hex_digit(text.ptr[at + i]) : -1;
        if (digit < 0) {
            return -1;
        }
        number = number * 16 + digit;
    }
    return number;
}

/* Each takes what begins at `at`, appends what it means and returns its length; 0 = it is none. */

static size_t take_percent(StrView text, size_t at, StrBuf *ret)
{
    int32_t byte = hex_number(text, at + 1, 2);
    if (byte < 0) {
        return 0;
    }
    strbuf_add_char(ret, (char)byte);
    return 3;
}

/* \u00fc, and \U00fc of old property lists; two of them may be one character. */
static size_t take_unicode(StrView text, size_t at, StrBuf *ret)
{
    int32_t first = hex_number(text, at + 2, 4);
    if (first < 0) {
        return 0;
    }
    int32_t second = first >= 0xD800 && first < 0xDC00 && at + 7 < text.len &&
                             text.ptr[at + 6] == '\\' && (text.ptr[at + 7] | 0x20) == 'u'
                         ? hex_number(text, at + 8, 4)
                         : -1;
    if (second >= 0xDC00 && second < 0xE000) {
        utf8_append(ret,
                    0x10000u + (((uint32_t)first - 0xD800u) << 10) + (uint32_t)second - 0xDC00u);
        return 12;
    }
    utf8_append(ret, (uint32_t)first);
    return 6;
}

static size_t take_backslash(StrView text, size_t at, StrBuf *ret)
{
    static const char LETTERS[] = "\"\\/'bfnrt";
    static const char MEANINGS[] = "\"\\/'\b\f\n\r\t";
    if (at + 1 >= text.len) {
        return 0;
    }
    char next = text.ptr[at + 1];
    const char *letter = next != '\0' ? strchr(LETTERS, next) : NULL;
    if (letter != NULL) {
        strbuf_add_char(ret, MEANINGS[letter - LETTERS]);
        return 2;
    }
    return (next | 0x20) == 'u' ? take_unicode(text, at, ret) : 0;
}

static size_t take_number_entity(StrView inside, StrBuf *ret)
{
    bool is_hex = inside.len > 1 && (inside.ptr[1] | 0x20) == 'x';
    StrView digits = sv_slice(inside, is_hex ? 2 : 1, SIZE_MAX);
    int32_t number = is_hex ? hex_number(digits, 0, digits.len) : 0;
    for (size_t i = 0; i < digits.len && !is_hex; i++) {
        bool is_digit = ascii_is_digit(digits.ptr[i]);
        number = is_digit && number >= 0 ? number * 10 + (digits.ptr[i] - '0') : -1;
    }
    if (digits.len == 0 || number < 0) {
        return 0;
    }
    utf8_append(ret, (uint32_t)number);
    return inside.len + 2;
}

static size_t take_entity(StrView text, size_t at, StrBuf *ret)
{
    static const struct {
        const char *name;
        char meaning;
    } ENTITIES[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    StrView inside = sv_slice(text, at + 1, ENTITY_MAX - 1);
    size_t len = sv_find_char(inside, ';');
    inside = sv_slice(inside, 0, len == SIZE_MAX ? 0 : len);
    for (size_t i = 0; i < ARRAY_LEN(ENTITIES); i++) {
        if (sv_equal(inside, sv(ENTITIES[i].name))) {
            strbuf_add_char(ret, ENTITIES[i].meaning);
            return inside.len + 2;
        }
    }
    return sv_starts(inside, SV("#")) && inside.len <= 8 ? take_number_entity(inside, ret) : 0;
}

static size_t take(StrView text, size_t at, StrBuf *ret)
{
    switch (text.ptr[at]) {
    case '%':
        return take_percent(text, at, ret);
    case '\\':
        return take_backslash(text, at, ret);
    case '&':
        return take_entity(text, at, ret);
    default:
        return 0;
    }
}

bool redact_decode(RedactLayer *layer, StrView text, const RedactLayer *below)
{
    strbuf_clear(&layer->text);
    if (layer->capacity < text.len + 1) { /* what is decoded is never longer */
        layer->capacity = text.len + 1;
        layer->from = mem_realloc(layer->from, layer->capacity, sizeof *layer->from);
    }
    bool is_changed = false;
    size_t at = 0;
    while (at < text.len) {
        size_t before = layer->text.len;
        size_t len = take(text, at, &layer->text);
        is_changed |= len > 0;
        if (len == 0) {
            strbuf_add_char(&layer->text, text.ptr[at]);
            len = 1;
        }
        for (size_t i = before; i < layer->text.len; i++) {
            layer->from[i] = below != NULL ? below->from[at] : at;
        }
        at += len;
    }
    layer->from[layer->text.len] = below != NULL ? below->from[text.len] : text.len;
    return is_changed;
}

void redact_layer_done(RedactLayer *layer)
{
    strbuf_done(&layer->text);
    mem_free(layer->from);
    *layer = (RedactLayer){.from = NULL};
}

void redact_decode_all(StrView text, StrBuf *ret)
{
    StrBuf other = {0};
    size_t start = ret->len;
    strbuf_add(ret, text);
    bool is_changed = true;
    for (int i = 0; i < REDACT_LAYERS_MAX && is_changed; i++) {
        is_changed = false;
        strbuf_clear(&other);
        for (size_t at = start; at < ret->len;) {
            StrView now = {ret->ptr, ret->len};
            size_t len = take(now, at, &other);
            is_changed |= len > 0;
            if (len == 0) {
                strbuf_add_char(&other, ret->ptr[at]);
                len = 1;
            }
            at += len;
        }
        if (is_changed) {
            strbuf_replace(ret, start, ret->len - start, strbuf_view(&other));
        }
    }
    strbuf_done(&other);
}
