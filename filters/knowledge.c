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
    pattern.is_weak = node_bool(node, "weak", false);
    pattern.is_bystander = node_bool(node, "bystander", false);
    pattern.is_fetch = node_bool(node, "fetch", false);
    pattern.begins = node_bool(node, "begins", false);
    pattern.confidence = node_text(node, "confidence");
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

/* "10.15-27" → 1015, "13-27" → 1300; 0 when it begins otherwise. */
static int read_since(StrView os)
{
    int parts[2] = {0, 0};
    size_t at = 0;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        for (; at < os.len && os.ptr[at] >= '0' && os.ptr[at] <= '9' && parts[i] < 100; at++) {
            parts[i] = parts[i] * 10 + (os.ptr[at] - '0');
        }
        if (at >= os.len || os.ptr[at] != '.') {
            break;
        }
        at++;
    }
    return parts[0] * 100 + parts[1];
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

/* The stage that a map is about; one that is not there yet is added. NULL when it cannot be. */
static StageInfo *open_stage(Knowledge *knowledge, const Node *node, Err *err)
{
    int number = stage_number(knowledge, node_text(node, "id"));
    if (number > 0) {
        return &knowledge->stages[number - 1];
    }
    StageInfo *stage = &knowledge->stages[knowledge->stage_count];
    number = (int)knowledge->stage_count + 1;
    if (knowledge->stage_count == KNOWN_STAGES_MAX) {
        err_set(err, "more than %d stages", KNOWN_STAGES_MAX);
        return NULL;
    }
    *stage = (StageInfo){.id = node_text(node, "id"),
                         .title = node_text(node, "title"),
                         .short_title = node_text(node, "short"),
                         .number = number,
                         .os = node_text(node, "os"),
                         .since = read_since(node_text(node, "os")),
                         .done_by = node_text(node, "done_by"),
                         .is_step = node_bool(node, "step", false),
                         .is_done_by_info = node_bool(node, "done_by_info", false)};
    if (stage->id.len == 0 || stage->title.len == 0) {
        err_set(err, "stage %d needs 'id' and 'title'", number);
        return NULL;
    }
    stage->short_title = stage->short_title.len > 0 ? stage->short_title : stage->title;
    knowledge->stage_count++;
    return stage;
}

