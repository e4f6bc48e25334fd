/*
 * Prints what settings.c and config_save.c make of the configuration. It writes no file.
 */
#include "session/config_print.h"

#include "base/embed.h"
#include "filters/stages.h"
#include "session/config.h"
#include "session/headless.h"
#include "session/settings.h"

#define STAGES_FILE "filters/stages.json"

typedef struct InForce {
    Config config;
    Settings settings;
    PaneDefs builtin;
    PaneDefs defs;
    Presets presets;
} InForce;

static bool read_in_force(InForce *ret, const Options *options, Err *err)
{
    config_read_chosen(&ret->config, options->config, options->config_dir);
    ret->settings = settings_default();
    settings_take(&ret->settings, &ret->config);
    settings_take_options(&ret->settings, options);
    config_take_presets(&ret->config, &ret->presets);
    if (!pane_defs_read_own(&ret->builtin, options->data_dir, err) ||
        !pane_defs_read_own(&ret->defs, options->data_dir, err)) {
        return false;
    }
    config_take_panes(&ret->config, &ret->defs);
    return true;
}

static int print(const InForce *in_force, FILE *out, FILE *errors)
{
    StrBuf text = {0};
    strbuf_add_str(&text, "{\n");
    settings_print(&in_force->settings, &text);
    config_print_lists(&in_force->builtin, &in_force->defs, &in_force->presets, &text);
    strbuf_add_str(&text, "\n}\n");
    int status = headless_print(strbuf_view(&text), out, errors);
    strbuf_done(&text);
    return status;
}

/* The user's knowledge is read to be judged, and let go. */
static void check_knowledge(InForce *in_force, const Options *options)
{
    StrBuf text = {0};
    Stages *stages = NULL;
    if (options->config_dir != NULL && embed_read_or_file(options->data_dir, STAGES_FILE, &text)) {
        stages = stages_new(strbuf_view(&text), STAGES_FILE, NULL);
    }
    if (stages != NULL) {
        (void)config_read_knowledge(&in_force->config, options->config_dir, stages); /* is told */
    }
    stages_free(stages);
    strbuf_done(&text);
}

int config_print(const Options *options, SettingsCheck *check, void *context, FILE *out,
                 FILE *errors)
{
    InForce in_force = {.presets = {.count = 0}};
    Err err = err_none();
    int status = EXIT_USAGE;
    bool is_good = read_in_force(&in_force, options, &err);
    check_knowledge(&in_force, options);
    if (check != NULL) {
        check(&in_force.settings, &in_force.config, context);
    }
    for (size_t i = 0; i < in_force.config.error_count; i++) {
        Err line = err_none();
        (void)err_set(&line, "%.*s", SV_ARG(in_force.config.errors[i]));
        headless_complain(errors, &line, SV_NONE);
    }
    if (!is_good) {
        headless_complain(errors, &err, SV_NONE);
    } else if (!in_force.config.is_broken) {
        status = print(&in_force, out, errors);
    }
    presets_done(&in_force.presets);
    pane_defs_done(&in_force.defs);
    pane_defs_done(&in_force.builtin);
    config_done(&in_force.config);
    return status;
}
