/*
 * main: from the command line to the verb, and nothing else. Where to read on: tui/explore.c puts
 * the explorer together, tui/loop.c runs it, session/headless.c has the commands without a screen.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "filters/panes.h"
#include "session/config.h"
#include "session/config_print.h"
#include "session/explain.h"
#include "session/headless.h"
#include "session/logrc.h"
#include "session/options.h"
#include "session/reports.h"
#include "tui/backend.h"
#include "tui/command.h"
#include "tui/explore.h"
#include "tui/settings_check.h"
#include "tui/signals.h"
#include "tui/theme_list.h"
#include "tui/tty.h"

#define HELP_COLUMNS_MAX 100
#define HELP_COLUMNS 80

/* What the demo prints where there is no screen: what is in the panes of the enrolment. */
static const char *const DEMO_PANES[] = {"cloudconfigurationd", "mdmclient", "storedownloadd"};

/* Where the data files are, seen from the program: a work tree, an installation that was moved. */
static const char *const DATA_BESIDE[] = {"", "/../share/mdmscope"};

/* --- data directory --------------------------------------------------------------------------- */

static bool has_data(const char *directory)
{
    StrBuf path = {0};
    strbuf_printf(&path, "%s/" PANES_FILE, directory);
    bool is_there = access(path.ptr, R_OK) == 0;
    strbuf_done(&path);
    return is_there;
}

/* Finds the data files: where the environment says, beside the program, where `make install` put
 * them. The answer lives as long as `buf`; NULL = there are only those that are compiled in. */
static const char *find_data(const char *program, StrBuf *buf)
{
    const char *named = getenv("MDMSCOPE_DATA");
    if (named != NULL && *named != '\0') {
        return named;
    }
    char real[PATH_MAX];
    bool has_path = strchr(program, '/') != NULL && realpath(program, real) != NULL;
    for (size_t i = 0; has_path && i < ARRAY_LEN(DATA_BESIDE); i++) {
        strbuf_clear(buf);
        strbuf_add(buf, sv_of(real, (size_t)(strrchr(real, '/') - real)));
        strbuf_add_str(buf, DATA_BESIDE[i]);
        if (has_data(buf->ptr)) {
            return buf->ptr;
        }
    }
    return has_data(MDMSCOPE_DATA_DIR) ? MDMSCOPE_DATA_DIR : NULL;
}

/* --- verbs ------------------------------------------------------------------------------------ */

static int run_help(const Options *options)
{
    StrBuf text = {0};
    int columns = HELP_COLUMNS;
    int rows;
    (void)tty_size(STDOUT_FILENO, &columns, &rows); /* a pipe has none */
    columns = columns < HELP_COLUMNS_MAX ? columns : HELP_COLUMNS_MAX;
    if (options->help_for == VERB_EXPLORE) {
        options_help(&text, columns);
    } else {
        options_help_of(&text, options->help_for, columns);
    }
    int status = headless_print(strbuf_view(&text), stdout, stderr);
    strbuf_done(&text);
    return status;
}

static void add_version(StrBuf *text)
{
    strbuf_add_str(text, "mdmscope " MDMSCOPE_VERSION "\n");
}

static void (*const DOCUMENTS[VERB_COUNT])(StrBuf *text) = {
    [VERB_VERSION] = add_version,
    [VERB_PRINT_MANUAL] = options_manual,
    [VERB_PRINT_OPTIONS] = options_markdown,
    [VERB_PRINT_KEYS] = command_markdown,
};

static int run_document(const Options *options)
{
    StrBuf text = {0};
    DOCUMENTS[options->verb](&text);
    int status = headless_print(strbuf_view(&text), stdout, stderr);
    strbuf_done(&text);
    return status;
}

static int run_predicate(const Options *options)
{
    return headless_predicate(options, stdout, stderr);
}

static int run_record(const Options *options)
{
    return report_record(options, stdout, stderr);
}

static int run_profile(const Options *options)
{
    return report_profile(options, stdout, stderr);
}

static int run_playbook(const Options *options)
{
    return report_playbook(options, stdout, stderr);
}

static int fail(const Err *err)
{
    headless_complain(stderr, err, SV_NONE);
    return EXIT_USAGE;
}

static int run_show(const Options *options)
{
    Err err = err_none();
    if (!signals_open(SIGNALS_END | SIGNALS_CHILD, NULL, &err)) {
        return fail(&err);
    }
    int status = headless_show(options, stdout, stderr, signals_stop_flag());
    signals_close();
    return status;
}

static int run_explain(const Options *options)
{
    Err err = err_none();
    if (!signals_open(SIGNALS_END | SIGNALS_CHILD, NULL, &err)) {
        return fail(&err);
    }
    int status = explain_run(options, stdout, stderr, signals_stop_flag());
    signals_close();
    return status;
}

