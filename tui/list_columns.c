/*
 * List columns: see list_columns.h. Names, widths and help come from FIELDS; the table here adds
 * what only a list knows. It must never include the canvas.
 */
#include "tui/list_columns.h"

#include <string.h>

#define MIN_WIDTH 3
#define RANK_OTHER 10

/* The message keeps so many cells, or this share of a narrow list, before columns have to go. */
#define MESSAGE_MIN 24
#define MESSAGE_SHARE 5 /* two of five */

/* Where a list has a gutter and a level. */
#define GUTTER_MIN_LIST 4
#define LEVEL_MIN_LIST 24

/* --- what is known of columns ----------------------------------------------------------------- */

typedef struct Special {
    const char *name; /* NULL = the field's label */
    int width;        /* 0 = the field's */
    int min_width;
    int rank;
} Special;

/* clang-format off */
static const Special SPECIALS[LIST_COLUMNS] = {
    [FIELD_MESSAGE] = {"message", 60, 10, 100},
    [FIELD_DATE] = {"time", 12, 5, 90},
    [FIELD_LEVEL] = {"level", 1, 1, 85},
    [FIELD_PROCESS] = {"process", 16, 4, 80},
    [FIELD_HOST] = {"host", 10, 4, 70},
    [FIELD_CATEGORY] = {"category", 14, 4, 60},
    [LIST_DELTA] = {"delta", 7, 6, 50},
    [FIELD_PID] = {"pid", 6, 3, 45},
    [FIELD_SUBSYSTEM] = {"subsystem", 26, 6, 40},
    [FIELD_THREAD] = {"thread", 10, 4, 35},
    [FIELD_SENDER] = {"sender", 16, 4, 30},
    [FIELD_ACTIVITY] = {"activity", 10, 4, 25},
    [FIELD_PROCESS_PATH] = {.name = "process-path"},
    [FIELD_PROCESS_UUID] = {.name = "process-uuid"},
    [FIELD_SENDER_PATH] = {.name = "sender-path"},
    [FIELD_SENDER_UUID] = {.name = "sender-uuid"},
    [FIELD_PARENT_ACTIVITY] = {.name = "parent-activity"},
    [FIELD_BOOT_UUID] = {.name = "boot-uuid"},
    [FIELD_MACH] = {.name = "mach-time"},
    [FIELD_SINCE_BOOT] = {.name = "since-boot"},
    [FIELD_SIGNPOST_NAME] = {.name = "signpost-name"},
    [FIELD_SIGNPOST_TYPE] = {.name = "signpost-type"},
    [FIELD_SIGNPOST_SCOPE] = {.name = "signpost-scope"},
    [FIELD_LOSS_START_MACH] = {.name = "loss-start"},
    [FIELD_LOSS_END_MACH] = {.name = "loss-end"},
    [FIELD_CREATOR_PROCESS] = {.name = "creator-process"},
};
/* clang-format on */

ListColumnInfo list_column_info(int column)
{
    const Special *special = &SPECIALS[column];
    ListColumnInfo info = {
        .name = special->name,
        .width = special->width,
        .min_width = special->min_width > 0 ? special->min_width : MIN_WIDTH,
        .rank = special->rank > 0 ? special->rank : RANK_OTHER,
        .is_offered = true,
    };

    if (column == LIST_DELTA) {
        info.heading = "delta";
        info.help = "time since the line before";
        return info;
    }
    const FieldInfo *field = &FIELDS[column];

    if (info.name == NULL) {
        info.name = field->label;
    }
    if (info.width == 0) {
        info.width = field->width;
    }
    info.heading = field->label;
    info.help = field->help;
    info.is_offered = (field->flags & FIELD_NOT_HERE) == 0;
    return info;
}

int list_column_find(StrView name)
{
    for (int column = 0; column < LIST_COLUMNS; column++) {
        ListColumnInfo info = list_column_info(column);

        if (info.is_offered && sv_equal(sv(info.name), name)) {
            return column;
        }
    }
    const FieldInfo *field = field_find(name);

    return field != NULL && list_column_info((int)field->id).is_offered ? (int)field->id : -1;
}

