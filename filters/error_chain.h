/*
 * ErrorChain: the errors that a message names, as the tree they are: an error, what it says of
 * itself, and the errors underneath it that caused it. It knows how errors lie within each other;
 * which texts are errors the knowledge base tells (filters/errors.h). It explains nothing.
 */
#ifndef FILTERS_ERROR_CHAIN_H
#define FILTERS_ERROR_CHAIN_H

#include "base/base.h"
#include "base/str.h"
#include "filters/knowledge.h"

#define ERROR_NODES_MAX 32
#define ERROR_CHAIN_BYTES (16 * KIB)
#define ERROR_FACTS_MAX 96 /* of all errors of a chain */

#define ERROR_NO_PARENT SIZE_MAX

/* A pair of an error's UserInfo. */
typedef struct ErrorFact {
    StrView key; /* "NSURL" */
    StrView value;
} ErrorFact;

typedef struct ErrorNode {
    StrView domain;
    StrView code;
    StrView text;      /* what it says; may be nil */
    StrView named;     /* what names it in the message: domain and code, and what joins them */
    size_t start, end; /* all of it in its message, what is underneath included */
    size_t parent;     /* index of the error it is underneath; ERROR_NO_PARENT = of none */
    int depth;         /* 0 = underneath none */
    size_t first_fact; /* in ErrorChain.facts */
    size_t fact_count;
} ErrorNode;

/* Views lie in the message, or live as long as the knowledge. */
typedef struct ErrorChain {
    ErrorNode nodes[ERROR_NODES_MAX]; /* in the order of the message: parents before children */
    size_t count;
    ErrorFact facts[ERROR_FACTS_MAX];
    size_t fact_count;
    size_t cause; /* the innermost error: where the trouble began; 0 when all stand alone */
    bool is_cut;  /* the message ends before its errors do */
} ErrorChain;

/* Reads the errors of a message; false = it names none. Only the first
 * ERROR_CHAIN_BYTES are read. */
bool error_chain_read(const Knowledge *knowledge, StrView message, ErrorChain *ret_chain);

/* The same for an error that was told in several messages, as mdmclient does: what each names is
 * underneath what the one before has named. */
bool error_chain_read_rows(const Knowledge *knowledge, const StrView *messages, size_t count,
                           ErrorChain *ret_chain);

/* Whether error `node` is the last of its parent's, or of those that have no parent. */
bool error_chain_is_last(const ErrorChain *chain, size_t node);

#endif
