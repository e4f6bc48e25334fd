/*
 * Show: entries from the sources through gate and pane to standard output, one at a time and
 * without a store. It knows nothing of screens or keys.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "filters/filter.h"
#include "filters/panes.h"
#include "session/config.h"
#include "session/gate.h"
#include "session/headless.h"
#include "session/outlet.h"
#include "session/show_capture.h"
#include "session/show_form.h"
#include "session/source.h"

#define ATOMS_MAX_BYTES (32 * MIB)
#define PUMP_BUDGET_NS (20 * NS_PER_MS)
/* `stop` is set by a signal that may come just before select(): it is looked at this often. */
#define WAIT_MAX_NS (200 * NS_PER_MS)
/* Held for a reader that is slower than a file; for one slower than `log` it is --buffer. */
#define FILE_HELD_BYTES (1 * MIB)

/* What a program said on its standard error, verbatim, a line a line. Most of them, `log` among
 * them, begin with their own name; it is not said twice. */
static void say_words(FILE *errors, StrView name, StrView words)
{
    StrView line;
    while (sv_next_line(&words, &line)) {
        bool has_name = sv_starts(line, name) && sv_starts(sv_slice(line, name.len, 2), SV(": "));
        if (line.len > 0) {
            headless_say(errors, has_name ? SV_NONE : name, line);
        }
    }
}

typedef struct Show {
    const Options *options;
    Options source_options; /* the same, but the predicate is the one for `log` */
    StrBuf log_predicate;
    FILE *errors;
    Gate *gate;
    PaneDefs panes;
    Filter *pane; /* NULL = no --pane */
    StrView pane_text;
    AtomTable *atoms;
    Columns columns; /* one row, used again and again */
    Sources *sources;
    StrView hosts[OPTIONS_MAX_SOURCES];
    bool has_told_end[OPTIONS_MAX_SOURCES];
    bool has_failed;     /* a source did */
    bool has_unreadable; /* a file could not be read to its end */
    ShowForm *form;
    Outlet out;
    uint64_t seen;
    ShowCapture capture;
} Show;

static void on_entry(void *context, const Entry *entry)
{
    Show *show = context;
    show->seen++;
    columns_clear(&show->columns);
    uint32_t index = columns_push(&show->columns, entry);
    show->columns.tag[index] = show_form_see(show->form, &show->columns, index);
    if (!gate_passes(show->gate, &show->columns, index) ||
        (show->pane != NULL && !filter_match(show->pane, &show->columns, index))) {
        show_form_leave_out(show->form, entry);
        return;
    }
    StrView host = show->hosts[entry->source % OPTIONS_MAX_SOURCES];
    show_form_entry(show->form, &show->columns, index, host, &show->out.buf);
}

/* Whether the notice only tells that its source has ended: tell_source says that in full. */
static bool is_end(StrView text, StrView name)
{
    return sv_starts(text, name) && sv_starts(sv_slice(text, name.len, SIZE_MAX), SV(" ended"));
}

static void on_notice(void *context, uint8_t source, int64_t time_ns, StrView text)
{
    Show *show = context;
    StrView name = show->hosts[source % OPTIONS_MAX_SOURCES];
    if (!is_end(text, name)) {
        headless_say(show->errors, name, text);
        show_form_notice(show->form, source, time_ns, text, name, &show->out.buf);
    }
}

/* Puts the user's panes to those of the program. */
static void take_own_panes(Show *show)
{
    Config config;
    config_read_chosen(&config, show->options->config, show->options->config_dir);
    config_take_panes(&config, &show->panes);
    for (size_t i = 0; i < config.error_count; i++) {
        headless_say(show->errors, SV_NONE, config.errors[i]);
    }
    config_done(&config);
}

/* Compiles --pane. */
static bool open_pane(Show *show, Err *err)
{
    const Options *options = show->options;
    if (options->pane == NULL && options->pane_predicate == NULL) {
        return true;
    }
    if (options->pane == NULL) {
        show->pane_text = sv(options->pane_predicate);
        show->pane = filter_compile(show->pane_text, err);
        return show->pane != NULL;
    }
    if (!pane_defs_read_own(&show->panes, options->data_dir, err)) {
        return false;
    }
    take_own_panes(show);
    const PaneDef *def = pane_defs_choose(&show->panes, sv(options->pane), err);
    if (def == NULL) {
        return false;
    }
    if (def->role != PANE_LIST) {
        return err_set(err, "--pane %s: it shows the enrolment, not entries: mdmscope explain",
                       options->pane);
    }
    show->pane_text = def->predicate;
    show->pane = filter_compile(def->predicate, err);
    return show->pane != NULL || err_prefix(err, "--pane %s", options->pane);
}

