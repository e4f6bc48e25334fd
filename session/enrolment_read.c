/*
 * What can be asked of the tracker and of its attempts, but for stages, commands and failures,
 * which answer in their own files. Nothing is changed here.
 */
#include "filters/knowledge.h"
#include "session/enrolment_internal.h"

static const char *const END_WORDS[ATTEMPT_END_COUNT] = {
    [ATTEMPT_GOES_ON] = "",
    [ATTEMPT_FETCHED_AGAIN] = "the activation record was fetched again",
    [ATTEMPT_UNENROLLED] = "the Mac was un-enrolled",
    [ATTEMPT_REBOOTED] = "the Mac was restarted",
};

bool enrolment_is_skipped(const Enrolment *enrolment)
{
    return enrolment->is_skipped;
}

uint64_t enrolment_revision(const Enrolment *enrolment)
{
    return enrolment->revision;
}

Stamp enrolment_now(const Enrolment *enrolment)
{
    return enrolment->now;
}

size_t enrolment_count(const Enrolment *enrolment)
{
    return enrolment->attempt_count;
}

uint64_t enrolment_attempts_dropped(const Enrolment *enrolment)
{
    return enrolment->attempts_dropped;
}

const Attempt *enrolment_attempt(const Enrolment *enrolment, size_t index)
{
    return index < enrolment->attempt_count ? enrolment->attempts[index] : NULL;
}

const Attempt *enrolment_headline(const Enrolment *enrolment)
{
    for (size_t i = enrolment->attempt_count; i-- > 0;) {
        if (attempt_has_steps(enrolment->attempts[i])) {
            return enrolment->attempts[i];
        }
    }
    return enrolment->attempt_count > 0 ? enrolment->attempts[enrolment->attempt_count - 1] : NULL;
}

size_t enrolment_gaps(const Enrolment *enrolment, const Gap **ret_gaps)
{
    *ret_gaps = enrolment->gaps;
    return enrolment->gap_count;
}

Stages *enrolment_stages(const Enrolment *enrolment)
{
    return enrolment->stages;
}

StrView enrolment_process(const Enrolment *enrolment, size_t bit)
{
    const Knowledge *knowledge = stages_knowledge(enrolment->stages);
    return bit < knowledge->process_count ? knowledge->processes[bit] : SV_NONE;
}

size_t attempt_number(const Attempt *attempt)
{
    return attempt->number;
}

uint8_t attempt_source(const Attempt *attempt)
{
    return attempt->source;
}

Stamp attempt_first(const Attempt *attempt)
{
    return attempt->first;
}

Stamp attempt_last(const Attempt *attempt)
{
    return attempt->last;
}

AttemptEnd attempt_end(const Attempt *attempt)
{
    return attempt->end;
}

const char *attempt_end_words(AttemptEnd end)
{
    return END_WORDS[end];
}

AttemptCounts attempt_counts(const Attempt *attempt)
{
    return attempt->counts;
}

uint64_t attempt_dropped(const Attempt *attempt)
{
    return attempt->dropped;
}

bool attempt_unanswered(const Attempt *attempt, Proof *ret_since)
{
    *ret_since = attempt->unanswered;
    return attempt->unanswered.number != 0;
}
