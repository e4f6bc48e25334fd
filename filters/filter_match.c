/*
 * Walking the compiled tree: for one row, and for 64 rows at once with a mask of those still
 * undecided, so that a dear test never sees a row that a cheap one has settled.
 */
#include "filters/filter_internal.h"

#include <string.h>

#include "base/bits.h"
#include "base/mem.h"

#define ATOMS_PER_WORD 32
#define FIRST_ATOMS 1024
#define ALL_ROWS UINT64_MAX

/* --- verdicts on atoms ------------------------------------------------------------------------ */

static Verdict verdict_get(const FilterNode *node, uint32_t atom)
{
    if (atom >= node->verdict_count) {
        return VERDICT_UNKNOWN;
    }
    uint64_t word = node->verdicts[atom / ATOMS_PER_WORD];
    return (Verdict)(word >> (atom % ATOMS_PER_WORD * 2) & 3);
}

static void verdict_set(FilterNode *node, uint32_t atom, Verdict verdict)
{
    if (atom >= node->verdict_count) {
        uint32_t count = node->verdict_count ? node->verdict_count : FIRST_ATOMS;
        while (count <= atom) {
            count *= 2; /* an AtomTable has at most 2^20 */
        }
        size_t old_words = node->verdict_count / ATOMS_PER_WORD;
        size_t words = count / ATOMS_PER_WORD;
        node->verdicts = mem_realloc(node->verdicts, words, sizeof(uint64_t));
        memset(node->verdicts + old_words, 0, (words - old_words) * sizeof(uint64_t));
        node->verdict_count = count;
    }
    node->verdicts[atom / ATOMS_PER_WORD] |= (uint64_t)verdict << (atom % ATOMS_PER_WORD * 2);
}

/* Decides a value of the node's field by its inner tree. */
static Verdict judge_value(FilterNode *node, const Row *row, uint32_t value)
{
    Row inner = {
        .filter = row->filter,
        .columns = row->columns,
        .index = row->index,
        .has_value = true,
        .value = columns_text(row->columns, value),
    };
    return node_match(node->children[0], &inner);
}

static Verdict value_verdict(FilterNode *node, const Row *row, uint32_t value)
{
    if (value & COLUMN_LOCAL) {
        return judge_value(node, row, value);
    }
    Verdict verdict = verdict_get(node, value);
    if (verdict == VERDICT_UNKNOWN) {
        verdict = judge_value(node, row, value);
        verdict_set(node, value, verdict);
    }
    return verdict;
}

/* --- one row ---------------------------------------------------------------------------------- */

static Verdict match_atom(FilterNode *node, const Row *row)
{
    return value_verdict(node, row, columns_interned(row->columns, node->field)[row->index]);
}

static bool match_class(const FilterNode *node, const Columns *columns, uint32_t index)
{
    return node->levels[columns->kind[index]] >> columns->level[index] & 1;
}

static Verdict match_test(const FilterNode *node, Row *row)
{
    row->is_stopped = false;
    bool is_match = test_decide(node->test, row);
    if (row->is_stopped) {
        return VERDICT_STOPPED;
    }
    return is_match ? VERDICT_YES : VERDICT_NO;
}

/* STOPPED is "nobody knows": NO AND it is no, YES OR it is yes, else it stays. */
static Verdict match_all(FilterNode *node, Row *row)
{
    Verdict deciding = node->kind == NODE_AND ? VERDICT_NO : VERDICT_YES;
    Verdict result = node->kind == NODE_AND ? VERDICT_YES : VERDICT_NO;
    for (size_t i = 0; i < node->count; i++) {
        Verdict verdict = node_match(node->children[i], row);
        if (verdict == deciding) {
            return deciding;
        }
        result = verdict == VERDICT_STOPPED ? VERDICT_STOPPED : result;
    }
    return result;
}

Verdict node_match(FilterNode *node, Row *row)
{
    Verdict inner;
    switch (node->kind) {
    case NODE_TRUE:
        return VERDICT_YES;
    case NODE_CLASS:
        return match_class(node, row->columns, row->index) ? VERDICT_YES : VERDICT_NO;
    case NODE_ATOM:
        return match_atom(node, row);
    case NODE_TEST:
        return match_test(node, row);
    case NODE_NOT:
        inner = node_match(node->children[0], row);
        return inner == VERDICT_YES ? VERDICT_NO : inner == VERDICT_NO ? VERDICT_YES : inner;
    case NODE_AND:
    case NODE_OR:
        return match_all(node, row);
    default:
        return VERDICT_NO;
    }
}

