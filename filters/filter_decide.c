/*
 * Deciding one comparison on one row: the values of a row, the fast shapes of Test, and the rules
 * for any two values (reference §3.3: nil, empty texts, members of lists). No trees here.
 */
#include "filters/filter_internal.h"

#include "base/clock.h"
#include "base/utf8.h"

/* --- values --------------------------------------------------------------------------------- */

static const Entry *row_entry(Row *row)
{
    Filter *filter = row->filter;
    if (!row->is_full) {
        columns_entry_full(row->columns, row->index, &filter->raw, &filter->entry);
        row->is_full = true;
    }
    return &filter->entry;
}

static StrView row_host(const Row *row)
{
    const Filter *filter = row->filter;
    size_t source = row->columns ? row->columns->source[row->index] : SIZE_MAX;
    return source < filter->host_count ? filter->hosts[source] : SV_NONE;
}

StrView row_text(Row *row, FieldId field)
{
    if (row->has_value) {
        return row->value;
    }
    if (!row->columns) {
        return entry_text(&row->filter->entry, field);
    }
    if (field == FIELD_MESSAGE) {
        return columns_message(row->columns, row->index);
    }
    if (field == FIELD_HOST) {
        return row_host(row);
    }
    const uint32_t *column = columns_interned(row->columns, field);
    if (column) {
        return columns_text(row->columns, column[row->index]);
    }
    return entry_text(row_entry(row), field);
}

static bool class_number(const Columns *columns, uint32_t index, FieldId field, uint64_t *ret_value)
{
    Entry entry = {0};
    entry.kind = (EntryKind)columns->kind[index];
    entry.level = (Level)columns->level[index];
    return entry_number(&entry, field, ret_value);
}

bool row_number(Row *row, FieldId field, uint64_t *ret_value)
{
    const Columns *columns = row->columns;
    if (!columns) {
        return entry_number(&row->filter->entry, field, ret_value);
    }
    uint32_t index = row->index;
    uint16_t present = columns->present[index];
    switch (field) {
    case FIELD_LEVEL:
    case FIELD_KIND:
        return class_number(columns, index, field, ret_value);
    case FIELD_PID:
        *ret_value = columns->pid[index];
        return present & HAS_PID;
    case FIELD_USER:
        *ret_value = columns->user[index];
        return present & HAS_USER;
    case FIELD_THREAD:
        *ret_value = columns->thread[index];
        return present & HAS_THREAD;
    case FIELD_ACTIVITY:
        *ret_value = columns->activity[index];
        return present & HAS_ACTIVITY;
    case FIELD_TRACE:
        *ret_value = columns->trace[index];
        return present & HAS_TRACE;
    case FIELD_MACH:
        *ret_value = columns->mach[index];
        return present & HAS_MACH;
    default:
        return entry_number(row_entry(row), field, ret_value);
    }
}

/* The row's time, as wall clock of its own zone where `bound` is one. */
bool row_time(Row *row, TimeBound bound, int64_t *ret_ns)
{
    if (!row->columns || row->columns->time_ns[row->index] == CLOCK_NO_TIME) {
        return false;
    }
    int64_t zone = bound.is_wall ? row->columns->zone_minutes[row->index] : 0;
    *ret_ns = row->columns->time_ns[row->index] + zone * 60 * NS_PER_SECOND;
    return true;
}

static Value field_value(Row *row, const FieldInfo *field)
{
    Value value = {.kind = VALUE_NIL};
    uint64_t number = 0;
    TimeBound exact = {0};
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_UUID:
        value.text = row_text(row, field->id);
        value.kind = value.text.ptr ? VALUE_TEXT : VALUE_NIL;
        break;
    case FIELD_TIME:
        value.kind = row_time(row, exact, &value.ns) ? VALUE_TIME : VALUE_NIL;
        break;
    default:
        if (row_number(row, field->id, &number)) {
            value.kind = VALUE_NUMBER;
            value.number = number_from(number);
        }
        break;
    }
    return value;
}

Value row_value(Row *row, const Operand *operand)
{
    switch (operand->kind) {
    case OPERAND_FIELD:
        return field_value(row, operand->field);
    case OPERAND_TEXT:
        return (Value){.kind = VALUE_TEXT, .text = operand->text};
    case OPERAND_NUMBER:
        return (Value){.kind = VALUE_NUMBER, .number = number_of(operand)};
    case OPERAND_LIST:
        return (Value){.kind = VALUE_LIST, .list = operand};
    case OPERAND_SELF:
        return (Value){.kind = VALUE_SELF};
    default:
        return (Value){.kind = VALUE_NIL};
    }
}

/* --- any two values --------------------------------------------------------------------------- */

static bool values_equal(Row *row, Value a, Value b, unsigned fold)
{
    if (a.kind != b.kind) {
        return false;
    }
    switch (a.kind) {
    case VALUE_TEXT:
        return text_match(a.text, TEXT_EQUAL, b.text, fold, row->filter->scratch);
    case VALUE_NUMBER:
        return number_compare(a.number, b.number) == 0;
    case VALUE_TIME:
        return a.ns == b.ns;
    case VALUE_LIST:
        if (a.list->count != b.list->count) {
            return false;
        }
        for (size_t i = 0; i < a.list->count; i++) {
            if (!values_equal(row, row_value(row, &a.list->items[i]),
                              row_value(row, &b.list->items[i]), fold)) {
                return false;
            }
        }
        return true;
    default:
        return true;
    }
}

