/*
 * SHA-256: see sha256.h. Block by block over big-endian words, as FIPS 180-4 writes it.
 */
#include "base/sha256.h"

#include <string.h>

#define BLOCK_BYTES 64
#define LENGTH_AT 56 /* where the length stands in the last block */

/* The first 32 bits of the fractions of the square roots of the first 8 primes, and of the cube
 * roots of the first 64. */
/* clang-format off */
static const uint32_t START[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const uint32_t ROUND[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
/* clang-format on */

static uint32_t turn(uint32_t word, unsigned by)
{
    return word >> by | word << (32 - by);
}

static void spread(const unsigned char *block, uint32_t words[64])
{
    for (size_t i = 0; i < 16; i++) {
        const unsigned char *at = block + 4 * i;
        words[i] =
            (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | (uint32_t)at[3];
    }
    for (size_t i = 16; i < 64; i++) {
        uint32_t early = words[i - 15];
        uint32_t late = words[i - 2];
        words[i] = words[i - 16] + (turn(early, 7) ^ turn(early, 18) ^ early >> 3) + words[i - 7] +
                   (turn(late, 17) ^ turn(late, 19) ^ late >> 10);
    }
}

static void take_block(Sha256 *sum, const unsigned char *block)
{
    uint32_t words[64];
    uint32_t *state = sum->state;
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    spread(block, words);
    for (size_t i = 0; i < 64; i++) {
        uint32_t choice = (e & f) ^ (~e & g);
        uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
        uint32_t one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + ROUND[i] + words[i];
        uint32_t two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority;
        h = g, g = f, f = e, e = d + one;
        d = c, c = b, b = a, a = one + two;
    }
    const uint32_t after[] = {a, b, c, d, e, f, g, h};
    for (size_t i = 0; i < ARRAY_LEN(after); i++) {
        state[i] += after[i];
    }
}

void sha256_init(Sha256 *sum)
{
    memcpy(sum->state, START, sizeof START);
    sum->len = 0;
}

void sha256_add(Sha256 *sum, StrView bytes)
{
    size_t held = (size_t)(sum->len % BLOCK_BYTES);
    sum->len += bytes.len;
    while (bytes.len > 0) {
        size_t room = BLOCK_BYTES - held;
        if (held == 0 && bytes.len >= BLOCK_BYTES) {
            take_block(sum, (const unsigned char *)bytes.ptr);
            bytes = sv_slice(bytes, BLOCK_BYTES, SIZE_MAX);
            continue;
        }
        size_t count = bytes.len < room ? bytes.len : room;
        memcpy(sum->block + held, bytes.ptr, count);
        bytes = sv_slice(bytes, count, SIZE_MAX);
        held += count;
        if (held == BLOCK_BYTES) {
            take_block(sum, sum->block);
            held = 0;
        }
    }
}

void sha256_end(Sha256 *sum, char ret_hex[SHA256_HEX_MAX])
{
    static const char DIGITS[] = "0123456789abcdef";
    uint64_t bits = sum->len * 8;
    size_t held = (size_t)(sum->len % BLOCK_BYTES);
    sum->block[held++] = 0x80;
    if (held > LENGTH_AT) {
        memset(sum->block + held, 0, BLOCK_BYTES - held);
        take_block(sum, sum->block);
        held = 0;
    }
    memset(sum->block + held, 0, LENGTH_AT - held);
    for (size_t i = 0; i < 8; i++) {
        sum->block[LENGTH_AT + i] = (unsigned char)(bits >> (56 - 8 * i));
    }
    take_block(sum, sum->block);
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        unsigned byte = sum->state[i / 4] >> (24 - 8 * (i % 4)) & 0xff;
        ret_hex[2 * i] = DIGITS[byte >> 4];
        ret_hex[2 * i + 1] = DIGITS[byte & 15];
    }
    ret_hex[2 * SHA256_BYTES] = '\0';
}
