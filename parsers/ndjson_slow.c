/*
 * Reads JSON objects of the log with jansson, whose types stay in this file. Its integers are
 * signed: larger numbers come through the mended text as marked strings.
 */
#include "parsers/ndjson_slow.h"

#include <jansson.h>
#include <string.h>

#include "parsers/ndjson_clean.h"
#include "parsers/ndjson_keys.h"

/* Reads the whole of `text`; NULL when that is no object. The caller releases it. */
static json_t *load_object(StrView text)
{
    json_t *root = json_loadb(text.ptr, text.len, JSON_ALLOW_NUL, NULL);
    if (root && !json_is_object(root)) {
        json_decref(root);
        return NULL;
    }
    return root;
}

static StrView string_view(const json_t *value)
{
    return sv_of(json_string_value(value), json_string_length(value));
}

/* Tells whether `text` is a number that was marked, and gives its digits. */
static bool marked_number(StrView text, StrView *ret_digits)
{
    if (text.len < 2 || text.ptr[0] != NDJSON_NUMBER_MARK) {
        return false;
    }
    *ret_digits = sv_of(text.ptr + 1, text.len - 1);
    return true;
}

/* Copies into the scratch, which has room: views into it must not move. */
static StrView keep(StrBuf *scratch, StrView text)
{
    char *begin = scratch->ptr + scratch->len;
    strbuf_add(scratch, text);
    return sv_of(begin, text.len);
}

static void set_value(Entry *entry, NdjsonKey key, const json_t *value, bool is_full,
                      StrBuf *scratch)
{
    StrView digits;
    uint64_t number;
    if (json_is_string(value)) {
        StrView text = string_view(value);
        if (!marked_number(text, &digits)) {
            ndjson_set_text(entry, key, keep(scratch, text), is_full);
        } else if (sv_to_u64(digits, &number)) {
            ndjson_set_number(entry, key, number, is_full);
        } else {
            ndjson_set_absent(entry, key);
        }
    } else if (json_is_integer(value) && json_integer_value(value) >= 0) {
        ndjson_set_number(entry, key, (uint64_t)json_integer_value(value), is_full);
    } else {
        ndjson_set_absent(entry, key);
    }
}

static ReadResult read_object(json_t *root, bool is_full, StrBuf *scratch, Entry *entry)
{
    bool is_finished = false;
    const char *name;
    json_t *value;
    ndjson_begin(entry);
    json_object_foreach(root, name, value)
    {
        NdjsonKey key = ndjson_key_find(sv(name));
        is_finished |= key == KEY_FINISHED;
        set_value(entry, key, value, is_full, scratch);
    }
    if (is_finished && (entry->flags & ENTRY_NO_TIME) && !entry->message.ptr) {
        return READ_TRAILER;
    }
    return ndjson_is_entry(entry) ? READ_ENTRY : READ_NOTHING;
}

ReadResult ndjson_slow_read(StrView object, bool is_full, StrBuf *scratch, Entry *ret_entry)
{
    StrBuf clean = {0};
    CleanFacts facts;
    Entry entry;
    ReadResult result = READ_NOTHING;
    strbuf_clear(scratch);
    if (ndjson_clean(object, CLEAN_MARK_NUMBERS, &clean, &facts)) {
        json_t *root = load_object(strbuf_view(&clean));
        if (root) {
            strbuf_reserve(scratch, clean.len + 1);
            result = read_object(root, is_full, scratch, &entry);
        }
        json_decref(root);
    }
    if (result == READ_ENTRY) {
        entry.raw = object;
        entry.flags |= facts.is_damaged ? ENTRY_ENCODING : 0u;
        entry.flags |= facts.is_truncated ? ENTRY_PARTIAL : 0u;
        ndjson_finish(&entry);
        *ret_entry = entry;
    }
    strbuf_done(&clean);
    return result;
}

/* Takes the token or the bracketed value at the start of `rest`, which is known to be JSON without
 * blanks. */
static StrView take_value(StrView *rest)
{
    size_t depth = 0;
    size_t at = 0;
    bool is_in_string = false;
    for (; at < rest->len; at++) {
        char byte = rest->ptr[at];
        if (is_in_string) {
            at += byte == '\\' ? 1 : 0;
            is_in_string = byte != '"';
        } else if (byte == '"') {
            is_in_string = true;
        } else if (byte == '{' || byte == '[') {
            depth++;
        } else if (depth == 0 && (byte == ',' || byte == ':' || byte == '}')) {
            break;
        } else if (byte == '}' || byte == ']') {
            depth--;
        }
    }
    StrView value = sv_of(rest->ptr, at);
    *rest = sv_slice(*rest, at, rest->len);
    return value;
}

static json_t *load_string(StrView text)
{
    return json_loadb(text.ptr, text.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

static void show_member(StrView quoted, StrView value,
                        void (*each)(void *context, StrView key, StrView value, bool is_text),
                        void *context)
{
    json_t *name = load_string(quoted);
    json_t *text = value.ptr[0] == '"' ? load_string(value) : NULL;
    if (name && text) {
        each(context, string_view(name), string_view(text), true);
    } else if (name) {
        each(context, string_view(name), value, false);
    }
    json_decref(name);
    json_decref(text);
}

static bool is_readable(StrView object)
{
    StrBuf clean = {0};
    CleanFacts facts;
    json_t *root = NULL;
    if (ndjson_clean(object, CLEAN_MARK_NUMBERS, &clean, &facts)) {
        root = load_object(strbuf_view(&clean));
    }
    strbuf_done(&clean);
    bool is_object = root != NULL;
    json_decref(root);
    return is_object;
}

void ndjson_slow_each(StrView object,
                      void (*each)(void *context, StrView key, StrView value, bool is_text),
                      void *context)
{
    StrBuf clean = {0};
    CleanFacts facts;
    /* Read once as a judge; then the members are cut out of the text, whose numbers are exact. */
    if (is_readable(object) && ndjson_clean(object, 0, &clean, &facts)) {
        StrView rest = sv_slice(strbuf_view(&clean), 1, clean.len - 2);
        while (rest.len > 0) {
            StrView name = take_value(&rest);
            rest = sv_slice(rest, 1, rest.len);
            show_member(name, take_value(&rest), each, context);
            rest = sv_slice(rest, 1, rest.len);
        }
    }
    strbuf_done(&clean);
}
