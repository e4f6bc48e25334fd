/*
 * The server's commands: requests, answers and receipts put together by sequence id within their
 * channel and time, apps followed to the real end of their install. Small ids come again: what is
 * through is never touched by a later command of the same id.
 */
#include <string.h>

#include "base/mem.h"
#include "session/enrolment_internal.h"

#define NONE SIZE_MAX
#define DROPPED_AT_ONCE (ENROLMENT_COMMANDS_MAX / 8)

/* A result is logged twice, once sent and once received; what comes later than this after the
 * receipt is another command's. */
#define DOUBLE_NS (60 * NS_PER_SECOND)
/* A reason given so long after the failure, or before it, is not its. */
#define CHAIN_NS (30 * NS_PER_SECOND)
/* An install that starts so long after its command is another's. */
#define INSTALL_NS (30 * 60 * NS_PER_SECOND)

static const char *const STATE_NAMES[COMMAND_STATE_COUNT] = {
    [COMMAND_OPEN] = "open", [COMMAND_WAIT] = "waiting", [COMMAND_INSTALLING] = "installing",
    [COMMAND_OK] = "done",   [COMMAND_FAIL] = "failed",
};

/* --- finding -------------------------------------------------------------------------------- */

static bool is_app_type(const char *type)
{
    return strcmp(type, "InstallApplication") == 0 ||
           strcmp(type, "InstallEnterpriseApplication") == 0;
}

static bool is_channel(const MdmCommand *command, int64_t uid)
{
    return uid < 0 || command->uid < 0 || command->uid == uid;
}

/* The latest command of that type on that channel; with an id, of that id. */
static size_t find_command(const Attempt *attempt, const MdmLine *line)
{
    for (size_t i = attempt->command_count; i-- > 0;) {
        const MdmCommand *command = &attempt->commands[i];
        if (sv_equal(sv(command->type), line->type) && is_channel(command, line->uid) &&
            (line->id.len == 0 || command->id[0] == '\0' || sv_equal(sv(command->id), line->id))) {
            return i;
        }
    }
    return NONE;
}

static bool is_through(const MdmCommand *command)
{
    return command->state == COMMAND_OK || command->state == COMMAND_FAIL;
}

static bool is_uuid(StrView id)
{
    return id.len == 36;
}

/* --- adding --------------------------------------------------------------------------------- */

/* Makes room by giving up the oldest commands that went well, or where there are none the oldest:
 * several at once, since all others move. */
static void drop_commands(Attempt *attempt)
{
    size_t kept = 0;
    size_t dropped = 0;
    for (size_t i = 0; i < attempt->command_count; i++) {
        if (dropped < DROPPED_AT_ONCE && attempt->commands[i].state == COMMAND_OK) {
            dropped++;
            continue;
        }
        if (kept != i) {
            attempt->commands[kept] = attempt->commands[i];
        }
        kept++;
    }
    if (dropped == 0) {
        dropped = DROPPED_AT_ONCE;
        kept -= dropped;
        memmove(attempt->commands, attempt->commands + dropped, kept * sizeof(*attempt->commands));
    }
    attempt->command_count = kept;
    attempt->dropped += dropped;
}

static size_t add_command(Attempt *attempt, const MdmLine *line)
{
    if (attempt->command_count == ENROLMENT_COMMANDS_MAX) {
        drop_commands(attempt);
    }
    mem_grow((void **)&attempt->commands, &attempt->command_capacity, attempt->command_count,
             sizeof(*attempt->commands));
    MdmCommand *command = &attempt->commands[attempt->command_count];
    *command = (MdmCommand){.uid = line->uid, .closed.ns = CLOCK_NO_TIME};
    enrolment_copy(command->type, sizeof(command->type), line->type);
    enrolment_copy(command->id, sizeof(command->id), line->id);
    StrView channel = line->channel.len > 0 ? line->channel
                      : line->uid > 0       ? SV("User")
                                            : SV("Device");
    enrolment_copy(command->channel, sizeof(command->channel), channel);
    return attempt->command_count++;
}

/* Whether `later_ns`, of a later entry, is within a while; where a time is not known, the order of
 * the entries must do. */
