/*
 * Parser of shorthand: logic, by recursive descent, `and` tighter than `or`. Comparisons are read
 * in shorthand_term.c, the words are in shorthand_words.c, the way back to text is
 * shorthand_print.c.
 */
#include "filters/shorthand.h"

#include "base/mem.h"
#include "filters/shorthand_scan.h"

/* A tree has at most a `not` and a parenthesis for each of its levels. */
#define MAX_NESTING (2 * PREDICATE_MAX_DEPTH + 8)

static Part parse_or(Scan *scan);

static Part parse_group(Scan *scan)
{
    size_t open = scan->at;
    predicate_warn(scan->predicate, open, "shorthand: parentheses are not confirmed");
    scan->at++;
    Part part = parse_or(scan);
    scan_skip_blanks(scan);
    if (!part.node) {
        return part;
    }
    if (scan->at == scan->text.len) {
        err_set_at(scan->err, open, "unbalanced '('");
        return (Part){0};
    }
    if (scan->text.ptr[scan->at] != ')') {
        err_set_at(scan->err, scan->at, "expected and, or or ')' here");
        return (Part){0};
    }
    scan->at++;
    part.is_bare = false;
    return part;
}

static Part parse_not(Scan *scan)
{
    scan_skip_blanks(scan);
    size_t offset = scan->at;
    bool is_group = sv_starts(scan_rest(scan), SV("("));
    bool is_not = !is_group && scan_takes(scan, &SHORTHAND_NOT);
    if (!is_group && !is_not) {
        return shorthand_term(scan);
    }
    if (scan->nesting == MAX_NESTING) {
        err_set_at(scan->err, offset, "nested too deeply (at most %d levels)", PREDICATE_MAX_DEPTH);
        return (Part){0};
    }
    scan->nesting++;
    Part part = is_group ? parse_group(scan) : scan_negate(scan, parse_not(scan), offset);
    scan->nesting--;
    return part;
}

static Part parse_chain(Scan *scan, const Logic *logic, Part (*parse_part)(Scan *scan))
{
    scan_skip_blanks(scan);
    size_t offset = scan->at;
    Part part = parse_part(scan);
    PartList list = {0};
    size_t first_word = SIZE_MAX;
    while (part.node) {
        part_list_add(&list, part);
        scan_skip_blanks(scan);
        size_t word = scan->at;
        if (!scan_takes(scan, logic)) {
            break;
        }
        first_word = first_word == SIZE_MAX ? word : first_word;
        part = parse_part(scan);
    }
    if (part.node && list.count > 1) {
        part = scan_join(scan, logic->kind, &list, offset);
        part.is_bare = true;
        if (list.has_bare && first_word < scan->mixed_offset) {
            scan->mixed_offset = first_word;
        }
    }
    mem_free(list.items);
    return part;
}

static Part parse_and(Scan *scan)
{
    return parse_chain(scan, &SHORTHAND_AND, parse_not);
}

static Part parse_or(Scan *scan)
{
    return parse_chain(scan, &SHORTHAND_OR, parse_and);
}

const PredicateNode *shorthand_parse(Predicate *predicate, size_t *steps, size_t *ret_mixed,
                                     Err *err)
{
    Scan scan = {
        .predicate = predicate,
        .text = predicate->source,
        .err = err,
        .mixed_offset = SIZE_MAX,
    };
    Part part = parse_or(&scan);
    scan_skip_blanks(&scan);
    if (part.node && scan.at < scan.text.len) {
        StrView word = scan_next_word(&scan);
        if (sv_equal(word, SV(")"))) {
            err_set_at(err, scan.at, "unbalanced ')'");
        } else {
            err_set_at(err, scan.at, "expected and or or before %.*s", SV_ARG(word));
        }
        part.node = NULL;
    }
    *ret_mixed = scan.mixed_offset;
    *steps += scan.steps;
    return part.node;
}
