/*
 * The rule above the detail: when and who, and at its right end how the stage of the enrolment went
 * that the entry speaks of.
 */
#include "base/utf8.h"
#include "tui/app_detail.h"
#include "tui/app_state.h"

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

static void add_part(StrBuf *buf, const char *before, StrView text)
{
    if (text.len > 0) {
        strbuf_add_str(buf, before);
        strbuf_add(buf, text); /* not by printf: it may hold a NUL */
    }
}

/* When and who: what the rule must have room for. */
static void who_text(const Entry *entry, StrBuf *buf)
{
    char stamp[CLOCK_STAMP_MAX];

    clock_format(entry->time, CLOCK_TIME, stamp);
    strbuf_add_str(buf, stamp);
    add_part(buf, " · ", entry->process);
    if ((entry->present & HAS_PID) != 0) {
        strbuf_printf(buf, "[%llu]", (unsigned long long)entry->pid);
    }
}

/* The rest that is known of the entry, for wide screens. */
static void more_text(const Entry *entry, StrBuf *buf)
{
    add_part(buf, " · ", entry->subsystem);
    add_part(buf, ":", entry->category);
    add_part(buf, " · ", sv(level_name(entry->level)));
    if ((entry->present & HAS_THREAD) != 0 && entry->thread != 0) {
        strbuf_printf(buf, " · thread 0x%llx", (unsigned long long)entry->thread);
    }
}

/* Finds when the stage of a failed entry went well later, on the same Mac; CLOCK_NO_TIME = not in
 * what is held. What was looked at once is not looked at again: with every frame only entries that
 * are new. */
static int64_t went_well(App *app, EntryNumber number, StoreRow row)
{
    const Store *store = session_store(app->session);
    Detail *detail = app_detail(app);
    uint8_t stage = row.columns->tag[row.index].stage;
    uint8_t source = row.columns->source[row.index];
    StoreRow run;
    EntryNumber end;

    if (detail->well_number != number) {
        detail->well_number = number;
        detail->well_to = number + 1;
        detail->well_time = CLOCK_NO_TIME;
    }
    while (detail->well_time == CLOCK_NO_TIME &&
           store_find_run(store, detail->well_to, &run, &end)) {
        for (uint32_t i = 0; i < end - detail->well_to; i++) {
            ColumnTag tag = run.columns->tag[run.index + i];

            if (tag.stage == stage && tag.outcome == OUTCOME_OK &&
                run.columns->source[run.index + i] == source) {
                detail->well_time = run.columns->time_ns[run.index + i];
                break;
            }
        }
        detail->well_to = end;
    }
    return detail->well_time;
}

/* "55.8 s", "6m12s" */
static void print_length(int64_t ns, StrBuf *buf)
{
    char text[32];

    if (ns < 60 * NS_PER_SECOND) {
        strbuf_printf(buf, "%.1f s", (double)ns / (double)NS_PER_SECOND);
        return;
    }
    clock_format_delta(ns, text, sizeof text);
    strbuf_add_str(buf, text[0] == '+' ? text + 1 : text);
}

/* How much the rule says of the stage, the most first. The title is cut where it does not fit. */
typedef enum StageForm {
    FORM_TITLE,       /* "failed, went well 55.8 s later · stage 4 of 27: Activation …" */
    FORM_SHORT_TITLE, /* "failed, went well 55.8 s later · 4: Activation …" */
    FORM_NUMBER,      /* "failed, went well 55.8 s later · stage 4 of 27" */
    FORM_WELL,        /* "failed, went well 55.8 s later" */
    FORM_VERDICT,     /* "failed" */
    FORM_COUNT
} StageForm;

/* Of a title there must be so many cells, of what stands behind the process so many, or none. */
#define TITLE_MIN 14
#define MORE_MIN 12

static void stage_text(App *app, EntryNumber number, StoreRow row, StageForm form, StrBuf *buf)
{
    ColumnTag tag = row.columns->tag[row.index];
    const StageInfo *stage = stages_get(session_stages(app->session), tag.stage);
    size_t count = stages_count(session_stages(app->session));

    strbuf_printf(buf, " %s", outcome_name((Outcome)tag.outcome));
    if (tag.outcome == OUTCOME_FAIL && form < FORM_VERDICT) {
        int64_t well = went_well(app, number, row);
        int64_t later;

        if (clock_between(row.columns->time_ns[row.index], well, &later)) {
            strbuf_add_str(buf, ", went well ");
            print_length(later, buf);
            strbuf_add_str(buf, " later");
        }
    }
    if (form == FORM_TITLE || form == FORM_NUMBER) {
        strbuf_printf(buf, " · stage %d of %zu", stage->number, count);
    } else if (form == FORM_SHORT_TITLE) {
        strbuf_printf(buf, " · %d", stage->number);
    }
    if (form <= FORM_SHORT_TITLE) {
        strbuf_printf(buf, ": %.*s", SV_ARG(stage->title));
    }
    strbuf_add_str(buf, " ");
}

/* The longest form that fits; a title may be cut. Returns its cells. */
static int fit_stage(App *app, EntryNumber number, StoreRow row, int room, StrBuf *buf)
{
    ColumnTag tag = row.columns->tag[row.index];
    const StageInfo *stage = stages_get(session_stages(app->session), tag.stage);

    if (stage == NULL) {
        return 0;
    }
    int title = utf8_width(stage->title);
    int spare = title > TITLE_MIN ? title - TITLE_MIN : 0;

    for (int form = FORM_TITLE; form < FORM_COUNT; form++) {
        strbuf_clear(buf);
        stage_text(app, number, row, (StageForm)form, buf);
        int width = utf8_width(strbuf_view(buf));

        if (width - (form <= FORM_SHORT_TITLE ? spare : 0) <= room) {
            return width < room ? width : room;
        }
    }
    return utf8_width(strbuf_view(buf));
}

void app_detail_draw_rule(App *app, Canvas *canvas, EntryNumber number, StoreRow row)
{
    Rect rule = app->layout.rule;
    StrBuf text = {0};
    StrBuf stage = {0};
    Entry entry;

    columns_entry(row.columns, row.index, &entry);
    canvas_hline(canvas, rule.x, rule.y, rule.width, ROLE_RULE);
    who_text(&entry, &text);
    int width =
        fit_stage(app, number, row, rule.width - utf8_width(strbuf_view(&text)) - 6, &stage);

    width = width < rule.width - 4 ? width : rule.width - 4;
    if (width > 0) {
        (void)canvas_text_cut(canvas, rule.x + rule.width - width - 1, rule.y, width,
                              outcome_role(row.columns->tag[row.index].outcome),
                              strbuf_view(&stage));
    }
    int room = rule.width - width - 6;

    if (room > 7) {
        if (room > utf8_width(strbuf_view(&text)) + MORE_MIN) {
            more_text(&entry, &text);
        }
        int used = canvas_text_cut(canvas, rule.x + 2, rule.y, room, ROLE_DIM, strbuf_view(&text));

        (void)canvas_text(canvas, rule.x + 1, rule.y, 1, ROLE_RULE, SV(" "));
        (void)canvas_text(canvas, rule.x + 2 + used, rule.y, 1, ROLE_RULE, SV(" "));
    }
    strbuf_done(&text);
    strbuf_done(&stage);
}
