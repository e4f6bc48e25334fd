/*
 * Input: the bytes a terminal sends, made into keys: UTF-8, control characters, the escape
 * sequences of xterm and its family, of the Linux console and of whatever terminfo says, bracketed
 * paste, the mouse. Answers of the terminal are taken note of and are never keys. It reads no
 * descriptor and no clock, and knows no curses.
 */
#ifndef TUI_INPUT_H
#define TUI_INPUT_H

#include "base/base.h"
#include "base/str.h"
#include "tui/key.h"
#include "tui/mouse.h"

/* A lone ESC becomes the Escape key when nothing follows it for so long. */
#define INPUT_ESCAPE_NS (INT64_C(25) * NS_PER_MS)
/* A sequence that was begun is given up when nothing follows for so long. */
#define INPUT_SEQUENCE_NS (INT64_C(150) * NS_PER_MS)
/* The same for one that nobody types, an answer or the mouse's: a slow line delivers it in parts.
 */
#define INPUT_REPORT_NS (INT64_C(2) * NS_PER_SECOND)
/* A paste whose end does not come is taken as it is after so long. */
#define INPUT_PASTE_NS (INT64_C(2) * NS_PER_SECOND)
/* What is pasted beyond this is dropped. */
#define INPUT_PASTE_MAX (64 * KIB)

/* The question whether a terminal has the mode (2026) in which it shows a frame at once. */
#define INPUT_SYNC_QUESTION "\033[?2026$p"

#define INPUT_LEARNT_MAX 64
#define INPUT_SEQUENCE_MAX 32

typedef struct InputLearnt {
    char sequence[INPUT_SEQUENCE_MAX];
    size_t len;
    Key key;
} InputLearnt;

/* An Input of all zeroes is ready for use. */
typedef struct Input {
    StrBuf bytes;    /* received, not made into keys yet */
    int64_t touched; /* when the last byte came */
    bool is_pasting; /* between the two marks of a bracketed paste */
    StrBuf paste;
    InputLearnt learnt[INPUT_LEARNT_MAX];
    size_t learnt_count;
    MouseClicks clicks;
    bool has_sync;    /* the terminal said that it knows mode 2026 */
    unsigned answers; /* to PACE_QUESTION, since whoever asks took them out */
} Input;

void input_done(Input *input);

/* Takes note that the terminal sends `sequence` for `key`. NULL, "", what is too long and what is a
 * single printable character is left out. */
void input_learn(Input *input, const char *sequence, Key key);

/* The same for all keys that terminfo has names for; `capability` gives the value of one ("kcuu1"),
 * NULL when the terminal has no such key. */
void input_learn_all(Input *input, const char *(*capability)(const char *name));

/* Takes bytes that have just been read. */
void input_feed(Input *input, StrView bytes, int64_t now);

/* Gives the next key; false when there is none, or when it is too early to tell. Of a paste the
 * text goes into `ret_paste`, its line ends made into '\n'. */
bool input_next(Input *input, int64_t now, Key *ret_key, StrBuf *ret_paste);

/* When input_next must be called though no byte has come; INT64_MAX = never. */
int64_t input_deadline(const Input *input);

#endif
