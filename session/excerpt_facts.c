/*
 * ExcerptFacts: see excerpt_facts.h. Where something is not known it is said, not guessed.
 */
#include "session/excerpt_facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "parsers/fields.h"

#define HOST_NAME_BYTES 256
#define SYSTEM_FILE "/System/Library/CoreServices/SystemVersion.plist"
#define SYSTEM_FILE_BYTES (16 * KIB)

void excerpt_facts_done(ExcerptFacts *facts)
{
    arena_done(&facts->arena);
    *facts = (ExcerptFacts){.redaction = facts->redaction};
}

static void put(ExcerptFacts *facts, const char *label, StrView text)
{
    if (facts->count < EXCERPT_FACTS_MAX && text.ptr != NULL) {
        facts->items[facts->count++] = (ExcerptFact){label, arena_dup(&facts->arena, text)};
    }
}

void excerpt_facts_say(ExcerptFacts *facts, const char *label, const char *format, ...)
{
    StrBuf text = {0};
    va_list args;
    va_start(args, format);
    strbuf_vprintf(&text, format, args);
    va_end(args);
    put(facts, label, strbuf_view(&text));
    strbuf_done(&text);
}

void excerpt_facts_add(ExcerptFacts *facts, const char *label, StrView text)
{
    if (facts->redaction == NULL || text.ptr == NULL) {
        put(facts, label, text);
        return;
    }
    StrBuf seen = {0};
    (void)redaction_text(facts->redaction, text, &seen);
    put(facts, label, strbuf_view(&seen));
    strbuf_done(&seen);
}

StrView excerpt_facts_find(const ExcerptFacts *facts, const char *label)
{
    for (size_t i = 0; i < facts->count; i++) {
        if (strcmp(facts->items[i].label, label) == 0) {
            return facts->items[i].text;
        }
    }
    return SV_NONE;
}

void excerpt_facts_print(const ExcerptFacts *facts, const char *prefix, StrBuf *buf)
{
    for (size_t i = 0; i < facts->count; i++) {
        strbuf_printf(buf, "%s%s: ", prefix, facts->items[i].label);
        utf8_visible(buf, facts->items[i].text);
        strbuf_add_char(buf, '\n');
    }
}

/* --- counting --------------------------------------------------------------------------------- */

void excerpt_tally_init(ExcerptTally *tally)
{
    *tally = (ExcerptTally){.first = {CLOCK_NO_TIME, 0}, .last = {CLOCK_NO_TIME, 0}};
    sha256_init(&tally->sum);
}

void excerpt_tally_done(ExcerptTally *tally)
{
    strbuf_done(&tally->gap_texts);
}

void excerpt_tally_entry(ExcerptTally *tally, const Entry *entry, StrView ndjson)
{
    bool has_time = (entry->flags & ENTRY_NO_TIME) == 0 && entry->time.ns != CLOCK_NO_TIME;
    tally->entries++;
    tally->errors += entry->level == LEVEL_ERROR || entry->level == LEVEL_FAULT;
    tally->unparsed += entry->kind == KIND_UNPARSED;
    tally->cut += (entry->flags & ENTRY_CUT) != 0;
    tally->masked += (entry->flags & ENTRY_PRIVATE) != 0;
    tally->losses += entry->kind == KIND_LOSS;
    if (has_time && (tally->first.ns == CLOCK_NO_TIME || entry->time.ns < tally->first.ns)) {
        tally->first = entry->time;
    }
    if (has_time && (tally->last.ns == CLOCK_NO_TIME || entry->time.ns > tally->last.ns)) {
        tally->last = entry->time;
    }
    sha256_add(&tally->sum, ndjson);
}

