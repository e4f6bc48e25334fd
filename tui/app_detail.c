/*
 * The detail of the selected entry: what it means, its message unfolded, and, when it has the
 * screen, every field and the object as it came.
 */
#include "tui/app_detail.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "parsers/decoder.h"
#include "tui/app_state.h"

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
#define ALL_ROWS SIZE_MAX
/* From so many rows on the brief detail says all that is known of an error. */
#define ROOMY 12
/* Rows of the brief detail that a long message leaves to the fields. */
#define FIELD_ROWS 3

/* --- what it means ---------------------------------------------------------------------------- */

static void add_head(Detail *detail, StrView text)
{
    (void)detail_add(detail, (DetailText){.text = text, .role = ROLE_DETAIL_HEAD, .x = 1},
                     ALL_ROWS);
}

static void add_note(Detail *detail, StrView text)
{
    (void)detail_add(detail, (DetailText){.text = text, .role = ROLE_DIM, .x = 1}, ALL_ROWS);
}

/* Adds a value beside its name; nothing where there is none. */
static void add_named(Detail *detail, int name_width, StrView name, Role role, StrView value)
{
    if (value.len > 0) {
        (void)detail_add(detail,
                         (DetailText){.text = value,
                                      .role = role,
                                      .x = 1,
                                      .head = name,
                                      .head_role = ROLE_DETAIL_NAME,
                                      .head_width = name_width},
                         ALL_ROWS);
    }
}

static void add_explanation(Detail *detail, const Explanation *explanation)
{
    StrBuf head = {0};

    strbuf_printf(&head, "%.*s · %.*s", SV_ARG(explanation->subject), SV_ARG(explanation->title));
    add_head(detail, strbuf_view(&head));
    strbuf_done(&head);
    if (detail->is_whole || detail->height >= ROOMY) {
        add_named(detail, 9, SV("  means"), ROLE_DETAIL_VALUE, explanation->meaning);
    }
    add_named(detail, 9, SV("  likely"), ROLE_DETAIL_VALUE, explanation->cause);
    add_named(detail, 9, SV("  do"), ROLE_DETAIL_VALUE, explanation->remedy);
    add_named(detail, 9, SV("  known"), ROLE_DIM, explanation->confidence);
    if (detail->is_whole) {
        add_named(detail, 9, SV("  from"), ROLE_DIM, explanation->source);
    }
}

static void add_explanations(Detail *detail, Stages *stages, StoreRow row)
{
    Explanation found[EXPLANATIONS_MAX];
    size_t most = detail->is_whole || detail->height >= ROOMY ? EXPLANATIONS_MAX : 1;
    size_t count = stages_explain(stages, row.columns, row.index, found, most);

    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !found[i].is_unknown) {
            add_explanation(detail, &found[i]);
        }
    }
}

/* --- what it is ------------------------------------------------------------------------------- */

/* Adds a text laid out, at most `most` rows of it. */
static void add_laid_out(Detail *detail, StrView text, Role role, size_t most)
{
    pretty_lay_out(&detail->pretty, sv_slice(text, 0, DETAIL_MESSAGE_MAX));

    bool has_any = detail->pretty.structures > 0;

    detail->is_cut |= detail_add(detail,
                                 (DetailText){.text = strbuf_view(&detail->pretty.text),
                                              .role = role,
                                              .pretty = has_any ? &detail->pretty : NULL,
                                              .x = 1},
                                 most);
}

static void add_message(Detail *detail, StrView message, size_t most)
{
    if (message.ptr == NULL) {
        add_note(detail, SV("(no message)"));
        return;
    }
    detail_begin_item(detail, DETAIL_FIELD, FIELD_MESSAGE, FIELDS[FIELD_MESSAGE].name, message);
    add_laid_out(detail, message, ROLE_TEXT, most);
    if (message.len > DETAIL_MESSAGE_MAX && detail->is_whole) {
        add_note(detail, SV("… the message goes on; s saves all of it"));
    }
    detail_end_item(detail);
}

/* Adds each field that is there. */
static void add_fields(Detail *detail, const Entry *entry, StrView host)
{
    StrBuf value = {0};

    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const FieldInfo *field = &FIELDS[FIELD_ORDER[i]];

        strbuf_clear(&value);
        if (field->id == FIELD_HOST) {
            strbuf_add(&value, host);
        } else if (field->id == FIELD_MESSAGE || !entry_print_field(entry, field->id, &value)) {
            continue;
        }
        if (value.len > 0) {
            detail_begin_item(detail, DETAIL_FIELD, field->id, field->name, strbuf_view(&value));
            add_named(detail, NAME_WIDTH, sv(field->name), ROLE_DETAIL_VALUE, strbuf_view(&value));
            detail_end_item(detail);
        }
    }
    strbuf_done(&value);
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

