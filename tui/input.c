/*
 * Input: see input.h. One function looks at the head of the bytes and tells one of three things:
 * a key and how many bytes it took, bytes that mean nothing, or that more is needed to decide.
 * It must never include curses: what terminfo says is handed in by input_learn.
 */
#include "tui/input.h"

#include <string.h>

#include "base/utf8.h"

#define ESC 0x1b
#define MODIFIER_MAX 16
#define PASTE_BEGIN "\033[200~"
#define PASTE_END "\033[201~"

/* What the head of the bytes is. `used` 0 = more is needed to tell. */
typedef struct Taken {
    size_t used;
    Key key;        /* KEY_CODE_NONE = bytes that mean nothing */
    bool has_sync;  /* the terminal's answer is that it knows mode 2026 */
    bool is_answer; /* … to PACE_QUESTION */
} Taken;

typedef struct FinalKey {
    char final;
    uint32_t code;
} FinalKey;

typedef struct NumberKey {
    unsigned number;
    uint32_t code;
} NumberKey;

/* clang-format off */

/* CSI … X and SS3 X. */
static const FinalKey FINALS[] = {
    {'A', KEY_CODE_UP},       {'B', KEY_CODE_DOWN},     {'C', KEY_CODE_RIGHT},
    {'D', KEY_CODE_LEFT},     {'H', KEY_CODE_HOME},     {'F', KEY_CODE_END},
    {'P', KEY_CODE_F1},       {'Q', KEY_CODE_F1 + 1},   {'R', KEY_CODE_F1 + 2},
    {'S', KEY_CODE_F1 + 3},   {'Z', KEY_CODE_BACKTAB},
};

/* The numeric keypad in application mode: SS3 X only. */
static const FinalKey KEYPAD[] = {
    {'M', KEY_CODE_ENTER}, {'j', '*'}, {'k', '+'}, {'l', ','}, {'m', '-'}, {'n', '.'}, {'o', '/'},
    {'p', '0'}, {'q', '1'}, {'r', '2'}, {'s', '3'}, {'t', '4'}, {'u', '5'}, {'v', '6'}, {'w', '7'},
    {'x', '8'}, {'y', '9'},
};

/* CSI n ~ */
static const NumberKey NUMBERS[] = {
    {1, KEY_CODE_HOME},      {2, KEY_CODE_INSERT},    {3, KEY_CODE_DELETE},
    {4, KEY_CODE_END},       {5, KEY_CODE_PAGE_UP},   {6, KEY_CODE_PAGE_DOWN},
    {7, KEY_CODE_HOME},      {8, KEY_CODE_END},       {11, KEY_CODE_F1},
    {12, KEY_CODE_F1 + 1},   {13, KEY_CODE_F1 + 2},   {14, KEY_CODE_F1 + 3},
    {15, KEY_CODE_F1 + 4},   {17, KEY_CODE_F1 + 5},   {18, KEY_CODE_F1 + 6},
    {19, KEY_CODE_F1 + 7},   {20, KEY_CODE_F1 + 8},   {21, KEY_CODE_F1 + 9},
    {23, KEY_CODE_F1 + 10},  {24, KEY_CODE_F1 + 11},
};

/* What terminfo calls the keys. */
static const struct {
    const char *capability;
    uint32_t code;
} CAPABILITIES[] = {
    {"kcuu1", KEY_CODE_UP},        {"kcud1", KEY_CODE_DOWN},
    {"kcub1", KEY_CODE_LEFT},      {"kcuf1", KEY_CODE_RIGHT},
    {"khome", KEY_CODE_HOME},      {"kend", KEY_CODE_END},
    {"kpp", KEY_CODE_PAGE_UP},     {"knp", KEY_CODE_PAGE_DOWN},
    {"kich1", KEY_CODE_INSERT},    {"kdch1", KEY_CODE_DELETE},
    {"kbs", KEY_CODE_BACKSPACE},   {"kcbt", KEY_CODE_BACKTAB},
    {"kent", KEY_CODE_ENTER},
    {"kf1", KEY_CODE_F1},          {"kf2", KEY_CODE_F1 + 1},
    {"kf3", KEY_CODE_F1 + 2},      {"kf4", KEY_CODE_F1 + 3},
    {"kf5", KEY_CODE_F1 + 4},      {"kf6", KEY_CODE_F1 + 5},
    {"kf7", KEY_CODE_F1 + 6},      {"kf8", KEY_CODE_F1 + 7},
    {"kf9", KEY_CODE_F1 + 8},      {"kf10", KEY_CODE_F1 + 9},
    {"kf11", KEY_CODE_F1 + 10},    {"kf12", KEY_CODE_F12},
};
/* clang-format on */

static uint32_t final_find(const FinalKey *keys, size_t count, char final)
{
    for (size_t i = 0; i < count; i++) {
        if (keys[i].final == final) {
            return keys[i].code;
        }
    }
    return KEY_CODE_NONE;
}

