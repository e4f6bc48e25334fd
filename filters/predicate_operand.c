/*
 * The values of predicate text: keys, quoted texts, numbers, nil, lists; and the means of the
 * parser that both its halves use. What stands around values is in predicate_parse.c.
 */
#include "filters/predicate_parser.h"

#include <string.h>

#include "base/mem.h"
#include "filters/predicate_part.h"

/* A printed tree has at most a NOT and a parenthesis for each of its levels. */
#define MAX_NESTING (2 * PREDICATE_MAX_DEPTH + 8)

void parser_advance(Parser *parser)
{
    parser->end = parser->token.offset + parser->token.text.len;
    parser->token = lex_next(parser->text, parser->end);
    parser->steps++;
}

Token parser_peek(Parser *parser, const Token *token)
{
    parser->steps++;
    return lex_next(parser->text, token->offset + token->text.len);
}

bool parser_fail(Parser *parser, const char *expected, StrView after)
{
    const Token *token = &parser->token;
    if (token->fault) {
        return err_set_at(parser->err, token->offset, "%s", token->fault);
    }
    after = predicate_quotable(after);
    return err_set_at(parser->err, token->kind == LEX_END ? parser->end : token->offset, "%s%s%.*s",
                      expected, after.len > 0 ? " " : "", SV_ARG(after));
}

bool parser_enter(Parser *parser)
{
    if (++parser->nesting > MAX_NESTING) {
        return err_set_at(parser->err, parser->token.offset,
                          "nested too deeply (at most %d levels)", PREDICATE_MAX_DEPTH);
    }
    return true;
}

static bool parse_list(Parser *parser, Operand *list)
{
    size_t open = parser->token.offset;
    Operand *items = NULL;
    size_t capacity = 0;
    bool is_good = parser_enter(parser);
    parser_advance(parser);
    while (is_good && parser->token.kind != LEX_BRACE_CLOSE) {
        mem_grow((void **)&items, &capacity, list->count, sizeof *items);
        items[list->count] = (Operand){0};
        if (parser->token.kind == LEX_END) {
            is_good = err_set_at(parser->err, open, "unbalanced '{'");
        } else {
            is_good = parser_operand(parser, &items[list->count++], "expected a value in the list",
                                     SV_NONE);
        }
        if (!is_good || parser->token.kind == LEX_BRACE_CLOSE) {
            break;
        }
        if (parser->token.kind == LEX_END) {
            is_good = err_set_at(parser->err, open, "unbalanced '{'");
        } else if (parser->token.kind != LEX_COMMA) {
            is_good = parser_fail(parser, "expected ',' or '}' in the list", SV_NONE);
        } else {
            parser_advance(parser);
            if (parser->token.kind == LEX_BRACE_CLOSE) {
                is_good = parser_fail(parser, "expected a value after ','", SV_NONE);
            }
        }
    }
    if (is_good) {
        Operand *copy = arena_alloc(parser->arena, (list->count + 1) * sizeof *copy);
        if (items) {
            memcpy(copy, items, list->count * sizeof *copy);
        }
        list->kind = OPERAND_LIST;
        list->items = copy;
        parser_advance(parser);
    }
    parser->nesting--;
    mem_free(items);
    return is_good;
}

static bool parse_text(Parser *parser, Operand *operand)
{
    StrBuf buf = {0};
    bool is_good = lex_unquote(parser->token.text, parser->token.offset, &buf, parser->err);
    if (is_good) {
        operand->kind = OPERAND_TEXT;
        operand->text = arena_dup(parser->arena, strbuf_view(&buf));
        parser_advance(parser);
    }
    strbuf_done(&buf);
    return is_good;
}

static bool parse_number(Parser *parser, Operand *operand, bool is_negative)
{
    if (!lex_number(parser->token.text, parser->token.offset, operand, parser->err)) {
        return false;
    }
    if (is_negative && operand->number > 0) {
        operand->is_negative = true;
        operand->number = -operand->number;
    }
    parser_advance(parser);
    return true;
}

static bool parse_minus(Parser *parser, Operand *operand, const char *expected, StrView after)
{
    Token minus = parser->token;
    parser_advance(parser);
    if (minus.text.ptr[0] != '-' || parser->token.kind != LEX_NUMBER) {
        parser->token = minus;
        return parser_fail(parser, expected, after);
    }
    return parse_number(parser, operand, true);
}

/* '(' before an operand: (process) == "x". */
static bool parse_wrapped(Parser *parser, Operand *operand, const char *expected, StrView after)
{
    size_t open = parser->token.offset;
    if (!parser_enter(parser)) {
        return false;
    }
    parser_advance(parser);
    if (!parser_operand(parser, operand, expected, after)) {
        return false;
    }
    if (parser->token.kind != LEX_CLOSE) {
        if (parser->token.kind == LEX_COMMA) {
            return err_set_at(parser->err, open, "a list is written {…, …}, with braces");
        }
        return parser->token.kind == LEX_END
                   ? err_set_at(parser->err, open, "unbalanced '('")
                   : parser_fail(parser, "expected ')' after the value", SV_NONE);
    }
    parser_advance(parser);
    parser->nesting--;
    return true;
}

/* What has its value in itself. */
static bool parse_constant(Parser *parser, Operand *operand)
{
    LexKind kind = parser->token.kind;
    if (kind == LEX_TRUE || kind == LEX_FALSE) {
        operand->kind = OPERAND_NUMBER;
        operand->integer = kind == LEX_TRUE;
        operand->number = kind == LEX_TRUE;
        operand->is_integer = true;
    } else {
        operand->kind = kind == LEX_NIL ? OPERAND_NIL : OPERAND_SELF;
    }
    parser_advance(parser);
    return true;
}

static bool check_operand_end(Parser *parser)
{
    if (parser->token.kind == LEX_ARITHMETIC) {
        return err_set_at(parser->err, parser->token.offset, "arithmetic is refused by log");
    }
    return true;
}

bool parser_operand(Parser *parser, Operand *operand, const char *expected, StrView after)
{
    bool is_good = false;
    operand->offset = parser->token.offset;
    switch (parser->token.kind) {
    case LEX_NAME:
        operand->kind = OPERAND_FIELD; /* or an enumeration word: predicate_resolve tells */
        operand->name = lex_name(parser->token.text);
        parser_advance(parser);
        is_good = true;
        break;
    case LEX_TEXT:
        is_good = parse_text(parser, operand);
        break;
    case LEX_NUMBER:
        is_good = parse_number(parser, operand, false);
        break;
    case LEX_TRUE:
    case LEX_FALSE:
    case LEX_NIL:
    case LEX_SELF:
        is_good = parse_constant(parser, operand);
        break;
    case LEX_BRACE_OPEN:
        is_good = parse_list(parser, operand);
        break;
    case LEX_OPEN:
        is_good = parse_wrapped(parser, operand, expected, after);
        break;
    case LEX_ARITHMETIC:
        is_good = parse_minus(parser, operand, expected, after);
        break;
    default:
        return parser_fail(parser, expected, after);
    }
    return is_good && check_operand_end(parser);
}
