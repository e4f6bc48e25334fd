/*
 * Tar: see tar.h. Heads of 512 bytes as IEEE 1003.1 describes them under pax, "ustar Interchange
 * Format"; numbers are octal digits.
 */
#include "session/tar.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Where the fields of a head are, and how long. */
#define NAME_AT 0
#define MODE_AT 100
#define OWNER_AT 108
#define GROUP_AT 116
#define SIZE_AT 124
#define TIME_AT 136
#define SUM_AT 148
#define TYPE_AT 156
#define MAGIC_AT 257
#define VERSION_AT 263

#define SHORT_DIGITS 7
#define LONG_DIGITS 11
#define SUM_DIGITS 6

static void put_octal(char *at, int digits, uint64_t number)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%0*" PRIo64, digits, number);
    memcpy(at, text, (size_t)digits + 1); /* the NUL ends the field */
}

void tar_head(const char *name, uint64_t size, int64_t seconds, StrBuf *buf)
{
    char head[TAR_BLOCK] = "";
    unsigned sum = 0;
    assert(strlen(name) <= TAR_NAME_MAX && size <= TAR_SIZE_MAX);
    memcpy(head + NAME_AT, name, strlen(name));
    put_octal(head + MODE_AT, SHORT_DIGITS, 0600);
    put_octal(head + OWNER_AT, SHORT_DIGITS, 0);
    put_octal(head + GROUP_AT, SHORT_DIGITS, 0);
    put_octal(head + SIZE_AT, LONG_DIGITS, size);
    put_octal(head + TIME_AT, LONG_DIGITS, seconds > 0 ? (uint64_t)seconds & TAR_SIZE_MAX : 0);
    memset(head + SUM_AT, ' ', SUM_DIGITS + 2); /* the sum counts itself as blanks */
    head[TYPE_AT] = '0';
    memcpy(head + MAGIC_AT, "ustar", 6);
    memcpy(head + VERSION_AT, "00", 2);
    for (size_t i = 0; i < sizeof head; i++) {
        sum += (unsigned char)head[i];
    }
    put_octal(head + SUM_AT, SUM_DIGITS, sum);
    strbuf_add(buf, sv_of(head, sizeof head));
}

void tar_pad(uint64_t size, StrBuf *buf)
{
    strbuf_add_many(buf, '\0', (size_t)((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK));
}

void tar_end(StrBuf *buf)
{
    strbuf_add_many(buf, '\0', 2 * (size_t)TAR_BLOCK);
}
