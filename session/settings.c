/*
 * Settings: the table of members of config.json that are neither panes nor presets, and for each
 * kind of value how it is read and printed. What a text means is not known here.
 */
#include "session/settings.h"

#include <inttypes.h>

#include "base/clock.h"
#include "session/settings_redaction.h"
#include "session/store.h"

#define GAP_DEFAULT_NS (INT64_C(30) * NS_PER_SECOND)

typedef struct SettingSpec SettingSpec;

typedef struct Reading {
    Settings *settings;
    Config *config;
} Reading;

struct SettingSpec {
    const char *name;
    /* Takes a value that is not null; what is wrong is told. */
    void (*read)(Reading *reading, const SettingSpec *spec, const Node *node);
    void (*print)(const Settings *settings, const SettingSpec *spec, StrBuf *buf);
    size_t member;            /* offset in Settings */
    const char *const *words; /* of a choice, ended by NULL */
    size_t max;               /* of a list */
    const char *about;
};

static void *member_of(Settings *settings, const SettingSpec *spec)
{
    return (char *)settings + spec->member;
}

static const void *value_of(const Settings *settings, const SettingSpec *spec)
{
    return (const char *)settings + spec->member;
}

/* --- truths and choices ----------------------------------------------------------------------- */

static void read_bool(Reading *reading, const SettingSpec *spec, const Node *node)
{
    if (node->kind == NODE_BOOL) {
        *(bool *)member_of(reading->settings, spec) = node->truth;
    } else {
        config_add_error_at(reading->config, config_place(node), "'%s' must be true or false",
                            spec->name);
    }
}

static void print_bool(const Settings *settings, const SettingSpec *spec, StrBuf *buf)
{
    strbuf_add_str(buf, *(const bool *)value_of(settings, spec) ? "true" : "false");
}

static void refuse_word(const Reading *reading, const SettingSpec *spec, const Node *node)
{
    StrBuf words = {0};
    size_t count = 0;
    for (; spec->words[count] != NULL; count++) {
        strbuf_printf(&words, "%s\"%s\"", count > 0 ? ", " : "", spec->words[count]);
    }
    const char *near =
        node->kind == NODE_TEXT ? config_nearest(node->text, spec->words, count) : NULL;
    if (near != NULL) {
        config_add_error_at(reading->config, config_place(node),
                            "'%s': no '%.*s' among %s, did you mean '%s'?", spec->name,
                            SV_ARG(node->text), words.ptr, near);
    } else {
        config_add_error_at(reading->config, config_place(node), "'%s' must be one of %s",
                            spec->name, words.ptr);
    }
    strbuf_done(&words);
}

/* All choices are enums that begin at 0, in the order of their words. */
static void read_choice(Reading *reading, const SettingSpec *spec, const Node *node)
{
    for (int i = 0; node->kind == NODE_TEXT && spec->words[i] != NULL; i++) {
        if (sv_equal(node->text, sv(spec->words[i]))) {
            *(int *)member_of(reading->settings, spec) = i;
            return;
        }
    }
    refuse_word(reading, spec, node);
}

static void print_choice(const Settings *settings, const SettingSpec *spec, StrBuf *buf)
{
    node_quote(sv(spec->words[*(const int *)value_of(settings, spec)]), buf);
}

/* --- texts with a meaning --------------------------------------------------------------------- */

static bool is_text(const Reading *reading, const SettingSpec *spec, const Node *node)
{
    if (node->kind != NODE_TEXT) {
        config_add_error_at(reading->config, config_place(node), "'%s' must be a text", spec->name);
    }
    return node->kind == NODE_TEXT;
}

static void read_text(Reading *reading, const SettingSpec *spec, const Node *node)
{
    if (is_text(reading, spec, node)) {
        *(SettingText *)member_of(reading->settings, spec) =
            (SettingText){.text = node->text, .place = config_place(node)};
    }
}

static void print_text(const Settings *settings, const SettingSpec *spec, StrBuf *buf)
{
    const SettingText *value = value_of(settings, spec);
    if (value->text.ptr != NULL) {
        node_quote(value->text, buf);
    } else {
        strbuf_add_str(buf, "null");
    }
}

static void read_bytes(Reading *reading, const SettingSpec *spec, const Node *node)
{
    Err err = err_none();
    if (is_text(reading, spec, node) &&
        !options_parse_bytes(node->text, member_of(reading->settings, spec), &err)) {
        config_add_error_at(reading->config, config_place(node), "'%s': %s", spec->name, err.text);
    }
}

