/*
 * Excerpt: the forms that are text or JSON, and what all forms have in common. All but those of
 * JSON, which give the original bytes back, make visible what a terminal must not get raw. It knows
 * nothing of where the text goes.
 */
#include "session/excerpt.h"

#include "base/utf8.h"
#include "parsers/decoder.h"
#include "parsers/fields.h"
#include "session/excerpt_internal.h"

/* --- text ----------------------------------------------------------------------------------- */

void excerpt_add_lines(StrBuf *buf, StrView text)
{
    StrView line;
    for (bool is_first = true; sv_next_line(&text, &line); is_first = false) {
        strbuf_add_str(buf, is_first ? "" : "\n" EXCERPT_CONTINUATION);
        utf8_visible(buf, line);
    }
}

void excerpt_add_time(const Entry *entry, ClockForm form, StrBuf *buf)
{
    char text[CLOCK_STAMP_MAX] = "-";
    if ((entry->flags & ENTRY_NO_TIME) == 0) {
        clock_format(entry->time, form, text);
    }
    strbuf_add_str(buf, text);
}

/* As `log` prints it in that style, so that it can be read again, here and elsewhere. */
void excerpt_add_styled(const ExcerptRow *row, Style style, StrBuf *buf)
{
    StrBuf text = {0};
    entry_print_text(row->entry, style, row->host, &text);
    excerpt_add_lines(buf, strbuf_view(&text));
    strbuf_add_char(buf, '\n');
    strbuf_done(&text);
}

/* The style of syslog names the host itself. */
static void styled_entry(const ExcerptRow *row, Style style, StrBuf *buf)
{
    if (row->excerpt->has_hosts && style != STYLE_SYSLOG) {
        utf8_visible(buf, row->host);
        strbuf_add_char(buf, ' ');
    }
    excerpt_add_styled(row, style, buf);
}

static void text_entry(const ExcerptRow *row, StrBuf *buf)
{
    styled_entry(row, STYLE_DEFAULT, buf);
}

static void compact_entry(const ExcerptRow *row, StrBuf *buf)
{
    styled_entry(row, STYLE_COMPACT, buf);
}

static void syslog_entry(const ExcerptRow *row, StrBuf *buf)
{
    styled_entry(row, STYLE_SYSLOG, buf);
}

static void text_facts(const Excerpt *excerpt, const ExcerptFacts *facts, StrView report,
                       StrBuf *buf)
{
    (void)excerpt;
    (void)report; /* a log is a log */
    if (facts != NULL) {
        excerpt_facts_print(facts, EXCERPT_COMMENT, buf);
    }
}

/* What `log` itself says stands as it says it, so that it is found again when this is read. */
static void text_notice(const ExcerptRow *row, StrBuf *buf)
{
    if (sv_starts(row->entry->message, SV("=== "))) {
        utf8_visible(buf, row->entry->message);
        strbuf_add_char(buf, '\n');
        return;
    }
    strbuf_add_str(buf, EXCERPT_COMMENT);
    excerpt_add_time(row->entry, CLOCK_FULL, buf);
    strbuf_add_char(buf, ' ');
    if (row->excerpt->has_hosts) {
        utf8_visible(buf, row->host);
        strbuf_add_str(buf, ": ");
    }
    utf8_visible(buf, row->entry->message);
    strbuf_add_char(buf, '\n');
}

/* --- NDJSON and JSON ------------------------------------------------------------------------ */

static void ndjson_entry(const ExcerptRow *row, StrBuf *buf)
{
    strbuf_add(buf, row->ndjson);
}

static void json_begin(const Excerpt *excerpt, const ExcerptFacts *facts, StrView report,
                       StrBuf *buf)
{
    (void)excerpt;
    (void)facts; /* everything in the array is an entry */
    (void)report;
    strbuf_add_str(buf, "[");
}

/* An object that is whole stands as it came, so that its keys and bytes stay; anything else is made
 * anew of what could be read, or the array would be no JSON. */
static void json_entry(const ExcerptRow *row, StrBuf *buf)
{
    StrView raw = sv_trim(row->ndjson);
    Entry entry = *row->entry;
    bool is_whole = (entry.flags & (ENTRY_CUT | ENTRY_PARTIAL)) == 0 && utf8_is_valid(raw);
    strbuf_add_str(buf, row->excerpt->tally.entries > 1 ? ",\n" : "\n");
    if (is_whole) {
        strbuf_add(buf, raw);
    } else {
        entry.style = STYLE_NONE;
        entry_print_ndjson(&entry, buf);
    }
}

