/*
 * One pass over a JSON object, token by token, that copies and mends. Strings are followed exactly;
 * of the rest only brackets are. It must never include jansson.
 */
#include "parsers/ndjson_clean.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "parsers/unescape.h"

#define DEPTH_MAX 512
#define DIGITS_SAFE 18 /* so many always fit into a signed 64-bit number */

typedef struct Cleaner {
    StrView rest; /* not read yet */
    StrBuf *out;
    unsigned flags;
    CleanFacts facts;
    char open[DEPTH_MAX]; /* brackets that are open, outermost first */
    size_t depth;
    bool is_key;   /* the next string is the name of a member */
    bool is_apart; /* blanks stand before the token at hand */
    size_t safe;   /* length of `out` after the last whole member of the object; 0 = none */
} Cleaner;

static void skip(Cleaner *cleaner, size_t count)
{
    cleaner->rest = sv_of(cleaner->rest.ptr + count, cleaner->rest.len - count);
}

static void copy(Cleaner *cleaner, size_t count)
{
    strbuf_add(cleaner->out, sv_of(cleaner->rest.ptr, count));
    skip(cleaner, count);
}

static void replace(Cleaner *cleaner, size_t count)
{
    utf8_append(cleaner->out, UTF8_REPLACEMENT);
    skip(cleaner, count);
    cleaner->facts.is_damaged = true;
}

/* Reads the four hexadecimal digits of the escape at the start of `text` ("\uXXXX"). */
static bool read_unit(StrView text, uint32_t *ret_unit)
{
    if (text.len < 6 || text.ptr[0] != '\\' || text.ptr[1] != 'u') {
        return false;
    }
    uint32_t unit = 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = unescape_hex_digit(text.ptr[i]);
        if (digit < 0) {
            return false;
        }
        unit = unit << 4 | (uint32_t)digit;
    }
    *ret_unit = unit;
    return true;
}

/* Copies the escape at hand; false when the text ends within it. */
static bool clean_escape(Cleaner *cleaner, bool is_key)
{
    uint32_t unit;
    uint32_t low;
    if (cleaner->rest.len < 2 || (cleaner->rest.ptr[1] == 'u' && cleaner->rest.len < 6)) {
        skip(cleaner, cleaner->rest.len);
        return false;
    }
    if (!read_unit(cleaner->rest, &unit)) {
        copy(cleaner, 2);
    } else if (unit == 0) {
        /* A strict reader takes no NUL in a name. */
        cleaner->facts.is_damaged = true;
        if (is_key) {
            replace(cleaner, 6);
        } else {
            copy(cleaner, 6);
        }
    } else if (unit < 0xd800 || unit > 0xdfff) {
        copy(cleaner, 6);
    } else if (unit < 0xdc00 && read_unit(sv_slice(cleaner->rest, 6, 6), &low) && low >= 0xdc00 &&
               low <= 0xdfff) {
        copy(cleaner, 12);
    } else {
        replace(cleaner, 6);
    }
    return true;
}

static void clean_byte(Cleaner *cleaner, bool is_key)
{
    unsigned char byte = (unsigned char)*cleaner->rest.ptr;
    if (byte < 0x20 && !(is_key && byte == 0)) {
        strbuf_printf(cleaner->out, "\\u%04x", (unsigned)byte);
        skip(cleaner, 1);
        cleaner->facts.is_damaged = true;
        return;
    }
    StrView after = cleaner->rest;
    if (byte == 0 || utf8_next(&after) >= UTF8_BROKEN) {
        replace(cleaner, 1);
    } else {
        copy(cleaner, cleaner->rest.len - after.len);
    }
}

/* Copies a string from its opening quote on; false when the text ends within it. */
static bool clean_string(Cleaner *cleaner, bool is_key)
{
    copy(cleaner, 1);
    while (cleaner->rest.len > 0) {
        size_t plain = 0;
        while (plain < cleaner->rest.len) {
            unsigned char byte = (unsigned char)cleaner->rest.ptr[plain];
            if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') {
                break;
            }
            plain++;
        }
        copy(cleaner, plain);
        if (cleaner->rest.len == 0) {
            return false;
        }
        if (*cleaner->rest.ptr == '"') {
            copy(cleaner, 1);
            return true;
        }
        if (*cleaner->rest.ptr != '\\') {
            clean_byte(cleaner, is_key);
        } else if (!clean_escape(cleaner, is_key)) {
            return false;
        }
    }
    return false;
}

static size_t count_digits(StrView text, size_t from)
{
    size_t at = from;
    while (at < text.len && ascii_is_digit(text.ptr[at])) {
        at++;
    }
    return at - from;
}

