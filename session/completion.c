/*
 * Completion: offers what fits the place of the cursor (completion_place.c) and begins with, or
 * contains, the word that stands there; the values of fields are counted in completion_values.c.
 */
#include "session/completion.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/utf8.h"
#include "filters/predicate_lex.h"
#include "session/completion_place.h"
#include "session/completion_values.h"

#define FOR_TEXT (1u << FIELD_TEXT)
#define FOR_NUMBER (1u << FIELD_NUMBER)
#define FOR_ENUM (1u << FIELD_ENUM)
#define FOR_TIME (1u << FIELD_TIME)
#define FOR_UUID (1u << FIELD_UUID)
#define FOR_ORDER (FOR_NUMBER | FOR_ENUM | FOR_TIME)
#define FOR_ALL (FOR_TEXT | FOR_ORDER | FOR_UUID)

typedef struct Word {
    const char *text;
    const char *note;
    unsigned types; /* of fields it fits */
} Word;

/* clang-format off */
static const Word OPERATORS[] = {
    { "==",            "is equal to",                                    FOR_ALL },
    { "!=",            "is not equal to",                                FOR_ALL },
    { "CONTAINS",      "has the text in it",                             FOR_TEXT },
    { "CONTAINS[c]",   "has the text in it, letter case ignored",        FOR_TEXT },
    { "BEGINSWITH",    "begins with the text",                           FOR_TEXT },
    { "BEGINSWITH[c]", "begins with the text, letter case ignored",      FOR_TEXT },
    { "ENDSWITH",      "ends with the text",                             FOR_TEXT },
    { "ENDSWITH[c]",   "ends with the text, letter case ignored",        FOR_TEXT },
    { "<",             "is less than",                                   FOR_ORDER },
    { "<=",            "is at most",                                     FOR_ORDER },
    { ">",             "is more than",                                   FOR_ORDER },
    { ">=",            "is at least",                                    FOR_ORDER },
    { "IN",            "is one of a list: {…}",                          FOR_TEXT | FOR_NUMBER | FOR_ENUM | FOR_UUID },
    { "BETWEEN",       "lies between two values, both included: {…}",    FOR_NUMBER | FOR_TIME },
    { "==[c]",         "is equal to, letter case ignored",               FOR_TEXT },
    { "LIKE",          "matches all of it: * any text, ? one character", FOR_TEXT },
    { "LIKE[c]",       "the same, letter case ignored",                  FOR_TEXT },
    { "MATCHES",       "the regular expression matches all of it",       FOR_TEXT },
};

static const Word TERMS[] = {
    { "NOT",            "turns what follows round",        FOR_ALL },
    { "(",              "opens a group",                   FOR_ALL },
    { "TRUEPREDICATE",  "every entry",                     FOR_ALL },
    { "FALSEPREDICATE", "no entry",                        FOR_ALL },
};

static const Word OPTIONS[] = {
    { "[c]",  "letter case ignored",                       FOR_ALL },
    { "[cd]", "letter case and accents ignored",           FOR_ALL },
    { "[d]",  "accents ignored",                           FOR_ALL },
    { "[n]",  "byte by byte",                              FOR_ALL },
};

static const Word LOGIC[] = {
    { "AND",  "both; binds tighter than OR",               FOR_ALL },
    { "OR",   "one of both",                               FOR_ALL },
};

static const Word NIL[] = { { "nil", "it is absent", FOR_ALL } };
static const Word LIST[] = { { "{", "opens the list", FOR_ALL } };
static const Word CLOSE[] = { { ")", "closes the group", FOR_ALL } };
static const Word COMMA[] = {
    { ",", "another value",   FOR_ALL },
    { "}", "closes the list", FOR_ALL },
};
/* clang-format on */

/* --- what is offered -------------------------------------------------------------------------- */

typedef enum Rank { RANK_BEGINS, RANK_CONTAINS, RANK_NONE } Rank;

typedef enum Form { FORM_PLAIN, FORM_KEY, FORM_QUOTED, FORM_NUMBER, FORM_HEX } Form;

typedef struct Offer {
    Rank rank;
    unsigned group;  /* groups keep their order */
    uint64_t count;  /* in a group, more goes first */
    StrView text;    /* before it is put into its form */
    uint64_t number; /* FORM_NUMBER, FORM_HEX */
    Form form;
    StrView note; /* nil = the count is the note */
    StrView name; /* what goes before the note; nil = nothing */
} Offer;

