/*
 * From the tree of a predicate to the tree that decides: constants folded, everything that depends
 * on one interned field (or on level and event type) gathered under one node that remembers its
 * verdicts, cheap nodes before dear ones. It decides nothing itself.
 */
#include "filters/filter_internal.h"

#include <string.h>

#include "base/mem.h"

#define CLASS_FIELDS (FIELD_BIT(FIELD_LEVEL) | FIELD_BIT(FIELD_KIND))

/* What one test costs, roughly in nanoseconds. */
enum {
    COST_CLASS = 1,
    COST_ATOM = 2,
    COST_NUMBER = 3,
    COST_START = 5,
    COST_SEARCH = 20,
    COST_GENERIC = 60,
    COST_REGEX = 150,
    COST_FULL = 2000,
};

/* Fields that are read from columns; the others need the entry in full. */
static bool is_in_columns(FieldId field)
{
    static const FieldId OTHERS[] = {FIELD_MESSAGE,  FIELD_LEVEL, FIELD_KIND, FIELD_PID,
                                     FIELD_USER,     FIELD_TRACE, FIELD_MACH, FIELD_THREAD,
                                     FIELD_ACTIVITY, FIELD_DATE,  FIELD_HOST};
    for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++) {
        if (OTHERS[i] == field) {
            return true;
        }
    }
    return (FIELDS[field].flags & FIELD_INTERNED) != 0;
}

static FieldSet fields_of(const Operand *operand)
{
    FieldSet fields = operand->kind == OPERAND_FIELD ? FIELD_BIT(operand->field->id) : 0;
    for (size_t i = 0; operand->kind == OPERAND_LIST && i < operand->count; i++) {
        fields |= fields_of(&operand->items[i]);
    }
    return fields;
}

static FilterNode *new_node(Filter *filter, FilterNodeKind kind)
{
    FilterNode *node = arena_alloc(&filter->arena, sizeof *node);
    node->kind = kind;
    return node;
}

static FilterNode *new_constant(Filter *filter, bool is_true)
{
    return new_node(filter, is_true ? NODE_TRUE : NODE_FALSE);
}

static FilterNode *new_parent(Filter *filter, FilterNodeKind kind, FilterNode **children,
                              size_t count)
{
    FilterNode *node = new_node(filter, kind);
    node->children = arena_alloc(&filter->arena, count * sizeof(FilterNode *));
    memcpy(node->children, children, count * sizeof(FilterNode *));
    node->count = count;
    for (size_t i = 0; i < count; i++) {
        node->fields |= children[i]->fields;
        node->full += children[i]->full;
        node->cost += children[i]->cost;
    }
    return node;
}

/* --- tests ---------------------------------------------------------------------------------- */

static unsigned cost_of(const Test *test)
{
    switch (test->shape) {
    case TEST_RANGE:
    case TEST_TIME:
        return COST_NUMBER;
    case TEST_TEXT:
        return test->text_op == TEXT_CONTAINS ? COST_SEARCH : COST_START;
    case TEST_REGEX:
        return COST_REGEX;
    default:
        return COST_GENERIC;
    }
}

static FilterNode *build_comparison(Filter *filter, const PredicateNode *comparison, Err *err)
{
    const Test *test = filter_build_test(filter, comparison, err);
    if (!test) {
        return NULL;
    }
    FieldSet fields = fields_of(&comparison->left) | fields_of(&comparison->right);
    if (fields == 0) {
        filter->constant_regexes += test->regex != NULL;
        if (filter->constant_regexes > FILTER_MAX_CONSTANT_REGEXES) {
            (void)err_set_at(err, comparison->offset,
                             "too many regular expressions beside constants");
            return NULL;
        }
        Row row = {.filter = filter};
        bool is_true = test_decide(test, &row);
        return new_constant(filter, is_true && !row.is_stopped);
    }
    FilterNode *node = new_node(filter, NODE_TEST);
    node->test = test;
    node->fields = fields;
    node->cost = cost_of(test);
    for (int id = 0; id < FIELD_COUNT; id++) {
        node->full = node->full || ((fields & FIELD_BIT(id)) && !is_in_columns((FieldId)id));
    }
    node->cost += node->full ? COST_FULL : 0;
    return node;
}

/* --- nodes that remember -------------------------------------------------------------------- */

/* The group a node belongs to: one interned field, level and event type, or 0 = none. */
static FieldSet group_of(const FilterNode *node)
{
    FieldSet fields = node->fields;
    if (fields != 0 && (fields & ~CLASS_FIELDS) == 0) {
        return CLASS_FIELDS;
    }
    for (int id = 0; id < FIELD_COUNT; id++) {
        if (fields == FIELD_BIT(id) && (FIELDS[id].flags & FIELD_INTERNED)) {
            return fields;
        }
    }
    return 0;
}

static FilterNode *wrap_class(Filter *filter, FilterNode *inner)
{
    FilterNode *node = new_parent(filter, NODE_CLASS, &inner, 1);
    node->cost = COST_CLASS;
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        for (int level = 0; level < LEVEL_COUNT; level++) {
            Row row = {.filter = filter, .is_full = true};
            filter->entry = (Entry){.kind = (EntryKind)kind, .level = (Level)level};
            if (node_match(inner, &row) == VERDICT_YES) {
                node->levels[kind] |= (uint8_t)(1u << level);
            }
        }
    }
    return node;
}

static FilterNode *wrap_atom(Filter *filter, FilterNode *inner)
{
    FilterNode *node = new_parent(filter, NODE_ATOM, &inner, 1);
    node->cost = COST_ATOM;
    while (inner->fields != FIELD_BIT(node->field)) {
        node->field++;
    }
    mem_grow((void **)&filter->atom_nodes, &filter->atom_capacity, filter->atom_count,
             sizeof(FilterNode *));
    filter->atom_nodes[filter->atom_count++] = node;
    return node;
}

