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

/* The verdict first: what is cut on a narrow screen is the stage's name. */
static void stage_text(App *app, EntryNumber number, StoreRow row, StrBuf *buf)
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

void app_detail_draw_rule(App *app, Canvas *canvas, EntryNumber number, StoreRow row)
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
