/*
 * RecordFacts: reads filters/record.json, strictly: an unknown member is an error, so that a slip
 * of the pen in the data does not go unnoticed. It applies nothing.
 */
#include "filters/record_facts.h"

#include "base/embed.h"
#include "base/node.h"

/* --- members -------------------------------------------------------------------------------- */

typedef struct Member {
    const char *name;
    size_t offset;
    NodeKind kind; /* NODE_TEXT or NODE_BOOL; others are read by hand */
} Member;

#define TEXT(type, name, member)                                                                   \
    {                                                                                              \
        name, offsetof(type, member), NODE_TEXT                                                    \
    }
#define TRUTH(type, name, member)                                                                  \
    {                                                                                              \
        name, offsetof(type, member), NODE_BOOL                                                    \
    }
#define BY_HAND(name)                                                                              \
    {                                                                                              \
        name, 0, NODE_NULL                                                                         \
    }

static const Member FIELD_MEMBERS[] = {
    TEXT(FieldFact, "id", id),
    TEXT(FieldFact, "local", local),
    TEXT(FieldFact, "wire", wire),
    TEXT(FieldFact, "server", server),
    BY_HAND("kind"),
    TRUTH(FieldFact, "is_local_inverted", is_local_inverted),
    TRUTH(FieldFact, "is_required", is_required),
    TRUTH(FieldFact, "is_secret", is_secret),
    TEXT(FieldFact, "redact_as", redact_as),
    TEXT(FieldFact, "meaning", meaning),
    TEXT(FieldFact, "if_no", if_no),
    TEXT(FieldFact, "confidence", confidence),
    TEXT(FieldFact, "source", source),
};

static const Member SKIP_MEMBERS[] = {
    TEXT(SkipFact, "key", key),
    TEXT(SkipFact, "pane", pane),
    TEXT(SkipFact, "macos", macos),
    TEXT(SkipFact, "deprecated", deprecated),
    TEXT(SkipFact, "removed", removed),
    TEXT(SkipFact, "note", note),
    TEXT(SkipFact, "confidence", confidence),
    TEXT(SkipFact, "source", source),
};

static const Member CHECK_MEMBERS[] = {
    BY_HAND("severity"),
    BY_HAND("when"),
    BY_HAND("field"),
    TEXT(CheckFact, "text", text),
    TEXT(CheckFact, "do", remedy),
    TEXT(CheckFact, "confidence", confidence),
    TEXT(CheckFact, "source", source),
};

static const Member COMMAND_MEMBERS[] = {
    TEXT(CommandFact, "from", from),
    BY_HAND("words"),
    TEXT(CommandFact, "what", what),
    TRUTH(CommandFact, "needs_root", needs_root),
    TEXT(CommandFact, "confidence", confidence),
    BY_HAND("source"),
};

static const Member LIMIT_MEMBERS[] = {
    TEXT(LimitFact, "from", from),
    BY_HAND("hours"),
    TEXT(LimitFact, "confidence", confidence),
    BY_HAND("source"),
};

static const Member ANSWER_MEMBERS[] = {
    TEXT(AnswerFact, "sign", sign),     TEXT(AnswerFact, "meaning", meaning),
    TEXT(AnswerFact, "do", remedy),     TEXT(AnswerFact, "confidence", confidence),
    TEXT(AnswerFact, "source", source),
};

static bool fail(const Node *node, Err *err, const char *what, StrView word)
{
    (void)err_set(err, "line %d: %s '%.*s'", node->line, what, SV_ARG(word));
    return false;
}

static bool fill_member(const Member *member, const Node *node, char *target, Err *err)
{
    if (member->kind == NODE_NULL) {
        return true;
    }
    if (node->kind != member->kind) {
        return fail(node, err, "a value of the wrong kind:", node->key);
    }
    if (member->kind == NODE_TEXT) {
        *(StrView *)(void *)(target + member->offset) = node->text;
    } else {
        *(bool *)(void *)(target + member->offset) = node->truth;
    }
    return true;
}

