/*
 * Excerpt: the output formats as a table of functions. All but ndjson, which gives the original
 * bytes back, make visible what a terminal must not get raw. It knows nothing of where the text
 * goes.
 */
#include "session/excerpt.h"

#include "base/utf8.h"
#include "parsers/decoder.h"
#include "parsers/fields.h"

/* Four blanks: no line of a message can then close a fenced block of Markdown. */
#define CONTINUATION "    "

typedef struct Row {
    const ExcerptHead *head;
    const Columns *columns;
    uint32_t index;
    StrView host;
    StrBuf *scratch;
} Row;

typedef struct FormatSpec {
    const char *name;
    const char *suffix;
    void (*begin)(const ExcerptHead *head, StrBuf *buf); /* each may be NULL */
    void (*entry)(const Row *row, StrBuf *buf);
    void (*notice)(const Row *row, StrBuf *buf); /* NULL = notices are left out */
    void (*end)(uint64_t entries, StrBuf *buf);
} FormatSpec;

/* --- text ----------------------------------------------------------------------------------- */

/* Appends `text` in its visible form, a line a line, those after the first indented. */
static void add_lines(StrBuf *buf, StrView text)
{
    StrView line;
    for (bool is_first = true; sv_next_line(&text, &line); is_first = false) {
        strbuf_add_str(buf, is_first ? "" : "\n" CONTINUATION);
        utf8_visible(buf, line);
    }
}

static void add_time(const Row *row, StrBuf *buf)
{
    const Columns *columns = row->columns;
    char text[CLOCK_STAMP_MAX] = "-";
    if ((columns->flags[row->index] & ENTRY_NO_TIME) == 0) {
        Stamp stamp = {columns->time_ns[row->index], columns->zone_minutes[row->index]};
        clock_format(stamp, CLOCK_FULL, text);
    }
    strbuf_add_str(buf, text);
}

static void add_host(const Row *row, StrBuf *buf)
{
    if (row->head->has_hosts) {
        utf8_visible(buf, row->host);
        strbuf_add_char(buf, ' ');
    }
}

static void text_begin(const ExcerptHead *head, StrBuf *buf)
{
    if (head->source.ptr != NULL) {
        strbuf_add_str(buf, "# source: ");
        add_lines(buf, head->source);
        strbuf_add_char(buf, '\n');
    }
    if (head->predicate.ptr != NULL) {
        strbuf_add_str(buf, "# predicate: ");
        add_lines(buf, head->predicate);
        strbuf_add_char(buf, '\n');
    }
}

/* As `log` prints it in that style, so that it can be read again, here and elsewhere. */
static void styled_entry(const Row *row, Style style, StrBuf *buf)
{
    const Columns *columns = row->columns;
    Entry entry;
    /* Only these have something to print that is not in the columns: a TTL, a word for the type. */
    if (columns->style[row->index] == STYLE_DEFAULT || columns->kind[row->index] == KIND_OTHER) {
        columns_entry_full(columns, row->index, row->scratch, &entry);
    } else {
        columns_entry(columns, row->index, &entry);
    }
    StrBuf text = {0};
    entry_print_text(&entry, style, row->host, &text);
    add_host(row, buf);
    add_lines(buf, strbuf_view(&text));
    strbuf_add_char(buf, '\n');
    strbuf_done(&text);
}

static void text_entry(const Row *row, StrBuf *buf)
{
    styled_entry(row, STYLE_DEFAULT, buf);
}

static void compact_entry(const Row *row, StrBuf *buf)
{
    styled_entry(row, STYLE_COMPACT, buf);
}

static void text_notice(const Row *row, StrBuf *buf)
{
    add_time(row, buf);
    strbuf_add_char(buf, ' ');
    add_host(row, buf);
    strbuf_add_str(buf, "=== ");
    add_lines(buf, columns_message(row->columns, row->index));
    strbuf_add_char(buf, '\n');
}

