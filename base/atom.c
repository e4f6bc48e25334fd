/*
 * AtomTable: a hash table with open addressing over an array of texts, which lie in blocks that
 * never move. Atoms are never taken back; the bounds keep it small. No locking.
 */
#include "base/atom.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define ATOMS_MAX ((Atom)1 << 20)

enum { SLOTS_FIRST = 256, BLOCK_SIZE = 64 * 1024 };

typedef struct AtomSlot {
    uint32_t hash; /* upper half of the text's hash */
    Atom atom;     /* ATOM_NONE = free */
} AtomSlot;

typedef struct TextBlock TextBlock;
struct TextBlock {
    TextBlock *next;
    char data[];
};

struct AtomTable {
    HashKey key;
    AtomSlot *slots;
    size_t slot_mask; /* number of slots - 1, a power of two less one */
    StrView *texts;   /* by atom */
    size_t texts_capacity;
    Atom count;
    TextBlock *blocks; /* newest first */
    char *free_ptr;    /* where the next text goes in the newest block */
    size_t free_len;
    size_t text_bytes;  /* held text, against max_bytes */
    size_t block_bytes; /* memory of all blocks */
    size_t max_bytes;
};

static uint64_t hash_text(const AtomTable *table, StrView text)
{
    Hash hash = hash_begin(table->key);
    hash_add_text(&hash, text);
    return hash_end(&hash);
}

/* Finds the slot of `text`, or the free one where it belongs. */
static size_t find_slot(const AtomTable *table, StrView text, uint64_t hash)
{
    uint32_t tag = (uint32_t)(hash >> 32);
    size_t slot = (size_t)hash & table->slot_mask;

    for (;;) {
        AtomSlot at = table->slots[slot];
        if (at.atom == ATOM_NONE) {
            return slot;
        }
        if (at.hash == tag) {
            StrView held = table->texts[at.atom];
            if (held.len == text.len && memcmp(held.ptr, text.ptr, text.len) == 0) {
                return slot;
            }
        }
        slot = (slot + 1) & table->slot_mask;
    }
}

static void grow_slots(AtomTable *table)
{
    size_t slot_count = (table->slot_mask + 1) * 2;

    mem_free(table->slots);
    table->slots = mem_calloc(slot_count, sizeof *table->slots);
    table->slot_mask = slot_count - 1;
    for (Atom atom = ATOM_EMPTY + 1; atom < table->count; atom++) {
        uint64_t hash = hash_text(table, table->texts[atom]);
        size_t slot = (size_t)hash & table->slot_mask;
        while (table->slots[slot].atom != ATOM_NONE) {
            slot = (slot + 1) & table->slot_mask;
        }
        table->slots[slot] = (AtomSlot){.hash = (uint32_t)(hash >> 32), .atom = atom};
    }
}

static const char *keep_text(AtomTable *table, StrView text)
{
    if (text.len > table->free_len) {
        size_t size = text.len > BLOCK_SIZE ? text.len : BLOCK_SIZE;
        TextBlock *block = mem_alloc(sizeof *block + size);
        block->next = table->blocks;
        table->blocks = block;
        table->block_bytes += sizeof *block + size;
        table->free_ptr = block->data;
        table->free_len = size;
    }
    char *kept = table->free_ptr;
    memcpy(kept, text.ptr, text.len);
    table->free_ptr += text.len;
    table->free_len -= text.len;
    table->text_bytes += text.len;
    return kept;
}

static Atom add_text(AtomTable *table, StrView text)
{
    mem_grow((void **)&table->texts, &table->texts_capacity, table->count, sizeof *table->texts);
    table->texts[table->count] = text;
    return table->count++;
}

AtomTable *atom_table_new(size_t max_bytes)
{
    AtomTable *table = mem_calloc(1, sizeof *table);

    table->key = hash_key_new();
    table->max_bytes = max_bytes;
    table->slots = mem_calloc(SLOTS_FIRST, sizeof *table->slots);
    table->slot_mask = SLOTS_FIRST - 1;
    (void)add_text(table, SV_NONE); /* ATOM_NONE */
    (void)add_text(table, SV(""));  /* ATOM_EMPTY */
    return table;
}

void atom_table_free(AtomTable *table)
{
    if (table == NULL) {
        return;
    }
    while (table->blocks != NULL) {
        TextBlock *next = table->blocks->next;
        mem_free(table->blocks);
        table->blocks = next;
    }
    mem_free(table->slots);
    mem_free(table->texts);
    mem_free(table);
}

Atom atom_intern(AtomTable *table, StrView text)
{
    if (text.len == 0) {
        return text.ptr == NULL ? ATOM_NONE : ATOM_EMPTY;
    }
    uint64_t hash = hash_text(table, text);
    size_t slot = find_slot(table, text, hash);
    if (table->slots[slot].atom != ATOM_NONE) {
        return table->slots[slot].atom;
    }
    if (table->count >= ATOMS_MAX || text.len > table->max_bytes - table->text_bytes) {
        return ATOM_FULL;
    }

    Atom atom = add_text(table, sv_of(keep_text(table, text), text.len));
    table->slots[slot] = (AtomSlot){.hash = (uint32_t)(hash >> 32), .atom = atom};
    if ((size_t)table->count * 2 > table->slot_mask) {
        grow_slots(table);
    }
    return atom;
}

Atom atom_find(const AtomTable *table, StrView text)
{
    if (text.len == 0) {
        return text.ptr == NULL ? ATOM_NONE : ATOM_EMPTY;
    }
    Atom atom = table->slots[find_slot(table, text, hash_text(table, text))].atom;
    return atom == ATOM_NONE ? ATOM_FULL : atom;
}

StrView atom_text(const AtomTable *table, Atom atom)
{
    return atom < table->count ? table->texts[atom] : SV_NONE;
}

Atom atom_count(const AtomTable *table)
{
    return table->count;
}

size_t atom_bytes(const AtomTable *table)
{
    return sizeof *table + (table->slot_mask + 1) * sizeof *table->slots +
           table->texts_capacity * sizeof *table->texts + table->block_bytes;
}
