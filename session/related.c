/*
 * Related: compares columns, cheapest first; only of what agrees so far the boot is read from the
 * bytes.
 */
#include "session/related.h"

#include "base/hash.h"
#include "base/str.h"

/* Reading an entry again in full takes about as long as looking at so many rows. */
#define READ_COST 256

#define NAME_IS_LOCAL (UINT64_C(1) << 63)

static const char *const NAMES[RELATED_KINDS] = {
    [RELATED_PROCESS] = "process",
    [RELATED_THREAD] = "thread",
    [RELATED_ACTIVITY] = "activity",
};

static uint64_t hash_text(StrView text)
{
    Hash hash = hash_begin((HashKey){{0}});
    hash_add_text(&hash, text);
    return hash_end(&hash);
}

/* A path that found no room in the table of atoms lies elsewhere each time: its hash stands for
 * it. No such path is an atom as well. */
static uint64_t program_of(const Columns *columns, uint32_t index)
{
    uint32_t path = columns->process_path[index];
    uint32_t value = path != ATOM_NONE ? path : columns->process[index];
    return (value & COLUMN_LOCAL) == 0 ? value
                                       : hash_text(columns_text(columns, value)) | NAME_IS_LOCAL;
}

static uint64_t boot_of(const Columns *columns, uint32_t index)
{
    StrBuf scratch = {0};
    Entry entry;
    columns_entry_full(columns, index, &scratch, &entry);
    uint64_t boot = entry.boot_uuid.len > 0 ? hash_text(entry.boot_uuid) : 0;
    strbuf_done(&scratch);
    return boot;
}

/* The ID that is asked for; 0 where there is none. A process may well have the ID 0. */
static uint64_t value_of(const Columns *columns, uint32_t index, RelatedKind kind)
{
    switch (kind) {
    case RELATED_PROCESS:
        return columns->pid[index];
    case RELATED_THREAD:
        return (columns->present[index] & HAS_THREAD) != 0 ? columns->thread[index] : 0;
    default:
        return (columns->present[index] & HAS_ACTIVITY) != 0 ? columns->activity[index] : 0;
    }
}

static bool has_value(const Columns *columns, uint32_t index, RelatedKind kind)
{
    if (columns->kind[index] == KIND_NOTICE) {
        return false;
    }
    return kind == RELATED_PROCESS ? (columns->present[index] & HAS_PID) != 0
                                   : value_of(columns, index, kind) != 0;
}

bool related_key(const Columns *columns, uint32_t index, RelatedKind kind, RelatedKey *ret_key)
{
    if (!has_value(columns, index, kind)) {
        return false;
    }
    *ret_key = (RelatedKey){
        .kind = kind,
        .source = columns->source[index],
        .program = program_of(columns, index),
        .boot = boot_of(columns, index),
        .value = value_of(columns, index, kind),
    };
    return true;
}

/* All but the boot. Activities go from process to process. */
static bool agrees(const Columns *columns, uint32_t index, const RelatedKey *key)
{
    return value_of(columns, index, key->kind) == key->value &&
           columns->source[index] == key->source && has_value(columns, index, key->kind) &&
           (key->kind == RELATED_ACTIVITY || program_of(columns, index) == key->program);
}

static bool is_of_boot(const Columns *columns, uint32_t index, const RelatedKey *key)
{
    uint64_t boot = key->boot != 0 ? boot_of(columns, index) : 0;
    return boot == 0 || boot == key->boot;
}

bool related_is(const Columns *columns, uint32_t index, const RelatedKey *key)
{
    return agrees(columns, index, key) && is_of_boot(columns, index, key);
}

RelatedResult related_find(const View *view, const Store *store, const RelatedKey *key,
                           EntryNumber *number, bool backward, uint32_t rows)
{
    StoreRun run = {0};
    size_t len = view_len(view);
    size_t row = view_find_from(view, backward || *number == UINT64_MAX ? *number : *number + 1);
    for (uint32_t looked = 0; backward ? row > 0 : row < len; looked++) {
        if (looked >= rows) {
            return RELATED_MORE;
        }
        EntryNumber at_number = view_get(view, backward ? row - 1 : row);
        StoreRow at;
        if (store_find_in_run(store, &run, at_number, &at) && agrees(at.columns, at.index, key)) {
            looked += key->boot != 0 ? READ_COST : 0;
            if (is_of_boot(at.columns, at.index, key)) {
                *number = at_number;
                return RELATED_FOUND;
            }
        }
        *number = at_number;
        row = backward ? row - 1 : row + 1;
    }
    return RELATED_NONE;
}

const char *related_name(RelatedKind kind)
{
    return NAMES[kind];
}
