/*
 * Explore: see explore.h. It builds and takes down, in the order in which things may fail: options,
 * themes, sources, and the terminal last, so that every complaint is still seen. No curses.
 */
#include "tui/explore.h"

#include <stdlib.h>
#include <string.h>
#include <sys/select.h>

#include "base/embed.h"
#include "session/gate.h"
#include "session/headless.h"
#include "session/session.h"
#include "themes/theme.h"
#include "tui/app.h"
#include "tui/backend.h"
#include "tui/backend_script.h"
#include "tui/loop.h"
#include "tui/signals.h"
#include "tui/trace.h"

#define THEMES_MAX 16
#define THEME_PREFIX "themes/"
#define THEME_SUFFIX ".json"
#define SIGNAL_STATUS 128 /* what a shell adds to a signal's number */

typedef struct Explore {
    const Options *options;
    FILE *out;
    FILE *errors;
    Theme themes[THEMES_MAX];
    const Theme *order[THEMES_MAX]; /* the chosen one first */
    size_t theme_count;
    Session *session;
    App *app;
    Backend *backend;
    Trace *trace; /* NULL = not asked for */
} Explore;

/* --- themes ----------------------------------------------------------------------------------- */

/* Finds the base of a theme among the compiled-in ones. */
static bool find_theme_text(const char *name, StrBuf *ret_text)
{
    StrBuf path = {0};
    strbuf_printf(&path, THEME_PREFIX "%s" THEME_SUFFIX, name);
    bool is_found = embed_read(path.ptr, ret_text);
    strbuf_done(&path);
    return is_found;
}

static bool add_theme(Explore *explore, StrView text, const char *name, Err *err)
{
    if (explore->theme_count == THEMES_MAX) {
        return err_set(err, "more than %d themes", THEMES_MAX);
    }
    Theme *theme = &explore->themes[explore->theme_count];
    if (!theme_read(text, name, find_theme_text, theme, err)) {
        return false;
    }
    explore->order[explore->theme_count++] = theme;
    return true;
}

/* Reads the themes that came with the program: compiled in, or below the data directory. */
static bool read_themes(Explore *explore, Err *err)
{
    for (const EmbeddedFile *file = EMBEDDED_FILES; file->name != NULL; file++) {
        StrView path = sv(file->name);
        if (!sv_starts(path, SV(THEME_PREFIX)) || !sv_ends(path, SV(THEME_SUFFIX))) {
            continue;
        }
        size_t name_len = path.len - (sizeof THEME_PREFIX - 1) - (sizeof THEME_SUFFIX - 1);
        StrBuf name = {0};
        StrBuf text = {0};
        strbuf_add(&name, sv_slice(path, sizeof THEME_PREFIX - 1, name_len));
        bool is_good = embed_read_or_file(explore->options->data_dir, file->name, &text) &&
                       add_theme(explore, strbuf_view(&text), name.ptr, err);
        strbuf_done(&text);
        strbuf_done(&name);
        if (!is_good) {
            return false;
        }
    }
    return explore->theme_count > 0 || err_set(err, "themes: none found");
}

static size_t find_theme(const Explore *explore, StrView name)
{
    for (size_t i = 0; i < explore->theme_count; i++) {
        if (sv_equal_nocase(sv(explore->themes[i].name), name)) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* Some terminals tell their colours as "ink;ground", numbers of the palette: white and the bright
 * ones are a light ground. Most say nothing, and most are dark. */
static const char *likely_theme(void)
{
    const char *colors = getenv("COLORFGBG");
    const char *ground = colors != NULL ? strrchr(colors, ';') : NULL;
    uint64_t number;
    bool is_light = ground != NULL && sv_to_u64(sv(ground + 1), &number) && number >= 7 &&
                    number <= 15 && number != 8;
    return is_light ? "light" : "dark";
}

static bool choose_theme(Explore *explore, Err *err)
{
    const char *wanted = explore->options->theme;
    size_t chosen = find_theme(explore, sv(wanted != NULL ? wanted : likely_theme()));
    if (chosen == SIZE_MAX && wanted == NULL) {
        chosen = 0;
    }
    if (chosen == SIZE_MAX && strchr(wanted, '/') != NULL) {
        StrBuf text = {0};
        bool is_good = embed_read_or_file(wanted[0] == '/' ? "" : ".", wanted, &text) ||
                       err_set(err, "%s: cannot be read", wanted);
        is_good = is_good && add_theme(explore, strbuf_view(&text), wanted, err);
        strbuf_done(&text);
        if (!is_good) {
            return err_prefix(err, "--theme");
        }
        chosen = explore->theme_count - 1;
    }
    if (chosen == SIZE_MAX) {
        StrBuf names = {0};
        for (size_t i = 0; i < explore->theme_count; i++) {
            strbuf_printf(&names, "%s%s", i > 0 ? ", " : "", explore->themes[i].name);
        }
        (void)err_set(err, "--theme: '%s' is none of %s, nor a file (which has a '/' in it)",
                      wanted, names.ptr);
        strbuf_done(&names);
        return false;
    }
    const Theme *first = explore->order[chosen];
    for (size_t i = chosen; i > 0; i--) {
        explore->order[i] = explore->order[i - 1];
    }
    explore->order[0] = first;
    return true;
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
        explore->backend = backend_curses_new(explore->order[0], err);
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

/* --- hosts that may ask --------------------------------------------------------------------------
 */

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

static int run(Explore *explore)
{
    Err err = err_none();
    if (!read_themes(explore, &err) || !choose_theme(explore, &err)) {
        headless_complain(explore->errors, &err, SV_NONE);
        return EXIT_USAGE;
    }
    explore->session = session_new(explore->options, explore->options->data_dir, &err);
    if (explore->session == NULL) {
        return fail_session(explore, &err);
    }
    explore->app =
        app_new(explore->session, explore->options, explore->order, explore->theme_count);
    await_hosts(explore);
    if (signals_ending() != 0) {
        return SIGNAL_STATUS + signals_ending();
    }
    if (!open_trace(explore, &err)) {
        headless_complain(explore->errors, &err, SV_NONE);
        return EXIT_USAGE;
    }
    if (!open_backend(explore, &err)) {
        headless_complain(explore->errors, &err, sv(explore->options->script));
        return EXIT_USAGE;
    }
    loop_run(explore->session, explore->app, explore->backend, explore->trace);
    int status = close_backend(explore);
    return signals_ending() != 0 ? SIGNAL_STATUS + signals_ending() : status;
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
    app_free(explore.app);
    session_free(explore.session); /* ends the children: after the terminal has been given back */
    return status;
}
