/*
 * Redaction: names, counts and replaces what redaction_find.c has found in a text.
 */
#include "session/redaction.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "parsers/decoder.h"
#include "session/redaction_internal.h"

#define KIND_WITHHELD "withheld" /* a text that a rule gave up on */
#define NO_RULE (REDACTION_COUNTS_MAX - 1)
#define WHY_KNOWN "a value that was found before"
#define WHY_STOPPED "a rule gave up on it: what else is in it is not known"
#define WHY_HOST "name of the source"

Redaction *redaction_new(RedactRules *rules)
{
    Redaction *redaction = mem_calloc(1, sizeof *redaction);
    redaction->rules = rules;
    redaction->values = redaction_values_new();
    return redaction;
}

void redaction_free(Redaction *redaction)
{
    if (redaction == NULL) {
        return;
    }
    redaction_values_free(redaction->values);
    arena_done(&redaction->arena);
    mem_free(redaction->replacements);
    redact_hits_done(&redaction->hits);
    redact_hits_done(&redaction->claims);
    for (size_t i = 0; i < REDACT_LAYERS_MAX; i++) {
        redact_layer_done(&redaction->layers[i]);
    }
    strbuf_done(&redaction->decoded);
    strbuf_done(&redaction->inside);
    strbuf_done(&redaction->text);
    strbuf_done(&redaction->raw);
    strbuf_done(&redaction->scratch);
    mem_free(redaction);
}

void redaction_begin(Redaction *redaction)
{
    if (redaction->count > 0) {
        arena_done(&redaction->arena);
        redaction->count = 0;
    }
}

/* --- replacing -------------------------------------------------------------------------------- */

/* Whether the value stands in the text of an XML element: then so must what replaces it. */
static bool is_in_xml(StrView text, const RedactHit *hit)
{
    static const char *const TAGS[] = {"</string>", "</data>", "</integer>", "</key>"};
    StrView rest = sv_slice(text, hit->end, SIZE_MAX);
    size_t at = sv_find_char(sv_slice(rest, 0, REDACTION_KNOWN_MAX_BYTES), '<');
    for (size_t i = 0; i < ARRAY_LEN(TAGS) && at != SIZE_MAX; i++) {
        if (sv_starts(sv_slice(rest, at, SIZE_MAX), sv(TAGS[i]))) {
            return true;
        }
    }
    return false;
}

/* Appends the placeholder; a value that stands in angle brackets keeps these. */
static void add_placeholder(const ValueName *name, StrView text, const RedactHit *hit, StrBuf *ret)
{
    bool has_brackets = hit->start > 0 && text.ptr[hit->start - 1] == '<' && hit->end < text.len &&
                        text.ptr[hit->end] == '>';
    bool is_xml = !has_brackets && is_in_xml(text, hit);
    strbuf_add_str(ret, has_brackets ? "" : is_xml ? "&lt;" : "<");
    strbuf_add(ret, name->kind);
    if (name->number > 0) {
        strbuf_printf(ret, "-%" PRIu32, name->number);
    }
    strbuf_add_str(ret, has_brackets ? "" : is_xml ? "&gt;" : ">");
}

static void note(Redaction *redaction, const Replacement *replacement, size_t rule,
                 const ValueName *name)
{
    if (redaction->count == redaction->capacity) {
        mem_grow((void **)&redaction->replacements, &redaction->capacity, redaction->count,
                 sizeof *redaction->replacements);
    }
    Replacement *kept = &redaction->replacements[redaction->count++];
    *kept = *replacement;
    kept->field = arena_dup(&redaction->arena, replacement->field);
    kept->original = arena_dup(&redaction->arena, replacement->original);
    kept->placeholder = arena_dup(&redaction->arena, replacement->placeholder);
    RedactionCount *count = &redaction->counts[rule];
    count->rule = replacement->rule;
    count->places++;
    count->values += name->is_new;
    redaction->places++;
    redaction->unnumbered += name->number == 0;
}

