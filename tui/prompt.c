/*
 * Prompt: the line editor. Every change goes through replace(), which keeps undo and the limit;
 * keys are a table of small functions.
 */
#include "tui/prompt.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

#define UNDO_MAX 500

static StrView rest_after(const Prompt *prompt, size_t offset)
{
    return sv_slice(strbuf_view(&prompt->text), offset, SIZE_MAX);
}

static size_t next_char(const Prompt *prompt, size_t offset)
{
    int width;

    return offset + utf8_cluster(rest_after(prompt, offset), &width);
}

/* Clusters can only be found from the start: there is no reading backwards over joiners. */
static size_t previous_char(const Prompt *prompt, size_t offset)
{
    size_t at = 0;
    size_t before = 0;

    while (at < offset) {
        before = at;
        at = next_char(prompt, at);
    }
    return before;
}

static bool is_word_byte(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || byte == '_' || (byte & 0x80) != 0;
}

static size_t word_start(const Prompt *prompt)
{
    size_t at = prompt->cursor;

    while (at > 0 && !is_word_byte(prompt->text.ptr[at - 1])) {
        at--;
    }
    while (at > 0 && is_word_byte(prompt->text.ptr[at - 1])) {
        at--;
    }
    return at;
}

static size_t word_end(const Prompt *prompt)
{
    size_t at = prompt->cursor;

    while (at < prompt->text.len && !is_word_byte(prompt->text.ptr[at])) {
        at++;
    }
    while (at < prompt->text.len && is_word_byte(prompt->text.ptr[at])) {
        at++;
    }
    return at;
}

static void forget_undo(Prompt *prompt)
{
    for (size_t i = 0; i < prompt->undo_count; i++) {
        strbuf_done(&prompt->undo[i].text);
    }
    prompt->undo_count = 0;
    prompt->joins_undo = false;
}

static void remember_undo(Prompt *prompt, bool is_typing)
{
    if (is_typing && prompt->joins_undo) {
        return;
    }
    prompt->joins_undo = is_typing;
    if (prompt->undo_count == UNDO_MAX) {
        strbuf_done(&prompt->undo[0].text);
        memmove(prompt->undo, prompt->undo + 1, (UNDO_MAX - 1) * sizeof *prompt->undo);
        prompt->undo_count--;
    }
    mem_grow((void **)&prompt->undo, &prompt->undo_capacity, prompt->undo_count,
             sizeof *prompt->undo);
    PromptUndo *undo = &prompt->undo[prompt->undo_count++];

    *undo = (PromptUndo){.cursor = prompt->cursor};
    strbuf_add(&undo->text, strbuf_view(&prompt->text));
}

static PromptResult replace(Prompt *prompt, size_t from, size_t to, StrView text, bool is_typing)
{
    if (prompt->text.len - (to - from) + text.len > PROMPT_MAX_BYTES ||
        (from == to && text.len == 0)) {
        return PROMPT_MOVED;
    }
    remember_undo(prompt, is_typing);
    strbuf_replace(&prompt->text, from, to - from, text);
    prompt->cursor = from + text.len;
    return PROMPT_CHANGED;
}

static PromptResult kill_span(Prompt *prompt, size_t from, size_t to)
{
    if (from >= to) {
        return PROMPT_MOVED;
    }
    strbuf_clear(&prompt->killed);
    strbuf_add(&prompt->killed, sv_slice(strbuf_view(&prompt->text), from, to - from));
    return replace(prompt, from, to, SV(""), false);
}

static PromptResult move_to(Prompt *prompt, size_t offset)
{
    prompt->cursor = offset;
    prompt->joins_undo = false;
    return PROMPT_MOVED;
}

static PromptResult set_text(Prompt *prompt, StrView text)
{
    remember_undo(prompt, false);
    strbuf_clear(&prompt->text);
    strbuf_add(&prompt->text, text);
    prompt->cursor = prompt->text.len;
    return PROMPT_CHANGED;
}

/* --- one function a key ----------------------------------------------------------------------- */

static PromptResult do_accept(Prompt *prompt)
{
    (void)prompt; /* the text stays for the caller to read */
    return PROMPT_ACCEPTED;
}

static PromptResult do_cancel(Prompt *prompt)
{
    (void)prompt;
    return PROMPT_CANCELLED;
}

static PromptResult do_left(Prompt *prompt)
{
    return move_to(prompt, previous_char(prompt, prompt->cursor));
}

static PromptResult do_right(Prompt *prompt)
{
    return move_to(prompt, next_char(prompt, prompt->cursor));
}

static PromptResult do_home(Prompt *prompt)
{
    return move_to(prompt, 0);
}

static PromptResult do_end(Prompt *prompt)
{
    return move_to(prompt, prompt->text.len);
}

