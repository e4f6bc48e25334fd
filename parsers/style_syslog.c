/*
 * The style syslog of `log`, and of /var/log/install.log, which looks alike:
 *   2023-05-26 13:42:44.136082+0200  localhost kernel[0]: (Sandbox) [sub:cat] text
 * It has neither level nor thread.
 */
#include "parsers/text_style.h"

#define PROCESS_MAX 256
#define NUMBERS_MAX 64 /* "pid]: " is shorter */

/* Reads "[pid]:" at `at`; its length, 0 when it is none. */
static size_t read_pid(StrView text, size_t at, Entry *entry)
{
    StrView inside = sv_slice(text, at + 1, NUMBERS_MAX);
    size_t len = sv_find_char(inside, ']');
    if (len == SIZE_MAX || len + 1 >= inside.len || inside.ptr[len + 1] != ':' ||
        (len + 2 < inside.len && inside.ptr[len + 2] != ' ')) {
        return 0;
    }
    return sv_to_u64(sv_slice(inside, 0, len), &entry->pid) ? len + 3 : 0;
}

/* Takes "process[pid]: "; a colon before the bracket would mean that the message has begun. */
static bool take_process(StrView *rest, Entry *entry)
{
    text_skip_blanks(rest);
    for (size_t at = 1; at < rest->len && at <= PROCESS_MAX; at++) {
        size_t len = rest->ptr[at] == '[' ? read_pid(*rest, at, entry) : 0;
        if (len > 0) {
            entry->process = sv_slice(*rest, 0, at);
            entry->present |= HAS_PID;
            *rest = sv_slice(*rest, at + len + (at + len < rest->len ? 1 : 0), rest->len);
            return true;
        }
        if (rest->ptr[at] == ':' && at + 1 < rest->len && rest->ptr[at + 1] == ' ') {
            return false;
        }
    }
    return false;
}

static bool read_head(StrView line, Entry *entry, StrView *ret_message)
{
    StrView rest = line;
    StrView host;
    if (!text_take_stamp(&rest, entry) || !text_take_column(&rest, &host) ||
        !take_process(&rest, entry)) {
        return false;
    }
    text_take_signpost(&rest, entry);
    text_take_origin(&rest, entry);
    text_take_signpost_name(&rest, entry);
    if (entry->present & HAS_SIGNPOST_ID) {
        entry->kind = KIND_SIGNPOST;
    }
    *ret_message = rest;
    return true;
}

const TextStyle STYLE_OF_SYSLOG = {STYLE_SYSLOG, "(process)[PID]", read_head};
