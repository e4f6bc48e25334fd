/*
 * Save: the numbers of the entries are taken down at the start, so that what arrives later does not
 * get in; their bytes are fetched slice by slice. No screen, no dialog.
 */
#include "session/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define WRITE_AT (256 * KIB) /* bytes gathered before a write */

struct Save {
    Session *session;
    OutputFormat format;
    ExcerptHead head;
    bool from_marks;
    EntryNumber *numbers;
    size_t count;
    size_t at;
    StrBuf buf;
    StrBuf scratch;
    char *path;
    char *temporary;
    int fd;
    uint64_t written;
    uint64_t missed;
    Err err;
};

static bool save_fail(Save *save, const char *what)
{
    return err_set(&save->err, "%s '%s': %s", what, save->path, strerror(errno));
}

/* Notices are rows of a view, but no entries. */
static void add_number(Save *save, size_t *capacity, EntryNumber number)
{
    StoreRow row;

    if (store_find(session_store(save->session), number, &row) &&
        row.columns->kind[row.index] == KIND_NOTICE) {
        return;
    }
    mem_grow((void **)&save->numbers, capacity, save->count, sizeof *save->numbers);
    save->numbers[save->count++] = number;
}

static void gather(Save *save, const SaveJob *job)
{
    size_t capacity = 0;

    if (job->set == SAVE_SET_MARKS) {
        const Marks *marks = session_marks(save->session);

        for (size_t i = 0; i < marks_count(marks); i++) {
            mem_grow((void **)&save->numbers, &capacity, save->count, sizeof *save->numbers);
            save->numbers[save->count++] = marks_get(marks, i);
        }
        return;
    }
    const View *view = session_pane(save->session, job->pane)->view;
    size_t row = job->set == SAVE_SET_RANGE ? view_find(view, job->first) : 0;

    for (; row < view_len(view); row++) {
        EntryNumber number = view_get(view, row);

        if (job->set == SAVE_SET_RANGE && number > job->last) {
            break;
        }
        if (job->set != SAVE_SET_RANGE || number >= job->first) {
            add_number(save, &capacity, number);
        }
    }
}

static void make_head(Save *save, const SaveJob *job)
{
    SourceStatus status;
    Sources *sources = session_sources(save->session);

    if (sources_count(sources) > 0) {
        sources_status(sources, 0, &status);
        save->head.source = status.name;
    }
    save->head.has_hosts = sources_count(sources) > 1;
    if (job->set != SAVE_SET_MARKS) {
        StrView text = strbuf_view(&session_pane(save->session, job->pane)->predicate);

        save->head.predicate = text.len > 0 ? text : SV_NONE;
    }
}

static bool open_temporary(Save *save)
{
    size_t size = strlen(save->path) + sizeof ".XXXXXX";

    save->temporary = mem_alloc(size);
    (void)snprintf(save->temporary, size, "%s.XXXXXX", save->path); /* fits by its size */

    save->fd = mkstemp(save->temporary); /* mode 0600 */
    if (save->fd < 0) {
        mem_free(save->temporary);
        save->temporary = NULL;
        return save_fail(save, "cannot write");
    }
    (void)fcntl(save->fd, F_SETFD, FD_CLOEXEC); /* children only hold it open longer */
    return true;
}

Save *save_new(Session *session, const SaveJob *job, bool *ret_exists, Err *err)
{
    struct stat there;

    if (!job->may_replace && lstat(job->path, &there) == 0) {
        if (ret_exists != NULL) {
            *ret_exists = true;
        }
        (void)err_set(err, "'%s' exists", job->path);
        return NULL;
    }
    Save *save = mem_calloc(1, sizeof *save);

    save->session = session;
    save->format = job->format;
    save->from_marks = job->set == SAVE_SET_MARKS;
    save->path = mem_dup(job->path, strlen(job->path));
    save->fd = -1;
    save->err = err_none();
    if (!open_temporary(save)) {
        if (err != NULL) {
            *err = save->err;
        }
        save_free(save);
        return NULL;
    }
    gather(save, job);
    make_head(save, job);
    excerpt_begin(save->format, &save->head, &save->buf);
    return save;
}

void save_free(Save *save)
{
    if (save == NULL) {
        return;
    }
    if (save->fd >= 0) {
        (void)close(save->fd); /* an unfinished file is thrown away */
    }
    if (save->temporary != NULL) {
        (void)unlink(save->temporary);
    }
    mem_free(save->temporary);
    mem_free(save->path);
    mem_free(save->numbers);
    strbuf_done(&save->buf);
    strbuf_done(&save->scratch);
    mem_free(save);
}

static bool write_out(Save *save)
{
    StrView rest = strbuf_view(&save->buf);

    while (rest.len > 0) {
        ssize_t done = write(save->fd, rest.ptr, rest.len);

        if (done < 0 && errno != EINTR) {
            return save_fail(save, "cannot write");
        }
        if (done > 0) {
            rest = sv_slice(rest, (size_t)done, SIZE_MAX);
        }
    }
    strbuf_clear(&save->buf);
    return true;
}

static void put_entry(Save *save, size_t index)
{
    StoreRow row;

    if (save->from_marks) {
        const Marks *marks = session_marks(save->session);

        if (index >= marks_count(marks) || marks_get(marks, index) != save->numbers[index]) {
            save->missed++;
            return;
        }
        row = marks_row(marks, index);
    } else if (!store_find(session_store(save->session), save->numbers[index], &row)) {
        save->missed++;
        return;
    }
    excerpt_entry(save->format, &save->head, row.columns, row.index,
                  session_host(save->session, row.columns->source[row.index]), &save->scratch,
                  &save->buf);
    save->written++;
}

static bool finish(Save *save)
{
    excerpt_end(save->format, save->written, &save->buf);
    if (!write_out(save)) {
        return false;
    }
    if (fsync(save->fd) != 0) {
        return save_fail(save, "cannot write");
    }
    int fd = save->fd;

    save->fd = -1;
    if (close(fd) != 0) {
        return save_fail(save, "cannot write");
    }
    if (rename(save->temporary, save->path) != 0) {
        return save_fail(save, "cannot put in place");
    }
    mem_free(save->temporary);
    save->temporary = NULL;
    return true;
}

bool save_step(Save *save, size_t rows)
{
    if (save->err.text[0] != '\0' || save->temporary == NULL) {
        return false;
    }
    for (; rows > 0 && save->at < save->count; rows--) {
        put_entry(save, save->at++);
        if (save->buf.len >= WRITE_AT && !write_out(save)) {
            return false;
        }
    }
    if (save->at < save->count) {
        return true;
    }
    (void)finish(save); /* what failed is in save->err */
    return false;
}

const Err *save_error(const Save *save)
{
    return &save->err;
}

uint64_t save_count(const Save *save)
{
    return save->written;
}

uint64_t save_missed(const Save *save)
{
    return save->missed;
}

double save_share(const Save *save)
{
    return save->count == 0 ? 1.0 : (double)save->at / (double)save->count;
}

uint64_t save_estimate(Session *session, const SaveJob *job)
{
    if (job->set == SAVE_SET_MARKS) {
        return marks_count(session_marks(session));
    }
    const View *view = session_pane(session, job->pane)->view;

    if (job->set == SAVE_SET_VIEW) {
        return view_counts(view).entries;
    }
    size_t from = view_find(view, job->first);
    size_t to = view_find(view, job->last);

    return view_len(view) == 0 ? 0 : (uint64_t)(to - from + 1);
}
