/*
 * StrView: borrowed bytes with a length, not NUL-terminated. StrBuf: bytes that grow, owned.
 * Both hold bytes, usually UTF-8; neither checks that (base/utf8.h does).
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>

#include "base/base.h"

typedef struct StrView {
    const char *ptr; /* NULL = no value at all (nil); "" with len 0 = an empty value */
    size_t len;
} StrView;

#define SV(literal) ((StrView){(literal), sizeof(literal) - 1})
#define SV_NONE ((StrView){NULL, 0})
/* For "%.*s": printf("%.*s", SV_ARG(view)). */
#define SV_ARG(view) (int)(view).len, (view).ptr

/* Views a NUL-terminated string; NULL gives SV_NONE. */
StrView sv(const char *text);
StrView sv_of(const char *ptr, size_t len);
bool sv_equal(StrView a, StrView b);        /* bytes; nil equals nil only */
bool sv_equal_nocase(StrView a, StrView b); /* ASCII letters folded */
int sv_compare(StrView a, StrView b);       /* like strcmp, over bytes */
bool sv_starts(StrView text, StrView with);
bool sv_ends(StrView text, StrView with);
/* Finds `needle`; returns its offset or SIZE_MAX. An empty needle is at 0. */
size_t sv_find(StrView text, StrView needle);
size_t sv_find_char(StrView text, char byte); /* SIZE_MAX = not there */
StrView sv_trim(StrView text);                /* ASCII white space off both ends */
/* The view from `from` on for `len` bytes, clipped to what there is. */
StrView sv_slice(StrView text, size_t from, size_t len);
/* The part after the last '/', all of it when there is none: "/usr/libexec/teslad" → "teslad". */
StrView sv_path_last(StrView path);
/* Takes the next line off `rest` without its '\n'; false when nothing is left. */
bool sv_next_line(StrView *rest, StrView *ret_line);
/* Reads the whole view as a decimal number; false when it is not one or does not fit. */
bool sv_to_u64(StrView text, uint64_t *ret_value);
bool sv_to_i64(StrView text, int64_t *ret_value);
/* Optimal-string-alignment distance, ASCII case folded, for "did you mean"; capped at 64 bytes. */
size_t sv_distance(StrView a, StrView b);

typedef struct StrBuf {
    char *ptr; /* NUL-terminated when not NULL */
    size_t len;
    size_t capacity;
} StrBuf;

/* A StrBuf of all zeroes is ready for use. */
void strbuf_add(StrBuf *buf, StrView text);
void strbuf_add_str(StrBuf *buf, const char *text);
void strbuf_add_char(StrBuf *buf, char byte);
void strbuf_add_many(StrBuf *buf, char byte, size_t count);
void strbuf_printf(StrBuf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void strbuf_vprintf(StrBuf *buf, const char *format, va_list args) PRINTF_LIKE(2, 0);
/* Appends `text` with what HTML and XML take for markup, between tags and in quoted attributes,
 * written as entities. */
void strbuf_add_escaped(StrBuf *buf, StrView text);
/* Replaces `len` bytes at `at` by `text`. */
void strbuf_replace(StrBuf *buf, size_t at, size_t len, StrView text);
void strbuf_reserve(StrBuf *buf, size_t more);
void strbuf_clear(StrBuf *buf); /* keeps the memory */
void strbuf_done(StrBuf *buf);
StrView strbuf_view(const StrBuf *buf); /* valid until the next change; never nil */

#endif
