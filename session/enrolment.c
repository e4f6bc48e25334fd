/*
 * Enrolment: takes entries in, decides which attempt they belong to, hands them to the stages, the
 * commands and the failures of it. What these make of them is in enrolment_stages.c,
 * enrolment_commands.c and enrolment_failures.c; what can be asked of it all in enrolment_read.c.
 */
#include "session/enrolment.h"

#include <string.h>

#include "base/mem.h"
#include "filters/knowledge.h"
#include "session/enrolment_internal.h"

/* What came before is no prelude of an attempt that begins later than this. */
#define PRELUDE_NS (30 * 60 * NS_PER_SECOND)
/* A machine time that goes back this far, ticks, while the clock goes on, has begun anew. Entries
 * that overtake each other are apart by far less. */
#define MACH_BACK (UINT64_C(240) * 1000 * 1000)
#define MACH_BACK_CLOCK (2 * NS_PER_SECOND)

void enrolment_copy(char *to, size_t size, StrView text)
{
    size_t len = text.len < size - 1 ? text.len : size - 1;
    while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80) {
        len--; /* not in the middle of a character */
    }
    if (len > 0) {
        memcpy(to, text.ptr, len);
    }
    to[len] = '\0';
}

#define CUT_MARK "…"

void enrolment_copy_words(char *to, size_t size, StrView text)
{
    size_t len = size - sizeof(CUT_MARK);
    if (text.len < size) {
        enrolment_copy(to, size, text);
        return;
    }
    while (len > 0 && text.ptr[len] != ' ') {
        len--;
    }
    if (len == 0) { /* one word: there is nothing to keep but its beginning */
        len = size - sizeof(CUT_MARK);
    }
    enrolment_copy(to, len + 1, text);
    memcpy(to + strlen(to), CUT_MARK, sizeof(CUT_MARK));
}

/* --- beginning and end ---------------------------------------------------------------------- */

static int find_stage(const Stages *stages, const char *id)
{
    for (int number = 1; stages_get(stages, number) != NULL; number++) {
        if (sv_equal(stages_get(stages, number)->id, sv(id))) {
            return number;
        }
    }
    return 0;
}

Enrolment *enrolment_new(Stages *stages)
{
    Enrolment *enrolment = mem_calloc(1, sizeof(*enrolment));
    enrolment->stages = stages;
    enrolment->side = stages_knowledge(stages)->side;
    enrolment->now.ns = CLOCK_NO_TIME;
    enrolment->is = (StageNumbers){
        .network = find_stage(stages, "network"),
        .identity = find_stage(stages, "device-identity"),
        .record = find_stage(stages, "activation-record"),
        .screen = find_stage(stages, "mdm-screen"),
        .token_update = find_stage(stages, "token-update"),
        .push = find_stage(stages, "push"),
        .commands = find_stage(stages, "commands"),
        .profiles = find_stage(stages, "profiles"),
        .ddm = find_stage(stages, "ddm"),
        .apps = find_stage(stages, "app-command"),
        .release = find_stage(stages, "release"),
        .idle = find_stage(stages, "idle"),
        .unenroll = find_stage(stages, "unenroll"),
    };
    return enrolment;
}

static Attempt *attempt_new(const Enrolment *enrolment, uint8_t source)
{
    Attempt *attempt = mem_calloc(1, sizeof(*attempt));
    attempt->owner = enrolment;
    attempt->source = source;
    attempt->first.ns = CLOCK_NO_TIME;
    attempt->last.ns = CLOCK_NO_TIME;
    attempt->tracks = mem_calloc(stages_count(enrolment->stages), sizeof(*attempt->tracks));
    for (size_t i = 0; i < stages_count(enrolment->stages); i++) {
        attempt->tracks[i].first.ns = CLOCK_NO_TIME;
        attempt->tracks[i].last.ns = CLOCK_NO_TIME;
    }
    return attempt;
}

static void attempt_free(Attempt *attempt)
{
    if (attempt != NULL) {
        mem_free(attempt->tracks);
        mem_free(attempt->commands);
        mem_free(attempt->failures);
        mem_free(attempt);
    }
}

