/*
 * Fuzzy: a word is looked for from each place where its first letter stands; the best run wins.
 */
#include "tui/fuzzy.h"

#define SCORE_LETTER 1
#define SCORE_IN_ROW 4
#define SCORE_WORD_START 6
#define SCORE_TEXT_START 4
#define SCORE_SHORT 32 /* texts below this many bytes get what is left of it */

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_word_start(StrView text, size_t at)
{
    if (at == 0) {
        return true;
    }
    char before = text.ptr[at - 1];

    return before == ' ' || before == '-' || before == '_' || before == '/' || before == '.';
}

/* The score of a word whose first letter is put at `at`, the others as early as they come. */
static int score_from(StrView word, StrView text, size_t at)
{
    int score = 0;
    size_t last = SIZE_MAX;

    for (size_t i = 0; i < word.len; i++) {
        while (at < text.len && fold(text.ptr[at]) != fold(word.ptr[i])) {
            at++;
        }
        if (at == text.len) {
            return FUZZY_NONE;
        }
        score += SCORE_LETTER;
        score += i > 0 && at == last + 1 ? SCORE_IN_ROW : 0;
        score += is_word_start(text, at) ? SCORE_WORD_START : 0;
        score += at == 0 ? SCORE_TEXT_START : 0;
        last = at++;
    }
    return score;
}

static int score_word(StrView word, StrView text)
{
    int best = FUZZY_NONE;

    for (size_t at = 0; at < text.len; at++) {
        if (fold(text.ptr[at]) == fold(word.ptr[0])) {
            int score = score_from(word, text, at);

            best = score > best ? score : best;
        }
    }
    return best;
}

int fuzzy_score(StrView query, StrView text)
{
    int score = 0;

    query = sv_trim(query);
    if (query.len == 0) {
        return 0; /* all the same: they stay in their order */
    }
    while (query.len > 0) {
        StrView word = sv_slice(query, 0, sv_find_char(query, ' '));
        int own = score_word(word, text);

        if (own == FUZZY_NONE) {
            return FUZZY_NONE;
        }
        score += own;
        query = sv_trim(sv_slice(query, word.len, SIZE_MAX));
    }
    return score + (text.len < SCORE_SHORT ? (int)(SCORE_SHORT - text.len) / 4 : 0);
}
