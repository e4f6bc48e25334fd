/*
 * RecordLive: version → command → its output. The time of the last run is written before the
 * command starts, so that one that hangs counts as well. It reads no record: session/record.h does.
 */
#include "session/record_live.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/node.h"
#include "base/plist.h"
#include "session/child.h"
#include "session/user_file.h"

#define TIMEOUT_NS (INT64_C(120) * NS_PER_SECOND)
#define VERSION_FILE_MAX (64 * KIB)
#define STATE_MAX (4 * KIB)
#define OUTPUT_MAX (4 * MIB)
#define WAIT_STEP_US 200000
#define HOUR_NS (INT64_C(3600) * NS_PER_SECOND)

LivePlace record_live_place(const char *state_dir)
{
    static const char *const FOLDERS[] = {"/usr/bin", "/usr/libexec", NULL};
    return (LivePlace){
        .version_file = "/System/Library/CoreServices/SystemVersion.plist",
        .folders = FOLDERS,
        .state_dir = state_dir,
        .timeout_ns = TIMEOUT_NS,
        .is_root = geteuid() == 0,
        .now_ns = clock_now().ns,
    };
}

/* --- which command -------------------------------------------------------------------------- */

static bool read_version(const LivePlace *place, Arena *arena, StrView *ret_version, Err *err)
{
    StrBuf bytes = {0};
    bool is_good = user_file_read(place->version_file, VERSION_FILE_MAX, &bytes, err);
    if (is_good && bytes.len == 0) {
        is_good = err_set(err,
                          "this is no Mac: there is no '%s'; give the file that a Mac has "
                          "printed or stored",
                          place->version_file);
    }
    const Node *root =
        is_good ? plist_read(arena, strbuf_view(&bytes), place->version_file, err) : NULL;
    if (root != NULL) {
        *ret_version = node_text(root, "ProductVersion");
        is_good = ret_version->ptr != NULL ||
                  err_set(err, "%s: no 'ProductVersion' in it", place->version_file);
    }
    strbuf_done(&bytes);
    return is_good && root != NULL;
}

static const CommandFact *choose_command(const RecordFacts *facts, StrView version, Err *err)
{
    for (size_t i = 0; i < facts->command_count; i++) {
        if (version_compare(version, facts->commands[i].from) >= 0) {
            return &facts->commands[i];
        }
    }
    (void)err_set(err, "macOS %.*s has no command that prints the record", SV_ARG(version));
    return NULL;
}

static bool find_program(const LivePlace *place, const char *name, StrBuf *ret_path, Err *err)
{
    for (size_t i = 0; place->folders[i] != NULL; i++) {
        strbuf_clear(ret_path);
        strbuf_printf(ret_path, "%s/%s", place->folders[i], name);
        if (access(ret_path->ptr, X_OK) == 0) {
            return true;
        }
    }
    return err_set(err, "there is no '%s' on this Mac", name);
}

/* --- how often ------------------------------------------------------------------------------ */

static int64_t last_asked(const char *path)
{
    Arena arena = {0};
    StrBuf text = {0};
    double seconds = 0;
    if (user_file_read(path, STATE_MAX, &text, NULL) && text.len > 0) {
        seconds = node_number(node_read(&arena, strbuf_view(&text), path, NULL), "asked", 0);
    }
    strbuf_done(&text);
    arena_done(&arena);
    bool is_time = seconds > 0 && seconds < (double)(INT64_MAX / NS_PER_SECOND);
    return is_time ? (int64_t)seconds * NS_PER_SECOND : CLOCK_NO_TIME;
}

static bool refuse_too_soon(int64_t asked, int64_t until, const LimitFact *limit, Err *err)
{
    char from[CLOCK_STAMP_MAX];
    char to[CLOCK_STAMP_MAX];
    int16_t zone = clock_now().zone_minutes;
    clock_format((Stamp){asked, zone}, CLOCK_FULL, from);
    clock_format((Stamp){until, zone}, CLOCK_FULL, to);
    return err_set(
        err,
        "asked for at %.16s; since %.*s macOS gives it about once in %d hours (%.*s), so "
        "not again before %.16s; what it has stored can be read at any time: sudo "
        "mdmscope record "
        "/var/db/ConfigurationProfiles/Settings/.cloudConfigRecordFound",
        from, SV_ARG(limit->from), limit->hours, SV_ARG(limit->confidence), to);
}

