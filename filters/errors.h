/*
 * Errors: which errors a message names, in every way in which Apple's programs write them, and what
 * the knowledge has to say about each. One message at a time; which of several errors matters is
 * for others to judge. It must never include anything of session/.
 */
#ifndef FILTERS_ERRORS_H
#define FILTERS_ERRORS_H

#include "base/base.h"
#include "base/str.h"
#include "filters/knowledge.h"

#define ERROR_MENTIONS_MAX 32 /* of one message; further ones are left out */

/* An error that a message names. */
typedef struct ErrorMention {
    StrView domain;          /* into the message, or of the knowledge */
    StrView code;            /* likewise; a number or a word */
    StrView text;            /* the message's own words for it, nil = none */
    size_t at;               /* where in the message: an outer error stands before its causes */
    const KnownError *known; /* NULL = not in the knowledge */
} ErrorMention;

typedef struct ErrorMentions {
    ErrorMention items[ERROR_MENTIONS_MAX];
    size_t count;
} ErrorMentions;

/* Looks up a domain and code, also within a range of codes; NULL = not known. */
const KnownError *errors_look_up(const Knowledge *knowledge, StrView domain, StrView code);

/* Adds one at offset `at` unless it is there already; nothing without domain and code. */
void errors_add(const Knowledge *knowledge, StrView domain, StrView code, StrView text, size_t at,
                ErrorMentions *mentions);

/* Adds the pairs of domain and code that `message` names, in the order of the extractors. */
void errors_find(const Knowledge *knowledge, StrView message, ErrorMentions *mentions);

/* Where a text names an error; the same one may be named twice. */
typedef struct ErrorPlace {
    StrView domain; /* these three as in ErrorMention */
    StrView code;
    StrView text;
    size_t start, end; /* of what names it */
} ErrorPlace;

/* Finds the places where `text` names errors, in its order and none within another, at most `max`;
 * returns how many. */
size_t errors_places(const Knowledge *knowledge, StrView text, ErrorPlace *ret_places, size_t max);

/* Adds the errors that are told by words, not by domain and code; only lines of an enrolment's
 * processes are to be read so. */
void errors_find_words(const Knowledge *knowledge, StrView message, ErrorMentions *mentions);

/* Puts them in the order in which the message names them. */
void errors_sort(ErrorMentions *mentions);

#endif
