/*
 * Logging: the subsystems that are to log at debug level while an enrolment is looked into, out of
 * filters/logging.json, each with what it is for. Data only; session/profile.h makes something of
 * it.
 */
#ifndef FILTERS_LOGGING_H
#define FILTERS_LOGGING_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

#define LOGGING_FILE "filters/logging.json"

typedef struct LoggingFact {
    StrView subsystem;
    StrView why;
    StrView confidence;
    StrView source;
} LoggingFact;

/* All zeroes = none yet. */
typedef struct LoggingFacts {
    Arena arena;
    LoggingFact *items;
    size_t count;
} LoggingFacts;

/* Reads {"subsystems": [...]} into `facts`, which must be all zeroes; after a failure it still
 * wants done. */
bool logging_facts_read(LoggingFacts *facts, StrView text, const char *name, Err *err);

/* The same from the file in `data_dir` (NULL = none), else from the compiled-in one. */
bool logging_facts_read_own(LoggingFacts *facts, const char *data_dir, Err *err);
void logging_facts_done(LoggingFacts *facts);

#endif
