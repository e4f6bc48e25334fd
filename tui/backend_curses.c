/*
 * The real terminal, through wide curses: the only file that may include it. Curses gets cells and
 * makes the difference go out; keys are read and decoded by ourselves (tui/input.h), because curses
 * cannot tell "no key" from "terminal gone" and loses characters that arrive in two parts.
 */
#include <curses.h>
#include <term.h>
/* Capabilities that term.h makes macros of, in the way of our own words. */
#undef columns
#undef key_print

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "tui/backend_line.h"
#include "tui/glyph.h"
#include "tui/palette.h"
#include "tui/sink.h"
#include "tui/term_env.h"

#define FALLBACK_TERM "xterm-256color"

/* Modes that terminfo has no portable names for. */
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define FRAME_BEGIN "\033[?2026h"
#define FRAME_END "\033[?2026l"

_Static_assert(CCHARW_MAX >= GLYPH_MAX, "a cell of this curses takes what all others take");

/* How a cell's role, extra style and ground come out. */
typedef struct CellLook {
    attr_t attributes;
    short pair;
} CellLook;

typedef struct Curses {
    LineBackend half; /* the half that is bytes */
    SCREEN *screen;
    Sink sink; /* where curses writes */
    Theme theme;
    Canvas shown;    /* what curses holds */
    bool is_shown;   /* `shown` is true */
    PairTable pairs; /* those of curses, after palette_fit */
    ExactColors exact;
    bool is_exact; /* the terminal shows 24-bit colours */
    bool has_color;
    bool has_default; /* the terminal's own colours can be asked for */
    bool is_modern;   /* of xterm's family: knows private modes, or passes over them */
    bool is_suspended;
    bool has_mouse; /* its reports are asked for, or will be when the terminal is ours again */
    bool shows_cursor;
} Curses;

static Curses *curses_of(Backend *backend)
{
    return (Curses *)backend;
}

/* --- bytes past curses --------------------------------------------------------------------- */

/* Carries what curses has written over to the terminal's output. */
static void collect(Curses *curses)
{
    StrBuf bytes = {0};
    StrBuf exact = {0};
    sink_take(&curses->sink, &bytes);
    if (curses->is_exact) {
        palette_rewrite(&curses->exact, strbuf_view(&bytes), &exact);
    }
    line_add(&curses->half.line, strbuf_view(curses->is_exact ? &exact : &bytes));
    strbuf_done(&bytes);
    strbuf_done(&exact);
}

static void send_mode(Curses *curses, const char *mode)
{
    if (curses->is_modern) {
        line_add(&curses->half.line, sv(mode));
    }
}

static const char *capability(const char *name)
{
    /* tigetstr takes its name as char * in old curses, and only reads it. */
    char copy[16];
    (void)snprintf(copy, sizeof copy, "%s", name);
    const char *value = tigetstr(copy);
    return (intptr_t)value == -1 ? NULL : value; /* -1: a name that is no capability of this kind */
}

static void add_capability(StrBuf *buf, const char *name)
{
    tty_add_unpadded(buf, capability(name));
}

static void send_capability(Curses *curses, const char *name)
{
    StrBuf bytes = {0};
    add_capability(&bytes, name);
    line_add(&curses->half.line, strbuf_view(&bytes));
    strbuf_done(&bytes);
}

static void rescue_arm(const Curses *curses)
{
    StrBuf bytes = {0};
    strbuf_add_str(&bytes, curses->is_modern ? FRAME_END MOUSE_OFF PASTE_OFF : "");
    add_capability(&bytes, "sgr0");
    add_capability(&bytes, "cnorm");
    add_capability(&bytes, "rmkx");
    add_capability(&bytes, "rmcup");
    strbuf_add_str(&bytes, "\r\n");
    tty_rescue_arm(curses->half.line.out.fd, &curses->half.line.modes, strbuf_view(&bytes));
    strbuf_done(&bytes);
}

void backend_curses_emergency(void)
{
    tty_rescue();
}

/* --- looks ---------------------------------------------------------------------------------- */

static attr_t attributes_of(unsigned style)
{
    attr_t attributes = A_NORMAL;
    attributes |= (style & STYLE_BOLD) != 0 ? A_BOLD : 0;
    attributes |= (style & STYLE_DIM) != 0 ? A_DIM : 0;
    attributes |= (style & STYLE_UNDERLINE) != 0 ? A_UNDERLINE : 0;
    attributes |= (style & STYLE_REVERSE) != 0 ? A_REVERSE : 0;
#ifdef A_ITALIC
    attributes |= (style & STYLE_ITALIC) != 0 ? A_ITALIC : 0;
#endif
    return attributes;
}

