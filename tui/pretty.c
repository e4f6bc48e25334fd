/*
 * Pretty: looks for the beginning of a structure, reads it by the rules of a dialect while writing
 * it out, and takes back what was written when it turns out to be none. What failed attempts may
 * read altogether is limited, so that no text costs more than a few passes over it.
 */
#include "tui/pretty.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "tui/pretty_internal.h"

/* Failed attempts may read the text this many times over. */
#define TRIES 4
/* What layout may add: per byte of the text, and at least. */
#define GROWTH 4
#define GROWTH_LEAST (4 * KIB)
/* Deeper levels are not indented further. */
#define INDENT_LEVELS 24
#define INDENT 2
/* A list of plain values is laid out when it would not stand on a row anyway. */
#define LIST_SHORT 60
/* The description of an object, in angle brackets, is no longer. */
#define OBJECT_MAX (4 * KIB)

/* --- writing ---------------------------------------------------------------------------------- */

static void end_span(Pretty *out, PrettyKind kind)
{
    PrettySpan *last = out->span_count > 0 ? &out->spans[out->span_count - 1] : NULL;

    if (last != NULL && last->kind == kind) {
        last->end = out->text.len;
        return;
    }
    if (last != NULL ? last->end == out->text.len : out->text.len == 0) {
        return;
    }
    mem_grow((void **)&out->spans, &out->span_capacity, out->span_count, sizeof *out->spans);
    out->spans[out->span_count++] = (PrettySpan){.end = out->text.len, .kind = kind};
}

bool pretty_put(PrettyWork *work, size_t end, PrettyKind kind)
{
    strbuf_add(&work->out->text, sv_slice(work->text, work->at, end - work->at));
    end_span(work->out, kind);
    work->at = end;
    return work->out->text.len <= work->most;
}

void pretty_blank(PrettyWork *work)
{
    strbuf_add_char(&work->out->text, ' ');
    end_span(work->out, PRETTY_MARK);
}

void pretty_new_line(PrettyWork *work)
{
    int levels = work->depth < INDENT_LEVELS ? work->depth : INDENT_LEVELS;

    strbuf_add_char(&work->out->text, '\n');
    strbuf_add_many(&work->out->text, ' ', (size_t)levels * INDENT);
    end_span(work->out, PRETTY_MARK);
}

size_t pretty_skip_blanks(StrView text, size_t at)
{
    while (at < text.len && ascii_is_blank(text.ptr[at])) {
        at++;
    }
    return at;
}

/* --- brackets: JSON and descriptions ---------------------------------------------------------- */

typedef struct Dialect {
    char map_open, map_close;
    char list_open, list_close;
    char pair;          /* between key and value */
    char map_separator; /* between pairs */
    bool is_terminated; /* the last pair has a separator too */
    bool has_bare_keys; /* keys may be without quotes */
    bool has_wide_pair; /* a blank before the pair sign too */
    /* Where a value without quotes ends that begins at `at`; `at` = there is none. */
    size_t (*scalar_end)(StrView text, size_t at, bool is_key);
} Dialect;

static bool put_value(PrettyWork *work, const Dialect *dialect);

static char look(const PrettyWork *work)
{
    return work->at < work->text.len ? work->text.ptr[work->at] : '\0';
}

static void skip(PrettyWork *work)
{
    work->at = pretty_skip_blanks(work->text, work->at);
}

static bool is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '+' || byte == '-' || byte == '.';
}

/* Where "<…>" that begins at `at` ends, others inside it counted; `at` = nowhere near. */
static size_t object_end(StrView text, size_t at)
{
    size_t most = text.len - at < OBJECT_MAX ? text.len : at + OBJECT_MAX;
    int depth = 0;

    for (size_t i = at; i < most; i++) {
        depth += text.ptr[i] == '<' ? 1 : text.ptr[i] == '>' ? -1 : 0;
        if (depth == 0) {
            return i + 1;
        }
    }
    return at;
}

/* Numbers and words; and <private>, which `log` puts in place of either. */
static size_t json_scalar_end(StrView text, size_t at, bool is_key)
{
    size_t end = at;

    (void)is_key;
    if (text.ptr[at] == '<') {
        return object_end(text, at);
    }
    while (end < text.len && is_word_byte(text.ptr[end])) {
        end++;
    }
    StrView word = sv_slice(text, at, end - at);
    bool is_number =
        word.len > 0 && (word.ptr[0] == '-' || (word.ptr[0] >= '0' && word.ptr[0] <= '9'));

    return is_number || sv_equal(word, SV("true")) || sv_equal(word, SV("false")) ||
                   sv_equal(word, SV("null"))
               ? end
               : at;
}

