/*
 * Filter: a predicate compiled against columns. Comparisons of interned fields are decided once
 * per distinct value; cheap tests go first; text operators touch messages only when they must.
 */
#ifndef FILTERS_FILTER_H
#define FILTERS_FILTER_H

#include "base/base.h"
#include "base/err.h"
#include "filters/predicate.h"
#include "parsers/columns.h"

typedef struct Filter Filter;

/* How a new filter relates to an old one: what need not be looked at again. */
typedef enum FilterRelation { FILTER_SAME, FILTER_NARROWER, FILTER_OTHER } FilterRelation;

/* Compiles `predicate`, of which the filter takes ownership (also when it fails). The caller frees
 * the result. Fails on a regular expression that cannot be compiled and on comparisons that would
 * raise an exception in `log` (reference §3.3). */
Filter *filter_new(Predicate *predicate, Err *err);
void filter_free(Filter *filter);

/* Parses and compiles in one step. */
Filter *filter_compile(StrView text, Err *err);
Filter *filter_compile_with(StrView text, const Aliases *aliases, Err *err); /* may be NULL */

const Predicate *filter_predicate(const Filter *filter);

/* Matches everything: TRUEPREDICATE. */
bool filter_is_all(const Filter *filter);

/* Decides on one row. Not const: it remembers verdicts on atoms of `columns->atoms`, which must be
 * the same table in all calls for one filter. `host` = name of the row's source, may be nil. */
bool filter_match(Filter *filter, const Columns *columns, uint32_t index);

/* Decides on rows `from` to `to`, setting bit i - from of `bits` for each match; returns how many
 * matched. Column by column where that is faster; the same verdicts as filter_match. */
uint32_t filter_match_range(Filter *filter, const Columns *columns, uint32_t from, uint32_t to,
                            uint64_t *bits);

FilterRelation filter_relation(const Filter *newer, const Filter *older);

/* Names of the sources, for the key `host`; borrowed, must outlive the filter. */
void filter_set_hosts(Filter *filter, const StrView *hosts, size_t count);

/* How often a regular expression was stopped because it needed too many steps; shown to the user.
 * Such a comparison is neither true nor false: NOT leaves it so, a true neighbour of OR or a false
 * one of AND decides, and an entry that nothing decides does not match. */
uint64_t filter_stopped(const Filter *filter);

#endif
