/*
 * Lexer of predicate text. Words are case-insensitive keywords, "#word" is never a keyword.
 * It does not know the grammar, and of fields only that names are names.
 * Sources: Apple's Predicate Format String Syntax and its BNF.
 */
#include "filters/predicate_lex.h"

#include <string.h>

#include "base/ascii.h"

#define NOT_A_FUNCTION "functions are refused by log"
#define NO_VALUE_HERE "has no meaning in a predicate of log"

typedef struct Keyword {
    const char *word;
    LexKind kind;
    PredicateOp op;
    Quantifier quantifier;
    const char *fault;
} Keyword;

typedef struct Symbol {
    const char *text; /* longer ones before their beginnings */
    LexKind kind;
    PredicateOp op;
    const char *fault;
} Symbol;

/* clang-format off */
static const Keyword KEYWORDS[] = {
    { .word = "AND",             .kind = LEX_AND },
    { .word = "OR",              .kind = LEX_OR },
    { .word = "NOT",             .kind = LEX_NOT },
    { .word = "BEGINSWITH",      .kind = LEX_OPERATOR, .op = OP_BEGINSWITH },
    { .word = "CONTAINS",        .kind = LEX_OPERATOR, .op = OP_CONTAINS },
    { .word = "ENDSWITH",        .kind = LEX_OPERATOR, .op = OP_ENDSWITH },
    { .word = "LIKE",            .kind = LEX_OPERATOR, .op = OP_LIKE },
    { .word = "MATCHES",         .kind = LEX_OPERATOR, .op = OP_MATCHES },
    { .word = "IN",              .kind = LEX_OPERATOR, .op = OP_IN },
    { .word = "BETWEEN",         .kind = LEX_OPERATOR, .op = OP_BETWEEN },
    { .word = "ANY",             .kind = LEX_QUANTIFIER, .quantifier = QUANTIFIER_ANY },
    { .word = "SOME",            .kind = LEX_QUANTIFIER, .quantifier = QUANTIFIER_ANY },
    { .word = "ALL",             .kind = LEX_QUANTIFIER, .quantifier = QUANTIFIER_ALL },
    { .word = "NONE",            .kind = LEX_QUANTIFIER, .quantifier = QUANTIFIER_NO },
    { .word = "TRUE",            .kind = LEX_TRUE },
    { .word = "YES",             .kind = LEX_TRUE },
    { .word = "FALSE",           .kind = LEX_FALSE },
    { .word = "NO",              .kind = LEX_FALSE },
    { .word = "NIL",             .kind = LEX_NIL },
    { .word = "NULL",            .kind = LEX_NIL },
    { .word = "SELF",            .kind = LEX_SELF },
    { .word = "TRUEPREDICATE",   .kind = LEX_TRUE_PREDICATE },
    { .word = "FALSEPREDICATE",  .kind = LEX_FALSE_PREDICATE },
    { .word = "CASEINSENSITIVE", .kind = LEX_RESERVED,
      .fault = "CASEINSENSITIVE is a reserved word; write the option [c] after the operator" },
    { .word = "CI",              .kind = LEX_RESERVED,
      .fault = "CI is a reserved word; write the option [c] after the operator" },
    { .word = "FIRST",           .kind = LEX_RESERVED,
      .fault = "FIRST is a reserved word" },
    { .word = "LAST",            .kind = LEX_RESERVED,
      .fault = "LAST is a reserved word" },
    { .word = "SIZE",            .kind = LEX_RESERVED,
      .fault = "SIZE is a reserved word; the key is written #size" },
    { .word = "ANYKEY",          .kind = LEX_RESERVED, .fault = "ANYKEY is refused by log" },
    { .word = "SUBQUERY",        .kind = LEX_RESERVED, .fault = "SUBQUERY: " NOT_A_FUNCTION },
    { .word = "FETCH",           .kind = LEX_RESERVED, .fault = "FETCH: " NOT_A_FUNCTION },
    { .word = "CAST",            .kind = LEX_RESERVED, .fault = "CAST: " NOT_A_FUNCTION },
    { .word = "FUNCTION",        .kind = LEX_RESERVED, .fault = "FUNCTION: " NOT_A_FUNCTION },
    { .word = "TERNARY",         .kind = LEX_RESERVED, .fault = "TERNARY: " NOT_A_FUNCTION },
    { .word = "UTI-CONFORMS-TO", .kind = LEX_RESERVED, .fault = "UTI-CONFORMS-TO " NO_VALUE_HERE },
    { .word = "UTI-EQUALS",      .kind = LEX_RESERVED, .fault = "UTI-EQUALS " NO_VALUE_HERE },
};

