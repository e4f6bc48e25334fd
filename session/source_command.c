/*
 * Command: see source_command.h. Nothing here passes a shell, except what ssh hands to the remote
 * one, quoted once, and the command of --exec, which is meant for a shell.
 */
#include "session/source_command.h"

#include <assert.h>

static const char *const ssh_options[] = {
    "-T",                           /* no terminal over there: `log` must not colour or page */
    "-o", "ConnectTimeout=15",      /* a Mac that sleeps is found out while one still looks */
    "-o", "ServerAliveInterval=15", /* a lost connection ends the stream within a minute */
    "-o", "ServerAliveCountMax=3",
};

/* The first child leaves the connection to a process of its own, for those that follow. It is ended
 * with us; should we be killed, it ends so many seconds after its last user. */
static const char *const share_options[] = {
    "-o",
    "ControlMaster=auto",
    "-o",
    "ControlPersist=600",
};

static void add_word(Command *command, const char *word)
{
    assert(command->count < COMMAND_MAX_WORDS); /* no wish of ours makes more */
    command->words[command->count++] = word;
}

static bool is_plain(char byte)
{
    static const char others[] = "@%+=:,./-_";
    bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    bool is_digit = byte >= '0' && byte <= '9';
    return is_letter || is_digit || sv_find_char(sv(others), byte) != SIZE_MAX;
}

void command_quote(StrView word, StrBuf *buf)
{
    bool needs_quotes = word.len == 0 || word.ptr[0] == '=';
    for (size_t i = 0; i < word.len && !needs_quotes; i++) {
        needs_quotes = !is_plain(word.ptr[i]);
    }
    if (!needs_quotes) {
        strbuf_add(buf, word);
        return;
    }
    strbuf_add_char(buf, '\'');
    for (size_t i = 0; i < word.len; i++) {
        if (word.ptr[i] == '\'') {
            strbuf_add_str(buf, "'\\''");
        } else {
            strbuf_add_char(buf, word.ptr[i]);
        }
    }
    strbuf_add_char(buf, '\'');
}

bool command_check_host(const char *host, Err *err)
{
    if (host == NULL || host[0] == '\0') {
        return err_set(err, "the name of the host is empty");
    }
    if (host[0] == '-') {
        return err_set(err, "'%s' is no host: ssh would take it for an option", host);
    }
    return true;
}

/* The words of `log` itself. */
static void add_log_words(Command *command, const CommandWish *wish)
{
    add_word(command, wish->options->log_path);
    add_word(command, wish->is_history ? "show" : "stream");
    add_word(command, "--style");
    add_word(command, wish->dialect.has_no_ndjson ? "json" : "ndjson");
    /* `show` has always had the two flags and never --level. */
    if (wish->dialect.has_no_flags && !wish->is_history) {
        add_word(command, "--level");
        add_word(command, "debug");
    } else {
        add_word(command, "--info");
        add_word(command, "--debug");
    }
    add_word(command, "--color"); /* a ~/.logrc may say otherwise */
    add_word(command, "none");
    if (wish->is_history) {
        add_word(command, "--last");
        add_word(command, wish->options->last_text);
    }
    if (wish->predicate.len > 0) {
        add_word(command, "--predicate");
        add_word(command, wish->predicate.ptr);
    }
}

static void add_quoted_words(const Command *command, size_t from, StrBuf *buf)
{
    for (size_t i = from; i < command->count; i++) {
        if (i > from) {
            strbuf_add_char(buf, ' ');
        }
        command_quote(sv(command->words[i]), buf);
    }
}

/* The blank line tells that the connection is up, long before `log` has anything to say. */
static void add_ssh_words(Command *command, const CommandWish *wish)
{
    add_log_words(command, wish);
    strbuf_add_str(&command->remote, "echo; exec ");
    add_quoted_words(command, 0, &command->remote);
    command->count = 0;
    add_word(command, wish->options->ssh_path);
    for (size_t i = 0; i < ARRAY_LEN(ssh_options); i++) {
        add_word(command, ssh_options[i]);
    }
    if (wish->share != NULL) {
        strbuf_printf(&command->share, "ControlPath=%s", wish->share);
        for (size_t i = 0; i < ARRAY_LEN(share_options); i++) {
            add_word(command, share_options[i]);
        }
        add_word(command, "-o");
        add_word(command, command->share.ptr);
    }
    if (wish->is_unattended) {
        add_word(command, "-o");
        add_word(command, "BatchMode=yes");
    }
    add_word(command, "--");
    add_word(command, wish->spec->argument);
    add_word(command, command->remote.ptr);
}

void command_init(Command *command, const CommandWish *wish)
{
    *command = (Command){.count = 0};
    switch (wish->spec->kind) {
    case SOURCE_SSH:
        add_ssh_words(command, wish);
        break;
    case SOURCE_EXEC:
        add_word(command, "/bin/sh");
        add_word(command, "-c");
        add_word(command, wish->spec->argument);
        strbuf_add_str(&command->people, wish->spec->argument);
        return;
    default:
        add_log_words(command, wish);
        break;
    }
    add_quoted_words(command, 0, &command->people);
}

void command_done(Command *command)
{
    strbuf_done(&command->remote);
    strbuf_done(&command->share);
    strbuf_done(&command->people);
    command->count = 0;
}
