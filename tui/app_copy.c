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

unsigned app_copy_seen(App *app, StrView raw, StrView seen, const char *what)
{
    bool is_again = sv_equal(strbuf_view(&app->copy_asked), raw);

    app->copy_is_redacted = !is_again && !app->options->no_redact && !sv_equal(raw, seen);
    strbuf_clear(&app->copy_asked);
    if (app->copy_is_redacted) {
        strbuf_add(&app->copy_asked, raw);
    }
    return app_copy(app, app->copy_is_redacted ? seen : raw, what);
}

unsigned app_copy_refused(App *app)
{
    app_say(app, ROLE_OUTCOME_FAIL, "not copied: %s", app->save.err.text);
    return APP_REDRAW;
}

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
        app_say(app, ROLE_STATUS_KEY, "copied to %s: %s, secrets replaced; once more: as it is",
                where, app->copied_what);
    } else {
        app_say(app, ROLE_STATUS_KEY, "copied to %s: %s, %s bytes", where, app->copied_what,
                app_count(app->copied.len, bytes));
    }
    app->copy_is_redacted = false;
    return APP_REDRAW;
}
