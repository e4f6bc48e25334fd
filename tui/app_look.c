/*
 * The commands that change how lists look: what is wrapped, folded, left out and lit, what the time
 * column tells, which form the lines have. They change the explorer's ListLook or the pane's
 * columns; the drawing does the rest.
 */
#include "tui/app_state.h"
#include "tui/command_list.h"

ListLook list_look_default(void)
{
    return (ListLook){
        .shows_rules = true,
        .gap_ns = LOOK_GAP_NS,
        .time = WHEN_CLOCK,
        .reference_ns = CLOCK_NO_TIME,
        .related = RELATED_THREAD,
    };
}

/* --- panes without entries -------------------------------------------------------------------- */

static unsigned say_no_list(App *app)
{
    app_say(app, ROLE_OUTCOME_WAIT, "this pane shows the enrolment: 1 is the list of all entries");
    return APP_REDRAW;
}

/* Whether no window shows entries: how lists look makes no difference then. */
static bool has_no_list(const App *app)
{
    for (int i = 0; i < app->window_count; i++) {
        if (app_pane_ops(app, i) == NULL) {
            return false;
        }
    }
    return true;
}

/* --- what is shown ---------------------------------------------------------------------------- */

unsigned command_wrap(App *app, int argument)
{
    (void)argument;
    if (has_no_list(app)) {
        return say_no_list(app);
    }
    app->look.wraps = !app->look.wraps;
    app_say(app, ROLE_STATUS_KEY,
            app->look.wraps ? "messages are wrapped" : "a line for each entry");
    return APP_REDRAW;
}

unsigned command_fold(App *app, int argument)
{
    (void)argument;
    if (has_no_list(app)) {
        return say_no_list(app);
    }
    app->look.folds = !app->look.folds;
    app_say(app, ROLE_STATUS_KEY,
            app->look.folds ? "repeats are shown once" : "repeats are shown one by one");
    return APP_REDRAW;
}

unsigned command_noise(App *app, int argument)
{
    View *view = app_pane(app)->view;
    bool hides = !view_hides_noise(view);
    char number[32];

    (void)argument;
    if (app_has_rows(app)) {
        return say_no_list(app);
    }
    session_hide_noise(app->session, app_pane_index(app), hides);
    if (hides) {
        app_say(app, ROLE_STATUS_KEY, "%s entries of noise are left out of this pane",
                app_count(view_counts(view).noise, number));
    } else {
        app_say(app, ROLE_STATUS_KEY, "noise is shown");
    }
    return APP_REDRAW;
}

unsigned command_rules(App *app, int argument)
{
    (void)argument;
    if (has_no_list(app)) {
        return say_no_list(app);
    }
    app->look.shows_rules = !app->look.shows_rules;
    app_say(app, ROLE_STATUS_KEY,
            app->look.shows_rules ? "days and gaps are shown" : "days and gaps are not shown");
    return APP_REDRAW;
}

unsigned command_gap_text(App *app, StrView text)
{
    Err err = err_none();
    int64_t ns;

    if (!clock_parse_length(text, &ns, &err)) {
        app_say(app, ROLE_OUTCOME_FAIL, "%s", err.text);
        return APP_REDRAW;
    }
    app->look.gap_ns = ns;
    app->look.shows_rules = true;
    return APP_REDRAW;
}

/* --- time ------------------------------------------------------------------------------------- */

static unsigned set_time(App *app, WhenForm form)
{
    static const char *const WORDS[WHEN_COUNT] = {
        [WHEN_CLOCK] = "as the Mac's clock had it",
        [WHEN_UTC] = "in UTC",
        [WHEN_BEFORE] = "since the line before",
        [WHEN_SINCE] = "since the reference entry",
        [WHEN_AGO] = "how long ago",
    };
    bool is_end = form == WHEN_AGO && session_is_loaded(app->session);

    app->look.time = form;
    app_say(app, ROLE_STATUS_KEY, "time: %s · %s", when_name(form),
            is_end ? "how long before the end" : WORDS[form]);
    return APP_REDRAW;
}

