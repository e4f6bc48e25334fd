/*
 * PaneDef: reads the definitions of the filter panes and checks every predicate by compiling it.
 * It holds no view and no entry. It must never include anything of session/ or tui/.
 */
#include "filters/panes.h"

#include "base/embed.h"
#include "base/mem.h"
#include "filters/filter.h"

static const char *const MEMBERS[] = {"id", "title", "key", "help", "role", "predicate"};

/* Fails on a member that is none of ours, for a misspelt one would silently do nothing. */
static bool check_members(const Node *node, Err *err)
{
    for (const Node *member = node->first; member != NULL; member = member->next) {
        bool known = false;
        for (size_t i = 0; i < ARRAY_LEN(MEMBERS); i++) {
            known = known || sv_equal(member->key, sv(MEMBERS[i]));
        }
        if (!known) {
            (void)err_set(err, "unknown member '%.*s'", SV_ARG(member->key));
            if (err != NULL) {
                err->line = member->line;
                err->column = member->column;
            }
            return false;
        }
    }
    return true;
}

/* A predicate is a text, or a list of texts that are joined by newlines. */
static bool read_predicate(Arena *arena, const Node *node, StrView *ret_text, Err *err)
{
    if (node != NULL && node->kind == NODE_TEXT) {
        *ret_text = node->text;
        return true;
    }
    if (node == NULL || node->kind != NODE_LIST) {
        return err_set(err, "'predicate' must be a text or a list of texts");
    }
    StrBuf joined = {0};
    bool is_ok = true;
    for (const Node *line = node->first; line != NULL && is_ok; line = line->next) {
        is_ok = line->kind == NODE_TEXT;
        strbuf_add_str(&joined, line == node->first ? "" : "\n");
        strbuf_add(&joined, line->text);
    }
    if (is_ok) {
        *ret_text = arena_dup(arena, strbuf_view(&joined));
    } else {
        err_set(err, "'predicate' must be a text or a list of texts");
    }
    strbuf_done(&joined);
    return is_ok;
}

static bool read_key(const Node *node, char *ret_key, Err *err)
{
    StrView text = node_text(node, "key");
    if (node_find(node, "key") == NULL) {
        *ret_key = 0;
        return true;
    }
    if (text.len != 1 || text.ptr[0] < '1' || text.ptr[0] > '9') {
        return err_set(err, "'key' must be one of \"1\" to \"9\"");
    }
    *ret_key = text.ptr[0];
    return true;
}

const char *pane_role_name(PaneRole role)
{
    static const char *const NAMES[PANE_ROLE_COUNT] = {
        [PANE_LIST] = "list",
        [PANE_TIMELINE] = "timeline",
        [PANE_COMMANDS] = "commands",
    };
    return NAMES[role];
}

static bool read_role(const Node *node, PaneRole *ret_role, Err *err)
{
    StrView text = node_text(node, "role");
    *ret_role = PANE_LIST;
    if (node_find(node, "role") == NULL) {
        return true;
    }
    for (int role = 0; role < PANE_ROLE_COUNT; role++) {
        if (sv_equal(text, sv(pane_role_name((PaneRole)role)))) {
            *ret_role = (PaneRole)role;
            return true;
        }
    }
    return err_set(err, "'role' must be \"list\", \"timeline\" or \"commands\"");
}

/* What shows no entries needs none. */
static bool read_what(Arena *arena, const Node *node, PaneDef *pane, Err *err)
{
    const Node *predicate = node_find(node, "predicate");
    if (!read_role(node, &pane->role, err)) {
        return false;
    }
    if (pane->role == PANE_LIST) {
        return read_predicate(arena, predicate, &pane->predicate, err);
    }
    pane->predicate = SV("FALSEPREDICATE");
    return predicate == NULL ||
           err_set(err, "a pane of role '%s' has no predicate", pane_role_name(pane->role));
}

static bool read_pane(Arena *arena, const Node *node, PaneDef *ret_pane, Err *err)
{
    PaneDef pane = {.id = node_text(node, "id"),
                    .title = node_text(node, "title"),
                    .help = node_text(node, "help")};
    if (node->kind != NODE_MAP || pane.id.len == 0) {
        return err_set(err, "a pane needs an 'id'");
    }
    if (pane.title.len == 0) {
        pane.title = pane.id;
    }
    if (!check_members(node, err) || !read_key(node, &pane.key, err) ||
        !read_what(arena, node, &pane, err)) {
        return err_prefix(err, "pane '%.*s'", SV_ARG(pane.id));
    }
    Filter *filter = filter_compile(pane.predicate, err);
    if (filter == NULL) {
        return err_prefix(err, "predicate of pane '%.*s'", SV_ARG(pane.id));
    }
    filter_free(filter);
    *ret_pane = pane;
    return true;
}

