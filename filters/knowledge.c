/*
 * Knowledge: reads filters/stages.json. Whatever is missing or misspelt there is an error with its
 * place, for a rule that is silently left out would be a stage never seen. It judges no entry.
 */
#include "filters/knowledge.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/node.h"

typedef struct KindWord {
    const char *word;
    Outcome outcome;
} KindWord;

static const KindWord KINDS[] = {
    {"info", OUTCOME_INFO}, {"start", OUTCOME_START}, {"progress", OUTCOME_PROGRESS},
    {"wait", OUTCOME_WAIT}, {"ok", OUTCOME_OK},       {"fail", OUTCOME_FAIL},
};

/* Domains of rows that are no error of a program but something seen; their codes are ours. */
static const char *const WORDLESS_DOMAINS[] = {"symptom", "(text)"};

/* -- weight of a pattern -------------------------------------------------------------------- */

static size_t weigh_alternatives(StrView pattern, size_t *at);

/* Passes "?:" or "?<name>" after an opening parenthesis. */
static void skip_group_head(StrView pattern, size_t *at)
{
    if (*at < pattern.len && pattern.ptr[*at] == '?') {
        size_t end = sv_find_char(sv_slice(pattern, *at, pattern.len), ':');
        size_t name_end = sv_find_char(sv_slice(pattern, *at, pattern.len), '>');
        *at += (end < name_end ? end : name_end) + 1;
    }
}

static void skip_class(StrView pattern, size_t *at)
{
    (*at)++; /* a first ']' would be a member */
    while (*at < pattern.len && pattern.ptr[*at] != ']') {
        *at += pattern.ptr[*at] == '\\' ? 2 : 1;
    }
    (*at)++;
}

/* Weight of what stands at `at`: a character, a class, a group; passes it. */
static size_t weigh_atom(StrView pattern, size_t *at)
{
    char byte = pattern.ptr[(*at)++];
    if (byte == '(') {
        skip_group_head(pattern, at);
        size_t weight = weigh_alternatives(pattern, at);
        (*at)++;
        return weight;
    }
    if (byte == '[') {
        skip_class(pattern, at);
        return 0;
    }
    if (byte == '\\' && *at < pattern.len) {
        char escaped = pattern.ptr[(*at)++];
        bool is_letter = (escaped >= 'a' && escaped <= 'z') || (escaped >= 'A' && escaped <= 'Z');
        return is_letter ? 0 : 1;
    }
    return byte == '.' || byte == '^' || byte == '$' ? 0 : 1;
}

/* Passes a quantifier; tells whether what stands before it may be absent. */
static bool skip_quantifier(StrView pattern, size_t *at)
{
    if (*at >= pattern.len) {
        return false;
    }
    char byte = pattern.ptr[*at];
    bool is_optional = byte == '?' || byte == '*';
    if (byte == '{') {
        size_t end = sv_find_char(sv_slice(pattern, *at, pattern.len), '}');
        if (end == SIZE_MAX) {
            return false; /* a brace that means itself */
        }
        is_optional = pattern.ptr[*at + 1] == '0';
        *at += end;
    } else if (!is_optional && byte != '+') {
        return false;
    }
    (*at)++;
    if (*at < pattern.len && pattern.ptr[*at] == '?') {
        (*at)++; /* lazy */
    }
    return is_optional;
}

/* Weight of the lightest alternative; stops at the closing parenthesis or the end. */
static size_t weigh_alternatives(StrView pattern, size_t *at)
{
    size_t least = SIZE_MAX;
    size_t sum = 0;
    while (*at < pattern.len && pattern.ptr[*at] != ')') {
        if (pattern.ptr[*at] == '|') {
            least = sum < least ? sum : least;
            sum = 0;
            (*at)++;
            continue;
        }
        size_t weight = weigh_atom(pattern, at);
        sum += skip_quantifier(pattern, at) ? 0 : weight;
    }
    return sum < least ? sum : least;
}

size_t knowledge_weight(StrView pattern)
{
    size_t at = 0;
    return weigh_alternatives(pattern, &at);
}

/* -- processes ------------------------------------------------------------------------------ */

ProcessGate knowledge_gate(const Knowledge *knowledge, StrView process)
{
    for (size_t i = 0; i < knowledge->process_count; i++) {
        if (sv_equal(knowledge->processes[i], process)) {
            return (ProcessGate)1 << i;
        }
    }
    return 0;
}