/* The number of a pair of colours, which is made when it is first asked for; 0 when there are no
 * more to be had. */
static short pair_find(Curses *curses, ColorPair wanted)
{
    ColorPair pair = palette_fit(wanted, curses->theme.is_dark, COLORS);
    if (!curses->has_default) {
        short ink = curses->theme.is_dark ? COLOR_WHITE : COLOR_BLACK;
        short ground = curses->theme.is_dark ? COLOR_BLACK : COLOR_WHITE;
        if (pair.foreground == COLOR_DEFAULT) {
            pair.foreground = ink;
        }
        if (pair.background == COLOR_DEFAULT) {
            pair.background = ground;
        }
    } else if (pair.foreground == COLOR_DEFAULT && pair.background == COLOR_DEFAULT) {
        return 0;
    }
    bool is_new;
    short number = (short)palette_number(&curses->pairs, pair, COLOR_PAIRS - 1, &is_new);
    if (is_new) {
        (void)init_pair(number, pair.foreground, pair.background); /* within COLOR_PAIRS */
    }
    return number;
}

static CellLook look_of(Curses *curses, const Cell *cell)
{
    Look look = palette_look(&curses->theme, (Role)cell->role, (Role)cell->ground, cell->extra,
                             curses->has_color);
    ColorPair pair = {look.foreground, look.background};
    short number = curses->has_color ? pair_find(curses, pair) : 0;
    return (CellLook){attributes_of(look.attributes), number};
}

/* --- cells ---------------------------------------------------------------------------------- */

static void put_cell(Curses *curses, int x, int y, const Cell *cell)
{
    CellLook look = look_of(curses, cell);
    wchar_t text[GLYPH_MAX + 1];
    cchar_t out;
    int width = 1;
    if ((unsigned char)cell->text[0] < 0x80 && cell->text[0] >= ' ' && cell->text[1] == '\0') {
        text[0] = (wchar_t)cell->text[0];
        text[1] = L'\0';
    } else {
        width = glyph_of(cell, text);
    }
    if (setcchar(&out, text, look.attributes, look.pair, NULL) == OK) {
        (void)mvadd_wch(y, x, &out); /* ERR in the last corner, where it stands nevertheless */
    }
    if (width < cell->width && setcchar(&out, L" ", look.attributes, look.pair, NULL) == OK) {
        (void)mvadd_wch(y, x + 1, &out);
    }
}

/* Writes the row from its first to its last changed cell: halves of wide characters on the way are
 * then always written with their other half. */
static bool put_row(Curses *curses, const Canvas *canvas, int y)
{
    const Cell *cells = &canvas->cells[(size_t)y * (size_t)canvas->columns];
    Cell *shown = &curses->shown.cells[(size_t)y * (size_t)canvas->columns];
    int first = 0;
    int last = canvas->columns - 1;
    if (curses->is_shown && !canvas_row_changes(canvas, &curses->shown, y, &first, &last)) {
        return false;
    }
    for (int x = first; x <= last; x++) {
        if (cells[x].width > 0) {
            put_cell(curses, x, y, &cells[x]);
        }
    }
    memcpy(&shown[first], &cells[first], (size_t)(last - first + 1) * sizeof *shown);
    return true;
}

static void curses_present(Backend *backend, const Canvas *canvas)
{
    Curses *curses = curses_of(backend);
    if (curses->is_suspended || curses->half.line.is_closed) {
        return;
    }
    if (curses->shown.columns != canvas->columns || curses->shown.rows != canvas->rows) {
        canvas_resize(&curses->shown, canvas->columns, canvas->rows);
        curses->is_shown = false;
    }
    if (!curses->is_shown) {
        (void)erase();
    }
    bool has_changed = false;
    for (int y = 0; y < canvas->rows; y++) {
        has_changed |= put_row(curses, canvas, y);
    }
    curses->is_shown = true;
    bool wants_cursor = canvas->cursor_x >= 0 && canvas->cursor_y >= 0;
    if (wants_cursor != curses->shows_cursor) {
        (void)curs_set(wants_cursor ? 1 : 0); /* ERR where a terminal cannot hide it */
        curses->shows_cursor = wants_cursor;
    }
    (void)move(wants_cursor ? canvas->cursor_y : 0, wants_cursor ? canvas->cursor_x : 0);
    uint64_t before = curses->half.line.sent;
    bool is_whole = has_changed && curses->half.line.input.has_sync;
    send_mode(curses, is_whole ? FRAME_BEGIN : "");
    (void)refresh();
    collect(curses);
    send_mode(curses, is_whole ? FRAME_END : "");
    if (curses->half.line.pace.is_known && curses->half.line.sent > before) {
        line_ask(&curses->half.line, (size_t)(curses->half.line.sent - before));
    }
    line_flush(&curses->half.line);
}

