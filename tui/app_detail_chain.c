/*
 * The errors of a message as a tree: each with what it says, its facts and what the knowledge base
 * calls it, the causes underneath. Which lies within which is told by filters/error_chain.h.
 */
#include "base/utf8.h"
#include "filters/errors.h"
#include "tui/app_detail.h"

#define TREE_X 1
/* A fact longer than so many rows is cut: it is whole in the message above. */
#define FACT_ROWS 4
#define TEXT_ROWS 8
/* Further levels of the tree are not set off. */
#define LEVELS_SHOWN 12

/* Entries in between at most, where an error is told in several. */
#define CHAIN_NEAR 64
/* Bytes at a message's beginning among which the place in the chain stands. */
#define PLACE_WITHIN 200

#define MARK_FORK "├─ "
#define MARK_LAST "└─ "
#define MARK_PASS "│  "
#define MARK_NONE "   "

/* Appends what leads to an error from the left: before its first row, or before those below. */
static void add_lead(const ErrorChain *chain, size_t node, bool is_first, StrBuf *buf)
{
    const char *marks[LEVELS_SHOWN];
    int depth = chain->nodes[node].depth;
    bool has_children = node + 1 < chain->count && chain->nodes[node + 1].parent == node;
    size_t at = node;

    for (int level = depth; level > 0; level--) {
        bool is_last = error_chain_is_last(chain, at);
        bool is_own = level == depth && is_first;

        if (level <= LEVELS_SHOWN) {
            marks[level - 1] =
                is_last ? (is_own ? MARK_LAST : MARK_NONE) : (is_own ? MARK_FORK : MARK_PASS);
        }
        at = chain->nodes[at].parent;
    }
    for (int level = 0; level < depth && level < LEVELS_SHOWN; level++) {
        strbuf_add_str(buf, marks[level]);
    }
    if (!is_first) {
        strbuf_add_str(buf, has_children ? MARK_PASS : MARK_NONE);
    }
}

static StrView known_title(const Stages *stages, const ErrorNode *node)
{
    const KnownError *known = errors_look_up(stages_knowledge(stages), node->domain, node->code);

    return known != NULL ? known->explained.title : SV_NONE;
}

static bool says_something(StrView text)
{
    return text.len > 0 && !sv_equal(text, SV("(null)"));
}

/* The error to look into: the innermost that says what is wrong, as a bare number does not. */
static size_t cause_of(const ErrorChain *chain, const Stages *stages)
{
    size_t at = chain->cause;

    while (chain->nodes[at].parent != ERROR_NO_PARENT && !says_something(chain->nodes[at].text) &&
           known_title(stages, &chain->nodes[at]).len == 0) {
        at = chain->nodes[at].parent;
    }
    return at;
}

/* Adds "NAME  VALUE" below an error. */
static void add_fact(Detail *detail, StrView lead, StrView name, Role role, StrView value)
{
    (void)detail_add(detail,
                     (DetailText){.text = value,
                                  .role = role,
                                  .x = TREE_X,
                                  .lead = lead,
                                  .lead_on = lead,
                                  .head = name,
                                  .head_role = ROLE_DETAIL_NAME,
                                  .head_width = utf8_width(name) + 2},
                     FACT_ROWS);
}

/* Adds what stands below an error's own rows. A fact that only repeats its text is left out. */
static void add_facts(Detail *detail, const Stages *stages, const ErrorChain *chain,
                      const ErrorNode *node, StrView lead)
{
    StrView title = known_title(stages, node);

    if (title.len > 0) {
        add_fact(detail, lead, SV("means"), ROLE_DETAIL_HEAD, title);
    }
    for (size_t i = 0; i < node->fact_count; i++) {
        const ErrorFact *fact = &chain->facts[node->first_fact + i];

        if (!sv_equal(fact->value, node->text)) {
            add_fact(detail, lead, fact->key, ROLE_DETAIL_VALUE, fact->value);
        }
    }
}

static void add_error(Detail *detail, const Stages *stages, const ErrorChain *chain, size_t index)
{
    const ErrorNode *node = &chain->nodes[index];
    bool is_cause = chain->cause > 0 && index == cause_of(chain, stages);
    StrBuf lead = {0};
    StrBuf below = {0};
    StrBuf name = {0};

    add_lead(chain, index, true, &lead);
    add_lead(chain, index, false, &below);
    strbuf_add(&name, node->domain);
    strbuf_add_char(&name, ' ');
    strbuf_add(&name, node->code);
    strbuf_add_str(&name, is_cause ? "  root cause" : "");
    detail_begin_item(detail, DETAIL_ERROR, FIELD_MESSAGE, "error", node->named);
    (void)detail_add(detail,
                     (DetailText){.text = strbuf_view(&name),
                                  .role = is_cause ? ROLE_OUTCOME_FAIL : ROLE_DETAIL_HEAD,
                                  .x = TREE_X,
                                  .lead = strbuf_view(&lead),
                                  .lead_on = strbuf_view(&below)},
                     TEXT_ROWS);
    if (says_something(node->text)) {
        (void)detail_add(detail,
                         (DetailText){.text = node->text,
                                      .role = ROLE_TEXT,
                                      .x = TREE_X,
                                      .lead = strbuf_view(&below),
                                      .lead_on = strbuf_view(&below)},
                         TEXT_ROWS);
    }
    add_facts(detail, stages, chain, node, strbuf_view(&below));
    detail_end_item(detail);
    strbuf_done(&lead);
    strbuf_done(&below);
    strbuf_done(&name);
}

