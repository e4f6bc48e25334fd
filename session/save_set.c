/*
 * SaveSet: see save_set.h. Numbers are gathered in order and made unique; rows are only looked at.
 */
#include "session/save_set.h"

#include <string.h>

#include "base/mem.h"

static void add(SaveNumbers *numbers, EntryNumber number)
{
    if (numbers->count > 0 && numbers->items[numbers->count - 1] >= number) {
        return; /* it is there already */
    }
    mem_grow((void **)&numbers->items, &numbers->capacity, numbers->count, sizeof *numbers->items);
    numbers->items[numbers->count++] = number;
}

void save_numbers_done(SaveNumbers *numbers)
{
    mem_free(numbers->items);
    *numbers = (SaveNumbers){0};
}

static bool is_notice(const Store *store, StoreRun *run, EntryNumber number)
{
    StoreRow row;
    return store_find_in_run(store, run, number, &row) &&
           row.columns->kind[row.index] == KIND_NOTICE;
}

/* --- of a pane -------------------------------------------------------------------------------- */

/* The rows of a pane's view that are meant: from *ret_from up to *ret_to, without it. */
static void pane_rows(Session *session, const SaveChoice *choice, size_t *ret_from, size_t *ret_to)
{
    const View *view = session_pane(session, choice->pane)->view;
    bool is_range = choice->set == SAVE_SET_RANGE;
    bool is_open = !is_range || choice->last == UINT64_MAX; /* nothing comes after it */
    *ret_from = is_range ? view_find_from(view, choice->first) : 0;
    *ret_to = is_open ? view_len(view) : view_find_from(view, choice->last + 1);
}

/* Entries are only nearly in order of time, so each is asked. */
static bool is_in_time(const StoreRow *row, const SaveChoice *choice)
{
    int64_t ns = row->columns->time_ns[row->index];
    return choice->set != SAVE_SET_TIMES ||
           ((choice->since_ns == CLOCK_NO_TIME || ns >= choice->since_ns) &&
            (choice->until_ns == CLOCK_NO_TIME || ns <= choice->until_ns));
}

static void take_pane(Session *session, const SaveChoice *choice, SaveNumbers *ret)
{
    const View *view = session_pane(session, choice->pane)->view;
    const Store *store = session_store(session);
    StoreRun run = {0};
    size_t row, to;
    for (pane_rows(session, choice, &row, &to); row < to; row++) {
        StoreRow place;
        EntryNumber number = view_get(view, row);
        if (store_find_in_run(store, &run, number, &place) && is_in_time(&place, choice)) {
            add(ret, number);
        }
    }
}

/* --- chosen ones ------------------------------------------------------------------------------ */

/* The number of the entry that is `steps` entries before (after) `number`, or the first (last). */
static EntryNumber step_from(const Store *store, EntryNumber number, size_t steps, bool backward)
{
    StoreRun run = {0};
    EntryNumber first = store_first(store), end = store_end(store);
    while (steps > 0 && (backward ? number > first : number + 1 < end)) {
        number += backward ? (EntryNumber)-1 : 1;
        steps -= !is_notice(store, &run, number);
    }
    return number;
}

/* Adds the notices between two numbers: what is missing there belongs to what is told. */
static void add_notices(const Store *store, EntryNumber from, EntryNumber to, SaveNumbers *ret)
{
    StoreRun run = {0};
    from = from < store_first(store) ? store_first(store) : from;
    to = to < store_end(store) ? to : store_end(store);
    for (EntryNumber number = from; number < to; number++) {
        if (is_notice(store, &run, number)) {
            add(ret, number);
        }
    }
}

static void take_numbers(Session *session, const SaveChoice *choice, const EntryNumber *items,
                         size_t count, SaveNumbers *ret)
{
    const Store *store = session_store(session);
    for (size_t i = 0; i < count; i++) {
        EntryNumber from = items[i], to = items[i];
        bool is_held = items[i] >= store_first(store) && items[i] < store_end(store);
        if (is_held && choice->around > 0) {
            from = step_from(store, items[i], choice->around, true);
            to = step_from(store, items[i], choice->around, false);
        }
        if (ret->count > 0) {
            add_notices(store, ret->items[ret->count - 1] + 1, from, ret);
        }
        for (EntryNumber number = from; number < to; number++) {
            add(ret, number);
        }
        add(ret, to);
    }
}

static void take_marks(Session *session, const SaveChoice *choice, SaveNumbers *ret)
{
    const Marks *marks = session_marks(session);
    SaveNumbers marked = {0};
    for (size_t i = 0; i < marks_count(marks); i++) {
        add(&marked, marks_get(marks, i));
    }
    take_numbers(session, choice, marked.items, marked.count, ret);
    save_numbers_done(&marked);
}

static void take_all(Session *session, SaveNumbers *ret)
{
    const Store *store = session_store(session);
    for (EntryNumber number = store_first(store); number < store_end(store); number++) {
        add(ret, number);
    }
}

