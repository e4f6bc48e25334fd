/*
 * The Commands pane: what the MDM server asked this Mac for, one row a command: when, type,
 * channel, state, how long the answer took, and why it failed or was put off. They can be sorted.
 */
#include <stdlib.h>
#include <string.h>

#include "tui/app_enrolment.h"
#include "tui/command_list.h"

typedef enum Sort { SORT_TIME, SORT_STATE, SORT_TYPE, SORT_LATENCY, SORT_COUNT } Sort;

static const char *const SORT_NAMES[SORT_COUNT] = {
    [SORT_TIME] = "time",
    [SORT_STATE] = "state",
    [SORT_TYPE] = "type",
    [SORT_LATENCY] = "latency",
};

typedef struct StateLook {
    const char *glyph;
    Role role;
    int rank; /* when sorted by state: what needs attention first */
} StateLook;

static const StateLook STATES[COMMAND_STATE_COUNT] = {
    [COMMAND_OPEN] = {"▸", ROLE_STAGE_PROGRESS, 1},
    [COMMAND_WAIT] = {"◷", ROLE_STAGE_WAIT, 2},
    [COMMAND_INSTALLING] = {"▸", ROLE_STAGE_PROGRESS, 3},
    [COMMAND_OK] = {"✓", ROLE_STAGE_OK, 4},
    [COMMAND_FAIL] = {"✗", ROLE_STAGE_FAIL, 0},
};

/* A command and what it is sorted by. */
typedef struct Sorted {
    const MdmCommand *command;
    size_t index;
    int64_t latency;
    Sort sort;
} Sorted;

static int compare(const void *a, const void *b)
{
    const Sorted *one = a;
    const Sorted *other = b;
    int order = 0;

    switch (one->sort) {
    case SORT_STATE:
        order = STATES[one->command->state].rank - STATES[other->command->state].rank;
        break;
    case SORT_TYPE:
        order = strcmp(one->command->type, other->command->type);
        break;
    case SORT_LATENCY: /* the slowest first */
        order = one->latency > other->latency ? -1 : one->latency < other->latency;
        break;
    default:
        break;
    }
    if (order != 0) {
        return order;
    }
    return one->index < other->index ? -1 : one->index > other->index;
}

static int commands_count(const App *app)
{
    const Attempt *attempt = app_attempt(app);
    const MdmCommand *commands;

    return attempt == NULL ? 0 : (int)attempt_commands(attempt, &commands);
}

/* The command in a row; there are at most ENROLMENT_COMMANDS_MAX, so that sorting at each frame
 * costs nothing that could be felt. */
static const MdmCommand *command_at(const App *app, int row)
{
    Sorted sorted[ENROLMENT_COMMANDS_MAX] = {{0}};
    const MdmCommand *commands;
    size_t count = attempt_commands(app_attempt(app), &commands);

    if (app->commands_sort == SORT_TIME) {
        return &commands[row];
    }
    count = count < ARRAY_LEN(sorted) ? count : ARRAY_LEN(sorted);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (Sorted){.command = &commands[i],
                             .index = i,
                             .latency = command_latency_ms(&commands[i]),
                             .sort = (Sort)app->commands_sort};
    }
    qsort(sorted, count, sizeof *sorted, compare);
    return sorted[row].command;
}

static EntryNumber commands_entry(const App *app, int row, bool is_last)
{
    const MdmCommand *command = command_at(app, row);
    const Proof *one = is_last ? &command->answered : &command->received;
    const Proof *other = is_last ? &command->received : &command->answered;

    return one->number != 0 ? one->number : other->number;
}

/* --- drawing ---------------------------------------------------------------------------------- */

typedef struct CommandColumns {
    int time, type, channel, state, latency;
} CommandColumns;

static CommandColumns columns_for(int width)
{
    return width >= 110  ? (CommandColumns){8, 34, 12, 14, 8}
           : width >= 76 ? (CommandColumns){8, 24, 8, 12, 7}
           : width >= 50 ? (CommandColumns){8, 20, 0, 10, 0}
                         : (CommandColumns){0, 20, 0, 13, 0};
}

static int put(Canvas *canvas, int x, int y, int width, Role role, StrView text)
{
    if (width > 0) {
        (void)canvas_text_cut(canvas, x, y, width, role, text);
        x += width + 1;
    }
    return x;
}

static void state_text(const MdmCommand *command, StrBuf *buf)
{
    strbuf_add_str(buf, command->status[0] != '\0' && command->state != COMMAND_INSTALLING
                            ? command->status
                            : command_state_name(command->state));
    if (command->not_now > 1) {
        strbuf_printf(buf, " ×%u", (unsigned)command->not_now);
    }
}

