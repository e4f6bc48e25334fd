/*
 * The member "redaction": two lists. Whether a rule is one is found out by putting it to the rules
 * that are compiled in, so that what is accepted here is accepted later.
 */
#include "session/settings_redaction.h"

#include "base/arena.h"

#define NAMES_MAX (REDACT_RULES_MAX + 1)

/* What is read, and into what. */
typedef struct Reading {
    SettingRedaction *ret;
    Config *config;
    RedactRules *rules; /* to try it on */
} Reading;

static void refuse_name(const Reading *reading, const Node *node, StrView id)
{
    const char *names[NAMES_MAX];
    size_t count = 0;
    for (; count < redact_rules_count(reading->rules) && count < NAMES_MAX; count++) {
        names[count] = redact_rules_get(reading->rules, count)->id.ptr;
    }
    const char *near = config_nearest(id, names, count);
    config_add_error_at(reading->config, config_place(node),
                        near != NULL ? "'redaction': no rule '%.*s', did you mean '%s'?"
                                     : "'redaction': no rule '%.*s'",
                        SV_ARG(id), near);
}

static void keep_rule(const Reading *reading, SettingRule rule)
{
    reading->ret->rules[reading->ret->rule_count++] = rule;
}

/* A rule of the program: "user-channel", or {"name": "phone", "on": false}. */
static void read_switch(const Reading *reading, const Node *node, StrView id, bool is_on)
{
    if (redact_rules_switch(reading->rules, id, is_on)) {
        keep_rule(reading, (SettingRule){.name = id, .is_on = is_on});
    } else {
        refuse_name(reading, node, id);
    }
}

/* A rule of the user's: {"name": "asset", "regex": "AT-[0-9]{6}", "placeholder": "asset"}. */
static void read_own(const Reading *reading, const Node *node)
{
    Err err = err_none();
    StrView name = node_text(node, "name");
    StrView pattern = node_text(node, "regex");
    StrView placeholder = node_text(node, "placeholder");
    placeholder = placeholder.ptr != NULL ? placeholder : name;
    if (redact_rules_add(reading->rules, name, placeholder, pattern, &err)) {
        keep_rule(reading,
                  (SettingRule){
                      .name = name, .pattern = pattern, .placeholder = placeholder, .is_on = true});
        return;
    }
    const Node *place = node_find(node, "regex");
    config_add_error_at(reading->config, config_place(place != NULL ? place : node),
                        "'redaction': rule '%.*s': %s", SV_ARG(name), err.text);
}

static bool check_members(const Reading *reading, const Node *node, const char *const *names,
                          size_t count)
{
    for (const Node *member = node->first; member != NULL; member = member->next) {
        bool is_known = false;
        for (size_t i = 0; i < count; i++) {
            is_known |= sv_equal(member->key, sv(names[i]));
        }
        if (!is_known) {
            config_add_error_at(reading->config, config_place(member),
                                "'redaction': no member '%.*s' here", SV_ARG(member->key));
            return false;
        }
    }
    return true;
}

static void read_rule(const Reading *reading, const Node *node)
{
    static const char *const NAMES[] = {"name", "regex", "placeholder", "on"};
    if (node->kind == NODE_TEXT) {
        read_switch(reading, node, node->text, true);
        return;
    }
    if (node->kind != NODE_MAP || node_text(node, "name").len == 0) {
        config_add_error_at(reading->config, config_place(node),
                            "'redaction': a rule is {\"name\": …, \"regex\": …}");
        return;
    }
    if (!check_members(reading, node, NAMES, ARRAY_LEN(NAMES))) {
        return;
    }
    if (node_find(node, "regex") != NULL) {
        read_own(reading, node);
    } else {
        read_switch(reading, node, node_text(node, "name"), node_bool(node, "on", true));
    }
}

static const Node *find_list(const Reading *reading, const Node *node, const char *name)
{
    const Node *list = node_find(node, name);
    if (list != NULL && list->kind != NODE_LIST) {
        config_add_error_at(reading->config, config_place(list), "'redaction': '%s' must be a list",
                            name);
        return NULL;
    }
    return list;
}

static void read_rules(const Reading *reading, const Node *list)
{
    size_t max = REDACT_RULES_MAX + REDACT_OWN_MAX;
    reading->ret->rules = arena_alloc(&reading->config->arena, max * sizeof *reading->ret->rules);
    for (const Node *item = list->first; item != NULL; item = item->next) {
        if (reading->ret->rule_count == max) {
            config_add_error_at(reading->config, config_place(item),
                                "'redaction': %zu rules are the most", max);
            return;
        }
        read_rule(reading, item);
    }
}

