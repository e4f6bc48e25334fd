/*
 * The scripted backend: see backend_script.h. The text is read into steps first, so that a mistake
 * is told before anything happens; read_key then walks over the steps up to the next key.
 */
#include "tui/backend_script.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/picture.h"

/* The clock of a script begins here unless it says otherwise: 2026-01-01 12:00:00 UTC. */
#define WALL_START (INT64_C(1767268800) * NS_PER_SECOND)

typedef struct Script Script;
typedef struct Step Step;

struct Step {
    /* Does the step; false = not yet. A step that is a key has NULL. */
    bool (*run)(Script *script, const Step *step);
    size_t offset; /* in the script's text */
    Key key;
    StrView text; /* argument, paste or file; borrowed from the script's copy or arena */
    int columns, rows;
    uint64_t count;
    int64_t length; /* clock: how far it goes on; or where it stands, when `is_absolute` */
    int16_t zone;
    bool is_absolute;
    bool with_roles;
    bool is_picture;
};

struct Script {
    Backend base;
    Arena arena;
    Step *steps;
    size_t step_count, step_capacity, at;
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
};

static Script *script_of(Backend *backend)
{
    return (Script *)backend;
}

/* --- what steps do ---------------------------------------------------------------------------- */

static bool run_loaded(Script *script, const Step *step)
{
    (void)step;
    return script->host.is_loaded(script->host.context);
}

static bool run_idle(Script *script, const Step *step)
{
    (void)step;
    return script->host.is_idle(script->host.context);
}

static bool run_entries(Script *script, const Step *step)
{
    return script->host.entries(script->host.context) >= step->count;
}

static bool run_size(Script *script, const Step *step)
{
    canvas_resize(&script->canvas, step->columns, step->rows);
    script->is_resized = true;
    return true;
}

static bool run_clock(Script *script, const Step *step)
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

static bool run_frame(Script *script, const Step *step)
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

/* --- reading the script ----------------------------------------------------------------------- */

typedef struct Directive {
    const char *word; /* up to and with its colon; a whole word when it takes no argument */
    bool (*run)(Script *script, const Step *step);
    /* Reads what follows the word; NULL = nothing may. */
    bool (*read)(StrView argument, Step *step, Err *err);
} Directive;

static bool read_entries(StrView argument, Step *step, Err *err)
{
    if (!sv_to_u64(argument, &step->count)) {
        return err_set(err, "'%.*s' is no number of entries", SV_ARG(argument));
    }
    return true;
}

static bool read_size(StrView argument, Step *step, Err *err)
{
    uint64_t columns;
    uint64_t rows;
    size_t cross = sv_find_char(argument, 'x');
    if (cross == SIZE_MAX || !sv_to_u64(sv_slice(argument, 0, cross), &columns) ||
        !sv_to_u64(sv_slice(argument, cross + 1, SIZE_MAX), &rows) || columns == 0 || rows == 0 ||
        columns > CANVAS_MAX_COLUMNS || rows > CANVAS_MAX_ROWS) {
        return err_set(err, "'%.*s' is no size: '120x40' would be one", SV_ARG(argument));
    }
    step->columns = (int)columns;
    step->rows = (int)rows;
    return true;
}

static bool read_clock(StrView argument, Step *step, Err *err)
{
    if (sv_starts(argument, SV("+"))) {
        return clock_parse_length(sv_slice(argument, 1, SIZE_MAX), &step->length, err);
    }
    Stamp stamp;
    if (argument.len == 0 || clock_parse_stamp(argument, 0, &stamp) != argument.len) {
        return err_set(err, "'%.*s' is neither '+5s' nor '2026-09-08T12:06:31Z'", SV_ARG(argument));
    }
    step->length = stamp.ns;
    step->zone = stamp.zone_minutes;
    step->is_absolute = true;
    return true;
}