/* Why it failed or waits: the innermost error that is known, else the reason given. */
static void reason_text(const Attempt *attempt, const MdmCommand *command, StrBuf *buf)
{
    const Failure *failures;
    size_t count = attempt_failures(attempt, &failures);

    if (command->failure_count > 0 && command->failures[0] < count) {
        const Failure *failure = &failures[command->failures[0]];

        strbuf_printf(buf, "%s%s%s", failure->domain, failure->code[0] != '\0' ? " " : "",
                      failure->code);
        if (failure->explained.title.len > 0) {
            strbuf_printf(buf, " · %.*s", SV_ARG(failure->explained.title));
        }
    } else if (command->reason[0] != '\0') {
        strbuf_add_str(buf, command->reason);
    } else if (command->http >= 300) {
        strbuf_printf(buf, "HTTP %d", command->http);
    }
}

static void commands_draw_row(App *app, Canvas *canvas, Rect line, int row, bool is_chosen)
{
    const MdmCommand *command = command_at(app, row);
    const StateLook *look = &STATES[command->state];
    CommandColumns columns = columns_for(line.width);
    const Proof *first = command->received.number != 0 ? &command->received : &command->answered;
    int64_t latency = command_latency_ms(command);
    char time[CLOCK_STAMP_MAX];
    StrBuf text = {0};
    int x = line.x + 1;

    (void)is_chosen;
    clock_format(first->time, CLOCK_SECOND, time);
    x += canvas_text(canvas, x, line.y, 1, look->role, sv(look->glyph)) + 1;
    x = put(canvas, x, line.y, columns.time, ROLE_TIME, sv(time));
    x = put(canvas, x, line.y, columns.type, ROLE_TEXT, sv(command->type));
    x = put(canvas, x, line.y, columns.channel, ROLE_CATEGORY, sv(command->channel));
    state_text(command, &text);
    x = put(canvas, x, line.y, columns.state, look->role, strbuf_view(&text));
    strbuf_clear(&text);
    app_print_latency(latency, &text);
    x = put(canvas, x, line.y, columns.latency, ROLE_DELTA, strbuf_view(&text));
    strbuf_clear(&text);
    reason_text(app_attempt(app), command, &text);
    (void)put(canvas, x, line.y, line.x + line.width - x - 1,
              command->state == COMMAND_FAIL ? ROLE_STAGE_FAIL : ROLE_DIM, strbuf_view(&text));
    strbuf_done(&text);
}

static void commands_draw_heads(App *app, Canvas *canvas, Rect line)
{
    CommandColumns columns = columns_for(line.width);
    int x = line.x + 3;

    x = put(canvas, x, line.y, columns.time, ROLE_DIM, SV("received"));
    x = put(canvas, x, line.y, columns.type, ROLE_DIM, SV("command"));
    x = put(canvas, x, line.y, columns.channel, ROLE_DIM, SV("channel"));
    x = put(canvas, x, line.y, columns.state, ROLE_DIM, SV("answer"));
    x = put(canvas, x, line.y, columns.latency, ROLE_DIM, SV("after"));
    (void)canvas_printf(canvas, x, line.y, line.x + line.width - x - 1, ROLE_DIM, "why · by %s",
                        SORT_NAMES[app->commands_sort]);
}

static size_t failed_count(const App *app)
{
    const MdmCommand *commands;
    const Attempt *attempt = app_attempt(app);
    size_t count = attempt == NULL ? 0 : attempt_commands(attempt, &commands);
    size_t failed = 0;

    for (size_t i = 0; i < count; i++) {
        failed += commands[i].state == COMMAND_FAIL;
    }
    return failed;
}

static void commands_explain(const App *app, int row, Detail *detail)
{
    app_explain_command(app, detail, command_at(app, row));
}

static void commands_tab(const App *app, StrBuf *buf)
{
    if (commands_count(app) > 0) {
        strbuf_printf(buf, " %d", commands_count(app));
    }
    if (failed_count(app) > 0) {
        strbuf_printf(buf, " ✗%zu", failed_count(app));
    }
}

static bool commands_have_failed(const App *app)
{
    return failed_count(app) > 0;
}

const PaneOps COMMANDS_OPS = {
    .count = commands_count,
    .draw_row = commands_draw_row,
    .draw_heads = commands_draw_heads,
    .entry = commands_entry,
    .explain = commands_explain,
    .tab = commands_tab,
    .has_failed = commands_have_failed,
    .nothing = "no command of an MDM server so far",
    .span = "from the command to its answer: lit until the next step",
};

unsigned command_sort(App *app, int argument)
{
    (void)argument;
    app->commands_sort = (app->commands_sort + 1) % SORT_COUNT;
    app_say(app, ROLE_STATUS_KEY, "commands by %s", SORT_NAMES[app->commands_sort]);
    return APP_REDRAW;
}
