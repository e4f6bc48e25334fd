/*
 * How the save dialog looks: its rows, count and size, the preview, and what the keys do. On a
 * small screen the rows scroll and the preview goes.
 */
#include <stdio.h>

#include "base/utf8.h"
#include "tui/app_state.h"

#define DIALOG_WIDTH 110
#define DIALOG_HEIGHT 34
#define LABEL_WIDTH 10
#define FOOT_ROWS 2
#define DETAIL_ROWS 7 /* of the entry that is looked at: its message and replacements */
#define MESSAGE_ROWS 2
#define PREVIEW_MIN_ROWS 2

static const char *const LABELS[SAVE_ROW_COUNT] = {
    [SAVE_ROW_WHAT] = "what",       [SAVE_ROW_WHICH] = "which",   [SAVE_ROW_SINCE] = "since",
    [SAVE_ROW_UNTIL] = "until",     [SAVE_ROW_AROUND] = "around", [SAVE_ROW_FORMAT] = "as",
    [SAVE_ROW_SECRETS] = "secrets", [SAVE_ROW_TARGET] = "to",     [SAVE_ROW_FILE] = "file",
};

/* --- rows ------------------------------------------------------------------------------------- */

static void add_value(const App *app, SaveRow row, StrBuf *buf)
{
    const SaveDialog *save = &app->save;
    char number[32];

    switch (row) {
    case SAVE_ROW_WHAT:
        app_save_what_words(app, buf);
        break;
    case SAVE_ROW_WHICH:
        app_save_which_words(app, buf);
        break;
    case SAVE_ROW_AROUND:
        strbuf_printf(buf, "%s entries before and after each", app_count(save->around, number));
        break;
    case SAVE_ROW_FORMAT:
        strbuf_printf(buf, "%s: %s", excerpt_format_name(save->format),
                      excerpt_format_help(save->format));
        break;
    case SAVE_ROW_SECRETS:
        if (save->keeps_secrets) {
            strbuf_add_str(buf, "LEFT IN: serials, names and tokens as logged");
        } else if (save->rules == NULL) {
            strbuf_add_str(buf, "CANNOT BE REPLACED: the rules cannot be read");
        } else if (save->is_learning) {
            strbuf_printf(buf, "replaced by placeholders; looking for them: %.0f %%",
                          100.0 * secrets_share(save->secrets, app->session));
        } else if (save->kept > 0) {
            strbuf_printf(buf, "replaced by placeholders, but for %zu kept", save->kept);
        } else {
            strbuf_add_str(buf, "replaced by placeholders");
        }
        break;
    case SAVE_ROW_TARGET:
        strbuf_add_str(buf, save->to_clipboard ? "the clipboard" : "a file");
        break;
    default:
        break;
    }
}

static const Prompt *prompt_of_row(const SaveDialog *save, SaveRow row)
{
    return row == SAVE_ROW_FILE    ? &save->file
           : row == SAVE_ROW_SINCE ? &save->since
           : row == SAVE_ROW_UNTIL ? &save->until
                                   : NULL;
}

static void draw_prompt(Canvas *canvas, Rect line, const Prompt *prompt, bool is_current)
{
    StrView value = prompt_text(prompt);
    size_t from = app_first_shown(value, prompt->cursor, line.width);

    if (is_current) {
        canvas_fill(canvas, line, ROLE_PROMPT_TEXT);
    }
    (void)canvas_text(canvas, line.x, line.y, line.width, is_current ? ROLE_PROMPT_TEXT : ROLE_BOX,
                      sv_slice(value, from, SIZE_MAX));
    if (value.len == 0 && !is_current) {
        (void)canvas_text_cut(canvas, line.x, line.y, line.width, ROLE_BOX, SV("open"));
    }
    if (is_current) {
        canvas->cursor_x = line.x + utf8_width(sv_slice(value, from, prompt->cursor - from));
        canvas->cursor_y = line.y;
    }
}

