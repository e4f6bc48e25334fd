/*
 * Decoder: bytes of one source in, entries and notices out, however the bytes were chunked.
 * It recognises the style by itself, holds at most one unfinished entry, and drops nothing: what it
 * does not understand comes out as an unparsed entry.
 */
#ifndef PARSERS_DECODER_H
#define PARSERS_DECODER_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "parsers/entry.h"

/* A longer line is cut there and flagged ENTRY_CUT; the rest is counted, not kept. */
#define LINE_MAX_BYTES (16 * MIB)

/* Before what our own excerpts in the text styles say about themselves. */
#define DECODER_COMMENT "# mdmscope: "

/* Lines that are no entries (reference unified-log.md §2.4). */
typedef enum NoticeKind {
    NOTICE_BANNER,  /* Filtering the log data using "…"; a line with DECODER_COMMENT before it */
    NOTICE_HEADER,  /* column headings of a text style */
    NOTICE_TRAILER, /* {"count":N,"finished":1} */
    NOTICE_DROPPED, /* === Messages dropped during live streaming … */
    NOTICE_SKIPPED, /* Skipping info and debug messages … */
    NOTICE_BLANK,
    NOTICE_COUNT
} NoticeKind;

/* Where the decoder's news go. The views are valid only during the call. */
typedef struct DecoderSink {
    void (*entry)(void *context, const Entry *entry);
    void (*notice)(void *context, NoticeKind kind, StrView text);
    void *context;
} DecoderSink;

typedef struct DecoderCounts {
    uint64_t bytes;
    uint64_t lines;
    uint64_t entries; /* all that came out, unparsed ones included */
    uint64_t unparsed;
    uint64_t cut;
    uint64_t cut_bytes; /* bytes not kept because their line was too long */
    uint64_t slow;      /* entries that took the jansson path */
    uint64_t notices[NOTICE_COUNT];
} DecoderCounts;

typedef struct Decoder Decoder;

/* Makes a decoder. `style` STYLE_NONE recognises by itself; any other is forced. `source` goes into
 * every entry. The caller frees it. */
Decoder *decoder_new(Style style, uint8_t source, DecoderSink sink);
void decoder_free(Decoder *decoder);

/* Sets how far east of UTC the clock is taken to be that stamps without a zone were read from (the
 * compact style prints none): that of this machine, for want of better. 0 until it is set. */
void decoder_set_zone(Decoder *decoder, int16_t minutes);

/* Takes the next bytes; calls the sink for all that is complete. */
void decoder_feed(Decoder *decoder, StrView bytes);

/* Ends the input: the unfinished line or entry comes out, flagged. */
void decoder_end(Decoder *decoder);

/* Nothing has come for a while: a text-style entry that waits for continuation lines comes out
 * now. An unfinished line stays. */
void decoder_idle(Decoder *decoder);

/* The style recognised so far, STYLE_NONE while undecided. */
Style decoder_style(const Decoder *decoder);
const DecoderCounts *decoder_counts(const Decoder *decoder);

/* Reads `raw`, the bytes of one entry of `style`, again and in full (all fields of Entry). Text
 * that had to be unescaped lies in `scratch`, which is cleared first and must outlive `ret_entry`.
 * Of a raw that cannot be parsed it makes an unparsed entry. A stamp without a zone is read as UTC:
 * whoever kept the entry's time has the better one. */
void decoder_read_entry(Style style, StrView raw, StrBuf *scratch, Entry *ret_entry);

/* One further key of an NDJSON/JSON entry, known or not, in file order. */
typedef struct RawField {
    StrView key;
    StrView value; /* text unescaped; anything else as JSON text */
    bool is_text;
} RawField;

/* Calls `each` for every top-level key of a JSON entry, unknown ones included; does nothing for
 * text styles. For the detail pane. */
void decoder_each_raw_field(StrView raw, void (*each)(void *context, const RawField *field),
                            void *context);

/* Appends `entry` as one NDJSON line without '\n': its raw bytes for STYLE_NDJSON, the same object
 * without layout for STYLE_JSON, made of its fields under Apple's keys for the text styles, and
 * {"eventType":"unparsed",…} for what was not parsed (bytes that are no UTF-8 as U+FFFD). */
void entry_print_ndjson(const Entry *entry, StrBuf *buf);

/* Appends `entry` as `log` prints it in that text style (default, compact, syslog), one line or,
 * when the message has newlines, several; no '\n' at the end. `host` for the syslog style, may be
 * nil. */
void entry_print_text(const Entry *entry, Style style, StrView host, StrBuf *buf);

#endif