/* Length of the JSON number at the start of `text`, 0 when it is none. */
static size_t number_len(StrView text, bool *ret_is_plain)
{
    size_t at = text.len > 0 && text.ptr[0] == '-' ? 1 : 0;
    size_t digits = count_digits(text, at);
    if (digits == 0 || (digits > 1 && text.ptr[at] == '0')) {
        return 0;
    }
    at += digits;
    *ret_is_plain = digits <= DIGITS_SAFE;
    if (at < text.len && text.ptr[at] == '.') {
        digits = count_digits(text, at + 1);
        if (digits == 0) {
            return 0;
        }
        at += 1 + digits;
        *ret_is_plain = false;
    }
    if (at < text.len && (text.ptr[at] | 0x20) == 'e') {
        at++;
        at += at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-') ? 1 : 0;
        digits = count_digits(text, at);
        if (digits == 0) {
            return 0;
        }
        at += digits;
        *ret_is_plain = false;
    }
    return at;
}

/* A number, a word, or what should be one. Two in a row stay two: "1 2" must not become 12. */
static void clean_word(Cleaner *cleaner, bool is_apart)
{
    if (is_apart && cleaner->out->len > 0 &&
        sv_find_char(SV(",:{}[]\""), cleaner->out->ptr[cleaner->out->len - 1]) == SIZE_MAX) {
        strbuf_add_char(cleaner->out, ' ');
    }
    size_t len = 0;
    const StrView delimiters = SV(" \t\r\n,:{}[]\"");
    while (len < cleaner->rest.len &&
           sv_find_char(delimiters, cleaner->rest.ptr[len]) == SIZE_MAX) {
        len++;
    }
    bool is_plain = true;
    if ((cleaner->flags & CLEAN_MARK_NUMBERS) &&
        number_len(sv_of(cleaner->rest.ptr, len), &is_plain) == len && !is_plain) {
        strbuf_add_str(cleaner->out, "\"\\u0001");
        copy(cleaner, len);
        strbuf_add_char(cleaner->out, '"');
    } else {
        copy(cleaner, len > 0 ? len : 1);
    }
}

/* A member is whole after its value, unless that might go on beyond a missing end. */
static void note_value(Cleaner *cleaner, bool is_whole)
{
    if (cleaner->depth == 1 && is_whole) {
        cleaner->safe = cleaner->out->len;
    }
}

static bool clean_bracket(Cleaner *cleaner, char byte)
{
    if (byte == '{' || byte == '[') {
        if (cleaner->depth == DEPTH_MAX) {
            return false;
        }
        cleaner->open[cleaner->depth++] = byte;
        cleaner->is_key = byte == '{';
        copy(cleaner, 1);
        return true;
    }
    copy(cleaner, 1);
    if (cleaner->depth > 0) {
        cleaner->depth--;
    }
    cleaner->is_key = false;
    note_value(cleaner, true);
    return true;
}

/* Closes an object that has no end: after the text that was being read if that was a member's
 * value, else after the last whole member. */
static bool close_object(Cleaner *cleaner, bool is_in_value)
{
    cleaner->facts.is_truncated = true;
    if (is_in_value) {
        strbuf_add_str(cleaner->out, "\"}");
        return true;
    }
    if (cleaner->safe == 0) {
        return false;
    }
    cleaner->out->len = cleaner->safe;
    strbuf_add_char(cleaner->out, '}');
    return true;
}

static bool clean_object(Cleaner *cleaner)
{
    while (cleaner->rest.len > 0) {
        char byte = *cleaner->rest.ptr;
        bool is_apart = cleaner->is_apart;
        cleaner->is_apart = false;
        switch (byte) {
        case ' ':
        case '\t':
        case '\r':
        case '\n':
            skip(cleaner, 1);
            cleaner->is_apart = true;
            break;
        case '{':
        case '[':
        case '}':
        case ']':
            if (!clean_bracket(cleaner, byte)) {
                return false;
            }
            break;
        case '"': {
            bool is_key = cleaner->is_key;
            if (!clean_string(cleaner, is_key)) {
                return close_object(cleaner, !is_key && cleaner->depth == 1);
            }
            note_value(cleaner, !is_key);
            break;
        }
        case ':':
            cleaner->is_key = false;
            copy(cleaner, 1);
            break;
        case ',':
            cleaner->is_key = cleaner->depth > 0 && cleaner->open[cleaner->depth - 1] == '{';
            copy(cleaner, 1);
            break;
        default:
            clean_word(cleaner, is_apart);
            note_value(cleaner, cleaner->rest.len > 0);
        }
    }
    return cleaner->depth == 0 || close_object(cleaner, false);
}

bool ndjson_clean(StrView object, unsigned flags, StrBuf *buf, CleanFacts *ret_facts)
{
    Cleaner cleaner = {.rest = sv_trim(object), .out = buf, .flags = flags};
    if (cleaner.rest.len == 0 || *cleaner.rest.ptr != '{' || !clean_object(&cleaner)) {
        return false;
    }
    *ret_facts = cleaner.facts;
    return true;
}
