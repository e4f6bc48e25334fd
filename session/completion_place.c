/*
 * Reads the text before the cursor token by token to know what may come next. It judges nothing: a
 * text it cannot follow has a place where nothing is expected, up to the next AND, OR, NOT or
 * parenthesis.
 */
#include "session/completion_place.h"

#include <string.h>

#include "filters/predicate_lex.h"

static void take_value(CompletionPlace *place)
{
    static const Expect AFTER[EXPECT_COUNT] = {
        [EXPECT_TERM] = EXPECT_OPERATOR,   [EXPECT_OPERATOR] = EXPECT_NOTHING,
        [EXPECT_VALUE] = EXPECT_LOGIC,     [EXPECT_ITEM] = EXPECT_COMMA,
        [EXPECT_COMMA] = EXPECT_NOTHING,   [EXPECT_LOGIC] = EXPECT_NOTHING,
        [EXPECT_OPTIONS] = EXPECT_OPTIONS, [EXPECT_NOTHING] = EXPECT_NOTHING,
    };
    if (place->expect == EXPECT_TERM) {
        place->has_constant = true;
    }
    place->expect = AFTER[place->expect];
}

static void take_name(CompletionPlace *place, StrView text)
{
    bool is_key = place->expect == EXPECT_TERM;
    take_value(place);
    if (is_key) {
        place->has_constant = false;
        place->field = field_find(lex_name(text));
    }
}

static void begin_term(CompletionPlace *place)
{
    place->expect = EXPECT_TERM;
    place->field = NULL;
    place->has_constant = false;
    place->wants_list = false;
}

/* Moves on if the text is where that is allowed; else it cannot be followed. */
static void move(CompletionPlace *place, bool is_allowed, Expect to)
{
    place->expect = is_allowed ? to : EXPECT_NOTHING;
}

static void take_symbol(CompletionPlace *place, const Token *token)
{
    Expect now = place->expect;
    switch (token->kind) {
    case LEX_OPERATOR:
        move(place, now == EXPECT_OPERATOR, EXPECT_VALUE);
        place->wants_list = token->op == OP_BETWEEN || token->op == OP_IN;
        break;
    case LEX_OPTIONS:
        move(place, now == EXPECT_VALUE, EXPECT_VALUE);
        break;
    case LEX_BRACKET:
        move(place, now == EXPECT_VALUE && token->text.ptr[0] == '[', EXPECT_OPTIONS);
        place->from = place->expect == EXPECT_OPTIONS ? token->offset : place->from;
        break;
    case LEX_OPEN:
        begin_term(place);
        place->depth++;
        break;
    case LEX_CLOSE:
        place->depth -= place->depth > 0 ? 1 : 0;
        move(place, now == EXPECT_LOGIC, EXPECT_LOGIC);
        break;
    case LEX_BRACE_OPEN:
        move(place, now == EXPECT_VALUE || now == EXPECT_TERM, EXPECT_ITEM);
        break;
    case LEX_BRACE_CLOSE:
        move(place, now == EXPECT_COMMA || now == EXPECT_ITEM, EXPECT_LOGIC);
        break;
    case LEX_COMMA:
        move(place, now == EXPECT_COMMA, EXPECT_ITEM);
        break;
    default:
        place->expect = EXPECT_NOTHING;
        break;
    }
}

static void take_token(CompletionPlace *place, const Token *token)
{
    switch (token->kind) {
    case LEX_NAME:
        take_name(place, token->text);
        break;
    case LEX_TEXT:
    case LEX_NUMBER:
    case LEX_TRUE:
    case LEX_FALSE:
    case LEX_NIL:
    case LEX_SELF:
        take_value(place);
        break;
    case LEX_AND:
    case LEX_OR:
    case LEX_NOT:
    case LEX_QUANTIFIER:
        begin_term(place); /* whatever was before: here the text can be followed again */
        break;
    case LEX_TRUE_PREDICATE:
    case LEX_FALSE_PREDICATE:
        move(place, place->expect == EXPECT_TERM, EXPECT_LOGIC);
        break;
    case LEX_ARITHMETIC: /* the sign of a number */
        break;
    default:
        take_symbol(place, token);
        break;
    }
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '#';
}

static bool is_open_quote(const Token *token)
{
    return token->kind == LEX_BROKEN && (token->text.ptr[0] == '"' || token->text.ptr[0] == '\'');
}

/* Whether the token, which ends at the cursor, is a word that is still being typed. */
static bool is_unfinished(const CompletionPlace *place, const Token *token)
{
    char last = token->text.ptr[token->text.len - 1];
    if (is_open_quote(token)) {
        return true;
    }
    if (place->expect == EXPECT_OPERATOR && token->text.len == 1) {
        return token->text.ptr[0] == '=' || token->text.ptr[0] == '!' || is_word_byte(last);
    }
    return token->kind != LEX_TEXT && is_word_byte(last);
}

/* Where a quoted word ends on the right of the cursor: behind its closing quote if it has one. An
 * even number of quotes there are pairs of others: then it ends with the word. */
static size_t quoted_end(StrView text, size_t cursor, char quote)
{
    size_t quotes = 0, first = SIZE_MAX;
    for (size_t at = cursor; at < text.len; at++) {
        if (text.ptr[at] == '\\') {
            at++;
        } else if (text.ptr[at] == quote) {
            first = quotes == 0 ? at + 1 : first;
            quotes++;
        }
    }
    if (quotes % 2 == 1) {
        return first;
    }
    size_t end = cursor;
    while (end < text.len && strchr(" \t\n),}", text.ptr[end]) == NULL) {
        end++;
    }
    return end;
}

static void take_word(CompletionPlace *place, const Token *token, StrView text, size_t cursor)
{
    place->from = token->offset;
    place->is_quoted = is_open_quote(token);
    if (place->is_quoted) {
        place->typed = sv_slice(token->text, 1, SIZE_MAX);
        place->to = quoted_end(text, cursor, token->text.ptr[0]);
        return;
    }
    place->typed = token->text;
    place->to = cursor;
    while (place->to < text.len && is_word_byte(text.ptr[cursor - 1]) &&
           is_word_byte(text.ptr[place->to])) {
        place->to++;
    }
}

CompletionPlace completion_place(StrView text, size_t cursor)
{
    StrView before = sv_slice(text, 0, cursor);
    CompletionPlace place = {.expect = EXPECT_TERM, .from = cursor, .to = cursor, .typed = SV("")};
    Token token = lex_next(before, 0);
    while (token.kind != LEX_END) {
        size_t end = token.offset + token.text.len;
        if (end == cursor && place.expect != EXPECT_OPTIONS && is_unfinished(&place, &token)) {
            take_word(&place, &token, text, cursor);
            return place;
        }
        take_token(&place, &token);
        token = lex_next(before, end);
    }
    if (place.expect == EXPECT_OPTIONS) {
        place.typed = sv_slice(before, place.from, SIZE_MAX);
    }
    return place;
}
