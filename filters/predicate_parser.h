/*
 * Parser: what the two halves of the parser share: the place in the text, and values. Only
 * predicate_parse.c (logic, comparisons) and predicate_operand.c (values) include it.
 */
#ifndef FILTERS_PREDICATE_PARSER_H
#define FILTERS_PREDICATE_PARSER_H

#include "base/arena.h"
#include "filters/predicate.h"
#include "filters/predicate_lex.h"

typedef struct Parser {
    StrView text;
    Token token; /* the next one */
    size_t end;  /* where the one before it ended */
    Arena *arena;
    Err *err;
    int nesting;
    size_t mixed_offset;
    size_t steps;     /* tokens read, those that were only looked at included */
    size_t run_begin; /* the last run of '(' that was looked behind, and what came after it */
    size_t run_end;
    bool run_is_wrapped;
} Parser;

/* Takes the next token. */
void parser_advance(Parser *parser);

/* The token after `token`; nothing is taken. */
Token parser_peek(Parser *parser, const Token *token);

/* Fails at the next token: with its own fault if it has one, else with `expected` and, where it is
 * not empty, `after`. Always returns false. */
bool parser_fail(Parser *parser, const char *expected, StrView after);

/* Goes one level deeper; false with a message when that is too deep. The caller takes one off
 * `nesting` when it is through. */
bool parser_enter(Parser *parser);

/* Reads one value: a key, a literal, a list, each also in parentheses. `expected` and `after` say
 * what is missing when there is none. */
bool parser_operand(Parser *parser, Operand *operand, const char *expected, StrView after);

#endif
