/*
 * Filter: its life, and the questions put to it from above. How a predicate becomes a filter is in
 * filter_build.c and filter_test.c, how it decides in filter_match.c and filter_decide.c.
 */
#include "filters/filter.h"

#include <string.h>

#include "base/bits.h"
#include "base/mem.h"
#include "filters/aliases.h"
#include "filters/filter_internal.h"

Filter *filter_new(Predicate *predicate, Err *err)
{
    Filter *filter = mem_calloc(1, sizeof *filter);
    filter->predicate = predicate;
    const PredicateNode *tree = predicate_root(predicate);
    if (filter_check(tree, err)) {
        filter->root = filter_build(filter, tree, err);
    }
    if (!filter->root) {
        filter_free(filter);
        return NULL;
    }
    return filter;
}

void filter_free(Filter *filter)
{
    if (!filter) {
        return;
    }
    for (size_t i = 0; i < filter->regex_count; i++) {
        regex_free(filter->regexes[i]);
    }
    for (size_t i = 0; i < filter->atom_count; i++) {
        mem_free(filter->atom_nodes[i]->verdicts);
    }
    mem_free(filter->regexes);
    mem_free(filter->atom_nodes);
    strbuf_done(&filter->scratch[0]);
    strbuf_done(&filter->scratch[1]);
    strbuf_done(&filter->raw);
    arena_done(&filter->arena);
    predicate_free(filter->predicate);
    mem_free(filter);
}

Filter *filter_compile(StrView text, Err *err)
{
    Predicate *predicate = predicate_parse(text, err);
    return predicate ? filter_new(predicate, err) : NULL;
}

Filter *filter_compile_with(StrView text, const Aliases *aliases, Err *err)
{
    Predicate *predicate = predicate_parse_with(text, aliases, err);
    if (!predicate) {
        return NULL;
    }
    Filter *filter = filter_new(predicate, err);
    const Alias *alias = aliases_find(aliases, text);
    if (!filter && alias && err) {
        err->offset = (size_t)(sv_trim(text).ptr - text.ptr);
        (void)err_prefix(err, "alias, line %d of ~/.logrc", alias->line);
    }
    return filter;
}

const Predicate *filter_predicate(const Filter *filter)
{
    return filter->predicate;
}

bool filter_is_all(const Filter *filter)
{
    return filter->root->kind == NODE_TRUE;
}

bool filter_match(Filter *filter, const Columns *columns, uint32_t index)
{
    Row row = {.filter = filter, .columns = columns, .index = index};
    return node_match(filter->root, &row) == VERDICT_YES;
}

uint32_t filter_match_range(Filter *filter, const Columns *columns, uint32_t from, uint32_t to,
                            uint64_t *bits)
{
    Row row = {.filter = filter, .columns = columns};
    uint32_t matched = 0;
    for (uint32_t base = from; base < to; base += 64) {
        uint32_t count = to - base < 64 ? to - base : 64;
        uint64_t mask = count == 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
        uint64_t stopped = 0; /* these do not match */
        uint64_t found = node_match_block(filter->root, &row, base, mask, &stopped);
        bits[(base - from) / 64] = found;
        matched += bits_count(found);
    }
    return matched;
}

FilterRelation filter_relation(const Filter *newer, const Filter *older)
{
    if (predicate_equal(newer->predicate, older->predicate)) {
        return FILTER_SAME;
    }
    return predicate_implies(newer->predicate, older->predicate) ? FILTER_NARROWER : FILTER_OTHER;
}

void filter_set_hosts(Filter *filter, const StrView *hosts, size_t count)
{
    filter->hosts = hosts;
    filter->host_count = count;
}

uint64_t filter_stopped(const Filter *filter)
{
    return filter->stopped;
}
