/*
 * The scripted backend: see backend_script.h. The text is read into steps first, so that a mistake
 * is told before anything happens; read_key then walks over the steps up to the next key.
 */
#include "tui/backend_script.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "tui/picture.h"
#include "tui/script.h"

/* The clock of a script begins here unless it says otherwise: 2026-01-01 12:00:00 UTC. */
#define WALL_START (INT64_C(1767268800) * NS_PER_SECOND)

typedef struct ScriptBackend {
    Backend base;
    Script script;
    size_t at; /* the step that is next */
    ScriptHost host;
    Canvas canvas;
    FILE *out;
    size_t frames; /* written to `out` */
    int64_t now;   /* the virtual clock */
    Stamp wall;
    int64_t waiting_since; /* by the machine's clock; 0 = not waiting */
    bool is_resized;
    bool has_new_time; /* the program is to look at the clock before the script goes on */
    Err failure;
} ScriptBackend;

static ScriptBackend *script_of(Backend *backend)
{
    return (ScriptBackend *)backend;
}

/* --- what steps do ---------------------------------------------------------------------------- */

static bool run_loaded(ScriptBackend *script, const ScriptStep *step)
{
    (void)step;
    return script->host.is_loaded(script->host.context);
}

static bool run_idle(ScriptBackend *script, const ScriptStep *step)
{
    (void)step;
    return script->host.is_idle(script->host.context);
}

static bool run_entries(ScriptBackend *script, const ScriptStep *step)
{
    return script->host.entries(script->host.context) >= step->count;
}

static bool run_size(ScriptBackend *script, const ScriptStep *step)
{
    canvas_resize(&script->canvas, step->columns, step->rows);
    script->is_resized = true;
    return true;
}

static bool run_clock(ScriptBackend *script, const ScriptStep *step)
{
    if (step->is_absolute) {
        script->wall = (Stamp){.ns = step->length, .zone_minutes = step->zone};
    } else {
        script->wall.ns += step->length;
        script->now += step->length;
    }
    script->has_new_time = true;
    return true;
}

static bool run_frame(ScriptBackend *script, const ScriptStep *step)
{
    script->host.draw(script->host.context, &script->canvas, script->now, script->wall);
    StrBuf text = {0};
    if (step->is_picture) {
        picture_svg(&script->canvas, script->host.theme(script->host.context), &text);
    } else {
        if (step->text.len == 0 && script->frames++ > 0) {
            strbuf_printf(&text, "=== frame %zu\n", script->frames);
        }
        canvas_dump(&script->canvas, step->with_roles, &text);
    }
    FILE *file = step->text.len > 0 ? fopen(step->text.ptr, "w") : script->out;
    bool is_written = file != NULL && fwrite(text.ptr, 1, text.len, file) == text.len;
    if (file != NULL && file != script->out) {
        is_written = fclose(file) == 0 && is_written;
    }
    if (!is_written) {
        (void)err_set_at(&script->failure, step->offset, "%s: %s",
                         step->text.len > 0 ? step->text.ptr : "frame", strerror(errno));
    }
    strbuf_done(&text);
    return true;
}

/* Does a step; false = not yet. */
typedef bool StepRun(ScriptBackend *script, const ScriptStep *step);

static StepRun *const RUN[STEP_KIND_COUNT] = {
    [STEP_CLOCK] = run_clock,     [STEP_FRAME] = run_frame, [STEP_SIZE] = run_size,
    [STEP_ENTRIES] = run_entries, [STEP_IDLE] = run_idle,   [STEP_LOADED] = run_loaded,
};

/* --- the table -------------------------------------------------------------------------------- */

/* What would be on a clipboard is printed between the frames. */
static bool script_copy(Backend *backend, StrView text, Err *err)
{
    const ScriptBackend *script = script_of(backend);
    bool is_good = fprintf(script->out, "=== copied\n%.*s\n", SV_ARG(text)) >= 0;
    return is_good || err_set(err, "%s", strerror(errno));
}

static int script_fd(Backend *backend)
{
    (void)backend;
    return -1;
}

static void script_size(Backend *backend, int *ret_columns, int *ret_rows)
{
    const ScriptBackend *script = script_of(backend);
    *ret_columns = script->canvas.columns;
    *ret_rows = script->canvas.rows;
}

