/*
 * The table of fields, the words of the enumerations, and looking names up in both. It reads no
 * value of an entry (field_values.c does) and must never include a parser.
 */
#include "parsers/fields.h"

#include <string.h>

/* A name that differs in more places is no "did you mean". */
#define SUGGEST_DISTANCE 3

/* Names: Apple's OSLogEventProvider properties, the older OSActivityEvent names beside them. */
/* clang-format off */
const FieldInfo FIELDS[FIELD_COUNT] = {
    [FIELD_MESSAGE] = {FIELD_MESSAGE, "composedMessage", {"eventMessage", "message"},
        "eventMessage", "message", FIELD_TEXT, 0, 0,
        "the text of the entry, private values replaced by marks"},
    [FIELD_LEVEL] = {FIELD_LEVEL, "logType", {"messageType"},
        "messageType", "level", FIELD_ENUM, 0, 7,
        "default, info, debug, error or fault; only log entries have one of their own"},
    [FIELD_KIND] = {FIELD_KIND, "type", {"eventType"},
        "eventType", "event", FIELD_ENUM, 0, 14,
        "what the entry is: logEvent, activityCreateEvent, signpostEvent, …"},
    [FIELD_PROCESS] = {FIELD_PROCESS, "process", {NULL},
        NULL, "process", FIELD_TEXT, FIELD_INTERNED, 16,
        "name of the process, the last part of its path"},
    [FIELD_PROCESS_PATH] = {FIELD_PROCESS_PATH, "processImagePath", {NULL},
        "processImagePath", "process path", FIELD_TEXT, FIELD_INTERNED, 32,
        "whole path of the program that logged"},
    [FIELD_PID] = {FIELD_PID, "processIdentifier", {"processID"},
        "processID", "pid", FIELD_NUMBER, 0, 6,
        "number of the process; 0 is the kernel"},
    [FIELD_PROCESS_UUID] = {FIELD_PROCESS_UUID, "processImageUUID", {NULL},
        "processImageUUID", "process uuid", FIELD_UUID, 0, 36,
        "UUID of the program's image"},
    [FIELD_SENDER] = {FIELD_SENDER, "sender", {NULL},
        NULL, "sender", FIELD_TEXT, FIELD_INTERNED, 16,
        "library or extension that logged, the last part of its path"},
    [FIELD_SENDER_PATH] = {FIELD_SENDER_PATH, "senderImagePath", {NULL},
        "senderImagePath", "sender path", FIELD_TEXT, FIELD_INTERNED, 32,
        "whole path of the library or extension that logged"},
    [FIELD_SENDER_UUID] = {FIELD_SENDER_UUID, "senderImageUUID", {NULL},
        "senderImageUUID", "sender uuid", FIELD_UUID, 0, 36,
        "UUID of the sender's image"},
    [FIELD_PROGRAM_COUNTER] = {FIELD_PROGRAM_COUNTER, "senderImageOffset", {NULL},
        "senderProgramCounter", "offset", FIELD_NUMBER, FIELD_HEX, 12,
        "where in the sender's image the call stands"},
    [FIELD_SUBSYSTEM] = {FIELD_SUBSYSTEM, "subsystem", {NULL},
        "subsystem", "subsystem", FIELD_TEXT, FIELD_INTERNED | FIELD_NIL_EMPTY, 26,
        "subsystem of the logger, such as com.apple.ManagedClient"},
    [FIELD_CATEGORY] = {FIELD_CATEGORY, "category", {NULL},
        "category", "category", FIELD_TEXT, FIELD_INTERNED | FIELD_NIL_EMPTY, 14,
        "category within the subsystem, such as HTTPUtil"},
    [FIELD_THREAD] = {FIELD_THREAD, "threadIdentifier", {"threadID"},
        "threadID", "thread", FIELD_NUMBER, FIELD_HEX, 10,
        "number of the thread"},
    [FIELD_ACTIVITY] = {FIELD_ACTIVITY, "activityIdentifier", {"activityID"},
        "activityIdentifier", "activity", FIELD_NUMBER, FIELD_HEX, 10,
        "activity the entry belongs to; 0 is none"},
    [FIELD_PARENT_ACTIVITY] = {FIELD_PARENT_ACTIVITY, "parentActivityIdentifier",
        {"parentActivityID"}, "parentActivityIdentifier", "parent activity", FIELD_NUMBER,
        FIELD_HEX, 10, "activity around this one"},
    [FIELD_CREATOR_ACTIVITY] = {FIELD_CREATOR_ACTIVITY, "creatorActivityIdentifier", {NULL},
        "creatorActivityID", "creator", FIELD_NUMBER, FIELD_HEX, 18,
        "activity that made this one (activityCreateEvent)"},
    [FIELD_TRANSITION_ACTIVITY] = {FIELD_TRANSITION_ACTIVITY, "transitionActivityIdentifier",
        {NULL}, NULL, "transition", FIELD_NUMBER, FIELD_HEX | FIELD_NOT_HERE, 18,
        "activity that was switched to; not in the NDJSON of log"},
    [FIELD_TRACE] = {FIELD_TRACE, "traceIdentifier", {"traceID"},
        "traceID", "trace", FIELD_NUMBER, 0, 20,
        "identifies the place in the code that logged"},
    [FIELD_FORMAT] = {FIELD_FORMAT, "formatString", {NULL},
        "formatString", "format", FIELD_TEXT, 0, 32,
        "the message before its values were filled in"},
    [FIELD_BOOT_UUID] = {FIELD_BOOT_UUID, "bootUUID", {NULL},
        "bootUUID", "boot uuid", FIELD_UUID, 0, 36,
        "which start of the system; empty in a stream"},
    [FIELD_DATE] = {FIELD_DATE, "date", {"timestamp"},
        "timestamp", "time", FIELD_TIME, 0, 12,
        "when it was logged"},
    [FIELD_MACH] = {FIELD_MACH, "machContinuousTimestamp", {"machTimestamp"},
        "machTimestamp", "mach time", FIELD_NUMBER, 0, 16,
        "continuous ticks since the start: the order within one start"},
    [FIELD_SINCE_BOOT] = {FIELD_SINCE_BOOT, "continuousNanosecondsSinceBoot", {NULL},
        NULL, "since boot", FIELD_NUMBER, FIELD_NOT_HERE, 16,
        "nanoseconds since the start; not in the NDJSON of log"},
    [FIELD_SIGNPOST_ID] = {FIELD_SIGNPOST_ID, "signpostIdentifier", {NULL},
        "signpostID", "signpost", FIELD_NUMBER, FIELD_HEX, 18,
        "number of the signpost interval"},
    [FIELD_SIGNPOST_NAME] = {FIELD_SIGNPOST_NAME, "signpostName", {NULL},
        "signpostName", "signpost name", FIELD_TEXT, 0, 16,
        "name of the signpost"},
    [FIELD_SIGNPOST_TYPE] = {FIELD_SIGNPOST_TYPE, "signpostType", {NULL},
        "signpostType", "signpost type", FIELD_ENUM, 0, 7,
        "event, begin or end"},
    [FIELD_SIGNPOST_SCOPE] = {FIELD_SIGNPOST_SCOPE, "signpostScope", {NULL},
        "signpostScope", "signpost scope", FIELD_ENUM, 0, 8,
        "thread, process or system"},
    [FIELD_LOSS_COUNT] = {FIELD_LOSS_COUNT, "lossCount", {NULL},
        "lossCount", "lost", FIELD_NUMBER, 0, 6,
        "how many entries were lost (lossEvent)"},
    [FIELD_LOSS_START_MACH] = {FIELD_LOSS_START_MACH, "lossStartMachContinuousTimestamp", {NULL},
        "lossStartMachContinuousTimestamp", "loss start", FIELD_NUMBER, 0, 16,
        "when the loss began, in mach ticks"},
    [FIELD_LOSS_END_MACH] = {FIELD_LOSS_END_MACH, "lossEndMachContinuousTimestamp", {NULL},
        "lossEndMachContinuousTimestamp", "loss end", FIELD_NUMBER, 0, 16,
        "when the loss ended, in mach ticks"},
    [FIELD_SIZE] = {FIELD_SIZE, "size", {NULL},
        NULL, "size", FIELD_NUMBER, FIELD_NOT_HERE, 6,
        "size of the stored entry; not in the NDJSON of log"},
    [FIELD_TTL] = {FIELD_TTL, "timeToLive", {NULL},
        NULL, "ttl", FIELD_NUMBER, FIELD_NOT_HERE, 4,
        "days it is kept; only the default style prints it"},
    [FIELD_CREATOR_PROCESS] = {FIELD_CREATOR_PROCESS, "creatorProcessUniqueIdentifier", {NULL},
        NULL, "creator process", FIELD_NUMBER, FIELD_NOT_HERE, 8,
        "process that made the activity; not in the NDJSON of log"},
    [FIELD_USER] = {FIELD_USER, "userID", {NULL},
        "userID", "user", FIELD_NUMBER, FIELD_LOCAL, 6,
        "number of the user; filters here only, log has no such key"},
    [FIELD_HOST] = {FIELD_HOST, "host", {NULL},
        NULL, "host", FIELD_TEXT, FIELD_LOCAL, 12,
        "which source it came from; filters here only"},
};

