/*
 * Properties of the filter over random predicates and random rows: it decides as a plain evaluator
 * of the tree does, by ranges as row by row, with a full table of atoms as with an empty one; and
 * what it calls narrower is narrower. The plain evaluator below shares no code with the filter but
 * utf8_fold and the regex façade.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/utf8.h"
#include "filters/filter.h"
#include "filters/regex.h"
#include "tests/filters/random_predicate.h"
#include "tests/filters/truth.h"

#define ROWS 300
#define PREDICATES 1500

/* --- a plain evaluator ------------------------------------------------------------------------ */

typedef enum PlainKind { PLAIN_NIL, PLAIN_TEXT, PLAIN_NUMBER, PLAIN_LIST, PLAIN_SELF } PlainKind;

typedef struct Plain {
    PlainKind kind;
    StrView text;
    double number;
    uint64_t whole; /* of an integer, without its sign: tells apart what rounds to one double */
    const Operand *list;
} Plain;

static Plain plain_value(const Operand *operand, const Entry *entry)
{
    Plain value = {.kind = PLAIN_NIL};
    uint64_t number;
    switch (operand->kind) {
    case OPERAND_FIELD:
        if (operand->field->type == FIELD_TEXT || operand->field->type == FIELD_UUID) {
            value.text = entry_text(entry, operand->field->id);
            value.kind = value.text.ptr ? PLAIN_TEXT : PLAIN_NIL;
        } else if (entry_number(entry, operand->field->id, &number)) {
            value.kind = PLAIN_NUMBER;
            value.number = (double)number;
            value.whole = number;
        }
        break;
    case OPERAND_TEXT:
        value.kind = PLAIN_TEXT;
        value.text = operand->text;
        break;
    case OPERAND_NUMBER:
        value.kind = PLAIN_NUMBER;
        value.number = operand->number;
        value.whole = operand->integer;
        break;
    case OPERAND_LIST:
        value.kind = PLAIN_LIST;
        value.list = operand;
        break;
    case OPERAND_SELF:
        value.kind = PLAIN_SELF;
        break;
    default:
        break;
    }
    return value;
}

static void plain_fold(StrView text, unsigned options, StrBuf *buf)
{
    unsigned fold = (options & OPTION_CASE ? UTF8_FOLD_CASE : 0) |
                    (options & OPTION_DIACRITICS ? UTF8_FOLD_DIACRITICS : 0);
    strbuf_add_str(buf, "");
    if (fold) {
        utf8_fold(buf, text, fold | UTF8_FOLD_WIDTH);
    } else {
        strbuf_add(buf, text);
    }
}

/* LIKE, letter by letter. */
static bool plain_like(StrView text, StrView pattern)
{
    if (pattern.len == 0) {
        return text.len == 0;
    }
    StrView rest = pattern;
    uint32_t wanted = utf8_next(&rest);
    if (wanted == '*') {
        return plain_like(text, rest) ||
               (text.len > 0 && (utf8_next(&text), plain_like(text, pattern)));
    }
    if (text.len == 0) {
        return false;
    }
    uint32_t letter = utf8_next(&text);
    if (wanted == '\\' && rest.len > 0 && strchr("*?\\", rest.ptr[0])) {
        return letter == utf8_next(&rest) && plain_like(text, rest);
    }
    return (wanted == '?' || letter == wanted) && plain_like(text, rest);
}

static bool plain_matches(StrView text, StrView pattern, unsigned options)
{
    size_t start;
    size_t end;
    unsigned caseless = options & OPTION_CASE ? REGEX_CASELESS : 0;
    Regex *regex =
        regex_new(pattern, REGEX_WHOLE | REGEX_DOT_NEWLINE | REGEX_NO_JIT | caseless, NULL);
    bool is_match = regex_search(regex, text, 0, &start, &end) == REGEX_YES;
    regex_free(regex);
    return is_match;
}

static bool plain_contains(StrView text, StrView needle)
{
    for (size_t at = 0; at + needle.len <= text.len; at++) {
        if (memcmp(text.ptr + at, needle.ptr, needle.len) == 0) {
            return true;
        }
    }
    return false;
}

