/*
 * Decoder: recognises the style line by line and hands entries and notices on. An undecided line
 * comes out at once, so nothing is held back and chunks cannot matter. It reads no format itself.
 */
#include "parsers/decoder.h"

#include "base/mem.h"
#include "parsers/array_reader.h"
#include "parsers/carry.h"
#include "parsers/lines.h"
#include "parsers/ndjson_compact.h"
#include "parsers/ndjson_fast.h"
#include "parsers/ndjson_slow.h"
#include "parsers/text_style.h"

/* A scratch that one very long entry blew up is given back. */
#define SCRATCH_KEPT (256 * KIB)

/* The entry of a text style that may go on over the next lines. */
typedef struct Pending {
    Carry raw;
    size_t blanks; /* blank lines after it: part of it only if more follows */
    uint32_t flags;
    bool is_open;
} Pending;

struct Decoder {
    DecoderSink sink;
    DecoderCounts counts;
    Style style;
    bool is_forced;
    uint8_t source;
    int16_t zone_minutes; /* of stamps that have none */
    Stamp last_time;
    const TextStyle *text; /* of the recognised text style, else NULL */
    Lines lines;
    ArrayReader array;
    NdjsonFast fast;
    Pending pending;
    StrBuf scratch; /* unescaped text of the entry at hand */
    StrBuf compact; /* an object of an array without its layout */
};

static void set_style(Decoder *decoder, Style style)
{
    decoder->style = style;
    decoder->text = text_style_find(style);
}

Decoder *decoder_new(Style style, uint8_t source, DecoderSink sink)
{
    Decoder *decoder = mem_calloc(1, sizeof(*decoder));
    decoder->sink = sink;
    decoder->source = source;
    decoder->is_forced = style != STYLE_NONE;
    decoder->last_time.ns = CLOCK_NO_TIME;
    ndjson_fast_init(&decoder->fast, true);
    set_style(decoder, style);
    return decoder;
}

void decoder_free(Decoder *decoder)
{
    if (!decoder) {
        return;
    }
    lines_done(&decoder->lines);
    array_reader_done(&decoder->array);
    ndjson_fast_done(&decoder->fast);
    carry_done(&decoder->pending.raw);
    strbuf_done(&decoder->scratch);
    strbuf_done(&decoder->compact);
    mem_free(decoder);
}

void decoder_set_zone(Decoder *decoder, int16_t minutes)
{
    decoder->zone_minutes = minutes;
}

/* --- what comes out -------------------------------------------------------------------------- */

static void emit_entry(Decoder *decoder, Entry *entry, uint32_t flags)
{
    entry->source = decoder->source;
    entry->flags |= flags;
    if (entry->flags & ENTRY_NO_ZONE) {
        entry->time.ns -= decoder->zone_minutes * 60 * NS_PER_SECOND;
        entry->time.zone_minutes = decoder->zone_minutes;
    }
    if (entry->flags & ENTRY_NO_TIME) {
        entry->time = decoder->last_time;
    } else {
        decoder->last_time = entry->time;
    }
    decoder->counts.entries++;
    decoder->sink.entry(decoder->sink.context, entry);
    if (decoder->scratch.capacity > SCRATCH_KEPT) {
        strbuf_done(&decoder->scratch);
    }
    if (decoder->compact.capacity > SCRATCH_KEPT) {
        strbuf_done(&decoder->compact);
    }
}

static void emit_unparsed(Decoder *decoder, StrView raw, uint32_t flags)
{
    Entry entry;
    decoder_read_entry(STYLE_NONE, raw, &decoder->scratch, &entry);
    decoder->counts.unparsed++;
    emit_entry(decoder, &entry, flags);
}

static void emit_notice(Decoder *decoder, NoticeKind kind, StrView text)
{
    decoder->counts.notices[kind]++;
    decoder->sink.notice(decoder->sink.context, kind, text);
}

/* --- text styles ----------------------------------------------------------------------------- */

