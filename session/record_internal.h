/*
 * What the parts of the record share: the lists that grow and the value as text. Private to
 * session/record_*.c.
 */
#ifndef SESSION_RECORD_INTERNAL_H
#define SESSION_RECORD_INTERNAL_H

#include "session/record.h"

/* Takes the values of a tree, named and unnamed ones, into the record. */
void record_take_values(Record *record, const Node *root);

/* Judges the values: fills findings, certificates and skip. */
void record_check(Record *record, int64_t now_ns);

/* Makes room for one more and gives it, all zeroes. */
RecordValue *record_add_value(Record *record);
RecordCertificate *record_add_certificate(Record *record);
RecordSkip *record_add_skip(Record *record);

/* Adds a finding; its text is kept in the arena. What is returned is good until the next one. */
RecordFinding *record_add_finding(Record *record, Severity severity, const RecordValue *value,
                                  StrView remedy, const char *format, ...) PRINTF_LIKE(5, 6);

/* Judges a URL; see record_url.c. */
void record_check_url(Record *record, const RecordValue *value);

/* Appends a value for people, on one line, nothing in it that a terminal must not get. */
void record_add_shown(const Record *record, const RecordValue *value, bool has_secrets,
                      StrBuf *buf);

#endif
