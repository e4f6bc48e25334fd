/*
 * Predicates as shorthand, as far as it has words for them. What it prints reads back to the same
 * tree or to one that means the same. Reads no text.
 */
#include "filters/shorthand.h"

#include <inttypes.h>

#include "filters/predicate_lex.h"

/* One comparison in the words of shorthand: any of `count` values. */
typedef struct Phrasing {
    const char *key;
    const char *symbol;
    const char *negated; /* the symbol for NOT of it; NULL = none */
    bool is_exact;       /* equality of one text that counts letter case: said as a|a */
} Phrasing;

typedef struct Printing {
    StrBuf *buf;
    Err *err;
} Printing;

/* clang-format off */
static const struct {
    PredicateOp op;
    const char *symbol;
    const char *negated;
} SYMBOLS[] = {
    {OP_EQUAL, "=", "!="},
    {OP_NOT_EQUAL, "!=", NULL},
    {OP_LESS, "<", NULL},
    {OP_LESS_EQUAL, "<=", NULL},
    {OP_GREATER, ">", NULL},
    {OP_GREATER_EQUAL, ">=", NULL},
    {OP_CONTAINS, ":", "!:"},
    {OP_BEGINSWITH, ":^", NULL},
    {OP_ENDSWITH, " endswith ", NULL},
    {OP_MATCHES, "~", NULL},
    {OP_IN, "=", "!="},
};
/* clang-format on */

static bool print(Printing *printing, const PredicateNode *node);

static bool refuse(Printing *printing, const PredicateNode *node, const char *reason)
{
    return err_set_at(printing->err, node->offset, "shorthand %s", reason);
}

/* --- values --------------------------------------------------------------------------------- */

