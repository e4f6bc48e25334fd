/*
 * From a comparison to a Test: which of the few fast shapes it has, its constants prepared, its
 * pattern compiled. Whatever has no fast shape is decided value by value in filter_decide.c.
 */
#include "filters/filter_internal.h"

#include <math.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"

#define TWO_TO_64 18446744073709551616.0

/* A comparison with the side to look at on the left. */
typedef struct Sides {
    const Operand *subject;
    const Operand *other;
    PredicateOp op;
} Sides;

static unsigned fold_flags(const PredicateNode *node)
{
    unsigned fold = 0;
    if (node->options & OPTION_CASE) {
        fold |= UTF8_FOLD_CASE | UTF8_FOLD_WIDTH;
    }
    if (node->options & OPTION_DIACRITICS) {
        fold |= UTF8_FOLD_DIACRITICS | UTF8_FOLD_WIDTH;
    }
    return fold;
}

static bool has_uuid(const Operand *operand)
{
    bool found = operand->kind == OPERAND_FIELD && operand->field->type == FIELD_UUID;
    for (size_t i = 0; operand->kind == OPERAND_LIST && !found && i < operand->count; i++) {
        found = has_uuid(&operand->items[i]);
    }
    return found;
}

/* "x" == key as key == "x"; "x" IN key as key CONTAINS "x". */
static Sides sides_of(const PredicateNode *node)
{
    static const struct {
        PredicateOp op;
        PredicateOp mirrored;
    } MIRRORED[] = {
        {OP_EQUAL, OP_EQUAL},  {OP_NOT_EQUAL, OP_NOT_EQUAL},
        {OP_LESS, OP_GREATER}, {OP_LESS_EQUAL, OP_GREATER_EQUAL},
        {OP_GREATER, OP_LESS}, {OP_GREATER_EQUAL, OP_LESS_EQUAL},
        {OP_IN, OP_CONTAINS},
    };
    Sides sides = {&node->left, &node->right, node->op};
    if (node->right.kind != OPERAND_FIELD || node->left.kind == OPERAND_FIELD) {
        return sides;
    }
    for (size_t i = 0; i < ARRAY_LEN(MIRRORED); i++) {
        if (MIRRORED[i].op == node->op) {
            return (Sides){&node->right, &node->left, MIRRORED[i].mirrored};
        }
    }
    return sides;
}

/* --- texts ---------------------------------------------------------------------------------- */

static bool text_op_of(PredicateOp op, TextOp *ret_op)
{
    switch (op) {
    case OP_EQUAL:
    case OP_NOT_EQUAL:
        *ret_op = TEXT_EQUAL;
        return true;
    case OP_CONTAINS:
        *ret_op = TEXT_CONTAINS;
        return true;
    case OP_BEGINSWITH:
        *ret_op = TEXT_BEGINS;
        return true;
    case OP_ENDSWITH:
        *ret_op = TEXT_ENDS;
        return true;
    default:
        return false;
    }
}

static bool is_text(const Operand *operand)
{
    return operand->kind == OPERAND_TEXT ||
           (operand->kind == OPERAND_FIELD &&
            (operand->field->type == FIELD_TEXT || operand->field->type == FIELD_UUID));
}

static StrView fold_constant(Filter *filter, StrView text, unsigned fold)
{
    if (fold == 0) {
        return text;
    }
    strbuf_clear(&filter->scratch[0]);
    utf8_fold(&filter->scratch[0], text, fold);
    return arena_dup(&filter->arena, strbuf_view(&filter->scratch[0]));
}

static bool build_text(Filter *filter, Test *test, Sides sides)
{
    if (!is_text(sides.subject) || sides.other->kind != OPERAND_TEXT ||
        !text_op_of(sides.op, &test->text_op)) {
        return false;
    }
    Needle *needle = arena_alloc(&filter->arena, sizeof *needle);
    needle_init(needle, fold_constant(filter, sides.other->text, test->fold), test->fold);
    test->shape = TEST_TEXT;
    test->subject = sides.subject;
    test->needle = needle;
    test->is_negated = sides.op == OP_NOT_EQUAL;
    return true;
}

/* --- patterns ------------------------------------------------------------------------------- */

