/*
 * Stages: which stage of an enrolment an entry speaks of, and how it went there, from the patterns
 * of filters/stages.json. One verdict per entry, no memory of other entries: the tracker that
 * reads a whole enrolment is not here.
 *
 * How the pieces lie: filters/stages.json holds the facts, each with its confidence and source;
 * filters/knowledge.h reads and compiles them; filters/literals.h is the sieve before the regular
 * expressions; filters/stages.c judges rows. A pattern belongs to processes ("any": those of an
 * enrolment), so that lines of other programs, however alike, say nothing. Of several patterns that
 * fit, the one with most literal text speaks, of two equal ones the failure; a noise rule silences
 * all. Panes (filters/panes.json, filters/panes.h) are separate: they choose what is shown by
 * predicates anybody can edit, and know nothing of stages.
 */
#ifndef FILTERS_STAGES_H
#define FILTERS_STAGES_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "parsers/columns.h"

typedef enum Outcome {
    OUTCOME_NONE,
    OUTCOME_INFO,
    OUTCOME_START,
    OUTCOME_PROGRESS,
    OUTCOME_WAIT,
    OUTCOME_OK,
    OUTCOME_FAIL,
    OUTCOME_COUNT
} Outcome;

#define STAGE_SHORT_MAX 26 /* cells of a short title */

typedef struct StageInfo {
    StrView id;           /* "authenticate" */
    StrView title;        /* "MDM check-in: Authenticate" */
    StrView short_title;  /* "Check-in: Authenticate"; the title where there is none */
    int number;           /* from 1, in the order of a normal enrolment */
    StrView os;           /* the versions of macOS that have it, in words; nil = not said */
    int since;            /* the first of them: 1015 = 10.15, 1300 = 13; 0 = not said */
    StrView done_by;      /* id of the stage whose success says that this one is done; nil = any */
    bool is_step;         /* of the way to a managed Mac: later steps need it */
    bool is_done_by_info; /* that it is spoken of means that it has happened */
} StageInfo;

/* An explanation for an entry: what it means and what to do. Views live as long as Stages. */
typedef struct Explanation {
    StrView subject; /* "MDMResponseStatus 401" */
    StrView title;   /* "MDM server refused (401)" */
    StrView meaning; /* each may be nil */
    StrView cause;
    StrView remedy;
    bool is_unknown;    /* the knowledge has no such error */
    StrView confidence; /* "seen in a real log", "unverified", … always shown */
    StrView source;     /* where it is known from; nil = not said */
} Explanation;

typedef struct Stages Stages;
typedef struct Knowledge Knowledge;         /* filters/knowledge.h */
typedef struct ErrorMention ErrorMention;   /* filters/errors.h */
typedef struct ErrorMentions ErrorMentions; /* likewise */

/* What a row says, for whoever puts rows together. All zeroes: nothing. */
typedef struct StageVerdict {
    ColumnTag tag;
    uint64_t gate;     /* the process as a bit: Knowledge.processes; 0 = of no interest */
    bool is_enrolment; /* the process is one of an enrolment's */
    bool is_marked;    /* something in it looks like an error: see stages_errors */
    bool is_line;      /* it is about a command's round trip */
    bool is_weak;      /* these as in KnownPattern */
    bool is_bystander;
    bool is_fetch;
    bool begins;
    StrView confidence; /* likewise; nil = no pattern fits */
} StageVerdict;

/* Reads the knowledge (stages, patterns, errors); every pattern is compiled. */
Stages *stages_new(StrView text, const char *name, Err *err);
void stages_free(Stages *stages);

/* Adds a user's own knowledge, see knowledge_add. When it fails, `stages` must be made anew. */
bool stages_add(Stages *stages, StrView text, const char *name, Err *err);

const Knowledge *stages_knowledge(const Stages *stages);

size_t stages_count(const Stages *stages);
const StageInfo *stages_get(const Stages *stages, int number); /* NULL outside 1…count */

/* Decides what row `index` says, or that it is noise. Not const: it remembers verdicts on processes
 * by atom; rows of another atom table start afresh. An atom table must not be freed and another one
 * be made at its place between two calls. */
ColumnTag stages_tag(Stages *stages, const Columns *columns, uint32_t index);

/* The same with all that the knowledge says about it. */
StageVerdict stages_judge(Stages *stages, const Columns *columns, uint32_t index);

/* Gives the errors that row `index` names, outer ones first. Their texts live as long as the row;
 * what is `known` of them as long as `stages`. */
void stages_errors(Stages *stages, const Columns *columns, uint32_t index, ErrorMentions *ret);

/* What a mention means; one that is not known is said to be so. */
Explanation stages_explain_error(Stages *stages, const ErrorMention *mention);

/* Looks up the errors a message names (domain and code in any of the ways of the knowledge base)
 * and the HTTP status of MDM responses. Returns how many explanations were found, at most `max`. */
size_t stages_explain(Stages *stages, const Columns *columns, uint32_t index,
                      Explanation *ret_explanations, size_t max);

/* "ok", "failed", "waiting", … */
const char *outcome_name(Outcome outcome);

#endif
