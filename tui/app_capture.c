/*
 * The capture as the explorer has it: a key begins and ends it, the title says that it runs, the
 * rows of trouble what went wrong with it. The capture itself is session/capture.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "session/home.h"
#include "tui/app_capture.h"
#include "tui/app_state.h"
#include "tui/command_list.h"

/* So many rows are looked at for one that tells how the sources write. */
#define STYLE_ROWS 100

/* Whether what comes is a JSON object a line, as `log` is asked for: the newest entries tell. */
static bool is_ndjson(const App *app)
{
    const Store *store = session_store(app->session);
    EntryNumber first = store_first(store), end = store_end(store);
    SourceStatus status;
    StoreRow row;

    for (int i = 0; i < STYLE_ROWS && end > first; i++) {
        if (store_find(store, --end, &row) && row.columns->kind[row.index] != KIND_NOTICE &&
            row.columns->kind[row.index] != KIND_UNPARSED) {
            return row.columns->style[row.index] == STYLE_NDJSON;
        }
    }
    sources_status(session_sources(app->session), 0, &status);
    return status.is_stream || status.kind == SOURCE_DEMO; /* nothing has come yet */
}

/* "mdmscope-20261122-120433.ndjson": when it was begun, no secrets. */
void app_capture_name(const App *app, StrBuf *ret_name)
{
    char stamp[CLOCK_STAMP_MAX];

    clock_format(app->wall, CLOCK_FULL, stamp);
    strbuf_add_str(ret_name, "mdmscope-");
    for (size_t i = 0; i < 19 && stamp[i] != '\0'; i++) {
        if (stamp[i] >= '0' && stamp[i] <= '9') {
            strbuf_add_char(ret_name, stamp[i]);
        } else if (stamp[i] == ' ') {
            strbuf_add_char(ret_name, '-');
        }
    }
    strbuf_add_str(ret_name, is_ndjson(app) ? ".ndjson" : ".log");
}

void app_accept_capture(App *app, StrView text)
{
    StrBuf path = {0};
    bool exists = false;

    home_expand(sv_trim(text), getenv("HOME"), &path);
    bool was_asked = path.len > 0 && sv_equal(strbuf_view(&path), strbuf_view(&app->capture_asked));
    strbuf_clear(&app->capture_asked);
    if (session_capture_begin(app->session, path.len > 0 ? path.ptr : "", was_asked, &exists,
                              &app->prompt_err)) {
        app_say(app, ROLE_STATUS_KEY, "all that comes from now on goes to %s as well; C ends that",
                path.ptr);
    } else if (exists && !was_asked) {
        app->prompt_err = err_none();
        (void)err_set(&app->prompt_err, "Enter once more replaces '%s', which exists", path.ptr);
        strbuf_add(&app->capture_asked, strbuf_view(&path));
    }
    strbuf_done(&path);
}

static void say_end(App *app)
{
    CaptureStatus status;
    char number[32];

    session_capture_end(app->session);
    if (session_capture(app->session, &status)) {
        app_say(app, ROLE_STATUS_KEY, "the capture has ended: %s %s in %.*s",
                app_count(status.entries - status.missed, number),
                status.entries - status.missed == 1 ? "entry" : "entries", SV_ARG(status.path));
    }
}

unsigned command_capture(App *app, int argument)
{
    CaptureStatus status;

    (void)argument;
    if (session_capture(app->session, &status) && status.state == CAPTURE_RUNNING) {
        say_end(app);
        return APP_REDRAW;
    }
    strbuf_clear(&app->capture_asked);
    return app_prompt_open(app, PROMPT_CAPTURE);
}

unsigned command_capture_text(App *app, StrView text)
{
    app->prompt_err = err_none();
    app_accept_capture(app, text);
    if (app->prompt_err.text[0] != '\0') {
        app_say(app, ROLE_OUTCOME_FAIL, "%s", app->prompt_err.text);
    }
    return APP_REDRAW;
}

Role app_capture_title(const App *app, char *buf, size_t size)
{
    CaptureStatus status;
    char number[32];

    buf[0] = '\0';
    if (!session_capture(app->session, &status) || status.state == CAPTURE_ENDED) {
        return ROLE_TITLE;
    }
    if (status.state == CAPTURE_FAILED) {
        (void)snprintf(buf, size, "■ rec stopped, %s missing", app_count(status.missed, number));
        return ROLE_TITLE_FAIL;
    }
    if (status.missed > 0) {
        (void)snprintf(buf, size, "● rec, %s missing", app_count(status.missed, number));
        return ROLE_TITLE_FAIL;
    }
    (void)snprintf(buf, size, "%s rec %s", status.state == CAPTURE_ENDING ? "◌" : "●",
                   app_count(status.entries, number));
    return ROLE_TITLE_LIVE;
}