void enrolment_free(Enrolment *enrolment)
{
    if (enrolment == NULL) {
        return;
    }
    for (size_t i = 0; i < SOURCES_MAX; i++) {
        attempt_free(enrolment->sources[i].pending);
    }
    for (size_t i = 0; i < enrolment->attempt_count; i++) {
        attempt_free(enrolment->attempts[i]);
    }
    mem_free(enrolment);
}

/* --- which attempt -------------------------------------------------------------------------- */

static void forget_pending(SourceTrack *track)
{
    attempt_free(track->pending);
    track->pending = NULL;
}

/* What has come that may become an attempt; old evidence is given up. */
static Attempt *open_pending(Enrolment *enrolment, SourceTrack *track, uint8_t source,
                             int64_t now_ns)
{
    int64_t silence;
    if (track->pending != NULL && clock_between(track->pending->last.ns, now_ns, &silence) &&
        silence > PRELUDE_NS) {
        forget_pending(track);
    }
    if (track->pending == NULL) {
        track->pending = attempt_new(enrolment, source);
    }
    return track->pending;
}

static void drop_oldest(Enrolment *enrolment)
{
    Attempt *oldest = enrolment->attempts[0];
    for (size_t i = 0; i < SOURCES_MAX; i++) {
        if (enrolment->sources[i].current == oldest) {
            enrolment->sources[i].current = NULL;
        }
    }
    attempt_free(oldest);
    memmove(enrolment->attempts, enrolment->attempts + 1,
            (ENROLMENT_ATTEMPTS_MAX - 1) * sizeof(*enrolment->attempts));
    enrolment->attempt_count--;
    enrolment->attempts_dropped++;
}

/* Makes an attempt of what has come so far. */
static void begin_attempt(Enrolment *enrolment, SourceTrack *track, uint8_t source, int64_t now_ns)
{
    if (enrolment->attempt_count == ENROLMENT_ATTEMPTS_MAX) {
        drop_oldest(enrolment);
    }
    Attempt *attempt = open_pending(enrolment, track, source, now_ns);
    track->pending = NULL;
    track->current = attempt;
    attempt->is_open = true;
    attempt->number = ++enrolment->attempts_begun;
    enrolment->attempts[enrolment->attempt_count++] = attempt;
    enrolment->revision++;
}

static void end_attempt(Enrolment *enrolment, SourceTrack *track, AttemptEnd end)
{
    if (track->current != NULL) {
        track->current->end = end;
        if (end == ATTEMPT_FETCHED_AGAIN) {
            track->current->last = track->current->proved; /* the rest was the next one's prelude */
        }
        track->current = NULL;
        enrolment->revision++;
    }
}

/* Whether the attempt is over with this entry, which does not belong to it any more. */
static AttemptEnd ends_with(const Attempt *attempt, const Intake *intake)
{
    const StageNumbers *is = &intake->enrolment->is;
    if (attempt->has_unenrolled && intake->stage != is->unenroll &&
        intake->outcome != OUTCOME_INFO) {
        return ATTEMPT_UNENROLLED;
    }
    if (!intake->verdict->begins) {
        return ATTEMPT_GOES_ON;
    }
    if (intake->stage != is->record) {
        return attempt_came_past(attempt, is->network) ? ATTEMPT_FETCHED_AGAIN : ATTEMPT_GOES_ON;
    }
    bool has_failed = attempt->tracks[is->record - 1].state == STAGE_FAIL;
    if (intake->outcome == OUTCOME_START) {
        return has_failed ? ATTEMPT_FETCHED_AGAIN : ATTEMPT_GOES_ON;
    }
    return attempt_came_past(attempt, is->screen) ? ATTEMPT_FETCHED_AGAIN : ATTEMPT_GOES_ON;
}

/* What an enrolment begins with, said after the one at hand has come further: it may be the next
 * one's, or nothing. */
static bool is_prelude(const Attempt *attempt, const Intake *intake)
{
    const StageNumbers *is = &intake->enrolment->is;
    bool is_early =
        intake->stage != 0 && (intake->stage == is->identity ||
                               (intake->stage == is->record && intake->outcome == OUTCOME_START));
    return is_early && attempt_came_past(attempt, is->screen);
}