static uint32_t number_find(unsigned number)
{
    for (size_t i = 0; i < ARRAY_LEN(NUMBERS); i++) {
        if (NUMBERS[i].number == number) {
            return NUMBERS[i].code;
        }
    }
    return KEY_CODE_NONE;
}

static Taken taken(size_t used, uint32_t code, unsigned mods)
{
    return (Taken){.used = used, .key = {.code = code, .mods = (uint8_t)mods}};
}

/* A control character or a character of ASCII. */
static Taken take_ascii(unsigned char byte)
{
    switch (byte) {
    case '\0':
        return taken(1, ' ', KEY_CTRL);
    case '\t':
        return taken(1, KEY_CODE_TAB, 0);
    case '\n':
    case '\r':
        return taken(1, KEY_CODE_ENTER, 0);
    case '\b':
    case 0x7f:
        return taken(1, KEY_CODE_BACKSPACE, 0);
    default:
        break;
    }
    if (byte >= ' ') {
        return taken(1, byte, 0);
    }
    if (byte <= 26) {
        return taken(1, (uint32_t)byte - 1 + 'a', KEY_CTRL);
    }
    return taken(1, (uint32_t)byte + '@', KEY_CTRL); /* C-\ C-] C-^ C-_ */
}

/* A character of several bytes. */
static Taken take_utf8(StrView bytes, bool is_late)
{
    unsigned char lead = (unsigned char)bytes.ptr[0];
    size_t need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (bytes.len < need && !is_late) {
        return taken(0, KEY_CODE_NONE, 0);
    }
    StrView rest = bytes;
    uint32_t code_point = utf8_next(&rest);
    bool is_text = code_point < UTF8_BROKEN && !utf8_is_unsafe(code_point);
    return taken(bytes.len - rest.len, is_text ? code_point : KEY_CODE_NONE, 0);
}

/* xterm's modifier number is 1 + shift 1 + alt 2 + control 4. */
static unsigned mods_of(unsigned parameter)
{
    unsigned bits = parameter > 0 ? parameter - 1 : 0;
    return ((bits & 2) != 0 ? KEY_ALT : 0) | ((bits & 4) != 0 ? KEY_CTRL : 0);
}

/* "CSI ? MODE ; STATE $ y": 1 is set, 2 is reset; 0 says that it does not know the mode, and what
 * is set or reset for ever is of no use. */
static bool says_sync(StrView parameters, char final)
{
    return final == 'y' &&
           (sv_equal(parameters, SV("?2026;1$")) || sv_equal(parameters, SV("?2026;2$")));
}

/* A sequence with a private mark is no key but the mouse or an answer. */
static Taken take_report(size_t used, StrView parameters, char final)
{
    Taken result = taken(used, KEY_CODE_NONE, 0);
    if (!mouse_parse(parameters, final, &result.key)) {
        result.has_sync = says_sync(parameters, final);
    }
    return result;
}

/* The key of a complete CSI sequence: its parameters and final byte. */
static Taken csi_key(size_t used, StrView parameters, char final)
{
    unsigned numbers[2] = {0, 0};
    size_t at = 0;
    for (size_t i = 0; i < parameters.len; i++) {
        char byte = parameters.ptr[i];
        if (byte == ';') {
            at++;
        } else if (byte < '0' || byte > '9') {
            return taken(used, KEY_CODE_NONE, 0); /* a report or a mode we never asked for */
        } else if (at < ARRAY_LEN(numbers) && numbers[at] < 0x110000) {
            numbers[at] = numbers[at] * 10 + (unsigned)(byte - '0');
        }
    }
    if (numbers[1] > MODIFIER_MAX) {
        return taken(used, KEY_CODE_NONE, 0);
    }
    unsigned mods = mods_of(numbers[1]);
    if (final == '~') {
        return taken(used, number_find(numbers[0]), mods);
    }
    if (final == 'u') { /* a code point, from terminals that report keys so */
        return numbers[0] < 0x80 ? taken(used, take_ascii((unsigned char)numbers[0]).key.code, mods)
                                 : taken(used, KEY_CODE_NONE, 0);
    }
    bool is_key = numbers[0] <= 1; /* "CSI 12 ; 40 R" tells where the cursor is */
    return taken(used, is_key ? final_find(FINALS, ARRAY_LEN(FINALS), final) : KEY_CODE_NONE, mods);
}

static bool is_final(char byte)
{
    return byte >= 0x40 && byte < 0x7f;
}

static bool is_report(StrView bytes)
{
    return sv_starts(bytes, SV("\033[?")) || sv_starts(bytes, SV("\033[<"));
}

