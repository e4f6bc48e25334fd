/*
 * The panes of a session: made of the definitions of the program and the user's, then a list that
 * can be changed and saved. What is in a pane is its view's business. No screen, no sources.
 */
#include "session/session_internal.h"

#include "base/mem.h"

/* --- the list --------------------------------------------------------------------------------- */

static void number_keys(Session *session)
{
    for (size_t i = 0; i < session->pane_count; i++) {
        session->panes[i].def.key = i < 9 ? (char)('1' + (int)i) : 0;
    }
}

/* Appends a pane whose texts are the session's; on a faulty predicate all stays as it was. */
static bool append(Session *session, const PaneDef *def, Err *err)
{
    if (session->pane_count == session->pane_capacity) {
        mem_grow((void **)&session->panes, &session->pane_capacity, session->pane_count,
                 sizeof *session->panes);
    }
    size_t index = session->pane_count;
    session->panes[index] = (SessionPane){.def = *def, .view = view_new(session->store)};
    if (!session_set_predicate(session, index, def->predicate, 0, err)) {
        view_free(session->panes[index].view);
        return false;
    }
    view_set_hosts(session->panes[index].view, session->hosts, session->host_count);
    session->pane_count++;
    return true;
}

bool session_panes_begin(Session *session, const char *data_dir, Err *err)
{
    if (!pane_defs_read_own(&session->builtin, data_dir, err) ||
        !pane_defs_read_own(&session->defs, data_dir, err)) {
        return false;
    }
    config_take_panes(&session->config, &session->defs);
    if (session->defs.count == 0) {
        return err_set(err, "%s: no pane in it", PANES_FILE);
    }
    session_memory_define(session, session->defs.items, session->defs.count);
    PaneDef panes[PANES_MAX];
    size_t count = session_memory_panes(session, panes);
    for (size_t i = 0; i < count; i++) {
        if (!append(session, &panes[i], err)) {
            return err_prefix(err, "%s: pane '%.*s'", PANES_FILE, SV_ARG(panes[i].id));
        }
    }
    number_keys(session);
    return true;
}

void session_panes_done(Session *session)
{
    for (size_t i = 0; i < session->pane_count; i++) {
        view_free(session->panes[i].view);
        strbuf_done(&session->panes[i].predicate);
    }
    mem_free(session->panes);
    pane_defs_done(&session->defs);
    pane_defs_done(&session->builtin);
}

bool session_set_predicate(Session *session, size_t pane, StrView text, EntryNumber anchor,
                           Err *err)
{
    Filter *filter = filter_compile_with(text, session->options.aliases, err);
    if (filter == NULL) {
        return false;
    }
    SessionPane *changed = &session->panes[pane];
    StrBuf copy = {0}; /* `text` may be a view of the old one */
    strbuf_add(&copy, text);
    strbuf_done(&changed->predicate);
    changed->predicate = copy;
    view_set_filter(changed->view, filter, anchor, NULL);
    changed->filter_stopped = 0;
    session->changes++;
    return true;
}

size_t session_pane_count(const Session *session)
{
    return session->pane_count;
}

SessionPane *session_pane(const Session *session, size_t index)
{
    return &session->panes[index];
}

size_t session_pane_find(const Session *session, StrView name)
{
    for (size_t i = 0; i < session->pane_count; i++) {
        const PaneDef *def = &session->panes[i].def;
        if (sv_equal_nocase(def->id, name) || sv_equal_nocase(def->title, name)) {
            return i;
        }
    }
    return SIZE_MAX;
}

void session_watch(Session *session, size_t pane)
{
    session->changes += session->watched != pane;
    session->watched = pane;
}

size_t session_watched(const Session *session)
{
    return session->watched;
}

/* --- changing the list ------------------------------------------------------------------------ */

/* An id made of a title: letters and digits in lower case, what is between them as one dash. */
static StrView make_id(Session *session, StrView title)
{
    StrBuf id = {0};
    for (size_t i = 0; i < title.len; i++) {
        char c = title.ptr[i];
        bool is_upper = c >= 'A' && c <= 'Z';
        bool is_other =
            (unsigned char)c < 0x80 && !is_upper && (c < 'a' || c > 'z') && (c < '0' || c > '9');
        if (!is_other) {
            strbuf_add_char(&id, is_upper ? (char)(c - 'A' + 'a') : c);
        } else if (id.len > 0 && id.ptr[id.len - 1] != '-') {
            strbuf_add_char(&id, '-');
        }
    }
    StrView kept = arena_dup(&session->defs.arena, strbuf_view(&id));
    strbuf_done(&id);
    return kept;
}

