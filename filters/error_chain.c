/*
 * ErrorChain: for each error that the message names, how far it reaches and what it says; whatever
 * is named within that reach is underneath it. NSError describes itself so that one lies in the
 * other's UserInfo; the verbose form of iOS and the ErrorChain of MDM answers put them in a row,
 * the outermost first. Words between brackets may be anything: only braces are counted.
 */
#include "filters/error_chain.h"

#include "base/ascii.h"
#include "filters/errors.h"

/* A text in quotes is looked for no further. */
#define TEXT_MAX (2 * KIB)
/* Words before an error that make it the cause of the one before them. */
#define UNDERLYING_NEAR 200

typedef struct Reading {
    StrView message;
    ErrorPlace places[ERROR_NODES_MAX];
    size_t place_count;
    ErrorChain *chain;
    size_t first_node; /* of this message */
} Reading;

static StrView rest_at(const Reading *reading, size_t at)
{
    return sv_slice(reading->message, at, SIZE_MAX);
}

static bool stands_at(const Reading *reading, size_t at, StrView word)
{
    return sv_starts(rest_at(reading, at), word);
}

static size_t skip_blanks(StrView text, size_t at)
{
    while (at < text.len && ascii_is_blank(text.ptr[at])) {
        at++;
    }
    return at;
}

static bool is_key_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '.' || byte == '-';
}

/* --- the text in quotes ----------------------------------------------------------------------- */

/* Whether an error may go on, or end, with what stands behind its text. */
static bool ends_text(StrView behind)
{
    return behind.len == 0 || behind.ptr[0] == '}' || behind.ptr[0] == ')' ||
           behind.ptr[0] == ',' || behind.ptr[0] == '\n' || sv_starts(behind, SV(" UserInfo="));
}

/* Reads the text in quotes at `at`, in which there may be quotes; the quotes of an error that is
 * itself part of a text have backslashes before them. Returns the offset behind it, `at` = there is
 * none. */
static size_t read_quoted(StrView message, size_t at, StrView *ret_text)
{
    size_t open = at;

    while (open < message.len && message.ptr[open] == '\\') {
        open++;
    }
    if (open >= message.len || message.ptr[open] != '"') {
        return at;
    }
    StrView quote = sv_slice(message, at, open + 1 - at);
    size_t start = open + 1;
    size_t first = SIZE_MAX; /* the first quote, wherever it stands */

    for (size_t from = start; from < message.len && from < start + TEXT_MAX;) {
        size_t found = sv_find(sv_slice(message, from, TEXT_MAX), quote);

        if (found == SIZE_MAX) {
            break;
        }
        found += from;
        first = first == SIZE_MAX ? found : first;
        if (ends_text(sv_slice(message, found + quote.len, SIZE_MAX))) {
            first = found;
            break;
        }
        from = found + quote.len;
    }
    if (first == SIZE_MAX) {
        return at;
    }
    *ret_text = sv_slice(message, start, first - start);
    return first + quote.len;
}

/* --- UserInfo --------------------------------------------------------------------------------- */

/* Offset behind the brace that closes the one at `at`; SIZE_MAX = the message ends before. */
static size_t close_brace(StrView message, size_t at)
{
    int depth = 0;

    for (; at < message.len; at++) {
        depth += message.ptr[at] == '{' ? 1 : message.ptr[at] == '}' ? -1 : 0;
        if (depth == 0) {
            return at + 1;
        }
    }
    return SIZE_MAX;
}

/* The key that stands at `at`, before a '='; empty = there is none. */
static StrView key_at(StrView text, size_t at)
{
    size_t end = at;

    while (end < text.len && is_key_byte(text.ptr[end])) {
        end++;
    }
    bool is_key = end < text.len && text.ptr[end] == '=';

    return sv_slice(text, at, is_key ? end - at : 0);
}

/* Where the value that begins at `at` ends: before ", KEY=", or with the text. */
static size_t value_end(StrView text, size_t at)
{
    int depth = 0;

    for (; at < text.len; at++) {
        depth += text.ptr[at] == '{' ? 1 : text.ptr[at] == '}' ? -1 : 0;
        if (depth == 0 && text.ptr[at] == ',' && key_at(text, skip_blanks(text, at + 1)).len > 0) {
            return at;
        }
    }
    return text.len;
}

static bool has_place(const Reading *reading, size_t start, size_t end)
{
    for (size_t i = 0; i < reading->place_count; i++) {
        if (reading->places[i].start >= start && reading->places[i].start < end) {
            return true;
        }
    }
    return false;
}

static void add_fact(const Reading *reading, ErrorNode *node, StrView key, StrView value)
{
    ErrorChain *chain = reading->chain;

    if (chain->fact_count < ERROR_FACTS_MAX && value.len > 0) {
        chain->facts[chain->fact_count++] = (ErrorFact){.key = key, .value = value};
        node->fact_count++;
    }
}

