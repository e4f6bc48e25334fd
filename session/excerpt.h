/*
 * Excerpt: entries written out for people and other programs: the forms of `mdmscope show` and of
 * the save dialog. Entry by entry into a StrBuf, so that it streams; files are session/file_out.h,
 * the archive that is called bundle is session/excerpt_bundle.h.
 *
 * What a form says about itself (excerpt_facts.h): text, compact and syslog have it in lines that
 * begin with EXCERPT_COMMENT, which the decoder takes for no entries; md and html as a table;
 * ndjson, json and csv are read by programs that know no comments and have nothing but entries: for
 * these the bundle has it beside them.
 *
 * The checksum is that of the entries as NDJSON lines, whatever the form: what `--format ndjson`
 * writes of the same entries, and entries.ndjson in a bundle.
 */
#ifndef SESSION_EXCERPT_H
#define SESSION_EXCERPT_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "parsers/decoder.h"
#include "session/excerpt_facts.h"
#include "session/options.h"
#include "session/store.h"

#define EXCERPT_COMMENT DECODER_COMMENT

/* Finds a form by name: text, compact, syslog, ndjson, json, csv, md, html, bundle. */
bool excerpt_format_parse(StrView text, OutputFormat *ret_format, Err *err);
const char *excerpt_format_name(OutputFormat format);
const char *excerpt_format_suffix(OutputFormat format); /* ".log", ".ndjson", … */
const char *excerpt_format_help(OutputFormat format);   /* what it is, in a few words */

/* Whether the form says what it is beside its entries; and whether it is made for other people, so
 * that it has the report in it and personal things are replaced unless told otherwise. */
bool excerpt_has_facts(OutputFormat format);
bool excerpt_is_for_people(OutputFormat format);

typedef struct Excerpt {
    OutputFormat format;    /* FORMAT_BUNDLE writes as FORMAT_NDJSON */
    bool has_hosts;         /* several sources: a host column */
    const Sources *sources; /* borrowed, NULL = not known: every name is taken for a host's */
    Redaction *redaction;   /* borrowed, NULL = nothing is replaced */
    ExcerptTally tally;     /* of all entries so far */
    bool skips_sum;         /* nobody asks for the checksum: set it before the first entry */
    bool is_open_line;      /* the last entry came without its newline */
    StrBuf scratch;
    StrBuf ndjson;
    StrBuf host; /* as it may be seen */
    StrBuf notice;
} Excerpt;

void excerpt_init(Excerpt *excerpt, OutputFormat format, bool has_hosts, Redaction *redaction);
void excerpt_done(Excerpt *excerpt);

/* Says what the entries come from: which of the names are hosts', so that these are masked
 * everywhere and the names of files are not. After excerpt_init, before excerpt_begin. */
void excerpt_know_sources(Excerpt *excerpt, const Sources *sources);

/* Appends what stands before the first entry. `facts` are what is known so far (NULL = they are not
 * told); `report` is of excerpt_report.h in this form, nil = none. */
void excerpt_begin(Excerpt *excerpt, const ExcerptFacts *facts, StrView report, StrBuf *buf);

/* Appends an entry, or a notice where the form has such. */
void excerpt_add(Excerpt *excerpt, const Columns *columns, uint32_t index, StrView host,
                 StrBuf *buf);

/* Appends what stands after the last entry: likewise what has become known since. */
void excerpt_end(Excerpt *excerpt, const ExcerptFacts *facts, StrView report, StrBuf *buf);

/* Appends the facts and a report in Markdown as a page of their own: for what stands beside
 * entries. */
void excerpt_print_about(const ExcerptFacts *facts, StrView report, StrBuf *buf);

/* Appends one entry in a text form, without anything else: for what is copied from the screen. */
void excerpt_print_entry(OutputFormat format, const Columns *columns, uint32_t index,
                         const Sources *sources, Redaction *redaction, StrBuf *buf);

#endif
