/*
 * Reading entries of the text styles, see text_style.h.
 */
#include "parsers/text_style.h"

#include <string.h>

#include "base/utf8.h"
#include "parsers/ndjson_keys.h"
#include "parsers/unescape.h"

#define NAME_MAX_BYTES 256 /* longer than any subsystem, category or sender */

static const TextStyle *const STYLES[] = {&STYLE_OF_DEFAULT, &STYLE_OF_COMPACT, &STYLE_OF_SYSLOG};

const TextStyle *text_style_find(Style style)
{
    for (size_t i = 0; i < ARRAY_LEN(STYLES); i++) {
        if (STYLES[i]->style == style) {
            return STYLES[i];
        }
    }
    return NULL;
}

const TextStyle *text_style_of_line(StrView line)
{
    for (size_t i = 0; i < ARRAY_LEN(STYLES); i++) {
        if (text_style_matches(STYLES[i], line)) {
            return STYLES[i];
        }
    }
    return NULL;
}

const TextStyle *text_style_of_heading(StrView line)
{
    if (!sv_starts(line, SV("Timestamp "))) {
        return NULL;
    }
    for (size_t i = 0; i < ARRAY_LEN(STYLES); i++) {
        if (sv_find(line, sv(STYLES[i]->heading)) != SIZE_MAX) {
            return STYLES[i];
        }
    }
    return NULL;
}

bool text_style_matches(const TextStyle *style, StrView line)
{
    Entry entry = {0};
    StrView message;
    /* Every head begins with a date. */
    return line.len > 0 && line.ptr[0] >= '0' && line.ptr[0] <= '9' &&
           style->read_head(line, &entry, &message);
}

/* --- pieces of a head ------------------------------------------------------------------------ */

static void drop(StrView *rest, size_t count)
{
    *rest = sv_slice(*rest, count, rest->len);
}

bool text_take_stamp(StrView *rest, Entry *entry)
{
    size_t len = entry_read_stamp(entry, *rest);
    if (len == 0 || len >= rest->len || rest->ptr[len] != ' ') {
        return false;
    }
    drop(rest, len);
    return true;
}

void text_skip_blanks(StrView *rest)
{
    while (rest->len > 0 && rest->ptr[0] == ' ') {
        drop(rest, 1);
    }
}

bool text_take_column(StrView *rest, StrView *ret_column)
{
    text_skip_blanks(rest);
    size_t len = sv_find_char(*rest, ' ');
    len = len == SIZE_MAX ? rest->len : len;
    *ret_column = sv_slice(*rest, 0, len);
    drop(rest, len);
    return len > 0;
}

bool text_to_hex(StrView digits, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (digits.len == 0 || digits.len > 16) {
        return false;
    }
    for (size_t i = 0; i < digits.len; i++) {
        int digit = unescape_hex_digit(digits.ptr[i]);
        if (digit < 0) {
            return false;
        }
        number = number << 4 | (uint64_t)digit;
    }
    *ret_number = number;
    return true;
}

bool text_to_number(StrView column, uint64_t *ret_number)
{
    if (sv_starts(column, SV("0x"))) {
        return text_to_hex(sv_slice(column, 2, column.len), ret_number);
    }
    return sv_to_u64(column, ret_number);
}

/* Takes "OPEN text CLOSE" and the blank after it; the text has none of `forbidden` in it. */
static bool take_enclosed(StrView *rest, char open, char close, const char *forbidden,
                          StrView *ret_text)
{
    if (rest->len < 3 || rest->ptr[0] != open) {
        return false;
    }
    size_t len = sv_find_char(*rest, close);
    if (len == SIZE_MAX || len < 2 || len > NAME_MAX_BYTES ||
        (len + 1 < rest->len && rest->ptr[len + 1] != ' ')) {
        return false;
    }
    StrView text = sv_slice(*rest, 1, len - 1);
    for (size_t i = 0; i < text.len; i++) {
        if (strchr(forbidden, text.ptr[i])) {
            return false;
        }
    }
    *ret_text = text;
    drop(rest, len + (len + 1 < rest->len ? 2 : 1));
    return true;
}

static bool is_subsystem(StrView text, size_t dots_wanted)
{
    size_t dots = 0;
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        char low = (char)(byte | 0x20);
        bool is_letter = low >= 'a' && low <= 'z';
        bool is_other = (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.';
        if (!is_letter && (i == 0 || !is_other)) {
            return false;
        }
        dots += byte == '.' ? 1 : 0;
    }
    return text.len > 0 && dots >= dots_wanted;
}

