/*
 * What `mdmscope show` learns of names and secrets before it prints anything redacted: sources that
 * can be read twice are, once for their secrets only. What is left out by --grep or a pane counts,
 * too: it may have the key of what is printed.
 */
#ifndef SESSION_SHOW_LEARN_H
#define SESSION_SHOW_LEARN_H

#include <signal.h>

#include "base/base.h"
#include "session/options.h"
#include "session/redaction.h"

/* Whether all sources can be read twice: regular files, the demo, standard input out of a file. */
bool show_can_learn(const Options *options);

/* Has `redaction` learn from all entries of the sources; until `stop` is set. What cannot be read
 * is no matter here: who reads it to print it says so. Standard input is put back to where it
 * was. */
void show_learn(const Options *options, Redaction *redaction, const volatile sig_atomic_t *stop);

#endif
