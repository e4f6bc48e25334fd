/*
 * Counts the values of one column over all segments of the store. Texts are atoms: small numbers,
 * so an array counts them. Other numbers go through a small table of fixed size.
 */
#include "session/completion_values.h"

#include "base/mem.h"
#include "parsers/columns.h"

#define NUMBER_SLOTS 8192u /* a power of two */
#define NUMBER_MAX 4096u   /* distinct ones; what comes new after them is passed over */

/* Goes through the store by runs of rows that lie in one segment. */
typedef struct Walk {
    const Store *store;
    EntryNumber at;
    const Columns *columns;
    uint32_t from, to;
} Walk;

static bool walk_next(Walk *walk)
{
    StoreRow row;
    EntryNumber end;
    if (!store_find_run(walk->store, walk->at, &row, &end)) {
        return false;
    }
    walk->columns = row.columns;
    walk->from = row.index;
    walk->to = row.index + (uint32_t)(end - walk->at);
    walk->at = end;
    return true;
}

static Walk walk_begin(const Store *store)
{
    return (Walk){.store = store, .at = store_first(store)};
}

/* --- texts ------------------------------------------------------------------------------------ */

static void visit_texts(const Store *store, FieldId field, ValueSink *sink, void *context)
{
    AtomTable *atoms = store_atoms(store);
    Atom atom_end = atom_count(atoms);
    uint32_t *counts = mem_calloc((size_t)atom_end + 1, sizeof *counts);
    for (Walk walk = walk_begin(store); walk_next(&walk);) {
        const uint32_t *column = columns_interned(walk.columns, field);
        for (uint32_t i = walk.from; i < walk.to; i++) {
            /* A text that is no atom counts beyond the end, where nobody looks. */
            counts[column[i] < atom_end ? column[i] : atom_end]++;
        }
    }
    for (Atom atom = ATOM_EMPTY + 1; atom < atom_end; atom++) {
        if (counts[atom] > 0) {
            sink(context, atom_text(atoms, atom), 0, counts[atom]);
        }
    }
    mem_free(counts);
}

/* --- enumerations ----------------------------------------------------------------------------- */

/* Counts the values of a column of bytes. */
static void count_bytes(const Store *store, bool is_level, uint32_t counts[256])
{
    for (Walk walk = walk_begin(store); walk_next(&walk);) {
        const uint8_t *column = is_level ? walk.columns->level : walk.columns->kind;
        for (uint32_t i = walk.from; i < walk.to; i++) {
            counts[column[i]]++;
        }
    }
}

static uint32_t count_of_word(FieldId field, const char *word, const uint32_t counts[256])
{
    Level level;
    if (field == FIELD_LEVEL && level_parse(sv(word), &level)) {
        return counts[level];
    }
    if (field == FIELD_KIND && kind_parse(sv(word)) != KIND_OTHER) {
        return counts[kind_parse(sv(word))];
    }
    return 0;
}

static void visit_words(const Store *store, FieldId field, ValueSink *sink, void *context)
{
    uint32_t counts[256] = {0};
    if (field_values_are_counted(field)) {
        count_bytes(store, field == FIELD_LEVEL, counts);
    }
    for (const FieldWord *word = field_words(field); word != NULL && word->word != NULL; word++) {
        sink(context, sv(word->word), word->number, count_of_word(field, word->word, counts));
    }
}

/* --- numbers ---------------------------------------------------------------------------------- */

typedef struct NumberSlot {
    uint64_t number;
    uint32_t count; /* 0 = free */
} NumberSlot;

typedef struct NumberTable {
    NumberSlot *slots;
    uint32_t used;
} NumberTable;

static void count_number(NumberTable *table, uint64_t number)
{
    uint32_t at = (uint32_t)((number * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (NUMBER_SLOTS - 1);
    while (table->slots[at].count > 0 && table->slots[at].number != number) {
        at = (at + 1) & (NUMBER_SLOTS - 1);
    }
    if (table->slots[at].count == 0) {
        if (table->used == NUMBER_MAX) {
            return;
        }
        table->used++;
        table->slots[at].number = number;
    }
    table->slots[at].count++;
}

static uint64_t number_of(const Columns *columns, FieldId field, uint32_t index)
{
    switch (field) {
    case FIELD_PID:
        return columns->pid[index];
    case FIELD_USER:
        return columns->user[index];
    case FIELD_THREAD:
        return columns->thread[index];
    default:
        return columns->activity[index];
    }
}

/* The bit of `present` that tells of a number with a column worth counting; 0 = it has none. */
static uint16_t present_bit(FieldId field)
{
    static const uint16_t BITS[FIELD_COUNT] = {
        [FIELD_PID] = HAS_PID,
        [FIELD_USER] = HAS_USER,
        [FIELD_THREAD] = HAS_THREAD,
        [FIELD_ACTIVITY] = HAS_ACTIVITY,
    };
    return BITS[field];
}

static void visit_numbers(const Store *store, FieldId field, ValueSink *sink, void *context)
{
    NumberTable table = {.slots = mem_calloc(NUMBER_SLOTS, sizeof *table.slots)};
    uint16_t bit = present_bit(field);
    for (Walk walk = walk_begin(store); walk_next(&walk);) {
        for (uint32_t i = walk.from; i < walk.to; i++) {
            if ((walk.columns->present[i] & bit) != 0) {
                count_number(&table, number_of(walk.columns, field, i));
            }
        }
    }
    for (uint32_t i = 0; i < NUMBER_SLOTS; i++) {
        if (table.slots[i].count > 0) {
            sink(context, SV_NONE, table.slots[i].number, table.slots[i].count);
        }
    }
    mem_free(table.slots);
}

/* ---------------------------------------------------------------------------------------------- */

bool field_values_are_counted(FieldId field)
{
    return (FIELDS[field].flags & FIELD_INTERNED) != 0 || present_bit(field) != 0 ||
           field == FIELD_LEVEL || field == FIELD_KIND;
}

void field_values_visit(const Store *store, FieldId field, ValueSink *sink, void *context)
{
    if ((FIELDS[field].flags & FIELD_INTERNED) != 0) {
        visit_texts(store, field, sink, context);
    } else if (FIELDS[field].type == FIELD_ENUM) {
        visit_words(store, field, sink, context);
    } else if (present_bit(field) != 0) {
        visit_numbers(store, field, sink, context);
    }
}
