/*
 * Where the cursor stands in a predicate text, for completion.c: what may come there and which
 * bytes are the word that is being typed. It reads tokens, not meanings, and knows no store.
 */
#ifndef SESSION_COMPLETION_PLACE_H
#define SESSION_COMPLETION_PLACE_H

#include "base/base.h"
#include "base/str.h"
#include "parsers/fields.h"

typedef enum Expect {
    EXPECT_TERM, /* a comparison, NOT or a parenthesis */
    EXPECT_OPERATOR,
    EXPECT_OPTIONS, /* behind the '[' of an operator */
    EXPECT_VALUE,
    EXPECT_ITEM,  /* of a list */
    EXPECT_COMMA, /* or the end of the list */
    EXPECT_LOGIC,
    EXPECT_NOTHING, /* the text cannot be followed */
    EXPECT_COUNT
} Expect;

typedef struct CompletionPlace {
    Expect expect;
    const FieldInfo *field; /* the key left of the operator, NULL = none */
    bool has_constant;      /* a constant stands there instead */
    bool wants_list;        /* the operator is BETWEEN or IN */
    int depth;              /* of open parentheses */
    size_t from, to;        /* the word that is replaced */
    StrView typed;          /* its part before the cursor, without its quote */
    bool is_quoted;
} CompletionPlace;

/* Finds the place of `cursor`, a byte offset within `text`. Its views point into `text`. */
CompletionPlace completion_place(StrView text, size_t cursor);

#endif