static ValueName name_of(Redaction *redaction, StrView text, const RedactHit *hit)
{
    StrView value = sv_slice(text, hit->start, hit->end - hit->start);
    ValueCase how = !hit->is_exact                  ? CASE_FOLDED
                    : hit->rule == REDACT_RULE_NONE ? CASE_EXACT_IF_NEW
                                                    : CASE_EXACT;
    return redaction_values_name(redaction->values, value, hit->kind, how);
}

/* Whether a place stays as it is; leaves its value, decoded, in redaction->decoded. */
static bool is_kept(Redaction *redaction, StrView text, const RedactHit *hit)
{
    strbuf_clear(&redaction->decoded);
    redact_decode_all(sv_slice(text, hit->start, hit->end - hit->start), &redaction->decoded);
    return redact_rules_is_kept(redaction->rules, strbuf_view(&redaction->decoded));
}

/* Whether the value of a place is to be looked for everywhere; leaves it, decoded, in
 * redaction->decoded. */
static bool spreads(Redaction *redaction, StrView text, const RedactHit *hit)
{
    return hit->spreads && !is_kept(redaction, text, hit) &&
           !redact_rules_is_common(redaction->rules, strbuf_view(&redaction->decoded));
}

/* Has the values that spread be known; tells whether there are new ones among them. */
static bool know(Redaction *redaction, StrView text)
{
    bool is_new = false;
    for (size_t i = 0; i < redaction->claims.count; i++) {
        const RedactHit *hit = &redaction->claims.items[i];
        if (spreads(redaction, text, hit)) {
            is_new |= redaction_values_know(redaction->values, strbuf_view(&redaction->decoded),
                                            hit->kind, hit->is_exact);
        }
    }
    return is_new;
}

/* Takes down the values of a text that spread. Few texts have any, and fewer new ones: all rules
 * are asked of these only, by which something larger may have the place. */
static void learn(Redaction *redaction, StrView text)
{
    bool is_news = false;
    redaction_find(redaction, text, FIND_SPREADING);
    for (size_t i = 0; i < redaction->claims.count && !is_news; i++) {
        is_news = spreads(redaction, text, &redaction->claims.items[i]) &&
                  redaction_values_is_news(redaction->values, strbuf_view(&redaction->decoded));
    }
    if (is_news) {
        redaction_find(redaction, text, FIND_BY_RULES);
        redaction_settle(&redaction->claims);
        (void)know(redaction, text); /* whether there were new ones is of no matter here */
    }
}

/* Replaces one place; `from` is what has been copied of `text` so far. */
static void replace(Redaction *redaction, StrView field, StrView text, const RedactHit *hit,
                    size_t from, StrBuf *ret)
{
    bool has_rule = hit->rule != REDACT_RULE_NONE;
    const RedactRule *rule = has_rule ? redact_rules_get(redaction->rules, hit->rule) : NULL;
    StrView value = sv_slice(text, hit->start, hit->end - hit->start);
    ValueName name = name_of(redaction, text, hit);
    strbuf_add(ret, sv_slice(text, from, hit->start - from));
    size_t at = ret->len;
    add_placeholder(&name, text, hit, ret);
    Replacement replacement = {.field = field,
                               .rule = rule,
                               .why = rule != NULL ? rule->title.ptr : WHY_KNOWN,
                               .start = hit->start,
                               .end = hit->end,
                               .original = value,
                               .placeholder = {ret->ptr + at, ret->len - at}};
    note(redaction, &replacement, has_rule ? hit->rule : NO_RULE, &name);
}

static void withhold(Redaction *redaction, StrView field, StrView text, StrBuf *ret)
{
    ValueName name = {.kind = SV(KIND_WITHHELD)};
    Replacement replacement = {.field = field,
                               .why = WHY_STOPPED,
                               .end = text.len,
                               .original = text,
                               .placeholder = SV("<" KIND_WITHHELD ">")};
    strbuf_add(ret, replacement.placeholder);
    note(redaction, &replacement, NO_RULE, &name);
    redaction->unnumbered--; /* it is no value */
    redaction->withheld++;
}

