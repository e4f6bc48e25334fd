/*
 * Search: the numbers of the matching rows of one view, from its first row up to a cursor that
 * moves with search_step. Verdicts on process, subsystem and category are kept per atom, so that
 * only the messages cost. It counts only in a view that has been scanned to its end.
 */
#include "session/search.h"

#include "base/bits.h"
#include "base/mem.h"
#include "session/numbers.h"

#define SEARCH_FLAGS REGEX_SMART_CASE

/* So many rows before its turn a message is asked of the memory: messages lie far apart among the
 * raw bytes, and waiting for each would take longer than searching it. */
#define ROWS_AHEAD 8

/* search_find gives up when so many texts were stopped: each has cost milliseconds. */
#define FIND_STOPPED_MAX 64

/* Verdicts on an atom; 0 = not asked yet. */
#define VERDICT_NO 1
#define VERDICT_YES 2

struct Search {
    StrBuf pattern;
    Regex *regex;      /* NULL = no search */
    uint8_t *verdicts; /* by atom */
    size_t verdict_capacity;
    const View *view; /* counted in; compared only */
    uint64_t revision;
    Numbers hits;       /* matching entries before `cursor` */
    EntryNumber cursor; /* rows with a number below have been looked at */
    bool is_done;
    uint64_t stopped;
};

Search *search_new(void)
{
    return mem_calloc(1, sizeof(Search));
}

void search_free(Search *search)
{
    if (search == NULL) {
        return;
    }
    strbuf_done(&search->pattern);
    regex_free(search->regex);
    mem_free(search->verdicts);
    numbers_done(&search->hits);
    mem_free(search);
}

static void restart(Search *search)
{
    numbers_clear(&search->hits);
    search->cursor = 0;
    search->is_done = false;
}

bool search_set(Search *search, StrView pattern, Err *err)
{
    Regex *regex = NULL;
    if (pattern.len > 0) {
        regex = regex_new(pattern, SEARCH_FLAGS, err);
        if (regex == NULL) {
            return false;
        }
    }
    regex_free(search->regex);
    search->regex = regex;
    search->stopped = 0;
    StrBuf text = {0};
    strbuf_add(&text, pattern);
    strbuf_done(&search->pattern);
    search->pattern = text;
    mem_free(search->verdicts);
    search->verdicts = NULL;
    search->verdict_capacity = 0;
    restart(search);
    return true;
}

StrView search_pattern(const Search *search)
{
    return strbuf_view(&search->pattern);
}

bool search_is_on(const Search *search)
{
    return search->regex != NULL;
}

uint64_t search_stopped(const Search *search)
{
    return search->stopped;
}

static bool text_matches(Search *search, StrView text)
{
    size_t start, end;
    if (text.ptr == NULL) {
        return false;
    }
    RegexResult result = regex_search(search->regex, text, 0, &start, &end);
    search->stopped += result == REGEX_STOPPED;
    return result == REGEX_YES;
}

/* The verdict on an interned value, asked of the regular expression once. */
static bool value_matches(Search *search, const Columns *columns, uint32_t value)
{
    if (value == ATOM_NONE) {
        return false;
    }
    if ((value & COLUMN_LOCAL) != 0) {
        return text_matches(search, columns_text(columns, value));
    }
    while (value >= search->verdict_capacity) {
        size_t old = search->verdict_capacity;
        mem_grow((void **)&search->verdicts, &search->verdict_capacity, old, 1);
        for (size_t i = old; i < search->verdict_capacity; i++) {
            search->verdicts[i] = 0;
        }
    }
    uint8_t *verdict = &search->verdicts[value];
    if (*verdict == 0) {
        bool matches = text_matches(search, columns_text(columns, value));
        *verdict = matches ? VERDICT_YES : VERDICT_NO;
    }
    return *verdict == VERDICT_YES;
}

bool search_matches(Search *search, const Columns *columns, uint32_t index)
{
    return search->regex != NULL && (value_matches(search, columns, columns->process[index]) ||
                                     value_matches(search, columns, columns->subsystem[index]) ||
                                     value_matches(search, columns, columns->category[index]) ||
                                     text_matches(search, columns_message(columns, index)));
}

/* Where the message of a row lies that may be in the run; NULL = not in it. The prefetch itself is
 * up to the caller: compilers take a function that does nothing else for one without effect. */
static const char *message_bytes(const StoreRun *run, EntryNumber number)
{
    if (number < run->first || number >= run->end) {
        return NULL;
    }
    return run->row.columns->bytes + run->row.columns->message[number - run->first].offset;
}

