/*
 * Finding bytes quickly: sixteen at a time where the processor always has SSE2, eight at a time in
 * an ordinary register elsewhere. The one file that knows how wide a register is; both ways are
 * compiled everywhere so that a test can compare them. Nothing here reads beyond `end`.
 */
#ifndef PARSERS_SCAN_H
#define PARSERS_SCAN_H

#include <string.h>

#include "base/base.h"
#include "base/bits.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define SCAN_HIGH (1u << 0)    /* a byte of 0x80 or more */
#define SCAN_CONTROL (1u << 1) /* a byte below a blank */

#define SCAN_EACH(byte) (UINT64_C(0x0101010101010101) * (uint64_t)(byte))

static inline uint64_t scan_load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

/* A non-zero word when a byte of `word` is zero; exact as a yes or no. */
static inline uint64_t scan_zero_bytes(uint64_t word)
{
    return (word - SCAN_EACH(0x01)) & ~word & SCAN_EACH(0x80);
}

/* Finds the first '"' from `at` on, `end` when there is none; sets `has_backslash` when a '\\'
 * stands before it and leaves it alone otherwise. */
static inline const char *scan_quote_words(const char *at, const char *end, bool *has_backslash)
{
    uint64_t backslashes = 0;
    for (; end - at >= 8; at += 8) {
        uint64_t word = scan_load(at);
        if (scan_zero_bytes(word ^ SCAN_EACH('"'))) {
            break;
        }
        backslashes |= scan_zero_bytes(word ^ SCAN_EACH('\\'));
    }
    for (; at < end && *at != '"'; at++) {
        backslashes |= *at == '\\';
    }
    *has_backslash |= backslashes != 0;
    return at;
}

/* Tells with SCAN_… what kinds of bytes there are. */
static inline unsigned scan_class_words(const char *at, const char *end)
{
    uint64_t high = 0;
    uint64_t control = 0;
    for (; end - at >= 8; at += 8) {
        uint64_t word = scan_load(at);
        high |= word;
        control |= (word - SCAN_EACH(0x20)) & ~word;
    }
    for (; at < end; at++) {
        unsigned char byte = (unsigned char)*at;
        high |= byte;
        control |= byte < 0x20 ? 0x80u : 0u;
    }
    return (high & SCAN_EACH(0x80) ? SCAN_HIGH : 0u) |
           (control & SCAN_EACH(0x80) ? SCAN_CONTROL : 0u);
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

/* Reads eight decimal digits at once: neighbours are joined to pairs, pairs to fours, fours to the
 * whole. False when one of the bytes is no digit. */
static inline bool scan_eight_digits(const char *at, uint64_t *ret_number)
{
    uint64_t word = scan_load(at);
    if (((word & SCAN_EACH(0xf0)) | (((word + SCAN_EACH(0x06)) & SCAN_EACH(0xf0)) >> 4)) !=
        SCAN_EACH(0x33)) {
        return false;
    }
    word &= SCAN_EACH(0x0f);
    word = word * 10 + (word >> 8);
    word = (((word & UINT64_C(0x000000ff000000ff)) * (100 + (UINT64_C(1000000) << 32))) +
            ((word >> 16 & UINT64_C(0x000000ff000000ff)) * (1 + (UINT64_C(10000) << 32)))) >>
           32;
    *ret_number = word;
    return true;
}

#else

static inline bool scan_eight_digits(const char *at, uint64_t *ret_number)
{
    (void)at;
    (void)ret_number;
    return false;
}

#endif

#if defined(__SSE2__)

static inline const char *scan_quote(const char *at, const char *end, bool *has_backslash)
{
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    unsigned backslashes = 0;
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        unsigned quotes = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quote));
        unsigned others = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, backslash));
        if (quotes) {
            /* Only what stands before the lowest set bit counts. */
            *has_backslash |= (backslashes | (others & (quotes - 1) & ~quotes)) != 0;
            return at + bits_lowest(quotes);
        }
        backslashes |= others;
    }
    *has_backslash |= backslashes != 0;
    return scan_quote_words(at, end, has_backslash);
}

static inline unsigned scan_class(const char *at, const char *end)
{
    const __m128i last_control = _mm_set1_epi8(0x1f);
    __m128i high = _mm_setzero_si128();
    __m128i control = _mm_setzero_si128();
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        high = _mm_or_si128(high, bytes);
        control = _mm_or_si128(control, _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes));
    }
    return (_mm_movemask_epi8(high) ? SCAN_HIGH : 0u) |
           (_mm_movemask_epi8(control) ? SCAN_CONTROL : 0u) | scan_class_words(at, end);
}

#else

static inline const char *scan_quote(const char *at, const char *end, bool *has_backslash)
{
    return scan_quote_words(at, end, has_backslash);
}

static inline unsigned scan_class(const char *at, const char *end)
{
    return scan_class_words(at, end);
}

#endif

/* Tells whether the quote at `at` is escaped: an odd number of backslashes stands before it. */
static inline bool scan_is_escaped(const char *begin, const char *at)
{
    const char *first = at;
    while (first > begin && first[-1] == '\\') {
        first--;
    }
    return (at - first) % 2 != 0;
}

/* Finds the quote that ends the JSON string whose inside begins at `begin`; `end` when there is
 * none. `has_backslash` as for scan_quote. */
static inline const char *scan_string(const char *begin, const char *end, bool *has_backslash)
{
    const char *at = scan_quote(begin, end, has_backslash);
    while (*has_backslash && at < end && scan_is_escaped(begin, at)) {
        at = scan_quote(at + 1, end, has_backslash);
    }
    return at;
}

#endif
