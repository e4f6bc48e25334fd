/*
 * Regex: PCRE2 behind five functions; the one file that includes pcre2.h. Texts are checked once
 * and then matched without further checks, by the JIT where there is one. Every match has limits.
 */
#include "filters/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "filters/icu.h"

/* A match that needs more is stopped: after about five milliseconds, for a long text after as long
 * as a few passes over it take. */
#define MATCH_LIMIT 400000
#define MATCH_LIMIT_PER_BYTE 4
#define DEPTH_LIMIT 200000
#define HEAP_LIMIT_KIB 8192
/* The JIT would need long for patterns over that. */
#define JIT_MAX_BYTES (16 * KIB)
/* JIT code uses 32 KiB of the machine's stack; this much of its own when that was too little. */
#define JIT_STACK_START (64 * KIB)
#define JIT_STACK_MAX (512 * KIB)

/* Stands for a byte that is no UTF-8, so that the offsets in a text stay what they are. */
#define SUBSTITUTE '\x1A'

struct Regex {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
    pcre2_jit_stack *stack; /* NULL until a text needs it */
    bool has_jit;
    StrBuf clean;    /* the text with invalid bytes replaced */
    StrView subject; /* of the last search, as the caller gave it */
    StrView checked; /* the same as it is matched: it or `clean` */
    int groups;      /* of the last search that matched */
};

/* --- set operations --------------------------------------------------------------------------- */

/* Length of a set's beginning: [ or [^, and a ] right after it, which is a member. */
static size_t set_start(StrView rest)
{
    size_t len = 1;
    len += len < rest.len && rest.ptr[len] == '^';
    len += len < rest.len && rest.ptr[len] == ']';
    return len;
}

/* Refuses [a-z&&[^b]], which PCRE2 would take for something else than is meant. */
static bool check_sets(StrView pattern, Err *err)
{
    bool is_in_set = false;
    size_t at = 0;
    while (at < pattern.len) {
        StrView rest = sv_slice(pattern, at, pattern.len);
        if (is_in_set && sv_starts(rest, SV("&&"))) {
            return err_set_at(err, at, "set operations such as [a-z&&[^b]] are not supported here");
        }
        size_t len = 1;
        if (sv_starts(rest, SV("\\Q")) && sv_find(rest, SV("\\E")) != SIZE_MAX) {
            len = sv_find(rest, SV("\\E")) + 2;
        } else if (rest.ptr[0] == '\\') {
            len = 2;
        } else if (is_in_set) {
            is_in_set = rest.ptr[0] != ']';
        } else if (rest.ptr[0] == '[') {
            is_in_set = true;
            len = set_start(rest);
        }
        at += len;
    }
    return true;
}

/* --- compiling -------------------------------------------------------------------------------- */

/* Whether a pattern asks for letter case: it has an upper-case letter that is no escape. */
static bool has_upper(StrView pattern, bool is_literal)
{
    StrBuf folded = {0};
    bool found = false;
    while (pattern.len > 0 && !found) {
        StrView before = pattern;
        uint32_t code_point = utf8_next(&pattern);
        if (code_point == '\\' && !is_literal && pattern.len > 0) {
            (void)utf8_next(&pattern);
            continue;
        }
        strbuf_clear(&folded);
        utf8_fold(&folded, sv_slice(before, 0, before.len - pattern.len), UTF8_FOLD_CASE);
        /* One letter that folds to another one; 'ß' folds to two and is not upper. */
        StrView rest = strbuf_view(&folded);
        found = rest.len > 0 && utf8_next(&rest) != code_point && rest.len == 0;
    }
    strbuf_done(&folded);
    return found;
}

static uint32_t compile_options(StrView pattern, unsigned flags)
{
    bool is_literal = (flags & REGEX_LITERAL) != 0;
    uint32_t options = PCRE2_UTF;
    options |= is_literal ? PCRE2_LITERAL : PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
    if (flags & REGEX_WHOLE) {
        options |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    }
    if ((flags & REGEX_DOT_NEWLINE) && !is_literal) {
        options |= PCRE2_DOTALL | PCRE2_MULTILINE;
    }
    if ((flags & REGEX_CASELESS) ||
        ((flags & REGEX_SMART_CASE) && !has_upper(pattern, is_literal))) {
        options |= PCRE2_CASELESS;
    }
    return options;
}

