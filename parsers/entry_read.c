/*
 * Reading the bytes of one entry again, in full: what the detail pane, the export and the rarely
 * asked predicates do. It keeps no state between entries.
 */
#include <string.h>

#include "base/utf8.h"
#include "parsers/decoder.h"
#include "parsers/ndjson_fast.h"
#include "parsers/ndjson_keys.h"
#include "parsers/ndjson_slow.h"
#include "parsers/text_style.h"

static void make_unparsed(StrView raw, StrBuf *scratch, Entry *ret_entry)
{
    strbuf_clear(scratch);
    ndjson_begin(ret_entry);
    ret_entry->style = STYLE_NONE;
    ret_entry->kind = KIND_UNPARSED;
    ret_entry->raw = raw;
    ret_entry->message = raw;
    if (raw.len > 0 && raw.ptr[raw.len - 1] == '\r') {
        ret_entry->message.len--;
    }
    if (!utf8_is_valid(raw) || memchr(raw.ptr, '\0', raw.len)) {
        ret_entry->flags |= ENTRY_ENCODING;
    }
    entry_mark_private(ret_entry);
}

static bool read_object(Style style, StrView raw, StrBuf *scratch, Entry *ret_entry)
{
    NdjsonFast fast;
    ndjson_fast_init(&fast, false);
    if (!ndjson_fast_read(&fast, raw, true, scratch, ret_entry) &&
        ndjson_slow_read(raw, true, scratch, ret_entry) != READ_ENTRY) {
        return false;
    }
    ret_entry->style = style;
    return true;
}

void decoder_read_entry(Style style, StrView raw, StrBuf *scratch, Entry *ret_entry)
{
    const TextStyle *text = text_style_find(style);
    bool is_read = false;
    if (text) {
        is_read = text_style_read(text, raw, true, scratch, ret_entry);
    } else if (style != STYLE_NONE) {
        is_read = read_object(style, raw, scratch, ret_entry);
    }
    if (!is_read) {
        make_unparsed(raw, scratch, ret_entry);
    }
}

/* Passes the members of an object on as the header of the decoder promises them. */
typedef struct FieldCall {
    void (*each)(void *context, const RawField *field);
    void *context;
} FieldCall;

static void pass_on(void *context, StrView key, StrView value, bool is_text)
{
    const FieldCall *call = context;
    RawField field = {key, value, is_text};
    call->each(call->context, &field);
}

void decoder_each_raw_field(StrView raw, void (*each)(void *context, const RawField *field),
                            void *context)
{
    FieldCall call = {each, context};
    ndjson_slow_each(raw, pass_on, &call);
}
