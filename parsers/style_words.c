/*
 * The words of the type column, see style_words.h. Seen in public output: Default, Info, Error,
 * Fault, Activity, Signpost of the default style and Df, E, Sp of the compact one. The others
 * follow their pattern and are not confirmed; a word that is none of these gives an entry of
 * another kind.
 */
#include "parsers/style_words.h"

#include "parsers/fields.h"

/* clang-format off */
static const StyleWord WORDS[] = {
    {KIND_LOG, LEVEL_DEFAULT, "Default", "Df"},
    {KIND_LOG, LEVEL_INFO, "Info", "I"},
    {KIND_LOG, LEVEL_DEBUG, "Debug", "Db"},
    {KIND_LOG, LEVEL_ERROR, "Error", "E"},
    {KIND_LOG, LEVEL_FAULT, "Fault", "F"},
    {KIND_ACTIVITY_CREATE, LEVEL_NONE, "Activity", "A"},
    {KIND_SIGNPOST, LEVEL_NONE, "Signpost", "Sp"},
    {KIND_STATE, LEVEL_NONE, "State", "St"},
    {KIND_TIMESYNC, LEVEL_NONE, "Timesync", "Ts"},
    {KIND_LOSS, LEVEL_NONE, "Loss", "Lo"},
    {KIND_TRACE, LEVEL_NONE, "Trace", "Tr"},
    {KIND_ACTIVITY_TRANSITION, LEVEL_NONE, "Transition", "At"},
    {KIND_USER_ACTION, LEVEL_NONE, "UserAction", "Ua"},
    {KIND_METRIC, LEVEL_NONE, "Metric", "Me"},
};
/* clang-format on */

static void store(const StyleWord *found, StrView text, Entry *entry)
{
    entry->kind = found ? found->kind : KIND_OTHER;
    entry->level = found ? found->level : LEVEL_NONE;
    entry->type_word = found ? sv(kind_word(found->kind)) : text;
}

void style_words_read(StrView word, Entry *entry)
{
    const StyleWord *found = NULL;
    for (size_t i = 0; i < ARRAY_LEN(WORDS) && !found; i++) {
        found = sv_equal(word, sv(WORDS[i].word)) ? &WORDS[i] : NULL;
    }
    store(found, word, entry);
}

void style_words_read_letters(StrView letters, Entry *entry)
{
    const StyleWord *found = NULL;
    for (size_t i = 0; i < ARRAY_LEN(WORDS) && !found; i++) {
        found = sv_equal(letters, sv(WORDS[i].letters)) ? &WORDS[i] : NULL;
    }
    store(found, letters, entry);
}

const StyleWord *style_words_find(const Entry *entry)
{
    /* A log entry of a reduced capture may have no level: default, as Apple counts it. */
    Level level =
        entry->kind == KIND_LOG && entry->level == LEVEL_NONE ? LEVEL_DEFAULT : entry->level;
    for (size_t i = 0; i < ARRAY_LEN(WORDS); i++) {
        if (WORDS[i].kind == entry->kind && (entry->kind != KIND_LOG || WORDS[i].level == level)) {
            return &WORDS[i];
        }
    }
    return NULL;
}