/* PCRE2's messages read as ours do: lower case, no full stop. */
static void fail_compile(int code, size_t offset, Err *err)
{
    PCRE2_UCHAR text[256];
    if (pcre2_get_error_message(code, text, sizeof text) < 0) {
        (void)err_set_at(err, offset, "it cannot be compiled (error %d)", code);
        return;
    }
    (void)err_set_at(err, offset, "%s", (const char *)text);
}

/* The place in the pattern of a place in its translation: exact before the first and behind the
 * last thing that was translated, between them where the first one begins. */
static size_t place_in(StrView pattern, StrView translated, size_t offset)
{
    size_t same = 0;
    if (!pattern.ptr || !translated.ptr) {
        return 0;
    }
    while (same < pattern.len && same < translated.len &&
           pattern.ptr[same] == translated.ptr[same]) {
        same++;
    }
    size_t tail = 0;
    while (tail < pattern.len - same && tail < translated.len - same &&
           pattern.ptr[pattern.len - 1 - tail] == translated.ptr[translated.len - 1 - tail]) {
        tail++;
    }
    if (offset <= same) {
        return offset;
    }
    return offset < translated.len - tail ? same : pattern.len - (translated.len - offset);
}

static pcre2_code *compile(StrView pattern, unsigned flags, Err *err)
{
    StrBuf translated = {0};
    bool is_icu = (flags & REGEX_DOT_NEWLINE) && !(flags & REGEX_LITERAL);
    pcre2_code *compiled = NULL;
    int code = 0;
    PCRE2_SIZE offset = 0;
    if (is_icu && !icu_translate(pattern, &translated, err)) {
        goto out;
    }
    StrView source = is_icu ? strbuf_view(&translated) : pattern;
    compiled = pcre2_compile((PCRE2_SPTR)(source.ptr ? source.ptr : ""), source.len,
                             compile_options(pattern, flags), &code, &offset, NULL);
    if (!compiled) {
        fail_compile(code, place_in(pattern, source, offset), err);
    }
out:
    strbuf_done(&translated);
    return compiled;
}

Regex *regex_new(StrView pattern, unsigned flags, Err *err)
{
    if (!utf8_is_valid(pattern)) {
        (void)err_set(err, "the pattern is not valid UTF-8");
        return NULL;
    }
    if (!(flags & (REGEX_LITERAL | REGEX_DOT_NEWLINE)) && !check_sets(pattern, err)) {
        return NULL;
    }
    pcre2_code *code = compile(pattern, flags, err);
    if (!code) {
        return NULL;
    }
    Regex *regex = mem_calloc(1, sizeof *regex);
    regex->code = code;
    regex->match = pcre2_match_data_create_from_pattern(code, NULL);
    regex->context = pcre2_match_context_create(NULL);
    if (!regex->match || !regex->context) {
        regex_free(regex);
        (void)err_set(err, "out of memory");
        return NULL;
    }
    (void)pcre2_set_depth_limit(regex->context, DEPTH_LIMIT); /* these always succeed */
    (void)pcre2_set_heap_limit(regex->context, HEAP_LIMIT_KIB);
    size_t size = regex_size(regex);
    regex->has_jit = !(flags & REGEX_NO_JIT) && size <= JIT_MAX_BYTES &&
                     pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0;
    return regex;
}

size_t regex_size(const Regex *regex)
{
    size_t size = 0;
    (void)pcre2_pattern_info(regex->code, PCRE2_INFO_SIZE, &size); /* always known */
    return size;
}

void regex_free(Regex *regex)
{
    if (!regex) {
        return;
    }
    pcre2_jit_stack_free(regex->stack);
    pcre2_match_context_free(regex->context);
    pcre2_match_data_free(regex->match);
    pcre2_code_free(regex->code);
    strbuf_done(&regex->clean);
    mem_free(regex);
}

