/*
 * The box under a pane of the enrolment: what the chosen stage or command is about, why it failed,
 * what to do, how sure that is, and the entries that prove it.
 */
#include <stdio.h>

#include "base/mem.h"
#include "session/findings.h"
#include "tui/app_detail.h"
#include "tui/app_enrolment.h"

#define NAME_WIDTH 10
#define FAILURES_SHOWN 4

/* --- lines ------------------------------------------------------------------------------------ */

static void add_head(Detail *detail, Role role, StrView text)
{
    (void)detail_add(detail, (DetailText){.text = text, .role = role, .x = 1}, SIZE_MAX);
}

static void add_named(Detail *detail, const char *name, Role role, StrView text)
{
    if (text.len > 0) {
        (void)detail_add(detail,
                         (DetailText){.text = text,
                                      .role = role,
                                      .x = 3,
                                      .head = sv(name),
                                      .head_role = ROLE_DETAIL_NAME,
                                      .head_width = NAME_WIDTH},
                         SIZE_MAX);
    }
}

/* "12:04:31.120 mdmclient: the message" */
static void add_proof(Detail *detail, const char *name, const Proof *proof)
{
    char stamp[CLOCK_STAMP_MAX];
    StrBuf text = {0};

    if (proof->number == 0) {
        return;
    }
    clock_format(proof->time, CLOCK_TIME, stamp);
    strbuf_printf(&text, "%s %s: %s", stamp, proof->process, proof->text);
    add_named(detail, name, ROLE_DETAIL_VALUE, strbuf_view(&text));
    strbuf_done(&text);
}

static void add_explanation(Detail *detail, const Explanation *explained)
{
    add_named(detail, "means", ROLE_DETAIL_VALUE, explained->meaning);
    add_named(detail, "likely", ROLE_DETAIL_VALUE, explained->cause);
    add_named(detail, "do", ROLE_ADVICE, explained->remedy);
    add_named(detail, "known", ROLE_CONFIDENCE, explained->confidence);
    add_named(detail, "from", ROLE_CONFIDENCE, explained->source);
}

static void name_failure(const Failure *failure, StrBuf *buf)
{
    if (failure->domain[0] == '\0') {
        strbuf_add_str(buf, failure->text);
        return;
    }
    strbuf_printf(buf, "%s%s%s", failure->domain, failure->code[0] != '\0' ? " " : "",
                  failure->code);
    if (failure->explained.title.len > 0) {
        strbuf_printf(buf, " · %.*s", SV_ARG(failure->explained.title));
    } else if (!failure->is_known) {
        strbuf_add_str(buf, " · not known here");
    }
}

static void add_failure(Detail *detail, const Attempt *attempt, size_t index)
{
    const Failure *failures;
    StrBuf text = {0};
    Proof by;
    char stamp[CLOCK_STAMP_MAX];

    (void)attempt_failures(attempt, &failures); /* `index` is one of them */
    const Failure *failure = &failures[index];
    bool is_over = attempt_recovered(attempt, index, &by);

    name_failure(failure, &text);
    if (failure->count > 1) {
        strbuf_printf(&text, "  ×%llu", (unsigned long long)failure->count);
    }
    if (is_over && by.number != 0) {
        clock_format(by.time, CLOCK_SECOND, stamp);
        strbuf_printf(&text, "  overcome at %s", stamp);
    }
    add_head(detail, is_over ? ROLE_DIM : ROLE_STAGE_FAIL, strbuf_view(&text));
    strbuf_done(&text);
    add_explanation(detail, &failure->explained);
    add_proof(detail, "entry", &failure->first);
    size_t cause = attempt_cause(attempt, index);

    if (cause != SIZE_MAX) {
        StrBuf before = {0};

        name_failure(&failures[cause], &before);
        add_named(detail, "before it", ROLE_STAGE_FAIL, strbuf_view(&before));
        strbuf_done(&before);
    }
}

/* --- what is explained ------------------------------------------------------------------------ */

static void add_findings(const App *app, Detail *detail, const Attempt *attempt)
{
    static const Role ROLES[] = {
        [FINDING_INFO] = ROLE_DIM,
        [FINDING_WARNING] = ROLE_STAGE_WAIT,
        [FINDING_ERROR] = ROLE_STAGE_FAIL,
    };
    const Enrolment *enrolment = session_enrolment(app->session);
    Findings *found = mem_calloc(1, sizeof *found);
    int64_t now = session_is_loaded(app->session) ? enrolment_now(enrolment).ns : app->wall.ns;

    findings_make(enrolment, attempt, now, found);
    for (size_t i = 0; i < found->count; i++) {
        const Finding *finding = &found->items[i];

        add_head(detail, ROLES[finding->severity], sv(finding->text));
        add_named(detail, "do", ROLE_ADVICE, sv(finding_advice(finding->kind)));
        add_named(detail, "known", ROLE_CONFIDENCE, sv(finding_confidence(finding->kind)));
    }
    mem_free(found);
}