/* LIKE as a regular expression: * any run, ? one character, \* \? \\ themselves. */
static void like_to_regex(StrView like, StrBuf *buf)
{
    for (size_t i = 0; i < like.len; i++) {
        char c = like.ptr[i];
        StrView after = sv_slice(like, i + 1, 1);
        bool is_escaped =
            sv_equal(after, SV("*")) || sv_equal(after, SV("?")) || sv_equal(after, SV("\\"));
        if (c == '\\' && is_escaped) {
            c = after.ptr[0];
            i++;
        } else if (c == '*' || c == '?') {
            strbuf_add_str(buf, c == '*' ? ".*" : ".");
            continue;
        }
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                        (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
        if (!is_plain && c != '\0') {
            strbuf_add_char(buf, '\\');
        }
        strbuf_add_char(buf, c);
    }
}

/* Folds what is beyond ASCII in a pattern, where no escape of a regular expression can be. */
static void fold_pattern(StrView pattern, unsigned fold, StrBuf *buf)
{
    size_t at = 0;
    while (at < pattern.len) {
        size_t end = at;
        bool is_ascii = (unsigned char)pattern.ptr[at] < 0x80;
        while (end < pattern.len && ((unsigned char)pattern.ptr[end] < 0x80) == is_ascii) {
            end++;
        }
        StrView run = sv_slice(pattern, at, end - at);
        if (is_ascii || fold == 0) {
            strbuf_add(buf, run);
        } else {
            utf8_fold(buf, run, fold);
        }
        at = end;
    }
}

/* Moves an error inside a pattern to its place in the predicate's text, if no escape is before. */
static void place_error(const Filter *filter, const Operand *pattern, Err *err)
{
    StrView source = predicate_source(filter->predicate);
    size_t inside = err->offset;
    err->offset = pattern->offset;
    StrView written = sv_slice(source, pattern->offset + 1, pattern->text.len);
    if (inside != ERR_NO_OFFSET && sv_equal(written, pattern->text)) {
        err->offset += 1 + inside;
    }
}

static bool build_regex(Filter *filter, Test *test, Err *err)
{
    const PredicateNode *node = test->node;
    if ((node->op != OP_LIKE && node->op != OP_MATCHES) || node->right.kind != OPERAND_TEXT) {
        return true;
    }
    if (node->quantifier == QUANTIFIER_NONE && is_text(&node->left)) {
        test->shape = TEST_REGEX;
        test->subject = &node->left;
    }
    if (node->right.text.len == 0) {
        return true;
    }
    StrBuf pattern = {0};
    StrBuf folded = {0};
    if (node->op == OP_LIKE) {
        like_to_regex(node->right.text, &pattern);
    } else {
        strbuf_add(&pattern, node->right.text);
    }
    fold_pattern(strbuf_view(&pattern), test->fold, &folded);
    unsigned caseless = test->fold & UTF8_FOLD_CASE ? REGEX_CASELESS : 0;
    Err inner = err_none();
    test->regex =
        regex_new(strbuf_view(&folded), REGEX_WHOLE | REGEX_DOT_NEWLINE | caseless, &inner);
    strbuf_done(&pattern);
    strbuf_done(&folded);
    if (!test->regex) {
        place_error(filter, &node->right, &inner);
        if (err) {
            *err = inner;
        }
        return err_prefix(err, "regular expression");
    }
    mem_grow((void **)&filter->regexes, &filter->regex_capacity, filter->regex_count,
             sizeof(Regex *));
    filter->regexes[filter->regex_count++] = test->regex;
    filter->regex_bytes += regex_size(test->regex);
    return filter->regex_bytes <= FILTER_MAX_REGEX_BYTES ||
           err_set_at(err, node->right.offset,
                      "the regular expressions are too large together (over %zu KiB)",
                      (size_t)(FILTER_MAX_REGEX_BYTES / KIB));
}

/* --- numbers -------------------------------------------------------------------------------- */

static bool is_below_zero(Number number)
{
    return number.is_integer ? number.is_negative && number.magnitude > 0 : number.real < 0;
}

/* Greatest x with x <= number (or <); false when there is none. */
static bool greatest(Number number, bool is_open, uint64_t *ret_high)
{
    if (is_below_zero(number) || (number.is_integer && is_open && number.magnitude == 0)) {
        return false;
    }
    if (number.is_integer) {
        *ret_high = number.magnitude - (is_open ? 1 : 0);
    } else {
        *ret_high = number.real >= TWO_TO_64 ? UINT64_MAX : (uint64_t)floor(number.real);
    }
    return true;
}

/* Smallest x with x >= number (or >); false when there is none. */
static bool smallest(Number number, bool is_open, uint64_t *ret_low)
{
    if (is_below_zero(number)) {
        *ret_low = 0;
        return true;
    }
    if (number.is_integer) {
        *ret_low = number.magnitude + (is_open ? 1 : 0);
        return !is_open || number.magnitude < UINT64_MAX;
    }
    if (number.real >= TWO_TO_64) {
        return false;
    }
    *ret_low = (uint64_t)floor(number.real) + 1;
    return *ret_low > 0;
}

static bool range_of(PredicateOp op, const Operand *low, const Operand *high, Test *test)
{
    uint64_t from = 0;
    uint64_t to = UINT64_MAX;
    bool has_low = op != OP_LESS && op != OP_LESS_EQUAL;
    bool has_high = op != OP_GREATER && op != OP_GREATER_EQUAL;
    bool is_some = (!has_low || smallest(number_of(low), op == OP_GREATER, &from)) &&
                   (!has_high || greatest(number_of(high), op == OP_LESS, &to));
    test->low = is_some ? from : 1;
    test->high = is_some ? to : 0;
    return true;
}

static bool build_range(Test *test, Sides sides)
{
    const Operand *low = sides.other;
    const Operand *high = sides.other;
    if (sides.subject->kind != OPERAND_FIELD || sides.op > OP_BETWEEN ||
        (sides.subject->field->type != FIELD_NUMBER && sides.subject->field->type != FIELD_ENUM)) {
        return false;
    }
    if (sides.op == OP_BETWEEN) {
        low = &sides.other->items[0];
        high = &sides.other->items[1];
    }
    if (low->kind != OPERAND_NUMBER || high->kind != OPERAND_NUMBER) {
        return false;
    }
    test->shape = TEST_RANGE;
    test->field = sides.subject->field->id;
    test->is_negated = sides.op == OP_NOT_EQUAL;
    return range_of(sides.op, low, high, test);
}

/* --- dates ---------------------------------------------------------------------------------- */

bool filter_read_time(StrView text, TimeBound *ret_bound)
{
    Stamp utc = {0};
    Stamp hour_east = {0};
    StrView trimmed = sv_trim(text);
    if (trimmed.len == 0 || clock_parse_stamp(trimmed, 0, &utc) != trimmed.len) {
        return false;
    }
    /* It has no zone of its own when the default zone made a difference. */
    (void)clock_parse_stamp(trimmed, 60, &hour_east);
    *ret_bound = (TimeBound){.ns = utc.ns, .is_wall = utc.ns != hour_east.ns};
    return true;
}

static bool build_time(Test *test, Sides sides)
{
    const Operand *low = sides.other;
    const Operand *high = sides.other;
    if (sides.subject->kind != OPERAND_FIELD || sides.subject->field->type != FIELD_TIME ||
        sides.op > OP_BETWEEN) {
        return false;
    }
    if (sides.op == OP_BETWEEN) {
        low = &sides.other->items[0];
        high = &sides.other->items[1];
    }
    if (low->kind != OPERAND_TEXT || high->kind != OPERAND_TEXT ||
        !filter_read_time(low->text, &test->from) || !filter_read_time(high->text, &test->to)) {
        return false;
    }
    test->shape = TEST_TIME;
    test->field = sides.subject->field->id;
    test->is_negated = sides.op == OP_NOT_EQUAL;
    test->from_is_open = sides.op == OP_GREATER;
    test->to_is_open = sides.op == OP_LESS;
    if (sides.op == OP_LESS || sides.op == OP_LESS_EQUAL) {
        test->from = (TimeBound){.ns = INT64_MIN};
    } else if (sides.op == OP_GREATER || sides.op == OP_GREATER_EQUAL) {
        test->to = (TimeBound){.ns = INT64_MAX};
    }
    return true;
}

const Test *filter_build_test(Filter *filter, const PredicateNode *node, Err *err)
{
    Test *test = arena_alloc(&filter->arena, sizeof *test);
    bool is_uuid = has_uuid(&node->left) || has_uuid(&node->right);
    test->node = node;
    test->shape = TEST_GENERIC;
    test->list_fold = is_uuid ? UTF8_FOLD_CASE : 0;
    test->fold = fold_flags(node) | test->list_fold;
    if (!build_regex(filter, test, err)) {
        return NULL;
    }
    if (test->shape == TEST_GENERIC && node->quantifier == QUANTIFIER_NONE) {
        Sides sides = sides_of(node);
        (void)(build_text(filter, test, sides) || build_range(test, sides) ||
               build_time(test, sides)); /* none of them: generic */
    }
    return test;
}
