/*
 * RedactRules: reading filters/redactions.json, and asking the rules in their order. What can be
 * told before a pattern is run is told by redact_sieve.c, what afterwards by redact_checks.c.
 */
#include "filters/redact_rules.h"

#include <assert.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/embed.h"
#include "base/mem.h"
#include "base/node.h"
#include "filters/literals.h"
#include "filters/redact_checks.h"
#include "filters/redact_keep.h"
#include "filters/redact_prose.h"
#include "filters/redact_sieve.h"
#include "filters/regex.h"

#define FILE_NAME "filters/redactions.json"
#define VALUES_MAX 12 /* of a rule */

typedef struct ValueGroup {
    const char *name; /* of the group in the pattern; NULL = all of the match */
    StrView kind;     /* the name without the number behind it */
    bool spreads;
} ValueGroup;

typedef struct CompiledRule {
    RedactRule shown;
    Regex *regex;
    RedactCheck check; /* NULL = every match counts */
    unsigned shapes;
    bool has_words;
    bool is_exact; /* letter case counts */
    bool spreads;  /* one of the values does */
    ValueGroup values[VALUES_MAX];
    size_t value_count;
} CompiledRule;

struct RedactRules {
    Arena arena;
    CompiledRule items[REDACT_RULES_MAX + REDACT_OWN_MAX];
    size_t builtin; /* the user's follow */
    size_t count;
    bool has_unsieved; /* one of the program's is asked of every text */
    Literals *words;   /* owners are indexes of rules */
    RedactKeep keep;
    StrBuf folded;
};

/* --- patterns ----------------------------------------------------------------------------------
 */

/* Puts the parts, {{NAME}}, into a pattern until there are none left. */
static bool expand(StrView pattern, const Node *parts, StrBuf *ret, Err *err)
{
    for (size_t at = sv_find(pattern, SV("{{")); at != SIZE_MAX; at = sv_find(pattern, SV("{{"))) {
        StrView name = sv_slice(pattern, at + 2, SIZE_MAX);
        size_t len = sv_find(name, SV("}}"));
        const Node *part = parts != NULL ? parts->first : NULL;
        name = sv_slice(name, 0, len == SIZE_MAX ? 0 : len);
        while (part != NULL && !sv_equal(part->key, name)) {
            part = part->next;
        }
        if (part == NULL || part->kind != NODE_TEXT) {
            return err_set(err, "no part '%.*s'", SV_ARG(name));
        }
        strbuf_add(ret, sv_slice(pattern, 0, at));
        strbuf_add(ret, part->text);
        pattern = sv_slice(pattern, at + len + 4, SIZE_MAX);
    }
    strbuf_add(ret, pattern);
    return true;
}

/* "push_token2" → "push-token" */
static StrView kind_of(StrView group, Arena *arena)
{
    while (group.len > 1 && ascii_is_digit(group.ptr[group.len - 1]) &&
           !sv_equal(group, SV("ip6")) && !sv_equal(group, SV("b64"))) {
        group.len--;
    }
    StrBuf kind = {0};
    for (size_t i = 0; i < group.len; i++) {
        strbuf_add_char(&kind, group.ptr[i] == '_' ? '-' : group.ptr[i]);
    }
    StrView copy = arena_dup(arena, strbuf_view(&kind));
    strbuf_done(&kind);
    return copy;
}

/* Finds the named groups; a rule without one masks all that it matches. */
static bool find_values(CompiledRule *rule, StrView pattern, StrView kind, Arena *arena, Err *err)
{
    for (size_t at = 0; at + 3 < pattern.len; at++) {
        StrView rest = sv_slice(pattern, at, SIZE_MAX);
        if (!sv_starts(rest, SV("(?<")) || !ascii_is_letter(rest.ptr[3])) {
            continue;
        }
        StrView name = sv_slice(rest, 3, SIZE_MAX);
        size_t len = sv_find_char(name, '>');
        if (rule->value_count == VALUES_MAX) {
            return err_set(err, "more than %d values", VALUES_MAX);
        }
        name = arena_dup(arena, sv_slice(name, 0, len == SIZE_MAX ? 0 : len));
        rule->values[rule->value_count++] =
            (ValueGroup){.name = name.ptr, .kind = kind_of(name, arena)};
    }
    if (rule->value_count == 0) {
        rule->values[rule->value_count++] = (ValueGroup){.name = NULL, .kind = kind};
    }
    return true;
}