static PromptResult do_word_left(Prompt *prompt)
{
    return move_to(prompt, word_start(prompt));
}

static PromptResult do_word_right(Prompt *prompt)
{
    return move_to(prompt, word_end(prompt));
}

static PromptResult do_backspace(Prompt *prompt)
{
    return replace(prompt, previous_char(prompt, prompt->cursor), prompt->cursor, SV(""), false);
}

static PromptResult do_delete(Prompt *prompt)
{
    return replace(prompt, prompt->cursor, next_char(prompt, prompt->cursor), SV(""), false);
}

static PromptResult do_kill_word(Prompt *prompt)
{
    return kill_span(prompt, word_start(prompt), prompt->cursor);
}

static PromptResult do_kill_word_right(Prompt *prompt)
{
    return kill_span(prompt, prompt->cursor, word_end(prompt));
}

static PromptResult do_kill_start(Prompt *prompt)
{
    return kill_span(prompt, 0, prompt->cursor);
}

static PromptResult do_kill_end(Prompt *prompt)
{
    return kill_span(prompt, prompt->cursor, prompt->text.len);
}

static PromptResult do_yank(Prompt *prompt)
{
    return replace(prompt, prompt->cursor, prompt->cursor, strbuf_view(&prompt->killed), false);
}

static PromptResult do_transpose(Prompt *prompt)
{
    if (prompt->cursor == 0 || prompt->text.len < 2) {
        return PROMPT_MOVED;
    }
    size_t right = prompt->cursor < prompt->text.len ? prompt->cursor
                                                     : previous_char(prompt, prompt->text.len);
    size_t left = previous_char(prompt, right);
    size_t end = next_char(prompt, right);

    if (left == right) {
        return PROMPT_MOVED;
    }
    StrBuf swapped = {0};

    strbuf_add(&swapped, sv_slice(strbuf_view(&prompt->text), right, end - right));
    strbuf_add(&swapped, sv_slice(strbuf_view(&prompt->text), left, right - left));
    PromptResult result = replace(prompt, left, end, strbuf_view(&swapped), false);

    strbuf_done(&swapped);
    return result;
}

static PromptResult do_undo(Prompt *prompt)
{
    if (prompt->undo_count == 0) {
        return PROMPT_MOVED;
    }
    PromptUndo *undo = &prompt->undo[--prompt->undo_count];

    strbuf_clear(&prompt->text);
    strbuf_add(&prompt->text, strbuf_view(&undo->text));
    prompt->cursor = undo->cursor;
    strbuf_done(&undo->text);
    prompt->joins_undo = false;
    return PROMPT_CHANGED;
}

static PromptResult do_history_up(Prompt *prompt)
{
    if (prompt->history == NULL || prompt->history_at == 0) {
        return PROMPT_MOVED;
    }
    if (prompt->history_at == prompt->history->count) {
        strbuf_clear(&prompt->typed);
        strbuf_add(&prompt->typed, strbuf_view(&prompt->text));
    }
    prompt->history_at--;
    return set_text(prompt, strbuf_view(&prompt->history->items[prompt->history_at]));
}

static PromptResult do_history_down(Prompt *prompt)
{
    if (prompt->history == NULL || prompt->history_at >= prompt->history->count) {
        return PROMPT_MOVED;
    }
    prompt->history_at++;
    if (prompt->history_at == prompt->history->count) {
        return set_text(prompt, strbuf_view(&prompt->typed));
    }
    return set_text(prompt, strbuf_view(&prompt->history->items[prompt->history_at]));
}

typedef struct PromptKey {
    uint32_t code;
    uint8_t mods;
    PromptResult (*run)(Prompt *prompt);
} PromptKey;

