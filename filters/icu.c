/*
 * ICU to PCRE2: walks over a pattern, rewrites escapes and sets, and refuses what ICU does not
 * have. Set syntax: ICU's user guide, "Regular Expressions"; && and -- bind looser than unions.
 */
#include "filters/icu.h"

#include <string.h>

#define PROPERTY_MAX_BYTES 64 /* \p{…} */

typedef struct Foreign {
    const char *text;
    const char *reason;
} Foreign;

/* Outside of sets; longer ones before their beginnings. */
static const Foreign FOREIGN[] = {
    {"\\K", "\\K is not known to log"},
    {"\\C", "\\C is not known to log"},
    {"\\g", "\\g is not known to log"},
    {"\\o{", "\\o{…} is not known to log"},
    {"(?R)", "recursion is not known to log"},
    {"(?&", "recursion is not known to log"},
    {"(?(", "conditions are not known to log"},
    {"(?P", "named groups are written (?<name>…) for log"},
    {"(?'", "named groups are written (?<name>…) for log"},
    {"(?|", "(?|…) is not known to log"},
    {"(*", "verbs are not known to log"},
};

/* Long names of general categories, which PCRE2 has the short ones of. */
static const struct {
    const char *name;
    const char *property;
} CATEGORIES[] = {
    {"letter", "L"},
    {"uppercase_letter", "Lu"},
    {"lowercase_letter", "Ll"},
    {"titlecase_letter", "Lt"},
    {"modifier_letter", "Lm"},
    {"other_letter", "Lo"},
    {"mark", "M"},
    {"nonspacing_mark", "Mn"},
    {"number", "N"},
    {"decimal_number", "Nd"},
    {"punctuation", "P"},
    {"symbol", "S"},
    {"math_symbol", "Sm"},
    {"currency_symbol", "Sc"},
    {"separator", "Z"},
    {"space_separator", "Zs"},
    {"other", "C"},
    {"control", "Cc"},
    {"format", "Cf"},
};

typedef struct Icu {
    StrView pattern;
    size_t at;
    Err *err;
    int depth;      /* of sets */
    int operations; /* on sets, so far */
} Icu;

/* A set, or a part of one, as text for PCRE2 that matches exactly one code point. */
typedef struct Set {
    StrBuf members; /* what stands between brackets: [members] */
    StrBuf others;  /* whole sets that are no members, with '|' between */
    bool can_range; /* a '-' now would make a range */
} Set;

static bool read_set(Icu *icu, StrBuf *out);

static StrView rest_of(const Icu *icu)
{
    return sv_slice(icu->pattern, icu->at, icu->pattern.len);
}

static bool starts(const Icu *icu, const char *text)
{
    return sv_starts(rest_of(icu), sv(text));
}

static bool fail(const Icu *icu, size_t offset, const char *reason)
{
    return err_set_at(icu->err, offset, "%s", reason);
}

/* --- escapes -------------------------------------------------------------------------------- */