/* Whether to go on waiting for `step`; fails the script when it has taken too long. */
static bool is_patient(ScriptBackend *script, const ScriptStep *step)
{
    int64_t real_now = clock_monotonic();
    if (script->waiting_since == 0) {
        script->waiting_since = real_now;
    }
    if (real_now - script->waiting_since < SCRIPT_PATIENCE_NS) {
        return true;
    }
    (void)err_set_at(&script->failure, step->offset, "script: this was waited for in vain");
    return false;
}

static bool script_read_key(Backend *backend, Key *ret_key, StrBuf *ret_paste)
{
    ScriptBackend *script = script_of(backend);
    if (script->has_new_time) {
        script->has_new_time = false; /* between two calls all had their turn */
        return false;
    }
    while (script->failure.text[0] == '\0' && script->at < script->script.count) {
        const ScriptStep *step = &script->script.steps[script->at];
        if (step->kind == STEP_KEY) {
            script->at++;
            *ret_key = step->key;
            strbuf_clear(ret_paste);
            strbuf_add(ret_paste, step->text);
            return true;
        }
        if (!RUN[step->kind](script, step)) {
            if (is_patient(script, step)) {
                return false;
            }
            break;
        }
        script->waiting_since = 0;
        script->at++;
        if (script->is_resized) {
            script->is_resized = false;
            *ret_key = (Key){.code = KEY_CODE_RESIZE};
            return true;
        }
        if (script->has_new_time) {
            return false;
        }
    }
    *ret_key = (Key){.code = KEY_CODE_CLOSED};
    return true;
}

static void script_present(Backend *backend, const Canvas *canvas)
{
    (void)backend; /* frames are drawn when the script asks for them */
    (void)canvas;
}

static void script_set_theme(Backend *backend, const Theme *theme)
{
    (void)backend; /* frames show roles, not colours */
    (void)theme;
}

static void script_no_shell(Backend *backend)
{
    (void)backend; /* there is no terminal to give back */
}

static int64_t script_now(const Backend *backend)
{
    return ((const ScriptBackend *)backend)->now;
}

static Stamp script_wall(const Backend *backend)
{
    return ((const ScriptBackend *)backend)->wall;
}

static void script_pass(Backend *backend, int64_t until)
{
    ScriptBackend *script = script_of(backend);
    if (until > script->now) {
        script->wall.ns += until - script->now;
        script->now = until;
    }
}

static int64_t script_deadline(const Backend *backend)
{
    const ScriptBackend *script = (const ScriptBackend *)backend;
    return script->has_new_time ? script->now : INT64_MAX;
}

static bool script_can_present(const Backend *backend)
{
    (void)backend;
    return true;
}

static void script_free(Backend *backend)
{
    ScriptBackend *script = script_of(backend);
    script_done(&script->script);
    canvas_done(&script->canvas);
    mem_free(script);
}

static const BackendOps OPS = {
    .name = "script",
    .fd = script_fd,
    .size = script_size,
    .read_key = script_read_key,
    .present = script_present,
    .set_theme = script_set_theme,
    .suspend = script_no_shell,
    .resume = script_no_shell,
    .free = script_free,
    .deadline = script_deadline,
    .can_present = script_can_present,
    .now = script_now,
    .wall = script_wall,
    .pass = script_pass,
    .copy = script_copy,
};

Backend *backend_script_new(StrView text, int columns, int rows, FILE *out, Err *err)
{
    ScriptBackend *script = mem_calloc(1, sizeof *script);
    script->base.ops = &OPS;
    script->out = out;
    /* A whole second: counts by the second then begin the same every time. */
    script->now = (clock_monotonic() / NS_PER_SECOND + 1) * NS_PER_SECOND;
    script->wall = (Stamp){.ns = WALL_START};
    canvas_init(&script->canvas, columns, rows);
    if (!script_read(&script->script, text, err)) {
        script_free(&script->base);
        return NULL;
    }
    return &script->base;
}

void backend_script_attach(Backend *backend, const ScriptHost *host)
{
    script_of(backend)->host = *host;
}

const Err *backend_script_failure(const Backend *backend)
{
    const ScriptBackend *script = (const ScriptBackend *)backend;
    return script->failure.text[0] != '\0' ? &script->failure : NULL;
}