/* Refuses when it was asked for too lately; else notes that it is asked for now. */
static bool pass_limit(const LivePlace *place, const RecordFacts *facts, StrView version, Err *err)
{
    if (place->state_dir == NULL) {
        return true;
    }
    StrBuf path = {0};
    strbuf_printf(&path, "%s/" RECORD_LIVE_STATE, place->state_dir);
    int lock = user_file_lock(path.ptr, NULL);
    int64_t asked = last_asked(path.ptr);
    bool is_good = true;
    for (size_t i = 0; i < facts->limit_count && asked != CLOCK_NO_TIME; i++) {
        const LimitFact *limit = &facts->limits[i];
        int64_t until = asked + limit->hours * HOUR_NS;
        bool applies = version_compare(version, limit->from) >= 0;
        /* A time to come is that of a clock that was wrong. */
        if (is_good && applies && asked <= place->now_ns && place->now_ns < until) {
            is_good = refuse_too_soon(asked, until, limit, err);
        }
    }
    if (is_good) {
        StrBuf text = {0};
        strbuf_printf(&text, "{\"asked\": %" PRId64 "}\n", place->now_ns / NS_PER_SECOND);
        /* The record is worth more than the memory of having asked for it. */
        (void)user_file_write(path.ptr, strbuf_view(&text), NULL);
        strbuf_done(&text);
    }
    if (lock >= 0) {
        user_file_unlock(lock);
    }
    strbuf_done(&path);
    return is_good;
}

/* --- running it ----------------------------------------------------------------------------- */

/* Takes what is there; closes the pipe at its end. */
static void drain(int *fd, StrBuf *buf)
{
    char chunk[16384];
    ssize_t got = read(*fd, chunk, sizeof chunk);
    if (got > 0 && buf->len + (size_t)got <= OUTPUT_MAX) {
        strbuf_add(buf, sv_of(chunk, (size_t)got));
    } else if (got >= 0 || (errno != EAGAIN && errno != EINTR)) {
        child_close(fd);
    }
}

static void wait_for_output(const Child *child, fd_set *ret_reads)
{
    struct timeval wait = {.tv_usec = WAIT_STEP_US};
    FD_ZERO(ret_reads);
    if (child->out >= 0) {
        FD_SET(child->out, ret_reads);
    }
    if (child->err >= 0) {
        FD_SET(child->err, ret_reads);
    }
    int highest = child->out > child->err ? child->out : child->err;
    if (select(highest + 1, ret_reads, NULL, NULL, &wait) < 0) {
        FD_ZERO(ret_reads); /* a signal: nothing is there to be read */
    }
}

static bool collect(Child *child, int64_t timeout_ns, StrBuf *out, StrBuf *errors, Err *err)
{
    int64_t until = clock_monotonic() + timeout_ns;
    while (child->out >= 0 || child->err >= 0) {
        fd_set reads;
        wait_for_output(child, &reads);
        if (child->out >= 0 && FD_ISSET(child->out, &reads)) {
            drain(&child->out, out);
        }
        if (child->err >= 0 && FD_ISSET(child->err, &reads)) {
            drain(&child->err, errors);
        }
        if (clock_monotonic() > until) {
            return err_set(err, "it did not end within %d seconds",
                           (int)(timeout_ns / NS_PER_SECOND));
        }
    }
    return child_wait(child, timeout_ns) || err_set(err, "it did not end");
}

static bool run(const LivePlace *place, const CommandFact *command, StrBuf *ret_text, Err *err)
{
    StrBuf path = {0};
    StrBuf errors = {0};
    const char *words[FACT_MAX_WORDS + 1];
    Child child = child_none();
    memcpy(words, command->words, sizeof words);
    bool is_good = find_program(place, command->words[0], &path, err);
    words[0] = path.ptr;
    is_good = is_good && child_start(&child, words, CHILD_SHARE_GROUP, err);
    is_good = is_good && collect(&child, place->timeout_ns, ret_text, &errors, err);
    child_done(&child);
    if (is_good) {
        strbuf_add(ret_text, strbuf_view(&errors)); /* where it says why there is none */
    }
    strbuf_done(&errors);
    strbuf_done(&path);
    return is_good;
}

bool record_live_ask(const LivePlace *place, const RecordFacts *facts, StrBuf *ret_text,
                     StrView *ret_command, Err *err)
{
    Arena arena = {0};
    StrView version = SV_NONE;
    const CommandFact *command = NULL;
    bool is_good = read_version(place, &arena, &version, err);
    if (is_good) {
        command = choose_command(facts, version, err);
        is_good = command != NULL;
    }
    if (is_good && command->needs_root && !place->is_root) {
        is_good =
            err_set(err, "%.*s needs root: sudo mdmscope record --live", SV_ARG(command->what));
    }
    is_good = is_good && pass_limit(place, facts, version, err);
    if (is_good) {
        is_good =
            run(place, command, ret_text, err) || err_prefix(err, "%.*s", SV_ARG(command->what));
        *ret_command = command->what;
    }
    arena_done(&arena);
    return is_good;
}
