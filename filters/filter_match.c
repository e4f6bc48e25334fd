/*
 * Walking the compiled tree: for one row, and for 64 rows at once with a mask of those still
 * undecided, so that a dear test never sees a row that a cheap one has settled.
 */
#include "filters/filter_internal.h"

#include <string.h>

#include "base/mem.h"

#define ATOMS_PER_WORD 32
#define FIRST_ATOMS 1024
#define ALL_ROWS UINT64_MAX

static unsigned lowest_bit(uint64_t mask)
{
    return (unsigned)__builtin_ctzll(mask);
}

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
    bool is_match = node_match(node->children[0], &inner);
    if (inner.is_stopped) {
        return VERDICT_STOPPED;
    }
    return is_match ? VERDICT_YES : VERDICT_NO;
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

static bool match_atom(FilterNode *node, Row *row)
{
    uint32_t value = columns_interned(row->columns, node->field)[row->index];
    Verdict verdict = value_verdict(node, row, value);
    row->is_stopped = row->is_stopped || verdict == VERDICT_STOPPED;
    return verdict == VERDICT_YES;
}

static bool match_class(const FilterNode *node, const Columns *columns, uint32_t index)
{
    return node->levels[columns->kind[index]] >> columns->level[index] & 1;
}

bool node_match(FilterNode *node, Row *row)
{
    switch (node->kind) {
    case NODE_TRUE:
        return true;
    case NODE_CLASS:
        return match_class(node, row->columns, row->index);
    case NODE_ATOM:
        return match_atom(node, row);
    case NODE_TEST:
        return test_decide(node->test, row);
    case NODE_NOT:
        return !node_match(node->children[0], row);
    case NODE_AND:
    case NODE_OR:
        for (size_t i = 0; i < node->count; i++) {
            if (node_match(node->children[i], row) == (node->kind == NODE_OR)) {
                return node->kind == NODE_OR;
            }
        }
        return node->kind == NODE_AND;
    default:
        return false;
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
        unsigned i = lowest_bit(left);
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
        unsigned i = lowest_bit(left);
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
        unsigned i = lowest_bit(left);
        row->index = base + i;
        row->is_full = false;
        row->is_stopped = false;
        result |= (uint64_t)node_match(node, row) << i;
        *stopped |= (uint64_t)row->is_stopped << i;
    }
    return result;
}

uint64_t node_match_block(FilterNode *node, Row *row, uint32_t base, uint64_t mask,
                          uint64_t *stopped)
{
    uint64_t left = mask;
    uint64_t result = 0;
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
        return mask & ~node_match_block(node->children[0], row, base, mask, stopped);
    case NODE_AND:
        for (size_t i = 0; i < node->count && left; i++) {
            left = node_match_block(node->children[i], row, base, left, stopped);
        }
        return left;
    case NODE_OR:
        for (size_t i = 0; i < node->count && left; i++) {
            uint64_t found = node_match_block(node->children[i], row, base, left, stopped);
            result |= found;
            left &= ~found;
        }
        return result;
    default:
        return block_row_by_row(node, row, base, mask, stopped);
    }
}
