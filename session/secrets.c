/*
 * Secrets: a Redaction that learns, and how far it has come in the ring. Marked entries are copies:
 * those whose originals were gone when their turn came are looked at as well.
 */
#include "session/secrets.h"

#include "base/mem.h"

struct Secrets {
    RedactRules *rules;
    Redaction *learner;
    EntryNumber next;    /* all before it have been looked at, or are gone */
    Session *session;    /* whose arrivals are looked at; NULL = none's */
    EntryNumber watched; /* all from it on are, as they arrive */
    uint64_t missed;
};

Secrets *secrets_new(RedactRules *rules)
{
    Secrets *secrets = mem_calloc(1, sizeof *secrets);
    secrets->rules = rules;
    secrets->learner = redaction_new(rules);
    secrets->next = 1;
    return secrets;
}

void secrets_free(Secrets *secrets)
{
    if (secrets == NULL) {
        return;
    }
    if (secrets->session != NULL) {
        session_observe(secrets->session, NULL, NULL);
    }
    redaction_free(secrets->learner);
    mem_free(secrets);
}

static void learn_row(Secrets *secrets, const Columns *columns, uint32_t index)
{
    Entry entry;
    columns_entry(columns, index, &entry);
    redaction_learn(secrets->learner, &entry);
}

static void learn_arrival(void *context, const Entry *entry)
{
    Secrets *secrets = context;
    redaction_learn(secrets->learner, entry);
}

void secrets_watch(Secrets *secrets, Session *session)
{
    if (secrets->session == NULL) {
        secrets->session = session;
        secrets->watched = store_end(session_store(session));
        session_observe(session, learn_arrival, secrets);
    }
}

bool secrets_is_watching(const Secrets *secrets)
{
    return secrets->session != NULL;
}

uint64_t secrets_missed(const Secrets *secrets)
{
    return secrets->missed;
}

/* Where it has to get to. */
static EntryNumber end_of(const Secrets *secrets, const Store *store)
{
    EntryNumber end = store_end(store);
    return secrets->session != NULL && secrets->watched < end ? secrets->watched : end;
}

/* Goes on at the beginning of the ring; of what is gone marks may have copies. */
static void skip_to(Secrets *secrets, EntryNumber first, const Marks *marks)
{
    secrets->missed += first - secrets->next;
    for (size_t i = 0; i < marks_count(marks) && marks_get(marks, i) < first; i++) {
        if (marks_get(marks, i) >= secrets->next) {
            StoreRow row = marks_row(marks, i);
            learn_row(secrets, row.columns, row.index);
            secrets->missed--;
        }
    }
    secrets->next = first;
}

bool secrets_step(Secrets *secrets, const Session *session, size_t rows)
{
    const Store *store = session_store(session);
    EntryNumber until = end_of(secrets, store);
    EntryNumber first = store_first(store) < until ? store_first(store) : until;
    StoreRow row;
    EntryNumber end;
    if (secrets->next < first) {
        skip_to(secrets, first, session_marks(session));
    }
    while (rows > 0 && secrets->next < until && store_find_run(store, secrets->next, &row, &end)) {
        end = end < until ? end : until;
        for (; rows > 0 && secrets->next < end; rows--) {
            learn_row(secrets, row.columns, row.index++);
            secrets->next++;
        }
    }
    return secrets->next < until;
}

double secrets_share(const Secrets *secrets, const Session *session)
{
    EntryNumber first = store_first(session_store(session));
    EntryNumber end = end_of(secrets, session_store(session));
    return secrets->next >= end     ? 1.0
           : secrets->next <= first ? 0.0
                                    : (double)(secrets->next - first) / (double)(end - first);
}

Redaction *secrets_redaction(const Secrets *secrets)
{
    Redaction *redaction = redaction_new(secrets->rules);
    redaction_know(redaction, secrets->learner);
    return redaction;
}