/* Orders two values; false when they cannot be ordered (nil, or of two kinds). */
static bool values_order(Row *row, Value a, Value b, unsigned fold, int *ret_order)
{
    if (a.kind != b.kind) {
        return false;
    }
    switch (a.kind) {
    case VALUE_TEXT:
        *ret_order = text_compare(a.text, b.text, fold, row->filter->scratch);
        return true;
    case VALUE_NUMBER:
        *ret_order = number_compare(a.number, b.number);
        return true;
    case VALUE_TIME:
        *ret_order = (a.ns > b.ns) - (a.ns < b.ns);
        return true;
    default:
        return false;
    }
}

static bool decide_order(const Test *test, Row *row, PredicateOp op, Value a, Value b)
{
    int order = 0;
    bool includes_equal = op == OP_LESS_EQUAL || op == OP_GREATER_EQUAL;
    if (a.kind == VALUE_NIL && b.kind == VALUE_NIL) {
        return includes_equal;
    }
    if (!values_order(row, a, b, test->fold, &order)) {
        return false;
    }
    if (order == 0) {
        return includes_equal;
    }
    return (order < 0) == (op == OP_LESS || op == OP_LESS_EQUAL);
}

static bool decide_between(const Test *test, Row *row, Value a)
{
    const Operand *list = &test->node->right; /* of two: the parser saw to that */
    Value low = row_value(row, &list->items[0]);
    Value high = row_value(row, &list->items[1]);
    return a.kind != VALUE_NIL && decide_order(test, row, OP_GREATER_EQUAL, a, low) &&
           decide_order(test, row, OP_LESS_EQUAL, a, high);
}

/* isEqual: per element, so that options do not count (reference §3.3). */
static bool list_has(const Test *test, Row *row, const Operand *list, Value value)
{
    if (value.kind == VALUE_NIL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (values_equal(row, row_value(row, &list->items[i]), value, test->list_fold)) {
            return true;
        }
    }
    return false;
}

static bool decide_text(const Test *test, Row *row, Value a, TextOp op, Value b)
{
    return a.kind == VALUE_TEXT && b.kind == VALUE_TEXT &&
           text_match(a.text, op, b.text, test->fold, row->filter->scratch);
}

static bool decide_regex(const Test *test, Row *row, StrView text)
{
    if (!test->regex || !text.ptr) {
        return false;
    }
    if (test->fold && !text_is_ascii(text)) {
        StrBuf *scratch = &row->filter->scratch[0];
        strbuf_clear(scratch);
        utf8_fold(scratch, text, test->fold);
        text = strbuf_view(scratch);
    }
    size_t start;
    size_t end;
    RegexResult result = regex_search(test->regex, text, 0, &start, &end);
    if (result == REGEX_STOPPED && !row->is_stopped) {
        row->is_stopped = true;
        row->filter->stopped++;
    }
    return result == REGEX_YES;
}

static bool decide_values(const Test *test, Row *row, Value a, Value b)
{
    PredicateOp op = test->node->op;
    switch (op) {
    case OP_EQUAL:
        return values_equal(row, a, b, test->fold);
    case OP_NOT_EQUAL:
        return !values_equal(row, a, b, test->fold);
    case OP_BETWEEN:
        return decide_between(test, row, a);
    case OP_BEGINSWITH:
        return decide_text(test, row, a, TEXT_BEGINS, b);
    case OP_ENDSWITH:
        return decide_text(test, row, a, TEXT_ENDS, b);
    case OP_CONTAINS:
        return a.kind == VALUE_LIST ? list_has(test, row, a.list, b)
                                    : decide_text(test, row, a, TEXT_CONTAINS, b);
    case OP_LIKE:
    case OP_MATCHES:
        return a.kind == VALUE_TEXT && decide_regex(test, row, a.text);
    case OP_IN:
        return b.kind == VALUE_LIST ? list_has(test, row, b.list, a)
                                    : decide_text(test, row, b, TEXT_CONTAINS, a);
    default:
        return decide_order(test, row, op, a, b);
    }
}

static bool decide_generic(const Test *test, Row *row)
{
    const PredicateNode *node = test->node;
    Value right = row_value(row, &node->right);
    if (node->quantifier == QUANTIFIER_NONE) {
        return decide_values(test, row, row_value(row, &node->left), right);
    }
    bool wants = node->quantifier != QUANTIFIER_ALL; /* the answer that ends the search */
    for (size_t i = 0; i < node->left.count; i++) {
        Value item = row_value(row, &node->left.items[i]);
        if (decide_values(test, row, item, right) == wants) {
            return node->quantifier == QUANTIFIER_ANY;
        }
    }
    return node->quantifier != QUANTIFIER_ANY;
}

/* --- the shapes ----------------------------------------------------------------------------- */

static StrView subject_text(const Test *test, Row *row)
{
    return test->subject->kind == OPERAND_TEXT ? test->subject->text
                                               : row_text(row, test->subject->field->id);
}

static bool decide_time(const Test *test, Row *row)
{
    int64_t from = 0;
    int64_t to = 0;
    if (!row_time(row, test->from, &from) || !row_time(row, test->to, &to)) {
        return test->is_negated;
    }
    bool is_after = test->from_is_open ? from > test->from.ns : from >= test->from.ns;
    bool is_before = test->to_is_open ? to < test->to.ns : to <= test->to.ns;
    return (is_after && is_before) != test->is_negated;
}

bool test_decide(const Test *test, Row *row)
{
    uint64_t number = 0;
    StrView text;
    switch (test->shape) {
    case TEST_TEXT:
        text = subject_text(test, row);
        return (text.ptr && needle_match(test->needle, test->text_op, text,
                                         &row->filter->scratch[0])) != test->is_negated;
    case TEST_REGEX:
        return decide_regex(test, row, subject_text(test, row));
    case TEST_RANGE:
        return (row_number(row, test->field, &number) && number >= test->low &&
                number <= test->high) != test->is_negated;
    case TEST_TIME:
        return decide_time(test, row);
    default:
        return decide_generic(test, row);
    }
}
