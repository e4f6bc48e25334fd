/*
 * Redaction: what one excerpt must not tell, replaced by placeholders that do not change within it:
 * the same value is "<serial-1>" wherever it stands, and no two values share one. One Redaction per
 * excerpt; entries go through it in order, one at a time, and it remembers a bounded number of
 * values. The rules are filters/redact_rules.h. It writes nowhere and knows no forms of excerpts.
 *
 *     RedactRules *rules = redact_rules_new(data_dir, &err);      (once, and the user's own put in)
 *     Redaction *redaction = redaction_new(rules);                (for each excerpt)
 *     redaction_entry(redaction, &entry, &clean);                 (clean lives until the next call)
 *     … redaction_replacements(redaction, &count)                 (what that was: for a preview)
 *     redaction_summary(redaction, &buf);                         (for a header)
 *     redaction_free(redaction); redact_rules_free(rules);
 *
 * What one entry gives away as a name may stand in those before it: who has all of them lets a
 * Redaction learn from each first (redaction_learn), and others know what it has learned
 * (redaction_know).
 */
#ifndef SESSION_REDACTION_H
#define SESSION_REDACTION_H

#include "base/base.h"
#include "base/str.h"
#include "filters/redact_rules.h"
#include "parsers/entry.h"

/* Values that get a number of their own; further ones become "<serial>" without one. */
#define REDACTION_VALUES_MAX 65536
/* Of these, so many are also looked for where no rule would find them, in texts of these lengths.
 */
#define REDACTION_KNOWN_MAX 8192
#define REDACTION_KNOWN_MIN_BYTES 4
#define REDACTION_KNOWN_MAX_BYTES 256

typedef struct Redaction Redaction;

/* One place that was replaced. */
typedef struct Replacement {
    StrView field;          /* "eventMessage", "processImagePath", …; "" = a text by itself */
    const RedactRule *rule; /* id, title, sort; NULL = a value that was found before, see `why` */
    const char *why;        /* in words: the rule's title, or why there is none */
    size_t start, end;      /* bytes of the field's text as it was */
    StrView original;       /* what stood there */
    StrView placeholder;    /* what stands there now */
} Replacement;

/* How often and for how many values a rule was used. */
typedef struct RedactionCount {
    const RedactRule *rule; /* NULL = a value that was found before stood where no rule fits */
    uint64_t places;
    uint64_t values; /* that it was the first to find */
} RedactionCount;

/* Makes one. `rules` is borrowed, is changed by being used, and must outlive it. */
Redaction *redaction_new(RedactRules *rules);
void redaction_free(Redaction *redaction);

/* Redacts all texts of `entry` and its raw bytes: those of NDJSON and JSON stay valid and keep
 * their keys, in their order; subsystem, category, times, numbers and the UUIDs of images stay.
 * Returns whether anything was replaced; if not, `*ret` is `*entry`. What it points to lives until
 * the next call of a function that redacts, and no longer than the entry. */
bool redaction_entry(Redaction *redaction, const Entry *entry, Entry *ret);

/* Takes down which values `entry` gives away in its message and its paths, so that they are
 * replaced wherever they stand; they have no number before one is met. */
void redaction_learn(Redaction *redaction, const Entry *entry);

/* The same of the name of a host, so that it is known before any text that has it in it. */
void redaction_learn_host(Redaction *redaction, StrView host);

/* Has all values be known that `learner` has learned; both of the same rules. */
void redaction_know(Redaction *redaction, const Redaction *learner);

/* Appends `text` redacted; returns whether anything was replaced. For names of sources and files,
 * predicates, notices, notes of the user. */
bool redaction_text(Redaction *redaction, StrView text, StrBuf *ret);

/* The same for the value of a key, which may tell what kind of value it is ("OrganizationName"). */
bool redaction_value(Redaction *redaction, StrView key, StrView value, StrBuf *ret);

/* Appends the placeholder of a name that is known to be a host's ("mac-17.local", "admin@mac-17"),
 * or the name itself where it is harmless. */
bool redaction_host(Redaction *redaction, StrView host, StrBuf *ret);

/* Leaves a value as it is from now on, in all spellings: what the preview lets the reader keep.
 * False when there are too many (REDACT_KEEP_MAX). It lasts as long as the rules. */
bool redaction_keep(Redaction *redaction, StrView value);

/* Gives what the last call of redaction_entry, redaction_text or redaction_host has replaced, in
 * order of fields and places. Valid until the next such call. */
const Replacement *redaction_replacements(const Redaction *redaction, size_t *ret_count);

/* Gives the rules that were used so far, in their order, how often; at most `max`. */
size_t redaction_counts(const Redaction *redaction, RedactionCount *ret, size_t max);

uint64_t redaction_places(const Redaction *redaction);     /* replaced so far */
uint64_t redaction_values(const Redaction *redaction);     /* different ones, with a number */
uint64_t redaction_unnumbered(const Redaction *redaction); /* places after the memory was full */
uint64_t redaction_withheld(const Redaction *redaction);   /* texts masked whole: a rule gave up */

/* Appends one line for people, without '\n': "14 values in 52 places (serial 2, uuid 9, …)", or
 * "nothing was found". */
void redaction_summary(const Redaction *redaction, StrBuf *ret);

#endif
