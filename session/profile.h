/*
 * Profile: the configuration profile that makes a Mac log what an enrolment does, and the commands
 * for those who prefer them. Text only: nothing is installed and nothing is run.
 */
#ifndef SESSION_PROFILE_H
#define SESSION_PROFILE_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "filters/logging.h"

#define PROFILE_UUID_BYTES 16
#define PROFILE_UUID_COUNT 2 /* that of the profile, that of its payload */

/* Appends the profile as XML. `random` holds PROFILE_UUID_COUNT × PROFILE_UUID_BYTES bytes that
 * become its UUIDs (RFC 9562, version 4). Values are only unmasked with `has_private_data`. */
void profile_print(const LoggingFacts *facts, bool has_private_data, const unsigned char *random,
                   StrBuf *buf);

/* Appends the same as commands of `log config`, to be copied: set, look, set back. */
void profile_print_commands(const LoggingFacts *facts, bool has_private_data, StrBuf *buf);

/* Fills `buf` with random bytes of the system; `len` is at most 256. */
bool profile_random(unsigned char *buf, size_t len, Err *err);

#endif