static void print_bytes(const Settings *settings, const SettingSpec *spec, StrBuf *buf)
{
    static const struct {
        size_t bytes;
        const char *name;
    } UNITS[] = {{(size_t)1024 * MIB, "G"}, {MIB, "M"}, {KIB, "K"}, {1, ""}};
    size_t bytes = *(const size_t *)value_of(settings, spec);
    size_t i = 0;
    while (bytes % UNITS[i].bytes != 0) {
        i++;
    }
    strbuf_printf(buf, "\"%zu%s\"", bytes / UNITS[i].bytes, UNITS[i].name);
}

static void read_length(Reading *reading, const SettingSpec *spec, const Node *node)
{
    Err err = err_none();
    int64_t ns;
    if (!is_text(reading, spec, node)) {
        return;
    }
    if (clock_parse_length(node->text, &ns, &err) &&
        (ns >= 0 || err_set(&err, "'%.*s' is less than nothing", SV_ARG(node->text)))) {
        *(int64_t *)member_of(reading->settings, spec) = ns;
    } else {
        config_add_error_at(reading->config, config_place(node), "'%s': %s", spec->name, err.text);
    }
}

/* Prints milliseconds and more: what clock_parse_length takes. */
static void print_length(const Settings *settings, const SettingSpec *spec, StrBuf *buf)
{
    static const struct {
        int64_t ns;
        const char *name;
    } UNITS[] = {
        {INT64_C(86400) * NS_PER_SECOND, "d"},
        {INT64_C(3600) * NS_PER_SECOND, "h"},
        {INT64_C(60) * NS_PER_SECOND, "m"},
        {NS_PER_SECOND, "s"},
        {NS_PER_MS, "ms"},
    };
    int64_t ns = *(const int64_t *)value_of(settings, spec);
    size_t i = ns == 0 ? 3 : 0;
    while (i + 1 < ARRAY_LEN(UNITS) && ns % UNITS[i].ns != 0) {
        i++;
    }
    strbuf_printf(buf, "\"%" PRId64 "%s\"", ns / UNITS[i].ns, UNITS[i].name);
}

/* --- lists of texts --------------------------------------------------------------------------- */

/* Reads a list of at most `max` texts into the arena of the configuration. */
static SettingTexts take_texts(const Reading *reading, const Node *node, StrView name, size_t max)
{
    Config *config = reading->config;
    SettingTexts texts = {.items = NULL};
    if (node->kind != NODE_LIST) {
        config_add_error_at(config, config_place(node), "'%.*s' must be a list of texts",
                            SV_ARG(name));
        return texts;
    }
    texts.items = arena_alloc(&config->arena, (node->count + 1) * sizeof *texts.items);
    for (const Node *item = node->first; item != NULL; item = item->next) {
        if (item->kind != NODE_TEXT || sv_trim(item->text).len == 0) {
            config_add_error_at(config, config_place(item), "'%.*s': here a text is wanted",
                                SV_ARG(name));
        } else if (texts.count == max) {
            config_add_error_at(config, config_place(item), "'%.*s': %zu are the most",
                                SV_ARG(name), max);
            break;
        } else {
            texts.items[texts.count++] =
                (SettingText){.text = item->text, .place = config_place(item)};
        }
    }
    return texts;
}

static void print_list(const SettingTexts *texts, StrBuf *buf)
{
    strbuf_add_char(buf, '[');
    for (size_t i = 0; i < texts->count; i++) {
        strbuf_add_str(buf, i > 0 ? ", " : "");
        node_quote(texts->items[i].text, buf);
    }
    strbuf_add_char(buf, ']');
}

static void read_texts(Reading *reading, const SettingSpec *spec, const Node *node)
{
    *(SettingTexts *)member_of(reading->settings, spec) =
        take_texts(reading, node, sv(spec->name), spec->max);
}

static void print_texts(const Settings *settings, const SettingSpec *spec, StrBuf *buf)
{
    print_list(value_of(settings, spec), buf);
}

/* --- keys ------------------------------------------------------------------------------------- */

static bool is_map(const Reading *reading, const SettingSpec *spec, const Node *node)
{
    if (node->kind != NODE_MAP) {
        config_add_error_at(reading->config, config_place(node), "'%s' must be a map: {…}",
                            spec->name);
    }
    return node->kind == NODE_MAP;
}

static void add_key(Reading *reading, StrView mode, const Node *node)
{
    Settings *settings = reading->settings;
    if (node->kind != NODE_TEXT) {
        config_add_error_at(reading->config, config_place(node),
                            "'keys': the command of '%.*s' must be a text", SV_ARG(node->key));
    } else if (settings->key_count == SETTINGS_MAX_KEYS) {
        config_add_error_at(reading->config, config_place(node), "'keys': %d are the most",
                            SETTINGS_MAX_KEYS);
    } else {
        settings->keys[settings->key_count++] = (SettingKey){.mode = mode,
                                                             .keys = node->key,
                                                             .command = sv_trim(node->text),
                                                             .place = config_place(node)};
    }
}

