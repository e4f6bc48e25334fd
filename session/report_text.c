/*
 * The report as plain text for a terminal, REPORT_COLUMNS wide.
 */
#include "base/utf8.h"
#include "session/report_writer.h"

#define LABEL_AT 4
#define TEXT_AT 15
#define ITEM_AT 2

/* The sign before an item. */
static const char *const SIGNS[TONE_COUNT] = {
    [TONE_PLAIN] = "-", [TONE_GOOD] = "+", [TONE_WAIT] = "!", [TONE_BAD] = "x"};

/* Appends `text` in lines no wider than the page: the first begins at `at`, where the cursor is,
 * the others at `indent`. What a terminal must not get is made visible. */
static void add_wrapped(StrBuf *buf, StrView text, int at, int indent)
{
    StrBuf visible = {0};
    utf8_visible(&visible, text);
    StrView rest = sv_trim(strbuf_view(&visible));
    bool is_first = true;
    while (rest.len > 0) {
        size_t end = sv_find_char(rest, ' ');
        StrView word = sv_slice(rest, 0, end);
        int width = utf8_width(word);
        int room = REPORT_COLUMNS - at - (is_first ? 0 : 1);
        bool is_full = room < 2 && at > indent; /* behind a piece that was cut: no wide one fits */
        if (width > room && (!is_first || is_full)) {
            strbuf_add_char(buf, '\n');
            strbuf_add_many(buf, ' ', (size_t)indent);
            at = indent;
            is_first = true;
            room = REPORT_COLUMNS - at;
        }
        if (width > room) { /* longer than a line: cut in pieces */
            word = sv_slice(word, 0, utf8_fit(word, room, &width));
            end = word.len;
        }
        strbuf_add_str(buf, is_first ? "" : " ");
        strbuf_add(buf, word);
        at += width + (is_first ? 0 : 1);
        is_first = at >= REPORT_COLUMNS ? false : end < rest.len && rest.ptr[end] != ' ';
        rest = sv_slice(rest, end, SIZE_MAX);
        rest = sv_starts(rest, SV(" ")) ? sv_slice(rest, 1, SIZE_MAX) : rest;
    }
    strbuf_add_char(buf, '\n');
    strbuf_done(&visible);
}

static void begin(StrBuf *buf, StrView title)
{
    (void)buf; /* the verdict is the title */
    (void)title;
}

static void heading(StrBuf *buf, StrView text)
{
    strbuf_add_char(buf, '\n');
    strbuf_add(buf, text);
    strbuf_add_char(buf, '\n');
}

static void verdict(StrBuf *buf, Tone tone, StrView text)
{
    (void)tone;
    if (buf->len > 0) {
        strbuf_add_char(buf, '\n');
    }
    add_wrapped(buf, text, 0, 0);
}

static void paragraph(StrBuf *buf, StrView text)
{
    strbuf_add_many(buf, ' ', ITEM_AT);
    add_wrapped(buf, text, ITEM_AT, ITEM_AT);
}

static void item(StrBuf *buf, Tone tone, StrView text)
{
    strbuf_printf(buf, "%s ", SIGNS[tone]);
    add_wrapped(buf, text, ITEM_AT, ITEM_AT);
}

static void pair(StrBuf *buf, const char *label, StrView text)
{
    int width = utf8_width(sv(label));
    strbuf_add_many(buf, ' ', LABEL_AT);
    strbuf_add_str(buf, label);
    strbuf_add_many(buf, ' ', (size_t)(TEXT_AT - LABEL_AT - width));
    add_wrapped(buf, text, TEXT_AT, TEXT_AT);
}

static void entry(StrBuf *buf, const Proof *proof)
{
    StrBuf text = {0};
    report_entry_place(proof, &text);
    strbuf_printf(&text, ": %s", proof->text);
    pair(buf, "seen in", strbuf_view(&text));
    strbuf_done(&text);
}

static void item_end(StrBuf *buf)
{
    (void)buf; /* the next sign says it */
}

static void table(StrBuf *buf, const ReportTable *table)
{
    (void)buf; /* the cells speak for themselves */
    (void)table;
}

static void row(StrBuf *buf, const ReportTable *table, Tone tone, const StrView *cells)
{
    int at = ITEM_AT;
    (void)tone; /* the words say it */
    strbuf_add_many(buf, ' ', ITEM_AT);
    for (size_t i = 0; i + 1 < table->count; i++) {
        int width = utf8_width(cells[i]);
        strbuf_add(buf, cells[i]);
        strbuf_add_many(buf, ' ',
                        width < table->widths[i] ? (size_t)(table->widths[i] - width) : 1);
        at += width < table->widths[i] ? table->widths[i] : width + 1;
    }
    add_wrapped(buf, cells[table->count - 1], at, at);
}

const ReportWriter REPORT_WRITER_TEXT = {
    .begin = begin,
    .heading = heading,
    .verdict = verdict,
    .paragraph = paragraph,
    .item = item,
    .pair = pair,
    .entry = entry,
    .item_end = item_end,
    .table = table,
    .row = row,
    .table_end = item_end,
    .end = item_end,
};
