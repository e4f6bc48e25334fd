/*
 * Tests of error_chain.c: a table of messages and the tree of their errors, as a dump; and messages
 * cut at every byte and changed by seed: what comes out lies within the message, parents first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/embed.h"
#include "base/mem.h"
#include "filters/error_chain.h"

typedef struct Fixture {
    StrBuf text;
    Knowledge knowledge;
} Fixture;

static int setup(void **state)
{
    Fixture *fixture = mem_calloc(1, sizeof *fixture);
    Err err = err_none();

    *state = fixture;
    assert_true(embed_read("filters/stages.json", &fixture->text));
    return knowledge_read(&fixture->knowledge, strbuf_view(&fixture->text), "stages.json", &err)
               ? 0
               : -1;
}

static int teardown(void **state)
{
    Fixture *fixture = *state;

    knowledge_done(&fixture->knowledge);
    strbuf_done(&fixture->text);
    mem_free(fixture);
    return 0;
}

static const Knowledge *knowledge_of(void **state)
{
    return &((Fixture *)*state)->knowledge;
}

/* A line an error: two dots for each level, domain, code, text, facts; "<-" = the cause. */
static void dump(const ErrorChain *chain, StrBuf *buf)
{
    strbuf_add_str(buf, "");
    for (size_t i = 0; i < chain->count; i++) {
        const ErrorNode *node = &chain->nodes[i];

        strbuf_add_many(buf, '.', 2 * (size_t)node->depth);
        strbuf_printf(buf, "%.*s %.*s", SV_ARG(node->domain), SV_ARG(node->code));
        if (node->text.ptr != NULL) {
            strbuf_printf(buf, " '%.*s'", SV_ARG(node->text));
        }
        for (size_t j = 0; j < node->fact_count; j++) {
            const ErrorFact *fact = &chain->facts[node->first_fact + j];

            strbuf_printf(buf, " [%.*s|%.*s]", SV_ARG(fact->key), SV_ARG(fact->value));
        }
        strbuf_add_str(buf, chain->cause == i && chain->count > 1 ? " <-\n" : "\n");
    }
    strbuf_add_str(buf, chain->is_cut ? "cut\n" : "");
}

typedef struct ChainCase {
    const char *message;
    const char *expected; /* "" = no error */
} ChainCase;

static const ChainCase CASES[] = {
    {"nothing went wrong", ""},
    {"Error Domain=MCCloudConfigurationErrorDomain Code=34006 \"The server is unavailable.\"",
     "MCCloudConfigurationErrorDomain 34006 'The server is unavailable.'\n"},
    {"topics: Error Domain=NSPOSIXErrorDomain Code=3 No such process",
     "NSPOSIXErrorDomain 3 'No such process'\n"},
    {"Error Domain=A Code=1 \"(null)\" UserInfo={_LSFile=a.mm, _LSLine=19, _LSFunction=run}",
     "A 1 '(null)' [_LSFile|a.mm] [_LSLine|19] [_LSFunction|run]\n"},
    {"Error Domain=A Code=1 UserInfo=0x7ff0 {NSURL=http://a/?b=c, x, NSReason=d e}",
     "A 1 [NSURL|http://a/?b=c, x] [NSReason|d e]\n"},
    {"Failed: Error Domain=NSCocoaErrorDomain Code=4 \"The file “a.plist” is gone.\" "
     "UserInfo={NSURL=file:///a.plist, Keys=(\n    One\n), NSUnderlyingError=0x10 {Error "
     "Domain=NSPOSIXErrorDomain Code=2 \"No such file\"}}",
     "NSCocoaErrorDomain 4 'The file “a.plist” is gone.' [NSURL|file:///a.plist] [Keys|(\n    "
     "One\n)]\n..NSPOSIXErrorDomain 2 'No such file' <-\n"},
    {"Error Domain=A Code=1 \"a\" UserInfo={NSUnderlyingError=0x1 {Error Domain=B Code=-2 \"b\" "
     "UserInfo={K=v, NSUnderlyingError=0x2 {Error Domain=C Code=3 \"c\"}}}, L=w}, then Error "
     "Domain=D Code=4 \"d\"",
     "A 1 'a' [L|w]\n..B -2 'b' [K|v]\n....C 3 'c' <-\nD 4 'd'\n"},
    {"Error Domain=A Code=1 \"a\" UserInfo={NSMultipleUnderlyingErrorsKey=(\n    \"Error Domain=B "
     "Code=2 \\\"b\\\" UserInfo={K=v}\",\n    \"Error Domain=C Code=3 \\\"c\\\"\"\n)}",
     "A 1 'a'\n..B 2 'b' [K|v] <-\n..C 3 'c'\n"},
    {"Error Domain=A Code=1 \"say \"no\" to it\" UserInfo={K=v}", "A 1 'say \"no\" to it' [K|v]\n"},
    {"Error Domain=A Code=1 \"a\" UserInfo={K=v, NSUnderlyingError=0x1 {Error Domain=B Code=2 \"b",
     "A 1 'a' [K|v]\n..B 2 '\"b' <-\ncut\n"},
    {"Package signature cannot be verified <PKInstallErrorDomain:100>",
     "PKInstallErrorDomain 100\n"},
    {"[ErrorChain.0] (InstallProfile) [CPProfile:-102] Some information is missing",
     "CPProfile -102 'Some information is missing'\n"},
    {"ConfigProfilePluginDomain (-307): missing. Underlying error: <CPProfile:-102>",
     "ConfigProfilePluginDomain -307\n..CPProfile -102 <-\n"},
    {"failed with NSURLErrorDomain:-1001 twice", "NSURLErrorDomain -1001\n"},
    {"NSError:\nDesc   : The profile could not be installed.\nDomain : MCInstallationErrorDomain\n"
     "Code   : 4001\nType   : MCFatalError\n...Underlying error:\nNSError:\nDesc   : It is not "
     "signed.\nDomain : MCProfileErrorDomain\nCode   : 1000\n",
     "MCInstallationErrorDomain 4001 'The profile could not be installed.'\n"
     "..MCProfileErrorDomain 1000 'It is not signed.' <-\n"},
    {"ErrorChain = (\n  {\n    ErrorCode = 21013;\n    ErrorDomain = MDMErrorDomain;\n    "
     "LocalizedDescription = \"Outer\";\n  },\n  {\n    ErrorCode = \"-102\";\n    ErrorDomain = "
     "CPProfile;\n    LocalizedDescription = Inner;\n  }\n);",
     "MDMErrorDomain 21013 'Outer'\n..CPProfile -102 'Inner' <-\n"},
};

