/*
 * Writes panes and presets back into config.json as it is now, by changing the bytes of what has
 * changed: everything else, its layout too, stays. The text is known to be valid JSON when it is
 * walked through here.
 */
#include <string.h>

#include "base/mem.h"
#include "session/config.h"
#include "session/user_file.h"

/* Bytes of a value: of a member or an element. */
typedef struct Span {
    size_t from, to;
} Span;

/* --- finding one's way in the text ------------------------------------------------------------ */

static size_t skip_space(StrView text, size_t at)
{
    while (at < text.len && strchr(" \t\r\n", text.ptr[at]) != NULL) {
        at++;
    }
    return at;
}

static size_t skip_string(StrView text, size_t at)
{
    for (at++; at < text.len && text.ptr[at] != '"'; at++) {
        at += text.ptr[at] == '\\' ? 1 : 0;
    }
    return at + 1;
}

static size_t skip_value(StrView text, size_t at)
{
    int depth = 0;
    while (at < text.len) {
        char byte = text.ptr[at];
        if (depth == 0 && strchr(",]} \t\r\n", byte) != NULL) {
            return at;
        }
        depth += byte == '{' || byte == '[';
        depth -= byte == '}' || byte == ']';
        at = byte == '"' ? skip_string(text, at) : at + 1;
        if (depth == 0 && (byte == '"' || byte == '}' || byte == ']')) {
            return at;
        }
    }
    return at;
}

/* Finds the value of the child number `index` of the map or list at `at`. */
static Span find_child(StrView text, size_t at, size_t index)
{
    bool is_map = text.ptr[at] == '{';
    for (at++;; index--) {
        at = skip_space(text, at);
        if (is_map) {
            at = skip_space(text, skip_space(text, skip_string(text, at)) + 1);
        }
        Span span = {at, skip_value(text, at)};
        if (index == 0) {
            return span;
        }
        at = skip_space(text, span.to) + 1; /* behind the comma */
    }
}

/* Adds a child at the end of the map or list at `whole`, on a line of its own. */
static void add_child(StrBuf *text, Span whole, size_t count, int indent, StrView child)
{
    StrBuf piece = {0};
    size_t at = whole.from + 1;
    size_t replaced = whole.to - 1 - at;
    if (count > 0) {
        at = find_child(strbuf_view(text), whole.from, count - 1).to;
        replaced = 0;
        strbuf_add_char(&piece, ',');
    }
    strbuf_add_char(&piece, '\n');
    strbuf_add_many(&piece, ' ', (size_t)indent);
    strbuf_add(&piece, child);
    if (count == 0) {
        strbuf_add_char(&piece, '\n');
        strbuf_add_many(&piece, ' ', (size_t)indent - 2);
    }
    strbuf_replace(text, at, replaced, strbuf_view(&piece));
    strbuf_done(&piece);
}

/* Takes child number `index` out, with one comma. */
static void cut_child(StrBuf *text, size_t whole, size_t count, size_t index)
{
    Span span = find_child(strbuf_view(text), whole, index);
    if (index > 0) {
        span.from = find_child(strbuf_view(text), whole, index - 1).to;
    } else if (count > 1) {
        span.to = find_child(strbuf_view(text), whole, 1).from;
    }
    strbuf_replace(text, span.from, span.to - span.from, SV(""));
}

/* --- the document ----------------------------------------------------------------------------- */

typedef struct Document {
    StrBuf text;
    Config config; /* what the text says */
} Document;

static void document_done(Document *document)
{
    strbuf_done(&document->text);
    config_done(&document->config);
}

/* Reads the file as it is now. */
static bool document_read(Document *ret, const char *path, Err *err)
{
    *ret = (Document){0};
    config_read(&ret->config, path);
    bool is_good =
        !ret->config.is_broken && user_file_read(path, CONFIG_MAX_BYTES, &ret->text, err);
    if (ret->config.is_broken) {
        (void)err_set(err, "the configuration is left as it is: %.*s",
                      SV_ARG(ret->config.errors[0]));
    } else if (is_good && ret->config.root == NULL) {
        strbuf_clear(&ret->text);
        strbuf_add_str(&ret->text, "{}\n");
    }
    return is_good;
}

