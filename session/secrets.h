/*
 * Secrets: what the entries that are held give away as names and secrets, taken down in slices, so
 * that an excerpt of a few of them tells nothing that one of the others has a key for. Redactions
 * that begin with it know all of that. It looks at each entry once and goes on with those that came
 * since; it writes nothing and knows no screen.
 */
#ifndef SESSION_SECRETS_H
#define SESSION_SECRETS_H

#include "base/base.h"
#include "session/redaction.h"
#include "session/session.h"

typedef struct Secrets Secrets;

/* `rules` is borrowed and must outlive it. The caller frees it. */
Secrets *secrets_new(RedactRules *rules);
void secrets_free(Secrets *secrets);

/* Looks at up to `rows` further entries of those that are held or marked; true while there are
 * more. */
bool secrets_step(Secrets *secrets, const Session *session, size_t rows);

/* From now on looks at every entry as it arrives, those that are kept out as well: nothing is
 * missed that the ring evicts. secrets_step still goes through what is held already. `session` is
 * to outlive it. */
void secrets_watch(Secrets *secrets, Session *session);
bool secrets_is_watching(const Secrets *secrets);

/* Entries that the ring has evicted before they were looked at. */
uint64_t secrets_missed(const Secrets *secrets);

/* How much of what is held has been looked at, 0 to 1. */
double secrets_share(const Secrets *secrets, const Session *session);

/* Begins a redaction that knows what has been taken down so far. The caller frees it. */
Redaction *secrets_redaction(const Secrets *secrets);

#endif
