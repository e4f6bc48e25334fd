/*
 * RedactionValues: which values one excerpt has had, each with its number, and the few that are
 * looked for everywhere. Values are known by their digest, so that not even the memory holds all
 * of them. It knows no rules, no entries, and how nothing is spelled in an excerpt.
 */
#ifndef SESSION_REDACTION_VALUES_H
#define SESSION_REDACTION_VALUES_H

#include "base/base.h"
#include "base/str.h"
#include "filters/redact_rules.h"

typedef struct RedactionValues RedactionValues;

/* What a value is called. */
typedef struct ValueName {
    StrView kind;
    uint32_t number; /* from 1 for each kind; 0 = there was no room for one more */
    bool is_new;
} ValueName;

RedactionValues *redaction_values_new(void);
void redaction_values_free(RedactionValues *values);

/* Whether letter case makes two values of one spelling. */
typedef enum ValueCase {
    CASE_FOLDED,
    CASE_EXACT_IF_NEW, /* found again where no rule says what it is: the nearest one is meant */
    CASE_EXACT,
} ValueCase;

/* Names a value: the same whatever the spelling, that is encoding, separators within UUIDs,
 * addresses and tokens, and letter case as `how` says. `kind` is for a new one and must live as
 * long as `values`. */
ValueName redaction_values_name(RedactionValues *values, StrView value, StrView kind,
                                ValueCase how);

/* Has a value be found by redaction_values_find from now on; false when it is so already, is too
 * short, too long, or one too many. `kind` must live as long as `values`; `is_exact` = letter case
 * counts. */
bool redaction_values_know(RedactionValues *values, StrView value, StrView kind, bool is_exact);

/* Whether redaction_values_know would take it. */
bool redaction_values_is_news(RedactionValues *values, StrView value);

/* Has all be known that `others` knows. */
void redaction_values_know_all(RedactionValues *values, const RedactionValues *others);

/* How many are known so. */
uint64_t redaction_values_known(const RedactionValues *values);

/* Adds the places to `hits` in which values that are known stand between other than letters and
 * digits; their rule is REDACT_RULE_NONE. */
void redaction_values_find(const RedactionValues *values, StrView text, RedactHits *hits);

uint64_t redaction_values_count(const RedactionValues *values);

/* Calls `each` for every kind there is, in order of appearance. */
void redaction_values_each_kind(const RedactionValues *values,
                                void (*each)(void *context, StrView kind, uint32_t count),
                                void *context);

#endif