/* Reads what was changed again, for the next change. */
static void look_again(Document *document)
{
    Config fresh = {.root = NULL};
    fresh.root = node_read(&fresh.arena, strbuf_view(&document->text), CONFIG_FILE, NULL);
    fresh.path = arena_dup(&fresh.arena, document->config.path);
    config_done(&document->config);
    document->config = fresh;
}

static Span whole_of(const Document *document)
{
    StrView text = strbuf_view(&document->text);
    size_t from = skip_space(text, 0);
    return (Span){from, skip_value(text, from)};
}

/* Finds a member of the root; false when there is none. */
static bool find_member(const Document *document, const char *key, Span *ret_span)
{
    size_t index = 0;
    const Node *root = document->config.root;
    for (const Node *node = root != NULL ? root->first : NULL; node != NULL; node = node->next) {
        if (sv_equal(node->key, sv(key))) {
            *ret_span = find_child(strbuf_view(&document->text), whole_of(document).from, index);
            return true;
        }
        index++;
    }
    return false;
}

/* Sets a member; an empty list is not added where there is none. */
static void set_member(Document *document, const char *key, StrView value)
{
    Span span;
    if (find_member(document, key, &span)) {
        strbuf_replace(&document->text, span.from, span.to - span.from, value);
    } else if (!sv_equal(value, SV("[]"))) {
        const Node *root = document->config.root;
        StrBuf member = {0};
        strbuf_printf(&member, "\"%s\": ", key);
        strbuf_add(&member, value);
        add_child(&document->text, whole_of(document), root != NULL ? root->count : 0, 2,
                  strbuf_view(&member));
        strbuf_done(&member);
    }
    look_again(document);
}

typedef bool Change(Document *document, const void *context, Err *err);

/* Changes the file under the lock: reads, changes, writes. */
static bool change_file(const char *path, Change *change, const void *context, Err *err)
{
    Document document;
    int lock = user_file_lock(path, err);
    if (lock < 0) {
        return false;
    }
    bool is_good = document_read(&document, path, err) && change(&document, context, err) &&
                   user_file_write(path, strbuf_view(&document.text), err);
    document_done(&document);
    user_file_unlock(lock);
    return is_good;
}

/* --- a text ----------------------------------------------------------------------------------- */

typedef struct TextMember {
    const char *key;
    StrView text;
} TextMember;

static bool change_text(Document *document, const void *context, Err *err)
{
    const TextMember *member = context;
    StrBuf value = {0};
    (void)err; /* whatever the member was, it is replaced */
    node_quote(member->text, &value);
    set_member(document, member->key, strbuf_view(&value));
    strbuf_done(&value);
    return true;
}

bool config_save_text(const char *path, const char *member, StrView text, Err *err)
{
    TextMember change = {.key = member, .text = text};
    return change_file(path, change_text, &change, err);
}

/* --- panes ------------------------------------------------------------------------------------ */

typedef struct PaneList {
    const PaneDefs *builtin;
    const PaneDef *panes;
    size_t count;
} PaneList;

static void print_text(StrBuf *buf, const char *key, StrView text)
{
    strbuf_printf(buf, ",\n      \"%s\": ", key);
    node_quote(text, buf);
}

/* A predicate of several lines is a list of them. */
static void print_predicate(StrBuf *buf, StrView text)
{
    StrView line;
    if (sv_find_char(text, '\n') == SIZE_MAX) {
        print_text(buf, "predicate", text);
        return;
    }
    strbuf_add_str(buf, ",\n      \"predicate\": [");
    for (const char *comma = ""; sv_next_line(&text, &line); comma = ",") {
        strbuf_printf(buf, "%s\n        ", comma);
        node_quote(line, buf);
    }
    strbuf_add_str(buf, "\n      ]");
}

