/*
 * Headless: the commands that need no screen: show, predicate. They print to the given streams and
 * return the exit status of the contract (0 printed, 1 nothing matched, 2 usage, 3 source failed).
 */
#ifndef SESSION_HEADLESS_H
#define SESSION_HEADLESS_H

#include <signal.h>
#include <stdio.h>

#include "filters/predicate.h"
#include "session/options.h"

#define EXIT_MATCHED 0
#define EXIT_NOTHING 1
#define EXIT_USAGE 2
#define EXIT_SOURCE 3

/* Prints the entries as they come, until the sources end or `*stop` becomes non-zero (show.c). */
int headless_show(const Options *options, FILE *out, FILE *errors,
                  const volatile sig_atomic_t *stop);

/* Checks, explains and translates a predicate. */
int headless_predicate(const Options *options, FILE *out, FILE *errors);

/* Prints `text`; says what kept it from being printed. Returns the exit status. */
int headless_print(StrView text, FILE *out, FILE *errors);

/* Prints "mdmscope: WHAT: WHY" (nil = no WHAT), line breaks in WHY as they are, and what a terminal
 * must not get raw made visible. */
void headless_say(FILE *errors, StrView what, StrView why);

/* Prints what is to be said about a predicate that was parsed, with carets and better ones. */
void headless_warn(FILE *errors, const Predicate *predicate);

/* Prints "mdmscope: WHAT: WHY" and, where `err` has an offset into `text`, the caret lines. */
void headless_complain(FILE *errors, const Err *err, StrView text);

#endif
