/*
 * The part of the report in an excerpt: see excerpt_report.h.
 */
#include "session/excerpt_report.h"

void excerpt_report_brief(OutputFormat format, const Report *report, Redaction *redaction,
                          StrBuf *buf)
{
    static const ReportFormat FORMATS[FORMAT_COUNT] = {
        [FORMAT_MD] = REPORT_MD, [FORMAT_BUNDLE] = REPORT_MD, [FORMAT_HTML] = REPORT_HTML};
    StrBuf text = {0};
    if (FORMATS[format] == REPORT_TEXT || report == NULL) {
        return;
    }
    report_print_brief(FORMATS[format], report, &text);
    if (redaction != NULL) {
        (void)redaction_text(redaction, strbuf_view(&text), buf);
    } else {
        strbuf_add(buf, strbuf_view(&text));
    }
    strbuf_done(&text);
}
