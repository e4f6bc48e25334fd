/*
 * RedactionValues: a hash table from digests of values to their names, and the known texts, which
 * redaction_known.c looks for.
 */
#include "session/redaction_values.h"

#include <string.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/mem.h"
#include "filters/redact_decode.h"
#include "session/redaction.h"
#include "session/redaction_known.h"

#define SLOTS_START 256    /* a power of two */
#define CODE_DIGITS_MIN 12 /* of what is known without its separators: a MAC address */
#define MAC_PARTS 6
#define EXACT 1 /* tags of digests */
#define FOLDED 2
#define PREFIX 3
#define UUID_DIGITS 32
#define PREFIX_DIGITS 8
#define AMBIGUOUS UINT32_MAX /* the value of a slot of several */

/* A digest and what has it. All zeroes = free. */
typedef struct Slot {
    uint64_t digest[2];
    uint32_t value; /* index + 1 */
} Slot;

typedef struct Value {
    uint32_t kind; /* index */
    uint32_t number;
    bool is_exact; /* letter case counts */
} Value;

typedef struct Kind {
    StrView name;
    uint32_t last; /* number */
} Kind;

struct RedactionValues {
    HashKey key;
    Slot *slots;
    size_t slot_count;
    size_t used;
    Value *values;
    size_t value_count;
    size_t value_capacity;
    Kind *kinds;
    size_t kind_count;
    size_t kind_capacity;
    RedactionKnown *known;
    StrBuf plain;  /* a value without its encoding and separators */
    StrBuf folded; /* the same in small letters */
};

RedactionValues *redaction_values_new(void)
{
    RedactionValues *values = mem_calloc(1, sizeof *values);
    values->key = hash_key_new();
    values->slot_count = SLOTS_START;
    values->slots = mem_calloc(values->slot_count, sizeof *values->slots);
    values->known = redaction_known_new();
    return values;
}

void redaction_values_free(RedactionValues *values)
{
    if (values == NULL) {
        return;
    }
    mem_free(values->slots);
    mem_free(values->values);
    mem_free(values->kinds);
    redaction_known_free(values->known);
    strbuf_done(&values->plain);
    strbuf_done(&values->folded);
    mem_free(values);
}

/* --- spelling -----------------------------------------------------------------------------------
 */

static void add_small(StrBuf *buf, StrView text)
{
    for (size_t i = 0; i < text.len; i++) {
        strbuf_add_char(buf, (char)ascii_lower(text.ptr[i]));
    }
}

/* Whether `text` is hexadecimal digits with separators between them. */
static bool is_code(StrView text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (!ascii_is_hex(byte) && byte != '-' && byte != ':' && byte != ' ') {
            return false;
        }
        digits += ascii_is_hex(byte);
    }
    return digits >= CODE_DIGITS_MIN;
}

/* "0:1c:42:0:0:1" is "00:1c:42:00:00:01". */
static bool is_short_mac(StrView text)
{
    size_t parts = 1, len = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool is_colon = text.ptr[i] == ':';
        parts += is_colon;
        len = is_colon ? 0 : len + 1;
        if (len > 2 || (!is_colon && !ascii_is_hex(text.ptr[i]))) {
            return false;
        }
    }
    return parts == MAC_PARTS;
}

static void add_mac(StrBuf *buf, StrView text)
{
    for (size_t at = 0; at < text.len;) {
        StrView rest = sv_slice(text, at, SIZE_MAX);
        size_t colon = sv_find_char(rest, ':');
        StrView part = sv_slice(rest, 0, colon);
        strbuf_add_many(buf, '0', part.len < 2 ? 2 - part.len : 0);
        add_small(buf, part);
        at += part.len + 1;
    }
}

static void add_code(StrBuf *buf, StrView text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (ascii_is_hex(text.ptr[i])) {
            strbuf_add_char(buf, (char)ascii_lower(text.ptr[i]));
        }
    }
}

