/*
 * History: appends lines under the lock, and writes the file anew when it has grown to twice what
 * is kept. A line is one JSON string, so that a text may have several lines.
 */
#include "session/history.h"

#include "base/mem.h"
#include "base/node.h"
#include "session/user_file.h"

#define HISTORY_FILE_MAX (16 * MIB) /* more is not ours */
#define HISTORY_TEXT_MAX (64 * KIB)

static void print_path(StrBuf *buf, const char *directory, const char *kind)
{
    strbuf_printf(buf, "%s/history-%s.jsonl", directory, kind);
}

/* Adds a text; the same one goes from where it was. */
static void add(History *history, StrView text)
{
    size_t kept = 0;
    for (size_t i = 0; i < history->count; i++) {
        if (!sv_equal(history->items[i], text)) {
            history->items[kept++] = history->items[i];
        }
    }
    if (kept == HISTORY_MAX) {
        for (size_t i = 1; i < kept; i++) {
            history->items[i - 1] = history->items[i];
        }
        kept--;
    }
    history->items[kept++] = text;
    history->count = kept;
}

/* Reads the lines; returns how many there are, the faulty ones too. */
static size_t read_lines(History *history, StrView text)
{
    StrView line;
    size_t lines = 0;
    history->items = arena_alloc(&history->arena, HISTORY_MAX * sizeof *history->items);
    while (sv_next_line(&text, &line)) {
        const Node *node = node_read(&history->arena, line, "history", NULL);
        if (node != NULL && node->kind == NODE_TEXT) {
            add(history, node->text);
        }
        lines++;
    }
    return lines;
}

void history_read(History *ret, const char *directory, const char *kind)
{
    StrBuf path = {0}, text = {0};
    *ret = (History){0};
    if (directory != NULL) {
        print_path(&path, directory, kind);
        if (user_file_read(path.ptr, HISTORY_FILE_MAX, &text, NULL)) {
            (void)read_lines(ret, strbuf_view(&text)); /* their number is for history_append */
        }
    }
    strbuf_done(&path);
    strbuf_done(&text);
}

void history_done(History *history)
{
    arena_done(&history->arena);
    *history = (History){0};
}

static bool write_anew(const History *history, const char *path, Err *err)
{
    StrBuf text = {0};
    for (size_t i = 0; i < history->count; i++) {
        node_quote(history->items[i], &text);
        strbuf_add_char(&text, '\n');
    }
    bool is_good = user_file_write(path, strbuf_view(&text), err);
    strbuf_done(&text);
    return is_good;
}

/* Appends under the lock: what is there now is what counts, whoever wrote it. */
static bool append(const char *path, StrView text, Err *err)
{
    StrBuf there = {0};
    History history = {.count = 0};
    bool is_good = user_file_read(path, HISTORY_FILE_MAX, &there, err);
    if (is_good) {
        size_t lines = read_lines(&history, strbuf_view(&there));
        if (history.count > 0 && sv_equal(history.items[history.count - 1], text)) {
            /* it is the last one already */
        } else if (lines + 1 >= (size_t)2 * HISTORY_MAX) {
            add(&history, text);
            is_good = write_anew(&history, path, err);
        } else {
            StrBuf line = {0};
            bool is_cut = there.len > 0 && there.ptr[there.len - 1] != '\n';
            strbuf_add_str(&line, is_cut ? "\n" : "");
            node_quote(text, &line);
            strbuf_add_char(&line, '\n');
            is_good = user_file_append(path, strbuf_view(&line), err);
            strbuf_done(&line);
        }
    }
    history_done(&history);
    strbuf_done(&there);
    return is_good;
}

bool history_append(const char *directory, const char *kind, StrView text, Err *err)
{
    if (sv_trim(text).len == 0 || text.len > HISTORY_TEXT_MAX) {
        return true;
    }
    StrBuf path = {0};
    print_path(&path, directory, kind);
    int lock = user_file_lock(path.ptr, err);
    bool is_good = lock >= 0 && append(path.ptr, text, err);
    if (lock >= 0) {
        user_file_unlock(lock);
    }
    strbuf_done(&path);
    return is_good;
}
