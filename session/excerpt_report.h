/*
 * What of the enrolment's report goes into an excerpt, as it may be seen.
 */
#ifndef SESSION_EXCERPT_REPORT_H
#define SESSION_EXCERPT_REPORT_H

#include "base/base.h"
#include "base/str.h"
#include "session/report.h"

/* Appends the path of the stages and the decisive error, in the form of an excerpt; nothing for the
 * forms that have no such. */
void excerpt_report_brief(OutputFormat format, const Report *report, StrBuf *buf);

#endif
