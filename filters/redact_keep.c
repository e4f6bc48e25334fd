/*
 * RedactKeep: five lists that are searched from end to end; whoever asks has found something to
 * mask, which is seldom.
 */
#include "filters/redact_keep.h"

#include "base/ascii.h"
#include "filters/redact_rules.h"

#define FORMAT_MAX 8        /* bytes after the '%', but what is in braces */
#define FORMAT_WORDS_MAX 48 /* bytes in the braces */

static void read_list(RedactKeepList *list, const Node *node, Arena *arena)
{
    if (node == NULL || node->kind != NODE_LIST) {
        return;
    }
    list->items = arena_alloc(arena, (node->count + 1) * sizeof *list->items);
    for (const Node *item = node->first; item != NULL; item = item->next) {
        if (item->kind == NODE_TEXT && list->count < REDACT_KEEP_LIST_MAX) {
            list->items[list->count++] = item->text;
        }
    }
}

void redact_keep_read(RedactKeep *keep, const Node *node, Arena *arena)
{
    read_list(&keep->hosts, node_find(node, "hosts"), arena);
    read_list(&keep->values, node_find(node, "values"), arena);
    read_list(&keep->users, node_find(node, "users"), arena);
    read_list(&keep->common, node_find(node, "common"), arena);
}

bool redact_keep_add(RedactKeep *keep, StrView value, Arena *arena)
{
    if (keep->own.items == NULL) {
        keep->own.items = arena_alloc(arena, REDACT_KEEP_MAX * sizeof *keep->own.items);
    }
    if (keep->own.count == REDACT_KEEP_MAX) {
        return false;
    }
    keep->own.items[keep->own.count++] = arena_dup(arena, sv_trim(value));
    return true;
}

static bool has(const RedactKeepList *list, StrView value)
{
    for (size_t i = 0; i < list->count; i++) {
        if (sv_equal_nocase(list->items[i], value)) {
            return true;
        }
    }
    return false;
}

/* Whether `value` is the host or ends in it after a dot. */
static bool is_below(StrView value, StrView host)
{
    if (value.len < host.len ||
        !sv_equal_nocase(sv_slice(value, value.len - host.len, SIZE_MAX), host)) {
        return false;
    }
    return value.len == host.len || value.ptr[value.len - host.len - 1] == '.';
}

/* A host has no blanks and no more than letters, digits, '-', '_' and dots. */
static bool is_host(StrView value)
{
    for (size_t i = 0; i < value.len; i++) {
        char byte = value.ptr[i];
        bool is_word = ascii_is_alnum(byte) || byte == '-' || byte == '_';
        if (!is_word && byte != '.') {
            return false;
        }
    }
    return value.len > 0;
}

static bool has_host(const RedactKeepList *list, StrView value)
{
    for (size_t i = 0; i < list->count; i++) {
        if (is_below(value, list->items[i])) {
            return true;
        }
    }
    return false;
}

/* What no text of a mark or a format has more of: letters, digits and these. */
static bool is_plain(StrView text, StrView others)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (!ascii_is_alnum(byte) && sv_find_char(others, byte) == SIZE_MAX) {
            return false;
        }
    }
    return true;
}

/* "serial-1", "host": what was redacted before must not be numbered anew. */
static bool is_placeholder(StrView inside)
{
    size_t digits = 0;
    while (digits < inside.len && ascii_is_digit(inside.ptr[inside.len - digits - 1])) {
        digits++;
    }
    if (digits == 0 || inside.len < digits + 2 || inside.ptr[inside.len - digits - 1] != '-') {
        return false;
    }
    for (size_t i = 0; i < inside.len - digits; i++) {
        char byte = inside.ptr[i];
        if (!ascii_is_digit(byte) && byte != '-' && !ascii_is_lower(byte)) {
            return false;
        }
    }
    return true;
}

