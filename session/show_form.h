/*
 * ShowForm: how `mdmscope show` prints the forms that are made for other people (md, html, bundle):
 * with what they are, the report, and redacted unless told otherwise. A pipe and a live source
 * stream: what is known at the start stands before the entries, the rest after them. The entries of
 * files, and those of a bundle, wait in a spool until all is known. For show.c alone.
 */
#ifndef SESSION_SHOW_FORM_H
#define SESSION_SHOW_FORM_H

#include <signal.h>

#include "base/base.h"
#include "base/err.h"
#include "session/excerpt.h"
#include "session/source.h"

typedef struct ShowForm ShowForm;

/* Makes it; what is borrowed must outlive it. Fails when the rules of the redaction or the
 * knowledge of enrolments cannot be read, or when no temporary file can be made for a bundle. */
ShowForm *show_form_new(const Options *options, AtomTable *atoms, Err *err);
void show_form_free(ShowForm *form);

/* Learns from sources that can be read twice what is to be replaced; before they are opened. */
void show_form_learn(ShowForm *form, const volatile sig_atomic_t *stop);

/* Begins once the sources are open; appends to `out` what stands before the entries. `pane` is the
 * predicate of --pane (nil = none), borrowed. */
void show_form_begin(ShowForm *form, Sources *sources, StrView pane, StrBuf *out);

/* Looks at an entry of the sources, for the report; each once, in order, printed or not. Returns
 * its stage and how it went there, for the columns; none where the form has no report. */
ColumnTag show_form_see(ShowForm *form, const Columns *columns, uint32_t index);

/* Looks at an entry that is not to be printed, for names and secrets that it gives away. */
void show_form_leave_out(ShowForm *form, const Entry *entry);

/* Takes an entry that is to be printed, appends it. */
void show_form_entry(ShowForm *form, const Columns *columns, uint32_t index, StrView host,
                     StrBuf *out);

/* Takes a notice of a source: a gap, a restart. */
void show_form_notice(ShowForm *form, uint8_t source, int64_t time_ns, StrView text, StrView host,
                      StrBuf *out);

/* Ends it. Call again as long as it returns true: there is more to append. */
bool show_form_end(ShowForm *form, StrBuf *out);

/* How many entries were printed. */
uint64_t show_form_count(const ShowForm *form);

/* What failed on the way to or from the spool; "" = nothing did. */
const Err *show_form_error(const ShowForm *form);

#endif
