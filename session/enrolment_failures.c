/*
 * What failed in an attempt: the errors that its entries name, alike ones counted once; which were
 * overcome; which one explains why it does not go on. The level of an entry plays no part: its
 * stage, its place in time and its cause do.
 */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "filters/knowledge.h"
#include "session/enrolment_internal.h"

/* What came earlier than this before a failure did not bring it about. */
#define CAUSE_NS (120 * NS_PER_SECOND)
/* A failed connection of another process is a cause only right before. */
#define WEAK_CAUSE_NS (10 * NS_PER_SECOND)
/* A line that names the error comes this soon after the one that only says it failed. */
#define NAMED_NS (10 * NS_PER_SECOND)
#define CAUSES_MAX 32 /* steps back to a first cause */

/* --- taking in ------------------------------------------------------------------------------ */

static bool is_alike(const Failure *failure, const Failure *other)
{
    bool is_same_text = failure->domain[0] != '\0' || strcmp(failure->text, other->text) == 0;
    return !failure->is_gone && failure->stage == other->stage &&
           strcmp(failure->domain, other->domain) == 0 && strcmp(failure->code, other->code) == 0 &&
           is_same_text;
}

/* Counts a failure; returns its index, NO_FAILURE when there is no room for another. */
static size_t count_failure(Attempt *attempt, const Failure *failure)
{
    for (size_t i = 0; i < attempt->failure_count; i++) {
        Failure *known = &attempt->failures[i];
        if (is_alike(known, failure)) {
            known->count += known->last.number != failure->last.number;
            known->last = failure->last;
            /* Once seen for what it is, it is not a mere bystander any more. */
            known->is_bystander = known->is_bystander && failure->is_bystander;
            return i;
        }
    }
    if (attempt->failure_count == ENROLMENT_FAILURES_MAX) {
        attempt->dropped++;
        return NO_FAILURE;
    }
    mem_grow((void **)&attempt->failures, &attempt->failure_capacity, attempt->failure_count,
             sizeof(*attempt->failures));
    attempt->failures[attempt->failure_count] = *failure;
    return attempt->failure_count++;
}

/* Whether a failure can be what keeps the Mac from being enrolled: an error that is only mentioned
 * does not undo a step that has gone well, nor a failed connection an enrolment that is through. */
static bool is_step_open(const Intake *intake, const StageInfo *stage, bool has_failed)
{
    if (stage == NULL || !stage->is_step) {
        return false;
    }
    bool is_done = intake->attempt->tracks[stage->number - 1].state == STAGE_OK ||
                   attempt_passed(intake->attempt, stage->number, 0) != NULL;
    if (has_failed && intake->verdict->is_weak) {
        return !attempt_is_enrolled(intake->attempt);
    }
    return has_failed || intake->verdict->is_bystander || !is_done;
}

/* What all failures of an entry have in common. */
static Failure begin_failure(const Intake *intake, int stage)
{
    const StageInfo *info = stages_get(intake->enrolment->stages, stage);
    return (Failure){.stage = info,
                     .count = 1,
                     .first = intake->proof,
                     .last = intake->proof,
                     .is_step = is_step_open(intake, info, true),
                     .is_weak = intake->verdict->is_weak,
                     .is_bystander = intake->verdict->is_bystander,
                     .is_command = intake->command != SIZE_MAX};
}

static size_t take_mention(Intake *intake, const ErrorMention *mention, size_t under,
                           bool has_failed)
{
    int stage = intake->stage != 0       ? intake->stage
                : mention->known != NULL ? mention->known->stage
                                         : 0;
    Failure failure = begin_failure(intake, stage);
    failure.explained = stages_explain_error(intake->enrolment->stages, mention);
    failure.is_step = is_step_open(intake, failure.stage, has_failed);
    failure.is_known = mention->known != NULL;
    failure.is_specific = failure.is_known && mention->known->is_specific;
    failure.under = under == NO_FAILURE ? 0 : (uint16_t)(under + 1);
    enrolment_copy(failure.domain, sizeof(failure.domain), mention->domain);
    enrolment_copy(failure.code, sizeof(failure.code), mention->code);
    bool has_words = mention->text.len > 0 && !sv_equal(mention->text, SV("(null)"));
    enrolment_copy_words(failure.text, sizeof(failure.text),
                         has_words ? mention->text : sv(intake->proof.text));
    return count_failure(intake->attempt, &failure);
}