static bool add_process(Knowledge *knowledge, StrView process, ProcessGate *gate, Err *err)
{
    ProcessGate bit = knowledge_gate(knowledge, process);
    if (bit == 0) {
        if (process.len == 0 || knowledge->process_count == KNOWN_PROCESSES_MAX) {
            return err_set(err, "no name of a process, or more than %d", KNOWN_PROCESSES_MAX);
        }
        bit = (ProcessGate)1 << knowledge->process_count;
        knowledge->processes[knowledge->process_count++] = process;
    }
    *gate |= bit;
    return true;
}

/* Adds every process of a list; a list that is absent adds none. */
static bool add_processes(Knowledge *knowledge, const Node *list, ProcessGate *gate, Err *err)
{
    for (const Node *node = list != NULL ? list->first : NULL; node != NULL; node = node->next) {
        if (!add_process(knowledge, node->text, gate, err)) {
            return false;
        }
    }
    return true;
}

/* -- patterns ------------------------------------------------------------------------------- */

static bool read_regex(const Node *node, Regex **ret_regex, Err *err)
{
    StrView text = node_text(node, "regex");
    if (text.len == 0) {
        return err_set(err, "'regex' is missing");
    }
    *ret_regex = regex_new(text, REGEX_DOT_NEWLINE, err);
    return *ret_regex != NULL || err_prefix(err, "'%.*s'", SV_ARG(text));
}

static bool add_literals(Knowledge *knowledge, const Node *list, KnownPattern *pattern, Err *err)
{
    for (const Node *node = list != NULL ? list->first : NULL; node != NULL; node = node->next) {
        if (!literals_add(knowledge->literals, node->text, (uint16_t)knowledge->pattern_count)) {
            return err_set(err, "literal '%.*s' is too short, or there are too many",
                           SV_ARG(node->text));
        }
        pattern->has_literal = true;
    }
    return true;
}

static bool read_outcome(const Node *node, Outcome *ret_outcome, Err *err)
{
    StrView kind = node_text(node, "kind");
    for (size_t i = 0; i < ARRAY_LEN(KINDS); i++) {
        if (sv_equal(kind, sv(KINDS[i].word))) {
            *ret_outcome = KINDS[i].outcome;
            return true;
        }
    }
    return err_set(err, "unknown kind '%.*s'", SV_ARG(kind));
}

/* Whose lines a pattern is about: a process or "any", those of "also", none of "except". */
static bool read_gate(Knowledge *knowledge, const Node *node, ProcessGate *ret_gate, Err *err)
{
    StrView process = node_text(node, "process");
    bool is_any = sv_equal(process, SV("any"));
    ProcessGate gate = is_any ? knowledge->enrolment : 0;
    ProcessGate except = 0;
    if ((!is_any && !add_process(knowledge, process, &gate, err)) ||
        !add_processes(knowledge, node_find(node, "also"), &gate, err) ||
        !add_processes(knowledge, node_find(node, "except"), &except, err)) {
        return false;
    }
    *ret_gate = gate & ~except;
    return true;
}

/* What patterns and noise have in common; the pattern becomes the last of the table. */
static bool add_pattern(Knowledge *knowledge, const Node *node, KnownPattern pattern, Err *err)
{
    if (knowledge->pattern_count == KNOWN_PATTERNS_MAX) {
        return err_set(err, "more than %d patterns", KNOWN_PATTERNS_MAX);
    }
    if (!read_gate(knowledge, node, &pattern.gate, err) || !read_regex(node, &pattern.regex, err)) {
        return false;
    }
    pattern.weight = knowledge_weight(node_text(node, "regex"));
    if (!add_literals(knowledge, node_find(node, "literals"), &pattern, err)) {
        regex_free(pattern.regex);
        return false;
    }
    if (!pattern.has_literal) {
        pattern.subsystem = node_text(node, "subsystem"); /* else it would tag all of the process */
        if (pattern.subsystem.len == 0) {
            regex_free(pattern.regex);
            return err_set(err, "a pattern needs 'literals' or a 'subsystem'");
        }
    }
    knowledge->patterns[knowledge->pattern_count++] = pattern;
    return true;
}

