/*
 * Logging: reads filters/logging.json. It must never include anything of session/.
 */
#include "filters/logging.h"

#include "base/embed.h"
#include "base/node.h"

/* What a subsystem can be called: it becomes part of commands that people copy. */
static bool is_name(StrView text)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                        (byte >= '0' && byte <= '9') || byte == '.' || byte == '-' || byte == '_';
        if (!is_plain) {
            return false;
        }
    }
    return text.len > 0 && text.ptr[0] != '-';
}

bool logging_facts_read(LoggingFacts *facts, StrView text, const char *name, Err *err)
{
    const Node *root = node_read(&facts->arena, text, name, err);
    const Node *list = node_find(root, "subsystems");
    if (root == NULL) {
        return false;
    }
    if (list == NULL || list->kind != NODE_LIST) {
        return err_set(err, "%s: the list 'subsystems' is missing", name);
    }
    facts->items = arena_alloc(&facts->arena, (list->count + 1) * sizeof *facts->items);
    for (const Node *node = list->first; node != NULL; node = node->next) {
        LoggingFact fact = {
            .subsystem = node_text(node, "subsystem"),
            .why = node_text(node, "why"),
            .confidence = node_text(node, "confidence"),
            .source = node_text(node, "source"),
        };
        if (!is_name(fact.subsystem)) {
            return err_set(err, "%s: line %d: '%.*s' is no subsystem", name, node->line,
                           SV_ARG(fact.subsystem));
        }
        facts->items[facts->count++] = fact;
    }
    return true;
}

bool logging_facts_read_own(LoggingFacts *facts, const char *data_dir, Err *err)
{
    StrBuf text = {0};
    bool is_good = embed_read_or_file(data_dir, LOGGING_FILE, &text)
                       ? logging_facts_read(facts, strbuf_view(&text), LOGGING_FILE, err)
                       : err_set(err, "%s is missing", LOGGING_FILE);
    strbuf_done(&text);
    return is_good;
}

void logging_facts_done(LoggingFacts *facts)
{
    arena_done(&facts->arena);
    *facts = (LoggingFacts){.count = 0};
}