/* Forgets the hits that the store has evicted. */
static void trim(Search *search, const Store *store)
{
    size_t gone = numbers_find(&search->hits, store_first(store));
    if (gone > 0) {
        numbers_drop_front(&search->hits, gone);
    }
}

static bool counts_for(const Search *search, const View *view)
{
    return search->view == view && search->revision == view_revision(view);
}

bool search_step(Search *search, const Store *store, const View *view, uint32_t rows)
{
    if (!counts_for(search, view)) {
        restart(search);
        search->view = view;
        search->revision = view_revision(view);
    }
    if (search->regex == NULL) {
        search->is_done = true;
        return false;
    }
    if (!view_is_done(view)) {
        search->is_done = false;
        return true;
    }
    trim(search, store);
    StoreRun run = {0};
    size_t row = view_find_from(view, search->cursor);
    size_t len = view_len(view);
    for (; row < len && rows > 0; row++, rows--) {
        EntryNumber number = view_get(view, row);
        StoreRow at;
        if (row + ROWS_AHEAD < len) {
            bits_prefetch(message_bytes(&run, view_get(view, row + ROWS_AHEAD)));
        }
        if (store_find_in_run(store, &run, number, &at) &&
            search_matches(search, at.columns, at.index)) {
            numbers_push_back(&search->hits, number);
        }
        search->cursor = number + 1;
    }
    search->is_done = row >= len;
    return !search->is_done;
}

bool search_is_done(const Search *search)
{
    return search->is_done;
}

uint64_t search_count(const Search *search)
{
    return search->hits.len;
}

uint64_t search_position(const Search *search, EntryNumber number)
{
    return numbers_find(&search->hits, number + 1);
}

/* Looks through rows [from, to), the last first when `backward`; SIZE_MAX = none matches. */
static size_t find_between(Search *search, const Store *store, const View *view, size_t from,
                           size_t to, bool backward)
{
    StoreRun run = {0};
    uint64_t stopped_max = search->stopped + FIND_STOPPED_MAX;
    for (size_t i = 0; from + i < to && search->stopped < stopped_max; i++) {
        size_t row = backward ? to - 1 - i : from + i;
        StoreRow at;
        if (from + i + ROWS_AHEAD < to) {
            size_t ahead = backward ? row - ROWS_AHEAD : row + ROWS_AHEAD;
            bits_prefetch(message_bytes(&run, view_get(view, ahead)));
        }
        if (store_find_in_run(store, &run, view_get(view, row), &at) &&
            search_matches(search, at.columns, at.index)) {
            return row;
        }
    }
    return SIZE_MAX;
}

/* The same among the hits, when all rows have been counted. */
static size_t find_hit_between(const Search *search, const View *view, size_t from, size_t to,
                               bool backward)
{
    if (from >= to) {
        return SIZE_MAX;
    }
    size_t low = numbers_find(&search->hits, view_get(view, from));
    size_t high = numbers_find(&search->hits, view_get(view, to - 1) + 1);
    if (low >= high) {
        return SIZE_MAX;
    }
    return view_find(view, numbers_get(&search->hits, backward ? high - 1 : low));
}

size_t search_find(Search *search, const Store *store, const View *view, size_t row, bool backward,
                   bool *ret_wrapped)
{
    size_t len = view_len(view);
    if (search->regex == NULL || len == 0) {
        return SIZE_MAX;
    }
    bool is_counted = counts_for(search, view) && search->is_done && view_is_done(view) &&
                      search->cursor > view_get(view, len - 1);
    trim(search, store);
    /* Rows before and rows from `split` on: what comes first, then what comes after going round. */
    size_t after = row == SIZE_MAX ? 0 : row + 1;
    size_t split = backward ? row : after;
    split = split < len ? split : len;
    for (int round = 0; round < 2; round++) {
        bool is_upper = (round == 0) != backward;
        size_t from = is_upper ? split : 0;
        size_t to = is_upper ? len : split;
        size_t found = is_counted ? find_hit_between(search, view, from, to, backward)
                                  : find_between(search, store, view, from, to, backward);
        if (found != SIZE_MAX) {
            if (ret_wrapped != NULL) {
                *ret_wrapped = round == 1;
            }
            return found;
        }
    }
    return SIZE_MAX;
}

bool search_span(Search *search, StrView text, size_t from, size_t *ret_start, size_t *ret_end)
{
    return search->regex != NULL && text.ptr != NULL && from <= text.len &&
           regex_search(search->regex, text, from, ret_start, ret_end) == REGEX_YES;
}
