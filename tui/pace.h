/*
 * Pace: how much may be on its way to the terminal. Systems and networks take far more bytes than a
 * slow line delivers, and every one of them is a frame that comes late. So each frame ends with a
 * question, and frames wait for answers: on a line that delays them few bytes are on their way, on
 * one that does not as many as fit. No terminal, no clock: times are parameters.
 */
#ifndef TUI_PACE_H
#define TUI_PACE_H

#include "base/base.h"

/* The question ("how are you?", DSR), which every terminal of the VT100's family answers. */
#define PACE_QUESTION "\033[5n"

#define PACE_MARKS_MAX 32
#define PACE_WINDOW_MIN 512
#define PACE_WINDOW_START (2 * KIB)
#define PACE_WINDOW_MAX (256 * KIB)

/* An answer that is so much later than the quickest one had to wait for bytes before it. */
#define PACE_DELAY_NS (INT64_C(60) * NS_PER_MS)
/* No answer for so long: nobody answers any more. */
#define PACE_LOST_NS (INT64_C(10) * NS_PER_SECOND)

typedef struct PaceMark {
    size_t bytes;  /* since the question before */
    size_t on_way; /* with these */
    int64_t time;  /* of this question */
} PaceMark;

/* All zeroes = ready for use, and open. */
typedef struct Pace {
    bool is_known; /* the terminal answers */
    PaceMark marks[PACE_MARKS_MAX];
    size_t first, count; /* of the questions without an answer */
    size_t on_way;       /* their bytes */
    size_t window;
    int64_t quickest; /* answer; 0 = none yet */
} Pace;

/* Takes note of a question that follows `bytes`. */
void pace_ask(Pace *pace, size_t bytes, int64_t now);

/* Takes note of an answer; one that nothing was asked for is passed over. */
void pace_answer(Pace *pace, int64_t now);

/* Whether another frame may go out. */
bool pace_is_open(const Pace *pace, int64_t now);

/* When it will be open even without an answer; INT64_MAX = it is. */
int64_t pace_deadline(const Pace *pace, int64_t now);

/* When the last question was asked that has no answer; 0 = all have one. */
int64_t pace_asked(const Pace *pace);

/* Forgets what has not been answered: the terminal was somebody else's meanwhile. */
void pace_forget(Pace *pace);

#endif
