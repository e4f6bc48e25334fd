/*
 * Wrap: one word at a time, each with its width in cells. It must never include anything but base/.
 */
#include "session/wrap.h"

#include "base/utf8.h"

void wrap_add(StrBuf *buf, StrView text, size_t at, size_t indent, size_t columns)
{
    bool is_first = true;
    while (text.len > 0) {
        StrView word = sv_slice(text, 0, sv_find_char(text, ' '));
        size_t width = (size_t)utf8_width(word);
        text = sv_slice(text, word.len + 1, SIZE_MAX);
        bool is_too_long = at + !is_first + width > columns && at > indent;
        if (is_too_long) {
            strbuf_add_char(buf, '\n');
            strbuf_add_many(buf, ' ', indent);
            at = indent;
        } else if (!is_first) {
            strbuf_add_char(buf, ' ');
            at++;
        }
        strbuf_add(buf, word);
        at += width;
        is_first = false;
    }
    strbuf_add_char(buf, '\n');
}