static void print_pane(StrBuf *buf, const PaneDef *pane)
{
    strbuf_add_str(buf, "    {\n      \"id\": ");
    node_quote(pane->id, buf);
    print_text(buf, "title", pane->title);
    if (pane->help.len > 0) {
        print_text(buf, "help", pane->help);
    }
    if (pane->role == PANE_LIST) {
        print_predicate(buf, pane->predicate);
    } else {
        print_text(buf, "role", sv(pane_role_name(pane->role)));
    }
    strbuf_add_str(buf, "\n    }");
}

static bool is_builtin(const PaneDefs *builtin, const PaneDef *pane)
{
    for (size_t i = 0; i < builtin->count; i++) {
        const PaneDef *other = &builtin->items[i];
        if (sv_equal(other->id, pane->id)) {
            return sv_equal(other->title, pane->title) && sv_equal(other->help, pane->help) &&
                   sv_equal(other->predicate, pane->predicate);
        }
    }
    return false;
}

static bool is_open(const PaneList *list, StrView id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (sv_equal_nocase(list->panes[i].id, id)) {
            return true;
        }
    }
    return false;
}

static void print_definitions(StrBuf *buf, const PaneList *list)
{
    strbuf_add_char(buf, '[');
    size_t start = buf->len;
    for (size_t i = 0; i < list->count; i++) {
        if (!is_builtin(list->builtin, &list->panes[i])) {
            strbuf_add_str(buf, buf->len > start ? ",\n" : "\n");
            print_pane(buf, &list->panes[i]);
        }
    }
    strbuf_add_str(buf, buf->len > start ? "\n  ]" : "]");
}

/* The ids of panes; of `builtin` only those that are closed when `only_closed`. */
static void print_ids(StrBuf *buf, const PaneList *list, bool only_closed)
{
    const PaneDef *panes = only_closed ? list->builtin->items : list->panes;
    size_t count = only_closed ? list->builtin->count : list->count;
    const char *comma = "";
    strbuf_add_char(buf, '[');
    for (size_t i = 0; i < count; i++) {
        if (!only_closed || !is_open(list, panes[i].id)) {
            strbuf_add_str(buf, comma);
            node_quote(panes[i].id, buf);
            comma = ", ";
        }
    }
    strbuf_add_char(buf, ']');
}

/* Faulty panes would be lost: who wrote them has to mend them first. */
static bool check_panes(Document *document, Err *err)
{
    PaneDefs scratch = {.count = 0};
    size_t before = document->config.error_count;
    const Node *panes = node_find(document->config.root, "panes");
    config_take_panes(&document->config, &scratch);
    pane_defs_done(&scratch);
    if (panes != NULL && panes->kind != NODE_LIST) {
        return err_set(err, "the configuration is left as it is: 'panes' must be a list");
    }
    for (size_t i = before; i < document->config.error_count; i++) {
        StrView line = document->config.errors[i];
        /* The order may name panes of the program, which are not here. */
        if (sv_find(line, SV(": there is no pane '")) == SIZE_MAX) {
            return err_set(err, "the configuration is left as it is: %.*s", SV_ARG(line));
        }
    }
    return true;
}

static bool change_panes(Document *document, const void *context, Err *err)
{
    const PaneList *list = context;
    StrBuf value = {0};
    if (!check_panes(document, err)) {
        return false;
    }
    print_definitions(&value, list);
    set_member(document, "panes", strbuf_view(&value));
    strbuf_clear(&value);
    print_ids(&value, list, false);
    set_member(document, "pane_order", strbuf_view(&value));
    strbuf_clear(&value);
    print_ids(&value, list, true);
    set_member(document, "pane_closed", strbuf_view(&value));
    strbuf_done(&value);
    return true;
}

bool config_save_panes(const char *path, const PaneDefs *builtin, const PaneDef *panes,
                       size_t count, Err *err)
{
    PaneList list = {.builtin = builtin, .panes = panes, .count = count};
    return change_file(path, change_panes, &list, err);
}