/* --- 64 rows ---------------------------------------------------------------------------------- */

static uint64_t block_class(const FilterNode *node, const Row *row, uint32_t base, uint64_t mask)
{
    const Columns *columns = row->columns;
    uint64_t result = 0;
    if (mask == ALL_ROWS) {
        for (uint32_t i = 0; i < 64; i++) {
            result |= (uint64_t)match_class(node, columns, base + i) << i;
        }
        return result;
    }
    for (uint64_t left = mask; left; left &= left - 1) {
        unsigned i = bits_lowest(left);
        result |= (uint64_t)match_class(node, columns, base + i) << i;
    }
    return result;
}

static uint64_t block_atom(FilterNode *node, Row *row, uint32_t base, uint64_t mask,
                           uint64_t *stopped)
{
    const uint32_t *column = columns_interned(row->columns, node->field) + base;
    uint64_t result = 0;
    for (uint64_t left = mask; left; left &= left - 1) {
        unsigned i = bits_lowest(left);
        Verdict verdict = verdict_get(node, column[i]);
        if (verdict == VERDICT_UNKNOWN) {
            row->index = base + i;
            verdict = value_verdict(node, row, column[i]);
        }
        result |= (uint64_t)(verdict == VERDICT_YES) << i;
        *stopped |= (uint64_t)(verdict == VERDICT_STOPPED) << i;
    }
    return result;
}

static uint64_t block_row_by_row(FilterNode *node, Row *row, uint32_t base, uint64_t mask,
                                 uint64_t *stopped)
{
    uint64_t result = 0;
    for (uint64_t left = mask; left; left &= left - 1) {
        unsigned i = bits_lowest(left);
        row->index = base + i;
        row->is_full = false;
        Verdict verdict = node_match(node, row);
        result |= (uint64_t)(verdict == VERDICT_YES) << i;
        *stopped |= (uint64_t)(verdict == VERDICT_STOPPED) << i;
    }
    return result;
}

static uint64_t block_and(FilterNode *node, Row *row, uint32_t base, uint64_t mask,
                          uint64_t *stopped)
{
    uint64_t left = mask; /* not yet refuted: yes or stopped */
    uint64_t unknown = 0;
    for (size_t i = 0; i < node->count && left; i++) {
        uint64_t given_up = 0;
        left = node_match_block(node->children[i], row, base, left, &given_up) | given_up;
        unknown = (unknown | given_up) & left;
    }
    *stopped |= unknown;
    return left & ~unknown;
}

static uint64_t block_or(FilterNode *node, Row *row, uint32_t base, uint64_t mask,
                         uint64_t *stopped)
{
    uint64_t left = mask;
    uint64_t unknown = 0;
    for (size_t i = 0; i < node->count && left; i++) {
        left &= ~node_match_block(node->children[i], row, base, left, &unknown);
    }
    *stopped |= unknown & left;
    return mask & ~left;
}

uint64_t node_match_block(FilterNode *node, Row *row, uint32_t base, uint64_t mask,
                          uint64_t *stopped)
{
    uint64_t found;
    uint64_t unknown = 0;
    if (mask == 0 || node->kind == NODE_FALSE) {
        return 0;
    }
    /* Two tests that need the entry in full share one reading of it row by row. */
    if (node->full > 1) {
        return block_row_by_row(node, row, base, mask, stopped);
    }
    switch (node->kind) {
    case NODE_TRUE:
        return mask;
    case NODE_CLASS:
        return block_class(node, row, base, mask);
    case NODE_ATOM:
        return block_atom(node, row, base, mask, stopped);
    case NODE_NOT:
        found = node_match_block(node->children[0], row, base, mask, &unknown);
        *stopped |= unknown;
        return mask & ~found & ~unknown;
    case NODE_AND:
        return block_and(node, row, base, mask, stopped);
    case NODE_OR:
        return block_or(node, row, base, mask, stopped);
    default:
        return block_row_by_row(node, row, base, mask, stopped);
    }
}
