/*
 * What a session remembers of its files: reads it at the start, finds marks and the selected entry
 * again while the rows come in, and writes it at the end. Its panes are in session_memory_panes.c;
 * how all of it is kept is workspace.h.
 */
#include "session/session_internal.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "session/user_file.h"
#include "session/workspace_json.h"

#define HINT_FILE "hint-shown"
/* Rows behind the first of a time among which an entry is looked for whose number is another. */
#define LOOK_ROWS 4096

void session_memory_add_note(Memory *memory, const char *text)
{
    strbuf_add_str(&memory->note, memory->note.len > 0 ? "; " : "");
    strbuf_add_str(&memory->note, text);
}

/* --- beginning -------------------------------------------------------------------------------- */

/* Looks at the files; false when there is something else among the sources. */
static bool look_at_files(Session *session)
{
    const Options *options = &session->options;
    const char *paths[OPTIONS_MAX_SOURCES];
    for (size_t i = 0; i < options->source_count; i++) {
        if (options->sources[i].kind != SOURCE_FILE) {
            return false;
        }
        paths[i] = options->sources[i].argument;
    }
    /* What cannot be looked at will be refused as a source, or is no file. */
    return options->source_count > 0 &&
           workspace_look(&session->memory.now, paths, options->source_count, NULL);
}

/* Whether anything can be written is found out first; where the same was told of the configuration
 * already it is not told again. */
static bool find_directory(Session *session)
{
    Err err = err_none();
    const char *directory = session->options.state_dir;
    if (directory == NULL || directory[0] == '\0') {
        return false;
    }
    if (!config_may_write(directory, NULL, &err)) {
        if (session->config.path.ptr == NULL || session->no_saving.len == 0) {
            config_add_error(&session->config, "%s", err.text);
        }
        return false;
    }
    strbuf_add_str(&session->memory.directory, directory);
    return true;
}

static void forget_places(Workspace *then)
{
    then->mark_count = 0;
    then->selected = (WorkspaceEntry){.number = 0};
}

static void read_memory(Memory *memory)
{
    Err err = err_none();
    if (!workspace_read(&memory->then, memory->directory.ptr, &memory->now, &err)) {
        session_memory_add_note(memory, "what was remembered cannot be read: ");
        strbuf_add_str(&memory->note, err.text);
        return;
    }
    Workspace *then = &memory->then;
    if (then->file_count > 0 && workspace_compare(then, &memory->now) == WORKSPACE_REPLACED) {
        session_memory_add_note(
            memory, "the file is another one than last time: marks and place are not restored");
        forget_places(then);
    }
    for (size_t i = 0; i < then->text_count; i++) {
        (void)workspace_set_text(&memory->now, then->texts[i].name, then->texts[i].text);
    }
}

void session_memory_begin(Session *session)
{
    Memory *memory = &session->memory;
    memory->is_settled = true;
    if (!find_directory(session) || session->options.verb != VERB_EXPLORE ||
        !look_at_files(session)) {
        return;
    }
    memory->is_on = true;
    if (!session->options.fresh) {
        read_memory(memory);
    }
    memory->has_mark = mem_calloc(memory->then.mark_count + 1, sizeof *memory->has_mark);
    memory->is_settled = memory->then.mark_count == 0 && memory->then.selected.number == 0;
}

void session_memory_done(Session *session)
{
    Memory *memory = &session->memory;
    workspace_done(&memory->then);
    workspace_done(&memory->now);
    strbuf_done(&memory->directory);
    strbuf_done(&memory->note);
    mem_free(memory->has_mark);
    mem_free(memory->defined);
}

/* --- entries ---------------------------------------------------------------------------------- */

static WorkspaceEntry entry_of(EntryNumber number, StoreRow row)
{
    return (WorkspaceEntry){.number = number,
                            .time_ns = row.columns->time_ns[row.index],
                            .hash = workspace_hash(columns_raw(row.columns, row.index))};
}

static bool is_same_entry(const WorkspaceEntry *entry, StoreRow row)
{
    return row.columns->time_ns[row.index] == entry->time_ns &&
           workspace_hash(columns_raw(row.columns, row.index)) == entry->hash;
}

