/*
 * One comparison of shorthand: key, operator, values. Texts are compared without letter case,
 * except where '|' gives several values to an equality. Logic is in shorthand.c.
 */
#include "filters/shorthand_scan.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "filters/predicate_lex.h"

#define NEAR_MIN 5   /* shorter words are near to too many keys */
#define PREFIX_MIN 3 /* a key that was begun: so many letters of it */

/* An operator with what it makes of its values. */
typedef struct Symbol {
    const char *text; /* longer ones before their beginnings */
    PredicateOp op;
    bool is_negated;
    bool is_word;
    const char *doubt; /* a warning, NULL = documented */
} Symbol;

/* What stands before the values. */
typedef struct Head {
    Operand key;
    const Symbol *symbol;
    bool is_type; /* the key is SHORTHAND_TYPE */
    size_t offset;
    size_t op_offset;
} Head;

#define SYMBOL_DOUBT(text) "shorthand: the operator '" text "' is not confirmed"
#define REGEX_DOUBT                                                                                \
    "shorthand: whether ~/…/ must match the whole text is not confirmed; here it must"

/* clang-format off */
static const Symbol SYMBOLS[] = {
    {":^", OP_BEGINSWITH, false, false, NULL},
    {":", OP_CONTAINS, false, false, NULL},
    {"!:", OP_CONTAINS, true, false, NULL},
    {"!=", OP_NOT_EQUAL, false, false, NULL},
    {"==", OP_EQUAL, false, false, SYMBOL_DOUBT("==")},
    {"=", OP_EQUAL, false, false, NULL},
    {"<>", OP_NOT_EQUAL, false, false, NULL},
    {"<=", OP_LESS_EQUAL, false, false, NULL},
    {"<", OP_LESS, false, false, SYMBOL_DOUBT("<")},
    {">=", OP_GREATER_EQUAL, false, false, NULL},
    {">", OP_GREATER, false, false, SYMBOL_DOUBT(">")},
    {"~", OP_MATCHES, false, false, REGEX_DOUBT},
    {"is", OP_EQUAL, false, true, NULL},
    {"contains", OP_CONTAINS, false, true, NULL},
    {"endswith", OP_ENDSWITH, false, true, NULL},
};

static const Symbol KEYLESS = {":", OP_CONTAINS, false, false, NULL};

/* clang-format on */

/* --- comparisons ---------------------------------------------------------------------------- */

static bool is_text_field(const Head *head)
{
    return head->key.field->type == FIELD_TEXT || head->key.field->type == FIELD_UUID;
}

/* Whether operator and key go together. */
static bool check_head(Scan *scan, const Head *head)
{
    StrView name = predicate_quotable(head->key.name);
    bool is_order = head->symbol->op >= OP_LESS && head->symbol->op <= OP_GREATER_EQUAL;
    bool is_equality = head->symbol->op == OP_EQUAL || head->symbol->op == OP_NOT_EQUAL;
    if (head->key.field->type == FIELD_TIME) {
        return err_set_at(scan->err, head->offset, "'%.*s' cannot be compared in shorthand",
                          SV_ARG(name));
    }
    if (is_text_field(head) ? is_order : !is_order && !is_equality) {
        return err_set_at(scan->err, head->op_offset, "'%.*s' is a %s: %s cannot be used on it",
                          SV_ARG(name),
                          is_text_field(head)                     ? "text"
                          : head->key.field->type == FIELD_NUMBER ? "number"
                                                                  : "word",
                          head->symbol->text);
    }
    return true;
}

/* The words of `type` are those of two fields. */
static bool set_type(Scan *scan, const Head *head, const Phrase *phrase, PredicateNode *node)
{
    const ShorthandType *type = shorthand_type_find(phrase->text);
    StrView word = predicate_quotable(phrase->text);
    if (!type) {
        return err_set_at(scan->err, phrase->offset,
                          "unknown type '%.*s': there are default, info, debug, error, fault, "
                          "signpost, statedump and activity",
                          SV_ARG(word));
    }
    bool is_order = node->op >= OP_LESS && node->op <= OP_GREATER_EQUAL;
    if (is_order && type->field != FIELD_LEVEL) {
        return err_set_at(scan->err, phrase->offset, "'%s' is no level: it has no order",
                          type->word);
    }
    if (is_order) {
        predicate_warn(scan->predicate, head->op_offset,
                       "shorthand: the order of levels is not confirmed; here default, info, "
                       "debug, error, fault");
    }
    if (type->doubt) {
        predicate_warn(scan->predicate, phrase->offset, type->doubt);
    }
    node->left.name = type->field == FIELD_LEVEL ? SV("messageType") : SV("eventType");
    node->left.field = NULL;
    node->right.kind = OPERAND_FIELD;
    node->right.name = sv(type->own_word);
    return predicate_resolve(node, scan->err);
}