/* ESC [ … */
static Taken take_csi(StrView bytes, bool is_late)
{
    size_t at = 2;
    if (bytes.len > 3 && bytes.ptr[2] == '[') { /* Linux console: ESC [ [ A … E are F1 … F5 */
        char letter = bytes.ptr[3];
        bool is_key = letter >= 'A' && letter <= 'E';
        return taken(4, is_key ? KEY_CODE_F1 + (uint32_t)(letter - 'A') : KEY_CODE_NONE, 0);
    }
    while (at < bytes.len && bytes.ptr[at] >= 0x20 && bytes.ptr[at] < 0x40) {
        at++;
    }
    bool is_whole = at < bytes.len && !(at == 2 && bytes.ptr[2] == '[');
    if (is_whole && !is_final(bytes.ptr[at])) { /* another sequence begins, or a key was hit */
        return at == 2 ? taken(2, '[', KEY_ALT) : taken(at, KEY_CODE_NONE, 0);
    }
    if (is_whole) {
        StrView parameters = sv_of(bytes.ptr + 2, at - 2);
        if (bytes.ptr[at] == 'n') { /* "0n": well; "3n": not so well, but it answers */
            return (Taken){.used = at + 1, .is_answer = parameters.len == 1};
        }
        return is_report(bytes) ? take_report(at + 1, parameters, bytes.ptr[at])
                                : csi_key(at + 1, parameters, bytes.ptr[at]);
    }
    if (!is_late && at < INPUT_SEQUENCE_MAX * 2) {
        return taken(0, KEY_CODE_NONE, 0);
    }
    return bytes.len == 2 ? taken(2, '[', KEY_ALT) : taken(at, KEY_CODE_NONE, 0);
}

/* ESC O X */
static Taken take_ss3(StrView bytes, bool is_late)
{
    if (bytes.len == 2) {
        return is_late ? taken(2, 'O', KEY_ALT) : taken(0, KEY_CODE_NONE, 0);
    }
    uint32_t code = final_find(FINALS, ARRAY_LEN(FINALS), bytes.ptr[2]);
    if (code == KEY_CODE_NONE) {
        code = final_find(KEYPAD, ARRAY_LEN(KEYPAD), bytes.ptr[2]);
    }
    return taken(3, code, 0);
}

static Taken take_escape(StrView bytes, bool is_late)
{
    if (bytes.len == 1) {
        return is_late ? taken(1, KEY_CODE_ESCAPE, 0) : taken(0, KEY_CODE_NONE, 0);
    }
    unsigned char second = (unsigned char)bytes.ptr[1];
    if (second == '[') {
        return take_csi(bytes, is_late);
    }
    if (second == 'O') {
        return take_ss3(bytes, is_late);
    }
    if (second == ESC) {
        return taken(1, KEY_CODE_ESCAPE, 0);
    }
    StrView rest = sv_slice(bytes, 1, SIZE_MAX);
    Taken after = second < 0x80 ? take_ascii(second) : take_utf8(rest, is_late);
    if (after.used == 0 || after.key.code == KEY_CODE_NONE) {
        return taken(after.used == 0 ? 0 : after.used + 1, KEY_CODE_NONE, 0);
    }
    return taken(after.used + 1, after.key.code, after.key.mods | KEY_ALT);
}

/* What terminfo knows goes before what we know: it is about this very terminal. */
static bool take_learnt(const Input *input, StrView bytes, bool is_late, Taken *ret_taken)
{
    const InputLearnt *best = NULL;
    bool may_grow = false;
    for (size_t i = 0; i < input->learnt_count; i++) {
        const InputLearnt *learnt = &input->learnt[i];
        StrView sequence = sv_of(learnt->sequence, learnt->len);
        if (sv_starts(bytes, sequence)) {
            best = best == NULL || learnt->len > best->len ? learnt : best;
        } else if (bytes.len > 1 && sv_starts(sequence, bytes)) {
            may_grow = true;
        }
    }
    if (may_grow && !is_late) {
        *ret_taken = taken(0, KEY_CODE_NONE, 0);
        return true;
    }
    if (best == NULL) {
        return false;
    }
    *ret_taken = taken(best->len, best->key.code, best->key.mods);
    return true;
}

static Taken take(const Input *input, StrView bytes, bool is_late)
{
    Taken result;
    if (take_learnt(input, bytes, is_late, &result)) {
        return result;
    }
    unsigned char first = (unsigned char)bytes.ptr[0];
    if (first == ESC) {
        return take_escape(bytes, is_late);
    }
    return first < 0x80 ? take_ascii(first) : take_utf8(bytes, is_late);
}

static void drop(Input *input, size_t len)
{
    strbuf_replace(&input->bytes, 0, len, SV(""));
}

/* Of a drag only where it has got to counts: what has come with it is passed over up to the last
 * one. */
