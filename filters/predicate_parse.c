/*
 * Parser of predicates: recursive descent, AND tighter than OR, NOT tightest. It builds the tree
 * and finds what is wrong with a text; values are read in predicate_operand.c, names get their
 * meaning in predicate_resolve.c. Nothing is evaluated here.
 */
#include "filters/predicate.h"

#include <string.h>

#include "base/mem.h"
#include "filters/aliases.h"
#include "filters/predicate_internal.h"
#include "filters/predicate_lex.h"
#include "filters/predicate_parser.h"
#include "filters/predicate_part.h"
#include "filters/shorthand.h"

static const Part FAILED = {NULL, 0, false};

static Part parse_or(Parser *parser);

static Part finish(Parser *parser, PredicateNode *node, int depth)
{
    if (depth > PREDICATE_MAX_DEPTH) {
        err_set_at(parser->err, node->offset, "nested too deeply (at most %d levels)",
                   PREDICATE_MAX_DEPTH);
        return FAILED;
    }
    return (Part){node, depth, false};
}

static PredicateNode *new_node(Parser *parser, PredicateKind kind, size_t offset)
{
    PredicateNode *node = arena_alloc(parser->arena, sizeof *node);
    node->kind = kind;
    node->offset = offset;
    return node;
}

/* --- comparisons ---------------------------------------------------------------------------- */

static bool parse_options(Parser *parser, PredicateNode *node)
{
    static const char LETTERS[] = "cdnlw";
    static const unsigned BITS[] = {OPTION_CASE, OPTION_DIACRITICS, OPTION_LITERAL, OPTION_LOCALE,
                                    OPTION_TOKENS};
    StrView text = parser->token.text;
    for (size_t i = 1; i + 1 < text.len; i++) {
        char c = text.ptr[i];
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            continue;
        }
        const char *found = strchr(LETTERS, c >= 'A' && c <= 'Z' ? c + 32 : c);
        if (!found) {
            return err_set_at(parser->err, parser->token.offset + i,
                              "unknown option '%c': there are c, d, n, l and w", c);
        }
        node->options |= BITS[found - LETTERS];
    }
    unsigned folds = OPTION_CASE | OPTION_DIACRITICS;
    if ((node->options & OPTION_LITERAL) && (node->options & folds)) {
        return err_set_at(parser->err, parser->token.offset, "[n] excludes [c] and [d]");
    }
    parser_advance(parser);
    return true;
}