static void json_end(const Excerpt *excerpt, const ExcerptFacts *facts, StrView report, StrBuf *buf)
{
    (void)excerpt;
    (void)facts;
    (void)report;
    strbuf_add_str(buf, "\n]\n");
}

/* --- the table ------------------------------------------------------------------------------ */

static const ExcerptForm TEXT = {
    .name = "text",
    .suffix = ".log",
    .help = "as log prints it",
    .has_facts = true,
    .begin = text_facts,
    .entry = text_entry,
    .notice = text_notice,
    .end = text_facts,
};

static const ExcerptForm COMPACT = {
    .name = "compact",
    .suffix = ".log",
    .help = "as log prints it with --style compact",
    .has_facts = true,
    .begin = text_facts,
    .entry = compact_entry,
    .notice = text_notice,
    .end = text_facts,
};

static const ExcerptForm SYSLOG = {
    .name = "syslog",
    .suffix = ".log",
    .help = "as log prints it with --style syslog",
    .has_facts = true,
    .begin = text_facts,
    .entry = syslog_entry,
    .notice = text_notice,
    .end = text_facts,
};

static const ExcerptForm NDJSON = {
    .name = "ndjson",
    .suffix = ".ndjson",
    .help = "an object a line, the original bytes",
    .entry = ndjson_entry,
};

static const ExcerptForm JSON = {
    .name = "json",
    .suffix = ".json",
    .help = "one array of objects",
    .begin = json_begin,
    .entry = json_entry,
    .end = json_end,
};

static const ExcerptForm BUNDLE = {
    .name = "bundle",
    .suffix = ".tar.gz",
    .help = "an archive: report, entries, predicates, sums",
    .has_facts = true,
    .is_for_people = true,
    .entry = ndjson_entry,
};

static const ExcerptForm *const FORMS[FORMAT_COUNT] = {
    [FORMAT_TEXT] = &TEXT,     [FORMAT_COMPACT] = &COMPACT,   [FORMAT_SYSLOG] = &SYSLOG,
    [FORMAT_NDJSON] = &NDJSON, [FORMAT_JSON] = &JSON,         [FORMAT_CSV] = &EXCERPT_CSV,
    [FORMAT_MD] = &EXCERPT_MD, [FORMAT_HTML] = &EXCERPT_HTML, [FORMAT_BUNDLE] = &BUNDLE,
};

bool excerpt_format_parse(StrView text, OutputFormat *ret_format, Err *err)
{
    StrBuf names = {0};
    for (size_t i = 0; i < ARRAY_LEN(FORMS); i++) {
        if (sv_equal(text, sv(FORMS[i]->name))) {
            strbuf_done(&names);
            *ret_format = (OutputFormat)i;
            return true;
        }
        strbuf_printf(&names, "%s%s", i > 0 ? ", " : "", FORMS[i]->name);
    }
    (void)err_set(err, "'%.*s' is none of %s", SV_ARG(text), names.ptr);
    strbuf_done(&names);
    return false;
}

const char *excerpt_format_name(OutputFormat format)
{
    return FORMS[format]->name;
}

const char *excerpt_format_suffix(OutputFormat format)
{
    return FORMS[format]->suffix;
}

const char *excerpt_format_help(OutputFormat format)
{
    return FORMS[format]->help;
}

bool excerpt_has_facts(OutputFormat format)
{
    return FORMS[format]->has_facts;
}

bool excerpt_is_for_people(OutputFormat format)
{
    return FORMS[format]->is_for_people;
}

/* --- an excerpt ----------------------------------------------------------------------------- */

void excerpt_init(Excerpt *excerpt, OutputFormat format, bool has_hosts, Redaction *redaction)
{
    *excerpt = (Excerpt){.format = format, .has_hosts = has_hosts, .redaction = redaction};
    excerpt_tally_init(&excerpt->tally);
}

void excerpt_know_sources(Excerpt *excerpt, const Sources *sources)
{
    excerpt->sources = sources;
    excerpt_facts_learn_hosts(excerpt->redaction, sources);
}

void excerpt_done(Excerpt *excerpt)
{
    excerpt_tally_done(&excerpt->tally);
    strbuf_done(&excerpt->scratch);
    strbuf_done(&excerpt->ndjson);
    strbuf_done(&excerpt->host);
    strbuf_done(&excerpt->notice);
}

void excerpt_begin(Excerpt *excerpt, const ExcerptFacts *facts, StrView report, StrBuf *buf)
{
    const ExcerptForm *form = FORMS[excerpt->format];
    if (form->begin != NULL) {
        form->begin(excerpt, facts, report, buf);
    }
}

/* Reads an entry in full only where it has something that is not in the columns: a TTL, a word for
 * its type, or bytes that are to be replaced. */
