/*
 * Workspace: the texts in it, what a file was and is, and the directory: one file a set of files,
 * named by a hash of their paths, the least used given up. How a workspace is written down is
 * workspace_json.c.
 */
#include "session/workspace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "session/user_file.h"
#include "session/workspace_json.h"

#define FILE_PREFIX "file-"
#define FILE_SUFFIX ".json"
#define FILE_MAX_BYTES (8 * MIB)
#define TEXT_MAX_BYTES (64 * KIB)

/* --- texts ------------------------------------------------------------------------------------ */

static size_t find_text(const Workspace *workspace, StrView name)
{
    size_t i = 0;
    while (i < workspace->text_count && !sv_equal(workspace->texts[i].name, name)) {
        i++;
    }
    return i;
}

StrView workspace_text(const Workspace *workspace, StrView name)
{
    size_t i = find_text(workspace, name);
    return i < workspace->text_count ? workspace->texts[i].text : SV_NONE;
}

bool workspace_set_text(Workspace *workspace, StrView name, StrView text)
{
    size_t i = find_text(workspace, name);
    bool is_there = i < workspace->text_count;
    if (text.len == 0) {
        if (is_there) {
            workspace->texts[i] = workspace->texts[--workspace->text_count];
        }
        return true;
    }
    if (text.len > TEXT_MAX_BYTES || i == WORKSPACE_MAX_TEXTS) {
        return false;
    }
    if (is_there && sv_equal(workspace->texts[i].text, text)) {
        return true; /* set again and again, it must not fill the arena */
    }
    workspace->texts[i].text = arena_dup(&workspace->arena, text);
    if (!is_there) {
        workspace->texts[i].name = arena_dup(&workspace->arena, name);
        workspace->text_count++;
    }
    return true;
}

bool workspace_is_empty(const Workspace *workspace)
{
    return workspace->pane_count == 0 && workspace->selected.number == 0 &&
           workspace->mark_count == 0 && workspace->text_count == 0 && workspace->watched.len == 0;
}

void workspace_done(Workspace *workspace)
{
    arena_done(&workspace->arena);
    *workspace = (Workspace){.file_count = 0};
}

/* --- the files that are opened ---------------------------------------------------------------- */

/* FNV-1a: it must mean the same in every run, which base/hash.h does not promise, and need not
 * withstand anybody. */