/* OSLogMessageType, the event codes of OSLogEvent, os_signpost_type_t and its scopes. */
static const FieldWord LEVEL_WORDS[] = {
    {"default", 0}, {"info", 1}, {"debug", 2}, {"error", 16}, {"fault", 17}, {NULL, 0},
};

static const FieldWord KIND_WORDS[] = {
    {"activityCreateEvent", 513}, {"activityTransitionEvent", 514}, {"userActionEvent", 515},
    {"traceEvent", 768},          {"logEvent", 1024},               {"legacyLog", 1152},
    {"timesyncEvent", 1280},      {"signpostEvent", 1536},          {"lossEvent", 1792},
    {"metric", 2048},             {"stateEvent", 2560},             {NULL, 0},
};

static const FieldWord SIGNPOST_TYPE_WORDS[] = {
    {"event", 0}, {"begin", 1}, {"end", 2}, {NULL, 0},
};

static const FieldWord SIGNPOST_SCOPE_WORDS[] = {
    {"thread", 1}, {"process", 2}, {"system", 3}, {NULL, 0},
};

static const StrView LEVEL_NAMES[LEVEL_COUNT] = {
    [LEVEL_NONE] = {"", 0},       [LEVEL_DEFAULT] = {"Default", 7}, [LEVEL_INFO] = {"Info", 4},
    [LEVEL_DEBUG] = {"Debug", 5}, [LEVEL_ERROR] = {"Error", 5},     [LEVEL_FAULT] = {"Fault", 5},
};

