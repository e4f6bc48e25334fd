/*
 * The panes that a session remembers of its files: which there are to begin with, and how they
 * differ at the end from those that are defined. Only the differences are kept, so that what is
 * defined anew later is seen. It reads and writes no file.
 */
#include "session/session_internal.h"

#include "base/mem.h"

void session_memory_define(Session *session, const PaneDef *defs, size_t count)
{
    Memory *memory = &session->memory;
    Arena *arena = &session->defs.arena;
    PaneDef *defined = mem_calloc(count + 1, sizeof *defined);
    for (size_t i = 0; i < count; i++) {
        defined[i] = (PaneDef){.id = arena_dup(arena, defs[i].id),
                               .title = arena_dup(arena, defs[i].title),
                               .help = arena_dup(arena, defs[i].help),
                               .predicate = arena_dup(arena, defs[i].predicate),
                               .role = defs[i].role};
    }
    mem_free(memory->defined);
    memory->defined = defined;
    memory->defined_count = count;
}

static const PaneDef *find_pane(const PaneDef *panes, size_t count, StrView id)
{
    for (size_t i = 0; i < count; i++) {
        if (sv_equal_nocase(panes[i].id, id)) {
            return &panes[i];
        }
    }
    return NULL;
}

/* Tells whether a pane that is defined was closed; one that is asked for comes back. */
static bool was_closed(const Session *session, const PaneDef *def)
{
    const Workspace *then = &session->memory.then;
    StrView wanted = sv(session->options.pane);
    if (sv_equal_nocase(def->id, wanted) || sv_equal_nocase(def->title, wanted)) {
        return false;
    }
    for (size_t i = 0; i < then->closed_count; i++) {
        if (sv_equal_nocase(then->closed[i], def->id)) {
            return true;
        }
    }
    return false;
}

/* A remembered predicate may be of another version of the program, or of an alias that went. */
static bool is_predicate(Session *session, StrView text)
{
    Filter *filter = filter_compile_with(text, session->options.aliases, NULL);
    filter_free(filter);
    return filter != NULL;
}

/* Makes a pane of what is defined and what was remembered; false when neither has a predicate. */
static bool restore_pane(Session *session, const WorkspacePane *kept, PaneDef *ret_pane)
{
    Memory *memory = &session->memory;
    const PaneDef *def = find_pane(memory->defined, memory->defined_count, kept->id);
    bool has_predicate = kept->predicate.ptr != NULL && is_predicate(session, kept->predicate);
    if (kept->predicate.ptr != NULL && !has_predicate) {
        session_memory_add_note(memory, "a predicate that was remembered cannot be used any more");
    }
    if (def == NULL && !has_predicate) {
        return false;
    }
    PaneDef pane = def != NULL ? *def : (PaneDef){.id = kept->id, .title = kept->id};
    pane.title = kept->title.len > 0 ? kept->title : pane.title;
    pane.help = kept->help.ptr != NULL ? kept->help : pane.help;
    pane.predicate = has_predicate ? kept->predicate : pane.predicate;
    *ret_pane = pane;
    return true;
}

size_t session_memory_panes(Session *session, PaneDef ret_panes[PANES_MAX])
{
    Memory *memory = &session->memory;
    const Workspace *then = &memory->then;
    size_t count = 0;
    for (size_t i = 0; i < then->pane_count && count < PANES_MAX; i++) {
        PaneDef pane;
        if (find_pane(ret_panes, count, then->panes[i].id) == NULL &&
            restore_pane(session, &then->panes[i], &pane)) {
            ret_panes[count++] = pane;
        }
    }
    /* Panes that were defined since. */
    for (size_t i = 0; i < memory->defined_count && count < PANES_MAX; i++) {
        const PaneDef *def = &memory->defined[i];
        if (!was_closed(session, def) && find_pane(ret_panes, count, def->id) == NULL) {
            ret_panes[count++] = *def;
        }
    }
    if (count == 0) {
        ret_panes[count++] = memory->defined[0];
    }
    return count;
}

/* The text of a predicate without the names of aliases, which are known only where they are
 * defined. */
static StrView predicate_of(const SessionPane *pane)
{
    return predicate_source(filter_predicate(view_filter(pane->view)));
}

static bool are_as_defined(const Session *session)
{
    const Memory *memory = &session->memory;
    bool are_same = session->pane_count == memory->defined_count;
    for (size_t i = 0; are_same && i < session->pane_count; i++) {
        const SessionPane *pane = &session->panes[i];
        const PaneDef *def = &memory->defined[i];
        are_same = sv_equal(pane->def.id, def->id) && sv_equal(pane->def.title, def->title) &&
                   sv_equal(pane->def.help, def->help) &&
                   sv_equal(predicate_of(pane), def->predicate);
    }
    return are_same;
}

/* nil where it is what is defined anyway. */
static StrView unless_defined(StrView text, const PaneDef *def, StrView defined)
{
    return def != NULL && sv_equal(text, defined) ? SV_NONE : text;
}

void session_memory_keep_panes(const Session *session, Workspace *kept)
{
    const Memory *memory = &session->memory;
    if (are_as_defined(session)) {
        return;
    }
    size_t count = session->pane_count;
    kept->panes = arena_alloc(&kept->arena, count * sizeof *kept->panes);
    for (size_t i = 0; i < count; i++) {
        const SessionPane *pane = &session->panes[i];
        const PaneDef *def = find_pane(memory->defined, memory->defined_count, pane->def.id);
        kept->panes[kept->pane_count++] = (WorkspacePane){
            .id = pane->def.id,
            .title = unless_defined(pane->def.title, def, def != NULL ? def->title : SV_NONE),
            .help = unless_defined(pane->def.help, def, def != NULL ? def->help : SV_NONE),
            .predicate =
                unless_defined(predicate_of(pane), def, def != NULL ? def->predicate : SV_NONE),
        };
    }
    kept->closed = arena_alloc(&kept->arena, (memory->defined_count + 1) * sizeof *kept->closed);
    for (size_t i = 0; i < memory->defined_count; i++) {
        if (session_pane_find(session, memory->defined[i].id) == SIZE_MAX) {
            kept->closed[kept->closed_count++] = memory->defined[i].id;
        }
    }
}
