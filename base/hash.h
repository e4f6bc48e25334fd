/*
 * Hash: SipHash-1-3 over words and texts, for tables that hold text from outside: without the key
 * nobody can prepare texts that fall into one bucket. No checksum: what it gives means nothing in
 * another table or another run, so nothing that can be seen may depend on it.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/base.h"
#include "base/str.h"

typedef struct HashKey {
    uint64_t words[2];
} HashKey;

typedef struct Hash {
    uint64_t state[4];
} Hash;

/* Makes a key that nobody can guess; one for each table. */
HashKey hash_key_new(void);

/* Begins a hash, to be fed with words and texts in any order. */
Hash hash_begin(HashKey key);
void hash_add_word(Hash *hash, uint64_t word);

/* Adds a text with its length, so that the seams between texts count; nil is another than "". */
void hash_add_text(Hash *hash, StrView text);

/* Gives 64 bits; each further call 64 more that have nothing to do with those before. */
uint64_t hash_end(Hash *hash);

#endif
