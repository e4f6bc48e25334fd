/*
 * Playbook: finds the pages, and fills in what stands in {{…}}: tables of the data, predicates of
 * the library. So each fact is written once.
 */
#include "session/playbook.h"

#include "base/arena.h"
#include "base/embed.h"
#include "base/mem.h"
#include "base/node.h"
#include "filters/logging.h"
#include "filters/presets.h"
#include "filters/record_facts.h"
#include "session/markdown.h"
#include "session/wrap.h"

#define PAGES_MAX 50
#define ID_COLUMNS 12
#define TABLE_COLUMNS 5

struct Playbook {
    Arena arena;
    Presets presets;
    LoggingFacts logging;
    const Node *tables;
    PlaybookPage pages[PAGES_MAX];
    size_t count;
};

/* --- tables --------------------------------------------------------------------------------- */

typedef struct Column {
    const char *member;
    const char *title;
    bool is_code; /* names and commands: shown as they are */
} Column;

/* A directive that becomes a table of a list in filters/playbook.json. */
static const struct Table {
    const char *name;
    Column columns[TABLE_COLUMNS + 1];
} TABLES[] = {
    {"hosts",
     {{"host", "host", true},
      {"ports", "port", false},
      {"purpose", "purpose", false},
      {"used_by", "who", false},
      {"interception", "interception", false}}},
    {"reset", {{"macos", "macOS", false}, {"steps", "steps", false}}},
    {"files", {{"path", "file", true}, {"about", "about", false}}},
    {"commands",
     {{"command", "command", true}, {"macos", "macOS", false}, {"shows", "shows", false}}},
    {"debug", {{"setting", "setting", true}, {"effect", "effect", false}}},
};

static void add_escaped(StrBuf *buf, StrView text)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (byte == '|' || byte == '*' || byte == '<' || byte == '\\') {
            strbuf_add_char(buf, '\\');
        }
        strbuf_add_char(buf, byte);
    }
}

/* A cell of a table; of code only the bars are escaped, as tables want it. */
static void add_cell(StrBuf *buf, StrView text, bool is_code)
{
    strbuf_add_char(buf, ' ');
    if (!is_code || sv_find_char(text, '`') != SIZE_MAX || sv_starts(text, SV("("))) {
        add_escaped(buf, text);
    } else {
        strbuf_add_char(buf, '`');
        strbuf_add(buf, text);
        strbuf_add_char(buf, '`');
    }
    strbuf_add_str(buf, " |");
}

static void add_table_head(StrBuf *buf, const Column *columns)
{
    size_t count = 0;
    strbuf_add_char(buf, '|');
    for (; columns[count].member != NULL; count++) {
        strbuf_printf(buf, " %s |", columns[count].title);
    }
    strbuf_add_str(buf, "  |\n|");
    for (size_t i = 0; i <= count; i++) {
        strbuf_add_str(buf, "---|");
    }
    strbuf_add_char(buf, '\n');
}

static void add_table(const Playbook *playbook, const struct Table *table, StrBuf *buf)
{
    const Node *list = node_find(playbook->tables, table->name);
    add_table_head(buf, table->columns);
    for (const Node *row = list != NULL ? list->first : NULL; row != NULL; row = row->next) {
        strbuf_add_char(buf, '|');
        for (const Column *column = table->columns; column->member != NULL; column++) {
            add_cell(buf, node_text(row, column->member), column->is_code);
        }
        strbuf_printf(buf, " [%c] |\n", confidence_mark(node_text(row, "confidence")));
    }
}

static void add_subsystems(const Playbook *playbook, StrBuf *buf)
{
    static const Column COLUMNS[] = {
        {"subsystem", "subsystem", true}, {"why", "what it is for", false}, {NULL, NULL, false}};
    add_table_head(buf, COLUMNS);
    for (size_t i = 0; i < playbook->logging.count; i++) {
        const LoggingFact *fact = &playbook->logging.items[i];
        strbuf_add_char(buf, '|');
        add_cell(buf, fact->subsystem, true);
        add_cell(buf, fact->why, false);
        strbuf_printf(buf, " [%c] |\n", confidence_mark(fact->confidence));
    }
}

/* --- predicates ----------------------------------------------------------------------------- */

