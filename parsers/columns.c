/*
 * Columns of entries beside their bytes. A text with few distinct values is looked up in a small
 * cache before the table of atoms hashes it. It knows no style beyond how raw bytes are read again.
 */
#include "parsers/columns.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "parsers/decoder.h"
#include "parsers/scan.h"

#define FIRST_CAPACITY 256u
#define FIRST_BYTES (64 * KIB)
#define CACHE_SLOTS 64u /* a power of two */
#define NIL_LEN UINT32_MAX

/* HAS_… bits of what the columns hold; the other numbers need a full reading. */
#define PRESENT_KEPT (HAS_PID | HAS_THREAD | HAS_ACTIVITY | HAS_TRACE | HAS_MACH | HAS_USER)

enum {
    TEXT_PROCESS,
    TEXT_PROCESS_PATH,
    TEXT_SENDER,
    TEXT_SENDER_PATH,
    TEXT_SUBSYSTEM,
    TEXT_CATEGORY,
    TEXT_COUNT
};

typedef struct CacheSlot {
    const char *ptr; /* text of the atom, owned by the table; NULL = free */
    size_t len;
    Atom atom;
} CacheSlot;

struct ColumnCache {
    CacheSlot slots[TEXT_COUNT][CACHE_SLOTS];
};

/* Every array of the columns: where its pointer lies, how large an element is. */
typedef struct ColumnShape {
    size_t offset;
    size_t size;
} ColumnShape;

/* clang-format off */
#define SHAPE(member) {offsetof(Columns, member), sizeof(*((Columns *)0)->member)}
/* clang-format on */

static const ColumnShape SHAPES[] = {
    SHAPE(time_ns), SHAPE(zone_minutes), SHAPE(level),     SHAPE(kind),     SHAPE(style),
    SHAPE(source),  SHAPE(flags),        SHAPE(present),   SHAPE(process),  SHAPE(process_path),
    SHAPE(sender),  SHAPE(sender_path),  SHAPE(subsystem), SHAPE(category), SHAPE(pid),
    SHAPE(user),    SHAPE(thread),       SHAPE(activity),  SHAPE(trace),    SHAPE(mach),
    SHAPE(raw),     SHAPE(message),      SHAPE(tag),
};

static void **array_of(Columns *columns, const ColumnShape *shape)
{
    return (void **)(void *)((char *)columns + shape->offset);
}

static void grow_to(Columns *columns, uint32_t capacity)
{
    for (size_t i = 0; i < ARRAY_LEN(SHAPES); i++) {
        void **array = array_of(columns, &SHAPES[i]);
        *array = mem_realloc(*array, capacity, SHAPES[i].size);
    }
    columns->capacity = capacity;
}

void columns_init(Columns *columns, AtomTable *atoms)
{
    *columns = (Columns){.atoms = atoms};
    columns->cache = mem_calloc(1, sizeof(*columns->cache));
}

void columns_done(Columns *columns)
{
    for (size_t i = 0; i < ARRAY_LEN(SHAPES); i++) {
        mem_free(*array_of(columns, &SHAPES[i]));
    }
    mem_free(columns->bytes);
    mem_free(columns->cache);
    *columns = (Columns){.atoms = columns->atoms};
}

void columns_clear(Columns *columns)
{
    columns->count = 0;
    columns->bytes_len = 0;
}

/* --- bytes ----------------------------------------------------------------------------------- */

static void reserve_bytes(Columns *columns, size_t more)
{
    size_t need = columns->bytes_len + more;
    if (need <= columns->bytes_capacity) {
        return;
    }
    size_t capacity = columns->bytes_capacity + columns->bytes_capacity / 2;
    capacity = capacity < FIRST_BYTES ? FIRST_BYTES : capacity;
    capacity = capacity < need ? need : capacity;
    columns->bytes = mem_realloc(columns->bytes, capacity, 1);
    columns->bytes_capacity = capacity;
}

static ByteRange add_bytes(Columns *columns, StrView text)
{
    if (!text.ptr) {
        return (ByteRange){0, NIL_LEN};
    }
    assert(text.len < NIL_LEN && columns->bytes_len <= UINT32_MAX - text.len);
    reserve_bytes(columns, text.len);
    ByteRange range = {(uint32_t)columns->bytes_len, (uint32_t)text.len};
    if (text.len == 0) {
        return range; /* there may be no bytes at all yet */
    }
    memcpy(columns->bytes + columns->bytes_len, text.ptr, text.len);
    columns->bytes_len += text.len;
    return range;
}

