/*
 * What the text of a regular expression says about its matches: how much of it is literal, and
 * which words every match has. A walk over the text, no compiler: the pattern is a correct one. It
 * must never include PCRE2.
 */
#include "filters/knowledge.h"

/* -- weight of a pattern -------------------------------------------------------------------- */

static size_t weigh_alternatives(StrView pattern, size_t *at);

/* Passes "?:" or "?<name>" after an opening parenthesis. */
static void skip_group_head(StrView pattern, size_t *at)
{
    if (*at < pattern.len && pattern.ptr[*at] == '?') {
        size_t end = sv_find_char(sv_slice(pattern, *at, pattern.len), ':');
        size_t name_end = sv_find_char(sv_slice(pattern, *at, pattern.len), '>');
        *at += (end < name_end ? end : name_end) + 1;
    }
}

static void skip_class(StrView pattern, size_t *at)
{
    (*at)++; /* a first ']' would be a member */
    while (*at < pattern.len && pattern.ptr[*at] != ']') {
        *at += pattern.ptr[*at] == '\\' ? 2 : 1;
    }
    (*at)++;
}

/* Weight of what stands at `at`: a character, a class, a group; passes it. */
static size_t weigh_atom(StrView pattern, size_t *at)
{
    char byte = pattern.ptr[(*at)++];
    if (byte == '(') {
        skip_group_head(pattern, at);
        size_t weight = weigh_alternatives(pattern, at);
        (*at)++;
        return weight;
    }
    if (byte == '[') {
        skip_class(pattern, at);
        return 0;
    }
    if (byte == '\\' && *at < pattern.len) {
        char escaped = pattern.ptr[(*at)++];
        bool is_letter = (escaped >= 'a' && escaped <= 'z') || (escaped >= 'A' && escaped <= 'Z');
        return is_letter ? 0 : 1;
    }
    return byte == '.' || byte == '^' || byte == '$' ? 0 : 1;
}

/* Passes a quantifier; tells whether what stands before it may be absent. */
static bool skip_quantifier(StrView pattern, size_t *at)
{
    if (*at >= pattern.len) {
        return false;
    }
    char byte = pattern.ptr[*at];
    bool is_optional = byte == '?' || byte == '*';
    if (byte == '{') {
        size_t end = sv_find_char(sv_slice(pattern, *at, pattern.len), '}');
        if (end == SIZE_MAX) {
            return false; /* a brace that means itself */
        }
        is_optional = pattern.ptr[*at + 1] == '0';
        *at += end;
    } else if (!is_optional && byte != '+') {
        return false;
    }
    (*at)++;
    if (*at < pattern.len && pattern.ptr[*at] == '?') {
        (*at)++; /* lazy */
    }
    return is_optional;
}

/* Weight of the lightest alternative; stops at the closing parenthesis or the end. */
static size_t weigh_alternatives(StrView pattern, size_t *at)
{
    size_t least = SIZE_MAX;
    size_t sum = 0;
    while (*at < pattern.len && pattern.ptr[*at] != ')') {
        if (pattern.ptr[*at] == '|') {
            least = sum < least ? sum : least;
            sum = 0;
            (*at)++;
            continue;
        }
        size_t weight = weigh_atom(pattern, at);
        sum += skip_quantifier(pattern, at) ? 0 : weight;
    }
    return sum < least ? sum : least;
}

size_t knowledge_weight(StrView pattern)
{
    size_t at = 0;
    return weigh_alternatives(pattern, &at);
}

/* -- words of a pattern --------------------------------------------------------------------- */

/* The longest run of plain characters of one alternative so far, and the run that goes on. */
typedef struct Runs {
    StrBuf now;
    StrBuf longest;
} Runs;

static void end_run(Runs *runs)
{
    if (runs->now.len > runs->longest.len) {
        strbuf_clear(&runs->longest);
        strbuf_add(&runs->longest, strbuf_view(&runs->now));
    }
    strbuf_clear(&runs->now);
}

/* Takes what stands at `at` and its quantifier: a plain character makes the run longer, all else
 * ends it. */
static void take_atom(StrView pattern, size_t *at, Runs *runs)
{
    size_t start = *at;
    size_t weight = weigh_atom(pattern, at);
    bool is_group = pattern.ptr[start] == '(';
    char byte = pattern.ptr[*at - 1];
    size_t before = *at;
    bool is_optional = skip_quantifier(pattern, at);
    if (is_group || weight == 0 || is_optional) {
        end_run(runs);
        return;
    }
    strbuf_add_char(&runs->now, byte);
    if (*at != before) {
        end_run(runs); /* it may stand there more than once */
    }
}

size_t knowledge_words(StrView pattern, Arena *arena, StrView *ret_words, size_t max)
{
    Runs runs = {0};
    size_t count = 0;
    size_t at = 0;
    bool is_good = sv_find(pattern, SV("(?i")) == SIZE_MAX;
    while (is_good && at <= pattern.len) {
        if (at < pattern.len && pattern.ptr[at] != '|') {
            take_atom(pattern, &at, &runs);
            continue;
        }
        end_run(&runs);
        is_good = runs.longest.len >= KNOWLEDGE_WORD_MIN && count < max;
        if (is_good) {
            ret_words[count++] = arena_dup(arena, strbuf_view(&runs.longest));
        }
        strbuf_clear(&runs.longest);
        at++;
    }
    strbuf_done(&runs.now);
    strbuf_done(&runs.longest);
    return is_good ? count : 0;
}