typedef struct Search {
    Offer offers[COMPLETION_MAX]; /* the best so far, best first */
    size_t count;
    unsigned group; /* of what is added next */
    const CompletionPlace *place;
    StrView wanted;   /* what was typed; unescaped, its quote taken off */
    bool is_unicode;  /* it has letters that ASCII folding does not know */
    StrBuf folded;    /* the same folded, when it is unicode */
    StrBuf candidate; /* scratch */
} Search;

static bool begins_nocase(StrView text, StrView with)
{
    return text.len >= with.len && sv_equal_nocase(sv_slice(text, 0, with.len), with);
}

static bool contains_nocase(StrView text, StrView needle)
{
    for (size_t at = 0; at + needle.len <= text.len; at++) {
        if (sv_equal_nocase(sv_slice(text, at, needle.len), needle)) {
            return true;
        }
    }
    return false;
}

static Rank rank_of(Search *search, StrView text)
{
    StrView wanted = search->wanted;
    if (search->is_unicode) {
        strbuf_clear(&search->candidate);
        utf8_fold(&search->candidate, text, UTF8_FOLD_CASE);
        text = strbuf_view(&search->candidate);
        wanted = strbuf_view(&search->folded);
    }
    if (begins_nocase(text, wanted)) {
        return RANK_BEGINS;
    }
    return contains_nocase(text, wanted) ? RANK_CONTAINS : RANK_NONE;
}

static bool is_better(const Offer *a, const Offer *b)
{
    if (a->rank != b->rank) {
        return a->rank < b->rank;
    }
    if (a->group != b->group) {
        return a->group < b->group;
    }
    if (a->count != b->count) {
        return a->count > b->count;
    }
    /* Values come in no order; words and keys have groups of their own. */
    int order = sv_compare(a->text, b->text);
    return order != 0 ? order < 0 : a->number < b->number;
}

/* Keeps an offer among the best. */
static void add(Search *search, const Offer *offer)
{
    size_t at = search->count;
    if (offer->rank == RANK_NONE) {
        return;
    }
    if (at == COMPLETION_MAX) {
        if (!is_better(offer, &search->offers[at - 1])) {
            return;
        }
        at--;
    } else {
        search->count++;
    }
    while (at > 0 && is_better(offer, &search->offers[at - 1])) {
        search->offers[at] = search->offers[at - 1];
        at--;
    }
    search->offers[at] = *offer;
}

static void add_words(Search *search, const Word *words, size_t count, unsigned types)
{
    for (size_t i = 0; i < count; i++) {
        if ((words[i].types & types) != 0 && !search->place->is_quoted) {
            add(search, &(Offer){.rank = rank_of(search, sv(words[i].text)),
                                 .group = search->group++,
                                 .text = sv(words[i].text),
                                 .note = sv(words[i].note)});
        }
    }
}
#define ADD_WORDS(search, words, types) add_words(search, words, ARRAY_LEN(words), types)

/* The canonical names; an alias where only that has what was typed. */
static void add_keys(Search *search, bool with_absent)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const FieldInfo *field = &FIELDS[i];
        if (((field->flags & FIELD_NOT_HERE) != 0) != with_absent) {
            continue;
        }
        const char *best = field->name;
        Rank best_rank = rank_of(search, sv(best));
        for (size_t k = 0; k < ARRAY_LEN(field->aliases) && field->aliases[k] != NULL; k++) {
            Rank rank = rank_of(search, sv(field->aliases[k]));
            if (rank < best_rank) {
                best = field->aliases[k];
                best_rank = rank;
            }
        }
        add(search, &(Offer){.rank = best_rank,
                             .group = search->group++,
                             .form = FORM_KEY,
                             .text = sv(best),
                             .note = sv(field->help)});
    }
}

/* --- values ----------------------------------------------------------------------------------- */

static Rank better(Rank a, Rank b)
{
    return a < b ? a : b;
}

static Rank rank_of_number(Search *search, uint64_t number, bool is_hex)
{
    char digits[32];
    (void)snprintf(digits, sizeof digits, is_hex ? "0x%" PRIx64 : "%" PRIu64, number);
    return rank_of(search, sv(digits));
}

