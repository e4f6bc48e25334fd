/*
 * The detail of the selected entry: what it means, its message unfolded, and, when it has the
 * screen, every field and the object as it came. Lines are counted and drawn in one pass.
 */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "parsers/decoder.h"
#include "tui/app_state.h"
#include "tui/pretty.h"

/* The order of the fields: what the row of the list does not tell comes first. */
static const FieldId FIELD_ORDER[FIELD_COUNT] = {
    FIELD_SUBSYSTEM,
    FIELD_CATEGORY,
    FIELD_PID,
    FIELD_SENDER,
    FIELD_THREAD,
    FIELD_ACTIVITY,
    FIELD_LEVEL,
    FIELD_KIND,
    FIELD_DATE,
    FIELD_FORMAT,
    FIELD_PROCESS,
    FIELD_PROCESS_PATH,
    FIELD_SENDER_PATH,
    FIELD_USER,
    FIELD_PARENT_ACTIVITY,
    FIELD_CREATOR_ACTIVITY,
    FIELD_TRANSITION_ACTIVITY,
    FIELD_TRACE,
    FIELD_MACH,
    FIELD_SIGNPOST_NAME,
    FIELD_SIGNPOST_ID,
    FIELD_SIGNPOST_TYPE,
    FIELD_SIGNPOST_SCOPE,
    FIELD_LOSS_COUNT,
    FIELD_LOSS_START_MACH,
    FIELD_LOSS_END_MACH,
    FIELD_PROCESS_UUID,
    FIELD_SENDER_UUID,
    FIELD_PROGRAM_COUNTER,
    FIELD_BOOT_UUID,
    FIELD_SINCE_BOOT,
    FIELD_SIZE,
    FIELD_TTL,
    FIELD_CREATOR_PROCESS,
    FIELD_HOST,
    FIELD_MESSAGE,
};

#define EXPLANATIONS_MAX 4
#define NAME_WIDTH 26
/* A message longer than this is shown to here, with a word about the rest. */
#define MESSAGE_MAX (256 * KIB)

/* A pen that writes wrapped lines downward; rows above `skip` or below the area are only counted.
 */
typedef struct Pen {
    Canvas *canvas;
    Rect area;
    int skip;
    int row;
} Pen;

static int pen_y(const Pen *pen)
{
    int line = pen->row - pen->skip;

    return line >= 0 && line < pen->area.height ? pen->area.y + line : -1;
}

/* Bytes of `text` that stand on one row: up to the last blank that fits, where there is one in the
 * row's second half; else as much as fits. */
static size_t row_bytes(StrView text, int width)
{
    int used;
    size_t fits = utf8_fit(text, width, &used);

    if (fits == 0 && text.len > 0) {
        return utf8_cluster(text, &used); /* wider than the area: the canvas cuts it */
    }
    if (fits == text.len || text.ptr[fits] == ' ') {
        return fits;
    }
    for (size_t at = fits; at > fits / 2; at--) {
        if (text.ptr[at - 1] == ' ') {
            return at;
        }
    }
    return fits;
}

/* Writes one line, wrapped at the area's width, behind `indent` blanks. */
static void pen_line(Pen *pen, int indent, Role role, StrView text)
{
    int width = pen->area.width - indent - 1;

    if (width < 4) {
        indent = 0;
        width = pen->area.width;
    }
    do {
        size_t fits = row_bytes(text, width);

        if (pen_y(pen) >= 0) {
            (void)canvas_text(pen->canvas, pen->area.x + indent, pen_y(pen), width, role,
                              sv_slice(text, 0, fits));
        }
        text = sv_slice(text, fits, SIZE_MAX);
        if (text.len > 1 && text.ptr[0] == ' ' && text.ptr[1] != ' ') {
            text = sv_slice(text, 1, SIZE_MAX); /* the blank at which the line was broken */
        }
        pen->row++;
    } while (text.len > 0);
}

/* Writes a text of several lines. */
static void pen_text(Pen *pen, int indent, Role role, StrView text)
{
    StrView line;

    while (sv_next_line(&text, &line)) {
        pen_line(pen, indent, role, line);
    }
}

/* Writes a name and, beside it, its value, wrapped behind the name. */
static void pen_field(Pen *pen, int name_width, Role name_role, StrView name, Role role,
                      StrView value)
{
    if (pen_y(pen) >= 0) {
        (void)canvas_text_cut(pen->canvas, pen->area.x + 1, pen_y(pen), name_width - 1, name_role,
                              name);
    }
    if (value.len == 0) {
        pen->row++;
        return;
    }
    pen_text(pen, name_width + 1, role, value);
}

