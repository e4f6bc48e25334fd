/*
 * Holding on to the beginning of what has not ended yet, see carry.h.
 */
#include "parsers/carry.h"

#include "parsers/decoder.h"

#define MEMORY_KEPT (256 * KIB)

void carry_done(Carry *carry)
{
    strbuf_done(&carry->held);
    *carry = (Carry){0};
}

/* How many of `len` further bytes there is room for; the others are counted. */
static size_t take_room(Carry *carry, size_t len)
{
    size_t room = LINE_MAX_BYTES - carry->held.len;
    size_t kept = len < room ? len : room;
    carry->cut_bytes += len - kept;
    return kept;
}

void carry_add(Carry *carry, StrView piece)
{
    strbuf_add(&carry->held, sv_slice(piece, 0, take_room(carry, piece.len)));
}

void carry_add_many(Carry *carry, char byte, size_t count)
{
    strbuf_add_many(&carry->held, byte, take_room(carry, count));
}

StrView carry_give(Carry *carry)
{
    carry->is_spent = true;
    return strbuf_view(&carry->held);
}

void carry_begin(Carry *carry)
{
    if (carry->is_spent) {
        carry_drop(carry);
    }
}

void carry_drop(Carry *carry)
{
    if (carry->held.capacity > MEMORY_KEPT) {
        strbuf_done(&carry->held);
    }
    strbuf_clear(&carry->held);
    carry->cut_bytes = 0;
    carry->is_spent = false;
}
