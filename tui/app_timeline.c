/*
 * The Timeline: the stages of the enrolment as a path from top to bottom, each with its state, when
 * it was, how long it took and how it went, live. Above them stands which attempt it is.
 */
#include "base/utf8.h"
#include "tui/app_enrolment.h"
#include "tui/glyph.h"

/* The first row tells of the attempt as a whole. */
#define HEAD_ROWS 1

#define NOTE_WIDTH 30
#define TIME_WIDTH 8
#define LENGTH_WIDTH 8
#define NOTE_MIN_COLUMNS 70

static int timeline_count(const App *app)
{
    return app_attempt(app) == NULL ? 0
                                    : HEAD_ROWS + (int)stages_count(session_stages(app->session));
}

static EntryNumber timeline_entry(const App *app, int row, bool is_last)
{
    const Attempt *attempt = app_attempt(app);
    EnrolmentStage stage;

    if (row < HEAD_ROWS) {
        size_t decisive = attempt_decisive(attempt);
        const Failure *failures;

        (void)attempt_failures(attempt, &failures); /* the index says that it is there */
        return decisive == SIZE_MAX ? 0 : failures[decisive].first.number;
    }
    attempt_stage(attempt, row - HEAD_ROWS + 1, &stage);
    if (stage.proof_count == 0) {
        return 0;
    }
    return stage.proofs[is_last ? stage.proof_count - 1 : 0].number;
}

/* --- drawing ---------------------------------------------------------------------------------- */

/* "2 of 3 attempts · since 12:04:31 · record fetched again"; what stands in the way at the end. */
static void draw_head(const App *app, Canvas *canvas, Rect line, const Attempt *attempt)
{
    const Enrolment *enrolment = session_enrolment(app->session);
    size_t decisive = attempt_decisive(attempt);
    const Failure *failures;
    char first[CLOCK_STAMP_MAX];
    StrBuf text = {0};

    clock_format(attempt_first(attempt), CLOCK_SECOND, first);
    if (enrolment_count(enrolment) > 1) {
        strbuf_printf(&text, "attempt %zu of %zu", attempt_number(attempt),
                      enrolment_count(enrolment));
    } else {
        strbuf_add_str(&text, "one attempt");
    }
    strbuf_printf(&text, " since %s", first);
    if (attempt_end(attempt) != ATTEMPT_GOES_ON) {
        strbuf_printf(&text, ", then %s", attempt_end_words(attempt_end(attempt)));
    }
    strbuf_add_str(&text, attempt_is_enrolled(attempt) ? " · the Mac is managed" : "");
    int used = canvas_text_cut(canvas, line.x + 1, line.y, line.width - 2, ROLE_DETAIL_HEAD,
                               strbuf_view(&text));

    strbuf_done(&text);
    if (decisive != SIZE_MAX && line.width - used > 20) {
        (void)attempt_failures(attempt, &failures); /* the index says that it is there */
        (void)canvas_printf(canvas, line.x + used + 1, line.y, line.width - used - 2,
                            ROLE_STAGE_FAIL, " · ✗ %s %s", failures[decisive].domain,
                            failures[decisive].code);
    }
}

static void length_text(const EnrolmentStage *stage, char *buf, size_t size)
{
    buf[0] = '\0';
    int64_t length;
    if (clock_between(stage->first.ns, stage->last.ns, &length) && length > 0) {
        clock_format_delta(length, buf, size);
    }
}

static int at_least(int value, int limit)
{
    return value > limit ? value : limit;
}

/* How the stage went, in a few words. */
static void note_text(const EnrolmentStage *stage, StrBuf *buf)
{
    if (stage->note[0] != '\0') {
        strbuf_add_str(buf, stage->note);
    } else if (stage->is_absent) {
        strbuf_add_str(buf, "this macOS does not have it");
    }
}

/* Without glyphs there are words. */
static int sign_width(const App *app)
{
    return session_settings(app->session)->plain ? GLYPH_WORD_MAX : 1;
}

static const char *sign_of(const App *app, StageState state)
{
    const char *glyph = app_stage_glyph(state);
    const char *word = session_settings(app->session)->plain ? glyph_word(sv(glyph)) : NULL;

    if (word != NULL && state == STAGE_NONE) {
        return ""; /* there is nothing to say of it */
    }
    return word != NULL ? word : glyph;
}

/* The title's cells: what time and length leave over, and the longest note where there is room for
 * notes; those have a part of the row at least. */