/* --- what it means
 * ---------------------------------------------------------------------------------- */

static Role outcome_role(uint8_t outcome)
{
    switch (outcome) {
    case OUTCOME_FAIL:
        return ROLE_OUTCOME_FAIL;
    case OUTCOME_OK:
        return ROLE_OUTCOME_OK;
    case OUTCOME_WAIT:
        return ROLE_OUTCOME_WAIT;
    default:
        return ROLE_DETAIL_HEAD;
    }
}

static void put_explanation(Pen *pen, const Explanation *explanation, bool is_whole)
{
    StrBuf head = {0};

    strbuf_printf(&head, "%.*s · %.*s", SV_ARG(explanation->subject), SV_ARG(explanation->title));
    pen_line(pen, 1, ROLE_DETAIL_HEAD, strbuf_view(&head));
    strbuf_done(&head);
    if (is_whole && explanation->meaning.len > 0) {
        pen_field(pen, 9, ROLE_DETAIL_NAME, SV("  means"), ROLE_DETAIL_VALUE, explanation->meaning);
    }
    if (explanation->cause.len > 0) {
        pen_field(pen, 9, ROLE_DETAIL_NAME, SV("  likely"), ROLE_DETAIL_VALUE, explanation->cause);
    }
    if (explanation->remedy.len > 0) {
        pen_field(pen, 9, ROLE_DETAIL_NAME, SV("  do"), ROLE_DETAIL_VALUE, explanation->remedy);
    }
    if (explanation->confidence.len > 0) {
        pen_field(pen, 9, ROLE_DETAIL_NAME, SV("  known"), ROLE_DIM, explanation->confidence);
    }
}

static void put_explanations(Pen *pen, App *app, StoreRow row, bool is_whole)
{
    Explanation found[EXPLANATIONS_MAX];
    size_t count = stages_explain(session_stages(app->session), row.columns, row.index, found,
                                  is_whole ? EXPLANATIONS_MAX : 1);

    for (size_t i = 0; i < count; i++) {
        put_explanation(pen, &found[i], is_whole);
    }
}

/* --- the whole entry
 * ---------------------------------------------------------------------------------- */

static void put_message(Pen *pen, const DetailText *detail)
{
    if (!detail->has_message) {
        pen_line(pen, 1, ROLE_DIM, SV("(no message)"));
        return;
    }
    pen_text(pen, 1, ROLE_TEXT, strbuf_view(&detail->message));
    if (detail->is_message_long) {
        pen_line(pen, 1, ROLE_DIM, SV("… the message goes on; s saves all of it"));
    }
}

/* Appends a line for each field that is there: its name, a NUL, its value without newlines. */
static void put_field_lines(const Entry *entry, StrBuf *lines)
{
    StrBuf value = {0};

    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const FieldInfo *field = &FIELDS[FIELD_ORDER[i]];

        strbuf_clear(&value);
        if (field->id == FIELD_MESSAGE || field->id == FIELD_HOST ||
            !entry_print_field(entry, field->id, &value) || value.len == 0) {
            continue;
        }
        strbuf_add_str(lines, field->name);
        strbuf_add_char(lines, '\0');
        for (size_t at = 0; at < value.len; at++) {
            strbuf_add_char(lines, value.ptr[at] == '\n' ? ' ' : value.ptr[at]);
        }
        strbuf_add_char(lines, '\n');
    }
    strbuf_done(&value);
}

static void put_fields(Pen *pen, const DetailText *detail, StrView host)
{
    StrView rest = strbuf_view(&detail->fields);
    StrView line;

    while (sv_next_line(&rest, &line)) {
        size_t end = sv_find_char(line, '\0');

        pen_field(pen, NAME_WIDTH, ROLE_DETAIL_NAME, sv_slice(line, 0, end), ROLE_DETAIL_VALUE,
                  sv_slice(line, end + 1, SIZE_MAX));
    }
    pen_field(pen, NAME_WIDTH, ROLE_DETAIL_NAME, SV("host"), ROLE_DETAIL_VALUE, host);
}

typedef struct FlagWord {
    uint32_t flag;
    const char *text;
} FlagWord;

static const FlagWord FLAG_WORDS[] = {
    {ENTRY_CUT, "cut: the line was longer than 16 MiB, its start is kept"},
    {ENTRY_ENCODING, "broken encoding: shown as � or \\xNN, kept as it came"},
    {ENTRY_NO_EOL, "the last line of its source, without a newline"},
    {ENTRY_PARTIAL, "truncated: what could be read of it was read"},
    {ENTRY_NO_ZONE, "no time zone in its timestamp: read as this machine's"},
    {ENTRY_NO_TIME, "no timestamp of its own: that of the entry before is shown"},
    {ENTRY_PRIVATE, "has masked values (<private>): a debug-logging profile unmasks new entries"},
};

