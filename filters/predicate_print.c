/*
 * Predicates as text: NSPredicate, fully parenthesised, for `log` and for the reader; an indented
 * tree; quoting; colours of tokens. The caret under a fault is in predicate_caret.c.
 */
#include "filters/predicate.h"

#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "filters/predicate_internal.h"
#include "filters/predicate_lex.h"

static const char *const OP_NAMES[OP_COUNT] = {
    [OP_EQUAL] = "==",
    [OP_NOT_EQUAL] = "!=",
    [OP_LESS] = "<",
    [OP_LESS_EQUAL] = "<=",
    [OP_GREATER] = ">",
    [OP_GREATER_EQUAL] = ">=",
    [OP_BETWEEN] = "BETWEEN",
    [OP_BEGINSWITH] = "BEGINSWITH",
    [OP_CONTAINS] = "CONTAINS",
    [OP_ENDSWITH] = "ENDSWITH",
    [OP_LIKE] = "LIKE",
    [OP_MATCHES] = "MATCHES",
    [OP_IN] = "IN",
};

static const char *const QUANTIFIER_NAMES[] = {
    [QUANTIFIER_NONE] = "",
    [QUANTIFIER_ANY] = "ANY ",
    [QUANTIFIER_ALL] = "ALL ",
    [QUANTIFIER_NO] = "NONE ",
};

/* Names of the manual page log(1) that are kept as written; other spellings of a key are sent under
 * its canonical name, the one that log certainly has. */
static const char *const KEPT_NAMES[] = {"eventMessage", "eventType", "messageType"};

const char *predicate_op_name(PredicateOp op)
{
    return OP_NAMES[op];
}

/* --- operands ------------------------------------------------------------------------------- */

void predicate_quote(StrView text, StrBuf *buf)
{
    strbuf_add_char(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\') {
            strbuf_add_char(buf, '\\');
            strbuf_add_char(buf, (char)c);
        } else if (c < 0x20 || c == 0x7F) {
            strbuf_printf(buf, "\\x%02X", c); /* whether log knows \n is not known */
        } else {
            strbuf_add_char(buf, (char)c);
        }
    }
    strbuf_add_char(buf, '"');
}

/* The shortest text that reads back as the same double, always with '.'. */
static void print_double(double value, StrBuf *buf)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%.17g", value);
    const char *point = localeconv()->decimal_point;
    char *found = *point ? strstr(text, point) : NULL;
    if (!found) {
        strbuf_add_str(buf, text);
        return;
    }
    strbuf_add(buf, sv_of(text, (size_t)(found - text)));
    strbuf_add_char(buf, '.');
    strbuf_add_str(buf, found + strlen(point));
}

static void print_key(const Operand *operand, StrBuf *buf)
{
    const char *name = operand->field->name;
    for (size_t i = 0; i < ARRAY_LEN(KEPT_NAMES); i++) {
        if (sv_equal(operand->name, sv(KEPT_NAMES[i]))) {
            name = KEPT_NAMES[i];
        }
    }
    strbuf_add_str(buf, lex_is_reserved(sv(name)) ? "#" : "");
    strbuf_add_str(buf, name);
}

static void print_number(const Operand *operand, StrBuf *buf)
{
    if (operand->is_integer) {
        strbuf_printf(buf, "%s%" PRIu64, operand->is_negative ? "-" : "", operand->integer);
    } else {
        print_double(operand->number, buf);
    }
}

/* Words inside a list go out as their numbers: log maps no words there. */
static void print_item(const Operand *operand, bool is_in_list, StrBuf *buf)
{
    if (operand->is_word && !is_in_list) {
        strbuf_add(buf, operand->name);
        return;
    }
    switch (operand->kind) {
    case OPERAND_FIELD:
        print_key(operand, buf);
        break;
    case OPERAND_TEXT:
        predicate_quote(operand->text, buf);
        break;
    case OPERAND_NUMBER:
        print_number(operand, buf);
        break;
    case OPERAND_NIL:
        strbuf_add_str(buf, "nil");
        break;
    case OPERAND_SELF:
        strbuf_add_str(buf, "SELF");
        break;
    case OPERAND_LIST:
        strbuf_add_char(buf, '{');
        for (size_t i = 0; i < operand->count; i++) {
            strbuf_add_str(buf, i > 0 ? ", " : "");
            print_item(&operand->items[i], true, buf);
        }
        strbuf_add_char(buf, '}');
        break;
    }
}