/* Whether the selected entry can be counted from. */
static bool has_time(const App *app)
{
    StoreRow row;

    return app_selected_row(app, &row) && row.columns->time_ns[row.index] != CLOCK_NO_TIME;
}

unsigned command_time(App *app, int argument)
{
    WhenForm next = when_next(app->look.time);

    (void)argument;
    if (has_no_list(app)) {
        return say_no_list(app);
    }
    if (next == WHEN_SINCE && app->look.reference_ns == CLOCK_NO_TIME) {
        if (!app_has_rows(app) && has_time(app)) {
            return command_reference(app, 0);
        }
        next = when_next(next); /* there is nothing to count from */
    }
    return set_time(app, next);
}

unsigned command_time_text(App *app, StrView text)
{
    WhenForm form;

    if (!when_parse(text, &form)) {
        app_say(app, ROLE_OUTCOME_FAIL,
                "unknown form of the time '%.*s': clock, utc, delta, reference or relative",
                SV_ARG(text));
        return APP_REDRAW;
    }
    if (form == WHEN_SINCE && app->look.reference_ns == CLOCK_NO_TIME) {
        return command_reference(app, 0);
    }
    return set_time(app, form);
}

unsigned command_reference(App *app, int argument)
{
    StoreRow row;

    (void)argument;
    if (app_has_rows(app)) {
        return say_no_list(app);
    }
    if (!has_time(app) || !app_selected_row(app, &row)) {
        app_say(app, ROLE_OUTCOME_WAIT, "there is no entry with a time here");
        return APP_REDRAW;
    }
    app->look.reference_ns = row.columns->time_ns[row.index];
    app->look.time = WHEN_SINCE;
    app_say(app, ROLE_STATUS_KEY, "time: %s · since this entry, which is the reference now",
            when_name(WHEN_SINCE));
    return APP_REDRAW;
}

/* --- what is lit, and the form of lines ------------------------------------------------------- */

unsigned command_related(App *app, int argument)
{
    ListLook *look = &app->look;

    (void)argument;
    if (has_no_list(app)) {
        return say_no_list(app);
    }
    if (!look->lights_related) {
        look->lights_related = true;
        look->related = (RelatedKind)0;
    } else if (look->related + 1 < RELATED_KINDS) {
        look->related = (RelatedKind)(look->related + 1);
    } else {
        look->lights_related = false;
        app_say(app, ROLE_STATUS_KEY, "nothing is lit but matches");
        return APP_REDRAW;
    }
    app_say(app, ROLE_STATUS_KEY, "entries of the same %s are lit", related_name(look->related));
    return APP_REDRAW;
}

/* Columns chosen in the menu are a further form, after the others. */
unsigned command_line_form(App *app, int argument)
{
    PaneState *place = app_place(app);
    ListForm form = list_spec_form(&place->columns);

    (void)argument;
    if (app_has_rows(app)) {
        return say_no_list(app);
    }
    if (form == LIST_FORM_COUNT) {
        place->own_columns = place->columns;
    }
    if (form == LIST_FORM_WIDE && place->own_columns.count > 0) {
        place->columns = place->own_columns;
        app_say(app, ROLE_STATUS_KEY, "the columns you chose");
        return APP_REDRAW;
    }
    form = form + 1 < LIST_FORM_COUNT ? (ListForm)(form + 1) : LIST_FORM_USUAL;
    place->columns = list_spec_of(form);
    app_say(app, ROLE_STATUS_KEY, "%s lines in this pane", list_form_name(form));
    return APP_REDRAW;
}

unsigned command_center(App *app, int argument)
{
    (void)argument;
    if (app_has_rows(app)) {
        return say_no_list(app);
    }
    app_window(app)->line = app_list_area(app).height / 2;
    return APP_REDRAW;
}

unsigned command_columns_text(App *app, StrView text)
{
    Err err = err_none();

    if (app_has_rows(app)) {
        return say_no_list(app);
    }
    if (!list_spec_parse(text, &app_place(app)->columns, &err)) {
        app_say(app, ROLE_OUTCOME_FAIL, "%s", err.text);
    }
    return APP_REDRAW;
}
