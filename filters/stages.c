/*
 * Stages: applies the knowledge to single entries. A row goes through three sieves: its process
 * (decided once per atom), the literals of the patterns (one pass), the regular expressions of the
 * few that are left. No memory of other entries; nothing of the store or the screen.
 */
#include "filters/stages.h"

#include "base/atom.h"
#include "base/mem.h"
#include "filters/errors.h"
#include "filters/knowledge.h"

/* A longer message is judged by its start: what a line is about stands there. */
#define MESSAGE_LOOK_MAX (16 * KIB)
#define UNKNOWN_BYTES_MAX (64 * KIB) /* texts of errors that the knowledge does not have */

/* Verdict on a process: 0 = not asked yet, else this plus the number of its bit, or NOBODY. */
#define VERDICT_NOBODY 1
#define VERDICT_FIRST 2

#define TRIED_WORDS (KNOWN_PATTERNS_MAX / 64)

struct Stages {
    Knowledge knowledge;
    const AtomTable *atoms; /* that `verdicts` is about; another one starts afresh */
    uint8_t *verdicts;      /* by atom */
    size_t verdict_count;
    AtomTable *unknown; /* texts made for explanations, kept because views of them are given out */
};

static const char *const OUTCOME_NAMES[OUTCOME_COUNT] = {
    [OUTCOME_NONE] = "",         [OUTCOME_INFO] = "info",
    [OUTCOME_START] = "started", [OUTCOME_PROGRESS] = "in progress",
    [OUTCOME_WAIT] = "waiting",  [OUTCOME_OK] = "ok",
    [OUTCOME_FAIL] = "failed",
};

/* -- which process -------------------------------------------------------------------------- */

static uint8_t judge_process(const Stages *stages, StrView process)
{
    ProcessGate gate = knowledge_gate(&stages->knowledge, process);
    uint8_t verdict = VERDICT_FIRST;
    if (gate == 0) {
        return VERDICT_NOBODY;
    }
    for (; (gate & 1) == 0; gate >>= 1) {
        verdict++;
    }
    return verdict;
}

static uint8_t *verdict_slot(Stages *stages, const AtomTable *atoms, uint32_t atom)
{
    if (stages->atoms != atoms) {
        for (size_t i = 0; i < stages->verdict_count; i++) {
            stages->verdicts[i] = 0;
        }
        stages->atoms = atoms;
    }
    if (atom >= stages->verdict_count) {
        size_t count = atom + 1 + atom / 2 + 64;
        stages->verdicts = mem_realloc(stages->verdicts, count, sizeof(*stages->verdicts));
        for (size_t i = stages->verdict_count; i < count; i++) {
            stages->verdicts[i] = 0;
        }
        stages->verdict_count = count;
    }
    return &stages->verdicts[atom];
}

static ProcessGate gate_of_row(Stages *stages, const Columns *columns, uint32_t index)
{
    uint32_t value = columns->process[index];
    uint8_t verdict;
    if ((value & COLUMN_LOCAL) != 0) {
        verdict = judge_process(stages, columns_text(columns, value));
    } else {
        uint8_t *slot = verdict_slot(stages, columns->atoms, value);
        if (*slot == 0) {
            *slot = judge_process(stages, columns_text(columns, value));
        }
        verdict = *slot;
    }
    return verdict < VERDICT_FIRST ? 0 : (ProcessGate)1 << (verdict - VERDICT_FIRST);
}

/* -- which pattern -------------------------------------------------------------------------- */

static StrView message_of_row(const Columns *columns, uint32_t index)
{
    return sv_slice(columns_message(columns, index), 0, MESSAGE_LOOK_MAX);
}

static bool matches(const KnownPattern *pattern, StrView message)
{
    size_t start = 0;
    size_t end = 0;
    return regex_search(pattern->regex, message, 0, &start, &end) == REGEX_YES;
}

/* The more specific pattern speaks; of two alike the one that says it failed, for it asks more of
 * the values in the line than the one that does not. */
static bool is_better(const KnownPattern *pattern, const KnownPattern *best)
{
    if (best == NULL || pattern->is_noise) {
        return true;
    }
    if (best->is_noise || pattern->weight != best->weight) {
        return !best->is_noise && pattern->weight > best->weight;
    }
    return pattern->outcome == OUTCOME_FAIL && best->outcome != OUTCOME_FAIL;
}

