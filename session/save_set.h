/*
 * SaveSet: which entries an excerpt is made of, as numbers: of a pane, a range, marks, a time
 * range, chosen ones with what stands around them, or all that are held. It writes nothing.
 */
#ifndef SESSION_SAVE_SET_H
#define SESSION_SAVE_SET_H

#include "base/base.h"
#include "session/session.h"

/* What to write. */
typedef enum SaveSet {
    SAVE_SET_VIEW,
    SAVE_SET_MARKS,
    SAVE_SET_RANGE,
    SAVE_SET_TIMES,   /* of a pane */
    SAVE_SET_NUMBERS, /* those that prove a stage, a command, an error */
    SAVE_SET_ALL
} SaveSet;

#define SAVE_AROUND_MAX 1000

typedef struct SaveChoice {
    SaveSet set;
    size_t pane;             /* SAVE_SET_VIEW, SAVE_SET_RANGE, SAVE_SET_TIMES */
    EntryNumber first, last; /* SAVE_SET_RANGE: both included */
    int64_t since_ns;        /* SAVE_SET_TIMES, both included; CLOCK_NO_TIME = open */
    int64_t until_ns;
    const EntryNumber *numbers; /* SAVE_SET_NUMBERS: in order, borrowed */
    size_t number_count;
    size_t around; /* SAVE_SET_MARKS, _NUMBERS: so many held entries before and after each */
} SaveChoice;

typedef struct SaveNumbers {
    EntryNumber *items; /* in order, each once; notices of gaps among them */
    size_t count;
    size_t capacity;
} SaveNumbers;

/* Puts down the numbers as they are now. The caller frees them with save_numbers_done. */
void save_numbers_take(Session *session, const SaveChoice *choice, SaveNumbers *ret);
void save_numbers_done(SaveNumbers *numbers);

/* How many entries that would be now. Notices are none. */
uint64_t save_count_entries(Session *session, const SaveChoice *choice);

/* Where that is all that is held: the number behind the newest entry; else 0. */
EntryNumber save_covers(Session *session, const SaveChoice *choice);

/* The entries that are held and prove a stage, a command or a failure of an attempt: the tracker's
 * proofs, and between the first and the last of them those of the same source that speak of the
 * same stage, name the command's id, or are of the same process and name the error's code. */
void save_numbers_of_stage(Session *session, const Attempt *attempt, int stage, SaveNumbers *ret);
void save_numbers_of_command(Session *session, const Attempt *attempt, const MdmCommand *command,
                             SaveNumbers *ret);
void save_numbers_of_failure(Session *session, const Attempt *attempt, const Failure *failure,
                             SaveNumbers *ret);

#endif