/* Any text operator; both texts are there. `order` is negative, zero or positive for < == >. */
static bool plain_text(PredicateOp op, unsigned options, StrView a, StrView b, int *ret_order)
{
    StrBuf left = {0};
    StrBuf right = {0};
    plain_fold(a, options, &left);
    plain_fold(b, options, &right);
    StrView x = strbuf_view(&left);
    StrView y = strbuf_view(&right);
    bool result = false;
    *ret_order = sv_compare(x, y);
    if (op == OP_MATCHES) {
        result = b.len > 0 && plain_matches(x, b, options);
    } else if (op == OP_LIKE) {
        result = b.len > 0 && plain_like(x, y);
    } else if (y.len > 0 && y.len <= x.len) {
        result = op == OP_CONTAINS     ? plain_contains(x, y)
                 : op == OP_BEGINSWITH ? memcmp(x.ptr, y.ptr, y.len) == 0
                                       : memcmp(x.ptr + x.len - y.len, y.ptr, y.len) == 0;
    }
    strbuf_done(&left);
    strbuf_done(&right);
    return result;
}

static bool plain_equal(Plain a, Plain b, unsigned options)
{
    int order = 0;
    if (a.kind != b.kind) {
        return false;
    }
    if (a.kind == PLAIN_TEXT) {
        (void)plain_text(OP_EQUAL, options, a.text, b.text, &order);
        return order == 0;
    }
    return a.kind != PLAIN_NUMBER || (a.number == b.number && a.whole == b.whole);
}

static bool plain_order(PredicateOp op, Plain a, Plain b, unsigned options)
{
    bool takes_equal = op == OP_LESS_EQUAL || op == OP_GREATER_EQUAL;
    bool takes_less = op == OP_LESS || op == OP_LESS_EQUAL;
    int order = 0;
    if (a.kind != b.kind || a.kind == PLAIN_NIL) {
        return a.kind == b.kind && takes_equal;
    }
    if (a.kind == PLAIN_TEXT) {
        (void)plain_text(op, options, a.text, b.text, &order);
    } else {
        order = (a.number > b.number) - (a.number < b.number);
        order = order ? order : (a.whole > b.whole) - (a.whole < b.whole);
    }
    return order == 0 ? takes_equal : (order < 0) == takes_less;
}

static bool plain_member(const Operand *list, Plain value, const Entry *entry)
{
    for (size_t i = 0; value.kind != PLAIN_NIL && i < list->count; i++) {
        if (plain_equal(plain_value(&list->items[i], entry), value, 0)) {
            return true;
        }
    }
    return false;
}

static bool plain_compare(const PredicateNode *node, Plain a, Plain b, const Entry *entry)
{
    int order = 0;
    switch (node->op) {
    case OP_EQUAL:
    case OP_NOT_EQUAL:
        return plain_equal(a, b, node->options) == (node->op == OP_EQUAL);
    case OP_BETWEEN:
        return a.kind != PLAIN_NIL &&
               plain_order(OP_GREATER_EQUAL, a, plain_value(&b.list->items[0], entry), 0) &&
               plain_order(OP_LESS_EQUAL, a, plain_value(&b.list->items[1], entry), 0);
    case OP_LESS:
    case OP_LESS_EQUAL:
    case OP_GREATER:
    case OP_GREATER_EQUAL:
        return plain_order(node->op, a, b, node->options);
    case OP_IN:
        if (b.kind == PLAIN_LIST) {
            return plain_member(b.list, a, entry);
        }
        return a.kind == PLAIN_TEXT && b.kind == PLAIN_TEXT &&
               plain_text(OP_CONTAINS, node->options, b.text, a.text, &order);
    default:
        return a.kind == PLAIN_TEXT && b.kind == PLAIN_TEXT &&
               plain_text(node->op, node->options, a.text, b.text, &order);
    }
}

