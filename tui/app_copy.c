/*
 * Copying: the screen decides what, and keeps it until whoever has the terminal has put it on a
 * clipboard and says how that went. Which clipboard it is, is in clipboard.c.
 */
#include "tui/app_detail.h"
#include "tui/app_state.h"

unsigned app_copy(App *app, StrView text, const char *what)
{
    strbuf_clear(&app->copied);
    strbuf_add(&app->copied, text);
    app->copied_what = what;
    return APP_COPY;
}

/* --- what stands in the log ------------------------------------------------------------------- */

/* Copies it as it stands, or as it may be seen. */
static unsigned copy_as(App *app, StrView seen)
{
    StrView raw = strbuf_view(&app->copy_raw);

    app->copy_waits = false;
    app->copy_is_redacted = seen.ptr != NULL && !sv_equal(raw, seen);
    strbuf_clear(&app->copy_asked);
    if (app->copy_is_redacted) {
        strbuf_add(&app->copy_asked, raw);
    }
    return app_copy(app, app->copy_is_redacted ? seen : raw, app->copied_what);
}

/* Appends what is to be copied, redacted; false when the ring has given the entry up. */
static bool redact(App *app, Redaction *redaction, StrBuf *seen)
{
    StoreRow row;

    if (app->copy_number == 0) {
        (void)redaction_text(redaction, strbuf_view(&app->copy_raw), seen);
        return true;
    }
    if (!save_find_row(app->session, app->copy_number, &row)) {
        return false;
    }
    excerpt_print_entry(FORMAT_TEXT, row.columns, row.index, session_sources(app->session),
                        redaction, seen);
    return true;
}

static unsigned copy_redacted(App *app)
{
    Redaction *redaction = app_secrets_redaction(app);
    StrBuf seen = {0};
    unsigned wishes = APP_REDRAW;

    app->copy_waits = false;
    if (redaction == NULL) {
        app_say(app, ROLE_OUTCOME_FAIL, "not copied: %s", app->save.err.text);
    } else if (redact(app, redaction, &seen)) {
        strbuf_reserve(&seen, 1);
        wishes = copy_as(app, strbuf_view(&seen));
    } else {
        app_say(app, ROLE_OUTCOME_FAIL, "not copied: the entry has left the ring meanwhile");
    }
    redaction_free(redaction);
    strbuf_done(&seen);
    return wishes;
}

bool app_copy_is_waiting(const App *app)
{
    return app->copy_waits;
}

/* Copies, or says how far it has come. */
static unsigned copy_unless(App *app, bool has_more)
{
    if (has_more) {
        app_say(app, ROLE_STATUS_KEY, "looking for names and secrets in what is held: %.0f %%",
                100.0 * secrets_share(app->save.secrets, app->session));
        return APP_REDRAW;
    }
    return copy_redacted(app);
}

bool app_copy_step(App *app, unsigned *ret_wishes)
{
    bool has_more = app_secrets_step(app);

    *ret_wishes = copy_unless(app, has_more);
    return has_more;
}

unsigned app_copy_seen(App *app, EntryNumber number, StrView raw, const char *what)
{
    bool is_again = app->copy_asked.len > 0 && sv_equal(strbuf_view(&app->copy_asked), raw);

    strbuf_clear(&app->copy_raw);
    strbuf_add(&app->copy_raw, raw);
    app->copy_number = number;
    app->copied_what = what;
    app->copy_is_raw = is_again;
    if (is_again || app->options->no_redact) {
        return copy_as(app, SV_NONE);
    }
    if (!app_secrets_open(app)) {
        app_say(app, ROLE_OUTCOME_FAIL, "not copied: %s", app->save.err.text);
        return APP_REDRAW;
    }
    app->copy_waits = true;
    return copy_unless(app, app_secrets_begin(app));
}

/* --- what became of it ------------------------------------------------------------------------ */

StrView app_copied(const App *app)
{
    return strbuf_view(&app->copied);
}

unsigned app_copy_told(App *app, const char *where, const Err *err)
{
    char bytes[32];

    if (where == NULL) {
        app_say(app, ROLE_OUTCOME_FAIL, "not copied: %s", err->text);
    } else if (app->copy_is_redacted) {
        app_say(app, ROLE_STATUS_KEY, "copied %s, secrets replaced%s; once more: as it is",
                app->copied_what, app->save.kept > 0 ? " but for what you keep" : "");
    } else if (app->copy_is_raw) {
        app_say(app, ROLE_OUTCOME_WAIT, "copied %s AS LOGGED, secrets and all", app->copied_what);
    } else {
        app_say(app, ROLE_STATUS_KEY, "copied to %s: %s, %s bytes", where, app->copied_what,
                app_count(app->copied.len, bytes));
    }
    app->copy_is_redacted = false;
    app->copy_is_raw = false;
    app_save_copied(app, where == NULL ? err : NULL);
    return APP_REDRAW;
}