/* clang-format off */
static const PromptKey PROMPT_KEYS[] = {
    {KEY_CODE_ENTER, 0, do_accept},
    {'j', KEY_CTRL, do_accept},
    {'m', KEY_CTRL, do_accept},
    {KEY_CODE_ESCAPE, 0, do_cancel},
    {'c', KEY_CTRL, do_cancel},
    {'g', KEY_CTRL, do_cancel},
    {KEY_CODE_LEFT, 0, do_left},
    {'b', KEY_CTRL, do_left},
    {KEY_CODE_RIGHT, 0, do_right},
    {'f', KEY_CTRL, do_right},
    {KEY_CODE_HOME, 0, do_home},
    {'a', KEY_CTRL, do_home},
    {KEY_CODE_END, 0, do_end},
    {'e', KEY_CTRL, do_end},
    {'b', KEY_ALT, do_word_left},
    {KEY_CODE_LEFT, KEY_CTRL, do_word_left},
    {KEY_CODE_LEFT, KEY_ALT, do_word_left},
    {'f', KEY_ALT, do_word_right},
    {KEY_CODE_RIGHT, KEY_CTRL, do_word_right},
    {KEY_CODE_RIGHT, KEY_ALT, do_word_right},
    {KEY_CODE_BACKSPACE, 0, do_backspace},
    {'h', KEY_CTRL, do_backspace},
    {KEY_CODE_DELETE, 0, do_delete},
    {'d', KEY_CTRL, do_delete},
    {'w', KEY_CTRL, do_kill_word},
    {KEY_CODE_BACKSPACE, KEY_ALT, do_kill_word},
    {'d', KEY_ALT, do_kill_word_right},
    {'u', KEY_CTRL, do_kill_start},
    {'k', KEY_CTRL, do_kill_end},
    {'y', KEY_CTRL, do_yank},
    {'t', KEY_CTRL, do_transpose},
    {'_', KEY_CTRL, do_undo},
    {'z', KEY_CTRL, do_undo},
    {KEY_CODE_UP, 0, do_history_up},
    {'p', KEY_CTRL, do_history_up},
    {KEY_CODE_DOWN, 0, do_history_down},
    {'n', KEY_CTRL, do_history_down},
};
/* clang-format on */

static PromptResult insert_paste(Prompt *prompt, StrView paste)
{
    StrBuf line = {0};

    for (size_t i = 0; i < paste.len; i++) {
        char byte = paste.ptr[i];

        if (byte == '\n' || byte == '\r' || byte == '\t') {
            strbuf_add_char(&line, ' ');
        } else if ((unsigned char)byte >= ' ' && byte != 0x7f) {
            strbuf_add_char(&line, byte);
        }
    }
    StrView text = sv_trim(strbuf_view(&line));
    PromptResult result = replace(prompt, prompt->cursor, prompt->cursor, text, false);

    strbuf_done(&line);
    return result;
}

PromptResult prompt_key(Prompt *prompt, Key key, StrView paste)
{
    for (size_t i = 0; i < ARRAY_LEN(PROMPT_KEYS); i++) {
        if (PROMPT_KEYS[i].code == key.code && PROMPT_KEYS[i].mods == key.mods) {
            return PROMPT_KEYS[i].run(prompt);
        }
    }
    if (key.code == KEY_CODE_PASTE) {
        return insert_paste(prompt, paste);
    }
    if (key.mods == 0 && key.code >= ' ' && key.code != 0x7f && key.code < 0x110000) {
        StrBuf typed = {0};

        utf8_append(&typed, key.code);
        PromptResult result =
            replace(prompt, prompt->cursor, prompt->cursor, strbuf_view(&typed), true);

        strbuf_done(&typed);
        return result;
    }
    return PROMPT_IGNORED;
}

void prompt_open(Prompt *prompt, StrView text, PromptHistory *history)
{
    forget_undo(prompt);
    strbuf_clear(&prompt->text);
    strbuf_add(&prompt->text, text);
    strbuf_clear(&prompt->typed);
    prompt->cursor = prompt->text.len;
    prompt->history = history;
    prompt->history_at = history != NULL ? history->count : 0;
}

void prompt_set(Prompt *prompt, StrView text, size_t cursor)
{
    if (text.len <= PROMPT_MAX_BYTES) {
        (void)set_text(prompt, text); /* it is another text, whatever it says */
        prompt->cursor = cursor < text.len ? cursor : text.len;
    }
}

void prompt_done(Prompt *prompt)
{
    forget_undo(prompt);
    mem_free(prompt->undo);
    strbuf_done(&prompt->text);
    strbuf_done(&prompt->killed);
    strbuf_done(&prompt->typed);
    *prompt = (Prompt){0};
}

StrView prompt_text(const Prompt *prompt)
{
    return strbuf_view(&prompt->text);
}

static void history_remove(PromptHistory *history, size_t index)
{
    strbuf_done(&history->items[index]);
    memmove(history->items + index, history->items + index + 1,
            (history->count - index - 1) * sizeof *history->items);
    history->count--;
}

void prompt_history_add(PromptHistory *history, StrView text)
{
    if (sv_trim(text).len == 0) {
        return;
    }
    for (size_t i = 0; i < history->count; i++) {
        if (sv_equal(strbuf_view(&history->items[i]), text)) {
            history_remove(history, i);
            break;
        }
    }
    if (history->count == PROMPT_HISTORY_MAX) {
        history_remove(history, 0);
    }
    mem_grow((void **)&history->items, &history->capacity, history->count, sizeof *history->items);
    history->items[history->count] = (StrBuf){0};
    strbuf_add(&history->items[history->count++], text);
}

void prompt_history_done(PromptHistory *history)
{
    for (size_t i = 0; i < history->count; i++) {
        strbuf_done(&history->items[i]);
    }
    mem_free(history->items);
    *history = (PromptHistory){0};
}
