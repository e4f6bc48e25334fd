/*
 * The stages of an attempt: what each entry does to the state of its stage, and what follows for a
 * stage from those after it: most of them never say that they are done.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "filters/knowledge.h"
#include "session/enrolment_internal.h"

#define PROOFS_FIRST (ENROLMENT_PROOFS_MAX / 2) /* kept for good; of the rest the last */

static const char *const STATE_NAMES[STAGE_STATE_COUNT] = {
    [STAGE_NONE] = "none", [STAGE_PROGRESS] = "progress", [STAGE_WAIT] = "wait",
    [STAGE_OK] = "ok",     [STAGE_FAIL] = "fail",
};

/* The version of macOS that a daemon tells. */
typedef struct DaemonTime {
    const char *process;
    const char *os; /* in words */
    bool is_old;    /* from before what came with 10.15 */
} DaemonTime;

/* The newest first: it tells most. */
static const DaemonTime DAEMON_TIMES[] = {
    {"managedappdistributiond", "15 or later", false},
    {"remotemanagementd", "13 or later", false},
    {"teslad", "10.15 or later", false},
    {"cloudconfigurationd", "10.14 or earlier", true},
};

/* --- taking in ------------------------------------------------------------------------------ */

static void add_proof(StageTrack *track, const Proof *proof)
{
    if (track->proof_count == ENROLMENT_PROOFS_MAX) {
        memmove(track->proofs + PROOFS_FIRST, track->proofs + PROOFS_FIRST + 1,
                (ENROLMENT_PROOFS_MAX - PROOFS_FIRST - 1) * sizeof(*track->proofs));
        track->proof_count--;
    }
    track->proofs[track->proof_count++] = *proof;
}

/* What has gone well stays so until something fails; what has failed, until it is tried again. */
static StageState next_state(StageState state, Outcome outcome, bool is_done_by_info)
{
    switch (outcome) {
    case OUTCOME_INFO:
        return is_done_by_info ? STAGE_OK : state == STAGE_NONE ? STAGE_PROGRESS : state;
    case OUTCOME_PROGRESS:
        return state == STAGE_FAIL || state == STAGE_OK ? state : STAGE_PROGRESS;
    case OUTCOME_START:
        return state == STAGE_OK ? state : STAGE_PROGRESS;
    case OUTCOME_WAIT:
        return state == STAGE_OK ? state : STAGE_WAIT;
    case OUTCOME_OK:
        return STAGE_OK;
    case OUTCOME_FAIL:
        return STAGE_FAIL;
    default:
        return state;
    }
}

void attempt_take_stage(Attempt *attempt, int stage, Outcome outcome, const Proof *proof,
                        uint64_t gate)
{
    const StageNumbers *is = &attempt->owner->is;
    const StageInfo *info = stages_get(attempt->owner->stages, stage);
    if (info == NULL) {
        return;
    }
    StageTrack *track = &attempt->tracks[stage - 1];
    /* Commands to come are no end: the queue is empty again only when that is said again. */
    bool is_anew = stage == is->idle && outcome == OUTCOME_START;
    track->state =
        is_anew ? STAGE_PROGRESS : next_state(track->state, outcome, info->is_done_by_info);
    track->count++;
    track->counts[outcome]++;
    track->gate |= gate;
    if (track->first.ns == CLOCK_NO_TIME) {
        track->first = proof->time;
    }
    track->last = proof->time;
    if (outcome != OUTCOME_INFO) {
        track->last_number = proof->number;
    }
    if (outcome == OUTCOME_START || outcome == OUTCOME_PROGRESS || outcome == OUTCOME_OK) {
        track->last_forward = proof->number;
    }
    if (outcome == OUTCOME_OK) {
        track->first_ok_number =
            track->first_ok_number != 0 ? track->first_ok_number : proof->number;
        track->last_ok_number = proof->number;
        track->last_ok = *proof;
    } else if (outcome == OUTCOME_FAIL) {
        track->last_fail_number = proof->number;
    }
    add_proof(track, proof);
}

/* --- what follows --------------------------------------------------------------------------- */

