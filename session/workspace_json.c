/*
 * The file of a workspace: JSON with a version. Numbers of 64 bits are texts, as JSON's own are
 * doubles for many readers, ours among them.
 */
#include "session/workspace_json.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "filters/panes.h"

#define VERSION 1
#define FILES_MAX 64

/* --- printing --------------------------------------------------------------------------------- */

static void print_text(StrBuf *buf, const char *comma, const char *key, StrView text)
{
    if (text.ptr != NULL) {
        strbuf_printf(buf, "%s\"%s\": ", comma, key);
        node_quote(text, buf);
    }
}

static void print_entry(StrBuf *buf, const WorkspaceEntry *entry)
{
    strbuf_printf(buf, "{\"number\": \"%" PRIu64 "\", \"hash\": \"%" PRIu64 "\"", entry->number,
                  entry->hash);
    if (entry->time_ns != CLOCK_NO_TIME) {
        strbuf_printf(buf, ", \"time\": \"%" PRId64 "\"", entry->time_ns);
    }
}

static void print_files(const Workspace *workspace, StrBuf *buf)
{
    strbuf_add_str(buf, "  \"files\": [");
    for (size_t i = 0; i < workspace->file_count; i++) {
        const WorkspaceFile *file = &workspace->files[i];
        strbuf_printf(buf, "%s\n    {", i > 0 ? "," : "");
        print_text(buf, "", "path", file->path);
        strbuf_printf(buf,
                      ", \"size\": \"%" PRIu64 "\", \"modified\": \"%" PRId64
                      "\", \"head\": \"%" PRIu64 "\", \"head_bytes\": \"%" PRIu64 "\"}",
                      file->size, file->modified, file->head_hash, file->head_bytes);
    }
    strbuf_add_str(buf, "\n  ]");
}

static void print_panes(const Workspace *workspace, StrBuf *buf)
{
    strbuf_add_str(buf, ",\n  \"panes\": [");
    for (size_t i = 0; i < workspace->pane_count; i++) {
        const WorkspacePane *pane = &workspace->panes[i];
        strbuf_printf(buf, "%s\n    {", i > 0 ? "," : "");
        print_text(buf, "", "id", pane->id);
        print_text(buf, ", ", "title", pane->title);
        print_text(buf, ", ", "help", pane->help);
        print_text(buf, ", ", "predicate", pane->predicate);
        strbuf_add_char(buf, '}');
    }
    strbuf_add_str(buf, "\n  ],\n  \"closed\": [");
    for (size_t i = 0; i < workspace->closed_count; i++) {
        strbuf_add_str(buf, i > 0 ? ", " : "");
        node_quote(workspace->closed[i], buf);
    }
    strbuf_add_char(buf, ']');
}

static void print_marks(const Workspace *workspace, StrBuf *buf)
{
    strbuf_add_str(buf, ",\n  \"marks\": [");
    for (size_t i = 0; i < workspace->mark_count; i++) {
        const WorkspaceMark *mark = &workspace->marks[i];
        strbuf_printf(buf, "%s\n    ", i > 0 ? "," : "");
        print_entry(buf, &mark->entry);
        if (mark->note.len > 0) {
            print_text(buf, ", ", "note", mark->note);
        }
        strbuf_add_char(buf, '}');
    }
    strbuf_add_str(buf, "\n  ]");
}