/* The message inside the raw bytes that were just added, or bytes of its own. */
static ByteRange add_message(Columns *columns, const Entry *entry, ByteRange raw)
{
    uintptr_t begin = (uintptr_t)entry->raw.ptr;
    uintptr_t message = (uintptr_t)entry->message.ptr;
    if (entry->message.ptr && raw.len != NIL_LEN && message >= begin &&
        message + entry->message.len <= begin + entry->raw.len) {
        return (ByteRange){raw.offset + (uint32_t)(message - begin), (uint32_t)entry->message.len};
    }
    return add_bytes(columns, entry->message);
}

static StrView view_bytes(const Columns *columns, ByteRange range)
{
    return range.len == NIL_LEN ? SV_NONE : sv_of(columns->bytes + range.offset, range.len);
}

/* --- interned texts -------------------------------------------------------------------------- */

static CacheSlot *slot_of(struct ColumnCache *cache, int which, StrView text)
{
    uint64_t key = text.len;
    if (text.len >= 8) {
        key ^= scan_load(text.ptr + text.len - 8);
    } else if (text.len > 0) {
        key ^= (uint64_t)(unsigned char)text.ptr[0] << 8 |
               (uint64_t)(unsigned char)text.ptr[text.len - 1] << 16;
    }
    uint64_t hash = key * UINT64_C(0x9e3779b97f4a7c15);
    return &cache->slots[which][hash >> 32 & (CACHE_SLOTS - 1)];
}

/* Puts a text that the full table of atoms refused among the bytes, after its length. */
static uint32_t add_local(Columns *columns, StrView text)
{
    assert(columns->bytes_len < COLUMN_LOCAL && text.len <= UINT32_MAX);
    uint32_t len = (uint32_t)text.len;
    uint32_t offset = (uint32_t)columns->bytes_len;
    reserve_bytes(columns, sizeof(len) + text.len);
    memcpy(columns->bytes + offset, &len, sizeof(len));
    memcpy(columns->bytes + offset + sizeof(len), text.ptr, text.len);
    columns->bytes_len += sizeof(len) + text.len;
    return offset | COLUMN_LOCAL;
}

static uint32_t intern(Columns *columns, int which, StrView text)
{
    if (!text.ptr) {
        return ATOM_NONE;
    }
    CacheSlot *slot = slot_of(columns->cache, which, text);
    if (slot->ptr && slot->len == text.len && memcmp(slot->ptr, text.ptr, text.len) == 0) {
        return slot->atom;
    }
    Atom atom = atom_intern(columns->atoms, text);
    if (atom == ATOM_FULL) {
        return add_local(columns, text);
    }
    StrView kept = atom_text(columns->atoms, atom);
    *slot = (CacheSlot){kept.ptr, kept.len, atom};
    return atom;
}

/* --- entries --------------------------------------------------------------------------------- */

static void push_texts(Columns *columns, uint32_t index, const Entry *entry)
{
    columns->process[index] = intern(columns, TEXT_PROCESS, entry->process);
    columns->process_path[index] = intern(columns, TEXT_PROCESS_PATH, entry->process_path);
    columns->sender[index] = intern(columns, TEXT_SENDER, entry->sender);
    columns->sender_path[index] = intern(columns, TEXT_SENDER_PATH, entry->sender_path);
    columns->subsystem[index] = intern(columns, TEXT_SUBSYSTEM, entry->subsystem);
    columns->category[index] = intern(columns, TEXT_CATEGORY, entry->category);
}

/* Numbers of more than 32 bits, which no pid or user has, count as absent in their columns. */
static uint16_t present_of(const Entry *entry)
{
    uint32_t present = entry->present & PRESENT_KEPT;
    present &= entry->pid > UINT32_MAX ? ~(uint32_t)HAS_PID : UINT32_MAX;
    present &= entry->user > UINT32_MAX ? ~(uint32_t)HAS_USER : UINT32_MAX;
    return (uint16_t)present;
}

