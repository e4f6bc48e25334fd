/*
 * UTF-8 on top of libutf8proc, with a way of its own for ASCII, which nearly all of a log is.
 * The only file that may include utf8proc.h; locales are never asked.
 */
#include "base/utf8.h"

#include <string.h>
#include <utf8proc.h>

/* A cluster never grows beyond this many bytes: thousands of marks on a letter are an attack. */
#define CLUSTER_MAX_BYTES 128

typedef struct CodeRange {
    uint32_t first, last;
} CodeRange;

/* Sorted; see utf8_is_unsafe. C0, DEL and C1 are decided before. */
static const CodeRange UNSAFE_RANGES[] = {
    {0x061C, 0x061C},   {0x200B, 0x200B},       {0x200E, 0x200F}, {0x2028, 0x202E},
    {0x2060, 0x206F},   {0xD800, 0xDFFF},       {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB},
    {0xE0000, 0xE007F}, {0x110000, UINT32_MAX},
};

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7F;
}

static bool is_tail(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Decodes the sequence of two to four bytes at `ptr`; returns its length, 0 when it is broken. */
static size_t decode_long(const unsigned char *ptr, size_t len, uint32_t *ret_code_point)
{
    unsigned char lead = ptr[0];
    if (lead >= 0xC2 && lead <= 0xDF) {
        if (len < 2 || !is_tail(ptr[1])) {
            return 0;
        }
        *ret_code_point = (uint32_t)(lead & 0x1F) << 6 | (ptr[1] & 0x3F);
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (len < 3 || !is_tail(ptr[1]) || !is_tail(ptr[2])) {
            return 0;
        }
        uint32_t value =
            (uint32_t)(lead & 0x0F) << 12 | (uint32_t)(ptr[1] & 0x3F) << 6 | (ptr[2] & 0x3F);
        *ret_code_point = value;
        return value >= 0x800 && (value < 0xD800 || value > 0xDFFF) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (len < 4 || !is_tail(ptr[1]) || !is_tail(ptr[2]) || !is_tail(ptr[3])) {
            return 0;
        }
        uint32_t value = (uint32_t)(lead & 0x07) << 18 | (uint32_t)(ptr[1] & 0x3F) << 12 |
                         (uint32_t)(ptr[2] & 0x3F) << 6 | (ptr[3] & 0x3F);
        *ret_code_point = value;
        return value >= 0x10000 && value <= 0x10FFFF ? 4 : 0;
    }
    return 0;
}

/* Length of the code point at the start of `text`, a broken byte counting as one. */
static size_t decode(StrView text, uint32_t *ret_code_point)
{
    const unsigned char *ptr = (const unsigned char *)text.ptr;
    if (ptr[0] < 0x80) {
        *ret_code_point = ptr[0];
        return 1;
    }
    size_t len = decode_long(ptr, text.len, ret_code_point);
    if (len == 0) {
        *ret_code_point = UTF8_BROKEN | ptr[0];
        return 1;
    }
    return len;
}

uint32_t utf8_next(StrView *rest)
{
    uint32_t code_point;
    size_t len = decode(*rest, &code_point);

    rest->ptr += len;
    rest->len -= len;
    return code_point;
}

int utf8_column(StrView text, size_t offset)
{
    size_t start = offset;
    int column = 1;

    while (start > 0 && text.ptr[start - 1] != '\n') {
        start--;
    }
    StrView before = sv_slice(text, start, offset - start);

    while (before.len > 0) {
        (void)utf8_next(&before); /* only counted */
        column++;
    }
    return column;
}

void utf8_append(StrBuf *buf, uint32_t code_point)
{
    char bytes[4];
    size_t len;

    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        code_point = UTF8_REPLACEMENT;
    }
    if (code_point < 0x80) {
        bytes[0] = (char)code_point;
        len = 1;
    } else if (code_point < 0x800) {
        bytes[0] = (char)(0xC0 | code_point >> 6);
        len = 2;
    } else if (code_point < 0x10000) {
        bytes[0] = (char)(0xE0 | code_point >> 12);
        len = 3;
    } else {
        bytes[0] = (char)(0xF0 | code_point >> 18);
        len = 4;
    }
    for (size_t i = len - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    strbuf_add(buf, sv_of(bytes, len));
}

/* Number of ASCII bytes `text` starts with, or a little less: whole words of eight. */
static size_t ascii_words(StrView text)
{
    size_t len = 0;
    while (text.len - len >= 8) {
        uint64_t word;
        memcpy(&word, text.ptr + len, 8);
        if ((word & UINT64_C(0x8080808080808080)) != 0) {
            break;
        }
        len += 8;
    }
    return len;
}

bool utf8_is_valid(StrView text)
{
    while (text.len > 0) {
        size_t ascii = ascii_words(text);
        text.ptr += ascii;
        text.len -= ascii;
        /* Up to the next word that may be pure again: a run of other letters stays in this loop. */
        size_t at = 0;
        while (at < text.len) {
            unsigned char byte = (unsigned char)text.ptr[at];
            if (byte < 0x80) {
                at++;
                if (at >= 8) {
                    break;
                }
                continue;
            }
            uint32_t code_point;
            size_t len =
                decode_long((const unsigned char *)text.ptr + at, text.len - at, &code_point);
            if (len == 0) {
                return false;
            }
            at += len;
        }
        text.ptr += at;
        text.len -= at;
    }
    return true;
}

bool utf8_is_unsafe(uint32_t code_point)
{
    if (code_point < 0xA0) {
        return code_point < 0x20 || code_point >= 0x7F;
    }
    size_t low = 0;
    size_t high = ARRAY_LEN(UNSAFE_RANGES);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code_point > UNSAFE_RANGES[middle].last) {
            low = middle + 1;
        } else if (code_point < UNSAFE_RANGES[middle].first) {
            high = middle;
        } else {
            return true;
        }
    }
    return false;
}