/* Reads the pairs between `start` and `end`; those that hold errors are no facts but errors. */
static void read_facts(const Reading *reading, ErrorNode *node, size_t start, size_t end)
{
    StrView text = sv_slice(reading->message, 0, end);
    size_t at = start;

    while (at < end) {
        at = skip_blanks(text, at);
        StrView key = key_at(text, at);

        if (key.len == 0) {
            return;
        }
        size_t value = at + key.len + 1;

        at = value_end(text, value);
        if (!has_place(reading, value, at)) {
            add_fact(reading, node, key, sv_trim(sv_slice(text, value, at - value)));
        }
        at++;
    }
}

/* Reads "UserInfo={…}", also "UserInfo=0x7f… {…}", at `at`, if it is there; returns the offset
 * behind it. */
static size_t read_user_info(const Reading *reading, ErrorNode *node, size_t at)
{
    StrView message = reading->message;
    size_t open = skip_blanks(message, at);

    if (!stands_at(reading, open, SV("UserInfo="))) {
        return at;
    }
    open += SV("UserInfo=").len;
    while (open < message.len && (is_key_byte(message.ptr[open]) || message.ptr[open] == ' ')) {
        open++;
    }
    if (open >= message.len || message.ptr[open] != '{') {
        return at;
    }
    size_t end = close_brace(message, open);

    reading->chain->is_cut |= end == SIZE_MAX;
    read_facts(reading, node, open + 1, end == SIZE_MAX ? message.len : end - 1);
    return end == SIZE_MAX ? message.len : end;
}

/* --- one error -------------------------------------------------------------------------------- */

/* Words without quotes: up to the line's end or what closes the error. */
static StrView bare_text(StrView message, size_t at)
{
    size_t end = at;

    while (end < message.len && message.ptr[end] != '\n' && message.ptr[end] != '}' &&
           !sv_starts(sv_slice(message, end, SIZE_MAX), SV(" UserInfo="))) {
        end++;
    }
    return sv_trim(sv_slice(message, at, end - at));
}

/* "Error Domain=… Code=…", as NSError describes itself. */
static void read_cocoa(const Reading *reading, const ErrorPlace *place, ErrorNode *node)
{
    StrView message = reading->message;
    size_t code_end = (size_t)(place->code.ptr - message.ptr) + place->code.len;
    size_t start = skip_blanks(message, code_end);
    size_t at = read_quoted(message, start, &node->text);

    if (at == start && !stands_at(reading, start, SV("UserInfo="))) {
        StrView bare = bare_text(message, start);

        node->text = bare.len > 0 ? bare : SV_NONE;
        at = start + bare.len;
    }
    node->end = read_user_info(reading, node, at);
}

/* The value behind `name` in `text`: in quotes, or up to a ';' or the line's end. */
static StrView value_of(StrView text, StrView name)
{
    size_t at = sv_find(text, name);

    if (at == SIZE_MAX) {
        return SV_NONE;
    }
    StrView value = sv_slice(text, at + name.len, SIZE_MAX);

    if (value.len > 0 && value.ptr[0] == '"') {
        value = sv_slice(value, 1, SIZE_MAX);
        return sv_slice(value, 0, sv_find_char(value, '"'));
    }
    value = sv_slice(value, 0, sv_find_char(value, '\n'));
    return sv_trim(sv_slice(value, 0, sv_find_char(value, ';')));
}

/* "ErrorCode = …; ErrorDomain = …; LocalizedDescription = …", a dictionary of a list. */
static void read_listed(const Reading *reading, const ErrorPlace *place, ErrorNode *node)
{
    StrView rest = rest_at(reading, place->end);

    rest = sv_slice(rest, 0, sv_find_char(rest, '}'));
    node->text = value_of(rest, SV("USEnglishDescription = "));
    if (node->text.ptr == NULL) {
        node->text = value_of(rest, SV("LocalizedDescription = "));
    }
}

/* "Desc : …" some lines before "Domain : …". */
static void read_verbose(const Reading *reading, const ErrorPlace *place, ErrorNode *node)
{
    const ErrorChain *chain = reading->chain;
    bool is_first = chain->count == reading->first_node;
    size_t from = is_first ? 0 : chain->nodes[chain->count - 1].end;

    if (from < place->start) {
        node->text =
            value_of(sv_slice(reading->message, from, place->start - from), SV("Desc   : "));
    }
}

typedef struct Syntax {
    const char *word; /* what the place begins with */
    void (*read)(const Reading *reading, const ErrorPlace *place, ErrorNode *node);
    bool is_row; /* each is underneath the one before */
} Syntax;

