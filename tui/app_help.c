/*
 * The help: the table of commands as a box over the list. It has no words of its own about keys.
 */
#include "tui/app_state.h"

#define KEYS_WIDTH 22

static void put_line(Canvas *canvas, Rect box, int *row, int skip, Role role, const char *keys,
                     const char *text)
{
    int y = box.y + 1 + *row - skip;

    if (*row >= skip && y < box.y + box.height - 1) {
        if (keys != NULL) {
            (void)canvas_text_cut(canvas, box.x + 3, y, KEYS_WIDTH, ROLE_BOX_KEY, sv(keys));
            (void)canvas_text_cut(canvas, box.x + 4 + KEYS_WIDTH, y, box.width - KEYS_WIDTH - 6,
                                  role, sv(text));
        } else {
            (void)canvas_text_cut(canvas, box.x + 2, y, box.width - 4, role, sv(text));
        }
    }
    (*row)++;
}

static const char *const GLYPH_LINES[][2] = {
    {"✗  ✓  ◷", "an entry in which a stage of the enrolment failed, went well, waits"},
    {"▸  ›  ·", "one in which a stage begins, goes on, is spoken of"},
    {"E  F  i  d", "level Error, Fault, Info, Debug; none is Default. Not a verdict: Apple logs"},
    {"", "harmless things as Error and a failed command as Default"},
    {"◆  ▌", "marked, selected"},
    {"?", "a line that is no entry: shown as it came"},
};

static void put_command(const App *app, Canvas *canvas, Rect box, int *row, int skip,
                        const Command *command)
{
    StrBuf keys = {0};

    keymap_print_keys(app->keymap, command, 4, &keys);
    put_line(canvas, box, row, skip, ROLE_BOX, keys.len > 0 ? keys.ptr : "", command->help);
    strbuf_done(&keys);
}

/* The commands of a mode, or those of a group in the list. */
static void put_commands(const App *app, Canvas *canvas, Rect box, int *row, int skip, Mode mode,
                         int group)
{
    for (const Command *command = COMMANDS; command->name != NULL; command++) {
        if (command->mode == mode && (mode != MODE_LIST || (int)command->group == group) &&
            (command->flags & COMMAND_ALIKE) == 0) {
            put_command(app, canvas, box, row, skip, command);
        }
    }
    (*row)++;
}

/* First the keys of where the user is, then all others. */
static int put_all(const App *app, Canvas *canvas, Rect box, int skip)
{
    static const struct {
        Mode mode;
        const char *title;
    } PLACES[] = {
        {MODE_DETAIL, "In the whole entry"},
        {MODE_HISTOGRAM, "Along the histogram"},
    };
    int row = 0;

    for (size_t i = 0; i < ARRAY_LEN(PLACES); i++) {
        if (PLACES[i].mode == app->help_from) {
            put_line(canvas, box, &row, skip, ROLE_BOX_TITLE, NULL, PLACES[i].title);
            put_commands(app, canvas, box, &row, skip, PLACES[i].mode, 0);
        }
    }
    for (int group = 0; group < GROUP_COUNT; group++) {
        put_line(canvas, box, &row, skip, ROLE_BOX_TITLE, NULL,
                 command_group_name((CommandGroup)group));
        put_commands(app, canvas, box, &row, skip, MODE_LIST, group);
    }
    for (size_t i = 0; i < ARRAY_LEN(PLACES); i++) {
        if (PLACES[i].mode != app->help_from) {
            put_line(canvas, box, &row, skip, ROLE_BOX_TITLE, NULL, PLACES[i].title);
            put_commands(app, canvas, box, &row, skip, PLACES[i].mode, 0);
        }
    }
    put_line(canvas, box, &row, skip, ROLE_BOX_TITLE, NULL, "In the list");
    for (size_t i = 0; i < ARRAY_LEN(GLYPH_LINES); i++) {
        put_line(canvas, box, &row, skip, ROLE_BOX, GLYPH_LINES[i][0], GLYPH_LINES[i][1]);
    }
    return row;
}

void app_draw_help(App *app, Canvas *canvas)
{
    int width = app->columns > 100 ? 96 : app->columns - 4;
    int height = app->rows > 8 ? app->rows - 4 : app->rows;
    Rect box = {(app->columns - width) / 2, (app->rows - height) / 2, width, height};

    if (width < 20 || height < 3) {
        box = (Rect){0, 0, app->columns, app->rows};
    }
    canvas_fill(canvas, box, ROLE_BOX);
    canvas_box(canvas, box, ROLE_BOX);
    (void)canvas_text_cut(canvas, box.x + 2, box.y, box.width - 4, ROLE_BOX_TITLE,
                          SV(" keys · j k scroll · q or Esc back "));
    int rows = put_all(app, canvas, box, app->help_scroll);
    int most = rows - (box.height - 2);

    if (most < 0) {
        most = 0;
    }
    if (app->help_scroll > most) { /* scrolled past the end: once more, at the end */
        app->help_scroll = most;
        canvas_fill(canvas, (Rect){box.x + 1, box.y + 1, box.width - 2, box.height - 2}, ROLE_BOX);
        (void)put_all(app, canvas, box, app->help_scroll);
    }
    if (app->help_scroll < most) {
        (void)canvas_printf(canvas, box.x + box.width - 14, box.y + box.height - 1, 12,
                            ROLE_BOX_TITLE, " ↓ %d more ", most - app->help_scroll);
    }
}