static void put_flags(Pen *pen, uint32_t flags)
{
    for (size_t i = 0; i < ARRAY_LEN(FLAG_WORDS); i++) {
        if ((flags & FLAG_WORDS[i].flag) != 0) {
            pen_field(pen, NAME_WIDTH, ROLE_DETAIL_NAME, SV("note"), ROLE_OUTCOME_WAIT,
                      sv(FLAG_WORDS[i].text));
        }
    }
}

static void put_whole(Pen *pen, App *app, StoreRow row)
{
    const DetailText *detail = &app->detail;

    put_explanations(pen, app, row, true);
    put_message(pen, detail);
    pen->row++;
    put_fields(pen, detail, session_host(app->session, detail->source));
    put_flags(pen, detail->flags);
    pen->row++;
    pen_line(pen, 1, ROLE_DETAIL_HEAD, SV("as it came"));
    pen_text(pen, 1, ROLE_DIM, strbuf_view(&detail->came));
    if (detail->is_raw_long) {
        pen_line(pen, 1, ROLE_DIM, SV("… it goes on; s saves all of it"));
    }
}

/* --- the entry that is drawn, kept over frames --------------------------------------------------
 */

static void lay_out(StrView text, StrBuf *buf)
{
    strbuf_clear(buf);
    text = sv_slice(text, 0, MESSAGE_MAX);
    if (!pretty_json(text, buf)) {
        strbuf_add(buf, text);
    }
}

/* Reads the entry in full, unless it is the one that was drawn last. */
static void take_entry(App *app, EntryNumber number, StoreRow row)
{
    DetailText *detail = &app->detail;

    if (detail->number == number) {
        return;
    }
    StrBuf scratch = {0};
    Entry entry;

    columns_entry_full(row.columns, row.index, &scratch, &entry);
    detail->number = number;
    detail->flags = entry.flags;
    detail->source = entry.source;
    detail->has_message = entry.message.ptr != NULL;
    detail->is_message_long = entry.message.len > MESSAGE_MAX;
    detail->is_raw_long = entry.raw.len > MESSAGE_MAX;
    lay_out(entry.message, &detail->message);
    lay_out(entry.raw, &detail->came);
    strbuf_clear(&detail->fields);
    put_field_lines(&entry, &detail->fields);
    strbuf_done(&scratch);
}

void app_detail_done(App *app)
{
    strbuf_done(&app->detail.message);
    strbuf_done(&app->detail.came);
    strbuf_done(&app->detail.fields);
}

/* --- the rule above: what the entry is
 * ------------------------------------------------------------------ */

static void add_part(StrBuf *buf, const char *before, StrView text)
{
    if (text.len > 0) {
        strbuf_add_str(buf, before);
        strbuf_add(buf, text); /* not by printf: it may hold a NUL */
    }
}

static void rule_text(StoreRow row, StrBuf *buf)
{
    char stamp[CLOCK_STAMP_MAX];
    Entry entry;

    columns_entry(row.columns, row.index, &entry);
    clock_format(entry.time, CLOCK_TIME, stamp);
    strbuf_add_str(buf, stamp);
    add_part(buf, " · ", entry.process);
    if ((entry.present & HAS_PID) != 0) {
        strbuf_printf(buf, "[%llu]", (unsigned long long)entry.pid);
    }
    add_part(buf, " · ", entry.subsystem);
    add_part(buf, ":", entry.category);
    add_part(buf, " · ", sv(level_name(entry.level)));
    if ((entry.present & HAS_THREAD) != 0 && entry.thread != 0) {
        strbuf_printf(buf, " · thread 0x%llx", (unsigned long long)entry.thread);
    }
}

/* Finds when the stage of a failed entry went well later; CLOCK_NO_TIME = not in what is held. */
static int64_t went_well(const App *app, EntryNumber number, StoreRow row)
{
    const Store *store = session_store(app->session);
    uint8_t stage = row.columns->tag[row.index].stage;
    StoreRow run;
    EntryNumber end;

    for (EntryNumber at = number + 1; store_find_run(store, at, &run, &end); at = end) {
        for (uint32_t i = 0; i < end - at; i++) {
            ColumnTag tag = run.columns->tag[run.index + i];

            if (tag.stage == stage && tag.outcome == OUTCOME_OK) {
                return run.columns->time_ns[run.index + i];
            }
        }
    }
    return CLOCK_NO_TIME;
}