void excerpt_tally_gap(ExcerptTally *tally, Stamp time, StrView host, StrView text)
{
    char stamp[CLOCK_STAMP_MAX];
    if (tally->gaps++ < EXCERPT_GAPS_SHOWN) {
        clock_format(time, CLOCK_FULL, stamp);
        strbuf_add_str(&tally->gap_texts, stamp);
        strbuf_add_char(&tally->gap_texts, ' ');
        utf8_visible(&tally->gap_texts, host);
        strbuf_add_str(&tally->gap_texts, host.len > 0 ? ": " : "");
        utf8_visible(&tally->gap_texts, text);
        strbuf_add_char(&tally->gap_texts, '\n');
    }
}

/* --- where it comes from ---------------------------------------------------------------------- */

/* The version of the macOS that this program runs on, by the file in which macOS says it. */
static bool read_own_version(StrBuf *buf)
{
    char text[SYSTEM_FILE_BYTES];
    FILE *file = fopen(SYSTEM_FILE, "rb");
    if (file == NULL) {
        return false;
    }
    StrView rest = sv_of(text, fread(text, 1, sizeof text, file));
    (void)fclose(file); /* was only read */
    size_t at = sv_find(rest, SV("<key>ProductVersion</key>"));
    rest = at != SIZE_MAX ? sv_slice(rest, at, SIZE_MAX) : SV("");
    at = sv_find(rest, SV("<string>"));
    size_t end = sv_find(rest, SV("</string>"));
    if (at == SIZE_MAX || end == SIZE_MAX || end < at) {
        return false;
    }
    at += strlen("<string>");
    strbuf_add(buf, sv_slice(rest, at, end - at));
    return true;
}

static bool is_here(SourceKind kind)
{
    return kind == SOURCE_LOG || kind == SOURCE_EXEC;
}

/* What was read, for people. */
static const char *const SOURCE_WORDS[] = {
    [SOURCE_LOG] = "log on this Mac",  [SOURCE_FILE] = "file",
    [SOURCE_STDIN] = "standard input", [SOURCE_DEMO] = "the program's own demonstration",
    [SOURCE_SSH] = "log over ssh",     [SOURCE_EXEC] = "command",
};

/* Predicates may stand on several lines; between words a blank is as good. */
static void add_predicate(ExcerptFacts *facts, const char *label, StrView text)
{
    StrBuf line = {0};
    if (text.len == 0) {
        return;
    }
    strbuf_add(&line, text);
    for (size_t i = 0; i < line.len; i++) {
        line.ptr[i] = line.ptr[i] == '\n' ? ' ' : line.ptr[i];
    }
    excerpt_facts_add(facts, label, strbuf_view(&line));
    strbuf_done(&line);
}

static void add_source(ExcerptFacts *facts, const SourceStatus *status)
{
    StrBuf text = {0};
    strbuf_add_str(&text, SOURCE_WORDS[status->kind]);
    if (status->kind == SOURCE_FILE) {
        strbuf_add_str(&text, " ");
        strbuf_add(&text, status->name);
    } else if (status->command.len > 0) {
        strbuf_add_str(&text, ": ");
        strbuf_add(&text, status->command);
    }
    excerpt_facts_add(facts, "source", strbuf_view(&text));
    add_predicate(facts, "predicate given to log", status->predicate);
    if (status->drop_notices > 0) {
        excerpt_facts_say(facts, "drop notices of the source", "%" PRIu64 " over all that was read",
                          status->drop_notices);
    }
    strbuf_done(&text);
}

static void add_host_name(ExcerptFacts *facts, StrView name)
{
    StrBuf seen = {0};
    if (facts->redaction != NULL) {
        (void)redaction_host(facts->redaction, name, &seen);
    } else {
        strbuf_add(&seen, name);
    }
    put(facts, "host", strbuf_view(&seen));
    strbuf_done(&seen);
}

static void add_host(ExcerptFacts *facts, const SourceStatus *status)
{
    char name[HOST_NAME_BYTES] = "";
    if (status->kind == SOURCE_SSH) {
        add_host_name(facts, status->name);
    } else if (is_here(status->kind) && gethostname(name, sizeof name - 1) == 0) {
        add_host_name(facts, sv(name));
    } else {
        excerpt_facts_say(facts, "host", "not known: entries do not name it");
    }
}

