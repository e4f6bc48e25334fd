/*
 * Predicate: an NSPredicate text as a tree: parse, print, check. It knows the fields of
 * parsers/fields.h and nothing of where entries are stored; filters/filter.h compiles it.
 * Grammar and rules: reference unified-log.md §3 (pSyntax, pBNF and what `log` accepts of them).
 */
#ifndef FILTERS_PREDICATE_H
#define FILTERS_PREDICATE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "parsers/fields.h"

#define PREDICATE_MAX_BYTES (64 * KIB)
#define PREDICATE_MAX_DEPTH 200

typedef enum PredicateKind {
    PREDICATE_TRUE,
    PREDICATE_FALSE,
    PREDICATE_AND, /* children: 2 or more */
    PREDICATE_OR,
    PREDICATE_NOT, /* children: 1 */
    PREDICATE_COMPARE,
} PredicateKind;

typedef enum PredicateOp {
    OP_EQUAL,
    OP_NOT_EQUAL,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_BETWEEN,
    OP_BEGINSWITH,
    OP_CONTAINS,
    OP_ENDSWITH,
    OP_LIKE,
    OP_MATCHES,
    OP_IN, /* {…}: member; "text": substring */
    OP_COUNT
} PredicateOp;

#define OPTION_CASE (1u << 0)       /* [c] */
#define OPTION_DIACRITICS (1u << 1) /* [d] */
#define OPTION_LITERAL (1u << 2)    /* [n], excludes c and d */
#define OPTION_LOCALE (1u << 3)     /* [l] */
#define OPTION_TOKENS (1u << 4)     /* [w] */

typedef enum OperandKind {
    OPERAND_FIELD,
    OPERAND_TEXT,
    OPERAND_NUMBER,
    OPERAND_NIL,
    OPERAND_LIST, /* {…}: constants and fields */
    OPERAND_SELF, /* the entry as a whole: only ever equal to itself */
} OperandKind;

typedef struct Operand Operand;
struct Operand {
    OperandKind kind;
    const FieldInfo *field; /* OPERAND_FIELD */
    StrView name;           /* the key or enumeration word as it was written; nil = none */
    StrView text;           /* OPERAND_TEXT: unescaped */
    double number;          /* OPERAND_NUMBER, and the Apple number of an enumeration word */
    uint64_t integer;       /* OPERAND_NUMBER: exact when is_integer */
    bool is_integer;
    bool is_negative;
    bool is_word; /* an enumeration word (error, logEvent), quoted or not, beside its field */
    const Operand *items; /* OPERAND_LIST */
    size_t count;
    size_t offset; /* where it stands in the text */
};

typedef enum Quantifier {
    QUANTIFIER_NONE,
    QUANTIFIER_ANY,
    QUANTIFIER_ALL,
    QUANTIFIER_NO
} Quantifier;

typedef struct PredicateNode PredicateNode;
struct PredicateNode {
    PredicateKind kind;
    const PredicateNode *const *children;
    size_t count;
    PredicateOp op; /* PREDICATE_COMPARE from here on */
    Quantifier quantifier;
    unsigned options; /* OPTION_… */
    Operand left;
    Operand right;
    size_t offset; /* where the node begins in the text, and where its operator stands */
    size_t op_offset;
};

typedef struct PredicateWarning {
    size_t offset;
    StrView text; /* lower case, no full stop */
    StrView fix;  /* the predicate rewritten, nil = none to offer */
} PredicateWarning;

typedef struct Predicate Predicate;
typedef struct Aliases Aliases; /* filters/aliases.h */

/* Parses `text`: as NSPredicate, and when that fails as the shorthand of macOS 26; the tree is the
 * same. The caller frees the result. On an error returns NULL and fills `err`, of the grammar that
 * got further, with the offset of the fault and, where a word is nearly right, a suggestion. An
 * empty or blank text is TRUEPREDICATE. */
Predicate *predicate_parse(StrView text, Err *err);

/* The same; a text of one word that is one of `aliases` (may be NULL) stands for the predicate of
 * the alias, which is then the source and which a warning tells. An error inside of an alias points
 * to its name. */
Predicate *predicate_parse_with(StrView text, const Aliases *aliases, Err *err);
void predicate_free(Predicate *predicate);

const PredicateNode *predicate_root(const Predicate *predicate);
StrView predicate_source(const Predicate *predicate);    /* the text it was made of */
bool predicate_is_shorthand(const Predicate *predicate); /* its text is shorthand */

/* What is doubtful about it: AND and OR mixed without parentheses (reference §3.4), words inside
 * IN {…} (§2.8), a key `log` does not know, a key NDJSON does not carry, what is not confirmed. */
size_t predicate_warnings(const Predicate *predicate, const PredicateWarning **ret_warnings);

/* Tells whether `log --predicate` can take it: only keys of Apple's, no local extension. */
bool predicate_is_sendable(const Predicate *predicate, Err *err);

/* Appends it as NSPredicate text, fully parenthesised; parsing that gives the same tree. This is
 * what is sent to `log`. */
void predicate_print(const Predicate *predicate, StrBuf *buf);

/* Appends it as shorthand. Fails, appending nothing, on what shorthand has no words for. */
bool predicate_print_shorthand(const Predicate *predicate, StrBuf *buf, Err *err);

/* Appends an indented tree, a node a line. */
void predicate_print_tree(const Predicate *predicate, StrBuf *buf);

/* Tells whether two trees are equal, offsets and spelling of operators aside. */
bool predicate_equal(const Predicate *a, const Predicate *b);

/* Whether every entry that `narrow` matches is certainly matched by `wide` as well. */
bool predicate_implies(const Predicate *narrow, const Predicate *wide);

/* Quotes `text` as a string literal of a predicate. */
void predicate_quote(StrView text, StrBuf *buf);

/* Spelling of an operator: "==", "CONTAINS", … */
const char *predicate_op_name(PredicateOp op);

/* A piece of predicate text, for colouring it while it is typed. Never fails. */
typedef enum TokenClass {
    TOKEN_SPACE,
    TOKEN_KEY,
    TOKEN_OPERATOR,
    TOKEN_LOGIC,
    TOKEN_TEXT,
    TOKEN_NUMBER,
    TOKEN_WORD, /* enumeration word, nil, TRUEPREDICATE */
    TOKEN_PAREN,
    TOKEN_BROKEN,
} TokenClass;

/* Gives the next token of `rest` from its start; false at the end. */
bool predicate_next_token(StrView *rest, StrView *ret_text, TokenClass *ret_class);

/* Appends the text with a caret under `offset`, for terminals of `columns` cells: two lines, each
 * with `indent` blanks before it and a newline after it, the text clipped around the fault ("…"
 * stands where it was cut). */
void predicate_print_caret(StrView text, size_t offset, int columns, int indent, StrBuf *buf);

#endif