static bool plain_comparison(const PredicateNode *node, const Entry *entry)
{
    Plain right = plain_value(&node->right, entry);
    if (node->quantifier == QUANTIFIER_NONE) {
        return plain_compare(node, plain_value(&node->left, entry), right, entry);
    }
    size_t matched = 0;
    for (size_t i = 0; i < node->left.count; i++) {
        matched += plain_compare(node, plain_value(&node->left.items[i], entry), right, entry);
    }
    return node->quantifier == QUANTIFIER_ANY   ? matched > 0
           : node->quantifier == QUANTIFIER_ALL ? matched == node->left.count
                                                : matched == 0;
}

static bool plain_match(const PredicateNode *node, const Entry *entry)
{
    bool all = true;
    bool any = false;
    if (node->kind == PREDICATE_COMPARE) {
        return plain_comparison(node, entry);
    }
    for (size_t i = 0; i < node->count; i++) {
        bool is_match = plain_match(node->children[i], entry);
        all = all && is_match;
        any = any || is_match;
    }
    return node->kind == PREDICATE_TRUE  ? true
           : node->kind == PREDICATE_AND ? all
           : node->kind == PREDICATE_OR  ? any
           : node->kind == PREDICATE_NOT ? !any
                                         : false;
}

/* --- random rows ------------------------------------------------------------------------------ */

static void add_text_key(Random *random, const char *key, StrBuf *buf)
{
    static const char *const VALUES[] = {
        "\"\"",
        "\"a\"",
        "\"ab\"",
        "\"B\"",
        "\"\\/usr\\/mdmclient\"",
        "\"Error ab\"",
        "\"com.apple.B\"",
        "\"äÄ\"",
        "\"\\u00c4b\"",
        "\"漢 a*b?\\\\\"",
        "\"mdm\\nclient\"",
        "null",
        "\"Ａb ſK\"",
        "\"m'd'm\"",
        "\"client\\\"a\"",
    };
    if (random_below(random, 6) == 0) {
        return;
    }
    strbuf_printf(buf, ",\"%s\":%s", key, RANDOM_OF(random, VALUES));
}

static void add_number_key(Random *random, const char *key, StrBuf *buf)
{
    static const char *const VALUES[] = {
        "0", "1", "2", "16", "17", "312", "9007199254740993", "18446744073709551615", "null"};
    size_t most = strcmp(key, "processID") == 0 || strcmp(key, "userID") == 0 ? 6 : 9;
    if (random_below(random, 6) == 0) {
        return;
    }
    strbuf_printf(buf, ",\"%s\":%s", key, VALUES[random_below(random, most)]);
}

static void random_row(Random *random, StrBuf *buf)
{
    static const char *const TEXTS[] = {"eventMessage", "processImagePath", "senderImagePath",
                                        "subsystem",    "category",         "formatString"};
    static const char *const NUMBERS[] = {
        "processID", "threadID", "userID", "traceID", "parentActivityIdentifier", "lossCount"};
    static const char *const KINDS[] = {"logEvent",   "logEvent",  "activityCreateEvent",
                                        "stateEvent", "lossEvent", "futureEvent",
                                        "traceEvent"};
    static const char *const LEVELS[] = {"Default", "Info", "Debug", "Error", "Fault"};
    const char *kind = RANDOM_OF(random, KINDS);
    strbuf_printf(buf, "{\"eventType\":\"%s\"", kind);
    if (strcmp(kind, "logEvent") == 0) {
        strbuf_printf(buf, ",\"messageType\":\"%s\"", RANDOM_OF(random, LEVELS));
    }
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        add_text_key(random, TEXTS[i], buf);
    }
    for (size_t i = 0; i < ARRAY_LEN(NUMBERS); i++) {
        add_number_key(random, NUMBERS[i], buf);
    }
    strbuf_add_str(buf, ",\"timestamp\":\"2026-09-08 10:00:16.012931+0200\"}");
}

/* The same rows twice: with room for every atom, and with a table that is full at once. */
typedef struct Rows {
    TruthEntries roomy;
    TruthEntries full;
    StrBuf lines[ROWS];
    StrBuf scratch[ROWS];
    Entry entries[ROWS];
} Rows;

