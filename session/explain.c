/*
 * Explain: a session without a screen; its panes are never looked at. What a source has to say goes
 * to standard error.
 */
#include "session/explain.h"

#include <string.h>
#include <sys/select.h>

#include "session/excerpt_facts.h"
#include "session/gate.h"
#include "session/headless.h"
#include "session/report.h"
#include "session/session.h"
#include "session/settings_redaction.h"

#define PUMP_BUDGET_NS (20 * NS_PER_MS)
/* `stop` is set by a signal that may come just before select(): it is looked at this often. */
#define WAIT_MAX_NS (200 * NS_PER_MS)

/* What any entry gives away is a secret in all of the report: that of evicted ones, too, and of
 * those that are left out. */
static void learn_entry(void *context, const Entry *entry)
{
    redaction_learn(context, entry);
}

/* Reads until the sources have ended. */
static void read_sources(Session *session, const volatile sig_atomic_t *stop)
{
    while (!*stop && !session_is_loaded(session)) {
        fd_set reads;
        int max_fd = -1;
        FD_ZERO(&reads);
        session_fds(session, &reads, &max_fd);
        int64_t now = clock_monotonic();
        int64_t wait = session_deadline(session, now) - now;
        wait = wait < 0 ? 0 : wait > WAIT_MAX_NS ? WAIT_MAX_NS : wait;
        struct timeval timeout = {.tv_sec = 0, .tv_usec = (int)(wait / 1000)};
        if (select(max_fd + 1, &reads, NULL, NULL, &timeout) < 0) {
            FD_ZERO(&reads); /* a signal: look at `stop` and wait again */
        }
        session_reap(session);
        (void)session_pump(session, &reads, clock_monotonic(), PUMP_BUDGET_NS);
    }
}

/* A line a line. */
static void say(FILE *errors, StrView name, StrView words)
{
    StrView line;
    while (sv_next_line(&words, &line)) {
        headless_say(errors, name, line);
    }
}

/* Says what the sources said; returns the exit status of one that failed, else EXIT_MATCHED. */
static int tell_sources(Session *session, FILE *errors)
{
    Sources *sources = session_sources(session);
    int status = EXIT_MATCHED;
    for (size_t i = 0; i < sources_count(sources); i++) {
        SourceStatus source;
        sources_status(sources, i, &source);
        say(errors, source.name, source.words);
        if (source.has_exit && source.exit_status != 0) {
            StrBuf text = {0};
            strbuf_printf(&text, "ended with exit status %d", source.exit_status);
            say(errors, source.name, strbuf_view(&text));
            strbuf_done(&text);
            status = EXIT_SOURCE;
        } else if (source.has_failed && status == EXIT_MATCHED) {
            status = EXIT_USAGE;
        }
        say(errors, source.name, source.advice);
    }
    return status;
}

static void add_names(const Session *session, StrBuf *names)
{
    Sources *sources = session_sources(session);
    for (size_t i = 0; i < sources_count(sources); i++) {
        SourceStatus source;
        sources_status(sources, i, &source);
        strbuf_add_str(names, i > 0 ? ", " : "");
        strbuf_add(names, source.name);
    }
}

static bool is_live(const Session *session)
{
    return !session_is_loaded(session);
}

/* Redacted unless told otherwise; then there are no rules. */
static bool open_rules(const Options *options, RedactRules **ret_rules, FILE *errors)
{
    Err err = err_none();
    *ret_rules = options->no_redact ? NULL : setting_redaction_rules(options, &err);
    if (*ret_rules == NULL && !options->no_redact) {
        headless_complain(errors, &err, SV_NONE);
        return false;
    }
    return true;
}

static int print_report(const Session *session, const Options *options, Redaction *redaction,
                        FILE *out, FILE *errors)
{
    const Enrolment *enrolment = session_enrolment(session);
    StrBuf names = {0};
    StrBuf text = {0};
    add_names(session, &names);
    excerpt_facts_learn_hosts(redaction, session_sources(session));
    /* Of a stream that was ended by hand waiting counts until now, of a capture until its end. */
    StrView hosts[OPTIONS_MAX_SOURCES];
    size_t host_count = 0;
    for (StrView host; host_count < ARRAY_LEN(hosts) &&
                       (host = session_host(session, (uint8_t)host_count)).ptr != NULL;) {
        hosts[host_count++] = host;
    }
    Report report = {.enrolment = enrolment,
                     .sources = strbuf_view(&names),
                     .hosts = hosts,
                     .read_from = session_sources(session),
                     .host_count = host_count,
                     .entries = store_counts(session_store(session))->entries,
                     .redaction = redaction,
                     .now_ns = is_live(session) ? clock_now().ns : enrolment_now(enrolment).ns};
    report_print(options->report, &report, &text);
    int status = headless_print(strbuf_view(&text), out, errors);
    strbuf_done(&names);
    strbuf_done(&text);
    if (status == EXIT_MATCHED && enrolment_count(enrolment) == 0) {
        status = EXIT_NOTHING;
    }
    return status;
}

int explain_run(const Options *options, FILE *out, FILE *errors, const volatile sig_atomic_t *stop)
{
    Err err = err_none();
    Options own = *options;
    own.state_dir = NULL; /* a report remembers nothing */
    RedactRules *rules;
    if (!open_rules(options, &rules, errors)) {
        return EXIT_USAGE;
    }
    Session *session = session_new(&own, options->data_dir, &err);
    if (session == NULL) {
        redact_rules_free(rules);
        headless_complain(errors, &err, gate_faulty_text(options, &err));
        return options_run_children(options) && err.offset == ERR_NO_OFFSET ? EXIT_SOURCE
                                                                            : EXIT_USAGE;
    }
    const StrView *lines;
    for (size_t i = 0; i < session_config_errors(session, &lines); i++) {
        say(errors, SV_NONE, lines[i]);
    }
    Redaction *redaction = rules != NULL ? redaction_new(rules) : NULL;
    if (redaction != NULL) {
        session_observe(session, learn_entry, redaction);
    }
    read_sources(session, stop);
    int failed = tell_sources(session, errors);
    int status = print_report(session, options, redaction, out, errors);
    redaction_free(redaction);
    redact_rules_free(rules);
    session_free(session);
    return failed != EXIT_MATCHED && !*stop ? failed : status;
}