static void mark(Session *session, size_t index, EntryNumber number)
{
    Memory *memory = &session->memory;
    memory->has_mark[index] = true;
    if (!marks_has(session->marks, number) &&
        marks_toggle(session->marks, session->store, number)) {
        (void)marks_set_note(session->marks, number, memory->then.marks[index].note);
    }
}

void session_memory_offer(Session *session, EntryNumber number)
{
    Memory *memory = &session->memory;
    const Workspace *then = &memory->then;
    StoreRow row;
    if (memory->is_settled) {
        return;
    }
    if (then->selected.number == number && store_find(session->store, number, &row) &&
        is_same_entry(&then->selected, row)) {
        memory->selected = number;
        memory->is_found = true;
    }
    while (memory->next_mark < then->mark_count &&
           then->marks[memory->next_mark].entry.number < number) {
        memory->next_mark++;
    }
    if (memory->next_mark < then->mark_count &&
        then->marks[memory->next_mark].entry.number == number &&
        store_find(session->store, number, &row) &&
        is_same_entry(&then->marks[memory->next_mark].entry, row)) {
        mark(session, memory->next_mark++, number);
    }
}

/* Finds an entry whose number is another than last time, as when the options keep others out; 0 =
 * it is not there. */
static EntryNumber find_entry(const Session *session, const WorkspaceEntry *entry)
{
    StoreRun run = {.first = 0};
    StoreRow row;
    if (entry->time_ns == CLOCK_NO_TIME) {
        return 0;
    }
    EntryNumber first = store_find_time(session->store, entry->time_ns);
    for (EntryNumber number = first; number - first < LOOK_ROWS; number++) {
        if (!store_find_in_run(session->store, &run, number, &row)) {
            return 0;
        }
        if (is_same_entry(entry, row)) {
            return number;
        }
    }
    return 0;
}

/* Everything is read: looks for what has not been found by its number. */
static void settle(Session *session)
{
    Memory *memory = &session->memory;
    const Workspace *then = &memory->then;
    size_t missing = 0;
    for (size_t i = 0; i < then->mark_count; i++) {
        EntryNumber number = memory->has_mark[i] ? 0 : find_entry(session, &then->marks[i].entry);
        if (number > 0) {
            mark(session, i, number);
        }
        missing += !memory->has_mark[i];
    }
    if (memory->selected == 0 && then->selected.number > 0) {
        memory->selected = find_entry(session, &then->selected);
    }
    if (missing > 0) {
        char text[80];
        (void)snprintf(text, sizeof text, "%zu of %zu marks were not found again", missing,
                       then->mark_count);
        session_memory_add_note(memory, text);
    }
    memory->is_settled = true;
}

unsigned session_memory_step(Session *session)
{
    Memory *memory = &session->memory;
    bool is_due = memory->is_found;
    memory->is_found = false;
    if (!memory->is_settled && sources_are_done(session->sources)) {
        settle(session);
        is_due = true;
    }
    return is_due ? SESSION_DIRTY_RESTORED : 0;
}

/* Marks of now, and those of then that were not found: they may be kept out by an option. */
static void keep_marks(const Session *session, Workspace *kept)
{
    const Memory *memory = &session->memory;
    size_t count = marks_count(session->marks) + memory->then.mark_count;
    kept->marks = arena_alloc(&kept->arena, (count + 1) * sizeof *kept->marks);
    for (size_t i = 0; i < marks_count(session->marks); i++) {
        if (kept->mark_count < WORKSPACE_MAX_MARKS) {
            kept->marks[kept->mark_count++] = (WorkspaceMark){
                .entry = entry_of(marks_get(session->marks, i), marks_row(session->marks, i)),
                .note = arena_dup(&kept->arena, marks_note(session->marks, i)),
            };
        }
    }
    for (size_t i = 0; i < memory->then.mark_count; i++) {
        if (!memory->has_mark[i] && kept->mark_count < WORKSPACE_MAX_MARKS) {
            kept->marks[kept->mark_count++] = memory->then.marks[i];
        }
    }
}

/* --- for the screen --------------------------------------------------------------------------- */

