/*
 * Cutting objects out of a JSON array that is still coming, see array_reader.h.
 */
#include "parsers/array_reader.h"

void array_reader_done(ArrayReader *reader)
{
    carry_done(&reader->held);
    *reader = (ArrayReader){0};
}

static void give(ArrayReader *reader, bool is_ended, ArrayItem *ret_item)
{
    *ret_item =
        (ArrayItem){reader->piece, carry_give(&reader->held), reader->held.cut_bytes, is_ended};
    reader->is_open = false;
}

/* Follows one byte of an object; true when it closes it. */
static bool follow(ArrayReader *reader, char byte)
{
    reader->lines += byte == '\n' ? 1 : 0;
    if (reader->is_escaped) {
        reader->is_escaped = false;
        return false;
    }
    if (reader->is_in_string) {
        reader->is_escaped = byte == '\\';
        /* No string spans lines: at a line's end a missing quote is forgiven, so that one broken
         * object does not swallow all that follow. */
        reader->is_in_string = byte != '"' && byte != '\n';
        return false;
    }
    if (byte == '"') {
        reader->is_in_string = true;
    } else if (byte == '{') {
        reader->depth++;
    } else if (byte == '}') {
        reader->depth--;
    }
    return reader->depth == 0;
}

/* Number of bytes of `bytes` that belong to the piece at hand; whether its end is among them. */
static size_t span(ArrayReader *reader, StrView bytes, bool *ret_is_ended)
{
    *ret_is_ended = true;
    for (size_t i = 0; i < bytes.len; i++) {
        if (reader->piece == ARRAY_LINE) {
            if (bytes.ptr[i] == '\n') {
                reader->lines++;
                return i + 1;
            }
        } else if (follow(reader, bytes.ptr[i])) {
            return i + 1;
        }
    }
    *ret_is_ended = false;
    return bytes.len;
}

static bool is_between(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == ',' ||
           byte == '[' || byte == ']';
}

static void open_piece(ArrayReader *reader, StrView *bytes)
{
    size_t at = 0;
    while (at < bytes->len && is_between(bytes->ptr[at])) {
        reader->lines += bytes->ptr[at] == '\n' ? 1 : 0;
        at++;
    }
    *bytes = sv_slice(*bytes, at, bytes->len);
    if (bytes->len > 0) {
        reader->is_open = true;
        reader->piece = *bytes->ptr == '{' ? ARRAY_OBJECT : ARRAY_LINE;
        reader->is_in_string = false;
        reader->is_escaped = false;
        reader->depth = 0;
    }
}

bool array_reader_next(ArrayReader *reader, StrView *bytes, ArrayItem *ret_item)
{
    carry_begin(&reader->held);
    if (!reader->is_open) {
        open_piece(reader, bytes);
    }
    if (bytes->len == 0) {
        return false;
    }
    bool is_ended;
    size_t len = span(reader, *bytes, &is_ended);
    size_t kept = is_ended && reader->piece == ARRAY_LINE ? len - 1 : len;
    carry_add(&reader->held, sv_of(bytes->ptr, kept));
    *bytes = sv_of(bytes->ptr + len, bytes->len - len);
    if (is_ended) {
        give(reader, true, ret_item);
    }
    return is_ended;
}

bool array_reader_end(ArrayReader *reader, ArrayItem *ret_item)
{
    if (!reader->is_open) {
        return false;
    }
    give(reader, false, ret_item);
    return true;
}

/* The byte at `at` of two views in a row. */
static char byte_at(StrView head, StrView more, size_t at)
{
    if (at < head.len) {
        return head.ptr[at];
    }
    return more.ptr[at - head.len];
}

/* The guess when all `len` bytes say neither yes nor no. */
static ArrayGuess guess_of_blanks(size_t len)
{
    return len < ARRAY_GUESS_MAX ? ARRAY_MORE : ARRAY_NO;
}

ArrayGuess array_guess(StrView head, StrView more)
{
    if (head.len >= ARRAY_GUESS_MAX) {
        return ARRAY_NO;
    }
    size_t len = head.len + sv_slice(more, 0, ARRAY_GUESS_MAX - head.len).len;
    size_t at = 0;
    while (at < len && (byte_at(head, more, at) == ' ' || byte_at(head, more, at) == '\t')) {
        at++;
    }
    if (at == len) {
        return guess_of_blanks(len);
    }
    char open = byte_at(head, more, at++);
    if (open != '[' && open != '{') {
        return ARRAY_NO;
    }
    for (; at < len; at++) {
        char byte = byte_at(head, more, at);
        if (byte == '\n' || (open == '[' && (byte == '{' || byte == ']'))) {
            return ARRAY_YES;
        }
        if (byte != ' ' && byte != '\t' && byte != '\r') {
            return ARRAY_NO;
        }
    }
    return guess_of_blanks(len);
}
