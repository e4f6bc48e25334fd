/*
 * Scan: reading shorthand from left to right: words, values, regular expressions. Only the parser
 * (shorthand.c, shorthand_term.c) includes it. What a value is compared with is not known here.
 */
#ifndef FILTERS_SHORTHAND_SCAN_H
#define FILTERS_SHORTHAND_SCAN_H

#include "filters/predicate_part.h"
#include "filters/shorthand.h"

typedef struct Scan {
    Predicate *predicate; /* its arena holds what is made, its warnings grow */
    StrView text;
    size_t at;
    Err *err;
    int nesting;
    size_t steps;        /* how often blanks were skipped: before each word, once or a few times */
    size_t mixed_offset; /* see shorthand_parse */
} Scan;

/* A value as it was written. */
typedef struct Phrase {
    StrView text; /* unescaped */
    size_t offset;
    bool is_quoted;
} Phrase;

typedef struct PhraseList {
    Phrase *items; /* the caller frees it */
    size_t count;
    size_t capacity;
} PhraseList;

/* A word of logic, with its symbol. */
typedef struct Logic {
    PredicateKind kind;
    const char *word;
    const char *symbol;
    const char *doubt; /* of the word, NULL = documented */
} Logic;

extern const Logic SHORTHAND_AND;
extern const Logic SHORTHAND_OR;
extern const Logic SHORTHAND_NOT;

void scan_skip_blanks(Scan *scan);
StrView scan_rest(const Scan *scan);

/* Length of what can stand without quotes at the start of `rest`. */
size_t scan_bare_length(StrView rest);

/* What stands at the cursor, for a message: a word or one character. */
StrView scan_next_word(const Scan *scan);

/* Takes a word of logic or its symbol, with their warnings. */
bool scan_takes(Scan *scan, const Logic *logic);
bool scan_is_logic_word(StrView word);

/* Takes a value and what '|' adds to it; `after` names what stands before it, for messages. */
bool scan_phrases(Scan *scan, const char *after, PhraseList *list);

/* Takes /regex/, in which \\/ is a '/'. */
bool scan_regex(Scan *scan, PhraseList *list);

PredicateNode *scan_new_node(Scan *scan, PredicateKind kind, size_t offset);

/* Wraps a finished node; fails when it is too deep. */
Part scan_finish(Scan *scan, PredicateNode *node, int depth);
/* Makes one node of the parts. */
Part scan_join(Scan *scan, PredicateKind kind, const PartList *list, size_t offset);
Part scan_negate(Scan *scan, Part part, size_t offset);

/* Reads one comparison, or a value that is looked for in the message. */
Part shorthand_term(Scan *scan);

#endif