static void skip_drags(Input *input, Key *key)
{
    while (key->code == KEY_CODE_MOUSE_DRAG && input->bytes.len > 0) {
        Taken next = take(input, strbuf_view(&input->bytes), false);
        bool goes_on = next.used > 0 && next.key.code == key->code &&
                       next.key.button == key->button && next.key.mods == key->mods;
        if (!goes_on) {
            return;
        }
        drop(input, next.used);
        *key = next.key;
    }
}

/* How long to wait for more before deciding about what is there. */
static int64_t patience(const Input *input)
{
    if (input->is_pasting) {
        return INPUT_PASTE_NS;
    }
    StrView bytes = strbuf_view(&input->bytes);
    if (is_report(bytes)) {
        return INPUT_REPORT_NS;
    }
    return bytes.len == 1 && bytes.ptr[0] == ESC ? INPUT_ESCAPE_NS : INPUT_SEQUENCE_NS;
}

static void paste_add(Input *input, StrView text)
{
    size_t room = INPUT_PASTE_MAX - input->paste.len;
    strbuf_add(&input->paste, sv_slice(text, 0, room));
}

static void paste_end(Input *input, Key *ret_key, StrBuf *ret_paste)
{
    StrView text = strbuf_view(&input->paste);
    strbuf_clear(ret_paste);
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        bool is_pair = byte == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n';
        if (byte == '\r') {
            byte = '\n';
        }
        if (!is_pair) {
            strbuf_add_char(ret_paste, byte);
        }
    }
    strbuf_clear(&input->paste);
    input->is_pasting = false;
    *ret_key = (Key){.code = KEY_CODE_PASTE};
}

/* Inside a paste everything is text up to the end mark. */
static bool paste_next(Input *input, bool is_late, Key *ret_key, StrBuf *ret_paste)
{
    StrView bytes = strbuf_view(&input->bytes);
    size_t end = sv_find(bytes, SV(PASTE_END));
    if (end != SIZE_MAX) {
        paste_add(input, sv_slice(bytes, 0, end));
        drop(input, end + sizeof PASTE_END - 1);
        paste_end(input, ret_key, ret_paste);
        return true;
    }
    /* The end mark may have come in part: its possible beginning stays. */
    size_t keep = is_late ? 0 : sizeof PASTE_END - 2;
    if (bytes.len > keep) {
        paste_add(input, sv_slice(bytes, 0, bytes.len - keep));
        drop(input, bytes.len - keep);
    }
    if (is_late) {
        paste_end(input, ret_key, ret_paste);
    }
    return is_late;
}

void input_done(Input *input)
{
    strbuf_done(&input->bytes);
    strbuf_done(&input->paste);
    *input = (Input){0};
}

void input_learn(Input *input, const char *sequence, Key key)
{
    size_t len = sequence != NULL ? strlen(sequence) : 0;
    bool is_plain = len == 1 && (unsigned char)sequence[0] >= ' ' && sequence[0] != 0x7f;
    if (len == 0 || len > INPUT_SEQUENCE_MAX || is_plain ||
        input->learnt_count == INPUT_LEARNT_MAX) {
        return;
    }
    InputLearnt *learnt = &input->learnt[input->learnt_count++];
    memcpy(learnt->sequence, sequence, len);
    learnt->len = len;
    learnt->key = key;
}

void input_learn_all(Input *input, const char *(*capability)(const char *name))
{
    for (size_t i = 0; i < ARRAY_LEN(CAPABILITIES); i++) {
        input_learn(input, capability(CAPABILITIES[i].capability),
                    (Key){.code = CAPABILITIES[i].code});
    }
}

void input_feed(Input *input, StrView bytes, int64_t now)
{
    strbuf_add(&input->bytes, bytes);
    input->touched = now;
}

bool input_next(Input *input, int64_t now, Key *ret_key, StrBuf *ret_paste)
{
    for (;;) {
        bool is_late = now - input->touched >= patience(input);
        if (input->is_pasting) {
            return paste_next(input, is_late, ret_key, ret_paste);
        }
        if (input->bytes.len == 0) {
            return false;
        }
        StrView bytes = strbuf_view(&input->bytes);
        if (sv_starts(bytes, SV(PASTE_BEGIN))) {
            drop(input, sizeof PASTE_BEGIN - 1);
            input->is_pasting = true;
            continue;
        }
        Taken result = take(input, bytes, is_late);
        if (result.used == 0) {
            return false;
        }
        drop(input, result.used);
        input->has_sync |= result.has_sync;
        input->answers += result.is_answer;
        if (result.key.code != KEY_CODE_NONE) {
            skip_drags(input, &result.key);
            *ret_key = mouse_count(&input->clicks, result.key, input->touched);
            return true;
        }
    }
}

int64_t input_deadline(const Input *input)
{
    bool is_waiting = input->bytes.len > 0 || input->is_pasting;
    return is_waiting ? input->touched + patience(input) : INT64_MAX;
}