/* Tries the patterns that have no literal: whole subsystems. */
static const KnownPattern *find_bare(const Knowledge *knowledge, ProcessGate gate,
                                     StrView subsystem, StrView message)
{
    for (size_t i = 0; i < knowledge->pattern_count; i++) {
        const KnownPattern *pattern = &knowledge->patterns[i];
        if (!pattern->has_literal && (pattern->gate & gate) != 0 &&
            sv_equal(pattern->subsystem, subsystem) && matches(pattern, message)) {
            return pattern;
        }
    }
    return NULL;
}

/* What the literals of a message say beside the patterns. */
typedef struct Marks {
    bool is_error; /* it may name an error */
    bool is_line;  /* it is about a command */
} Marks;

static const KnownPattern *find_pattern(const Knowledge *knowledge, ProcessGate gate,
                                        StrView subsystem, StrView message, Marks *ret_marks)
{
    uint64_t tried[TRIED_WORDS] = {0};
    const KnownPattern *best = NULL;
    LiteralScan scan = literals_begin(knowledge->literals, message);
    uint16_t owner = 0;
    while (literals_next(&scan, &owner)) {
        if (owner >= LITERAL_OF_ERRORS) {
            ret_marks->is_line = ret_marks->is_line || owner == LITERAL_IS_LINE;
            ret_marks->is_error = ret_marks->is_error || owner != LITERAL_IS_LINE;
            continue;
        }
        const KnownPattern *pattern = &knowledge->patterns[owner];
        uint64_t bit = (uint64_t)1 << owner % 64;
        if ((pattern->gate & gate) == 0 || (tried[owner / 64] & bit) != 0) {
            continue;
        }
        tried[owner / 64] |= bit;
        if (is_better(pattern, best) && matches(pattern, message)) {
            best = pattern;
        }
    }
    return best != NULL ? best : find_bare(knowledge, gate, subsystem, message);
}

static const KnownPattern *find_pattern_of_row(Stages *stages, const Columns *columns,
                                               uint32_t index, ProcessGate gate, Marks *ret_marks)
{
    *ret_marks = (Marks){.is_error = false};
    return gate == 0 ? NULL
                     : find_pattern(&stages->knowledge, gate,
                                    columns_text(columns, columns->subsystem[index]),
                                    message_of_row(columns, index), ret_marks);
}

/* -- which errors --------------------------------------------------------------------------- */

static void collect(ErrorMentions *mentions, const Knowledge *knowledge,
                    const KnownPattern *pattern, ProcessGate gate, StrView message)
{
    errors_find(knowledge, message, mentions);
    if (pattern != NULL && matches(pattern, message)) {
        errors_add(knowledge, regex_group(pattern->regex, "dom"),
                   regex_group(pattern->regex, "code"), SV_NONE, 0, mentions);
    }
    if (gate != 0) {
        errors_find_words(knowledge, message, mentions);
    }
}

static int rank_of(const ErrorMention *mention, int stage)
{
    const KnownError *known = mention->known;
    return known == NULL ? 0 : (known->stage == stage ? 4 : 0) + (known->is_specific ? 2 : 0) + 1;
}

/* Best first: of the entry's stage, then of a domain of the enrolment's, then known at all; what is
 * alike stays in the order of the text. */
static void rank(ErrorMentions *mentions, int stage)
{
    for (size_t i = 0; i < mentions->count; i++) {
        ErrorMention mention = mentions->items[i];
        int own = rank_of(&mention, stage);
        size_t at = i;
        for (; at > 0 && rank_of(&mentions->items[at - 1], stage) < own; at--) {
            mentions->items[at] = mentions->items[at - 1];
        }
        mentions->items[at] = mention;
    }
}

/* Keeps a text as long as `stages`; when there is no room left, gives `otherwise`. */
static StrView keep_text(Stages *stages, StrView text, StrView otherwise)
{
    Atom atom = atom_intern(stages->unknown, text);
    return atom == ATOM_FULL ? otherwise : atom_text(stages->unknown, atom);
}

static StrView keep_subject(Stages *stages, const ErrorMention *finding, StrView otherwise)
{
    StrBuf subject = {0};
    strbuf_printf(&subject, "%.*s %.*s", SV_ARG(finding->domain), SV_ARG(finding->code));
    StrView kept = keep_text(stages, strbuf_view(&subject), otherwise);
    strbuf_done(&subject);
    return kept;
}

