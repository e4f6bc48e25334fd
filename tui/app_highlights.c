/*
 * Terms that are lit: asked for at a prompt, which shows what it finds while it is typed; taken
 * back by typing the same again, or all at once. Which cells they light is in app_row.c.
 */
#include "tui/app_state.h"
#include "tui/command_list.h"

/* The slot of a term that is there; -1 = none. */
static int slot_of(const App *app, StrView pattern)
{
    HighlightTerm term;

    for (int slot = 0; slot < HIGHLIGHTS_MAX; slot++) {
        if (highlights_get(app->highlights, slot, &term) && sv_equal(term.pattern, pattern)) {
            return slot;
        }
    }
    return -1;
}

static void forget_trial(App *app)
{
    if (app->highlight_trial >= 0) {
        highlights_remove(app->highlights, app->highlight_trial);
    }
    app->highlight_trial = -1;
}

void app_try_highlight(App *app, StrView text)
{
    forget_trial(app);
    if (text.len > 0 && slot_of(app, text) < 0) {
        (void)highlights_add(app->highlights, text, &app->highlight_trial, &app->prompt_err);
    }
}

void app_cancel_highlight(App *app)
{
    forget_trial(app);
}

/* A term that was there before is taken away: the same again undoes it. */
void app_accept_highlight(App *app, StrView text)
{
    int slot = slot_of(app, text);

    if (app->highlight_trial < 0 && slot >= 0) {
        highlights_remove(app->highlights, slot);
        app_say(app, ROLE_STATUS_KEY, "'%.*s' is lit no more", SV_ARG(text));
    }
    app->highlight_trial = -1;
}

unsigned command_highlight_text(App *app, StrView text)
{
    Err err = err_none();
    int slot = slot_of(app, text);

    if (slot >= 0) {
        highlights_remove(app->highlights, slot);
    } else if (!highlights_add(app->highlights, text, &slot, &err)) {
        app_say(app, ROLE_OUTCOME_FAIL, "%s", err.text);
    }
    return APP_REDRAW;
}

unsigned command_no_highlights(App *app, int argument)
{
    int count = highlights_count(app->highlights);

    (void)argument;
    highlights_clear(app->highlights);
    app_say(app, ROLE_STATUS_KEY, count == 1 ? "the term is lit no more" : "no term is lit");
    return APP_REDRAW;
}