static bool check_name(const Session *session, StrView name, size_t besides, Err *err)
{
    for (size_t i = 0; i < session->pane_count; i++) {
        const PaneDef *def = &session->panes[i].def;
        if (i != besides && (sv_equal_nocase(def->id, name) || sv_equal_nocase(def->title, name))) {
            return err_set(err, "there is a pane '%.*s' already", SV_ARG(name));
        }
    }
    return true;
}

bool session_pane_add(Session *session, const PaneDef *def, Err *err)
{
    Arena *arena = &session->defs.arena;
    PaneDef pane = {.id = arena_dup(arena, sv_trim(def->id)),
                    .title = arena_dup(arena, sv_trim(def->title)),
                    .help = arena_dup(arena, def->help),
                    .predicate = arena_dup(arena, def->predicate),
                    .role = def->role};
    pane.title = pane.title.len > 0 ? pane.title : pane.id;
    if (pane.title.len == 0) {
        return err_set(err, "a pane needs a name");
    }
    pane.id = pane.id.len > 0 ? pane.id : make_id(session, pane.title);
    pane.id = pane.id.len > 0 ? pane.id : pane.title;
    if (session->pane_count >= PANES_MAX) {
        return err_set(err, "there are %d panes already, more cannot be had", PANES_MAX);
    }
    if (!check_name(session, pane.title, SIZE_MAX, err) ||
        !check_name(session, pane.id, SIZE_MAX, err) || !append(session, &pane, err)) {
        return false;
    }
    number_keys(session);
    return true;
}

bool session_pane_remove(Session *session, size_t pane, Err *err)
{
    if (session->pane_count == 1) {
        return err_set(err, "the last pane stays");
    }
    view_free(session->panes[pane].view);
    strbuf_done(&session->panes[pane].predicate);
    session->pane_count--;
    for (size_t i = pane; i < session->pane_count; i++) {
        session->panes[i] = session->panes[i + 1];
    }
    session->changes += session->watched == pane;
    if (session->watched > pane || session->watched == session->pane_count) {
        session->watched--;
    }
    number_keys(session);
    return true;
}

bool session_pane_rename(Session *session, size_t pane, StrView title, Err *err)
{
    title = sv_trim(title);
    if (title.len == 0) {
        return err_set(err, "a pane needs a name");
    }
    if (!check_name(session, title, pane, err)) {
        return false;
    }
    session->panes[pane].def.title = arena_dup(&session->defs.arena, title);
    return true;
}

void session_pane_move(Session *session, size_t from, size_t to)
{
    SessionPane moved = session->panes[from];
    size_t watched = session->watched;
    size_t at = from;
    for (; at < to; at++) {
        session->panes[at] = session->panes[at + 1];
    }
    for (; at > to; at--) {
        session->panes[at] = session->panes[at - 1];
    }
    session->panes[to] = moved;
    if (watched == from) {
        session->watched = to;
    } else if (from < watched && watched <= to) {
        session->watched--;
    } else if (to <= watched && watched < from) {
        session->watched++;
    }
    number_keys(session);
}

bool session_panes_save(Session *session, Err *err)
{
    if (session->no_saving.len > 0) {
        return err_set(err, "%s", session->no_saving.ptr);
    }
    PaneDef *defs = mem_calloc(session->pane_count, sizeof *defs);
    for (size_t i = 0; i < session->pane_count; i++) {
        defs[i] = session->panes[i].def;
        /* What an alias stands for, not its name: that is known only where it was typed. */
        defs[i].predicate = predicate_source(filter_predicate(view_filter(session->panes[i].view)));
    }
    bool is_good = config_save_panes(session->config.path.ptr, &session->builtin, defs,
                                     session->pane_count, err);
    if (is_good) {
        session_memory_define(session, defs, session->pane_count);
    }
    mem_free(defs);
    return is_good;
}