static void flush_pending(Decoder *decoder)
{
    Pending *pending = &decoder->pending;
    if (!pending->is_open) {
        return;
    }
    Entry entry;
    StrView raw = carry_give(&pending->raw);
    decoder->counts.cut += pending->flags & ENTRY_CUT ? 1 : 0;
    decoder->counts.cut_bytes += pending->raw.cut_bytes;
    if (text_style_read(decoder->text, raw, false, &decoder->scratch, &entry)) {
        emit_entry(decoder, &entry, pending->flags);
    } else {
        emit_unparsed(decoder, raw, pending->flags);
    }
    for (size_t i = 0; i < pending->blanks; i++) {
        emit_notice(decoder, NOTICE_BLANK, SV(""));
    }
    carry_drop(&pending->raw);
    *pending = (Pending){.raw = pending->raw};
}

static void keep_line(Pending *pending, const Line *line, uint32_t flags)
{
    if (pending->is_open) {
        carry_add_many(&pending->raw, '\n', pending->blanks + 1);
    }
    carry_add(&pending->raw, line->text);
    pending->raw.cut_bytes += line->cut_bytes;
    pending->flags |= flags | (pending->raw.cut_bytes > 0 ? ENTRY_CUT : 0u);
    pending->blanks = 0;
    pending->is_open = true;
}

/* A line without a head goes on with the message before; with none before, it stands alone. */
static bool handle_text(Decoder *decoder, const Line *line, uint32_t flags)
{
    bool has_head = text_style_matches(decoder->text, line->text);
    if (!has_head && !decoder->pending.is_open) {
        return false;
    }
    if (has_head) {
        flush_pending(decoder);
    }
    keep_line(&decoder->pending, line, flags);
    return true;
}

/* --- notices --------------------------------------------------------------------------------- */

static NoticeKind notice_of(StrView line)
{
    static const struct {
        const char *start;
        NoticeKind kind;
    } STARTS[] = {
        {"Filtering the log data using ", NOTICE_BANNER},
        {"=== Messages dropped", NOTICE_DROPPED},
        {"Skipping info and debug messages", NOTICE_SKIPPED},
        {DECODER_COMMENT, NOTICE_BANNER},
    };
    for (size_t i = 0; i < ARRAY_LEN(STARTS); i++) {
        if (sv_starts(line, sv(STARTS[i].start))) {
            return STARTS[i].kind;
        }
    }
    if (text_style_of_heading(line)) {
        return NOTICE_HEADER;
    }
    return sv_trim(line).len == 0 ? NOTICE_BLANK : NOTICE_COUNT;
}

static bool handle_notice(Decoder *decoder, StrView text)
{
    NoticeKind kind = notice_of(text);
    if (kind == NOTICE_COUNT) {
        return false;
    }
    if (kind == NOTICE_BLANK && decoder->pending.is_open) {
        decoder->pending.blanks++;
        return true;
    }
    flush_pending(decoder);
    if (kind == NOTICE_HEADER && !decoder->is_forced &&
        (decoder->style == STYLE_NONE || decoder->text)) {
        set_style(decoder, text_style_of_heading(text)->style);
    }
    emit_notice(decoder, kind, text);
    return true;
}

/* --- objects --------------------------------------------------------------------------------- */

static ReadResult read_object(Decoder *decoder, StrView text, Style style, Entry *entry)
{
    ReadResult result = READ_ENTRY;
    StrView object = text;
    if (style == STYLE_JSON && ndjson_compact(text, &decoder->compact)) {
        object = strbuf_view(&decoder->compact);
    }
    if (!ndjson_fast_read(&decoder->fast, object, false, &decoder->scratch, entry)) {
        result = ndjson_slow_read(text, false, &decoder->scratch, entry);
        decoder->counts.slow += result == READ_ENTRY ? 1 : 0;
    }
    entry->style = style;
    entry->raw = text;
    return result;
}

/* Hands on what an object says; false when it says nothing. */
static bool handle_object(Decoder *decoder, StrView text, Style style, uint32_t flags)
{
    Entry entry;
    switch (read_object(decoder, text, style, &entry)) {
    case READ_ENTRY:
        set_style(decoder, style);
        emit_entry(decoder, &entry, flags);
        return true;
    case READ_TRAILER:
        set_style(decoder, style);
        emit_notice(decoder, NOTICE_TRAILER, text);
        return true;
    case READ_NOTHING:
        break;
    }
    return false;
}

