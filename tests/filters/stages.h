/*
 * What the tests of stages.h share: the program's own knowledge, read as it is shipped, and rows to
 * ask it about.
 */
#ifndef TESTS_FILTERS_STAGES_H
#define TESTS_FILTERS_STAGES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/embed.h"
#include "base/mem.h"
#include "base/node.h"
#include "filters/knowledge.h"
#include "filters/stages.h"
#include "parsers/columns.h"

typedef struct Fixture {
    Arena arena;
    StrBuf text;
    const Node *root; /* the same file, for its examples */
    Stages *stages;
    Knowledge knowledge;
    AtomTable *atoms;
    Columns columns;
} Fixture;

static inline int setup(void **state)
{
    Fixture *fixture = mem_calloc(1, sizeof(*fixture));
    Err err = err_none();
    *state = fixture;
    assert_true(embed_read("filters/stages.json", &fixture->text));
    StrView text = strbuf_view(&fixture->text);
    fixture->root = node_read(&fixture->arena, text, "stages.json", &err);
    assert_non_null(fixture->root);
    fixture->stages = stages_new(text, "stages.json", &err);
    if (fixture->stages == NULL) {
        fail_msg("%s", err.text);
    }
    assert_true(knowledge_read(&fixture->knowledge, text, "stages.json", &err));
    fixture->atoms = atom_table_new(MIB);
    columns_init(&fixture->columns, fixture->atoms);
    return 0;
}

static inline int teardown(void **state)
{
    Fixture *fixture = *state;
    columns_done(&fixture->columns);
    atom_table_free(fixture->atoms);
    knowledge_done(&fixture->knowledge);
    stages_free(fixture->stages);
    arena_done(&fixture->arena);
    strbuf_done(&fixture->text);
    mem_free(fixture);
    return 0;
}

static inline uint32_t push(Fixture *fixture, StrView process, StrView subsystem, StrView message)
{
    Entry entry = {.kind = KIND_LOG,
                   .process = process,
                   .subsystem = subsystem,
                   .message = message,
                   .raw = message};
    return columns_push(&fixture->columns, &entry);
}

static inline ColumnTag tag(Fixture *fixture, const char *process, const char *message)
{
    uint32_t row = push(fixture, sv(process), SV_NONE, sv(message));
    return stages_tag(fixture->stages, &fixture->columns, row);
}

#endif
