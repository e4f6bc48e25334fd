/*
 * An excerpt as Markdown for a ticket and as one HTML page without script or anything from
 * elsewhere. No text of the log can end the block it stands in or be taken for markup.
 */
#include "base/utf8.h"
#include "filters/stages.h"
#include "session/excerpt_internal.h"
#include "session/report_writer.h"

#define TITLE SV("Unified log excerpt")

#define REST_WORDS                                                                                 \
    "This was printed while it was read: counts, redaction, checksum and the report of the "       \
    "enrolment stand after the entries."

/* Whether more is said after the entries than before them. */
static bool has_rest(const ExcerptFacts *facts)
{
    return facts != NULL && excerpt_facts_find(facts, EXCERPT_SUM_LABEL).ptr == NULL;
}

/* --- Markdown ------------------------------------------------------------------------------- */

static void md_facts(const ExcerptFacts *facts, StrBuf *buf)
{
    static const ReportTable TABLE = {2, {"What", "Value"}, {0, 0}};
    if (facts == NULL || facts->count == 0) {
        return;
    }
    REPORT_WRITER_MD.table(buf, &TABLE);
    for (size_t i = 0; i < facts->count; i++) {
        StrView cells[] = {sv(facts->items[i].label), facts->items[i].text};
        REPORT_WRITER_MD.row(buf, &TABLE, TONE_PLAIN, cells);
    }
}

void excerpt_print_about(const ExcerptFacts *facts, StrView report, StrBuf *buf)
{
    REPORT_WRITER_MD.begin(buf, TITLE);
    strbuf_add_char(buf, '\n');
    md_facts(facts, buf);
    strbuf_add(buf, report);
}

