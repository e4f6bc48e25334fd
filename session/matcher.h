/*
 * Matcher: a regular expression asked of entries: of their messages and of the names of process,
 * subsystem and category. It counts nothing and knows no views.
 */
#ifndef SESSION_MATCHER_H
#define SESSION_MATCHER_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "parsers/columns.h"

typedef struct Matcher Matcher;

/* Compiles a pattern (PCRE2, smart case), which is not empty; NULL with its place on an error. */
Matcher *matcher_new(StrView pattern, Err *err);
void matcher_free(Matcher *matcher);

StrView matcher_pattern(const Matcher *matcher);

/* Tells whether the row matches. All columns given to one matcher must share one table of atoms. */
bool matcher_has(Matcher *matcher, const Columns *columns, uint32_t index);

/* Gives the next match within a text from byte `from` on. */
bool matcher_span(Matcher *matcher, StrView text, size_t from, size_t *ret_start, size_t *ret_end);

/* How often the pattern was stopped because it needed too many steps; such texts do not match. */
uint64_t matcher_stopped(const Matcher *matcher);

#endif