static void draw_row(const App *app, Canvas *canvas, Rect line, SaveRow row)
{
    const SaveDialog *save = &app->save;
    const Prompt *prompt = prompt_of_row(save, row);
    bool is_current = save->row == row;
    int x = line.x + LABEL_WIDTH;
    StrBuf value = {0};

    (void)canvas_text_cut(canvas, line.x, line.y, LABEL_WIDTH - 1,
                          is_current ? ROLE_BOX_KEY : ROLE_BOX, sv(LABELS[row]));
    if (prompt != NULL) {
        draw_prompt(canvas, (Rect){x, line.y, line.width - LABEL_WIDTH, 1}, prompt, is_current);
        return;
    }
    Role role = row == SAVE_ROW_SECRETS && save->keeps_secrets ? ROLE_PROMPT_ERROR
                : is_current                                   ? ROLE_BOX_KEY
                                                               : ROLE_BOX;

    add_value(app, row, &value);
    (void)canvas_printf(canvas, x - 2, line.y, line.width - LABEL_WIDTH + 2, role,
                        is_current ? "‹ %.*s ›" : "  %.*s", SV_ARG(strbuf_view(&value)));
    strbuf_done(&value);
}

/* Draws the rows; returns how many lines they took. */
static int draw_rows(const App *app, Canvas *canvas, Rect area)
{
    SaveRow shown[SAVE_ROW_COUNT];
    int count = 0, current = 0;

    for (int row = 0; row < SAVE_ROW_PREVIEW; row++) {
        if (app_save_row_is_shown(app, (SaveRow)row)) {
            current = app->save.row == (SaveRow)row ? count : current;
            shown[count++] = (SaveRow)row;
        }
    }
    if (app->save.row == SAVE_ROW_PREVIEW) {
        current = count - 1;
    }
    int from = current >= area.height ? current - area.height + 1 : 0;
    int lines = count - from < area.height ? count - from : area.height;

    for (int i = 0; i < lines; i++) {
        draw_row(app, canvas, (Rect){area.x, area.y + i, area.width, 1}, shown[from + i]);
    }
    return lines;
}

/* --- preview ---------------------------------------------------------------------------------- */

static void draw_replacements(const App *app, Canvas *canvas, Rect area)
{
    const SavePreview *preview = &app->save.preview;
    StrView rest = strbuf_view(&preview->replacements), line;
    size_t from =
        preview->choice >= (size_t)area.height ? preview->choice - (size_t)area.height + 1 : 0;

    if (preview->replacement_count == 0) {
        (void)canvas_text_cut(canvas, area.x, area.y, area.width, ROLE_BOX,
                              app->save.keeps_secrets ? SV("nothing is replaced anywhere")
                                                      : SV("nothing is replaced in this entry"));
    }
    for (size_t i = 0; sv_next_line(&rest, &line); i++) {
        if (i < from || i >= from + (size_t)area.height) {
            continue;
        }
        size_t tab = sv_find_char(line, '\t');
        StrView placeholder = sv_slice(line, 0, tab);
        StrView other = sv_slice(line, tab + 1, SIZE_MAX);
        size_t second = sv_find_char(other, '\t');
        bool is_chosen = i == preview->choice;

        (void)canvas_printf(canvas, area.x, area.y + (int)(i - from), area.width,
                            is_chosen ? ROLE_BOX_CURRENT : ROLE_BOX, "%s %.*s  for  %.*s  (%.*s)",
                            is_chosen ? "›" : " ", SV_ARG(placeholder),
                            SV_ARG(sv_slice(other, 0, second)),
                            SV_ARG(sv_slice(other, second + 1, SIZE_MAX)));
    }
}

/* Draws a text over as many lines as it needs and `area` has; returns how many. */
static int draw_wrapped(Canvas *canvas, Rect area, Role role, StrView text)
{
    int lines = 0;

    do {
        int width;
        size_t fits = utf8_fit(text, area.width, &width);
        bool is_last = lines + 1 == area.height;

        (void)canvas_text_cut(canvas, area.x, area.y + lines++, area.width, role,
                              is_last ? text : sv_slice(text, 0, fits));
        text = sv_slice(text, fits, SIZE_MAX);
    } while (text.len > 0 && lines < area.height);
    return lines;
}

