/*
 * For the tests and the fuzzer: what must hold for any bytes at all. Only static functions; not for
 * the program.
 */
#ifndef TESTS_PARSERS_AGREE_H
#define TESTS_PARSERS_AGREE_H

#include "parsers/columns.h"
#include "parsers/ndjson_compact.h"
#include "parsers/ndjson_fast.h"
#include "parsers/ndjson_slow.h"
#include "tests/parsers/dump.h"

/* Compares what the fast way made of `line` or of its compact form with the slow reading. */
DUMP_UNUSED static bool is_read_alike(StrView line, bool is_full, Entry *fast_entry)
{
    StrBuf scratch = {0};
    StrBuf fast_dump = {0};
    StrBuf slow_dump = {0};
    Entry slow_entry;
    fast_entry->raw = line;
    dump_entry(&fast_dump, fast_entry);
    if (ndjson_slow_read(line, is_full, &scratch, &slow_entry) == READ_ENTRY) {
        dump_entry(&slow_dump, &slow_entry);
    }
    bool is_same = sv_equal(strbuf_view(&fast_dump), strbuf_view(&slow_dump));
    if (!is_same) {
        (void)fprintf(stderr, "line %.*s\nfast %s\nslow %s\n", SV_ARG(line), fast_dump.ptr,
                      slow_dump.ptr ? slow_dump.ptr : "refused\n");
    }
    strbuf_done(&scratch);
    strbuf_done(&fast_dump);
    strbuf_done(&slow_dump);
    return is_same;
}

/* Reads `line` both ways, briefly and in full, as it is and without its layout. Returns false when
 * the fast way accepts what the slow one reads otherwise; counts in `accepted` how often it takes
 * the line as it is. */
DUMP_UNUSED static bool agree_on_line(NdjsonFast *fast, StrView line, uint64_t *accepted)
{
    bool is_same = true;
    StrBuf scratch = {0};
    StrBuf compact = {0};
    Entry entry;
    for (int is_full = 0; is_full < 2; is_full++) {
        if (ndjson_fast_read(fast, line, is_full, &scratch, &entry)) {
            *accepted += 1;
            is_same &= is_read_alike(line, is_full, &entry);
        }
        if (ndjson_compact(line, &compact) &&
            ndjson_fast_read(fast, strbuf_view(&compact), is_full, &scratch, &entry)) {
            is_same &= is_read_alike(line, is_full, &entry);
        }
    }
    strbuf_done(&scratch);
    strbuf_done(&compact);
    return is_same;
}

/* Tells whether chunks of one byte and of random length give what the whole gives. */
DUMP_UNUSED static bool agree_on_chunks(Style style, StrView bytes, uint64_t seed)
{
    StrBuf whole = {0};
    StrBuf bytewise = {0};
    StrBuf random = {0};
    dump_bytes(style, bytes, bytes.len + 1, 0, &whole);
    dump_bytes(style, bytes, 1, 0, &bytewise);
    dump_bytes(style, bytes, 0, seed | 1, &random);
    bool is_same = sv_equal(strbuf_view(&whole), strbuf_view(&bytewise)) &&
                   sv_equal(strbuf_view(&whole), strbuf_view(&random));
    if (!is_same) {
        (void)fprintf(stderr, "whole\n%s\nbytewise\n%s\nrandom\n%s\n", whole.ptr, bytewise.ptr,
                      random.ptr);
    }
    strbuf_done(&whole);
    strbuf_done(&bytewise);
    strbuf_done(&random);
    return is_same;
}

/* What agree_on_columns hands through the decoder. */
typedef struct ColumnCheck {
    Columns columns;
    StrBuf pushed;   /* dumps of the entries as they came */
    StrBuf returned; /* dumps of what the columns gave back */
    bool is_same;
} ColumnCheck;

/* The columns keep no text that needs a full reading, and the kind's word only as far as known. */
DUMP_UNUSED static Entry kept_of(const Entry *entry)
{
    Entry kept = *entry;
    kept.present &= HAS_PID | HAS_THREAD | HAS_ACTIVITY | HAS_TRACE | HAS_MACH | HAS_USER;
    kept.present &= entry->pid > UINT32_MAX ? ~(uint32_t)HAS_PID : UINT32_MAX;
    kept.present &= entry->user > UINT32_MAX ? ~(uint32_t)HAS_USER : UINT32_MAX;
    kept.type_word = SV_NONE;
    return kept;
}

DUMP_UNUSED static void check_columns(void *context, const Entry *entry)
{
    ColumnCheck *check = context;
    Entry kept = kept_of(entry);
    Entry returned;
    StrBuf scratch = {0};
    uint32_t index = columns_push(&check->columns, entry);
    strbuf_clear(&check->pushed);
    strbuf_clear(&check->returned);
    columns_entry(&check->columns, index, &returned);
    returned.type_word = SV_NONE;
    dump_entry(&check->pushed, &kept);
    dump_entry(&check->returned, &returned);
    check->is_same &= sv_equal(strbuf_view(&check->pushed), strbuf_view(&check->returned));
    columns_entry_full(&check->columns, index, &scratch, &returned);
    check->is_same &= sv_equal(returned.message, entry->message) && returned.kind == entry->kind &&
                      sv_equal(returned.process, entry->process) &&
                      returned.flags == entry->flags && returned.time.ns == entry->time.ns &&
                      (returned.present & entry->present) == entry->present;
    if (!check->is_same) {
        (void)fprintf(stderr, "pushed %s\nreturned %s\n", check->pushed.ptr, check->returned.ptr);
    }
    strbuf_done(&scratch);
}

DUMP_UNUSED static void ignore_notice(void *context, NoticeKind kind, StrView text)
{
    (void)context;
    (void)kind;
    (void)text;
}

/* Tells whether columns give back what is pushed into them. A tiny table of atoms makes most texts
 * local to the columns. */
DUMP_UNUSED static bool agree_on_columns(Style style, StrView bytes, size_t atom_bytes)
{
    AtomTable *atoms = atom_table_new(atom_bytes);
    ColumnCheck check = {.is_same = true};
    columns_init(&check.columns, atoms);
    DecoderSink sink = {check_columns, ignore_notice, &check};
    Decoder *decoder = decoder_new(style, 1, sink);
    decoder_feed(decoder, bytes);
    decoder_end(decoder);
    decoder_free(decoder);
    columns_done(&check.columns);
    strbuf_done(&check.pushed);
    strbuf_done(&check.returned);
    atom_table_free(atoms);
    return check.is_same;
}

#endif