static bool read_file(StrView argument, Step *step, Err *err)
{
    step->text = argument;
    return argument.len > 0 || err_set(err, "a file name is missing");
}

static bool read_roles(StrView argument, Step *step, Err *err)
{
    (void)err;
    step->with_roles = true;
    step->text = argument;
    return true;
}

static bool read_roles_file(StrView argument, Step *step, Err *err)
{
    step->with_roles = true;
    return read_file(argument, step, err);
}

static bool read_picture(StrView argument, Step *step, Err *err)
{
    (void)err;
    step->is_picture = true;
    step->text = argument;
    return true;
}

static bool read_picture_file(StrView argument, Step *step, Err *err)
{
    step->is_picture = true;
    return read_file(argument, step, err);
}

static bool read_paste(StrView argument, Step *step, Err *err)
{
    (void)err;
    step->key = (Key){.code = KEY_CODE_PASTE};
    step->text = argument;
    return true;
}

/* clang-format off */
/* A longer word stands before the one it begins with. */
static const Directive DIRECTIVES[] = {
    {"clock:",        run_clock,   read_clock},
    {"frame:roles:",  run_frame,   read_roles_file},
    {"frame:roles",   run_frame,   read_roles},
    {"frame:svg:",    run_frame,   read_picture_file},
    {"frame:svg",     run_frame,   read_picture},
    {"frame:",        run_frame,   read_file},
    {"frame",         run_frame,   NULL},
    {"paste:",        NULL,        read_paste},
    {"size:",         run_size,    read_size},
    {"wait:entries=", run_entries, read_entries},
    {"wait:idle",     run_idle,    NULL},
    {"wait:loaded",   run_loaded,  NULL},
};
/* clang-format on */

