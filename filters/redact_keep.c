/*
 * RedactKeep: five lists that are searched from end to end; whoever asks has found something to
 * mask, which is seldom.
 */
#include "filters/redact_keep.h"

#include "filters/redact_rules.h"

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
        bool is_word = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
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

/* "<serial-1>": what was redacted before must not be numbered anew. */
static bool is_placeholder(StrView value)
{
    size_t at = 1;
    size_t digits = 0;
    for (; at + 1 < value.len; at++) {
        char byte = value.ptr[at];
        bool is_digit = byte >= '0' && byte <= '9';
        if (!is_digit && byte != '-' && (byte < 'a' || byte > 'z')) {
            return false;
        }
        digits = is_digit ? digits + 1 : 0;
    }
    return digits > 0 && value.len > digits + 3 && value.ptr[0] == '<' &&
           value.ptr[value.len - 1] == '>' && value.ptr[value.len - digits - 2] == '-';
}

/* "%{public}@", "%ld": a place in a format string; a value that ends at '}' has only "%{public". */
static bool is_format(StrView value)
{
    if (!sv_starts(value, SV("%"))) {
        return false;
    }
    StrView rest = sv_slice(value, 1, SIZE_MAX);
    if (sv_equal(rest, SV("{public")) || sv_equal(rest, SV("{private")) ||
        sv_starts(rest, SV("{public,")) || sv_starts(rest, SV("{private,"))) {
        return true;
    }
    size_t close = sv_starts(rest, SV("{")) ? sv_find_char(rest, '}') : SIZE_MAX;
    rest = sv_slice(rest, close != SIZE_MAX ? close + 1 : 0, SIZE_MAX);
    for (size_t i = 0; i + 1 < rest.len; i++) {
        if (sv_find_char(SV("-+#.*0123456789lhzqtj"), rest.ptr[i]) == SIZE_MAX) {
            return false;
        }
    }
    return rest.len > 0 && sv_find_char(SV("@sSdiuxXopcfge"), rest.ptr[rest.len - 1]) != SIZE_MAX;
}

/* "<private>" and "<mask.hash: '…'>" are marks of the log itself. */
static bool is_mark(StrView value)
{
    return sv_starts(value, SV("<private")) || sv_starts(value, SV("<mask")) ||
           sv_starts(value, SV("<redacted")) || sv_starts(value, SV("<sensitive")) ||
           is_placeholder(value) || is_format(value);
}

bool redact_keep_has(const RedactKeep *keep, StrView value)
{
    value = sv_trim(value);
    if (value.len == 0 || is_mark(value) || has(&keep->values, value) || has(&keep->own, value) ||
        has(&keep->users, value)) {
        return true;
    }
    if (!is_host(value)) {
        return false;
    }
    if (has_host(&keep->hosts, value)) {
        return true;
    }
    for (size_t i = 0; i < keep->own.count; i++) {
        StrView own = keep->own.items[i];
        if (sv_starts(own, SV("*.")) && is_below(value, sv_slice(own, 2, SIZE_MAX))) {
            return true;
        }
    }
    return false;
}

bool redact_keep_is_common(const RedactKeep *keep, StrView value)
{
    return has(&keep->common, value);
}
