/*
 * How lists look, as the configuration says and as it was left at the last start of the same files:
 * what is read there becomes the explorer's ListLook, the panes' columns and the terms that are
 * lit. Text in, state out; it draws nothing.
 */
#include "tui/app_state.h"

/* Names of what is remembered between starts. */
#define MEMORY_LOOK "look"
#define MEMORY_COLUMNS "columns"
#define MEMORY_HIGHLIGHTS "highlights"

/* --- the configuration ------------------------------------------------------------------------ */

/* What is wrong in the configuration was taken out and told: see settings_check.h. */
static ListSpec read_columns(const SettingColumns *columns)
{
    ListSpec spec = list_spec_of(LIST_FORM_USUAL);
    StrBuf text = {0};

    for (size_t i = 0; i < columns->columns.count; i++) {
        strbuf_add_str(&text, i > 0 ? " " : "");
        strbuf_add(&text, columns->columns.items[i].text);
    }
    (void)list_spec_parse(strbuf_view(&text), &spec, NULL);
    strbuf_done(&text);
    return spec;
}

static void take_highlights(App *app, const Settings *settings)
{
    for (size_t i = 0; i < settings->highlights.count; i++) {
        int slot;

        (void)highlights_add(app->highlights, settings->highlights.items[i].text, &slot, NULL);
    }
}

static void take_settings(App *app, const Settings *settings)
{
    static const WhenForm FORMS[] = {
        [SETTING_TIME_CLOCK] = WHEN_CLOCK,  [SETTING_TIME_UTC] = WHEN_UTC,
        [SETTING_TIME_DELTA] = WHEN_BEFORE, [SETTING_TIME_REFERENCE] = WHEN_SINCE,
        [SETTING_TIME_RELATIVE] = WHEN_AGO,
    };

    app->look.wraps = settings->wrap;
    app->look.folds = settings->fold;
    app->look.gap_ns = settings->gap_ns;
    app->look.has_words = settings->plain;
    app->look.time = FORMS[settings->time];
    for (size_t i = 0; i < app->pane_count; i++) {
        SessionPane *pane = session_pane(app->session, i);
        const SettingColumns *columns = settings_columns(settings, pane->def.id);

        if (columns != NULL) {
            app->panes[i].columns = read_columns(columns);
        } else if (settings->line == SETTING_LINE_WIDE) {
            app->panes[i].columns = list_spec_of(LIST_FORM_WIDE);
        } else if (settings->line == SETTING_LINE_COMPACT) {
            app->panes[i].columns = list_spec_of(LIST_FORM_COMPACT);
        }
        session_hide_noise(app->session, i, !settings->noise);
    }
    take_highlights(app, settings);
}

/* --- the last start --------------------------------------------------------------------------- */

/* A word for each switch: "wrap single rules time=utc related=thread". */
static void print_look(const App *app, StrBuf *buf)
{
    const ListLook *look = &app->look;

    strbuf_printf(buf, "%s %s %s time=%s related=%s", look->wraps ? "wrap" : "cut",
                  look->folds ? "fold" : "single", look->shows_rules ? "rules" : "no-rules",
                  when_name(look->time),
                  look->lights_related ? related_name(look->related) : "none");
}

static void take_word(ListLook *look, StrView word)
{
    static const StrView TIME = {"time=", sizeof "time=" - 1};
    static const StrView RELATED = {"related=", sizeof "related=" - 1};

    look->wraps = sv_equal(word, SV("wrap")) || (look->wraps && !sv_equal(word, SV("cut")));
    look->folds = sv_equal(word, SV("fold")) || (look->folds && !sv_equal(word, SV("single")));
    look->shows_rules &= !sv_equal(word, SV("no-rules"));
    if (sv_starts(word, TIME)) {
        (void)when_parse(sv_slice(word, TIME.len, SIZE_MAX), &look->time);
    }
    if (!sv_starts(word, RELATED)) {
        return;
    }
    for (int kind = 0; kind < RELATED_KINDS; kind++) {
        if (sv_equal(sv_slice(word, RELATED.len, SIZE_MAX), sv(related_name((RelatedKind)kind)))) {
            look->lights_related = true;
            look->related = (RelatedKind)kind;
        }
    }
}

static void recall(App *app)
{
    StrView words = session_memory_text(app->session, MEMORY_LOOK);
    StrView columns = session_memory_text(app->session, MEMORY_COLUMNS);
    StrView terms = session_memory_text(app->session, MEMORY_HIGHLIGHTS);
    StrView line;
    int slot;

    while (words.len > 0) {
        StrView word = sv_slice(words, 0, sv_find_char(words, ' '));

        take_word(&app->look, word);
        words = sv_slice(words, word.len + 1, SIZE_MAX);
    }
    while (sv_next_line(&columns, &line)) {
        size_t equals = sv_find_char(line, '=');
        size_t pane = session_pane_find(app->session, sv_slice(line, 0, equals));

        if (equals != SIZE_MAX && pane != SIZE_MAX) {
            (void)list_spec_parse(sv_slice(line, equals + 1, SIZE_MAX), &app->panes[pane].columns,
                                  NULL);
        }
    }
    if (terms.len > 0) {
        highlights_clear(app->highlights);
    }
    while (sv_next_line(&terms, &line)) {
        (void)highlights_add(app->highlights, line, &slot, NULL);
    }
}

/* Gives the session a text that differs from how the explorer began; else none. A line end stands
 * for what is empty by now. */
static void keep(App *app, const char *name, const StrBuf *text, const StrBuf *begun)
{
    bool is_new = !sv_equal(strbuf_view(text), strbuf_view(begun));

    session_memory_set_text(app->session, name,
                            !is_new ? SV("") : (text->len > 0 ? strbuf_view(text) : SV("\n")));
}

static void print_columns(const App *app, StrBuf *buf)
{
    for (size_t i = 0; i < app->pane_count; i++) {
        StrBuf spec = {0};

        list_spec_print(&app->panes[i].columns, &spec);
        strbuf_printf(buf, "%.*s=%s\n", SV_ARG(session_pane(app->session, i)->def.id),
                      spec.len > 0 ? spec.ptr : list_form_name(LIST_FORM_USUAL));
        strbuf_done(&spec);
    }
}

static void print_highlights(const App *app, StrBuf *buf)
{
    HighlightTerm term;

    for (int slot = 0; slot < HIGHLIGHTS_MAX; slot++) {
        if (highlights_get(app->highlights, slot, &term)) {
            strbuf_printf(buf, "%.*s\n", SV_ARG(term.pattern));
        }
    }
}

void app_look_begin(App *app)
{
    app->look = list_look_default();
    take_settings(app, session_settings(app->session));
    print_look(app, &app->begun.look);
    print_columns(app, &app->begun.columns);
    print_highlights(app, &app->begun.highlights);
    recall(app);
}

void app_look_remember(App *app)
{
    StrBuf look = {0};
    StrBuf columns = {0};
    StrBuf highlights = {0};

    print_look(app, &look);
    print_columns(app, &columns);
    print_highlights(app, &highlights);
    keep(app, MEMORY_LOOK, &look, &app->begun.look);
    keep(app, MEMORY_COLUMNS, &columns, &app->begun.columns);
    keep(app, MEMORY_HIGHLIGHTS, &highlights, &app->begun.highlights);
    strbuf_done(&look);
    strbuf_done(&columns);
    strbuf_done(&highlights);
}

void app_look_done(App *app)
{
    strbuf_done(&app->begun.look);
    strbuf_done(&app->begun.columns);
    strbuf_done(&app->begun.highlights);
}