static const Syntax SYNTAXES[] = {
    {"Error Domain=", read_cocoa, false},
    {"ErrorCode = ", read_listed, true},
    {"Domain", read_verbose, false},
};

static const Syntax *find_syntax(const Reading *reading, const ErrorPlace *place)
{
    for (size_t i = 0; i < ARRAY_LEN(SYNTAXES); i++) {
        if (stands_at(reading, place->start, sv(SYNTAXES[i].word))) {
            return &SYNTAXES[i];
        }
    }
    return NULL;
}

/* --- the tree --------------------------------------------------------------------------------- */

/* Whether "underlying" stands just before, and behind the error before. */
static bool is_said_underlying(const Reading *reading, size_t before, size_t start)
{
    size_t from = start - before > UNDERLYING_NEAR ? start - UNDERLYING_NEAR : before;
    StrView between = sv_slice(reading->message, from, start - from);

    return sv_find(between, SV("nderlying")) != SIZE_MAX;
}

/* The error that `place` is underneath. */
static size_t find_parent(const Reading *reading, const ErrorPlace *place, const Syntax *syntax,
                          const Syntax *last)
{
    const ErrorChain *chain = reading->chain;

    for (size_t i = chain->count; i > reading->first_node; i--) {
        if (chain->nodes[i - 1].end > place->start) {
            return i - 1;
        }
    }
    if (chain->count > reading->first_node) {
        bool is_next = syntax != NULL && syntax->is_row && syntax == last;
        size_t before = chain->count - 1;

        if (is_next || is_said_underlying(reading, chain->nodes[before].end, place->start)) {
            return before;
        }
    }
    return ERROR_NO_PARENT;
}

static void find_cause(ErrorChain *chain)
{
    chain->cause = 0;
    for (size_t i = 0; i < chain->count; i++) {
        if (chain->nodes[i].depth > chain->nodes[chain->cause].depth) {
            chain->cause = i;
        }
    }
}

/* What names it ends with domain or code, whichever stands last; a domain may be none of the text's
 * but the knowledge's. */
static StrView named_at(StrView message, const ErrorPlace *place)
{
    const char *code_end = place->code.ptr + place->code.len;
    const char *domain_end = place->domain.ptr + place->domain.len;
    bool is_own = place->domain.ptr >= message.ptr && domain_end <= message.ptr + message.len;
    const char *end = is_own && domain_end > code_end ? domain_end : code_end;

    return sv_slice(message, place->start, (size_t)(end - message.ptr) - place->start);
}

/* Adds the errors of a message; those that are underneath none go underneath `above`. */
static void add_message(const Knowledge *knowledge, StrView message, size_t above,
                        ErrorChain *chain)
{
    Reading reading = {.message = sv_slice(message, 0, ERROR_CHAIN_BYTES),
                       .chain = chain,
                       .first_node = chain->count};
    const Syntax *last = NULL;

    reading.place_count = errors_places(knowledge, reading.message, reading.places,
                                        ARRAY_LEN(reading.places) - chain->count);
    for (size_t i = 0; i < reading.place_count; i++) {
        const ErrorPlace *place = &reading.places[i];
        const Syntax *syntax = find_syntax(&reading, place);
        ErrorNode node = {.domain = place->domain,
                          .code = place->code,
                          .text = place->text,
                          .named = named_at(reading.message, place),
                          .start = place->start,
                          .end = place->end,
                          .parent = find_parent(&reading, place, syntax, last),
                          .first_fact = chain->fact_count};

        node.parent = node.parent == ERROR_NO_PARENT ? above : node.parent;
        if (node.parent != ERROR_NO_PARENT) {
            node.depth = chain->nodes[node.parent].depth + 1;
        }
        if (syntax != NULL) {
            syntax->read(&reading, place, &node);
        }
        chain->nodes[chain->count++] = node;
        last = syntax;
    }
}

bool error_chain_read_rows(const Knowledge *knowledge, const StrView *messages, size_t count,
                           ErrorChain *ret_chain)
{
    *ret_chain = (ErrorChain){.count = 0};
    for (size_t i = 0; i < count; i++) {
        size_t above = ret_chain->count > 0 ? ret_chain->count - 1 : ERROR_NO_PARENT;

        add_message(knowledge, messages[i], above, ret_chain);
    }
    find_cause(ret_chain);
    return ret_chain->count > 0;
}

bool error_chain_read(const Knowledge *knowledge, StrView message, ErrorChain *ret_chain)
{
    return error_chain_read_rows(knowledge, &message, 1, ret_chain);
}

bool error_chain_is_last(const ErrorChain *chain, size_t node)
{
    for (size_t i = node + 1; i < chain->count; i++) {
        if (chain->nodes[i].parent == chain->nodes[node].parent) {
            return false;
        }
    }
    return true;
}