static void take_found(void *context, StrView text, uint64_t number, uint64_t count)
{
    Search *search = context;
    const FieldInfo *field = search->place->field;
    Offer offer = {.group = search->group, .count = count, .text = text, .number = number};
    if (field->type == FIELD_ENUM) {
        /* In a list `log` maps no words: there the number stands. */
        bool is_listed = search->place->expect == EXPECT_ITEM && !search->place->is_quoted;
        offer.form = is_listed ? FORM_NUMBER : search->place->is_quoted ? FORM_QUOTED : FORM_PLAIN;
        offer.name = is_listed ? text : SV_NONE;
        offer.rank = rank_of(search, text);
        offer.rank =
            is_listed ? better(offer.rank, rank_of_number(search, number, false)) : offer.rank;
        if (!field_values_are_counted(field->id)) {
            offer.note = SV("");
        }
    } else if (text.ptr != NULL) {
        offer.form = FORM_QUOTED;
        offer.rank = rank_of(search, text);
    } else {
        bool is_hex = (field->flags & FIELD_HEX) != 0;
        offer.form = is_hex ? FORM_HEX : FORM_NUMBER;
        offer.rank = better(rank_of_number(search, number, false),
                            is_hex ? rank_of_number(search, number, true) : RANK_NONE);
    }
    add(search, &offer);
}

static void add_values(Search *search, const Store *store)
{
    const CompletionPlace *place = search->place;
    if (place->field == NULL) {
        if (place->has_constant) {
            add_keys(search, false);
        }
        return;
    }
    if (place->wants_list && place->expect == EXPECT_VALUE) {
        ADD_WORDS(search, LIST, FOR_ALL);
        return;
    }
    field_values_visit(store, place->field->id, take_found, search);
    search->group++;
    if (place->expect == EXPECT_VALUE) {
        ADD_WORDS(search, NIL, FOR_ALL);
    }
}

/* The presets stand for a whole predicate: they are offered where nothing else is written. */
static void add_presets(Search *search, const Presets *presets, StrView text)
{
    StrView rest = sv_trim(text);
    const CompletionPlace *place = search->place;
    if (presets == NULL || rest.len != place->to - place->from || place->is_quoted) {
        return;
    }
    for (size_t i = 0; i < presets->count; i++) {
        const Preset *preset = &presets->items[i];
        add(search, &(Offer){.rank = rank_of(search, preset->name),
                             .group = search->group++,
                             .text = preset->predicate,
                             .note = preset->about.ptr != NULL ? preset->about : SV(""),
                             .name = preset->name});
    }
}

static void add_all(Search *search, const Store *store, const Presets *presets, StrView text)
{
    const FieldInfo *field = search->place->field;
    unsigned types = field != NULL ? 1u << field->type : FOR_ALL;
    switch (search->place->expect) {
    case EXPECT_TERM:
        if (!search->place->is_quoted) {
            add_keys(search, false);
            ADD_WORDS(search, TERMS, FOR_ALL);
            add_keys(search, true);
            add_presets(search, presets, text);
        }
        break;
    case EXPECT_OPERATOR:
        ADD_WORDS(search, OPERATORS, types);
        break;
    case EXPECT_OPTIONS:
        ADD_WORDS(search, OPTIONS, FOR_ALL);
        break;
    case EXPECT_VALUE:
    case EXPECT_ITEM:
        add_values(search, store);
        break;
    case EXPECT_COMMA:
        ADD_WORDS(search, COMMA, FOR_ALL);
        break;
    case EXPECT_LOGIC:
        ADD_WORDS(search, LOGIC, FOR_ALL);
        if (search->place->depth > 0) {
            ADD_WORDS(search, CLOSE, FOR_ALL);
        }
        break;
    default:
        break;
    }
}

/* --- the answer ------------------------------------------------------------------------------- */

/* "1,234,567 entries" */
static void print_count(StrBuf *buf, uint64_t count)
{
    char digits[24];
    size_t len = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, count);
    if (count == 0) {
        strbuf_add_str(buf, "no entry");
        return;
    }
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            strbuf_add_char(buf, ',');
        }
        strbuf_add_char(buf, digits[i]);
    }
    strbuf_add_str(buf, count == 1 ? " entry" : " entries");
}

