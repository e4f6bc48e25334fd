/*
 * Logrc: the user's ~/.logrc, from which `log` and we take the aliases of predicates. The one place
 * that reads the file; what is in it is read by filters/aliases.h.
 */
#ifndef SESSION_LOGRC_H
#define SESSION_LOGRC_H

#include "base/err.h"
#include "filters/aliases.h"

#define LOGRC_MAX_BYTES (256 * KIB)

/* Reads the aliases of `home`/.logrc; `home` may be NULL. That there is no such file is no error.
 * Otherwise returns false, with "~/.logrc: …", and keeps the aliases before the fault. */
bool logrc_read(const char *home, Aliases *aliases, Err *err);

#endif