/* --- ready-made choices ----------------------------------------------------------------------- */

/* In the text form; each is read by the one parser. */
static const char *const FORM_TEXTS[LIST_FORM_COUNT] = {
    [LIST_FORM_USUAL] = "time delta level host process category message",
    [LIST_FORM_COMPACT] = "time level process message",
    [LIST_FORM_WIDE] =
        "time:12 delta level host process pid thread sender subsystem category message",
};

static const char *const FORM_NAMES[LIST_FORM_COUNT] = {
    [LIST_FORM_USUAL] = "usual",
    [LIST_FORM_COMPACT] = "compact",
    [LIST_FORM_WIDE] = "wide",
};

static bool parse_columns(StrView text, ListSpec *ret, Err *err);

ListSpec list_spec_of(ListForm form)
{
    ListSpec spec = {0};

    (void)parse_columns(sv(FORM_TEXTS[form]), &spec, NULL); /* our own text: a test reads it */
    return spec;
}

const char *list_form_name(ListForm form)
{
    return FORM_NAMES[form];
}

ListForm list_spec_form(const ListSpec *spec)
{
    for (int form = 0; form < LIST_FORM_COUNT; form++) {
        ListSpec ready = list_spec_of((ListForm)form);

        if (list_spec_equal(spec, &ready)) {
            return (ListForm)form;
        }
    }
    return LIST_FORM_COUNT;
}

/* --- text form -------------------------------------------------------------------------------- */

static bool has_column(const ListSpec *spec, int column)
{
    for (size_t i = 0; i < spec->count; i++) {
        if (spec->choices[i].column == column) {
            return true;
        }
    }
    return false;
}

static void add_choice(ListSpec *spec, int column, int width, bool is_shown)
{
    spec->choices[spec->count++] =
        (ListChoice){.column = (uint8_t)column, .width = (uint8_t)width, .is_shown = is_shown};
}

/* What can be shown besides, behind what is: the well-known ones first. */
static void add_hidden(ListSpec *spec)
{
    for (int is_other = 0; is_other < 2; is_other++) {
        for (int column = 0; column < LIST_COLUMNS; column++) {
            ListColumnInfo info = list_column_info(column);

            if (info.is_offered && (info.rank == RANK_OTHER) == (is_other == 1) &&
                !has_column(spec, column)) {
                add_choice(spec, column, 0, false);
            }
        }
    }
}

static bool unknown_column(StrView name, size_t at, Err *err)
{
    const char *near = NULL;
    size_t best = 3;

    for (int column = 0; column < LIST_COLUMNS; column++) {
        ListColumnInfo info = list_column_info(column);
        size_t distance = sv_distance(sv(info.name), name);

        if (info.is_offered && distance < best) {
            best = distance;
            near = info.name;
        }
    }
    if (near != NULL) {
        return err_set_at(err, at, "unknown column '%.*s': did you mean '%s'?", SV_ARG(name), near);
    }
    return err_set_at(err, at, "unknown column '%.*s'", SV_ARG(name));
}

static bool parse_column(StrView word, size_t at, ListSpec *spec, Err *err)
{
    size_t colon = sv_find_char(word, ':');
    StrView name = sv_slice(word, 0, colon);
    int column = list_column_find(name);
    uint64_t width = 0;

    if (column < 0) {
        return unknown_column(name, at, err);
    }
    if (has_column(spec, column)) {
        return err_set_at(err, at, "column '%.*s' stands there twice", SV_ARG(name));
    }
    if (colon != SIZE_MAX && (!sv_to_u64(sv_slice(word, colon + 1, SIZE_MAX), &width) ||
                              width == 0 || width > LIST_WIDTH_MAX)) {
        return err_set_at(err, at + colon + 1, "width of column '%.*s' must be 1 to %d",
                          SV_ARG(name), LIST_WIDTH_MAX);
    }
    add_choice(spec, column, (int)width, true);
    return true;
}

