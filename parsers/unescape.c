/*
 * Undoing the escapes of JSON strings in one pass, see unescape.h.
 */
#include "parsers/unescape.h"

#include <string.h>

static char simple_escape(char byte)
{
    switch (byte) {
    case '"':
    case '\\':
    case '/':
        return byte;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return '\0';
    }
}

int unescape_hex_digit(char byte)
{
    char low = (char)(byte | 0x20);
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* The four hexadecimal digits at `at`; UINT32_MAX when they are none. */
static uint32_t hex4(const char *at)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = unescape_hex_digit(at[i]);
        if (digit < 0) {
            return UINT32_MAX;
        }
        value = value << 4 | (uint32_t)digit;
    }
    return value;
}

/* Writes a code point of the basic plane; NULL for NUL and surrogates. */
static char *put_code_point(char *out, uint32_t code_point)
{
    if (code_point == 0 || code_point > 0xffff || (code_point >= 0xd800 && code_point <= 0xdfff)) {
        return NULL;
    }
    if (code_point < 0x80) {
        *out++ = (char)code_point;
    } else if (code_point < 0x800) {
        *out++ = (char)(0xc0 | code_point >> 6);
        *out++ = (char)(0x80 | (code_point & 0x3f));
    } else {
        *out++ = (char)(0xe0 | code_point >> 12);
        *out++ = (char)(0x80 | (code_point >> 6 & 0x3f));
        *out++ = (char)(0x80 | (code_point & 0x3f));
    }
    return out;
}

char *unescape_json(char *out, StrView text)
{
    const char *at = text.ptr;
    const char *end = text.ptr + text.len;
    while (at < end) {
        const char *stop = memchr(at, '\\', (size_t)(end - at));
        size_t plain = (size_t)((stop ? stop : end) - at);
        memcpy(out, at, plain);
        out += plain;
        at += plain;
        if (!stop) {
            break;
        }
        if (at[1] == 'u') {
            out = end - at < 6 ? NULL : put_code_point(out, hex4(at + 2));
            if (!out) {
                return NULL;
            }
            at += 6;
            continue;
        }
        *out = simple_escape(at[1]);
        if (*out == '\0') {
            return NULL;
        }
        out++;
        at += 2;
    }
    return out;
}