bool redaction_apply(Redaction *redaction, StrView field, StrView text, bool is_spreading,
                     StrBuf *ret)
{
    if (redaction->is_learning) {
        learn(redaction, text);
        return false;
    }
    redaction_find(redaction, text, is_spreading ? FIND_KNOWN_TOO : FIND_BY_RULES);
    if (redaction->claims.has_stopped) {
        withhold(redaction, field, text, ret);
        return true;
    }
    redaction_settle(&redaction->claims);
    if (know(redaction, text) && is_spreading) {
        redaction_find_known(redaction, text);
        redaction_settle(&redaction->claims);
    }
    size_t from = 0;
    for (size_t i = 0; i < redaction->claims.count; i++) {
        const RedactHit *hit = &redaction->claims.items[i];
        if (!is_kept(redaction, text, hit)) {
            replace(redaction, field, text, hit, from, ret);
            from = hit->end;
        }
    }
    if (from > 0) {
        strbuf_add(ret, sv_slice(text, from, SIZE_MAX));
    }
    return from > 0;
}

/* --- what others call ------------------------------------------------------------------------- */

bool redaction_text(Redaction *redaction, StrView text, StrBuf *ret)
{
    redaction_begin(redaction);
    if (redaction_apply(redaction, SV(""), text, true, ret)) {
        return true;
    }
    strbuf_add(ret, text);
    return false;
}

bool redaction_value(Redaction *redaction, StrView key, StrView value, StrBuf *ret)
{
    StrBuf pair = {0};
    StrBuf clean = {0};
    bool is_plain = sv_find_char(value, '"') == SIZE_MAX && sv_find_char(value, '\\') == SIZE_MAX;
    redaction_begin(redaction);
    strbuf_add(&pair, key);
    strbuf_add_str(&pair, " = \"");
    size_t start = pair.len;
    strbuf_add(&pair, value);
    strbuf_add_char(&pair, '"');
    /* The key itself must come out as it went in. */
    bool is_changed = is_plain &&
                      redaction_apply(redaction, key, strbuf_view(&pair), true, &clean) &&
                      sv_starts(strbuf_view(&clean), sv_slice(strbuf_view(&pair), 0, start)) &&
                      sv_ends(strbuf_view(&clean), SV("\""));
    if (is_changed) {
        strbuf_add(ret, sv_slice(strbuf_view(&clean), start, clean.len - start - 1));
        for (size_t i = 0; i < redaction->count; i++) {
            redaction->replacements[i].start -= start;
            redaction->replacements[i].end -= start;
        }
    } else {
        is_changed = redaction_text(redaction, value, ret);
    }
    strbuf_done(&pair);
    strbuf_done(&clean);
    return is_changed;
}

void redaction_name_host(Redaction *redaction, StrView field, StrView host, StrBuf *ret)
{
    if (!redact_rules_is_common(redaction->rules, host)) {
        (void)redaction_values_know(redaction->values, host, SV("host"), false); /* if it can be */
    }
    if (redaction->is_learning) {
        return;
    }
    ValueName name = redaction_values_name(redaction->values, host, SV("host"), CASE_FOLDED);
    RedactHit hit = {.end = host.len};
    size_t at = ret->len;
    add_placeholder(&name, host, &hit, ret);
    Replacement replacement = {.field = field,
                               .why = WHY_HOST,
                               .end = host.len,
                               .original = host,
                               .placeholder = {ret->ptr + at, ret->len - at}};
    note(redaction, &replacement, NO_RULE, &name);
}

bool redaction_host(Redaction *redaction, StrView host, StrBuf *ret)
{
    redaction_begin(redaction);
    if (redact_rules_is_kept(redaction->rules, host)) {
        strbuf_add(ret, host);
        return false;
    }
    redaction_name_host(redaction, SV(""), host, ret);
    return true;
}