static void warn_of_predicate(const Options *options, FILE *errors)
{
    if (options->predicate != NULL) {
        Predicate *predicate = predicate_parse_with(sv(options->predicate), options->aliases, NULL);
        if (predicate != NULL) {
            headless_warn(errors, predicate);
        }
        predicate_free(predicate);
    }
}

/* What can be wrong with the options themselves; nothing is started before. */
static bool open_choice(Show *show)
{
    Err err = err_none();
    show->gate = gate_new(show->options, clock_now(), &err);
    show->form = show->gate != NULL ? show_form_new(show->options, show->atoms, &err) : NULL;
    if (show->form == NULL || !open_pane(show, &err) ||
        !gate_stream_predicate(show->options, &show->log_predicate, &err)) {
        headless_complain(show->errors, &err, gate_faulty_text(show->options, &err));
        return false;
    }
    warn_of_predicate(show->options, show->errors);
    show->source_options = *show->options;
    show->source_options.predicate = show->log_predicate.len > 0 ? show->log_predicate.ptr : NULL;
    return true;
}

/* Opens the sources; returns the exit status of a failure, EXIT_MATCHED when there was none. */
static int open_sources(Show *show, const volatile sig_atomic_t *stop)
{
    Err err = err_none();
    show_form_learn(show->form, stop);
    SourceSink sink = {.entry = on_entry, .notice = on_notice, .context = show};
    show->sources = sources_new(&show->source_options, sink, &err);
    if (show->sources == NULL) {
        headless_complain(show->errors, &err, SV_NONE);
        return options_run_children(show->options) ? EXIT_SOURCE : EXIT_USAGE;
    }
    size_t count = sources_count(show->sources);
    for (size_t i = 0; i < count && i < OPTIONS_MAX_SOURCES; i++) {
        SourceStatus status;
        sources_status(show->sources, i, &status);
        show->hosts[i] = status.name;
    }
    gate_set_hosts(show->gate, show->hosts, count);
    if (show->pane != NULL) {
        filter_set_hosts(show->pane, show->hosts, count);
    }
    return EXIT_MATCHED;
}

/* Says once why a source has ended. */
static void tell_source(Show *show, size_t index)
{
    SourceStatus status;
    sources_status(show->sources, index, &status);
    if (status.state != SOURCE_ENDED || show->has_told_end[index]) {
        return;
    }
    show->has_told_end[index] = true;
    say_words(show->errors, status.name, status.words);
    show->has_unreadable = show->has_unreadable || status.has_failed;
    if (status.has_exit && status.exit_status != 0) {
        show->has_failed = true;
        StrBuf text = {0};
        strbuf_printf(&text, "ended with exit status %d", status.exit_status);
        headless_say(show->errors, status.name, strbuf_view(&text));
        strbuf_done(&text);
    }
    if (status.advice.len > 0) {
        headless_say(show->errors, status.name, status.advice);
    }
}

static void tell_sources(Show *show)
{
    for (size_t i = 0; i < sources_count(show->sources) && i < OPTIONS_MAX_SOURCES; i++) {
        tell_source(show, i);
    }
}

/* Waits until a source can be read, held bytes can be written, or a deadline has come. */
static void wait_for_news(Show *show, fd_set *reads)
{
    fd_set writes;
    int max_fd = -1;
    FD_ZERO(reads);
    FD_ZERO(&writes);
    sources_fds(show->sources, reads, &max_fd);
    outlet_fds(&show->out, &writes, &max_fd);
    int64_t now = clock_monotonic();
    int64_t deadline = sources_deadline(show->sources, now);
    int64_t wait = deadline - now > WAIT_MAX_NS ? WAIT_MAX_NS : deadline - now;
    wait = wait < 0 ? 0 : wait;
    struct timeval timeout = {.tv_sec = 0, .tv_usec = (int)(wait / 1000)};
    if (select(max_fd + 1, reads, &writes, NULL, &timeout) < 0) {
        FD_ZERO(reads); /* a signal: look at `stop` and wait again */
    }
}

static bool has_live_source(const Options *options)
{
    bool is_live = options->source_count == 0;
    for (size_t i = 0; i < options->source_count; i++) {
        is_live = is_live || options->sources[i].kind != SOURCE_FILE;
    }
    return is_live;
}

static void stream(Show *show, FILE *out, const volatile sig_atomic_t *stop)
{
    bool is_live = has_live_source(show->options);
    outlet_init(&show->out, out, is_live ? show->options->buffer_bytes : FILE_HELD_BYTES, stop);
    show_form_begin(show->form, show->sources, show->pane_text, &show->out.buf);
    while (!*stop && !outlet_is_shut(&show->out) && !sources_are_done(show->sources)) {
        fd_set reads;
        wait_for_news(show, &reads);
        sources_reap(show->sources);
        (void)sources_pump(show->sources, &reads, clock_monotonic(), PUMP_BUDGET_NS);
        outlet_push(&show->out);
        tell_sources(show);
        show_capture_tell(&show->capture);
    }
    while (show_form_end(show->form, &show->out.buf) && !outlet_is_shut(&show->out)) {
        outlet_push(&show->out);
    }
    outlet_drain(&show->out);
}

