/*
 * The table of NDJSON keys and their effect on an Entry. It reads no syntax, and must not include
 * jansson or a scanner.
 */
#include "parsers/ndjson_keys.h"

#include <string.h>

#include "base/clock.h"
#include "parsers/fields.h"

#define QUOTED(name) .quoted = "\"" name "\":", .quoted_len = sizeof("\"" name "\":") - 1
#define TEXT(member) .role = ROLE_TEXT, .offset = offsetof(Entry, member)
#define RARE_TEXT(member) TEXT(member), .is_rare = true
#define NUMBER(member, has) .role = ROLE_NUMBER, .offset = offsetof(Entry, member), .bit = (has)
#define RARE_NUMBER(member, has) NUMBER(member, has), .is_rare = true

/* clang-format off */
const NdjsonKeyInfo NDJSON_KEYS[KEY_COUNT] = {
    [KEY_TIMEZONE] = {QUOTED("timezoneName"), RARE_TEXT(zone_name)},
    [KEY_MESSAGE_TYPE] = {QUOTED("messageType"), .role = ROLE_LEVEL},
    [KEY_EVENT_TYPE] = {QUOTED("eventType"), TEXT(type_word)},
    [KEY_SOURCE] = {QUOTED("source"), .role = ROLE_IGNORED},
    [KEY_FORMAT] = {QUOTED("formatString"), RARE_TEXT(format_string)},
    [KEY_USER] = {QUOTED("userID"), NUMBER(user, HAS_USER)},
    [KEY_ACTIVITY] = {QUOTED("activityIdentifier"), NUMBER(activity, HAS_ACTIVITY)},
    [KEY_SUBSYSTEM] = {QUOTED("subsystem"), TEXT(subsystem)},
    [KEY_CATEGORY] = {QUOTED("category"), TEXT(category)},
    [KEY_THREAD] = {QUOTED("threadID"), NUMBER(thread, HAS_THREAD)},
    [KEY_SENDER_UUID] = {QUOTED("senderImageUUID"), RARE_TEXT(sender_uuid)},
    [KEY_BACKTRACE] = {QUOTED("backtrace"), .role = ROLE_IGNORED},
    [KEY_BOOT_UUID] = {QUOTED("bootUUID"), RARE_TEXT(boot_uuid)},
    [KEY_PROCESS_PATH] = {QUOTED("processImagePath"), TEXT(process_path)},
    [KEY_SENDER_PATH] = {QUOTED("senderImagePath"), TEXT(sender_path)},
    [KEY_TIMESTAMP] = {QUOTED("timestamp"), .role = ROLE_TIME},
    [KEY_MACH] = {QUOTED("machTimestamp"), NUMBER(mach, HAS_MACH)},
    [KEY_MESSAGE] = {QUOTED("eventMessage"), TEXT(message)},
    [KEY_PROCESS_UUID] = {QUOTED("processImageUUID"), RARE_TEXT(process_uuid)},
    [KEY_TRACE] = {QUOTED("traceID"), NUMBER(trace, HAS_TRACE)},
    [KEY_PID] = {QUOTED("processID"), NUMBER(pid, HAS_PID)},
    [KEY_PROGRAM_COUNTER] = {QUOTED("senderProgramCounter"),
                             NUMBER(program_counter, HAS_PROGRAM_COUNTER)},
    [KEY_PARENT_ACTIVITY] = {QUOTED("parentActivityIdentifier"),
                             NUMBER(parent_activity, HAS_PARENT_ACTIVITY)},
    [KEY_CREATOR_ACTIVITY] = {QUOTED("creatorActivityID"),
                              NUMBER(creator_activity, HAS_CREATOR_ACTIVITY)},
    [KEY_SIGNPOST_ID] = {QUOTED("signpostID"), RARE_NUMBER(signpost_id, HAS_SIGNPOST_ID)},
    [KEY_SIGNPOST_NAME] = {QUOTED("signpostName"), RARE_TEXT(signpost_name)},
    [KEY_SIGNPOST_TYPE] = {QUOTED("signpostType"), RARE_TEXT(signpost_type)},
    [KEY_SIGNPOST_SCOPE] = {QUOTED("signpostScope"), RARE_TEXT(signpost_scope)},
    [KEY_LOSS_COUNT] = {QUOTED("lossCount"), RARE_NUMBER(loss_count, HAS_LOSS_COUNT)},
    [KEY_LOSS_START_MACH] = {QUOTED("lossStartMachContinuousTimestamp"),
                             RARE_NUMBER(loss_start_mach, HAS_LOSS_START_MACH)},
    [KEY_LOSS_END_MACH] = {QUOTED("lossEndMachContinuousTimestamp"),
                           RARE_NUMBER(loss_end_mach, HAS_LOSS_END_MACH)},
    [KEY_PROCESS] = {QUOTED("process"), TEXT(process)},
    [KEY_FINISHED] = {QUOTED("finished"), .role = ROLE_IGNORED},
};
/* clang-format on */

NdjsonKey ndjson_key_find(StrView name)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        const NdjsonKeyInfo *key = &NDJSON_KEYS[i];
        if (name.len + 3u == key->quoted_len && memcmp(key->quoted + 1, name.ptr, name.len) == 0) {
            return (NdjsonKey)i;
        }
    }
    return KEY_UNKNOWN;
}

void ndjson_begin(Entry *entry)
{
    memset(entry, 0, sizeof(*entry));
    entry->style = STYLE_NDJSON;
    entry->flags = ENTRY_NO_TIME;
    entry->time.ns = CLOCK_NO_TIME;
}

