/*
 * The save dialog: what, in which form, under which name; then the file is written slice by slice.
 * The dialog stays open until the file is in place, so that nothing typed is lost to a full disk.
 */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/app_state.h"

#define SAVE_SLICE 2000 /* entries between two looks at the keyboard */

static const char *const WHAT_NAMES[SAVE_WHAT_COUNT] = {
    [SAVE_PANE] = "this pane",
    [SAVE_MARKS] = "marked entries",
    [SAVE_RANGE] = "range (v)",
};

static const OutputFormat FORMATS[] = {FORMAT_TEXT, FORMAT_COMPACT, FORMAT_NDJSON, FORMAT_CSV,
                                       FORMAT_MD};

static SaveJob job_of(const App *app)
{
    static const SaveSet SETS[SAVE_WHAT_COUNT] = {
        [SAVE_PANE] = SAVE_SET_VIEW, [SAVE_MARKS] = SAVE_SET_MARKS, [SAVE_RANGE] = SAVE_SET_RANGE};
    EntryNumber cursor = app_selected(app);
    EntryNumber anchor = app->range_anchor != 0 ? app->range_anchor : cursor;

    return (SaveJob){
        .choice = {.set = SETS[app->save.what],
                   .pane = app_pane_index(app),
                   .first = anchor < cursor ? anchor : cursor,
                   .last = anchor < cursor ? cursor : anchor},
        .format = app->save.format,
        .path = app->save.file.text.ptr != NULL ? app->save.file.text.ptr : "",
        .may_replace = app->save.asks_to_replace,
    };
}

/* "mdmscope-Record-20261122-120433.log": what and when, no secrets. */
static void make_name(App *app)
{
    StrBuf name = {0};
    StoreRow row;
    char date[CLOCK_STAMP_MAX] = "";

    app->save.asks_to_replace = false; /* whatever was asked, it was about another file */
    app->save.err = err_none();
    if (app->save.name_is_typed) {
        return;
    }
    strbuf_add_str(&name, "mdmscope-");
    strbuf_add(&name, app->save.what == SAVE_MARKS ? SV("marks") : app_pane(app)->def.id);
    if (app->save.what == SAVE_RANGE) {
        strbuf_add_str(&name, "-range");
    }
    if (app_selected_row(app, &row)) {
        clock_format((Stamp){row.columns->time_ns[row.index], row.columns->zone_minutes[row.index]},
                     CLOCK_FULL, date);
        strbuf_add_char(&name, '-');
        for (size_t i = 0; i < 19 && date[i] != '\0'; i++) {
            if (date[i] >= '0' && date[i] <= '9') {
                strbuf_add_char(&name, date[i]);
            } else if (date[i] == ' ') {
                strbuf_add_char(&name, '-');
            }
        }
    }
    strbuf_add_str(&name, excerpt_format_suffix(app->save.format));
    prompt_open(&app->save.file, strbuf_view(&name), NULL);
    strbuf_done(&name);
}

unsigned app_save_open(App *app)
{
    SaveDialog *save = &app->save;

    if (save->running != NULL) {
        app_say(app, ROLE_OUTCOME_WAIT, "a file is still being written");
        return APP_REDRAW;
    }
    save->is_open = true;
    save->row = SAVE_ROW_WHAT;
    save->err = err_none();
    save->asks_to_replace = false;
    save->name_is_typed = false;
    save->what = app->range_anchor != 0                         ? SAVE_RANGE
                 : marks_count(session_marks(app->session)) > 0 ? SAVE_MARKS
                                                                : SAVE_PANE;
    make_name(app);
    return APP_REDRAW;
}

static void step_choice(App *app, int by)
{
    SaveDialog *save = &app->save;

    if (save->row == SAVE_ROW_WHAT) {
        save->what = (SaveWhat)(((int)save->what + by + SAVE_WHAT_COUNT) % SAVE_WHAT_COUNT);
    } else if (save->row == SAVE_ROW_FORMAT) {
        int at = 0;

        while (FORMATS[at] != save->format) {
            at++;
        }
        save->format = FORMATS[(at + by + (int)ARRAY_LEN(FORMATS)) % (int)ARRAY_LEN(FORMATS)];
    }
    make_name(app);
}

static void begin(App *app)
{
    SaveDialog *save = &app->save;
    SaveJob job = job_of(app);
    bool exists = false;

    save->err = err_none();
    if (save_count_entries(app->session, &job.choice) == 0) {
        (void)err_set(&save->err, "there is nothing to save: no entry is in '%s'",
                      WHAT_NAMES[save->what]);
        return;
    }
    if (job.path[0] == '\0') {
        (void)err_set(&save->err, "the file needs a name");
        return;
    }
    save->running = save_new(app->session, &job, &exists, &save->err);
    if (save->running == NULL && exists) {
        (void)err_set(&save->err, "Enter once more replaces '%s', which exists", job.path);
        save->asks_to_replace = true;
    }
}

bool app_save_step(App *app)
{
    SaveDialog *save = &app->save;
    char number[32];

    if (save->running == NULL) {
        return false;
    }
    if (save_step(save->running, SAVE_SLICE)) {
        return true;
    }
    const Err *err = save_error(save->running);

    if (err->text[0] != '\0') {
        save->err = *err;
    } else {
        app_say(app, ROLE_STATUS_KEY, "saved %s %s to %s",
                app_count(save_count(save->running), number),
                save_count(save->running) == 1 ? "entry" : "entries", save->file.text.ptr);
        if (save_missed(save->running) > 0) {
            app_say(app, ROLE_OUTCOME_WAIT, "saved; %s entries had left the ring meanwhile",
                    app_count(save_missed(save->running), number));
        }
        save->is_open = false;
        app->range_anchor = 0;
    }
    save_free(save->running);
    save->running = NULL;
    return false;
}