static bool set_value(Scan *scan, const Head *head, const Phrase *phrase, Operand *value)
{
    value->offset = phrase->offset;
    if (is_text_field(head)) {
        value->kind = OPERAND_TEXT;
        value->text = phrase->text;
        return true;
    }
    if (phrase->text.len > 0 && phrase->text.ptr[0] >= '0' && phrase->text.ptr[0] <= '9') {
        return lex_number(phrase->text, phrase->offset, value, scan->err);
    }
    if (head->key.field->type == FIELD_ENUM && !phrase->is_quoted) {
        value->kind = OPERAND_FIELD; /* a word: predicate_resolve tells */
        value->name = phrase->text;
        return true;
    }
    StrView word = predicate_quotable(phrase->text);
    return err_set_at(scan->err, phrase->offset, "expected a number beside '%.*s', not '%.*s'",
                      SV_ARG(predicate_quotable(head->key.name)), SV_ARG(word));
}

/* One comparison with one value. */
static Part compare(Scan *scan, const Head *head, PredicateOp op, const Phrase *phrase)
{
    PredicateNode *node = scan_new_node(scan, PREDICATE_COMPARE, head->offset);
    node->op = op;
    node->op_offset = head->op_offset;
    node->left = head->key;
    if (is_text_field(head)) {
        node->options = OPTION_CASE;
    }
    if (head->is_type
            ? !set_type(scan, head, phrase, node)
            : !set_value(scan, head, phrase, &node->right) || !predicate_resolve(node, scan->err)) {
        return (Part){0};
    }
    return scan_finish(scan, node, 1);
}

static bool are_all_the_same(const PhraseList *phrases)
{
    for (size_t i = 1; i < phrases->count; i++) {
        if (!sv_equal(phrases->items[i].text, phrases->items[0].text)) {
            return false;
        }
    }
    return true;
}

/* key=a|b: exactly one of these, letter case counts. key=a|a is a way to write one such value. */
static Part compare_exact(Scan *scan, const Head *head, const PhraseList *phrases)
{
    if (are_all_the_same(phrases)) {
        Part part = compare(scan, head, head->symbol->op, &phrases->items[0]);
        if (part.node) {
            part.node->options = 0;
        }
        return part;
    }
    PredicateNode *node = scan_new_node(scan, PREDICATE_COMPARE, head->offset);
    Operand *items = arena_alloc(&scan->predicate->arena, phrases->count * sizeof *items);
    for (size_t i = 0; i < phrases->count; i++) {
        if (!set_value(scan, head, &phrases->items[i], &items[i])) {
            return (Part){0};
        }
    }
    node->op = OP_IN;
    node->op_offset = head->op_offset;
    node->left = head->key;
    node->right = (Operand){.kind = OPERAND_LIST, .items = items, .count = phrases->count};
    node->right.offset = phrases->items[0].offset;
    if (!predicate_resolve(node, scan->err)) {
        return (Part){0};
    }
    Part part = {node, 1, false};
    return head->symbol->op == OP_NOT_EQUAL ? scan_negate(scan, part, head->offset) : part;
}

/* One comparison for each value, any of which is enough. */
static Part compare_any(Scan *scan, const Head *head, const PhraseList *phrases)
{
    PredicateOp op = head->symbol->op;
    bool is_negated = head->symbol->is_negated;
    if (op == OP_NOT_EQUAL && phrases->count > 1) {
        op = OP_EQUAL;
        is_negated = true;
    }
    PartList list = {0};
    Part part = (Part){0};
    for (size_t i = 0; i < phrases->count; i++) {
        part = compare(scan, head, op, &phrases->items[i]);
        if (!part.node) {
            break;
        }
        part_list_add(&list, part);
    }
    if (part.node && list.count > 1) {
        part = scan_join(scan, PREDICATE_OR, &list, head->offset);
    }
    mem_free(list.items);
    return is_negated ? scan_negate(scan, part, head->offset) : part;
}

