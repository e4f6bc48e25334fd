/*
 * RedactionKnown: a hash table of whole texts. At the beginning of a word a hash runs along, and
 * wherever a known text could end there it is looked up; how far it must run, if at all, says a
 * table that is asked for the first word.
 */
#include "session/redaction_known.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/hash.h"
#include "base/mem.h"
#include "session/redaction.h"

#define SLOTS (2 * REDACTION_KNOWN_MAX) /* powers of two */
#define HEADS 32768

/* A text and its hash. All zeroes = free. */
typedef struct Slot {
    uint32_t hash;
    uint32_t index; /* + 1 */
} Slot;

struct RedactionKnown {
    uint64_t start; /* of every hash */
    uint64_t factor;
    Arena arena; /* of the texts */
    KnownText *texts;
    size_t count;
    size_t capacity;
    Slot slots[SLOTS];
    uint16_t heads[HEADS]; /* bytes of the longest text with such a first word; 0 = there is none */
};

RedactionKnown *redaction_known_new(void)
{
    RedactionKnown *known = mem_calloc(1, sizeof *known);
    HashKey key = hash_key_new();
    known->start = key.words[0];
    known->factor = key.words[1] | 1;
    return known;
}

void redaction_known_free(RedactionKnown *known)
{
    if (known == NULL) {
        return;
    }
    arena_done(&known->arena);
    mem_free(known->texts);
    mem_free(known);
}

bool redaction_known_is_word(char byte)
{
    return ascii_is_alnum(byte) || (unsigned char)byte >= 0x80;
}

/* A hash that can be asked after every byte. */
static uint64_t hash_on(const RedactionKnown *known, uint64_t hash, char byte)
{
    hash = (hash ^ ascii_lower(byte)) * known->factor;
    return hash ^ hash >> 32;
}

static uint64_t hash_of(const RedactionKnown *known, StrView text)
{
    uint64_t hash = known->start;
    for (size_t i = 0; i < text.len; i++) {
        hash = hash_on(known, hash, text.ptr[i]);
    }
    return hash;
}

static size_t word_len(StrView text)
{
    size_t len = 0;
    while (len < text.len && redaction_known_is_word(text.ptr[len])) {
        len++;
    }
    return len;
}

/* The place of a text in the table, or the free one where it belongs. */
static size_t place_of(const RedactionKnown *known, uint64_t hash, StrView text)
{
    size_t at = (size_t)hash % SLOTS;
    while (known->slots[at].index != 0) {
        const Slot *slot = &known->slots[at];
        if (slot->hash == (uint32_t)(hash >> 16) &&
            sv_equal_nocase(known->texts[slot->index - 1].text, text)) {
            break;
        }
        at = (at + 1) % SLOTS;
    }
    return at;
}

bool redaction_known_takes(const RedactionKnown *known, StrView text)
{
    return text.len >= REDACTION_KNOWN_MIN_BYTES && text.len <= REDACTION_KNOWN_MAX_BYTES &&
           known->count < REDACTION_KNOWN_MAX && redaction_known_is_word(text.ptr[0]) &&
           known->slots[place_of(known, hash_of(known, text), text)].index == 0;
}

bool redaction_known_add(RedactionKnown *known, KnownText text)
{
    if (!redaction_known_takes(known, text.text)) {
        return false;
    }
    if (known->count == known->capacity) {
        mem_grow((void **)&known->texts, &known->capacity, known->count, sizeof *known->texts);
    }
    uint64_t hash = hash_of(known, text.text);
    uint64_t first = hash_of(known, sv_slice(text.text, 0, word_len(text.text)));
    uint16_t *head = &known->heads[(size_t)first % HEADS];
    Slot *slot = &known->slots[place_of(known, hash, text.text)];
    text.text = arena_dup(&known->arena, text.text);
    known->texts[known->count++] = text;
    *slot = (Slot){.hash = (uint32_t)(hash >> 16), .index = (uint32_t)known->count};
    *head = *head < text.text.len ? (uint16_t)text.text.len : *head;
    return true;
}

size_t redaction_known_count(const RedactionKnown *known)
{
    return known->count;
}

const KnownText *redaction_known_get(const RedactionKnown *known, size_t index)
{
    assert(index < known->count);
    return &known->texts[index];
}

/* Whether a known text could end at `end`. */
static bool is_end(StrView text, size_t end)
{
    return end == text.len || !redaction_known_is_word(text.ptr[end]) ||
           !redaction_known_is_word(text.ptr[end - 1]);
}

/* Adds what begins at `at`, at most `max` bytes long; `end` and `hash` are those of the word that
 * begins there. */
static void find_at(const RedactionKnown *known, StrView text, size_t at, size_t end, uint64_t hash,
                    size_t max, RedactHits *hits)
{
    size_t last = text.len - at < max ? text.len : at + max;
    while (end <= last) {
        size_t place = (size_t)hash % SLOTS;
        if (known->slots[place].index != 0 && is_end(text, end)) {
            place = place_of(known, hash, sv_slice(text, at, end - at));
            uint32_t index = known->slots[place].index;
            if (index != 0) {
                const KnownText *found = &known->texts[index - 1];
                redact_hits_add(hits, (RedactHit){.start = at,
                                                  .end = end,
                                                  .rule = REDACT_RULE_NONE,
                                                  .kind = found->kind,
                                                  .is_exact = found->is_exact});
            }
        }
        if (end == text.len) {
            return;
        }
        hash = hash_on(known, hash, text.ptr[end++]);
    }
}

void redaction_known_find(const RedactionKnown *known, StrView text, RedactHits *hits)
{
    size_t at = 0;
    while (known->count > 0 && at < text.len) {
        size_t start = at;
        uint64_t hash = known->start;
        while (at < text.len && redaction_known_is_word(text.ptr[at])) {
            hash = hash_on(known, hash, text.ptr[at++]);
        }
        size_t max = at > start ? known->heads[(size_t)hash % HEADS] : 0;
        if (max >= at - start && max > 0) {
            find_at(known, text, start, at, hash, max, hits);
        }
        at += at == start;
    }
}
