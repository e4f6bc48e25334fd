/*
 * An excerpt as CSV (RFC 4180): a line of names, then a line an entry. Every text stands as it is,
 * but for what a terminal must not get raw. No comments: the format has none.
 */
#include "base/utf8.h"
#include "parsers/fields.h"
#include "session/excerpt_internal.h"

/* The host comes before these when there are several sources. */
static const FieldId CSV_FIELDS[] = {
    FIELD_DATE,     FIELD_KIND,   FIELD_LEVEL,     FIELD_PROCESS,  FIELD_PID,     FIELD_THREAD,
    FIELD_ACTIVITY, FIELD_SENDER, FIELD_SUBSYSTEM, FIELD_CATEGORY, FIELD_MESSAGE,
};

/* Line breaks and tabs are data here and stay; the rest becomes visible. */
static void add_text(StrBuf *buf, StrView text)
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

static void add_cell(StrBuf *buf, StrView text, bool is_last)
{
    bool is_quoted = needs_quotes(text);
    strbuf_add_str(buf, is_quoted ? "\"" : "");
    add_text(buf, text);
    strbuf_add_str(buf, is_quoted ? "\"" : "");
    strbuf_add_str(buf, is_last ? "\r\n" : ",");
}

static void csv_begin(const Excerpt *excerpt, const ExcerptFacts *facts, StrView report,
                      StrBuf *buf)
{
    (void)facts;
    (void)report;
    if (excerpt->has_hosts) {
        add_cell(buf, sv(FIELDS[FIELD_HOST].name), false);
    }
    for (size_t i = 0; i < ARRAY_LEN(CSV_FIELDS); i++) {
        add_cell(buf, sv(FIELDS[CSV_FIELDS[i]].name), i + 1 == ARRAY_LEN(CSV_FIELDS));
    }
}

static void csv_entry(const ExcerptRow *row, StrBuf *buf)
{
    const Entry *entry = row->entry;
    StrBuf text = {0};
    if (row->excerpt->has_hosts) {
        add_cell(buf, row->host, false);
    }
    for (size_t i = 0; i < ARRAY_LEN(CSV_FIELDS); i++) {
        strbuf_clear(&text);
        bool is_known = CSV_FIELDS[i] != FIELD_DATE || (entry->flags & ENTRY_NO_TIME) == 0;
        if (CSV_FIELDS[i] == FIELD_MESSAGE) {
            strbuf_add(&text, entry->message);
        } else if (is_known) {
            (void)entry_print_field(entry, CSV_FIELDS[i], &text); /* absent: empty cell */
        }
        add_cell(buf, strbuf_view(&text), i + 1 == ARRAY_LEN(CSV_FIELDS));
    }
    strbuf_done(&text);
}

const ExcerptForm EXCERPT_CSV = {
    .name = "csv",
    .suffix = ".csv",
    .help = "for spreadsheets (RFC 4180)",
    .begin = csv_begin,
    .entry = csv_entry,
};