static Part build(Scan *scan, const Head *head, const PhraseList *phrases)
{
    bool is_equality = head->symbol->op == OP_EQUAL || head->symbol->op == OP_NOT_EQUAL;
    bool is_order = head->symbol->op >= OP_LESS && head->symbol->op <= OP_GREATER_EQUAL;
    if (is_order && phrases->count > 1) {
        err_set_at(scan->err, phrases->items[1].offset, "%s takes one value", head->symbol->text);
        return (Part){0};
    }
    if (is_equality && phrases->count > 1 && head->key.field->type != FIELD_ENUM) {
        return compare_exact(scan, head, phrases);
    }
    return compare_any(scan, head, phrases);
}

/* --- what stands before the values --------------------------------------------------------------
 */

static bool is_name_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool ends_in_equal(StrView text)
{
    return text.ptr[text.len - 1] == '=';
}

/* The operator at the cursor, NULL when there is none. Words count in lower case only: CONTAINS is
 * one of the other grammar. */
static const Symbol *take_symbol(Scan *scan)
{
    StrView rest = scan_rest(scan);
    for (size_t i = 0; i < ARRAY_LEN(SYMBOLS); i++) {
        StrView text = sv(SYMBOLS[i].text);
        StrView after = sv_slice(rest, text.len, 1);
        char next = after.len > 0 ? after.ptr[0] : ' ';
        bool is_longer = SYMBOLS[i].is_word ? is_name_byte(next)
                                            : ends_in_equal(text) && (next == '=' || next == '~');
        if (sv_starts(rest, text) && is_longer) {
            return NULL; /* === and =~ are none */
        }
        if (sv_starts(rest, text)) {
            scan->at += text.len;
            return &SYMBOLS[i];
        }
    }
    return NULL;
}

/* The message for a name that is no key. Always returns false. */
static bool fail_key(Scan *scan, StrView name, size_t offset)
{
    PredicateNode alone = {.kind = PREDICATE_COMPARE};
    alone.left = (Operand){.kind = OPERAND_FIELD, .name = name, .offset = offset};
    alone.right.kind = OPERAND_NIL;
    (void)predicate_resolve(&alone, scan->err); /* it fills the error */
    return false;
}

static bool set_key(Scan *scan, StrView name, Head *head)
{
    const ShorthandKey *key = shorthand_key_find(name);
    const FieldInfo *field = key ? &FIELDS[key->field] : field_find(name);
    if (!key && lex_is_reserved(name)) {
        err_set_at(scan->err, head->offset, "'%.*s' is a reserved word",
                   SV_ARG(predicate_quotable(name)));
        return false;
    }
    if (!field) {
        return fail_key(scan, name, head->offset);
    }
    char doubt[128];
    (void)snprintf(doubt, sizeof doubt, "shorthand: the key '%.*s' is not confirmed", SV_ARG(name));
    if (!key || key->doubt) {
        predicate_warn(scan->predicate, head->offset, doubt);
    }
    head->is_type = key && field->id == FIELD_LEVEL;
    head->key = (Operand){.kind = OPERAND_FIELD, .field = field, .offset = head->offset};
    head->key.name = field->id == FIELD_MESSAGE ? SV("eventMessage") : name;
    return true;
}

/* ==, which is reported in mixed forms: with a text in quotes or a number. */
static bool check_strict(Scan *scan, const Head *head, const PhraseList *phrases)
{
    for (size_t i = 0; strcmp(head->symbol->text, "==") == 0 && i < phrases->count; i++) {
        const Phrase *phrase = &phrases->items[i];
        bool is_number = head->key.field->type == FIELD_NUMBER;
        if (!phrase->is_quoted && !is_number) {
            return err_set_at(scan->err, head->op_offset, "after == a text stands in quotes");
        }
    }
    return true;
}

static Part parse_comparison(Scan *scan, Head *head, StrView name)
{
    PhraseList phrases = {0};
    Part part = {0};
    if (head->symbol->doubt) {
        predicate_warn(scan->predicate, head->op_offset, head->symbol->doubt);
    }
    bool is_read =
        set_key(scan, name, head) && check_head(scan, head) &&
        (head->symbol->op == OP_MATCHES ? scan_regex(scan, &phrases)
                                        : scan_phrases(scan, head->symbol->text, &phrases));
    if (is_read && check_strict(scan, head, &phrases)) {
        part = build(scan, head, &phrases);
    }
    mem_free(phrases.items);
    return part;
}

