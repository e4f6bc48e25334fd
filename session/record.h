/*
 * Record: an activation record (what Apple's service tells a Mac about its MDM), read from whatever
 * prints or stores one, its fields named and checked. Contacts nobody and opens no file: bytes in,
 * report out. Where to read on: record_read.c recognises, record_check.c judges, record_print.c
 * prints; session/record_live.h asks a Mac for its record.
 */
#ifndef SESSION_RECORD_H
#define SESSION_RECORD_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/node.h"
#include "base/str.h"
#include "filters/certificate.h"
#include "filters/record_facts.h"

#define RECORD_MAX_BYTES (16 * MIB)
#define RECORD_MAX_VALUES 5000
#define RECORD_MAX_ITEMS 1000 /* of a list, that are looked at */

typedef enum RecordStyle {
    RECORD_NONE,
    RECORD_TEXT,   /* what `profiles show` and `mdmclient dep nag` print */
    RECORD_XML,    /* the stored property list */
    RECORD_BINARY, /* likewise */
    RECORD_JSON,   /* of a server, or of an old mdmclient */
} RecordStyle;

typedef struct RecordValue {
    const FieldFact *fact; /* NULL = unknown */
    StrView key; /* as in the file, from the outside in: "EnrollmentServer.enrollment-url" */
    const Node *node;
    bool is_local; /* named the way a Mac does, not a server */
    bool is_no;    /* a flag: its meaning is no; see is_flag */
    bool is_flag;  /* a flag that can be read */
} RecordValue;

typedef struct RecordFinding {
    Severity severity;
    const RecordValue *value; /* NULL = about something that is not there */
    StrView text;
    StrView remedy;     /* "" = none */
    StrView confidence; /* nil = it is plain from the value */
} RecordFinding;

typedef struct RecordCertificate {
    const RecordValue *value; /* the list that it is in */
    size_t number;            /* from 1, in that list */
    size_t len;               /* bytes of DER */
    bool is_good;             /* `certificate` is filled */
    Certificate certificate;
    StrView error; /* why not */
} RecordCertificate;

typedef struct RecordSkip {
    StrView key;
    const SkipFact *fact; /* NULL = unknown */
    StrView note;         /* "" = nothing to say */
} RecordSkip;

/* All zeroes = none yet. The facts must outlive it. */
typedef struct Record {
    Arena arena;
    RecordStyle style;
    const RecordFacts *facts;
    const char *name; /* of the file, for people */
    RecordValue *values;
    size_t value_count;
    RecordFinding *findings; /* the gravest first */
    size_t finding_count;
    RecordCertificate *certificates;
    size_t certificate_count;
    RecordSkip *skip;
    size_t skip_count;
    StrView answer;  /* where there is no record: what was printed instead ("Error fetching …") */
    int answer_line; /* 0 = not known */
    const AnswerFact *answer_fact; /* NULL with a nil `answer` */
    StrView redacted;              /* what was replaced, in words; nil = nothing was looked for */
    size_t capacities[4];          /* of the four lists above */
} Record;

typedef enum RecordResult {
    RECORD_FOUND,
    RECORD_ABSENT, /* it can be read, but has no record in it; `answer` may say why */
    RECORD_BROKEN, /* it cannot be read; `err` says where */
} RecordResult;

/* Reads `bytes` and checks what is in them; `now_ns` is what the validity of certificates is
 * compared with. `record` must be all zeroes and wants record_done in any case. */
RecordResult record_read(Record *record, const RecordFacts *facts, StrView bytes, const char *name,
                         int64_t now_ns, Err *err);
void record_done(Record *record);

/* Finds the value of a field by its id; NULL = not in the record. */
const RecordValue *record_find(const Record *record, const char *id);

/* Appends the report, 80 columns wide. Secrets and what stands behind the '?' of a URL are hidden
 * unless `has_secrets`. */
void record_print_text(const Record *record, bool has_secrets, StrBuf *buf);
void record_print_markdown(const Record *record, bool has_secrets, StrBuf *buf);
void record_print_json(const Record *record, bool has_secrets, StrBuf *buf);

const char *record_style_name(RecordStyle style); /* "property list (binary)" */

#endif
