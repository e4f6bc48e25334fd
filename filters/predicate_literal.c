/*
 * Literals of predicate text: quoted texts with their escapes, and numbers in four bases.
 * It gives values only; which literal may stand where is decided in predicate_parse.c.
 */
#include "filters/predicate_lex.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define NUMBER_MAX_BYTES 128

static int digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return 99;
}

/* Reads up to `most` digits of `base` at `*at`; returns how many there were. */
static size_t take_digits(StrView text, size_t *at, int base, size_t most, uint32_t *ret_value)
{
    size_t count = 0;
    uint32_t value = 0;
    while (count < most && *at < text.len && digit_value(text.ptr[*at]) < base) {
        value = value * (uint32_t)base + (uint32_t)digit_value(text.ptr[*at]);
        (*at)++;
        count++;
    }
    *ret_value = value;
    return count;
}

/* The character of `\c`; -1 when c stands for itself. */
static int simple_escape(char c)
{
    static const char LETTERS[] = "abfnrtv";
    static const char VALUES[] = "\a\b\f\n\r\t\v";
    const char *found = c ? strchr(LETTERS, c) : NULL;
    return found ? VALUES[found - LETTERS] : -1;
}

unsigned lex_escape(char c)
{
    return (unsigned)simple_escape(c);
}

/* The second half of a pair written \uD83D\uDE00; leaves `*at` alone when there is none. */
static uint32_t take_low_surrogate(StrView inner, size_t *at)
{
    size_t next = *at;
    uint32_t low = 0;
    if (!sv_starts(sv_slice(inner, next, 2), SV("\\u"))) {
        return 0;
    }
    next += 2;
    if (take_digits(inner, &next, 16, 4, &low) != 4 || low < 0xDC00u || low > 0xDFFFu) {
        return 0;
    }
    *at = next;
    return low;
}

/* Resolves the escape whose letter is at `*at`; false with a message when it is malformed. */
static bool take_escape(StrView inner, size_t *at, size_t offset, StrBuf *buf, Err *err)
{
    char c = inner.ptr[*at];
    uint32_t value = 0;
    if (c >= '0' && c <= '7') {
        (void)take_digits(inner, at, 8, 3, &value); /* at least one: `c` is a digit */
        utf8_append(buf, value);
        return true;
    }
    if (c == 'x' || c == 'u') {
        size_t want = c == 'x' ? 2 : 4;
        (*at)++;
        if (take_digits(inner, at, 16, want, &value) != want) {
            return err_set_at(err, offset, "expected %s hexadecimal digits after \\%c",
                              c == 'x' ? "two" : "four", c);
        }
        uint32_t low = value >= 0xD800u && value <= 0xDBFFu ? take_low_surrogate(inner, at) : 0;
        utf8_append(buf, low ? 0x10000u + ((value - 0xD800u) << 10) + (low - 0xDC00u) : value);
        return true;
    }
    int simple = simple_escape(c);
    if (simple >= 0) {
        c = (char)simple;
    }
    strbuf_add_char(buf, c);
    (*at)++;
    return true;
}

bool lex_unquote(StrView literal, size_t offset, StrBuf *buf, Err *err)
{
    StrView inner = sv_slice(literal, 1, literal.len - 2);
    size_t at = 0;
    while (at < inner.len) {
        size_t plain = sv_find_char(sv_slice(inner, at, inner.len), '\\');
        if (plain == SIZE_MAX) {
            strbuf_add(buf, sv_slice(inner, at, inner.len));
            break;
        }
        strbuf_add(buf, sv_slice(inner, at, plain));
        at += plain;
        size_t where = offset + 1 + at;
        at++;
        if (at < inner.len && !take_escape(inner, &at, where, buf, err)) {
            return false;
        }
    }
    return true;
}

/* 0x, 0o, 0b: the base, or 10. */
static int number_base(StrView literal)
{
    if (literal.len < 2 || literal.ptr[0] != '0') {
        return 10;
    }
    switch (literal.ptr[1]) {
    case 'x':
    case 'X':
        return 16;
    case 'o':
    case 'O':
        return 8;
    case 'b':
    case 'B':
        return 2;
    default:
        return 10;
    }
}

/* Digits only, in `base`; false when there is anything else or 64 bits are too few. */
static bool to_integer(StrView digits, int base, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        uint64_t digit = (uint64_t)digit_value(digits.ptr[i]);
        if (digit >= (uint64_t)base || value > (UINT64_MAX - digit) / (uint64_t)base) {
            return false;
        }
        value = value * (uint64_t)base + digit;
    }
    *ret_value = value;
    return digits.len > 0;
}

/* [digits][.digits][e[±]digits], with a digit where it matters. */
static bool is_decimal_form(StrView text)
{
    size_t at = 0;
    uint32_t ignored;
    size_t whole = take_digits(text, &at, 10, SIZE_MAX, &ignored);
    if (at < text.len && text.ptr[at] == '.') {
        at++;
        if (take_digits(text, &at, 10, SIZE_MAX, &ignored) == 0) {
            return false;
        }
        whole++;
    }
    if (whole > 0 && at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
        at++;
        if (at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+')) {
            at++;
        }
        if (take_digits(text, &at, 10, SIZE_MAX, &ignored) == 0) {
            return false;
        }
    }
    return whole > 0 && at == text.len;
}

/* strtod reads the decimal point of the locale; predicates always have '.'. */
static double to_double(StrView text)
{
    char copy[NUMBER_MAX_BYTES + 16];
    const char *point = localeconv()->decimal_point;
    size_t point_len = strlen(point) < 8 ? strlen(point) : 0;
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '.' && point_len > 0) {
            memcpy(copy + len, point, point_len);
            len += point_len;
        } else {
            copy[len++] = text.ptr[i];
        }
    }
    copy[len] = '\0';
    return strtod(copy, NULL);
}

bool lex_number(StrView literal, size_t offset, Operand *operand, Err *err)
{
    int base = number_base(literal);
    StrView digits = base == 10 ? literal : sv_slice(literal, 2, literal.len);
    uint64_t integer = 0;
    operand->kind = OPERAND_NUMBER;
    if (to_integer(digits, base, &integer)) {
        operand->integer = integer;
        operand->is_integer = true;
        operand->number = (double)integer;
        return true;
    }
    if (base != 10 || !is_decimal_form(literal)) {
        return err_set_at(err, offset, "malformed number '%.*s'",
                          literal.len > 40 ? 40 : (int)literal.len, literal.ptr);
    }
    if (literal.len > NUMBER_MAX_BYTES) {
        return err_set_at(err, offset, "a number of more than %d digits", NUMBER_MAX_BYTES);
    }
    double value = to_double(literal);
    if (!isfinite(value)) {
        return err_set_at(err, offset, "a number out of range");
    }
    operand->number = value;
    /* 2^64 is exact as a double: below it every whole double is a uint64_t. */
    operand->is_integer = value < 18446744073709551616.0 && floor(value) == value;
    operand->integer = operand->is_integer ? (uint64_t)value : 0;
    return true;
}
