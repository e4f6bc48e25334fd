/*
 * Scan: the bytes of shorthand and the making of nodes. It knows no key and no operator.
 */
#include "filters/shorthand_scan.h"

#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "filters/predicate_lex.h"

const Logic SHORTHAND_AND = {PREDICATE_AND, "and", "&&", NULL};
const Logic SHORTHAND_OR = {PREDICATE_OR, "or", "||", "shorthand: 'or' is not confirmed"};
const Logic SHORTHAND_NOT = {PREDICATE_NOT, "not", "!", "shorthand: 'not' is not confirmed"};

/* --- the text ------------------------------------------------------------------------------- */

void scan_skip_blanks(Scan *scan)
{
    scan->steps++;
    while (scan->at < scan->text.len && ascii_is_space(scan->text.ptr[scan->at])) {
        scan->at++;
    }
}

StrView scan_rest(const Scan *scan)
{
    return sv_slice(scan->text, scan->at, scan->text.len);
}

/* Length of what can stand without quotes at the start of `rest`. */
size_t scan_bare_length(StrView rest)
{
    size_t len = 0;
    while (len < rest.len) {
        size_t next = len + 1;
        while (next < rest.len && ((unsigned char)rest.ptr[next] & 0xC0u) == 0x80u) {
            next++;
        }
        if (!shorthand_is_bare(sv_slice(rest, len, next - len))) {
            break;
        }
        len = next;
    }
    return len;
}

/* What stands at the cursor, for a message: a word or one character. */
StrView scan_next_word(const Scan *scan)
{
    StrView rest = scan_rest(scan);
    size_t len = scan_bare_length(rest);
    return predicate_quotable(sv_slice(rest, 0, len > 0 ? len : 1));
}

static bool takes_word(Scan *scan, const char *word)
{
    StrView rest = scan_rest(scan);
    size_t len = strlen(word);
    bool is_there = sv_equal_nocase(sv_slice(rest, 0, len), sv(word)) &&
                    (rest.len == len || !shorthand_is_bare(sv_slice(rest, len, 1)));
    scan->at += is_there ? len : 0;
    return is_there;
}

/* Takes a word of logic or its symbol, with their warnings. */
bool scan_takes(Scan *scan, const Logic *logic)
{
    size_t offset = scan->at;
    StrView symbol = sv(logic->symbol);
    if (takes_word(scan, logic->word)) {
        if (logic->doubt) {
            predicate_warn(scan->predicate, offset, logic->doubt);
        }
        return true;
    }
    if (!sv_starts(scan_rest(scan), symbol)) {
        return false;
    }
    scan->at += symbol.len;
    predicate_warn(scan->predicate, offset, "shorthand: &&, || and ! are not confirmed");
    return true;
}

bool scan_is_logic_word(StrView word)
{
    return sv_equal_nocase(word, sv(SHORTHAND_AND.word)) ||
           sv_equal_nocase(word, sv(SHORTHAND_OR.word)) ||
           sv_equal_nocase(word, sv(SHORTHAND_NOT.word));
}

/* --- values --------------------------------------------------------------------------------- */

static bool take_quoted(Scan *scan, Phrase *phrase)
{
    StrView rest = scan_rest(scan);
    size_t len = 1;
    while (len < rest.len && rest.ptr[len] != rest.ptr[0]) {
        len += rest.ptr[len] == '\\' && len + 1 < rest.len ? 2 : 1;
    }
    if (len >= rest.len) {
        return err_set_at(scan->err, scan->at, "unterminated string");
    }
    StrBuf buf = {0};
    bool is_good = lex_unquote(sv_slice(rest, 0, len + 1), scan->at, &buf, scan->err);
    if (is_good) {
        phrase->is_quoted = true;
        phrase->text = arena_dup(&scan->predicate->arena, strbuf_view(&buf));
        scan->at += len + 1;
    }
    strbuf_done(&buf);
    return is_good;
}

