/*
 * Seeded random predicates for property tests, as text. Header only: each test program is linked
 * alone. The same seed gives the same predicate everywhere.
 */
#ifndef TESTS_FILTERS_RANDOM_PREDICATE_H
#define TESTS_FILTERS_RANDOM_PREDICATE_H

#include "base/str.h"

typedef struct Random {
    uint64_t state; /* not 0 */
} Random;

/* xorshift64*: small, good enough, the same on every machine. */
static inline uint64_t random_next(Random *random)
{
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return random->state * UINT64_C(2685821657736338717) >> 16;
}

static inline size_t random_below(Random *random, size_t limit)
{
    return (size_t)(random_next(random) % limit);
}

static inline const char *random_of(Random *random, const char *const *items, size_t count)
{
    return items[random_below(random, count)];
}

#define RANDOM_OF(random, items) random_of((random), (items), ARRAY_LEN(items))

static inline void random_text(Random *random, StrBuf *buf)
{
    static const char *const PIECES[] = {
        "a", "b",       "ab", "B",     "mdm",  "client", "Error", "com.apple", "",  "\\\"",
        "'", "\\u00C4", "ä",  "\\x41", "\\\\", "漢",     "*",     "?",         " ", "\\n",
    };
    strbuf_add_char(buf, '"');
    for (size_t i = random_below(random, 3); i > 0; i--) {
        strbuf_add_str(buf, RANDOM_OF(random, PIECES));
    }
    strbuf_add_char(buf, '"');
}

static inline void random_number(Random *random, StrBuf *buf)
{
    static const char *const NUMBERS[] = {
        "0",
        "1",
        "2",
        "16",
        "17",
        "312",
        "0x10",
        "1.5",
        "-1",
        "1e20",
        "9007199254740993",
        "18446744073709551615",
        "2.5e-3",
        "0b11",
        "TRUE",
        "NO",
    };
    strbuf_add_str(buf, RANDOM_OF(random, NUMBERS));
}

static inline const char *random_text_key(Random *random)
{
    static const char *const KEYS[] = {
        "process",      "processImagePath", "sender",    "subsystem",    "category",
        "eventMessage", "process",          "subsystem", "formatString", "composedMessage",
    };
    return RANDOM_OF(random, KEYS);
}

static inline const char *random_number_key(Random *random)
{
    static const char *const KEYS[] = {
        "processID", "messageType", "eventType",   "threadID",
        "userID",    "traceID",     "messageType", "parentActivityIdentifier",
        "lossCount",
    };
    return RANDOM_OF(random, KEYS);
}

static inline void random_options(Random *random, StrBuf *buf)
{
    static const char *const OPTIONS[] = {"", "", "", "[c]", "[d]", "[cd]", "[n]"};
    strbuf_add_str(buf, RANDOM_OF(random, OPTIONS));
    strbuf_add_char(buf, ' ');
}

static inline void random_list(Random *random, bool is_text, StrBuf *buf)
{
    strbuf_add_char(buf, '{');
    for (size_t i = 0, count = random_below(random, 4); i < count; i++) {
        strbuf_add_str(buf, i > 0 ? ", " : "");
        if (is_text) {
            random_text(random, buf);
        } else {
            random_number(random, buf);
        }
    }
    strbuf_add_char(buf, '}');
}

