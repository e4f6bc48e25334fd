/*
 * An entry in the text styles of `log`: column widths and order as its output has them. It prints
 * bytes as they are: what a terminal must not get is the screen's affair. No text of an entry goes
 * through printf, which would end it at a NUL.
 */
#include <inttypes.h>
#include <stdio.h>

#include "parsers/decoder.h"
#include "parsers/fields.h"
#include "parsers/style_words.h"

static void add_padded(StrBuf *buf, StrView text, size_t width)
{
    strbuf_add(buf, text);
    strbuf_add_many(buf, ' ', text.len < width ? width - text.len : 0);
}

static void add_origin(const Entry *entry, StrBuf *buf)
{
    /* `log` names the sender only where it is not the program itself. */
    if (entry->sender.len > 0 && !sv_equal(entry->sender, entry->process)) {
        strbuf_add_char(buf, '(');
        strbuf_add(buf, entry->sender);
        strbuf_add_str(buf, ") ");
    }
    if (entry->subsystem.len > 0) {
        strbuf_add_char(buf, '[');
        strbuf_add(buf, entry->subsystem);
        strbuf_add_char(buf, ':');
        strbuf_add(buf, entry->category);
        strbuf_add_str(buf, "] ");
    }
}

static void add_signpost(const Entry *entry, StrBuf *buf)
{
    if (entry->present & HAS_SIGNPOST_ID) {
        strbuf_printf(buf, "[spid 0x%" PRIx64 ", ", entry->signpost_id);
        strbuf_add(buf, entry->signpost_scope);
        strbuf_add_str(buf, ", ");
        strbuf_add(buf, entry->signpost_type);
        strbuf_add_str(buf, "] ");
    }
}

static void add_message(const Entry *entry, StrBuf *buf)
{
    if ((entry->present & HAS_SIGNPOST_ID) && entry->signpost_name.ptr) {
        strbuf_add(buf, entry->signpost_name);
        strbuf_add_str(buf, entry->message.len > 0 ? ": " : "");
    }
    strbuf_add(buf, entry->message);
}

static void print_default(const Entry *entry, StrView host, StrBuf *buf)
{
    (void)host; /* not in this style */
    char stamp[CLOCK_STAMP_MAX];
    char thread[20];
    char activity[20];
    const StyleWord *word = style_words_find(entry);
    StrView type = word ? sv(word->word) : entry->type_word;
    clock_format(entry->time, CLOCK_FULL, stamp);
    (void)snprintf(thread, sizeof(thread), "0x%" PRIx64, entry->thread);
    (void)snprintf(activity, sizeof(activity), "0x%" PRIx64, entry->activity);
    strbuf_printf(buf, "%s %-10s ", stamp, thread);
    add_padded(buf, type.len > 0 ? type : SV("Default"), 11);
    strbuf_printf(buf, " %-20s %-6" PRIu64 " ", activity, entry->pid);
    /* Lines of macOS 10.12 had no such column and get none. */
    if (entry->style != STYLE_DEFAULT || (entry->present & HAS_TTL)) {
        strbuf_printf(buf, "%-4" PRIu64 " ", entry->ttl);
    }
    add_signpost(entry, buf);
    if (entry->process.ptr) {
        strbuf_add(buf, entry->process);
        strbuf_add_str(buf, ": ");
    }
    add_origin(entry, buf);
    add_message(entry, buf);
}

static void print_compact(const Entry *entry, StrView host, StrBuf *buf)
{
    (void)host; /* not in this style */
    char day[CLOCK_STAMP_MAX];
    char time[CLOCK_STAMP_MAX];
    const StyleWord *word = style_words_find(entry);
    StrView type = word ? sv(word->letters) : sv_slice(entry->type_word, 0, 2);
    clock_format(entry->time, CLOCK_DATE, day);
    clock_format(entry->time, CLOCK_TIME, time);
    strbuf_printf(buf, "%s %s ", day, time);
    add_padded(buf, type, 2);
    strbuf_add_char(buf, ' ');
    strbuf_add(buf, entry->process);
    strbuf_printf(buf, "[%" PRIu64 ":%" PRIx64 "] ", entry->pid, entry->thread);
    add_origin(entry, buf);
    add_signpost(entry, buf);
    add_message(entry, buf);
}

static void print_syslog(const Entry *entry, StrView host, StrBuf *buf)
{
    char stamp[CLOCK_STAMP_MAX];
    StrView where = host.len > 0 ? host : SV("localhost");
    clock_format(entry->time, CLOCK_FULL, stamp);
    strbuf_printf(buf, "%s  ", stamp);
    strbuf_add(buf, where);
    strbuf_add_char(buf, ' ');
    strbuf_add(buf, entry->process);
    strbuf_printf(buf, "[%" PRIu64 "]: ", entry->pid);
    add_signpost(entry, buf);
    add_origin(entry, buf);
    add_message(entry, buf);
}

void entry_print_text(const Entry *entry, Style style, StrView host, StrBuf *buf)
{
    static void (*const PRINT[STYLE_COUNT])(const Entry *, StrView, StrBuf *) = {
        [STYLE_DEFAULT] = print_default,
        [STYLE_COMPACT] = print_compact,
        [STYLE_SYSLOG] = print_syslog,
    };
    if (entry->kind == KIND_UNPARSED || entry->kind == KIND_NOTICE || !PRINT[style]) {
        strbuf_add(buf, entry->message); /* it never was in columns */
        return;
    }
    PRINT[style](entry, host, buf);
}