static bool is_description_mark(char byte)
{
    return byte == '{' || byte == '}' || byte == '(' || byte == ')' || byte == '"' || byte == '=' ||
           byte == ';' || byte == ',' || byte == '\n' || byte == '\r';
}

/* NSData describes itself as "{length = 4, bytes = 0x01020304}", which is no dictionary. */
static size_t data_end(StrView text, size_t at)
{
    StrView rest = sv_slice(text, at, OBJECT_MAX);
    size_t close = sv_starts(rest, SV("{length = ")) ? sv_find_char(rest, '}') : SIZE_MAX;

    return close == SIZE_MAX ? at : at + close + 1;
}

/* Whatever stands before the next mark; blanks inside belong to values, not to keys. */
static size_t description_scalar_end(StrView text, size_t at, bool is_key)
{
    size_t last = at; /* behind the last byte that is no blank */

    if (text.ptr[at] == '{') {
        return is_key ? at : data_end(text, at);
    }
    for (size_t end = at; end < text.len && !is_description_mark(text.ptr[end]); end++) {
        if (text.ptr[end] == '<') {
            size_t behind = object_end(text, end);

            if (behind == end) {
                return at;
            }
            end = behind - 1;
        }
        if (ascii_is_blank(text.ptr[end])) {
            if (is_key) {
                break;
            }
            continue;
        }
        last = end + 1;
    }
    return last;
}

static const Dialect JSON = {
    .map_open = '{',
    .map_close = '}',
    .list_open = '[',
    .list_close = ']',
    .pair = ':',
    .map_separator = ',',
    .scalar_end = json_scalar_end,
};

static const Dialect DESCRIPTION = {
    .map_open = '{',
    .map_close = '}',
    .list_open = '(',
    .list_close = ')',
    .pair = '=',
    .map_separator = ';',
    .is_terminated = true,
    .has_bare_keys = true,
    .has_wide_pair = true,
    .scalar_end = description_scalar_end,
};

static bool put_string(PrettyWork *work, PrettyKind kind)
{
    for (size_t at = work->at + 1; at < work->text.len; at++) {
        if (work->text.ptr[at] == '\\') {
            at++;
        } else if (work->text.ptr[at] == '"') {
            return pretty_put(work, at + 1, kind);
        }
    }
    work->at = work->text.len;
    return false;
}

/* Puts a text or a bare value. */
static bool put_scalar(PrettyWork *work, const Dialect *dialect, PrettyKind kind)
{
    bool is_key = kind == PRETTY_KEY;

    if (work->at >= work->text.len) {
        return false;
    }
    if (look(work) == '"') {
        return put_string(work, kind);
    }
    if (is_key && !dialect->has_bare_keys) {
        return false;
    }
    size_t end = dialect->scalar_end(work->text, work->at, is_key);

    if (end == work->at) {
        work->spent += OBJECT_MAX; /* it may have looked that far for the end of an object */
        return false;
    }
    if (!is_key && is_word_byte(look(work)) && !dialect->has_bare_keys) {
        kind = PRETTY_NUMBER; /* in JSON all that has no quotes */
    } else if (!is_key && (look(work) == '-' || (look(work) >= '0' && look(work) <= '9'))) {
        kind = PRETTY_NUMBER;
    }
    return pretty_put(work, end, kind);
}

static bool put_pair(PrettyWork *work, const Dialect *dialect)
{
    if (!put_scalar(work, dialect, PRETTY_KEY)) {
        return false;
    }
    skip(work);
    if (look(work) != dialect->pair) {
        return false;
    }
    if (dialect->has_wide_pair) {
        pretty_blank(work);
    }
    work->pairs++;
    (void)pretty_put(work, work->at + 1, PRETTY_MARK); /* the value that follows tells of the end */
    pretty_blank(work);
    skip(work);
    return put_value(work, dialect);
}

/* Puts the separator behind an item, if there is one; false when none may be and none must. */
static bool put_separator(PrettyWork *work, char separator, bool is_terminated, char close)
{
    skip(work);
    if (look(work) == separator) {
        (void)pretty_put(work, work->at + 1, PRETTY_MARK);
        skip(work);
        return is_terminated || look(work) != close;
    }
    return !is_terminated && look(work) == close;
}