static void add_flags(Detail *detail, uint32_t flags)
{
    for (size_t i = 0; i < ARRAY_LEN(FLAG_WORDS); i++) {
        if ((flags & FLAG_WORDS[i].flag) != 0) {
            add_named(detail, NAME_WIDTH, SV("note"), ROLE_OUTCOME_WAIT, sv(FLAG_WORDS[i].text));
        }
    }
}

static void add_raw(Detail *detail, StrView raw)
{
    detail_add_blank(detail);
    detail_begin_item(detail, DETAIL_RAW, FIELD_MESSAGE, "as it came", raw);
    add_head(detail, SV("as it came"));
    add_laid_out(detail, raw, ROLE_DIM, ALL_ROWS);
    if (raw.len > DETAIL_MESSAGE_MAX) {
        add_note(detail, SV("… it goes on; s saves all of it"));
    }
    detail_end_item(detail);
}

static void make_whole(Detail *detail, const App *app, StoreRow row, const Entry *entry)
{
    Stages *stages = session_stages(app->session);

    add_explanations(detail, stages, row);
    add_message(detail, entry->message, ALL_ROWS);
    detail_add_chain(detail, app->session, detail->number);
    detail_add_blank(detail);
    add_fields(detail, entry, session_host(app->session, entry->source));
    add_flags(detail, entry->flags);
    add_raw(detail, entry->raw);
}

/* What the entry is without being asked for all of it: its meaning, its message, then as many of
 * its fields as there is room for. */
static void make_brief(Detail *detail, const App *app, StoreRow row, const Entry *entry)
{
    Stages *stages = session_stages(app->session);
    uint8_t outcome = row.columns->tag[row.index].outcome;
    size_t height = (size_t)detail->height;

    if (outcome == OUTCOME_FAIL || outcome == OUTCOME_WAIT ||
        row.columns->level[row.index] >= LEVEL_ERROR) {
        add_explanations(detail, stages, row);
        detail_add_cause(detail, app->session, detail->number);
    }
    size_t left = height > detail->line_count ? height - detail->line_count : 0;

    add_message(detail, entry->message, left > 2 * FIELD_ROWS ? left - FIELD_ROWS - 1 : left);
    if (detail->line_count + 2 < height) {
        detail_add_blank(detail);
        add_fields(detail, entry, session_host(app->session, entry->source));
    }
}

/* Makes the lines of an entry, unless they are there. */
static void make_lines(App *app, EntryNumber number, StoreRow row)
{
    Detail *detail = app_detail(app);
    Rect area = app->layout.detail;
    bool is_whole = app->mode == MODE_DETAIL;
    StrBuf scratch = {0};
    Entry entry;

    EntryNumber near_end = detail_near_end(app->session, number, row);
    bool is_same = detail->number == number && detail->width == area.width &&
                   detail->height == area.height && detail->is_whole == is_whole;

    if (is_same && detail->near_end == near_end) {
        return;
    }
    detail_clear(detail, area.width);
    detail->is_new = true;
    detail->is_other = !is_same;
    detail->is_kept = detail->is_kept && detail->is_whole; /* opened anew it begins at its top */
    detail->number = number;
    detail->near_end = near_end;
    detail->height = area.height;
    detail->is_whole = is_whole;
    columns_entry_full(row.columns, row.index, &scratch, &entry);
    if (is_whole) {
        make_whole(detail, app, row, &entry);
    } else {
        make_brief(detail, app, row, &entry);
    }
    strbuf_done(&scratch);
}

bool app_detail_take(App *app)
{
    EntryNumber number = app_selected(app);
    StoreRow row;

    if (!app_selected_row(app, &row)) {
        detail_clear(app_detail(app), 0);
        app->detail->number = 0;
        return false;
    }
    make_lines(app, number, row);
    if (app->detail->is_whole) {
        app->detail_rows = (int)app->detail->line_count;
        app_detail_settle(app);
    }
    return true;
}

Detail *app_detail(App *app)
{
    if (app->detail == NULL) {
        app->detail = mem_calloc(1, sizeof *app->detail);
    }
    return app->detail;
}

void app_detail_to_top(App *app)
{
    app_detail(app)->is_kept = false;
    app->detail_scroll = 0;
}

void app_detail_done(App *app)
{
    if (app->detail != NULL) {
        detail_done(app->detail);
        mem_free(app->detail);
        app->detail = NULL;
    }
}

/* --- drawing ---------------------------------------------------------------------------------- */

void app_put_more(Canvas *canvas, Rect area, const char *words)
{
    int width = utf8_width(sv(words));
    int x = area.x + area.width - width;
    int y = area.y + area.height - 1;

    if (width >= area.width) {
        return;
    }
    (void)canvas_text(canvas, x, y, width, ROLE_STATUS, sv(words));
    const Cell *before = &canvas->cells[(size_t)y * (size_t)canvas->columns + (size_t)x - 1];

    if (before->width == 1 && before->text[0] != ' ') { /* it covers the end of a text */
        (void)canvas_text(canvas, x - 1, y, 1, (Role)before->role, SV("…"));
    }
}