bool regex_has_jit(const Regex *regex)
{
    return regex->has_jit;
}

/* --- matching --------------------------------------------------------------------------------- */

/* The text itself when it is UTF-8, else a copy of the same length that is. */
static StrView clean_text(Regex *regex, StrView text)
{
    if (utf8_is_valid(text)) {
        return text;
    }
    strbuf_clear(&regex->clean);
    strbuf_reserve(&regex->clean, text.len);
    while (text.len > 0) {
        StrView before = text;
        bool is_broken = utf8_next(&text) >= UTF8_BROKEN;
        if (is_broken) {
            strbuf_add_char(&regex->clean, SUBSTITUTE);
        } else {
            strbuf_add(&regex->clean, sv_slice(before, 0, before.len - text.len));
        }
    }
    return strbuf_view(&regex->clean);
}

/* A search may begin only where a character does. */
static size_t character_start(StrView text, size_t at)
{
    while (at < text.len && ((unsigned char)text.ptr[at] & 0xC0u) == 0x80u) {
        at++;
    }
    return at;
}

static int run_jit(Regex *regex, PCRE2_SPTR subject, size_t len, size_t from)
{
    int result = pcre2_jit_match(regex->code, subject, len, from, 0, regex->match, regex->context);
    if (result != PCRE2_ERROR_JIT_STACKLIMIT || regex->stack) {
        return result;
    }
    regex->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
    if (!regex->stack) {
        return result;
    }
    pcre2_jit_stack_assign(regex->context, NULL, regex->stack);
    return pcre2_jit_match(regex->code, subject, len, from, 0, regex->match, regex->context);
}

static int run(Regex *regex, StrView text, size_t from)
{
    PCRE2_SPTR subject = (PCRE2_SPTR)(text.ptr ? text.ptr : "");
    size_t limit = MATCH_LIMIT + text.len * MATCH_LIMIT_PER_BYTE;
    (void)pcre2_set_match_limit(regex->context, limit < UINT32_MAX ? (uint32_t)limit : UINT32_MAX);
    if (regex->has_jit) {
        int result = run_jit(regex, subject, text.len, from);
        if (result != PCRE2_ERROR_JIT_STACKLIMIT) {
            return result;
        }
    }
    return pcre2_match(regex->code, subject, text.len, from, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT,
                       regex->match, regex->context);
}

RegexResult regex_search(Regex *regex, StrView text, size_t from, size_t *ret_start,
                         size_t *ret_end)
{
    regex->subject = text;
    regex->checked = clean_text(regex, text);
    return regex_search_on(regex, from, ret_start, ret_end);
}

RegexResult regex_search_on(Regex *regex, size_t from, size_t *ret_start, size_t *ret_end)
{
    regex->groups = 0;
    if (from > regex->subject.len) {
        return REGEX_NO;
    }
    int result = run(regex, regex->checked, character_start(regex->checked, from));
    if (result == PCRE2_ERROR_NOMATCH) {
        return REGEX_NO;
    }
    if (result < 0) {
        return REGEX_STOPPED;
    }
    const PCRE2_SIZE *spans = pcre2_get_ovector_pointer(regex->match);
    regex->groups = result;
    /* \K in a lookahead can put the start behind the end. */
    *ret_start = spans[0] < spans[1] ? spans[0] : spans[1];
    *ret_end = spans[1];
    return REGEX_YES;
}

StrView regex_group(const Regex *regex, const char *name)
{
    int number = pcre2_substring_number_from_name(regex->code, (PCRE2_SPTR)name);
    const PCRE2_SIZE *spans = pcre2_get_ovector_pointer(regex->match);
    if (number <= 0 || number >= regex->groups || spans[2 * number] == PCRE2_UNSET) {
        return SV_NONE;
    }
    size_t start = spans[2 * number];
    return sv_slice(regex->subject, start, spans[2 * number + 1] - start);
}