/* Operators of other languages, the shorthand of log among them. */
static const struct {
    const char *word;
    const char *operator;
} SYNONYMS[] = {
    { "IS", "==" },
    { "EQUALS", "==" },
    { "EQ", "==" },
    { "STARTSWITH", "BEGINSWITH" },
    { "HASPREFIX", "BEGINSWITH" },
    { "HASSUFFIX", "ENDSWITH" },
    { "HAS", "CONTAINS" },
    { "INCLUDES", "CONTAINS" },
    { "REGEX", "MATCHES" },
};

static const Symbol SYMBOLS[] = {
    { "===", LEX_BROKEN, OP_EQUAL, "no such operator '===', did you mean '=='?" },
    { "!==", LEX_BROKEN, OP_EQUAL, "no such operator '!==', did you mean '!='?" },
    { "==", LEX_OPERATOR, OP_EQUAL, NULL },
    { "=<", LEX_OPERATOR, OP_LESS_EQUAL, NULL },
    { "=>", LEX_OPERATOR, OP_GREATER_EQUAL, NULL },
    { "=~", LEX_BROKEN, OP_EQUAL, "no such operator '=~', did you mean 'MATCHES'?" },
    { "=", LEX_OPERATOR, OP_EQUAL, NULL },
    { "!=", LEX_OPERATOR, OP_NOT_EQUAL, NULL },
    { "!", LEX_NOT, OP_EQUAL, NULL },
    { "<>", LEX_OPERATOR, OP_NOT_EQUAL, NULL },
    { "<=", LEX_OPERATOR, OP_LESS_EQUAL, NULL },
    { "<", LEX_OPERATOR, OP_LESS, NULL },
    { ">=", LEX_OPERATOR, OP_GREATER_EQUAL, NULL },
    { ">", LEX_OPERATOR, OP_GREATER, NULL },
    { "&&", LEX_AND, OP_EQUAL, NULL },
    { "&", LEX_BROKEN, OP_EQUAL, "no such operator '&', did you mean '&&'?" },
    { "||", LEX_OR, OP_EQUAL, NULL },
    { "|", LEX_BROKEN, OP_EQUAL, "no such operator '|', did you mean '||'?" },
    { "(", LEX_OPEN, OP_EQUAL, NULL },
    { ")", LEX_CLOSE, OP_EQUAL, NULL },
    { "{", LEX_BRACE_OPEN, OP_EQUAL, NULL },
    { "}", LEX_BRACE_CLOSE, OP_EQUAL, NULL },
    { "[", LEX_BRACKET, OP_EQUAL, NULL },
    { "]", LEX_BRACKET, OP_EQUAL, NULL },
    { ",", LEX_COMMA, OP_EQUAL, NULL },
    { "+", LEX_ARITHMETIC, OP_EQUAL, NULL },
    { "-", LEX_ARITHMETIC, OP_EQUAL, NULL },
    { "*", LEX_ARITHMETIC, OP_EQUAL, NULL },
    { "/", LEX_ARITHMETIC, OP_EQUAL, NULL },
    { "~", LEX_BROKEN, OP_EQUAL, "no such operator '~', did you mean 'MATCHES'?" },
    { ":", LEX_BROKEN, OP_EQUAL, "unexpected ':'" },
    { ";", LEX_BROKEN, OP_EQUAL, "unexpected ';'" },
    { "?", LEX_BROKEN, OP_EQUAL, "unexpected '?'" },
    { "%", LEX_BROKEN, OP_EQUAL, "'%' outside quotes: there is no argument to put in its place, and what log does with it is "
      "not known" },
    { "$", LEX_BROKEN, OP_EQUAL, "variables are refused by log" },
    { "@", LEX_BROKEN, OP_EQUAL, "unexpected '@'" },
    { "#", LEX_BROKEN, OP_EQUAL, "expected a name after '#'" },
    { "\\", LEX_BROKEN, OP_EQUAL, "unexpected '\\' outside quotes" },
    { "\xE2\x80\x9C", LEX_BROKEN, OP_EQUAL, "typographic quote: texts stand in \" or '" },
    { "\xE2\x80\x9D", LEX_BROKEN, OP_EQUAL, "typographic quote: texts stand in \" or '" },
    { "\xE2\x80\x98", LEX_BROKEN, OP_EQUAL, "typographic quote: texts stand in \" or '" },
    { "\xE2\x80\x99", LEX_BROKEN, OP_EQUAL, "typographic quote: texts stand in \" or '" },
};
/* clang-format on */

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

