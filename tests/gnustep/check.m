/*
 * A second opinion: random predicates over a few entries, decided by our filter and by the
 * NSPredicate of GNUstep, which was written by others from the same description. Fully
 * parenthesised, and without what GNUstep is known to do otherwise: backslash escapes, '?' in LIKE,
 * options of ==, numbers against texts, BETWEEN, IN {…}, needles longer than the text. `make check-gnustep` builds it where gobjc and
 * libgnustep-base-dev are installed; no other check needs them.
 */
#import <Foundation/Foundation.h>

#include <inttypes.h>
#include <stdio.h>

#include "filters/filter.h"
#include "parsers/columns.h"
#include "parsers/decoder.h"
#include "tests/filters/random_predicate.h"

#define PREDICATES 20000
#define DEPTH 4
#define SHOWN 10 /* differences in full */

static const char *const TEXT_KEYS[] = {"process", "subsystem", "category", "eventMessage"};
static const char *const NUMBER_KEYS[] = {"processID", "threadID", "activityIdentifier"};

/* The values of an entry, as both get them; NULL = absent. */
typedef struct Sample {
    const char *texts[ARRAY_LEN(TEXT_KEYS)];
    unsigned long long numbers[ARRAY_LEN(NUMBER_KEYS)];
} Sample;

/* Each text is at least as long as the longest of TEXTS: GNUstep raises an exception otherwise. */
static const Sample SAMPLES[] = {
    {{"mdmclient", "com.apple.ManagedClient", "HTTPUtil client", "Received HTTP response (401)"},
     {312, 5126, 1105}},
    {{"teslad line", "com.apple.teslad", "a b a b a b", "a b AB ab mdm"}, {0, 1, 0}},
    {{"MDMClient", "com.apple.MDM", "BBBBBBBBBB", "Error: none"}, {1, 2, 3}},
    {{"aaaaaaaaaa", "bbbbbbbbbb", "ababababab", "ab ab ab ab"}, {2, 16, 17}},
    {{"Setup Assistant", NULL, NULL, "first line\nsecond line"}, {90, 77, 5032}},
    {{"b as in client", NULL, "client a b", "a*b client"}, {16, 312, 1}},
    {{"Error line", "com.apple", "com.apple", "mdmclient"}, {17, 17, 17}},
};

/* --- predicates both should agree on ---------------------------------------------------------- */

static const char *const TEXTS[] = {"a",       "b",      "ab",        "B",     "mdm",
                                    "client",  "Error",  "com.apple", "Client", "mdmclient",
                                    "line",    "a b",    "HTTP",      "(401)",  "MDMCLIENT"};

static void add_text(Random *random, StrBuf *buf)
{
    strbuf_printf(buf, "\"%s\"", RANDOM_OF(random, TEXTS));
}

static void add_number(Random *random, StrBuf *buf)
{
    static const char *const NUMBERS[] = {"0", "1", "2", "16", "17", "90", "312", "313", "5126"};
    strbuf_add_str(buf, RANDOM_OF(random, NUMBERS));
}

static void add_text_comparison(Random *random, StrBuf *buf)
{
    static const char *const SEARCHES[] = {"BEGINSWITH", "CONTAINS", "ENDSWITH"};
    static const char *const PATTERNS[] = {"a*", "*client", "*line*", "*", "MDM*", "a b*", "ab"};
    /* GNUstep has the real ICU: what we make of its sets is checked here. */
    static const char *const EXPRESSIONS[] = {
        ".*a.*",
        "[a-z.]+",
        "m?d?m?client",
        "(a|b)+",
        ".*[0-9].*",
        "[a-z&&[^b]]+",
        "[[a-z]--[q]]+",
        "[[a-z]-[aeiou]].*",
        "[[a-z]&[l-n]]d.*",
        "[^a-z&&[^b]].*",
        "[^[a-z]--[m]].*",
        "[a-z--b]+",
        "[a-z&&a-m&&[l-z]]d.*",
        "[a-l[m-t]]+",
        "[[b][^a-z]]+",
        "[[a]-z].*",
        "[a[-z]]+",
        "[[:alpha:]&&[^x]]+",
        "[[:alpha:][ ]]+",
        "[A-Z[a-z]&&[^b-z] ]+.*",
        "[]a-z]+",
        "[^]a]+",
        "[a-z&&[c-e[k-n]&&[l-z]]]d.*",
        "[a-c-e].*",
        "[a-z&b]+",
        "[a&&b].*",
        "[-a-z ]+",
        "[a-z -]+",
    };
    size_t form = random_below(random, 7);
    if (form == 2) {
        add_text(random, buf);
        strbuf_printf(buf, " IN %s", RANDOM_OF(random, TEXT_KEYS));
        return;
    }
    strbuf_printf(buf, "%s ", RANDOM_OF(random, TEXT_KEYS));
    switch (form) {
    case 0:
        strbuf_add_str(buf, "LIKE ");
        strbuf_printf(buf, "\"%s\"", RANDOM_OF(random, PATTERNS));
        break;
    case 1:
        strbuf_add_str(buf, "MATCHES ");
        strbuf_printf(buf, "\"%s\"", RANDOM_OF(random, EXPRESSIONS));
        break;
    case 3:
        strbuf_add_str(buf, random_below(random, 2) ? "== " : "!= ");
        add_text(random, buf);
        break;
    default:
        strbuf_add_str(buf, RANDOM_OF(random, SEARCHES));
        strbuf_add_str(buf, random_below(random, 3) == 0 ? "[c] " : " ");
        add_text(random, buf);
        break;
    }
}