static bool is_soon(int64_t earlier_ns, int64_t later_ns, int64_t limit_ns)
{
    int64_t after;
    return !clock_between(earlier_ns, later_ns, &after) || after <= limit_ns;
}

/* --- apps ----------------------------------------------------------------------------------- */

static bool is_recent(const MdmCommand *command, int64_t now_ns)
{
    Stamp time = command->answered.number != 0 ? command->answered.time : command->received.time;
    return is_soon(time.ns, now_ns, INSTALL_NS);
}

/* The command that an install belongs to: that of its UUID (or the start of it); else of those for
 * apps the one that is being handled, else the oldest that waits for its install. */
static size_t find_app(const Attempt *attempt, StrView uuid, int64_t now_ns)
{
    size_t found = NONE;
    for (size_t i = attempt->command_count; i-- > 0;) {
        const MdmCommand *command = &attempt->commands[i];
        if (!is_app_type(command->type)) {
            continue;
        }
        if (uuid.len > 0 && sv_starts(sv(command->install), uuid)) {
            return i;
        }
        bool is_free = uuid.len == 0 || command->install[0] == '\0';
        if (is_free && is_recent(command, now_ns) &&
            (command->state == COMMAND_OPEN || command->state == COMMAND_INSTALLING)) {
            if (command->state == COMMAND_OPEN) {
                return i;
            }
            found = i;
        }
    }
    return found;
}

/* The end of an install, good or bad; what was acknowledged before is not the end. */
static void end_install(Intake *intake, bool is_ok)
{
    Attempt *attempt = intake->attempt;
    MdmCommand *command = &attempt->commands[intake->command];
    if (is_ok && command->state == COMMAND_FAIL) {
        return; /* an aborted install is called finished, too */
    }
    command->state = is_ok ? COMMAND_OK : COMMAND_FAIL;
    command->closed = intake->proof.time;
    attempt_take_stage(attempt, intake->enrolment->is.apps, is_ok ? OUTCOME_OK : OUTCOME_FAIL,
                       &intake->proof, intake->verdict->gate);
}

static void take_app(Intake *intake)
{
    const MdmLine *line = &intake->line;
    size_t index = find_app(intake->attempt, line->id, intake->proof.time.ns);
    if (index == NONE) {
        return;
    }
    intake->command = index;
    MdmCommand *command = &intake->attempt->commands[index];
    command->has_install = true;
    command->last = intake->proof.number;
    if (line->id.len > 0 && command->install[0] == '\0') {
        enrolment_copy(command->install, sizeof(command->install), line->id);
    }
    if (line->kind == MDM_LINE_APP_END) {
        end_install(intake, line->is_ok);
    } else if (line->kind == MDM_LINE_APP_ABORT || line->kind == MDM_LINE_APP_REFUSED) {
        end_install(intake, false);
    }
}

/* A package that failed is that of the one app that is being installed; of several nobody knows. */
static void take_package(Intake *intake)
{
    const Attempt *attempt = intake->attempt;
    size_t found = NONE;
    size_t count = 0;
    for (size_t i = 0; i < attempt->command_count; i++) {
        const MdmCommand *command = &attempt->commands[i];
        if (command->state == COMMAND_INSTALLING && is_recent(command, intake->proof.time.ns)) {
            found = i;
            count++;
        }
    }
    if (count == 1) {
        intake->command = found;
        end_install(intake, false);
    }
}

/* --- round trips ---------------------------------------------------------------------------- */

/* Whether a request may be the same command asked again: after NotNow, or because no answer came.
 */
static bool is_repeatable(const MdmCommand *command)
{
    return !is_through(command) && command->state != COMMAND_INSTALLING;
}

/* The command that a request asks for again, NONE = it is a new one. A number instead of a UUID is
 * counted by the Mac and new each time; then, after NotNow, the type has to do. */
static size_t find_repeated(const Attempt *attempt, const MdmLine *line)
{
    size_t index = find_command(attempt, line);
    if (index != NONE) {
        return is_repeatable(&attempt->commands[index]) ? index : NONE;
    }
    MdmLine any = *line;
    any.id = SV_NONE;
    index = is_uuid(line->id) ? NONE : find_command(attempt, &any);
    return index != NONE && attempt->commands[index].state == COMMAND_WAIT ? index : NONE;
}