/* How many places there were, so that they can be counted again. */
typedef struct Tally {
    uint64_t by_rule[REDACTION_COUNTS_MAX];
    uint64_t places;
    uint64_t unnumbered;
    uint64_t withheld;
} Tally;

static Tally take_tally(const Redaction *redaction)
{
    Tally tally = {.places = redaction->places,
                   .unnumbered = redaction->unnumbered,
                   .withheld = redaction->withheld};
    for (size_t i = 0; i < REDACTION_COUNTS_MAX; i++) {
        tally.by_rule[i] = redaction->counts[i].places;
    }
    return tally;
}

static void put_tally(Redaction *redaction, const Tally *tally)
{
    for (size_t i = 0; i < REDACTION_COUNTS_MAX; i++) {
        redaction->counts[i].places = tally->by_rule[i];
    }
    redaction->places = tally->places;
    redaction->unnumbered = tally->unnumbered;
    redaction->withheld = tally->withheld;
}

static bool apply_entry(Redaction *redaction, const Entry *entry)
{
    redaction_begin(redaction);
    strbuf_clear(&redaction->raw);
    bool is_json = entry->style == STYLE_NDJSON || entry->style == STYLE_JSON;
    return is_json && sv_starts(sv_trim(entry->raw), SV("{"))
               ? redaction_apply_json(redaction, entry->raw, &redaction->raw)
               : redaction_apply_line(redaction, entry, &redaction->raw);
}

bool redaction_entry(Redaction *redaction, const Entry *entry, Entry *ret)
{
    uint64_t known = redaction_values_known(redaction->values);
    Tally before = take_tally(redaction);
    bool is_changed = apply_entry(redaction, entry);
    if (redaction_values_known(redaction->values) > known) {
        /* What one field has told may stand in those before it. */
        put_tally(redaction, &before);
        is_changed = apply_entry(redaction, entry);
    }
    if (!is_changed) {
        *ret = *entry;
        return false;
    }
    Style style = entry->kind == KIND_UNPARSED ? STYLE_NONE : entry->style;
    Entry read;
    decoder_read_entry(style, strbuf_view(&redaction->raw), &redaction->scratch, &read);
    read.style = entry->style;
    read.kind = entry->kind;
    read.flags = entry->flags;
    read.source = entry->source;
    read.time = entry->time;
    *ret = read;
    return true;
}

static void learn_field(Redaction *redaction, StrView text)
{
    if (text.len > 0) {
        learn(redaction, text);
    }
}

void redaction_learn(Redaction *redaction, const Entry *entry)
{
    bool is_json = entry->style == STYLE_NDJSON || entry->style == STYLE_JSON;
    if (is_json && entry->kind != KIND_UNPARSED) {
        learn_field(redaction, entry->message);
        learn_field(redaction, entry->process_path);
        learn_field(redaction, entry->sender_path);
        return;
    }
    redaction->is_learning = true;
    (void)apply_entry(redaction, entry); /* nothing is replaced */
    redaction->is_learning = false;
}

void redaction_learn_host(Redaction *redaction, StrView host)
{
    if (!redact_rules_is_kept(redaction->rules, host) &&
        !redact_rules_is_common(redaction->rules, host)) {
        (void)redaction_values_know(redaction->values, host, SV("host"), false); /* if it can be */
    }
}

void redaction_know(Redaction *redaction, const Redaction *learner)
{
    redaction_values_know_all(redaction->values, learner->values);
}

bool redaction_keep(Redaction *redaction, StrView value)
{
    StrBuf plain = {0};
    redact_decode_all(value, &plain);
    bool is_kept = redact_rules_keep(redaction->rules, strbuf_view(&plain));
    strbuf_done(&plain);
    return is_kept;
}

const Replacement *redaction_replacements(const Redaction *redaction, size_t *ret_count)
{
    *ret_count = redaction->count;
    return redaction->replacements;
}
