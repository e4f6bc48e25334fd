/*
 * Cutting bytes into lines, see lines.h.
 */
#include "parsers/lines.h"

#include <string.h>

#include "parsers/decoder.h"

/* A carry that a very long line blew up is given back. */
#define CARRY_KEPT (256 * KIB)

void lines_done(Lines *lines)
{
    strbuf_done(&lines->carry);
    *lines = (Lines){0};
}

void lines_drop(Lines *lines)
{
    if (lines->carry.capacity > CARRY_KEPT) {
        strbuf_done(&lines->carry);
    }
    strbuf_clear(&lines->carry);
    lines->cut_bytes = 0;
    lines->is_spent = false;
}

StrView lines_pending(const Lines *lines)
{
    return lines->is_spent ? SV("") : strbuf_view(&lines->carry);
}

static void keep(Lines *lines, StrView piece)
{
    size_t room = LINE_MAX_BYTES - lines->carry.len;
    strbuf_add(&lines->carry, sv_slice(piece, 0, room));
    lines->cut_bytes += piece.len > room ? piece.len - room : 0;
}

static void give_carry(Lines *lines, bool has_eol, Line *ret_line)
{
    *ret_line = (Line){strbuf_view(&lines->carry), lines->cut_bytes, has_eol};
    lines->is_spent = true;
}

bool lines_next(Lines *lines, StrView *bytes, Line *ret_line)
{
    if (lines->is_spent) {
        lines_drop(lines);
    }
    if (bytes->len == 0) {
        return false;
    }
    const char *end = memchr(bytes->ptr, '\n', bytes->len);
    size_t len = end ? (size_t)(end - bytes->ptr) : bytes->len;
    StrView piece = sv_of(bytes->ptr, len);
    *bytes = sv_of(bytes->ptr + len + (end ? 1 : 0), bytes->len - len - (end ? 1 : 0));
    if (!end || lines->carry.len > 0) {
        keep(lines, piece);
        if (end) {
            give_carry(lines, true, ret_line);
        }
        return end != NULL;
    }
    *ret_line = (Line){sv_slice(piece, 0, LINE_MAX_BYTES), 0, true};
    ret_line->cut_bytes = piece.len - ret_line->text.len;
    return true;
}

bool lines_end(Lines *lines, Line *ret_line)
{
    if (lines->is_spent || lines->carry.len == 0) {
        return false;
    }
    give_carry(lines, false, ret_line);
    return true;
}
