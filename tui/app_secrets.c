/*
 * What the screen knows of names and secrets in the entries that are held: rules of the redaction,
 * read when they are first needed, and what they have found so far, a slice a turn. What is saved
 * or copied is redacted by all of it.
 */
#include "session/settings_redaction.h"
#include "tui/app_state.h"

#define SECRETS_SLICE 1000   /* entries between two looks at the keyboard */
#define SECRETS_AT_ONCE 3000 /* looked at before anything is drawn */

bool app_secrets_open(App *app)
{
    SaveDialog *save = &app->save;

    if (save->rules == NULL) {
        save->rules = setting_redaction_rules(app->options, &save->err);
        save->secrets = save->rules != NULL ? secrets_new(save->rules) : NULL;
    }
    return save->rules != NULL;
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
