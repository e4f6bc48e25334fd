/*
 * For the leak test alone: values made by patterns, the ways in which logs spell them, and the set
 * of texts that must not be found again: each value, its spellings, and every run of eight and more
 * random characters in it, so that half of a secret is a leak too.
 */
#ifndef TESTS_SESSION_LEAK_TEXTS_H
#define TESTS_SESSION_LEAK_TEXTS_H

#include <string.h>

#include "base/mem.h"
#include "base/node.h"
#include "base/utf8.h"
#include "filters/literals.h"

#define RUN_MIN 8 /* random characters that do not stand anywhere by chance */
#define SHOWN_MAX 40

/* `what` tells in a message what it is of; borrowed. */
typedef struct Text {
    char *ptr;
    const char *what;
} Text;

typedef struct Texts {
    Text *items;
    size_t count;
    size_t capacity;
} Texts;

static void add_text(Texts *texts, StrView text, const char *what)
{
    mem_grow((void **)&texts->items, &texts->capacity, texts->count, sizeof *texts->items);
    texts->items[texts->count++] = (Text){.ptr = mem_dup(text.ptr, text.len), .what = what};
}

static void texts_done(Texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        mem_free(texts->items[i].ptr);
    }
    mem_free(texts->items);
}

/* --- values --- */

/* xorshift64* */
static size_t random_below(uint64_t *state, size_t limit)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (size_t)((*state * UINT64_C(2685821657736338717)) >> 33) % limit;
}

/* What a character of a pattern may become; NULL = it is itself. */
static const char *letters_of(StrView pattern, size_t at)
{
    static const struct {
        char mark;
        const char *letters;
    } MARKS[] = {
        {'#', "0123456789"},
        {'@', "abcdefghijklmnopqrstuvwxyz"},
        {'^', "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
        {'?', "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"},
        {'~', "0123456789abcdef"},
        {'*', "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"},
    };
    if (sv_starts(sv_slice(pattern, at, SIZE_MAX), SV("@example.com"))) {
        return NULL;
    }
    for (size_t i = 0; i < ARRAY_LEN(MARKS); i++) {
        if (pattern.ptr[at] == MARKS[i].mark) {
            return MARKS[i].letters;
        }
    }
    return NULL;
}

static void make_value(StrView pattern, uint64_t *state, StrBuf *ret)
{
    for (size_t i = 0; i < pattern.len; i++) {
        const char *letters = letters_of(pattern, i);
        strbuf_add_char(ret, letters != NULL ? letters[random_below(state, strlen(letters))]
                                             : pattern.ptr[i]);
    }
}

/* --- spellings --- */

static bool is_unreserved(char byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
           (byte != '\0' && strchr("-._~", byte) != NULL);
}

static void spell_percent(StrView value, bool is_all, StrBuf *ret)
{
    for (size_t i = 0; i < value.len; i++) {
        if (is_all || !is_unreserved(value.ptr[i])) {
            strbuf_printf(ret, "%%%02X", (unsigned)(unsigned char)value.ptr[i]);
        } else {
            strbuf_add_char(ret, value.ptr[i]);
        }
    }
}

static void spell_json(StrView value, StrBuf *ret)
{
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] == '"' || value.ptr[i] == '\\' || value.ptr[i] == '/') {
            strbuf_add_char(ret, '\\');
        }
        strbuf_add_char(ret, value.ptr[i]);
    }
}

/* As JSON and old property lists write what is not ASCII: \u65e5, \U65e5. */
static void spell_codes(StrView value, char letter, StrBuf *ret)
{
    while (value.len > 0) {
        uint32_t code = utf8_next(&value);
        if (code == '"' || code == '\\') {
            strbuf_add_char(ret, '\\');
        }
        if (code < 0x80) {
            strbuf_add_char(ret, (char)code);
        } else {
            strbuf_printf(ret, "\\%c%04x", letter, (unsigned)code);
        }
    }
}

