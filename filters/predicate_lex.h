/*
 * Lexer of predicate text: one token at a time, no memory, no failure: what is wrong with a piece
 * of text is said in the token. For the parser, for colouring and for completion.
 */
#ifndef FILTERS_PREDICATE_LEX_H
#define FILTERS_PREDICATE_LEX_H

#include "base/str.h"
#include "filters/predicate.h"

typedef enum LexKind {
    LEX_END,
    LEX_BROKEN, /* see `fault` */
    LEX_NAME,   /* an identifier or a dotted key path */
    LEX_TEXT,   /* a quoted text, quotes included */
    LEX_NUMBER,
    LEX_OPERATOR, /* of a comparison: see `op` */
    LEX_OPTIONS,  /* [cd] */
    LEX_AND,
    LEX_OR,
    LEX_NOT,
    LEX_QUANTIFIER, /* see `quantifier` */
    LEX_TRUE,
    LEX_FALSE,
    LEX_NIL,
    LEX_SELF,
    LEX_TRUE_PREDICATE,
    LEX_FALSE_PREDICATE,
    LEX_RESERVED, /* a reserved word that has no use here: see `fault` */
    LEX_OPEN,     /* ( */
    LEX_CLOSE,
    LEX_BRACE_OPEN,
    LEX_BRACE_CLOSE,
    LEX_BRACKET, /* a '[' or ']' that is no option */
    LEX_COMMA,
    LEX_ARITHMETIC,
} LexKind;

typedef struct Token {
    LexKind kind;
    StrView text;  /* as it stands there */
    size_t offset; /* of `text` */
    PredicateOp op;
    Quantifier quantifier;
    const char *fault; /* LEX_BROKEN, LEX_RESERVED: what is wrong, a whole message */
} Token;

/* Reads the token that begins at or after byte `at`; white space is skipped. */
Token lex_next(StrView text, size_t at);

/* The name in a LEX_NAME: without the '#' that makes an identifier of a reserved word, and without
 * "SELF." before it. */
StrView lex_name(StrView token_text);

/* Whether a bare `name` would be read as a keyword, so that it must be written #name. */
bool lex_is_reserved(StrView name);

/* Appends a quoted literal with its escapes resolved. On a wrong escape returns false and fills
 * `err` with its place; `offset` is where the literal stands in the text. */
bool lex_unquote(StrView literal, size_t offset, StrBuf *buf, Err *err);

/* The character of the escape \c where c is one of abfnrtv. */
unsigned lex_escape(char c);

/* Reads a number literal (decimal, 0x, 0o, 0b) into the number fields of `operand`. */
bool lex_number(StrView literal, size_t offset, Operand *operand, Err *err);

/* The name of the comparison operator nearest to `word`, NULL when none is near. */
const char *lex_suggest_operator(StrView word);

#endif
