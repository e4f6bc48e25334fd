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
#define TITLE_LEAST 16 /* cells of a title that are worth more than the time */

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

/* "attempt 2 of 3 since 12:04:31 · stage 12 of 27"; what stands in the way at the end. */
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
    if (attempt_reached(attempt) > 0) {
        strbuf_printf(&text, " · stage %d of %zu", attempt_reached(attempt),
                      stages_count(session_stages(app->session)));
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

/* What of a row there is room for. */
typedef struct RowForm {
    int title; /* cells */
    bool has_time, has_length;
} RowForm;

/* The title's cells where there is room for notes: what the longest of those leaves over; they have
 * a part of the row at least. */
static int title_beside_notes(const App *app, int rest)
{
    const Attempt *attempt = app_attempt(app);
    int longest = 0;
    int note = 0;

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

static RowForm row_form(const App *app, int columns)
{
    int rest = columns - TIME_WIDTH - LENGTH_WIDTH - 9 - sign_width(app);
    RowForm form = {.has_length = true, .has_time = true};

    if (columns >= NOTE_MIN_COLUMNS) {
        form.title = title_beside_notes(app, rest);
        return form;
    }
    if (rest < STAGE_SHORT_MAX) {
        form.has_length = false;
        rest += LENGTH_WIDTH + 1;
    }
    if (rest < TITLE_LEAST) {
        form.has_time = false;
        rest += TIME_WIDTH + 1;
    }
    form.title = rest;
    return form;
}

/* When the stage began and how long it took; returns the cell behind. */
static int draw_times(Canvas *canvas, int x, int y, RowForm form, const EnrolmentStage *stage)
{
    char text[CLOCK_STAMP_MAX];

    if (form.has_time) {
        if (stage->first.ns != CLOCK_NO_TIME) {
            clock_format(stage->first, CLOCK_SECOND, text);
            (void)canvas_text(canvas, x, y, TIME_WIDTH, ROLE_TIME, sv(text));
        }
        x += TIME_WIDTH + 1;
    }
    if (form.has_length) {
        length_text(stage, text, sizeof text);
        (void)canvas_text(canvas, x, y, LENGTH_WIDTH, ROLE_DELTA, sv(text));
        x += LENGTH_WIDTH + 1;
    }
    return x;
}

static void draw_stage(const App *app, Canvas *canvas, Rect line, const EnrolmentStage *stage)
{
    Role role = app_stage_role(stage->state);
    Role text_role = stage->state == STAGE_NONE ? ROLE_STAGE_NONE : ROLE_TEXT;
    RowForm form = row_form(app, line.width);
    StrView title = utf8_width(stage->info->title) <= form.title ? stage->info->title
                                                                 : stage->info->short_title;
    int x = line.x + 1;
    StrBuf note = {0};

    (void)canvas_text(canvas, x, line.y, sign_width(app), role, sv(sign_of(app, stage->state)));
    x += sign_width(app) + 1;
    x += canvas_printf(canvas, x, line.y, 3, ROLE_DIM, "%2d", stage->info->number) + 1;
    (void)canvas_text_cut(canvas, x, line.y, form.title,
                          stage->state == STAGE_FAIL ? role : text_role, title);
    x = draw_times(canvas, x + form.title + 1, line.y, form, stage);
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
        strbuf_printf(buf, " stage %d", attempt_reached(attempt)); /* of how many, the pane says */
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
