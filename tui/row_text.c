/*
 * Row text: see row_text.h. Whatever the message's length, a call looks at no more than the line it
 * gives (and, to count, at a bounded start).
 */
#include "tui/row_text.h"

#include <string.h>

#include "base/utf8.h"

#define COUNT_MAX (64 * KIB)
#define ASCII_END 0x80

static bool is_line_end(char byte)
{
    return byte == '\n' || byte == '\r';
}

RowText row_text_begin(StrView text)
{
    size_t at = 0;

    while (text.len > 0 && (is_line_end(text.ptr[text.len - 1]) || text.ptr[text.len - 1] == ' ')) {
        text.len--;
    }
    while (at < text.len && is_line_end(text.ptr[at])) {
        at++;
    }
    return (RowText){.text = text, .at = at};
}

bool row_text_is_over(const RowText *parts)
{
    return parts->at >= parts->text.len;
}

uint32_t row_text_rest(const RowText *parts)
{
    return row_text_is_over(parts) ? 0 : (uint32_t)(parts->text.len - parts->at);
}

/* Where the line that begins at `from` ends, without its line end. */
static size_t line_end(StrView text, size_t from, size_t newline)
{
    size_t end = newline == SIZE_MAX ? text.len : newline;

    return end > from && end < text.len && text.ptr[end - 1] == '\r' ? end - 1 : end;
}

uint32_t row_text_first(const RowText *parts, uint32_t *ret_from, uint32_t *ret_to)
{
    StrView rest = sv_slice(parts->text, parts->at, COUNT_MAX);
    size_t newline = sv_find_char(rest, '\n');
    uint32_t lines = 0;

    *ret_from = (uint32_t)parts->at;
    *ret_to = (uint32_t)line_end(parts->text, parts->at,
                                 newline == SIZE_MAX ? SIZE_MAX : parts->at + newline);
    while (newline != SIZE_MAX) {
        lines++;
        rest = sv_slice(rest, newline + 1, SIZE_MAX);
        newline = sv_find_char(rest, '\n');
    }
    return lines;
}

/* Whether a line may end before byte `at`, behind what holds no word together. */
static bool is_word_end(StrView text, size_t at)
{
    return memchr("-/.,;", text.ptr[at - 1], sizeof "-/.,;" - 1) != NULL &&
           (unsigned char)text.ptr[at] < ASCII_END;
}

/* Where a line ends that has room for `fits` bytes: at a blank in its last third, else behind a
 * sign there, else in the middle of a word. What follows must be ASCII: it could be the rest of a
 * cluster otherwise. */
static size_t break_at(StrView text, size_t fits)
{
    size_t least = fits - fits / 3;
    size_t sign = 0;

    for (size_t at = fits; at >= least && at > 0; at--) {
        bool is_safe = at == fits || (unsigned char)text.ptr[at + 1] < ASCII_END;

        if (text.ptr[at] == ' ' && is_safe) {
            return at;
        }
        if (sign == 0 && is_word_end(text, at)) {
            sign = at;
        }
    }
    return sign > 0 ? sign : fits;
}

/* The start of the line after one that was broken at `at`: blanks there are not shown, nor is a
 * line end that they hide. */
static size_t after_break(StrView text, size_t at)
{
    size_t next = at;

    while (next < text.len && text.ptr[next] == ' ') {
        next++;
    }
    if (next == at || next == text.len || !is_line_end(text.ptr[next])) {
        return next;
    }
    size_t newline = text.ptr[next] == '\r' ? next + 1 : next;

    return newline < text.len && text.ptr[newline] == '\n' ? newline + 1 : next;
}

bool row_text_next(RowText *parts, int width, uint32_t *ret_from, uint32_t *ret_to)
{
    StrView rest = sv_slice(parts->text, parts->at, SIZE_MAX);
    int unused;

    *ret_from = *ret_to = (uint32_t)parts->at;
    if (rest.len == 0) {
        return false;
    }
    /* More than there is room for: a line end may stand there. */
    size_t fits = utf8_fit(rest, width + 2, &unused);
    size_t newline = sv_find_char(sv_slice(rest, 0, fits), '\n');

    if (newline != SIZE_MAX) {
        size_t end = line_end(rest, 0, newline);

        if (utf8_width(sv_slice(rest, 0, end)) <= width) {
            *ret_to = (uint32_t)(parts->at + end);
            parts->at += newline + 1;
            return true;
        }
    }
    fits = utf8_fit(rest, width, &unused);
    if (fits == 0) {
        fits = utf8_cluster(rest, &unused);
    }
    size_t end = fits < rest.len ? break_at(rest, fits) : fits;

    *ret_to = (uint32_t)(parts->at + end);
    parts->at += after_break(rest, end);
    return true;
}
