/*
 * SHA-256 (FIPS 180-4): the checksum that tells whether a text is still the one that was written.
 * For evidence only, not for tables (base/hash.h) and not for anything secret.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/base.h"
#include "base/str.h"

#define SHA256_BYTES 32
#define SHA256_HEX_MAX (2 * SHA256_BYTES + 1) /* with the NUL */

typedef struct Sha256 {
    uint32_t state[8];
    uint64_t len; /* bytes so far */
    unsigned char block[64];
} Sha256;

/* Begins a sum, to be fed in any pieces. */
void sha256_init(Sha256 *sum);
void sha256_add(Sha256 *sum, StrView bytes);

/* Ends it: 64 lower-case digits and a NUL. The sum must be begun again before further use. */
void sha256_end(Sha256 *sum, char ret_hex[SHA256_HEX_MAX]);

#endif