/* Two panes of one file must not be alike in what they are called or reached by. */
static bool check_unique(const PaneDef *panes, size_t count, Err *err)
{
    const PaneDef *last = &panes[count - 1];
    for (size_t i = 0; i + 1 < count; i++) {
        if (sv_equal_nocase(panes[i].id, last->id)) {
            return err_set(err, "pane '%.*s' is defined twice", SV_ARG(last->id));
        }
        if (last->key != 0 && panes[i].key == last->key) {
            return err_set(err, "panes '%.*s' and '%.*s' have the same key '%c'",
                           SV_ARG(panes[i].id), SV_ARG(last->id), last->key);
        }
    }
    return true;
}

/* Replaces the pane of the same id or adds one; the newer definition takes a key that both have. */
static void take(PaneDefs *defs, const PaneDef *pane)
{
    size_t at = defs->count;
    for (size_t i = 0; i < defs->count; i++) {
        if (sv_equal_nocase(defs->items[i].id, pane->id)) {
            at = i;
        } else if (pane->key != 0 && defs->items[i].key == pane->key) {
            defs->items[i].key = 0;
        }
    }
    if (at == defs->count) {
        defs->items = mem_realloc(defs->items, defs->count + 1, sizeof(*defs->items));
        defs->count++;
    }
    defs->items[at] = *pane;
}

/* How many panes there would be: those held and the new ones with ids of their own. */
static size_t count_together(const PaneDefs *defs, const PaneDef *panes, size_t count)
{
    size_t total = defs->count;
    for (size_t i = 0; i < count; i++) {
        bool is_new = true;
        for (size_t k = 0; k < defs->count && is_new; k++) {
            is_new = !sv_equal_nocase(defs->items[k].id, panes[i].id);
        }
        total += is_new ? 1 : 0;
    }
    return total;
}

bool pane_defs_read(PaneDefs *defs, StrView text, const char *name, Err *err)
{
    const Node *root = node_read(&defs->arena, text, name, err);
    if (root == NULL) {
        return false;
    }
    const Node *list = node_find(root, "panes");
    if (list == NULL || list->kind != NODE_LIST || list->count > PANES_MAX) {
        return err_set(err, "%s: 'panes' must be a list of at most %d panes", name, PANES_MAX);
    }
    PaneDef panes[PANES_MAX] = {0};
    size_t count = 0;
    for (const Node *node = list->first; node != NULL; node = node->next) {
        if (!read_pane(&defs->arena, node, &panes[count], err) ||
            !check_unique(panes, ++count, err)) {
            return err_prefix(err, "%s", name);
        }
    }
    if (count_together(defs, panes, count) > PANES_MAX) {
        return err_set(err, "%s: more than %d panes together", name, PANES_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        take(defs, &panes[i]);
    }
    return true;
}

bool pane_defs_read_own(PaneDefs *defs, const char *data_dir, Err *err)
{
    StrBuf text = {0};
    bool is_good =
        embed_read_or_file(data_dir, PANES_FILE, &text)
            ? pane_defs_read(defs, strbuf_view(&text), PANES_FILE, err)
            : err_set(err, "%s: not found, neither compiled in nor below the data directory",
                      PANES_FILE);
    strbuf_done(&text);
    return is_good;
}

bool pane_defs_read_one(PaneDefs *defs, const Node *node, Err *err)
{
    PaneDef pane = {0};
    if (!read_pane(&defs->arena, node, &pane, err)) {
        return false;
    }
    if (count_together(defs, &pane, 1) > PANES_MAX) {
        return err_set(err, "more than %d panes together", PANES_MAX);
    }
    StrView *const texts[] = {&pane.id, &pane.title, &pane.predicate, &pane.help};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        *texts[i] = arena_dup(&defs->arena, *texts[i]);
    }
    take(defs, &pane);
    return true;
}

void pane_defs_done(PaneDefs *defs)
{
    mem_free(defs->items);
    arena_done(&defs->arena);
    *defs = (PaneDefs){0};
}

const PaneDef *pane_defs_find(const PaneDefs *defs, StrView name)
{
    for (size_t i = 0; i < defs->count; i++) {
        if (sv_equal_nocase(defs->items[i].id, name)) {
            return &defs->items[i];
        }
    }
    for (size_t i = 0; i < defs->count; i++) {
        if (sv_equal_nocase(defs->items[i].title, name)) {
            return &defs->items[i];
        }
    }
    return NULL;
}

const PaneDef *pane_defs_choose(const PaneDefs *defs, StrView name, Err *err)
{
    const PaneDef *def = pane_defs_find(defs, name);
    if (def == NULL) {
        StrBuf names = {0};
        for (size_t i = 0; i < defs->count; i++) {
            strbuf_add_str(&names, i > 0 ? ", " : "");
            strbuf_add(&names, defs->items[i].id);
        }
        (void)err_set(err, "--pane: there is no pane '%.*s'; there are: %s", SV_ARG(name),
                      names.len > 0 ? names.ptr : "none");
        strbuf_done(&names);
    }
    return def;
}