static const char *const KIND_NAMES[KIND_COUNT] = {
    [KIND_UNPARSED] = "unparsed",
    [KIND_LOG] = "logEvent",
    [KIND_ACTIVITY_CREATE] = "activityCreateEvent",
    [KIND_ACTIVITY_TRANSITION] = "activityTransitionEvent",
    [KIND_USER_ACTION] = "userActionEvent",
    [KIND_TRACE] = "traceEvent",
    [KIND_TIMESYNC] = "timesyncEvent",
    [KIND_SIGNPOST] = "signpostEvent",
    [KIND_LOSS] = "lossEvent",
    [KIND_METRIC] = "metric",
    [KIND_STATE] = "stateEvent",
    [KIND_OTHER] = "",
    [KIND_NOTICE] = "",
};

static const char *const STYLE_NAMES[STYLE_COUNT] = {
    [STYLE_NONE] = "none",       [STYLE_NDJSON] = "ndjson",   [STYLE_JSON] = "json",
    [STYLE_DEFAULT] = "default", [STYLE_COMPACT] = "compact", [STYLE_SYSLOG] = "syslog",
};
/* clang-format on */

static bool is_named(const FieldInfo *field, StrView name)
{
    if (sv_equal(name, sv(field->name)) || (field->json && sv_equal(name, sv(field->json)))) {
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(field->aliases) && field->aliases[i]; i++) {
        if (sv_equal(name, sv(field->aliases[i]))) {
            return true;
        }
    }
    return false;
}

const FieldInfo *field_find(StrView name)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (is_named(&FIELDS[i], name)) {
            return &FIELDS[i];
        }
    }
    return NULL;
}

const char *field_suggest(StrView name)
{
    const char *best = NULL;
    size_t best_distance = SUGGEST_DISTANCE + 1;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const FieldInfo *field = &FIELDS[i];
        const char *names[2 + ARRAY_LEN(field->aliases)] = {field->name, field->json};
        memcpy(&names[2], field->aliases, sizeof(field->aliases));
        for (size_t j = 0; j < ARRAY_LEN(names); j++) {
            if (!names[j]) {
                continue;
            }
            size_t distance = sv_distance(name, sv(names[j]));
            if (distance < best_distance && distance < strlen(names[j])) {
                best_distance = distance;
                best = names[j];
            }
        }
    }
    return best;
}

const FieldWord *field_words(FieldId id)
{
    static const struct {
        FieldId id;
        const FieldWord *words;
    } LISTS[] = {
        {FIELD_LEVEL, LEVEL_WORDS},
        {FIELD_KIND, KIND_WORDS},
        {FIELD_SIGNPOST_TYPE, SIGNPOST_TYPE_WORDS},
        {FIELD_SIGNPOST_SCOPE, SIGNPOST_SCOPE_WORDS},
    };
    for (size_t i = 0; i < ARRAY_LEN(LISTS); i++) {
        if (LISTS[i].id == id) {
            return LISTS[i].words;
        }
    }
    return NULL;
}

const char *level_name(Level level)
{
    return LEVEL_NAMES[level].ptr;
}

bool level_parse(StrView text, Level *ret_level)
{
    for (int i = LEVEL_NONE + 1; i < LEVEL_COUNT; i++) {
        if (text.len == LEVEL_NAMES[i].len && sv_equal_nocase(text, LEVEL_NAMES[i])) {
            *ret_level = (Level)i;
            return true;
        }
    }
    return false;
}

uint64_t level_number(Level level)
{
    return level == LEVEL_NONE ? 0 : LEVEL_WORDS[level - 1].number;
}

const char *kind_word(EntryKind kind)
{
    return KIND_NAMES[kind];
}

EntryKind kind_parse(StrView word)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        if (KIND_NAMES[i][0] && sv_equal(word, sv(KIND_NAMES[i]))) {
            return (EntryKind)i;
        }
    }
    return KIND_OTHER;
}

const char *style_name(Style style)
{
    return STYLE_NAMES[style];
}

bool style_parse(StrView text, Style *ret_style, Err *err)
{
    for (int i = STYLE_NONE + 1; i < STYLE_COUNT; i++) {
        if (sv_equal_nocase(text, sv(STYLE_NAMES[i]))) {
            *ret_style = (Style)i;
            return true;
        }
    }
    return err_set(err, "unknown style '%.*s': it is ndjson, json, default, compact or syslog",
                   SV_ARG(text));
}
