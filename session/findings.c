/*
 * Findings: one function for each kind, in a table; see findings.h. Words for people are here, the
 * facts come from the tracker.
 */
#include "session/findings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "session/enrolment_internal.h"

typedef struct Search {
    const Enrolment *enrolment;
    const Attempt *attempt;
    int64_t now_ns;
    Findings *found;
} Search;

typedef struct KindInfo {
    const char *name;
    const char *advice;
    const char *confidence;
    void (*look)(const Search *search);
} KindInfo;

static const char *const SEVERITY_NAMES[] = {
    [FINDING_INFO] = "info", [FINDING_WARNING] = "warning", [FINDING_ERROR] = "error"};

/* --- adding --------------------------------------------------------------------------------- */

static Finding *add(const Search *search, FindingKind kind, FindingSeverity severity)
{
    Findings *found = search->found;
    if (found->count == FINDINGS_MAX) {
        return NULL;
    }
    Finding *finding = &found->items[found->count++];
    *finding = (Finding){.kind = kind, .severity = severity};
    return finding;
}

static void add_proof(Finding *finding, const Proof *proof)
{
    if (proof->number != 0 && finding->proof_count < FINDING_PROOFS_MAX) {
        finding->proofs[finding->proof_count++] = *proof;
    }
}

/* "7m", "2h10m": for sentences. */
static const char *print_length(int64_t ns, char *buf, size_t size)
{
    int64_t minutes = ns / NS_PER_SECOND / 60;
    if (minutes < 1) {
        (void)snprintf(buf, size, "%" PRId64 " seconds", ns / NS_PER_SECOND);
    } else if (minutes < 120) {
        (void)snprintf(buf, size, "%" PRId64 " minute%s", minutes, minutes == 1 ? "" : "s");
    } else {
        (void)snprintf(buf, size, "%" PRId64 " hours", minutes / 60);
    }
    return buf;
}

#define LENGTH_MAX 32

/* How long it is till now since `since`; what has no time is as if it were just now. */
static int64_t length_since(const Search *search, Stamp since)
{
    int64_t length;
    return clock_between(since.ns, search->now_ns, &length) ? length : 0;
}

/* --- what hangs ----------------------------------------------------------------------------- */

static bool is_over(const Search *search)
{
    return attempt_end(search->attempt) != ATTEMPT_GOES_ON;
}

/* The furthest step that is neither done nor failed; 0 = none. */
static int open_step(const Attempt *attempt, EnrolmentStage *ret)
{
    for (int number = attempt_reached(attempt); number > 0; number--) {
        attempt_stage(attempt, number, ret);
        bool is_spoken = ret->state != STAGE_NONE && ret->info->is_step;
        if (is_spoken) {
            bool is_open = ret->state == STAGE_PROGRESS || ret->state == STAGE_WAIT;
            return is_open ? number : 0;
        }
    }
    return 0;
}

static void look_for_stuck(const Search *search)
{
    EnrolmentStage stage;
    char length[LENGTH_MAX];
    int64_t silence = length_since(search, attempt_last(search->attempt));
    if (is_over(search) || silence < FINDING_STUCK_NS || open_step(search->attempt, &stage) == 0 ||
        attempt_decisive(search->attempt) != SIZE_MAX) {
        return;
    }
    Finding *finding = add(search, FINDING_STUCK, FINDING_ERROR);
    if (finding != NULL) {
        (void)snprintf(finding->text, sizeof(finding->text),
                       "Stuck: \"%.*s\" is %s, and no line of the enrolment has come for %s.",
                       SV_ARG(stage.info->title),
                       stage.state == STAGE_WAIT ? "waiting" : "in progress",
                       print_length(silence, length, sizeof(length)));
        if (stage.proof_count > 0) {
            add_proof(finding, &stage.proofs[stage.proof_count - 1]);
        }
    }
}

static void look_for_silence(const Search *search)
{
    const MdmCommand *commands;
    char length[LENGTH_MAX];
    Proof since;
    size_t count = attempt_commands(search->attempt, &commands);
    for (size_t i = 0; i < count && !is_over(search); i++) {
        const MdmCommand *command = &commands[i];
        int64_t waited = length_since(search, command->received.time);
        if (command->state != COMMAND_OPEN || command->has_install ||
            waited < FINDING_NO_ANSWER_NS) {
            continue;
        }
        Finding *finding = add(search, FINDING_NO_ANSWER, FINDING_ERROR);
        if (finding != NULL) {
            (void)snprintf(finding->text, sizeof(finding->text),
                           "The Mac has not answered the command %s for %s.", command->type,
                           print_length(waited, length, sizeof(length)));
            add_proof(finding, &command->received);
        }
    }
    if (is_over(search) || !attempt_unanswered(search->attempt, &since) ||
        length_since(search, since.time) < FINDING_NO_ANSWER_NS) {
        return;
    }
    Finding *finding = add(search, FINDING_NO_ANSWER, FINDING_ERROR);
    if (finding != NULL) {
        (void)snprintf(finding->text, sizeof(finding->text),
                       "The MDM server has not answered for %s.",
                       print_length(length_since(search, since.time), length, sizeof(length)));
        add_proof(finding, &since);
    }
}

