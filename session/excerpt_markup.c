/*
 * An excerpt as Markdown for a ticket and as one HTML page without script or anything from
 * elsewhere. No text of the log can end the block it stands in or be taken for markup.
 */
#include "base/utf8.h"
#include "session/excerpt_internal.h"
#include "session/report_writer.h"

#define TITLE SV("Unified log excerpt")

static void add_facts(const ReportWriter *writer, const ExcerptFacts *facts, StrBuf *buf)
{
    static const ReportTable TABLE = {2, {"What", "Value"}, {0, 0}};
    if (facts == NULL || facts->count == 0) {
        return;
    }
    writer->table(buf, &TABLE);
    for (size_t i = 0; i < facts->count; i++) {
        StrView cells[] = {sv(facts->items[i].label), facts->items[i].text};
        writer->row(buf, &TABLE, TONE_PLAIN, cells);
    }
    writer->table_end(buf);
}

/* --- Markdown ------------------------------------------------------------------------------- */

void excerpt_print_about(const ExcerptFacts *facts, StrView report, StrBuf *buf)
{
    REPORT_WRITER_MD.begin(buf, TITLE);
    strbuf_add_char(buf, '\n');
    add_facts(&REPORT_WRITER_MD, facts, buf);
    strbuf_add(buf, report);
}

static void md_begin(const Excerpt *excerpt, const ExcerptFacts *facts, StrView report, StrBuf *buf)
{
    (void)excerpt;
    excerpt_print_about(facts, report, buf);
    REPORT_WRITER_MD.heading(buf, SV("Entries"));
    strbuf_add_str(buf, "```text\n");
}

/* A fence is a line of backticks with at most three blanks before them: such a line gets four. */
static void add_fenced(StrBuf *buf, StrView text)
{
    StrView line;
    while (sv_next_line(&text, &line)) {
        StrView rest = line;
        while (rest.len > 0 && rest.ptr[0] == ' ') {
            rest = sv_slice(rest, 1, SIZE_MAX);
        }
        if (sv_starts(rest, SV("`"))) {
            strbuf_add_str(buf, EXCERPT_CONTINUATION);
        }
        strbuf_add(buf, line);
        strbuf_add_char(buf, '\n');
    }
}

static void md_entry(const ExcerptRow *row, StrBuf *buf)
{
    StrBuf text = {0};
    if (row->excerpt->has_hosts) {
        utf8_visible(&text, row->host);
        strbuf_add_char(&text, ' ');
    }
    excerpt_add_styled(row, STYLE_DEFAULT, &text);
    add_fenced(buf, strbuf_view(&text));
    strbuf_done(&text);
}

static void md_notice(const ExcerptRow *row, StrBuf *buf)
{
    excerpt_add_time(row->entry, CLOCK_FULL, buf);
    strbuf_add_char(buf, ' ');
    if (row->excerpt->has_hosts) {
        utf8_visible(buf, row->host);
        strbuf_add_char(buf, ' ');
    }
    strbuf_add_str(buf, "--- ");
    utf8_visible(buf, row->entry->message);
    strbuf_add_char(buf, '\n');
}

static void md_end(const Excerpt *excerpt, const ExcerptFacts *facts, StrView report, StrBuf *buf)
{
    (void)excerpt;
    strbuf_add_str(buf, "```\n");
    strbuf_add(buf, report);
    if (facts != NULL && facts->count > 0) {
        REPORT_WRITER_MD.heading(buf, SV("What this excerpt is"));
        add_facts(&REPORT_WRITER_MD, facts, buf);
    }
}

const ExcerptForm EXCERPT_MD = {
    .name = "md",
    .suffix = ".md",
    .help = "Markdown for a ticket, with the report",
    .has_facts = true,
    .is_for_people = true,
    .begin = md_begin,
    .entry = md_entry,
    .notice = md_notice,
    .end = md_end,
};