/* --- clusters --------------------------------------------------------------------------------- */

/* Cells of a code point in the form of append_escaped. */
static int escaped_width(uint32_t code_point)
{
    if (code_point < 0x80) {
        return 1; /* a picture */
    }
    if (code_point >= UTF8_BROKEN) {
        return 4; /* \xNN */
    }
    int digits = code_point < 0x10000 ? 4 : code_point < 0x100000 ? 5 : 6;
    return digits + 4; /* <U+202E> */
}

/* Spacing marks and the signs that stand before Arabic numbers take a cell: libutf8proc says 0 for
 * some of them, terminals do not. */
static int plain_width(uint32_t code_point)
{
    if (code_point < 0x80) {
        return 1;
    }
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)code_point);
    bool is_spacing = property->category == UTF8PROC_CATEGORY_MC ||
                      property->boundclass == UTF8PROC_BOUNDCLASS_PREPEND;
    return property->charwidth == 0 && is_spacing ? 1 : property->charwidth;
}

size_t utf8_cluster(StrView text, int *ret_width)
{
    if (text.len == 0) {
        *ret_width = 0;
        return 0;
    }
    /* Nothing below U+0300 joins to a plain ASCII byte before it. */
    if (is_plain((unsigned char)text.ptr[0]) &&
        (text.len == 1 || (unsigned char)text.ptr[1] < 0xC0)) {
        *ret_width = 1;
        return 1;
    }

    uint32_t code_point;
    size_t len = decode(text, &code_point);
    if (utf8_is_unsafe(code_point)) {
        *ret_width = escaped_width(code_point);
        return len;
    }
    uint32_t first = code_point;
    size_t first_len = len;
    int width = plain_width(code_point);
    utf8proc_int32_t state = 0;
    while (len < text.len && len < CLUSTER_MAX_BYTES) {
        uint32_t next;
        size_t next_len = decode(sv_slice(text, len, text.len), &next);
        if (utf8_is_unsafe(next) ||
            utf8proc_grapheme_break_stateful((utf8proc_int32_t)code_point, (utf8proc_int32_t)next,
                                             &state)) {
            break;
        }
        width += plain_width(next);
        code_point = next;
        len += next_len;
    }
    if (width == 0) { /* nothing that could be seen, such as a mark without its letter */
        *ret_width = escaped_width(first);
        return first_len;
    }
    *ret_width = width > 2 ? 2 : width;
    return len;
}

/* Number of plain ASCII bytes at the start of `text` that are clusters of their own, `most` at
 * most. */
static size_t plain_run(StrView text, size_t most)
{
    size_t end = most < text.len ? most : text.len;
    size_t len = 0;
    while (len < end && is_plain((unsigned char)text.ptr[len])) {
        len++;
    }
    /* The last one may carry a mark that follows it. */
    if (len > 0 && len < text.len && (unsigned char)text.ptr[len] >= 0xC0) {
        len--;
    }
    return len;
}

int utf8_width(StrView text)
{
    size_t total = 0;

    while (text.len > 0) {
        size_t len = plain_run(text, text.len);
        size_t cells = len;
        if (len == 0) {
            int width;
            len = utf8_cluster(text, &width);
            cells = (size_t)width;
        }
        total += cells;
        text = sv_slice(text, len, text.len);
    }
    return total > INT32_MAX ? INT32_MAX : (int)total;
}