static bool is_awaiting(const MdmCommand *command)
{
    return sv_find(sv(command->reason), SV("waiting for DeviceConfigured")) != SIZE_MAX;
}

static void look_for_loops(const Search *search)
{
    const MdmCommand *commands;
    size_t count = attempt_commands(search->attempt, &commands);
    for (size_t i = 0; i < count; i++) {
        const MdmCommand *command = &commands[i];
        if (command->state == COMMAND_OK || command->not_now < FINDING_NOT_NOW) {
            continue;
        }
        Finding *finding = add(search, FINDING_NOT_NOW_LOOP, FINDING_WARNING);
        if (finding != NULL) {
            (void)snprintf(finding->text, sizeof(finding->text),
                           "The Mac has answered %s with NotNow %" PRIu32 " times%s%.200s.",
                           command->type, command->not_now,
                           command->reason[0] != '\0' ? "; its reason: " : "", command->reason);
            add_proof(finding, &command->received);
            add_proof(finding, &command->answered);
        }
    }
}

static void look_for_awaiting(const Search *search)
{
    const MdmCommand *commands;
    EnrolmentStage release;
    int number = search->enrolment->is.release;
    size_t count = attempt_commands(search->attempt, &commands);
    if (number == 0) {
        return;
    }
    attempt_stage(search->attempt, number, &release);
    for (size_t i = 0; i < count && release.state != STAGE_OK; i++) {
        if (!is_awaiting(&commands[i]) || commands[i].state == COMMAND_OK) {
            continue;
        }
        Finding *finding = add(search, FINDING_AWAITING, FINDING_WARNING);
        if (finding != NULL) {
            (void)snprintf(finding->text, sizeof(finding->text),
                           "Setup Assistant is held until the server sends DeviceConfigured, and "
                           "it has not; %s is put off until then.",
                           commands[i].type);
            add_proof(finding, &commands[i].received);
            add_proof(finding, &commands[i].answered);
        }
        return;
    }
}

static void look_for_push(const Search *search)
{
    const Attempt *attempt = search->attempt;
    const StageNumbers *is = &search->enrolment->is;
    char length[LENGTH_MAX];
    if (is->token_update == 0 || is->push == 0 || is_over(search)) {
        return;
    }
    const StageTrack *token = &attempt->tracks[is->token_update - 1];
    int64_t waited = length_since(search, token->last_ok.time);
    bool has_contact = attempt->tracks[is->push - 1].last_number > token->last_ok_number ||
                       attempt->command_count > 0;
    if (token->last_ok_number == 0 || has_contact || waited < FINDING_PUSH_NS) {
        return;
    }
    Finding *finding = add(search, FINDING_NO_PUSH, FINDING_WARNING);
    if (finding != NULL) {
        (void)snprintf(finding->text, sizeof(finding->text),
                       "The server has had the push token for %s, and neither a push nor a "
                       "command has come.",
                       print_length(waited, length, sizeof(length)));
        add_proof(finding, &token->last_ok);
    }
}

/* --- what fails together -------------------------------------------------------------------- */

/* Of the signs of a kind, those that came within a while of the last one. */
static size_t signs_together(const Search *search, SignKind kind, const Sign *ret[SIGNS_MAX])
{
    const Sign *signs;
    size_t count = attempt_signs(search->attempt, kind, &signs);
    size_t together = 0;
    int64_t last = CLOCK_NO_TIME;
    for (size_t i = 0; i < count; i++) {
        last = signs[i].proof.time.ns > last ? signs[i].proof.time.ns : last;
    }
    for (size_t i = 0; i < count; i++) {
        int64_t before;
        if (clock_between(signs[i].proof.time.ns, last, &before) && before <= FINDING_TOGETHER_NS) {
            ret[together++] = &signs[i];
        }
    }
    return together;
}

/* "A, B, C" */
static void print_names(const Sign *const signs[], size_t count, char *buf, size_t size)
{
    size_t len = 0;
    buf[0] = '\0';
    for (size_t i = 0; i < count && len < size; i++) {
        int more = snprintf(buf + len, size - len, "%s%s", i > 0 ? ", " : "", signs[i]->name);
        len += more > 0 ? (size_t)more : 0;
    }
}

