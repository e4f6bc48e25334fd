/*
 * ExcerptBundle: the archive (.tar.gz) of an excerpt: report.md, entries.ndjson, predicate.txt,
 * versions.txt, redaction.txt and SHA256SUMS, in a folder. The entries come out of a spool, in
 * slices. It opens no file.
 */
#ifndef SESSION_EXCERPT_BUNDLE_H
#define SESSION_EXCERPT_BUNDLE_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "session/excerpt_facts.h"
#include "session/spool.h"

#define BUNDLE_FOLDER "mdmscope-excerpt"

typedef struct ExcerptBundle ExcerptBundle;

/* Begins an archive. `facts` and `report` (Markdown, may be nil) are used during the call only;
 * `spool` holds the entries as NDJSON and is borrowed; `seconds` (since 1970) is the time of the
 * files. Fails when there are more entries than an archive of this kind can hold. */
ExcerptBundle *excerpt_bundle_new(const ExcerptFacts *facts, StrView report, Spool *spool,
                                  int64_t seconds, Err *err);
void excerpt_bundle_free(ExcerptBundle *bundle);

/* Appends a further piece of the archive; *ret_more tells whether there is more. Fails when the
 * spool cannot be read. */
bool excerpt_bundle_step(ExcerptBundle *bundle, StrBuf *buf, bool *ret_more, Err *err);

#endif