uint32_t columns_push(Columns *columns, const Entry *entry)
{
    if (columns->count == columns->capacity) {
        uint32_t capacity = columns->capacity + columns->capacity / 2;
        grow_to(columns, capacity < FIRST_CAPACITY ? FIRST_CAPACITY : capacity);
    }
    uint32_t index = columns->count++;
    columns->raw[index] = add_bytes(columns, entry->raw);
    columns->message[index] = add_message(columns, entry, columns->raw[index]);
    push_texts(columns, index, entry);
    columns->time_ns[index] = entry->time.ns;
    columns->zone_minutes[index] = entry->time.zone_minutes;
    columns->level[index] = (uint8_t)entry->level;
    columns->kind[index] = (uint8_t)entry->kind;
    columns->style[index] = (uint8_t)entry->style;
    columns->source[index] = entry->source;
    columns->flags[index] = (uint16_t)entry->flags;
    columns->present[index] = present_of(entry);
    columns->pid[index] = (uint32_t)entry->pid;
    columns->user[index] = (uint32_t)entry->user;
    columns->thread[index] = entry->thread;
    columns->activity[index] = entry->activity;
    columns->trace[index] = entry->trace;
    columns->mach[index] = entry->mach;
    columns->tag[index] = (ColumnTag){0};
    return index;
}

size_t columns_size(const Columns *columns)
{
    size_t per_entry = 0;
    for (size_t i = 0; i < ARRAY_LEN(SHAPES); i++) {
        per_entry += SHAPES[i].size;
    }
    return per_entry * columns->capacity + columns->bytes_capacity + sizeof(*columns->cache);
}

StrView columns_text(const Columns *columns, uint32_t value)
{
    if (!(value & COLUMN_LOCAL)) {
        return atom_text(columns->atoms, value);
    }
    uint32_t len;
    const char *at = columns->bytes + (value & ~COLUMN_LOCAL);
    memcpy(&len, at, sizeof(len));
    return sv_of(at + sizeof(len), len);
}

StrView columns_raw(const Columns *columns, uint32_t index)
{
    return view_bytes(columns, columns->raw[index]);
}

StrView columns_message(const Columns *columns, uint32_t index)
{
    return view_bytes(columns, columns->message[index]);
}

const uint32_t *columns_interned(const Columns *columns, FieldId id)
{
    const struct {
        FieldId id;
        const uint32_t *column;
    } interned[] = {
        {FIELD_PROCESS, columns->process},     {FIELD_PROCESS_PATH, columns->process_path},
        {FIELD_SENDER, columns->sender},       {FIELD_SENDER_PATH, columns->sender_path},
        {FIELD_SUBSYSTEM, columns->subsystem}, {FIELD_CATEGORY, columns->category},
    };
    for (size_t i = 0; i < ARRAY_LEN(interned); i++) {
        if (interned[i].id == id) {
            return interned[i].column;
        }
    }
    return NULL;
}

void columns_entry(const Columns *columns, uint32_t index, Entry *ret_entry)
{
    EntryKind kind = (EntryKind)columns->kind[index];
    *ret_entry = (Entry){
        .style = (Style)columns->style[index],
        .kind = kind,
        .level = (Level)columns->level[index],
        .flags = columns->flags[index],
        .present = columns->present[index],
        .source = columns->source[index],
        .time = {columns->time_ns[index], columns->zone_minutes[index]},
        .raw = columns_raw(columns, index),
        .message = columns_message(columns, index),
        .process_path = columns_text(columns, columns->process_path[index]),
        .process = columns_text(columns, columns->process[index]),
        .sender_path = columns_text(columns, columns->sender_path[index]),
        .sender = columns_text(columns, columns->sender[index]),
        .subsystem = columns_text(columns, columns->subsystem[index]),
        .category = columns_text(columns, columns->category[index]),
        .pid = columns->pid[index],
        .thread = columns->thread[index],
        .activity = columns->activity[index],
        .trace = columns->trace[index],
        .mach = columns->mach[index],
        .user = columns->user[index],
    };
    if (kind != KIND_UNPARSED && kind_word(kind)[0]) {
        ret_entry->type_word = sv(kind_word(kind));
    }
}

void columns_entry_full(const Columns *columns, uint32_t index, StrBuf *scratch, Entry *ret_entry)
{
    EntryKind kind = (EntryKind)columns->kind[index];
    Style style = (Style)columns->style[index];
    if (style == STYLE_NONE || kind == KIND_NOTICE) {
        strbuf_clear(scratch);
        columns_entry(columns, index, ret_entry);
        return;
    }
    decoder_read_entry(style, columns_raw(columns, index), scratch, ret_entry);
    /* What the bytes alone cannot say: where it came from, how its line ended, whose time. */
    ret_entry->flags = columns->flags[index];
    ret_entry->source = columns->source[index];
    ret_entry->time = (Stamp){columns->time_ns[index], columns->zone_minutes[index]};
}
