/*
 * What names in a comparison mean: keys become fields, words beside an enumeration (error,
 * logEvent, begin) become its values, quoted or not. Then the doubtful things of a finished tree
 * as warnings, and whether `log` can take it. No evaluation.
 */
#include "filters/predicate.h"

#include <stdio.h>
#include <string.h>

#include "filters/predicate_internal.h"
#include "filters/predicate_lex.h"

#define NAME_MAX_BYTES 40

/* As much of a name as a message should repeat. Names are ASCII. */
static StrView short_name(StrView name)
{
    return sv_slice(name, 0, NAME_MAX_BYTES);
}

/* messageType takes its words in any letter case, the others do not. */
static const FieldWord *word_find(const FieldInfo *field, StrView text)
{
    const FieldWord *words = field ? field_words(field->id) : NULL;
    for (; words && words->word; words++) {
        StrView word = sv(words->word);
        if (field->id == FIELD_LEVEL ? sv_equal_nocase(word, text) : sv_equal(word, text)) {
            return words;
        }
    }
    return NULL;
}

static const char *word_suggest(const FieldInfo *field, StrView text)
{
    const char *best = NULL;
    size_t best_distance = text.len / 3 + 2;
    for (const FieldWord *words = field_words(field->id); words && words->word; words++) {
        size_t distance = sv_distance(text, sv(words->word));
        if (distance < best_distance) {
            best_distance = distance;
            best = words->word;
        }
    }
    return best;
}

static bool is_name(const Operand *operand)
{
    return operand->kind == OPERAND_FIELD && !operand->field;
}

/* Turns a name or a text into the value of the word; leaves others alone. */
static void map_word(Operand *operand, const FieldInfo *field)
{
    StrView text = is_name(operand) ? operand->name : operand->text;
    bool is_candidate = is_name(operand) || operand->kind == OPERAND_TEXT;
    const FieldWord *word = is_candidate ? word_find(field, text) : NULL;
    if (!word) {
        return;
    }
    operand->is_word = true;
    operand->name = sv(word->word);
    if (field->type == FIELD_TEXT) {
        operand->kind = OPERAND_TEXT;
        operand->text = operand->name;
        return;
    }
    operand->kind = OPERAND_NUMBER;
    operand->text = SV_NONE;
    operand->is_integer = true;
    operand->integer = word->number;
    operand->number = (double)word->number;
}

/* The key nearest to a wrong one, NULL when none is near. */
static const char *key_suggest(StrView name)
{
    /* What people call a key in other tools. */
    static const struct {
        const char *word;
        const char *key;
    } SYNONYMS[] = {
        {"pid", "processID"},     {"tid", "threadID"},          {"uid", "userID"},
        {"user", "userID"},       {"level", "messageType"},     {"msg", "eventMessage"},
        {"text", "eventMessage"}, {"path", "processImagePath"}, {"library", "sender"},
        {"lib", "sender"},        {"time", "timestamp"},        {"proc", "process"},
    };
    for (size_t i = 0; i < ARRAY_LEN(SYNONYMS); i++) {
        if (sv_equal_nocase(name, sv(SYNONYMS[i].word))) {
            return SYNONYMS[i].key;
        }
    }
    const char *near = field_suggest(name);
    return near && sv_distance(name, sv(near)) <= name.len / 3 + 1 ? near : NULL;
}