static void read_entry(const Columns *columns, uint32_t index, bool is_redacted, StrBuf *scratch,
                       Entry *ret_entry)
{
    Style style = (Style)columns->style[index];
    bool is_full = is_redacted || style != STYLE_NDJSON || columns->kind[index] == KIND_OTHER ||
                   columns->kind[index] == KIND_SIGNPOST || columns->kind[index] == KIND_UNPARSED;
    if (is_full && columns->kind[index] != KIND_NOTICE) {
        columns_entry_full(columns, index, scratch, ret_entry);
    } else {
        columns_entry(columns, index, ret_entry);
    }
}

static void make_ndjson(const Entry *entry, StrBuf *buf)
{
    entry_print_ndjson(entry, buf);
    bool is_raw = entry->style == STYLE_NDJSON && entry->kind != KIND_UNPARSED;
    if (!is_raw || (entry->flags & ENTRY_NO_EOL) == 0) {
        strbuf_add_char(buf, '\n');
    }
}

/* Makes the entry's line of NDJSON where it is asked for, and counts it. */
static void count_entry(Excerpt *excerpt, const Entry *entry, StrBuf *buf)
{
    const ExcerptForm *form = FORMS[excerpt->format];
    strbuf_clear(&excerpt->ndjson);
    /* The last line of one source may have come without its newline, and another follows. */
    if (excerpt->is_open_line) {
        sha256_add(&excerpt->tally.sum, SV("\n"));
        strbuf_add_str(buf, form->entry == ndjson_entry ? "\n" : "");
        excerpt->is_open_line = false;
    }
    if (form->entry == ndjson_entry || form->entry == json_entry || !excerpt->skips_sum) {
        make_ndjson(entry, &excerpt->ndjson);
        excerpt->is_open_line =
            excerpt->ndjson.len > 0 && excerpt->ndjson.ptr[excerpt->ndjson.len - 1] != '\n';
    }
    excerpt_tally_entry(&excerpt->tally, entry,
                        excerpt->skips_sum ? SV("") : strbuf_view(&excerpt->ndjson));
}

/* Makes of an entry what may be seen of it. */
static void redact(Excerpt *excerpt, StrView *host, Entry *entry)
{
    Entry whole = *entry;
    strbuf_clear(&excerpt->host);
    strbuf_clear(&excerpt->notice);
    if (excerpt->has_hosts || excerpt->format == FORMAT_SYSLOG) {
        excerpt_facts_source_name(excerpt->redaction, excerpt->sources, entry->source, *host,
                                  &excerpt->host);
        *host = strbuf_view(&excerpt->host);
    }
    if (entry->kind == KIND_NOTICE) {
        (void)redaction_text(excerpt->redaction, entry->message, &excerpt->notice);
        entry->message = strbuf_view(&excerpt->notice);
        entry->raw = entry->message;
    } else {
        (void)redaction_entry(excerpt->redaction, &whole, entry);
    }
}

void excerpt_add(Excerpt *excerpt, const Columns *columns, uint32_t index, StrView host,
                 StrBuf *buf)
{
    const ExcerptForm *form = FORMS[excerpt->format];
    Entry entry;
    read_entry(columns, index, excerpt->redaction != NULL, &excerpt->scratch, &entry);
    if (excerpt->redaction != NULL) {
        redact(excerpt, &host, &entry);
    }
    bool is_notice = entry.kind == KIND_NOTICE;
    if (is_notice) {
        StrView name = excerpt->has_hosts ? host : SV("");
        excerpt_tally_gap(&excerpt->tally, entry.time, name, entry.message);
    } else {
        count_entry(excerpt, &entry, buf);
    }
    ExcerptRow row = {excerpt, &entry, strbuf_view(&excerpt->ndjson), host,
                      columns->tag[index].outcome};
    void (*write)(const ExcerptRow *, StrBuf *) = is_notice ? form->notice : form->entry;
    if (write != NULL) {
        write(&row, buf);
    }
}

void excerpt_end(Excerpt *excerpt, const ExcerptFacts *facts, StrView report, StrBuf *buf)
{
    const ExcerptForm *form = FORMS[excerpt->format];
    if (form->end != NULL) {
        form->end(excerpt, facts, report, buf);
    }
}

void excerpt_print_entry(OutputFormat format, const Columns *columns, uint32_t index,
                         const Sources *sources, Redaction *redaction, StrBuf *buf)
{
    Excerpt excerpt;
    excerpt_init(&excerpt, format, false, redaction);
    excerpt_know_sources(&excerpt, sources);
    excerpt.skips_sum = true;
    excerpt_add(&excerpt, columns, index, SV_NONE, buf);
    excerpt_done(&excerpt);
}