void app_explain_attempt(const App *app, Detail *detail)
{
    const Attempt *attempt = app_attempt(app);
    size_t ranked[FAILURES_SHOWN];
    size_t count = attempt_ranked(attempt, ranked, ARRAY_LEN(ranked));

    if (count == 0) {
        add_head(detail, ROLE_STAGE_OK, SV("nothing stands in the way, as far as the log shows"));
    }
    for (size_t i = 0; i < count; i++) {
        add_failure(detail, attempt, ranked[i]);
    }
    add_findings(app, detail, attempt);
}

void app_explain_stage(const App *app, Detail *detail, const EnrolmentStage *stage)
{
    const Attempt *attempt = app_attempt(app);
    const Failure *failures;
    size_t count = attempt_failures(attempt, &failures);
    size_t shown = 0;

    for (size_t i = count; i > 0 && shown < FAILURES_SHOWN; i--) {
        if (failures[i - 1].stage == stage->info && !failures[i - 1].is_gone) {
            add_failure(detail, attempt, i - 1);
            shown++;
        }
    }
    if (stage->proof_count == 0) {
        add_head(detail, ROLE_DIM, SV("no entry speaks of this stage so far"));
        add_named(detail, "needs", ROLE_DIM, stage->info->os);
    }
    for (size_t i = 0; i < stage->proof_count; i++) {
        add_proof(detail, i == 0 ? "entries" : "", &stage->proofs[i]);
    }
}

void app_explain_command(const App *app, Detail *detail, const MdmCommand *command)
{
    const Attempt *attempt = app_attempt(app);
    int64_t latency = command_latency_ms(command);
    StrBuf text = {0};

    strbuf_printf(&text, "%s for %s: %s", command->type, command->channel,
                  command_state_name(command->state));
    if (latency >= 0) {
        strbuf_add_str(&text, ", answered after ");
        app_print_latency(latency, &text);
    }
    if (command->http != 0) {
        strbuf_printf(&text, ", HTTP %d", command->http);
    }
    add_head(detail, ROLE_DETAIL_HEAD, strbuf_view(&text));
    strbuf_done(&text);
    add_named(detail, "id", ROLE_DETAIL_VALUE, sv(command->id));
    add_named(detail, "reason", ROLE_STAGE_WAIT, sv(command->reason));
    for (size_t i = 0; i < command->failure_count; i++) {
        add_failure(detail, attempt, command->failures[i]);
    }
    add_proof(detail, "received", &command->received);
    add_proof(detail, "answered", &command->answered);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static Detail *explained(App *app)
{
    if (app->explained == NULL) {
        app->explained = mem_calloc(1, sizeof *app->explained);
    }
    return app->explained;
}

void app_explain_done(App *app)
{
    if (app->explained != NULL) {
        detail_done(app->explained);
        mem_free(app->explained);
        app->explained = NULL;
    }
}

void app_draw_explained(App *app, Canvas *canvas)
{
    const PaneOps *ops = app_pane_ops(app, app->focus);
    Rect area = app->layout.detail;
    Rect rule = app->layout.rule;
    int row = app_place(app)->choice;

    canvas_fill(canvas, area, ROLE_TEXT);
    canvas_hline(canvas, rule.x, rule.y, rule.width, ROLE_RULE);
    if (row >= ops->count(app) || area.height == 0) {
        return;
    }
    Detail *detail = explained(app);

    detail_clear(detail, area.width);
    detail->is_whole = true;
    ops->explain(app, row, detail);
    app->detail_rows = (int)detail->line_count;
    int most = app->detail_rows > area.height ? app->detail_rows - area.height : 0;

    app->detail_scroll = app->detail_scroll < most ? app->detail_scroll : most;
    detail_draw(detail, canvas, area, (size_t)app->detail_scroll);
    if (app->detail_scroll < most) {
        char words[48];

        (void)snprintf(words, sizeof words, " ↓ %d more: l h ", most - app->detail_scroll);
        app_put_more(canvas, area, words);
    }
}