/* "[subsystem:category]". macOS 10.12 wrote "[com.apple.commerce.CKLegacy]": the category was part
 * of the subsystem there, and predicates of that time count on it. A message may begin with a
 * bracket of its own ("[0:MDMDaemon:<0x540>] …"), so the form is looked at closely. */
static void take_subsystem(StrView *rest, Entry *entry)
{
    StrView before = *rest;
    StrView text;
    if (!take_enclosed(rest, '[', ']', "[<\n", &text)) {
        return;
    }
    size_t colon = sv_find_char(text, ':');
    StrView subsystem = sv_slice(text, 0, colon);
    StrView category = colon == SIZE_MAX ? SV_NONE : sv_slice(text, colon + 1, text.len);
    if (!is_subsystem(subsystem, colon == SIZE_MAX ? 2 : 0) ||
        sv_find_char(category, ':') != SIZE_MAX) {
        *rest = before;
        return;
    }
    entry->subsystem = subsystem;
    entry->category = category.len > 0 ? category : SV_NONE;
}

void text_take_origin(StrView *rest, Entry *entry)
{
    StrView before = *rest;
    StrView sender;
    if (take_enclosed(rest, '(', ')', "()[]:\n", &sender)) {
        if (sv_equal(sender, SV("null"))) {
            *rest = before; /* a message that begins with a printed NULL */
        } else {
            entry->sender = sender;
        }
    }
    take_subsystem(rest, entry);
}

static StrView take_part(StrView *rest)
{
    size_t comma = sv_find(*rest, SV(", "));
    StrView part = sv_slice(*rest, 0, comma);
    *rest = comma == SIZE_MAX ? SV("") : sv_slice(*rest, comma + 2, rest->len);
    return part;
}

void text_take_signpost(StrView *rest, Entry *entry)
{
    StrView before = *rest;
    StrView text;
    if (!sv_starts(*rest, SV("[spid ")) || !take_enclosed(rest, '[', ']', "[\n", &text)) {
        *rest = before;
        return;
    }
    drop(&text, 5);
    StrView id = take_part(&text);
    if (!text_to_number(id, &entry->signpost_id)) {
        *rest = before;
        return;
    }
    entry->present |= HAS_SIGNPOST_ID;
    entry->signpost_scope = take_part(&text);
    entry->signpost_type = take_part(&text);
}

void text_take_signpost_name(StrView *rest, Entry *entry)
{
    if (!(entry->present & HAS_SIGNPOST_ID)) {
        return;
    }
    size_t colon = sv_find(*rest, SV(": "));
    entry->signpost_name = sv_slice(*rest, 0, colon);
    *rest =
        colon == SIZE_MAX ? sv_slice(*rest, rest->len, 0) : sv_slice(*rest, colon + 2, rest->len);
}

/* --- whole entries --------------------------------------------------------------------------- */

/* Appends `text` with its line ends as '\n' only. */
static void add_without_returns(StrBuf *buf, StrView text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\r' || (i + 1 < text.len && text.ptr[i + 1] != '\n')) {
            strbuf_add_char(buf, text.ptr[i]);
        }
    }
}

static StrView first_line(StrView raw)
{
    StrView line = sv_slice(raw, 0, sv_find_char(raw, '\n'));
    if (line.len > 0 && line.ptr[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

/* What a reading that is not full leaves out, so that both ways agree with NDJSON. */
static void drop_rare(Entry *entry)
{
    entry->signpost_name = SV_NONE;
    entry->signpost_type = SV_NONE;
    entry->signpost_scope = SV_NONE;
    entry->signpost_id = 0;
    entry->ttl = 0;
    entry->present &= ~(HAS_SIGNPOST_ID | HAS_TTL);
}

bool text_style_read(const TextStyle *style, StrView raw, bool is_full, StrBuf *scratch,
                     Entry *ret_entry)
{
    Entry entry = {.style = style->style, .kind = KIND_LOG, .raw = raw};
    StrView message;
    strbuf_clear(scratch);
    if (!style->read_head(first_line(raw), &entry, &message)) {
        return false;
    }
    message.len = (size_t)(raw.ptr + raw.len - message.ptr);
    if (memchr(message.ptr, '\r', message.len)) {
        strbuf_reserve(scratch, message.len + 1);
        add_without_returns(scratch, message);
        message = strbuf_view(scratch);
    }
    entry.message = message;
    if (!utf8_is_valid(raw) || memchr(raw.ptr, '\0', raw.len)) {
        entry.flags |= ENTRY_ENCODING;
    }
    entry_mark_private(&entry);
    if (!is_full) {
        drop_rare(&entry);
    }
    *ret_entry = entry;
    return true;
}