/* Leaves in `plain` what all spellings of a value have in common but letter case. */
static void spell(RedactionValues *values, StrView value)
{
    strbuf_clear(&values->folded);
    redact_decode_all(value, &values->folded);
    StrView text = sv_trim(strbuf_view(&values->folded));
    StrView rest = sv_slice(text, 2, SIZE_MAX);
    StrBuf *plain = &values->plain;
    strbuf_clear(plain);
    if (is_short_mac(text)) {
        add_mac(plain, text);
    } else if (is_code(text)) {
        add_code(plain, text);
    } else if (sv_equal_nocase(sv_slice(text, 0, 2), SV("0x")) && rest.len > 0) {
        add_small(plain, rest);
    } else if (text.len > 6 && sv_equal_nocase(sv_slice(text, text.len - 6, 6), SV(".local"))) {
        strbuf_add(plain, sv_slice(text, 0, text.len - 6));
    } else {
        strbuf_add(plain, text);
    }
    strbuf_clear(&values->folded);
    add_small(&values->folded, strbuf_view(plain));
}

/* --- names --------------------------------------------------------------------------------------
 */

static void digest_of(const RedactionValues *values, uint64_t tag, StrView text, uint64_t ret[2])
{
    Hash hash = hash_begin(values->key);
    hash_add_word(&hash, tag);
    hash_add_text(&hash, text);
    ret[0] = hash_end(&hash) | 1; /* a digest is never that of a free slot */
    ret[1] = hash_end(&hash);
}

/* The slot of a digest, or the free one where it belongs. */
static Slot *find_slot(const RedactionValues *values, const uint64_t digest[2])
{
    size_t mask = values->slot_count - 1;
    size_t at = (size_t)(digest[0] >> 1) & mask;
    while (values->slots[at].value != 0 &&
           (values->slots[at].digest[0] != digest[0] || values->slots[at].digest[1] != digest[1])) {
        at = (at + 1) & mask;
    }
    return &values->slots[at];
}

static void grow(RedactionValues *values)
{
    Slot *old = values->slots;
    size_t count = values->slot_count;
    values->slot_count *= 2;
    values->slots = mem_calloc(values->slot_count, sizeof *values->slots);
    for (size_t i = 0; i < count; i++) {
        if (old[i].value != 0) {
            *find_slot(values, old[i].digest) = old[i];
        }
    }
    mem_free(old);
}

static void put(RedactionValues *values, const uint64_t digest[2], size_t value)
{
    if (values->used * 2 >= values->slot_count) {
        grow(values);
    }
    Slot *slot = find_slot(values, digest);
    if (slot->value == 0) {
        *slot = (Slot){.digest = {digest[0], digest[1]}, .value = (uint32_t)value + 1};
        values->used++;
    }
}

static uint32_t kind_index(RedactionValues *values, StrView name)
{
    for (size_t i = 0; i < values->kind_count; i++) {
        if (sv_equal(values->kinds[i].name, name)) {
            return (uint32_t)i;
        }
    }
    if (values->kind_count == values->kind_capacity) {
        mem_grow((void **)&values->kinds, &values->kind_capacity, values->kind_count,
                 sizeof *values->kinds);
    }
    values->kinds[values->kind_count] = (Kind){.name = name};
    return (uint32_t)values->kind_count++;
}

static size_t add_value(RedactionValues *values, StrView kind, bool is_exact)
{
    if (values->value_count == values->value_capacity) {
        mem_grow((void **)&values->values, &values->value_capacity, values->value_count,
                 sizeof *values->values);
    }
    uint32_t index = kind_index(values, kind);
    values->values[values->value_count] =
        (Value){.kind = index, .number = ++values->kinds[index].last, .is_exact = is_exact};
    return values->value_count++;
}