static bool is_word(char c)
{
    return is_letter(c) || ascii_is_digit(c);
}

static char at_or_nul(StrView text, size_t at)
{
    if (at >= text.len) {
        return '\0';
    }
    return text.ptr[at];
}

static const Keyword *keyword_find(StrView word)
{
    for (size_t i = 0; i < ARRAY_LEN(KEYWORDS); i++) {
        if (sv_equal_nocase(word, sv(KEYWORDS[i].word))) {
            return &KEYWORDS[i];
        }
    }
    return NULL;
}

static size_t skip_word(StrView text, size_t at)
{
    while (at < text.len && is_word(text.ptr[at])) {
        at++;
    }
    return at;
}

/* A dotted path; a dot belongs to it only when a name follows. */
static size_t skip_path(StrView text, size_t at)
{
    at = skip_word(text, at);
    while (at_or_nul(text, at) == '.' && is_letter(at_or_nul(text, at + 1))) {
        at = skip_word(text, at + 1);
    }
    return at;
}

static void take_word(Token *token, StrView text)
{
    size_t at = token->offset;
    if (text.ptr[at] == '#') {
        token->kind = LEX_NAME;
        token->text = sv_slice(text, at, skip_path(text, at + 1) - at);
        return;
    }
    size_t end = skip_path(text, at);
    StrView word = sv_slice(text, at, end - at);
    static const char *const UTI[] = {"UTI-CONFORMS-TO", "UTI-EQUALS"};
    for (size_t i = 0; i < ARRAY_LEN(UTI); i++) {
        StrView longer = sv_slice(text, at, strlen(UTI[i]));
        if (sv_equal_nocase(longer, sv(UTI[i])) && !is_word(at_or_nul(text, at + longer.len))) {
            word = longer;
        }
    }
    const Keyword *keyword = keyword_find(word);
    token->text = word;
    token->kind = LEX_NAME;
    if (keyword) {
        token->kind = keyword->kind;
        token->op = keyword->op;
        token->quantifier = keyword->quantifier;
        token->fault = keyword->fault;
    }
}

static void take_text(Token *token, StrView text)
{
    size_t at = token->offset;
    char quote = text.ptr[at++];
    while (at < text.len && text.ptr[at] != quote) {
        at += text.ptr[at] == '\\' && at + 1 < text.len ? 2 : 1;
    }
    if (at < text.len) {
        token->kind = LEX_TEXT;
        at++;
    } else {
        token->kind = LEX_BROKEN;
        token->fault = "unterminated string";
    }
    token->text = sv_slice(text, token->offset, at - token->offset);
}

