/*
 * For the tests of the parsers: entries as text that can be compared, files, chunks and a generator
 * of the same "random" numbers every time. Only static functions; not for the program.
 */
#ifndef TESTS_PARSERS_DUMP_H
#define TESTS_PARSERS_DUMP_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "parsers/decoder.h"
#include "parsers/fields.h"

#define DUMP_UNUSED __attribute__((unused))

static const char *const FIXTURES[] = {
    "levels.ndjson",   "stream.ndjson",     "show.ndjson",           "private.ndjson",
    "trimmed.ndjson",  "mdm.ndjson",        "mdm-noise.ndjson",      "shapes.ndjson",
    "odd.ndjson",      "array-lines.json",  "array-one-line.json",   "array-pretty.json",
    "compact.txt",     "default-10.12.txt", "default-multiline.txt", "default.txt",
    "install-log.txt", "no-head.txt",       "notices.txt",           "objects-pretty.json",
    "syslog.txt",
};

DUMP_UNUSED static StrBuf read_path(const char *path)
{
    StrBuf text = {0};
    char bytes[4096];
    size_t got;
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        abort();
    }
    while ((got = fread(bytes, 1, sizeof(bytes), file)) > 0) {
        strbuf_add(&text, sv_of(bytes, got));
    }
    (void)fclose(file);
    return text;
}

DUMP_UNUSED static StrBuf read_fixture(const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof(path), "tests/data/parsers/%s", name);
    return read_path(path);
}

/* xorshift64: small, and the same everywhere. */
DUMP_UNUSED static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

DUMP_UNUSED static void dump_text(StrBuf *out, const char *name, StrView text)
{
    if (!text.ptr) {
        return;
    }
    strbuf_printf(out, " %s='", name);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (byte >= 0x20 && byte < 0x7f) {
            strbuf_add_char(out, (char)byte);
        } else {
            strbuf_printf(out, "<%02x>", byte);
        }
    }
    strbuf_add_char(out, '\'');
}

/* Everything an entry holds, on one line. */
DUMP_UNUSED static void dump_entry(StrBuf *out, const Entry *entry)
{
    strbuf_printf(out, "%s %d %s flags=%x present=%x time=%" PRId64 "%+d", style_name(entry->style),
                  (int)entry->kind, level_name(entry->level), entry->flags, entry->present,
                  entry->time.ns, entry->time.zone_minutes);
    for (int id = 0; id < FIELD_COUNT; id++) {
        uint64_t number;
        dump_text(out, FIELDS[id].name, entry_text(entry, (FieldId)id));
        if (FIELDS[id].type == FIELD_NUMBER && entry_number(entry, (FieldId)id, &number)) {
            strbuf_printf(out, " %s=%" PRIu64, FIELDS[id].name, number);
        }
    }
    dump_text(out, "zone", entry->zone_name);
    dump_text(out, "word", entry->type_word);
    dump_text(out, "raw", entry->raw);
    strbuf_add_char(out, '\n');
}

DUMP_UNUSED static void sink_entry(void *context, const Entry *entry)
{
    dump_entry(context, entry);
}

DUMP_UNUSED static void sink_notice(void *context, NoticeKind kind, StrView text)
{
    StrBuf *out = context;
    strbuf_printf(out, "notice %d", (int)kind);
    dump_text(out, "text", text);
    strbuf_add_char(out, '\n');
}

DUMP_UNUSED static void dump_counts(StrBuf *out, const DecoderCounts *counts)
{
    strbuf_printf(out,
                  "bytes=%" PRIu64 " lines=%" PRIu64 " entries=%" PRIu64 " unparsed=%" PRIu64
                  " cut=%" PRIu64 "/%" PRIu64 " slow=%" PRIu64 "\n",
                  counts->bytes, counts->lines, counts->entries, counts->unparsed, counts->cut,
                  counts->cut_bytes, counts->slow);
}

/* Decodes `bytes` in chunks of `chunk` bytes, 0 = of seeded random length, and dumps all. */
DUMP_UNUSED static void dump_bytes(Style style, StrView bytes, size_t chunk, uint64_t seed,
                                   StrBuf *out)
{
    DecoderSink sink = {sink_entry, sink_notice, out};
    Decoder *decoder = decoder_new(style, 3, sink);
    for (size_t at = 0; at < bytes.len;) {
        size_t len = chunk ? chunk : 1 + (size_t)(next_random(&seed) % 97);
        /* A copy of its own, so that a sanitizer sees every byte read beyond a chunk. */
        StrView piece = sv_slice(bytes, at, len);
        char *copy = mem_dup(piece.ptr, piece.len);
        decoder_feed(decoder, sv_of(copy, piece.len));
        mem_free(copy);
        at += piece.len;
    }
    decoder_end(decoder);
    strbuf_printf(out, "style=%s ", style_name(decoder_style(decoder)));
    dump_counts(out, decoder_counts(decoder));
    decoder_free(decoder);
}

#endif
