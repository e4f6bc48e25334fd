/*
 * Columns: a run of entries as columns of fixed width beside their bytes: what predicates are
 * compiled against and what a segment of the store consists of. Grows, never shrinks; entries keep
 * their index. It knows nothing of numbers, budgets or eviction: session/store.h does.
 */
#ifndef PARSERS_COLUMNS_H
#define PARSERS_COLUMNS_H

#include "base/atom.h"
#include "base/base.h"
#include "base/str.h"
#include "parsers/entry.h"
#include "parsers/fields.h"

/* A text that may be interned: an Atom of `atoms`, or, when that table was full, this bit plus the
 * offset of a length-prefixed text in `bytes`. Read it with columns_text. */
#define COLUMN_LOCAL (1u << 31)

typedef struct ByteRange {
    uint32_t offset;
    uint32_t len; /* UINT32_MAX = nil */
} ByteRange;

/* Tags set by whoever pushes, e.g. the stage knowledge; 0 = none. */
typedef struct ColumnTag {
    uint8_t stage;    /* number of the stage, from 1 */
    uint8_t outcome;  /* Outcome of filters/stages.h */
    uint8_t is_noise; /* looks like trouble and is none; then there is no stage */
} ColumnTag;

typedef struct Columns {
    uint32_t count;
    uint32_t capacity;
    AtomTable *atoms; /* borrowed, shared by all */

    int64_t *time_ns;
    int16_t *zone_minutes;
    uint8_t *level; /* Level */
    uint8_t *kind;  /* EntryKind */
    uint8_t *style; /* Style */
    uint8_t *source;
    uint16_t *flags;   /* ENTRY_… */
    uint16_t *present; /* HAS_… */
    uint32_t *process;
    uint32_t *process_path;
    uint32_t *sender;
    uint32_t *sender_path;
    uint32_t *subsystem;
    uint32_t *category;
    uint32_t *pid;
    uint32_t *user;
    uint64_t *thread;
    uint64_t *activity;
    uint64_t *trace;
    uint64_t *mach;
    ByteRange *raw;
    ByteRange *message; /* inside raw where nothing was escaped */
    ColumnTag *tag;

    struct ColumnCache *cache; /* texts seen lately and their atoms; columns.c only */

    char *bytes;
    size_t bytes_len;
    size_t bytes_capacity;
} Columns;

void columns_init(Columns *columns, AtomTable *atoms);
void columns_done(Columns *columns);
void columns_clear(Columns *columns); /* keeps the memory */

/* Copies `entry` in; returns its index. Its bytes must be below 4 GiB together with the others',
 * below 2 GiB while the table of atoms is full. */
uint32_t columns_push(Columns *columns, const Entry *entry);

/* Memory held, in bytes, without the atoms. */
size_t columns_size(const Columns *columns);

/* The text of an interned column value; nil for ATOM_NONE. Valid until the next push. */
StrView columns_text(const Columns *columns, uint32_t value);
StrView columns_raw(const Columns *columns, uint32_t index);
StrView columns_message(const Columns *columns, uint32_t index); /* nil when absent */

/* The column of an interned field (FIELD_INTERNED), NULL for other fields. */
const uint32_t *columns_interned(const Columns *columns, FieldId id);

/* Makes an Entry of what is in the columns: everything but the fields that need a full reading.
 * Its views point into the columns. */
void columns_entry(const Columns *columns, uint32_t index, Entry *ret_entry);

/* The same with all fields, by reading the raw bytes again; unescaped text lies in `scratch`. */
void columns_entry_full(const Columns *columns, uint32_t index, StrBuf *scratch, Entry *ret_entry);

#endif