/* Everything that looks like one number, right or wrong: lex_number judges it. */
static void take_number(Token *token, StrView text)
{
    size_t at = token->offset;
    bool is_decimal = !(text.ptr[at] == '0' && is_letter(at_or_nul(text, at + 1)) &&
                        at_or_nul(text, at + 1) != 'e' && at_or_nul(text, at + 1) != 'E');
    while (at < text.len) {
        char c = text.ptr[at];
        char before = at_or_nul(text, at - 1); /* wraps to nowhere at the start */
        bool is_sign = (c == '-' || c == '+') && is_decimal && (before == 'e' || before == 'E');
        if (!is_word(c) && c != '.' && !is_sign) {
            break;
        }
        at++;
    }
    token->kind = LEX_NUMBER;
    token->text = sv_slice(text, token->offset, at - token->offset);
}

/* [cd] as one token: letters and blanks between brackets. */
static bool take_options(Token *token, StrView text)
{
    size_t at = token->offset + 1;
    while (at < text.len && (is_letter(text.ptr[at]) || ascii_is_space(text.ptr[at]))) {
        at++;
    }
    if (at_or_nul(text, at) != ']') {
        return false;
    }
    token->kind = LEX_OPTIONS;
    token->text = sv_slice(text, token->offset, at + 1 - token->offset);
    return true;
}

static void take_symbol(Token *token, StrView text)
{
    StrView rest = sv_slice(text, token->offset, text.len);
    for (size_t i = 0; i < ARRAY_LEN(SYMBOLS); i++) {
        StrView symbol = sv(SYMBOLS[i].text);
        if (sv_starts(rest, symbol)) {
            token->text = sv_slice(rest, 0, symbol.len);
            token->kind = SYMBOLS[i].kind;
            token->op = SYMBOLS[i].op;
            token->fault = SYMBOLS[i].fault;
            return;
        }
    }
    size_t len = 1;
    while (len < rest.len && ((unsigned char)rest.ptr[len] & 0xC0u) == 0x80u) {
        len++;
    }
    token->text = sv_slice(rest, 0, len);
    token->kind = LEX_BROKEN;
    token->fault = "a character that cannot stand outside quotes";
}

Token lex_next(StrView text, size_t at)
{
    while (at < text.len && ascii_is_space(text.ptr[at])) {
        at++;
    }
    Token token = {.kind = LEX_END, .offset = at, .text = sv_slice(text, at, 0)};
    if (at >= text.len) {
        return token;
    }
    char c = text.ptr[at];
    char after = at_or_nul(text, at + 1);
    if (is_letter(c) || (c == '#' && is_letter(after))) {
        take_word(&token, text);
    } else if (ascii_is_digit(c) || (c == '.' && ascii_is_digit(after))) {
        take_number(&token, text);
    } else if (c == '"' || c == '\'') {
        take_text(&token, text);
    } else if (c != '[' || !take_options(&token, text)) {
        take_symbol(&token, text);
    }
    return token;
}

StrView lex_name(StrView token_text)
{
    if (token_text.len > 0 && token_text.ptr[0] == '#') {
        token_text = sv_slice(token_text, 1, token_text.len);
    }
    if (sv_equal_nocase(sv_slice(token_text, 0, 5), SV("SELF."))) {
        token_text = sv_slice(token_text, 5, token_text.len);
    }
    return token_text;
}

bool lex_is_reserved(StrView name)
{
    return keyword_find(name) != NULL;
}

const char *lex_suggest_operator(StrView word)
{
    for (size_t i = 0; i < ARRAY_LEN(SYNONYMS); i++) {
        if (sv_equal_nocase(word, sv(SYNONYMS[i].word))) {
            return SYNONYMS[i].operator;
        }
    }
    const char *best = NULL;
    size_t best_distance = word.len / 3 + 1;
    for (size_t i = 0; i < ARRAY_LEN(KEYWORDS) && word.len > 2; i++) {
        size_t distance = sv_distance(word, sv(KEYWORDS[i].word));
        if (KEYWORDS[i].kind == LEX_OPERATOR && distance < best_distance + (best == NULL)) {
            best_distance = distance;
            best = KEYWORDS[i].word;
        }
    }
    return best;
}
