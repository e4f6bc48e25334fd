/*
 * The save dialog's preview: how many entries it will be and how large, their first lines as they
 * will stand in the file, and of each entry what is replaced and why. Entries go through the
 * redaction in order, so that placeholders have the numbers they will have.
 */
#include "base/utf8.h"
#include "tui/app_state.h"

#define SAMPLE_ENTRIES 48     /* by which the size is guessed */
#define FIND_ENTRIES 500      /* looked at in search of a replacement, before giving up */
#define REPLACEMENTS_SHOWN 64 /* of an entry */
#define PREVIEW_BYTES 4096    /* of an entry's lines */

static bool find_row(const App *app, size_t index, StoreRow *ret_row)
{
    const SavePreview *preview = &app->save.preview;

    return index < preview->numbers.count &&
           save_find_row(app->session, preview->numbers.items[index], ret_row);
}

static StrView host_of(const App *app, const StoreRow *row)
{
    return session_host(app->session, row->columns->source[row->index]);
}

/* --- count and size --------------------------------------------------------------------------- */

/* Guesses the size by entries from all over; redaction changes little about it. */
static void measure(App *app)
{
    SavePreview *preview = &app->save.preview;
    size_t count = preview->numbers.count;
    size_t step = count > SAMPLE_ENTRIES ? count / SAMPLE_ENTRIES : 1;
    uint64_t bytes = 0, seen = 0;
    Excerpt excerpt;
    StrBuf text = {0};

    excerpt_init(&excerpt, app->save.format, false, NULL);
    excerpt.skips_sum = true;
    for (size_t i = 0; i < count; i += step) {
        StoreRow row;

        if (find_row(app, i, &row)) {
            strbuf_clear(&text);
            excerpt_add(&excerpt, row.columns, row.index, host_of(app, &row), &text);
            bytes += text.len;
            seen++;
        }
    }
    preview->bytes = seen == 0 ? 0 : (uint64_t)((double)bytes / (double)seen * (double)count);
    excerpt_done(&excerpt);
    strbuf_done(&text);
}

/* --- lines ------------------------------------------------------------------------------------ */

/* Lets the entries before `index` go through the redaction, each once. */
static void catch_up(App *app, size_t index)
{
    SavePreview *preview = &app->save.preview;

    for (; preview->redaction != NULL && preview->seen < index; preview->seen++) {
        Excerpt excerpt;
        StoreRow row;
        StrBuf text = {0};

        if (!find_row(app, preview->seen, &row)) {
            continue;
        }
        excerpt_init(&excerpt, FORMAT_NDJSON, false, preview->redaction);
        excerpt.skips_sum = true;
        excerpt_add(&excerpt, row.columns, row.index, host_of(app, &row), &text);
        excerpt_done(&excerpt);
        strbuf_done(&text);
    }
}

/* "08:42:00 mdmclient: MESSAGE", to go through the entries; else as the form has it. */
static void add_brief(App *app, const StoreRow *row, StrBuf *line)
{
    SavePreview *preview = &app->save.preview;
    Entry entry, seen;
    char time[CLOCK_STAMP_MAX];
    StrBuf scratch = {0};

    columns_entry_full(row->columns, row->index, &scratch, &entry);
    seen = entry;
    if (preview->redaction != NULL) {
        (void)redaction_entry(preview->redaction, &entry, &seen);
    }
    clock_format(entry.time, CLOCK_SECOND, time);
    strbuf_printf(line, "%s ", time);
    strbuf_add(line, seen.process);
    strbuf_add_str(line, ": ");
    utf8_visible(line, sv_slice(seen.message, 0, PREVIEW_BYTES));
    strbuf_done(&scratch);
}

static void add_formed(App *app, const StoreRow *row, StrBuf *line)
{
    Excerpt excerpt;

    excerpt_init(&excerpt, app->save.format, sources_count(session_sources(app->session)) > 1,
                 app->save.preview.redaction);
    excerpt_know_sources(&excerpt, session_sources(app->session));
    excerpt.skips_sum = true;
    excerpt_add(&excerpt, row->columns, row->index, host_of(app, row), line);
    excerpt_done(&excerpt);
}

