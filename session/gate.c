/*
 * Gate: the options that choose entries, compiled once. The cheap tests go first. It never decides
 * on notices, and where `log` has applied the predicate already it is not applied again: `log`
 * knows keys that no capture carries.
 */
#include "session/gate.h"

#include "base/mem.h"
#include "filters/filter.h"
#include "filters/predicate.h"
#include "filters/regex.h"

#define GREP_FLAGS REGEX_SMART_CASE

#define DAY_NS (INT64_C(86400) * NS_PER_SECOND)

/* A point in time as it was given. Without a zone it means what the entry's own clock on the wall
 * showed: that is what is read off the screen; a time without a day is one of the first entry's. */
typedef struct TimeBound {
    bool is_set;
    bool is_wall;
    bool is_of_day;
    int64_t ns;
} TimeBound;

struct Gate {
    Level min_level;
    TimeBound since;
    TimeBound until;
    bool has_day;
    int64_t day; /* where the first entry's day begins, by the clock on its wall */
    Regex *grep; /* NULL = none */
    Regex *grep_not;
    Filter *filter;                   /* NULL = none to apply here */
    bool skips_source[UINT8_MAX + 1]; /* its `log` has applied the predicate */
    uint64_t stopped;
};

/* The options whose text an error can point into. */
typedef struct FaultyOption {
    const char *prefix; /* of the error's text */
    size_t member;      /* offset of its const char * in Options */
} FaultyOption;

static const FaultyOption FAULTY_OPTIONS[] = {
    {"--predicate: ", offsetof(Options, predicate)},
    {"--grep: ", offsetof(Options, grep)},
    {"--grep-v: ", offsetof(Options, grep_not)},
};

bool gate_source_runs_log(SourceKind kind)
{
    return kind == SOURCE_LOG || kind == SOURCE_SSH;
}

/* The source that a machine is read from when the command line names none is its own `log`. */
static SourceKind source_kind(const Options *options, size_t source)
{
    return source < options->source_count ? options->sources[source].kind : SOURCE_LOG;
}

static bool any_runs_log(const Options *options)
{
    size_t count = options->source_count > 0 ? options->source_count : 1;
    for (size_t i = 0; i < count; i++) {
        if (gate_source_runs_log(source_kind(options, i))) {
            return true;
        }
    }
    return false;
}

static bool all_run_log(const Options *options)
{
    for (size_t i = 0; i < options->source_count; i++) {
        if (!gate_source_runs_log(options->sources[i].kind)) {
            return false;
        }
    }
    return true;
}

static bool compile_regex(const char *pattern, const char *option, Regex **ret_regex, Err *err)
{
    if (pattern == NULL) {
        return true;
    }
    *ret_regex = regex_new(sv(pattern), GREP_FLAGS, err);
    return *ret_regex != NULL || err_prefix(err, "%s", option);
}

static bool parse_point(const char *text, const char *option, Stamp now, TimeBound *ret_bound,
                        Err *err)
{
    int64_t here, east, morrow;
    if (text == NULL) {
        return true;
    }
    if (!clock_parse_point(sv(text), now, &here, err)) {
        return err_prefix(err, "%s", option);
    }
    *ret_bound = (TimeBound){.is_set = true, .ns = here};
    if (text[0] == '-' || text[0] == '@') {
        return true; /* counted from now, or absolute */
    }
    /* Read with another zone and another day, a text that names neither gives another point. The
     * same text cannot fail now. */
    Stamp there = {.ns = now.ns, .zone_minutes = 0};
    Stamp next = {.ns = now.ns + DAY_NS, .zone_minutes = 0};
    (void)clock_parse_point(sv(text), (Stamp){now.ns, 60}, &east, NULL);
    (void)clock_parse_point(sv(text), there, &here, NULL);
    (void)clock_parse_point(sv(text), next, &morrow, NULL);
    ret_bound->is_of_day = morrow != here;
    ret_bound->is_wall = east != here || ret_bound->is_of_day;
    if (ret_bound->is_wall) {
        ret_bound->ns = ret_bound->is_of_day ? here % DAY_NS : here;
    }
    return true;
}

static bool compile_predicate(Gate *gate, const Options *options, Err *err)
{
    if (options->predicate == NULL) {
        return true;
    }
    Predicate *predicate = predicate_parse_with(sv(options->predicate), options->aliases, err);
    if (predicate == NULL) {
        return err_prefix(err, "--predicate");
    }
    bool is_sent = predicate_is_sendable(predicate, NULL);
    if (is_sent && all_run_log(options)) {
        predicate_free(predicate);
        return true;
    }
    gate->filter = filter_new(predicate, err);
    if (gate->filter == NULL) {
        return err_prefix(err, "--predicate");
    }
    if (filter_is_all(gate->filter)) {
        filter_free(gate->filter);
        gate->filter = NULL;
    }
    for (size_t i = 0; is_sent && i < ARRAY_LEN(gate->skips_source); i++) {
        gate->skips_source[i] = gate_source_runs_log(source_kind(options, i));
    }
    return true;
}

