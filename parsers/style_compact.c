/*
 * The style compact of `log`:
 *   2026-08-29 08:12:55.956 E  backupd[669:4cf173] (Sender) [sub:cat] text
 * Its times have no zone (see decoder_set_zone); process and thread number stand in brackets, the
 * thread in hexadecimal.
 */
#include "parsers/style_words.h"
#include "parsers/text_style.h"

#define TYPE_MAX 2
#define PROCESS_MAX 256
#define NUMBERS_MAX 64 /* "pid:thread] " is shorter */

static bool take_type(StrView *rest, Entry *entry)
{
    StrView letters;
    if (!text_take_column(rest, &letters) || letters.len > TYPE_MAX || letters.ptr[0] < 'A' ||
        letters.ptr[0] > 'Z') {
        return false;
    }
    style_words_read_letters(letters, entry);
    return true;
}

/* Reads "[pid:thread]" at `at`; its length, 0 when it is none. */
static size_t read_numbers(StrView text, size_t at, Entry *entry)
{
    StrView inside = sv_slice(text, at + 1, NUMBERS_MAX);
    size_t len = sv_find_char(inside, ']');
    if (len == SIZE_MAX || (len + 1 < inside.len && inside.ptr[len + 1] != ' ')) {
        return 0;
    }
    inside = sv_slice(inside, 0, len);
    size_t colon = sv_find_char(inside, ':');
    if (colon == SIZE_MAX || !sv_to_u64(sv_slice(inside, 0, colon), &entry->pid) ||
        !text_to_hex(sv_slice(inside, colon + 1, len), &entry->thread)) {
        return 0;
    }
    return len + 2;
}

/* Takes "process[pid:thread] "; the name itself may hold blanks and brackets. */
static bool take_process(StrView *rest, Entry *entry)
{
    text_skip_blanks(rest);
    for (size_t at = 1; at < rest->len && at <= PROCESS_MAX; at++) {
        size_t len = rest->ptr[at] == '[' ? read_numbers(*rest, at, entry) : 0;
        if (len > 0) {
            entry->process = sv_slice(*rest, 0, at);
            entry->present |= HAS_PID | HAS_THREAD;
            *rest = sv_slice(*rest, at + len + (at + len < rest->len ? 1 : 0), rest->len);
            return true;
        }
    }
    return false;
}

static bool read_head(StrView line, Entry *entry, StrView *ret_message)
{
    StrView rest = line;
    if (!text_take_stamp(&rest, entry) || !take_type(&rest, entry) || !take_process(&rest, entry)) {
        return false;
    }
    text_take_origin(&rest, entry);
    text_take_signpost(&rest, entry);
    text_take_signpost_name(&rest, entry);
    *ret_message = rest;
    return true;
}

const TextStyle STYLE_OF_COMPACT = {STYLE_COMPACT, "Process[PID:TID]", read_head};
