/*
 * Keyed hashing, see hash.h. The design is that of J.-P. Aumasson and D. J. Bernstein, with one
 * round a word and three at the end; texts are padded by their length in front.
 */
#include "base/hash.h"

#include <string.h>
#include <sys/random.h>

#include "base/clock.h"

static uint64_t rotate(uint64_t word, unsigned by)
{
    return word << by | word >> (64 - by);
}

static void mix(uint64_t *state)
{
    state[0] += state[1];
    state[2] += state[3];
    state[1] = rotate(state[1], 13) ^ state[0];
    state[3] = rotate(state[3], 16) ^ state[2];
    state[0] = rotate(state[0], 32);
    state[2] += state[1];
    state[0] += state[3];
    state[1] = rotate(state[1], 17) ^ state[2];
    state[3] = rotate(state[3], 21) ^ state[0];
    state[2] = rotate(state[2], 32);
}

HashKey hash_key_new(void)
{
    HashKey key;
    if (getentropy(&key, sizeof(key)) != 0) {
        /* Where the system has none: hard to guess at least from outside. */
        key.words[0] = (uint64_t)clock_monotonic();
        key.words[1] = (uint64_t)(uintptr_t)&key ^ (uint64_t)clock_now().ns;
    }
    return key;
}

Hash hash_begin(HashKey key)
{
    return (Hash){{
        key.words[0] ^ UINT64_C(0x736f6d6570736575),
        key.words[1] ^ UINT64_C(0x646f72616e646f6d),
        key.words[0] ^ UINT64_C(0x6c7967656e657261),
        key.words[1] ^ UINT64_C(0x7465646279746573),
    }};
}

void hash_add_word(Hash *hash, uint64_t word)
{
    hash->state[3] ^= word;
    mix(hash->state);
    hash->state[0] ^= word;
}

void hash_add_text(Hash *hash, StrView text)
{
    if (!text.ptr) {
        hash_add_word(hash, UINT64_MAX);
        return;
    }
    hash_add_word(hash, text.len);
    for (size_t at = 0; at < text.len; at += sizeof(uint64_t)) {
        size_t left = text.len - at;
        uint64_t word = 0;
        if (left >= sizeof(word)) {
            memcpy(&word, text.ptr + at, sizeof(word));
        } else {
            memcpy(&word, text.ptr + at, left);
        }
        hash_add_word(hash, word);
    }
}

uint64_t hash_end(Hash *hash)
{
    hash->state[2] ^= 0xff;
    for (int i = 0; i < 3; i++) {
        mix(hash->state);
    }
    return hash->state[0] ^ hash->state[1] ^ hash->state[2] ^ hash->state[3];
}
