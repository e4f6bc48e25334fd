/*
 * Report: what `mdmscope explain` prints: the verdict, what failed and why, stages, commands,
 * findings, and what the capture does not show; for people as text, Markdown or one HTML page, for
 * programs as JSON. It decides nothing: all facts come from the tracker and the findings.
 */
#ifndef SESSION_REPORT_H
#define SESSION_REPORT_H

#include "base/base.h"
#include "base/str.h"
#include "session/enrolment.h"
#include "session/options.h"
#include "session/redaction.h"
#include "session/source.h"

#define REPORT_COLUMNS 80

typedef struct Report {
    const Enrolment *enrolment;
    StrView sources;          /* what was read, for the heading */
    const StrView *hosts;     /* by the number of the source */
    const Sources *read_from; /* borrowed, NULL = not known: `hosts` are taken for hosts' names */
    size_t host_count;
    uint64_t entries;     /* how many */
    int64_t now_ns;       /* from when waiting counts, see findings_make */
    Redaction *redaction; /* borrowed; NULL = everything stands as it was logged */
} Report;

/* Appends the whole report. */
void report_print(ReportFormat format, const Report *report, StrBuf *buf);

/* Appends only the verdict, the decisive failure with its explanation (or, where none is decisive,
 * the most important one) and the path of the stages, as a part of another page in text, Markdown
 * or HTML. Appends nothing when there is no attempt. */
void report_print_brief(ReportFormat format, const Report *report, StrBuf *buf);

#endif
