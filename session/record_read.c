/*
 * Record: recognises by content what holds the record (text of `profiles show`, property list,
 * JSON), and takes its fields out of the tree, whatever they are called and wherever they lie.
 */
#include "session/record.h"

#include "base/plist.h"
#include "base/utf8.h"
#include "session/record_internal.h"

#define FLATTEN_DEPTH 8
#define DESCEND_DEPTH 4
#define LOG_LOOK_BYTES (16 * KIB)

/* --- from bytes to a tree ------------------------------------------------------------------- */

/* The first sign of JSON: a brace, a text, a colon. */
static bool looks_like_json(StrView text)
{
    StrView inner = sv_trim(sv_slice(text, 1, SIZE_MAX));
    if (sv_starts(text, SV("["))) {
        return sv_starts(inner, SV("{")) || sv_starts(inner, SV("\"")) || sv_starts(inner, SV("]"));
    }
    if (!sv_starts(inner, SV("\""))) {
        return false;
    }
    size_t len = 1;
    while (len < inner.len && inner.ptr[len] != '"') {
        len += inner.ptr[len] == '\\' ? 2 : 1;
    }
    return sv_starts(sv_trim(sv_slice(inner, len + 1, SIZE_MAX)), SV(":"));
}

/* Where a dictionary in running text ends, its quoted parts stepped over. */
static size_t json_end(StrView text)
{
    size_t depth = 0;
    bool is_quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (is_quoted && byte == '\\') {
            i++;
        } else if (byte == '"') {
            is_quoted = !is_quoted;
        } else if (!is_quoted && (byte == '{' || byte == '[')) {
            depth++;
        } else if (!is_quoted && (byte == '}' || byte == ']') && --depth == 0) {
            return i + 1;
        }
    }
    return text.len;
}

static int line_at(StrView bytes, size_t at)
{
    int line = 1;
    for (size_t i = 0; i < at && i < bytes.len; i++) {
        line += bytes.ptr[i] == '\n';
    }
    return line;
}

/* The readers count from where they begin; the file may begin earlier. The lines before are handed
 * to them as blanks would be: by reading a copy that begins with as many line breaks. */
static StrView with_lines_before(Record *record, StrView bytes, size_t at)
{
    StrBuf copy = {0};
    strbuf_add_many(&copy, '\n', (size_t)line_at(bytes, at) - 1);
    strbuf_add(&copy, sv_slice(bytes, at, SIZE_MAX));
    StrView kept = arena_dup(&record->arena, strbuf_view(&copy));
    strbuf_done(&copy);
    return kept;
}

/* The brace that the record begins with: that behind one of the known heads, else the first. */
static size_t find_brace(StrView bytes)
{
    static const char *const HEADS[] = {
        "Device Enrollment configuration:", "Activation record:", "fetched configuration:"};
    for (size_t i = 0; i < ARRAY_LEN(HEADS); i++) {
        size_t head = sv_find(bytes, sv(HEADS[i]));
        if (head != SIZE_MAX) {
            size_t behind = head + sv(HEADS[i]).len;
            StrView rest = sv_trim(sv_slice(bytes, behind, SIZE_MAX));
            return sv_starts(rest, SV("{")) ? (size_t)(rest.ptr - bytes.ptr) : SIZE_MAX;
        }
    }
    return sv_find_char(bytes, '{');
}

static const Node *read_running_text(Record *record, StrView bytes, size_t brace, Err *err)
{
    StrView text = with_lines_before(record, bytes, brace);
    if (looks_like_json(sv_trim(text))) {
        record->style = RECORD_JSON;
        return node_read(&record->arena, sv_slice(text, 0, json_end(text)), record->name, err);
    }
    record->style = RECORD_TEXT;
    return plist_read_text(&record->arena, text, record->name, NULL, err);
}

static const AnswerFact *find_answer(const RecordFacts *facts, StrView line)
{
    for (size_t i = 0; i < facts->answer_count; i++) {
        if (sv_find(line, facts->answers[i].sign) != SIZE_MAX) {
            return &facts->answers[i];
        }
    }
    return NULL;
}

/* What was printed instead of a record: the line of the answer, and of a head alone the next. */
static void take_answer(Record *record, StrView bytes)
{
    StrView rest = bytes;
    StrView line;
    for (int number = 1; record->answer_fact == NULL && sv_next_line(&rest, &line); number++) {
        record->answer_fact = find_answer(record->facts, line);
        if (record->answer_fact != NULL) {
            StrView next = sv_trim(rest);
            bool is_head = sv_ends(sv_trim(line), SV(":")) && next.len > 0;
            StrBuf text = {0};
            strbuf_add(&text, sv_trim(line));
            if (is_head) {
                strbuf_add_char(&text, ' ');
                strbuf_add(&text, sv_trim(sv_slice(next, 0, sv_find_char(next, '\n'))));
            }
            record->answer = arena_dup(&record->arena, strbuf_view(&text));
            record->answer_line = number;
            strbuf_done(&text);
        }
    }
}

