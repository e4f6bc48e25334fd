/*
 * The half of a terminal's backend that is bytes: keys, what goes out and when, the clipboard. Here
 * are those functions of a BackendOps that need a Line and nothing else; how cells become bytes is
 * the business of whoever has this as its first member.
 */
#ifndef TUI_BACKEND_LINE_H
#define TUI_BACKEND_LINE_H

#include "tui/backend.h"
#include "tui/line.h"

#define BACKEND_NOTE_MAX 200

typedef struct LineBackend {
    Backend base;
    Line line; /* to and from the terminal */
    char note[BACKEND_NOTE_MAX];
} LineBackend;

/* The members of BackendOps of these names; `backend` is a LineBackend. */
int backend_line_fd(Backend *backend);
bool backend_line_read_key(Backend *backend, Key *ret_key, StrBuf *ret_paste);
int64_t backend_line_deadline(const Backend *backend);
bool backend_line_can_present(const Backend *backend);
int backend_line_pending_fd(const Backend *backend);
void backend_line_flush(Backend *backend);
uint64_t backend_line_sent(const Backend *backend);
bool backend_line_copy(Backend *backend, StrView text, Err *err);
const char *backend_line_note(const Backend *backend);

#endif
