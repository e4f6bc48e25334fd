/*
 * How two predicates relate: equal, or one certainly narrower than the other. Sound, not complete:
 * "no" means only that it was not seen. Works on trees, evaluates nothing but constants.
 */
#include "filters/predicate.h"

#include "base/utf8.h"
#include "filters/number.h"
#include "filters/predicate_internal.h"

/* Two trees of thousands of nodes could be compared in exponentially many ways. */
#define MAX_STEPS 200000

bool operand_equal(const Operand *a, const Operand *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case OPERAND_FIELD:
        return a->field == b->field;
    case OPERAND_TEXT:
        return sv_equal(a->text, b->text);
    case OPERAND_NUMBER:
        return number_compare(number_of(a), number_of(b)) == 0;
    case OPERAND_LIST:
        if (a->count != b->count) {
            return false;
        }
        for (size_t i = 0; i < a->count; i++) {
            if (!operand_equal(&a->items[i], &b->items[i])) {
                return false;
            }
        }
        return true;
    default:
        return true;
    }
}

/* Takes a step for each node and each member of a list; false when there are none left. */
static bool node_equal(const PredicateNode *a, const PredicateNode *b, size_t *steps)
{
    size_t cost = 1 + (a->kind == PREDICATE_COMPARE ? a->left.count + a->right.count : 0);
    if (*steps < cost) {
        *steps = 0;
        return false;
    }
    *steps -= cost;
    if (a->kind != b->kind || a->count != b->count) {
        return false;
    }
    if (a->kind == PREDICATE_COMPARE) {
        return a->op == b->op && a->quantifier == b->quantifier && a->options == b->options &&
               operand_equal(&a->left, &b->left) && operand_equal(&a->right, &b->right);
    }
    for (size_t i = 0; i < a->count; i++) {
        if (!node_equal(a->children[i], b->children[i], steps)) {
            return false;
        }
    }
    return true;
}

bool predicate_node_equal(const PredicateNode *a, const PredicateNode *b)
{
    size_t steps = SIZE_MAX;
    return node_equal(a, b, &steps);
}

bool predicate_equal(const Predicate *a, const Predicate *b)
{
    return predicate_node_equal(a->root, b->root);
}

/* --- implication of comparisons --------------------------------------------------------------- */

static void fold(StrView text, unsigned options, StrBuf *buf)
{
    unsigned flags = (options & OPTION_CASE ? UTF8_FOLD_CASE : 0) |
                     (options & OPTION_DIACRITICS ? UTF8_FOLD_DIACRITICS : 0);
    strbuf_clear(buf);
    if (flags) {
        utf8_fold(buf, text, flags | UTF8_FOLD_WIDTH);
    } else {
        strbuf_add(buf, text);
    }
}

/* Whether every text that stands so to `narrow` stands so to `wide`; both not empty, both folded.
 */
static bool needle_implies(PredicateOp narrow_op, StrView narrow, PredicateOp wide_op, StrView wide)
{
    switch (wide_op) {
    case OP_EQUAL:
        return narrow_op == OP_EQUAL && sv_equal(narrow, wide);
    case OP_BEGINSWITH:
        return (narrow_op == OP_BEGINSWITH || narrow_op == OP_EQUAL) && sv_starts(narrow, wide);
    case OP_ENDSWITH:
        return (narrow_op == OP_ENDSWITH || narrow_op == OP_EQUAL) && sv_ends(narrow, wide);
    case OP_CONTAINS:
        return (narrow_op == OP_EQUAL || narrow_op == OP_BEGINSWITH || narrow_op == OP_ENDSWITH ||
                narrow_op == OP_CONTAINS) &&
               sv_find(narrow, wide) != SIZE_MAX;
    default:
        return false;
    }
}

static bool text_implies(const PredicateNode *narrow, const PredicateNode *wide)
{
    if (narrow->options != wide->options || wide->right.text.len == 0) {
        return false;
    }
    StrBuf a = {0};
    StrBuf b = {0};
    fold(narrow->right.text, narrow->options, &a);
    fold(wide->right.text, wide->options, &b);
    bool implies =
        b.len > 0 && needle_implies(narrow->op, strbuf_view(&a), wide->op, strbuf_view(&b));
    strbuf_done(&a);
    strbuf_done(&b);
    return implies;
}