static Rows *rows_new(void)
{
    Rows *rows = mem_calloc(1, sizeof *rows);
    Random random = {20260908};
    truth_init(&rows->roomy);
    rows->full.atoms = atom_table_new(24);
    columns_init(&rows->full.columns, rows->full.atoms);
    for (size_t i = 0; i < ROWS; i++) {
        random_row(&random, &rows->lines[i]);
        StrView line = strbuf_view(&rows->lines[i]);
        decoder_read_entry(STYLE_NDJSON, line, &rows->scratch[i], &rows->entries[i]);
        (void)truth_add(&rows->roomy, SV_NONE, STYLE_NDJSON, line);
        (void)truth_add(&rows->full, SV_NONE, STYLE_NDJSON, line);
    }
    return rows;
}

static void rows_free(Rows *rows)
{
    for (size_t i = 0; i < ROWS; i++) {
        strbuf_done(&rows->lines[i]);
        strbuf_done(&rows->scratch[i]);
    }
    truth_done(&rows->roomy);
    truth_done(&rows->full);
    mem_free(rows);
}

/* --- properties ------------------------------------------------------------------------------- */

static void random_filter_text(uint64_t seed, StrBuf *buf)
{
    Random random = {seed * 977 + 1};
    random_predicate(&random, (int)(seed % 5), buf);
}

static bool test_row(const Rows *rows, Filter *filter, const Columns *columns, uint32_t i)
{
    bool wanted = plain_match(predicate_root(filter_predicate(filter)), &rows->entries[i]);
    if (filter_match(filter, columns, i) == wanted) {
        return true;
    }
    print_error("%.*s\n  %s\n  is %s, should be %s\n",
                SV_ARG(predicate_source(filter_predicate(filter))), rows->lines[i].ptr,
                wanted ? "no" : "yes", wanted ? "yes" : "no");
    return false;
}

static void check_as_plain(const Rows *rows, const Columns *columns, StrView text)
{
    Err err = err_none();
    Filter *filter = filter_compile(text, &err);
    assert_string_equal(err.text, "");
    for (uint32_t i = 0; i < ROWS; i++) {
        assert_true(test_row(rows, filter, columns, i));
    }
    filter_free(filter);
}

static void test_decides_as_the_plain_evaluator(void **state)
{
    const Rows *rows = *state;
    bool has_locals = false;
    for (uint32_t i = 0; i < ROWS; i++) {
        has_locals = has_locals || (rows->full.columns.process[i] & COLUMN_LOCAL);
    }
    assert_true(has_locals);
    for (uint64_t seed = 1; seed <= PREDICATES; seed++) {
        StrBuf text = {0};
        random_filter_text(seed, &text);
        check_as_plain(rows, &rows->roomy.columns, strbuf_view(&text));
        check_as_plain(rows, &rows->full.columns, strbuf_view(&text));
        strbuf_done(&text);
    }
}

static void check_range(Filter *by_range, Filter *by_row, const Columns *columns, Random *random)
{
    uint64_t bits[ROWS / 64 + 1];
    uint32_t from = (uint32_t)random_below(random, ROWS);
    uint32_t to = from + (uint32_t)random_below(random, ROWS - from + 1);
    memset(bits, 0xAA, sizeof bits);
    uint32_t matched = filter_match_range(by_range, columns, from, to, bits);
    uint32_t counted = 0;
    for (uint32_t i = from; i < to; i++) {
        bool is_match = bits[(i - from) / 64] >> ((i - from) % 64) & 1;
        assert_int_equal(is_match, filter_match(by_row, columns, i));
        counted += is_match;
    }
    assert_int_equal(matched, counted);
}

static void test_ranges_agree_with_rows(void **state)
{
    const Rows *rows = *state;
    Random random = {7};
    for (uint64_t seed = 1; seed <= PREDICATES; seed++) {
        StrBuf text = {0};
        random_filter_text(seed + 100000, &text);
        Filter *by_range = filter_compile(strbuf_view(&text), NULL);
        Filter *by_row = filter_compile(strbuf_view(&text), NULL);
        for (int i = 0; i < 4; i++) {
            check_range(by_range, by_row, &rows->roomy.columns, &random);
        }
        filter_free(by_range);
        filter_free(by_row);
        by_range = filter_compile(strbuf_view(&text), NULL);
        check_range(by_range, by_range, &rows->full.columns, &random);
        filter_free(by_range);
        strbuf_done(&text);
    }
}

