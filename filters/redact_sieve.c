/*
 * RedactSieve: a table of byte classes, and what is known of the run of letters and digits that is
 * being read; it is looked at where the run ends. See redact_sieve.h for what it is not.
 */
#include "filters/redact_sieve.h"

#include <string.h>

#define DIGIT (1u << 0)
#define UPPER (1u << 1)
#define LOWER (1u << 2)
#define HEX (1u << 3)
#define JOINS (1u << 4) /* belongs to base64 and is no letter or digit */
#define WORD (DIGIT | UPPER | LOWER)

#define SERIAL_MIN 10
#define SERIAL_MAX 12
#define HEX8 8
#define LONG_HEX_MIN 32
#define BASE64_MIN 40
#define PAIRS_MIN 5  /* separators of a MAC address */
#define DOTS_MIN 3   /* of an IPv4 address */
#define COLONS_MIN 3 /* of an IPv6 address without "::"; a clock time has two */
#define GROUPS_MIN 5 /* separators of a recovery key */

/* clang-format off */
static const uint8_t CLASS[256] = {
    ['0'] = DIGIT | HEX, ['1'] = DIGIT | HEX, ['2'] = DIGIT | HEX, ['3'] = DIGIT | HEX,
    ['4'] = DIGIT | HEX, ['5'] = DIGIT | HEX, ['6'] = DIGIT | HEX, ['7'] = DIGIT | HEX,
    ['8'] = DIGIT | HEX, ['9'] = DIGIT | HEX,
    ['A'] = UPPER | HEX, ['B'] = UPPER | HEX, ['C'] = UPPER | HEX, ['D'] = UPPER | HEX,
    ['E'] = UPPER | HEX, ['F'] = UPPER | HEX, ['G'] = UPPER, ['H'] = UPPER, ['I'] = UPPER,
    ['J'] = UPPER, ['K'] = UPPER, ['L'] = UPPER, ['M'] = UPPER, ['N'] = UPPER, ['O'] = UPPER,
    ['P'] = UPPER, ['Q'] = UPPER, ['R'] = UPPER, ['S'] = UPPER, ['T'] = UPPER, ['U'] = UPPER,
    ['V'] = UPPER, ['W'] = UPPER, ['X'] = UPPER, ['Y'] = UPPER, ['Z'] = UPPER,
    ['a'] = LOWER | HEX, ['b'] = LOWER | HEX, ['c'] = LOWER | HEX, ['d'] = LOWER | HEX,
    ['e'] = LOWER | HEX, ['f'] = LOWER | HEX, ['g'] = LOWER, ['h'] = LOWER, ['i'] = LOWER,
    ['j'] = LOWER, ['k'] = LOWER, ['l'] = LOWER, ['m'] = LOWER, ['n'] = LOWER, ['o'] = LOWER,
    ['p'] = LOWER, ['q'] = LOWER, ['r'] = LOWER, ['s'] = LOWER, ['t'] = LOWER, ['u'] = LOWER,
    ['v'] = LOWER, ['w'] = LOWER, ['x'] = LOWER, ['y'] = LOWER, ['z'] = LOWER,
    ['+'] = JOINS, ['/'] = JOINS, ['-'] = JOINS, ['_'] = JOINS,
};

static const struct {
    const char *name;
    unsigned shape;
} SHAPES[] = {
    {"serial", REDACT_SHAPE_SERIAL},       {"hex8-dash", REDACT_SHAPE_HEX8_DASH},
    {"pairs", REDACT_SHAPE_PAIRS},         {"dots", REDACT_SHAPE_DOTS},
    {"colons", REDACT_SHAPE_COLONS},       {"at", REDACT_SHAPE_AT},
    {"plus", REDACT_SHAPE_PLUS},           {"long-hex", REDACT_SHAPE_LONG_HEX},
    {"angle-hex", REDACT_SHAPE_ANGLE_HEX}, {"long-base64", REDACT_SHAPE_LONG_BASE64},
    {"groups", REDACT_SHAPE_GROUPS},       {"question", REDACT_SHAPE_QUESTION},
};
/* clang-format on */

/* What is known of the runs that end at the byte that is read. */
typedef struct Runs {
    size_t start;   /* of the run of letters and digits */
    unsigned any;   /* classes of any of its bytes */
    unsigned all;   /* classes of all of them */
    size_t wide;    /* start of the run that base64 could be */
    unsigned in_it; /* classes of any of its bytes */
    unsigned pairs; /* separators so far of what could be a MAC address, and so on */
    unsigned dots;
    unsigned colons;
    unsigned groups;
} Runs;

unsigned redact_shape(StrView name)
{
    for (size_t i = 0; i < ARRAY_LEN(SHAPES); i++) {
        if (sv_equal(name, sv(SHAPES[i].name))) {
            return SHAPES[i].shape;
        }
    }
    return 0;
}

static unsigned class_of(StrView text, size_t at)
{
    return at < text.len ? CLASS[(unsigned char)text.ptr[at]] : 0;
}

/* Whether `runs` goes on with one more separator, and how many there are. */
static unsigned count_on(unsigned count, bool goes_on)
{
    return goes_on ? count + 1 : 0;
}

/* Whether the last bytes of a run are as many digits as a UUID begins with; it may be glued to what
 * stands before it. */
static bool ends_in_hex(StrView text, size_t at, size_t len)
{
    size_t digits = 0;
    while (digits < len && digits < HEX8 && class_of(text, at - digits - 1) & HEX) {
        digits++;
    }
    return digits == HEX8;
}

