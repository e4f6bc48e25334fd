/*
 * `mdmscope --print-config`: the configuration in force, as a file that can be the next
 * config.json. No session, no screen.
 */
#ifndef SESSION_CONFIG_PRINT_H
#define SESSION_CONFIG_PRINT_H

#include <stdio.h>

#include "session/options.h"
#include "session/settings.h"

/* Prints the defaults with the user's file and the command line on top; what is wrong in the user's
 * files goes to `errors`, and is not printed as if it were in force. `check` knows what the session
 * does not (NULL = nobody does). Returns the exit status: what is wrong in a part of the file
 * changes nothing about it. */
int config_print(const Options *options, SettingsCheck *check, void *context, FILE *out,
                 FILE *errors);

#endif
