/*
 * Regex: the façade of PCRE2; the one file of the project that includes it. JIT where it is to be
 * had, the interpreter otherwise; match limits so that no pattern can freeze anything.
 */
#ifndef FILTERS_REGEX_H
#define FILTERS_REGEX_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

typedef struct Regex Regex;

#define REGEX_CASELESS (1u << 0)
#define REGEX_LITERAL (1u << 1)    /* the pattern is plain text */
#define REGEX_WHOLE (1u << 2)      /* must match the whole text (MATCHES) */
#define REGEX_SMART_CASE (1u << 3) /* caseless unless the pattern has an upper-case letter */
#define REGEX_DOT_NEWLINE                                                                          \
    (1u << 4)                  /* '.' crosses lines, ^ and $ match at lines: ICU flags 0x28;       \
                                * also refuses what ICU, the engine of `log`, does not know */
#define REGEX_NO_JIT (1u << 5) /* for tests */

typedef enum RegexResult { REGEX_NO, REGEX_YES, REGEX_STOPPED } RegexResult;

/* Compiles; on an error returns NULL with the offset in the pattern. ICU's set operations
 * ([a-z&&[^b]]) are translated with REGEX_DOT_NEWLINE, else refused. The caller frees it. */
Regex *regex_new(StrView pattern, unsigned flags, Err *err);
void regex_free(Regex *regex);

/* Searches from byte `from` on; gives the span of the match, on REGEX_YES only. Any bytes will do:
 * one that is no UTF-8 counts as one character, which only '.' and negated sets match. */
RegexResult regex_search(Regex *regex, StrView text, size_t from, size_t *ret_start,
                         size_t *ret_end);

/* The same further on in the text of the last search, which must be unchanged and still there. */
RegexResult regex_search_on(Regex *regex, size_t from, size_t *ret_start, size_t *ret_end);
bool regex_has_jit(const Regex *regex);

/* Bytes of the compiled pattern, repeats written out: what it costs to hold and to prepare. */
size_t regex_size(const Regex *regex);

/* The text of a group of the last successful search, nil when it took no part. Valid as long as
 * the searched text and until the next search. */
StrView regex_group(const Regex *regex, const char *name);

#endif