static bool parse_columns(StrView text, ListSpec *ret, Err *err)
{
    ListSpec spec = {0};
    size_t at = 0;

    while (at < text.len) {
        size_t end = at;

        while (end < text.len && text.ptr[end] != ' ') {
            end++;
        }
        if (end > at && !parse_column(sv_slice(text, at, end - at), at, &spec, err)) {
            return false;
        }
        at = end + 1;
    }
    if (spec.count == 0) {
        return err_set(err, "no column is named");
    }
    add_hidden(&spec);
    *ret = spec;
    return true;
}

bool list_spec_parse(StrView text, ListSpec *ret, Err *err)
{
    StrView trimmed = sv_trim(text);

    if (trimmed.len == 0) {
        *ret = list_spec_of(LIST_FORM_USUAL);
        return true;
    }
    for (int form = 0; form < LIST_FORM_COUNT; form++) {
        if (sv_equal(trimmed, sv(FORM_NAMES[form]))) {
            *ret = list_spec_of((ListForm)form);
            return true;
        }
    }
    return parse_columns(text, ret, err);
}

void list_spec_print(const ListSpec *spec, StrBuf *buf)
{
    const char *between = "";

    if (list_spec_form(spec) == LIST_FORM_USUAL) {
        return;
    }
    for (size_t i = 0; i < spec->count; i++) {
        const ListChoice *choice = &spec->choices[i];

        if (!choice->is_shown) {
            continue;
        }
        strbuf_printf(buf, "%s%s", between, list_column_info(choice->column).name);
        if (choice->width > 0) {
            strbuf_printf(buf, ":%d", choice->width);
        }
        between = " ";
    }
}

/* The next choice from `at` on that is shown; the count = none. */
static size_t next_shown(const ListSpec *spec, size_t at)
{
    while (at < spec->count && !spec->choices[at].is_shown) {
        at++;
    }
    return at;
}

/* What is hidden does not count. */
bool list_spec_equal(const ListSpec *a, const ListSpec *b)
{
    size_t i = next_shown(a, 0);
    size_t j = next_shown(b, 0);

    while (i < a->count && j < b->count) {
        if (a->choices[i].column != b->choices[j].column ||
            a->choices[i].width != b->choices[j].width) {
            return false;
        }
        i = next_shown(a, i + 1);
        j = next_shown(b, j + 1);
    }
    return i >= a->count && j >= b->count;
}

/* --- changes ---------------------------------------------------------------------------------- */

size_t list_spec_move(ListSpec *spec, size_t index, int by)
{
    if ((by < 0 && index == 0) || (by > 0 && index + 1 >= spec->count) || by == 0) {
        return index;
    }
    size_t other = by < 0 ? index - 1 : index + 1;
    ListChoice moved = spec->choices[index];

    spec->choices[index] = spec->choices[other];
    spec->choices[other] = moved;
    return other;
}

bool list_spec_toggle(ListSpec *spec, size_t *index)
{
    size_t first = next_shown(spec, 0);
    size_t last = first;

    if (first == *index && next_shown(spec, *index + 1) == spec->count) {
        return false;
    }
    while (next_shown(spec, last + 1) < spec->count) {
        last = next_shown(spec, last + 1);
    }
    spec->choices[*index].is_shown = !spec->choices[*index].is_shown;
    if (*index > last && spec->choices[last].column == FIELD_MESSAGE) {
        while (*index > last) {
            *index = list_spec_move(spec, *index, -1);
        }
    }
    return true;
}

void list_spec_widen(ListSpec *spec, size_t index, int by, int now)
{
    ListChoice *choice = &spec->choices[index];
    ListColumnInfo info = list_column_info(choice->column);
    int width = choice->width > 0 ? choice->width : (now > 0 ? now : info.width);

    width += by;
    width = width < info.min_width ? info.min_width : width;
    choice->width = (uint8_t)(width > LIST_WIDTH_MAX ? LIST_WIDTH_MAX : width);
}

/* --- widths ----------------------------------------------------------------------------------- */

/* Automatic widths by how wide the list is; 0 = not shown. */
typedef struct Tier {
    int min_list;
    int time, delta, host, process, category;
} Tier;

