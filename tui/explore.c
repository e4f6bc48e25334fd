/*
 * Explore: see explore.h. It builds and takes down, in the order in which things may fail: options,
 * themes, sources, and the terminal last, so that every complaint is still seen. No curses.
 */
#include "tui/explore.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/select.h>

#include "session/gate.h"
#include "session/headless.h"
#include "session/session.h"
#include "tui/app.h"
#include "tui/backend.h"
#include "tui/backend_script.h"
#include "tui/detached.h"
#include "tui/loop.h"
#include "tui/settings_check.h"
#include "tui/signals.h"
#include "tui/theme_list.h"
#include "tui/trace.h"

#define SIGNAL_STATUS 128 /* what a shell adds to a signal's number */

typedef struct Explore {
    const Options *options;
    FILE *out;
    FILE *errors;
    ThemeList themes; /* the chosen one first */
    Session *session;
    App *app;
    Backend *backend;
    Trace *trace; /* NULL = not asked for */
} Explore;

/* --- themes ----------------------------------------------------------------------------------- */

/* How many colours there are to choose a theme for; a script's frames are the same everywhere. */
static TerminalColors terminal_colors(const Explore *explore)
{
    int count = explore->options->script != NULL ? COLOR_COUNT : backend_curses_colors();
    return (TerminalColors){.count = count, .ground = getenv("COLORFGBG")};
}

/* Reads the themes and puts the wanted one first. */
static bool choose_theme(Explore *explore, Err *err)
{
    const Options *options = explore->options;
    theme_list_load(&explore->themes, options->data_dir, options->config_dir);
    if (options->theme != NULL) {
        return theme_list_begin_with(&explore->themes, options->theme, err) ||
               err_prefix(err, "--theme");
    }
    return theme_list_begin_with(&explore->themes, theme_list_likely(terminal_colors(explore)),
                                 err);
}

/* Judges what the configuration says of the screen's names. Its theme counts where the command line
 * names none; one that cannot be had is told, and the likely one stays. */
static void check_settings(Settings *settings, Config *config, void *context)
{
    Explore *explore = context;
    settings_check_theme_files(config, &explore->themes);
    if (explore->options->theme == NULL) {
        settings_check_theme(settings, config, &explore->themes);
    }
    settings_check(settings, config);
}

/* Whatever ended the explorer: what is to be restored at the next start is written down. */
static void remember(Explore *explore)
{
    Err err = err_none();
    app_remember(explore->app);
    if (!session_memory_save(explore->session, &err)) {
        headless_complain(explore->errors, &err, SV_NONE);
    }
}

/* --- what a script may ask -------------------------------------------------------------------- */

static bool host_is_loaded(void *context)
{
    const Explore *explore = context;
    return session_is_loaded(explore->session);
}

static bool host_is_idle(void *context)
{
    const Explore *explore = context;
    return session_is_idle(explore->session) && app_is_idle(explore->app);
}

static uint64_t host_entries(void *context)
{
    const Explore *explore = context;
    return store_counts(session_store(explore->session))->entries;
}

static const Theme *host_theme(void *context)
{
    const Explore *explore = context;
    return app_theme(explore->app);
}

static void host_draw(void *context, Canvas *canvas, int64_t now, Stamp wall)
{
    Explore *explore = context;
    app_draw(explore->app, canvas, now, wall);
}

/* --- beginning and end ------------------------------------------------------------------------ */

static bool is_option_fault(const Err *err)
{
    return err->offset != ERR_NO_OFFSET || sv_starts(sv(err->text), SV("--"));
}

/* Complains; returns the exit status of the contract: 3 where a program that should have given
 * entries could not be run, 2 for all that the user can say otherwise. */
static int fail_session(const Explore *explore, const Err *err)
{
    headless_complain(explore->errors, err, gate_faulty_text(explore->options, err));
    return !is_option_fault(err) && options_run_children(explore->options) ? EXIT_SOURCE
                                                                           : EXIT_USAGE;
}

static bool open_backend(Explore *explore, Err *err)
{
    const Options *options = explore->options;
    if (options->script == NULL) {
        explore->backend = backend_curses_new(explore->themes.items[0], err);
        return explore->backend != NULL;
    }
    explore->backend =
        backend_script_new(sv(options->script), options->columns, options->rows, explore->out, err);
    if (explore->backend == NULL) {
        return false;
    }
    ScriptHost host = {
        .is_loaded = host_is_loaded,
        .is_idle = host_is_idle,
        .entries = host_entries,
        .draw = host_draw,
        .theme = host_theme,
        .context = explore,
    };
    backend_script_attach(explore->backend, &host);
    return true;
}

static bool open_trace(Explore *explore, Err *err)
{
    const char *path = explore->options->trace;
    if (path != NULL) {
        explore->trace = trace_new(path, clock_monotonic(), err);
    }
    return path == NULL || explore->trace != NULL || err_prefix(err, "--trace");
}

/* Takes the screen down; what is said now stays on the terminal. */
static int close_backend(Explore *explore)
{
    Backend *backend = explore->backend;
    StrBuf note = {0};
    strbuf_add_str(&note, backend->ops->note != NULL ? backend->ops->note(backend) : "");
    Err failure = err_none();
    if (explore->options->script != NULL && backend_script_failure(backend) != NULL) {
        failure = *backend_script_failure(backend);
    }
    backend->ops->free(backend);
    if (note.len > 0) {
        (void)fprintf(explore->errors, "mdmscope: %s\n", note.ptr);
    }
    strbuf_done(&note);
    if (failure.text[0] != '\0') {
        headless_complain(explore->errors, &failure, sv(explore->options->script));
        return EXIT_USAGE;
    }
    return EXIT_MATCHED;
}

