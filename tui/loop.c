/*
 * Loop: see loop.h. It decides when, never what: it knows no key's meaning and draws nothing
 * itself. It must never include curses.
 */
#include "tui/loop.h"

#include <signal.h>
#include <sys/select.h>

#include "tui/clipboard.h"
#include "tui/signals.h"

/* Keys handled before entries are looked at again: more than anybody types, less than a paste. */
#define KEYS_A_TURN 256

/* Under a script's clock only time itself is never waited for: this long at most, by the machine's
 * clock, until the script is asked again. */
#define SCRIPT_NAP_NS (INT64_C(200) * NS_PER_MS)

typedef struct Loop {
    Session *session;
    App *app;
    Backend *backend;
    Trace *trace; /* NULL = nobody measures */
    Canvas canvas;
    StrBuf paste;
    fd_set ready; /* to read */
    bool is_over;
    bool is_alone;       /* the terminal has gone away */
    bool is_dirty;       /* a frame is to be drawn */
    bool is_key_waiting; /* … for a key that came at `key_time` */
    int64_t key_time;
    int64_t frame_time; /* when the last frame was drawn */
    int64_t stale_time; /* when what it shows of the time will be no longer true */
    int64_t looked;     /* when no key was waiting, the last time that was known */
    int64_t turn;       /* the longest turn since the last frame */
} Loop;

