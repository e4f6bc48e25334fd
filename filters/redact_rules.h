/*
 * RedactRules: what filters/redactions.json says, compiled: in which places of a text something
 * stands that must not leave the house, and what kind of thing it is. It finds; what is put there
 * instead, and under which number, is session/redaction.h. It knows no entries and no files.
 */
#ifndef FILTERS_REDACT_RULES_H
#define FILTERS_REDACT_RULES_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

#define REDACT_RULES_MAX 64       /* of the program: a set of them is 64 bits */
#define REDACT_OWN_MAX 64         /* of the user */
#define REDACT_OWN_BYTES 4096     /* of one pattern */
#define REDACT_KEEP_MAX 256       /* values of the user that stay */
#define REDACT_RULE_NONE SIZE_MAX /* found by no rule */

typedef struct RedactRules RedactRules;

typedef struct RedactRule {
    StrView id;    /* "secret-kv" */
    StrView title; /* "value of a key that names a secret" */
    StrView sort;  /* "secret", "person", "device", "tenant", "network"; "own" = the user's */
    StrView note;  /* nil = none */
    bool is_optional;
    bool is_on;
} RedactRule;

/* A place in a text. */
typedef struct RedactHit {
    size_t start;
    size_t end;
    size_t rule;   /* index, see redact_rules_get */
    StrView kind;  /* "serial": the placeholder's name; lives as long as the rules */
    bool spreads;  /* the value is to be masked wherever it stands from then on */
    bool is_exact; /* letter case counts: of a secret */
    bool is_kept;  /* the user keeps it: it stays, and nothing within it is replaced */
} RedactHit;

/* All zeroes = none. */
typedef struct RedactHits {
    RedactHit *items;
    size_t count;
    size_t capacity;
    bool has_stopped; /* a rule gave up on the text: what else is in it is not known */
} RedactHits;

/* Reads the rules that are compiled in, or the file below `directory` (NULL = none) if there is
 * one. NULL with the place in `err` when something is wrong with them. The caller frees it. They
 * are not for several threads at once. */
RedactRules *redact_rules_new(const char *directory, Err *err);

/* The same out of a text. */
RedactRules *redact_rules_read(StrView text, const char *name, Err *err);
void redact_rules_free(RedactRules *rules);

size_t redact_rules_count(const RedactRules *rules);
const RedactRule *redact_rules_get(const RedactRules *rules, size_t index);

/* Switches a rule on that is optional, or off one that is not; false when there is none of that
 * id. */
bool redact_rules_switch(RedactRules *rules, StrView id, bool is_on);

/* Adds a rule of the user's after those there are: `pattern` is a regular expression, its named
 * groups the values, all of a match if it has none; `kind` names the placeholder then (letters,
 * digits, '-'). All texts are copied. */
bool redact_rules_add(RedactRules *rules, StrView id, StrView kind, StrView pattern, Err *err);

/* Adds a value that stays readable: letter case does not count, "*.example.com" means the host and
 * all below it. False when there are REDACT_KEEP_MAX. */
bool redact_rules_keep(RedactRules *rules, StrView value);

/* How many values are kept so; and goes back to the first `count` of them. */
size_t redact_rules_kept(const RedactRules *rules);
void redact_rules_keep_only(RedactRules *rules, size_t count);

/* Tells whether `value` as a whole is harmless: a host of Apple's, "<private>", "(null)", what the
 * user keeps. */
bool redact_rules_is_kept(const RedactRules *rules, StrView value);

/* Tells whether a word is too common to be masked wherever it stands. */
bool redact_rules_is_common(const RedactRules *rules, StrView value);

/* Adds to `hits` what the rules find in `text`, in the order of the rules; they may overlap. Values
 * that the user keeps are among them. Tells
 * whether something in the text is encoded (%41, \u0041, &amp;), see filters/redact_decode.h. */
bool redact_rules_find(RedactRules *rules, StrView text, RedactHits *hits);

/* The same of those rules alone that can find a value which spreads. */
bool redact_rules_find_spreading(RedactRules *rules, StrView text, RedactHits *hits);

void redact_hits_add(RedactHits *hits, RedactHit hit);
void redact_hits_clear(RedactHits *hits); /* keeps the memory */
void redact_hits_done(RedactHits *hits);

#endif