static int title_width(const App *app, int columns)
{
    const Attempt *attempt = app_attempt(app);
    int rest = columns - TIME_WIDTH - LENGTH_WIDTH - 9 - sign_width(app);
    int longest = 0;
    int note = 0;

    if (columns < NOTE_MIN_COLUMNS) {
        return rest;
    }
    for (size_t i = 1; i <= stages_count(session_stages(app->session)); i++) {
        EnrolmentStage stage;
        StrBuf text = {0};

        attempt_stage(attempt, (int)i, &stage);
        note_text(&stage, &text);
        longest = at_least(utf8_width(stage.info->title), longest);
        note = at_least(utf8_width(strbuf_view(&text)), note);
        strbuf_done(&text);
    }
    int least = rest / 2 > rest - NOTE_WIDTH ? rest / 2 : rest - NOTE_WIDTH;
    int title = at_least(rest - note, least);

    return title < longest ? title : longest;
}

static void draw_stage(const App *app, Canvas *canvas, Rect line, const EnrolmentStage *stage)
{
    Role role = app_stage_role(stage->state);
    Role text_role = stage->state == STAGE_NONE ? ROLE_STAGE_NONE : ROLE_TEXT;
    int title = title_width(app, line.width);
    char text[CLOCK_STAMP_MAX];
    int x = line.x + 1;
    StrBuf note = {0};

    (void)canvas_text(canvas, x, line.y, sign_width(app), role, sv(sign_of(app, stage->state)));
    x += sign_width(app) + 1;
    x += canvas_printf(canvas, x, line.y, 3, ROLE_DIM, "%2d", stage->info->number) + 1;
    (void)canvas_text_cut(canvas, x, line.y, title, stage->state == STAGE_FAIL ? role : text_role,
                          stage->info->title);
    x += title + 1;
    if (stage->first.ns != CLOCK_NO_TIME) {
        clock_format(stage->first, CLOCK_SECOND, text);
        (void)canvas_text(canvas, x, line.y, TIME_WIDTH, ROLE_TIME, sv(text));
    }
    x += TIME_WIDTH + 1;
    length_text(stage, text, sizeof text);
    (void)canvas_text(canvas, x, line.y, LENGTH_WIDTH, ROLE_DELTA, sv(text));
    x += LENGTH_WIDTH + 1;
    if (line.width >= NOTE_MIN_COLUMNS) {
        note_text(stage, &note);
        (void)canvas_text_cut(canvas, x, line.y, line.x + line.width - x - 1,
                              stage->state == STAGE_FAIL ? role : ROLE_DIM, strbuf_view(&note));
    }
    strbuf_done(&note);
}

static void timeline_draw_row(App *app, Canvas *canvas, Rect line, int row, bool is_chosen)
{
    const Attempt *attempt = app_attempt(app);
    EnrolmentStage stage;

    (void)is_chosen;
    if (row < HEAD_ROWS) {
        draw_head(app, canvas, line, attempt);
        return;
    }
    attempt_stage(attempt, row - HEAD_ROWS + 1, &stage);
    draw_stage(app, canvas, line, &stage);
}

static void timeline_draw_heads(App *app, Canvas *canvas, Rect line)
{
    (void)app;
    (void)canvas_text_cut(canvas, line.x + 1, line.y, line.width - 2, ROLE_DIM,
                          SV("the stages of an enrolment, in order · Enter goes to the entries"));
}

static void timeline_explain(const App *app, int row, Detail *detail)
{
    EnrolmentStage stage;

    if (row < HEAD_ROWS) {
        app_explain_attempt(app, detail);
        return;
    }
    attempt_stage(app_attempt(app), row - HEAD_ROWS + 1, &stage);
    app_explain_stage(app, detail, &stage);
}

static void timeline_tab(const App *app, StrBuf *buf)
{
    const Attempt *attempt = app_attempt(app);

    if (attempt != NULL && attempt_reached(attempt) > 0) {
        strbuf_printf(buf, " %d/%zu", attempt_reached(attempt),
                      stages_count(session_stages(app->session)));
    }
}

static bool timeline_has_failed(const App *app)
{
    const Attempt *attempt = app_attempt(app);

    return attempt != NULL && attempt_decisive(attempt) != SIZE_MAX;
}

const PaneOps TIMELINE_OPS = {
    .count = timeline_count,
    .draw_row = timeline_draw_row,
    .draw_heads = timeline_draw_heads,
    .entry = timeline_entry,
    .explain = timeline_explain,
    .tab = timeline_tab,
    .has_failed = timeline_has_failed,
    .nothing = "no entry speaks of an enrolment so far",
};