void operand_print(const Operand *operand, StrBuf *buf)
{
    print_item(operand, false, buf);
}

/* --- nodes ---------------------------------------------------------------------------------- */

static void print_operator(const PredicateNode *node, StrBuf *buf)
{
    static const struct {
        unsigned bit;
        char letter;
    } LETTERS[] = {{OPTION_CASE, 'c'},
                   {OPTION_DIACRITICS, 'd'},
                   {OPTION_LITERAL, 'n'},
                   {OPTION_LOCALE, 'l'},
                   {OPTION_TOKENS, 'w'}};
    strbuf_add_str(buf, OP_NAMES[node->op]);
    strbuf_add_str(buf, node->options ? "[" : "");
    for (size_t i = 0; i < ARRAY_LEN(LETTERS); i++) {
        if (node->options & LETTERS[i].bit) {
            strbuf_add_char(buf, LETTERS[i].letter);
        }
    }
    strbuf_add_str(buf, node->options ? "]" : "");
}

static void print_comparison(const PredicateNode *node, StrBuf *buf)
{
    strbuf_add_str(buf, QUANTIFIER_NAMES[node->quantifier]);
    operand_print(&node->left, buf);
    strbuf_add_char(buf, ' ');
    print_operator(node, buf);
    strbuf_add_char(buf, ' ');
    operand_print(&node->right, buf);
}

/* key IN {word, word}: the only shape that PRINT_WORDS_APART rewrites. */
static bool is_word_list(const PredicateNode *node)
{
    bool has_word = false;
    for (size_t i = 0; node->right.kind == OPERAND_LIST && i < node->right.count; i++) {
        has_word = has_word || node->right.items[i].is_word;
    }
    return has_word && node->op == OP_IN && node->left.kind == OPERAND_FIELD &&
           node->left.field->type == FIELD_ENUM && node->quantifier == QUANTIFIER_NONE;
}

static void print_words_apart(const PredicateNode *node, StrBuf *buf)
{
    for (size_t i = 0; i < node->right.count; i++) {
        strbuf_add_str(buf, i > 0 ? " OR " : "");
        operand_print(&node->left, buf);
        strbuf_add_str(buf, " == ");
        operand_print(&node->right.items[i], buf);
    }
}

static void print_child(const PredicateNode *node, PrintForm form, StrBuf *buf)
{
    bool is_apart = form == PRINT_WORDS_APART && node->kind == PREDICATE_COMPARE &&
                    is_word_list(node) && node->right.count > 1;
    bool is_wrapped = node->kind == PREDICATE_AND || node->kind == PREDICATE_OR || is_apart;
    strbuf_add_str(buf, is_wrapped ? "(" : "");
    predicate_print_node(node, form, buf);
    strbuf_add_str(buf, is_wrapped ? ")" : "");
}

void predicate_print_node(const PredicateNode *node, PrintForm form, StrBuf *buf)
{
    switch (node->kind) {
    case PREDICATE_TRUE:
        strbuf_add_str(buf, "TRUEPREDICATE");
        break;
    case PREDICATE_FALSE:
        strbuf_add_str(buf, "FALSEPREDICATE");
        break;
    case PREDICATE_COMPARE:
        if (form == PRINT_WORDS_APART && is_word_list(node)) {
            print_words_apart(node, buf);
        } else {
            print_comparison(node, buf);
        }
        break;
    case PREDICATE_NOT:
        strbuf_add_str(buf, "NOT ");
        if (node->children[0]->kind == PREDICATE_COMPARE) {
            strbuf_add_char(buf, '(');
            predicate_print_node(node->children[0], form, buf);
            strbuf_add_char(buf, ')');
        } else {
            print_child(node->children[0], form, buf);
        }
        break;
    case PREDICATE_AND:
    case PREDICATE_OR:
        for (size_t i = 0; i < node->count; i++) {
            const char *word = node->kind == PREDICATE_AND ? " AND " : " OR ";
            strbuf_add_str(buf, i > 0 ? word : "");
            print_child(node->children[i], form, buf);
        }
        break;
    }
}

