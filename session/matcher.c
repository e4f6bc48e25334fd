/*
 * Matcher: verdicts on process, subsystem and category are kept per atom, so that only the messages
 * cost.
 */
#include "session/matcher.h"

#include "base/mem.h"
#include "filters/regex.h"

#define MATCHER_FLAGS REGEX_SMART_CASE

/* Verdicts on an atom; 0 = not asked yet. */
#define VERDICT_NO 1
#define VERDICT_YES 2

struct Matcher {
    StrBuf pattern;
    Regex *regex;
    uint8_t *verdicts; /* by atom */
    size_t verdict_capacity;
    uint64_t stopped;
};

Matcher *matcher_new(StrView pattern, Err *err)
{
    Regex *regex = regex_new(pattern, MATCHER_FLAGS, err);
    if (regex == NULL) {
        return NULL;
    }
    Matcher *matcher = mem_calloc(1, sizeof *matcher);
    matcher->regex = regex;
    strbuf_add(&matcher->pattern, pattern);
    return matcher;
}

void matcher_free(Matcher *matcher)
{
    if (matcher == NULL) {
        return;
    }
    strbuf_done(&matcher->pattern);
    regex_free(matcher->regex);
    mem_free(matcher->verdicts);
    mem_free(matcher);
}

StrView matcher_pattern(const Matcher *matcher)
{
    return strbuf_view(&matcher->pattern);
}

uint64_t matcher_stopped(const Matcher *matcher)
{
    return matcher->stopped;
}

static bool text_matches(Matcher *matcher, StrView text)
{
    size_t start, end;
    if (text.ptr == NULL) {
        return false;
    }
    RegexResult result = regex_search(matcher->regex, text, 0, &start, &end);
    matcher->stopped += result == REGEX_STOPPED;
    return result == REGEX_YES;
}

/* The verdict on an interned value, asked of the regular expression once. */
static bool value_matches(Matcher *matcher, const Columns *columns, uint32_t value)
{
    if (value == ATOM_NONE) {
        return false;
    }
    if ((value & COLUMN_LOCAL) != 0) {
        return text_matches(matcher, columns_text(columns, value));
    }
    while (value >= matcher->verdict_capacity) {
        size_t old = matcher->verdict_capacity;
        mem_grow((void **)&matcher->verdicts, &matcher->verdict_capacity, old, 1);
        for (size_t i = old; i < matcher->verdict_capacity; i++) {
            matcher->verdicts[i] = 0;
        }
    }
    uint8_t *verdict = &matcher->verdicts[value];
    if (*verdict == 0) {
        bool matches = text_matches(matcher, columns_text(columns, value));
        *verdict = matches ? VERDICT_YES : VERDICT_NO;
    }
    return *verdict == VERDICT_YES;
}

bool matcher_has(Matcher *matcher, const Columns *columns, uint32_t index)
{
    return value_matches(matcher, columns, columns->process[index]) ||
           value_matches(matcher, columns, columns->subsystem[index]) ||
           value_matches(matcher, columns, columns->category[index]) ||
           text_matches(matcher, columns_message(columns, index));
}

bool matcher_span(Matcher *matcher, StrView text, size_t from, size_t *ret_start, size_t *ret_end)
{
    return text.ptr != NULL && from <= text.len &&
           regex_search(matcher->regex, text, from, ret_start, ret_end) == REGEX_YES;
}
