/*
 * ReportWriter: the parts a report for people is made of, and the tables of functions that write
 * them as text, Markdown and HTML. For session/report*.c alone. All texts are written so that
 * nothing in them can be taken for markup or reach a terminal raw.
 */
#ifndef SESSION_REPORT_WRITER_H
#define SESSION_REPORT_WRITER_H

#include "session/report.h"

#define REPORT_CELLS_MAX 8

/* How bad a thing is; decides on signs and colours. */
typedef enum Tone { TONE_PLAIN, TONE_GOOD, TONE_WAIT, TONE_BAD, TONE_COUNT } Tone;

typedef struct ReportTable {
    size_t count;
    const char *headings[REPORT_CELLS_MAX];
    int widths[REPORT_CELLS_MAX]; /* cells in text; the last column takes the rest */
} ReportTable;

typedef struct ReportWriter {
    void (*begin)(StrBuf *buf, StrView title);
    void (*heading)(StrBuf *buf, StrView text);
    void (*verdict)(StrBuf *buf, Tone tone, StrView text);
    void (*paragraph)(StrBuf *buf, StrView text);
    void (*item)(StrBuf *buf, Tone tone, StrView text); /* what pairs and entries belong to */
    void (*pair)(StrBuf *buf, const char *label, StrView text);
    void (*entry)(StrBuf *buf, const Proof *proof);
    void (*item_end)(StrBuf *buf);
    void (*table)(StrBuf *buf, const ReportTable *table);
    void (*row)(StrBuf *buf, const ReportTable *table, Tone tone, const StrView *cells);
    void (*table_end)(StrBuf *buf);
    void (*end)(StrBuf *buf);
} ReportWriter;

extern const ReportWriter REPORT_WRITER_TEXT;
extern const ReportWriter REPORT_WRITER_MD;
extern const ReportWriter REPORT_WRITER_HTML;

/* A report for people on its way. */
typedef struct Printer {
    const Report *report;
    const ReportWriter *to;
    StrBuf *buf;
    StrBuf line; /* what is being put together */
    StrBuf seen; /* the same as it may be seen */
} Printer;

/* The line that was put together, as it may be seen; valid until the next call of these two. */
StrView report_line(Printer *printer);
/* Any other text of the log's. */
StrView report_seen(Printer *printer, StrView text);

/* report_tables.c */
void report_stages(Printer *printer, const Attempt *attempt);
void report_commands(Printer *printer, const Attempt *attempt);

/* Appends a length of time: "8m02s", "350 ms". */
void report_add_length(StrBuf *buf, int64_t ns);

/* The failure of that index, NULL = there is none. */
const Failure *report_failure(const Attempt *attempt, size_t index);

/* Appends the report as JSON, see doc/ for its shape. */
void report_json(const Report *report, StrBuf *buf);

/* Appends `text` visible and escaped, for HTML between and within tags. */
void report_add_html(StrBuf *buf, StrView text);

/* "entry 512, 08:43:10.135, mdmclient" */
void report_entry_place(const Proof *proof, StrBuf *buf);

#endif