/* Whether a word is the beginning of a key, so that it was hardly meant as a text. */
static bool is_begun_key(StrView word)
{
    for (size_t i = 0; i < FIELD_COUNT && word.len >= PREFIX_MIN; i++) {
        const FieldInfo *field = &FIELDS[i];
        const char *names[2 + ARRAY_LEN(field->aliases)] = {field->name, field->json};
        memcpy(&names[2], field->aliases, sizeof field->aliases);
        for (size_t j = 0; j < ARRAY_LEN(names); j++) {
            if (names[j] && sv_starts(sv(names[j]), word)) {
                return true;
            }
        }
    }
    const char *near = word.len >= NEAR_MIN ? field_suggest(word) : NULL;
    return near && sv_distance(word, sv(near)) <= 1;
}

/* Letters and digits, and what stands between them in names and paths. */
static bool is_plain(StrView word)
{
    bool has_letter = false;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        if (!is_name_byte(c) && !strchr(".-/@", c) && (unsigned char)c < 0x80) {
            return false;
        }
        has_letter = has_letter || is_name_byte(c) || (unsigned char)c >= 0x80;
    }
    return has_letter;
}

/* Words that the other grammar gives a use: operators, nil, TRUEPREDICATE, … */
static bool is_meant_otherwise(StrView word)
{
    LexKind kind = lex_next(word, 0).kind;
    return kind >= LEX_OPERATOR && kind <= LEX_FALSE_PREDICATE;
}

/* Whether only what can follow a comparison comes next. */
static bool ends_here(const Scan *scan)
{
    Scan ahead = *scan;
    scan_skip_blanks(&ahead);
    StrView rest = scan_rest(&ahead);
    return rest.len == 0 || sv_starts(rest, SV(")")) || sv_starts(rest, SV("|")) ||
           sv_starts(rest, SV("&")) ||
           scan_is_logic_word(sv_slice(rest, 0, scan_bare_length(rest)));
}

/* A word that stands alone must not be one that means something else. */
static bool check_keyless(Scan *scan, const Phrase *phrase)
{
    StrView word = predicate_quotable(phrase->text);
    if (phrase->is_quoted) {
        return true;
    }
    if (shorthand_key_find(word) || field_find(word)) {
        size_t end = phrase->offset + phrase->text.len;
        scan->at = end;
        scan_skip_blanks(scan);
        return err_set_at(scan->err, scan->at < scan->text.len ? scan->at : end,
                          "expected an operator after %.*s", SV_ARG(word));
    }
    if (is_begun_key(word)) {
        return fail_key(scan, word, phrase->offset);
    }
    if (is_meant_otherwise(word) || !is_plain(phrase->text) || !ends_here(scan)) {
        return err_set_at(scan->err, phrase->offset, "'%.*s' is no text without quotes",
                          SV_ARG(word));
    }
    return true;
}

static Part parse_keyless(Scan *scan, size_t offset)
{
    PhraseList phrases = {0};
    Part part = {0};
    Head head = {.symbol = &KEYLESS, .offset = offset, .op_offset = offset};
    head.key = (Operand){.kind = OPERAND_FIELD, .field = &FIELDS[FIELD_MESSAGE], .offset = offset};
    head.key.name = SV("eventMessage");
    bool is_good = scan_phrases(scan, "", &phrases);
    for (size_t i = 0; is_good && i < phrases.count; i++) {
        is_good = check_keyless(scan, &phrases.items[i]);
    }
    if (is_good) {
        part = build(scan, &head, &phrases);
    }
    mem_free(phrases.items);
    return part;
}

Part shorthand_term(Scan *scan)
{
    scan_skip_blanks(scan);
    Head head = {.offset = scan->at};
    StrView rest = scan_rest(scan);
    size_t len = 0;
    while (len < rest.len && is_name_byte(rest.ptr[len])) {
        len++;
    }
    if (len > 0) {
        scan->at += len;
        scan_skip_blanks(scan);
        head.op_offset = scan->at;
        head.symbol = take_symbol(scan);
    }
    if (head.symbol) {
        return parse_comparison(scan, &head, sv_slice(rest, 0, len));
    }
    scan->at = head.offset;
    bool is_quoted = rest.len > 0 && strchr("\"'\xE2", rest.ptr[0]);
    StrView word = sv_slice(rest, 0, scan_bare_length(rest));
    if (!is_quoted && (word.len == 0 || scan_is_logic_word(word))) {
        err_set_at(scan->err, scan->at, "expected a comparison");
        return (Part){0};
    }
    return parse_keyless(scan, head.offset);
}
