/*
 * Save: writes an excerpt to a file in slices, so that a screen goes on living: a temporary file of
 * mode 0600 beside the target, fsync, rename. The target appears whole or not at all. What is
 * redacted is so by what all held entries give away: they are looked at first.
 */
#ifndef SESSION_SAVE_H
#define SESSION_SAVE_H

#include "base/base.h"
#include "base/err.h"
#include "session/excerpt.h"
#include "session/save_set.h"
#include "session/secrets.h"
#include "session/session.h"

typedef struct SaveJob {
    SaveChoice choice;
    OutputFormat format;
    const char *path; /* NULL = into memory: save_text */
    bool may_replace;
    Secrets *secrets;       /* borrowed; NULL = everything is written as it is */
    const Options *options; /* borrowed, for what the excerpt says of itself; may be NULL */
    StrView what;           /* the choice in words, copied; nil = not said */
} SaveJob;

typedef struct Save Save;

/* Begins; the temporary file is open afterwards. Fails when `path` exists and may not be replaced
 * (then *ret_exists, which may be NULL, is true) or cannot be written. The caller frees it. */
Save *save_new(Session *session, const SaveJob *job, bool *ret_exists, Err *err);

/* Gives up a file that was not finished: nothing stays behind. NULL is fine. */
void save_free(Save *save);

/* Looks at or writes up to `rows` further entries. True while there is more; false when the file is
 * in place or something failed: see save_error. Entries that the ring evicts in the meantime are
 * counted in save_missed. */
bool save_step(Save *save, size_t rows);
const Err *save_error(const Save *save); /* text "" = all well */
uint64_t save_count(const Save *save);   /* entries written so far */
uint64_t save_missed(const Save *save);
double save_share(const Save *save); /* 0 to 1 */

/* What was written so far without a file; valid until the next step. */
StrView save_text(const Save *save);

/* Appends what will stand before the entries, as far as it is known before they are written: in the
 * form of the job, or as lines where that is a page or an archive. `redaction` (NULL = none) is to
 * be a new one: what is replaced here is numbered first in the file, too. */
void save_print_head(Session *session, const SaveJob *job, Redaction *redaction, StrBuf *ret);

/* Finds a row to save: in the ring, or among the copies of marked ones. */
bool save_find_row(const Session *session, EntryNumber number, StoreRow *ret_row);

#endif
