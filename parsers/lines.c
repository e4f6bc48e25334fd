/*
 * Cutting bytes into lines, see lines.h.
 */
#include "parsers/lines.h"

#include <string.h>

#include "parsers/decoder.h"

void lines_done(Lines *lines)
{
    carry_done(&lines->carry);
}

void lines_drop(Lines *lines)
{
    carry_drop(&lines->carry);
}

StrView lines_pending(const Lines *lines)
{
    return lines->carry.is_spent ? SV("") : strbuf_view(&lines->carry.held);
}

static void give_carry(Lines *lines, bool has_eol, Line *ret_line)
{
    *ret_line = (Line){carry_give(&lines->carry), lines->carry.cut_bytes, has_eol};
}

bool lines_next(Lines *lines, StrView *bytes, Line *ret_line)
{
    carry_begin(&lines->carry);
    if (bytes->len == 0) {
        return false;
    }
    const char *end = memchr(bytes->ptr, '\n', bytes->len);
    size_t len = end ? (size_t)(end - bytes->ptr) : bytes->len;
    StrView piece = sv_of(bytes->ptr, len);
    *bytes = sv_of(bytes->ptr + len + (end ? 1 : 0), bytes->len - len - (end ? 1 : 0));
    if (!end || lines->carry.held.len > 0) {
        carry_add(&lines->carry, piece);
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
    if (lines->carry.is_spent || lines->carry.held.len == 0) {
        return false;
    }
    give_carry(lines, false, ret_line);
    return true;
}