/* --- the rest of the table -------------------------------------------------------------------- */

static void curses_size(Backend *backend, int *ret_columns, int *ret_rows)
{
    Curses *curses = curses_of(backend);
    int columns;
    int rows;
    if (!curses->is_suspended && tty_size(STDOUT_FILENO, &columns, &rows) &&
        is_term_resized(rows, columns)) {
        (void)resizeterm(rows, columns);
        (void)clearok(curscr, TRUE);
        curses->is_shown = false;
    }
    *ret_columns = COLS < CANVAS_MAX_COLUMNS ? COLS : CANVAS_MAX_COLUMNS;
    *ret_rows = LINES < CANVAS_MAX_ROWS ? LINES : CANVAS_MAX_ROWS;
}

static void curses_set_theme(Backend *backend, const Theme *theme)
{
    Curses *curses = curses_of(backend);
    curses->theme = *theme;
    if (curses->is_exact) {
        palette_exact(&curses->theme, &curses->exact);
    }
    curses->pairs.count = 0;
    curses->is_shown = false;
    (void)clearok(curscr, TRUE);
}

static void curses_suspend(Backend *backend)
{
    Curses *curses = curses_of(backend);
    if (!curses->is_suspended) {
        send_mode(curses, curses->has_mouse ? MOUSE_OFF PASTE_OFF : PASTE_OFF);
        send_capability(curses, "rmkx");
        (void)endwin();
        collect(curses);
        line_finish(&curses->half.line);
        (void)tcsetattr(STDOUT_FILENO, TCSANOW,
                        &curses->half.line.modes); /* fails when it is gone */
        curses->is_suspended = true;
    }
}

/* Takes the terminal: its modes, the other screen, an empty one. */
static void take_terminal(Curses *curses)
{
    struct termios raw = tty_raw_modes(curses->half.line.modes);
    (void)tcsetattr(STDOUT_FILENO, TCSANOW, &raw); /* fails when it is gone */
    curses->is_suspended = false;
    curses->is_shown = false;
    (void)clearok(curscr, TRUE);
    (void)refresh();
    collect(curses);
    send_capability(curses, "smkx");
    send_mode(curses, curses->has_mouse ? MOUSE_ON PASTE_ON : PASTE_ON);
    line_flush(&curses->half.line);
}

/* Also after a stop that nobody announced (SIGSTOP): whatever the shell did to the terminal, it is
 * left and taken again. */
static void curses_resume(Backend *backend)
{
    Curses *curses = curses_of(backend);
    bool does_answer = curses->half.line.pace.is_known;
    pace_forget(
        &curses->half.line.pace); /* keys may wait, which must not be lost with the answers */
    curses_suspend(backend);
    take_terminal(curses);
    curses->half.line.pace = (Pace){0}; /* it may be another terminal now */
    if (does_answer) {
        line_ask(&curses->half.line, 0);
        line_flush(&curses->half.line);
    }
}

static void curses_set_mouse(Backend *backend, bool is_on)
{
    Curses *curses = curses_of(backend);
    if (is_on != curses->has_mouse && !curses->is_suspended) {
        send_mode(curses, is_on ? MOUSE_ON : MOUSE_OFF);
        line_flush(&curses->half.line);
    }
    curses->has_mouse = is_on;
}

static void curses_free(Backend *backend)
{
    Curses *curses = curses_of(backend);
    if (curses->screen != NULL) {
        curses_suspend(backend);
        tty_rescue_disarm();
        delscreen(curses->screen);
    }
    sink_close(&curses->sink);
    line_close(&curses->half.line);
    canvas_done(&curses->shown);
    mem_free(curses);
}

static const BackendOps OPS = {
    .name = "curses",
    .fd = backend_line_fd,
    .size = curses_size,
    .read_key = backend_line_read_key,
    .present = curses_present,
    .set_theme = curses_set_theme,
    .suspend = curses_suspend,
    .resume = curses_resume,
    .free = curses_free,
    .deadline = backend_line_deadline,
    .can_present = backend_line_can_present,
    .pending_fd = backend_line_pending_fd,
    .flush = backend_line_flush,
    .set_mouse = curses_set_mouse,
    .sent = backend_line_sent,
    .copy = backend_line_copy,
    .note = backend_line_note,
};