/* The run of letters and digits that ends at `at`. */
static unsigned end_word(Runs *runs, StrView text, size_t at)
{
    size_t len = at - runs->start;
    char next = at < text.len ? text.ptr[at] : '\0';
    bool is_hex = (runs->all & HEX) != 0;
    bool is_code = (runs->any & LOWER) == 0 && (len == 4 || len == 5);
    unsigned found = 0;
    if (len >= SERIAL_MIN && len <= SERIAL_MAX && (runs->any & LOWER) == 0 &&
        (runs->any & DIGIT) != 0 && (runs->any & UPPER) != 0) {
        found |= REDACT_SHAPE_SERIAL;
    }
    if (next == '-' && ends_in_hex(text, at, len)) {
        found |= REDACT_SHAPE_HEX8_DASH;
    }
    if (is_hex && len >= 8 && runs->start > 0 && text.ptr[runs->start - 1] == '<') {
        found |= REDACT_SHAPE_ANGLE_HEX;
    }
    if (len >= LONG_HEX_MIN) { /* digits after "0x" are not all of the run */
        found |= REDACT_SHAPE_LONG_HEX;
    }
    runs->pairs = count_on(runs->pairs, is_hex && len <= 2 && (next == ':' || next == '-'));
    runs->dots = count_on(runs->dots, runs->all & DIGIT && len <= 3 && next == '.');
    runs->colons = count_on(runs->colons, is_hex && len <= 4 && next == ':');
    runs->groups = count_on(runs->groups, is_code && next == '-');
    found |= runs->pairs >= PAIRS_MIN ? REDACT_SHAPE_PAIRS : 0;
    found |= runs->dots >= DOTS_MIN ? REDACT_SHAPE_DOTS : 0;
    found |= runs->colons >= COLONS_MIN ? REDACT_SHAPE_COLONS : 0;
    found |= runs->groups >= GROUPS_MIN ? REDACT_SHAPE_GROUPS : 0;
    return found;
}

static unsigned end_wide(const Runs *runs, size_t at)
{
    return at - runs->wide >= BASE64_MIN && (runs->in_it & WORD) == WORD ? REDACT_SHAPE_LONG_BASE64
                                                                         : 0;
}

/* What a byte that is no letter or digit means by itself. */
static unsigned look_at_mark(StrView text, size_t at)
{
    unsigned next = class_of(text, at + 1);
    switch (text.ptr[at]) {
    case '@':
        return REDACT_SHAPE_AT;
    case '?':
        return REDACT_SHAPE_QUESTION;
    case '+':
        return next & DIGIT ? REDACT_SHAPE_PLUS : 0;
    case ':':
        return at + 1 < text.len && text.ptr[at + 1] == ':' ? REDACT_SHAPE_COLONS : 0;
    case '%':
        return next & HEX && class_of(text, at + 2) & HEX ? REDACT_SHAPE_ENCODED : 0;
    case '\\':
        return REDACT_SHAPE_ENCODED;
    case '&':
        return next & LOWER || (at + 1 < text.len && text.ptr[at + 1] == '#') ? REDACT_SHAPE_ENCODED
                                                                              : 0;
    default:
        return 0;
    }
}

unsigned redact_shapes(StrView text)
{
    Runs runs = {.all = UINT32_MAX};
    unsigned found = 0;
    for (size_t at = 0; at < text.len; at++) {
        unsigned class = CLASS[(unsigned char)text.ptr[at]];
        if (class & WORD) {
            runs.any |= class;
            runs.all &= class;
            runs.in_it |= class;
            continue;
        }
        if (runs.any != 0) {
            found |= end_word(&runs, text, at);
        } else {
            runs.pairs = runs.dots = runs.colons = runs.groups = 0;
        }
        if (!(class & JOINS)) {
            found |= end_wide(&runs, at);
            runs.wide = at + 1;
            runs.in_it = 0;
        }
        found |= look_at_mark(text, at);
        runs.start = at + 1;
        runs.any = 0;
        runs.all = UINT32_MAX;
    }
    if (runs.any != 0) {
        found |= end_word(&runs, text, text.len);
    }
    return found | end_wide(&runs, text.len);
}

/* Whether what follows a key is what stands before a value. */
static bool is_key_end(StrView text, size_t at)
{
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '"' || text.ptr[at] == '\'' ||
                             text.ptr[at] == '\\' || text.ptr[at] == '\t' || text.ptr[at] == '\n' ||
                             text.ptr[at] == '\r')) {
        at++;
    }
    return at < text.len && (text.ptr[at] == '=' || text.ptr[at] == ':' || text.ptr[at] == '<' ||
                             (unsigned char)text.ptr[at] >= 0x80); /* perhaps a blank */
}

/* "firma.de" also where ".log" follows. */
static bool is_tail(StrView text, size_t at)
{
    return (class_of(text, at) & WORD) == 0 && !(at < text.len && text.ptr[at] == '-');
}

uint64_t redact_words(const Literals *literals, StrView text, StrBuf *scratch)
{
    strbuf_clear(scratch);
    strbuf_reserve(scratch, text.len);
    for (size_t i = 0; i < text.len; i++) {
        unsigned byte = (unsigned char)text.ptr[i];
        scratch->ptr[i] = (char)(byte | ((unsigned)(byte - (unsigned)'A' < 26u) << 5));
    }
    StrView folded = {scratch->ptr, text.len};
    LiteralScan scan = literals_begin(literals, folded);
    uint64_t owners = 0;
    uint16_t owner;
    while (text.len > 0 && literals_next(&scan, &owner)) {
        unsigned how = owner & ~(REDACT_OWNERS - 1u);
        bool counts = how == REDACT_WORD || (how == REDACT_KEY && is_key_end(folded, scan.end)) ||
                      (how == REDACT_TAIL && is_tail(folded, scan.end));
        owners |= counts ? UINT64_C(1) << (owner % REDACT_OWNERS) : 0;
    }
    return owners;
}