/* Whether what stands between '<' and '>' is a mark of the log's or of ours. */
static bool is_inside_mark(StrView inside)
{
    static const char *const MARKS[] = {"private", "redacted", "sensitive", "mask"};
    static const char HASH[] = "mask.hash:";
    for (size_t i = 0; i < ARRAY_LEN(MARKS); i++) {
        if (sv_equal(inside, sv(MARKS[i]))) {
            return true;
        }
    }
    if (sv_starts(inside, SV(HASH))) {
        return is_plain(sv_slice(inside, sizeof HASH - 1, SIZE_MAX), SV(" '()+/=-_"));
    }
    return is_placeholder(inside);
}

/* Whether `value` is nothing but marks, such as "<private>" and "<mask.hash: '…'>": the first '>'
 * after each '<' ends it, and no letter or digit stands outside. A last one may be cut off, as by
 * the quotation marks within it. */
static bool is_marks(StrView value)
{
    size_t marks = 0;
    for (size_t at = 0; at < value.len; at++) {
        char byte = value.ptr[at];
        StrView rest = sv_slice(value, at + 1, SIZE_MAX);
        if (byte == '<' && !sv_starts(rest, SV("<"))) {
            size_t close = sv_find_char(rest, '>');
            if (!is_inside_mark(sv_slice(rest, 0, close))) {
                return false;
            }
            marks++;
            at += close != SIZE_MAX ? close + 1 : rest.len;
        } else if (is_plain(sv_slice(value, at, 1), SV("")) || (unsigned char)byte >= 0x80) {
            return false;
        }
    }
    return marks > 0;
}

/* "%{public}@", "%ld": a place in a format string; a value that ends at '}' has only "%{public". */
static bool is_format(StrView value)
{
    static const char *const WORDS[] = {"public", "private", "sensitive"};
    StrView rest = sv_slice(value, 1, SIZE_MAX);
    if (!sv_starts(value, SV("%"))) {
        return false;
    }
    if (sv_starts(rest, SV("{"))) {
        size_t close = sv_find_char(rest, '}');
        StrView inside = sv_slice(rest, 1, close == SIZE_MAX ? SIZE_MAX : close - 1);
        StrView word = sv_slice(inside, 0, sv_find_char(inside, ','));
        bool is_word = false;
        for (size_t i = 0; i < ARRAY_LEN(WORDS); i++) {
            is_word |= sv_equal(word, sv(WORDS[i]));
        }
        if (!is_word || !is_plain(inside, SV(" ,.:_")) || inside.len > FORMAT_WORDS_MAX) {
            return false;
        }
        rest = sv_slice(rest, close == SIZE_MAX ? rest.len : close + 1, SIZE_MAX);
        if (rest.len == 0) {
            return true;
        }
    }
    for (size_t i = 0; i + 1 < rest.len; i++) {
        if (sv_find_char(SV("-+#.*0123456789lhzqtj"), rest.ptr[i]) == SIZE_MAX) {
            return false;
        }
    }
    return rest.len > 0 && rest.len <= FORMAT_MAX &&
           sv_find_char(SV("@sSdiuxXopPcCfgGeEaAm"), rest.ptr[rest.len - 1]) != SIZE_MAX;
}

bool redact_keep_has_own(const RedactKeep *keep, StrView value)
{
    value = sv_trim(value);
    bool is_own = has(&keep->own, value);
    for (size_t i = 0; i < keep->own.count && !is_own; i++) {
        StrView own = keep->own.items[i];
        is_own = sv_starts(own, SV("*.")) && is_host(value) &&
                 is_below(value, sv_slice(own, 2, SIZE_MAX));
    }
    return is_own;
}

bool redact_keep_has(const RedactKeep *keep, StrView value)
{
    value = sv_trim(value);
    return value.len == 0 || is_marks(value) || is_format(value) || has(&keep->values, value) ||
           has(&keep->users, value) || redact_keep_has_own(keep, value) ||
           (is_host(value) && has_host(&keep->hosts, value));
}

bool redact_keep_is_common(const RedactKeep *keep, StrView value)
{
    return has(&keep->common, value);
}