static bool take_phrase(Scan *scan, const char *after, Phrase *phrase)
{
    size_t end = scan->at;
    scan_skip_blanks(scan);
    *phrase = (Phrase){.offset = scan->at};
    StrView rest = scan_rest(scan);
    if (rest.len > 0 && (rest.ptr[0] == '"' || rest.ptr[0] == '\'')) {
        return take_quoted(scan, phrase);
    }
    phrase->text = sv_slice(rest, 0, scan_bare_length(rest));
    if (phrase->text.len == 0 || scan_is_logic_word(phrase->text)) {
        bool is_typographic = rest.len > 0 && (unsigned char)rest.ptr[0] == 0xE2;
        return is_typographic
                   ? err_set_at(scan->err, scan->at, "typographic quote: texts stand in \" or '")
                   : err_set_at(scan->err, rest.len > 0 ? scan->at : end,
                                "expected a value after %s", after);
    }
    scan->at += phrase->text.len;
    return true;
}

/* A value, and what '|' adds to it. */
bool scan_phrases(Scan *scan, const char *after, PhraseList *list)
{
    do {
        mem_grow((void **)&list->items, &list->capacity, list->count, sizeof(Phrase));
        if (!take_phrase(scan, after, &list->items[list->count])) {
            return false;
        }
        list->count++;
        size_t end = scan->at;
        scan_skip_blanks(scan);
        StrView rest = scan_rest(scan);
        if (!sv_starts(rest, SV("|")) || sv_starts(rest, SV("||"))) {
            scan->at = end;
            return true;
        }
        scan->at++;
        after = "|";
    } while (true);
}

/* /regex/, in which \/ is a '/'. */
static bool take_slashed(Scan *scan, Phrase *phrase)
{
    StrView rest = scan_rest(scan);
    StrBuf buf = {0};
    size_t at = 1;
    while (at < rest.len && rest.ptr[at] != '/') {
        bool is_pair = rest.ptr[at] == '\\' && at + 1 < rest.len;
        if (is_pair && rest.ptr[at + 1] != '/') {
            strbuf_add_char(&buf, rest.ptr[at]);
        }
        at += is_pair ? 1 : 0;
        strbuf_add_char(&buf, rest.ptr[at++]);
    }
    bool is_good = at < rest.len ||
                   err_set_at(scan->err, scan->at, "unterminated regular expression: no second /");
    if (is_good) {
        phrase->text = arena_dup(&scan->predicate->arena, strbuf_view(&buf));
        phrase->offset = scan->at;
        phrase->is_quoted = true;
        scan->at += at + 1;
    }
    strbuf_done(&buf);
    return is_good;
}

bool scan_regex(Scan *scan, PhraseList *list)
{
    list->items = mem_calloc(1, sizeof(Phrase));
    list->count = 1;
    scan_skip_blanks(scan);
    if (sv_starts(scan_rest(scan), SV("/"))) {
        return take_slashed(scan, &list->items[0]);
    }
    predicate_warn(scan->predicate, scan->at,
                   "shorthand: a regular expression without // is not confirmed");
    return take_phrase(scan, "~", &list->items[0]);
}

/* --- nodes ---------------------------------------------------------------------------------- */

PredicateNode *scan_new_node(Scan *scan, PredicateKind kind, size_t offset)
{
    PredicateNode *node = arena_alloc(&scan->predicate->arena, sizeof *node);
    node->kind = kind;
    node->offset = offset;
    return node;
}

Part scan_finish(Scan *scan, PredicateNode *node, int depth)
{
    if (depth > PREDICATE_MAX_DEPTH) {
        err_set_at(scan->err, node->offset, "nested too deeply (at most %d levels)",
                   PREDICATE_MAX_DEPTH);
        return (Part){0};
    }
    return (Part){node, depth, false};
}

/* Makes one node of the parts; a single one stays as it is. */
Part scan_join(Scan *scan, PredicateKind kind, const PartList *list, size_t offset)
{
    size_t size = list->count * sizeof(PredicateNode *);
    const PredicateNode **children = arena_alloc(&scan->predicate->arena, size);
    memcpy(children, list->items, size);
    PredicateNode *node = scan_new_node(scan, kind, offset);
    node->children = children;
    node->count = list->count;
    return scan_finish(scan, node, list->depth + 1);
}

Part scan_negate(Scan *scan, Part part, size_t offset)
{
    const PredicateNode *child = part.node;
    PartList list = {.items = &child, .count = 1, .depth = part.depth};
    return child ? scan_join(scan, PREDICATE_NOT, &list, offset) : (Part){0};
}
