/*
 * What an entry says in a field: as text, as a number, as people read it. The fields themselves are
 * declared in fields.c; nothing here knows how an entry was read.
 */
#include "parsers/fields.h"

#include <inttypes.h>

#define NO_OFFSET SIZE_MAX

/* Where a field lies in an Entry. */
typedef struct Place {
    size_t text;   /* offset of a StrView, NO_OFFSET = none */
    size_t number; /* offset of an uint64_t, NO_OFFSET = none */
    uint32_t bit;  /* HAS_… that says whether the number is there */
} Place;

/* clang-format off */
#define TEXT_AT(member) {offsetof(Entry, member), NO_OFFSET, 0}
#define NUMBER_AT(member, has) {NO_OFFSET, offsetof(Entry, member), (has)}
#define NOWHERE {NO_OFFSET, NO_OFFSET, 0}

static const Place PLACES[FIELD_COUNT] = {
    [FIELD_MESSAGE] = TEXT_AT(message),
    [FIELD_LEVEL] = NOWHERE,
    [FIELD_KIND] = NOWHERE,
    [FIELD_PROCESS] = TEXT_AT(process),
    [FIELD_PROCESS_PATH] = TEXT_AT(process_path),
    [FIELD_PID] = NUMBER_AT(pid, HAS_PID),
    [FIELD_PROCESS_UUID] = TEXT_AT(process_uuid),
    [FIELD_SENDER] = TEXT_AT(sender),
    [FIELD_SENDER_PATH] = TEXT_AT(sender_path),
    [FIELD_SENDER_UUID] = TEXT_AT(sender_uuid),
    [FIELD_PROGRAM_COUNTER] = NUMBER_AT(program_counter, HAS_PROGRAM_COUNTER),
    [FIELD_SUBSYSTEM] = TEXT_AT(subsystem),
    [FIELD_CATEGORY] = TEXT_AT(category),
    [FIELD_THREAD] = NUMBER_AT(thread, HAS_THREAD),
    [FIELD_ACTIVITY] = NUMBER_AT(activity, HAS_ACTIVITY),
    [FIELD_PARENT_ACTIVITY] = NUMBER_AT(parent_activity, HAS_PARENT_ACTIVITY),
    [FIELD_CREATOR_ACTIVITY] = NUMBER_AT(creator_activity, HAS_CREATOR_ACTIVITY),
    [FIELD_TRANSITION_ACTIVITY] = NOWHERE,
    [FIELD_TRACE] = NUMBER_AT(trace, HAS_TRACE),
    [FIELD_FORMAT] = TEXT_AT(format_string),
    [FIELD_BOOT_UUID] = TEXT_AT(boot_uuid),
    [FIELD_DATE] = NOWHERE,
    [FIELD_MACH] = NUMBER_AT(mach, HAS_MACH),
    [FIELD_SINCE_BOOT] = NOWHERE,
    [FIELD_SIGNPOST_ID] = NUMBER_AT(signpost_id, HAS_SIGNPOST_ID),
    [FIELD_SIGNPOST_NAME] = TEXT_AT(signpost_name),
    [FIELD_SIGNPOST_TYPE] = TEXT_AT(signpost_type),
    [FIELD_SIGNPOST_SCOPE] = TEXT_AT(signpost_scope),
    [FIELD_LOSS_COUNT] = NUMBER_AT(loss_count, HAS_LOSS_COUNT),
    [FIELD_LOSS_START_MACH] = NUMBER_AT(loss_start_mach, HAS_LOSS_START_MACH),
    [FIELD_LOSS_END_MACH] = NUMBER_AT(loss_end_mach, HAS_LOSS_END_MACH),
    [FIELD_SIZE] = NOWHERE,
    [FIELD_TTL] = NUMBER_AT(ttl, HAS_TTL),
    [FIELD_CREATOR_PROCESS] = NOWHERE,
    [FIELD_USER] = NUMBER_AT(user, HAS_USER),
    [FIELD_HOST] = NOWHERE,
};
/* clang-format on */

static bool word_number(FieldId id, StrView word, uint64_t *ret_value)
{
    for (const FieldWord *at = field_words(id); at && at->word; at++) {
        if (sv_equal(word, sv(at->word))) {
            *ret_value = at->number;
            return true;
        }
    }
    return false;
}

static StrView kind_text(const Entry *entry)
{
    return entry->kind == KIND_OTHER ? entry->type_word : sv(kind_word(entry->kind));
}

StrView entry_text(const Entry *entry, FieldId id)
{
    if (PLACES[id].text == NO_OFFSET) {
        return SV_NONE;
    }
    return *(const StrView *)(const void *)((const char *)entry + PLACES[id].text);
}

bool entry_number(const Entry *entry, FieldId id, uint64_t *ret_value)
{
    const Place *place = &PLACES[id];
    if (place->number != NO_OFFSET) {
        if (!(entry->present & place->bit)) {
            return false;
        }
        *ret_value = *(const uint64_t *)(const void *)((const char *)entry + place->number);
        return true;
    }
    if (id == FIELD_DATE && entry->time.ns != CLOCK_NO_TIME) {
        *ret_value = (uint64_t)entry->time.ns;
        return true;
    }
    /* Apple: 0 for whatever has no level of its own; but what was not parsed has no fields. */
    if (id == FIELD_LEVEL && entry->kind != KIND_UNPARSED && entry->kind != KIND_NOTICE) {
        *ret_value = level_number(entry->level);
        return true;
    }
    if (FIELDS[id].type != FIELD_ENUM || id == FIELD_LEVEL) {
        return false;
    }
    return word_number(id, id == FIELD_KIND ? kind_text(entry) : entry_text(entry, id), ret_value);
}

bool entry_print_field(const Entry *entry, FieldId id, StrBuf *buf)
{
    StrView text = entry_text(entry, id);
    if (id == FIELD_LEVEL) {
        text = entry->level == LEVEL_NONE ? SV_NONE : sv(level_name(entry->level));
    } else if (id == FIELD_KIND) {
        text = kind_text(entry);
        text = text.len ? text : SV_NONE;
    }
    if (text.ptr) {
        strbuf_add(buf, text);
        return true;
    }
    uint64_t number;
    if (FIELDS[id].type == FIELD_ENUM || !entry_number(entry, id, &number)) {
        return false;
    }
    if (FIELDS[id].type == FIELD_TIME) {
        char stamp[CLOCK_STAMP_MAX];
        clock_format(entry->time, CLOCK_FULL, stamp);
        strbuf_add_str(buf, stamp);
    } else {
        strbuf_printf(buf, FIELDS[id].flags & FIELD_HEX ? "0x%" PRIx64 : "%" PRIu64, number);
    }
    return true;
}
