/*
 * Literals: each literal is known by its least common pair of neighbouring bytes; a pass over the
 * text looks each of its pairs up in a small table. No allocation while searching.
 */
#include "filters/literals.h"

#include <string.h>

#include "base/mem.h"

#define BUCKETS 8192 /* of 16 bits: stays in the first-level cache */

typedef struct Literal {
    StrView text;
    uint16_t pair_at; /* offset of its pair in `text` */
    uint16_t owner;
    uint16_t next; /* index of the next literal of the bucket, 0 = none */
} Literal;

struct Literals {
    uint16_t heads[BUCKETS];
    size_t count; /* from 1: index 0 is no literal */
    Literal items[LITERALS_MAX + 1];
};

static size_t bucket_of(const char *pair)
{
    unsigned first = (unsigned char)pair[0];
    unsigned second = (unsigned char)pair[1];
    return ((first * 67) ^ (second * 124)) % BUCKETS;
}

/* How often a byte is met in log messages, roughly: 0 seldom to 3 everywhere. */
static int commonness(char byte)
{
    if ((byte >= 'a' && byte <= 'z') || byte == ' ') {
        return 3;
    }
    if ((byte >= '0' && byte <= '9') || byte == '=' || byte == ':') {
        return 2;
    }
    return byte >= 'A' && byte <= 'Z' ? 1 : 0;
}

static size_t rarest_pair(StrView text)
{
    size_t best = 0;
    int least = INT32_MAX;
    for (size_t i = 0; i + 1 < text.len && i <= UINT16_MAX; i++) {
        int common = commonness(text.ptr[i]) + commonness(text.ptr[i + 1]);
        if (common < least) {
            least = common;
            best = i;
        }
    }
    return best;
}

Literals *literals_new(void)
{
    return mem_calloc(1, sizeof(Literals));
}

void literals_free(Literals *set)
{
    mem_free(set);
}

bool literals_add(Literals *set, StrView text, uint16_t owner)
{
    if (text.len < LITERAL_MIN || set->count == LITERALS_MAX) {
        return false;
    }
    size_t pair_at = rarest_pair(text);
    size_t bucket = bucket_of(text.ptr + pair_at);
    set->count++;
    set->items[set->count] = (Literal){
        .text = text, .pair_at = (uint16_t)pair_at, .owner = owner, .next = set->heads[bucket]};
    set->heads[bucket] = (uint16_t)set->count;
    return true;
}

LiteralScan literals_begin(const Literals *set, StrView text)
{
    return (LiteralScan){.set = set, .text = text};
}

/* Whether the literal stands in `text` with its pair at `at`. */
static bool stands_at(const Literal *literal, StrView text, size_t at)
{
    if (literal->pair_at > at) {
        return false;
    }
    size_t start = at - literal->pair_at;
    return literal->text.len <= text.len - start &&
           memcmp(text.ptr + start, literal->text.ptr, literal->text.len) == 0;
}

bool literals_next(LiteralScan *scan, uint16_t *ret_owner)
{
    const Literals *set = scan->set;
    StrView text = scan->text;
    size_t at = scan->at;
    uint16_t candidate = scan->next;

    for (;;) {
        /* Candidates belong to the pair before `at`. */
        while (candidate != 0) {
            const Literal *literal = &set->items[candidate];
            candidate = literal->next;
            if (stands_at(literal, text, at - 1)) {
                scan->at = at;
                scan->end = at - 1 - literal->pair_at + literal->text.len;
                scan->next = candidate;
                *ret_owner = literal->owner;
                return true;
            }
        }
        while (at + 1 < text.len && set->heads[bucket_of(text.ptr + at)] == 0) {
            at++;
        }
        if (at + 1 >= text.len) {
            scan->at = at;
            scan->next = 0;
            return false;
        }
        candidate = set->heads[bucket_of(text.ptr + at)];
        at++;
    }
}