/* Whether all that `narrow` matches is matched by `wide`. */
static bool is_within(const Rows *rows, Filter *narrow, Filter *wide)
{
    for (uint32_t i = 0; i < ROWS; i++) {
        if (filter_match(narrow, &rows->roomy.columns, i) &&
            !filter_match(wide, &rows->roomy.columns, i)) {
            return false;
        }
    }
    return true;
}

static FilterRelation check_relation(const Rows *rows, StrView newer, StrView older)
{
    Filter *narrow = filter_compile(newer, NULL);
    Filter *wide = filter_compile(older, NULL);
    FilterRelation relation = filter_relation(narrow, wide);
    if (relation != FILTER_OTHER) {
        assert_true(is_within(rows, narrow, wide));
    }
    if (relation == FILTER_SAME) {
        assert_true(is_within(rows, wide, narrow));
    }
    filter_free(narrow);
    filter_free(wide);
    return relation;
}

static void test_narrower_is_narrower(void **state)
{
    const Rows *rows = *state;
    for (uint64_t seed = 1; seed <= PREDICATES; seed++) {
        StrBuf a = {0};
        StrBuf b = {0};
        StrBuf both = {0};
        random_filter_text(seed * 2, &a);
        random_filter_text(seed * 2 + 1, &b);
        strbuf_printf(&both, "(%s) AND (%s)", a.ptr, b.ptr);
        assert_int_equal(check_relation(rows, strbuf_view(&a), strbuf_view(&a)), FILTER_SAME);
        assert_int_not_equal(check_relation(rows, strbuf_view(&both), strbuf_view(&a)),
                             FILTER_OTHER);
        assert_int_not_equal(check_relation(rows, strbuf_view(&both), strbuf_view(&b)),
                             FILTER_OTHER);
        strbuf_clear(&both);
        strbuf_printf(&both, "(%s) OR (%s)", a.ptr, b.ptr);
        assert_int_not_equal(check_relation(rows, strbuf_view(&a), strbuf_view(&both)),
                             FILTER_OTHER);
        (void)check_relation(rows, strbuf_view(&a), strbuf_view(&b)); /* sound, whatever it is */
        strbuf_done(&a);
        strbuf_done(&b);
        strbuf_done(&both);
    }
}

/* Comparisons of one key with constants of a small set: many pairs are narrower. */
static void test_related_comparisons(void **state)
{
    const Rows *rows = *state;
    static const char *const KEYS[] = {"process", "eventMessage", "processID", "messageType"};
    static const char *const TEXT_OPS[] = {
        "==",   "!=",          "CONTAINS", "BEGINSWITH",     "ENDSWITH",
        "LIKE", "CONTAINS[c]", "==[c]",    "BEGINSWITH[cd]", "CONTAINS[d]"};
    static const char *const TEXTS[] = {"\"\"",         "\"a\"",   "\"ab\"",     "\"b\"", "\"B\"",
                                        "\"\\u00C4b\"", "\"mdm\"", "\"client\"", "nil"};
    static const char *const OPS[] = {"==", "!=", "<", "<=", ">", ">="};
    static const char *const NUMBERS[] = {"0", "1", "1.5", "16", "17", "-1", "nil"};
    Random random = {99};
    int narrower = 0;
    for (int i = 0; i < 20000; i++) {
        StrBuf texts[2] = {{0}, {0}};
        size_t key = random_below(&random, ARRAY_LEN(KEYS));
        for (int j = 0; j < 2; j++) {
            strbuf_printf(&texts[j], "%s%s %s %s", random_below(&random, 4) ? "" : "NOT ",
                          KEYS[key],
                          key < 2 ? RANDOM_OF(&random, TEXT_OPS) : RANDOM_OF(&random, OPS),
                          key < 2 ? RANDOM_OF(&random, TEXTS) : RANDOM_OF(&random, NUMBERS));
        }
        narrower +=
            check_relation(rows, strbuf_view(&texts[0]), strbuf_view(&texts[1])) == FILTER_NARROWER;
        strbuf_done(&texts[0]);
        strbuf_done(&texts[1]);
    }
    assert_true(narrower > 500);
}

