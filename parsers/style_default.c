/*
 * The style that `log` prints by default:
 *   2018-08-14 06:37:39.165148-0700 0x1a2e  Default  0x0  478  0  apsd: (Sender) [sub:cat] text
 * macOS 10.12 had no column TTL (the 0 before the process). Signposts have "[spid …] " before the
 * process.
 */
#include "parsers/style_words.h"
#include "parsers/text_style.h"

#define PROCESS_MAX 256

static bool take_number(StrView *rest, uint64_t *ret_number)
{
    StrView column;
    return text_take_column(rest, &column) && text_to_number(column, ret_number);
}

static bool take_type(StrView *rest, Entry *entry)
{
    StrView word;
    if (!text_take_column(rest, &word) || word.ptr[0] < 'A' || word.ptr[0] > 'Z') {
        return false;
    }
    style_words_read(word, entry);
    return true;
}

static void take_ttl(StrView *rest, Entry *entry)
{
    StrView after = *rest;
    StrView column;
    if (text_take_column(&after, &column) && sv_to_u64(column, &entry->ttl)) {
        entry->present |= HAS_TTL;
        *rest = after;
    }
}

/* Takes "process: "; lines about the system's clock have none. */
static void take_process(StrView *rest, Entry *entry)
{
    size_t colon = sv_find(*rest, SV(": "));
    if (colon == SIZE_MAX && rest->len > 0 && rest->ptr[rest->len - 1] == ':') {
        colon = rest->len - 1;
    }
    if (colon == SIZE_MAX || colon == 0 || colon > PROCESS_MAX || rest->ptr[0] == '=') {
        return;
    }
    entry->process = sv_slice(*rest, 0, colon);
    *rest = sv_slice(*rest, colon + 2 > rest->len ? rest->len : colon + 2, rest->len);
}

static bool read_head(StrView line, Entry *entry, StrView *ret_message)
{
    StrView rest = line;
    if (!text_take_stamp(&rest, entry) || !take_number(&rest, &entry->thread) ||
        !take_type(&rest, entry) || !take_number(&rest, &entry->activity) ||
        !take_number(&rest, &entry->pid)) {
        return false;
    }
    entry->present |= HAS_THREAD | HAS_ACTIVITY | HAS_PID;
    take_ttl(&rest, entry);
    text_skip_blanks(&rest);
    text_take_signpost(&rest, entry);
    take_process(&rest, entry);
    text_take_origin(&rest, entry);
    text_take_signpost_name(&rest, entry);
    *ret_message = rest;
    return true;
}

const TextStyle STYLE_OF_DEFAULT = {STYLE_DEFAULT, "Thread", read_head};
