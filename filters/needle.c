/*
 * Needle: Boyer–Moore–Horspool over bytes, with both cases of a letter in the skip table. Texts
 * beyond ASCII are folded first, so that a match means the same for every script.
 */
#include "filters/needle.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"

#define SKIP_MAX 255

bool text_is_ascii(StrView text)
{
    const char *at = text.ptr;
    size_t left = text.len;
    while (left >= 32) {
        uint64_t words[4];
        memcpy(words, at, sizeof words);
        if ((words[0] | words[1] | words[2] | words[3]) & UINT64_C(0x8080808080808080)) {
            return false;
        }
        at += 32;
        left -= 32;
    }
    unsigned char bits = 0;
    for (size_t i = 0; i < left; i++) {
        bits |= (unsigned char)at[i];
    }
    return bits < 0x80;
}

static void set_skip(Needle *needle, char c, uint8_t skip)
{
    needle->skip[(unsigned char)c] = skip;
    if (needle->is_caseless && c >= 'a' && c <= 'z') {
        needle->skip[(unsigned char)(c - 32)] = skip;
    }
}

void needle_init(Needle *needle, StrView text, unsigned fold)
{
    needle->text = text;
    needle->fold = fold;
    needle->is_ascii = text_is_ascii(text);
    needle->is_caseless = (fold & UTF8_FOLD_CASE) != 0;
    size_t len = text.len;
    memset(needle->skip, len < SKIP_MAX ? (int)len : SKIP_MAX, sizeof needle->skip);
    needle->after = needle->skip[0];
    for (size_t i = 0; i + 1 < len; i++) {
        size_t distance = len - 1 - i;
        uint8_t skip = distance < SKIP_MAX ? (uint8_t)distance : SKIP_MAX;
        set_skip(needle, text.ptr[i], skip);
        if (text.ptr[i] == text.ptr[len - 1]) {
            needle->after = skip;
        }
    }
    if (len > 0) {
        set_skip(needle, text.ptr[len - 1], 0);
    }
}

static bool equal_lower(const char *text, const char *folded, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (ascii_lower(text[i]) != (unsigned char)folded[i]) {
            return false;
        }
    }
    return true;
}

static bool equal_at(const Needle *needle, const char *text)
{
    return needle->is_caseless ? equal_lower(text, needle->text.ptr, needle->text.len)
                               : memcmp(text, needle->text.ptr, needle->text.len) == 0;
}

/* Looks in a text whose bytes need no folding but that of ASCII letters. */
static bool find_plain(const Needle *needle, StrView text)
{
    size_t len = needle->text.len;
    if (text.len < len) {
        return false;
    }
    size_t at = len - 1;
    while (at < text.len) {
        uint8_t skip = needle->skip[(unsigned char)text.ptr[at]];
        if (skip > 0) {
            at += skip;
            continue;
        }
        if (equal_at(needle, text.ptr + at + 1 - len)) {
            return true;
        }
        at += needle->after;
    }
    return false;
}

static bool match_plain(const Needle *needle, TextOp op, StrView text)
{
    size_t len = needle->text.len;
    if (op == TEXT_EQUAL) {
        return text.len == len && (len == 0 || equal_at(needle, text.ptr));
    }
    if (len == 0 || text.len < len) {
        return false;
    }
    switch (op) {
    case TEXT_BEGINS:
        return equal_at(needle, text.ptr);
    case TEXT_ENDS:
        return equal_at(needle, text.ptr + text.len - len);
    default:
        return find_plain(needle, text);
    }
}

static bool match_bytes(StrView text, TextOp op, StrView other)
{
    if (op == TEXT_EQUAL) {
        return sv_equal(text, other);
    }
    if (other.len == 0) {
        return false;
    }
    switch (op) {
    case TEXT_BEGINS:
        return sv_starts(text, other);
    case TEXT_ENDS:
        return sv_ends(text, other);
    default:
        return sv_find(text, other) != SIZE_MAX;
    }
}

bool needle_match(const Needle *needle, TextOp op, StrView text, StrBuf *scratch)
{
    if (needle->fold == 0) {
        return match_bytes(text, op, needle->text);
    }
    /* Folding works letter by letter: what an ASCII needle finds before it finds after. */
    if (needle->is_ascii && op == TEXT_CONTAINS && match_plain(needle, op, text)) {
        return true;
    }
    if (text_is_ascii(text)) {
        return needle->is_ascii && op != TEXT_CONTAINS && match_plain(needle, op, text);
    }
    strbuf_clear(scratch);
    utf8_fold(scratch, text, needle->fold);
    return match_bytes(strbuf_view(scratch), op, needle->text);
}

static StrView folded(StrView text, unsigned fold, StrBuf *scratch)
{
    if (fold == 0) {
        return text;
    }
    strbuf_clear(scratch);
    utf8_fold(scratch, text, fold);
    return strbuf_view(scratch);
}

bool text_match(StrView text, TextOp op, StrView other, unsigned fold, StrBuf scratch[2])
{
    return match_bytes(folded(text, fold, &scratch[0]), op, folded(other, fold, &scratch[1]));
}

int text_compare(StrView a, StrView b, unsigned fold, StrBuf scratch[2])
{
    return sv_compare(folded(a, fold, &scratch[0]), folded(b, fold, &scratch[1]));
}