/* Puts a map or list with all that is in it. */
static bool put_group(PrettyWork *work, const Dialect *dialect, bool is_map)
{
    char close = is_map ? dialect->map_close : dialect->list_close;
    char separator = is_map ? dialect->map_separator : ',';

    if (work->depth == PRETTY_DEPTH_MAX) {
        return false;
    }
    (void)pretty_put(work, work->at + 1, PRETTY_MARK);
    skip(work);
    if (look(work) == close) {
        return pretty_put(work, work->at + 1, PRETTY_MARK);
    }
    work->depth++;
    while (work->at < work->text.len && look(work) != close) {
        pretty_new_line(work);
        if (!(is_map ? put_pair(work, dialect) : put_value(work, dialect)) ||
            !put_separator(work, separator, is_map && dialect->is_terminated, close)) {
            return false;
        }
        work->items++;
    }
    work->depth--;
    pretty_new_line(work);
    return look(work) == close && pretty_put(work, work->at + 1, PRETTY_MARK);
}

static bool put_value(PrettyWork *work, const Dialect *dialect)
{
    char byte = look(work);

    if (byte == dialect->map_open && dialect->has_bare_keys &&
        data_end(work->text, work->at) > work->at) {
        return put_scalar(work, dialect, PRETTY_TEXT);
    }
    if (byte == dialect->map_open || byte == dialect->list_open) {
        return put_group(work, dialect, byte == dialect->map_open);
    }
    return put_scalar(work, dialect, PRETTY_TEXT);
}

/* --- beginnings of structures ----------------------------------------------------------------- */

static bool put_json(PrettyWork *work)
{
    size_t start = work->at;
    char next = '\0';
    size_t at = pretty_skip_blanks(work->text, start + 1);

    if (at < work->text.len) {
        next = work->text.ptr[at];
    }
    if (look(work) == '{' && next != '"') {
        return false;
    }
    return put_value(work, &JSON) &&
           (work->pairs > 0 || (work->items > 1 && work->at - start > LIST_SHORT));
}

static bool put_description(PrettyWork *work)
{
    bool is_list = look(work) == '(';
    char next = work->at + 1 < work->text.len ? work->text.ptr[work->at + 1] : '\0';

    if (is_list && next != '\n') {
        return false; /* a word in parentheses: descriptions of lists begin with a line end */
    }
    return put_value(work, &DESCRIPTION) && (work->pairs > 0 || (is_list && work->items > 0));
}

typedef struct Beginning {
    char byte;
    bool (*put)(PrettyWork *work);
} Beginning;

static const Beginning BEGINNINGS[] = {
    {'{', put_json},        {'[', put_json},       {'{', put_description},
    {'(', put_description}, {'<', pretty_put_xml},
};

static void take_back(Pretty *out, size_t len, size_t span_count, PrettySpan last)
{
    strbuf_replace(&out->text, len, out->text.len - len, SV(""));
    out->span_count = span_count;
    if (span_count > 0) {
        out->spans[span_count - 1] = last;
    }
}

/* Tries to read a structure where `work` stands; where it is none nothing has happened, but for
 * what it has cost. */
static bool try_structure(PrettyWork *work, const Beginning *beginning)
{
    Pretty *out = work->out;
    size_t start = work->at;
    size_t len = out->text.len;
    size_t span_count = out->span_count;
    PrettySpan last = span_count > 0 ? out->spans[span_count - 1] : (PrettySpan){0};

    work->depth = 0;
    work->pairs = 0;
    work->items = 0;
    if (beginning->put(work) && out->text.len <= work->most) {
        return true;
    }
    work->spent += work->at - start;
    work->at = start;
    take_back(out, len, span_count, last);
    return false;
}

static bool put_structure(PrettyWork *work)
{
    for (size_t i = 0; i < ARRAY_LEN(BEGINNINGS); i++) {
        if (look(work) == BEGINNINGS[i].byte && try_structure(work, &BEGINNINGS[i])) {
            return true;
        }
    }
    return false;
}

static size_t find_beginning(StrView text, size_t at)
{
    for (; at < text.len; at++) {
        char byte = text.ptr[at];

        if (byte == '{' || byte == '[' || byte == '(' || byte == '<') {
            break;
        }
    }
    return at;
}

void pretty_lay_out(Pretty *pretty, StrView text)
{
    PrettyWork work = {.text = text, .out = pretty, .most = GROWTH * text.len + GROWTH_LEAST};
    size_t from = 0;

    strbuf_clear(&pretty->text);
    pretty->span_count = 0;
    pretty->structures = 0;
    while (work.spent <= TRIES * text.len && (from = find_beginning(text, from)) < text.len) {
        (void)pretty_put(&work, from, PRETTY_PLAIN);
        if (put_structure(&work)) {
            pretty->structures++;
            from = work.at;
        } else {
            from++;
        }
    }
    (void)pretty_put(&work, text.len, PRETTY_PLAIN);
}

void pretty_done(Pretty *pretty)
{
    strbuf_done(&pretty->text);
    mem_free(pretty->spans);
    *pretty = (Pretty){0};
}