static void spell_xml(StrView value, bool is_all, StrBuf *ret)
{
    for (size_t i = 0; i < value.len; i++) {
        const char *entity = value.ptr[i] == '&'    ? "&amp;"
                             : value.ptr[i] == '<'  ? "&lt;"
                             : value.ptr[i] == '>'  ? "&gt;"
                             : value.ptr[i] == '"'  ? "&quot;"
                             : value.ptr[i] == '\'' ? "&apos;"
                                                    : NULL;
        if (is_all && (unsigned char)value.ptr[i] < 0x80) {
            strbuf_printf(ret, "&#%u;", (unsigned)value.ptr[i]);
        } else if (entity != NULL) {
            strbuf_add_str(ret, entity);
        } else {
            strbuf_add_char(ret, value.ptr[i]);
        }
    }
}

/* How a mark in a context, {V} and so on, wants the value. */
static const char SPELLINGS[] = "VPFJDUNXE";

static void spell(char how, StrView value, StrBuf *ret)
{
    StrBuf once = {0};
    switch (how) {
    case 'P':
    case 'F':
        spell_percent(value, how == 'F', ret);
        break;
    case 'J':
        spell_json(value, ret);
        break;
    case 'D':
        spell_json(value, &once);
        spell_json(strbuf_view(&once), ret);
        break;
    case 'U':
        spell_codes(value, 'u', ret);
        break;
    case 'N':
        spell_codes(value, 'U', ret);
        break;
    case 'X':
    case 'E':
        spell_xml(value, how == 'E', ret);
        break;
    default:
        strbuf_add(ret, value);
        break;
    }
    strbuf_done(&once);
}

/* --- what must not be found --- */

static void add_needle(Texts *needles, const StrBuf *spelling, StrView value, bool is_first,
                       const char *what)
{
    if (is_first || !sv_equal(strbuf_view(spelling), value)) {
        add_text(needles, strbuf_view(spelling), what);
    }
}

static void add_runs(Texts *needles, StrView pattern, StrView value, const char *what)
{
    size_t start = 0;
    for (size_t i = 0; i <= pattern.len; i++) {
        if (i < pattern.len && letters_of(pattern, i) != NULL) {
            continue;
        }
        if (i - start >= RUN_MIN && i - start < value.len) {
            add_text(needles, sv_slice(value, start, i - start), what);
        }
        start = i + 1;
    }
}

/* Adds a value made by `pattern` in all its spellings, and both letter cases. */
static void add_secret(Texts *needles, StrView pattern, StrView value, const char *what)
{
    for (size_t i = 0; SPELLINGS[i] != '\0'; i++) {
        StrBuf spelling = {0};
        spell(SPELLINGS[i], value, &spelling);
        add_needle(needles, &spelling, value, SPELLINGS[i] == 'V', what);
        strbuf_done(&spelling);
    }
    StrBuf small = {0};
    StrBuf capital = {0};
    for (size_t i = 0; i < value.len; i++) {
        char byte = value.ptr[i];
        bool is_small = byte >= 'a' && byte <= 'z';
        bool is_capital = byte >= 'A' && byte <= 'Z';
        strbuf_add_char(&small, is_capital ? (char)(byte | 0x20) : byte);
        strbuf_add_char(&capital, is_small ? (char)(byte - 0x20) : byte);
    }
    add_needle(needles, &small, value, false, what);
    add_needle(needles, &capital, value, false, what);
    strbuf_done(&small);
    strbuf_done(&capital);
    add_runs(needles, pattern, value, what);
}

/* How often a needle stands in `text`; the first few are told. */
static size_t count_leaks(const Texts *needles, StrView text, const char *where)
{
    size_t leaks = 0;
    for (size_t from = 0; from < needles->count; from += LITERALS_MAX) {
        Literals *set = literals_new();
        for (size_t i = from; i < needles->count && i < from + LITERALS_MAX; i++) {
            assert_true(literals_add(set, sv(needles->items[i].ptr), (uint16_t)(i - from)));
        }
        LiteralScan scan = literals_begin(set, text);
        uint16_t owner;
        while (literals_next(&scan, &owner)) {
            const Text *needle = &needles->items[from + owner];
            if (leaks++ < SHOWN_MAX) {
                print_error("%s: '%s' of %s\n", where, needle->ptr, needle->what);
            }
        }
        literals_free(set);
    }
    return leaks;
}

#endif