static unsigned edit_name(App *app, Key key, StrView paste)
{
    switch (prompt_key(&app->save.file, key, paste)) {
    case PROMPT_CHANGED:
        app->save.name_is_typed = true;
        app->save.asks_to_replace = false;
        return APP_REDRAW;
    case PROMPT_MOVED:
        return APP_REDRAW;
    default:
        return 0;
    }
}

unsigned app_save_key(App *app, Key key, StrView paste)
{
    SaveDialog *save = &app->save;
    bool is_plain = key.mods == 0;

    if (key.code == KEY_CODE_ESCAPE || (key.code == 'c' && key.mods == KEY_CTRL)) {
        save_free(save->running);
        save->running = NULL;
        save->is_open = false;
        return APP_REDRAW;
    }
    if (save->running != NULL) {
        return 0;
    }
    if (key.code == KEY_CODE_ENTER) {
        begin(app);
        return APP_REDRAW;
    }
    if (key.code == KEY_CODE_TAB || (is_plain && key.code == KEY_CODE_DOWN)) {
        save->row = (SaveRow)(((int)save->row + 1) % SAVE_ROW_COUNT);
        return APP_REDRAW;
    }
    if (key.code == KEY_CODE_BACKTAB || (is_plain && key.code == KEY_CODE_UP)) {
        save->row = (SaveRow)(((int)save->row + SAVE_ROW_COUNT - 1) % SAVE_ROW_COUNT);
        return APP_REDRAW;
    }
    if (save->row == SAVE_ROW_FILE) {
        return edit_name(app, key, paste);
    }
    if (key.code == KEY_CODE_LEFT || (is_plain && key.code == 'h')) {
        step_choice(app, -1);
        return APP_REDRAW;
    }
    if (key.code == KEY_CODE_RIGHT || (is_plain && (key.code == 'l' || key.code == ' '))) {
        step_choice(app, 1);
        return APP_REDRAW;
    }
    return 0;
}

/* --- drawing ---------------------------------------------------------------------------------- */

#define DIALOG_WIDTH 76
#define DIALOG_HEIGHT 10

static void draw_choice(const App *app, Canvas *canvas, Rect box, SaveRow row, const char *label,
                        StrView value)
{
    int y = box.y + 2 + (int)row;
    bool is_current = app->save.row == row;

    (void)canvas_text_cut(canvas, box.x + 3, y, 8, ROLE_BOX, sv(label));
    int x = box.x + 12;
    int width = box.width - 15;

    if (row == SAVE_ROW_FILE) {
        size_t from = app_first_shown(value, app->save.file.cursor, width);

        (void)canvas_text(canvas, x, y, width, is_current ? ROLE_PROMPT_TEXT : ROLE_BOX,
                          sv_slice(value, from, SIZE_MAX));
        if (is_current) {
            canvas->cursor_x = x + utf8_width(sv_slice(value, from, app->save.file.cursor - from));
            canvas->cursor_y = y;
        }
        return;
    }
    (void)canvas_printf(canvas, x, y, width, is_current ? ROLE_BOX_KEY : ROLE_BOX,
                        is_current ? "‹ %.*s ›" : "  %.*s", SV_ARG(value));
}

static void draw_foot(const App *app, Canvas *canvas, Rect box, uint64_t entries)
{
    const SaveDialog *save = &app->save;
    int y = box.y + box.height - 4;
    char number[32];

    if (save->running != NULL) {
        (void)canvas_printf(canvas, box.x + 3, y, box.width - 6, ROLE_BOX_TITLE, "writing … %d %%",
                            (int)(100.0 * save_share(save->running)));
    } else if (save->err.text[0] != '\0') {
        (void)canvas_text_cut(canvas, box.x + 3, y, box.width - 6, ROLE_PROMPT_ERROR,
                              sv(save->err.text));
    } else {
        (void)canvas_printf(canvas, box.x + 3, y, box.width - 6, ROLE_BOX_TITLE, "%s %s",
                            app_count(entries, number), entries == 1 ? "entry" : "entries");
    }
    (void)canvas_text_cut(canvas, box.x + 3, y + 2, box.width - 6, ROLE_BOX,
                          SV("↑↓ Tab row · ←→ choice · Enter save · Esc back"));
}

void app_draw_save(App *app, Canvas *canvas)
{
    int width = app->columns - 4 < DIALOG_WIDTH ? app->columns - 4 : DIALOG_WIDTH;
    Rect box = {(app->columns - width) / 2, (app->rows - DIALOG_HEIGHT) / 2, width, DIALOG_HEIGHT};
    SaveJob job = job_of(app);

    if (box.y < 0) {
        box.y = 0;
    }
    if (box.width < 24) {
        box.x = 0;
        box.width = app->columns;
    }
    canvas_fill(canvas, box, ROLE_BOX);
    canvas_box(canvas, box, ROLE_BOX);
    (void)canvas_text_cut(canvas, box.x + 2, box.y, box.width - 4, ROLE_BOX_TITLE,
                          SV(" save an excerpt · as it is, nothing is masked "));
    draw_choice(app, canvas, box, SAVE_ROW_WHAT, "what", sv(WHAT_NAMES[app->save.what]));
    draw_choice(app, canvas, box, SAVE_ROW_FORMAT, "as", sv(excerpt_format_name(app->save.format)));
    draw_choice(app, canvas, box, SAVE_ROW_FILE, "file", prompt_text(&app->save.file));
    draw_foot(app, canvas, box, save_count_entries(app->session, &job.choice));
}