/* Whether the entry alone proves that there is an enrolment, or traffic with a server. */
static bool is_proof(const Intake *intake)
{
    const StageInfo *info = stages_get(intake->enrolment->stages, intake->stage);
    bool says_something = intake->outcome != OUTCOME_INFO || intake->line.kind != MDM_LINE_NONE ||
                          (info != NULL && info->is_done_by_info);
    return info != NULL && says_something && !intake->verdict->is_weak &&
           !intake->verdict->is_bystander;
}

/* The attempt that an entry belongs to; NULL = none, it proves nothing. */
static Attempt *choose_attempt(SourceTrack *track, const Intake *intake)
{
    Enrolment *enrolment = intake->enrolment;
    const StageVerdict *verdict = intake->verdict;
    uint8_t source = intake->columns->source[intake->index];
    int64_t now_ns = intake->proof.time.ns;
    bool is_strong = is_proof(intake);
    if (track->current != NULL && (is_strong || verdict->begins)) {
        AttemptEnd end = ends_with(track->current, intake);
        if (end != ATTEMPT_GOES_ON) {
            end_attempt(enrolment, track, end);
        }
    }
    if (track->current == NULL) {
        if (is_strong) {
            begin_attempt(enrolment, track, source, now_ns);
            return track->current;
        }
        return intake->stage != 0 ? open_pending(enrolment, track, source, now_ns) : NULL;
    }
    return is_prelude(track->current, intake) ? open_pending(enrolment, track, source, now_ns)
                                              : track->current;
}

/* --- taking in ------------------------------------------------------------------------------ */

static Stamp stamp_of(const Columns *columns, uint32_t index)
{
    return (Stamp){columns->time_ns[index], columns->zone_minutes[index]};
}

/* The machine's own time begins anew with every start of the system. */
static bool has_rebooted(SourceTrack *track, const Columns *columns, uint32_t index)
{
    if ((columns->present[index] & HAS_MACH) == 0) {
        return false;
    }
    uint64_t mach = columns->mach[index];
    int64_t time_ns = columns->time_ns[index];
    bool is_back = track->mach > MACH_BACK && mach < track->mach - MACH_BACK &&
                   time_ns > clock_shift(track->time_ns, MACH_BACK_CLOCK);
    if (is_back || mach > track->mach) {
        track->mach = mach;
        track->time_ns = time_ns;
    }
    return is_back;
}

static void count_entry(Attempt *attempt, const Columns *columns, uint32_t index)
{
    uint8_t level = columns->level[index];
    attempt->counts.entries++;
    attempt->counts.masked += (columns->flags[index] & ENTRY_PRIVATE) != 0;
    attempt->counts.leveled += level != LEVEL_NONE;
    attempt->counts.detailed += level == LEVEL_INFO || level == LEVEL_DEBUG;
}

static void make_proof(Intake *intake, EntryNumber number)
{
    const Columns *columns = intake->columns;
    Proof *proof = &intake->proof;
    *proof = (Proof){.number = number,
                     .time = stamp_of(columns, intake->index),
                     .outcome = (uint8_t)intake->outcome,
                     .confidence = intake->verdict->confidence};
    enrolment_copy(proof->process, sizeof(proof->process),
                   columns_text(columns, columns->process[intake->index]));
    enrolment_copy_words(proof->text, sizeof(proof->text),
                         mdm_line_words(columns_message(columns, intake->index)));
}

/* What the verdict on a single line becomes beside others: a bystander is no failure, the server's
 * yes to a check-in is its success, asking for commands is not having none. */
static void weigh(Intake *intake)
{
    const StageNumbers *is = &intake->enrolment->is;
    const MdmLine *line = &intake->line;
    intake->stage = intake->verdict->tag.stage;
    intake->outcome = (Outcome)intake->verdict->tag.outcome;
    if (intake->verdict->is_bystander) {
        intake->outcome = OUTCOME_INFO;
    } else if (intake->stage == 0 && line->kind != MDM_LINE_NONE && line->type.len > 0) {
        intake->stage = is->commands;
        intake->outcome = OUTCOME_INFO;
    } else if (intake->outcome == OUTCOME_PROGRESS && line->kind == MDM_LINE_RECEIVED &&
               line->http / 100 == 2) {
        intake->outcome = OUTCOME_OK;
    } else if (intake->stage == is->idle && line->kind == MDM_LINE_SENT) {
        intake->outcome = OUTCOME_START;
    }
}

