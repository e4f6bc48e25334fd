/*
 * Prompt: a line of text that is edited key by key: readline's keys, whole characters, undo, paste,
 * history. A state machine: keys in, what happened out. It draws nothing and knows no meaning.
 */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include "base/base.h"
#include "base/str.h"
#include "tui/key.h"

#define PROMPT_MAX_BYTES (64 * KIB)
#define PROMPT_HISTORY_MAX 200

typedef enum PromptResult {
    PROMPT_IGNORED,  /* not a key of the prompt */
    PROMPT_MOVED,    /* only the cursor moved, or nothing changed */
    PROMPT_CHANGED,  /* the text is another */
    PROMPT_ACCEPTED, /* Enter */
    PROMPT_CANCELLED /* Escape, C-c, C-g */
} PromptResult;

/* Accepted texts, oldest first; belongs to whoever opens prompts of one kind. */
typedef struct PromptHistory {
    StrBuf *items;
    size_t count;
    size_t capacity;
} PromptHistory;

typedef struct PromptUndo {
    StrBuf text;
    size_t cursor;
} PromptUndo;

typedef struct Prompt {
    StrBuf text;
    size_t cursor;          /* byte offset, always between whole characters */
    StrBuf killed;          /* for C-y */
    StrBuf typed;           /* what was typed before history was entered */
    PromptHistory *history; /* borrowed, may be NULL */
    size_t history_at;      /* == history->count: not in history */
    PromptUndo *undo;
    size_t undo_count;
    size_t undo_capacity;
    bool joins_undo; /* the last change was typing: one undo step for a run of it */
} Prompt;

/* Opens the prompt with `text`, the cursor at its end. A Prompt of all zeroes may be opened. */
void prompt_open(Prompt *prompt, StrView text, PromptHistory *history);
void prompt_done(Prompt *prompt);

/* Replaces the whole text, as one step of undo. */
void prompt_set(Prompt *prompt, StrView text, size_t cursor);

/* Feeds a key; `paste` is the text of KEY_CODE_PASTE (newlines become blanks). */
PromptResult prompt_key(Prompt *prompt, Key key, StrView paste);
StrView prompt_text(const Prompt *prompt);

/* Adds a text that was accepted; an equal earlier one goes. */
void prompt_history_add(PromptHistory *history, StrView text);
void prompt_history_done(PromptHistory *history);

#endif
