/*
 * Presets: reads the named predicates, checks every one by compiling it, and searches them.
 * It applies none. It must never include anything of session/ or tui/.
 */
#include "filters/presets.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "filters/filter.h"

/* clang-format off */
static const struct PresetMember {
    const char *name;
    size_t offset; /* of the StrView in Preset */
} MEMBERS[] = {
    { "name",       offsetof(Preset, name) },
    { "predicate",  offsetof(Preset, predicate) },
    { "about",      offsetof(Preset, about) },
    { "level",      offsetof(Preset, level) },
    { "confidence", offsetof(Preset, confidence) },
    { "source",     offsetof(Preset, source) },
};
/* clang-format on */

static StrView *member_of(Preset *preset, size_t i)
{
    return (StrView *)(void *)((char *)preset + MEMBERS[i].offset);
}

static bool read_member(const Node *node, Preset *preset, Err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(MEMBERS); i++) {
        if (sv_equal(node->key, sv(MEMBERS[i].name))) {
            *member_of(preset, i) = node->text;
            return node->kind == NODE_TEXT || err_set(err, "'%s' must be a text", MEMBERS[i].name);
        }
    }
    (void)err_set(err, "unknown member '%.*s'", SV_ARG(node->key));
    if (err != NULL) {
        err->line = node->line;
        err->column = node->column;
    }
    return false;
}

static bool check(const Preset *preset, Err *err)
{
    if (sv_trim(preset->name).len == 0) {
        return err_set(err, "a preset needs a 'name'");
    }
    if (sv_trim(preset->predicate).len == 0) {
        return err_set(err, "preset '%.*s': 'predicate' is missing", SV_ARG(preset->name));
    }
    Filter *filter = filter_compile(preset->predicate, err);
    if (filter == NULL) {
        return err_prefix(err, "predicate of preset '%.*s'", SV_ARG(preset->name));
    }
    filter_free(filter);
    return true;
}

/* Makes a preset of a map; its texts are the map's. */
static bool read_preset(const Node *node, bool is_own, Preset *ret_preset, Err *err)
{
    Preset preset = {.is_own = is_own};
    if (node->kind != NODE_MAP) {
        return err_set(err, "a preset must be a map of 'name', 'predicate' and 'about'");
    }
    for (const Node *member = node->first; member != NULL; member = member->next) {
        if (!read_member(member, &preset, err)) {
            return preset.name.len == 0 ? err_prefix(err, "a preset")
                                        : err_prefix(err, "preset '%.*s'", SV_ARG(preset.name));
        }
    }
    if (!check(&preset, err)) {
        return false;
    }
    *ret_preset = preset;
    return true;
}

/* Puts a preset that was checked in its place; the texts stay the caller's. */
static bool take(Presets *presets, const Preset *preset, Err *err)
{
    size_t at = presets_find(presets, preset->name);
    if (at == SIZE_MAX) {
        if (presets->count == PRESETS_MAX) {
            return err_set(err, "more than %d presets", PRESETS_MAX);
        }
        if (presets->count == presets->capacity) {
            mem_grow((void **)&presets->items, &presets->capacity, presets->count,
                     sizeof *presets->items);
        }
        at = presets->count++;
    }
    presets->items[at] = *preset;
    return true;
}

bool presets_put(Presets *presets, const Preset *preset, Err *err)
{
    if (!check(preset, err)) {
        return false;
    }
    Preset copy = *preset;
    for (size_t i = 0; i < ARRAY_LEN(MEMBERS); i++) {
        StrView *text = member_of(&copy, i);
        *text = text->ptr != NULL ? arena_dup(&presets->arena, *text) : SV_NONE;
    }
    return take(presets, &copy, err);
}

bool presets_read_one(Presets *presets, const Node *node, bool is_own, Err *err)
{
    Preset preset;
    return read_preset(node, is_own, &preset, err) && presets_put(presets, &preset, err);
}

/* Reads the list into `ret_items`, which has room for it, and counts what would be new. */
static bool read_list(const Presets *presets, const Node *list, bool is_own, Preset *ret_items,
                      Err *err)
{
    size_t count = 0, added = 0;
    for (const Node *node = list->first; node != NULL; node = node->next) {
        if (!read_preset(node, is_own, &ret_items[count], err)) {
            return false;
        }
        StrView name = ret_items[count++].name;
        for (size_t i = 0; i + 1 < count; i++) {
            if (sv_equal_nocase(ret_items[i].name, name)) {
                return err_set(err, "preset '%.*s' is defined twice", SV_ARG(name));
            }
        }
        added += presets_find(presets, name) == SIZE_MAX ? 1 : 0;
    }
    return presets->count + added <= PRESETS_MAX ||
           err_set(err, "more than %d presets together", PRESETS_MAX);
}