static Step *step_add(Script *script, size_t offset)
{
    mem_grow((void **)&script->steps, &script->step_capacity, script->step_count,
             sizeof *script->steps);
    Step *step = &script->steps[script->step_count++];
    *step = (Step){.offset = offset};
    return step;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* Takes a text in double quotes off `rest`, in which \" and \\ stand for themselves and \n for a
 * line end; appends it to `text`. */
static bool take_quoted(StrView *rest, StrBuf *text)
{
    size_t at = 1;
    while (at < rest->len && rest->ptr[at] != '"') {
        bool is_escape = rest->ptr[at] == '\\' && at + 1 < rest->len;
        at += is_escape ? 1 : 0;
        char byte = rest->ptr[at];
        if (is_escape && byte == 'n') {
            byte = '\n';
        }
        strbuf_add_char(text, byte);
        at++;
    }
    bool is_closed = at < rest->len;
    *rest = sv_slice(*rest, is_closed ? at + 1 : at, SIZE_MAX);
    return is_closed;
}

static void add_typed(Script *script, size_t offset, StrView text)
{
    while (text.len > 0) {
        uint32_t code_point = utf8_next(&text);
        Step *step = step_add(script, offset);
        step->key = (Key){.code = code_point == '\n' ? KEY_CODE_ENTER : code_point};
    }
}

/* A word: a directive or the name of a key. */
static bool add_word(Script *script, size_t offset, StrView word, Err *err)
{
    Step step = {.offset = offset};
    for (size_t i = 0; i < ARRAY_LEN(DIRECTIVES); i++) {
        const Directive *directive = &DIRECTIVES[i];
        StrView name = sv(directive->word);
        bool has_argument = directive->read != NULL && directive->read != read_roles;
        if (has_argument ? sv_starts(word, name) : sv_equal(word, name)) {
            StrView argument = arena_dup(&script->arena, sv_slice(word, name.len, SIZE_MAX));
            Err why = err_none();
            if (directive->read != NULL && !directive->read(argument, &step, &why)) {
                return err_set_at(err, offset, "script: %s", why.text);
            }
            step.run = directive->run;
            *step_add(script, offset) = step;
            return true;
        }
    }
    if (!key_parse(word, &step.key)) {
        return err_set_at(err, offset, "script: '%.*s' is neither a key nor a directive",
                          SV_ARG(word));
    }
    *step_add(script, offset) = step;
    return true;
}

/* A word ends at a blank that is not within quotes; quotes are taken off after a directive. */
static bool add_token(Script *script, StrView text, StrView *rest, Err *err)
{
    size_t offset = text.len - rest->len;
    StrBuf token = {0};
    bool is_typed = rest->ptr[0] == '"';
    bool is_good = true;
    while (is_good && rest->len > 0 && !is_blank(rest->ptr[0])) {
        bool may_quote = is_typed || (token.len > 0 && token.ptr[token.len - 1] == ':');
        if (rest->ptr[0] == '"' && may_quote) {
            is_good = take_quoted(rest, &token) ||
                      err_set_at(err, offset, "script: the closing quote is missing");
        } else {
            strbuf_add_char(&token, rest->ptr[0]);
            *rest = sv_slice(*rest, 1, SIZE_MAX);
        }
    }
    if (is_good && is_typed) {
        add_typed(script, offset, strbuf_view(&token));
    } else if (is_good) {
        is_good = add_word(script, offset, strbuf_view(&token), err);
    }
    strbuf_done(&token);
    return is_good;
}

static bool script_read(Script *script, StrView text, Err *err)
{
    StrView rest = text;
    while (rest.len > 0) {
        if (is_blank(rest.ptr[0])) {
            rest = sv_slice(rest, 1, SIZE_MAX);
        } else if (!add_token(script, text, &rest, err)) {
            return false;
        }
    }
    return true;
}

/* --- the table -------------------------------------------------------------------------------- */

/* What would be on a clipboard is printed between the frames. */
static bool script_copy(Backend *backend, StrView text, Err *err)
{
    const Script *script = script_of(backend);
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
    const Script *script = script_of(backend);
    *ret_columns = script->canvas.columns;
    *ret_rows = script->canvas.rows;
}

/* Whether to go on waiting for `step`; fails the script when it has taken too long. */
static bool is_patient(Script *script, const Step *step)
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
    Script *script = script_of(backend);
    if (script->has_new_time) {
        script->has_new_time = false; /* between two calls all had their turn */
        return false;
    }
    while (script->failure.text[0] == '\0' && script->at < script->step_count) {
        const Step *step = &script->steps[script->at];
        if (step->run == NULL) {
            script->at++;
            *ret_key = step->key;
            strbuf_clear(ret_paste);
            strbuf_add(ret_paste, step->text);
            return true;
        }
        if (!step->run(script, step)) {
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
    return ((const Script *)backend)->now;
}

static Stamp script_wall(const Backend *backend)
{
    return ((const Script *)backend)->wall;
}

static void script_pass(Backend *backend, int64_t until)
{
    Script *script = script_of(backend);
    if (until > script->now) {
        script->wall.ns += until - script->now;
        script->now = until;
    }
}

static int64_t script_deadline(const Backend *backend)
{
    const Script *script = (const Script *)backend;
    return script->has_new_time ? script->now : INT64_MAX;
}

static bool script_can_present(const Backend *backend)
{
    (void)backend;
    return true;
}

static void script_free(Backend *backend)
{
    Script *script = script_of(backend);
    arena_done(&script->arena);
    mem_free(script->steps);
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
    Script *script = mem_calloc(1, sizeof *script);
    script->base.ops = &OPS;
    script->out = out;
    /* A whole second: counts by the second then begin the same every time. */
    script->now = (clock_monotonic() / NS_PER_SECOND + 1) * NS_PER_SECOND;
    script->wall = (Stamp){.ns = WALL_START};
    canvas_init(&script->canvas, columns, rows);
    if (!script_read(script, text, err)) {
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
    const Script *script = (const Script *)backend;
    return script->failure.text[0] != '\0' ? &script->failure : NULL;
}