static void take(Intake *intake)
{
    Attempt *attempt = intake->attempt;
    intake->command = SIZE_MAX;
    if (attempt->first.ns == CLOCK_NO_TIME) {
        attempt->first = intake->proof.time;
    }
    attempt->last = intake->proof.time;
    if (is_proof(intake)) {
        attempt->proved = intake->proof.time;
    }
    attempt->gate |= intake->verdict->gate;
    if (intake->stage != 0) {
        attempt_take_stage(attempt, intake->stage, intake->outcome, &intake->proof,
                           intake->verdict->gate);
        attempt->has_unenrolled =
            attempt->has_unenrolled || intake->stage == intake->enrolment->is.unenroll;
    }
    attempt_take_line(intake);
    attempt_take_failures(intake);
    intake->enrolment->revision++;
}

static void take_row(Enrolment *enrolment, SourceTrack *track, const Columns *columns,
                     uint32_t index, EntryNumber number, const StageVerdict *verdict)
{
    Intake intake = {
        .enrolment = enrolment, .columns = columns, .index = index, .verdict = verdict};
    intake.is_core = verdict->is_enrolment && (verdict->gate & enrolment->side) == 0;
    intake.line = mdm_line_read(columns_message(columns, index));
    weigh(&intake);
    make_proof(&intake, number);
    intake.attempt = choose_attempt(track, &intake);
    if (intake.attempt != NULL) {
        take(&intake);
    }
}

void enrolment_feed(Enrolment *enrolment, const Columns *columns, uint32_t index,
                    EntryNumber number, const StageVerdict *verdict)
{
    uint8_t source = columns->source[index];
    SourceTrack *track = &enrolment->sources[source % SOURCES_MAX];
    if (columns->kind[index] == KIND_NOTICE) {
        return;
    }
    if ((columns->flags[index] & ENTRY_NO_TIME) == 0) {
        enrolment->now = stamp_of(columns, index);
    }
    if (columns->kind[index] == KIND_TIMESYNC &&
        sv_starts(columns_message(columns, index), SV("=== system boot"))) {
        end_attempt(enrolment, track, ATTEMPT_REBOOTED);
        forget_pending(track);
    }
    if (columns->kind[index] == KIND_LOSS) {
        enrolment_add_gap(enrolment, number, stamp_of(columns, index),
                          columns_message(columns, index));
    }
    if (verdict->gate == 0) {
        return;
    }
    if (has_rebooted(track, columns, index)) {
        end_attempt(enrolment, track, ATTEMPT_REBOOTED);
        forget_pending(track);
    }
    if (verdict->is_enrolment && (verdict->gate & enrolment->side) == 0) {
        int64_t now_ns = columns->time_ns[index];
        count_entry(track->current != NULL ? track->current
                                           : open_pending(enrolment, track, source, now_ns),
                    columns, index);
    }
    if (verdict->tag.stage != 0 || verdict->is_marked || verdict->is_line) {
        take_row(enrolment, track, columns, index, number, verdict);
    }
}

void enrolment_add_gap(Enrolment *enrolment, EntryNumber number, Stamp time, StrView text)
{
    if (enrolment->gap_count == ENROLMENT_GAPS_MAX) {
        memmove(enrolment->gaps, enrolment->gaps + 1,
                (ENROLMENT_GAPS_MAX - 1) * sizeof(*enrolment->gaps));
        enrolment->gap_count--;
    }
    Gap *gap = &enrolment->gaps[enrolment->gap_count++];
    *gap = (Gap){.number = number, .time = time};
    enrolment_copy_words(gap->text, sizeof(gap->text), text);
    enrolment->revision++;
}

void enrolment_set_skipped(Enrolment *enrolment)
{
    enrolment->is_skipped = true;
    enrolment->revision++;
}