/* --- HTML ----------------------------------------------------------------------------------- */

static const char *const LEVEL_CLASSES[LEVEL_COUNT] = {
    [LEVEL_NONE] = "",       [LEVEL_DEFAULT] = "",    [LEVEL_INFO] = "info",
    [LEVEL_DEBUG] = "debug", [LEVEL_ERROR] = "error", [LEVEL_FAULT] = "fault",
};

static void html_begin(const Excerpt *excerpt, const ExcerptFacts *facts, StrView report,
                       StrBuf *buf)
{
    (void)excerpt;
    REPORT_WRITER_HTML.begin(buf, TITLE);
    add_facts(&REPORT_WRITER_HTML, facts, buf);
    strbuf_add(buf, report);
    REPORT_WRITER_HTML.heading(buf, SV("Entries"));
    strbuf_add_str(buf, "<table class=\"log\">\n");
}

static void add_cell(StrBuf *buf, const char *class, StrView text)
{
    StrView line;
    strbuf_printf(buf, "<td class=\"%s\">", class);
    for (bool is_first = true; sv_next_line(&text, &line); is_first = false) {
        strbuf_add_str(buf, is_first ? "" : "<br>");
        report_add_html(buf, line);
    }
    strbuf_add_str(buf, "</td>");
}

static void begin_row(const ExcerptRow *row, const char *class, StrBuf *buf)
{
    StrBuf time = {0};
    strbuf_printf(buf, "<tr class=\"%s\">", class);
    excerpt_add_time(row->entry, CLOCK_FULL, &time);
    add_cell(buf, "time", strbuf_view(&time));
    if (row->excerpt->has_hosts) {
        add_cell(buf, "host", row->host);
    }
    strbuf_done(&time);
}

static void html_entry(const ExcerptRow *row, StrBuf *buf)
{
    const Entry *entry = row->entry;
    StrBuf text = {0};
    begin_row(row, LEVEL_CLASSES[entry->level], buf);
    add_cell(buf, "level", sv(entry->level == LEVEL_DEFAULT ? "" : level_name(entry->level)));
    strbuf_add(&text, entry->process);
    if (entry->present & HAS_PID) {
        strbuf_add_char(&text, '[');
        (void)entry_print_field(entry, FIELD_PID, &text);
        strbuf_add_char(&text, ']');
    }
    add_cell(buf, "process", strbuf_view(&text));
    strbuf_clear(&text);
    strbuf_add(&text, entry->subsystem);
    strbuf_add_str(&text, entry->category.len > 0 ? ":" : "");
    strbuf_add(&text, entry->category);
    add_cell(buf, "origin", strbuf_view(&text));
    add_cell(buf, "message", entry->message);
    strbuf_add_str(buf, "</tr>\n");
    strbuf_done(&text);
}

static void html_notice(const ExcerptRow *row, StrBuf *buf)
{
    begin_row(row, "gap", buf);
    strbuf_add_str(buf, "<td colspan=\"4\">");
    report_add_html(buf, row->entry->message);
    strbuf_add_str(buf, "</td></tr>\n");
}

static void html_end(const Excerpt *excerpt, const ExcerptFacts *facts, StrView report, StrBuf *buf)
{
    (void)excerpt;
    strbuf_add_str(buf, "</table>\n");
    strbuf_add(buf, report);
    if (facts != NULL && facts->count > 0) {
        REPORT_WRITER_HTML.heading(buf, SV("What this excerpt is"));
        add_facts(&REPORT_WRITER_HTML, facts, buf);
    }
    REPORT_WRITER_HTML.end(buf);
}

const ExcerptForm EXCERPT_HTML = {
    .name = "html",
    .suffix = ".html",
    .help = "one page with colours, with the report",
    .has_facts = true,
    .is_for_people = true,
    .begin = html_begin,
    .entry = html_entry,
    .notice = html_notice,
    .end = html_end,
};
