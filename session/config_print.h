/*
 * `mdmscope --print-config`: the configuration in force, as a file that can be the next
 * config.json. No session, no screen.
 */
#ifndef SESSION_CONFIG_PRINT_H
#define SESSION_CONFIG_PRINT_H

#include <stdio.h>

#include "session/options.h"

/* Prints the defaults with the user's file and the command line on top; what is wrong in the file
 * goes to `errors`. Returns the exit status. */
int config_print(const Options *options, FILE *out, FILE *errors);

#endif