/* A line that says it failed and names no error: its words are what there is. */
static size_t take_wordless(Intake *intake)
{
    Failure failure = begin_failure(intake, intake->stage);
    failure.explained = (Explanation){
        .title = failure.stage->title,
        .confidence = intake->verdict->confidence.ptr != NULL ? intake->verdict->confidence
                                                              : SV("unverified"),
    };
    enrolment_copy(failure.text, sizeof(failure.text), sv(intake->proof.text));
    if (intake->command != SIZE_MAX && intake->line.what.len > 0) {
        (void)snprintf(failure.text, sizeof(failure.text), "%s: %.*s, and no line says why",
                       intake->attempt->commands[intake->command].type, SV_ARG(intake->line.what));
    }
    return count_failure(intake->attempt, &failure);
}

/* Puts a failure to the command that it belongs to; the mere fact that it failed gives way to the
 * reason. */
static void join_command(Intake *intake, size_t failure)
{
    Attempt *attempt = intake->attempt;
    if (intake->command == SIZE_MAX || failure == NO_FAILURE) {
        return;
    }
    MdmCommand *command = &attempt->commands[intake->command];
    for (size_t i = 0; i < command->failure_count; i++) {
        Failure *other = &attempt->failures[command->failures[i]];
        if (command->failures[i] == failure) {
            return;
        }
        if (other->domain[0] == '\0' && attempt->failures[failure].domain[0] != '\0') {
            other->is_gone = --other->count == 0;
            command->failures[i] = (uint16_t)failure;
            return;
        }
    }
    if (command->failure_count < COMMAND_FAILURES_MAX) {
        command->failures[command->failure_count++] = (uint16_t)failure;
    }
}

/* Whether an error counts although nothing says that anything failed: only what the knowledge has
 * of enrolments, or a daemon of the enrolment says of something unknown. */
static bool counts_aside(const Intake *intake, const ErrorMention *mention)
{
    if (intake->outcome == OUTCOME_INFO && intake->stage != 0 && !intake->verdict->is_bystander) {
        return false;
    }
    if (mention->known != NULL) {
        return mention->known->is_sure;
    }
    return intake->is_core && sv_find(mention->domain, SV("NS")) != 0;
}

/* An error of the enrolment's that names no command is that of the one that is being handled, if
 * there is just one on its channel. */
static void find_open_command(Intake *intake, const ErrorMention *mention)
{
    const Attempt *attempt = intake->attempt;
    const StageInfo *stage = stages_get(intake->enrolment->stages, intake->stage);
    size_t found = SIZE_MAX;
    size_t count = 0;
    if (intake->command != SIZE_MAX || !intake->is_core || mention->known == NULL ||
        !mention->known->is_specific || (stage != NULL && stage->is_step)) {
        return;
    }
    for (size_t i = 0; i < attempt->command_count; i++) {
        const MdmCommand *command = &attempt->commands[i];
        bool is_channel =
            intake->line.uid < 0 || command->uid < 0 || command->uid == intake->line.uid;
        if (command->state == COMMAND_OPEN && is_channel) {
            found = i;
            count++;
        }
    }
    intake->command = count == 1 ? found : SIZE_MAX;
}

static void take_errors(Intake *intake, bool has_failed)
{
    size_t outer = NO_FAILURE;
    stages_errors(intake->enrolment->stages, intake->columns, intake->index, &intake->mentions);
    for (size_t i = 0; i < intake->mentions.count; i++) {
        const ErrorMention *mention = &intake->mentions.items[i];
        bool is_under = outer != NO_FAILURE && mention->known != NULL;
        if (!has_failed && !is_under && !counts_aside(intake, mention)) {
            continue;
        }
        attempt_take_sign(intake, mention);
        find_open_command(intake, mention);
        size_t failure = take_mention(intake, mention, outer, has_failed);
        outer = outer == NO_FAILURE ? failure : outer;
        join_command(intake, failure);
    }
}

void attempt_take_failures(Intake *intake)
{
    const MdmLine *line = &intake->line;
    bool has_failed = intake->outcome == OUTCOME_FAIL && intake->stage != 0;
    bool is_result =
        (line->kind == MDM_LINE_SENT || line->kind == MDM_LINE_RECEIVED) && line->type.len > 0;
    intake->mentions.count = 0;
    if (has_failed || intake->verdict->is_marked || intake->verdict->is_bystander) {
        take_errors(intake, has_failed);
    }
    if (!has_failed || intake->mentions.count > 0) {
        return;
    }
    /* A result is logged twice, and its chain may have come before. */
    bool has_reason = is_result && intake->command != SIZE_MAX &&
                      intake->attempt->commands[intake->command].failure_count > 0;
    if (!has_reason) {
        join_command(intake, take_wordless(intake));
    }
}

