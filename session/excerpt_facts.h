/*
 * ExcerptFacts: what an excerpt says about itself: what was read and where, when, by which
 * predicates it was chosen, how much it is, what is missing in it, what was replaced, and the
 * checksum of its entries. The forms of an excerpt write them; nothing here knows a form.
 */
#ifndef SESSION_EXCERPT_FACTS_H
#define SESSION_EXCERPT_FACTS_H

#include "base/arena.h"
#include "base/base.h"
#include "base/clock.h"
#include "base/sha256.h"
#include "base/str.h"
#include "parsers/columns.h"
#include "session/enrolment.h"
#include "session/options.h"
#include "session/redaction.h"
#include "session/source.h"

#define EXCERPT_FACTS_MAX 512 /* four of each source, one of each rule, and some */
#define EXCERPT_SUM_LABEL "SHA-256 of the entries"
#define EXCERPT_GAPS_SHOWN 8 /* gaps that are told in full */

typedef struct ExcerptFact {
    const char *label;
    StrView text;
} ExcerptFact;

/* All zeroes = none. */
typedef struct ExcerptFacts {
    ExcerptFact items[EXCERPT_FACTS_MAX]; /* what does not fit is left out */
    size_t count;
    Arena arena;
    Redaction *redaction; /* borrowed, NULL = none: texts from outside pass through it */
    StrView caveat;       /* borrowed: what it may not have known; nil = nothing to be said */
} ExcerptFacts;

void excerpt_facts_done(ExcerptFacts *facts);

/* Adds a fact; texts are copied. excerpt_facts_say is for the program's own words,
 * excerpt_facts_add for what may hold anything; a nil text adds nothing. */
void excerpt_facts_say(ExcerptFacts *facts, const char *label, const char *format, ...)
    PRINTF_LIKE(3, 4);
void excerpt_facts_add(ExcerptFacts *facts, const char *label, StrView text);

/* Finds a fact; nil = not there. */
StrView excerpt_facts_find(const ExcerptFacts *facts, const char *label);

/* --- counting --- */

/* What was seen of the entries on their way out. */
typedef struct ExcerptTally {
    uint64_t entries;
    uint64_t errors; /* of level error or fault */
    uint64_t unparsed;
    uint64_t cut;
    uint64_t masked;  /* with a value that macOS masked */
    uint64_t losses;  /* entries by which `log` itself says that it lost some */
    uint64_t gaps;    /* notices of drops and the like among the entries */
    StrBuf gap_texts; /* of the first of them, a line each */
    Stamp first;      /* the earliest and the latest; CLOCK_NO_TIME = none */
    Stamp last;
    Sha256 sum; /* of the entries' NDJSON lines */
} ExcerptTally;

void excerpt_tally_init(ExcerptTally *tally);
void excerpt_tally_done(ExcerptTally *tally);
void excerpt_tally_entry(ExcerptTally *tally, const Entry *entry, StrView ndjson);
/* `host` "" = there is only one source. */
void excerpt_tally_gap(ExcerptTally *tally, Stamp time, StrView host, StrView text);

/* --- filling --- */

/* Where the entries come from and how they were chosen. */
typedef struct ExcerptOrigin {
    Sources *sources;           /* NULL = not known */
    const Options *options;     /* NULL = not known */
    const Enrolment *enrolment; /* NULL = not known: tells the version of macOS */
    StrView what;               /* "the marked entries"; nil = everything */
    StrView pane;               /* its predicate, in force; nil = none */
    bool hides_noise;
} ExcerptOrigin;

/* Has the names of hosts be known before any text that may have them in it; NULL = none. */
void excerpt_facts_learn_hosts(Redaction *redaction, const Sources *sources);

/* Appends the name of the source as it may be seen: that of a host has a placeholder, that of a
 * file and the like only where a rule says so. `sources` NULL = not known: it is taken for a
 * host's. `redaction` NULL = as it is. */
void excerpt_facts_source_name(Redaction *redaction, const Sources *sources, size_t index,
                               StrView name, StrBuf *ret);

/* Adds tool, sources, hosts, what was chosen and by which predicates. */
void excerpt_facts_add_origin(ExcerptFacts *facts, const ExcerptOrigin *origin);

/* Adds the version of macOS, as far as it is known: this Mac's own, or by the daemons that spoke.
 */
void excerpt_facts_add_system(ExcerptFacts *facts, const ExcerptOrigin *origin);

/* Adds time range, counts, gaps and checksum. `missed`: entries that are not there any more.
 * Ends the sum of the tally. */
void excerpt_facts_add_tally(ExcerptFacts *facts, ExcerptTally *tally, uint64_t missed);

/* Adds whether anything was replaced. */
void excerpt_facts_add_redaction(ExcerptFacts *facts);

/* Appends all of it as "label: text" lines, with `prefix` before each. */
void excerpt_facts_print(const ExcerptFacts *facts, const char *prefix, StrBuf *buf);

#endif
