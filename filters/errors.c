/*
 * Errors: the extractors of the knowledge over a message, and the look-up of what they find. It
 * knows no rows, stages or ranks.
 */
#include "filters/errors.h"

static bool code_matches(StrView known, StrView code)
{
    if (sv_equal(known, code)) {
        return true;
    }
    size_t dash = known.len > 1 ? sv_find_char(sv_slice(known, 1, known.len), '-') : SIZE_MAX;
    int64_t low = 0;
    int64_t high = 0;
    int64_t value = 0;
    return dash != SIZE_MAX && sv_to_i64(sv_slice(known, 0, dash + 1), &low) &&
           sv_to_i64(sv_slice(known, dash + 2, known.len), &high) && sv_to_i64(code, &value) &&
           low <= value && value <= high;
}

const KnownError *errors_look_up(const Knowledge *knowledge, StrView domain, StrView code)
{
    for (size_t i = 0; i < knowledge->error_count; i++) {
        const KnownError *error = &knowledge->errors[i];
        if (error->is_looked_up && sv_equal(error->domain, domain) &&
            code_matches(error->code, code)) {
            return error;
        }
    }
    return NULL;
}

static void add_mention(ErrorMentions *mentions, ErrorMention mention)
{
    for (size_t i = 0; i < mentions->count; i++) {
        ErrorMention *other = &mentions->items[i];
        bool is_same = mention.known != NULL && other->known == mention.known;
        if (is_same ||
            (sv_equal(other->domain, mention.domain) && sv_equal(other->code, mention.code))) {
            other->text = other->text.ptr != NULL ? other->text : mention.text;
            other->at = mention.at < other->at ? mention.at : other->at;
            return;
        }
    }
    if (mentions->count < ERROR_MENTIONS_MAX) {
        mentions->items[mentions->count++] = mention;
    }
}

void errors_add(const Knowledge *knowledge, StrView domain, StrView code, StrView text, size_t at,
                ErrorMentions *mentions)
{
    if (domain.len > 0 && code.len > 0) {
        add_mention(mentions, (ErrorMention){.domain = domain,
                                             .code = code,
                                             .text = text,
                                             .at = at,
                                             .known = errors_look_up(knowledge, domain, code)});
    }
}

/* Finds the next error that the extractor sees from `*from` on, and passes it. The text is checked
 * once, at its beginning: to check a long one anew for each of many errors would take for ever. */
static bool next_place(const KnownExtractor *extractor, StrView text, size_t *from, ErrorPlace *ret)
{
    size_t start = 0;
    size_t end = 0;
    RegexResult result = *from == 0 ? regex_search(extractor->regex, text, 0, &start, &end)
                                    : regex_search_on(extractor->regex, *from, &start, &end);
    if (result != REGEX_YES) {
        return false;
    }
    *ret = (ErrorPlace){.domain = extractor->domain.ptr != NULL
                                      ? extractor->domain
                                      : regex_group(extractor->regex, "domain"),
                        .code = regex_group(extractor->regex, "code"),
                        .text = regex_group(extractor->regex, "text"),
                        .start = start,
                        .end = end};
    *from = end > start ? end : end + 1;
    return true;
}

static void extract(const Knowledge *knowledge, const KnownExtractor *extractor, StrView message,
                    ErrorMentions *mentions)
{
    size_t from = 0;
    ErrorPlace place;
    while (mentions->count < ERROR_MENTIONS_MAX && next_place(extractor, message, &from, &place)) {
        errors_add(knowledge, place.domain, place.code, place.text, place.start, mentions);
    }
}

void errors_find(const Knowledge *knowledge, StrView message, ErrorMentions *mentions)
{
    for (size_t i = 0; i < knowledge->extractor_count; i++) {
        extract(knowledge, &knowledge->extractors[i], message, mentions);
    }
}

/* Puts a place where it belongs, unless one is there: of two ways to read a text the one that
 * stands first in the knowledge is right. */
static size_t add_place(ErrorPlace *places, size_t count, ErrorPlace place)
{
    size_t at = count;
    for (size_t i = 0; i < count; i++) {
        if (place.start < places[i].end && places[i].start < place.end) {
            return count;
        }
    }
    for (; at > 0 && places[at - 1].start > place.start; at--) {
        places[at] = places[at - 1];
    }
    places[at] = place;
    return count + 1;
}

size_t errors_places(const Knowledge *knowledge, StrView text, ErrorPlace *ret_places, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < knowledge->extractor_count; i++) {
        size_t from = 0;
        ErrorPlace place;
        while (count < max && next_place(&knowledge->extractors[i], text, &from, &place)) {
            if (place.domain.len > 0 && place.code.len > 0) {
                count = add_place(ret_places, count, place);
            }
        }
    }
    return count;
}

static void try_words(const KnownError *error, StrView message, ErrorMentions *mentions)
{
    size_t start = 0;
    size_t end = 0;
    if (regex_search(error->regex, message, 0, &start, &end) == REGEX_YES) {
        add_mention(mentions,
                    (ErrorMention){
                        .domain = error->domain, .code = error->code, .at = start, .known = error});
    }
}

void errors_find_words(const Knowledge *knowledge, StrView message, ErrorMentions *mentions)
{
    LiteralScan scan = literals_begin(knowledge->literals, message);
    uint16_t owner = 0;
    while (literals_next(&scan, &owner)) {
        size_t number = (size_t)owner - LITERAL_OF_ERRORS;
        if (owner >= LITERAL_OF_ERRORS && number < knowledge->error_count &&
            knowledge->errors[number].regex != NULL) {
            try_words(&knowledge->errors[number], message, mentions);
        }
    }
    for (size_t i = 0; i < knowledge->error_count; i++) {
        if (knowledge->errors[i].regex != NULL && !knowledge->errors[i].has_words) {
            try_words(&knowledge->errors[i], message, mentions);
        }
    }
}

void errors_sort(ErrorMentions *mentions)
{
    for (size_t i = 1; i < mentions->count; i++) {
        ErrorMention mention = mentions->items[i];
        size_t at = i;
        for (; at > 0 && mentions->items[at - 1].at > mention.at; at--) {
            mentions->items[at] = mentions->items[at - 1];
        }
        mentions->items[at] = mention;
    }
}