/* --- what was overcome ---------------------------------------------------------------------- */

/* The commands that a failure belongs to: whether each of them has gone well in the end. */
static bool commands_recovered(const Attempt *attempt, size_t failure, Proof *ret_by)
{
    bool is_theirs = false;
    for (size_t i = 0; i < attempt->command_count; i++) {
        const MdmCommand *command = &attempt->commands[i];
        for (size_t k = 0; k < command->failure_count; k++) {
            if (command->failures[k] == failure) {
                if (command->state != COMMAND_OK) {
                    return false;
                }
                is_theirs = true;
                *ret_by = command->answered;
            }
        }
    }
    return is_theirs;
}

bool attempt_recovered(const Attempt *attempt, size_t index, Proof *ret_by)
{
    const Failure *failure = &attempt->failures[index];
    *ret_by = (Proof){.time.ns = CLOCK_NO_TIME};
    if (failure->is_command) {
        return commands_recovered(attempt, index, ret_by);
    }
    if (failure->stage == NULL) {
        return false;
    }
    const StageTrack *own = &attempt->tracks[failure->stage->number - 1];
    const StageTrack *by = own->last_ok_number > failure->last.number ? own : NULL;
    if (by == NULL && failure->is_step) {
        by = attempt_passed(attempt, failure->stage->number, failure->last.number);
    }
    if (by == NULL) {
        return false;
    }
    *ret_by = by->last_ok;
    for (size_t i = 0; i < by->proof_count; i++) { /* the first that is after it, where kept */
        const Proof *proof = &by->proofs[i];
        if (proof->outcome == OUTCOME_OK && proof->number > failure->last.number) {
            *ret_by = *proof;
            break;
        }
    }
    return true;
}

/* --- which one matters ---------------------------------------------------------------------- */

typedef enum Weight {
    WEIGHT_GONE,
    WEIGHT_RECOVERED,
    WEIGHT_BYSTANDER,
    WEIGHT_BESIDE,  /* failed, but the enrolment does not hang on it */
    WEIGHT_WEAK,    /* a failed connection */
    WEIGHT_BLOCKING /* a step failed */
} Weight;

static Weight weigh(const Attempt *attempt, size_t index)
{
    const Failure *failure = &attempt->failures[index];
    Proof by;
    if (failure->is_gone) {
        return WEIGHT_GONE;
    }
    if (attempt_recovered(attempt, index, &by)) {
        return WEIGHT_RECOVERED;
    }
    if (failure->is_bystander) {
        return WEIGHT_BYSTANDER;
    }
    if (!failure->is_step) {
        bool is_connection = failure->is_weak && failure->stage != NULL && failure->stage->is_step;
        return is_connection ? WEIGHT_BYSTANDER : WEIGHT_BESIDE;
    }
    return failure->is_weak ? WEIGHT_WEAK : WEIGHT_BLOCKING;
}

/* Whether `earlier` may have brought about `failure`: it was said before, not long before, and is
 * itself not overcome. */
static bool may_be_cause(const Attempt *attempt, size_t earlier, size_t index)
{
    const Failure *cause = &attempt->failures[earlier];
    const Failure *failure = &attempt->failures[index];
    if (cause->first.number >= failure->first.number || cause->is_command ||
        weigh(attempt, earlier) < WEIGHT_WEAK) {
        return false;
    }
    int64_t before = 0;
    bool is_told = clock_between(cause->last.time.ns, failure->first.time.ns, &before);
    if (is_told && before < 0) { /* it goes on since; what counts is when it began */
        is_told = clock_between(cause->first.time.ns, failure->first.time.ns, &before);
    }
    bool is_near = strcmp(cause->first.process, failure->first.process) == 0;
    return !is_told || before <= (cause->is_weak && !is_near ? WEAK_CAUSE_NS : CAUSE_NS);
}

