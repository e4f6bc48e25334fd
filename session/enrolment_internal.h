/*
 * What the tracker is inside, for session/enrolment*.c alone.
 */
#ifndef SESSION_ENROLMENT_INTERNAL_H
#define SESSION_ENROLMENT_INTERNAL_H

#include "filters/errors.h"
#include "session/enrolment.h"
#include "session/mdm_line.h"

#define SOURCES_MAX 64
#define NO_FAILURE SIZE_MAX

/* What is known of one stage of one attempt. */
typedef struct StageTrack {
    uint64_t count;
    uint64_t counts[OUTCOME_COUNT];
    StageState state; /* by its own entries alone */
    Stamp first, last;
    uint64_t last_number;     /* of any entry but those of OUTCOME_INFO */
    uint64_t last_forward;    /* of one that starts, goes on or goes well */
    uint64_t first_ok_number; /* 0 = never */
    uint64_t last_ok_number;
    uint64_t last_fail_number;
    Proof last_ok;
    uint64_t gate;
    Proof proofs[ENROLMENT_PROOFS_MAX];
    size_t proof_count;
} StageTrack;

struct Attempt {
    const Enrolment *owner;
    size_t number;
    uint8_t source;
    bool is_open; /* something proves that there is one */
    bool has_unenrolled;
    AttemptEnd end;
    Stamp first, last;
    Stamp proved;       /* of the last entry that proves something by itself */
    StageTrack *tracks; /* by number - 1 */
    MdmCommand *commands;
    size_t command_count;
    size_t command_capacity;
    Failure *failures;
    size_t failure_count;
    size_t failure_capacity;
    AttemptCounts counts;
    uint64_t gate; /* processes that spoke */
    uint64_t dropped;
    Proof unanswered; /* the oldest connection that waits for its answer; number 0 = none */
    Sign signs[SIGN_KIND_COUNT][SIGNS_MAX];
    size_t sign_counts[SIGN_KIND_COUNT];
};

/* Stages that the tracker itself speaks of; 0 = the knowledge has none of that id. */
typedef struct StageNumbers {
    int network;
    int identity;
    int record;
    int screen;
    int token_update;
    int push;
    int commands;
    int profiles;
    int ddm;
    int apps;
    int release;
    int idle;
    int unenroll;
} StageNumbers;

/* What is known of one source: two Macs are never mixed. */
typedef struct SourceTrack {
    Attempt *current; /* open, one of Enrolment.attempts; NULL = none */
    Attempt *pending; /* what has come that may become one */
    uint64_t mach;    /* of its latest entry of interest, 0 = none */
    int64_t time_ns;
} SourceTrack;

struct Enrolment {
    Stages *stages;
    StageNumbers is;
    uint64_t side; /* processes that say much beside enrolments */
    Attempt *attempts[ENROLMENT_ATTEMPTS_MAX];
    size_t attempt_count;
    size_t attempts_begun;
    uint64_t attempts_dropped;
    SourceTrack sources[SOURCES_MAX];
    Gap gaps[ENROLMENT_GAPS_MAX];
    size_t gap_count;
    bool is_skipped; /* info and debug entries were left out */
    uint64_t revision;
    Stamp now;
};

/* One entry on its way through the tracker. */
typedef struct Intake {
    Enrolment *enrolment;
    Attempt *attempt;
    const Columns *columns;
    uint32_t index;
    const StageVerdict *verdict;
    int stage;       /* as it counts here, 0 = none */
    Outcome outcome; /* likewise */
    bool is_core;    /* of a process that says little but of enrolments */
    MdmLine line;
    Proof proof;
    ErrorMentions mentions;
    size_t command; /* index of the command it speaks of, SIZE_MAX = none */
} Intake;

/* Copies as much of `text` as there is room for, whole characters only, and a NUL. */
void enrolment_copy(char *to, size_t size, StrView text);

/* The same for words of the log: what does not fit is cut at a blank, with "…", so that no half of
 * a serial number or a name is left that redaction would not know again. */
void enrolment_copy_words(char *to, size_t size, StrView text);

/* enrolment_stages.c */
void attempt_take_stage(Attempt *attempt, int stage, Outcome outcome, const Proof *proof,
                        uint64_t gate);
/* Whether a step after `stage` has been spoken of, or gone well after entry `number`. */
bool attempt_came_past(const Attempt *attempt, int stage);
const StageTrack *attempt_passed(const Attempt *attempt, int stage, uint64_t number);

/* enrolment_commands.c */
void attempt_take_line(Intake *intake);
StageState attempt_commands_state(const Attempt *attempt);

/* enrolment_signs.c */
void attempt_take_sign(Intake *intake, const ErrorMention *mention);

/* enrolment_failures.c */
void attempt_take_failures(Intake *intake);

#endif