static inline void random_text_comparison(Random *random, StrBuf *buf)
{
    static const char *const OPERATORS[] = {
        "==",         "!=",       "<",        "<=", ">",  ">=",   "CONTAINS",
        "BEGINSWITH", "ENDSWITH", "CONTAINS", "==", "IN", "LIKE",
    };
    size_t form = random_below(random, 12);
    if (form == 0) {
        random_text(random, buf);
        strbuf_add_str(buf, random_below(random, 2) ? " ==" : " IN");
        random_options(random, buf);
        strbuf_add_str(buf, random_text_key(random));
        return;
    }
    strbuf_add_str(buf, random_text_key(random));
    strbuf_add_char(buf, ' ');
    if (form == 1) {
        strbuf_add_str(buf, random_below(random, 2) ? "== nil" : "!= nil");
    } else if (form == 2) {
        strbuf_add_str(buf, "IN ");
        random_list(random, true, buf);
    } else if (form == 3) {
        strbuf_add_str(buf, "MATCHES");
        random_options(random, buf);
        static const char *const PATTERNS[] = {"\".*a.*\"",    "\"[a-z.]+\"",      "\"\"",
                                               "\".*[0-9]+\"", "\"m?d?m?client\"", "\"(?i)ERR.*\""};
        strbuf_add_str(buf, RANDOM_OF(random, PATTERNS));
    } else {
        /* A pattern, LIKE being the last operator, must be a constant. */
        strbuf_add_str(buf, OPERATORS[random_below(random, ARRAY_LEN(OPERATORS) - (form == 4))]);
        random_options(random, buf);
        if (form == 4) {
            strbuf_add_str(buf, random_text_key(random));
        } else {
            random_text(random, buf);
        }
    }
}

static inline void random_number_comparison(Random *random, StrBuf *buf)
{
    static const char *const OPERATORS[] = {"==", "!=", "<", "<=", ">", ">=", "=<", "=>", "<>"};
    size_t form = random_below(random, 8);
    if (form == 0) {
        random_number(random, buf);
        strbuf_add_char(buf, ' ');
        strbuf_add_str(buf, RANDOM_OF(random, OPERATORS));
        strbuf_add_char(buf, ' ');
        strbuf_add_str(buf, random_number_key(random));
        return;
    }
    strbuf_add_str(buf, random_number_key(random));
    strbuf_add_char(buf, ' ');
    if (form == 1) {
        strbuf_add_str(buf, random_below(random, 2) ? "<= nil" : "!= nil");
    } else if (form == 2) {
        strbuf_add_str(buf, "IN ");
        random_list(random, false, buf);
    } else if (form == 3) {
        strbuf_add_str(buf, "BETWEEN {");
        random_number(random, buf);
        strbuf_add_str(buf, ", ");
        random_number(random, buf);
        strbuf_add_char(buf, '}');
    } else {
        strbuf_add_str(buf, RANDOM_OF(random, OPERATORS));
        strbuf_add_char(buf, ' ');
        if (form == 4) {
            strbuf_add_str(buf, random_number_key(random));
        } else {
            random_number(random, buf);
        }
    }
}

static inline void random_comparison(Random *random, StrBuf *buf)
{
    static const char *const OTHERS[] = {
        "messageType == error",
        "TRUEPREDICATE",
        "FALSEPREDICATE",
        "fault <= messageType",
        "ANY {process, sender} == \"a\"",
        "ALL {1, processID} > 0",
        "NONE {} == 1",
        "eventType == logEvent",
        "messageType IN {error, info}",
        "1 == 1",
        "SELF != nil",
    };
    switch (random_below(random, 8)) {
    case 0:
        strbuf_add_str(buf, RANDOM_OF(random, OTHERS));
        break;
    case 1:
    case 2:
        random_number_comparison(random, buf);
        break;
    default:
        random_text_comparison(random, buf);
        break;
    }
}

/* Appends a predicate of at most `depth` levels of logic. */
static inline void random_predicate(Random *random, int depth, StrBuf *buf)
{
    static const char *const WORDS[] = {" AND ", " OR ", " && ", " || "};
    size_t form = depth > 0 ? random_below(random, 5) : 0;
    if (form == 0) {
        random_comparison(random, buf);
    } else if (form == 1) {
        strbuf_add_str(buf, random_below(random, 2) ? "NOT " : "!");
        strbuf_add_char(buf, '(');
        random_predicate(random, depth - 1, buf);
        strbuf_add_char(buf, ')');
    } else {
        bool is_wrapped = random_below(random, 2) == 0;
        strbuf_add_str(buf, is_wrapped ? "(" : "");
        for (size_t i = 0, count = 2 + random_below(random, 3); i < count; i++) {
            strbuf_add_str(buf, i > 0 ? RANDOM_OF(random, WORDS) : "");
            random_predicate(random, depth - 1, buf);
        }
        strbuf_add_str(buf, is_wrapped ? ")" : "");
    }
}

#endif
