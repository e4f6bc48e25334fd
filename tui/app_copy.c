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

StrView app_copied(const App *app)
{
    return strbuf_view(&app->copied);
}

unsigned app_copy_told(App *app, const char *where, const Err *err)
{
    char bytes[32];

    if (where == NULL) {
        app_say(app, ROLE_OUTCOME_FAIL, "not copied: %s", err->text);
    } else {
        app_say(app, ROLE_STATUS_KEY, "copied to %s: %s, %s bytes", where, app->copied_what,
                app_count(app->copied.len, bytes));
    }
    return APP_REDRAW;
}
