/*
 * What the screen knows of names and secrets: rules of the redaction, read when they are first
 * needed, and what they have found so far in the entries that are held, a slice a turn. When the
 * ring is nearly full it goes through them, the oldest first, and looks at what arrives: what is
 * evicted must be known. What is saved or copied is redacted by all of it.
 */
#include "session/settings_redaction.h"
#include "tui/app_state.h"

#define SECRETS_SLICE 1000   /* entries between two looks at the keyboard */
#define SECRETS_AT_ONCE 3000 /* looked at before anything is drawn */
/* What is read between two looks at the ring must not fill the last of its sixteen parts. */
#define SECRETS_SMALL_RING (64 * MIB)

bool app_secrets_open(App *app)
{
    SaveDialog *save = &app->save;

    if (save->rules == NULL) {
        save->rules = setting_redaction_rules(app->options, &save->err);
        save->secrets = save->rules != NULL ? secrets_new(save->rules) : NULL;
    }
    return save->rules != NULL;
}

void app_secrets_watch(App *app)
{
    SaveDialog *save = &app->save;
    const StoreCounts *counts = store_counts(session_store(app->session));
    bool is_due = session_hides(app->session) || counts->budget < SECRETS_SMALL_RING ||
                  counts->bytes > counts->budget / 16 * 15;

    if (!is_due || save->was_tried || app->options->no_redact) {
        return;
    }
    save->was_tried = true;
    if (app_secrets_open(app)) {
        secrets_watch(save->secrets, app->session);
    }
}

bool app_secrets_is_behind(const App *app)
{
    const Secrets *secrets = app->save.secrets;

    return secrets != NULL && secrets_is_watching(secrets) &&
           secrets_share(secrets, app->session) < 1.0;
}

void app_secrets_forget(App *app)
{
    SaveDialog *save = &app->save;

    redact_rules_keep_only(save->rules, redact_rules_kept(save->rules) - save->kept);
    save->kept = 0;
}

void app_secrets_done(App *app)
{
    secrets_free(app->save.secrets);
    redact_rules_free(app->save.rules);
    app->save.secrets = NULL;
    app->save.rules = NULL;
}

static bool step(App *app, size_t rows)
{
    return app->save.secrets != NULL && secrets_step(app->save.secrets, app->session, rows);
}

bool app_secrets_begin(App *app)
{
    return step(app, SECRETS_AT_ONCE);
}

bool app_secrets_step(App *app)
{
    return step(app, SECRETS_SLICE);
}

Redaction *app_secrets_redaction(const App *app)
{
    Redaction *redaction = app->save.secrets != NULL ? secrets_redaction(app->save.secrets) : NULL;

    excerpt_facts_learn_hosts(redaction, session_sources(app->session));
    return redaction;
}
