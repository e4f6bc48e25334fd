/*
 * Settings: see settings_check.h. Each list is filtered in place. No explorer, no drawing.
 */
#include "tui/settings_check.h"

#include "session/highlights.h"
#include "tui/command.h"
#include "tui/keymap.h"
#include "tui/list_columns.h"

/* --- keys ------------------------------------------------------------------------------------- */

static bool is_key(Keymap *keymap, const SettingKey *key, Err *err)
{
    Mode mode = MODE_LIST;

    if (key->mode.len > 0 && !command_mode_parse(key->mode, &mode)) {
        return err_set(err, "no mode is called '%.*s'", SV_ARG(key->mode));
    }
    return keymap_set(keymap, mode, key->keys, key->command, err);
}

static void check_keys(Settings *settings, Config *config)
{
    Keymap *keymap = keymap_new();
    size_t kept = 0;

    for (size_t i = 0; i < settings->key_count; i++) {
        const SettingKey *key = &settings->keys[i];
        Err err = err_none();

        if (is_key(keymap, key, &err)) {
            settings->keys[kept++] = *key;
        } else {
            config_add_error_at(config, key->place, "key '%.*s': %s", SV_ARG(key->keys), err.text);
        }
    }
    settings->key_count = kept;
    keymap_free(keymap);
}

/* --- columns ---------------------------------------------------------------------------------- */

/* A column is tried behind those before it: none may stand there twice. */
static bool is_column(StrBuf *good, StrView column, Err *err)
{
    ListSpec spec = list_spec_of(LIST_FORM_USUAL);
    size_t len = good->len;

    strbuf_add_str(good, len > 0 ? " " : "");
    strbuf_add(good, column);
    bool is_good = list_spec_parse(strbuf_view(good), &spec, err);

    if (!is_good) {
        strbuf_replace(good, len, good->len - len, SV(""));
    }
    return is_good;
}

static void check_list(SettingTexts *columns, Config *config)
{
    StrBuf good = {0};
    size_t kept = 0;

    for (size_t i = 0; i < columns->count; i++) {
        SettingText column = columns->items[i];
        Err err = err_none();

        if (is_column(&good, column.text, &err)) {
            columns->items[kept++] = column;
        } else {
            config_add_error_at(config, column.place, "%s", err.text);
        }
    }
    columns->count = kept;
    strbuf_done(&good);
}

static void check_columns(Settings *settings, Config *config)
{
    size_t kept = 0;

    for (size_t i = 0; i < settings->column_count; i++) {
        SettingColumns *columns = &settings->columns[i];

        check_list(&columns->columns, config);
        if (columns->columns.count > 0) {
            settings->columns[kept++] = *columns;
        }
    }
    settings->column_count = kept;
}

/* --- terms and commands ----------------------------------------------------------------------- */

static bool is_term(StrView text, void *context, Err *err)
{
    int slot;

    return highlights_add(context, text, &slot, err);
}

static bool is_command(StrView text, void *context, Err *err)
{
    StrView argument;

    (void)context;
    return command_parse(text, &argument, err) != NULL;
}

static void check_texts(SettingTexts *texts, Config *config, const char *name,
                        bool (*is_good)(StrView text, void *context, Err *err), void *context)
{
    size_t kept = 0;

    for (size_t i = 0; i < texts->count; i++) {
        SettingText text = texts->items[i];
        Err err = err_none();

        if (is_good(text.text, context, &err)) {
            texts->items[kept++] = text;
        } else {
            config_add_error_at(config, text.place, "'%s': %s", name, err.text);
        }
    }
    texts->count = kept;
}

void settings_check(Settings *settings, Config *config)
{
    Highlights *highlights = highlights_new();

    check_keys(settings, config);
    check_columns(settings, config);
    check_texts(&settings->highlights, config, "highlights", is_term, highlights);
    check_texts(&settings->start, config, "start", is_command, NULL);
    highlights_free(highlights);
}

/* --- themes ----------------------------------------------------------------------------------- */

void settings_check_theme(Settings *settings, Config *config, ThemeList *themes)
{
    SettingText *theme = &settings->theme;
    Err err = err_none();

    if (theme->text.ptr != NULL && !theme_list_begin_with(themes, theme->text.ptr, &err)) {
        config_add_error_at(config, theme->place, "'theme': %s", err.text);
        *theme = (SettingText){.text = SV_NONE};
    }
}

void settings_check_theme_files(Config *config, const ThemeList *themes)
{
    StrView rest = strbuf_view(&themes->complaints);
    StrView line;

    while (sv_next_line(&rest, &line)) {
        config_add_error(config, "%.*s", SV_ARG(line));
    }
}
