/*
 * The help: the table of commands as a box over the list. It has no words of its own about keys.
 */
#include "tui/app_state.h"

#define KEYS_WIDTH 22
#define KEYS_SHOWN 4 /* of a command that has more */

/* The help as it is written, row by row. */
typedef struct Writing {
    const App *app;
    Canvas *canvas;
    Rect box;
    int skip; /* rows scrolled off */
    int row;  /* the next one */
} Writing;

/* Where the next row stands on the canvas; -1 = it is not in sight. */
static int next_y(Writing *writing)
{
    int y = writing->box.y + 1 + writing->row - writing->skip;
    bool is_seen = writing->row >= writing->skip && y < writing->box.y + writing->box.height - 1;

    writing->row++;
    return is_seen ? y : -1;
}

static void put_line(Writing *writing, const char *keys, const char *text)
{
    Rect box = writing->box;
    int y = next_y(writing);

    if (y >= 0) {
        int room = box.width - 4;

        (void)canvas_text_cut(writing->canvas, box.x + 3, y, room < KEYS_WIDTH ? room : KEYS_WIDTH,
                              ROLE_BOX_KEY, sv(keys));
        (void)canvas_text_cut(writing->canvas, box.x + 4 + KEYS_WIDTH, y,
                              box.width - KEYS_WIDTH - 6, ROLE_BOX, sv(text));
    }
}

static void put_head(Writing *writing, const char *text)
{
    int y = next_y(writing);

    if (y >= 0) {
        (void)canvas_text_cut(writing->canvas, writing->box.x + 2, y, writing->box.width - 4,
                              ROLE_BOX_TITLE, sv(text));
    }
}

static const char *const GLYPH_LINES[][2] = {
    {"✗  ✓  ◷", "an entry in which a stage of the enrolment failed, went well, waits"},
    {"▸  ›  ·", "one in which a stage begins, goes on, is spoken of"},
    {"E  F  i  d", "level Error, Fault, Info, Debug; none is Default. Not a verdict: Apple logs"},
    {"", "harmless things as Error and a failed command as Default"},
    {"◆  ▌", "marked, selected"},
    {"?", "a line that is no entry: shown as it came"},
};

static void put_command(Writing *writing, const Command *command)
{
    StrBuf keys = {0};

    keymap_print_keys(writing->app->keymap, command, KEYS_SHOWN, &keys);
    put_line(writing, keys.len > 0 ? keys.ptr : "", command->help);
    strbuf_done(&keys);
}

/* The commands of a mode, or those of a group in the list. */
static void put_commands(Writing *writing, Mode mode, int group)
{
    for (const Command *command = COMMANDS; command->name != NULL; command++) {
        if (command->mode == mode && (mode != MODE_LIST || (int)command->group == group) &&
            (command->flags & COMMAND_ALIKE) == 0) {
            put_command(writing, command);
        }
    }
    writing->row++;
}

/* What stands beside the list, or before it where the user is there. */
static void put_places(Writing *writing, bool is_here)
{
    static const struct {
        Mode mode;
        const char *title;
    } PLACES[] = {
        {MODE_DETAIL, "In the whole entry"},
        {MODE_HISTOGRAM, "Along the histogram"},
        {MODE_PAGE, "In a page of the playbook"},
    };

    for (size_t i = 0; i < ARRAY_LEN(PLACES); i++) {
        if ((PLACES[i].mode == writing->app->help_from) == is_here) {
            put_head(writing, PLACES[i].title);
            put_commands(writing, PLACES[i].mode, 0);
        }
    }
}

/* First the keys of where the user is, then all others. Returns how many rows that is. */
static int put_all(const App *app, Canvas *canvas, Rect box)
{
    Writing writing = {.app = app, .canvas = canvas, .box = box, .skip = app->help_scroll};

    put_places(&writing, true);
    for (int group = 0; group < GROUP_COUNT; group++) {
        put_head(&writing, command_group_name((CommandGroup)group));
        put_commands(&writing, MODE_LIST, group);
    }
    put_places(&writing, false);
    put_head(&writing, "In the list");
    for (size_t i = 0; i < ARRAY_LEN(GLYPH_LINES); i++) {
        put_line(&writing, GLYPH_LINES[i][0], GLYPH_LINES[i][1]);
    }
    return writing.row;
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
    int rows = put_all(app, canvas, box);
    int most = rows - (box.height - 2);

    if (most < 0) {
        most = 0;
    }
    if (app->help_scroll > most) { /* scrolled past the end: once more, at the end */
        app->help_scroll = most;
        canvas_fill(canvas, (Rect){box.x + 1, box.y + 1, box.width - 2, box.height - 2}, ROLE_BOX);
        (void)put_all(app, canvas, box);
    }
    if (app->help_scroll < most) {
        (void)canvas_printf(canvas, box.x + box.width - 14, box.y + box.height - 1, 12,
                            ROLE_BOX_TITLE, " ↓ %d more ", most - app->help_scroll);
    }
}
