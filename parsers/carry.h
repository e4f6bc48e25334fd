/*
 * Carry: the bytes of a line or an object that have come so far, up to LINE_MAX_BYTES; what goes
 * beyond is counted, not kept. It knows nothing of where a line or an object ends.
 */
#ifndef PARSERS_CARRY_H
#define PARSERS_CARRY_H

#include "base/base.h"
#include "base/str.h"

typedef struct Carry {
    StrBuf held;
    uint64_t cut_bytes; /* not kept */
    bool is_spent;      /* it was given out and is dropped by carry_begin */
} Carry;

/* A Carry of all zeroes is ready for use. */
void carry_done(Carry *carry);

void carry_add(Carry *carry, StrView piece);
void carry_add_many(Carry *carry, char byte, size_t count);

/* Gives all that is held; valid until it is begun or dropped. */
StrView carry_give(Carry *carry);

/* Drops what was given out; does nothing where nothing was. */
void carry_begin(Carry *carry);

/* Empties it; memory that something very long blew up is given back. */
void carry_drop(Carry *carry);

#endif