static bool add_preset(const Playbook *playbook, StrView name, StrBuf *buf, Err *err)
{
    size_t index = presets_find(&playbook->presets, name);
    if (index == SIZE_MAX) {
        return err_set(err, "there is no preset '%.*s'", SV_ARG(name));
    }
    const Preset *preset = &playbook->presets.items[index];
    strbuf_printf(buf, "%.*s; level %.*s, preset *%.*s* [%c]:\n\n```\n", SV_ARG(preset->about),
                  SV_ARG(preset->level), SV_ARG(preset->name), confidence_mark(preset->confidence));
    strbuf_printf(buf, "log stream --level %.*s --predicate '%.*s'\n```\n", SV_ARG(preset->level),
                  SV_ARG(preset->predicate));
    return true;
}

/* --- pages ---------------------------------------------------------------------------------- */

static bool fill_in(const Playbook *playbook, StrView directive, StrBuf *buf, Err *err)
{
    static const StrView PRESET = {"preset ", 7};
    if (sv_starts(directive, PRESET)) {
        return add_preset(playbook, sv_slice(directive, PRESET.len, SIZE_MAX), buf, err);
    }
    if (sv_equal(directive, SV("subsystems"))) {
        add_subsystems(playbook, buf);
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(TABLES); i++) {
        if (sv_equal(directive, sv(TABLES[i].name))) {
            add_table(playbook, &TABLES[i], buf);
            return true;
        }
    }
    return err_set(err, "nothing is known as {{%.*s}}", SV_ARG(directive));
}

static bool expand(const Playbook *playbook, StrView text, StrBuf *buf, Err *err)
{
    StrView line;
    while (sv_next_line(&text, &line)) {
        if (!sv_starts(line, SV("{{")) || !sv_ends(line, SV("}}"))) {
            strbuf_add(buf, line);
            strbuf_add_char(buf, '\n');
        } else if (!fill_in(playbook, sv_slice(line, 2, line.len - 4), buf, err)) {
            return false;
        }
    }
    return true;
}

/* The paragraph behind the title, its lines made one. */
static StrView take_summary(Playbook *playbook, StrView rest)
{
    StrBuf summary = {0};
    StrView line;
    while (sv_next_line(&rest, &line) && (line.len > 0 || summary.len == 0)) {
        strbuf_add_str(&summary, summary.len > 0 ? " " : "");
        strbuf_add(&summary, line);
    }
    StrView kept = arena_dup(&playbook->arena, strbuf_view(&summary));
    strbuf_done(&summary);
    return kept;
}

/* "filters/playbook/1-record.md" → "record" */
static StrView id_of(const char *name)
{
    StrView file = sv_path_last(sv(name));
    size_t dash = sv_find_char(file, '-');
    file = sv_slice(file, dash == SIZE_MAX ? 0 : dash + 1, SIZE_MAX);
    return sv_slice(file, 0, file.len - sizeof(".md") + 1);
}

static bool read_page(Playbook *playbook, const char *data_dir, const char *name, Err *err)
{
    StrBuf text = {0};
    StrBuf expanded = {0};
    bool is_good = embed_read_or_file(data_dir, name, &text) || err_set(err, "it is missing");
    is_good = is_good && expand(playbook, strbuf_view(&text), &expanded, err);
    if (is_good) {
        PlaybookPage *page = &playbook->pages[playbook->count++];
        StrView rest = arena_dup(&playbook->arena, strbuf_view(&expanded));
        page->id = id_of(name);
        page->markdown = rest;
        StrView head = SV("");
        (void)sv_next_line(&rest, &head); /* an empty page has no title */
        page->title = sv_starts(head, SV("# ")) ? sv_slice(head, 2, SIZE_MAX) : page->id;
        page->summary = take_summary(playbook, rest);
    }
    strbuf_done(&text);
    strbuf_done(&expanded);
    return is_good || err_prefix(err, "%s", name);
}

/* Reads the pages in the order of their names. */
static bool read_pages(Playbook *playbook, const char *data_dir, Err *err)
{
    const char *last = "";
    while (playbook->count < PAGES_MAX) {
        const char *next = NULL;
        for (const EmbeddedFile *file = EMBEDDED_FILES; file->name != NULL; file++) {
            bool is_page = sv_starts(sv(file->name), SV(PLAYBOOK_FOLDER)) &&
                           sv_ends(sv(file->name), SV(".md"));
            if (is_page && sv_compare(sv(file->name), sv(last)) > 0 &&
                (next == NULL || sv_compare(sv(file->name), sv(next)) < 0)) {
                next = file->name;
            }
        }
        if (next == NULL) {
            break;
        }
        if (!read_page(playbook, data_dir, next, err)) {
            return false;
        }
        last = next;
    }
    return true;
}