static Explanation explain(Stages *stages, const ErrorMention *finding)
{
    if (finding->known == NULL) {
        bool has_words = finding->text.len > 0 && !sv_equal(finding->text, SV("(null)"));
        return (Explanation){
            .subject = keep_subject(stages, finding, SV("an error")),
            .title = SV("not in the knowledge base"),
            .is_unknown = true,
            .meaning = has_words ? keep_text(stages, finding->text, SV_NONE) : SV_NONE,
            .confidence = SV("unknown code: only the entry's own words are known"),
        };
    }
    Explanation explained = finding->known->explained;
    if (!sv_equal(finding->code, finding->known->code)) { /* one of a range: name the very one */
        explained.subject = keep_subject(stages, finding, explained.subject);
    }
    return explained;
}

/* -- public --------------------------------------------------------------------------------- */

Stages *stages_new(StrView text, const char *name, Err *err)
{
    Stages *stages = mem_calloc(1, sizeof(*stages));
    stages->unknown = atom_table_new(UNKNOWN_BYTES_MAX);
    if (!knowledge_read(&stages->knowledge, text, name, err)) {
        stages_free(stages);
        return NULL;
    }
    return stages;
}

bool stages_add(Stages *stages, StrView text, const char *name, Err *err)
{
    return knowledge_add(&stages->knowledge, text, name, err);
}

const Knowledge *stages_knowledge(const Stages *stages)
{
    return &stages->knowledge;
}

void stages_free(Stages *stages)
{
    if (stages == NULL) {
        return;
    }
    knowledge_done(&stages->knowledge);
    atom_table_free(stages->unknown);
    mem_free(stages->verdicts);
    mem_free(stages);
}

size_t stages_count(const Stages *stages)
{
    return stages->knowledge.stage_count;
}

const StageInfo *stages_get(const Stages *stages, int number)
{
    if (number < 1 || (size_t)number > stages->knowledge.stage_count) {
        return NULL;
    }
    return &stages->knowledge.stages[number - 1];
}

StageVerdict stages_judge(Stages *stages, const Columns *columns, uint32_t index)
{
    StageVerdict verdict = {.gate = gate_of_row(stages, columns, index)};
    if (verdict.gate == 0) {
        return verdict;
    }
    Marks marks;
    const KnownPattern *pattern = find_pattern_of_row(stages, columns, index, verdict.gate, &marks);
    verdict.is_marked = marks.is_error;
    verdict.is_line = marks.is_line;
    verdict.is_enrolment = (verdict.gate & stages->knowledge.enrolment) != 0;
    if (pattern == NULL) {
        return verdict;
    }
    if (pattern->is_noise) {
        verdict.tag.is_noise = true;
        verdict.is_marked = false;
        verdict.is_line = false;
        return verdict;
    }
    verdict.tag.stage = (uint8_t)pattern->stage;
    verdict.tag.outcome = (uint8_t)pattern->outcome;
    verdict.is_weak = pattern->is_weak;
    verdict.is_bystander = pattern->is_bystander;
    verdict.is_fetch = pattern->is_fetch;
    verdict.begins = pattern->begins;
    verdict.confidence = pattern->confidence;
    return verdict;
}

ColumnTag stages_tag(Stages *stages, const Columns *columns, uint32_t index)
{
    return stages_judge(stages, columns, index).tag;
}

size_t stages_explain(Stages *stages, const Columns *columns, uint32_t index,
                      Explanation *ret_explanations, size_t max)
{
    ProcessGate gate = gate_of_row(stages, columns, index);
    Marks marks;
    const KnownPattern *pattern = find_pattern_of_row(stages, columns, index, gate, &marks);
    if (pattern != NULL && pattern->is_noise) {
        return 0;
    }
    ErrorMentions findings = {.count = 0};
    collect(&findings, &stages->knowledge, pattern, gate, message_of_row(columns, index));
    rank(&findings, pattern != NULL ? pattern->stage : 0);
    size_t count = findings.count < max ? findings.count : max;
    for (size_t i = 0; i < count; i++) {
        ret_explanations[i] = explain(stages, &findings.items[i]);
    }
    return count;
}

void stages_errors(Stages *stages, const Columns *columns, uint32_t index, ErrorMentions *ret)
{
    ProcessGate gate = gate_of_row(stages, columns, index);
    Marks marks;
    const KnownPattern *pattern = find_pattern_of_row(stages, columns, index, gate, &marks);
    ret->count = 0;
    collect(ret, &stages->knowledge, pattern, gate, message_of_row(columns, index));
    errors_sort(ret);
}

Explanation stages_explain_error(Stages *stages, const ErrorMention *mention)
{
    return explain(stages, mention);
}

const char *outcome_name(Outcome outcome)
{
    return outcome < OUTCOME_COUNT ? OUTCOME_NAMES[outcome] : "";
}