static void print_text(StrView text, StrBuf *buf)
{
    bool is_bare = shorthand_is_bare(text) && !lex_is_reserved(text);
    for (size_t i = 0; is_bare && i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        is_bare = c >= 0x80 || c == '.' || c == '-' || c == '_' || (c >= '0' && c <= '9') ||
                  (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
    if (is_bare) {
        strbuf_add(buf, text);
    } else {
        predicate_quote(text, buf);
    }
}

static void print_regex(StrView pattern, StrBuf *buf)
{
    strbuf_add_char(buf, '/');
    for (size_t i = 0; i < pattern.len; i++) {
        bool is_escape = pattern.ptr[i] == '\\' && i + 1 < pattern.len;
        if (pattern.ptr[i] == '/') {
            strbuf_add_char(buf, '\\');
        }
        strbuf_add_char(buf, pattern.ptr[i]);
        if (is_escape) {
            strbuf_add_char(buf, pattern.ptr[++i]);
        }
    }
    strbuf_add_char(buf, '/');
}

static void print_value(const PredicateNode *node, const Operand *value, StrBuf *buf)
{
    FieldId field = node->left.field->id;
    if (field == FIELD_LEVEL || field == FIELD_KIND) {
        strbuf_add_str(buf, shorthand_type_of(field, value->integer)->word);
    } else if (node->op == OP_MATCHES) {
        print_regex(value->text, buf);
    } else if (value->kind == OPERAND_TEXT) {
        print_text(value->text, buf);
    } else {
        strbuf_printf(buf, "%" PRIu64, value->integer);
    }
}

/* --- comparisons ---------------------------------------------------------------------------- */

/* Whether a value of this field can be written; says why not. */
static bool check_value(Printing *printing, const PredicateNode *node, const Operand *value)
{
    const FieldInfo *field = node->left.field;
    bool is_whole = value->kind == OPERAND_NUMBER && value->is_integer && !value->is_negative;
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_UUID:
        return value->kind == OPERAND_TEXT ||
               refuse(printing, node, "compares with texts and numbers only");
    case FIELD_NUMBER:
        return is_whole || refuse(printing, node, "has no such number");
    case FIELD_ENUM:
        return (is_whole && shorthand_type_of(field->id, value->integer)) ||
               refuse(printing, node, "has no word for this value");
    default:
        return refuse(printing, node, "has no dates");
    }
}

static bool check_values(Printing *printing, const PredicateNode *node)
{
    if (node->op != OP_IN) {
        return check_value(printing, node, &node->right);
    }
    if (node->right.kind != OPERAND_LIST || node->right.count == 0) {
        return refuse(printing, node, "has no such IN");
    }
    for (size_t i = 0; i < node->right.count; i++) {
        if (!check_value(printing, node, &node->right.items[i])) {
            return false;
        }
    }
    return true;
}

/* Letter case counts in an equality when '|' is there, elsewhere never. */
static bool check_options(Printing *printing, const PredicateNode *node, bool *ret_exact)
{
    bool is_text = node->left.field->type == FIELD_TEXT || node->left.field->type == FIELD_UUID;
    bool is_equality = node->op == OP_EQUAL || node->op == OP_NOT_EQUAL;
    *ret_exact = is_text && is_equality && node->options == 0;
    if (!is_text || node->op == OP_IN || *ret_exact || node->options == OPTION_CASE) {
        return true;
    }
    return refuse(printing, node,
                  node->options == 0 ? "ignores letter case here: [c] is missing"
                                     : "has no options but [c]");
}

static const char *key_of(const FieldInfo *field)
{
    if (field->id == FIELD_KIND) {
        return SHORTHAND_TYPE;
    }
    const ShorthandKey *key = shorthand_key_of(field->id);
    return key ? key->word : NULL;
}

/* Finds the words for a comparison; says why there are none. */
static bool phrase(Printing *printing, const PredicateNode *node, Phrasing *ret_phrasing)
{
    if (node->quantifier != QUANTIFIER_NONE) {
        return refuse(printing, node, "has no ANY, ALL or NONE");
    }
    if (node->left.kind != OPERAND_FIELD) {
        return refuse(printing, node, "has its key on the left");
    }
    const char *key = key_of(node->left.field);
    if (!key) {
        return err_set_at(printing->err, node->offset, "shorthand has no key for '%s'",
                          node->left.field->name);
    }
    size_t at = 0;
    while (at < ARRAY_LEN(SYMBOLS) && SYMBOLS[at].op != node->op) {
        at++;
    }
    bool is_number = node->left.field->type == FIELD_NUMBER || node->left.field->type == FIELD_ENUM;
    bool is_order = node->op >= OP_LESS && node->op <= OP_GREATER_EQUAL;
    bool is_equality = node->op == OP_EQUAL || node->op == OP_NOT_EQUAL || node->op == OP_IN;
    if (at == ARRAY_LEN(SYMBOLS) || (!is_equality && is_number != is_order) ||
        (is_order && node->left.field->id == FIELD_KIND)) {
        return err_set_at(printing->err, node->op_offset, "shorthand has no word for %s here",
                          predicate_op_name(node->op));
    }
    *ret_phrasing = (Phrasing){.key = key, .symbol = SYMBOLS[at].symbol};
    ret_phrasing->negated = SYMBOLS[at].negated;
    return check_values(printing, node) && check_options(printing, node, &ret_phrasing->is_exact);
}

static void print_alternatives(const PredicateNode *node, bool is_exact, StrBuf *buf)
{
    if (node->op != OP_IN) {
        print_value(node, &node->right, buf);
        if (is_exact) {
            strbuf_add_char(buf, '|');
            print_value(node, &node->right, buf);
        }
        return;
    }
    for (size_t i = 0; i < node->right.count; i++) {
        strbuf_add_str(buf, i > 0 ? "|" : "");
        print_value(node, &node->right.items[i], buf);
    }
    if (node->right.count == 1 && node->left.field->type == FIELD_TEXT) {
        strbuf_add_char(buf, '|');
        print_value(node, &node->right.items[0], buf);
    }
}

static bool print_comparison(Printing *printing, const PredicateNode *node, bool is_negated)
{
    Phrasing phrasing = {0};
    if (!phrase(printing, node, &phrasing)) {
        return false;
    }
    if (is_negated && !phrasing.negated) {
        strbuf_add_str(printing->buf, "not ");
    }
    strbuf_add_str(printing->buf, phrasing.key);
    strbuf_add_str(printing->buf,
                   is_negated && phrasing.negated ? phrasing.negated : phrasing.symbol);
    print_alternatives(node, phrasing.is_exact, printing->buf);
    return true;
}

/* --- logic ---------------------------------------------------------------------------------- */

/* m CONTAINS[c] "a" OR m CONTAINS[c] "b" is m:a|b; the types are one key as well. */
static bool is_one_phrase(const PredicateNode *node)
{
    const PredicateNode *first = node->children[0];
    for (size_t i = 0; i < node->count; i++) {
        const PredicateNode *child = node->children[i];
        if (child->kind != PREDICATE_COMPARE || child->left.kind != OPERAND_FIELD ||
            first->left.kind != OPERAND_FIELD || child->op != first->op ||
            child->quantifier != QUANTIFIER_NONE) {
            return false;
        }
        bool is_type = child->left.field->type == FIELD_ENUM && child->op == OP_EQUAL &&
                       first->left.field->type == FIELD_ENUM;
        bool is_search =
            child->left.field == first->left.field && child->options == OPTION_CASE &&
            (child->op == OP_CONTAINS || child->op == OP_BEGINSWITH || child->op == OP_ENDSWITH);
        if (!is_type && !is_search) {
            return false;
        }
    }
    return node->kind == PREDICATE_OR;
}

static bool print_one_phrase(Printing *printing, const PredicateNode *node, bool is_negated)
{
    Phrasing phrasing = {0};
    for (size_t i = 0; i < node->count; i++) {
        if (!phrase(printing, node->children[i], &phrasing)) {
            return false;
        }
        if (i == 0) {
            strbuf_add_str(printing->buf, is_negated && !phrasing.negated ? "not " : "");
            strbuf_add_str(printing->buf, phrasing.key);
            strbuf_add_str(printing->buf,
                           is_negated && phrasing.negated ? phrasing.negated : phrasing.symbol);
        }
        strbuf_add_str(printing->buf, i > 0 ? "|" : "");
        print_value(node->children[i], &node->children[i]->right, printing->buf);
    }
    return true;
}

static bool print_not(Printing *printing, const PredicateNode *child)
{
    if (child->kind == PREDICATE_COMPARE && child->op != OP_EQUAL) {
        return print_comparison(printing, child, true);
    }
    if (child->kind == PREDICATE_OR && is_one_phrase(child)) {
        return print_one_phrase(printing, child, true);
    }
    strbuf_add_str(printing->buf, "not ");
    bool is_wrapped = child->kind == PREDICATE_AND || child->kind == PREDICATE_OR;
    strbuf_add_str(printing->buf, is_wrapped ? "(" : "");
    bool is_good = print(printing, child);
    strbuf_add_str(printing->buf, is_wrapped ? ")" : "");
    return is_good;
}

static bool print_chain(Printing *printing, const PredicateNode *node)
{
    for (size_t i = 0; i < node->count; i++) {
        const PredicateNode *child = node->children[i];
        bool is_chain =
            (child->kind == PREDICATE_AND || child->kind == PREDICATE_OR) && !is_one_phrase(child);
        strbuf_add_str(printing->buf, i == 0 ? "" : node->kind == PREDICATE_AND ? " and " : " or ");
        strbuf_add_str(printing->buf, is_chain ? "(" : "");
        if (!print(printing, child)) {
            return false;
        }
        strbuf_add_str(printing->buf, is_chain ? ")" : "");
    }
    return true;
}

static bool print(Printing *printing, const PredicateNode *node)
{
    switch (node->kind) {
    case PREDICATE_TRUE:
        return refuse(printing, node, "has no TRUEPREDICATE");
    case PREDICATE_FALSE:
        return refuse(printing, node, "has no FALSEPREDICATE");
    case PREDICATE_COMPARE:
        return print_comparison(printing, node, false);
    case PREDICATE_NOT:
        return print_not(printing, node->children[0]);
    default:
        return is_one_phrase(node) ? print_one_phrase(printing, node, false)
                                   : print_chain(printing, node);
    }
}

bool predicate_print_shorthand(const Predicate *predicate, StrBuf *buf, Err *err)
{
    StrBuf text = {0};
    Printing printing = {.buf = &text, .err = err};
    bool is_good = print(&printing, predicate_root(predicate));
    if (is_good) {
        strbuf_add(buf, strbuf_view(&text));
    }
    strbuf_done(&text);
    return is_good;
}
