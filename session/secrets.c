/*
 * Secrets: a Redaction that learns, and how far it has come in the ring. Marked entries are copies:
 * those whose originals were gone when their turn came are looked at as well.
 */
#include "session/secrets.h"

#include "base/mem.h"

struct Secrets {
    RedactRules *rules;
    Redaction *learner;
    EntryNumber next; /* all before it have been looked at, or are gone */
    StrBuf scratch;
};

Secrets *secrets_new(RedactRules *rules)
{
    Secrets *secrets = mem_calloc(1, sizeof *secrets);
    secrets->rules = rules;
    secrets->learner = redaction_new(rules);
    return secrets;
}

void secrets_free(Secrets *secrets)
{
    if (secrets == NULL) {
        return;
    }
    redaction_free(secrets->learner);
    strbuf_done(&secrets->scratch);
    mem_free(secrets);
}

static void learn_row(Secrets *secrets, const Columns *columns, uint32_t index)
{
    Entry entry;
    columns_entry_full(columns, index, &secrets->scratch, &entry);
    redaction_learn(secrets->learner, &entry);
}

/* Goes on at the beginning of the ring; of what is gone marks may have copies. */
static void skip_to(Secrets *secrets, EntryNumber first, const Marks *marks)
{
    for (size_t i = 0; i < marks_count(marks) && marks_get(marks, i) < first; i++) {
        if (marks_get(marks, i) >= secrets->next) {
            StoreRow row = marks_row(marks, i);
            learn_row(secrets, row.columns, row.index);
        }
    }
    secrets->next = first;
}

bool secrets_step(Secrets *secrets, const Session *session, size_t rows)
{
    const Store *store = session_store(session);
    StoreRow row;
    EntryNumber end;
    if (secrets->next < store_first(store)) {
        skip_to(secrets, store_first(store), session_marks(session));
    }
    while (rows > 0 && store_find_run(store, secrets->next, &row, &end)) {
        for (; rows > 0 && secrets->next < end; rows--) {
            learn_row(secrets, row.columns, row.index++);
            secrets->next++;
        }
    }
    return secrets->next < store_end(store);
}

double secrets_share(const Secrets *secrets, const Session *session)
{
    EntryNumber first = store_first(session_store(session));
    EntryNumber end = store_end(session_store(session));
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