static int64_t loop_now(const Loop *loop)
{
    const BackendOps *ops = loop->backend->ops;
    return ops->now != NULL ? ops->now(loop->backend) : clock_monotonic();
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void resize(Loop *loop)
{
    int columns;
    int rows;
    loop->backend->ops->size(loop->backend, &columns, &rows);
    if (columns != loop->canvas.columns || rows != loop->canvas.rows) {
        canvas_resize(&loop->canvas, columns, rows);
    }
    loop->is_dirty = true;
    loop->is_key_waiting = true; /* a torn screen is not left standing */
    loop->key_time = loop_now(loop);
}

static void suspend(Loop *loop, bool with_group)
{
    const BackendOps *ops = loop->backend->ops;
    if (ops->pass != NULL) {
        return; /* a script has no shell to return to */
    }
    ops->suspend(loop->backend);
    signals_stop_self(with_group);
    ops->resume(loop->backend);
    resize(loop);
}

static void set_mouse(const Loop *loop)
{
    const BackendOps *ops = loop->backend->ops;
    if (ops->set_mouse != NULL) {
        ops->set_mouse(loop->backend, app_wants_mouse(loop->app));
    }
}

/* The program of this machine first; without one, or from afar, the terminal. A script has neither
 * a machine nor a user. */
static unsigned copy(Loop *loop)
{
    const BackendOps *ops = loop->backend->ops;
    StrView text = app_copied(loop->app);
    ClipboardPlace place = clipboard_place();
    const ClipboardProgram *program = NULL;
    StrBuf path = {0};
    Err err = err_none();
    const char *where = NULL;
    if (ops->pass == NULL) {
        program = clipboard_find(&place, &path);
    }
    if (program != NULL) {
        where = clipboard_start(program, path.ptr, text, &err) ? program->name : NULL;
    } else if (ops->copy == NULL) {
        (void)err_set(&err, "this terminal has no clipboard that is known");
    } else if (ops->copy(loop->backend, text, &err)) {
        where = "the terminal's clipboard";
    }
    strbuf_done(&path);
    return app_copy_told(loop->app, where, &err);
}

/* Does what the screen asked for. */
static void obey(Loop *loop, unsigned wishes)
{
    if ((wishes & APP_COPY) != 0) {
        wishes |= copy(loop);
    }
    loop->is_dirty |= (wishes & (APP_REDRAW | APP_THEME)) != 0;
    loop->is_over |= (wishes & APP_QUIT) != 0;
    if ((wishes & APP_THEME) != 0) {
        loop->backend->ops->set_theme(loop->backend, app_theme(loop->app));
    }
    if ((wishes & APP_MOUSE) != 0) {
        set_mouse(loop);
    }
    if ((wishes & APP_SUSPEND) != 0) {
        suspend(loop, true);
    }
}

static void tell(Loop *loop, unsigned session_dirty)
{
    if (session_dirty != 0) {
        obey(loop, app_news(loop->app, session_dirty, loop_now(loop)));
    }
}

static void take_signals(Loop *loop)
{
    unsigned flags = signals_take();
    if ((flags & SIGNALS_CHILD) != 0) {
        session_reap(loop->session);
    }
    if ((flags & SIGNALS_STOP) != 0) {
        suspend(loop, false);
        flags &= ~SIGNALS_CONTINUE;
        flags |= signals_take() & ~SIGNALS_CONTINUE; /* that was our own return */
    }
    if ((flags & SIGNALS_CONTINUE) != 0) {
        loop->backend->ops->resume(loop->backend);
        resize(loop);
    }
    if ((flags & SIGNALS_RESIZE) != 0) {
        resize(loop);
    }
    loop->is_over |= (flags & SIGNALS_END) != 0;
}

static void take_keys(Loop *loop)
{
    Key key;
    for (int i = 0; i < KEYS_A_TURN && !loop->is_over; i++) {
        int64_t now = loop_now(loop);
        if (!loop->backend->ops->read_key(loop->backend, &key, &loop->paste)) {
            loop->looked = now;
            return;
        }
        if (key.code == KEY_CODE_RESIZE) {
            resize(loop);
        } else if (key.code == KEY_CODE_CLOSED) {
            loop->is_over = true;
            loop->is_alone = true;
        } else {
            unsigned wishes = app_key(loop->app, key, strbuf_view(&loop->paste), now);
            if (wishes == 0) {
                continue; /* there is nothing to answer: no frame belongs to it */
            }
            loop->key_time = loop->is_key_waiting ? loop->key_time : loop->looked;
            loop->is_key_waiting = true;
            obey(loop, wishes);
        }
    }
}

static bool has_work(const Loop *loop)
{
    return session_has_work(loop->session) || app_has_work(loop->app);
}

static bool can_present(const Loop *loop)
{
    const BackendOps *ops = loop->backend->ops;
    return ops->can_present == NULL || ops->can_present(loop->backend);
}

/* From a frame to the next. What only scrolls by needs fewer of them. */
static int64_t beat_of(const Loop *loop, int64_t now)
{
    bool is_calm = !loop->is_key_waiting && now - loop->key_time >= LOOP_CALM_NS;
    return is_calm ? LOOP_CALM_FRAME_NS : LOOP_FRAME_NS;
}

/* Whether a frame is to go out now. After a key it does as soon as the key's work is done, unless
 * keys come faster than anybody could see (a drag), and otherwise in the beat. */
static bool is_frame_due(const Loop *loop, int64_t now)
{
    if (!loop->is_dirty || !can_present(loop)) {
        return false;
    }
    if (now - loop->frame_time >= beat_of(loop, now)) {
        return true;
    }
    return loop->is_key_waiting && now - loop->frame_time >= LOOP_KEY_FRAME_NS &&
           (!has_work(loop) || now - loop->key_time >= LOOP_KEY_NS);
}

/* Writes down the frame that was begun at `begun`, was drawn at `drawn` and has just been shown. */
static void measure(Loop *loop, int64_t begun, int64_t drawn)
{
    const BackendOps *ops = loop->backend->ops;
    int64_t now = loop_now(loop);
    trace_frame(loop->trace, &(TraceFrame){
                                 .time = now,
                                 .key = loop->is_key_waiting ? now - loop->key_time : TRACE_NO_KEY,
                                 .draw = drawn - begun,
                                 .present = now - drawn,
                                 .turn = loop->turn,
                                 .bytes = ops->sent != NULL ? ops->sent(loop->backend) : 0,
                                 .entries = store_counts(session_store(loop->session))->entries,
                                 .has_work = has_work(loop),
                             });
    loop->turn = 0;
}

static void draw(Loop *loop)
{
    const BackendOps *ops = loop->backend->ops;
    int64_t now = loop_now(loop);
    loop->is_dirty |= loop->stale_time <= now;
    if (!is_frame_due(loop, now)) {
        return;
    }
    Stamp wall = ops->wall != NULL ? ops->wall(loop->backend) : clock_now();
    app_draw(loop->app, &loop->canvas, now, wall);
    int64_t drawn = loop->trace != NULL ? loop_now(loop) : now;
    ops->present(loop->backend, &loop->canvas);
    if (loop->trace != NULL) {
        measure(loop, now, drawn);
    }
    loop->is_dirty = false;
    loop->is_key_waiting = false;
    loop->frame_time = now;
    loop->stale_time = app_deadline(loop->app, now);
}

/* When to go on though no descriptor is ready. */
static int64_t next_deadline(const Loop *loop, int64_t now)
{
    const BackendOps *ops = loop->backend->ops;
    if (has_work(loop)) {
        return now;
    }
    int64_t deadline = session_deadline(loop->session, now);
    deadline = earlier(deadline, loop->stale_time);
    if (ops->deadline != NULL) {
        deadline = earlier(deadline, ops->deadline(loop->backend));
    }
    if (loop->is_dirty && (can_present(loop) || ops->pending_fd == NULL)) {
        int64_t wait = loop->is_key_waiting ? LOOP_KEY_FRAME_NS : beat_of(loop, now);
        int64_t beat = loop->frame_time + wait;
        deadline = earlier(deadline, beat > now ? beat : now + wait);
    }
    return deadline;
}

/* Waits for a descriptor until `nap` ns from now at most; INT64_MAX = for ever. */
static void wait_ready(Loop *loop, int max_fd, fd_set *writes, int64_t nap)
{
    struct timeval timeout = {0, 0};
    if (nap > 0 && nap != INT64_MAX) {
        int64_t us = (nap + 999) / 1000; /* rounded up: waking too early is a turn for nothing */
        timeout.tv_sec = (time_t)(us / 1000000);
        timeout.tv_usec = (suseconds_t)(us % 1000000);
    }
    int count = select(max_fd + 1, &loop->ready, writes, NULL, nap == INT64_MAX ? NULL : &timeout);
    if (count <= 0) {
        FD_ZERO(&loop->ready); /* time, or a signal: its flag is up */
    }
}

static void add_fd(fd_set *set, int fd, int *max_fd)
{
    if (fd >= 0) {
        FD_SET(fd, set);
        *max_fd = fd > *max_fd ? fd : *max_fd;
    }
}

static void wait_for_news(Loop *loop)
{
    const BackendOps *ops = loop->backend->ops;
    int64_t now = loop_now(loop);
    int64_t deadline = next_deadline(loop, now);
    int max_fd = -1;
    FD_ZERO(&loop->ready);
    session_fds(loop->session, &loop->ready, &max_fd);
    bool has_sources = max_fd >= 0;
    add_fd(&loop->ready, ops->fd(loop->backend), &max_fd);
    add_fd(&loop->ready, signals_fd(), &max_fd);
    fd_set writes;
    FD_ZERO(&writes);
    if (ops->pending_fd != NULL) {
        add_fd(&writes, ops->pending_fd(loop->backend), &max_fd);
    }
    int64_t nap = deadline == INT64_MAX ? INT64_MAX : deadline > now ? deadline - now : 0;
    if (ops->pass != NULL && nap > 0) {
        int64_t event = has_sources ? INT64_MAX : session_deadline(loop->session, now);
        event = earlier(event, app_keys_deadline(loop->app));
        if (event != INT64_MAX) {
            ops->pass(loop->backend, event); /* nothing but time stands between */
            nap = 0;
        } else {
            nap = SCRIPT_NAP_NS;
        }
    }
    if (loop->trace != NULL) {
        int64_t turn = now - loop->looked; /* was it long, a key would have waited for so long */
        loop->turn = turn > loop->turn ? turn : loop->turn;
    }
    wait_ready(loop, max_fd, &writes, nap);
    if (nap > 0) {
        loop->looked = loop_now(loop); /* a key would have ended the nap */
    }
}

/* How long something may go on that a frame waits for: `most`, but while a key is not answered not
 * beyond its time. */
static int64_t slice(const Loop *loop, int64_t most)
{
    if (!loop->is_key_waiting) {
        return most;
    }
    int64_t left = loop->key_time + LOOP_KEY_NS - loop_now(loop);
    return left < LOOP_LEAST_NS ? LOOP_LEAST_NS : left < most ? left : most;
}

static void turn(Loop *loop)
{
    const BackendOps *ops = loop->backend->ops;
    if (ops->flush != NULL) {
        ops->flush(loop->backend);
    }
    take_signals(loop);
    take_keys(loop);
    int64_t before = loop_now(loop);
    tell(loop, session_pump(loop->session, &loop->ready, before, slice(loop, LOOP_PUMP_NS)));
    if (loop_now(loop) - before >= LOOP_LOOK_NS) {
        take_keys(loop);
    }
    if (session_has_work(loop->session)) {
        tell(loop, session_work(loop->session, slice(loop, LOOP_WORK_NS)));
    }
    if (app_has_work(loop->app)) {
        obey(loop, app_work(loop->app, slice(loop, LOOP_WORK_NS)));
    }
    if (!loop->is_over) {
        draw(loop);
        wait_for_news(loop);
    }
}

bool loop_run(Session *session, App *app, Backend *backend, Trace *trace)
{
    Loop loop = {.session = session, .app = app, .backend = backend, .trace = trace};
    FD_ZERO(&loop.ready);
    canvas_init(&loop.canvas, 1, 1);
    resize(&loop);
    set_mouse(&loop);
    loop.looked = loop_now(&loop);
    loop.frame_time = loop.looked - LOOP_FRAME_NS;
    loop.stale_time = INT64_MAX;
    while (!loop.is_over) {
        turn(&loop);
    }
    canvas_done(&loop.canvas);
    strbuf_done(&loop.paste);
    return loop.is_alone || signals_ending() == SIGHUP;
}