/* --- reading ------------------------------------------------------------------------------------
 */

static bool read_words(RedactRules *rules, CompiledRule *rule, const Node *list, unsigned how,
                       Err *err)
{
    for (const Node *word = list != NULL ? list->first : NULL; word != NULL; word = word->next) {
        if (word->kind != NODE_TEXT ||
            !literals_add(rules->words, word->text, (uint16_t)(rules->count + how))) {
            return err_set(err, "line %d: no word, or too many of them", word->line);
        }
        rule->has_words = true;
    }
    return true;
}

static bool read_shapes(CompiledRule *rule, const Node *list, Err *err)
{
    for (const Node *name = list != NULL ? list->first : NULL; name != NULL; name = name->next) {
        unsigned shape = redact_shape(name->text);
        if (shape == 0) {
            return err_set(err, "line %d: no shape '%.*s'", name->line, SV_ARG(name->text));
        }
        rule->shapes |= shape;
    }
    return true;
}

static bool read_check(CompiledRule *rule, StrView name, Err *err)
{
    rule->check = name.ptr != NULL ? redact_check_find(name) : NULL;
    return name.ptr == NULL || rule->check != NULL || err_set(err, "no check '%.*s'", SV_ARG(name));
}

/* true = all values, a list = those of these kinds. */
static void read_spreads(CompiledRule *rule, const Node *node)
{
    for (size_t i = 0; i < rule->value_count && node != NULL; i++) {
        bool is_named = node->kind == NODE_BOOL && node->truth;
        for (const Node *kind = node->first; kind != NULL; kind = kind->next) {
            is_named |= sv_equal(kind->text, rule->values[i].kind);
        }
        rule->values[i].spreads = is_named;
        rule->spreads |= is_named;
    }
}

static bool read_rule(RedactRules *rules, const Node *node, const Node *parts, Err *err)
{
    if (rules->count == REDACT_RULES_MAX) {
        return err_set(err, "more than %d rules", REDACT_RULES_MAX);
    }
    CompiledRule *rule = &rules->items[rules->count];
    bool is_optional = node_bool(node, "optional", false);
    rule->shown = (RedactRule){.id = node_text(node, "id"),
                               .title = node_text(node, "title"),
                               .sort = node_text(node, "class"),
                               .note = node_text(node, "note"),
                               .is_optional = is_optional,
                               .is_on = !is_optional};
    rule->is_exact = sv_equal(rule->shown.sort, SV("secret"));
    StrBuf pattern = {0};
    bool is_good = rule->shown.id.len > 0 && rule->shown.title.len > 0;
    is_good = is_good || err_set(err, "line %d: a rule without id or title", node->line);
    is_good = is_good && expand(node_text(node, "regex"), parts, &pattern, err);
    if (is_good) {
        rule->regex = regex_new(strbuf_view(&pattern), 0, err);
        is_good = rule->regex != NULL &&
                  find_values(rule, strbuf_view(&pattern), rule->shown.id, &rules->arena, err) &&
                  read_words(rules, rule, node_find(node, "words"), REDACT_WORD, err) &&
                  read_words(rules, rule, node_find(node, "keys"), REDACT_KEY, err) &&
                  read_words(rules, rule, node_find(node, "tails"), REDACT_TAIL, err) &&
                  read_shapes(rule, node_find(node, "shapes"), err) &&
                  read_check(rule, node_text(node, "check"), err);
        rules->has_unsieved |= !rule->has_words && rule->shapes == 0;
        read_spreads(rule, node_find(node, "spreads"));
        rules->count++; /* whatever came of it, it is freed */
    }
    strbuf_done(&pattern);
    return is_good || err_prefix(err, "'%.*s'", SV_ARG(rule->shown.id));
}

static bool read_all(RedactRules *rules, StrView text, const char *name, Err *err)
{
    const Node *root = node_read(&rules->arena, text, name, err);
    if (root == NULL) {
        return false;
    }
    const Node *list = node_find(root, "rules");
    const Node *parts = node_find(root, "parts");
    for (const Node *node = list != NULL ? list->first : NULL; node != NULL; node = node->next) {
        if (!read_rule(rules, node, parts, err)) {
            return err_prefix(err, "%s", name);
        }
    }
    rules->builtin = rules->count;
    redact_keep_read(&rules->keep, node_find(root, "keep"), &rules->arena);
    return rules->count > 0 || err_set(err, "%s: there are no rules in it", name);
}