static void read_keys(Reading *reading, const SettingSpec *spec, const Node *node)
{
    Settings *settings = reading->settings;
    if (!is_map(reading, spec, node)) {
        return;
    }
    settings->keys =
        arena_alloc(&reading->config->arena, SETTINGS_MAX_KEYS * sizeof *settings->keys);
    settings->key_count = 0;
    for (const Node *item = node->first; item != NULL; item = item->next) {
        if (item->kind != NODE_MAP) {
            add_key(reading, SV_NONE, item);
            continue;
        }
        for (const Node *key = item->first; key != NULL; key = key->next) {
            add_key(reading, item->key, key);
        }
    }
}

/* Prints the keys of a mode, which follow each other; returns where the next ones begin. */
static size_t print_mode(const Settings *settings, size_t from, const char *indent, StrBuf *buf)
{
    StrView mode = settings->keys[from].mode;
    size_t i = from;
    for (; i < settings->key_count && sv_equal(settings->keys[i].mode, mode); i++) {
        strbuf_printf(buf, "%s\n%s", i > from ? "," : "", indent);
        node_quote(settings->keys[i].keys, buf);
        strbuf_add_str(buf, ": ");
        node_quote(settings->keys[i].command, buf);
    }
    return i;
}

static void print_keys(const Settings *settings, const SettingSpec *spec, StrBuf *buf)
{
    (void)spec;
    strbuf_add_char(buf, '{');
    for (size_t i = 0; i < settings->key_count;) {
        StrView mode = settings->keys[i].mode;
        strbuf_add_str(buf, i > 0 ? "," : "");
        if (mode.ptr == NULL) {
            i = print_mode(settings, i, "    ", buf);
            continue;
        }
        strbuf_add_str(buf, "\n    ");
        node_quote(mode, buf);
        strbuf_add_str(buf, ": {");
        i = print_mode(settings, i, "      ", buf);
        strbuf_add_str(buf, "\n    }");
    }
    strbuf_add_str(buf, settings->key_count > 0 ? "\n  }" : "}");
}

/* --- columns ---------------------------------------------------------------------------------- */

static void read_columns(Reading *reading, const SettingSpec *spec, const Node *node)
{
    Settings *settings = reading->settings;
    if (!is_map(reading, spec, node)) {
        return;
    }
    settings->columns =
        arena_alloc(&reading->config->arena, SETTINGS_MAX_COLUMN_LISTS * sizeof *settings->columns);
    settings->column_count = 0;
    for (const Node *item = node->first; item != NULL; item = item->next) {
        if (settings->column_count == SETTINGS_MAX_COLUMN_LISTS) {
            config_add_error_at(reading->config, config_place(item), "'columns': %d are the most",
                                SETTINGS_MAX_COLUMN_LISTS);
            break;
        }
        SettingTexts columns = take_texts(reading, item, item->key, SETTINGS_MAX_COLUMNS);
        if (columns.count > 0) {
            settings->columns[settings->column_count++] = (SettingColumns){
                .pane = item->key, .columns = columns, .place = config_place(item)};
        }
    }
}

static void print_columns(const Settings *settings, const SettingSpec *spec, StrBuf *buf)
{
    (void)spec;
    strbuf_add_char(buf, '{');
    for (size_t i = 0; i < settings->column_count; i++) {
        strbuf_printf(buf, "%s\n    ", i > 0 ? "," : "");
        node_quote(settings->columns[i].pane, buf);
        strbuf_add_str(buf, ": ");
        print_list(&settings->columns[i].columns, buf);
    }
    strbuf_add_str(buf, settings->column_count > 0 ? "\n  }" : "}");
}

/* --- redaction -------------------------------------------------------------------------------- */

static void read_redaction(Reading *reading, const SettingSpec *spec, const Node *node)
{
    setting_redaction_read(member_of(reading->settings, spec), reading->config, node);
}

static void print_redaction(const Settings *settings, const SettingSpec *spec, StrBuf *buf)
{
    setting_redaction_print(value_of(settings, spec), buf);
}

/* --- the table -------------------------------------------------------------------------------- */

static const char *const DIGITS_WORDS[] = {"panes", "counts", NULL};
static const char *const TIME_WORDS[] = {"clock", "utc", "delta", "reference", "relative", NULL};
static const char *const LINE_WORDS[] = {"usual", "wide", "compact", NULL};

#define MEMBER(name) .member = offsetof(Settings, name)

