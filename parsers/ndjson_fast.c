/*
 * A scanner for the NDJSON of `log`. It checks all that JSON demands, so that nothing passes here
 * that jansson would refuse, but leaves invalid UTF-8, control characters, surrogates, odd numbers
 * and deep nesting to the slow way. It must never include jansson.
 */
#include "parsers/ndjson_fast.h"

#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "parsers/path_cache.h"
#include "parsers/scan.h"
#include "parsers/unescape.h"

#define FIRST_KEY (KEY_COUNT + 1) /* index of `next` for the key that opens a line */
#define DEPTH_MAX 16
#define STAMP_LEN 31   /* 2026-09-08 10:00:16.012931+0200 */
#define DIGITS_SAFE 19 /* so many always fit into 64 bits */

/* The place in the line that is being read, and where unescaped text goes. */
typedef struct Cursor {
    const char *at;
    const char *end;
    char *out;
    bool is_full;
} Cursor;

static void skip_blanks(Cursor *cursor)
{
    while (cursor->at < cursor->end && *cursor->at == ' ') {
        cursor->at++;
    }
}

static bool take(Cursor *cursor, char byte)
{
    if (cursor->at < cursor->end && *cursor->at == byte) {
        cursor->at++;
        return true;
    }
    return false;
}

static bool take_word(Cursor *cursor, const char *word, size_t len)
{
    if ((size_t)(cursor->end - cursor->at) < len || memcmp(cursor->at, word, len) != 0) {
        return false;
    }
    cursor->at += len;
    return true;
}

/* --- strings --------------------------------------------------------------------------------- */

/* Takes a string whose opening quote was taken; the view has its escapes still in it. */
static inline bool take_string(Cursor *cursor, StrView *ret_text, bool *ret_is_escaped)
{
    const char *begin = cursor->at;
    bool has_backslash = false;
    const char *at = scan_string(begin, cursor->end, &has_backslash);
    if (at == cursor->end) {
        return false;
    }
    *ret_text = (StrView){begin, (size_t)(at - begin)};
    *ret_is_escaped = has_backslash;
    cursor->at = at + 1;
    return true;
}

static bool unescape_into(Cursor *cursor, StrView *text)
{
    char *begin = cursor->out;
    char *end = unescape_json(begin, *text);
    if (!end) {
        return false;
    }
    *text = sv_of(begin, (size_t)(end - begin));
    cursor->out = end;
    return true;
}

static bool unescape_path(PathCache *paths, Cursor *cursor, NdjsonKey key, StrView *text)
{
    int which = key == KEY_PROCESS_PATH ? 0 : 1;
    StrView plain = path_cache_find(paths, which, *text);
    if (plain.ptr) {
        *text = plain;
        return true;
    }
    StrView escaped = *text;
    if (!unescape_into(cursor, text)) {
        return false;
    }
    path_cache_add(paths, which, escaped, *text);
    return true;
}

/* --- values that no field takes -------------------------------------------------------------- */

static bool skip_number(Cursor *cursor)
{
    (void)take(cursor, '-');
    if (!take(cursor, '0')) {
        if (cursor->at == cursor->end || !ascii_is_digit(*cursor->at)) {
            return false;
        }
        while (cursor->at < cursor->end && ascii_is_digit(*cursor->at)) {
            cursor->at++;
        }
    }
    /* Fractions and exponents are no integers and may overflow: the slow way knows. */
    return cursor->at < cursor->end &&
           (*cursor->at == ',' || *cursor->at == '}' || *cursor->at == ']' || *cursor->at == ' ');
}

static bool skip_string(Cursor *cursor)
{
    StrView text;
    bool is_escaped;
    if (!take_string(cursor, &text, &is_escaped)) {
        return false;
    }
    return !is_escaped || unescape_into(cursor, &text);
}

static bool skip_value(Cursor *cursor, int depth);

/* Takes the members of an array or object up to `close`, whose opening bracket was taken. */
static bool skip_members(Cursor *cursor, char close, int depth)
{
    if (depth > DEPTH_MAX) {
        return false;
    }
    skip_blanks(cursor);
    if (take(cursor, close)) {
        return true;
    }
    do {
        skip_blanks(cursor);
        if (close == '}') {
            if (!take(cursor, '"') || !skip_string(cursor) || !take(cursor, ':')) {
                return false;
            }
            skip_blanks(cursor);
        }
        if (!skip_value(cursor, depth)) {
            return false;
        }
        skip_blanks(cursor);
    } while (take(cursor, ','));
    return take(cursor, close);
}

