/*
 * Script: see script.h. A word is a directive of the table or the name of a key; text in quotes is
 * typed. Nothing is done here.
 */
#include "tui/script.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/canvas.h"

typedef struct Directive {
    const char *word; /* up to and with its colon; a whole word when it takes no argument */
    ScriptStepKind kind;
    /* Reads what follows the word; NULL = nothing may. */
    bool (*read)(StrView argument, ScriptStep *step, Err *err);
} Directive;

static bool read_entries(StrView argument, ScriptStep *step, Err *err)
{
    if (!sv_to_u64(argument, &step->count)) {
        return err_set(err, "'%.*s' is no number of entries", SV_ARG(argument));
    }
    return true;
}

static bool read_size(StrView argument, ScriptStep *step, Err *err)
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

static bool read_clock(StrView argument, ScriptStep *step, Err *err)
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

static bool read_file(StrView argument, ScriptStep *step, Err *err)
{
    step->text = argument;
    return argument.len > 0 || err_set(err, "a file name is missing");
}

static bool read_roles(StrView argument, ScriptStep *step, Err *err)
{
    (void)err;
    step->with_roles = true;
    step->text = argument;
    return true;
}

static bool read_roles_file(StrView argument, ScriptStep *step, Err *err)
{
    step->with_roles = true;
    return read_file(argument, step, err);
}

static bool read_picture(StrView argument, ScriptStep *step, Err *err)
{
    (void)err;
    step->is_picture = true;
    step->text = argument;
    return true;
}

static bool read_picture_file(StrView argument, ScriptStep *step, Err *err)
{
    step->is_picture = true;
    return read_file(argument, step, err);
}

static bool read_paste(StrView argument, ScriptStep *step, Err *err)
{
    (void)err;
    step->key = (Key){.code = KEY_CODE_PASTE};
    step->text = argument;
    return true;
}

/* clang-format off */
/* A longer word stands before the one it begins with. */
static const Directive DIRECTIVES[] = {
    {"clock:",        STEP_CLOCK,   read_clock},
    {"frame:roles:",  STEP_FRAME,   read_roles_file},
    {"frame:roles",   STEP_FRAME,   read_roles},
    {"frame:svg:",    STEP_FRAME,   read_picture_file},
    {"frame:svg",     STEP_FRAME,   read_picture},
    {"frame:",        STEP_FRAME,   read_file},
    {"frame",         STEP_FRAME,   NULL},
    {"paste:",        STEP_KEY,    read_paste},
    {"size:",         STEP_SIZE,    read_size},
    {"wait:entries=", STEP_ENTRIES, read_entries},
    {"wait:idle",     STEP_IDLE,    NULL},
    {"wait:loaded",   STEP_LOADED,  NULL},
};
/* clang-format on */

static ScriptStep *step_add(Script *script, size_t offset)
{
    mem_grow((void **)&script->steps, &script->capacity, script->count, sizeof *script->steps);
    ScriptStep *step = &script->steps[script->count++];
    *step = (ScriptStep){.offset = offset};
    return step;
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
        ScriptStep *step = step_add(script, offset);
        step->key = (Key){.code = code_point == '\n' ? KEY_CODE_ENTER : code_point};
    }
}

/* A word: a directive or the name of a key. */
static bool add_word(Script *script, size_t offset, StrView word, Err *err)
{
    ScriptStep step = {.offset = offset};
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
            step.kind = directive->kind;
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
    while (is_good && rest->len > 0 && !ascii_is_blank(rest->ptr[0])) {
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

bool script_read(Script *script, StrView text, Err *err)
{
    StrView rest = text;
    while (rest.len > 0) {
        if (ascii_is_blank(rest.ptr[0])) {
            rest = sv_slice(rest, 1, SIZE_MAX);
        } else if (!add_token(script, text, &rest, err)) {
            return false;
        }
    }
    return true;
}

void script_done(Script *script)
{
    arena_done(&script->arena);
    mem_free(script->steps);
    *script = (Script){0};
}