/* Makes one predicate of those of the enrolment's panes; none where the data have none of them. */
static bool join_demo_panes(const Options *options, StrBuf *predicate, Err *err)
{
    PaneDefs defs = {0};
    bool is_good = pane_defs_read_own(&defs, options->data_dir, err);
    for (size_t i = 0; is_good && i < ARRAY_LEN(DEMO_PANES); i++) {
        const PaneDef *def = pane_defs_find(&defs, sv(DEMO_PANES[i]));
        if (def != NULL) {
            strbuf_add_str(predicate, predicate->len > 0 ? " OR (" : "(");
            strbuf_add(predicate, def->predicate);
            strbuf_add_char(predicate, ')');
        }
    }
    pane_defs_done(&defs);
    return is_good;
}

/* The demo without a screen: all at once, and of it what belongs to the enrolment. */
static int run_demo_without_screen(const Options *options)
{
    Options quick = *options;
    StrBuf predicate = {0};
    Err err = err_none();
    quick.speed = 0;
    quick.format = options->format_is_set ? options->format : FORMAT_COMPACT;
    if (options->pane == NULL && !join_demo_panes(options, &predicate, &err)) {
        strbuf_done(&predicate);
        return fail(&err);
    }
    quick.pane_predicate = predicate.len > 0 ? predicate.ptr : NULL;
    int status = run_show(&quick);
    strbuf_done(&predicate);
    return status;
}

static bool has_source(const Options *options, SourceKind kind)
{
    for (size_t i = 0; i < options->source_count; i++) {
        if (options->sources[i].kind == kind) {
            return true;
        }
    }
    return false;
}

static int run_explore(const Options *options)
{
    bool has_screen = options->script != NULL || isatty(STDOUT_FILENO);
    if (!has_screen) {
        return has_source(options, SOURCE_DEMO) ? run_demo_without_screen(options)
                                                : run_show(options);
    }
    Err err = err_none();
    if (has_source(options, SOURCE_STDIN) && isatty(STDIN_FILENO)) {
        (void)err_set(&err, "-: standard input is the terminal, from which the keys come; "
                            "'COMMAND | mdmscope -' reads what COMMAND prints");
        return fail(&err);
    }
    mem_on_exhausted(backend_curses_emergency);
    if (!signals_open(SIGNALS_ALL, backend_curses_emergency, &err)) {
        return fail(&err);
    }
    int status = explore_run(options, stdout, stderr);
    signals_close();
    return status;
}

static void check_settings(Settings *settings, Config *config, void *context)
{
    settings_check_theme_files(config, context);
    settings_check_theme(settings, config, context);
    settings_check(settings, config);
}

static int run_config(const Options *options)
{
    ThemeList themes;
    theme_list_load(&themes, options->data_dir, options->config_dir);
    int status = config_print(options, check_settings, &themes, stdout, stderr);
    theme_list_done(&themes);
    return status;
}

static int (*const VERBS[VERB_COUNT])(const Options *options) = {
    [VERB_EXPLORE] = run_explore,        [VERB_SHOW] = run_show,
    [VERB_PREDICATE] = run_predicate,    [VERB_RECORD] = run_record,
    [VERB_EXPLAIN] = run_explain,        [VERB_PROFILE] = run_profile,
    [VERB_PLAYBOOK] = run_playbook,      [VERB_HELP] = run_help,
    [VERB_VERSION] = run_document,       [VERB_PRINT_MANUAL] = run_document,
    [VERB_PRINT_OPTIONS] = run_document, [VERB_PRINT_KEYS] = run_document,
    [VERB_PRINT_CONFIG] = run_config,
};

int main(int argc, char **argv)
{
    Options options;
    Err err = err_none();
    StrBuf data = {0};
    StrBuf config = {0};
    StrBuf state = {0};
    if (!options_parse(argc, argv, &options, &err)) {
        return fail(&err);
    }
    options.data_dir = find_data(argv[0], &data);
    options.config_dir = config_path(&config, NULL) ? config.ptr : NULL;
    /* A script is to do the same each time: it remembers only where it is told to. */
    if (options.state_dir == NULL && options.script == NULL && config_state_path(&state, NULL)) {
        options.state_dir = state.ptr;
    }
    Aliases aliases = {0};
    if (options.verb <= VERB_EXPLAIN && !logrc_read(getenv("HOME"), &aliases, &err)) {
        (void)fail(&err); /* its aliases are missed, nothing else */
    }
    options.aliases = &aliases;
    int status = VERBS[options.verb](&options);
    aliases_done(&aliases);
    strbuf_done(&data);
    strbuf_done(&config);
    strbuf_done(&state);
    return status;
}