EntryNumber session_memory_selected(const Session *session)
{
    return session->memory.selected;
}

StrView session_memory_note(const Session *session)
{
    return strbuf_view(&session->memory.note);
}

StrView session_memory_text(const Session *session, const char *name)
{
    return workspace_text(&session->memory.now, sv(name));
}

void session_memory_set_text(Session *session, const char *name, StrView text)
{
    if (session->memory.is_on) {
        (void)workspace_set_text(&session->memory.now, sv(name), text); /* too long: not kept */
    }
}

void session_memory_select(Session *session, EntryNumber number)
{
    Memory *memory = &session->memory;
    StoreRow row;
    /* Who leaves before the place was found again has not left it. */
    memory->now.selected = memory->then.selected;
    if (memory->is_settled) {
        memory->now.selected = (WorkspaceEntry){.number = 0};
    }
    if (memory->is_on && number > 0 && store_find(session->store, number, &row)) {
        memory->now.selected = entry_of(number, row);
    }
}

void session_memory_restored(const Session *session, SessionRestored *ret)
{
    const Memory *memory = &session->memory;
    const Workspace *then = &memory->then;
    *ret = (SessionRestored){.is_settled = memory->is_settled,
                             .has_place = memory->selected != 0,
                             .has_panes = then->pane_count > 0,
                             .has_texts = then->text_count > 0};
    for (size_t i = 0; memory->has_mark != NULL && i < then->mark_count; i++) {
        ret->marks += memory->has_mark[i];
    }
}

/* Puts together what is to be kept: it borrows the texts of `now`, and what is added lives in an
 * arena of its own. */
static void make_kept(const Session *session, Workspace *ret_kept)
{
    *ret_kept = session->memory.now;
    ret_kept->arena = (Arena){0};
    session_memory_keep_panes(session, ret_kept);
    keep_marks(session, ret_kept);
    if (session->watched > 0) {
        ret_kept->watched = session->panes[session->watched].def.id;
    }
}

static uint64_t hash_of(const Workspace *workspace)
{
    StrBuf text = {0};
    workspace_print(workspace, &text);
    uint64_t hash = workspace_hash(strbuf_view(&text));
    strbuf_done(&text);
    return hash;
}

static uint64_t state_of(const Session *session)
{
    Workspace kept;
    if (!session->memory.is_on) {
        return 0;
    }
    make_kept(session, &kept);
    uint64_t hash = hash_of(&kept);
    arena_done(&kept.arena);
    return hash;
}

void session_memory_begun(Session *session)
{
    session->memory.begun = state_of(session);
}

bool session_memory_has_changed(const Session *session)
{
    return state_of(session) != session->memory.begun;
}

bool session_memory_save(Session *session, Err *err)
{
    const Memory *memory = &session->memory;
    Workspace kept;
    if (!memory->is_on) {
        return true;
    }
    make_kept(session, &kept);
    /* Of --fresh, where nothing was done, there is nothing that could stand for what there was. */
    bool is_left =
        session->options.fresh && (workspace_is_empty(&kept) || hash_of(&kept) == memory->begun);
    bool is_good = is_left || workspace_write(&kept, memory->directory.ptr, err);
    arena_done(&kept.arena);
    return is_good;
}

/* --- the first start -------------------------------------------------------------------------- */

static void print_hint_path(const Session *session, StrBuf *buf)
{
    strbuf_printf(buf, "%s/" HINT_FILE, session->memory.directory.ptr);
}

bool session_first_start(const Session *session)
{
    StrBuf path = {0};
    if (!session->settings.hint || session->options.state_dir == NULL) {
        return false;
    }
    if (session->memory.directory.len == 0) {
        return true; /* nothing can be noted, as in Setup Assistant */
    }
    print_hint_path(session, &path);
    bool is_first = access(path.ptr, F_OK) != 0;
    strbuf_done(&path);
    return is_first;
}

void session_first_start_done(Session *session)
{
    StrBuf path = {0};
    if (session->memory.directory.len > 0) {
        print_hint_path(session, &path);
        (void)user_file_write(path.ptr, SV(""), NULL); /* else it is shown again */
        strbuf_done(&path);
    }
}