/* The members in the form of the file; the last without a comma. */
static void print_panes(StrBuf *buf, const PaneList *list)
{
    strbuf_add_str(buf, "  \"panes\": ");
    print_definitions(buf, list);
    strbuf_add_str(buf, ",\n  \"pane_order\": ");
    print_ids(buf, list, false);
    strbuf_add_str(buf, ",\n  \"pane_closed\": ");
    print_ids(buf, list, true);
}

/* --- presets ---------------------------------------------------------------------------------- */

static void print_preset(StrBuf *buf, const Preset *preset)
{
    const struct {
        const char *key;
        StrView text;
    } texts[] = {
        {"about", preset->about},   {"predicate", preset->predicate},
        {"level", preset->level},   {"confidence", preset->confidence},
        {"source", preset->source},
    };
    strbuf_add_str(buf, "{\n      \"name\": ");
    node_quote(preset->name, buf);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (texts[i].text.len > 0) {
            print_text(buf, texts[i].key, texts[i].text);
        }
    }
    strbuf_add_str(buf, "\n    }");
}

void config_print_lists(const PaneDefs *builtin, const PaneDefs *defs, const Presets *presets,
                        StrBuf *buf)
{
    PaneList list = {.builtin = builtin, .panes = defs->items, .count = defs->count};
    print_panes(buf, &list);
    strbuf_add_str(buf, ",\n  \"presets\": [");
    size_t start = buf->len;
    for (size_t i = 0; i < presets->count; i++) {
        if (presets->items[i].is_own) {
            strbuf_add_str(buf, buf->len > start ? ",\n    " : "\n    ");
            print_preset(buf, &presets->items[i]);
        }
    }
    strbuf_add_str(buf, buf->len > start ? "\n  ]" : "]");
}

/* Index of the preset of that name in the list, SIZE_MAX = none. */
static size_t find_preset(const Node *list, StrView name)
{
    size_t index = 0;
    for (const Node *node = list != NULL ? list->first : NULL; node != NULL; node = node->next) {
        if (sv_equal_nocase(node_text(node, "name"), name)) {
            return index;
        }
        index++;
    }
    return SIZE_MAX;
}

/* Makes sure that the file has a list of presets; gives where it is. */
static bool find_presets(Document *document, Span *ret_span, Err *err)
{
    if (node_find(document->config.root, "presets") == NULL) {
        set_member(document, "presets", SV("[ ]"));
    }
    const Node *list = node_find(document->config.root, "presets");
    return (list->kind == NODE_LIST && find_member(document, "presets", ret_span)) ||
           err_set(err, "the configuration is left as it is: 'presets' must be a list");
}

static bool put_preset(Document *document, const void *context, Err *err)
{
    const Preset *preset = context;
    StrBuf value = {0};
    Span whole = {0, 0};
    if (!find_presets(document, &whole, err)) {
        return false;
    }
    const Node *list = node_find(document->config.root, "presets");
    size_t index = find_preset(list, preset->name);
    print_preset(&value, preset);
    if (index == SIZE_MAX) {
        add_child(&document->text, whole, list->count, 4, strbuf_view(&value));
    } else {
        Span old = find_child(strbuf_view(&document->text), whole.from, index);
        strbuf_replace(&document->text, old.from, old.to - old.from, strbuf_view(&value));
    }
    strbuf_done(&value);
    return true;
}

static bool cut_preset(Document *document, const void *context, Err *err)
{
    const StrView *name = context;
    Span whole;
    const Node *list = node_find(document->config.root, "presets");
    size_t index = find_preset(list, *name);
    (void)err; /* what is not there need not be taken out */
    if (index != SIZE_MAX && find_member(document, "presets", &whole)) {
        cut_child(&document->text, whole.from, list->count, index);
    }
    return true;
}

bool config_save_preset(const char *path, const Preset *preset, Err *err)
{
    return change_file(path, put_preset, preset, err);
}

bool config_remove_preset(const char *path, StrView name, Err *err)
{
    return change_file(path, cut_preset, &name, err);
}