size_t utf8_fit(StrView text, int cells, int *ret_width)
{
    size_t at = 0;
    int used = 0;

    while (at < text.len) {
        StrView rest = sv_slice(text, at, text.len);
        size_t len = cells > used ? plain_run(rest, (size_t)(cells - used)) : 0;
        int width = (int)len;
        if (len == 0) {
            len = utf8_cluster(rest, &width);
            if (width > cells - used) {
                break;
            }
        }
        used += width;
        at += len;
    }
    *ret_width = used;
    return at;
}

/* --- visible form ----------------------------------------------------------------------------- */

static void append_escaped(StrBuf *buf, uint32_t code_point)
{
    if (code_point == '\t') {
        strbuf_add_char(buf, ' ');
    } else if (code_point == '\n') {
        strbuf_add_str(buf, "\xE2\x8F\x8E"); /* U+23CE */
    } else if (code_point < 0x20) {
        utf8_append(buf, 0x2400 + code_point);
    } else if (code_point == 0x7F) {
        utf8_append(buf, 0x2421);
    } else if (code_point >= UTF8_BROKEN) {
        strbuf_printf(buf, "\\x%02X", (unsigned)(code_point & 0xFF));
    } else {
        strbuf_printf(buf, "<U+%04X>", (unsigned)code_point);
    }
}

void utf8_visible(StrBuf *buf, StrView text)
{
    while (text.len > 0) {
        size_t len = plain_run(text, text.len);
        if (len == 0) {
            int width;
            len = utf8_cluster(text, &width);
            uint32_t code_point;
            (void)decode(text, &code_point);               /* the cluster's length counts */
            if (utf8_is_unsafe(code_point) || width > 2) { /* only an escape is wider than 2 */
                append_escaped(buf, code_point);
                text = sv_slice(text, len, text.len);
                continue;
            }
        }
        strbuf_add(buf, sv_slice(text, 0, len));
        text = sv_slice(text, len, text.len);
    }
}

/* --- folding ---------------------------------------------------------------------------------- */

/* Tells whether a code point is the wide or narrow form of another. */
static bool has_other_width(uint32_t code_point)
{
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)code_point);
    return property->decomp_type == UTF8PROC_DECOMP_TYPE_WIDE ||
           property->decomp_type == UTF8PROC_DECOMP_TYPE_NARROW;
}

static void fold_one(StrBuf *buf, uint32_t code_point, unsigned flags)
{
    unsigned options = 0;
    if ((flags & UTF8_FOLD_CASE) != 0) {
        options |= UTF8PROC_CASEFOLD;
    }
    if ((flags & UTF8_FOLD_DIACRITICS) != 0) {
        options |= UTF8PROC_DECOMPOSE;
    }
    if ((flags & UTF8_FOLD_WIDTH) != 0 && has_other_width(code_point)) {
        options |= UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;
    }

    utf8proc_int32_t folded[32]; /* the longest decomposition has 18 */
    int last_class = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)code_point, folded,
                                                     (utf8proc_ssize_t)ARRAY_LEN(folded),
                                                     (utf8proc_option_t)options, &last_class);
    if (count < 0 || count > (utf8proc_ssize_t)ARRAY_LEN(folded)) {
        utf8_append(buf, code_point);
        return;
    }
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        if ((flags & UTF8_FOLD_DIACRITICS) == 0 ||
            utf8proc_category(folded[i]) != UTF8PROC_CATEGORY_MN) {
            utf8_append(buf, (uint32_t)folded[i]);
        }
    }
}

void utf8_fold(StrBuf *buf, StrView text, unsigned flags)
{
    bool folds_case = (flags & UTF8_FOLD_CASE) != 0;

    strbuf_reserve(buf, text.len);
    while (text.len > 0) {
        char byte = text.ptr[0];
        if ((unsigned char)byte < 0x80) {
            bool is_upper = folds_case && byte >= 'A' && byte <= 'Z';
            if (is_upper) {
                byte = (char)(byte | 0x20);
            }
            strbuf_add_char(buf, byte);
            text = sv_slice(text, 1, text.len);
            continue;
        }
        uint32_t code_point = utf8_next(&text);
        if (code_point >= UTF8_BROKEN) {
            strbuf_add_char(buf, byte);
        } else {
            fold_one(buf, code_point, flags);
        }
    }
}