void excerpt_facts_learn_hosts(Redaction *redaction, const Sources *sources)
{
    size_t count = redaction != NULL && sources != NULL ? sources_count(sources) : 0;
    for (size_t i = 0; i < count; i++) {
        SourceStatus status;
        sources_status(sources, i, &status);
        char name[HOST_NAME_BYTES] = "";
        if (status.kind == SOURCE_SSH) {
            redaction_learn_host(redaction, status.name);
        } else if (is_here(status.kind) && gethostname(name, sizeof name - 1) == 0) {
            redaction_learn_host(redaction, sv(name));
            redaction_learn_host(redaction, sv_slice(sv(name), 0, sv_find_char(sv(name), '.')));
        }
    }
}

void excerpt_facts_source_name(Redaction *redaction, const Sources *sources, size_t index,
                               StrView name, StrBuf *ret)
{
    SourceStatus status = {.kind = SOURCE_SSH};
    if (sources != NULL && index < sources_count(sources)) {
        sources_status(sources, index, &status);
    }
    if (redaction == NULL) {
        strbuf_add(ret, name);
    } else if (status.kind == SOURCE_SSH) {
        (void)redaction_host(redaction, name, ret);
    } else {
        (void)redaction_text(redaction, name, ret);
    }
}

static void add_sources(ExcerptFacts *facts, const ExcerptOrigin *origin)
{
    size_t count = sources_count(origin->sources);
    excerpt_facts_learn_hosts(facts->redaction, origin->sources); /* commands have them in them */
    for (size_t i = 0; i < count; i++) {
        SourceStatus status;
        sources_status(origin->sources, i, &status);
        add_source(facts, &status);
        add_host(facts, &status);
    }
}

/* The options that keep entries out. */
static void add_options(ExcerptFacts *facts, const Options *options)
{
    const struct {
        const char *label;
        const char *text;
    } TEXTS[] = {
        {"--predicate", options->predicate},
        {"--pane", options->verb == VERB_SHOW ? options->pane : NULL},
        {"--grep", options->grep},
        {"--grep-v", options->grep_not},
        {"--level", options->min_level != LEVEL_NONE ? level_name(options->min_level) : NULL},
        {"--since", options->since},
        {"--until", options->until},
    };
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        excerpt_facts_add(facts, TEXTS[i].label, sv(TEXTS[i].text));
    }
}

/* Whether anything that was told so far keeps entries out. */
static bool has_choice(const ExcerptFacts *facts)
{
    static const char *const STARTS[] = {"predicate", "noise", "--"};
    for (size_t i = 0; i < facts->count; i++) {
        for (size_t k = 0; k < ARRAY_LEN(STARTS); k++) {
            if (sv_starts(sv(facts->items[i].label), sv(STARTS[k]))) {
                return true;
            }
        }
    }
    return false;
}

void excerpt_facts_add_origin(ExcerptFacts *facts, const ExcerptOrigin *origin)
{
    excerpt_facts_say(facts, "tool", "mdmscope %s", MDMSCOPE_VERSION);
    if (origin->sources != NULL) {
        add_sources(facts, origin);
    }
    excerpt_facts_add(facts, "chosen", origin->what);
    add_predicate(facts, "predicate of the pane", origin->pane);
    if (origin->hides_noise) {
        excerpt_facts_say(facts, "noise", "left out: lines that look like trouble and are none");
    }
    if (origin->options != NULL) {
        add_options(facts, origin->options);
    }
    if (!has_choice(facts)) {
        excerpt_facts_say(facts, "predicates", "none in force");
    }
}