static bool is_hex(StrView text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!text.ptr[i] || !strchr("0123456789abcdefABCDEF", text.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* \p{Letter} as \p{L}; false leaves everything as it is. */
static bool take_category(Icu *icu, StrBuf *buf)
{
    static const char *const PREFIXES[] = {"", "gc=", "general_category="};
    StrView rest = sv_slice(rest_of(icu), 0, PROPERTY_MAX_BYTES);
    size_t end = sv_find_char(rest, '}');
    bool is_property = (sv_starts(rest, SV("\\p{")) || sv_starts(rest, SV("\\P{")));
    if (!is_property || end == SIZE_MAX) {
        return false;
    }
    StrView name = sv_slice(rest, 3, end - 3);
    for (size_t i = 0; i < ARRAY_LEN(CATEGORIES) * ARRAY_LEN(PREFIXES); i++) {
        StrView prefix = sv(PREFIXES[i % ARRAY_LEN(PREFIXES)]);
        const char *property = CATEGORIES[i / ARRAY_LEN(PREFIXES)].property;
        StrView long_name = sv(CATEGORIES[i / ARRAY_LEN(PREFIXES)].name);
        StrView own = sv_slice(name, prefix.len, name.len);
        if (sv_equal_nocase(sv_slice(name, 0, prefix.len), prefix) &&
            (sv_equal_nocase(own, long_name) ||
             (prefix.len > 0 && sv_equal_nocase(own, sv(property))))) {
            strbuf_printf(buf, "%.2s{%s}", rest.ptr, property);
            icu->at += end + 1;
            return true;
        }
    }
    return false;
}

/* One escape, or \Q…\E: \uhhhh and \Uhhhhhhhh become \x{…}, the rest stays. */
static void take_escape(Icu *icu, StrBuf *buf)
{
    StrView rest = rest_of(icu);
    size_t count = sv_starts(rest, SV("\\u")) ? 4 : sv_starts(rest, SV("\\U")) ? 8 : 0;
    StrView digits = sv_slice(rest, 2, count);
    if (count > 0 && digits.len == count && is_hex(digits)) {
        strbuf_printf(buf, "\\x{%.*s}", SV_ARG(digits));
        icu->at += 2 + count;
        return;
    }
    if (take_category(icu, buf)) {
        return;
    }
    size_t len = rest.len > 1 ? 2 : 1;
    if (sv_starts(rest, SV("\\Q"))) {
        size_t end = sv_find(rest, SV("\\E"));
        len = end == SIZE_MAX ? rest.len : end + 2;
    }
    strbuf_add(buf, sv_slice(rest, 0, len));
    icu->at += len;
}

/* --- sets ----------------------------------------------------------------------------------- */

static void set_done(Set *set)
{
    strbuf_done(&set->members);
    strbuf_done(&set->others);
}

static void add_other(Set *set, StrView text)
{
    strbuf_add_str(&set->others, set->others.len > 0 ? "|" : "");
    strbuf_add(&set->others, text);
}

/* Appends the set as one thing. Alternatives are atomic: a code point is matched in one way. */
static void print_set(const Set *set, StrBuf *buf)
{
    bool has_both = set->members.len > 0 && set->others.len > 0;
    bool is_group = has_both || sv_find_char(strbuf_view(&set->others), '|') != SIZE_MAX;
    strbuf_add_str(buf, is_group ? "(?>" : "");
    if (set->members.len > 0) {
        strbuf_add_char(buf, '[');
        strbuf_add(buf, strbuf_view(&set->members));
        strbuf_add_char(buf, ']');
    }
    strbuf_add_str(buf, has_both ? "|" : "");
    strbuf_add(buf, strbuf_view(&set->others));
    strbuf_add_str(buf, is_group ? ")" : "");
}

/* A set that is one plain [members], so that its members can stand in another. */
static bool is_plain(StrView text, StrView *ret_members)
{
    if (text.len < 3 || text.ptr[0] != '[' || text.ptr[1] == '^') {
        return false;
    }
    *ret_members = sv_slice(text, 1, text.len - 2);
    return true;
}

static bool take_nested(Icu *icu, Set *set)
{
    StrBuf inner = {0};
    StrView members;
    set->can_range = false;
    bool is_good = read_set(icu, &inner);
    if (is_good && is_plain(strbuf_view(&inner), &members)) {
        strbuf_add(&set->members, members);
    } else if (is_good) {
        add_other(set, strbuf_view(&inner));
    }
    strbuf_done(&inner);
    return is_good;
}

/* One byte that stands for itself; PCRE2 must not take it for more than that, nor a '-' for a range
 * with what another set brought. */
static void take_member(Icu *icu, Set *set)
{
    char c = icu->pattern.ptr[icu->at++];
    bool is_range = c == '-' && set->can_range && !starts(icu, "]");
    if (c == ']' || c == '[' || c == '^' || (c == '-' && !is_range)) {
        strbuf_add_char(&set->members, '\\');
    }
    strbuf_add_char(&set->members, c);
    set->can_range = true;
}

static bool is_operator(const Icu *icu)
{
    return starts(icu, "&&") || starts(icu, "--");
}

/* A '-' or '&' before a set, in the manner of UnicodeSet. */
static bool is_tight_operator(const Icu *icu)
{
    return starts(icu, "-[") || starts(icu, "&[");
}

/* `left` becomes left && right, or left -- right; fails when there were too many. */
static bool combine(Icu *icu, StrBuf *left, const StrBuf *right, bool is_difference)
{
    StrBuf result = {0};
    if (++icu->operations > ICU_MAX_OPERATIONS) {
        return fail(icu, icu->at, "too many set operations");
    }
    strbuf_printf(&result, "(?:(?%s%.*s)%.*s)", is_difference ? "!" : "=",
                  SV_ARG(strbuf_view(right)), SV_ARG(strbuf_view(left)));
    strbuf_done(left);
    *left = result;
    return true;
}

/* [a-z]-[b] inside of a union: what was read of it so far, without the set that follows. */
static bool take_tight(Icu *icu, Set *set)
{
    StrBuf left = {0};
    StrBuf right = {0};
    bool is_difference = starts(icu, "-");
    icu->at++;
    print_set(set, &left);
    bool is_good = read_set(icu, &right) && combine(icu, &left, &right, is_difference);
    if (is_good) {
        set_done(set);
        *set = (Set){0};
        add_other(set, strbuf_view(&left));
    }
    strbuf_done(&left);
    strbuf_done(&right);
    return is_good;
}

/* Members and sets up to an operator or the end: their union. */
static bool take_union(Icu *icu, size_t open, bool is_first, StrBuf *out)
{
    Set set = {0};
    bool is_good = true;
    bool is_start = true;
    while (is_good && icu->at < icu->pattern.len) {
        bool is_empty = set.members.len == 0 && set.others.len == 0;
        if (starts(icu, "]") && !(is_first && is_start)) {
            break;
        } else if (is_operator(icu)) {
            is_good = !is_empty || fail(icu, icu->at, "expected a set before the set operation");
            break;
        } else if (starts(icu, "[:") && sv_find(rest_of(icu), SV(":]")) != SIZE_MAX) {
            size_t len = sv_find(rest_of(icu), SV(":]")) + 2;
            strbuf_add(&set.members, sv_slice(icu->pattern, icu->at, len));
            icu->at += len;
            set.can_range = false;
        } else if (is_tight_operator(icu) && !is_empty) {
            is_good = take_tight(icu, &set);
        } else if (starts(icu, "[")) {
            is_good = take_nested(icu, &set);
        } else if (starts(icu, "\\")) {
            take_escape(icu, &set.members);
            set.can_range = true;
        } else {
            take_member(icu, &set);
        }
        is_start = false;
    }
    if (is_good && set.members.len == 0 && set.others.len == 0) {
        is_good = fail(icu, icu->at < icu->pattern.len ? icu->at : open,
                       "expected a set after the set operation");
    }
    if (is_good) {
        print_set(&set, out);
    }
    set_done(&set);
    return is_good;
}

/* Puts the '^' where PCRE2 wants it. */
static void print_negated(StrView text, StrBuf *out)
{
    StrView members;
    if (is_plain(text, &members)) {
        strbuf_add_str(out, "[^");
        strbuf_add(out, sv_slice(text, 1, text.len));
    } else {
        strbuf_printf(out, "(?:(?!%.*s)[\\s\\S])", SV_ARG(text));
    }
}

/* A set from its '[' to its ']'. */
static bool read_set(Icu *icu, StrBuf *out)
{
    size_t open = icu->at++;
    if (icu->depth == ICU_MAX_SETS) {
        return fail(icu, open, "sets within sets go too deep");
    }
    icu->depth++;
    bool is_negated = starts(icu, "^");
    icu->at += is_negated;
    StrBuf whole = {0};
    bool is_good = take_union(icu, open, true, &whole);
    while (is_good && icu->at < icu->pattern.len && !starts(icu, "]")) {
        StrBuf right = {0};
        bool is_difference = starts(icu, "--");
        icu->at += 2;
        is_good =
            take_union(icu, open, false, &right) && combine(icu, &whole, &right, is_difference);
        strbuf_done(&right);
    }
    if (is_good && icu->at == icu->pattern.len) {
        is_good = fail(icu, icu->at, "missing terminating ] for the set");
    }
    if (is_good && is_negated) {
        print_negated(strbuf_view(&whole), out);
    } else if (is_good) {
        strbuf_add(out, strbuf_view(&whole));
    }
    icu->at++;
    icu->depth--;
    strbuf_done(&whole);
    return is_good;
}

/* --- the pattern ---------------------------------------------------------------------------- */

static const char *foreign_at(StrView rest)
{
    for (size_t i = 0; i < ARRAY_LEN(FOREIGN); i++) {
        if (sv_starts(rest, sv(FOREIGN[i].text))) {
            return FOREIGN[i].reason;
        }
    }
    bool is_number = rest.len > 2 && sv_starts(rest, SV("(?")) &&
                     ((rest.ptr[2] >= '0' && rest.ptr[2] <= '9') || rest.ptr[2] == '+');
    return is_number ? "recursion is not known to log" : NULL;
}

bool icu_translate(StrView pattern, StrBuf *buf, Err *err)
{
    Icu icu = {.pattern = pattern, .err = err};
    while (icu.at < pattern.len) {
        const char *reason = foreign_at(rest_of(&icu));
        if (reason) {
            return fail(&icu, icu.at, reason);
        }
        if (starts(&icu, "\\")) {
            take_escape(&icu, buf);
        } else if (starts(&icu, "[")) {
            if (!read_set(&icu, buf)) {
                return false;
            }
        } else {
            strbuf_add_char(buf, pattern.ptr[icu.at++]);
        }
    }
    return true;
}
