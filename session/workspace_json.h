/*
 * A workspace as JSON and back, for workspace.c alone.
 */
#ifndef SESSION_WORKSPACE_JSON_H
#define SESSION_WORKSPACE_JSON_H

#include "base/err.h"
#include "base/node.h"
#include "base/str.h"
#include "session/workspace.h"

/* Reads all of a workspace, which has to be empty; `name` is for errors. */
bool workspace_parse(Workspace *ret, StrView text, const char *name, Err *err);

/* Appends all of it. */
void workspace_print(const Workspace *workspace, StrBuf *buf);

#endif
