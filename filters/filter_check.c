/*
 * What would raise an exception in `log`, found before anything is matched: text operators on
 * numbers, order between a number and a text, ANY on a single value. Types only, no values.
 */
#include "filters/filter_internal.h"

typedef enum Type { TYPE_NIL, TYPE_TEXT, TYPE_NUMBER, TYPE_TIME, TYPE_LIST, TYPE_SELF } Type;

static const char *const TYPE_NAMES[] = {
    [TYPE_NIL] = "nil",     [TYPE_TEXT] = "a text", [TYPE_NUMBER] = "a number",
    [TYPE_TIME] = "a date", [TYPE_LIST] = "a list", [TYPE_SELF] = "the entry as a whole",
};

static Type type_of(const Operand *operand)
{
    switch (operand->kind) {
    case OPERAND_FIELD:
        switch (operand->field->type) {
        case FIELD_TEXT:
        case FIELD_UUID:
            return TYPE_TEXT;
        case FIELD_TIME:
            return TYPE_TIME;
        default:
            return TYPE_NUMBER;
        }
    case OPERAND_TEXT:
        return TYPE_TEXT;
    case OPERAND_NUMBER:
        return TYPE_NUMBER;
    case OPERAND_LIST:
        return TYPE_LIST;
    case OPERAND_SELF:
        return TYPE_SELF;
    default:
        return TYPE_NIL;
    }
}

/* How a message calls an operand: its key as written, or what it is. */
static StrView name_of(const Operand *operand)
{
    return operand->kind == OPERAND_FIELD ? operand->name : sv(TYPE_NAMES[type_of(operand)]);
}

static bool fail_type(const Operand *operand, PredicateOp op, Err *err)
{
    if (operand->kind == OPERAND_FIELD) {
        return err_set_at(err, operand->offset, "'%.*s' is %s: %s cannot be used on it",
                          SV_ARG(name_of(operand)), TYPE_NAMES[type_of(operand)],
                          predicate_op_name(op));
    }
    return err_set_at(err, operand->offset, "%s cannot be used on %s", predicate_op_name(op),
                      TYPE_NAMES[type_of(operand)]);
}

/* A date stands against a date or a text that reads as one. */
static bool check_times(const Operand *left, const Operand *right, PredicateOp op, Err *err)
{
    const Operand *other = type_of(left) == TYPE_TIME ? right : left;
    Type type = type_of(other);
    TimeBound bound;
    if (type == TYPE_TIME || type == TYPE_NIL) {
        return true;
    }
    bool is_simple = op <= OP_BETWEEN;
    if (is_simple && other->kind == OPERAND_TEXT && filter_read_time(other->text, &bound)) {
        return true;
    }
    if (!is_simple) {
        return fail_type(type_of(left) == TYPE_TIME ? left : right, op, err);
    }
    return err_set_at(err, other->offset,
                      "expected a date such as \"2026-09-08 10:00:16\" beside '%.*s'",
                      SV_ARG(name_of(type_of(left) == TYPE_TIME ? left : right)));
}

static bool check_order(const Operand *left, const Operand *right, PredicateOp op, Err *err)
{
    Type a = type_of(left);
    Type b = type_of(right);
    if (a == TYPE_TIME || b == TYPE_TIME) {
        return check_times(left, right, op, err);
    }
    if (a == TYPE_LIST || a == TYPE_SELF) {
        return fail_type(left, op, err);
    }
    if (b == TYPE_LIST || b == TYPE_SELF) {
        return fail_type(right, op, err);
    }
    if (a == b || a == TYPE_NIL || b == TYPE_NIL) {
        return true;
    }
    return err_set_at(err, right->offset, "%s cannot be ordered against %s (%.*s is %s)",
                      TYPE_NAMES[a], TYPE_NAMES[b], SV_ARG(name_of(left)), TYPE_NAMES[a]);
}

static bool check_equal(const Operand *left, const Operand *right, PredicateOp op, Err *err)
{
    if (type_of(left) == TYPE_TIME || type_of(right) == TYPE_TIME) {
        return check_times(left, right, op, err);
    }
    return true;
}

static bool check_between(const Operand *left, const Operand *right, PredicateOp op, Err *err)
{
    for (size_t i = 0; i < right->count; i++) {
        if (!check_order(left, &right->items[i], op, err)) {
            return false;
        }
    }
    return true;
}

static bool check_texts(const Operand *left, const Operand *right, PredicateOp op, Err *err)
{
    const Operand *sides[] = {left, right};
    for (size_t i = 0; i < ARRAY_LEN(sides); i++) {
        Type type = type_of(sides[i]);
        if (type != TYPE_TEXT && type != TYPE_NIL) {
            return fail_type(sides[i], op, err);
        }
    }
    return true;
}

static bool check_contains(const Operand *left, const Operand *right, PredicateOp op, Err *err)
{
    return type_of(left) == TYPE_LIST || check_texts(left, right, op, err);
}

static bool check_pattern(const Operand *left, const Operand *right, PredicateOp op, Err *err)
{
    if (!check_texts(left, right, op, err)) {
        return false;
    }
    if (right->kind == OPERAND_FIELD) {
        return err_set_at(err, right->offset, "%s needs a pattern in quotes, not a key",
                          predicate_op_name(op));
    }
    return true;
}

static bool check_in(const Operand *left, const Operand *right, PredicateOp op, Err *err)
{
    if (type_of(right) != TYPE_LIST) {
        return check_texts(left, right, op, err);
    }
    if (type_of(left) == TYPE_TIME || type_of(left) == TYPE_SELF) {
        return fail_type(left, op, err);
    }
    return true;
}

typedef bool (*CheckOp)(const Operand *left, const Operand *right, PredicateOp op, Err *err);

static const CheckOp CHECKS[OP_COUNT] = {
    [OP_EQUAL] = check_equal,
    [OP_NOT_EQUAL] = check_equal,
    [OP_LESS] = check_order,
    [OP_LESS_EQUAL] = check_order,
    [OP_GREATER] = check_order,
    [OP_GREATER_EQUAL] = check_order,
    [OP_BETWEEN] = check_between,
    [OP_BEGINSWITH] = check_texts,
    [OP_CONTAINS] = check_contains,
    [OP_ENDSWITH] = check_texts,
    [OP_LIKE] = check_pattern,
    [OP_MATCHES] = check_pattern,
    [OP_IN] = check_in,
};

static bool check_comparison(const PredicateNode *node, Err *err)
{
    static const char *const WORDS[] = {
        [QUANTIFIER_ANY] = "ANY", [QUANTIFIER_ALL] = "ALL", [QUANTIFIER_NO] = "NONE"};
    if (node->quantifier == QUANTIFIER_NONE) {
        return CHECKS[node->op](&node->left, &node->right, node->op, err);
    }
    if (node->left.kind != OPERAND_LIST) {
        return err_set_at(err, node->left.offset, "%s needs a list: {a, b, …}",
                          WORDS[node->quantifier]);
    }
    for (size_t i = 0; i < node->left.count; i++) {
        if (!CHECKS[node->op](&node->left.items[i], &node->right, node->op, err)) {
            return false;
        }
    }
    return true;
}

bool filter_check(const PredicateNode *node, Err *err)
{
    if (node->kind == PREDICATE_COMPARE) {
        return check_comparison(node, err);
    }
    for (size_t i = 0; i < node->count; i++) {
        if (!filter_check(node->children[i], err)) {
            return false;
        }
    }
    return true;
}