uint64_t workspace_hash(StrView bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < bytes.len; i++) {
        hash = (hash ^ (unsigned char)bytes.ptr[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static bool read_head(int fd, char *head, size_t *ret_len)
{
    size_t len = 0;
    while (len < WORKSPACE_HEAD_BYTES) {
        ssize_t got = read(fd, head + len, WORKSPACE_HEAD_BYTES - len);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            *ret_len = len;
            return got == 0;
        }
        len += (size_t)got;
    }
    *ret_len = len;
    return true;
}

static bool look_at(Arena *arena, const char *path, WorkspaceFile *ret_file, Err *err)
{
    char head[WORKSPACE_HEAD_BYTES];
    size_t len = 0;
    struct stat info;
    char *real = realpath(path, NULL);
    int fd = real != NULL ? open(real, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    bool is_good =
        fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && read_head(fd, head, &len);
    if (is_good) {
        *ret_file = (WorkspaceFile){
            .path = arena_dup(arena, sv(real)),
            .size = (uint64_t)info.st_size,
            .modified = (int64_t)info.st_mtime,
            .head = arena_dup(arena, sv_of(head, len)),
            .head_hash = workspace_hash(sv_of(head, len)),
            .head_bytes = len,
        };
    } else {
        (void)err_set(err, "nothing is remembered of '%s'", path);
    }
    if (fd >= 0) {
        (void)close(fd); /* it was only read */
    }
    free(real);
    return is_good;
}

static int compare_files(const void *a, const void *b)
{
    return sv_compare(((const WorkspaceFile *)a)->path, ((const WorkspaceFile *)b)->path);
}

bool workspace_look(Workspace *ret, const char *const *paths, size_t count, Err *err)
{
    *ret = (Workspace){.file_count = 0};
    ret->files = arena_alloc(&ret->arena, (count + 1) * sizeof *ret->files);
    for (size_t i = 0; i < count; i++) {
        if (!look_at(&ret->arena, paths[i], &ret->files[i], err)) {
            workspace_done(ret);
            return false;
        }
    }
    ret->file_count = count;
    qsort(ret->files, count, sizeof *ret->files, compare_files);
    return true;
}

WorkspaceMatch workspace_compare(const Workspace *then, const Workspace *now)
{
    for (size_t i = 0; i < then->file_count && i < now->file_count; i++) {
        const WorkspaceFile *old = &then->files[i];
        StrView head = now->files[i].head;
        if (head.len < old->head_bytes ||
            workspace_hash(sv_slice(head, 0, (size_t)old->head_bytes)) != old->head_hash) {
            return WORKSPACE_REPLACED;
        }
    }
    return WORKSPACE_SAME;
}

/* --- the directory ---------------------------------------------------------------------------- */

static void print_path(const Workspace *workspace, const char *directory, StrBuf *buf)
{
    StrBuf paths = {0};
    for (size_t i = 0; i < workspace->file_count; i++) {
        strbuf_add(&paths, workspace->files[i].path);
        strbuf_add_char(&paths, '\0');
    }
    strbuf_printf(buf, "%s/" FILE_PREFIX "%016" PRIx64 FILE_SUFFIX, directory,
                  workspace_hash(strbuf_view(&paths)));
    strbuf_done(&paths);
}

/* Two sets of files may have one hash. Paths are compared as JSON can hold them. */
static bool is_of_same_files(const Workspace *then, const Workspace *now)
{
    bool is_same = then->file_count == now->file_count;
    for (size_t i = 0; is_same && i < now->file_count; i++) {
        StrBuf a = {0}, b = {0};
        node_quote(then->files[i].path, &a);
        node_quote(now->files[i].path, &b);
        is_same = sv_equal(strbuf_view(&a), strbuf_view(&b));
        strbuf_done(&a);
        strbuf_done(&b);
    }
    return is_same;
}

bool workspace_read(Workspace *ret, const char *directory, const Workspace *now, Err *err)
{
    StrBuf path = {0}, text = {0};
    *ret = (Workspace){.file_count = 0};
    print_path(now, directory, &path);
    bool is_good = user_file_read(path.ptr, FILE_MAX_BYTES, &text, err);
    if (is_good && text.len > 0) {
        is_good = workspace_parse(ret, strbuf_view(&text), path.ptr, err);
        if (!is_good || !is_of_same_files(ret, now)) {
            workspace_done(ret);
        }
    }
    strbuf_done(&text);
    strbuf_done(&path);
    return is_good;
}

/* The file that was not used for longest. */
typedef struct Oldest {
    size_t count;
    time_t modified;
    char name[NAME_MAX + 1];
} Oldest;

/* Looks for it among all but `kept`. */
static Oldest find_oldest(DIR *directory, StrView kept)
{
    Oldest oldest = {.count = 0};
    rewinddir(directory);
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        struct stat info;
        if (!sv_starts(sv(entry->d_name), SV(FILE_PREFIX)) ||
            !sv_ends(sv(entry->d_name), SV(FILE_SUFFIX)) ||
            fstatat(dirfd(directory), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
            continue;
        }
        oldest.count++;
        if (sv_equal(sv(entry->d_name), kept)) {
            continue;
        }
        if (oldest.name[0] == '\0' || info.st_mtime < oldest.modified) {
            oldest.modified = info.st_mtime;
            (void)snprintf(oldest.name, sizeof oldest.name, "%s", entry->d_name);
        }
    }
    return oldest;
}

/* Takes out what was not used for longest; what cannot be removed stays. */
static void prune(const char *path, StrView kept)
{
    DIR *directory = opendir(path);
    if (directory == NULL) {
        return;
    }
    Oldest oldest = find_oldest(directory, kept);
    while (oldest.count > WORKSPACE_MAX_FILES && unlinkat(dirfd(directory), oldest.name, 0) == 0) {
        oldest = find_oldest(directory, kept);
    }
    (void)closedir(directory);
}

bool workspace_write(const Workspace *workspace, const char *directory, Err *err)
{
    StrBuf path = {0}, text = {0};
    bool is_good;
    print_path(workspace, directory, &path);
    if (workspace_is_empty(workspace)) {
        is_good = unlink(path.ptr) == 0 || errno == ENOENT || errno == ENOTDIR ||
                  err_set(err, "cannot remove '%s': %s", path.ptr, strerror(errno));
    } else {
        workspace_print(workspace, &text);
        is_good = user_file_write(path.ptr, strbuf_view(&text), err);
        prune(directory, sv_path_last(strbuf_view(&path)));
    }
    strbuf_done(&text);
    strbuf_done(&path);
    return is_good;
}