bool presets_read(Presets *presets, StrView text, const char *name, bool is_own, Err *err)
{
    const Node *root = node_read(&presets->arena, text, name, err);
    if (root == NULL) {
        return false;
    }
    const Node *list = node_find(root, "presets");
    if (list == NULL || list->kind != NODE_LIST || list->count > PRESETS_MAX) {
        return err_set(err, "%s: 'presets' must be a list of at most %d presets", name,
                       PRESETS_MAX);
    }
    Preset *items = mem_calloc(list->count + 1, sizeof *items);
    bool is_good = read_list(presets, list, is_own, items, err) || err_prefix(err, "%s", name);
    for (size_t i = 0; i < list->count && is_good; i++) {
        is_good = take(presets, &items[i], err);
    }
    mem_free(items);
    return is_good;
}

void presets_done(Presets *presets)
{
    mem_free(presets->items);
    arena_done(&presets->arena);
    *presets = (Presets){0};
}

void presets_remove(Presets *presets, size_t index)
{
    presets->count--;
    for (size_t i = index; i < presets->count; i++) {
        presets->items[i] = presets->items[i + 1];
    }
}

size_t presets_find(const Presets *presets, StrView name)
{
    for (size_t i = 0; i < presets->count; i++) {
        if (sv_equal_nocase(presets->items[i].name, name)) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* --- search ----------------------------------------------------------------------------------- */

typedef enum MatchRank { RANK_BEGINS_NAME, RANK_IN_NAME, RANK_REST, RANK_COUNT } MatchRank;

static bool next_word(StrView *rest, StrView *ret_word)
{
    *rest = sv_trim(*rest);
    size_t len = 0;
    while (len < rest->len && rest->ptr[len] != ' ' && rest->ptr[len] != '\t') {
        len++;
    }
    *ret_word = sv_slice(*rest, 0, len);
    *rest = sv_slice(*rest, len, SIZE_MAX);
    return len > 0;
}

static bool has_all_words(StrView text, StrView words)
{
    StrView word;
    while (next_word(&words, &word)) {
        if (sv_find(text, word) == SIZE_MAX) {
            return false;
        }
    }
    return true;
}

/* How well a preset fits what was typed, which is folded; RANK_COUNT = not at all. */
static MatchRank rank(const Preset *preset, StrView typed, StrBuf *folded)
{
    strbuf_clear(folded);
    utf8_fold(folded, preset->name, UTF8_FOLD_CASE);
    size_t name_len = folded->len;
    strbuf_add_char(folded, '\n'); /* no word goes from one text into the next */
    utf8_fold(folded, preset->about, UTF8_FOLD_CASE);
    strbuf_add_char(folded, '\n');
    utf8_fold(folded, preset->predicate, UTF8_FOLD_CASE);
    StrView all = strbuf_view(folded);
    StrView name = sv_slice(all, 0, name_len);
    if (sv_starts(name, typed)) {
        return RANK_BEGINS_NAME;
    }
    if (has_all_words(name, typed)) {
        return RANK_IN_NAME;
    }
    return has_all_words(all, typed) ? RANK_REST : RANK_COUNT;
}

size_t presets_match(const Presets *presets, StrView typed, size_t *ret_indices, size_t max)
{
    StrBuf wanted = {0}, folded = {0};
    uint8_t ranks[PRESETS_MAX];
    size_t found = 0;
    utf8_fold(&wanted, sv_trim(typed), UTF8_FOLD_CASE);
    for (size_t i = 0; i < presets->count; i++) {
        ranks[i] = (uint8_t)rank(&presets->items[i], strbuf_view(&wanted), &folded);
    }
    for (int wave = RANK_BEGINS_NAME; wave < RANK_COUNT; wave++) {
        for (size_t i = 0; i < presets->count && found < max; i++) {
            if (ranks[i] == wave) {
                ret_indices[found++] = i;
            }
        }
    }
    strbuf_done(&wanted);
    strbuf_done(&folded);
    return found;
}