/* Draws the beginning of the head; the entries have two thirds of the room. */
static int draw_head(const App *app, Canvas *canvas, Rect area)
{
    StrView rest = strbuf_view(&app->save.preview.head), line;
    int rows = area.height / 3;
    int used = 0;

    while (used < rows && sv_next_line(&rest, &line)) {
        if (line.len > 0) {
            bool is_last = used + 1 == rows && rest.len > 0;

            (void)canvas_text_cut(canvas, area.x, area.y + used++, area.width, ROLE_BOX,
                                  is_last ? SV("…") : line);
        }
    }
    return used;
}

static void draw_lines(const App *app, Canvas *canvas, Rect area)
{
    const SavePreview *preview = &app->save.preview;
    bool is_focused = app->save.row == SAVE_ROW_PREVIEW;
    int y = area.y + (is_focused ? 0 : draw_head(app, canvas, area));
    size_t first = 0;

    /* The entry that is looked at must be in sight: lines of the entries before it go. */
    if (is_focused && preview->at >= preview->top + (size_t)area.height) {
        first = preview->at - preview->top - (size_t)area.height + 1;
    }
    for (size_t i = first; i < preview->line_count && y < area.y + area.height; i++) {
        StrView rest = strbuf_view(&preview->lines[i]), line;
        bool is_current = is_focused && preview->top + i == preview->at;

        if (is_focused) {
            (void)canvas_text_cut(canvas, area.x, y++, area.width,
                                  is_current ? ROLE_BOX_CURRENT : ROLE_BOX, rest);
            continue;
        }
        while (y < area.y + area.height && sv_next_line(&rest, &line)) {
            y += draw_wrapped(canvas, (Rect){area.x, y, area.width, area.y + area.height - y},
                              ROLE_BOX, line);
        }
    }
}

static void draw_preview(const App *app, Canvas *canvas, Rect area)
{
    const SavePreview *preview = &app->save.preview;
    bool is_focused = app->save.row == SAVE_ROW_PREVIEW;
    char number[32], all[32];

    canvas_hline(canvas, area.x - 2, area.y, area.width + 4, ROLE_BOX);
    if (is_focused && preview->numbers.count > 0) {
        (void)canvas_printf(canvas, area.x, area.y, area.width, ROLE_BOX_KEY,
                            " entry %s of %s, as it will be ", app_count(preview->at + 1, number),
                            app_count(preview->numbers.count, all));
    } else {
        (void)canvas_text_cut(canvas, area.x, area.y, area.width, ROLE_BOX_TITLE,
                              app->save.keeps_secrets
                                  ? SV(" preview ")
                                  : SV(" preview · Tab to here: what is replaced, and why "));
    }
    int rows = area.height - 1;
    int detail = is_focused ? (rows > DETAIL_ROWS + 2 ? DETAIL_ROWS : rows - 1) : 0;

    draw_lines(app, canvas, (Rect){area.x, area.y + 1, area.width, rows - detail});
    if (detail > 0) {
        int message = detail > MESSAGE_ROWS ? MESSAGE_ROWS : 0;
        int y = area.y + 1 + rows - detail;

        if (message > 0) {
            (void)draw_wrapped(canvas, (Rect){area.x, y, area.width, message}, ROLE_BOX_TITLE,
                               strbuf_view(&preview->message));
        }
        draw_replacements(app, canvas, (Rect){area.x, y + message, area.width, detail - message});
    }
}

/* --- foot ------------------------------------------------------------------------------------- */