/* The verdict first: what is cut on a narrow screen is the stage's name. */
static void stage_text(const App *app, EntryNumber number, StoreRow row, StrBuf *buf)
{
    ColumnTag tag = row.columns->tag[row.index];
    const StageInfo *stage = stages_get(session_stages(app->session), tag.stage);
    char later[32];

    if (stage == NULL) {
        return;
    }
    strbuf_printf(buf, " %s", outcome_name((Outcome)tag.outcome));
    if (tag.outcome == OUTCOME_FAIL) {
        int64_t well = went_well(app, number, row);

        if (well != CLOCK_NO_TIME) {
            clock_format_delta(well - row.columns->time_ns[row.index], later, sizeof later);
            strbuf_printf(buf, ", went well %s later", later[0] == '+' ? later + 1 : later);
        }
    }
    strbuf_printf(buf, " · stage %d of %zu: %.*s ", stage->number,
                  stages_count(session_stages(app->session)), SV_ARG(stage->title));
}

static void draw_rule(App *app, Canvas *canvas, EntryNumber number, StoreRow row)
{
    Rect rule = app->layout.rule;
    StrBuf text = {0};
    StrBuf stage = {0};

    canvas_hline(canvas, rule.x, rule.y, rule.width, ROLE_RULE);
    stage_text(app, number, row, &stage);
    int stage_width = utf8_width(strbuf_view(&stage));

    if (stage_width > rule.width - 4) {
        stage_width = rule.width - 4;
    }
    if (stage_width > 0) {
        (void)canvas_text_cut(canvas, rule.x + rule.width - stage_width - 1, rule.y, stage_width,
                              outcome_role(row.columns->tag[row.index].outcome),
                              strbuf_view(&stage));
    }
    int room = rule.width - stage_width - 6;

    if (room > 12) {
        rule_text(row, &text);
        int used = canvas_text_cut(canvas, rule.x + 2, rule.y, room, ROLE_DIM, strbuf_view(&text));

        (void)canvas_text(canvas, rule.x + 1, rule.y, 1, ROLE_RULE, SV(" "));
        (void)canvas_text(canvas, rule.x + 2 + used, rule.y, 1, ROLE_RULE, SV(" "));
    }
    strbuf_done(&text);
    strbuf_done(&stage);
}

/* What the entry is without being asked for all of it: its meaning, its message, then as many of
 * its fields as there is room for. */
static void put_brief(Pen *pen, App *app, StoreRow row)
{
    uint8_t outcome = row.columns->tag[row.index].outcome;

    if (outcome == OUTCOME_FAIL || outcome == OUTCOME_WAIT ||
        row.columns->level[row.index] >= LEVEL_ERROR) {
        put_explanations(pen, app, row, pen->area.height >= 12);
    }
    put_message(pen, &app->detail);
    if (pen->row + 2 < pen->area.height) {
        pen->row++;
        put_fields(pen, &app->detail, session_host(app->session, app->detail.source));
    }
}

/* Says in the last row, on a ground of its own, that there is more. */
static void put_more(Canvas *canvas, Rect area, const char *words)
{
    int width = utf8_width(sv(words));

    if (width < area.width) {
        (void)canvas_text(canvas, area.x + area.width - width, area.y + area.height - 1, width,
                          ROLE_STATUS, sv(words));
    }
}

void app_draw_detail(App *app, Canvas *canvas)
{
    Rect area = app->layout.detail;
    StoreRow row;
    bool is_whole = app->mode == MODE_DETAIL;
    char number[32];

    if (area.height == 0) {
        return;
    }
    canvas_fill(canvas, area, ROLE_TEXT);
    if (!app_selected_row(app, &row)) {
        canvas_hline(canvas, app->layout.rule.x, app->layout.rule.y, app->layout.rule.width,
                     ROLE_RULE);
        return;
    }
    take_entry(app, app_selected(app), row);
    if (app->layout.rule.height > 0) {
        draw_rule(app, canvas, app_selected(app), row);
    }
    Pen pen = {.canvas = canvas, .area = area, .skip = is_whole ? app->detail_scroll : 0};

    if (is_whole) {
        put_whole(&pen, app, row);
        app->detail_rows = pen.row;
    } else {
        put_brief(&pen, app, row);
    }
    if (pen.row - pen.skip > area.height) {
        StrBuf words = {0};

        if (is_whole) {
            strbuf_printf(&words, " ↓ %s more ",
                          app_count((uint64_t)(pen.row - pen.skip - area.height), number));
        } else {
            strbuf_add_str(&words, " Enter: all ");
        }
        put_more(canvas, area, words.ptr);
        strbuf_done(&words);
    }
}