static void test_not_not_changes_nothing(void **state)
{
    const Rows *rows = *state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        StrBuf text = {0};
        StrBuf twice = {0};
        random_filter_text(seed, &text);
        strbuf_printf(&twice, "NOT NOT (%s)", text.ptr);
        Filter *a = filter_compile(strbuf_view(&text), NULL);
        Filter *b = filter_compile(strbuf_view(&twice), NULL);
        assert_true(is_within(rows, a, b));
        assert_true(is_within(rows, b, a));
        filter_free(a);
        filter_free(b);
        strbuf_done(&text);
        strbuf_done(&twice);
    }
}

/* A comparison that gave up is neither true nor false, and such a row does not match. */
static void test_stopped_rows(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool first; /* row 0 has the runaway text, row 1 nothing */
        bool second;
    } ROW[] = {
        {"eventMessage MATCHES '(a+)+[bc]'", false, false},
        {"NOT (eventMessage MATCHES '(a+)+[bc]')", false, true},
        {"eventMessage MATCHES '(a+)+[bc]' OR formatString == nil", true, true},
        {"eventMessage MATCHES '(a+)+[bc]' OR formatString == 'x'", false, false},
        {"eventMessage MATCHES '(a+)+[bc]' AND formatString == nil", false, false},
        {"NOT (eventMessage MATCHES '(a+)+[bc]' AND formatString != nil)", true, true},
        {"process MATCHES '(a+)+[bc]' OR eventType == logEvent", true, true},
        {"process MATCHES '(a+)+[bc]' OR processID == 5", false, false},
        {"NOT (process MATCHES '(a+)+[bc]')", false, true},
        {"NOT (process MATCHES '(a+)+[bc]' OR processID == 5)", false, true},
    };
    StrBuf line = {0};
    TruthEntries entries;
    truth_init(&entries);
    strbuf_add_str(&line, "{\"eventType\":\"logEvent\",\"eventMessage\":\"");
    strbuf_add_many(&line, 'a', 10000);
    strbuf_add_str(&line, "!\",\"processImagePath\":\"");
    strbuf_add_many(&line, 'a', 10000);
    strbuf_add_str(&line, "!\"}");
    (void)truth_add(&entries, SV_NONE, STYLE_NDJSON, strbuf_view(&line));
    (void)truth_add(&entries, SV_NONE, STYLE_NDJSON, SV("{\"eventType\":\"logEvent\"}"));
    for (size_t i = 0; i < ARRAY_LEN(ROW); i++) {
        uint64_t bits = 0;
        Filter *filter = filter_compile(sv(ROW[i].text), NULL);
        (void)filter_match_range(filter, &entries.columns, 0, 2, &bits); /* the bits tell */
        assert_int_equal(bits, (uint64_t)ROW[i].first | (uint64_t)ROW[i].second << 1);
        assert_int_equal(filter_match(filter, &entries.columns, 0), ROW[i].first);
        assert_int_equal(filter_match(filter, &entries.columns, 1), ROW[i].second);
        filter_free(filter);
    }
    Filter *filter = filter_compile(sv(ROW[0].text), NULL);
    assert_int_equal(filter_stopped(filter), 0);
    (void)filter_match(filter, &entries.columns, 0); /* what it says is tested above */
    (void)filter_match(filter, &entries.columns, 1);
    assert_int_equal(filter_stopped(filter), 1);
    filter_free(filter);
    truth_done(&entries);
    strbuf_done(&line);
}

static int setup(void **state)
{
    *state = rows_new();
    return 0;
}

static int teardown(void **state)
{
    rows_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decides_as_the_plain_evaluator),
        cmocka_unit_test(test_ranges_agree_with_rows),
        cmocka_unit_test(test_narrower_is_narrower),
        cmocka_unit_test(test_related_comparisons),
        cmocka_unit_test(test_not_not_changes_nothing),
        cmocka_unit_test(test_stopped_rows),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