static void draw_lines(App *app)
{
    SavePreview *preview = &app->save.preview;
    bool is_blind = !app->save.keeps_secrets && app->save.rules == NULL; /* it would be untrue */

    preview->line_count = 0;
    for (size_t i = 0; i < ARRAY_LEN(preview->lines); i++) {
        StrBuf *line = &preview->lines[i];
        StoreRow row;

        strbuf_clear(line);
        if (is_blind || !find_row(app, preview->top + i, &row)) {
            break;
        }
        if (app->save.row == SAVE_ROW_PREVIEW) {
            add_brief(app, &row, line);
        } else {
            add_formed(app, &row, line);
        }
        if (line->len > PREVIEW_BYTES) {
            strbuf_replace(line, PREVIEW_BYTES, line->len - PREVIEW_BYTES, SV(""));
        }
        preview->line_count++;
    }
}

/* --- one entry -------------------------------------------------------------------------------- */

static void list_replacements(SavePreview *preview)
{
    size_t count;
    const Replacement *items = redaction_replacements(preview->redaction, &count);

    for (size_t i = 0; i < count && preview->replacement_count < REPLACEMENTS_SHOWN; i++) {
        StrBuf line = {0};

        strbuf_add(&line, items[i].placeholder);
        strbuf_add_char(&line, '\t');
        strbuf_add(&line, items[i].original);
        strbuf_printf(&line, "\t%s", items[i].why);
        for (size_t k = 0; k < line.len; k++) {
            line.ptr[k] = line.ptr[k] == '\n' ? ' ' : line.ptr[k];
        }
        strbuf_add_char(&line, '\n');
        /* The raw bytes have each text once more; one line for all places of a value. */
        if (sv_find(strbuf_view(&preview->replacements), strbuf_view(&line)) == SIZE_MAX) {
            strbuf_add(&preview->replacements, strbuf_view(&line));
            preview->replacement_count++;
        }
        strbuf_done(&line);
    }
}

static void look_at(App *app)
{
    SavePreview *preview = &app->save.preview;
    StrBuf scratch = {0};
    StoreRow row;
    Entry entry, seen;

    strbuf_clear(&preview->message);
    strbuf_clear(&preview->replacements);
    preview->replacement_count = 0;
    if ((app->save.keeps_secrets || preview->redaction != NULL) &&
        find_row(app, preview->at, &row)) {
        columns_entry_full(row.columns, row.index, &scratch, &entry);
        seen = entry;
        if (preview->redaction != NULL) {
            catch_up(app, preview->at);
            (void)redaction_entry(preview->redaction, &entry, &seen);
            list_replacements(preview);
        }
        strbuf_add(&preview->message, seen.message);
    }
    if (preview->choice >= preview->replacement_count) {
        preview->choice = 0;
    }
    strbuf_done(&scratch);
}

static void make_head(App *app)
{
    SavePreview *preview = &app->save.preview;
    SaveJob job;
    StrBuf words = {0};

    strbuf_clear(&preview->head);
    if (app_save_job(app, &job) && (app->save.keeps_secrets || preview->redaction != NULL)) {
        app_save_full_words(app, &words);
        job.what = strbuf_view(&words);
        save_print_head(app->session, &job, preview->redaction, &preview->head);
    }
    strbuf_done(&words);
}

void app_save_preview_restart(App *app)
{
    SavePreview *preview = &app->save.preview;

    redaction_free(preview->redaction);
    preview->redaction = app->save.keeps_secrets ? NULL : app_secrets_redaction(app);
    make_head(app);
    preview->seen = 0;
    catch_up(app, preview->top); /* numbers are those of the file */
    draw_lines(app);
    look_at(app);
}

void app_save_preview(App *app)
{
    SavePreview *preview = &app->save.preview;
    SaveJob job;

    save_numbers_done(&preview->numbers);
    preview->made_at = app->now;
    preview->at = 0;
    preview->top = 0;
    preview->entries = 0;
    if (app_save_job(app, &job)) {
        save_numbers_take(app->session, &job.choice, &preview->numbers);
        preview->entries = save_count_entries(app->session, &job.choice);
    }
    measure(app);
    app_save_preview_restart(app);
}

