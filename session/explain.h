/*
 * Explain: the verb `mdmscope explain`: reads the sources to their end through a session and prints
 * the report. It returns the exit status of the contract (0 an enrolment was found, 1 none, 2
 * usage, 3 the source failed). It knows nothing of screens.
 */
#ifndef SESSION_EXPLAIN_H
#define SESSION_EXPLAIN_H

#include <signal.h>
#include <stdio.h>

#include "session/options.h"

/* Prints the report when the sources have ended or `*stop` becomes non-zero. */
int explain_run(const Options *options, FILE *out, FILE *errors, const volatile sig_atomic_t *stop);

#endif