/* Entries of a log are JSON as well, but have no record, however broken the last of them is. */
static bool is_log_capture(StrView text)
{
    return sv_find(sv_slice(text, 0, LOG_LOOK_BYTES), SV("\"eventMessage\"")) != SIZE_MAX;
}

/* The tree, or NULL: then with an error when it cannot be read, without when there is none. */
static const Node *read_tree(Record *record, StrView bytes, bool *ret_is_broken, Err *err)
{
    PlistForm form = plist_probe(bytes);
    StrView text = sv_trim(bytes);
    const Node *root = NULL;
    *ret_is_broken = form != PLIST_NONE || !is_log_capture(text);
    if (!*ret_is_broken) {
        return NULL;
    }
    if (form != PLIST_NONE) {
        record->style = form == PLIST_XML ? RECORD_XML : RECORD_BINARY;
        root = plist_read(&record->arena, bytes, record->name, err);
    } else if ((sv_starts(text, SV("{")) || sv_starts(text, SV("["))) && looks_like_json(text)) {
        record->style = RECORD_JSON;
        root = node_read(&record->arena, bytes, record->name, err);
    } else {
        size_t brace = find_brace(bytes);
        if (brace == SIZE_MAX) {
            take_answer(record, bytes);
            *ret_is_broken = false;
            return NULL;
        }
        root = read_running_text(record, bytes, brace, err);
    }
    *ret_is_broken = root == NULL;
    return root;
}

/* --- from the tree to values ---------------------------------------------------------------- */

/* How many children of a map have a name that is known, those of its groups included. */
static size_t count_known(const RecordFacts *facts, const Node *map, StrView prefix, int depth)
{
    size_t known = 0;
    for (const Node *child = map->first; child != NULL; child = child->next) {
        StrBuf key = {0};
        strbuf_printf(&key, "%.*s%s%.*s", SV_ARG(prefix), prefix.len > 0 ? "." : "",
                      SV_ARG(child->key));
        known += record_facts_field(facts, strbuf_view(&key), NULL) != NULL;
        if (child->kind == NODE_MAP && depth > 0) {
            known += count_known(facts, child, strbuf_view(&key), depth - 1);
        }
        strbuf_done(&key);
    }
    return known;
}

/* The map that is the record: the root, or the one within that has most known fields. */
static const Node *find_record(const RecordFacts *facts, const Node *node, int depth,
                               size_t *ret_known)
{
    const Node *best = node;
    *ret_known = node->kind == NODE_MAP ? count_known(facts, node, SV(""), 2) : 0;
    for (const Node *child = node->first; child != NULL && depth > 0; child = child->next) {
        size_t known;
        const Node *found = find_record(facts, child, depth - 1, &known);
        if (known > *ret_known) {
            best = found;
            *ret_known = known;
        }
    }
    return best;
}

static bool is_yes(StrView text)
{
    return sv_equal(text, SV("1")) || sv_equal_nocase(text, SV("true")) ||
           sv_equal_nocase(text, SV("yes"));
}

static bool is_no(StrView text)
{
    return sv_equal(text, SV("0")) || sv_equal_nocase(text, SV("false")) ||
           sv_equal_nocase(text, SV("no"));
}

static void read_flag(RecordValue *value)
{
    const Node *node = value->node;
    bool is_false = false;
    if (node->kind == NODE_BOOL) {
        value->is_flag = true;
        is_false = !node->truth;
    } else if (node->kind == NODE_NUMBER) {
        value->is_flag = node->number == 0 || node->number == 1;
        is_false = node->number == 0;
    } else if (node->kind == NODE_TEXT) {
        value->is_flag = is_yes(node->text) || is_no(node->text);
        is_false = is_no(node->text);
    }
    value->is_no =
        value->is_flag && is_false != (value->is_local && value->fact->is_local_inverted);
}

static void take_value(Record *record, const Node *node, StrView key, bool is_in_record)
{
    RecordValue *value = record_add_value(record);
    value->key = arena_dup(&record->arena, key);
    value->node = node;
    value->fact =
        is_in_record ? record_facts_field(record->facts, value->key, &value->is_local) : NULL;
    if (value->fact != NULL && value->fact->kind == FACT_FLAG) {
        read_flag(value);
    }
}