void app_save_preview_count(App *app)
{
    SavePreview *preview = &app->save.preview;
    bool is_cheap = app->save.what == SAVE_PANE || app->save.what == SAVE_ALL;
    SaveJob job;
    StoreRow row;

    if (is_cheap && app->save.row != SAVE_ROW_PREVIEW && preview->numbers.count > 0 &&
        !find_row(app, 0, &row) && app->now - preview->made_at >= NS_PER_SECOND) {
        app_save_preview(app); /* the ring has given up what it shows */
        app_save_make_name(app);
    }
    if (!is_cheap || !app_save_job(app, &job)) {
        return;
    }
    uint64_t entries = save_count_entries(app->session, &job.choice);

    if (preview->entries > 0) {
        preview->bytes =
            (uint64_t)((double)preview->bytes / (double)preview->entries * (double)entries);
    }
    preview->entries = entries;
}

void app_save_preview_redraw(App *app)
{
    draw_lines(app);
    look_at(app);
}

void app_save_preview_move(App *app, int by)
{
    SavePreview *preview = &app->save.preview;

    if (by < 0) {
        preview->at -= preview->at < (size_t)-by ? preview->at : (size_t)-by;
    } else if (preview->numbers.count > 0) {
        size_t left = preview->numbers.count - 1 - preview->at;

        preview->at += left < (size_t)by ? left : (size_t)by;
    }
    preview->choice = 0;
    catch_up(app, preview->at);
    if (preview->at < preview->top || preview->at >= preview->top + SAVE_PREVIEW_LINES / 4) {
        preview->top = preview->at;
        draw_lines(app);
    }
    look_at(app);
}

bool app_save_preview_find(App *app, int by)
{
    SavePreview *preview = &app->save.preview;
    size_t at = preview->at;

    for (int i = 0; i < FIND_ENTRIES; i++) {
        size_t before = preview->at;

        app_save_preview_move(app, by);
        if (preview->at == before) {
            break;
        }
        if (preview->replacement_count > 0) {
            return true;
        }
    }
    preview->at = at;
    app_save_preview_move(app, 0);
    return false;
}

void app_save_preview_choose(App *app, int by)
{
    SavePreview *preview = &app->save.preview;
    size_t count = preview->replacement_count;

    if (count > 0) {
        preview->choice = (preview->choice + count + (by > 0 ? 1 : count - 1)) % count;
    }
}

bool app_save_preview_keep(App *app)
{
    SavePreview *preview = &app->save.preview;
    StrView rest = strbuf_view(&preview->replacements);
    StrView line = SV_NONE;

    for (size_t i = 0; i <= preview->choice && sv_next_line(&rest, &line); i++) {
    }
    size_t tab = sv_find_char(line, '\t');

    if (preview->replacement_count == 0 || tab == SIZE_MAX) {
        return err_set(&app->save.err, "nothing is replaced in this entry");
    }
    line = sv_slice(line, tab + 1, SIZE_MAX);
    line = sv_slice(line, 0, sv_find_char(line, '\t'));
    if (!redaction_keep(app->save.preview.redaction, line)) {
        return err_set(&app->save.err, "no more than %d values can be kept", REDACT_KEEP_MAX);
    }
    app->save.kept++;
    app_save_preview_restart(app);
    return true;
}

void app_save_preview_forget(App *app)
{
    if (app->save.kept > 0) {
        app_secrets_forget(app);
        app_save_preview_restart(app);
    }
}

void app_save_preview_done(App *app)
{
    SavePreview *preview = &app->save.preview;

    save_numbers_done(&preview->numbers);
    for (size_t i = 0; i < ARRAY_LEN(preview->lines); i++) {
        strbuf_done(&preview->lines[i]);
    }
    strbuf_done(&preview->head);
    strbuf_done(&preview->message);
    strbuf_done(&preview->replacements);
    redaction_free(preview->redaction);
    preview->redaction = NULL;
}
