/*
 * A caret under the fault of a text, on however narrow a terminal. Counts cells, never cuts a
 * character, shows control characters visibly. Knows nothing of predicates.
 */
#include "filters/predicate.h"

#include "base/utf8.h"

#define ELLIPSIS "\xE2\x80\xA6" /* one cell wide */

/* Start of the cluster that `offset` lies in; `ret_cells` gives the width of all before it. */
static size_t cluster_start(StrView text, size_t offset, int *ret_cells)
{
    size_t at = 0;
    int cells = 0;
    while (at < text.len) {
        int width = 0;
        size_t len = utf8_cluster(sv_slice(text, at, text.len), &width);
        if (at + len > offset) {
            break;
        }
        at += len;
        cells += width;
    }
    *ret_cells = cells;
    return at;
}

/* First cluster from which on at most `cells` are left until `end`; gives how many those are. */
static size_t clip_left(StrView text, size_t end, int total, int cells, int *ret_left)
{
    size_t at = 0;
    while (at < end && total > cells) {
        int width = 0;
        at += utf8_cluster(sv_slice(text, at, text.len), &width);
        total -= width;
    }
    *ret_left = total;
    return at;
}

void predicate_print_caret(StrView text, size_t offset, int columns, int indent, StrBuf *buf)
{
    int room = columns - indent;
    int before = 0;
    size_t fault = cluster_start(text, offset, &before);
    int total = utf8_width(text);
    bool is_at_end = fault >= text.len;
    size_t start = 0;
    bool clips = total + (is_at_end ? 1 : 0) > room;
    room = room < 4 ? 4 : room;
    if (clips && before > room * 2 / 3) {
        /* Two thirds of the line for what led to the fault; all but one cell when it is the end. */
        int wanted = is_at_end ? room - 2 : room * 2 / 3 - 1;
        start = clip_left(text, fault, before, wanted, &before);
    }
    strbuf_add_many(buf, ' ', indent > 0 ? (size_t)indent : 0);
    if (start > 0) {
        strbuf_add_str(buf, ELLIPSIS);
        before++;
    }
    StrView shown = sv_slice(text, start, text.len);
    int room_left = room - (start > 0);
    if (utf8_width(shown) > room_left) {
        int used = 0;
        shown = sv_slice(shown, 0, utf8_fit(shown, room_left - 1, &used));
        utf8_visible(buf, shown);
        strbuf_add_str(buf, ELLIPSIS);
    } else {
        utf8_visible(buf, shown);
    }
    strbuf_add_char(buf, '\n');
    strbuf_add_many(buf, ' ', indent > 0 ? (size_t)indent : 0);
    strbuf_add_many(buf, ' ', (size_t)before);
    strbuf_add_str(buf, "^\n");
}
