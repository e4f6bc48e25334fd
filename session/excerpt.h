/*
 * Excerpt: entries written out for people and other programs: the formats of `mdmscope show` and of
 * the save dialog. Writes to a StrBuf; files are session/file_out.h.
 */
#ifndef SESSION_EXCERPT_H
#define SESSION_EXCERPT_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "session/options.h"
#include "session/store.h"

typedef struct ExcerptHead {
    StrView source;    /* what was read */
    StrView predicate; /* in force; nil = none */
    bool has_hosts;    /* several sources: a host column */
} ExcerptHead;

/* Finds a format by name: text, compact, ndjson, csv, md. */
bool excerpt_format_parse(StrView text, OutputFormat *ret_format, Err *err);
const char *excerpt_format_name(OutputFormat format);
const char *excerpt_format_suffix(OutputFormat format); /* ".log", ".ndjson", … */

/* Appends what stands before the first entry, one entry, what stands after the last. */
void excerpt_begin(OutputFormat format, const ExcerptHead *head, StrBuf *buf);
void excerpt_entry(OutputFormat format, const ExcerptHead *head, const Columns *columns,
                   uint32_t index, StrView host, StrBuf *scratch, StrBuf *buf);
void excerpt_end(OutputFormat format, uint64_t entries, StrBuf *buf);

#endif