void workspace_print(const Workspace *workspace, StrBuf *buf)
{
    strbuf_printf(buf, "{\n  \"version\": %d,\n", VERSION);
    print_files(workspace, buf);
    if (workspace->pane_count > 0) {
        print_panes(workspace, buf);
    }
    print_text(buf, ",\n  ", "watched", workspace->watched);
    if (workspace->selected.number > 0) {
        strbuf_add_str(buf, ",\n  \"selected\": ");
        print_entry(buf, &workspace->selected);
        strbuf_add_char(buf, '}');
    }
    if (workspace->mark_count > 0) {
        print_marks(workspace, buf);
    }
    if (workspace->text_count > 0) {
        strbuf_add_str(buf, ",\n  \"texts\": {");
        for (size_t i = 0; i < workspace->text_count; i++) {
            strbuf_printf(buf, "%s\n    ", i > 0 ? "," : "");
            node_quote(workspace->texts[i].name, buf);
            strbuf_add_str(buf, ": ");
            node_quote(workspace->texts[i].text, buf);
        }
        strbuf_add_str(buf, "\n  }");
    }
    strbuf_add_str(buf, "\n}\n");
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool read_u64(const Node *map, const char *key, uint64_t *ret_value)
{
    return sv_to_u64(node_text(map, key), ret_value);
}

static bool read_entry(const Node *node, WorkspaceEntry *ret_entry)
{
    const Node *time = node_find(node, "time");
    ret_entry->time_ns = CLOCK_NO_TIME;
    return read_u64(node, "number", &ret_entry->number) && ret_entry->number > 0 &&
           read_u64(node, "hash", &ret_entry->hash) &&
           (time == NULL || sv_to_i64(node_text(node, "time"), &ret_entry->time_ns));
}

/* The list of a member, which is empty where there is none; false when it is no list or too long.
 */
static bool find_list(const Node *root, const char *key, size_t max, const Node **ret_first,
                      size_t *ret_count)
{
    const Node *list = node_find(root, key);
    *ret_first = list != NULL ? list->first : NULL;
    *ret_count = list != NULL ? list->count : 0;
    return list == NULL || (list->kind == NODE_LIST && list->count <= max);
}

static bool read_files(Workspace *ret, const Node *root)
{
    const Node *node;
    size_t count;
    if (!find_list(root, "files", FILES_MAX, &node, &count) || count == 0) {
        return false;
    }
    ret->files = arena_alloc(&ret->arena, count * sizeof *ret->files);
    for (; node != NULL; node = node->next) {
        WorkspaceFile *file = &ret->files[ret->file_count++];
        *file = (WorkspaceFile){.path = node_text(node, "path")};
        if (file->path.len == 0 || !read_u64(node, "size", &file->size) ||
            !sv_to_i64(node_text(node, "modified"), &file->modified) ||
            !read_u64(node, "head", &file->head_hash) ||
            !read_u64(node, "head_bytes", &file->head_bytes)) {
            return false;
        }
    }
    return true;
}

static bool read_panes(Workspace *ret, const Node *root)
{
    const Node *node;
    size_t count;
    if (!find_list(root, "panes", PANES_MAX, &node, &count)) {
        return false;
    }
    ret->panes = arena_alloc(&ret->arena, (count + 1) * sizeof *ret->panes);
    for (; node != NULL; node = node->next) {
        WorkspacePane *pane = &ret->panes[ret->pane_count++];
        *pane = (WorkspacePane){.id = node_text(node, "id"),
                                .title = node_text(node, "title"),
                                .help = node_text(node, "help"),
                                .predicate = node_text(node, "predicate")};
        if (pane->id.len == 0) {
            return false;
        }
    }
    if (!find_list(root, "closed", PANES_MAX, &node, &count)) {
        return false;
    }
    ret->closed = arena_alloc(&ret->arena, (count + 1) * sizeof *ret->closed);
    for (; node != NULL; node = node->next) {
        ret->closed[ret->closed_count++] = node->text;
    }
    return true;
}

static int compare_marks(const void *a, const void *b)
{
    uint64_t first = ((const WorkspaceMark *)a)->entry.number;
    uint64_t second = ((const WorkspaceMark *)b)->entry.number;
    return (first > second) - (first < second);
}

static bool read_marks(Workspace *ret, const Node *root)
{
    const Node *node;
    size_t count;
    if (!find_list(root, "marks", WORKSPACE_MAX_MARKS, &node, &count)) {
        return false;
    }
    ret->marks = arena_alloc(&ret->arena, (count + 1) * sizeof *ret->marks);
    for (; node != NULL; node = node->next) {
        WorkspaceMark *mark = &ret->marks[ret->mark_count++];
        mark->note = node_text(node, "note");
        if (!read_entry(node, &mark->entry)) {
            return false;
        }
    }
    qsort(ret->marks, ret->mark_count, sizeof *ret->marks, compare_marks);
    return true;
}

static bool read_texts(Workspace *ret, const Node *root)
{
    const Node *texts = node_find(root, "texts");
    for (const Node *node = texts != NULL ? texts->first : NULL; node != NULL; node = node->next) {
        if (node->kind != NODE_TEXT || !workspace_set_text(ret, node->key, node->text)) {
            return false;
        }
    }
    return true;
}

bool workspace_parse(Workspace *ret, StrView text, const char *name, Err *err)
{
    const Node *root = node_read(&ret->arena, text, name, err);
    if (root == NULL) {
        return false;
    }
    const Node *selected = node_find(root, "selected");
    if ((int)node_number(root, "version", 0) != VERSION) {
        return err_set(err, "%s: it is of another version", name);
    }
    ret->watched = node_text(root, "watched");
    return (read_files(ret, root) && read_panes(ret, root) && read_marks(ret, root) &&
            read_texts(ret, root) && (selected == NULL || read_entry(selected, &ret->selected))) ||
           err_set(err, "%s: it cannot be understood", name);
}
