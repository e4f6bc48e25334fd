/*
 * Markdown: line by line; lines that belong together are held until what they are has ended.
 */
#include "session/markdown.h"

#include "base/utf8.h"
#include "session/wrap.h"

#define CODE_INDENT 4
#define CELLS_MAX 8

typedef struct Printer {
    StrBuf *buf;
    size_t columns;
    StrBuf held;              /* the paragraph or item so far, on one line */
    size_t start;             /* cell in which it starts */
    size_t indent;            /* of its further lines */
    StrView heads[CELLS_MAX]; /* of the table, see head_count */
    size_t head_count;        /* 0 = not in a table */
    bool is_code;
} Printer;

/* Appends without the signs of emphasis, code and escapes. */
static void add_plain(StrBuf *buf, StrView text)
{
    bool is_code = false;
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (byte == '\\' && !is_code && i + 1 < text.len) {
            strbuf_add_char(buf, text.ptr[++i]);
        } else if (byte == '`') {
            is_code = !is_code;
        } else if (byte != '*' || is_code) {
            strbuf_add_char(buf, byte);
        }
    }
}

static void end_paragraph(Printer *printer)
{
    if (printer->held.len > 0) {
        StrBuf plain = {0};
        add_plain(&plain, strbuf_view(&printer->held));
        wrap_add(printer->buf, strbuf_view(&plain), printer->start, printer->indent,
                 printer->columns);
        strbuf_done(&plain);
        strbuf_clear(&printer->held);
    }
    printer->start = 0;
    printer->indent = 0;
}

static void add_heading(Printer *printer, StrView line)
{
    size_t depth = 0;
    while (depth < line.len && line.ptr[depth] == '#') {
        depth++;
    }
    StrBuf plain = {0};
    add_plain(&plain, sv_trim(sv_slice(line, depth, SIZE_MAX)));
    strbuf_add(printer->buf, strbuf_view(&plain));
    strbuf_add_char(printer->buf, '\n');
    strbuf_add_many(printer->buf, depth == 1 ? '=' : '-', (size_t)utf8_width(strbuf_view(&plain)));
    strbuf_add_char(printer->buf, '\n');
    strbuf_done(&plain);
}

/* --- tables --------------------------------------------------------------------------------- */

/* Takes the cells of "| a | b |"; a bar behind a backslash is none. */
static size_t split_cells(StrView line, StrView *ret_cells)
{
    size_t count = 0;
    size_t start = 1;
    for (size_t i = 1; i < line.len && count < CELLS_MAX; i++) {
        if (line.ptr[i] == '\\') {
            i++;
        } else if (line.ptr[i] == '|') {
            ret_cells[count++] = sv_trim(sv_slice(line, start, i - start));
            start = i + 1;
        }
    }
    return count;
}

/* The first cell, and behind it the last one when that has no heading: the mark of confidence. The
 * others stand below, each with its heading. */
static void add_row(Printer *printer, const StrView *cells, size_t count)
{
    StrBuf line = {0};
    bool has_mark = count > 1 && printer->heads[count - 1].len == 0;
    add_plain(&line, cells[0]);
    if (has_mark) {
        strbuf_add_char(&line, ' ');
        add_plain(&line, cells[count - 1]);
    }
    strbuf_add_str(printer->buf, "  ");
    wrap_add(printer->buf, strbuf_view(&line), 2, 6, printer->columns);
    strbuf_clear(&line);
    for (size_t i = 1; i + has_mark < count; i++) {
        strbuf_add_str(&line, line.len > 0 ? "; " : "");
        if (count - has_mark > 2) {
            strbuf_printf(&line, "%.*s: ", SV_ARG(printer->heads[i]));
        }
        add_plain(&line, cells[i]);
    }
    if (line.len > 0) {
        strbuf_add_many(printer->buf, ' ', 6);
        wrap_add(printer->buf, strbuf_view(&line), 6, 6, printer->columns);
    }
    strbuf_done(&line);
}

static void add_table_line(Printer *printer, StrView line)
{
    StrView cells[CELLS_MAX];
    size_t count = split_cells(line, cells);
    if (printer->head_count == 0) {
        for (size_t i = 0; i < count; i++) {
            printer->heads[i] = cells[i];
        }
        printer->head_count = count;
    } else if (count == printer->head_count && !sv_starts(cells[0], SV("---"))) {
        add_row(printer, cells, count);
    }
}

/* --- lines ---------------------------------------------------------------------------------- */

/* Length of "- " or "12. " at the start, 0 = no item. */
static size_t item_len(StrView line)
{
    size_t digits = 0;
    while (digits < line.len && line.ptr[digits] >= '0' && line.ptr[digits] <= '9') {
        digits++;
    }
    if (sv_starts(line, SV("- "))) {
        return 2;
    }
    return digits > 0 && sv_starts(sv_slice(line, digits, 2), SV(". ")) ? digits + 2 : 0;
}

static void add_code(Printer *printer, StrView line)
{
    strbuf_add_many(printer->buf, ' ', line.len > 0 ? CODE_INDENT : 0);
    strbuf_add(printer->buf, line);
    strbuf_add_char(printer->buf, '\n');
}

static void add_words(Printer *printer, StrView line)
{
    size_t item = item_len(line);
    if (item > 0) {
        end_paragraph(printer);
        printer->indent = item;
    } else if (printer->held.len == 0 && sv_starts(line, SV("   "))) {
        strbuf_add_str(printer->buf, "   "); /* a second paragraph of an item */
        printer->start = 3;
        printer->indent = 3;
    }
    strbuf_add_str(&printer->held, printer->held.len > 0 ? " " : "");
    strbuf_add(&printer->held, sv_trim(line));
}

static void add_line(Printer *printer, StrView line)
{
    bool is_fence = sv_starts(line, SV("```"));
    if (printer->is_code && !is_fence) {
        add_code(printer, line);
        return;
    }
    if (sv_starts(line, SV("|"))) {
        end_paragraph(printer);
        add_table_line(printer, line);
        return;
    }
    printer->head_count = 0;
    if (is_fence) {
        end_paragraph(printer);
        printer->is_code = !printer->is_code;
    } else if (line.len == 0) {
        end_paragraph(printer);
        strbuf_add_char(printer->buf, '\n');
    } else if (sv_starts(line, SV("#"))) {
        end_paragraph(printer);
        add_heading(printer, line);
    } else {
        add_words(printer, line);
    }
}

void markdown_print_text(StrView text, size_t columns, StrBuf *buf)
{
    Printer printer = {.buf = buf, .columns = columns};
    StrView line;
    while (sv_next_line(&text, &line)) {
        add_line(&printer, line);
    }
    end_paragraph(&printer);
    strbuf_done(&printer.held);
}