/* --- opening --------------------------------------------------------------------------------- */

/* Tells whether terminfo knows the terminal. Asked before newterm, which loses memory over an
 * unknown one. Old curses take a name they only read as char *. */
static bool is_known(char *name)
{
    int status = 0;
    bool is_found = *name != '\0' && setupterm(name, STDOUT_FILENO, &status) == OK;
    if (cur_term != NULL) {
        (void)del_curterm(cur_term);
    }
    return is_found;
}

static bool screen_open(Curses *curses, Err *err)
{
    char said[TERM_NAME_MAX];
    char name[TERM_NAME_MAX];
    term_env_name(said);
    term_env_name(name);
    if (!is_known(name)) {
        (void)snprintf(name, sizeof name, "%s", FALLBACK_TERM);
        if (!is_known(name)) {
            return err_set(err, "terminal '%s' is not known here, nor is " FALLBACK_TERM, said);
        }
        (void)snprintf(curses->half.note, sizeof curses->half.note,
                       "terminal '%s' is not known here and was taken for " FALLBACK_TERM, said);
    }
    /* A shell's LINES and COLUMNS are of the past after the first resize. But curses cannot ask its
     * sink for a size, takes terminfo's, and would keep the cursor's moves to as many rows. */
    int columns = 0;
    int rows = 0;
    (void)tty_size(STDOUT_FILENO, &columns, &rows); /* 0 where it does not know */
    term_env_set_size(columns, rows);
    curses->screen = newterm(name, curses->sink.file,
                             curses->half.line.tty != NULL ? curses->half.line.tty : stdin);
    term_env_set_size(0, 0);
    return curses->screen != NULL || err_set(err, "terminal '%s' cannot be used", said);
}

/* Asks whether the terminal shows frames at once, and whether it answers at all. The answers come
 * among the keys, or never; what a terminal that does not know such questions may show of them is
 * cleared. Apple's Terminal is known to show a letter, and not to know the mode. */
static void ask_terminal(Curses *curses)
{
    const char *cup = capability("cup");
    if (cup != NULL && strncmp(cup, "\033[", 2) == 0) {
        send_mode(curses, term_env_is_apples() ? "" : INPUT_SYNC_QUESTION);
        send_capability(curses, "clear");
        line_ask(&curses->half.line, 0);
        line_flush(&curses->half.line);
    }
}

int backend_curses_colors(void)
{
    char name[TERM_NAME_MAX];
    int status = 0;
    int count = COLOR_COUNT;
    term_env_name(name);
    if (!term_env_wants_color()) {
        return 0;
    }
    if (*name != '\0' && setupterm(name, STDOUT_FILENO, &status) == OK) {
        count = tigetnum("colors");
    }
    if (cur_term != NULL) {
        (void)del_curterm(cur_term);
    }
    return count > 0 ? count : 0;
}

static void modes_open(Curses *curses)
{
    const char *alternate = capability("smcup");
    curses->is_modern = alternate != NULL && strstr(alternate, "?1049h") != NULL;
    (void)nonl();
    (void)typeahead(
        -1); /* keys are none of its business, and no reason to leave a frame half done */
    (void)curs_set(0);
    if (term_env_wants_color() && has_colors() && start_color() == OK) {
        curses->has_color = true;
        curses->has_default = use_default_colors() == OK;
        curses->is_exact = COLORS >= COLOR_COUNT && term_env_announces_exact();
    }
    input_learn_all(&curses->half.line.input, capability);
}

Backend *backend_curses_new(const Theme *theme, Err *err)
{
    Curses *curses = mem_calloc(1, sizeof *curses);
    curses->half.base.ops = &OPS;
    curses->half.line.out.fd = -1;
    curses->is_suspended = true; /* the terminal is not ours yet */
    canvas_init(&curses->shown, 1, 1);
    tty_set_locale();
    if (!sink_open(&curses->sink, err) || !line_open(&curses->half.line, err) ||
        !screen_open(curses, err)) {
        curses_free(&curses->half.base);
        return NULL;
    }
    if (capability("cup") == NULL) {
        (void)err_set(err, "terminal '%s' cannot place its cursor: 'mdmscope show' works without",
                      getenv("TERM"));
        curses_free(&curses->half.base);
        return NULL;
    }
    modes_open(curses);
    curses_set_theme(&curses->half.base, theme);
    rescue_arm(curses);
    take_terminal(curses);
    ask_terminal(curses);
    int columns;
    int rows;
    curses_size(&curses->half.base, &columns, &rows);
    return &curses->half.base;
}