static void take_request(Intake *intake)
{
    Attempt *attempt = intake->attempt;
    const StageNumbers *is = &intake->enrolment->is;
    size_t index = find_repeated(attempt, &intake->line);
    if (index == NONE) {
        index = add_command(attempt, &intake->line);
    }
    MdmCommand *command = &attempt->commands[index];
    bool is_first = command->tries++ == 0;
    if (is_first) {
        command->received = intake->proof;
    } else {
        enrolment_copy(command->id, sizeof(command->id), intake->line.id);
    }
    command->state = COMMAND_OPEN;
    command->last = intake->proof.number;
    intake->command = index;
    if (is->idle > 0 && attempt->tracks[is->idle - 1].state == STAGE_OK) {
        attempt->tracks[is->idle - 1].state = STAGE_PROGRESS;
    }
}

static void take_not_now(Intake *intake)
{
    size_t index = find_command(intake->attempt, &intake->line);
    if (index == NONE || is_through(&intake->attempt->commands[index])) {
        index = add_command(intake->attempt, &intake->line);
    }
    MdmCommand *command = &intake->attempt->commands[index];
    enrolment_copy_words(command->reason, sizeof(command->reason), intake->line.text);
    command->last = intake->proof.number;
    intake->command = index;
}

/* The state that an answer brings. */
static CommandState state_of(const MdmCommand *command, StrView status)
{
    if (sv_equal(status, SV("NotNow"))) {
        return COMMAND_WAIT;
    }
    if (!sv_equal(status, SV("Acknowledged"))) {
        return COMMAND_FAIL;
    }
    return is_app_type(command->type) ? COMMAND_INSTALLING : COMMAND_OK;
}

/* Stages that a command is all of: what happens to it happens to them. */
static void tell_stage(Intake *intake, const MdmCommand *command)
{
    const StageNumbers *is = &intake->enrolment->is;
    const struct {
        const char *type;
        int stage;
        bool is_all; /* the acknowledgement is the end */
    } table[] = {
        {"InstallProfile", is->profiles, true},  {"DeclarativeManagement", is->ddm, false},
        {"InstallApplication", is->apps, false}, {"InstallEnterpriseApplication", is->apps, false},
        {"DeviceConfigured", is->release, true},
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        if (strcmp(command->type, table[i].type) != 0 || table[i].stage == intake->stage) {
            continue;
        }
        if (command->state == COMMAND_FAIL || (command->state == COMMAND_OK && table[i].is_all)) {
            attempt_take_stage(intake->attempt, table[i].stage,
                               command->state == COMMAND_OK ? OUTCOME_OK : OUTCOME_FAIL,
                               &intake->proof, intake->verdict->gate);
        }
    }
}

static void answer(Intake *intake, size_t index)
{
    MdmCommand *command = &intake->attempt->commands[index];
    bool was_through = is_through(command) && command->answered.number != 0;
    command->answered = intake->proof;
    enrolment_copy(command->status, sizeof(command->status), intake->line.what);
    command->state = state_of(command, intake->line.what);
    command->not_now += command->state == COMMAND_WAIT;
    if (!was_through) {
        tell_stage(intake, command);
    }
}

static void close(Intake *intake, MdmCommand *command)
{
    command->http = intake->line.http;
    command->closed = intake->proof.time;
    if (intake->line.http >= 400) {
        command->state = COMMAND_FAIL; /* the answer was not taken */
    }
}

/* Whether an answer is this command's: it is open, or the answer is logged a second time. */
static bool is_answer_of(const MdmCommand *command, const Intake *intake)
{
    if (command->answered.number == 0 || command->state == COMMAND_OPEN) {
        return true;
    }
    bool is_same = sv_equal(sv(command->status), intake->line.what);
    return is_same && is_soon(command->answered.time.ns, intake->proof.time.ns, DOUBLE_NS);
}

static void take_answer(Intake *intake)
{
    Attempt *attempt = intake->attempt;
    size_t index = find_command(attempt, &intake->line);
    if (index == NONE || !is_answer_of(&attempt->commands[index], intake)) {
        index = add_command(attempt, &intake->line); /* its request was not seen */
    }
    MdmCommand *command = &attempt->commands[index];
    bool is_double = command->answered.number != 0 && command->state != COMMAND_OPEN;
    if (!is_double) {
        answer(intake, index);
    }
    if (intake->line.kind == MDM_LINE_RECEIVED) {
        close(intake, command);
    }
    command->last = intake->proof.number;
    intake->command = index;
}