/* clang-format off */
static const Tier TIERS[] = {
    {.min_list = 200, .time = 12, .delta = 8, .host = 18, .process = 24, .category = 26},
    {.min_list = 150, .time = 12, .delta = 7, .host = 14, .process = 20, .category = 20},
    {.min_list = 110, .time = 12, .delta = 7, .host = 10, .process = 16, .category = 14},
    {.min_list = 90, .time = 12, .delta = 7, .host = 8, .process = 13, .category = 9},
    {.min_list = 76, .time = 8, .delta = 7, .host = 6, .process = 11, .category = 9},
    {.min_list = 60, .time = 8, .delta = 7, .host = 0, .process = 11, .category = 0},
    {.min_list = 36, .time = 8, .delta = 0, .host = 0, .process = 9, .category = 0},
    {.min_list = 24, .time = 8, .delta = 0, .host = 0, .process = 0, .category = 0},
    {.min_list = 0, .time = 0, .delta = 0, .host = 0, .process = 0, .category = 0},
};
/* clang-format on */

static int automatic_width(int column, const Tier *tier, ListRoom room)
{
    switch (column) {
    case FIELD_DATE:
        return tier->time > 0 && tier->time < room.time_width ? room.time_width : tier->time;
    case LIST_DELTA:
        return tier->delta;
    case FIELD_HOST:
        return room.has_hosts ? tier->host : 0;
    case FIELD_PROCESS:
        return tier->process;
    case FIELD_CATEGORY:
        return tier->category;
    case FIELD_LEVEL:
        return room.width < LEVEL_MIN_LIST ? 0 : (room.has_words ? LIST_LEVEL_WORD : 1);
    default:
        return list_column_info(column).width;
    }
}

/* The plan with a width for each column, and the message's, which is what is left. */
static int share(ListPlan *plan, int width)
{
    ListCell *message = NULL;
    int left = width - plan->gutter;

    for (size_t i = 0; i < plan->count; i++) {
        if (plan->cells[i].column == FIELD_MESSAGE) {
            message = &plan->cells[i];
        } else {
            left -= plan->cells[i].width;
        }
        left -= i + 1 < plan->count ? 1 : 0;
    }
    if (message != NULL) {
        message->width = left;
    }
    return left;
}

static void take_out(ListPlan *plan, size_t index)
{
    plan->count--;
    memmove(&plan->cells[index], &plan->cells[index + 1],
            (plan->count - index) * sizeof plan->cells[0]);
}

/* The column to go first: of the lowest rank, the last of them. */
static size_t lowest_rank(const ListPlan *plan)
{
    size_t lowest = 0;

    for (size_t i = 1; i < plan->count; i++) {
        if (list_column_info(plan->cells[i].column).rank <=
            list_column_info(plan->cells[lowest].column).rank) {
            lowest = i;
        }
    }
    return lowest;
}

const ListCell *list_plan_find(const ListPlan *plan, int column)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->cells[i].column == column) {
            return &plan->cells[i];
        }
    }
    return NULL;
}

ListPlan list_plan_make(const ListSpec *spec, ListRoom room)
{
    ListPlan plan = {.gutter = room.width >= GUTTER_MIN_LIST ? 1 : 0};
    const Tier *tier = TIERS;
    int share_of_list = room.width * 2 / MESSAGE_SHARE;
    int least = share_of_list < MESSAGE_MIN ? share_of_list : MESSAGE_MIN;

    while (room.width < tier->min_list) {
        tier++;
    }
    for (size_t i = 0; i < spec->count; i++) {
        const ListChoice *choice = &spec->choices[i];
        int width = choice->width > 0 ? choice->width : automatic_width(choice->column, tier, room);

        if (choice->is_shown && width > 0) {
            plan.cells[plan.count++] = (ListCell){.column = choice->column, .width = width};
        }
    }
    bool has_message = list_plan_find(&plan, FIELD_MESSAGE) != NULL;

    while (share(&plan, room.width) < (has_message ? least : 0) && plan.count > 1) {
        take_out(&plan, lowest_rank(&plan));
    }
    int x = plan.gutter;
    int end = room.width > 0 ? room.width : 0;

    for (size_t i = 0; i < plan.count; i++) {
        ListCell *cell = &plan.cells[i];

        cell->width = cell->width < end - x ? cell->width : end - x;
        cell->x = x;
        x += cell->width + 1;
    }
    return plan;
}