static bool begins_object(StrView text)
{
    size_t at = 0;
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t')) {
        at++;
    }
    return at < text.len && text.ptr[at] == '{';
}

/* --- what goes in ---------------------------------------------------------------------------- */

static void count_cut(Decoder *decoder, uint64_t cut_bytes)
{
    decoder->counts.cut += cut_bytes > 0 ? 1 : 0;
    decoder->counts.cut_bytes += cut_bytes;
}

static void handle_line(Decoder *decoder, const Line *line)
{
    uint32_t flags = (line->has_eol ? 0u : ENTRY_NO_EOL) | (line->cut_bytes ? ENTRY_CUT : 0u);
    decoder->counts.lines++;
    if (!decoder->text && begins_object(line->text) &&
        handle_object(decoder, line->text, STYLE_NDJSON, flags)) {
        count_cut(decoder, line->cut_bytes);
        return;
    }
    if (handle_notice(decoder, line->text)) {
        count_cut(decoder, line->cut_bytes);
        return;
    }
    if (decoder->style == STYLE_NONE) {
        const TextStyle *found = text_style_of_line(line->text);
        set_style(decoder, found ? found->style : STYLE_NONE);
    }
    if (!decoder->text || !handle_text(decoder, line, flags)) {
        emit_unparsed(decoder, line->text, flags);
        count_cut(decoder, line->cut_bytes);
    }
}

static void feed_line(Decoder *decoder, StrView *bytes)
{
    Line line;
    if (lines_next(&decoder->lines, bytes, &line)) {
        handle_line(decoder, &line);
    }
}

static void handle_item(Decoder *decoder, const ArrayItem *item)
{
    uint32_t flags = (item->is_ended ? 0u : ENTRY_NO_EOL) | (item->cut_bytes ? ENTRY_CUT : 0u);
    count_cut(decoder, item->cut_bytes);
    if (item->piece == ARRAY_OBJECT ? !handle_object(decoder, item->text, STYLE_JSON, flags)
                                    : !handle_notice(decoder, item->text)) {
        emit_unparsed(decoder, item->text, flags);
    }
}

static void feed_array(Decoder *decoder, StrView *bytes)
{
    ArrayItem item;
    uint64_t lines_before = decoder->array.lines;
    if (array_reader_next(&decoder->array, bytes, &item)) {
        handle_item(decoder, &item);
    }
    decoder->counts.lines += decoder->array.lines - lines_before;
}

/* Looks whether the line that begins here opens an array: that must not wait for the line's end. */
static void look_for_array(Decoder *decoder, StrView bytes)
{
    StrView head = lines_pending(&decoder->lines);
    if (array_guess(head, bytes) == ARRAY_YES) {
        set_style(decoder, STYLE_JSON);
        feed_array(decoder, &head); /* a bracket and blanks: nothing can come out */
        lines_drop(&decoder->lines);
    }
}

void decoder_feed(Decoder *decoder, StrView bytes)
{
    decoder->counts.bytes += bytes.len;
    while (bytes.len > 0) {
        if (decoder->style == STYLE_NONE) {
            look_for_array(decoder, bytes);
        }
        if (decoder->style == STYLE_JSON) {
            feed_array(decoder, &bytes);
        } else {
            feed_line(decoder, &bytes);
        }
    }
}

void decoder_end(Decoder *decoder)
{
    Line line;
    ArrayItem item;
    if (lines_end(&decoder->lines, &line)) {
        handle_line(decoder, &line);
        lines_drop(&decoder->lines);
    }
    if (array_reader_end(&decoder->array, &item)) {
        decoder->counts.lines++;
        handle_item(decoder, &item);
    }
    flush_pending(decoder);
}

void decoder_idle(Decoder *decoder)
{
    flush_pending(decoder);
}

Style decoder_style(const Decoder *decoder)
{
    return decoder->style;
}

const DecoderCounts *decoder_counts(const Decoder *decoder)
{
    return &decoder->counts;
}