/* The message for a name that is no key and no word of `beside`, which may be NULL. */
static bool fail_name(const Operand *operand, const FieldInfo *beside, bool is_right, Err *err)
{
    StrView name = short_name(operand->name);
    if (beside && field_words(beside->id)) {
        const char *near = word_suggest(beside, name);
        return err_set_at(err, operand->offset, "unknown value '%.*s' of '%s'%s%s%s", SV_ARG(name),
                          beside->json ? beside->json : beside->name,
                          near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    const char *near = key_suggest(name);
    if (near) {
        return err_set_at(err, operand->offset, "unknown key '%.*s', did you mean '%s'?",
                          SV_ARG(name), near);
    }
    return err_set_at(err, operand->offset, "unknown key '%.*s'%s", SV_ARG(name),
                      is_right ? " (a text stands in quotes)" : "");
}

/* A field if `operand` is a key; also looks into lists, whose first key counts for its words. */
static const FieldInfo *field_of(const Operand *operand)
{
    if (operand->kind == OPERAND_FIELD) {
        return operand->field ? operand->field : field_find(operand->name);
    }
    for (size_t i = 0; operand->kind == OPERAND_LIST && i < operand->count; i++) {
        const FieldInfo *field = field_of(&operand->items[i]);
        if (field && field_words(field->id)) {
            return field;
        }
    }
    return NULL;
}

static bool resolve_operand(Operand *operand, const FieldInfo *beside, bool maps_texts,
                            bool is_right, Err *err)
{
    if (operand->kind == OPERAND_LIST) {
        /* The list was made by the parser, in its arena, for this node alone. */
        Operand *items = (Operand *)operand->items;
        for (size_t i = 0; i < operand->count; i++) {
            if (!resolve_operand(&items[i], beside, maps_texts, is_right, err)) {
                return false;
            }
        }
        return true;
    }
    if (beside && (maps_texts || is_name(operand))) {
        map_word(operand, beside);
    }
    if (!is_name(operand)) {
        return true;
    }
    operand->field = field_find(operand->name);
    return operand->field || fail_name(operand, beside, is_right, err);
}

bool predicate_resolve(PredicateNode *node, Err *err)
{
    bool maps_texts = node->op < OP_BEGINSWITH || node->op == OP_IN;
    const FieldInfo *left = field_of(&node->left);
    const FieldInfo *right = field_of(&node->right);
    /* signpostScope == process: the word wins over the key, whichever side it stands on. */
    bool right_is_word = is_name(&node->right) && word_find(left, node->right.name);
    bool left_is_word = is_name(&node->left) && word_find(right, node->left.name);
    if (right_is_word) {
        right = NULL;
    } else if (left_is_word) {
        left = NULL;
    }
    return resolve_operand(&node->left, right, maps_texts, false, err) &&
           resolve_operand(&node->right, left, maps_texts, true, err);
}

/* --- warnings ------------------------------------------------------------------------------- */

static void warn(Predicate *predicate, size_t offset, const char *text, PrintForm form,
                 bool has_fix)
{
    if (predicate->warning_count == PREDICATE_MAX_WARNINGS) {
        return;
    }
    PredicateWarning *warning = &predicate->warnings[predicate->warning_count++];
    warning->offset = offset;
    warning->text = arena_dup(&predicate->arena, sv(text));
    if (has_fix) {
        StrBuf fix = {0};
        predicate_print_node(predicate->root, form, &fix);
        warning->fix = arena_dup(&predicate->arena, strbuf_view(&fix));
        strbuf_done(&fix);
    }
}

void predicate_warn(Predicate *predicate, size_t offset, const char *text)
{
    for (size_t i = 0; i < predicate->warning_count; i++) {
        if (sv_equal(predicate->warnings[i].text, sv(text))) {
            return;
        }
    }
    warn(predicate, offset, text, PRINT_PLAIN, false);
}

void predicate_tell_alias(Predicate *predicate, StrView name)
{
    StrBuf text = {0};
    size_t kept = predicate->warning_count;
    kept -= kept == PREDICATE_MAX_WARNINGS; /* the last one makes room */
    memmove(&predicate->warnings[1], predicate->warnings, kept * sizeof(PredicateWarning));
    strbuf_printf(&text, "the alias '%.*s' of ~/.logrc stands for: ", SV_ARG(name));
    strbuf_add(&text, predicate->source);
    predicate->warnings[0] =
        (PredicateWarning){.text = arena_dup(&predicate->arena, strbuf_view(&text))};
    predicate->warning_count = kept + 1;
    strbuf_done(&text);
}

static void warn_key(Predicate *predicate, const Operand *operand)
{
    const FieldInfo *field = operand->field;
    char text[256];
    if (field->flags & FIELD_LOCAL) {
        (void)snprintf(text, sizeof text,
                       "'%.*s' is no key of log: it filters here, it cannot be sent",
                       SV_ARG(short_name(operand->name)));
        warn(predicate, operand->offset, text, PRINT_PLAIN, false);
    } else if (field->flags & FIELD_NOT_HERE) {
        (void)snprintf(text, sizeof text, "ndjson does not carry '%.*s': there it is always nil",
                       SV_ARG(short_name(operand->name)));
        warn(predicate, operand->offset, text, PRINT_PLAIN, false);
    }
}

static void warn_list(Predicate *predicate, const Operand *list, const Operand *key)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].is_word && key->kind == OPERAND_FIELD &&
            key->field->type == FIELD_ENUM) {
            warn(
                predicate, list->items[i].offset,
                "log may not know words inside {…}: numbers are sent instead, or compare each word",
                PRINT_WORDS_APART, true);
            return;
        }
    }
}