/* --- errors told in several entries ----------------------------------------------------------- */

/* "[ErrorChain.2]" in a message: mdmclient tells an error in as many entries as it has causes. Its
 * number; -1 = it is no such entry. */
static int chain_place(StrView message)
{
    StrView mark = SV("[ErrorChain.");
    size_t at = sv_find(sv_slice(message, 0, PLACE_WITHIN), mark);
    uint64_t place;

    if (at == SIZE_MAX) {
        return -1;
    }
    StrView digits = sv_slice(message, at + mark.len, SIZE_MAX);

    digits = sv_slice(digits, 0, sv_find_char(digits, ']'));
    return sv_to_u64(digits, &place) && place < ERROR_NODES_MAX ? (int)place : -1;
}

EntryNumber detail_near_end(const Session *session, EntryNumber number, StoreRow row)
{
    EntryNumber end = store_end(session_store(session));

    if (chain_place(columns_message(row.columns, row.index)) < 0) {
        return 0;
    }
    return end < number + CHAIN_NEAR ? end : number + CHAIN_NEAR;
}

static bool is_same_thread(StoreRow row, StoreRow other)
{
    return row.columns->source[row.index] == other.columns->source[other.index] &&
           row.columns->pid[row.index] == other.columns->pid[other.index] &&
           row.columns->thread[row.index] == other.columns->thread[other.index];
}

/* Finds the entry of the chain with place `place`, near `number` and on the given side of it. */
static EntryNumber find_place(const Store *store, EntryNumber number, StoreRow row, int by,
                              int place)
{
    StoreRow other;

    for (int step = 1; step <= CHAIN_NEAR; step++) {
        number = by > 0 ? number + 1 : number - 1;
        if (!store_find(store, number, &other)) {
            return 0;
        }
        if (is_same_thread(row, other)) {
            int found = chain_place(columns_message(other.columns, other.index));

            if (found >= 0) {
                return found == place ? number : 0;
            }
        }
    }
    return 0;
}

/* Reads the errors of an entry, and those of the entries that tell the same error. */
static bool read_chain(const Session *session, EntryNumber number, ErrorChain *ret_chain)
{
    const Store *store = session_store(session);
    StrView messages[ERROR_NODES_MAX];
    size_t count = 0;
    StoreRow row;

    if (!store_find(store, number, &row)) {
        return false;
    }
    int place = chain_place(columns_message(row.columns, row.index));

    for (EntryNumber outer = number; place > 0 && outer != 0; place--) {
        outer = find_place(store, outer, row, -1, place - 1);
        number = outer != 0 ? outer : number;
    }
    for (int next = -1; number != 0 && count < ERROR_NODES_MAX && store_find(store, number, &row);
         number = next < 0 ? 0 : find_place(store, number, row, 1, next + 1)) {
        messages[count] = columns_message(row.columns, row.index);
        next = chain_place(messages[count++]);
    }
    return error_chain_read_rows(stages_knowledge(session_stages(session)), messages, count,
                                 ret_chain);
}

void detail_add_chain(Detail *detail, const Session *session, EntryNumber number)
{
    const Stages *stages = session_stages(session);
    ErrorChain chain;

    if (!read_chain(session, number, &chain) || (chain.count == 1 && chain.fact_count == 0)) {
        return;
    }
    detail_add_blank(detail);
    (void)detail_add(detail,
                     (DetailText){.text = chain.count > 1 ? SV("errors") : SV("error"),
                                  .role = ROLE_DETAIL_HEAD,
                                  .x = 1},
                     1);
    for (size_t i = 0; i < chain.count; i++) {
        add_error(detail, stages, &chain, i);
    }
    if (chain.is_cut) {
        (void)detail_add(detail,
                         (DetailText){.text = SV("… the message ends within its errors"),
                                      .role = ROLE_DIM,
                                      .x = 1},
                         1);
    }
}

void detail_add_cause(Detail *detail, const Session *session, EntryNumber number)
{
    const Stages *stages = session_stages(session);
    ErrorChain chain;

    if (!read_chain(session, number, &chain) || chain.cause == 0) {
        return;
    }
    const ErrorNode *node = &chain.nodes[cause_of(&chain, stages)];
    StrView title = known_title(stages, node);
    StrBuf text = {0};

    strbuf_add(&text, node->domain);
    strbuf_add_char(&text, ' ');
    strbuf_add(&text, node->code);
    if (title.len > 0 || says_something(node->text)) {
        strbuf_add_str(&text, " · ");
        strbuf_add(&text, says_something(node->text) ? node->text : title);
    }
    (void)detail_add(detail,
                     (DetailText){.text = strbuf_view(&text),
                                  .role = ROLE_DETAIL_VALUE,
                                  .x = 1,
                                  .head = SV("root cause"),
                                  .head_role = ROLE_OUTCOME_FAIL,
                                  .head_width = 11},
                     2);
    strbuf_done(&text);
}