/* --- ndjson --------------------------------------------------------------------------------- */

static void ndjson_entry(const Row *row, StrBuf *buf)
{
    const Columns *columns = row->columns;
    if (columns->style[row->index] == STYLE_NDJSON && columns->kind[row->index] != KIND_UNPARSED) {
        strbuf_add(buf, columns_raw(columns, row->index));
        if ((columns->flags[row->index] & ENTRY_NO_EOL) == 0) {
            strbuf_add_char(buf, '\n');
        }
        return;
    }
    Entry entry;
    columns_entry_full(columns, row->index, row->scratch, &entry);
    entry_print_ndjson(&entry, buf);
    strbuf_add_char(buf, '\n');
}

/* --- csv (RFC 4180) ------------------------------------------------------------------------- */

/* The host comes before these when there are several sources. */
static const FieldId CSV_FIELDS[] = {
    FIELD_DATE,     FIELD_KIND,   FIELD_LEVEL,     FIELD_PROCESS,  FIELD_PID,     FIELD_THREAD,
    FIELD_ACTIVITY, FIELD_SENDER, FIELD_SUBSYSTEM, FIELD_CATEGORY, FIELD_MESSAGE,
};

/* Line breaks and tabs are data here and stay; the rest becomes visible. */
static void add_csv_text(StrBuf *buf, StrView text)
{
    size_t start = 0;
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (byte == '\n' || byte == '\t' || byte == '"') {
            utf8_visible(buf, sv_slice(text, start, i - start));
            strbuf_add_many(buf, byte, byte == '"' ? 2 : 1);
            start = i + 1;
        }
    }
    utf8_visible(buf, sv_slice(text, start, SIZE_MAX));
}

static bool needs_quotes(StrView text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == ',' || text.ptr[i] == '\n' ||
            text.ptr[i] == '\r') {
            return true;
        }
    }
    return text.len > 0 && (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ');
}

static void add_csv_cell(StrBuf *buf, StrView text, bool is_last)
{
    bool is_quoted = needs_quotes(text);
    strbuf_add_str(buf, is_quoted ? "\"" : "");
    add_csv_text(buf, text);
    strbuf_add_str(buf, is_quoted ? "\"" : "");
    strbuf_add_str(buf, is_last ? "\r\n" : ",");
}

static void csv_begin(const ExcerptHead *head, StrBuf *buf)
{
    if (head->has_hosts) {
        add_csv_cell(buf, sv(FIELDS[FIELD_HOST].name), false);
    }
    for (size_t i = 0; i < ARRAY_LEN(CSV_FIELDS); i++) {
        add_csv_cell(buf, sv(FIELDS[CSV_FIELDS[i]].name), i + 1 == ARRAY_LEN(CSV_FIELDS));
    }
}

static void csv_entry(const Row *row, StrBuf *buf)
{
    Entry entry;
    columns_entry(row->columns, row->index, &entry);
    if (row->head->has_hosts) {
        add_csv_cell(buf, row->host, false);
    }
    for (size_t i = 0; i < ARRAY_LEN(CSV_FIELDS); i++) {
        strbuf_clear(row->scratch);
        bool is_known = CSV_FIELDS[i] != FIELD_DATE || (entry.flags & ENTRY_NO_TIME) == 0;
        if (CSV_FIELDS[i] == FIELD_MESSAGE) {
            strbuf_add(row->scratch, entry.message);
        } else if (is_known) {
            (void)entry_print_field(&entry, CSV_FIELDS[i], row->scratch); /* absent: empty cell */
        }
        add_csv_cell(buf, strbuf_view(row->scratch), i + 1 == ARRAY_LEN(CSV_FIELDS));
    }
}

/* --- Markdown ------------------------------------------------------------------------------- */