Gate *gate_new(const Options *options, Stamp now, Err *err)
{
    Gate *gate = mem_calloc(1, sizeof *gate);
    gate->min_level = options->min_level;
    if (parse_point(options->since, "--since", now, &gate->since, err) &&
        parse_point(options->until, "--until", now, &gate->until, err) &&
        compile_regex(options->grep, "--grep", &gate->grep, err) &&
        compile_regex(options->grep_not, "--grep-v", &gate->grep_not, err) &&
        compile_predicate(gate, options, err)) {
        return gate;
    }
    gate_free(gate);
    return NULL;
}

void gate_free(Gate *gate)
{
    if (gate == NULL) {
        return;
    }
    regex_free(gate->grep);
    regex_free(gate->grep_not);
    filter_free(gate->filter);
    mem_free(gate);
}

bool gate_is_open(const Gate *gate)
{
    return gate->min_level == LEVEL_NONE && !gate->since.is_set && !gate->until.is_set &&
           gate->grep == NULL && gate->grep_not == NULL && gate->filter == NULL;
}

static bool has_match(Gate *gate, Regex *regex, StrView message)
{
    if (message.ptr == NULL) {
        return false;
    }
    size_t start, end;
    RegexResult result = regex_search(regex, message, 0, &start, &end);
    gate->stopped += result == REGEX_STOPPED;
    return result == REGEX_YES;
}

/* Compares a row's time with a bound: negative before it, 0 at it. */
static int compare_time(Gate *gate, const TimeBound *bound, const Columns *columns, uint32_t index)
{
    int64_t time = columns->time_ns[index];
    int64_t wall = time + (int64_t)columns->zone_minutes[index] * 60 * NS_PER_SECOND;
    int64_t at = bound->ns;
    if (bound->is_of_day) {
        if (!gate->has_day) {
            gate->has_day = true;
            gate->day = wall - wall % DAY_NS;
        }
        at += gate->day;
    }
    int64_t own = bound->is_wall ? wall : time;
    return own < at ? -1 : own > at;
}

bool gate_passes(Gate *gate, const Columns *columns, uint32_t index)
{
    if (columns->kind[index] == KIND_NOTICE) {
        return true;
    }
    if (!level_passes((Level)columns->level[index], gate->min_level)) {
        return false;
    }
    if (gate->since.is_set && compare_time(gate, &gate->since, columns, index) < 0) {
        return false;
    }
    if (gate->until.is_set && compare_time(gate, &gate->until, columns, index) > 0) {
        return false;
    }
    if (gate->filter != NULL && !gate->skips_source[columns->source[index]] &&
        !filter_match(gate->filter, columns, index)) {
        return false;
    }
    if (gate->grep == NULL && gate->grep_not == NULL) {
        return true;
    }
    StrView message = columns_message(columns, index);
    return (gate->grep == NULL || has_match(gate, gate->grep, message)) &&
           (gate->grep_not == NULL || !has_match(gate, gate->grep_not, message));
}

void gate_set_hosts(Gate *gate, const StrView *hosts, size_t count)
{
    if (gate->filter != NULL) {
        filter_set_hosts(gate->filter, hosts, count);
    }
}

uint64_t gate_stopped(const Gate *gate)
{
    return gate->stopped + (gate->filter != NULL ? filter_stopped(gate->filter) : 0);
}

bool gate_stream_predicate(const Options *options, StrBuf *buf, Err *err)
{
    if (options->predicate == NULL) {
        return true;
    }
    Predicate *predicate = predicate_parse_with(sv(options->predicate), options->aliases, err);
    if (predicate == NULL) {
        return err_prefix(err, "--predicate");
    }
    if (any_runs_log(options) && predicate_is_sendable(predicate, NULL) &&
        predicate_root(predicate)->kind != PREDICATE_TRUE) {
        predicate_print(predicate, buf);
    }
    predicate_free(predicate);
    return true;
}

StrView gate_faulty_text(const Options *options, const Err *err)
{
    for (size_t i = 0; err->offset != ERR_NO_OFFSET && i < ARRAY_LEN(FAULTY_OPTIONS); i++) {
        const FaultyOption *option = &FAULTY_OPTIONS[i];
        if (sv_starts(sv(err->text), sv(option->prefix))) {
            const char *const *text = (const char *const *)((const char *)options + option->member);
            return sv(*text);
        }
    }
    return SV_NONE;
}
