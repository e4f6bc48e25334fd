/*
 * The report as Markdown and as one HTML page without script or anything from elsewhere. Texts of
 * the log are escaped: whatever stands in an entry, it is shown and does nothing.
 */
#include <string.h>

#include "base/utf8.h"
#include "session/report_writer.h"

/* --- Markdown ------------------------------------------------------------------------------- */

/* Appends `text` on one line with what Markdown or HTML inside it could take for markup escaped. */
static void md_add(StrBuf *buf, StrView text)
{
    StrBuf visible = {0};
    utf8_visible(&visible, text);
    for (size_t i = 0; i < visible.len; i++) {
        char byte = visible.ptr[i];
        if (byte == '<') {
            strbuf_add_str(buf, "&lt;");
        } else if (byte == '&') {
            strbuf_add_str(buf, "&amp;");
        } else {
            bool is_start = i == 0 && strchr("#+->", byte) != NULL;
            if (is_start || strchr("\\`*_[]|~", byte) != NULL) {
                strbuf_add_char(buf, '\\');
            }
            strbuf_add_char(buf, byte);
        }
    }
    strbuf_done(&visible);
}

static void md_begin(StrBuf *buf, StrView title)
{
    strbuf_add_str(buf, "# ");
    md_add(buf, title);
    strbuf_add_str(buf, "\n");
}

static void md_heading(StrBuf *buf, StrView text)
{
    strbuf_add_str(buf, "\n## ");
    md_add(buf, text);
    strbuf_add_str(buf, "\n\n");
}

static void md_verdict(StrBuf *buf, Tone tone, StrView text)
{
    (void)tone;
    strbuf_add_str(buf, "\n**");
    md_add(buf, text);
    strbuf_add_str(buf, "**\n");
}

static void md_paragraph(StrBuf *buf, StrView text)
{
    strbuf_add_char(buf, '\n');
    md_add(buf, text);
    strbuf_add_str(buf, "\n");
}

static void md_item(StrBuf *buf, Tone tone, StrView text)
{
    (void)tone;
    strbuf_add_str(buf, "- **");
    md_add(buf, text);
    strbuf_add_str(buf, "**\n");
}

static void md_pair(StrBuf *buf, const char *label, StrView text)
{
    strbuf_printf(buf, "  - %s: ", label);
    md_add(buf, text);
    strbuf_add_char(buf, '\n');
}

static void md_entry(StrBuf *buf, const Proof *proof)
{
    StrBuf text = {0};
    report_entry_place(proof, &text);
    strbuf_printf(&text, ": %s", proof->text);
    md_pair(buf, "seen in", strbuf_view(&text));
    strbuf_done(&text);
}

static void no_end(StrBuf *buf)
{
    (void)buf; /* the next line says it */
}

static void md_table(StrBuf *buf, const ReportTable *table)
{
    for (size_t i = 0; i < table->count; i++) {
        strbuf_printf(buf, "| %s ", table->headings[i]);
    }
    strbuf_add_str(buf, "|\n");
    for (size_t i = 0; i < table->count; i++) {
        strbuf_add_str(buf, "|---");
    }
    strbuf_add_str(buf, "|\n");
}

static void md_row(StrBuf *buf, const ReportTable *table, Tone tone, const StrView *cells)
{
    (void)tone;
    for (size_t i = 0; i < table->count; i++) {
        strbuf_add_str(buf, "| ");
        md_add(buf, cells[i]);
        strbuf_add_char(buf, ' ');
    }
    strbuf_add_str(buf, "|\n");
}

const ReportWriter REPORT_WRITER_MD = {
    .begin = md_begin,
    .heading = md_heading,
    .verdict = md_verdict,
    .paragraph = md_paragraph,
    .item = md_item,
    .pair = md_pair,
    .entry = md_entry,
    .item_end = no_end,
    .table = md_table,
    .row = md_row,
    .table_end = no_end,
    .end = no_end,
};

/* --- HTML ----------------------------------------------------------------------------------- */

static const char *const CLASSES[TONE_COUNT] = {
    [TONE_PLAIN] = "plain", [TONE_GOOD] = "good", [TONE_WAIT] = "wait", [TONE_BAD] = "bad"};

