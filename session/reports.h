/*
 * Reports: the commands record, profile and playbook: they print what session/record.h,
 * session/profile.h and session/playbook.h make, and return the exit status of the contract
 * (0 printed, 1 no record in it, 2 usage or unreadable, 3 the Mac could not be asked).
 */
#ifndef SESSION_REPORTS_H
#define SESSION_REPORTS_H

#include <stdio.h>

#include "session/options.h"

/* Reads an activation record out of a file, standard input, or from this Mac. */
int report_record(const Options *options, FILE *out, FILE *errors);

/* Prints the profile for debug logging, or the commands that do the same. */
int report_profile(const Options *options, FILE *out, FILE *errors);

/* Prints a page of the playbook, or the list of them. */
int report_playbook(const Options *options, FILE *out, FILE *errors);

#endif
