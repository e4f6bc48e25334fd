/*
 * FIELDS: the one table of what an entry has. Predicates, columns, completion, export, detail and
 * the manual read it; a name is written nowhere else. Source: reference unified-log.md §2.1, §2.6,
 * which follow Apple's OSLogEventProvider and the NDJSON of `log`.
 */
#ifndef PARSERS_FIELDS_H
#define PARSERS_FIELDS_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "parsers/entry.h"

typedef enum FieldId {
    FIELD_MESSAGE,
    FIELD_LEVEL, /* logType, messageType */
    FIELD_KIND,  /* type, eventType */
    FIELD_PROCESS,
    FIELD_PROCESS_PATH,
    FIELD_PID,
    FIELD_PROCESS_UUID,
    FIELD_SENDER,
    FIELD_SENDER_PATH,
    FIELD_SENDER_UUID,
    FIELD_PROGRAM_COUNTER,
    FIELD_SUBSYSTEM,
    FIELD_CATEGORY,
    FIELD_THREAD,
    FIELD_ACTIVITY,
    FIELD_PARENT_ACTIVITY,
    FIELD_CREATOR_ACTIVITY,
    FIELD_TRANSITION_ACTIVITY,
    FIELD_TRACE,
    FIELD_FORMAT,
    FIELD_BOOT_UUID,
    FIELD_DATE,
    FIELD_MACH,
    FIELD_SINCE_BOOT,
    FIELD_SIGNPOST_ID,
    FIELD_SIGNPOST_NAME,
    FIELD_SIGNPOST_TYPE,
    FIELD_SIGNPOST_SCOPE,
    FIELD_LOSS_COUNT,
    FIELD_LOSS_START_MACH,
    FIELD_LOSS_END_MACH,
    FIELD_SIZE,
    FIELD_TTL,
    FIELD_CREATOR_PROCESS,
    FIELD_USER,
    FIELD_HOST, /* ours: the source's name */
    FIELD_COUNT
} FieldId;

typedef enum FieldType {
    FIELD_TEXT,
    FIELD_NUMBER, /* unsigned, 64 bits */
    FIELD_ENUM,   /* number with words: field_words */
    FIELD_TIME,
    FIELD_UUID, /* text, compared case-insensitively */
} FieldType;

#define FIELD_INTERNED (1u << 0)  /* few distinct values: kept as an atom in Columns */
#define FIELD_LOCAL (1u << 1)     /* no key of Apple's: filters here, cannot be sent to `log` */
#define FIELD_NOT_HERE (1u << 2)  /* a key of Apple's that NDJSON does not carry */
#define FIELD_NIL_EMPTY (1u << 3) /* "" in NDJSON means nil (subsystem, category) */
#define FIELD_HEX (1u << 4)       /* a number that `log` and people write as 0x… */

typedef struct FieldInfo {
    FieldId id;
    const char *name;       /* canonical predicate key */
    const char *aliases[4]; /* also accepted in predicates; NULL-padded */
    const char *json;       /* key in NDJSON, NULL = none of its own */
    const char *label;      /* heading of its column, name in the detail pane */
    FieldType type;
    uint32_t flags;
    int width;        /* default width of its column in cells; 0 = takes what is left */
    const char *help; /* one line */
} FieldInfo;

/* Indexed by FieldId. */
extern const FieldInfo FIELDS[FIELD_COUNT];

/* Finds a field by its canonical name, an alias or its NDJSON key (case matters, as for Apple);
 * NULL when there is none. */
const FieldInfo *field_find(StrView name);

/* Finds the nearest name for "did you mean"; NULL when nothing is near. */
const char *field_suggest(StrView name);

typedef struct FieldWord {
    const char *word;
    uint64_t number; /* Apple's */
} FieldWord;

/* The words of an enumeration, ended by a NULL word; NULL for other fields. */
const FieldWord *field_words(FieldId id);

/* Value of a text or UUID field; nil when absent. `entry` must have been read in full for the
 * fields that say so in entry.h. */
StrView entry_text(const Entry *entry, FieldId id);

/* Value of a number, enumeration (Apple's number) or time (ns) field; false when absent. */
bool entry_number(const Entry *entry, FieldId id, uint64_t *ret_value);

/* Appends the value as people read it (level as "Error", thread as 0x…, time in full);
 * appends nothing and returns false when absent. */
bool entry_print_field(const Entry *entry, FieldId id, StrBuf *buf);

/* "Error", "Default", …; "" for LEVEL_NONE. As NDJSON writes them. */
const char *level_name(Level level);
/* "default", "error", …, in any letter case; false when it is none. */
bool level_parse(StrView text, Level *ret_level);
/* Apple's number of the level: 0, 1, 2, 16, 17; LEVEL_NONE is 0 (reference §2.7). */
uint64_t level_number(Level level);
/* The eventType word, e.g. "logEvent"; "unparsed" for KIND_UNPARSED, "" for KIND_NOTICE. */
const char *kind_word(EntryKind kind);
EntryKind kind_parse(StrView word);  /* KIND_OTHER when unknown */
const char *style_name(Style style); /* "ndjson", "json", "default", "compact", "syslog" */
bool style_parse(StrView text, Style *ret_style, Err *err);

#endif
