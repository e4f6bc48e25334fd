/*
 * Findings: what follows from an attempt as a whole and stands in no single entry: that it hangs,
 * that nobody answers, that TLS is intercepted, that the capture does not show enough. In plain
 * words, each with the entries behind it. It reads the tracker and changes nothing.
 */
#ifndef SESSION_FINDINGS_H
#define SESSION_FINDINGS_H

#include "session/enrolment.h"

#define FINDINGS_MAX 32
#define FINDING_PROOFS_MAX 6

/* Thresholds of our own. */
#define FINDING_STUCK_NS (5 * 60 * NS_PER_SECOND)     /* a stage in which nothing happens */
#define FINDING_NO_ANSWER_NS (60 * NS_PER_SECOND)     /* a request without an answer */
#define FINDING_PUSH_NS (5 * 60 * NS_PER_SECOND)      /* a token without a push or connection */
#define FINDING_TOGETHER_NS (10 * 60 * NS_PER_SECOND) /* failures at once */
#define FINDING_DECISIVE_NS (2 * 60 * NS_PER_SECOND)  /* around the decisive failure */
#define FINDING_NOT_NOW 3                             /* times */
#define FINDING_MASKED_PERCENT 20
#define FINDING_ENTRIES_MIN 10 /* of a share of entries */

typedef enum FindingKind {
    FINDING_STUCK,
    FINDING_NO_ANSWER,
    FINDING_NOT_NOW_LOOP,
    FINDING_AWAITING,
    FINDING_NO_PUSH,
    FINDING_TLS,
    FINDING_CLOCK,
    FINDING_RATE,
    FINDING_BYSTANDER,
    FINDING_GAP,
    FINDING_MASKED,
    FINDING_NO_DETAIL,
    FINDING_KIND_COUNT
} FindingKind;

typedef enum FindingSeverity { FINDING_INFO, FINDING_WARNING, FINDING_ERROR } FindingSeverity;

typedef struct Finding {
    FindingKind kind;
    FindingSeverity severity;
    char text[400]; /* what was found, a sentence or two */
    Proof proofs[FINDING_PROOFS_MAX];
    size_t proof_count;
} Finding;

typedef struct Findings {
    Finding items[FINDINGS_MAX]; /* the gravest first */
    size_t count;
} Findings;

/* Looks for everything; `now_ns` is the time from which waiting counts: of a capture its last
 * entry's, live the clock's. */
void findings_make(const Enrolment *enrolment, const Attempt *attempt, int64_t now_ns,
                   Findings *ret);

const char *finding_name(FindingKind kind);             /* "stuck", "no-answer" */
const char *finding_advice(FindingKind kind);           /* what to do, a sentence */
const char *finding_confidence(FindingKind kind);       /* how sure finding and advice are */
const char *finding_severity(FindingSeverity severity); /* "info", "warning", "error" */

#endif