static void md_begin(const Excerpt *excerpt, const ExcerptFacts *facts, StrView report, StrBuf *buf)
{
    (void)excerpt;
    excerpt_print_about(facts, report, buf);
    if (has_rest(facts)) {
        REPORT_WRITER_MD.paragraph(buf, SV(REST_WORDS));
    }
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
        md_facts(facts, buf);
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

/* As on the screen: how a stage went stands before the level. */
static const struct {
    const char *class;
    const char *sign;
} OUTCOMES[OUTCOME_COUNT] = {
    [OUTCOME_WAIT] = {"waits", "◷ "},
    [OUTCOME_OK] = {"done", "✓ "},
    [OUTCOME_FAIL] = {"failed", "✗ "},
};

static void html_facts(const ExcerptFacts *facts, StrBuf *buf)
{
    if (facts == NULL || facts->count == 0) {
        return;
    }
    strbuf_add_str(buf, "<table class=\"facts\">\n<tbody>\n");
    for (size_t i = 0; i < facts->count; i++) {
        strbuf_add_str(buf, "<tr><th scope=\"row\">");
        report_add_html(buf, sv(facts->items[i].label));
        strbuf_add_str(buf, "</th><td>");
        report_add_html(buf, facts->items[i].text);
        strbuf_add_str(buf, "</td></tr>\n");
    }
    strbuf_add_str(buf, "</tbody>\n</table>\n");
}

static void html_begin(const Excerpt *excerpt, const ExcerptFacts *facts, StrView report,
                       StrBuf *buf)
{
    REPORT_WRITER_HTML.begin(buf, TITLE);
    html_facts(facts, buf);
    strbuf_add(buf, report);
    if (has_rest(facts)) {
        strbuf_add_str(buf, "<p><a href=\"#rest\">" REST_WORDS "</a></p>\n");
    }
    REPORT_WRITER_HTML.heading(buf, SV("Entries"));
    strbuf_printf(buf,
                  "<table class=\"log\">\n<thead><tr><th class=\"time\" scope=\"col\">Time</th>%s"
                  "<th class=\"level\" scope=\"col\">Level</th>"
                  "<th class=\"process\" scope=\"col\">Process</th>"
                  "<th class=\"message\" scope=\"col\">Message</th></tr></thead>\n<tbody>\n",
                  excerpt->has_hosts ? "<th class=\"host\" scope=\"col\">Host</th>" : "");
}

static void add_lines(StrBuf *buf, StrView text)
{
    StrView line;
    for (bool is_first = true; sv_next_line(&text, &line); is_first = false) {
        strbuf_add_str(buf, is_first ? "" : "<br>");
        report_add_html(buf, line);
    }
}

static void add_cell(StrBuf *buf, const char *class, StrView text)
{
    strbuf_printf(buf, "<td class=\"%s\">", class);
    add_lines(buf, text);
    strbuf_add_str(buf, "</td>");
}

static void begin_row(const ExcerptRow *row, const char *class, StrBuf *buf)
{
    StrBuf time = {0};
    strbuf_printf(buf, class[0] != '\0' ? "<tr class=\"%s\">" : "<tr>", class);
    excerpt_add_time(row->entry, CLOCK_FULL, &time);
    add_cell(buf, "time", strbuf_view(&time));
    if (row->excerpt->has_hosts) {
        add_cell(buf, "host", row->host);
    }
    strbuf_done(&time);
}

static void add_level(const ExcerptRow *row, StrBuf *buf)
{
    Level level = row->entry->level;
    StrBuf text = {0};
    strbuf_add_str(&text, OUTCOMES[row->outcome].class != NULL ? OUTCOMES[row->outcome].sign : "");
    strbuf_add_str(&text, level == LEVEL_DEFAULT ? "" : level_name(level));
    add_cell(buf, "level", strbuf_view(&text));
    strbuf_done(&text);
}

static void add_process(const Entry *entry, StrBuf *buf)
{
    StrBuf text = {0};
    strbuf_add(&text, entry->process);
    if (entry->present & HAS_PID) {
        strbuf_add_char(&text, '[');
        (void)entry_print_field(entry, FIELD_PID, &text);
        strbuf_add_char(&text, ']');
    }
    add_cell(buf, "process", strbuf_view(&text));
    strbuf_done(&text);
}

/* Where it comes from stands before the message: a column of its own takes the room of the text. */
static void add_message(const Entry *entry, StrBuf *buf)
{
    strbuf_add_str(buf, "<td class=\"message\">");
    if (entry->subsystem.len > 0 || entry->category.len > 0) {
        strbuf_add_str(buf, "<span class=\"origin\">");
        report_add_html(buf, entry->subsystem);
        strbuf_add_str(buf, entry->category.len > 0 ? ":" : "");
        report_add_html(buf, entry->category);
        strbuf_add_str(buf, "</span> ");
    }
    add_lines(buf, entry->message);
    strbuf_add_str(buf, "</td>");
}

static void html_entry(const ExcerptRow *row, StrBuf *buf)
{
    const char *outcome = OUTCOMES[row->outcome].class;
    begin_row(row, outcome != NULL ? outcome : LEVEL_CLASSES[row->entry->level], buf);
    add_level(row, buf);
    add_process(row->entry, buf);
    add_message(row->entry, buf);
    strbuf_add_str(buf, "</tr>\n");
}

static void html_notice(const ExcerptRow *row, StrBuf *buf)
{
    begin_row(row, "gap", buf);
    strbuf_add_str(buf, "<td colspan=\"3\">");
    report_add_html(buf, row->entry->message);
    strbuf_add_str(buf, "</td></tr>\n");
}

static void html_end(const Excerpt *excerpt, const ExcerptFacts *facts, StrView report, StrBuf *buf)
{
    (void)excerpt;
    strbuf_add_str(buf, "</tbody>\n</table>\n<div id=\"rest\">\n");
    strbuf_add(buf, report);
    if (facts != NULL && facts->count > 0) {
        REPORT_WRITER_HTML.heading(buf, SV("What this excerpt is"));
        html_facts(facts, buf);
    }
    strbuf_add_str(buf, "</div>\n");
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