/* --- hosts that may ask ----------------------------------------------------------------------- */

static bool is_connecting(const Sources *sources)
{
    for (size_t i = 0; i < sources_count(sources); i++) {
        SourceStatus status;
        sources_status(sources, i, &status);
        if (status.kind == SOURCE_SSH && status.state == SOURCE_STARTING) {
            return true;
        }
    }
    return false;
}

/* ssh asks for passwords at the terminal, so the screen opens only when no host may still ask. What
 * the others deliver meanwhile is taken. Returns at a signal that ends the program. */
static void await_hosts(Explore *explore)
{
    Session *session = explore->session;
    if (is_connecting(session_sources(session))) {
        (void)fprintf(explore->errors, "mdmscope: connecting …\n");
    }
    while (is_connecting(session_sources(session)) && signals_ending() == 0) {
        fd_set reads;
        int max_fd = signals_fd();
        int64_t now = clock_monotonic();
        int64_t nap = session_deadline(session, now) - now;
        nap = nap < 0 ? 0 : nap > NS_PER_SECOND ? NS_PER_SECOND : nap;
        struct timeval timeout = {.tv_sec = (time_t)(nap / NS_PER_SECOND),
                                  .tv_usec = (suseconds_t)(nap % NS_PER_SECOND / 1000)};
        FD_ZERO(&reads);
        FD_SET(signals_fd(), &reads);
        session_fds(session, &reads, &max_fd);
        if (select(max_fd + 1, &reads, NULL, NULL, &timeout) < 0) {
            FD_ZERO(&reads); /* a signal: its flag is up */
        }
        if ((signals_take() & SIGNALS_CHILD) != 0) {
            session_reap(session);
        }
        (void)session_pump(session, &reads, clock_monotonic(), LOOP_PUMP_NS);
    }
}

/* Whether a capture outlives the terminal. A script has none. */
static bool goes_on_alone(const Options *options)
{
    return options->detach_capture && options->script == NULL;
}

/* What of the capture is missing is told where it stays to be read. */
static void tell_capture(Explore *explore, int *status)
{
    CaptureStatus capture;
    Err err = err_none();
    session_capture_finish(explore->session);
    if (!session_capture(explore->session, &capture) || capture.trouble.len == 0) {
        return;
    }
    (void)err_set(&err, "%.*s (%" PRIu64 " of %" PRIu64 " entries are missing)",
                  SV_ARG(capture.trouble), capture.missed, capture.entries);
    headless_complain(explore->errors, &err, SV_NONE);
    if (capture.missed > 0 && *status == EXIT_MATCHED) {
        *status = EXIT_SOURCE;
    }
}

static int run(Explore *explore)
{
    Err err = err_none();
    if (!choose_theme(explore, &err)) {
        headless_complain(explore->errors, &err, SV_NONE);
        return EXIT_USAGE;
    }
    explore->session = session_new(explore->options, explore->options->data_dir, &err);
    if (explore->session == NULL) {
        return fail_session(explore, &err);
    }
    session_check_settings(explore->session, check_settings, explore);
    explore->app =
        app_new(explore->session, explore->options, explore->themes.items, explore->themes.count);
    await_hosts(explore);
    if (signals_ending() != 0) {
        return SIGNAL_STATUS + signals_ending();
    }
    if (!open_trace(explore, &err)) {
        headless_complain(explore->errors, &err, SV_NONE);
        return EXIT_USAGE;
    }
    if (goes_on_alone(explore->options)) {
        detached_prepare(explore->session, explore->errors);
    }
    if (!open_backend(explore, &err)) {
        headless_complain(explore->errors, &err, sv(explore->options->script));
        return EXIT_USAGE;
    }
    bool is_alone = loop_run(explore->session, explore->app, explore->backend, explore->trace);
    int status = close_backend(explore);
    remember(explore);
    if (is_alone && goes_on_alone(explore->options)) {
        int ending = detached_run(explore->session);
        tell_capture(explore, &status); /* errors may go to a file, and the status to somebody */
        return ending != 0 && ending != SIGHUP ? SIGNAL_STATUS + ending : status;
    }
    tell_capture(explore, &status);
    return signals_ending() != 0 ? SIGNAL_STATUS + signals_ending() : status;
}

/* On the screen the first was told, and who was elsewhere has missed that. */
static void tell_config_errors(const Explore *explore)
{
    const StrView *lines;
    size_t count = explore->session != NULL ? session_config_errors(explore->session, &lines) : 0;
    for (size_t i = 0; i < count; i++) {
        Err err = err_none();
        (void)err_set(&err, "%.*s", SV_ARG(lines[i]));
        headless_complain(explore->errors, &err, SV_NONE);
    }
}

int explore_run(const Options *options, FILE *out, FILE *errors)
{
    Explore explore = {.options = options, .out = out, .errors = errors};
    int status = run(&explore);
    Err err = err_none();
    if (!trace_free(explore.trace, &err)) {
        headless_complain(errors, &err, SV_NONE);
        status = status == EXIT_MATCHED ? EXIT_USAGE : status;
    }
    tell_config_errors(&explore);
    app_free(explore.app);
    theme_list_done(&explore.themes);
    session_free(explore.session); /* ends the children: after the terminal has been given back */
    return status;
}