static void print_note(StrBuf *buf, const Offer *offer)
{
    if (offer->name.ptr != NULL) {
        strbuf_add(buf, offer->name);
        strbuf_add_str(buf, ": ");
    }
    if (offer->note.ptr != NULL) {
        strbuf_add(buf, offer->note);
    } else {
        print_count(buf, offer->count);
    }
}

static void print_text(StrBuf *buf, const Offer *offer)
{
    switch (offer->form) {
    case FORM_PLAIN:
        strbuf_add(buf, offer->text);
        break;
    case FORM_KEY:
        strbuf_add_str(buf, lex_is_reserved(offer->text) ? "#" : "");
        strbuf_add(buf, offer->text);
        break;
    case FORM_QUOTED:
        predicate_quote(offer->text, buf);
        break;
    case FORM_NUMBER:
        strbuf_printf(buf, "%" PRIu64, offer->number);
        break;
    case FORM_HEX:
        strbuf_printf(buf, "0x%" PRIx64, offer->number);
        break;
    }
}

/* Whether what goes in at the cursor would stick to what is before it. */
static bool needs_blank(const CompletionPlace *place, StrView text, StrView item)
{
    static const StrView OPEN = {" \t\n\r({[!", 8};
    char first = item.ptr[0];
    return place->from == place->to && place->from > 0 &&
           sv_find_char(OPEN, text.ptr[place->from - 1]) == SIZE_MAX && first != ',' &&
           first != ')' && first != '}';
}

static void answer(Completions *completions, const Search *search, StrView text)
{
    const CompletionPlace *place = search->place;
    StrBuf buf = {0};
    completions->items =
        arena_alloc(&completions->arena, (search->count + 1) * sizeof *completions->items);
    for (size_t i = 0; i < search->count; i++) {
        Completion *item = &completions->items[completions->count];
        strbuf_clear(&buf);
        print_text(&buf, &search->offers[i]);
        if (search->count == 1 &&
            sv_equal(strbuf_view(&buf), sv_slice(text, place->from, place->to - place->from))) {
            break; /* it is all there: nothing to complete */
        }
        if (needs_blank(place, text, strbuf_view(&buf))) {
            strbuf_replace(&buf, 0, 0, SV(" "));
        }
        item->text = arena_dup(&completions->arena, strbuf_view(&buf));
        strbuf_clear(&buf);
        print_note(&buf, &search->offers[i]);
        item->note = arena_dup(&completions->arena, strbuf_view(&buf));
        completions->count++;
    }
    strbuf_done(&buf);
}

/* What was typed, as it is looked for: without escapes, and without the '#' of a key. */
static void take_wanted(Search *search, StrBuf *scratch)
{
    StrView typed = search->place->typed;
    if (search->place->is_quoted) {
        StrBuf literal = {0};
        strbuf_add_char(&literal, '"');
        strbuf_add(&literal, typed);
        strbuf_add_char(&literal, '"');
        /* An escape that is only begun: then the text as it stands is what is looked for. */
        if (lex_unquote(strbuf_view(&literal), 0, scratch, NULL)) {
            typed = strbuf_view(scratch);
        }
        strbuf_done(&literal);
    } else if (sv_starts(typed, SV("#"))) {
        typed = sv_slice(typed, 1, SIZE_MAX);
    }
    search->wanted = typed;
    for (size_t i = 0; i < typed.len; i++) {
        search->is_unicode |= ((unsigned char)typed.ptr[i] & 0x80u) != 0;
    }
    if (search->is_unicode) {
        utf8_fold(&search->folded, typed, UTF8_FOLD_CASE);
    }
}

void completion_find(Completions *completions, const Store *store, const Presets *presets,
                     StrView text, size_t cursor)
{
    StrBuf unquoted = {0};
    text = text.ptr != NULL ? text : SV("");
    cursor = cursor < text.len ? cursor : text.len;
    CompletionPlace place = completion_place(text, cursor);
    Search search = {.place = &place};
    completion_done(completions);
    take_wanted(&search, &unquoted);
    add_all(&search, store, presets, text);
    completions->from = place.from;
    completions->to = place.to;
    answer(completions, &search, text);
    strbuf_done(&search.folded);
    strbuf_done(&search.candidate);
    strbuf_done(&unquoted);
}

void completion_done(Completions *completions)
{
    arena_done(&completions->arena);
    *completions = (Completions){0};
}
