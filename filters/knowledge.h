/*
 * Knowledge: what filters/stages.json says, read and compiled: stages, patterns, noise, the ways in
 * which a line names an error, and the errors. Tables only; filters/stages.c applies them.
 */
#ifndef FILTERS_KNOWLEDGE_H
#define FILTERS_KNOWLEDGE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "filters/literals.h"
#include "filters/regex.h"
#include "filters/stages.h"

#define KNOWN_STAGES_MAX 100 /* a ColumnTag holds the number in a byte */
#define KNOWN_PATTERNS_MAX 512
#define KNOWN_PROCESSES_MAX 64 /* a gate is a set of them in 64 bits */
#define KNOWN_ERRORS_MAX 4096
#define KNOWN_EXTRACTORS_MAX 64
#define KNOWN_GENERIC_MAX 64
#define KNOWLEDGE_WORD_MIN 4  /* bytes; shorter ones sieve nothing */
#define KNOWLEDGE_WORDS_MAX 8 /* of one error */

/* Owners in Knowledge.literals: a pattern's index; this plus an error's; or a mark of errors. */
#define LITERAL_OF_ERRORS KNOWN_PATTERNS_MAX
#define LITERAL_IS_MARK UINT16_MAX
#define LITERAL_IS_LINE                                                                            \
    (UINT16_MAX - 1) /* of a line about a command, whether or not a pattern fits */

/* A set of processes: bit n stands for Knowledge.processes[n]. */
typedef uint64_t ProcessGate;

typedef struct KnownPattern {
    Regex *regex;
    ProcessGate gate;
    StrView subsystem; /* must be the entry's; nil = no matter */
    size_t weight;     /* literal characters that a match has at least: how specific it is */
    int stage;
    Outcome outcome;
    bool is_noise;      /* a line that looks like trouble and is none; wins over all */
    bool has_literal;   /* is in Knowledge.literals; the others are tried when nothing else fits */
    bool is_weak;       /* ordinary Macs say it too: no proof of an enrolment by itself */
    bool is_bystander;  /* a failure that was seen beside enrolments that went well */
    bool is_fetch;      /* the activation record is fetched, for the first time or again */
    bool begins;        /* a new attempt begins, if the one before had come further */
    StrView confidence; /* how sure it is that such a line is logged */
} KnownPattern;

/* A way in which a line names an error: groups `domain` (unless fixed), `code`, perhaps `text`. */
typedef struct KnownExtractor {
    Regex *regex;
    StrView domain; /* fixed domain; nil = the group's */
} KnownExtractor;

typedef struct KnownError {
    StrView domain;
    StrView code;          /* "401", "-102", "502-504", a word; "-" = none */
    int stage;             /* 0 = none */
    bool is_looked_up;     /* by domain and code; else by its regex only */
    bool is_specific;      /* not of a domain that everything uses */
    bool is_sure;          /* counts wherever it is said, not only where something failed */
    StrView sign;          /* what several such failures at once are a sign of: "tls", "clock" */
    bool has_words;        /* `regex` has texts in Knowledge.literals; else it is always tried */
    Regex *regex;          /* further texts that mean it; NULL = none */
    Explanation explained; /* lives as long as the Knowledge */
} KnownError;

typedef struct Knowledge {
    Arena arena;
    StageInfo *stages;
    size_t stage_count;
    StrView processes[KNOWN_PROCESSES_MAX];
    size_t process_count;
    ProcessGate enrolment; /* the processes of an enrolment: gate of "any" */
    ProcessGate side;      /* of these, those that say most of what they say about other things */
    KnownPattern *patterns;
    size_t pattern_count;
    Literals *literals; /* of patterns and errors, and what marks a line that may name an error */
    KnownExtractor *extractors;
    size_t extractor_count;
    KnownError *errors;
    size_t error_count;
    StrView generic[KNOWN_GENERIC_MAX]; /* domains that everything uses */
    size_t generic_count;
    bool is_own; /* what is read now is the user's */
} Knowledge;

/* Reads `text` into `knowledge`, which must be all zeroes. When it fails, `knowledge` still wants
 * knowledge_done. */
bool knowledge_read(Knowledge *knowledge, StrView text, const char *name, Err *err);

/* Adds a user's own file, all of whose lists may be absent: an error of a domain and code that is
 * there replaces it; a stage whose id is there gets the patterns. When it fails, some of it may
 * have been taken. */
bool knowledge_add(Knowledge *knowledge, StrView text, const char *name, Err *err);
void knowledge_done(Knowledge *knowledge);

/* The bit of a process, 0 when no pattern is about it. */
ProcessGate knowledge_gate(const Knowledge *knowledge, StrView process);

/* Least number of literal characters in a match of `pattern`, which must be a correct one. */
size_t knowledge_weight(StrView pattern);

/* Texts of which every match of `pattern` has one, copied into `arena`; at most `max`. 0 = there
 * are no such texts of at least KNOWLEDGE_WORD_MIN bytes. */
size_t knowledge_words(StrView pattern, Arena *arena, StrView *ret_words, size_t max);

#endif