static void read_keep(const Reading *reading, const Node *list)
{
    SettingTexts *keep = &reading->ret->keep;
    keep->items = arena_alloc(&reading->config->arena, (list->count + 1) * sizeof *keep->items);
    for (const Node *item = list->first; item != NULL; item = item->next) {
        if (item->kind != NODE_TEXT || sv_trim(item->text).len == 0) {
            config_add_error_at(reading->config, config_place(item),
                                "'redaction': here a text is wanted");
        } else if (!redact_rules_keep(reading->rules, item->text)) {
            config_add_error_at(reading->config, config_place(item),
                                "'redaction': %d values to keep are the most", REDACT_KEEP_MAX);
            return;
        } else {
            keep->items[keep->count++] =
                (SettingText){.text = item->text, .place = config_place(item)};
        }
    }
}

void setting_redaction_read(SettingRedaction *ret, Config *config, const Node *node)
{
    static const char *const NAMES[] = {"rules", "keep"};
    Err err = err_none();
    Reading reading = {.ret = ret, .config = config, .rules = redact_rules_new(NULL, &err)};
    *ret = (SettingRedaction){.rules = NULL};
    if (node->kind != NODE_MAP || reading.rules == NULL) {
        config_add_error_at(config, config_place(node), "'redaction': %s",
                            node->kind != NODE_MAP ? "it must be a map: {…}" : err.text);
        redact_rules_free(reading.rules);
        return;
    }
    (void)check_members(&reading, node, NAMES, ARRAY_LEN(NAMES)); /* it is told; read on */
    const Node *rules = find_list(&reading, node, "rules");
    const Node *keep = find_list(&reading, node, "keep");
    if (rules != NULL) {
        read_rules(&reading, rules);
    }
    if (keep != NULL) {
        read_keep(&reading, keep);
    }
    redact_rules_free(reading.rules);
}

static void print_rule(const SettingRule *rule, StrBuf *buf)
{
    strbuf_add_str(buf, "{\"name\": ");
    node_quote(rule->name, buf);
    if (rule->pattern.ptr != NULL) {
        strbuf_add_str(buf, ", \"regex\": ");
        node_quote(rule->pattern, buf);
        strbuf_add_str(buf, ", \"placeholder\": ");
        node_quote(rule->placeholder, buf);
    } else {
        strbuf_printf(buf, ", \"on\": %s", rule->is_on ? "true" : "false");
    }
    strbuf_add_char(buf, '}');
}

void setting_redaction_print(const SettingRedaction *redaction, StrBuf *buf)
{
    strbuf_add_str(buf, "{\n    \"rules\": [");
    for (size_t i = 0; i < redaction->rule_count; i++) {
        strbuf_add_str(buf, i > 0 ? ",\n      " : "\n      ");
        print_rule(&redaction->rules[i], buf);
    }
    strbuf_add_str(buf, redaction->rule_count > 0 ? "\n    ],\n" : "],\n");
    strbuf_add_str(buf, "    \"keep\": [");
    for (size_t i = 0; i < redaction->keep.count; i++) {
        strbuf_add_str(buf, i > 0 ? ", " : "");
        node_quote(redaction->keep.items[i].text, buf);
    }
    strbuf_add_str(buf, "]\n  }");
}

void setting_redaction_apply(const SettingRedaction *redaction, RedactRules *rules)
{
    for (size_t i = 0; i < redaction->rule_count; i++) {
        const SettingRule *rule = &redaction->rules[i];
        /* All of it was tried when it was read. */
        if (rule->pattern.ptr != NULL) {
            (void)redact_rules_add(rules, rule->name, rule->placeholder, rule->pattern, NULL);
        } else {
            (void)redact_rules_switch(rules, rule->name, rule->is_on);
        }
    }
    for (size_t i = 0; i < redaction->keep.count; i++) {
        (void)redact_rules_keep(rules, redaction->keep.items[i].text);
    }
}

RedactRules *setting_redaction_rules(const Options *options, Err *err)
{
    Config config;
    SettingRedaction own = {.rules = NULL};
    RedactRules *rules = NULL;
    config_read_chosen(&config, options->config, options->config_dir);
    size_t before = config.is_broken ? 0 : config.error_count;
    const Node *node = node_find(config.root, "redaction");
    if (node != NULL && node->kind != NODE_NULL) {
        setting_redaction_read(&own, &config, node);
    }
    if (config.error_count > before) {
        (void)err_set(err, "%.*s", SV_ARG(config.errors[before]));
    } else {
        rules = redact_rules_new(options->data_dir, err);
    }
    if (rules != NULL) {
        setting_redaction_apply(&own, rules);
    }
    config_done(&config);
    return rules;
}