static void look_for_signs(const Search *search, SignKind sign, FindingKind kind,
                           const char *format)
{
    const Sign *signs[SIGNS_MAX];
    size_t count = signs_together(search, sign, signs);
    if (count < 2) {
        return;
    }
    bool is_overcome = attempt_is_enrolled(search->attempt);
    Finding *finding = add(search, kind, is_overcome ? FINDING_WARNING : FINDING_ERROR);
    if (finding != NULL) {
        char names[256];
        print_names(signs, count, names, sizeof(names));
        (void)snprintf(finding->text, sizeof(finding->text), "%s %s.", format, names);
        for (size_t i = 0; i < count; i++) {
            add_proof(finding, &signs[i]->proof);
        }
    }
}

static void look_for_tls(const Search *search)
{
    look_for_signs(search, SIGN_TLS, FINDING_TLS,
                   "TLS seems to be intercepted: the trust of several connections fails at once:");
}

static void look_for_clock(const Search *search)
{
    look_for_signs(search, SIGN_CLOCK, FINDING_CLOCK,
                   "The clock seems to be wrong: several errors of dates at once:");
}

/* --- the record ----------------------------------------------------------------------------- */

static void look_for_rate(const Search *search)
{
    int record = search->enrolment->is.record;
    if (record == 0) {
        return;
    }
    const StageTrack *track = &search->attempt->tracks[record - 1];
    for (size_t i = 0; i < track->proof_count; i++) {
        if (sv_find(sv(track->proofs[i].text), SV("Request too soon")) == SIZE_MAX) {
            continue;
        }
        Finding *finding = add(search, FINDING_RATE, FINDING_WARNING);
        if (finding != NULL) {
            (void)snprintf(finding->text, sizeof(finding->text),
                           "Apple's service refused to give the activation record again so soon.");
            add_proof(finding, &track->proofs[i]);
        }
        return;
    }
}

static void look_for_bystanders(const Search *search)
{
    const Failure *failures;
    size_t count = attempt_failures(search->attempt, &failures);
    for (size_t i = 0; i < count; i++) {
        if (!failures[i].is_bystander || failures[i].is_gone) {
            continue;
        }
        Finding *finding = add(search, FINDING_BYSTANDER, FINDING_INFO);
        if (finding != NULL) {
            (void)snprintf(finding->text, sizeof(finding->text),
                           "%s %s is logged beside enrolments that go well, too; by itself it is "
                           "no verdict.",
                           failures[i].domain, failures[i].code);
            add_proof(finding, &failures[i].first);
        }
    }
}

/* --- the capture ---------------------------------------------------------------------------- */

static void look_for_gaps(const Search *search)
{
    const Gap *gaps;
    const Failure *failures;
    size_t count = enrolment_gaps(search->enrolment, &gaps);
    size_t decisive = attempt_decisive(search->attempt);
    int64_t from = clock_shift(attempt_first(search->attempt).ns, -FINDING_DECISIVE_NS);
    int64_t until = clock_shift(attempt_last(search->attempt).ns, FINDING_DECISIVE_NS);
    (void)attempt_failures(search->attempt, &failures);
    if (decisive != SIZE_MAX) {
        from = clock_shift(failures[decisive].first.time.ns, -FINDING_DECISIVE_NS);
        until = clock_shift(failures[decisive].last.time.ns, FINDING_DECISIVE_NS);
    }
    size_t inside = 0;
    Proof first = {.number = 0};
    for (size_t i = 0; i < count; i++) {
        if (gaps[i].time.ns >= from && gaps[i].time.ns <= until && inside++ == 0) {
            first = (Proof){.number = gaps[i].number, .time = gaps[i].time};
            enrolment_copy(first.text, sizeof(first.text), sv(gaps[i].text));
        }
    }
    Finding *finding = inside > 0 ? add(search, FINDING_GAP, FINDING_WARNING) : NULL;
    if (finding != NULL) {
        (void)snprintf(finding->text, sizeof(finding->text),
                       "Entries are missing %s (%zu gap%s): what is not seen may be in them.",
                       decisive != SIZE_MAX ? "around the decisive failure"
                                            : "within the enrolment",
                       inside, inside == 1 ? "" : "s");
        add_proof(finding, &first);
    }
}

static void look_for_masks(const Search *search)
{
    AttemptCounts counts = attempt_counts(search->attempt);
    if (counts.entries < FINDING_ENTRIES_MIN ||
        counts.masked * 100 < counts.entries * FINDING_MASKED_PERCENT) {
        return;
    }
    Finding *finding = add(search, FINDING_MASKED, FINDING_WARNING);
    if (finding != NULL) {
        (void)snprintf(finding->text, sizeof(finding->text),
                       "In %" PRIu64 " of %" PRIu64 " entries of the enrolment (%" PRIu64
                       " %%) details are masked as <private>.",
                       counts.masked, counts.entries, counts.masked * 100 / counts.entries);
    }
}

