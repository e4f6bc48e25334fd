/*
 * Words: see source_words.h. The texts are those `log` and ssh print; where one is matched, the
 * whole of it is always shown as well.
 */
#include "session/source_words.h"

#define EXIT_USAGE_OF_LOG 64
#define EXIT_ANY (-1)
#define KIND_ANY (-1)

static const char omission[] = "\n[\xe2\x80\xa6]\n";

void words_add(Words *words, StrView bytes)
{
    static const size_t limit = WORDS_HEAD_BYTES + WORDS_TAIL_BYTES;
    strbuf_add(&words->text, bytes);
    if (!words->is_long) {
        if (words->text.len <= limit) {
            return;
        }
        strbuf_replace(&words->text, WORDS_HEAD_BYTES, 0, sv(omission));
        words->is_long = true;
    }
    size_t tail = WORDS_HEAD_BYTES + sizeof(omission) - 1;
    if (words->text.len > tail + WORDS_TAIL_BYTES) {
        size_t excess = words->text.len - tail - WORDS_TAIL_BYTES;
        strbuf_replace(&words->text, tail, excess, SV(""));
    }
}

void words_clear(Words *words)
{
    strbuf_clear(&words->text);
    words->is_long = false;
}

void words_done(Words *words)
{
    strbuf_done(&words->text);
    words->is_long = false;
}

StrView words_view(const Words *words)
{
    return words->text.len > 0 ? strbuf_view(&words->text) : SV_NONE;
}

typedef struct Advice {
    int kind;          /* SourceKind or KIND_ANY */
    int status;        /* exit status or EXIT_ANY */
    const char *words; /* to be found in what was said; "" = anything */
    const char *advice;
} Advice;

/* clang-format off */
/* The first that fits wins: particular ones stand before general ones. */
static const Advice advices[] = {
    {KIND_ANY, EXIT_ANY, "mbr_check_membership",
     "macOS could not look up the members of the group admin: run mdmscope with sudo"},
    {KIND_ANY, EXIT_ANY, "Must be admin",
     "only administrators may read the log: run mdmscope as a member of the group admin, or with sudo"},
    {KIND_ANY, EXIT_ANY, "while sandboxed",
     "log refuses to run inside a sandbox: start mdmscope from Terminal or over ssh"},
    {KIND_ANY, EXIT_ANY, "Could not open local log store: Operation not permitted",
     "give Terminal (or sshd) Full Disk Access in Privacy & Security, or run mdmscope with sudo"},
    {KIND_ANY, EXIT_ANY, "Could not open local log store",
     "the log store cannot be read: start without --last, or save a capture elsewhere and open that"},
    {KIND_ANY, EXIT_ANY, "Bad predicate",
     "log does not understand this predicate: check it with 'mdmscope predicate' and change it"},
    {KIND_ANY, EXIT_ANY, "no such field",
     "the predicate has a key that log does not know: check it with 'mdmscope predicate'"},
    {KIND_ANY, EXIT_ANY, "invalid expression",
     "log takes no functions or variables in predicates: check it with 'mdmscope predicate'"},
    {KIND_ANY, EXIT_USAGE_OF_LOG, "unrecognized option",
     "this log does not know the option: check ~/.logrc and --log, or capture to a file and open that"},
    {SOURCE_SSH, EXIT_ANY, "Host key verification failed",
     "connect once with ssh by hand and check the key of the host"},
    {SOURCE_SSH, EXIT_ANY, "Permission denied",
     "the host refused to let you in: check user and key by connecting once with ssh by hand; a "
     "password is asked for at the start of mdmscope only"},
    {SOURCE_SSH, EXIT_ANY, "Could not resolve hostname",
     "the name of the host is not known here: check its spelling, or use its address"},
    {SOURCE_SSH, EXIT_ANY, "Connection refused",
     "the host answers but not ssh: turn on Remote Login in its sharing settings"},
    {SOURCE_SSH, EXIT_ANY, "timed out",
     "the host does not answer: check that it is awake and in this network, then restart"},
    {SOURCE_SSH, 255, "", "the connection was lost: check that the host is reachable, then restart"},
    {SOURCE_SSH, 127, "", "there is no log at that path on the host: is it a Mac?"},
    {SOURCE_EXEC, 127, "", "the shell did not find the command: check its spelling and PATH"},
    {SOURCE_EXEC, 126, "", "the command may not be executed: check its permissions"},
    {KIND_ANY, 77, "", "only administrators may read the log: run mdmscope with sudo"},
};
/* clang-format on */

StrView words_advice(SourceKind kind, bool has_exit, int exit_status, StrView words)
{
    if (!has_exit || exit_status == 0) {
        return SV_NONE;
    }
    for (size_t i = 0; i < ARRAY_LEN(advices); i++) {
        const Advice *advice = &advices[i];
        bool fits = (advice->kind == KIND_ANY || advice->kind == (int)kind) &&
                    (advice->status == EXIT_ANY || advice->status == exit_status) &&
                    (advice->words[0] == '\0' || sv_find(words, sv(advice->words)) != SIZE_MAX);
        if (fits) {
            return sv(advice->advice);
        }
    }
    return SV_NONE;
}

typedef struct RefusedWord {
    const char *word;
    LogOption option;
} RefusedWord;

/* In the line of the complaint, not in the usage after it, which names them all. */
static const RefusedWord refused_words[] = {
    {"--info", LOG_OPTION_FLAGS},
    {"--debug", LOG_OPTION_FLAGS},
    {"ndjson", LOG_OPTION_NDJSON},
    {"--style", LOG_OPTION_NDJSON},
};

LogOption words_refused_option(int exit_status, StrView words)
{
    if (exit_status != EXIT_USAGE_OF_LOG) {
        return LOG_OPTION_NONE;
    }
    StrView line;
    while (sv_next_line(&words, &line)) {
        /* A bad predicate is quoted in full and may contain any of the words. */
        if (!sv_starts(line, SV("log: ")) || sv_starts(line, SV("log: Bad predicate"))) {
            continue;
        }
        for (size_t i = 0; i < ARRAY_LEN(refused_words); i++) {
            if (sv_find(line, sv(refused_words[i].word)) != SIZE_MAX) {
                return refused_words[i].option;
            }
        }
    }
    return LOG_OPTION_NONE;
}
