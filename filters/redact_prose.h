/*
 * RedactProse: whether what a sentence says of a password or a token ("the token is …") is the
 * value itself or a word about it. Texts only; no rules.
 */
#ifndef FILTERS_REDACT_PROSE_H
#define FILTERS_REDACT_PROSE_H

#include "base/base.h"
#include "filters/redact_checks.h"

/* After "password is": all in quotation marks but words about it; else what has digits, changes of
 * letter case or signs in it, and is no number with a unit, no name of a type or an algorithm. */
bool redact_prose_is_value(RedactValue *value);

/* After "bearer token" and the like, with nothing between: random texts alone. */
bool redact_prose_is_token(RedactValue *value);

/* Whether a value follows a quotation mark, or the beginning of an element. */
bool redact_prose_is_quoted(const RedactValue *value);

/* Whether a text begins with a word that is said of a value: "expired", "removing". */
bool redact_prose_is_about(StrView text);

/* Whether a text is the name of a part of a program: words written together, without digits. */
bool redact_prose_is_name(StrView text);

/* Whether a secret says so much by itself that it may be looked for everywhere: "waiting" and
 * "4711" would be found where they mean something else. */
bool redact_prose_is_telling(StrView value);

#endif