static void test_trees(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        ErrorChain chain;
        StrBuf have = {0};
        bool has_any = error_chain_read(knowledge_of(state), sv(CASES[i].message), &chain);

        dump(&chain, &have);
        assert_string_equal(have.ptr != NULL ? have.ptr : "", CASES[i].expected);
        assert_int_equal(has_any, CASES[i].expected[0] != '\0');
        strbuf_done(&have);
    }
}

static void test_rows(void **state)
{
    const StrView messages[] = {
        SV("[ErrorChain.0] (InstallProfile) [CPProfile:-102] Some is missing"),
        SV("[ErrorChain.1] (InstallProfile) [ConfigProfilePluginDomain:-307] It is so"),
        SV("Error Domain=A Code=1 \"a\" UserInfo={NSUnderlyingError=0x1 {Error Domain=B Code=2}}"),
    };
    ErrorChain chain;
    StrBuf have = {0};

    assert_true(error_chain_read_rows(knowledge_of(state), messages, ARRAY_LEN(messages), &chain));
    dump(&chain, &have);
    assert_string_equal(have.ptr, "CPProfile -102 'Some is missing'\n"
                                  "..ConfigProfilePluginDomain -307 'It is so'\n"
                                  "....A 1 'a'\n......B 2 <-\n");
    assert_true(sv_equal(chain.nodes[2].named, SV("Error Domain=A Code=1")));
    strbuf_done(&have);
}

static void assert_within(StrView part, StrView message)
{
    if (part.ptr != NULL && part.len > 0) {
        assert_true(part.ptr >= message.ptr && part.ptr + part.len <= message.ptr + message.len);
    }
}

static void assert_sound(const Knowledge *knowledge, StrView message)
{
    ErrorChain chain;

    (void)error_chain_read(knowledge, message, &chain);
    assert_true(chain.count <= ERROR_NODES_MAX && chain.fact_count <= ERROR_FACTS_MAX);
    for (size_t i = 0; i < chain.count; i++) {
        const ErrorNode *node = &chain.nodes[i];

        assert_within(node->code, message);
        assert_within(node->text, message);
        assert_within(node->named, message);
        assert_true(node->named.len > 0);
        assert_true(node->start < node->end && node->end <= message.len);
        assert_true(node->parent == ERROR_NO_PARENT || node->parent < i);
        assert_int_equal(node->depth,
                         node->parent == ERROR_NO_PARENT ? 0 : chain.nodes[node->parent].depth + 1);
        assert_true(node->first_fact + node->fact_count <= chain.fact_count);
    }
    for (size_t i = 0; i < chain.fact_count; i++) {
        assert_within(chain.facts[i].key, message);
        assert_within(chain.facts[i].value, message);
    }
}

static void test_cut_anywhere(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        StrView message = sv(CASES[i].message);

        for (size_t len = 0; len <= message.len; len++) {
            assert_sound(knowledge_of(state), sv_slice(message, 0, len));
        }
    }
}

static void test_mutations(void **state)
{
    static const char BYTES[] = "{}()\"\\=, \n1Ea";
    uint64_t seed = 88172645463325252u;
    StrBuf text = {0};

    for (int round = 0; round < 3000; round++) {
        strbuf_clear(&text);
        strbuf_add_str(&text, CASES[(size_t)round % ARRAY_LEN(CASES)].message);
        for (int i = 0; i < 4; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            size_t at = (size_t)(seed >> 33) % text.len;

            strbuf_replace(&text, at, at + 2 < text.len ? (seed >> 20) % 3 : 0,
                           sv_of(&BYTES[(seed >> 10) % (sizeof BYTES - 1)], 1));
        }
        assert_sound(knowledge_of(state), strbuf_view(&text));
    }
    strbuf_done(&text);
}

static void test_many_are_bounded(void **state)
{
    StrBuf text = {0};
    ErrorChain chain;

    for (int i = 0; i < 400; i++) {
        strbuf_add_str(&text, "Error Domain=A Code=1 \"a\" UserInfo={K=v, NSUnderlyingError=0x1 {");
    }
    assert_sound(knowledge_of(state), strbuf_view(&text));
    assert_true(error_chain_read(knowledge_of(state), strbuf_view(&text), &chain));
    assert_int_equal(chain.count, ERROR_NODES_MAX);
    assert_int_equal(chain.cause, ERROR_NODES_MAX - 1);
    assert_true(chain.is_cut);
    strbuf_done(&text);
}

static void test_last_of_a_parent(void **state)
{
    ErrorChain chain;

    assert_true(error_chain_read(knowledge_of(state), sv(CASES[7].message), &chain));
    assert_true(error_chain_is_last(&chain, 0));
    assert_false(error_chain_is_last(&chain, 1));
    assert_true(error_chain_is_last(&chain, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_many_are_bounded),
        cmocka_unit_test(test_last_of_a_parent),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