RedactRules *redact_rules_read(StrView text, const char *name, Err *err)
{
    RedactRules *rules = mem_calloc(1, sizeof *rules);
    rules->words = literals_new();
    if (!read_all(rules, text, name, err)) {
        redact_rules_free(rules);
        return NULL;
    }
    return rules;
}

RedactRules *redact_rules_new(const char *directory, Err *err)
{
    StrBuf text = {0};
    RedactRules *rules = NULL;
    if (embed_read_or_file(directory, FILE_NAME, &text)) {
        rules = redact_rules_read(strbuf_view(&text), FILE_NAME, err);
    } else {
        (void)err_set(err, "%s: it is not there", FILE_NAME);
    }
    strbuf_done(&text);
    return rules;
}

void redact_rules_free(RedactRules *rules)
{
    if (rules == NULL) {
        return;
    }
    for (size_t i = 0; i < rules->count; i++) {
        regex_free(rules->items[i].regex);
    }
    literals_free(rules->words);
    strbuf_done(&rules->folded);
    arena_done(&rules->arena);
    mem_free(rules);
}

/* --- what the user says --------------------------------------------------------------------------
 */

size_t redact_rules_count(const RedactRules *rules)
{
    return rules->count;
}

const RedactRule *redact_rules_get(const RedactRules *rules, size_t index)
{
    assert(index < rules->count);
    return &rules->items[index].shown;
}

bool redact_rules_switch(RedactRules *rules, StrView id, bool is_on)
{
    for (size_t i = 0; i < rules->count; i++) {
        if (sv_equal(rules->items[i].shown.id, id)) {
            rules->items[i].shown.is_on = is_on;
            return true;
        }
    }
    return false;
}

static bool check_kind(StrView kind, Err *err)
{
    for (size_t i = 0; i < kind.len; i++) {
        char byte = kind.ptr[i];
        if (!ascii_is_letter(byte) && byte != '-' && (!ascii_is_digit(byte) || i == 0)) {
            return err_set(err, "'%.*s' is no name for a placeholder: letters, digits and '-'",
                           SV_ARG(kind));
        }
    }
    return kind.len > 0 || err_set(err, "the placeholder has no name");
}

bool redact_rules_add(RedactRules *rules, StrView id, StrView kind, StrView pattern, Err *err)
{
    if (rules->count - rules->builtin == REDACT_OWN_MAX) {
        return err_set(err, "%d rules are the most", REDACT_OWN_MAX);
    }
    if (pattern.len == 0 || pattern.len > REDACT_OWN_BYTES) {
        return err_set(err, "a pattern has 1 to %d bytes", REDACT_OWN_BYTES);
    }
    if (!check_kind(kind, err)) {
        return false;
    }
    CompiledRule rule = {.shown = {.id = arena_dup(&rules->arena, id),
                                   .title = SV("a rule of your own"),
                                   .sort = SV("own"),
                                   .is_on = true}};
    rule.regex = regex_new(pattern, 0, err);
    if (rule.regex == NULL ||
        !find_values(&rule, pattern, arena_dup(&rules->arena, kind), &rules->arena, err)) {
        regex_free(rule.regex);
        return false;
    }
    rules->items[rules->count++] = rule;
    return true;
}

bool redact_rules_keep(RedactRules *rules, StrView value)
{
    return redact_keep_add(&rules->keep, value, &rules->arena);
}

size_t redact_rules_kept(const RedactRules *rules)
{
    return rules->keep.own.count;
}

void redact_rules_keep_only(RedactRules *rules, size_t count)
{
    if (count < rules->keep.own.count) {
        rules->keep.own.count = count;
    }
}

bool redact_rules_is_kept(const RedactRules *rules, StrView value)
{
    return redact_keep_has(&rules->keep, value);
}

bool redact_rules_is_common(const RedactRules *rules, StrView value)
{
    return redact_keep_is_common(&rules->keep, value);
}

/* --- finding -------------------------------------------------------------------------------------
 */

/* Short secrets and words would be found where they mean something else. */
static bool may_spread(const CompiledRule *rule, StrView value)
{
    return !rule->is_exact || redact_prose_is_telling(value);
}

