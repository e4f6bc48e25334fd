/*
 * ASCII: what kind of byte a byte is, whatever the locale says: the functions of <ctype.h> depend
 * on it, and are undefined for bytes of UTF-8 where char is signed. Bytes above 0x7F are of no
 * kind.
 */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include "base/base.h"

/* '0' to '9'. */
static inline bool ascii_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* 'a' to 'z'. */
static inline bool ascii_is_lower(char byte)
{
    return byte >= 'a' && byte <= 'z';
}

/* 'A' to 'Z'. */
static inline bool ascii_is_upper(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

/* A letter of either case. */
static inline bool ascii_is_letter(char byte)
{
    return ascii_is_lower(byte) || ascii_is_upper(byte);
}

/* A letter or a digit. */
static inline bool ascii_is_alnum(char byte)
{
    return ascii_is_letter(byte) || ascii_is_digit(byte);
}

/* A hexadecimal digit of either case. */
static inline bool ascii_is_hex(char byte)
{
    return ascii_is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/* White space as C knows it: blank, tab, line ends, vertical tab, form feed. */
static inline bool ascii_is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* White space as JSON knows it: blank, tab, line feed, carriage return. */
static inline bool ascii_is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* A capital letter as a small one, every other byte as it is. */
static inline unsigned char ascii_lower(char byte)
{
    unsigned char value = (unsigned char)byte;
    return value >= 'A' && value <= 'Z' ? (unsigned char)(value | 0x20) : value;
}

#endif