/* Fills the members of `target` that a table names out of a map. */
static bool fill(const Node *map, const Member *members, size_t count, void *target, Err *err)
{
    for (const Node *node = map->first; node != NULL; node = node->next) {
        size_t i = 0;
        while (i < count && !sv_equal(node->key, sv(members[i].name))) {
            i++;
        }
        if (i == count) {
            return fail(node, err, "unknown member", node->key);
        }
        if (!fill_member(&members[i], node, target, err)) {
            return false;
        }
    }
    return true;
}

/* Finds `word` among `names`; -1 = none of them. */
static int word_index(StrView word, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (sv_equal(word, sv(names[i]))) {
            return i;
        }
    }
    return -1;
}

/* --- the kinds of facts --------------------------------------------------------------------- */

static const char *const KINDS[FACT_KIND_COUNT] = {
    [FACT_TEXT] = "text", [FACT_FLAG] = "flag",
    [FACT_URL] = "url",   [FACT_CERTIFICATES] = "certificates",
    [FACT_SKIP] = "skip", [FACT_LIST] = "list",
    [FACT_DATE] = "date", [FACT_ANSWER] = "answer",
};

static const char *const SEVERITIES[SEVERITY_COUNT] = {
    [SEVERITY_ERROR] = "error",
    [SEVERITY_WARNING] = "warning",
    [SEVERITY_NOTE] = "note",
};

static const char *const WANTED[WANTED_COUNT] = {
    [WANTED_YES] = "yes",
    [WANTED_NO] = "no",
    [WANTED_PRESENT] = "present",
    [WANTED_ABSENT] = "absent",
};

static bool read_field(RecordFacts *facts, const Node *node, void *target, Err *err)
{
    FieldFact *field = target;
    (void)facts;
    int kind = word_index(node_text(node, "kind"), KINDS, FACT_KIND_COUNT);
    if (kind < 0) {
        return fail(node, err, "a field needs a kind:", node_text(node, "kind"));
    }
    field->kind = (FactKind)kind;
    return fill(node, FIELD_MEMBERS, ARRAY_LEN(FIELD_MEMBERS), field, err) &&
           (field->id.len > 0 || fail(node, err, "a field needs an id", SV("")));
}

static bool read_skip(RecordFacts *facts, const Node *node, void *target, Err *err)
{
    (void)facts;
    return fill(node, SKIP_MEMBERS, ARRAY_LEN(SKIP_MEMBERS), target, err);
}

static bool read_conditions(const RecordFacts *facts, const Node *map, CheckFact *check, Err *err)
{
    for (const Node *node = map != NULL ? map->first : NULL; node != NULL; node = node->next) {
        const FieldFact *field = record_facts_id(facts, node->key);
        int wanted = word_index(node->text, WANTED, WANTED_COUNT);
        if (field == NULL || wanted < 0 || check->condition_count == FACT_MAX_CONDITIONS) {
            return fail(node, err, "no condition:", node->key);
        }
        check->conditions[check->condition_count++] = (Condition){field, (Wanted)wanted};
    }
    return check->condition_count > 0 || fail(map, err, "a check needs conditions", SV(""));
}

static bool read_check(RecordFacts *facts, const Node *node, void *target, Err *err)
{
    CheckFact *check = target;
    int severity = word_index(node_text(node, "severity"), SEVERITIES, SEVERITY_COUNT);
    check->field = record_facts_id(facts, node_text(node, "field"));
    if (severity < 0 || check->field == NULL) {
        return fail(node, err, "a check needs severity and field:", node_text(node, "field"));
    }
    check->severity = (Severity)severity;
    const Node *when = node_find(node, "when");
    return when != NULL && read_conditions(facts, when, check, err) &&
           fill(node, CHECK_MEMBERS, ARRAY_LEN(CHECK_MEMBERS), check, err);
}

