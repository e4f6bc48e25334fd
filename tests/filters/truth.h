/*
 * Rows of text tables for the tests of filters: named entries (NDJSON) put into columns. Header
 * only: each test program is linked alone.
 */
#ifndef TESTS_FILTERS_TRUTH_H
#define TESTS_FILTERS_TRUTH_H

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "parsers/columns.h"
#include "parsers/decoder.h"

#define TRUTH_MAX_ENTRIES 64

typedef struct TruthEntries {
    AtomTable *atoms;
    Columns columns;
    StrView names[TRUTH_MAX_ENTRIES];
} TruthEntries;

/* Reads a whole file; the caller frees buf. Ends the program when it cannot be read. */
static inline StrView truth_read_file(const char *path, StrBuf *buf)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        (void)fprintf(stderr, "cannot open %s\n", path);
        exit(1);
    }
    char chunk[4096];
    size_t len;
    while ((len = fread(chunk, 1, sizeof chunk, file)) > 0) {
        strbuf_add(buf, sv_of(chunk, len));
    }
    (void)fclose(file);
    return strbuf_view(buf);
}

static inline void truth_init(TruthEntries *entries)
{
    *entries = (TruthEntries){0};
    entries->atoms = atom_table_new(MIB);
    columns_init(&entries->columns, entries->atoms);
}

static inline void truth_done(TruthEntries *entries)
{
    columns_done(&entries->columns);
    atom_table_free(entries->atoms);
}

/* Adds the entry of a line of the named style. `name` must outlive the table. */
static inline uint32_t truth_add(TruthEntries *entries, StrView name, Style style, StrView raw)
{
    StrBuf scratch = {0};
    Entry entry;
    decoder_read_entry(style, raw, &scratch, &entry);
    uint32_t index = columns_push(&entries->columns, &entry);
    if (index < TRUTH_MAX_ENTRIES) {
        entries->names[index] = name;
    }
    strbuf_done(&scratch);
    return index;
}

/* The index of a named entry, UINT32_MAX when there is none. */
static inline uint32_t truth_find(const TruthEntries *entries, StrView name)
{
    for (uint32_t i = 0; i < entries->columns.count; i++) {
        if (sv_equal(entries->names[i], name)) {
            return i;
        }
    }
    return UINT32_MAX;
}

/* Takes the next word off `rest`. */
static inline StrView truth_word(StrView *rest)
{
    StrView trimmed = sv_trim(*rest);
    size_t len = 0;
    while (len < trimmed.len && trimmed.ptr[len] != ' ') {
        len++;
    }
    *rest = sv_slice(trimmed, len, trimmed.len);
    return sv_slice(trimmed, 0, len);
}

#endif
