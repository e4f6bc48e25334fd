/*
 * Home: "~" in the name of a file that was typed, as a shell would read it. It asks neither the
 * environment nor the file system.
 */
#ifndef SESSION_HOME_H
#define SESSION_HOME_H

#include "base/str.h"

/* Appends `path` with a "~", "~/", "$HOME" or "$HOME/" at its start replaced by `home`. All other
 * paths stay as they are, "~name" among them, and all when `home` is NULL or no absolute path. */
void home_expand(StrView path, const char *home, StrBuf *ret);

#endif