static bool read_command(RecordFacts *facts, const Node *node, void *target, Err *err)
{
    CommandFact *command = target;
    (void)facts;
    const Node *words = node_find(node, "words");
    size_t count = 0;
    for (const Node *word = words != NULL ? words->first : NULL; word != NULL; word = word->next) {
        if (word->kind != NODE_TEXT || count == FACT_MAX_WORDS) {
            return fail(node, err, "a command that cannot be run", SV(""));
        }
        command->words[count++] = word->text.ptr; /* of the arena, with a NUL behind */
    }
    return (count > 0 || fail(node, err, "a command needs words", SV(""))) &&
           fill(node, COMMAND_MEMBERS, ARRAY_LEN(COMMAND_MEMBERS), command, err);
}

static bool read_limit(RecordFacts *facts, const Node *node, void *target, Err *err)
{
    LimitFact *limit = target;
    (void)facts;
    limit->hours = (int)node_number(node, "hours", 0);
    return (limit->hours > 0 || fail(node, err, "a limit needs hours", SV(""))) &&
           fill(node, LIMIT_MEMBERS, ARRAY_LEN(LIMIT_MEMBERS), limit, err);
}

static bool read_answer(RecordFacts *facts, const Node *node, void *target, Err *err)
{
    (void)facts;
    return fill(node, ANSWER_MEMBERS, ARRAY_LEN(ANSWER_MEMBERS), target, err) &&
           (node_text(node, "sign").len > 0 || fail(node, err, "an answer needs a sign", SV("")));
}

/* --- the file ------------------------------------------------------------------------------- */

typedef bool (*ReadOne)(RecordFacts *facts, const Node *node, void *target, Err *err);

/* In this order: checks refer to fields. */
static const struct Section {
    const char *name;
    size_t items; /* offsets in RecordFacts */
    size_t count;
    size_t item_size;
    ReadOne read;
} SECTIONS[] = {
    {"fields", offsetof(RecordFacts, fields), offsetof(RecordFacts, field_count), sizeof(FieldFact),
     read_field},
    {"skip", offsetof(RecordFacts, skip), offsetof(RecordFacts, skip_count), sizeof(SkipFact),
     read_skip},
    {"checks", offsetof(RecordFacts, checks), offsetof(RecordFacts, check_count), sizeof(CheckFact),
     read_check},
    {"commands", offsetof(RecordFacts, commands), offsetof(RecordFacts, command_count),
     sizeof(CommandFact), read_command},
    {"limits", offsetof(RecordFacts, limits), offsetof(RecordFacts, limit_count), sizeof(LimitFact),
     read_limit},
    {"answers", offsetof(RecordFacts, answers), offsetof(RecordFacts, answer_count),
     sizeof(AnswerFact), read_answer},
};

static bool read_section(RecordFacts *facts, const Node *root, const struct Section *section,
                         Err *err)
{
    const Node *list = node_find(root, section->name);
    if (list == NULL || list->kind != NODE_LIST) {
        return err_set(err, "the list '%s' is missing", section->name);
    }
    char *items = arena_alloc(&facts->arena, section->item_size * (list->count + 1));
    size_t *count = (size_t *)(void *)((char *)facts + section->count);
    *(void **)(void *)((char *)facts + section->items) = items;
    for (const Node *node = list->first; node != NULL; node = node->next) {
        if (node->kind != NODE_MAP ||
            !section->read(facts, node, items + section->item_size * *count, err)) {
            return node->kind == NODE_MAP ? false
                                          : fail(node, err, "a map is expected in", list->key);
        }
        ++*count;
    }
    return true;
}

