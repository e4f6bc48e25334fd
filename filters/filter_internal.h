/*
 * What the files of the compiled filter share: its nodes, its tests, and the row they look at.
 * Only filter*.c include it; everybody else goes through filter.h.
 */
#ifndef FILTERS_FILTER_INTERNAL_H
#define FILTERS_FILTER_INTERNAL_H

#include "base/arena.h"
#include "filters/filter.h"
#include "filters/needle.h"
#include "filters/number.h"
#include "filters/regex.h"

/* All the regular expressions of a filter, compiled, and how many of them may stand beside
 * constants only, which are decided at once: compiling takes bounded time, whatever the text. */
#define FILTER_MAX_REGEX_BYTES (512 * KIB)
#define FILTER_MAX_CONSTANT_REGEXES 32

/* A set of fields: bit n = FieldId n. */
typedef uint64_t FieldSet;
#define FIELD_BIT(id) (UINT64_C(1) << (id))
_Static_assert(FIELD_COUNT <= 64, "a FieldSet has a bit for each field");

typedef enum ValueKind {
    VALUE_NIL,
    VALUE_TEXT,
    VALUE_NUMBER,
    VALUE_TIME,
    VALUE_LIST,
    VALUE_SELF,
} ValueKind;

typedef struct Value {
    ValueKind kind;
    StrView text;
    Number number;
    const Operand *list;
    int64_t ns;
} Value;

/* A point in time as it was written: without a zone it means the entry's own wall clock. */
typedef struct TimeBound {
    int64_t ns;
    bool is_wall;
} TimeBound;

typedef enum TestShape {
    TEST_GENERIC, /* any operands, decided value by value */
    TEST_TEXT,    /* one text against a constant needle */
    TEST_REGEX,   /* LIKE and MATCHES against a constant */
    TEST_RANGE,   /* a number field within low … high */
    TEST_TIME,    /* a time field between two points */
} TestShape;

/* One comparison, ready to be decided. */
typedef struct Test {
    const PredicateNode *node;
    TestShape shape;
    unsigned fold;          /* UTF8_FOLD_… */
    unsigned list_fold;     /* the same for members of a list, where options do not count */
    bool is_negated;        /* != as the opposite of == */
    const Operand *subject; /* TEST_TEXT, TEST_REGEX: the side that is looked at */
    FieldId field;          /* TEST_RANGE, TEST_TIME */
    TextOp text_op;
    const Needle *needle;
    Regex *regex; /* owned by the filter; NULL = the empty pattern, which matches nothing */
    uint64_t low; /* TEST_RANGE: both included, low > high = nothing */
    uint64_t high;
    TimeBound from; /* TEST_TIME: both included unless is_open */
    TimeBound to;
    bool from_is_open;
    bool to_is_open;
} Test;

typedef enum FilterNodeKind {
    NODE_FALSE,
    NODE_TRUE,
    NODE_CLASS, /* depends on event type and level only: a table */
    NODE_ATOM,  /* depends on one interned field only: a verdict per distinct value */
    NODE_TEST,
    NODE_AND,
    NODE_OR,
    NODE_NOT,
} FilterNodeKind;

typedef enum Verdict { VERDICT_UNKNOWN, VERDICT_NO, VERDICT_YES, VERDICT_STOPPED } Verdict;

typedef struct FilterNode FilterNode;
struct FilterNode {
    FilterNodeKind kind;
    FilterNode **children; /* NODE_CLASS, NODE_ATOM: the one that decides a value */
    size_t count;
    FieldSet fields; /* all that it looks at */
    unsigned cost;   /* relative, for the order inside AND and OR */
    unsigned full;   /* tests in it that need a full reading of the entry */
    const Test *test;
    uint8_t levels[KIND_COUNT]; /* NODE_CLASS: bit n = matches at Level n */
    FieldId field;              /* NODE_ATOM */
    uint64_t *verdicts;         /* two bits per atom, grown on demand; owned by the filter */
    uint32_t verdict_count;     /* atoms there is room for */
};

struct Filter {
    Predicate *predicate;
    Arena arena;
    FilterNode *root;
    Regex **regexes;
    size_t regex_count;
    size_t regex_capacity;
    size_t regex_bytes;      /* see FILTER_MAX_REGEX_BYTES */
    size_t constant_regexes; /* decided while building */
    FilterNode **atom_nodes;
    size_t atom_count;
    size_t atom_capacity;
    const StrView *hosts; /* borrowed */
    size_t host_count;
    uint64_t stopped;
    StrBuf scratch[2]; /* folded texts */
    StrBuf raw;        /* unescaped text of `entry` */
    Entry entry;       /* the row in full, while Row.is_full */
};

/* What a test looks at. Exactly one of three: a row of columns, a single value of an interned
 * field, or `filter->entry` alone. */
typedef struct Row {
    Filter *filter;
    const Columns *columns; /* NULL = one of the other two */
    uint32_t index;
    bool has_value; /* `value` is the value of every interned field asked for */
    StrView value;
    bool is_full;    /* filter->entry has been read */
    bool is_stopped; /* a regular expression gave up on this row */
} Row;

/* Checks that no comparison would raise an exception in `log`. */
bool filter_check(const PredicateNode *node, Err *err);

/* Reads a date constant. */
bool filter_read_time(StrView text, TimeBound *ret_bound);

/* Makes the tree of nodes; NULL with `err` filled when a regular expression is wrong. */
FilterNode *filter_build(Filter *filter, const PredicateNode *node, Err *err);

/* Makes a test of a comparison. */
const Test *filter_build_test(Filter *filter, const PredicateNode *node, Err *err);

/* The values of a row. */
StrView row_text(Row *row, FieldId field);
bool row_number(Row *row, FieldId field, uint64_t *ret_value);
bool row_time(Row *row, TimeBound bound, int64_t *ret_ns);
Value row_value(Row *row, const Operand *operand);

bool test_decide(const Test *test, Row *row);
Verdict node_match(FilterNode *node, Row *row); /* never VERDICT_UNKNOWN */

/* Decides the rows of `mask` among 64 rows from `base` on: returns those that match, and adds those
 * on which a regular expression gave up and which nothing else decides. Both are part of `mask`. */
uint64_t node_match_block(FilterNode *node, Row *row, uint32_t base, uint64_t mask,
                          uint64_t *stopped);

#endif
