/*
 * TextStyle: what the styles default, compact and syslog have in common: a head on the first line,
 * then a message that may go on over further lines. A style brings how its head reads; the message,
 * the flags and the helpers are here. It knows nothing of JSON.
 */
#ifndef PARSERS_TEXT_STYLE_H
#define PARSERS_TEXT_STYLE_H

#include "base/base.h"
#include "base/str.h"
#include "parsers/entry.h"

typedef struct TextStyle {
    Style style;
    const char *heading; /* a part of its line of column headings that no other style has */
    /* Reads the head of `line` into `entry`; `ret_message` is where the message begins. False when
     * the line has no such head; `entry` is then undefined. */
    bool (*read_head)(StrView line, Entry *entry, StrView *ret_message);
} TextStyle;

extern const TextStyle STYLE_OF_DEFAULT;
extern const TextStyle STYLE_OF_COMPACT;
extern const TextStyle STYLE_OF_SYSLOG;

/* Finds the text style of that name; NULL for the JSON styles. */
const TextStyle *text_style_find(Style style);

/* Finds the style whose head `line` has; NULL when it has none. */
const TextStyle *text_style_of_line(StrView line);

/* Finds the style whose column headings `line` holds; NULL when it holds none. */
const TextStyle *text_style_of_heading(StrView line);

bool text_style_matches(const TextStyle *style, StrView line);

/* Reads `raw`, all lines of one entry; false when its first has no head. A message with CRLF in it
 * is put together in `scratch`, which is cleared first. */
bool text_style_read(const TextStyle *style, StrView raw, bool is_full, StrBuf *scratch,
                     Entry *ret_entry);

/* --- for the styles -------------------------------------------------------------------------- */

/* Take what stands at the start of `rest` off it; false, with `rest` undefined, when it is not
 * there. A stamp must be followed by a blank. A column is a run of non-blanks after blanks. */
bool text_take_stamp(StrView *rest, Entry *entry);
bool text_take_column(StrView *rest, StrView *ret_column);
void text_skip_blanks(StrView *rest);

/* Reads a whole column as a number, decimal or 0x… . */
bool text_to_number(StrView column, uint64_t *ret_number);
bool text_to_hex(StrView digits, uint64_t *ret_number);

/* Takes "[spid 0x…, scope, type] " into `entry`, if it is there. */
void text_take_signpost(StrView *rest, Entry *entry);

/* Takes "(Sender) [subsystem:category] ", each if it is there. */
void text_take_origin(StrView *rest, Entry *entry);

/* Of a signpost's "name: message" takes the name. */
void text_take_signpost_name(StrView *rest, Entry *entry);

#endif
