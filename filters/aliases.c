/*
 * Aliases: a reader of ~/.logrc, whose words and 'quoted pieces' follow each other in any layout.
 * A word with a ':' at the start of a line begins a section. No predicate is parsed here.
 */
#include "filters/aliases.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "base/utf8.h"

#define NAME_MAX_BYTES 64

typedef enum PieceKind {
    PIECE_END,
    PIECE_SECTION,
    PIECE_WORD,
    PIECE_QUOTED,
    PIECE_BROKEN
} PieceKind;

typedef struct Piece {
    PieceKind kind;
    StrView text; /* without quotes or ':' */
    int line;
} Piece;

typedef struct Reader {
    StrView rest;
    int line;
    bool is_line_start;
} Reader;

static void skip(Reader *reader, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        reader->line += reader->rest.ptr[i] == '\n';
    }
    reader->rest = sv_slice(reader->rest, len, reader->rest.len);
}

/* White space and comments. */
static void skip_blanks(Reader *reader)
{
    while (reader->rest.len > 0) {
        char c = reader->rest.ptr[0];
        size_t len = 1;
        if (c == '#') {
            len = sv_find_char(reader->rest, '\n');
            len = len == SIZE_MAX ? reader->rest.len : len;
        } else if (!ascii_is_space(c)) {
            return;
        }
        reader->is_line_start = reader->is_line_start || c == '\n';
        skip(reader, len);
    }
}

static size_t word_length(StrView rest)
{
    size_t len = 0;
    while (len < rest.len && !ascii_is_space(rest.ptr[len]) && rest.ptr[len] != '\'' &&
           rest.ptr[len] != '"') {
        len++;
    }
    return len;
}

static Piece take_piece(Reader *reader)
{
    skip_blanks(reader);
    Piece piece = {.line = reader->line, .text = reader->rest};
    bool is_line_start = reader->is_line_start;
    reader->is_line_start = false;
    if (reader->rest.len == 0) {
        return piece;
    }
    char quote = reader->rest.ptr[0];
    if (quote == '\'' || quote == '"') {
        size_t len = sv_find_char(sv_slice(reader->rest, 1, reader->rest.len), quote);
        piece.kind = len == SIZE_MAX ? PIECE_BROKEN : PIECE_QUOTED;
        piece.text = sv_slice(reader->rest, 1, len);
        skip(reader, len == SIZE_MAX ? reader->rest.len : len + 2);
        return piece;
    }
    size_t len = word_length(reader->rest);
    piece.text = sv_slice(reader->rest, 0, len);
    piece.kind = PIECE_WORD;
    if (is_line_start && len > 1 && reader->rest.ptr[len - 1] == ':') {
        piece.kind = PIECE_SECTION;
        piece.text = sv_slice(piece.text, 0, len - 1);
    }
    skip(reader, len);
    return piece;
}

static bool fail(Err *err, int line, const char *what, StrView name)
{
    StrBuf shown = {0};
    utf8_visible(&shown, sv_slice(name, 0, NAME_MAX_BYTES));
    (void)err_set(err, "%s%s%s%s", what, name.len > 0 ? " '" : "", name.len > 0 ? shown.ptr : "",
                  name.len > 0 ? "'" : "");
    strbuf_done(&shown);
    if (err) {
        err->line = line;
    }
    return false;
}

static void put(Aliases *aliases, Alias alias)
{
    for (size_t i = 0; i < aliases->count; i++) {
        if (sv_equal(aliases->items[i].name, alias.name)) {
            aliases->items[i] = alias;
            return;
        }
    }
    mem_grow((void **)&aliases->items, &aliases->capacity, aliases->count, sizeof alias);
    aliases->items[aliases->count++] = alias;
}

/* Takes the pieces of an alias and leaves in `piece` what comes after them. */
static bool take_alias(Aliases *aliases, Reader *reader, Piece *piece, Err *err)
{
    Piece name = *piece;
    StrBuf text = {0};
    size_t pieces = 0;
    for (*piece = take_piece(reader); piece->kind == PIECE_QUOTED; *piece = take_piece(reader)) {
        strbuf_add(&text, piece->text);
        pieces++;
    }
    bool is_good = true;
    if (piece->kind == PIECE_BROKEN) {
        is_good = fail(err, piece->line, "unterminated quote in the alias", name.text);
    } else if (pieces == 0) {
        is_good = fail(err, name.line, "expected a 'quoted predicate' after the alias", name.text);
    } else if (aliases->count == ALIASES_MAX) {
        is_good = fail(err, name.line, "too many aliases", SV_NONE);
    } else {
        Alias alias = {.name = arena_dup(&aliases->arena, name.text), .line = name.line};
        alias.text = arena_dup(&aliases->arena, strbuf_view(&text));
        put(aliases, alias);
    }
    strbuf_done(&text);
    return is_good;
}

bool aliases_read(Aliases *aliases, StrView text, Err *err)
{
    Reader reader = {.rest = text, .line = 1, .is_line_start = true};
    bool is_ours = false;
    if (sv_starts(text, SV("\xEF\xBB\xBF"))) {
        skip(&reader, 3);
    }
    Piece piece = take_piece(&reader);
    while (piece.kind != PIECE_END) {
        if (piece.kind == PIECE_SECTION) {
            is_ours = sv_equal(piece.text, SV("predicate"));
            piece = take_piece(&reader);
        } else if (piece.kind == PIECE_BROKEN) {
            return fail(err, piece.line, "unterminated quote", SV_NONE);
        } else if (!is_ours) {
            piece = take_piece(&reader);
        } else if (piece.kind == PIECE_QUOTED) {
            return fail(err, piece.line, "expected the name of an alias before the quote", SV_NONE);
        } else if (!take_alias(aliases, &reader, &piece, err)) {
            return false;
        }
    }
    return true;
}

void aliases_done(Aliases *aliases)
{
    mem_free(aliases->items);
    arena_done(&aliases->arena);
    *aliases = (Aliases){0};
}

const Alias *aliases_find(const Aliases *aliases, StrView text)
{
    StrView name = sv_trim(text);
    for (size_t i = 0; aliases && i < aliases->count; i++) {
        if (sv_equal(aliases->items[i].name, name)) {
            return &aliases->items[i];
        }
    }
    return NULL;
}