static void add_count(StrBuf *buf, uint64_t count, const char *one, const char *many)
{
    if (count > 0) {
        strbuf_printf(buf, "%s%" PRIu64 " %s", buf->len > 0 ? ", " : "", count,
                      count == 1 ? one : many);
    }
}

/* Says what was not as it should be; a run without such things says nothing. */
static void report(Show *show)
{
    StrBuf text = {0};
    for (size_t i = 0; i < sources_count(show->sources) && i < OPTIONS_MAX_SOURCES; i++) {
        SourceStatus status;
        sources_status(show->sources, i, &status);
        strbuf_clear(&text);
        add_count(&text, status.drop_notices, "drop notice", "drop notices");
        add_count(&text, status.counts.unparsed, "line that is no entry",
                  "lines that are no entries");
        add_count(&text, status.counts.cut, "line cut", "lines cut");
        add_count(&text, status.doubles, "double left out", "doubles left out");
        if (text.len > 0) {
            headless_say(show->errors, status.name, strbuf_view(&text));
        }
    }
    strbuf_clear(&text);
    add_count(&text, gate_stopped(show->gate) + (show->pane ? filter_stopped(show->pane) : 0),
              "entry not decided: a regular expression needed too many steps",
              "entries not decided: a regular expression needed too many steps");
    if (text.len > 0) {
        headless_say(show->errors, SV_NONE, strbuf_view(&text));
    }
    if (show_form_count(show->form) == 0 && !show->has_failed && !outlet_is_shut(&show->out)) {
        strbuf_clear(&text);
        strbuf_printf(&text, "none of %" PRIu64 " entries", show->seen);
        headless_say(show->errors, SV("nothing matched"), strbuf_view(&text));
    }
    strbuf_done(&text);
}

static int exit_status(const Show *show, const volatile sig_atomic_t *stop)
{
    if (show_form_error(show->form)->text[0] != '\0') {
        headless_say(show->errors, SV_NONE, sv(show_form_error(show->form)->text));
        return EXIT_USAGE;
    }
    if (show->out.error != 0) {
        headless_say(show->errors, SV("standard output"), sv(strerror(show->out.error)));
        return EXIT_SOURCE;
    }
    if (show->has_failed && !*stop) {
        return EXIT_SOURCE;
    }
    if (show->has_unreadable && !*stop) {
        return EXIT_USAGE;
    }
    return show_form_count(show->form) > 0 ? EXIT_MATCHED : EXIT_NOTHING;
}

static void show_done(Show *show)
{
    sources_free(show->sources);
    show_capture_done(&show->capture);
    outlet_done(&show->out);
    columns_done(&show->columns);
    filter_free(show->pane);
    pane_defs_done(&show->panes);
    gate_free(show->gate);
    atom_table_free(show->atoms);
    strbuf_done(&show->log_predicate);
    show_form_free(show->form);
}

/* An archive does nothing good to a terminal. */
static bool may_print(const Options *options, FILE *out, FILE *errors)
{
    int fd = fileno(out);
    if (options->format == FORMAT_BUNDLE && fd >= 0 && isatty(fd)) {
        headless_say(errors, SV("--format bundle"),
                     SV("is an archive, not for a terminal; use > FILE"));
        return false;
    }
    return true;
}

int headless_show(const Options *options, FILE *out, FILE *errors,
                  const volatile sig_atomic_t *stop)
{
    Show show = {.options = options, .errors = errors, .atoms = atom_table_new(ATOMS_MAX_BYTES)};
    columns_init(&show.columns, show.atoms);
    /* A reader that has gone is told by the write that fails. */
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    (void)sigaction(SIGPIPE, &ignore, &before); /* fails for bad arguments only */
    int status = may_print(options, out, errors) && open_choice(&show) ? open_sources(&show, stop)
                                                                       : EXIT_USAGE;
    if (show.sources != NULL && !show_capture_open(&show.capture, show.sources, options, errors)) {
        status = EXIT_USAGE;
    } else if (show.sources != NULL) {
        stream(&show, out, stop);
        tell_sources(&show);
        bool is_captured = show_capture_close(&show.capture);
        report(&show);
        status = exit_status(&show, stop);
        status = is_captured || status == EXIT_USAGE ? status : EXIT_SOURCE;
    }
    show_done(&show);
    (void)sigaction(SIGPIPE, &before, NULL);
    return status;
}