size_t attempt_cause(const Attempt *attempt, size_t index)
{
    const Failure *failure = &attempt->failures[index];
    size_t found = NO_FAILURE;
    if (!failure->is_step) {
        return NO_FAILURE;
    }
    for (size_t i = 0; i < attempt->failure_count; i++) {
        if (i != index && may_be_cause(attempt, i, index) &&
            (found == NO_FAILURE ||
             attempt->failures[i].first.number > attempt->failures[found].first.number)) {
            found = i;
        }
    }
    return found;
}

/* The failure that an enrolment stands at now: of the gravest the last. */
static size_t last_of_gravest(const Attempt *attempt)
{
    size_t found = NO_FAILURE;
    Weight gravest = WEIGHT_BESIDE;
    for (size_t i = 0; i < attempt->failure_count; i++) {
        Weight weight = weigh(attempt, i);
        if (weight > gravest || (weight == gravest && (found == NO_FAILURE ||
                                                       attempt->failures[i].last.number >
                                                           attempt->failures[found].last.number))) {
            gravest = weight;
            found = i;
        }
    }
    return found;
}

/* Of the failures that one entry names, the one that says most: a known one of the enrolment's,
 * then any known one; the outermost of those alike. */
static size_t best_of_entry(const Attempt *attempt, size_t index)
{
    uint64_t number = attempt->failures[index].first.number;
    size_t best = index;
    int best_rank = -1;
    for (size_t i = 0; i < attempt->failure_count; i++) {
        const Failure *failure = &attempt->failures[i];
        int rank = failure->is_specific ? 2 : failure->is_known;
        bool is_open = weigh(attempt, i) >= WEIGHT_BESIDE;
        if (failure->first.number == number && is_open && rank > best_rank) {
            best = i;
            best_rank = rank;
        }
    }
    return best;
}

/* A line that only says that something failed gives way to the error that names what did: of the
 * same command before it, of the same process right after it. */
static size_t named_instead(const Attempt *attempt, size_t index)
{
    const Failure *failure = &attempt->failures[index];
    if (failure->domain[0] != '\0') {
        return index;
    }
    for (size_t i = 0; i < attempt->command_count; i++) {
        const MdmCommand *command = &attempt->commands[i];
        for (size_t k = 1; k < command->failure_count; k++) {
            if (command->failures[k] == index) {
                return command->failures[0];
            }
        }
    }
    for (size_t i = 0; i < attempt->failure_count; i++) {
        const Failure *other = &attempt->failures[i];
        int64_t after;
        if (other->is_specific && other->first.number > failure->first.number &&
            clock_between(failure->first.time.ns, other->first.time.ns, &after) &&
            after <= NAMED_NS && strcmp(other->first.process, failure->first.process) == 0 &&
            weigh(attempt, i) >= WEIGHT_BESIDE) {
            return i;
        }
    }
    return index;
}

size_t attempt_decisive(const Attempt *attempt)
{
    size_t decisive = last_of_gravest(attempt);
    for (size_t i = 0; i < CAUSES_MAX && decisive != NO_FAILURE; i++) {
        size_t cause = attempt_cause(attempt, decisive);
        if (cause == NO_FAILURE) {
            return named_instead(attempt, best_of_entry(attempt, decisive));
        }
        decisive = cause;
    }
    return decisive;
}

size_t attempt_failures(const Attempt *attempt, const Failure **ret_failures)
{
    *ret_failures = attempt->failures;
    return attempt->failure_count;
}

/* Higher is more important. */
static int importance(const Attempt *attempt, size_t index, size_t decisive)
{
    return index == decisive ? WEIGHT_BLOCKING + 1 : (int)weigh(attempt, index);
}

size_t attempt_ranked(const Attempt *attempt, size_t *ret_indices, size_t max)
{
    int keys[ENROLMENT_FAILURES_MAX];
    size_t order[ENROLMENT_FAILURES_MAX] = {0};
    size_t count = 0;
    size_t decisive = attempt_decisive(attempt);
    for (size_t i = 0; i < attempt->failure_count; i++) {
        int key = importance(attempt, i, decisive);
        size_t at = count;
        if (key == WEIGHT_GONE) {
            continue;
        }
        for (; at > 0 && keys[at - 1] < key; at--) { /* alike ones stay in the order of time */
            keys[at] = keys[at - 1];
            order[at] = order[at - 1];
        }
        keys[at] = key;
        order[at] = i;
        count++;
    }
    count = count < max ? count : max;
    for (size_t i = 0; i < count; i++) {
        ret_indices[i] = order[i];
    }
    return count;
}
