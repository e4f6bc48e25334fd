/*
 * What a record's report must not tell, replaced by placeholders before it is printed.
 */
#ifndef SESSION_RECORD_REDACT_H
#define SESSION_RECORD_REDACT_H

#include "session/record.h"
#include "session/redaction.h"

/* Replaces in all texts of `record`, which has been read: values, findings, certificates, the name
 * of the file. The checks are done by then; keys stay. */
void record_redact(Record *record, Redaction *redaction);

#endif
