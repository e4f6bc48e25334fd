/*
 * Save: the numbers of the entries are taken down at the start, so that what arrives later does not
 * get in; their bytes are fetched slice by slice. No screen, no dialog.
 */
#include "session/save.h"

#include "base/mem.h"
#include "session/file_out.h"

#define WRITE_AT (256 * KIB) /* bytes gathered before a write */

struct Save {
    Session *session;
    OutputFormat format;
    ExcerptHead head;
    StrBuf head_texts; /* what the head borrows */
    bool from_marks;
    EntryNumber *numbers;
    size_t count;
    size_t at;
    StrBuf buf;
    StrBuf scratch;
    FileOut file;
    bool is_over; /* the file is in place, or something failed */
    uint64_t written;
    uint64_t missed;
    Err err;
};

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
    bool is_range = job->set == SAVE_SET_RANGE;
    size_t row = is_range ? view_find_from(view, job->first) : 0;
    size_t end = is_range ? view_find_from(view, job->last + 1) : view_len(view);

    for (; row < end; row++) {
        add_number(save, &capacity, view_get(view, row));
    }
}

/* Copies what the head says: the pane's predicate may change while the file is written. */
static void make_head(Save *save, const SaveJob *job)
{
    SourceStatus status;
    Sources *sources = session_sources(save->session);
    StrView source = SV_NONE;
    StrView predicate = SV_NONE;

    if (sources_count(sources) > 0) {
        sources_status(sources, 0, &status);
        source = status.name;
    }
    if (job->set != SAVE_SET_MARKS) {
        predicate = strbuf_view(&session_pane(save->session, job->pane)->predicate);
    }
    strbuf_add(&save->head_texts, source);
    strbuf_add(&save->head_texts, predicate);
    StrView texts = strbuf_view(&save->head_texts);

    save->head.has_hosts = sources_count(sources) > 1;
    save->head.source = source.ptr != NULL ? sv_slice(texts, 0, source.len) : SV_NONE;
    save->head.predicate = predicate.len > 0 ? sv_slice(texts, source.len, predicate.len) : SV_NONE;
}

Save *save_new(Session *session, const SaveJob *job, bool *ret_exists, Err *err)
{
    FileOut file;

    if (!file_out_begin(&file, job->path, job->may_replace, ret_exists, err)) {
        return NULL;
    }
    Save *save = mem_calloc(1, sizeof *save);

    save->session = session;
    save->format = job->format;
    save->from_marks = job->set == SAVE_SET_MARKS;
    save->file = file;
    save->err = err_none();
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
    file_out_done(&save->file);
    mem_free(save->numbers);
    strbuf_done(&save->head_texts);
    strbuf_done(&save->buf);
    strbuf_done(&save->scratch);
    mem_free(save);
}

static bool write_out(Save *save)
{
    bool is_good = file_out_write(&save->file, strbuf_view(&save->buf), &save->err);

    strbuf_clear(&save->buf);
    return is_good;
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
    return write_out(save) && file_out_commit(&save->file, &save->err);
}

bool save_step(Save *save, size_t rows)
{
    if (save->is_over) {
        return false;
    }
    for (; rows > 0 && save->at < save->count; rows--) {
        put_entry(save, save->at++);
        if (save->buf.len >= WRITE_AT && !write_out(save)) {
            save->is_over = true;
            return false;
        }
    }
    if (save->at < save->count) {
        return true;
    }
    (void)finish(save); /* what failed is in save->err */
    save->is_over = true;
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
    return view_count_entries(view, view_find_from(view, job->first),
                              view_find_from(view, job->last + 1));
}
