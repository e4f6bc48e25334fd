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

static void extract(const Knowledge *knowledge, const KnownExtractor *extractor, StrView message,
                    ErrorMentions *mentions)
{
    size_t from = 0;
    size_t start = 0;
    size_t end = 0;
    while (from <= message.len && mentions->count < ERROR_MENTIONS_MAX &&
           regex_search(extractor->regex, message, from, &start, &end) == REGEX_YES) {
        StrView domain = extractor->domain.ptr != NULL ? extractor->domain
                                                       : regex_group(extractor->regex, "domain");
        errors_add(knowledge, domain, regex_group(extractor->regex, "code"),
                   regex_group(extractor->regex, "text"), start, mentions);
        from = end > start ? end : end + 1;
    }
}

void errors_find(const Knowledge *knowledge, StrView message, ErrorMentions *mentions)
{
    for (size_t i = 0; i < knowledge->extractor_count; i++) {
        extract(knowledge, &knowledge->extractors[i], message, mentions);
    }
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