static bool read_stage(Knowledge *knowledge, const Node *node, Err *err)
{
    StageInfo *stage = &knowledge->stages[knowledge->stage_count];
    *stage = (StageInfo){.id = node_text(node, "id"),
                         .title = node_text(node, "title"),
                         .number = (int)knowledge->stage_count + 1};
    if (stage->id.len == 0 || stage->title.len == 0) {
        return err_set(err, "stage %d needs 'id' and 'title'", stage->number);
    }
    knowledge->stage_count++;
    const Node *match = node_find(node, "match");
    int number = 1;
    for (node = match != NULL ? match->first : NULL; node != NULL; node = node->next, number++) {
        KnownPattern pattern = {.stage = stage->number};
        if (!read_outcome(node, &pattern.outcome, err) ||
            !add_pattern(knowledge, node, pattern, err)) {
            return err_prefix(err, "stage '%.*s', pattern %d", SV_ARG(stage->id), number);
        }
    }
    return true;
}

static bool read_noise(Knowledge *knowledge, const Node *node, Err *err)
{
    KnownPattern pattern = {.is_noise = true};
    return add_pattern(knowledge, node, pattern, err);
}

/* -- errors --------------------------------------------------------------------------------- */

static bool read_extractor(Knowledge *knowledge, const Node *node, Err *err)
{
    KnownExtractor *extractor = &knowledge->extractors[knowledge->extractor_count];
    extractor->domain = node_text(node, "domain");
    if (!read_regex(node, &extractor->regex, err)) {
        return err_prefix(err, "extractor '%.*s'", SV_ARG(node_text(node, "name")));
    }
    knowledge->extractor_count++;
    return true;
}

/* A code is a number or a word. */
static StrView read_code(Arena *arena, const Node *node)
{
    const Node *code = node_find(node, "code");
    if (code == NULL || code->kind != NODE_NUMBER) {
        return code != NULL ? code->text : SV_NONE;
    }
    char digits[32];
    int len = snprintf(digits, sizeof(digits), "%" PRId64, (int64_t)code->number);
    return arena_dup(arena, sv_of(digits, (size_t)len));
}

static StrView print_subject(Arena *arena, const KnownError *error)
{
    for (size_t i = 0; i < ARRAY_LEN(WORDLESS_DOMAINS); i++) {
        if (sv_equal(error->domain, sv(WORDLESS_DOMAINS[i]))) {
            return SV("known symptom");
        }
    }
    if (sv_equal(error->code, SV("-"))) {
        return error->domain;
    }
    StrBuf buf = {0};
    strbuf_printf(&buf, "%.*s %.*s", SV_ARG(error->domain), SV_ARG(error->code));
    StrView subject = arena_dup(arena, strbuf_view(&buf));
    strbuf_done(&buf);
    return subject;
}

/* What is known of code and meaning, and whether the advice is anybody's but ours. */
static StrView print_confidence(Arena *arena, const Node *node)
{
    StrView confidence = node_text(node, "confidence");
    StrView platform = node_text(node, "platform");
    bool has_advice = node_text(node, "likely_cause").len + node_text(node, "remedy").len > 0;
    bool is_derived = sv_equal(node_text(node, "advice_basis"), SV("derived"));
    StrBuf buf = {0};
    strbuf_add(&buf, confidence.len > 0 ? confidence : SV("unverified"));
    if (has_advice && is_derived) {
        strbuf_add_str(&buf, "; unverified advice");
    }
    if (platform.len > 0) {
        strbuf_printf(&buf, "; %.*s", SV_ARG(platform));
    }
    StrView text = arena_dup(arena, strbuf_view(&buf));
    strbuf_done(&buf);
    return text;
}

static bool is_listed(const Node *list, StrView text)
{
    for (const Node *node = list != NULL ? list->first : NULL; node != NULL; node = node->next) {
        if (sv_equal(node->text, text)) {
            return true;
        }
    }
    return false;
}

static int stage_number(const Knowledge *knowledge, StrView id)
{
    for (size_t i = 0; i < knowledge->stage_count; i++) {
        if (sv_equal(knowledge->stages[i].id, id)) {
            return knowledge->stages[i].number;
        }
    }
    return 0;
}

