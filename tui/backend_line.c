/*
 * The half of a backend that is bytes: see backend_line.h. It must never include curses.
 */
#include "tui/backend_line.h"

#include "tui/clipboard.h"

static Line *line_of(Backend *backend)
{
    return &((LineBackend *)backend)->line;
}

static const Line *line_of_const(const Backend *backend)
{
    return &((const LineBackend *)backend)->line;
}

int backend_line_fd(Backend *backend)
{
    const Line *line = line_of(backend);
    return line->is_closed ? -1 : line->in;
}

bool backend_line_read_key(Backend *backend, Key *ret_key, StrBuf *ret_paste)
{
    return line_read_key(line_of(backend), ret_key, ret_paste);
}

int64_t backend_line_deadline(const Backend *backend)
{
    return line_deadline(line_of_const(backend));
}

bool backend_line_can_present(const Backend *backend)
{
    return line_is_free(line_of_const(backend));
}

int backend_line_pending_fd(const Backend *backend)
{
    const TtyOut *out = &line_of_const(backend)->out;
    return tty_out_is_empty(out) ? -1 : out->fd;
}

void backend_line_flush(Backend *backend)
{
    line_flush(line_of(backend));
}

uint64_t backend_line_sent(const Backend *backend)
{
    return line_of_const(backend)->sent;
}

bool backend_line_copy(Backend *backend, StrView text, Err *err)
{
    StrBuf sequence = {0};
    bool is_good = clipboard_sequence(text, &sequence, err);
    if (is_good) {
        line_add(line_of(backend), strbuf_view(&sequence));
    }
    strbuf_done(&sequence);
    return is_good;
}

const char *backend_line_note(const Backend *backend)
{
    return ((const LineBackend *)backend)->note;
}
