/*
 * Base64: four characters are three bytes; what is left at the end is one or two. It must never
 * include anything but base/.
 */
#include "base/base64.h"

#include "base/ascii.h"

#define NOT_BASE64 0xFFu
#define QUAD 4

void base64_encode(StrView bytes, StrBuf *ret_text)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; at < bytes.len; at += 3) {
        size_t left = bytes.len - at;
        uint32_t bits = (uint32_t)(unsigned char)bytes.ptr[at] << 16;
        bits |= left > 1 ? (uint32_t)(unsigned char)bytes.ptr[at + 1] << 8 : 0;
        bits |= left > 2 ? (uint32_t)(unsigned char)bytes.ptr[at + 2] : 0;
        strbuf_add_char(ret_text, DIGITS[bits >> 18]);
        strbuf_add_char(ret_text, DIGITS[bits >> 12 & 63]);
        strbuf_add_char(ret_text, left > 1 ? DIGITS[bits >> 6 & 63] : '=');
        strbuf_add_char(ret_text, left > 2 ? DIGITS[bits & 63] : '=');
    }
}

static unsigned value_of(char byte)
{
    if (byte >= 'A' && byte <= 'Z') {
        return (unsigned)(byte - 'A');
    }
    if (byte >= 'a' && byte <= 'z') {
        return (unsigned)(byte - 'a') + 26;
    }
    if (byte >= '0' && byte <= '9') {
        return (unsigned)(byte - '0') + 52;
    }
    return byte == '+' ? 62 : byte == '/' ? 63 : NOT_BASE64;
}

static bool fail(size_t offset, size_t *ret_offset)
{
    if (ret_offset != NULL) {
        *ret_offset = offset;
    }
    return false;
}

bool base64_decode(StrView text, StrBuf *ret_bytes, size_t *ret_offset)
{
    uint32_t bits = 0;
    unsigned held = 0;   /* characters in `bits` */
    unsigned padded = 0; /* '=' seen */
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        unsigned value = value_of(byte);
        if (ascii_is_space(byte)) {
            continue;
        }
        if (byte == '=' && held >= 2 && held + padded < QUAD) {
            padded++;
            continue;
        }
        if (value == NOT_BASE64 || padded > 0) {
            return fail(i, ret_offset);
        }
        bits = bits << 6 | value;
        if (++held == QUAD) {
            strbuf_add_char(ret_bytes, (char)(bits >> 16 & 0xFF));
            strbuf_add_char(ret_bytes, (char)(bits >> 8 & 0xFF));
            strbuf_add_char(ret_bytes, (char)(bits & 0xFF));
            bits = 0;
            held = 0;
        }
    }
    if (held == 1 || (padded > 0 && held + padded != QUAD)) {
        return fail(text.len, ret_offset);
    }
    if (held >= 2) {
        bits <<= 6 * (QUAD - held);
        strbuf_add_char(ret_bytes, (char)(bits >> 16 & 0xFF));
    }
    if (held == 3) {
        strbuf_add_char(ret_bytes, (char)(bits >> 8 & 0xFF));
    }
    return true;
}