/* \n and its like: Apple's description of literals does not list them. */
static void warn_escapes(Predicate *predicate, const Operand *operand)
{
    StrView rest = sv_slice(predicate->source, operand->offset, predicate->source.len);
    bool is_quoted = operand->kind == OPERAND_TEXT && rest.len > 0 && !predicate->is_shorthand &&
                     (rest.ptr[0] == '"' || rest.ptr[0] == '\'');
    for (size_t at = 1; is_quoted && at + 1 < rest.len && rest.ptr[at] != rest.ptr[0]; at++) {
        if (rest.ptr[at] != '\\') {
            continue;
        }
        at++;
        if (strchr("abfnrtv", rest.ptr[at]) && rest.ptr[at] != '\0') {
            char text[96];
            (void)snprintf(text, sizeof text,
                           "whether log knows the escape \\%c is not known: it is sent as \\x%02X",
                           rest.ptr[at], lex_escape(rest.ptr[at]));
            predicate_warn(predicate, operand->offset + at - 1, text);
        }
    }
}

static void warn_operand(Predicate *predicate, const PredicateNode *node, const Operand *operand,
                         const Operand *other)
{
    if (operand->kind == OPERAND_FIELD) {
        warn_key(predicate, operand);
        return;
    }
    if (operand->kind == OPERAND_LIST) {
        warn_list(predicate, operand, other);
        for (size_t i = 0; i < operand->count; i++) {
            warn_operand(predicate, node, &operand->items[i], other);
        }
        return;
    }
    warn_escapes(predicate, operand);
    if (operand->kind != OPERAND_TEXT || other->kind != OPERAND_FIELD) {
        return;
    }
    char text[256];
    if (other->field->type == FIELD_UUID) {
        predicate_warn(
            predicate, operand->offset,
            "whether log heeds letter case in UUIDs is not known; here it does not count");
    } else if (other->field->type == FIELD_TIME) {
        warn(predicate, operand->offset, "how log reads dates in a predicate is not known",
             PRINT_PLAIN, false);
    } else if (other->field->type == FIELD_ENUM || other->field->type == FIELD_NUMBER) {
        const char *near = field_words(other->field->id)
                               ? word_suggest(other->field, short_name(operand->text))
                               : NULL;
        (void)snprintf(text, sizeof text, "a text is never equal to a value of '%.*s'%s%s%s",
                       SV_ARG(short_name(other->name)), near ? ", did you mean '" : "",
                       near ? near : "", near ? "'?" : "");
        warn(predicate, operand->offset, text, PRINT_PLAIN, false);
    }
}

static void warn_node(Predicate *predicate, const PredicateNode *node)
{
    for (size_t i = 0; i < node->count; i++) {
        warn_node(predicate, node->children[i]);
    }
    if (node->kind != PREDICATE_COMPARE) {
        return;
    }
    warn_operand(predicate, node, &node->left, &node->right);
    warn_operand(predicate, node, &node->right, &node->left);
    if (node->options & OPTION_TOKENS) {
        warn(predicate, node->op_offset, "the option [w] has no effect here", PRINT_PLAIN, false);
    }
    if (node->options & OPTION_LOCALE) {
        warn(predicate, node->op_offset,
             "the option [l] has no effect here: texts are compared alike in every locale",
             PRINT_PLAIN, false);
    }
}

void predicate_find_warnings(Predicate *predicate, size_t mixed_offset)
{
    if (mixed_offset != SIZE_MAX) {
        warn(predicate, mixed_offset,
             "AND and OR without parentheses: here AND binds tighter; it is sent with parentheses",
             PRINT_PLAIN, true);
    }
    warn_node(predicate, predicate->root);
}

size_t predicate_warnings(const Predicate *predicate, const PredicateWarning **ret_warnings)
{
    *ret_warnings = predicate->warnings;
    return predicate->warning_count;
}

/* --- what `log` takes ------------------------------------------------------------------------- */

static const Operand *find_local(const Operand *operand)
{
    if (operand->kind == OPERAND_FIELD) {
        return operand->field->flags & FIELD_LOCAL ? operand : NULL;
    }
    const Operand *found = NULL;
    for (size_t i = 0; operand->kind == OPERAND_LIST && !found && i < operand->count; i++) {
        found = find_local(&operand->items[i]);
    }
    return found;
}

static const Operand *find_local_in(const PredicateNode *node)
{
    if (node->kind == PREDICATE_COMPARE) {
        const Operand *found = find_local(&node->left);
        return found ? found : find_local(&node->right);
    }
    const Operand *found = NULL;
    for (size_t i = 0; !found && i < node->count; i++) {
        found = find_local_in(node->children[i]);
    }
    return found;
}

bool predicate_is_sendable(const Predicate *predicate, Err *err)
{
    const Operand *local = find_local_in(predicate->root);
    if (!local) {
        return true;
    }
    return err_set_at(err, local->offset, "'%s' is no key of log: it filters here only",
                      local->field->name);
}