bool record_facts_read(RecordFacts *facts, StrView text, const char *name, Err *err)
{
    const Node *root = node_read(&facts->arena, text, name, err);
    if (root == NULL) {
        return false;
    }
    for (size_t i = 0; i < ARRAY_LEN(SECTIONS); i++) {
        if (!read_section(facts, root, &SECTIONS[i], err)) {
            return err_prefix(err, "%s", name);
        }
    }
    return true;
}

bool record_facts_read_own(RecordFacts *facts, const char *data_dir, Err *err)
{
    StrBuf text = {0};
    bool is_good = embed_read_or_file(data_dir, RECORD_FACTS_FILE, &text)
                       ? record_facts_read(facts, strbuf_view(&text), RECORD_FACTS_FILE, err)
                       : err_set(err, "%s is missing", RECORD_FACTS_FILE);
    strbuf_done(&text);
    return is_good;
}

void record_facts_done(RecordFacts *facts)
{
    arena_done(&facts->arena);
    *facts = (RecordFacts){0};
}

/* --- looking up ----------------------------------------------------------------------------- */

const FieldFact *record_facts_field(const RecordFacts *facts, StrView key, bool *ret_is_local)
{
    for (size_t i = 0; i < facts->field_count && key.len > 0; i++) {
        const FieldFact *field = &facts->fields[i];
        bool is_local = sv_equal(field->local, key);
        if (is_local || sv_equal(field->wire, key) || sv_equal(field->server, key)) {
            if (ret_is_local != NULL) {
                *ret_is_local = is_local;
            }
            return field;
        }
    }
    return NULL;
}

const FieldFact *record_facts_id(const RecordFacts *facts, StrView id)
{
    for (size_t i = 0; i < facts->field_count; i++) {
        if (sv_equal(facts->fields[i].id, id)) {
            return &facts->fields[i];
        }
    }
    return NULL;
}

const SkipFact *record_facts_skip(const RecordFacts *facts, StrView key, const SkipFact **ret_near)
{
    const SkipFact *near = NULL;
    size_t limit = key.len / 3;
    for (size_t i = 0; i < facts->skip_count; i++) {
        const SkipFact *skip = &facts->skip[i];
        if (sv_equal(skip->key, key)) {
            return skip;
        }
        size_t distance = sv_distance(skip->key, key);
        if (distance <= limit) {
            near = skip;
            limit = distance - (distance > 0);
        }
    }
    if (ret_near != NULL) {
        *ret_near = near;
    }
    return NULL;
}

const char *severity_name(Severity severity)
{
    return SEVERITIES[severity];
}

/* --- confidence and versions ---------------------------------------------------------------- */

static const struct {
    const char *words;
    char mark;
} CONFIDENCE[] = {
    {"seen in a real log", 'R'},
    {"documented by Apple", 'A'},
    {"reported by admins", 'M'},
    {"unverified", 'U'},
};

char confidence_mark(StrView confidence)
{
    for (size_t i = 0; i < ARRAY_LEN(CONFIDENCE); i++) {
        if (sv_equal(confidence, sv(CONFIDENCE[i].words))) {
            return CONFIDENCE[i].mark;
        }
    }
    return '?';
}

const char *confidence_legend(void)
{
    return "[R] seen in a real log, [A] documented by Apple, [M] reported by admins, "
           "[U] unverified";
}

/* Takes the next number off a version; 0 when there is none left. */
static uint64_t next_number(StrView *rest)
{
    size_t dot = sv_find_char(*rest, '.');
    uint64_t number = 0;
    (void)sv_to_u64(sv_slice(*rest, 0, dot), &number); /* what is no number counts as 0 */
    *rest = dot == SIZE_MAX ? SV("") : sv_slice(*rest, dot + 1, SIZE_MAX);
    return number;
}

int version_compare(StrView a, StrView b)
{
    while (a.len > 0 || b.len > 0) {
        uint64_t left = next_number(&a);
        uint64_t right = next_number(&b);
        if (left != right) {
            return left < right ? -1 : 1;
        }
    }
    return 0;
}