/* The first eight digits of a UUID stand for it where a line has no more, unless two begin so. */
static void put_prefix(RedactionValues *values, size_t value)
{
    uint64_t digest[2];
    StrView text = strbuf_view(&values->folded);
    if (text.len != UUID_DIGITS || !is_code(text)) {
        return;
    }
    digest_of(values, PREFIX, sv_slice(text, 0, PREFIX_DIGITS), digest);
    Slot *slot = find_slot(values, digest);
    if (slot->value == 0) {
        put(values, digest, value);
    } else {
        slot->value = AMBIGUOUS;
    }
}

static uint32_t find_prefix(const RedactionValues *values)
{
    uint64_t digest[2];
    StrView text = strbuf_view(&values->folded);
    if (text.len != PREFIX_DIGITS) {
        return 0;
    }
    digest_of(values, PREFIX, text, digest);
    uint32_t found = find_slot(values, digest)->value;
    return found != AMBIGUOUS ? found : 0;
}

ValueName redaction_values_name(RedactionValues *values, StrView value, StrView kind, ValueCase how)
{
    uint64_t exact[2], folded[2];
    spell(values, value);
    digest_of(values, EXACT, strbuf_view(&values->plain), exact);
    digest_of(values, FOLDED, strbuf_view(&values->folded), folded);
    uint32_t found = find_slot(values, exact)->value;
    if (found == 0) {
        uint32_t other = find_slot(values, folded)->value;
        /* Two secrets that differ in letter case are two. */
        found = other != 0 && how == CASE_EXACT && values->values[other - 1].is_exact ? 0 : other;
    }
    found = found == 0 ? find_prefix(values) : found;
    bool is_new = found == 0;
    if (is_new && values->value_count == REDACTION_VALUES_MAX) {
        return (ValueName){.kind = kind};
    }
    size_t index = is_new ? add_value(values, kind, how != CASE_FOLDED) : found - 1;
    if (is_new) {
        put(values, exact, index);
        put(values, folded, index);
        put_prefix(values, index);
    }
    const Value *named = &values->values[index];
    return (ValueName){
        .kind = values->kinds[named->kind].name, .number = named->number, .is_new = is_new};
}

uint64_t redaction_values_count(const RedactionValues *values)
{
    return values->value_count;
}

void redaction_values_each_kind(const RedactionValues *values,
                                void (*each)(void *context, StrView kind, uint32_t count),
                                void *context)
{
    for (size_t i = 0; i < values->kind_count; i++) {
        each(context, values->kinds[i].name, values->kinds[i].last);
    }
}

/* --- what is known everywhere -------------------------------------------------------------------
 */

/* Gives `value` as it is looked for; nil = it cannot be, or is already. */
static StrView fold_known(RedactionValues *values, StrView value)
{
    strbuf_clear(&values->plain);
    redact_decode_all(value, &values->plain);
    strbuf_clear(&values->folded);
    add_small(&values->folded, sv_trim(strbuf_view(&values->plain)));
    StrView folded = strbuf_view(&values->folded);
    return redaction_known_takes(values->known, folded) ? folded : SV_NONE;
}

bool redaction_values_is_news(RedactionValues *values, StrView value)
{
    return fold_known(values, value).ptr != NULL;
}

bool redaction_values_know(RedactionValues *values, StrView value, StrView kind, bool is_exact)
{
    StrView folded = fold_known(values, value);
    return folded.ptr != NULL &&
           redaction_known_add(values->known,
                               (KnownText){.text = folded, .kind = kind, .is_exact = is_exact});
}

void redaction_values_know_all(RedactionValues *values, const RedactionValues *others)
{
    for (size_t i = 0; i < redaction_known_count(others->known); i++) {
        (void)redaction_known_add(values->known, *redaction_known_get(others->known, i));
    }
}

uint64_t redaction_values_known(const RedactionValues *values)
{
    return redaction_known_count(values->known);
}

void redaction_values_find(const RedactionValues *values, StrView text, RedactHits *hits)
{
    redaction_known_find(values->known, text, hits);
}