/* Marks the item the cursor is on, on all of its rows that are in sight. */
static void draw_cursor(App *app, Canvas *canvas, Rect area)
{
    const DetailItem *item = app_detail_item(app);

    if (item == NULL) {
        return;
    }
    for (size_t i = item->first_line; i < item->first_line + item->line_count; i++) {
        int y = (int)i - app->detail_scroll;

        if (y >= 0 && y < area.height) {
            (void)canvas_text(canvas, area.x, area.y + y, 1, ROLE_MARK, SV("▌"));
        }
    }
    int y = (int)item->first_line - app->detail_scroll;

    if (y >= 0 && y < area.height) {
        canvas_ground(canvas, (Rect){area.x, area.y + y, area.width, 1}, ROLE_DETAIL_CURRENT);
    }
}

typedef bool (*FindSpan)(App *app, StrView text, size_t from, size_t *ret_start, size_t *ret_end,
                         Role *ret_role);

static bool find_term(App *app, StrView text, size_t from, size_t *ret_start, size_t *ret_end,
                      Role *ret_role)
{
    int slot;

    if (!highlights_find(app->highlights, text, from, ret_start, ret_end, &slot)) {
        return false;
    }
    *ret_role = (Role)(ROLE_HIGHLIGHT_1 + slot);
    return true;
}

static bool find_match(App *app, StrView text, size_t from, size_t *ret_start, size_t *ret_end,
                       Role *ret_role)
{
    *ret_role = ROLE_MATCH;
    return search_span(session_search(app->session), text, from, ret_start, ret_end);
}

/* Lights what is found in a piece that stands at `x`, `y`. */
static void light_piece(App *app, FindSpan find, Canvas *canvas, int x, int y, StrView text)
{
    size_t from = 0;
    size_t start;
    size_t end;
    Role role;

    while (from < text.len && find(app, text, from, &start, &end, &role) && end > start) {
        int left = utf8_width(sv_slice(text, 0, start));
        int width = utf8_width(sv_slice(text, start, end - start));

        canvas_paint(canvas, (Rect){x + left, y, width, 1}, role);
        from = end;
    }
}

/* Lights terms and what is searched for in values and message, row by row: a match over the end of
 * a row is not seen here. */
static void light_found(App *app, Canvas *canvas, Rect area, size_t skip)
{
    const Detail *detail = app->detail;
    bool has_terms = highlights_are_on(app->highlights);
    bool has_search = search_is_on(session_search(app->session));

    for (size_t i = skip;
         (has_terms || has_search) && i < detail->line_count && i - skip < (size_t)area.height;
         i++) {
        const DetailLine *line = &detail->lines[i];

        for (size_t j = line->first; j < line->first + line->count; j++) {
            const DetailPiece *piece = &detail->pieces[j];
            StrView text = sv_slice(strbuf_view(&detail->text), piece->start, piece->len);
            int y = area.y + (int)(i - skip);

            if (line->item < 0 || piece->role == ROLE_DETAIL_NAME || piece->role == ROLE_TREE) {
                continue;
            }
            if (has_terms) {
                light_piece(app, find_term, canvas, area.x + piece->x, y, text);
            }
            if (has_search) {
                light_piece(app, find_match, canvas, area.x + piece->x, y, text);
            }
        }
    }
}

static void draw_more(const App *app, const Detail *detail, Canvas *canvas, Rect area)
{
    int below = (int)detail->line_count - (detail->is_whole ? app->detail_scroll : 0) - area.height;
    char number[32];
    StrBuf words = {0};

    if (detail->is_whole && below > 0) {
        strbuf_printf(&words, " ↓ %s more ", app_count((uint64_t)below, number));
    } else if (!detail->is_whole && (below > 0 || detail->is_cut)) {
        strbuf_add_str(&words, " Enter: all ");
    }
    if (words.len > 0) {
        app_put_more(canvas, area, words.ptr);
    }
    strbuf_done(&words);
}

void app_draw_detail(App *app, Canvas *canvas)
{
    Rect area = app->layout.detail;
    StoreRow row;
    bool is_whole = app->mode == MODE_DETAIL;

    if (area.height == 0) {
        return;
    }
    if (app_pane_ops(app, app->focus) != NULL) {
        app_draw_explained(app, canvas);
        return;
    }
    canvas_fill(canvas, area, ROLE_TEXT);
    if (!app_detail_take(app) || !app_selected_row(app, &row)) {
        canvas_hline(canvas, app->layout.rule.x, app->layout.rule.y, app->layout.rule.width,
                     ROLE_RULE);
        return;
    }
    if (app->layout.rule.height > 0) {
        app_detail_draw_rule(app, canvas, app_selected(app), row);
    }
    const Detail *detail = app->detail;
    size_t skip = is_whole ? (size_t)app->detail_scroll : 0;

    detail_draw(detail, canvas, area, skip);
    light_found(app, canvas, area, skip);
    if (is_whole) {
        draw_cursor(app, canvas, area);
    }
    draw_more(app, detail, canvas, area);
}