void excerpt_facts_add_system(ExcerptFacts *facts, const ExcerptOrigin *origin)
{
    SourceStatus status;
    bool is_own = origin->sources != NULL && sources_count(origin->sources) == 1;
    if (is_own) {
        sources_status(origin->sources, 0, &status);
        is_own = status.kind == SOURCE_LOG;
    }
    StrBuf text = {0};
    const Attempt *attempt =
        origin->enrolment != NULL ? enrolment_headline(origin->enrolment) : NULL;
    if (is_own && read_own_version(&text)) {
        excerpt_facts_add(facts, "macOS", strbuf_view(&text));
    } else if (attempt != NULL && attempt_os(attempt).len > 0) {
        excerpt_facts_say(facts, "macOS", "%.*s, by the daemons that spoke",
                          SV_ARG(attempt_os(attempt)));
    } else {
        excerpt_facts_say(facts, "macOS", "not known");
    }
    strbuf_done(&text);
}

/* --- what it is --------------------------------------------------------------------------------*/

static void add_range(ExcerptFacts *facts, const ExcerptTally *tally)
{
    char first[CLOCK_STAMP_MAX], last[CLOCK_STAMP_MAX];
    clock_format(tally->first, CLOCK_FULL, first);
    clock_format(tally->last, CLOCK_FULL, last);
    if (tally->first.ns == CLOCK_NO_TIME) {
        excerpt_facts_say(facts, "time range", "not known: no entry has a time");
    } else {
        excerpt_facts_say(facts, "time range", "%s to %s", first, last);
    }
}

static void add_count(StrBuf *buf, uint64_t count, const char *words)
{
    if (count > 0) {
        strbuf_printf(buf, ", %" PRIu64 " %s", count, words);
    }
}

static void add_gaps(ExcerptFacts *facts, const ExcerptTally *tally)
{
    StrView rest = strbuf_view(&tally->gap_texts), line;
    if (tally->gaps == 0) {
        excerpt_facts_say(facts, "drops and gaps", "none are known of in this range");
        return;
    }
    excerpt_facts_say(facts, "drops and gaps", "%" PRIu64, tally->gaps);
    while (sv_next_line(&rest, &line)) {
        excerpt_facts_add(facts, "gap", line);
    }
}

void excerpt_facts_add_tally(ExcerptFacts *facts, ExcerptTally *tally, uint64_t missed)
{
    char hex[SHA256_HEX_MAX];
    StrBuf text = {0};
    add_range(facts, tally);
    strbuf_printf(&text, "%" PRIu64, tally->entries);
    add_count(&text, tally->errors, "of level error or fault");
    add_count(&text, tally->masked, "with values that macOS masked");
    add_count(&text, tally->unparsed, "lines that are no entries");
    add_count(&text, tally->cut, "cut for their length");
    add_count(&text, tally->losses, "that tell of losses");
    add_count(&text, missed, "not there any more: they had left the ring");
    excerpt_facts_say(facts, "entries", "%s", text.ptr);
    add_gaps(facts, tally);
    sha256_end(&tally->sum, hex);
    excerpt_facts_say(facts, EXCERPT_SUM_LABEL, "%s (of them as NDJSON lines)", hex);
    strbuf_done(&text);
}

void excerpt_facts_add_redaction(ExcerptFacts *facts)
{
    StrBuf text = {0};
    if (facts->redaction == NULL) {
        excerpt_facts_say(facts, "redaction", "OFF: everything stands as it was logged");
        return;
    }
    RedactionCount counts[REDACT_RULES_MAX + REDACT_OWN_MAX + 1];
    size_t count = redaction_counts(facts->redaction, counts, ARRAY_LEN(counts));
    strbuf_add_str(&text, "on: ");
    redaction_summary(facts->redaction, &text);
    if (facts->caveat.len > 0) {
        strbuf_add_str(&text, "; ");
        strbuf_add(&text, facts->caveat);
    }
    put(facts, "redaction", strbuf_view(&text));
    for (size_t i = 0; i < count; i++) {
        StrView title =
            counts[i].rule != NULL ? counts[i].rule->title : SV("a value found before, elsewhere");
        excerpt_facts_say(facts, "replaced", "%.*s: %" PRIu64 " place%s", SV_ARG(title),
                          counts[i].places, counts[i].places == 1 ? "" : "s");
    }
    strbuf_done(&text);
}
