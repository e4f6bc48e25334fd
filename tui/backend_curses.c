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

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "tui/backend.h"
#include "tui/clipboard.h"
#include "tui/glyph.h"
#include "tui/input.h"
#include "tui/pace.h"
#include "tui/palette.h"
#include "tui/sink.h"
#include "tui/tty.h"

#define FALLBACK_TERM "xterm-256color"
#define NOTE_MAX 160
#define TERM_MAX 128

/* So long an answer is waited for at the end. */
#define FAREWELL_NS (INT64_C(500) * NS_PER_MS)
#define FAREWELL_STEP_MS 50

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
    Backend base;
    SCREEN *screen;
    FILE *tty;            /* /dev/tty, where standard input is no terminal; else NULL */
    int in;               /* keys */
    Sink sink;            /* where curses writes */
    TtyOut out;           /* to the terminal */
    struct termios modes; /* as they were before */
    Theme theme;
    Canvas shown;  /* what curses holds */
    bool is_shown; /* `shown` is true */
    Input input;
    PairTable pairs; /* those of curses, after palette_fit */
    ExactColors exact;
    bool is_exact; /* the terminal shows 24-bit colours */
    bool has_color;
    bool has_default; /* the terminal's own colours can be asked for */
    bool is_modern;   /* of xterm's family: knows private modes, or passes over them */
    bool is_suspended;
    bool is_closed;
    bool has_mouse; /* its reports are asked for, or will be when the terminal is ours again */
    uint64_t sent;  /* bytes given to `out` */
    Pace pace;
    bool shows_cursor;
    char note[NOTE_MAX];
} Curses;

static Curses *curses_of(Backend *backend)
{
    return (Curses *)backend;
}

static const Curses *curses_of_const(const Backend *backend)
{
    return (const Curses *)backend;
}

/* --- bytes past curses --------------------------------------------------------------------- */

/* Carries what curses has written over to the terminal's output. */
static void collect(Curses *curses)
{
    size_t before = curses->out.bytes.len;
    if (curses->is_exact) {
        StrBuf bytes = {0};
        sink_take(&curses->sink, &bytes);
        palette_rewrite(&curses->exact, strbuf_view(&bytes), &curses->out.bytes);
        strbuf_done(&bytes);
    } else {
        sink_take(&curses->sink, &curses->out.bytes);
    }
    curses->sent += curses->out.bytes.len - before;
}

static void send_mode(Curses *curses, const char *mode)
{
    if (curses->is_modern) {
        tty_out_add(&curses->out, sv(mode));
        curses->sent += strlen(mode);
    }
}

