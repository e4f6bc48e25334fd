/*
 * Pretty: JSON laid out for reading, a value a line. Layout only: nothing is unescaped, reordered
 * or checked beyond its brackets.
 */
#ifndef TUI_PRETTY_H
#define TUI_PRETTY_H

#include "base/base.h"
#include "base/str.h"

/* Appends `text` laid out when it is a JSON object or array with balanced brackets; returns false
 * and appends nothing otherwise. "\/" is shown as "/". */
bool pretty_json(StrView text, StrBuf *buf);

#endif
