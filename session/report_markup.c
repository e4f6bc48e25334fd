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

/* One empty line before what is to begin. */
static void md_gap(StrBuf *buf)
{
    if (!sv_ends(strbuf_view(buf), SV("\n\n"))) {
        strbuf_add_char(buf, '\n');
    }
}

static void md_begin(StrBuf *buf, StrView title)
{
    strbuf_add_str(buf, "# ");
    md_add(buf, title);
    strbuf_add_str(buf, "\n");
}

static void md_heading(StrBuf *buf, StrView text)
{
    md_gap(buf);
    strbuf_add_str(buf, "## ");
    md_add(buf, text);
    strbuf_add_str(buf, "\n\n");
}

static void md_verdict(StrBuf *buf, Tone tone, StrView text)
{
    (void)tone;
    md_gap(buf);
    strbuf_add_str(buf, "**");
    md_add(buf, text);
    strbuf_add_str(buf, "**\n");
}

static void md_paragraph(StrBuf *buf, StrView text)
{
    md_gap(buf);
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

/* Colours are those of the themes light and dark; paper gets the light ones. Wide pages have their
 * entries side by side, narrow ones below each other. */
static const char HTML_HEAD[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<style>\n"
    ":root{color-scheme:light dark;--ground:#fff;--text:#23272e;--dim:#5d6570;--line:#d5dae1;"
    "--process:#005f5f;--origin:#5f5f87;--error:#af0000;--fault:#870000;--fault-ground:#ffd7d7;"
    "--good:#005f00;--wait:#875f00;--bad:#c00000}\n"
    "@media screen and (prefers-color-scheme:dark){:root{--ground:#14171c;--text:#d4d8df;"
    "--dim:#99a2ad;--line:#39404b;--process:#8fbcbb;--origin:#acb0d6;--error:#ff8787;--fault:#fff;"
    "--fault-ground:#a3212b;--good:#87d787;--wait:#ffd75f;--bad:#ff8787}}\n"
    "body{font:15px/1.5 system-ui,sans-serif;color:var(--text);background:var(--ground);"
    "max-width:110rem;margin:0 auto;padding:1rem 1.5rem 3rem;overflow-wrap:anywhere}\n"
    "h1{font-size:1.5rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:0 0 "
    ".3rem}\n"
    "p,dl,section,table.facts,table.list{max-width:64rem}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--line)}\n"
    ".facts th{width:13rem;font-weight:normal;color:var(--dim)}\n"
    ".list td:not(:last-child),.list th:not(:last-child){white-space:nowrap;width:1%}\n"
    ".verdict{font-size:1.15rem;font-weight:bold;border-left:.4rem solid var(--dim);"
    "padding-left:.8rem}\n"
    "section{border-left:.2rem solid var(--dim);padding-left:.8rem;margin:1rem 0}\n"
    ".bad{border-color:var(--bad)}.wait{border-color:var(--wait)}.good{border-color:var(--good)}\n"
    "tr.bad td:nth-child(2){color:var(--bad);font-weight:bold}tr.wait td:nth-child(2)"
    "{color:var(--wait)}tr.good td:nth-child(2){color:var(--good)}\n"
    "dl{margin:0}dt{color:var(--dim)}dd{margin:0 0 .3rem 0}\n"
    "@media(min-width:40rem){dl{display:grid;grid-template-columns:7rem 1fr}}\n"
    "dd.entry,table.log{font:12px/1.5 ui-monospace,Menlo,Consolas,monospace}\n"
    ".log{table-layout:fixed}.log td{white-space:pre-wrap;padding:.05rem 1ch .05rem 0}\n"
    ".log th{position:sticky;top:0;background:var(--ground);padding-right:1ch;"
    "border:0;box-shadow:0 1px var(--dim)}\n"
    ".log .time{width:32ch}.log .host{width:20ch}.log .level{width:9ch}.log .process{width:24ch}\n"
    ".log td.time,.log .debug td{color:var(--dim)}.log td.process{color:var(--process)}"
    ".log .origin{color:var(--origin)}\n"
    ".log .error td.level,.log .error td.message{color:var(--error)}"
    ".log .fault td.level{color:var(--fault);background:var(--fault-ground);font-weight:bold}"
    ".log .fault td.message{color:var(--error)}\n"
    ".log .done td.level{color:var(--good);font-weight:bold}.log .waits td.level"
    "{color:var(--wait);font-weight:bold}\n"
    ".log .failed td.level,.log .failed td.message{color:var(--bad);font-weight:bold}"
    ".log .gap td{color:var(--wait);font-style:italic}\n"
    "@media screen and (max-width:48rem){.log,.log tbody,.log tr{display:block}.log thead"
    "{display:none}.log td{display:inline;border:0;padding-right:1ch}.log td.time{white-space:"
    "nowrap}.log tr{padding:.3rem 0;border-bottom:1px solid var(--line)}}\n"
    "@media print{body{font-size:10pt;padding:0}dd.entry,table.log{font-size:7.5pt}"
    ".log th{position:static}.log .fault td.level{print-color-adjust:exact;"
    "-webkit-print-color-adjust:exact}h2,h3{break-after:avoid}tr{break-inside:avoid}}\n"
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
    strbuf_add_str(buf, "<table class=\"list\">\n<thead><tr>");
    for (size_t i = 0; i < table->count; i++) {
        strbuf_printf(buf, "<th scope=\"col\">%s</th>", table->headings[i]);
    }
    strbuf_add_str(buf, "</tr></thead>\n<tbody>\n");
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
    strbuf_add_str(buf, "</tbody>\n</table>\n");
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
