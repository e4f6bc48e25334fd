/*
 * Gate: what the options of the command line let through at all: --level, --grep, --grep-v,
 * --since, --until, and --predicate where it is not `log` that applies it. One row at a time, one
 * verdict; it keeps no entry and knows nothing of panes, whose predicates come after it.
 */
#ifndef SESSION_GATE_H
#define SESSION_GATE_H

#include "base/base.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "parsers/columns.h"
#include "session/options.h"

typedef struct Gate Gate;

/* Makes the gate of `options` (borrowed during the call only). `now` is what relative times count
 * from. Fails on a pattern, predicate or time that cannot be read, the text of `err` beginning with
 * the option's name ("--grep: …"); its offset points into gate_faulty_text. */
Gate *gate_new(const Options *options, Stamp now, Err *err);
void gate_free(Gate *gate);

/* Tells whether every row passes, so that none needs to be asked about. */
bool gate_is_open(const Gate *gate);

/* Decides on one row. All columns given to one gate must share one table of atoms. Notices always
 * pass. Not const: the predicate remembers verdicts. */
bool gate_passes(Gate *gate, const Columns *columns, uint32_t index);

/* Names of the sources, for the key `host`; borrowed, must outlive the gate or be set again. */
void gate_set_hosts(Gate *gate, const StrView *hosts, size_t count);

/* How often a regular expression was stopped because it needed too many steps; such a row counts as
 * not matching. */
uint64_t gate_stopped(const Gate *gate);

/* Appends the predicate to be handed to `log`: options->predicate as NSPredicate text. Appends
 * nothing when there is none, when no source runs `log`, or when it uses keys that are ours alone:
 * then the gate applies it. Fails on a predicate that cannot be read. */
bool gate_stream_predicate(const Options *options, StrBuf *buf, Err *err);

/* The text of the option that an error of the functions above points into; nil when it is none. */
StrView gate_faulty_text(const Options *options, const Err *err);

/* Tells whether such a source runs `log`, which takes a predicate itself. */
bool gate_source_runs_log(SourceKind kind);

#endif