/* Adds the values of a match; one that is kept takes the others with it: the path of a host of
 * Apple's stays as well. */
static void take_values(RedactRules *rules, size_t index, StrView text, RedactHit match,
                        RedactHits *hits)
{
    const CompiledRule *rule = &rules->items[index];
    size_t before = hits->count;
    for (size_t i = 0; i < rule->value_count; i++) {
        const ValueGroup *group = &rule->values[i];
        StrView found = group->name != NULL ? regex_group(rule->regex, group->name)
                                            : sv_slice(text, match.start, match.end - match.start);
        if (found.len == 0) {
            continue;
        }
        size_t start = (size_t)(found.ptr - text.ptr);
        RedactValue value = {.text = text, .start = start, .end = start + found.len};
        if (rule->check != NULL && !rule->check(&value)) {
            continue;
        }
        found = sv_slice(text, value.start, value.end - value.start);
        RedactHit hit = {.start = value.start,
                         .end = value.end,
                         .rule = index,
                         .kind = group->kind,
                         .is_exact = rule->is_exact};
        if (redact_keep_has(&rules->keep, found)) {
            bool is_alone = hits->count == before;
            hit.is_kept = redact_keep_has_own(&rules->keep, found);
            if (hit.is_kept) {
                redact_hits_add(hits, hit); /* no other rule is to have something within it */
            }
            if (is_alone) {
                return;
            }
            continue; /* the path "1" is harmless, its host is not */
        }
        hit.spreads = group->spreads && may_spread(rule, found);
        redact_hits_add(hits, hit);
    }
}

static void run_rule(RedactRules *rules, size_t index, StrView text, RedactHits *hits)
{
    Regex *regex = rules->items[index].regex;
    size_t from = 0;
    while (from <= text.len) {
        RedactHit match = {.rule = index};
        /* To check a long text anew for each of many matches would take for ever. */
        RegexResult result = from == 0 ? regex_search(regex, text, 0, &match.start, &match.end)
                                       : regex_search_on(regex, from, &match.start, &match.end);
        if (result != REGEX_YES) {
            hits->has_stopped |= result == REGEX_STOPPED;
            return;
        }
        take_values(rules, index, text, match, hits);
        from = match.end > from ? match.end : from + 1;
    }
}

/* Whether a rule could find something, by what the sieve says. */
static bool is_asked(const RedactRules *rules, size_t index, uint64_t words, unsigned shapes)
{
    const CompiledRule *rule = &rules->items[index];
    bool has_sieve = rule->has_words || rule->shapes != 0;
    bool passes = !has_sieve || (rule->shapes & shapes) != 0 ||
                  (index < REDACT_RULES_MAX && (words >> index & 1u) != 0 && rule->has_words);
    return rule->shown.is_on && passes;
}

static bool find(RedactRules *rules, StrView text, bool only_spreading, RedactHits *hits)
{
    unsigned shapes = redact_shapes(text);
    uint64_t words = redact_words(rules->words, text, &rules->folded);
    bool is_sieved = words == 0 && (shapes & ~REDACT_SHAPE_ENCODED) == 0 && !rules->has_unsieved;
    for (size_t i = is_sieved ? rules->builtin : 0; i < rules->count; i++) {
        if ((rules->items[i].spreads || !only_spreading) && is_asked(rules, i, words, shapes)) {
            run_rule(rules, i, text, hits);
        }
    }
    return (shapes & REDACT_SHAPE_ENCODED) != 0;
}

bool redact_rules_find(RedactRules *rules, StrView text, RedactHits *hits)
{
    return find(rules, text, false, hits);
}

bool redact_rules_find_spreading(RedactRules *rules, StrView text, RedactHits *hits)
{
    return find(rules, text, true, hits);
}

void redact_hits_add(RedactHits *hits, RedactHit hit)
{
    if (hits->count == hits->capacity) {
        mem_grow((void **)&hits->items, &hits->capacity, hits->count, sizeof *hits->items);
    }
    hits->items[hits->count++] = hit;
}

void redact_hits_clear(RedactHits *hits)
{
    hits->count = 0;
    hits->has_stopped = false;
}

void redact_hits_done(RedactHits *hits)
{
    mem_free(hits->items);
    *hits = (RedactHits){.items = NULL};
}