void save_numbers_take(Session *session, const SaveChoice *choice, SaveNumbers *ret)
{
    *ret = (SaveNumbers){0};
    switch (choice->set) {
    case SAVE_SET_MARKS:
        take_marks(session, choice, ret);
        break;
    case SAVE_SET_NUMBERS:
        take_numbers(session, choice, choice->numbers, choice->number_count, ret);
        break;
    case SAVE_SET_ALL:
        take_all(session, ret);
        break;
    case SAVE_SET_VIEW:
    case SAVE_SET_RANGE:
    case SAVE_SET_TIMES:
        take_pane(session, choice, ret);
        break;
    }
}

uint64_t save_count_entries(Session *session, const SaveChoice *choice)
{
    const View *view = session_pane(session, choice->pane)->view;
    size_t from, to;
    if (choice->set == SAVE_SET_VIEW) {
        return view_counts(view).entries;
    }
    if (choice->set == SAVE_SET_RANGE) {
        pane_rows(session, choice, &from, &to);
        return view_count_entries(view, from, to);
    }
    if (choice->set == SAVE_SET_ALL) {
        return store_counts(session_store(session))->held;
    }
    SaveNumbers numbers;
    StoreRun run = {0};
    uint64_t count = 0;
    save_numbers_take(session, choice, &numbers);
    for (size_t i = 0; i < numbers.count; i++) {
        count += !is_notice(session_store(session), &run, numbers.items[i]);
    }
    save_numbers_done(&numbers);
    return count;
}

EntryNumber save_covers(Session *session, const SaveChoice *choice)
{
    const Store *store = session_store(session);
    return save_count_entries(session, choice) == store_counts(store)->held ? store_end(store) : 0;
}

/* --- what proves something -------------------------------------------------------------------- */

/* What a row between the proofs must have to be one of them. */
typedef struct Wanted {
    uint8_t source;
    int stage;       /* 0 = any */
    StrView process; /* nil = any */
    StrView text;    /* in the message; nil = any */
    const Proof *proofs[ENROLMENT_PROOFS_MAX];
    size_t count;
} Wanted;

static bool is_wanted(const StoreRow *row, const Wanted *wanted)
{
    const Columns *columns = row->columns;
    uint32_t at = row->index;
    return columns->source[at] == wanted->source &&
           (wanted->stage == 0 || columns->tag[at].stage == wanted->stage) &&
           (wanted->process.ptr == NULL ||
            sv_equal(columns_text(columns, columns->process[at]), wanted->process)) &&
           (wanted->text.ptr == NULL ||
            sv_find(columns_message(columns, at), wanted->text) != SIZE_MAX);
}

static bool is_proof(const Wanted *wanted, EntryNumber number)
{
    for (size_t i = 0; i < wanted->count; i++) {
        if (wanted->proofs[i]->number == number) {
            return true;
        }
    }
    return false;
}

static void collect(Session *session, const Wanted *wanted, SaveNumbers *ret)
{
    const Store *store = session_store(session);
    StoreRun run = {0};
    EntryNumber first = 0, last = 0;
    *ret = (SaveNumbers){0};
    for (size_t i = 0; i < wanted->count; i++) {
        EntryNumber number = wanted->proofs[i]->number;
        first = number != 0 && (first == 0 || number < first) ? number : first;
        last = number > last ? number : last;
    }
    first = first < store_first(store) ? store_first(store) : first;
    for (EntryNumber number = first; number <= last; number++) {
        StoreRow row;
        if (store_find_in_run(store, &run, number, &row) &&
            (is_proof(wanted, number) || is_wanted(&row, wanted))) {
            add(ret, number);
        }
    }
}

static void add_proof(Wanted *wanted, const Proof *proof)
{
    if (proof->number != 0 && wanted->count < ARRAY_LEN(wanted->proofs)) {
        wanted->proofs[wanted->count++] = proof;
    }
}

void save_numbers_of_stage(Session *session, const Attempt *attempt, int stage, SaveNumbers *ret)
{
    EnrolmentStage found;
    Wanted wanted = {.source = attempt_source(attempt), .stage = stage};
    attempt_stage(attempt, stage, &found);
    for (size_t i = 0; i < found.proof_count; i++) {
        add_proof(&wanted, &found.proofs[i]);
    }
    collect(session, &wanted, ret);
}

void save_numbers_of_command(Session *session, const Attempt *attempt, const MdmCommand *command,
                             SaveNumbers *ret)
{
    Proof last = {.number = command->last};
    Wanted wanted = {.source = attempt_source(attempt),
                     .text = sv(command->id[0] != '\0' ? command->id : command->type)};
    add_proof(&wanted, &command->received);
    add_proof(&wanted, &command->answered);
    add_proof(&wanted, &last);
    collect(session, &wanted, ret);
}

void save_numbers_of_failure(Session *session, const Attempt *attempt, const Failure *failure,
                             SaveNumbers *ret)
{
    Wanted wanted = {.source = attempt_source(attempt),
                     .process = sv(failure->first.process),
                     .text = sv(failure->code[0] != '\0' ? failure->code : failure->text)};
    add_proof(&wanted, &failure->first);
    add_proof(&wanted, &failure->last);
    collect(session, &wanted, ret);
}
