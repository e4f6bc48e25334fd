/*
 * RedactChecks: what a regular expression cannot say well: whether what it found is really an
 * address, a serial number, a random text; and where a value ends. Texts only; no rules.
 */
#ifndef FILTERS_REDACT_CHECKS_H
#define FILTERS_REDACT_CHECKS_H

#include "base/base.h"
#include "base/str.h"

/* A value in a text, that a check may shorten. */
typedef struct RedactValue {
    StrView text; /* all of it */
    size_t start;
    size_t end;
} RedactValue;

typedef bool (*RedactCheck)(RedactValue *value);

/* The check of that name in redactions.json, NULL = there is none. */
RedactCheck redact_check_find(StrView name);

/* Takes off what closes a bracket that was opened before the value, and the end of a sentence;
 * false when nothing is left. */
bool redact_check_trim(RedactValue *value);

/* Share of the letters, in percent, that stand in runs of four and more small ones: much of words,
 * little of random texts. */
unsigned redact_wordiness(StrView text);

#endif
