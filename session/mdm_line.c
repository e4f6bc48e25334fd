/*
 * MdmLine: a table of the texts by which a line is known, and a small reader for what follows each.
 * The shapes are the same from macOS 10.13 to 27.
 */
#include "session/mdm_line.h"

#define PREFIX_LOOK_MAX 96 /* bytes in which the prefix with the uid must begin */

/* Takes what stands up to `end` off `rest`; false when `end` is not there. */
static bool take_until(StrView *rest, StrView end, StrView *ret)
{
    size_t at = sv_find(*rest, end);
    if (at == SIZE_MAX) {
        return false;
    }
    *ret = sv_slice(*rest, 0, at);
    *rest = sv_slice(*rest, at + end.len, SIZE_MAX);
    return true;
}

static bool is_word(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

static StrView take_word(StrView *rest)
{
    size_t len = 0;
    while (len < rest->len && is_word(rest->ptr[len])) {
        len++;
    }
    StrView word = sv_slice(*rest, 0, len);
    *rest = sv_slice(*rest, len, SIZE_MAX);
    return word;
}

/* The uid of "[0:MDMDaemon:<0x5b0>]"; -1 = there is no such prefix. */
static int64_t read_uid(StrView message)
{
    StrView rest = sv_slice(message, 0, PREFIX_LOOK_MAX);
    for (size_t at = sv_find_char(rest, '['); at != SIZE_MAX; at = sv_find_char(rest, '[')) {
        rest = sv_slice(rest, at + 1, SIZE_MAX);
        size_t colon = sv_find_char(rest, ':');
        int64_t uid;
        if (colon != SIZE_MAX && sv_to_i64(sv_slice(rest, 0, colon), &uid) && uid >= 0) {
            return uid;
        }
    }
    return -1;
}

static int64_t uid_of_channel(StrView channel)
{
    int64_t uid = -1;
    size_t colon = sv_find_char(channel, ':');
    if (sv_equal(channel, SV("Device"))) {
        return 0;
    }
    return colon != SIZE_MAX && sv_to_i64(sv_trim(sv_slice(channel, colon + 1, SIZE_MAX)), &uid)
               ? uid
               : -1;
}

/* "TYPE  for: <Device> (id) PowerNap: no" */
static bool read_request(StrView rest, MdmLine *line)
{
    line->type = take_word(&rest);
    rest = sv_trim(rest);
    StrView skipped;
    if (line->type.len == 0 || !take_until(&rest, SV("for: <"), &skipped) ||
        !take_until(&rest, SV(">"), &line->channel)) {
        return false;
    }
    line->uid = line->uid < 0 ? uid_of_channel(line->channel) : line->uid;
    StrView id;
    if (sv_starts(rest, SV(" (")) && take_until(&rest, SV(")"), &id)) {
        line->id = sv_slice(id, 2, SIZE_MAX);
    }
    return true;
}

/* "TYPE for: <Device> reason: TEXT" */
static bool read_not_now(StrView rest, MdmLine *line)
{
    StrView skipped;
    if (!read_request(rest, line) || !take_until(&rest, SV(" reason: "), &skipped)) {
        return false;
    }
    line->text = rest;
    return true;
}

/* "Idle]", "MDM_TokenUpdate]", "Error(InstallProfile):99]" */
static bool read_bracket(StrView rest, MdmLine *line)
{
    StrView inside;
    if (!take_until(&rest, SV("]"), &inside)) {
        return false;
    }
    line->what = take_word(&inside);
    if (sv_starts(inside, SV("("))) {
        inside = sv_slice(inside, 1, SIZE_MAX);
        (void)take_until(&inside, SV(")"), &line->type); /* else it has none */
    }
    if (sv_starts(inside, SV(":"))) {
        line->id = sv_slice(inside, 1, SIZE_MAX);
    }
    return line->what.len > 0;
}

/* "(PUT) [X] >>>>>" */
static bool read_sent(StrView rest, MdmLine *line)
{
    StrView skipped;
    return take_until(&rest, SV("["), &skipped) && read_bracket(rest, line);
}

/* "(200) [X] <<<<<" */
static bool read_received(StrView rest, MdmLine *line)
{
    StrView status;
    StrView skipped;
    int64_t number;
    if (!take_until(&rest, SV(")"), &status) || !take_until(&rest, SV("["), &skipped) ||
        !sv_to_i64(sv_slice(status, 1, SIZE_MAX), &number) || number < 100 || number > 999) {
        return false;
    }
    line->http = (int)number;
    return read_bracket(rest, line);
}

/* "0] (InstallProfile) [CPProfile:-102] TEXT" */
static bool read_chain(StrView rest, MdmLine *line)
{
    StrView number;
    StrView skipped;
    int64_t value;
    if (!take_until(&rest, SV("] ("), &number) || !sv_to_i64(number, &value) || value < 0 ||
        value > 99) {
        return false;
    }
    line->number = (int)value;
    return take_until(&rest, SV(")"), &line->type) && take_until(&rest, SV("] "), &skipped) &&
           (line->text = rest).len > 0;
}

static bool read_nothing(StrView rest, MdmLine *line)
{
    (void)rest;
    (void)line;
    return true;
}

static bool read_app_start(StrView rest, MdmLine *line)
{
    return take_until(&rest, SV(" "), &line->id);
}

static bool read_app_called(StrView rest, MdmLine *line)
{
    return take_until(&rest, SV(")"), &line->id);
}

/* "UUID' finished.  Sucess: YES  Error: (null)"; the misspelling is Apple's. */
static bool read_app_end(StrView rest, MdmLine *line)
{
    StrView skipped;
    if (!take_until(&rest, SV("' finished."), &line->id) ||
        !take_until(&rest, SV("Sucess: "), &skipped)) {
        return false;
    }
    line->is_ok = sv_starts(rest, SV("YES")) || sv_starts(rest, SV("yes"));
    return true;
}

/* "97 (47F55BA4) completed. Result: <Abort> ==> Error" */
static bool read_phase(StrView rest, MdmLine *line)
{
    StrView skipped;
    return take_until(&rest, SV("("), &skipped) && take_until(&rest, SV(")"), &line->id) &&
           sv_find(rest, SV("Result: <Abort>")) != SIZE_MAX;
}

static bool read_abort(StrView rest, MdmLine *line)
{
    line->text = rest;
    return true;
}

static bool read_refused(StrView rest, MdmLine *line)
{
    (void)line;
    return sv_find(rest, SV("Error: Error Domain=")) != SIZE_MAX;
}

typedef struct LineShape {
    const char *start; /* what the line is known by */
    MdmLineKind kind;
    bool (*read)(StrView rest, MdmLine *line); /* what follows it */
} LineShape;

static const LineShape SHAPES[] = {
    {"Processing server request: ", MDM_LINE_REQUEST, read_request},
    {"Responding 'NotNow' to server request: ", MDM_LINE_NOT_NOW, read_not_now},
    {">>>>> Sending HTTP request ", MDM_LINE_SENT, read_sent},
    {"<<<<< Received HTTP response ", MDM_LINE_RECEIVED, read_received},
    {"[ErrorChain.", MDM_LINE_CHAIN, read_chain},
    {"Calling MDM_Connect ", MDM_LINE_CONNECT, read_nothing},
    {"StartInstall using UUID: ", MDM_LINE_APP_START, read_app_start},
    {"InstallApplication (UUID:", MDM_LINE_APP_CALLED, read_app_called},
    {"Scheduled InstallApplication from: ", MDM_LINE_APP_CALLED, read_nothing},
    {"Install '", MDM_LINE_APP_END, read_app_end},
    {"Install phase ", MDM_LINE_APP_ABORT, read_phase},
    {"Aborting app install: ", MDM_LINE_APP_ABORT, read_abort},
    {"submitManifestRequest completed.", MDM_LINE_APP_REFUSED, read_refused},
};

MdmLine mdm_line_read(StrView message)
{
    for (size_t i = 0; i < ARRAY_LEN(SHAPES); i++) {
        StrView start = sv(SHAPES[i].start);
        size_t at = sv_find(message, start);
        MdmLine line = {.kind = SHAPES[i].kind};
        if (at == SIZE_MAX) {
            continue;
        }
        line.uid = read_uid(message);
        if (SHAPES[i].read(sv_slice(message, at + start.len, SIZE_MAX), &line)) {
            return line;
        }
    }
    return (MdmLine){.kind = MDM_LINE_NONE, .uid = -1};
}

/* Length of one mark before the words, 0 = there is none: "[*] ", "[ERROR] ", "[0:…:<0x1>] ". */
static size_t mark_len(StrView text)
{
    static const char *const MARKS[] = {"[*] ", "[ERROR] ", "[CE] "};
    for (size_t i = 0; i < ARRAY_LEN(MARKS); i++) {
        if (sv_starts(text, sv(MARKS[i]))) {
            return sv(MARKS[i]).len;
        }
    }
    size_t end = sv_find(text, SV("] "));
    bool is_prefix = text.len > 1 && text.ptr[0] == '[' && text.ptr[1] >= '0' &&
                     text.ptr[1] <= '9' && end != SIZE_MAX && end < PREFIX_LOOK_MAX &&
                     sv_find_char(sv_slice(text, 0, end), ':') != SIZE_MAX;
    return is_prefix ? end + 2 : 0;
}

StrView mdm_line_words(StrView message)
{
    for (size_t len = mark_len(message); len > 0 && len < message.len; len = mark_len(message)) {
        message = sv_slice(message, len, SIZE_MAX);
    }
    return message;
}