void predicate_print(const Predicate *predicate, StrBuf *buf)
{
    predicate_print_node(predicate->root, PRINT_PLAIN, buf);
}

static void print_tree(const PredicateNode *node, size_t depth, StrBuf *buf)
{
    static const char *const WORDS[] = {
        [PREDICATE_AND] = "AND", [PREDICATE_OR] = "OR", [PREDICATE_NOT] = "NOT"};
    strbuf_add_many(buf, ' ', 2 * depth);
    if (node->count == 0) {
        predicate_print_node(node, PRINT_PLAIN, buf);
        strbuf_add_char(buf, '\n');
        return;
    }
    strbuf_add_str(buf, WORDS[node->kind]);
    strbuf_add_char(buf, '\n');
    for (size_t i = 0; i < node->count; i++) {
        print_tree(node->children[i], depth + 1, buf);
    }
}

void predicate_print_tree(const Predicate *predicate, StrBuf *buf)
{
    print_tree(predicate->root, 0, buf);
}

/* --- colours -------------------------------------------------------------------------------- */

static TokenClass class_of_name(StrView token_text)
{
    StrView name = lex_name(token_text);
    if (field_find(name)) {
        return TOKEN_KEY;
    }
    for (int id = 0; id < FIELD_COUNT; id++) {
        const FieldWord *words = field_words((FieldId)id);
        for (; words && words->word; words++) {
            bool is_same = id == FIELD_LEVEL ? sv_equal_nocase(name, sv(words->word))
                                             : sv_equal(name, sv(words->word));
            if (is_same) {
                return TOKEN_WORD;
            }
        }
    }
    return TOKEN_BROKEN;
}

bool predicate_next_token(StrView *rest, StrView *ret_text, TokenClass *ret_class)
{
    static const TokenClass CLASSES[] = {
        [LEX_END] = TOKEN_SPACE,
        [LEX_BROKEN] = TOKEN_BROKEN,
        [LEX_NAME] = TOKEN_KEY,
        [LEX_TEXT] = TOKEN_TEXT,
        [LEX_NUMBER] = TOKEN_NUMBER,
        [LEX_OPERATOR] = TOKEN_OPERATOR,
        [LEX_OPTIONS] = TOKEN_OPERATOR,
        [LEX_AND] = TOKEN_LOGIC,
        [LEX_OR] = TOKEN_LOGIC,
        [LEX_NOT] = TOKEN_LOGIC,
        [LEX_QUANTIFIER] = TOKEN_LOGIC,
        [LEX_TRUE] = TOKEN_WORD,
        [LEX_FALSE] = TOKEN_WORD,
        [LEX_NIL] = TOKEN_WORD,
        [LEX_SELF] = TOKEN_WORD,
        [LEX_TRUE_PREDICATE] = TOKEN_WORD,
        [LEX_FALSE_PREDICATE] = TOKEN_WORD,
        [LEX_RESERVED] = TOKEN_BROKEN,
        [LEX_OPEN] = TOKEN_PAREN,
        [LEX_CLOSE] = TOKEN_PAREN,
        [LEX_BRACE_OPEN] = TOKEN_PAREN,
        [LEX_BRACE_CLOSE] = TOKEN_PAREN,
        [LEX_BRACKET] = TOKEN_PAREN,
        [LEX_COMMA] = TOKEN_PAREN,
        [LEX_ARITHMETIC] = TOKEN_BROKEN,
    };
    if (rest->len == 0) {
        return false;
    }
    Token token = lex_next(*rest, 0);
    if (token.offset > 0) {
        *ret_text = sv_slice(*rest, 0, token.offset);
        *ret_class = TOKEN_SPACE;
    } else {
        *ret_text = token.text;
        *ret_class = token.kind == LEX_NAME ? class_of_name(token.text) : CLASSES[token.kind];
    }
    *rest = sv_slice(*rest, ret_text->len, rest->len);
    return true;
}
