/*
 * See draw.h.
 */
#include "tests/pty/draw.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>

#include "tui/backend.h"
#include "tui/signals.h"

/* Of one cell, of two, with marks, of several code points; nothing that terminals disagree about.
 */
#define MARK "\u0301"
static const char *const TEXTS[] = {
    "the quick brown fox jumps",
    "                        ",
    "éèüß",
    "e" MARK "o\u0308a\u0327",
    "漢字仮名",
    "한국어",
    "\u05E9\u05DC\u05D5\u05DD", /* from right to left */
    "\u0633\u0644\u0627\u0645",
    "✗ ✓ ◷ ● ▌",
    "▁▂▃▄▅▆▇█",
    "a\033[31mb\xC2\x9B?\u202Ed\tf\177",
    "x",
};

static unsigned next(uint32_t *seed, unsigned below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return below > 0 ? (*seed >> 8) % below : 0;
}

void draw_theme(Theme *ret_theme)
{
    *ret_theme = (Theme){.is_dark = true};
    for (int role = 0; role < ROLE_COUNT; role++) {
        Look *look = &ret_theme->looks[role];
        look->foreground = (int16_t)(role * 7 % 256);
        look->background = (int16_t)((role * 7 + 100) % 256);
        look->attributes = (uint8_t)(role % 4 == 1   ? STYLE_BOLD
                                     : role % 4 == 2 ? STYLE_UNDERLINE
                                                     : 0);
    }
    ret_theme->looks[ROLE_TEXT] = (Look){.foreground = COLOR_DEFAULT, .background = COLOR_DEFAULT};
}

static void draw_text(Canvas *canvas, uint32_t *seed)
{
    int x = (int)next(seed, (unsigned)canvas->columns + 4) - 4;
    int y = (int)next(seed, (unsigned)canvas->rows);
    Role role = (Role)next(seed, ROLE_COUNT);
    const char *text = TEXTS[next(seed, ARRAY_LEN(TEXTS))];
    int width = 1 + (int)next(seed, 30);
    int most = canvas->columns - 1 - x; /* libvterm has its trouble with marks in the last column */
    bool has_marks = strstr(text, MARK) != NULL;
    (void)canvas_text(canvas, x, y, has_marks && width > most ? most : width, role, sv(text));
}

/* Moves the rows of an area up, as a list does that follows. */
static void scroll(Canvas *canvas, uint32_t *seed)
{
    int top = (int)next(seed, (unsigned)canvas->rows);
    int by = 1 + (int)next(seed, 3);
    size_t row = (size_t)canvas->columns;
    for (int y = top; y + by < canvas->rows; y++) {
        memcpy(&canvas->cells[(size_t)y * row], &canvas->cells[(size_t)(y + by) * row],
               row * sizeof *canvas->cells);
    }
}

void draw_frame(Canvas *canvas, uint32_t seed, unsigned frame)
{
    uint32_t state = seed ^ (frame + 1) * 2654435761u;
    unsigned kind = next(&state, 8);
    unsigned texts = kind == 0 ? (unsigned)(canvas->rows * canvas->columns) / 12 : kind;
    if (kind == 0 || frame == 0) {
        canvas_clear(canvas, (Role)next(&state, ROLE_COUNT));
    }
    if (kind == 1) {
        scroll(canvas, &state);
    }
    for (unsigned i = 0; i < texts; i++) {
        draw_text(canvas, &state);
    }
    Rect area = {.x = (int)next(&state, (unsigned)canvas->columns),
                 .y = (int)next(&state, (unsigned)canvas->rows),
                 .width = 1 + (int)next(&state, 20),
                 .height = 1 + (int)next(&state, 5)};
    if (kind == 2) {
        canvas_box(canvas, area, (Role)next(&state, ROLE_COUNT));
    } else if (kind == 3) {
        canvas_ground(canvas, area, (Role)(next(&state, ROLE_COUNT / 4) * 4)); /* no style */
    } else if (kind == 4) {
        canvas_fill(canvas, area, (Role)next(&state, ROLE_COUNT));
    }
    bool has_cursor = next(&state, 2) == 0;
    canvas->cursor_x = has_cursor ? area.x : -1;
    canvas->cursor_y = has_cursor ? area.y : -1;
    /* Down to a screen of one cell no two frames are the same. */
    (void)canvas_printf(canvas, 0, (int)(frame % (unsigned)canvas->rows), canvas->columns,
                        (Role)(frame % 2), "%u", frame % 10);
}

/* --- the child -------------------------------------------------------------------------------- */

static bool wait_for(Backend *backend, bool for_writing)
{
    fd_set reads;
    fd_set writes;
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    int in = backend->ops->fd(backend);
    int out = for_writing ? backend->ops->pending_fd(backend) : -1;
    if (out >= 0) {
        FD_SET(out, &writes);
    } else {
        FD_SET(in, &reads);
    }
    int count = select((out > in ? out : in) + 1, &reads, &writes, NULL, NULL);
    return count > 0 || errno == EINTR; /* a new size is looked for anyway */
}

static void show(Backend *backend, Canvas *canvas, uint32_t seed, unsigned frame)
{
    int columns;
    int rows;
    backend->ops->size(backend, &columns, &rows);
    if (columns != canvas->columns || rows != canvas->rows) {
        canvas_resize(canvas, columns, rows);
    }
    draw_frame(canvas, seed, frame);
    backend->ops->present(backend, canvas);
    while (backend->ops->pending_fd(backend) >= 0 && wait_for(backend, true)) {
        backend->ops->flush(backend);
    }
}

int draw_run(const char *seed)
{
    Theme theme;
    Canvas canvas;
    Err err = err_none();
    StrBuf paste = {0};
    unsigned frame = 0;
    draw_theme(&theme);
    bool is_good = signals_open(SIGNALS_RESIZE, NULL, &err);
    Backend *backend = is_good ? backend_curses_new(&theme, &err) : NULL;
    if (backend == NULL) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    canvas_init(&canvas, 1, 1);
    bool is_over = false;
    while (!is_over && wait_for(backend, false)) {
        Key key;
        while (!is_over && backend->ops->read_key(backend, &key, &paste)) {
            is_over = key.code != 'n';
            if (!is_over) {
                show(backend, &canvas, (uint32_t)strtoul(seed, NULL, 10), frame++);
            }
        }
    }
    canvas_done(&canvas);
    strbuf_done(&paste);
    backend->ops->free(backend);
    signals_close();
    return 0;
}