/* An error chain names its request and no id: it is the one that is open, or has just failed. */
static void take_chain(Intake *intake)
{
    const Attempt *attempt = intake->attempt;
    int64_t now_ns = intake->proof.time.ns;
    for (size_t i = attempt->command_count; i-- > 0;) {
        const MdmCommand *command = &attempt->commands[i];
        bool is_near =
            command->state == COMMAND_FAIL && is_soon(command->answered.time.ns, now_ns, CHAIN_NS);
        if (sv_equal(sv(command->type), intake->line.type) &&
            is_channel(command, intake->line.uid) && (command->state == COMMAND_OPEN || is_near)) {
            intake->command = i;
            return;
        }
    }
}

/* --- connections ---------------------------------------------------------------------------- */

/* One at a time: with any answer an earlier request is not waited for any more. */
static void take_connection(Intake *intake)
{
    Attempt *attempt = intake->attempt;
    if (intake->line.kind == MDM_LINE_RECEIVED) {
        attempt->unanswered.number = 0;
    } else if (attempt->unanswered.number == 0) {
        attempt->unanswered = intake->proof;
    }
}

/* A command that is a stage of its own is one of the server's commands all the same. */
static void tell_commands_stage(Intake *intake)
{
    int stage = intake->enrolment->is.commands;
    if (intake->command != NONE && intake->line.type.len > 0 && intake->stage != stage) {
        attempt_take_stage(intake->attempt, stage, OUTCOME_INFO, &intake->proof,
                           intake->verdict->gate);
    }
}

void attempt_take_line(Intake *intake)
{
    const MdmLine *line = &intake->line;
    bool is_bracket = line->kind == MDM_LINE_SENT || line->kind == MDM_LINE_RECEIVED;
    if (is_bracket) {
        take_connection(intake);
    }
    switch (line->kind) {
    case MDM_LINE_REQUEST:
        take_request(intake);
        break;
    case MDM_LINE_NOT_NOW:
        take_not_now(intake);
        break;
    case MDM_LINE_SENT:
    case MDM_LINE_RECEIVED:
        if (line->type.len > 0) { /* check-ins and Idle are no commands */
            take_answer(intake);
        }
        break;
    case MDM_LINE_CHAIN:
        take_chain(intake);
        break;
    case MDM_LINE_APP_START:
    case MDM_LINE_APP_CALLED:
    case MDM_LINE_APP_END:
    case MDM_LINE_APP_ABORT:
    case MDM_LINE_APP_REFUSED:
        take_app(intake);
        break;
    default:
        if (intake->outcome == OUTCOME_FAIL && !intake->verdict->is_enrolment) {
            take_package(intake); /* of installd and the like */
        }
        break;
    }
    tell_commands_stage(intake);
}

/* --- what there is -------------------------------------------------------------------------- */

StageState attempt_commands_state(const Attempt *attempt)
{
    size_t counts[COMMAND_STATE_COUNT] = {0};
    for (size_t i = 0; i < attempt->command_count; i++) {
        counts[attempt->commands[i].state]++;
    }
    if (counts[COMMAND_FAIL] > 0) {
        return STAGE_FAIL;
    }
    if (counts[COMMAND_WAIT] > 0) {
        return STAGE_WAIT;
    }
    return counts[COMMAND_OPEN] > 0 ? STAGE_PROGRESS : STAGE_OK;
}

size_t attempt_commands(const Attempt *attempt, const MdmCommand **ret_commands)
{
    *ret_commands = attempt->commands;
    return attempt->command_count;
}

const char *command_state_name(CommandState state)
{
    return state < COMMAND_STATE_COUNT ? STATE_NAMES[state] : "";
}

int64_t command_latency_ms(const MdmCommand *command)
{
    int64_t ns;
    if (command->received.number == 0 || command->answered.number == 0 ||
        !clock_between(command->received.time.ns, command->answered.time.ns, &ns) || ns < 0) {
        return -1;
    }
    return ns / NS_PER_MS;
}
