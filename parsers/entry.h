/*
 * Entry: one parsed event of the unified log, all text borrowed from the bytes it was read from.
 * Shapes and names: Apple's `log --style ndjson`; what is absent stays absent (nil, or its bit in
 * `present` clear) because predicates tell absent from empty.
 */
#ifndef PARSERS_ENTRY_H
#define PARSERS_ENTRY_H

#include "base/base.h"
#include "base/clock.h"
#include "base/str.h"

/* messageType. The order is ours (for masks); Apple's numbers are in fields.c. */
typedef enum Level {
    LEVEL_NONE, /* absent: ordinary on everything but log events */
    LEVEL_DEFAULT,
    LEVEL_INFO,
    LEVEL_DEBUG,
    LEVEL_ERROR,
    LEVEL_FAULT,
    LEVEL_COUNT
} Level;

typedef enum EntryKind {
    KIND_UNPARSED, /* a line that is no entry of the recognised format; message = its bytes */
    KIND_LOG,
    KIND_ACTIVITY_CREATE,
    KIND_ACTIVITY_TRANSITION,
    KIND_USER_ACTION,
    KIND_TRACE,
    KIND_TIMESYNC,
    KIND_SIGNPOST,
    KIND_LOSS,
    KIND_METRIC,
    KIND_STATE,
    KIND_OTHER,  /* an eventType we do not know: the word is in `type_word` */
    KIND_NOTICE, /* not from the log: a drop notice, a restart, an end; shown as a rule, no entry */
    KIND_COUNT
} EntryKind;

/* The text the entry came in; also how `raw` must be read again. */
typedef enum Style {
    STYLE_NONE,
    STYLE_NDJSON,
    STYLE_JSON,
    STYLE_DEFAULT,
    STYLE_COMPACT,
    STYLE_SYSLOG,
    STYLE_COUNT
} Style;

#define ENTRY_CUT (1u << 0)      /* the line was longer than LINE_MAX_BYTES; raw holds its start */
#define ENTRY_ENCODING (1u << 1) /* invalid UTF-8, a lone surrogate or a NUL in it */
#define ENTRY_NO_EOL (1u << 2)   /* the last line of its source, without a newline */
#define ENTRY_PARTIAL (1u << 3)  /* a truncated object: what could be read was read */
#define ENTRY_NO_TIME (1u << 4)  /* no readable timestamp: time.ns is the entry before's */
#define ENTRY_PRIVATE (1u << 5)  /* the message has <private> or another redaction mark */
#define ENTRY_NO_ZONE (1u << 6)  /* a timestamp without a zone: read as one of the reader's zone */

/* Bits of `present`, for what has no nil of its own. */
#define HAS_PID (1u << 0)
#define HAS_THREAD (1u << 1)
#define HAS_ACTIVITY (1u << 2)
#define HAS_PARENT_ACTIVITY (1u << 3)
#define HAS_CREATOR_ACTIVITY (1u << 4)
#define HAS_TRACE (1u << 5)
#define HAS_MACH (1u << 6)
#define HAS_USER (1u << 7)
#define HAS_PROGRAM_COUNTER (1u << 8)
#define HAS_SIGNPOST_ID (1u << 9)
#define HAS_LOSS_COUNT (1u << 10)
#define HAS_TTL (1u << 11)
#define HAS_LOSS_START_MACH (1u << 12)
#define HAS_LOSS_END_MACH (1u << 13)

typedef struct Entry {
    Style style;
    EntryKind kind;
    Level level;
    uint32_t flags;   /* ENTRY_…; columns keep 16 bits */
    uint32_t present; /* HAS_… */
    uint8_t source;   /* which source, see session; 0 = the first */
    Stamp time;

    StrView raw;     /* the bytes it came in, without the line's '\n' */
    StrView message; /* unescaped; nil when absent or null */
    StrView process_path;
    StrView process; /* last component of the path, or the `process` key of reduced captures */
    StrView sender_path;
    StrView sender;    /* last component of the path, or what a text style prints in (…) */
    StrView subsystem; /* nil also for "": Apple's rule, reference unified-log.md §2.7 */
    StrView category;
    StrView type_word; /* eventType as written */

    uint64_t pid;
    uint64_t thread;
    uint64_t activity;
    uint64_t parent_activity;
    uint64_t creator_activity; /* bit 63 is really set in captures */
    uint64_t trace;
    uint64_t mach; /* machTimestamp: continuous ticks, the stable ordering key within one boot */
    uint64_t user;
    uint64_t program_counter;

    /* Rarely asked for: filled by a full reading only, see decoder_read_entry. */
    StrView format_string;
    StrView boot_uuid;
    StrView process_uuid;
    StrView sender_uuid;
    StrView zone_name;
    StrView signpost_name;
    StrView signpost_type;
    StrView signpost_scope;
    uint64_t signpost_id;
    uint64_t loss_count;
    uint64_t loss_start_mach;
    uint64_t loss_end_mach;
    uint64_t ttl; /* column of the default style only */
} Entry;

#endif
