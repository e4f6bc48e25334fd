/*
 * An entry as one line of NDJSON under Apple's keys, in Apple's way of escaping. It prints what the
 * entry holds: fields of a rare kind only when the entry was read in full.
 */
#include <inttypes.h>

#include "base/utf8.h"
#include "parsers/decoder.h"
#include "parsers/fields.h"
#include "parsers/ndjson_clean.h"
#include "parsers/ndjson_keys.h"

/* Appends `text` as a JSON string: '/' escaped, control characters as \u00xx, what is no UTF-8 as
 * U+FFFD, all else raw. */
static void add_string(StrBuf *buf, StrView text)
{
    strbuf_add_char(buf, '"');
    while (text.len > 0) {
        uint32_t code_point = utf8_next(&text);
        if (code_point == '"' || code_point == '\\' || code_point == '/') {
            strbuf_add_char(buf, '\\');
            strbuf_add_char(buf, (char)code_point);
        } else if (code_point == '\n') {
            strbuf_add_str(buf, "\\n");
        } else if (code_point < 0x20) {
            strbuf_printf(buf, "\\u%04x", (unsigned)code_point);
        } else {
            utf8_append(buf, code_point >= UTF8_BROKEN ? UTF8_REPLACEMENT : code_point);
        }
    }
    strbuf_add_char(buf, '"');
}

static void add_key(StrBuf *buf, const char *quoted)
{
    if (buf->len > 0 && buf->ptr[buf->len - 1] != '{') {
        strbuf_add_char(buf, ',');
    }
    strbuf_add_str(buf, quoted);
}

/* The text under a key, for entries that were not read from JSON; nil = leave the key out. */
static StrView text_of(const Entry *entry, NdjsonKey key)
{
    switch (key) {
    case KEY_MESSAGE_TYPE:
        return entry->level == LEVEL_NONE ? SV_NONE : sv(level_name(entry->level));
    case KEY_EVENT_TYPE:
        return entry->kind == KIND_OTHER ? entry->type_word : sv(kind_word(entry->kind));
    case KEY_PROCESS_PATH:
        return entry->process_path.ptr ? entry->process_path : entry->process;
    case KEY_SENDER_PATH:
        return entry->sender_path.ptr ? entry->sender_path : entry->sender;
    case KEY_PROCESS:
        return SV_NONE; /* `log` has no such key: the name stands for its path */
    default:
        break;
    }
    const NdjsonKeyInfo *info = &NDJSON_KEYS[key];
    if (info->role != ROLE_TEXT) {
        return SV_NONE;
    }
    return *(const StrView *)(const void *)((const char *)entry + info->offset);
}

static void add_time(const Entry *entry, StrBuf *buf)
{
    if (!(entry->flags & ENTRY_NO_TIME) && entry->time.ns != CLOCK_NO_TIME) {
        char stamp[CLOCK_STAMP_MAX];
        clock_format(entry->time, CLOCK_FULL, stamp);
        add_key(buf, NDJSON_KEYS[KEY_TIMESTAMP].quoted);
        add_string(buf, sv(stamp));
    }
}

static void add_member(const Entry *entry, NdjsonKey key, StrBuf *buf)
{
    const NdjsonKeyInfo *info = &NDJSON_KEYS[key];
    StrView text = text_of(entry, key);
    if (info->role == ROLE_TIME) {
        add_time(entry, buf);
    } else if (info->role == ROLE_NUMBER) {
        if (entry->present & info->bit) {
            add_key(buf, info->quoted);
            strbuf_printf(buf, "%" PRIu64,
                          *(const uint64_t *)(const void *)((const char *)entry + info->offset));
        }
    } else if (text.ptr) {
        add_key(buf, info->quoted);
        add_string(buf, text);
    }
}

static void add_object(const Entry *entry, StrBuf *buf)
{
    StrBuf object = {0};
    strbuf_add_char(&object, '{');
    for (int key = 0; key < KEY_COUNT; key++) {
        add_member(entry, (NdjsonKey)key, &object);
    }
    strbuf_add_char(&object, '}');
    strbuf_add(buf, strbuf_view(&object));
    strbuf_done(&object);
}

void entry_print_ndjson(const Entry *entry, StrBuf *buf)
{
    CleanFacts facts;
    size_t before = buf->len;
    switch (entry->style) {
    case STYLE_NDJSON:
        strbuf_add(buf, entry->raw);
        return;
    case STYLE_JSON:
        if (ndjson_clean(entry->raw, 0, buf, &facts)) {
            return;
        }
        buf->len = before;
        break;
    default:
        break;
    }
    add_object(entry, buf);
}