bool attempt_came_past(const Attempt *attempt, int stage)
{
    const Stages *stages = attempt->owner->stages;
    for (int number = stage + 1; stages_get(stages, number) != NULL; number++) {
        if (stages_get(stages, number)->is_step && attempt->tracks[number - 1].last_number > 0) {
            return true;
        }
    }
    return false;
}

const StageTrack *attempt_passed(const Attempt *attempt, int stage, uint64_t number)
{
    const Stages *stages = attempt->owner->stages;
    const StageTrack *first = NULL;
    for (int later = stage + 1; stages_get(stages, later) != NULL; later++) {
        const StageTrack *track = &attempt->tracks[later - 1];
        bool is_good = stages_get(stages, later)->is_step && track->last_ok_number > number;
        if (is_good && (first == NULL || track->last_ok_number < first->last_ok_number)) {
            first = track;
        }
    }
    return first;
}

static int number_of(const Stages *stages, StrView id)
{
    for (int number = 1; stages_get(stages, number) != NULL; number++) {
        if (sv_equal(stages_get(stages, number)->id, id)) {
            return number;
        }
    }
    return 0;
}

/* Whether a stage that never said so is done, because what needs it went on. */
static bool is_passed(const Attempt *attempt, const StageInfo *info, const StageTrack *track)
{
    const Stages *stages = attempt->owner->stages;
    if (info->done_by.len > 0) {
        int by = number_of(stages, info->done_by);
        return by > 0 && attempt->tracks[by - 1].last_ok_number > track->last_number;
    }
    if (!info->is_step) {
        return false;
    }
    for (int later = info->number + 1; stages_get(stages, later) != NULL; later++) {
        const StageTrack *after = &attempt->tracks[later - 1];
        /* What waits has not gone on because a later one fails. */
        uint64_t number = track->state == STAGE_WAIT ? after->last_forward : after->last_number;
        if (stages_get(stages, later)->is_step && number > track->last_number) {
            return true;
        }
    }
    return false;
}

static bool has_spoken(const Attempt *attempt, const char *process)
{
    StrView name;
    for (size_t bit = 0; (name = enrolment_process(attempt->owner, bit)).ptr != NULL; bit++) {
        if ((attempt->gate >> bit & 1) != 0 && sv_equal(name, sv(process))) {
            return true;
        }
    }
    return false;
}

static const DaemonTime *daemon_time(const Attempt *attempt)
{
    for (size_t i = 0; i < ARRAY_LEN(DAEMON_TIMES); i++) {
        if (has_spoken(attempt, DAEMON_TIMES[i].process)) {
            return &DAEMON_TIMES[i];
        }
    }
    return NULL;
}

static void note_of_commands(const Attempt *attempt, char *note, size_t size)
{
    size_t counts[COMMAND_STATE_COUNT] = {0};
    for (size_t i = 0; i < attempt->command_count; i++) {
        counts[attempt->commands[i].state]++;
    }
    size_t open = counts[COMMAND_OPEN] + counts[COMMAND_INSTALLING];
    int len = snprintf(note, size, "%zu done", counts[COMMAND_OK]);
    const struct {
        size_t count;
        const char *word;
    } others[] = {
        {counts[COMMAND_FAIL], "failed"}, {counts[COMMAND_WAIT], "waiting"}, {open, "open"}};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        if (others[i].count > 0 && len > 0 && (size_t)len < size) {
            len += snprintf(note + len, size - (size_t)len, ", %zu %s", others[i].count,
                            others[i].word);
        }
    }
}

/* The title of what failed last in a stage, its own words where it has none. */
static StrView words_of_failure(const Attempt *attempt, const StageInfo *info)
{
    const Failure *last = NULL;
    for (size_t i = 0; i < attempt->failure_count; i++) {
        const Failure *failure = &attempt->failures[i];
        if (failure->stage == info && !failure->is_gone && !failure->is_bystander &&
            (last == NULL || failure->last.number > last->last.number ||
             (failure->last.number == last->last.number && failure->under == 0))) {
            last = failure;
        }
    }
    if (last == NULL) {
        return SV_NONE;
    }
    return last->is_known ? last->explained.title : sv(last->text);
}

