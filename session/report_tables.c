/*
 * The tables of the report for people: the stages that were spoken of, and the commands.
 */
#include <inttypes.h>
#include <string.h>

#include "session/report_writer.h"

/* --- stages and commands -------------------------------------------------------------------- */

static const struct {
    const char *word;
    Tone tone;
} STAGE_WORDS[STAGE_STATE_COUNT] = {
    [STAGE_NONE] = {"-", TONE_PLAIN},      [STAGE_PROGRESS] = {"going on", TONE_WAIT},
    [STAGE_WAIT] = {"waiting", TONE_WAIT}, [STAGE_OK] = {"done", TONE_GOOD},
    [STAGE_FAIL] = {"FAILED", TONE_BAD},
};

/* What stands behind the title: how it went, and how sure the rules are that told it. */
static void add_stage_words(StrBuf *buf, const EnrolmentStage *stage)
{
    strbuf_printf(buf, "%.*s", SV_ARG(stage->info->title));
    if (stage->note[0] != '\0') {
        strbuf_printf(buf, ": %s", stage->note);
    }
    StrView confidence = SV_NONE;
    bool is_mixed = false;
    for (size_t i = 0; i < stage->proof_count; i++) {
        StrView own = stage->proofs[i].confidence;
        is_mixed = is_mixed || (own.len > 0 && confidence.len > 0 && !sv_equal(own, confidence));
        confidence = own.len > 0 ? own : confidence;
    }
    if (confidence.len > 0) {
        strbuf_printf(buf, " [%.*s%s]", SV_ARG(confidence), is_mixed ? " and others" : "");
    }
}

void report_stages(Printer *printer, const Attempt *attempt)
{
    static const ReportTable table = {4, {"", "State", "First", "Stage"}, {3, 9, 9, 0}};
    StrBuf number = {0};
    size_t unseen = 0;
    size_t count = stages_count(enrolment_stages(printer->report->enrolment));
    printer->to->heading(printer->buf, SV("Stages"));
    printer->to->table(printer->buf, &table);
    for (size_t i = 1; i <= count; i++) {
        EnrolmentStage stage;
        char time[CLOCK_STAMP_MAX];
        attempt_stage(attempt, (int)i, &stage);
        if (stage.count == 0) {
            unseen++;
            continue;
        }
        clock_format(stage.first, CLOCK_SECOND, time);
        strbuf_clear(&number);
        strbuf_printf(&number, "%2zu", i);
        strbuf_clear(&printer->line);
        add_stage_words(&printer->line, &stage);
        StrView cells[] = {strbuf_view(&number), sv(STAGE_WORDS[stage.state].word), sv(time),
                           report_line(printer)};
        printer->to->row(printer->buf, &table, STAGE_WORDS[stage.state].tone, cells);
    }
    printer->to->table_end(printer->buf);
    strbuf_done(&number);
    if (unseen > 0) {
        strbuf_clear(&printer->line);
        strbuf_printf(&printer->line,
                      "%zu of %zu stages are not spoken of in the capture; not every enrolment has "
                      "all of them.",
                      unseen, count);
        printer->to->paragraph(printer->buf, report_line(printer));
    }
}

static Tone tone_of_command(const MdmCommand *command)
{
    return command->state == COMMAND_OK     ? TONE_GOOD
           : command->state == COMMAND_FAIL ? TONE_BAD
                                            : TONE_WAIT;
}

/* Type, and what there is to say about the round trip. */
static void add_command_words(StrBuf *buf, const Attempt *attempt, const MdmCommand *command)
{
    strbuf_add_str(buf, command->type);
    if (strcmp(command->channel, "Device") != 0) {
        strbuf_printf(buf, " for <%s>", command->channel);
    }
    int64_t latency = command_latency_ms(command);
    if (latency >= 0) {
        strbuf_add_str(buf, ", ");
        report_add_length(buf, latency * NS_PER_MS);
    }
    if (command->http >= 400) {
        strbuf_printf(buf, ", HTTP %d", command->http);
    }
    if (command->not_now > 0) {
        strbuf_printf(buf, ", NotNow %" PRIu32 "×", command->not_now);
    }
    if (command->reason[0] != '\0') {
        strbuf_printf(buf, " (%s)", command->reason);
    }
    if (command->state == COMMAND_INSTALLING) {
        strbuf_add_str(buf, command->has_install
                                ? ", acknowledged; the end of its install is not in the log"
                                : ", acknowledged; its install is not in the log");
    }
    for (size_t i = 0; i < command->failure_count && command->state != COMMAND_OK; i++) {
        const Failure *failure = report_failure(attempt, command->failures[i]);
        if (failure != NULL && failure->domain[0] != '\0') {
            strbuf_add_str(buf, i == 0 ? ": " : " ← ");
            strbuf_add(buf, failure->explained.subject);
            strbuf_printf(buf, " %s", failure->text);
        }
    }
}

void report_commands(Printer *printer, const Attempt *attempt)
{
    static const ReportTable table = {3, {"Time", "State", "Command"}, {10, 11, 0}};
    const MdmCommand *commands;
    size_t count = attempt_commands(attempt, &commands);
    if (count == 0) {
        return;
    }
    printer->to->heading(printer->buf, SV("Commands"));
    printer->to->table(printer->buf, &table);
    for (size_t i = 0; i < count; i++) {
        const MdmCommand *command = &commands[i];
        char time[CLOCK_STAMP_MAX];
        const Proof *first =
            command->received.number != 0 ? &command->received : &command->answered;
        clock_format(first->time, CLOCK_SECOND, time);
        strbuf_clear(&printer->line);
        add_command_words(&printer->line, attempt, command);
        StrView cells[] = {sv(time), sv(command_state_name(command->state)), report_line(printer)};
        printer->to->row(printer->buf, &table, tone_of_command(command), cells);
    }
    printer->to->table_end(printer->buf);
}