static void size_words(uint64_t bytes, char *buf, size_t size)
{
    if (bytes < 10 * KIB) {
        (void)snprintf(buf, size, "%u bytes", (unsigned)bytes);
    } else if (bytes < 10 * MIB) {
        (void)snprintf(buf, size, "%u KB", (unsigned)(bytes / KIB));
    } else {
        (void)snprintf(buf, size, "%u MB", (unsigned)(bytes / MIB));
    }
}

static void draw_state(const App *app, Canvas *canvas, Rect line)
{
    const SaveDialog *save = &app->save;
    char number[32], size[32];

    if (save->running != NULL) {
        (void)canvas_printf(canvas, line.x, line.y, line.width, ROLE_BOX_TITLE, "writing … %d %%",
                            (int)(100.0 * save_share(save->running)));
    } else if (save->err.text[0] != '\0') {
        (void)canvas_text_cut(canvas, line.x, line.y, line.width, ROLE_PROMPT_ERROR,
                              sv(save->err.text));
    } else {
        size_words(save->preview.bytes, size, sizeof size);
        (void)canvas_printf(canvas, line.x, line.y, line.width, ROLE_BOX_TITLE, "%s %s, about %s%s",
                            app_count(save->preview.entries, number),
                            save->preview.entries == 1 ? "entry" : "entries", size,
                            excerpt_has_facts(save->format) ? " and its head" : "");
    }
}

static void draw_foot(const App *app, Canvas *canvas, Rect area)
{
    static const char *const KEYS[] = {"Enter save · ↑↓ Tab row · ←→ choice · Esc back",
                                       "Enter copy · ↑↓ Tab row · ←→ choice · Esc back"};
    const SaveDialog *save = &app->save;
    StrView err = sv(save->err.text);

    if (save->running == NULL && utf8_width(err) > area.width) {
        (void)draw_wrapped(canvas, area, ROLE_PROMPT_ERROR, err); /* instead of the keys */
        return;
    }
    draw_state(app, canvas, area);
    (void)canvas_text_cut(canvas, area.x, area.y + 1, area.width, ROLE_BOX,
                          save->running != NULL ? SV("Esc gives it up")
                          : save->row == SAVE_ROW_PREVIEW
                              ? SV("↑↓ entry · n N next replaced · ←→ value · k keep · "
                                   "K mask again · Tab")
                              : sv(KEYS[save->to_clipboard]));
}

void app_draw_save(App *app, Canvas *canvas)
{
    int width = app->columns - 4 < DIALOG_WIDTH ? app->columns - 4 : DIALOG_WIDTH;
    int height = app->rows - 2 < DIALOG_HEIGHT ? app->rows - 2 : DIALOG_HEIGHT;

    app_save_preview_count(app);
    width = width < 60 ? app->columns : width;
    height = height < 14 ? app->rows : height;
    Rect box = {(app->columns - width) / 2, (app->rows - height) / 2, width, height};
    Rect inner = {box.x + 3, box.y + 1, box.width - 6, box.height - 2 - FOOT_ROWS};

    canvas_fill(canvas, box, ROLE_BOX);
    canvas_box(canvas, box, ROLE_BOX);
    (void)canvas_text_cut(canvas, box.x + 2, box.y, box.width - 4, ROLE_BOX_TITLE,
                          app->save.keeps_secrets ? SV(" save an excerpt · SECRETS LEFT IN ")
                                                  : SV(" save an excerpt "));
    int used = draw_rows(app, canvas, inner);
    Rect preview = {inner.x, inner.y + used, inner.width, inner.height - used};

    if (preview.height > PREVIEW_MIN_ROWS) {
        draw_preview(app, canvas, preview);
    } else if (app->save.row == SAVE_ROW_PREVIEW && inner.height > PREVIEW_MIN_ROWS) {
        canvas_fill(canvas, (Rect){inner.x - 2, inner.y, inner.width + 4, inner.height}, ROLE_BOX);
        draw_preview(app, canvas, inner);
    }
    draw_foot(app, canvas, (Rect){inner.x, inner.y + inner.height, inner.width, FOOT_ROWS});
}