static bool read_facts(Playbook *playbook, const char *data_dir, Err *err)
{
    StrBuf text = {0};
    bool is_good = embed_read_or_file(data_dir, PLAYBOOK_TABLES, &text) ||
                   err_set(err, "%s is missing", PLAYBOOK_TABLES);
    if (is_good) {
        playbook->tables = node_read(&playbook->arena, strbuf_view(&text), PLAYBOOK_TABLES, err);
        is_good = playbook->tables != NULL;
    }
    strbuf_clear(&text);
    is_good = is_good && (embed_read_or_file(data_dir, PRESETS_FILE, &text) ||
                          err_set(err, "%s is missing", PRESETS_FILE));
    is_good =
        is_good && presets_read(&playbook->presets, strbuf_view(&text), PRESETS_FILE, false, err);
    strbuf_done(&text);
    return is_good && logging_facts_read_own(&playbook->logging, data_dir, err);
}

Playbook *playbook_new(const char *data_dir, Err *err)
{
    Playbook *playbook = mem_calloc(1, sizeof *playbook);
    if (read_facts(playbook, data_dir, err) && read_pages(playbook, data_dir, err)) {
        return playbook;
    }
    playbook_free(playbook);
    return NULL;
}

void playbook_free(Playbook *playbook)
{
    if (playbook != NULL) {
        presets_done(&playbook->presets);
        logging_facts_done(&playbook->logging);
        arena_done(&playbook->arena);
        mem_free(playbook);
    }
}

size_t playbook_page_count(const Playbook *playbook)
{
    return playbook->count;
}

const PlaybookPage *playbook_page_get(const Playbook *playbook, size_t index)
{
    return &playbook->pages[index];
}

size_t playbook_find(const Playbook *playbook, StrView id)
{
    for (size_t i = 0; i < playbook->count; i++) {
        if (sv_equal(playbook->pages[i].id, id)) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* --- printing ------------------------------------------------------------------------------- */

void playbook_page_text(const Playbook *playbook, size_t index, size_t columns, StrBuf *buf)
{
    markdown_print_text(playbook->pages[index].markdown, columns, buf);
    strbuf_add_char(buf, '\n');
    wrap_add(buf, sv(confidence_legend()), 0, 0, columns);
}

void playbook_list_text(const Playbook *playbook, size_t columns, StrBuf *buf)
{
    strbuf_add_str(buf, "Troubleshooting steps. mdmscope playbook PAGE prints one of them:\n\n");
    for (size_t i = 0; i < playbook->count; i++) {
        const PlaybookPage *page = &playbook->pages[i];
        size_t width = page->id.len < ID_COLUMNS ? ID_COLUMNS - page->id.len : 1;
        strbuf_add_str(buf, "  ");
        strbuf_add(buf, page->id);
        strbuf_add_many(buf, ' ', width);
        wrap_add(buf, page->title, 2 + page->id.len + width, 2 + ID_COLUMNS, columns);
    }
    strbuf_add_str(buf, "\n  all         every page, one after the other\n");
}

/* Appends a page with its headings one level deeper: "# A" becomes "## A". */
static void add_deeper(StrView text, StrBuf *buf)
{
    bool is_code = false;
    StrView line;
    while (sv_next_line(&text, &line)) {
        is_code = is_code != sv_starts(line, SV("```"));
        strbuf_add_str(buf, !is_code && sv_starts(line, SV("#")) ? "#" : "");
        strbuf_add(buf, line);
        strbuf_add_char(buf, '\n');
    }
}

void playbook_document(const Playbook *playbook, StrBuf *buf)
{
    strbuf_add_str(buf, "# The playbook\n\nWritten by `mdmscope playbook all --format md` out of "
                        "`filters/playbook/` and its data; do not edit.\n`mdmscope playbook PAGE` "
                        "prints a page on the terminal. Steps are for reading and copying: the "
                        "program runs none of them.\n\n");
    strbuf_printf(buf, "Marks: %s.\n", confidence_legend());
    for (size_t i = 0; i < playbook->count; i++) {
        strbuf_add_char(buf, '\n');
        add_deeper(playbook->pages[i].markdown, buf);
    }
}