static void look_for_detail(const Search *search)
{
    AttemptCounts counts = attempt_counts(search->attempt);
    bool is_skipped = enrolment_is_skipped(search->enrolment);
    if (!is_skipped && (counts.leveled < FINDING_ENTRIES_MIN || counts.detailed > 0)) {
        return;
    }
    Finding *finding = add(search, FINDING_NO_DETAIL, FINDING_INFO);
    if (finding != NULL) {
        (void)snprintf(finding->text, sizeof(finding->text),
                       is_skipped ? "log has left info and debug entries out of the capture, as it "
                                    "says itself."
                                  : "The capture has no info or debug entries of the enrolment's "
                                    "daemons.");
    }
}

/* --- the table ------------------------------------------------------------------------------ */

/* clang-format off */
static const KindInfo KINDS[FINDING_KIND_COUNT] = {
    [FINDING_STUCK] = {"stuck",
        "Look at the last entry of the stage and at what comes before it; see whether the network "
        "and the server it waits for answer.",
        "unverified advice; the limit of 5 minutes is this program's", look_for_stuck},
    [FINDING_NO_ANSWER] = {"no-answer",
        "See the server's log for that minute; try without proxy; on the Mac look for a crash or "
        "sleep in between.",
        "unverified advice; the limit of 60 seconds is this program's", look_for_silence},
    [FINDING_NOT_NOW_LOOP] = {"notnow-loop",
        "NotNow is a delay, not a failure: remove its reason (wake the Mac, log in, release it) and "
        "send a push.",
        "reported by admins; the limit of 3 times is this program's", look_for_loops},
    [FINDING_AWAITING] = {"awaiting-configured",
        "Look in the MDM for what holds DeviceConfigured back, often a profile or app that is "
        "still to be installed; release the Mac there by hand.",
        "reported by admins", look_for_awaiting},
    [FINDING_NO_PUSH] = {"missing-push",
        "See that the Mac reaches courier.push.apple.com on 5223 or 443 (a web proxy does not do), "
        "and that the MDM's push certificate is valid.",
        "unverified advice; hosts and ports documented by Apple", look_for_push},
    [FINDING_TLS] = {"tls-interception",
        "Exempt Apple's hosts and the MDM server from TLS inspection; try on a phone's hotspot.",
        "documented by Apple that interception fails; that it is one here is concluded",
        look_for_tls},
    [FINDING_CLOCK] = {"clock-skew",
        "Set the clock (sntp -sS time.apple.com in the Terminal of Setup Assistant or Recovery) "
        "and allow UDP 123.",
        "unverified advice", look_for_clock},
    [FINDING_RATE] = {"rate-limited",
        "Do not poll: read the record that is cached; use profiles renew -type enrollment.",
        "reported by admins", look_for_rate},
    [FINDING_BYSTANDER] = {"bystander",
        "If the Mac should be in ADE, check its serial number there; else look for what failed "
        "elsewhere.",
        "seen in a real log", look_for_bystanders},
    [FINDING_GAP] = {"gap",
        "Capture again with a narrower predicate, or collect the store with log collect.",
        "documented by Apple that entries are dropped", look_for_gaps},
    [FINDING_MASKED] = {"masked",
        "Install a logging profile that shows private data for the time of the test (mdmscope "
        "profile), and remove it afterwards.",
        "documented by Apple; 5 to 11 % stay masked even so", look_for_masks},
    [FINDING_NO_DETAIL] = {"no-detail",
        "Capture with info and debug: log stream --info --debug, or log config --mode "
        "level:debug,persist:debug for com.apple.ManagedClient.",
        "documented by Apple", look_for_detail},
};
/* clang-format on */

void findings_make(const Enrolment *enrolment, const Attempt *attempt, int64_t now_ns,
                   Findings *ret)
{
    Search search = {.enrolment = enrolment, .attempt = attempt, .now_ns = now_ns, .found = ret};
    ret->count = 0;
    for (size_t i = 0; i < FINDING_KIND_COUNT; i++) {
        KINDS[i].look(&search);
    }
    for (size_t i = 1; i < ret->count; i++) { /* alike ones stay in the order of the table */
        Finding finding = ret->items[i];
        size_t at = i;
        for (; at > 0 && ret->items[at - 1].severity < finding.severity; at--) {
            ret->items[at] = ret->items[at - 1];
        }
        ret->items[at] = finding;
    }
}

const char *finding_name(FindingKind kind)
{
    return KINDS[kind].name;
}

const char *finding_advice(FindingKind kind)
{
    return KINDS[kind].advice;
}

const char *finding_confidence(FindingKind kind)
{
    return KINDS[kind].confidence;
}

const char *finding_severity(FindingSeverity severity)
{
    return SEVERITY_NAMES[severity];
}
