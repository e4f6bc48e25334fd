/*
 * RecordFacts: what filters/record.json says about activation records: the fields and what they
 * mean, the keys of Setup Assistant's panes, contradictions between fields, and the command that
 * prints the record on each macOS. Data only; session/record.h applies them to a record.
 */
#ifndef FILTERS_RECORD_FACTS_H
#define FILTERS_RECORD_FACTS_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

#define RECORD_FACTS_FILE "filters/record.json"
#define FACT_MAX_CONDITIONS 4
#define FACT_MAX_WORDS 8

typedef enum FactKind {
    FACT_TEXT,
    FACT_FLAG,
    FACT_URL,
    FACT_CERTIFICATES,
    FACT_SKIP,
    FACT_LIST,
    FACT_DATE,
    FACT_ANSWER, /* stands where a record would: why there is none */
    FACT_KIND_COUNT
} FactKind;

/* A field; `local`, `wire` and `server` are its names, nil where it has none there. */
typedef struct FieldFact {
    StrView id;
    StrView local;  /* as `profiles show` and the stored file have it: "ConfigurationURL" */
    StrView wire;   /* as Apple's service sends it: "config.url" */
    StrView server; /* as an MDM server defines it: "url" */
    FactKind kind;
    bool is_local_inverted; /* yes under its local name means no under the others */
    bool is_required;
    bool is_secret;    /* not to be shown unless asked for */
    StrView redact_as; /* the key by which the rules of redaction know such texts; nil = its own */
    StrView meaning;   /* of a flag: what it says when it comes to yes */
    StrView if_no;     /* of a flag: when it comes to no; nil = the same with "no: " before it */
    StrView confidence;
    StrView source;
} FieldFact;

typedef struct SkipFact {
    StrView key;
    StrView pane;
    StrView macos;      /* first version; nil = not on a Mac at all */
    StrView deprecated; /* since; nil = not */
    StrView removed;
    StrView note;
    StrView confidence;
    StrView source;
} SkipFact;

typedef enum Wanted { WANTED_YES, WANTED_NO, WANTED_PRESENT, WANTED_ABSENT, WANTED_COUNT } Wanted;

typedef enum Severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE, SEVERITY_COUNT } Severity;

typedef struct Condition {
    const FieldFact *field;
    Wanted wanted;
} Condition;

/* All conditions together make the finding. */
typedef struct CheckFact {
    Severity severity;
    Condition conditions[FACT_MAX_CONDITIONS];
    size_t condition_count;
    const FieldFact *field; /* that it is about */
    StrView text;
    StrView remedy; /* "" = none */
    StrView confidence;
    StrView source;
} CheckFact;

/* The command that prints the record, from a version of macOS on; the newest comes first. */
typedef struct CommandFact {
    StrView from;
    const char
        *words[FACT_MAX_WORDS + 1]; /* the first is the program's bare name; NULL at the end */
    StrView what;
    bool needs_root;
    StrView confidence;
} CommandFact;

/* How often macOS answers, from a version on. */
typedef struct LimitFact {
    StrView from;
    int hours;
    StrView confidence;
} LimitFact;

/* What the commands print where there is no record. */
typedef struct AnswerFact {
    StrView sign;    /* stands in the line */
    StrView meaning; /* nil = filters/stages.json knows more about it */
    StrView remedy;
    StrView confidence;
    StrView source;
} AnswerFact;

typedef struct RecordFacts {
    Arena arena; /* of all texts */
    FieldFact *fields;
    size_t field_count;
    SkipFact *skip;
    size_t skip_count;
    CheckFact *checks;
    size_t check_count;
    CommandFact *commands;
    size_t command_count;
    LimitFact *limits;
    size_t limit_count;
    AnswerFact *answers;
    size_t answer_count;
} RecordFacts;

/* Reads `text` into `facts`, which must be all zeroes; after a failure it still wants done. */
bool record_facts_read(RecordFacts *facts, StrView text, const char *name, Err *err);

/* The same from the file in `data_dir` (NULL = none), else from the compiled-in one. */
bool record_facts_read_own(RecordFacts *facts, const char *data_dir, Err *err);
void record_facts_done(RecordFacts *facts);

/* Finds a field by any of its names, letter case kept; NULL = unknown. `ret_is_local` (may be NULL)
 * tells whether it was its local one. */
const FieldFact *record_facts_field(const RecordFacts *facts, StrView key, bool *ret_is_local);

/* Finds a field by its id; NULL = none. */
const FieldFact *record_facts_id(const RecordFacts *facts, StrView id);

/* Finds a pane's key; letter case counts, as it does for Apple. `ret_near` (may be NULL) is the key
 * that may have been meant when there is none, or NULL. */
const SkipFact *record_facts_skip(const RecordFacts *facts, StrView key, const SkipFact **ret_near);

const char *severity_name(Severity severity); /* "error", "warning", "note" */

/* R, A, M or U for the four words of confidence, '?' for others. */
char confidence_mark(StrView confidence);

/* What the four marks mean, in one line. */
const char *confidence_legend(void);

/* Compares versions number by number: "10.9" < "10.13.4" < "11". */
int version_compare(StrView a, StrView b);

#endif