/* Takes the children of `map`; `record_map` is where the names of fields begin. */
static void flatten(Record *record, const Node *map, const Node *record_map, StrView prefix,
                    bool is_in_record, int depth)
{
    size_t number = 0;
    for (const Node *child = map->first; child != NULL; child = child->next) {
        StrBuf key = {0};
        if (map->kind == NODE_LIST) {
            strbuf_printf(&key, "%.*s[%zu]", SV_ARG(prefix), number++);
        } else {
            strbuf_printf(&key, "%.*s%s%.*s", SV_ARG(prefix), prefix.len > 0 ? "." : "",
                          SV_ARG(child->key));
        }
        bool is_record = child == record_map;
        bool is_known =
            is_in_record && record_facts_field(record->facts, strbuf_view(&key), NULL) != NULL;
        bool is_open = child->kind == NODE_MAP && child->count > 0 && depth > 0 && !is_known;
        bool leads = child->kind == NODE_LIST && !is_in_record && depth > 0;
        if (is_record) {
            flatten(record, child, record_map, SV(""), true, depth - 1);
        } else if (is_open || leads) {
            flatten(record, child, record_map, strbuf_view(&key), is_in_record, depth - 1);
        } else {
            take_value(record, child, strbuf_view(&key), is_in_record);
        }
        strbuf_done(&key);
    }
}

void record_take_values(Record *record, const Node *root)
{
    size_t known;
    const Node *map = find_record(record->facts, root, DESCEND_DEPTH, &known);
    flatten(record, root, map, SV(""), map == root, FLATTEN_DEPTH);
}

static bool has_known(const Record *record)
{
    for (size_t i = 0; i < record->value_count; i++) {
        if (record->values[i].fact != NULL) {
            return true;
        }
    }
    return false;
}

/* Apple's service may have answered that there is none; then only that is stored. */
static bool is_answer_alone(const Record *record)
{
    bool has_answer = false;
    for (size_t i = 0; i < record->value_count; i++) {
        const FieldFact *fact = record->values[i].fact;
        if (fact != NULL && fact->kind != FACT_ANSWER) {
            return false;
        }
        has_answer = has_answer || fact != NULL;
    }
    return has_answer;
}

/* "CloudConfigFetchError: MCCloudConfigErrorDomain 33001" */
static void add_error(const Record *record, const RecordValue *value, StrBuf *buf)
{
    StrView domain = node_text(value->node, "NSDomain");
    const Node *code = node_find(value->node, "NSCode");
    utf8_visible(buf, value->key);
    strbuf_add_str(buf, ": ");
    if (domain.len > 0 && code != NULL) {
        utf8_visible(buf, domain);
        strbuf_add_char(buf, ' ');
        record_add_shown(record, &(RecordValue){.key = code->key, .node = code}, false, buf);
    } else {
        record_add_shown(record, value, false, buf);
    }
}

/* What is stored instead of a record. */
static void take_stored_answer(Record *record)
{
    StrBuf text = {0};
    for (size_t i = 0; i < record->value_count && record->answer_fact == NULL; i++) {
        const RecordValue *value = &record->values[i];
        if (value->fact != NULL) {
            record->answer_fact = find_answer(record->facts, value->key);
            record->answer_line = value->node->line;
            strbuf_clear(&text);
            add_error(record, value, &text);
        }
    }
    if (record->answer_fact != NULL) {
        record->answer = arena_dup(&record->arena, strbuf_view(&text));
    }
    strbuf_done(&text);
}

RecordResult record_read(Record *record, const RecordFacts *facts, StrView bytes, const char *name,
                         int64_t now_ns, Err *err)
{
    bool is_broken;
    record->facts = facts;
    record->name = name;
    if (bytes.len > RECORD_MAX_BYTES) {
        (void)err_set(err, "%s: larger than %zu MiB", name, (size_t)(RECORD_MAX_BYTES / MIB));
        return RECORD_BROKEN;
    }
    const Node *root = read_tree(record, bytes, &is_broken, err);
    if (root == NULL) {
        return is_broken ? RECORD_BROKEN : RECORD_ABSENT;
    }
    record_take_values(record, root);
    if (is_answer_alone(record)) {
        take_stored_answer(record);
        return RECORD_ABSENT;
    }
    if (!has_known(record)) {
        return RECORD_ABSENT;
    }
    if (record->value_count > RECORD_MAX_VALUES) {
        (void)err_set(err, "%s: more than %d fields", name, RECORD_MAX_VALUES);
        return RECORD_BROKEN;
    }
    record_check(record, now_ns);
    return RECORD_FOUND;
}