static void add_number_comparison(Random *random, StrBuf *buf)
{
    static const char *const OPERATORS[] = {"==", "!=", "<", "<=", ">", ">="};
    strbuf_printf(buf, "%s ", RANDOM_OF(random, NUMBER_KEYS));
    strbuf_printf(buf, "%s ", RANDOM_OF(random, OPERATORS));
    add_number(random, buf);
}

static void add_predicate(Random *random, int depth, StrBuf *buf)
{
    size_t form = depth > 0 ? random_below(random, 5) : 0;
    if (form <= 1) {
        strbuf_add_char(buf, '(');
        if (random_below(random, 3) == 0) {
            add_number_comparison(random, buf);
        } else {
            add_text_comparison(random, buf);
        }
        strbuf_add_char(buf, ')');
        return;
    }
    if (form == 2) {
        strbuf_add_str(buf, "(NOT ");
        add_predicate(random, depth - 1, buf);
        strbuf_add_char(buf, ')');
        return;
    }
    strbuf_add_char(buf, '(');
    add_predicate(random, depth - 1, buf);
    strbuf_add_str(buf, form == 3 ? " AND " : " OR ");
    add_predicate(random, depth - 1, buf);
    strbuf_add_char(buf, ')');
}

/* --- both sides ------------------------------------------------------------------------------- */

static NSDictionary *make_dictionary(const Sample *sample)
{
    NSMutableDictionary *values = [NSMutableDictionary dictionary];
    for (size_t i = 0; i < ARRAY_LEN(TEXT_KEYS); i++) {
        if (sample->texts[i]) {
            [values setObject:[NSString stringWithUTF8String:sample->texts[i]]
                       forKey:[NSString stringWithUTF8String:TEXT_KEYS[i]]];
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(NUMBER_KEYS); i++) {
        [values setObject:[NSNumber numberWithUnsignedLongLong:sample->numbers[i]]
                   forKey:[NSString stringWithUTF8String:NUMBER_KEYS[i]]];
    }
    return values;
}

static void push_entry(Columns *columns, const Sample *sample)
{
    StrBuf line = {0};
    StrBuf scratch = {0};
    Entry entry;
    strbuf_add_str(&line, "{\"eventType\":\"logEvent\",\"messageType\":\"Error\"");
    for (size_t i = 0; i < ARRAY_LEN(TEXT_KEYS); i++) {
        bool is_process = i == 0;
        strbuf_printf(&line, ",\"%s\":\"%s", is_process ? "processImagePath" : TEXT_KEYS[i],
                      is_process ? "/usr/libexec/" : "");
        for (const char *at = sample->texts[i] ? sample->texts[i] : ""; *at; at++) {
            strbuf_printf(&line, *at == '\n' ? "\\n" : "%c", *at);
        }
        strbuf_add_char(&line, '"');
    }
    for (size_t i = 0; i < ARRAY_LEN(NUMBER_KEYS); i++) {
        strbuf_printf(&line, ",\"%s\":%llu", NUMBER_KEYS[i], sample->numbers[i]);
    }
    strbuf_add_char(&line, '}');
    decoder_read_entry(STYLE_NDJSON, strbuf_view(&line), &scratch, &entry);
    (void)columns_push(columns, &entry); /* its number is its place */
    strbuf_done(&scratch);
    strbuf_done(&line);
}

/* Asks both; returns how many entries they differ on, -1 when one of them refuses the text. */
static int compare(const char *text, const Columns *columns, NSArray *dictionaries)
{
    Err err = err_none();
    int differences = 0;
    Filter *filter = filter_compile(sv(text), &err);
    if (!filter) {
        printf("refused here: %s\n  %s\n", err.text, text);
        return -1;
    }
    NSPredicate *theirs = nil;
    @try {
        NSString *format = [NSString stringWithUTF8String:text];
        theirs = [NSPredicate predicateWithFormat:format argumentArray:[NSArray array]];
        for (uint32_t i = 0; i < columns->count; i++) {
            bool ours = filter_match(filter, columns, i);
            bool other = [theirs evaluateWithObject:[dictionaries objectAtIndex:i]];
            if (ours != other) {
                differences++;
                printf("entry %" PRIu32 ": %s here, %s there\n  %s\n", i, ours ? "yes" : "no",
                       other ? "yes" : "no", text);
            }
        }
    } @catch (NSException *exception) {
        printf("refused there: %s\n  %s\n", [[exception reason] UTF8String], text);
        differences = -1;
    }
    filter_free(filter);
    return differences;
}

static int run(void)
{
    AtomTable *atoms = atom_table_new(MIB);
    Columns columns;
    NSMutableArray *dictionaries = [NSMutableArray array];
    int wrong = 0;
    columns_init(&columns, atoms);
    for (size_t i = 0; i < ARRAY_LEN(SAMPLES); i++) {
        push_entry(&columns, &SAMPLES[i]);
        [dictionaries addObject:make_dictionary(&SAMPLES[i])];
    }
    for (uint64_t seed = 1; seed <= PREDICATES && wrong < SHOWN; seed++) {
        NSAutoreleasePool *pool = [NSAutoreleasePool new];
        Random random = {seed};
        StrBuf text = {0};
        for (int i = 0; i < 8; i++) {
            (void)random_next(&random); /* neighbouring seeds begin alike */
        }
        add_predicate(&random, (int)(seed % (DEPTH + 1)), &text);
        wrong += compare(text.ptr, &columns, dictionaries) != 0;
        strbuf_done(&text);
        [pool release];
    }
    columns_done(&columns);
    atom_table_free(atoms);
    printf("%d predicates over %zu entries: %s\n", PREDICATES, ARRAY_LEN(SAMPLES),
           wrong ? "they differ" : "GNUstep agrees");
    return wrong ? 1 : 0;
}

int main(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int status = run();
    [pool release];
    return status;
}
