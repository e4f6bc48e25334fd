/*
 * Plist: which reader a file is for, and what they share. The readers themselves are in
 * plist_xml.c, plist_binary.c and plist_text.c.
 */
#include "base/plist.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/plist_internal.h"
#include "base/utf8.h"

PlistForm plist_probe(StrView bytes)
{
    if (sv_starts(bytes, SV("bplist"))) {
        return PLIST_BINARY;
    }
    if (sv_starts(bytes, SV(PLIST_BYTE_ORDER_MARK))) {
        bytes = sv_slice(bytes, sizeof PLIST_BYTE_ORDER_MARK - 1, SIZE_MAX);
    }
    bytes = sv_trim(bytes);
    bool is_xml = sv_starts(bytes, SV("<?xml")) || sv_starts(bytes, SV("<plist")) ||
                  sv_starts(bytes, SV("<!DOCTYPE")) || sv_starts(bytes, SV("<!--"));
    return is_xml ? PLIST_XML : PLIST_NONE;
}

const Node *plist_read(Arena *arena, StrView bytes, const char *name, Err *err)
{
    if (bytes.len > PLIST_MAX_BYTES) {
        (void)err_set(err, "%s: larger than %zu MiB", name, (size_t)(PLIST_MAX_BYTES / MIB));
        return NULL;
    }
    PlistForm form = plist_probe(bytes);
    PlistReader reader = {.arena = arena, .name = name, .line = 1, .err = err};
    if (form == PLIST_NONE) {
        (void)err_set(err, "%s: no property list", name);
        return NULL;
    }
    reader.bytes = bytes;
    return form == PLIST_XML ? plist_read_xml(&reader) : plist_read_binary(&reader);
}

Node *plist_node(PlistReader *reader, NodeKind kind)
{
    if (reader->nodes == PLIST_MAX_NODES) {
        (void)plist_fail(reader, reader->at, "more than %d values", PLIST_MAX_NODES);
        return NULL;
    }
    reader->nodes++;
    Node *node = arena_alloc(reader->arena, sizeof *node);
    node->kind = kind;
    return node;
}

StrView plist_keep(PlistReader *reader, StrView text)
{
    reader->kept += text.len;
    if (reader->kept > 2 * PLIST_MAX_BYTES) {
        (void)plist_fail(reader, reader->at, "its texts are too long together");
        return SV_NONE;
    }
    return arena_dup(reader->arena, text);
}

bool plist_enter(PlistReader *reader)
{
    reader->depth++;
    return reader->depth <= PLIST_MAX_DEPTH ||
           plist_fail(reader, reader->at, "nested deeper than %d levels", PLIST_MAX_DEPTH);
}

void plist_leave(PlistReader *reader)
{
    reader->depth--;
}

int plist_line(PlistReader *reader, size_t at)
{
    if (at < reader->line_at) {
        reader->line_at = 0;
        reader->line = 1;
    }
    for (; reader->line_at < at && reader->line_at < reader->bytes.len; reader->line_at++) {
        reader->line += reader->bytes.ptr[reader->line_at] == '\n';
    }
    return reader->line;
}

bool plist_fail(PlistReader *reader, size_t at, const char *format, ...)
{
    char why[ERR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(why, sizeof why, format, args);
    va_end(args);
    if (reader->err == NULL) {
        return false;
    }
    if (plist_probe(reader->bytes) == PLIST_BINARY) {
        return err_set(reader->err, "%s: %s, at byte %zu", reader->name, why, at);
    }
    at = at < reader->bytes.len ? at : reader->bytes.len;
    int line = plist_line(reader, at);
    int column = utf8_column(reader->bytes, at);
    (void)err_set_at(reader->err, at, "%s:%d:%d: %s", reader->name, line, column, why);
    reader->err->line = line;
    reader->err->column = column;
    return false;
}