/* clang-format off */
static const SettingSpec SPECS[] = {
    {"theme", read_text, print_text, MEMBER(theme),
     .about = "name of a theme or path of a theme file; null = what suits the terminal"},
    {"buffer", read_bytes, print_bytes, MEMBER(buffer_bytes),
     .about = "how much of the entries is held, as 64M or 1G; the oldest go first"},
    {"mouse", read_bool, print_bool, MEMBER(mouse),
     .about = "take the mouse; false leaves it to the terminal's own selection"},
    {"plain", read_bool, print_bool, MEMBER(plain),
     .about = "no box drawing, and words for glyphs: for screen readers"},
    {"hint", read_bool, print_bool, MEMBER(hint),
     .about = "show the hint of the first start, once"},
    {"digits", read_choice, print_choice, MEMBER(digits), .words = DIGITS_WORDS,
     .about = "what a digit key does: panes (goes to a pane) or counts (begins a count, as in vim)"},
    {"keys", read_keys, print_keys,
     .about = "keys and their commands; an empty command takes a key away; a map under the name of a mode holds its keys"},
    {"columns", read_columns, print_columns,
     .about = "columns by pane, as NAME or NAME:WIDTH; default is for all other panes"},
    {"time", read_choice, print_choice, MEMBER(time), .words = TIME_WORDS,
     .about = "how times are shown: clock, utc, delta (to the line before), reference (to an entry) or relative (2 m ago)"},
    {"line", read_choice, print_choice, MEMBER(line), .words = LINE_WORDS,
     .about = "form of a line: usual, wide or compact"},
    {"wrap", read_bool, print_bool, MEMBER(wrap),
     .about = "wrap long messages to begin with"},
    {"fold", read_bool, print_bool, MEMBER(fold),
     .about = "fold repeats to begin with"},
    {"noise", read_bool, print_bool, MEMBER(noise),
     .about = "show what is known to be noise to begin with; false hides it"},
    {"gap", read_length, print_length, MEMBER(gap_ns),
     .about = "a rule is drawn between entries that are further apart than this; 0s = never"},
    {"highlights", read_texts, print_texts, MEMBER(highlights), .max = SETTINGS_MAX_HIGHLIGHTS,
     .about = "up to 8 terms that are lit"},
    {"start", read_texts, print_texts, MEMBER(start), .max = SETTINGS_MAX_START,
     .about = "commands that are run at the start"},
    {"redaction", read_redaction, print_redaction, MEMBER(redaction),
     .about = "what is masked in excerpts: rules (name, regex, placeholder; or the name of a rule of the program, with on = false to switch it off) and keep (values that stay; *.example.com = a host and all below it)"},
};
/* clang-format on */

Settings settings_default(void)
{
    return (Settings){.buffer_bytes = STORE_DEFAULT_BYTES,
                      .mouse = true,
                      .hint = true,
                      .noise = true,
                      .gap_ns = GAP_DEFAULT_NS};
}

void settings_take(Settings *settings, Config *config)
{
    Reading reading = {.settings = settings, .config = config};
    for (size_t i = 0; i < ARRAY_LEN(SPECS); i++) {
        const Node *node = node_find(config->root, SPECS[i].name);
        if (node != NULL && node->kind != NODE_NULL) {
            SPECS[i].read(&reading, &SPECS[i], node);
        }
    }
}

void settings_take_options(Settings *settings, const Options *options)
{
    if (options->theme != NULL) {
        settings->theme = (SettingText){.text = sv(options->theme)};
    }
    if (options->buffer_is_set) {
        settings->buffer_bytes = options->buffer_bytes;
    }
    settings->plain |= options->plain;
    settings->mouse &= !options->no_mouse;
}

const SettingColumns *settings_columns(const Settings *settings, StrView pane)
{
    const SettingColumns *fallback = NULL;
    for (size_t i = 0; i < settings->column_count; i++) {
        const SettingColumns *columns = &settings->columns[i];
        if (sv_equal_nocase(columns->pane, pane)) {
            return columns;
        }
        fallback = sv_equal(columns->pane, SV("default")) ? columns : fallback;
    }
    return fallback;
}

void settings_print(const Settings *settings, StrBuf *buf)
{
    strbuf_add_str(buf, "  \"about\": {");
    for (size_t i = 0; i < ARRAY_LEN(SPECS); i++) {
        strbuf_printf(buf, "%s\n    \"%s\": ", i > 0 ? "," : "", SPECS[i].name);
        node_quote(sv(SPECS[i].about), buf);
    }
    strbuf_add_str(buf, "\n  },\n");
    for (size_t i = 0; i < ARRAY_LEN(SPECS); i++) {
        strbuf_printf(buf, "  \"%s\": ", SPECS[i].name);
        SPECS[i].print(settings, &SPECS[i], buf);
        strbuf_add_str(buf, ",\n");
    }
}

const char *settings_name(size_t index)
{
    return index < ARRAY_LEN(SPECS) ? SPECS[index].name : NULL;
}