static const char HTML_HEAD[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:16px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "td,th{padding:.2rem .6rem .2rem 0;text-align:left;vertical-align:top;"
    "border-bottom:1px solid #8884}\n"
    ".verdict{font-size:1.25rem;border-left:.4rem solid #888;padding-left:.8rem}\n"
    ".bad{border-color:#c33}.wait{border-color:#c80}.good{border-color:#2a2}\n"
    "tr.bad td:nth-child(2){color:#c33;font-weight:bold}tr.wait td:nth-child(2){color:#b70}\n"
    "section{border-left:.2rem solid #888;padding-left:.8rem;margin:1rem 0}\n"
    "section.bad{border-color:#c33}section.wait{border-color:#c80}\n"
    "dt{font-weight:bold}dd{margin:0 0 .3rem 0}\n"
    "dd.entry{font-family:ui-monospace,monospace;font-size:.9rem;overflow-wrap:anywhere}\n"
    "table.log{font:.85rem/1.4 ui-monospace,monospace}\n"
    ".log td{padding:0 .8rem 0 0;border:0;white-space:pre-wrap}\n"
    ".log .time,.log .level,.log .process{white-space:nowrap}.log .time,.log .origin{color:#888}\n"
    ".log .message{overflow-wrap:anywhere}.log .process{color:#27a}\n"
    ".log .error td{color:#c33}.log .fault td{color:#fff;background:#a22}\n"
    ".log .debug td{color:#888}.log .gap td{color:#b70;font-style:italic}\n"
    "@media(min-width:40rem){dl{display:grid;grid-template-columns:7rem 1fr}}\n"
    "</style>\n<title>";

void report_add_html(StrBuf *buf, StrView text)
{
    StrBuf visible = {0};
    utf8_visible(&visible, text);
    strbuf_add_escaped(buf, strbuf_view(&visible));
    strbuf_done(&visible);
}

static void html_begin(StrBuf *buf, StrView title)
{
    strbuf_add_str(buf, HTML_HEAD);
    report_add_html(buf, title);
    strbuf_add_str(buf, "</title>\n</head>\n<body>\n<h1>");
    report_add_html(buf, title);
    strbuf_add_str(buf, "</h1>\n");
}

static void html_heading(StrBuf *buf, StrView text)
{
    strbuf_add_str(buf, "<h2>");
    report_add_html(buf, text);
    strbuf_add_str(buf, "</h2>\n");
}

static void html_verdict(StrBuf *buf, Tone tone, StrView text)
{
    strbuf_printf(buf, "<p class=\"verdict %s\">", CLASSES[tone]);
    report_add_html(buf, text);
    strbuf_add_str(buf, "</p>\n");
}

static void html_paragraph(StrBuf *buf, StrView text)
{
    strbuf_add_str(buf, "<p>");
    report_add_html(buf, text);
    strbuf_add_str(buf, "</p>\n");
}

static void html_item(StrBuf *buf, Tone tone, StrView text)
{
    strbuf_printf(buf, "<section class=\"%s\">\n<h3>", CLASSES[tone]);
    report_add_html(buf, text);
    strbuf_add_str(buf, "</h3>\n<dl>\n");
}

static void html_pair(StrBuf *buf, const char *label, StrView text)
{
    strbuf_printf(buf, "<dt>%s</dt><dd>", label);
    report_add_html(buf, text);
    strbuf_add_str(buf, "</dd>\n");
}

static void html_entry(StrBuf *buf, const Proof *proof)
{
    StrBuf text = {0};
    report_entry_place(proof, &text);
    strbuf_printf(&text, ": %s", proof->text);
    strbuf_add_str(buf, "<dt>seen in</dt><dd class=\"entry\">");
    report_add_html(buf, strbuf_view(&text));
    strbuf_add_str(buf, "</dd>\n");
    strbuf_done(&text);
}

static void html_item_end(StrBuf *buf)
{
    strbuf_add_str(buf, "</dl>\n</section>\n");
}

static void html_table(StrBuf *buf, const ReportTable *table)
{
    strbuf_add_str(buf, "<table>\n<tr>");
    for (size_t i = 0; i < table->count; i++) {
        strbuf_printf(buf, "<th>%s</th>", table->headings[i]);
    }
    strbuf_add_str(buf, "</tr>\n");
}

static void html_row(StrBuf *buf, const ReportTable *table, Tone tone, const StrView *cells)
{
    strbuf_printf(buf, "<tr class=\"%s\">", CLASSES[tone]);
    for (size_t i = 0; i < table->count; i++) {
        strbuf_add_str(buf, "<td>");
        report_add_html(buf, cells[i]);
        strbuf_add_str(buf, "</td>");
    }
    strbuf_add_str(buf, "</tr>\n");
}

static void html_table_end(StrBuf *buf)
{
    strbuf_add_str(buf, "</table>\n");
}

static void html_end(StrBuf *buf)
{
    strbuf_add_str(buf, "</body>\n</html>\n");
}

const ReportWriter REPORT_WRITER_HTML = {
    .begin = html_begin,
    .heading = html_heading,
    .verdict = html_verdict,
    .paragraph = html_paragraph,
    .item = html_item,
    .pair = html_pair,
    .entry = html_entry,
    .item_end = html_item_end,
    .table = html_table,
    .row = html_row,
    .table_end = html_table_end,
    .end = html_end,
};