static StrView *text_at(Entry *entry, const NdjsonKeyInfo *info)
{
    return (StrView *)(void *)((char *)entry + info->offset);
}

void ndjson_set_absent(Entry *entry, NdjsonKey key)
{
    if (key >= KEY_COUNT) {
        return;
    }
    const NdjsonKeyInfo *info = &NDJSON_KEYS[key];
    switch ((NdjsonRole)info->role) {
    case ROLE_TEXT:
        *text_at(entry, info) = SV_NONE;
        break;
    case ROLE_NUMBER:
        *(uint64_t *)(void *)((char *)entry + info->offset) = 0;
        entry->present &= ~(uint32_t)info->bit;
        break;
    case ROLE_LEVEL:
        entry->level = LEVEL_NONE;
        break;
    case ROLE_TIME:
        entry->time = (Stamp){.ns = CLOCK_NO_TIME};
        entry->flags = (entry->flags | ENTRY_NO_TIME) & ~ENTRY_NO_ZONE;
        break;
    case ROLE_IGNORED:
        break;
    }
}

void ndjson_set_time(Entry *entry, Stamp stamp)
{
    entry->time = stamp;
    entry->flags &= ~(ENTRY_NO_TIME | ENTRY_NO_ZONE);
}

void ndjson_set_text(Entry *entry, NdjsonKey key, StrView text, bool is_full)
{
    if (key >= KEY_COUNT || (NDJSON_KEYS[key].is_rare && !is_full)) {
        return;
    }
    const NdjsonKeyInfo *info = &NDJSON_KEYS[key];
    if (info->role == ROLE_TEXT) {
        *text_at(entry, info) = text;
    } else if (info->role == ROLE_LEVEL) {
        entry->level = LEVEL_NONE;
        (void)level_parse(text, &entry->level); /* an unknown word leaves LEVEL_NONE */
    } else if (info->role != ROLE_TIME || text.len == 0 ||
               entry_read_stamp(entry, text) != text.len) {
        ndjson_set_absent(entry, key);
    }
}

void ndjson_set_number(Entry *entry, NdjsonKey key, uint64_t number, bool is_full)
{
    if (key >= KEY_COUNT || NDJSON_KEYS[key].role != ROLE_NUMBER) {
        ndjson_set_absent(entry, key);
    } else if (!NDJSON_KEYS[key].is_rare || is_full) {
        *(uint64_t *)(void *)((char *)entry + NDJSON_KEYS[key].offset) = number;
        entry->present |= NDJSON_KEYS[key].bit;
    }
}

/* After the seconds only a zone has one of these. */
static bool has_zone(StrView stamp)
{
    for (size_t i = sizeof("YYYY-MM-DD HH:MM:SS") - 1; i < stamp.len; i++) {
        if (stamp.ptr[i] == '+' || stamp.ptr[i] == '-' || stamp.ptr[i] == 'Z') {
            return true;
        }
    }
    return false;
}

size_t entry_read_stamp(Entry *entry, StrView text)
{
    Stamp stamp;
    size_t len = clock_parse_stamp(text, 0, &stamp);
    if (len > 0) {
        ndjson_set_time(entry, stamp);
        entry->flags |= has_zone(sv_slice(text, 0, len)) ? 0u : ENTRY_NO_ZONE;
    }
    return len;
}

void entry_mark_private(Entry *entry)
{
    /* <mask.hash: '…'> has a value in it. */
    static const StrView MARKS[] = {{"<private>", 9}, {"<redacted>", 10}, {"<mask.hash", 10}};
    StrView rest = entry->message;
    while (rest.len > 0) {
        const char *at = memchr(rest.ptr, '<', rest.len);
        if (!at) {
            return;
        }
        rest = sv_of(at, rest.len - (size_t)(at - rest.ptr));
        for (size_t i = 0; i < ARRAY_LEN(MARKS); i++) {
            if (sv_starts(rest, MARKS[i])) {
                entry->flags |= ENTRY_PRIVATE;
                return;
            }
        }
        rest = sv_of(rest.ptr + 1, rest.len - 1);
    }
}

static StrView nil_when_empty(StrView text)
{
    return text.len > 0 ? text : SV_NONE;
}

static EntryKind kind_of(const Entry *entry)
{
    const StrView usual = {"logEvent", 8};
    if (entry->type_word.len == usual.len &&
        memcmp(entry->type_word.ptr, usual.ptr, usual.len) == 0) {
        return KIND_LOG;
    }
    if (entry->type_word.ptr) {
        return kind_parse(entry->type_word);
    }
    /* Reduced captures leave eventType out; only log entries have a level. */
    return entry->level != LEVEL_NONE || entry->message.ptr ? KIND_LOG : KIND_OTHER;
}

void ndjson_finish(Entry *entry)
{
    entry->kind = kind_of(entry);
    if (entry->process_path.ptr) {
        entry->process = sv_path_last(entry->process_path);
    }
    if (entry->sender_path.ptr) {
        entry->sender = sv_path_last(entry->sender_path);
    }
    entry->subsystem = nil_when_empty(entry->subsystem);
    entry->category = nil_when_empty(entry->category);
    if (entry->kind != KIND_LOG && entry->kind != KIND_TRACE && entry->kind != KIND_SIGNPOST) {
        entry->format_string = nil_when_empty(entry->format_string);
    }
    entry_mark_private(entry);
}

bool ndjson_is_entry(const Entry *entry)
{
    return !(entry->flags & ENTRY_NO_TIME) || entry->message.ptr || entry->type_word.ptr ||
           entry->level != LEVEL_NONE || entry->process.ptr || entry->process_path.ptr ||
           entry->subsystem.ptr || entry->present != 0;
}