static bool read_stage(Knowledge *knowledge, const Node *node, size_t position, Err *err)
{
    (void)position; /* a stage is named by its id */
    const StageInfo *stage = open_stage(knowledge, node, err);
    if (stage == NULL) {
        return false;
    }
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

static bool read_noise(Knowledge *knowledge, const Node *node, size_t number, Err *err)
{
    KnownPattern pattern = {.is_noise = true};
    return add_pattern(knowledge, node, pattern, err) || err_prefix(err, "noise %zu", number);
}

/* -- errors --------------------------------------------------------------------------------- */

static bool read_extractor(Knowledge *knowledge, const Node *node, size_t number, Err *err)
{
    (void)number; /* it has a name */
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
static StrView print_confidence(Arena *arena, const Node *node, StrView otherwise)
{
    StrView confidence = node_text(node, "confidence");
    StrView platform = node_text(node, "platform");
    bool has_advice = node_text(node, "likely_cause").len + node_text(node, "remedy").len > 0;
    bool is_derived = sv_equal(node_text(node, "advice_basis"), SV("derived"));
    StrBuf buf = {0};
    confidence = confidence.len > 0 ? confidence : otherwise;
    strbuf_add(&buf, confidence);
    if (has_advice && is_derived && !sv_equal(confidence, SV("unverified"))) {
        strbuf_add_str(&buf, "; unverified advice");
    }
    if (platform.len > 0) {
        strbuf_printf(&buf, "; %.*s", SV_ARG(platform));
    }
    StrView text = arena_dup(arena, strbuf_view(&buf));
    strbuf_done(&buf);
    return text;
}

static bool is_generic(const Knowledge *knowledge, StrView domain)
{
    for (size_t i = 0; i < knowledge->generic_count; i++) {
        if (sv_equal(knowledge->generic[i], domain)) {
            return true;
        }
    }
    return false;
}

/* What an error's line may look like before its regular expression is asked: the words of `regex`,
 * and the name of its domain where that is one. */
static bool add_words(Knowledge *knowledge, KnownError *error, StrView pattern, Err *err)
{
    StrView words[KNOWLEDGE_WORDS_MAX];
    uint16_t owner = (uint16_t)(LITERAL_OF_ERRORS + (size_t)(error - knowledge->errors));
    size_t count = knowledge_words(pattern, &knowledge->arena, words, ARRAY_LEN(words));
    for (size_t i = 0; i < count; i++) {
        if (!literals_add(knowledge->literals, words[i], owner)) {
            return err_set(err, "more than %d literals", LITERALS_MAX);
        }
    }
    error->has_words = count > 0;
    return true;
}

/* Looks for a domain and code that are there; a symptom's code is a name of ours. */
static KnownError *find_same(Knowledge *knowledge, StrView domain, StrView code)
{
    for (size_t i = 0; i < knowledge->error_count; i++) {
        KnownError *error = &knowledge->errors[i];
        if (sv_equal(error->domain, domain) && sv_equal(error->code, code)) {
            return error;
        }
    }
    return NULL;
}

static bool read_error(Knowledge *knowledge, const Node *node, size_t number, Err *err)
{
    KnownError error = {.domain = node_text(node, "domain"),
                        .code = read_code(&knowledge->arena, node),
                        .stage = stage_number(knowledge, node_text(node, "stage")),
                        .is_looked_up = node_bool(node, "lookup", true)};
    error.is_specific = !is_generic(knowledge, error.domain);
    error.is_sure = error.is_specific || node_bool(node, "sure", false);
    error.sign = node_text(node, "sign");
    if (error.domain.len == 0 || error.code.len == 0 || error.stage == 0) {
        return err_set(err, "error %zu needs 'domain', 'code' and the id of a stage", number);
    }
    if (node_find(node, "regex") != NULL && !read_regex(node, &error.regex, err)) {
        return err_prefix(err, "error %zu", number);
    }
    StrView own = knowledge->is_own ? SV("from your own file") : SV("unverified");
    error.explained = (Explanation){.subject = print_subject(&knowledge->arena, &error),
                                    .title = node_text(node, "title"),
                                    .meaning = node_text(node, "meaning"),
                                    .cause = node_text(node, "likely_cause"),
                                    .remedy = node_text(node, "remedy"),
                                    .confidence = print_confidence(&knowledge->arena, node, own),
                                    .source = node_text(node, "source")};
    KnownError *place = find_same(knowledge, error.domain, error.code);
    if (place == NULL || !knowledge->is_own) { /* the program's own rows may be alike */
        place = &knowledge->errors[knowledge->error_count++];
    } else {
        regex_free(place->regex);
    }
    *place = error;
    return error.regex == NULL || add_words(knowledge, place, node_text(node, "regex"), err);
}

/* -- the whole ------------------------------------------------------------------------------ */

typedef bool (*NodeReader)(Knowledge *knowledge, const Node *node, size_t number, Err *err);

/* Reads every member of the list `key`, which must be there unless the file is the user's. */
static bool read_list(Knowledge *knowledge, const Node *root, const char *key, size_t room,
                      NodeReader reader, Err *err)
{
    const Node *list = node_find(root, key);
    if (list == NULL && knowledge->is_own) {
        return true;
    }
    if (list == NULL || list->kind != NODE_LIST || list->count > room) {
        return err_set(err, "'%s' must be a list of at most %zu", key, room);
    }
    size_t number = 1;
    for (const Node *node = list->first; node != NULL; node = node->next) {
        if (!reader(knowledge, node, number++, err)) {
            return false;
        }
    }
    return true;
}

static bool read_optional(Knowledge *knowledge, const Node *root, const char *key, size_t room,
                          NodeReader reader, Err *err)
{
    return node_find(root, key) == NULL || read_list(knowledge, root, key, room, reader, err);
}

static bool read_process(Knowledge *knowledge, const Node *node, size_t number, Err *err)
{
    (void)number;
    return add_process(knowledge, node->text, &knowledge->enrolment, err);
}

static bool read_side(Knowledge *knowledge, const Node *node, size_t number, Err *err)
{
    (void)number;
    return add_process(knowledge, node->text, &knowledge->side, err);
}

static bool read_generic(Knowledge *knowledge, const Node *node, size_t number, Err *err)
{
    (void)number;
    (void)err; /* any text will do */
    knowledge->generic[knowledge->generic_count++] = node->text;
    return true;
}

static bool read_mark(Knowledge *knowledge, const Node *node, size_t number, Err *err)
{
    return literals_add(knowledge->literals, node->text, LITERAL_IS_MARK) ||
           err_set(err, "mark %zu is too short, or there are too many", number);
}

static bool read_line_mark(Knowledge *knowledge, const Node *node, size_t number, Err *err)
{
    return literals_add(knowledge->literals, node->text, LITERAL_IS_LINE) ||
           err_set(err, "mark %zu is too short, or there are too many", number);
}

static bool read_all(Knowledge *knowledge, const Node *root, Err *err)
{
    return read_list(knowledge, root, "enrolment_processes",
                     KNOWN_PROCESSES_MAX - knowledge->process_count, read_process, err) &&
           read_optional(knowledge, root, "side_processes",
                         KNOWN_PROCESSES_MAX - knowledge->process_count, read_side, err) &&
           read_optional(knowledge, root, "generic_domains",
                         KNOWN_GENERIC_MAX - knowledge->generic_count, read_generic, err) &&
           read_optional(knowledge, root, "error_marks", KNOWN_PATTERNS_MAX, read_mark, err) &&
           read_optional(knowledge, root, "command_marks", KNOWN_PATTERNS_MAX, read_line_mark,
                         err) &&
           read_list(knowledge, root, "stages", KNOWN_STAGES_MAX, read_stage, err) &&
           read_list(knowledge, root, "noise", KNOWN_PATTERNS_MAX, read_noise, err) &&
           read_list(knowledge, root, "error_extractors",
                     KNOWN_EXTRACTORS_MAX - knowledge->extractor_count, read_extractor, err) &&
           read_list(knowledge, root, "errors", KNOWN_ERRORS_MAX - knowledge->error_count,
                     read_error, err);
}

bool knowledge_read(Knowledge *knowledge, StrView text, const char *name, Err *err)
{
    const Node *root = node_read(&knowledge->arena, text, name, err);
    if (root == NULL) {
        return false;
    }
    knowledge->stages = mem_calloc(KNOWN_STAGES_MAX, sizeof(*knowledge->stages));
    knowledge->patterns = mem_calloc(KNOWN_PATTERNS_MAX, sizeof(*knowledge->patterns));
    knowledge->extractors = mem_calloc(KNOWN_EXTRACTORS_MAX, sizeof(*knowledge->extractors));
    knowledge->errors = mem_calloc(KNOWN_ERRORS_MAX, sizeof(*knowledge->errors));
    knowledge->literals = literals_new();
    return read_all(knowledge, root, err) || err_prefix(err, "%s", name);
}

bool knowledge_add(Knowledge *knowledge, StrView text, const char *name, Err *err)
{
    const Node *root = node_read(&knowledge->arena, text, name, err);
    knowledge->is_own = true;
    return root != NULL && (read_all(knowledge, root, err) || err_prefix(err, "%s", name));
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
