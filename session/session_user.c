/*
 * What of a session belongs to the user: the configuration, presets and histories. Nothing that is
 * wrong there keeps a session from starting; it is told in lines.
 */
#include "session/session_internal.h"

#include "base/mem.h"

/* Finds out whether anything may be written, and why not. */
static void look_for_saving(Session *session)
{
    Err err = err_none();
    StrView path = session->config.path;
    if (path.ptr == NULL) {
        strbuf_add_str(&session->no_saving, "nothing is saved: there is no configuration");
        return; /* nobody asked for one: no line */
    }
    StrView file = sv_path_last(path);
    char *directory = mem_dup(path.ptr, path.len - file.len);
    if (!config_may_write(directory[0] != '\0' ? directory : ".", NULL, &err)) {
        strbuf_add_str(&session->no_saving, err.text);
        config_add_error(&session->config, "%s", err.text);
    }
    mem_free(directory);
}

bool session_user_begin(Session *session, const char *data_dir, Err *err)
{
    const Options *options = &session->options;
    StrBuf text = {0};
    strbuf_add_str(&session->config_dir, options->config_dir != NULL ? options->config_dir : "");
    config_read_chosen(&session->config, options->config, options->config_dir);
    look_for_saving(session);
    bool is_good = session_read_data(data_dir, PRESETS_FILE, &text, err) &&
                   presets_read(&session->presets, strbuf_view(&text), PRESETS_FILE, false, err);
    config_take_presets(&session->config, &session->presets);
    session->settings = settings_default();
    if (options->buffer_bytes > 0) {
        session->settings.buffer_bytes = options->buffer_bytes;
    }
    settings_take(&session->settings, &session->config);
    settings_take_options(&session->settings, options);
    session->options.buffer_bytes = session->settings.buffer_bytes;
    strbuf_done(&text);
    return is_good;
}

void session_user_done(Session *session)
{
    presets_done(&session->presets);
    config_done(&session->config);
    strbuf_done(&session->config_dir);
    strbuf_done(&session->no_saving);
}

void session_user_knowledge(Session *session)
{
    if (session->config_dir.len > 0 &&
        !config_read_knowledge(&session->config, session->config_dir.ptr, session->stages)) {
        stages_free(session->stages);
        session->stages = NULL;
    }
}

size_t session_config_errors(const Session *session, const StrView **ret_lines)
{
    *ret_lines = session->config.errors;
    return session->config.error_count;
}

void session_check_settings(Session *session, SettingsCheck *check, void *context)
{
    check(&session->settings, &session->config, context);
}

const Settings *session_settings(const Session *session)
{
    return &session->settings;
}

bool session_theme_save(Session *session, const char *name, Err *err)
{
    if (session->no_saving.len > 0) {
        return err_set(err, "%s", session->no_saving.ptr);
    }
    return config_save_text(session->config.path.ptr, "theme", sv(name), err);
}

/* --- presets ---------------------------------------------------------------------------------- */

const Presets *session_presets(const Session *session)
{
    return &session->presets;
}

bool session_preset_save(Session *session, const Preset *preset, Err *err)
{
    Preset own = *preset;
    own.is_own = true;
    if (session->no_saving.len > 0) {
        return err_set(err, "%s", session->no_saving.ptr);
    }
    return presets_put(&session->presets, &own, err) &&
           config_save_preset(session->config.path.ptr, &own, err);
}

bool session_preset_remove(Session *session, StrView name, Err *err)
{
    size_t index = presets_find(&session->presets, name);
    if (index == SIZE_MAX || !session->presets.items[index].is_own) {
        return err_set(err, "there is no preset of your own '%.*s'", SV_ARG(name));
    }
    if (session->no_saving.len > 0) {
        return err_set(err, "%s", session->no_saving.ptr);
    }
    if (!config_remove_preset(session->config.path.ptr, name, err)) {
        return false;
    }
    presets_remove(&session->presets, index);
    return true;
}

/* --- histories -------------------------------------------------------------------------------- */

void session_history_read(const Session *session, const char *kind, History *ret)
{
    history_read(ret, session->config_dir.len > 0 ? session->config_dir.ptr : NULL, kind);
}

bool session_history_append(Session *session, const char *kind, StrView text, Err *err)
{
    return session->config_dir.len == 0 || session->no_saving.len > 0 ||
           history_append(session->config_dir.ptr, kind, text, err);
}
