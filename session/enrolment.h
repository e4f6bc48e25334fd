/*
 * Enrolment: follows enrolments through the entries as they come: attempts, the stages of each, the
 * server's commands, what failed and whether it was overcome. It is fed entry by entry and answers
 * at any time. What it shows it has copied: entries are kept as numbers, never as pointers. It
 * knows nothing of a screen and prints nothing; what follows from it all is in session/findings.h.
 */
#ifndef SESSION_ENROLMENT_H
#define SESSION_ENROLMENT_H

#include "base/base.h"
#include "base/clock.h"
#include "base/str.h"
#include "filters/stages.h"
#include "parsers/columns.h"
#include "session/store.h"

/* Limits; what does not fit is counted in Attempt.dropped or enrolment_attempts_dropped. */
#define ENROLMENT_ATTEMPTS_MAX 16
#define ENROLMENT_COMMANDS_MAX 512 /* of an attempt; the oldest that went well go first */
#define ENROLMENT_FAILURES_MAX 128 /* of an attempt, alike ones counted once */
#define ENROLMENT_PROOFS_MAX 12    /* entries of a stage: the first and the last */
#define ENROLMENT_GAPS_MAX 64
#define ENROLMENT_TEXT_MAX 240 /* bytes of a message that are kept */
#define ENROLMENT_NAME_MAX 64  /* bytes of a domain, a code, an id, a type */
#define COMMAND_FAILURES_MAX 8

typedef enum StageState {
    STAGE_NONE,
    STAGE_PROGRESS,
    STAGE_WAIT,
    STAGE_OK,
    STAGE_FAIL,
    STAGE_STATE_COUNT
} StageState;

/* An entry that proves something, as far as it must be shown without the store. */
typedef struct Proof {
    EntryNumber number; /* 0 = none */
    Stamp time;
    uint8_t outcome;    /* Outcome; OUTCOME_NONE where it is of no stage */
    StrView confidence; /* of the rule that says so; lives as long as the Stages; nil = no rule */
    char process[ENROLMENT_NAME_MAX];
    char text[ENROLMENT_TEXT_MAX];
} Proof;

/* A stage of an attempt. */
typedef struct EnrolmentStage {
    const StageInfo *info;
    StageState state;
    bool is_passed;    /* done, but nothing says so itself: later stages went on */
    bool is_recovered; /* it had failed and went well afterwards */
    bool is_absent;    /* this macOS is too old to have it */
    Stamp first, last; /* CLOCK_NO_TIME = never spoken of */
    uint64_t count;    /* entries */
    const Proof *proofs;
    size_t proof_count;            /* the others are left out */
    uint64_t gate;                 /* processes that spoke of it, see enrolment_process */
    char note[ENROLMENT_TEXT_MAX]; /* how it went in a few words, "" = nothing to add */
} EnrolmentStage;

typedef enum CommandState {
    COMMAND_OPEN,       /* received, not answered */
    COMMAND_WAIT,       /* answered NotNow: the server will ask again */
    COMMAND_INSTALLING, /* an app: acknowledged, which is before its install; the end is not seen */
    COMMAND_OK,
    COMMAND_FAIL,
    COMMAND_STATE_COUNT
} CommandState;

typedef struct MdmCommand {
    char type[ENROLMENT_NAME_MAX];
    char id[ENROLMENT_NAME_MAX]; /* "" = the log says none */
    char channel[32];            /* "Device", "User: 501" */
    int64_t uid;                 /* of the channel, 0 = device */
    CommandState state;
    char status[ENROLMENT_NAME_MAX];         /* as sent: "Acknowledged"; "" = none yet */
    int http;                                /* status of the server's receipt, 0 = none */
    Proof received;                          /* number 0 = only the answer was seen */
    Proof answered;                          /* the last answer, number 0 = none */
    Stamp closed;                            /* of the receipt or the install's end */
    uint64_t last;                           /* entry that spoke of it last */
    uint32_t not_now;                        /* answers NotNow so far */
    uint32_t tries;                          /* times it was received */
    char reason[ENROLMENT_TEXT_MAX];         /* of NotNow */
    uint16_t failures[COMMAND_FAILURES_MAX]; /* the chain, outermost first */
    size_t failure_count;
    char install[ENROLMENT_NAME_MAX]; /* of an app: the UUID of its install */
    bool has_install;                 /* lines of the install were seen */
} MdmCommand;

/* Something that went wrong, however often. */
typedef struct Failure {
    char domain[ENROLMENT_NAME_MAX]; /* "" = the line names no error */
    char code[ENROLMENT_NAME_MAX];
    const StageInfo *stage;        /* where it happened; NULL = of none */
    Explanation explained;         /* what it means; its texts live as long as the Stages */
    char text[ENROLMENT_TEXT_MAX]; /* the line's own words */
    uint64_t count;
    Proof first, last;
    bool is_known;     /* the knowledge has it */
    bool is_specific;  /* and it is of a domain of enrolments */
    bool is_step;      /* of a stage that the others need */
    bool is_weak;      /* only a failing connection: a cause at best */
    bool is_bystander; /* seen beside enrolments that went well */
    bool is_command;   /* of a command */
    bool is_gone;      /* taken back: not to be shown */
    uint16_t under;    /* 1 + the index of the failure that this one lies under in one line; 0 */
} Failure;

typedef enum AttemptEnd {
    ATTEMPT_GOES_ON,
    ATTEMPT_FETCHED_AGAIN, /* the record was fetched anew, or Setup Assistant began again */
    ATTEMPT_UNENROLLED,
    ATTEMPT_REBOOTED,
    ATTEMPT_END_COUNT
} AttemptEnd;