/* Asks the terminal to tell when it has got so far. */
static void ask_pace(Curses *curses, size_t bytes)
{
    tty_out_add(&curses->out, SV(PACE_QUESTION));
    curses->sent += sizeof PACE_QUESTION - 1;
    pace_ask(&curses->pace, bytes, clock_monotonic());
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

static void rescue_arm(const Curses *curses)
{
    StrBuf bytes = {0};
    strbuf_add_str(&bytes, curses->is_modern ? FRAME_END MOUSE_OFF PASTE_OFF : "");
    add_capability(&bytes, "sgr0");
    add_capability(&bytes, "cnorm");
    add_capability(&bytes, "rmkx");
    add_capability(&bytes, "rmcup");
    strbuf_add_str(&bytes, "\r\n");
    tty_rescue_arm(curses->out.fd, &curses->modes, strbuf_view(&bytes));
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

static bool cell_equal(const Cell *a, const Cell *b)
{
    return a->role == b->role && a->extra == b->extra && a->ground == b->ground &&
           a->width == b->width && strcmp(a->text, b->text) == 0;
}

/* Writes the row from its first to its last changed cell: halves of wide characters on the way are
 * then always written with their other half. */
static bool put_row(Curses *curses, const Canvas *canvas, int y)
{
    const Cell *cells = &canvas->cells[(size_t)y * (size_t)canvas->columns];
    Cell *shown = &curses->shown.cells[(size_t)y * (size_t)canvas->columns];
    int first = 0;
    int last = canvas->columns - 1;
    if (curses->is_shown) {
        while (first <= last && cell_equal(&cells[first], &shown[first])) {
            first++;
        }
        while (last > first && cell_equal(&cells[last], &shown[last])) {
            last--;
        }
    }
    if (first > last) {
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
    if (curses->is_suspended || curses->is_closed) {
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
    uint64_t before = curses->sent;
    bool is_whole = has_changed && curses->input.has_sync;
    send_mode(curses, is_whole ? FRAME_BEGIN : "");
    (void)refresh();
    collect(curses);
    send_mode(curses, is_whole ? FRAME_END : "");
    if (curses->pace.is_known && curses->sent > before) {
        ask_pace(curses, (size_t)(curses->sent - before));
    }
    (void)tty_out_flush(&curses->out); /* what is left goes out when there is room */
}

/* --- the rest of the table -------------------------------------------------------------------- */

static int curses_fd(Backend *backend)
{
    const Curses *curses = curses_of(backend);
    return curses->is_closed ? -1 : curses->in;
}

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

/* Reads what has come; false when nothing has. A terminal that is gone reads as its end. */
static bool fill(Curses *curses, int64_t now)
{
    if (!tty_can_read(curses->in)) {
        return false;
    }
    char bytes[4096];
    ssize_t len = read(curses->in, bytes, sizeof bytes);
    if (len > 0) {
        input_feed(&curses->input, sv_of(bytes, (size_t)len), now);
        return true;
    }
    curses->is_closed = len == 0 || (errno != EINTR && errno != EAGAIN);
    return false;
}

static bool curses_read_key(Backend *backend, Key *ret_key, StrBuf *ret_paste)
{
    Curses *curses = curses_of(backend);
    int64_t now = clock_monotonic();
    for (;;) {
        bool is_key = input_next(&curses->input, now, ret_key, ret_paste);
        for (; curses->input.answers > 0; curses->input.answers--) {
            pace_answer(&curses->pace, now);
        }
        if (is_key) {
            return true;
        }
        if (curses->is_closed) {
            *ret_key = (Key){.code = KEY_CODE_CLOSED};
            return true;
        }
        if (!fill(curses, now) && !curses->is_closed) {
            return false;
        }
    }
}

static int64_t curses_deadline(const Backend *backend)
{
    const Curses *curses = curses_of_const(backend);
    int64_t keys = input_deadline(&curses->input);
    int64_t frame = pace_deadline(&curses->pace, clock_monotonic());
    return keys < frame ? keys : frame;
}

static bool curses_can_present(const Backend *backend)
{
    const Curses *curses = curses_of_const(backend);
    return tty_out_is_empty(&curses->out) && pace_is_open(&curses->pace, clock_monotonic());
}

static int curses_pending_fd(const Backend *backend)
{
    const Curses *curses = curses_of_const(backend);
    return tty_out_is_empty(&curses->out) ? -1 : curses->out.fd;
}

static void curses_flush(Backend *backend)
{
    (void)tty_out_flush(&curses_of(backend)->out); /* curses_pending_fd tells what is left */
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

/* What is still to be answered would be answered to the shell: the answers are taken for as long as
 * they may be on their way, and with them whatever else comes in between. */
static void await_answers(Curses *curses)
{
    Key key;
    StrBuf paste = {0};
    int64_t until = pace_asked(&curses->pace) + FAREWELL_NS;
    while (curses->pace.count > 0 && !curses->is_closed && clock_monotonic() < until) {
        if (tty_wait_read(curses->in, FAREWELL_STEP_MS)) {
            (void)curses_read_key(&curses->base, &key, &paste); /* of no use any more */
        }
    }
    pace_forget(&curses->pace);
    strbuf_done(&paste);
}

static void curses_suspend(Backend *backend)
{
    Curses *curses = curses_of(backend);
    if (!curses->is_suspended) {
        send_mode(curses, curses->has_mouse ? MOUSE_OFF PASTE_OFF : PASTE_OFF);
        add_capability(&curses->out.bytes, "rmkx");
        (void)endwin();
        collect(curses);
        tty_out_finish(&curses->out);
        await_answers(curses);
        (void)tcsetattr(STDOUT_FILENO, TCSANOW, &curses->modes); /* fails when it is gone */
        curses->is_suspended = true;
    }
}

/* Takes the terminal: its modes, the other screen, an empty one. */
static void take_terminal(Curses *curses)
{
    struct termios raw = tty_raw_modes(curses->modes);
    (void)tcsetattr(STDOUT_FILENO, TCSANOW, &raw); /* fails when it is gone */
    curses->is_suspended = false;
    curses->is_shown = false;
    (void)clearok(curscr, TRUE);
    (void)refresh();
    collect(curses);
    add_capability(&curses->out.bytes, "smkx");
    send_mode(curses, curses->has_mouse ? MOUSE_ON PASTE_ON : PASTE_ON);
    (void)tty_out_flush(&curses->out); /* as in curses_present */
}

/* Also after a stop that nobody announced (SIGSTOP): whatever the shell did to the terminal, it is
 * left and taken again. */
static void curses_resume(Backend *backend)
{
    curses_suspend(backend);
    take_terminal(curses_of(backend));
}

static void curses_set_mouse(Backend *backend, bool is_on)
{
    Curses *curses = curses_of(backend);
    if (is_on != curses->has_mouse && !curses->is_suspended) {
        send_mode(curses, is_on ? MOUSE_ON : MOUSE_OFF);
        (void)tty_out_flush(&curses->out); /* as in curses_present */
    }
    curses->has_mouse = is_on;
}

static uint64_t curses_sent(const Backend *backend)
{
    return curses_of_const(backend)->sent;
}

static bool curses_copy(Backend *backend, StrView text, Err *err)
{
    Curses *curses = curses_of(backend);
    StrBuf sequence = {0};
    bool is_good = clipboard_sequence(text, &sequence, err);
    if (is_good) {
        tty_out_add(&curses->out, strbuf_view(&sequence));
        curses->sent += sequence.len;
    }
    strbuf_done(&sequence);
    return is_good;
}

static const char *curses_note(const Backend *backend)
{
    return curses_of_const(backend)->note;
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
    tty_out_close(&curses->out);
    if (curses->tty != NULL) {
        (void)fclose(curses->tty);
    }
    input_done(&curses->input);
    canvas_done(&curses->shown);
    mem_free(curses);
}

static const BackendOps OPS = {
    .name = "curses",
    .fd = curses_fd,
    .size = curses_size,
    .read_key = curses_read_key,
    .present = curses_present,
    .set_theme = curses_set_theme,
    .suspend = curses_suspend,
    .resume = curses_resume,
    .free = curses_free,
    .deadline = curses_deadline,
    .can_present = curses_can_present,
    .pending_fd = curses_pending_fd,
    .flush = curses_flush,
    .set_mouse = curses_set_mouse,
    .sent = curses_sent,
    .copy = curses_copy,
    .note = curses_note,
};

/* --- opening --------------------------------------------------------------------------------- */

static bool descriptors_open(Curses *curses, Err *err)
{
    curses->in = STDIN_FILENO;
    if (!sink_open(&curses->sink, err)) {
        return false;
    }
    if (tcgetattr(STDOUT_FILENO, &curses->modes) != 0) {
        return err_set(err, "terminal: %s", strerror(errno));
    }
    tty_out_open(&curses->out, STDOUT_FILENO);
    if (isatty(STDIN_FILENO)) {
        return true;
    }
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    curses->tty = fd >= 0 ? fdopen(fd, "r+") : NULL;
    if (curses->tty == NULL) {
        return err_set(err, "/dev/tty: %s (keys cannot be read)", strerror(errno));
    }
    curses->in = fd;
    return true;
}

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

/* Tells curses of a size through the environment; 0 = nothing of it. */
static void set_size(const char *name, int value)
{
    char text[16];
    (void)snprintf(text, sizeof text, "%d", value);
    (void)(value > 0 ? setenv(name, text, 1) : unsetenv(name)); /* only fails for lack of memory */
}

static bool screen_open(Curses *curses, Err *err)
{
    const char *said = getenv("TERM") != NULL ? getenv("TERM") : "";
    char name[TERM_MAX];
    (void)snprintf(name, sizeof name, "%s", said);
    if (!is_known(name)) {
        (void)snprintf(name, sizeof name, "%s", FALLBACK_TERM);
        if (!is_known(name)) {
            return err_set(err, "terminal '%s' is not known here, nor is " FALLBACK_TERM, said);
        }
        (void)snprintf(curses->note, sizeof curses->note,
                       "terminal '%s' is not known here and was taken for " FALLBACK_TERM, said);
    }
    /* A shell's LINES and COLUMNS are of the past after the first resize. But curses cannot ask its
     * sink for a size, takes terminfo's, and would keep the cursor's moves to as many rows. */
    int columns;
    int rows;
    bool has_size = tty_size(STDOUT_FILENO, &columns, &rows);
    set_size("COLUMNS", has_size ? columns : 0);
    set_size("LINES", has_size ? rows : 0);
    curses->screen = newterm(name, curses->sink.file, curses->tty != NULL ? curses->tty : stdin);
    set_size("COLUMNS", 0);
    set_size("LINES", 0);
    return curses->screen != NULL || err_set(err, "terminal '%s' cannot be used", said);
}

/* Asks whether the terminal shows frames at once, and whether it answers at all. The answers come
 * among the keys, or never; what a terminal that does not know such questions may show of them is
 * cleared. Apple's Terminal is known to show a letter, and not to know the mode. */
static void ask_terminal(Curses *curses)
{
    const char *cup = capability("cup");
    const char *program = getenv("TERM_PROGRAM");
    bool is_apples = program != NULL && strcmp(program, "Apple_Terminal") == 0;
    if (cup != NULL && strncmp(cup, "\033[", 2) == 0) {
        send_mode(curses, is_apples ? "" : INPUT_SYNC_QUESTION);
        add_capability(&curses->out.bytes, "clear");
        ask_pace(curses, 0);
        (void)tty_out_flush(&curses->out); /* as in curses_present */
    }
}

static bool wants_color(void)
{
    const char *no_color = getenv("NO_COLOR");
    return no_color == NULL || *no_color == '\0';
}

int backend_curses_colors(void)
{
    char name[TERM_MAX];
    int status = 0;
    int count = COLOR_COUNT;
    (void)snprintf(name, sizeof name, "%s", getenv("TERM") != NULL ? getenv("TERM") : "");
    if (!wants_color()) {
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

/* Terminals tell of 24-bit colours there, by a custom that most of them share. */
static bool announces_exact(void)
{
    const char *said = getenv("COLORTERM");
    return said != NULL && (strcmp(said, "truecolor") == 0 || strcmp(said, "24bit") == 0);
}

static void modes_open(Curses *curses)
{
    const char *alternate = capability("smcup");
    curses->is_modern = alternate != NULL && strstr(alternate, "?1049h") != NULL;
    (void)nonl();
    (void)typeahead(
        -1); /* keys are none of its business, and no reason to leave a frame half done */
    (void)curs_set(0);
    if (wants_color() && has_colors() && start_color() == OK) {
        curses->has_color = true;
        curses->has_default = use_default_colors() == OK;
        curses->is_exact = COLORS >= COLOR_COUNT && announces_exact();
    }
    input_learn_all(&curses->input, capability);
}

Backend *backend_curses_new(const Theme *theme, Err *err)
{
    Curses *curses = mem_calloc(1, sizeof *curses);
    curses->base.ops = &OPS;
    curses->out.fd = -1;
    curses->is_suspended = true; /* the terminal is not ours yet */
    canvas_init(&curses->shown, 1, 1);
    tty_set_locale();
    if (!descriptors_open(curses, err) || !screen_open(curses, err)) {
        curses_free(&curses->base);
        return NULL;
    }
    if (capability("cup") == NULL) {
        (void)err_set(err, "terminal '%s' cannot place its cursor: 'mdmscope show' works without",
                      getenv("TERM"));
        curses_free(&curses->base);
        return NULL;
    }
    modes_open(curses);
    curses_set_theme(&curses->base, theme);
    rescue_arm(curses);
    take_terminal(curses);
    ask_terminal(curses);
    int columns;
    int rows;
    curses_size(&curses->base, &columns, &rows);
    return &curses->base;
}