/* The message for what stands where an operator should be. */
static bool fail_operator(Parser *parser, const Operand *left)
{
    const Token *token = &parser->token;
    if (left->kind == OPERAND_FIELD && !field_find(left->name) && token->kind != LEX_OPEN) {
        PredicateNode alone = {.kind = PREDICATE_COMPARE, .left = *left};
        alone.right.kind = OPERAND_NIL;
        if (!predicate_resolve(&alone, parser->err)) {
            return false;
        }
    }
    switch (token->kind) {
    case LEX_NAME: {
        StrView word = predicate_quotable(token->text);
        const char *near = lex_suggest_operator(word);
        return err_set_at(parser->err, token->offset, "unknown operator '%.*s'%s%s%s", SV_ARG(word),
                          near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    case LEX_NOT:
        return err_set_at(parser->err, token->offset,
                          "NOT stands before a comparison: NOT (key IN {…})");
    case LEX_OPTIONS:
    case LEX_BRACKET:
        return err_set_at(parser->err, token->offset, "index expressions are refused by log");
    case LEX_OPEN:
        return err_set_at(parser->err, token->offset, "functions are refused by log");
    default:
        return parser_fail(parser, "expected an operator after",
                           sv_slice(parser->text, left->offset, parser->end - left->offset));
    }
}

static bool check_between(Parser *parser, const PredicateNode *node)
{
    if (node->op != OP_BETWEEN || (node->right.kind == OPERAND_LIST && node->right.count == 2)) {
        return true;
    }
    return err_set_at(parser->err, node->right.offset, "BETWEEN needs a list of two: {low, high}");
}

static Part parse_comparison(Parser *parser)
{
    PredicateNode *node = new_node(parser, PREDICATE_COMPARE, parser->token.offset);
    if (parser->token.kind == LEX_QUANTIFIER) {
        node->quantifier = parser->token.quantifier;
        StrView word = parser->token.text;
        parser_advance(parser);
        if (!parser_operand(parser, &node->left, "expected a value after", word)) {
            return FAILED;
        }
    } else if (!parser_operand(parser, &node->left, "expected a comparison", SV_NONE)) {
        return FAILED;
    }
    if (parser->token.kind != LEX_OPERATOR) {
        fail_operator(parser, &node->left);
        return FAILED;
    }
    node->op = parser->token.op;
    node->op_offset = parser->token.offset;
    StrView word = parser->token.text;
    parser_advance(parser);
    if (parser->token.kind == LEX_OPTIONS && !parse_options(parser, node)) {
        return FAILED;
    }
    if (parser->token.kind == LEX_BRACKET) {
        parser_fail(parser, "expected an option such as [c] after", word);
        return FAILED;
    }
    if (!parser_operand(parser, &node->right, "expected a value after", word)) {
        return FAILED;
    }
    if (parser->token.kind == LEX_OPTIONS || sv_equal(parser->token.text, SV("["))) {
        err_set_at(parser->err, parser->token.offset, "index expressions are refused by log");
        return FAILED;
    }
    if (!check_between(parser, node) || !predicate_resolve(node, parser->err)) {
        return FAILED;
    }
    return finish(parser, node, 1);
}

/* --- logic ---------------------------------------------------------------------------------- */

/* Whether a value and then ')' or ',' begin at `token`. */
static bool is_value_to_close(Parser *parser, Token token)
{
    if (token.kind == LEX_BRACE_OPEN) {
        int open = 0;
        do {
            open += (token.kind == LEX_BRACE_OPEN) - (token.kind == LEX_BRACE_CLOSE);
            if (open > 0) {
                token = parser_peek(parser, &token);
            }
        } while (open > 0 && token.kind != LEX_END);
    } else if (token.kind == LEX_ARITHMETIC) {
        token = parser_peek(parser, &token);
    } else if (token.kind != LEX_NAME && (token.kind < LEX_TRUE || token.kind > LEX_SELF) &&
               token.kind != LEX_TEXT && token.kind != LEX_NUMBER) {
        return false;
    }
    token = parser_peek(parser, &token);
    return token.kind == LEX_CLOSE || token.kind == LEX_COMMA;
}

/* At '(': tells a wrapped operand, (process) == …, from a group of predicates. A run of '(' is
 * looked behind once, so that reading stays linear. */
static bool is_wrapped_operand(Parser *parser)
{
    Token token = parser->token;
    if (token.offset >= parser->run_begin && token.offset < parser->run_end) {
        return parser->run_is_wrapped;
    }
    while (token.kind == LEX_OPEN) {
        token = parser_peek(parser, &token);
    }
    parser->run_begin = parser->token.offset;
    parser->run_end = token.offset;
    parser->run_is_wrapped = is_value_to_close(parser, token);
    return parser->run_is_wrapped;
}

static Part parse_group(Parser *parser)
{
    size_t open = parser->token.offset;
    parser_advance(parser);
    if (parser->token.kind == LEX_CLOSE) {
        parser_fail(parser, "expected a comparison between '(' and ')'", SV_NONE);
        return FAILED;
    }
    Part part = parse_or(parser);
    if (!part.node) {
        return FAILED;
    }
    if (parser->token.kind == LEX_END) {
        err_set_at(parser->err, open, "unbalanced '('");
        return FAILED;
    }
    if (parser->token.kind != LEX_CLOSE) {
        parser_fail(parser, "expected AND, OR or ')' here", SV_NONE);
        return FAILED;
    }
    parser_advance(parser);
    part.is_bare = false;
    return part;
}

static Part parse_not(Parser *parser)
{
    Token token = parser->token;
    Part part = FAILED;
    bool is_constant = token.kind == LEX_TRUE_PREDICATE || token.kind == LEX_FALSE_PREDICATE;
    bool is_group = token.kind == LEX_OPEN && !is_wrapped_operand(parser);
    if (is_constant) {
        parser_advance(parser);
        bool is_true = token.kind == LEX_TRUE_PREDICATE;
        part.node = new_node(parser, is_true ? PREDICATE_TRUE : PREDICATE_FALSE, token.offset);
        part.depth = 1;
        return part;
    }
    if (token.kind != LEX_NOT && !is_group) {
        return parse_comparison(parser);
    }
    if (!parser_enter(parser)) {
        return FAILED;
    }
    if (is_group) {
        part = parse_group(parser);
    } else {
        parser_advance(parser);
        if (parser->token.kind == LEX_END) {
            parser_fail(parser, "expected a comparison after", token.text);
            return FAILED;
        }
        Part inner = parse_not(parser);
        if (inner.node) {
            const PredicateNode **child = arena_alloc(parser->arena, sizeof(void *));
            PredicateNode *node = new_node(parser, PREDICATE_NOT, token.offset);
            child[0] = inner.node;
            node->children = child;
            node->count = 1;
            part = finish(parser, node, inner.depth + 1);
        }
    }
    parser->nesting--;
    return part;
}

/* Makes one node of several parts; takes the list's memory. */
static Part join(Parser *parser, PredicateKind kind, PartList *list)
{
    size_t size = list->count * sizeof(PredicateNode *);
    const PredicateNode **children = arena_alloc(parser->arena, size);
    memcpy(children, list->items, size);
    PredicateNode *node = new_node(parser, kind, children[0]->offset);
    node->children = children;
    node->count = list->count;
    return finish(parser, node, list->depth + 1);
}

/* One operator and all that it chains: a AND b AND c is one node. */
static Part parse_chain(Parser *parser, LexKind word, PredicateKind kind,
                        Part (*parse_part)(Parser *parser))
{
    Part part = parse_part(parser);
    if (!part.node || parser->token.kind != word) {
        return part;
    }
    PartList list = {0};
    size_t first_word = parser->token.offset;
    part_list_add(&list, part);
    while (part.node && parser->token.kind == word) {
        StrView text = parser->token.text;
        parser_advance(parser);
        if (parser->token.kind == LEX_END || parser->token.kind == LEX_CLOSE) {
            parser_fail(parser, "expected a comparison after", text);
            part = FAILED;
            break;
        }
        part = parse_part(parser);
        if (part.node) {
            part_list_add(&list, part);
        }
    }
    if (part.node) {
        part = join(parser, kind, &list);
        part.is_bare = true;
    }
    if (list.has_bare && first_word < parser->mixed_offset) {
        parser->mixed_offset = first_word;
    }
    mem_free(list.items);
    return part;
}

static Part parse_and(Parser *parser)
{
    return parse_chain(parser, LEX_AND, PREDICATE_AND, parse_not);
}

static Part parse_or(Parser *parser)
{
    return parse_chain(parser, LEX_OR, PREDICATE_OR, parse_and);
}

/* --- entry ---------------------------------------------------------------------------------- */

static const PredicateNode *parse_all(Parser *parser)
{
    if (parser->token.kind == LEX_END) {
        return new_node(parser, PREDICATE_TRUE, 0);
    }
    Part part = parse_or(parser);
    if (!part.node || parser->token.kind == LEX_END) {
        return part.node;
    }
    if (parser->token.kind == LEX_CLOSE) {
        err_set_at(parser->err, parser->token.offset, "unbalanced ')'");
    } else {
        parser_fail(parser, "expected AND or OR before", parser->token.text);
    }
    return NULL;
}

/* How far a grammar got before it failed: an open parenthesis is missed at the end only. */
static size_t reach(StrView text, const Err *err)
{
    static const char *const OPEN[] = {"unbalanced '('", "unbalanced '{'"};
    for (size_t i = 0; i < ARRAY_LEN(OPEN); i++) {
        if (strcmp(err->text, OPEN[i]) == 0) {
            return text.len;
        }
    }
    return err->offset == ERR_NO_OFFSET ? 0 : err->offset;
}

/* Whether the error of shorthand is the one to tell: it got further, or there is a sign at the
 * fault that only shorthand has. */
static bool is_shorthand_fault(StrView text, const Err *nspredicate, const Err *shorthand)
{
    size_t first = reach(text, nspredicate);
    size_t second = reach(text, shorthand);
    return second > first ||
           (second == first && second < text.len && strchr(":|~", text.ptr[second]));
}

/* The grammar of NSPredicate. */
static const PredicateNode *parse_nspredicate(Predicate *predicate, size_t *steps,
                                              size_t *ret_mixed, Err *err)
{
    Parser parser = {
        .text = predicate->source,
        .arena = &predicate->arena,
        .err = err,
        .mixed_offset = SIZE_MAX,
    };
    parser.token = lex_next(parser.text, 0);
    const PredicateNode *root = parse_all(&parser);
    *ret_mixed = parser.mixed_offset;
    *steps += parser.steps;
    return root;
}

Predicate *predicate_parse_counted(StrView text, Err *err, size_t *ret_steps)
{
    *ret_steps = 0;
    if (text.len > PREDICATE_MAX_BYTES) {
        err_set(err, "a predicate of more than %zu bytes", (size_t)PREDICATE_MAX_BYTES);
        return NULL;
    }
    Predicate *predicate = mem_calloc(1, sizeof *predicate);
    predicate->source = arena_dup(&predicate->arena, text.ptr ? text : SV(""));
    size_t mixed_offset = SIZE_MAX;
    Err first = err_none();
    Err second = err_none();
    predicate->root = parse_nspredicate(predicate, ret_steps, &mixed_offset, &first);
    if (!predicate->root) {
        predicate->root = shorthand_parse(predicate, ret_steps, &mixed_offset, &second);
        predicate->is_shorthand = true;
    }
    if (!predicate->root) {
        if (err) {
            *err = is_shorthand_fault(predicate->source, &first, &second) ? second : first;
        }
        predicate_free(predicate);
        return NULL;
    }
    predicate_find_warnings(predicate, mixed_offset);
    return predicate;
}

Predicate *predicate_parse(StrView text, Err *err)
{
    size_t steps;
    return predicate_parse_counted(text, err, &steps);
}

Predicate *predicate_parse_with(StrView text, const Aliases *aliases, Err *err)
{
    const Alias *alias = aliases_find(aliases, text);
    if (!alias) {
        return predicate_parse(text, err);
    }
    StrView name = predicate_quotable(alias->name);
    Predicate *predicate = predicate_parse(alias->text, err);
    if (!predicate) {
        if (err) {
            err->offset = (size_t)(sv_trim(text).ptr - text.ptr);
        }
        (void)err_prefix(err, "alias '%.*s', line %d of ~/.logrc", SV_ARG(name), alias->line);
        return NULL;
    }
    predicate_tell_alias(predicate, name);
    return predicate;
}

bool predicate_is_shorthand(const Predicate *predicate)
{
    return predicate->is_shorthand;
}

void predicate_free(Predicate *predicate)
{
    if (predicate) {
        arena_done(&predicate->arena);
        mem_free(predicate);
    }
}

const PredicateNode *predicate_root(const Predicate *predicate)
{
    return predicate->root;
}

StrView predicate_source(const Predicate *predicate)
{
    return predicate->source;
}