typedef struct Attempt Attempt;
typedef struct Enrolment Enrolment;

/* A place where entries are missing. */
typedef struct Gap {
    EntryNumber number; /* of the notice */
    Stamp time;
    char text[ENROLMENT_TEXT_MAX];
} Gap;

/* `stages` must outlive it; the caller frees it. */
Enrolment *enrolment_new(Stages *stages);
void enrolment_free(Enrolment *enrolment);

/* Takes row `index`, which is entry `number`, with the verdict of stages_judge on it. */
void enrolment_feed(Enrolment *enrolment, const Columns *columns, uint32_t index,
                    EntryNumber number, const StageVerdict *verdict);

/* Says that entries are missing here, e.g. after a drop notice. */
void enrolment_add_gap(Enrolment *enrolment, EntryNumber number, Stamp time, StrView text);

/* Says that `log` has left out info and debug entries, as it tells itself. */
void enrolment_set_skipped(Enrolment *enrolment);
bool enrolment_is_skipped(const Enrolment *enrolment);

/* Grows with every change that could be shown. */
uint64_t enrolment_revision(const Enrolment *enrolment);

/* Time of the latest entry that was fed, of whatever process. */
Stamp enrolment_now(const Enrolment *enrolment);

size_t enrolment_count(const Enrolment *enrolment); /* attempts, oldest first */
uint64_t enrolment_attempts_dropped(const Enrolment *enrolment);
const Attempt *enrolment_attempt(const Enrolment *enrolment, size_t index);

/* The attempt to be shown first: the last one with a step of an enrolment in it, else the last one;
 * NULL when there is none. */
const Attempt *enrolment_headline(const Enrolment *enrolment);

size_t enrolment_gaps(const Enrolment *enrolment, const Gap **ret_gaps);
Stages *enrolment_stages(const Enrolment *enrolment);

/* Name of process number `bit` of a gate; nil past the last. */
StrView enrolment_process(const Enrolment *enrolment, size_t bit);

/* --- one attempt; valid until the next entry is fed --- */

size_t attempt_number(const Attempt *attempt); /* from 1 */
uint8_t attempt_source(const Attempt *attempt);
Stamp attempt_first(const Attempt *attempt);
Stamp attempt_last(const Attempt *attempt);
AttemptEnd attempt_end(const Attempt *attempt);
const char *attempt_end_words(AttemptEnd end); /* "the record was fetched again", … */

/* Whether the Mac is managed: its token was taken, or commands were handled. */
bool attempt_is_enrolled(const Attempt *attempt);
/* Whether there is a step of an enrolment in it; else it is ordinary traffic with the server. */
bool attempt_has_steps(const Attempt *attempt);

/* The furthest step that was spoken of; 0 = none. */
int attempt_reached(const Attempt *attempt);

/* "10.15 or later", by the daemons that spoke; nil = nothing tells. */
StrView attempt_os(const Attempt *attempt);

/* Stage `number`, from 1 to stages_count. */
void attempt_stage(const Attempt *attempt, int number, EnrolmentStage *ret);
const char *stage_state_name(StageState state); /* "none", "progress", "wait", "ok", "fail" */

size_t attempt_commands(const Attempt *attempt, const MdmCommand **ret_commands); /* by arrival */
const char *command_state_name(CommandState state); /* "open", "waiting", … */
/* Milliseconds from its arrival to its answer; -1 = unknown. */
int64_t command_latency_ms(const MdmCommand *command);

size_t attempt_failures(const Attempt *attempt, const Failure **ret_failures); /* by arrival */

/* Indices of the failures to be shown, most important first: the decisive one, what stands in the
 * way, what failed beside, what was overcome. At most `max`; returns how many. */
size_t attempt_ranked(const Attempt *attempt, size_t *ret_indices, size_t max);

/* Whether it was overcome, and when. */
bool attempt_recovered(const Attempt *attempt, size_t failure, Proof *ret_by);

/* The failure that explains why it does not go on: the cause where the log shows it, not its
 * consequence. SIZE_MAX = there is none. */
size_t attempt_decisive(const Attempt *attempt);

/* What came before `failure` and brought it about; SIZE_MAX = nothing that is known. */
size_t attempt_cause(const Attempt *attempt, size_t failure);

/* Commands or failures that were left out for the limits. */
uint64_t attempt_dropped(const Attempt *attempt);

/* Entries of the enrolment's own processes. */
typedef struct AttemptCounts {
    uint64_t entries;
    uint64_t masked;   /* of these, with something masked */
    uint64_t leveled;  /* of these, with a level */
    uint64_t detailed; /* of these, of level info or debug */
} AttemptCounts;
AttemptCounts attempt_counts(const Attempt *attempt);

/* Failures that mean little alone and much together: of TLS trust, with the host or, where the line
 * does not say it, the process of each; of the clock, with the code of each. */
#define SIGNS_MAX 8
typedef enum SignKind { SIGN_TLS, SIGN_CLOCK, SIGN_KIND_COUNT } SignKind;
typedef struct Sign {
    char name[ENROLMENT_NAME_MAX];
    Proof proof; /* the last one */
} Sign;
size_t attempt_signs(const Attempt *attempt, SignKind kind, const Sign **ret_signs);

/* Connections that the server has not answered: since when the oldest waits; false = none. */
bool attempt_unanswered(const Attempt *attempt, Proof *ret_since);

#endif
