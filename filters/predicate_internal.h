/*
 * What the files of the predicate language share: the inside of Predicate and the steps between
 * text and tree. Only predicate_*.c include it; everybody else goes through predicate.h.
 */
#ifndef FILTERS_PREDICATE_INTERNAL_H
#define FILTERS_PREDICATE_INTERNAL_H

#include "filters/predicate.h"

/* More than that is never read by anybody. */
#define PREDICATE_MAX_WARNINGS 16

struct Predicate {
    Arena arena; /* the tree, its texts, the source */
    StrView source;
    const PredicateNode *root;
    PredicateWarning warnings[PREDICATE_MAX_WARNINGS];
    size_t warning_count;
    bool is_shorthand;
};

/* As predicate_parse, and counts what reading took, also when it fails: tokens and words. */
Predicate *predicate_parse_counted(StrView text, Err *err, size_t *ret_steps);

/* How predicate_print_node writes what `log` reads in its own way. */
typedef enum PrintForm {
    PRINT_PLAIN,
    PRINT_WORDS_APART, /* key IN {words} becomes key == word OR key == word … */
} PrintForm;

void predicate_print_node(const PredicateNode *node, PrintForm form, StrBuf *buf);

/* Appends an operand: a key, a literal, a list. */
void operand_print(const Operand *operand, StrBuf *buf);

bool operand_equal(const Operand *a, const Operand *b);
bool predicate_node_equal(const PredicateNode *a, const PredicateNode *b);

/* Gives the names in a comparison their meaning: keys become fields, words beside an enumeration
 * become its values. `node` is being built: its lists may be changed. */
bool predicate_resolve(PredicateNode *node, Err *err);

/* Adds a warning without a rewrite; one that is there already is not said again. */
void predicate_warn(Predicate *predicate, size_t offset, const char *text);

/* Warns first of all that the text is that of an alias. */
void predicate_tell_alias(Predicate *predicate, StrView name);

/* Fills in the warnings of a finished tree. `mixed_offset` is where an OR stands beside an AND
 * without parentheses, SIZE_MAX = nowhere. */
void predicate_find_warnings(Predicate *predicate, size_t mixed_offset);

#endif
