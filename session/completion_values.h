/*
 * The values a field has in the store, counted, for completion.c: column by column, so that a full
 * ring takes a few milliseconds. It knows nothing of predicate text.
 */
#ifndef SESSION_COMPLETION_VALUES_H
#define SESSION_COMPLETION_VALUES_H

#include "base/base.h"
#include "base/str.h"
#include "parsers/fields.h"
#include "session/store.h"

/* Takes one value: `text` is nil for a plain number, else the text or the enumeration word;
 * `number` is Apple's number of the word. A word that is not in the store has the count 0. */
typedef void ValueSink(void *context, StrView text, uint64_t number, uint64_t count);

/* Whether field_values_visit counts entries for the field. */
bool field_values_are_counted(FieldId field);

/* Gives each distinct value of an interned text, of a number that has a column, and each word of an
 * enumeration to `sink`, in no order; nothing for other fields. Numbers with very many values are
 * given in part. */
void field_values_visit(const Store *store, FieldId field, ValueSink *sink, void *context);

#endif