/* x < 5 implies x <= 5 and x < 6; what is nil satisfies none of them. */
static bool number_implies(const PredicateNode *narrow, const PredicateNode *wide)
{
    int order = number_compare(number_of(&narrow->right), number_of(&wide->right));
    switch (wide->op) {
    case OP_LESS:
        return (narrow->op == OP_LESS && order <= 0) ||
               ((narrow->op == OP_LESS_EQUAL || narrow->op == OP_EQUAL) && order < 0);
    case OP_LESS_EQUAL:
        return (narrow->op == OP_LESS || narrow->op == OP_LESS_EQUAL || narrow->op == OP_EQUAL) &&
               order <= 0;
    case OP_GREATER:
        return (narrow->op == OP_GREATER && order >= 0) ||
               ((narrow->op == OP_GREATER_EQUAL || narrow->op == OP_EQUAL) && order > 0);
    case OP_GREATER_EQUAL:
        return (narrow->op == OP_GREATER || narrow->op == OP_GREATER_EQUAL ||
                narrow->op == OP_EQUAL) &&
               order >= 0;
    default:
        return false;
    }
}

static bool list_has(const Operand *list, const Operand *item, size_t *steps)
{
    if (*steps < list->count) {
        *steps = 0;
        return false;
    }
    *steps -= list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (operand_equal(&list->items[i], item)) {
            return true;
        }
    }
    return false;
}

static bool is_constant(const Operand *operand)
{
    return operand->kind == OPERAND_TEXT || operand->kind == OPERAND_NUMBER;
}

static bool list_implies(const PredicateNode *narrow, const PredicateNode *wide, size_t *steps)
{
    if (narrow->op == OP_EQUAL && narrow->options == 0) {
        return is_constant(&narrow->right) && list_has(&wide->right, &narrow->right, steps);
    }
    if (narrow->op != OP_IN || narrow->right.kind != OPERAND_LIST) {
        return false;
    }
    for (size_t i = 0; i < narrow->right.count; i++) {
        if (!list_has(&wide->right, &narrow->right.items[i], steps)) {
            return false;
        }
    }
    return true;
}

static bool comparison_implies(const PredicateNode *narrow, const PredicateNode *wide,
                               size_t *steps)
{
    if (narrow->quantifier != QUANTIFIER_NONE || wide->quantifier != QUANTIFIER_NONE ||
        narrow->left.kind != OPERAND_FIELD || !operand_equal(&narrow->left, &wide->left)) {
        return false;
    }
    if (wide->op == OP_IN && wide->right.kind == OPERAND_LIST) {
        return list_implies(narrow, wide, steps);
    }
    if (narrow->right.kind != wide->right.kind) {
        return false;
    }
    if (wide->right.kind == OPERAND_TEXT && narrow->left.field->type == FIELD_TEXT) {
        return text_implies(narrow, wide);
    }
    return wide->right.kind == OPERAND_NUMBER && number_implies(narrow, wide);
}

/* --- implication of trees --------------------------------------------------------------------- */

static bool implies(const PredicateNode *narrow, const PredicateNode *wide, size_t *steps);

static bool each_implies(const PredicateNode *narrow, const PredicateNode *wide, size_t *steps)
{
    for (size_t i = 0; i < narrow->count; i++) {
        if (!implies(narrow->children[i], wide, steps)) {
            return false;
        }
    }
    return true;
}

static bool implies_each(const PredicateNode *narrow, const PredicateNode *wide, size_t *steps)
{
    for (size_t i = 0; i < wide->count; i++) {
        if (!implies(narrow, wide->children[i], steps)) {
            return false;
        }
    }
    return true;
}

static bool implies_some(const PredicateNode *narrow, const PredicateNode *wide, size_t *steps)
{
    for (size_t i = 0; narrow->kind == PREDICATE_AND && i < narrow->count; i++) {
        if (implies(narrow->children[i], wide, steps)) {
            return true;
        }
    }
    for (size_t i = 0; wide->kind == PREDICATE_OR && i < wide->count; i++) {
        if (implies(narrow, wide->children[i], steps)) {
            return true;
        }
    }
    return false;
}

static bool implies(const PredicateNode *narrow, const PredicateNode *wide, size_t *steps)
{
    if (*steps == 0) {
        return false;
    }
    --*steps;
    if (narrow->kind == PREDICATE_FALSE || wide->kind == PREDICATE_TRUE ||
        node_equal(narrow, wide, steps)) {
        return true;
    }
    if (narrow->kind == PREDICATE_OR) {
        return each_implies(narrow, wide, steps);
    }
    if (wide->kind == PREDICATE_AND) {
        return implies_each(narrow, wide, steps);
    }
    if (narrow->kind == PREDICATE_COMPARE && wide->kind == PREDICATE_COMPARE) {
        return comparison_implies(narrow, wide, steps);
    }
    if (narrow->kind == PREDICATE_NOT && wide->kind == PREDICATE_NOT) {
        return implies(wide->children[0], narrow->children[0], steps);
    }
    return implies_some(narrow, wide, steps);
}

bool predicate_implies(const Predicate *narrow, const Predicate *wide)
{
    size_t steps = MAX_STEPS;
    return implies(narrow->root, wide->root, &steps);
}