static FilterNode *wrap(Filter *filter, FilterNode *node)
{
    FieldSet group = group_of(node);
    if (group == 0) {
        return node;
    }
    return group == CLASS_FIELDS ? wrap_class(filter, node) : wrap_atom(filter, node);
}

/* What was wrapped: a node that is to be gathered anew. */
static FilterNode *bare(FilterNode *node)
{
    return node->kind == NODE_CLASS || node->kind == NODE_ATOM ? node->children[0] : node;
}

/* --- logic ---------------------------------------------------------------------------------- */

typedef struct NodeList {
    FilterNode **items;
    size_t count;
    size_t capacity;
} NodeList;

static void node_list_add(NodeList *list, FilterNode *node)
{
    mem_grow((void **)&list->items, &list->capacity, list->count, sizeof(FilterNode *));
    list->items[list->count++] = node;
}

/* Cheap ones first, else in the order they were written. */
static void sort_by_cost(NodeList *list)
{
    for (size_t i = 1; i < list->count; i++) {
        FilterNode *node = list->items[i];
        size_t at = i;
        while (at > 0 && list->items[at - 1]->cost > node->cost) {
            list->items[at] = list->items[at - 1];
            at--;
        }
        list->items[at] = node;
    }
}

/* Gathers the members of each group under one node; the rest stays as it is. */
static void gather(Filter *filter, FilterNodeKind kind, NodeList *list)
{
    NodeList result = {0};
    for (size_t i = 0; i < list->count; i++) {
        FieldSet group = list->items[i] ? group_of(list->items[i]) : 0;
        if (group == 0) {
            if (list->items[i]) {
                node_list_add(&result, list->items[i]);
            }
            continue;
        }
        NodeList members = {0};
        for (size_t j = i; j < list->count; j++) {
            if (list->items[j] && group_of(list->items[j]) == group) {
                node_list_add(&members, list->items[j]);
                list->items[j] = NULL;
            }
        }
        FilterNode *gathered = members.count == 1
                                   ? members.items[0]
                                   : new_parent(filter, kind, members.items, members.count);
        node_list_add(&result, wrap(filter, gathered));
        mem_free(members.items);
    }
    mem_free(list->items);
    *list = result;
}

static bool is_one_group(const NodeList *list)
{
    FieldSet group = group_of(list->items[0]);
    for (size_t i = 1; i < list->count; i++) {
        if (group_of(list->items[i]) != group) {
            return false;
        }
    }
    return group != 0;
}

/* Makes one node of the children of an AND or OR; takes the list's memory. */
static FilterNode *combine(Filter *filter, FilterNodeKind kind, NodeList *list)
{
    FilterNode *node = NULL;
    if (list->count == 0) {
        node = new_constant(filter, kind == NODE_AND);
    } else if (list->count == 1) {
        node = list->items[0];
    } else {
        if (!is_one_group(list)) {
            gather(filter, kind, list);
        }
        sort_by_cost(list);
        node =
            list->count == 1 ? list->items[0] : new_parent(filter, kind, list->items, list->count);
    }
    mem_free(list->items);
    return node;
}

static FilterNode *build(Filter *filter, const PredicateNode *node, Err *err);

static FilterNode *build_logic(Filter *filter, const PredicateNode *node, Err *err)
{
    FilterNodeKind kind = node->kind == PREDICATE_AND ? NODE_AND : NODE_OR;
    FilterNodeKind neutral = kind == NODE_AND ? NODE_TRUE : NODE_FALSE;
    FilterNodeKind absorbing = kind == NODE_AND ? NODE_FALSE : NODE_TRUE;
    bool is_absorbed = false;
    NodeList list = {0};
    for (size_t i = 0; i < node->count; i++) {
        FilterNode *child = build(filter, node->children[i], err);
        if (!child) {
            mem_free(list.items);
            return NULL;
        }
        is_absorbed = is_absorbed || child->kind == absorbing;
        if (child->kind == kind) {
            for (size_t j = 0; j < child->count; j++) {
                node_list_add(&list, bare(child->children[j]));
            }
        } else if (child->kind != neutral) {
            node_list_add(&list, child);
        }
    }
    if (is_absorbed) {
        mem_free(list.items);
        return new_node(filter, absorbing);
    }
    return combine(filter, kind, &list);
}

static FilterNode *build_not(Filter *filter, const PredicateNode *node, Err *err)
{
    FilterNode *child = build(filter, node->children[0], err);
    if (!child) {
        return NULL;
    }
    if (child->kind == NODE_TRUE || child->kind == NODE_FALSE) {
        return new_constant(filter, child->kind == NODE_FALSE);
    }
    if (child->kind == NODE_NOT) {
        return child->children[0];
    }
    return new_parent(filter, NODE_NOT, &child, 1);
}

static FilterNode *build(Filter *filter, const PredicateNode *node, Err *err)
{
    switch (node->kind) {
    case PREDICATE_TRUE:
    case PREDICATE_FALSE:
        return new_constant(filter, node->kind == PREDICATE_TRUE);
    case PREDICATE_COMPARE:
        return build_comparison(filter, node, err);
    case PREDICATE_NOT:
        return build_not(filter, node, err);
    default:
        return build_logic(filter, node, err);
    }
}

FilterNode *filter_build(Filter *filter, const PredicateNode *node, Err *err)
{
    FilterNode *root = build(filter, node, err);
    return root ? wrap(filter, root) : NULL;
}