static bool skip_value(Cursor *cursor, int depth)
{
    if (cursor->at == cursor->end) {
        return false;
    }
    switch (*cursor->at) {
    case '"':
        cursor->at++;
        return skip_string(cursor);
    case '{':
        cursor->at++;
        return skip_members(cursor, '}', depth + 1);
    case '[':
        cursor->at++;
        return skip_members(cursor, ']', depth + 1);
    case 'n':
        return take_word(cursor, "null", 4);
    case 't':
        return take_word(cursor, "true", 4);
    case 'f':
        return take_word(cursor, "false", 5);
    default:
        return skip_number(cursor);
    }
}

/* --- values of fields ------------------------------------------------------------------------ */

static bool take_number(Cursor *cursor, uint64_t *ret_number)
{
    const char *begin = cursor->at;
    const char *at = begin;
    uint64_t number = 0;
    uint64_t eight;
    while (cursor->end - at >= 8 && scan_eight_digits(at, &eight)) {
        number = number * 100000000 + eight;
        at += 8;
    }
    while (at < cursor->end && ascii_is_digit(*at)) {
        number = number * 10 + (uint64_t)(*at - '0');
        at++;
    }
    if (at == cursor->end || (*at != ',' && *at != '}' && *at != ' ')) {
        return false;
    }
    size_t len = (size_t)(at - begin);
    if (len > DIGITS_SAFE ? !sv_to_u64(sv_of(begin, len), &number) : len > 1 && *begin == '0') {
        return false;
    }
    *ret_number = number;
    cursor->at = at;
    return true;
}

/* Two digits; a value over 99 when they are none. */
static unsigned two_digits(const char *at)
{
    unsigned tens = (unsigned char)at[0] - (unsigned)'0';
    unsigned ones = (unsigned char)at[1] - (unsigned)'0';
    return tens > 9 || ones > 9 ? 100u : tens * 10 + ones;
}

static void learn_minute(NdjsonFast *fast, StrView text, Stamp stamp, unsigned second,
                         unsigned micro)
{
    memcpy(fast->minute, text.ptr, sizeof(fast->minute));
    memcpy(fast->zone, text.ptr + STAMP_LEN - sizeof(fast->zone), sizeof(fast->zone));
    fast->minute_ns = stamp.ns - (int64_t)second * NS_PER_SECOND - (int64_t)micro * 1000;
    fast->zone_minutes = stamp.zone_minutes;
    fast->has_minute = true;
}

/* Stores a time: within the minute of the line before by adding, otherwise by reading it all. */
static void set_time(NdjsonFast *fast, StrView text, Entry *entry)
{
    if (text.len != STAMP_LEN || text.ptr[19] != '.') {
        ndjson_set_text(entry, KEY_TIMESTAMP, text, false);
        return;
    }
    unsigned second = two_digits(text.ptr + 17);
    unsigned high = two_digits(text.ptr + 20);
    unsigned mid = two_digits(text.ptr + 22);
    unsigned low = two_digits(text.ptr + 24);
    bool is_plain = second < 60 && high < 100 && mid < 100 && low < 100;
    unsigned micro = high * 10000 + mid * 100 + low;
    const char *zone = text.ptr + STAMP_LEN - sizeof(fast->zone);
    if (is_plain && fast->has_minute && memcmp(fast->minute, text.ptr, sizeof(fast->minute)) == 0 &&
        memcmp(fast->zone, zone, sizeof(fast->zone)) == 0) {
        int64_t ns = fast->minute_ns + (int64_t)second * NS_PER_SECOND + (int64_t)micro * 1000;
        ndjson_set_time(entry, (Stamp){ns, fast->zone_minutes});
        return;
    }
    ndjson_set_text(entry, KEY_TIMESTAMP, text, false);
    if (is_plain && !(entry->flags & ENTRY_NO_TIME)) {
        learn_minute(fast, text, entry->time, second, micro);
    }
}

static bool read_text(NdjsonFast *fast, Cursor *cursor, NdjsonKey key, Entry *entry)
{
    StrView text;
    bool is_escaped;
    cursor->at++;
    if (!take_string(cursor, &text, &is_escaped)) {
        return false;
    }
    if (is_escaped) {
        bool is_path = key == KEY_PROCESS_PATH || key == KEY_SENDER_PATH;
        if (fast->paths && is_path ? !unescape_path(fast->paths, cursor, key, &text)
                                   : !unescape_into(cursor, &text)) {
            return false;
        }
    }
    if (key == KEY_TIMESTAMP) {
        set_time(fast, text, entry);
    } else {
        ndjson_set_text(entry, key, text, cursor->is_full);
    }
    return true;
}