static void note_of_stage(const Attempt *attempt, const StageTrack *track, EnrolmentStage *ret)
{
    StrView words = SV_NONE;
    if (ret->info->number == attempt->owner->is.commands && attempt->command_count > 0) {
        note_of_commands(attempt, ret->note, sizeof(ret->note));
        return;
    }
    if (ret->state == STAGE_FAIL) {
        words = words_of_failure(attempt, ret->info);
    } else if (ret->is_absent) {
        words = SV("not on this macOS");
    } else if (ret->is_recovered) {
        words = SV("failed, then went well");
    } else if (ret->is_passed) {
        words = SV("later stages went on");
    } else if ((ret->state == STAGE_WAIT || ret->state == STAGE_PROGRESS) &&
               track->proof_count > 0) {
        words = sv(track->proofs[track->proof_count - 1].text);
    }
    enrolment_copy(ret->note, sizeof(ret->note), words);
}

void attempt_stage(const Attempt *attempt, int number, EnrolmentStage *ret)
{
    const StageTrack *track = &attempt->tracks[number - 1];
    const StageInfo *info = stages_get(attempt->owner->stages, number);
    const DaemonTime *time = daemon_time(attempt);
    *ret = (EnrolmentStage){.info = info,
                            .state = track->state,
                            .first = track->first,
                            .last = track->last,
                            .count = track->count,
                            .proofs = track->proofs,
                            .proof_count = track->proof_count,
                            .gate = track->gate};
    if (number == attempt->owner->is.commands && attempt->command_count > 0) {
        ret->state = attempt_commands_state(attempt);
    } else if (track->state == STAGE_PROGRESS || track->state == STAGE_WAIT) {
        ret->is_passed = is_passed(attempt, info, track);
    } else if (track->state == STAGE_FAIL && info->is_step) {
        ret->is_recovered = attempt_passed(attempt, number, track->last_fail_number) != NULL;
    } else if (track->state == STAGE_OK) {
        ret->is_recovered = track->last_fail_number > 0;
    }
    if (ret->is_passed || ret->is_recovered) {
        ret->state = STAGE_OK;
    }
    ret->is_absent = track->count == 0 && time != NULL && time->is_old && info->since >= 1015;
    note_of_stage(attempt, track, ret);
}

const char *stage_state_name(StageState state)
{
    return state < STAGE_STATE_COUNT ? STATE_NAMES[state] : "";
}

/* --- the whole attempt ---------------------------------------------------------------------- */

StrView attempt_os(const Attempt *attempt)
{
    const DaemonTime *time = daemon_time(attempt);
    return time != NULL ? sv(time->os) : SV_NONE;
}

bool attempt_has_steps(const Attempt *attempt)
{
    const Stages *stages = attempt->owner->stages;
    const StageNumbers *is = &attempt->owner->is;
    for (int number = 1; stages_get(stages, number) != NULL; number++) {
        /* Every Mac connects somewhere and asks for its identity now and then. */
        bool is_everyday = number == is->network || number == is->identity;
        if (stages_get(stages, number)->is_step && !is_everyday &&
            attempt->tracks[number - 1].last_number > 0) {
            return true;
        }
    }
    return false;
}

int attempt_reached(const Attempt *attempt)
{
    const Stages *stages = attempt->owner->stages;
    int reached = 0;
    for (int number = 1; stages_get(stages, number) != NULL; number++) {
        if (stages_get(stages, number)->is_step && attempt->tracks[number - 1].last_number > 0) {
            reached = number;
        }
    }
    return reached;
}

bool attempt_is_enrolled(const Attempt *attempt)
{
    int token = attempt->owner->is.token_update;
    if (attempt->has_unenrolled) {
        return false;
    }
    if (token > 0 && attempt->tracks[token - 1].state == STAGE_OK) {
        return true;
    }
    for (size_t i = 0; i < attempt->command_count; i++) {
        if (attempt->commands[i].state == COMMAND_OK) {
            return true;
        }
    }
    return false;
}
