/*
 * What the files of the Redaction share: its parts, and the step that redacts one text. Only they
 * include it.
 */
#ifndef SESSION_REDACTION_INTERNAL_H
#define SESSION_REDACTION_INTERNAL_H

#include "base/arena.h"
#include "filters/redact_decode.h"
#include "session/redaction.h"
#include "session/redaction_values.h"

#define REDACTION_COUNTS_MAX (REDACT_RULES_MAX + REDACT_OWN_MAX + 1) /* the last: no rule */

struct Redaction {
    RedactRules *rules;
    RedactionValues *values;
    RedactionCount counts[REDACTION_COUNTS_MAX];
    uint64_t places;
    uint64_t unnumbered;
    uint64_t withheld;
    bool is_learning; /* values are taken down, nothing is replaced */

    Arena arena; /* texts of the replacements */
    Replacement *replacements;
    size_t count;
    size_t capacity;

    RedactHits hits;   /* of one layer */
    RedactHits claims; /* of all layers, in offsets of the first */
    RedactLayer layers[REDACT_LAYERS_MAX];
    size_t layer_count; /* that the text has which is looked at */
    StrBuf decoded;
    StrBuf inside; /* a JSON string without its escapes */
    StrBuf text;   /* the same, redacted */
    StrBuf raw;
    StrBuf scratch; /* of the entry that is read again */
};

typedef enum RedactionFinding {
    FIND_BY_RULES,
    FIND_KNOWN_TOO, /* and the values that are known from elsewhere */
    FIND_SPREADING, /* by those rules alone whose values spread */
} RedactionFinding;

/* Puts into redaction->claims what is found in all layers of `text`; they may overlap. */
void redaction_find(Redaction *redaction, StrView text, RedactionFinding how);

/* Adds the known values in the same layers, which redaction_find has made. */
void redaction_find_known(Redaction *redaction, StrView text);

/* Makes one claim of those that overlap: of the rule that has all of it, else of the first rule. */
void redaction_settle(RedactHits *claims);

/* Appends `text`, which is the value of `field`, redacted; false = nothing was found and nothing
 * was appended. `is_spreading` = values that are known from elsewhere are looked for as well. */
bool redaction_apply(Redaction *redaction, StrView field, StrView text, bool is_spreading,
                     StrBuf *ret);

/* Appends the raw bytes of an entry redacted; returns whether anything was. */
bool redaction_apply_json(Redaction *redaction, StrView raw, StrBuf *ret);
bool redaction_apply_line(Redaction *redaction, const Entry *entry, StrBuf *ret);

/* Appends what stands for a name that is a host's. */
void redaction_name_host(Redaction *redaction, StrView field, StrView host, StrBuf *ret);

/* Forgets the replacements of the call before. */
void redaction_begin(Redaction *redaction);

#endif