static bool read_value(NdjsonFast *fast, Cursor *cursor, NdjsonKey key, Entry *entry)
{
    if (cursor->at == cursor->end) {
        return false;
    }
    if (*cursor->at == '"') {
        return read_text(fast, cursor, key, entry);
    }
    if (ascii_is_digit(*cursor->at) && key < KEY_COUNT && NDJSON_KEYS[key].role == ROLE_NUMBER) {
        uint64_t number;
        if (!take_number(cursor, &number)) {
            return false;
        }
        ndjson_set_number(entry, key, number, cursor->is_full);
        return true;
    }
    ndjson_set_absent(entry, key);
    return skip_value(cursor, 0);
}

/* --- keys ------------------------------------------------------------------------------------ */

static bool is_key_here(const Cursor *cursor, const NdjsonKeyInfo *info)
{
    size_t len = info->quoted_len;
    if ((size_t)(cursor->end - cursor->at) < NDJSON_QUOTED_MAX) {
        return (size_t)(cursor->end - cursor->at) >= len &&
               memcmp(cursor->at, info->quoted, len) == 0;
    }
    size_t i = 0;
    for (; i + 8 <= len; i += 8) {
        if (scan_load(cursor->at + i) != scan_load(info->quoted + i)) {
            return false;
        }
    }
    /* The rest of the name is compared in one word that reaches back into what was compared. */
    return len < 8 ? memcmp(cursor->at, info->quoted, len) == 0
                   : scan_load(cursor->at + len - 8) == scan_load(info->quoted + len - 8);
}

/* Takes a key and its colon: the predicted one in one comparison, any other by its name. */
static bool take_key(NdjsonFast *fast, Cursor *cursor, unsigned before, NdjsonKey *ret_key)
{
    unsigned guess = fast->next[before];
    if (guess < KEY_COUNT && is_key_here(cursor, &NDJSON_KEYS[guess])) {
        cursor->at += NDJSON_KEYS[guess].quoted_len;
        *ret_key = (NdjsonKey)guess;
        return true;
    }
    StrView name;
    bool is_escaped;
    if (!take(cursor, '"') || !take_string(cursor, &name, &is_escaped) || is_escaped ||
        !take(cursor, ':')) {
        return false;
    }
    *ret_key = ndjson_key_find(name);
    fast->next[before] = (uint8_t)*ret_key;
    return true;
}

static bool read_members(NdjsonFast *fast, Cursor *cursor, Entry *entry)
{
    unsigned before = FIRST_KEY;
    do {
        NdjsonKey key;
        skip_blanks(cursor);
        if (!take_key(fast, cursor, before, &key) || key == KEY_FINISHED) {
            return false;
        }
        skip_blanks(cursor);
        if (!read_value(fast, cursor, key, entry)) {
            return false;
        }
        skip_blanks(cursor);
        before = key;
    } while (take(cursor, ','));
    return take(cursor, '}');
}

static bool is_plain(StrView line)
{
    unsigned class = scan_class(line.ptr, line.ptr + line.len);
    return !(class & SCAN_CONTROL) && (!(class & SCAN_HIGH) || utf8_is_valid(line));
}

bool ndjson_fast_read(NdjsonFast *fast, StrView line, bool is_full, StrBuf *scratch,
                      Entry *ret_entry)
{
    StrView object = line;
    if (object.len > 0 && object.ptr[object.len - 1] == '\r') {
        object.len--;
    }
    if (object.len < 2 || object.ptr[0] != '{' || !is_plain(object)) {
        return false;
    }
    strbuf_clear(scratch);
    /* Text never grows by unescaping, so nothing moves while views into the scratch are made. */
    strbuf_reserve(scratch, object.len + 1);
    Cursor cursor = {object.ptr + 1, object.ptr + object.len, scratch->ptr, is_full};
    ndjson_begin(ret_entry);
    if (!read_members(fast, &cursor, ret_entry)) {
        return false;
    }
    skip_blanks(&cursor);
    if (cursor.at != cursor.end || !ndjson_is_entry(ret_entry)) {
        return false;
    }
    scratch->len = (size_t)(cursor.out - scratch->ptr);
    scratch->ptr[scratch->len] = '\0';
    ret_entry->raw = line;
    ndjson_finish(ret_entry);
    return true;
}

void ndjson_fast_init(NdjsonFast *fast, bool wants_cache)
{
    *fast = (NdjsonFast){.paths = wants_cache ? path_cache_new() : NULL};
    for (unsigned i = 0; i <= KEY_COUNT; i++) {
        fast->next[i] = (uint8_t)(i + 1 < KEY_COUNT ? i + 1 : KEY_UNKNOWN);
    }
    fast->next[FIRST_KEY] = 0;
}

void ndjson_fast_done(NdjsonFast *fast)
{
    path_cache_free(fast->paths);
    fast->paths = NULL;
}
