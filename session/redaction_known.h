/*
 * RedactionKnown: the texts that are looked for wherever a word begins, thousands of them at once,
 * in time that does not depend on how many there are or how alike they begin. It knows no rules and
 * gives no names.
 */
#ifndef SESSION_REDACTION_KNOWN_H
#define SESSION_REDACTION_KNOWN_H

#include "base/base.h"
#include "base/str.h"
#include "filters/redact_rules.h"

typedef struct RedactionKnown RedactionKnown;

typedef struct KnownText {
    StrView text; /* in small letters; it begins with a letter or digit */
    StrView kind;
    bool is_exact;
} KnownText;

RedactionKnown *redaction_known_new(void);
void redaction_known_free(RedactionKnown *known);

/* Adds a text; false when it is there already, is too short or too long, begins with what is no
 * letter or digit, or there are REDACTION_KNOWN_MAX. The text is copied, its kind is not. */
bool redaction_known_add(RedactionKnown *known, KnownText text);

/* Tells whether redaction_known_add would take it. */
bool redaction_known_takes(const RedactionKnown *known, StrView text);

size_t redaction_known_count(const RedactionKnown *known);
const KnownText *redaction_known_get(const RedactionKnown *known, size_t index);

/* Adds each place of `text` where one of the known ones stands, letter case aside: behind what is
 * no letter or digit, and before such a thing unless it ends in one itself. Bytes above 0x7F count
 * as letters. */
void redaction_known_find(const RedactionKnown *known, StrView text, RedactHits *hits);

/* Whether a byte counts as a letter or digit. */
bool redaction_known_is_word(char byte);

#endif
