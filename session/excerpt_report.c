/*
 * The part of the report in an excerpt: see excerpt_report.h.
 */
#include "session/excerpt_report.h"

void excerpt_report_brief(OutputFormat format, const Report *report, StrBuf *buf)
{
    static const ReportFormat FORMATS[FORMAT_COUNT] = {
        [FORMAT_MD] = REPORT_MD, [FORMAT_BUNDLE] = REPORT_MD, [FORMAT_HTML] = REPORT_HTML};
    if (FORMATS[format] != REPORT_TEXT && report != NULL) {
        report_print_brief(FORMATS[format], report, buf);
    }
}