static bool read_error(Knowledge *knowledge, const Node *node, const Node *generic, Err *err)
{
    KnownError *error = &knowledge->errors[knowledge->error_count];
    error->domain = node_text(node, "domain");
    error->code = read_code(&knowledge->arena, node);
    error->stage = stage_number(knowledge, node_text(node, "stage"));
    error->is_looked_up = node_bool(node, "lookup", true);
    error->is_specific = !is_listed(generic, error->domain);
    if (error->domain.len == 0 || error->code.len == 0 || error->stage == 0) {
        return err_set(err, "error %zu needs 'domain', 'code' and the id of a stage",
                       knowledge->error_count + 1);
    }
    if (node_find(node, "regex") != NULL && !read_regex(node, &error->regex, err)) {
        return err_prefix(err, "error %zu", knowledge->error_count + 1);
    }
    error->explained = (Explanation){.subject = print_subject(&knowledge->arena, error),
                                     .title = node_text(node, "title"),
                                     .meaning = node_text(node, "meaning"),
                                     .cause = node_text(node, "likely_cause"),
                                     .remedy = node_text(node, "remedy"),
                                     .confidence = print_confidence(&knowledge->arena, node)};
    knowledge->error_count++;
    return true;
}

/* -- the whole ------------------------------------------------------------------------------ */

/* Gives a list that must be there and not too long; NULL when it is not so. */
static const Node *open_list(const Node *root, const char *key, size_t max, Err *err)
{
    const Node *list = node_find(root, key);
    if (list == NULL || list->kind != NODE_LIST || list->count > max) {
        err_set(err, "'%s' must be a list of at most %zu", key, max);
        return NULL;
    }
    return list;
}

static bool read_patterns(Knowledge *knowledge, const Node *root, Err *err)
{
    const Node *stages = open_list(root, "stages", KNOWN_STAGES_MAX, err);
    const Node *noise = stages != NULL ? open_list(root, "noise", KNOWN_PATTERNS_MAX, err) : NULL;
    if (noise == NULL) {
        return false;
    }
    knowledge->stages = mem_calloc(stages->count, sizeof(*knowledge->stages));
    knowledge->patterns = mem_calloc(KNOWN_PATTERNS_MAX, sizeof(*knowledge->patterns));
    knowledge->literals = literals_new();
    for (const Node *node = stages->first; node != NULL; node = node->next) {
        if (!read_stage(knowledge, node, err)) {
            return false;
        }
    }
    for (const Node *node = noise->first; node != NULL; node = node->next) {
        if (!read_noise(knowledge, node, err)) {
            return err_prefix(err, "noise");
        }
    }
    return true;
}

static bool read_errors(Knowledge *knowledge, const Node *root, Err *err)
{
    const Node *extractors = open_list(root, "error_extractors", KNOWN_EXTRACTORS_MAX, err);
    const Node *errors =
        extractors != NULL ? open_list(root, "errors", KNOWN_ERRORS_MAX, err) : NULL;
    if (errors == NULL) {
        return false;
    }
    knowledge->extractors = mem_calloc(extractors->count, sizeof(*knowledge->extractors));
    knowledge->errors = mem_calloc(errors->count, sizeof(*knowledge->errors));
    for (const Node *node = extractors->first; node != NULL; node = node->next) {
        if (!read_extractor(knowledge, node, err)) {
            return false;
        }
    }
    const Node *generic = node_find(root, "generic_domains");
    for (const Node *node = errors->first; node != NULL; node = node->next) {
        if (!read_error(knowledge, node, generic, err)) {
            return false;
        }
    }
    return true;
}

bool knowledge_read(Knowledge *knowledge, StrView text, const char *name, Err *err)
{
    const Node *root = node_read(&knowledge->arena, text, name, err);
    if (root == NULL) {
        return false;
    }
    const Node *processes = open_list(root, "enrolment_processes", KNOWN_PROCESSES_MAX, err);
    if (processes == NULL || !add_processes(knowledge, processes, &knowledge->enrolment, err) ||
        !read_patterns(knowledge, root, err) || !read_errors(knowledge, root, err)) {
        return err_prefix(err, "%s", name);
    }
    return true;
}

void knowledge_done(Knowledge *knowledge)
{
    for (size_t i = 0; i < knowledge->pattern_count; i++) {
        regex_free(knowledge->patterns[i].regex);
    }
    for (size_t i = 0; i < knowledge->extractor_count; i++) {
        regex_free(knowledge->extractors[i].regex);
    }
    for (size_t i = 0; i < knowledge->error_count; i++) {
        regex_free(knowledge->errors[i].regex);
    }
    mem_free(knowledge->stages);
    mem_free(knowledge->patterns);
    mem_free(knowledge->extractors);
    mem_free(knowledge->errors);
    literals_free(knowledge->literals);
    arena_done(&knowledge->arena);
    *knowledge = (Knowledge){0};
}