/* A code span whose delimiter is longer than any run of backticks in the text. */
static void add_code_span(StrBuf *buf, StrView text)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < text.len; i++) {
        run = text.ptr[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    const char *blank = longest > 0 ? " " : ""; /* keeps a backtick at the edge off the delimiter */
    strbuf_add_many(buf, '`', longest + 1);
    strbuf_add_str(buf, blank);
    utf8_visible(buf, text);
    strbuf_add_str(buf, blank);
    strbuf_add_many(buf, '`', longest + 1);
}

static void md_begin(const ExcerptHead *head, StrBuf *buf)
{
    strbuf_add_str(buf, "# Unified log excerpt\n\n");
    if (head->source.len > 0) {
        strbuf_add_str(buf, "- source: ");
        add_code_span(buf, head->source);
        strbuf_add_char(buf, '\n');
    }
    if (head->predicate.len > 0) {
        strbuf_add_str(buf, "- predicate: ");
        add_code_span(buf, head->predicate);
        strbuf_add_char(buf, '\n');
    }
    /* Lines within begin with a time, '-' or CONTINUATION, so that none can end the block. */
    strbuf_add_str(buf, "\n```text\n");
}

static void md_end(uint64_t entries, StrBuf *buf)
{
    strbuf_printf(buf, "```\n\n%llu %s\n", (unsigned long long)entries,
                  entries == 1 ? "entry" : "entries");
}

/* --- the table ------------------------------------------------------------------------------ */

static const FormatSpec FORMATS[] = {
    [FORMAT_TEXT] = {"text", ".log", text_begin, text_entry, text_notice, NULL},
    [FORMAT_COMPACT] = {"compact", ".log", NULL, compact_entry, text_notice, NULL},
    [FORMAT_NDJSON] = {"ndjson", ".ndjson", NULL, ndjson_entry, NULL, NULL},
    [FORMAT_CSV] = {"csv", ".csv", csv_begin, csv_entry, NULL, NULL},
    [FORMAT_MD] = {"md", ".md", md_begin, text_entry, text_notice, md_end},
};

bool excerpt_format_parse(StrView text, OutputFormat *ret_format, Err *err)
{
    StrBuf names = {0};
    for (size_t i = 0; i < ARRAY_LEN(FORMATS); i++) {
        if (sv_equal(text, sv(FORMATS[i].name))) {
            strbuf_done(&names);
            *ret_format = (OutputFormat)i;
            return true;
        }
        strbuf_printf(&names, "%s%s", i > 0 ? ", " : "", FORMATS[i].name);
    }
    (void)err_set(err, "'%.*s' is none of %s", SV_ARG(text), names.ptr);
    strbuf_done(&names);
    return false;
}

const char *excerpt_format_name(OutputFormat format)
{
    return FORMATS[format].name;
}

const char *excerpt_format_suffix(OutputFormat format)
{
    return FORMATS[format].suffix;
}

void excerpt_begin(OutputFormat format, const ExcerptHead *head, StrBuf *buf)
{
    if (FORMATS[format].begin != NULL) {
        FORMATS[format].begin(head, buf);
    }
}

void excerpt_entry(OutputFormat format, const ExcerptHead *head, const Columns *columns,
                   uint32_t index, StrView host, StrBuf *scratch, StrBuf *buf)
{
    Row row = {head, columns, index, host, scratch};
    bool is_notice = columns->kind[index] == KIND_NOTICE;
    void (*write)(const Row *, StrBuf *) =
        is_notice ? FORMATS[format].notice : FORMATS[format].entry;
    if (write == NULL) {
        return;
    }
    /* The last line of one source may have come without its newline, and another follows. */
    if (buf->len > 0 && buf->ptr[buf->len - 1] != '\n') {
        strbuf_add_char(buf, '\n');
    }
    write(&row, buf);
}

void excerpt_end(OutputFormat format, uint64_t entries, StrBuf *buf)
{
    if (FORMATS[format].end != NULL) {
        FORMATS[format].end(entries, buf);
    }
}
