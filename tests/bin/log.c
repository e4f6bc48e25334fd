/*
 * A stand-in for Apple's log(1), for tests: `log stream` and `log show` with the options, banner,
 * trailer, styles, refusals and exit statuses of the real one as far as they are known (manual page
 * log(1) of macOS 10.14 to 27, and captured output: reference unified-log.md §1, §2.1, §2.4, §2.5,
 * §4.1, §4.2). It misbehaves on demand: see tests/bin/README.md for the environment variables.
 *
 * All of it comes from one timeline: which entry happens at which moment depends on nothing but the
 * clock and the rate. Two of these started one after the other deliver the same entries for the
 * same moment, each with its number ("seq=N") in the message. It is no part of the program.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "filters/filter.h"
#include "filters/predicate.h"
#include "parsers/columns.h"
#include "parsers/decoder.h"
#include "parsers/fields.h"

#define EXIT_USAGE 64
/* Entry 0 happened at the beginning of 2026. */
#define EPOCH_NS (INT64_C(1767225600) * NS_PER_SECOND)
/* The same entry is stamped a little later by `stream` than by `show`; machTimestamp is equal. */
#define STREAM_LATENESS_NS (10 * NS_PER_MS)
#define BATCH_BYTES (64 * KIB)
#define PAUSE_NS (2 * NS_PER_MS)
#define ATOM_BYTES (1 * MIB)

/* --- what happens on this machine ------------------------------------------------------------- */

typedef struct Event {
    EntryKind kind;
    Level level;
    const char *process_path;
    const char *sender_path;
    const char *subsystem;
    const char *category;
    const char *message;
} Event;

/* clang-format off */
static const Event events[] = {
    {KIND_LOG, LEVEL_DEFAULT, "/usr/libexec/mdmclient", "/usr/libexec/mdmclient",
     "com.apple.ManagedClient", "HTTPUtil", "<<<<< Received HTTP response (200) [Acknowledged]"},
    {KIND_LOG, LEVEL_DEBUG, "/usr/libexec/mdmclient", "/usr/libexec/mdmclient",
     "com.apple.ManagedClient", "MDMDaemon", "[0:MDMDaemon:<0x540>] Processing server request: DeviceInformation"},
    {KIND_LOG, LEVEL_ERROR, "/usr/libexec/teslad", "/usr/libexec/teslad",
     "com.apple.ManagedClient.cloudconfigurationd", "CloudConfiguration", "Error fetching Device Enrollment configuration: (34006)"},
    {KIND_LOG, LEVEL_INFO, "/System/Library/PrivateFrameworks/AppStoreDaemon.framework/Support/appstored",
     "/System/Library/PrivateFrameworks/AppStoreDaemon.framework/Support/appstored",
     "com.apple.appstored", "Install", "[\"com.apple.Keynote\"] Starting install"},
    {KIND_ACTIVITY_CREATE, LEVEL_NONE, "/usr/libexec/dasd",
     "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation",
     "", "", "Loading Preferences From User Session CFPrefsD"},
    {KIND_LOG, LEVEL_DEFAULT, "/usr/libexec/locationd", "/usr/lib/system/libxpc.dylib",
     "com.apple.xpc", "connection", "[0x10739cf90] activating connection: mach=true listener=false peer=false"},
    {KIND_LOG, LEVEL_DEFAULT, "/System/Library/CoreServices/powerd.bundle/powerd",
     "/System/Library/CoreServices/powerd.bundle/powerd", "com.apple.powerd", "battery", "Battery \xe2\x80\x9cinternal\xe2\x80\x9d: 87\xc2\xa0%"},
    {KIND_LOG, LEVEL_FAULT, "/usr/libexec/trustd", "/usr/libexec/trustd",
     "com.apple.securityd", "trust", "two\nlines \\ and a \"quote\""},
};
/* clang-format on */

/* --- what was asked for ----------------------------------------------------------------------- */

typedef struct Faults {
    int64_t rate;        /* entries a second */
    int64_t slow_ms;     /* `stream` attaches so late */
    int64_t burst;       /* entries come so many at a time */
    int64_t stall;       /* after so many entries nothing comes any more … */
    int64_t stall_ms;    /* … for so long; 0 = for ever */
    int64_t die;         /* dies in the middle of the line after so many entries */
    int64_t end;         /* ends as if interrupted after so many entries */
    int64_t drop;        /* after so many entries ten are dropped, with a notice */
    int64_t backlog;     /* drops what it is further behind than this; 0 = nothing */
    const char *drop_to; /* "stdout", "stderr" */
    const char *refuse;  /* "admin", "members", "sandbox", "store", "silent" */
    const char *old;     /* contains "flags", "ndjson": what it does not know */
} Faults;

typedef struct Job {
    Faults faults;
    bool is_show;
    Style style;
    bool has_info;
    bool has_debug;
    const char *predicate;
    int64_t last_ns;
    int64_t timeout_ns;

    Filter *filter; /* NULL = everything */
    AtomTable *atoms;
    Columns columns; /* one row, for the filter */
    StrBuf out;
    uint64_t count;
} Job;

static int64_t environment_number(const char *name, int64_t otherwise)
{
    int64_t value;
    return sv_to_i64(sv(getenv(name)), &value) ? value : otherwise;
}

static const char *environment_text(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? text : "";
}

static Faults read_faults(void)
{
    return (Faults){
        .rate = environment_number("MDMSCOPE_FAKE_RATE", 50),
        .slow_ms = environment_number("MDMSCOPE_FAKE_SLOW_MS", 0),
        .burst = environment_number("MDMSCOPE_FAKE_BURST", 1),
        .stall = environment_number("MDMSCOPE_FAKE_STALL", -1),
        .stall_ms = environment_number("MDMSCOPE_FAKE_STALL_MS", 0),
        .die = environment_number("MDMSCOPE_FAKE_DIE", -1),
        .end = environment_number("MDMSCOPE_FAKE_END", -1),
        .drop = environment_number("MDMSCOPE_FAKE_DROP", -1),
        .backlog = environment_number("MDMSCOPE_FAKE_BACKLOG", 0),
        .drop_to = environment_text("MDMSCOPE_FAKE_DROP_TO"),
        .refuse = environment_text("MDMSCOPE_FAKE_REFUSE"),
        .old = environment_text("MDMSCOPE_FAKE_OLD"),
    };
}

/* --- writing ---------------------------------------------------------------------------------- */

static void flush(Job *job)
{
    size_t at = 0;
    while (at < job->out.len) {
        ssize_t count = write(STDOUT_FILENO, job->out.ptr + at, job->out.len - at);
        if (count < 0 && errno != EINTR) {
            exit(1);
        }
        at += count > 0 ? (size_t)count : 0;
    }
    strbuf_clear(&job->out);
}

static void pause_ns(int64_t ns)
{
    struct timespec length = {.tv_sec = (time_t)(ns / NS_PER_SECOND),
                              .tv_nsec = (long)(ns % NS_PER_SECOND)};
    (void)nanosleep(&length, NULL); /* the clock is looked at again anyhow */
}

static void add_json_text(StrBuf *out, const char *text)
{
    strbuf_add_char(out, '"');
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '"':
        case '\\':
        case '/':
            strbuf_add_char(out, '\\');
            strbuf_add_char(out, *text);
            break;
        case '\n':
            strbuf_add_str(out, "\\n");
            break;
        default:
            strbuf_add_char(out, *text);
        }
    }
    strbuf_add_char(out, '"');
}

typedef struct Writer {
    StrBuf *out;
    bool is_pretty;
    bool is_first;
} Writer;

static void add_key(Writer *writer, const char *key)
{
    strbuf_add_str(writer->out, writer->is_first ? "{" : ",");
    strbuf_add_str(writer->out, writer->is_pretty ? "\n  " : "");
    writer->is_first = false;
    add_json_text(writer->out, key);
    strbuf_add_str(writer->out, writer->is_pretty ? " : " : ":");
}

static void add_text(Writer *writer, const char *key, const char *value)
{
    add_key(writer, key);
    add_json_text(writer->out, value);
}

static void add_number(Writer *writer, const char *key, uint64_t value)
{
    add_key(writer, key);
    strbuf_printf(writer->out, "%" PRIu64, value);
}

/* Writes the object with the keys in the order of macOS 15. */
static void add_object(const Job *job, const Entry *entry, const char *message, StrBuf *out)
{
    static const char uuid[] = "A2B5D7F0-31C4-4E58-9B6A-0C1D2E3F4A5B";
    Writer writer = {.out = out, .is_pretty = job->style == STYLE_JSON, .is_first = true};
    char stamp[CLOCK_STAMP_MAX];
    clock_format(entry->time, CLOCK_FULL, stamp);
    add_text(&writer, "timezoneName", "");
    if (entry->kind == KIND_LOG) {
        add_text(&writer, "messageType", level_name(entry->level));
    }
    add_text(&writer, "eventType", kind_word(entry->kind));
    if (entry->kind == KIND_LOG) {
        add_key(&writer, "source");
        strbuf_add_str(out, "null");
    }
    add_text(&writer, "formatString", entry->kind == KIND_LOG ? "%{public}s" : "");
    add_number(&writer, "userID", entry->user);
    add_number(&writer, "activityIdentifier", entry->activity);
    add_text(&writer, "subsystem", entry->subsystem.ptr != NULL ? entry->subsystem.ptr : "");
    add_text(&writer, "category", entry->category.ptr != NULL ? entry->category.ptr : "");
    add_number(&writer, "threadID", entry->thread);
    add_text(&writer, "senderImageUUID", uuid);
    add_text(&writer, "bootUUID", job->is_show ? "D7DF011A-3914-4450-AB62-DBCE2AAD7976" : "");
    add_text(&writer, "processImagePath", entry->process_path.ptr);
    add_text(&writer, "senderImagePath", entry->sender_path.ptr);
    add_text(&writer, "timestamp", stamp);
    if (entry->kind == KIND_ACTIVITY_CREATE) {
        add_number(&writer, "creatorActivityID", (UINT64_C(1) << 63) + entry->activity);
    }
    add_number(&writer, "machTimestamp", entry->mach);
    add_text(&writer, "eventMessage", message);
    add_text(&writer, "processImageUUID", uuid);
    add_number(&writer, "traceID", entry->trace);
    add_number(&writer, "processID", entry->pid);
    add_number(&writer, "senderProgramCounter", entry->program_counter);
    add_number(&writer, "parentActivityIdentifier", 0);
    strbuf_add_str(out, writer.is_pretty ? "\n}" : "}");
}

/* --- the timeline ----------------------------------------------------------------------------- */

static int64_t wall_clock(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static int64_t period_of(const Job *job)
{
    return NS_PER_SECOND / (job->faults.rate > 0 ? job->faults.rate : 1);
}

/* The first entry that happens at or after `ns`. */
static int64_t first_after(const Job *job, int64_t ns)
{
    return (ns - EPOCH_NS + period_of(job) - 1) / period_of(job);
}

static StrView nil_if_empty(const char *text)
{
    return text[0] != '\0' ? sv(text) : SV_NONE;
}

static void make_entry(const Job *job, int64_t number, StrView message, Entry *ret_entry)
{
    const Event *event = &events[(uint64_t)number % ARRAY_LEN(events)];
    uint64_t seed = (uint64_t)number * UINT64_C(0x9e3779b97f4a7c15);
    int64_t ns = EPOCH_NS + number * period_of(job);
    *ret_entry = (Entry){
        .style = job->style,
        .kind = event->kind,
        .level = event->level,
        .present = HAS_PID | HAS_THREAD | HAS_ACTIVITY | HAS_TRACE | HAS_MACH | HAS_USER |
                   HAS_PROGRAM_COUNTER | HAS_TTL,
        .time = {.ns = job->is_show ? ns : ns + STREAM_LATENESS_NS},
        .raw = message,
        .message = message,
        .process_path = sv(event->process_path),
        .process = sv_path_last(sv(event->process_path)),
        .sender_path = sv(event->sender_path),
        .sender = sv_path_last(sv(event->sender_path)),
        .subsystem = nil_if_empty(event->subsystem),
        .category = nil_if_empty(event->category),
        .pid = 100 + (uint64_t)number % ARRAY_LEN(events),
        .thread = 0x540 + seed % 7,
        .activity = event->kind == KIND_ACTIVITY_CREATE ? 0x1000 + seed % 4096 : 0,
        .trace = seed >> 2,                          /* more than 2^53, as the real ones */
        .mach = (uint64_t)(ns - EPOCH_NS) / 125 * 3, /* 24 MHz */
        .program_counter = 1764,
    };
}

static bool passes_level(const Job *job, const Entry *entry)
{
    if (entry->level == LEVEL_INFO) {
        return job->has_info || job->has_debug;
    }
    return entry->level != LEVEL_DEBUG || job->has_debug;
}

static bool passes(Job *job, const Entry *entry)
{
    if (!passes_level(job, entry)) {
        return false;
    }
    if (job->filter == NULL) {
        return true;
    }
    columns_clear(&job->columns);
    uint32_t index = columns_push(&job->columns, entry);
    return filter_match(job->filter, &job->columns, index);
}

/* Appends entry `number`, if it passes; tells whether it did. */
static bool add_entry(Job *job, int64_t number)
{
    const Event *event = &events[(uint64_t)number % ARRAY_LEN(events)];
    StrBuf message = {0};
    strbuf_printf(&message, "%s seq=%" PRId64, event->message, number);
    Entry entry;
    make_entry(job, number, strbuf_view(&message), &entry);
    bool goes = passes(job, &entry);
    if (goes && (job->style == STYLE_NDJSON || job->style == STYLE_JSON)) {
        if (job->style == STYLE_JSON) {
            strbuf_add_char(&job->out, job->count == 0 ? '[' : ',');
        }
        add_object(job, &entry, message.ptr, &job->out);
    } else if (goes) {
        entry_print_text(&entry, job->style, SV("mac-17"), &job->out);
    }
    if (goes && job->style != STYLE_JSON) {
        strbuf_add_char(&job->out, '\n');
    }
    job->count += goes ? 1 : 0;
    strbuf_done(&message);
    if (job->out.len >= BATCH_BYTES) {
        flush(job);
    }
    return goes;
}

/* --- stream and show -------------------------------------------------------------------------- */

static void add_heading(Job *job)
{
    if (job->predicate != NULL) {
        strbuf_printf(&job->out, "Filtering the log data using \"%s\"\n", job->predicate);
    }
    if (job->style == STYLE_DEFAULT) {
        strbuf_add_str(&job->out, "Timestamp                       Thread     Type        "
                                  "Activity             PID    TTL  \n");
    } else if (job->style == STYLE_COMPACT) {
        strbuf_add_str(&job->out, "Timestamp               Ty Process[PID:TID]\n");
    }
    flush(job);
}

static int finish(Job *job)
{
    if (job->style == STYLE_NDJSON) {
        strbuf_printf(&job->out, "{\"count\":%" PRIu64 ",\"finished\":1}\n", job->count);
    } else if (job->style == STYLE_JSON) {
        strbuf_add_str(&job->out, job->count == 0 ? "[]\n" : "]\n");
    }
    flush(job);
    return 0;
}

static int show(Job *job)
{
    add_heading(job);
    int64_t now = wall_clock();
    int64_t end = first_after(job, now);
    for (int64_t number = first_after(job, now - job->last_ns); number < end; number++) {
        (void)add_entry(job, number); /* whether it passed is counted there */
    }
    return finish(job);
}

static void drop_some(Job *job, int64_t *number, int64_t count)
{
    static const char notice[] =
        "=== Messages dropped during live streaming (use `log show` to see what they were)\n";
    *number += count;
    if (strcmp(job->faults.drop_to, "stderr") == 0) {
        flush(job);
        (void)fputs(notice, stderr);
    } else {
        strbuf_add_str(&job->out, notice);
    }
}

/* Dies with half a line written, as when it is killed while the pipe is full. */
static void die(Job *job, int64_t number)
{
    flush(job);
    while (!add_entry(job, number)) {
        number++;
    }
    job->out.len /= 2;
    flush(job);
    (void)raise(SIGKILL);
}

/* Does what is asked for after an entry has gone out. */
static void misbehave(Job *job, int64_t *number)
{
    int64_t count = (int64_t)job->count;
    if (count == job->faults.die) {
        die(job, *number);
    }
    if (count == job->faults.stall) {
        flush(job);
        do {
            pause_ns(job->faults.stall_ms > 0 ? job->faults.stall_ms * NS_PER_MS : NS_PER_SECOND);
        } while (job->faults.stall_ms == 0);
    }
    if (count == job->faults.drop) {
        drop_some(job, number, 10);
    }
}

static int stream(Job *job)
{
    add_heading(job);
    pause_ns(job->faults.slow_ms * NS_PER_MS);
    int64_t begin = wall_clock();
    int64_t next = first_after(job, begin);
    for (;;) {
        int64_t now = wall_clock();
        int64_t end = first_after(job, now);
        if (job->timeout_ns > 0 && now - begin >= job->timeout_ns) {
            return finish(job);
        }
        if (end - next < job->faults.burst) {
            pause_ns(PAUSE_NS);
            continue;
        }
        if (job->faults.backlog > 0 && end - next > job->faults.backlog) {
            drop_some(job, &next, end - next - job->faults.backlog);
        }
        while (next < end) {
            if ((int64_t)job->count == job->faults.end) {
                return finish(job);
            }
            if (add_entry(job, next++)) {
                misbehave(job, &next);
            }
        }
        flush(job);
    }
}

/* --- the command line ------------------------------------------------------------------------- */

static int usage(void)
{
    (void)fputs("usage:\n"
                "    log stream [options]\n"
                "    log show [options]\n"
                "\n"
                "options:\n"
                "    --style (default | syslog | json | ndjson | compact)\n"
                "    --level (default | info | debug), --[no-]info, --[no-]debug\n"
                "    --predicate <predicate>, --process <pid | name>, --type <type>\n"
                "    --color (auto | always | none), --source, --[no-]signpost, --timeout <time>\n"
                "    --last <num>[m | h | d], --start <date>, --end <date>, --[no-]pager\n",
                stderr);
    return EXIT_USAGE;
}

#define OF_STREAM (1u << 0)
#define OF_SHOW (1u << 1)
#define OF_BOTH (OF_STREAM | OF_SHOW)

typedef bool OptionSetter(Job *job, const char *value);

static bool set_style(Job *job, const char *value)
{
    Err err;
    if (!style_parse(sv(value), &job->style, &err) ||
        (job->style == STYLE_NDJSON && strstr(job->faults.old, "ndjson") != NULL)) {
        (void)fprintf(stderr, "log: Unknown style 'ndjson'\n");
        return false;
    }
    return true;
}

static bool set_level(Job *job, const char *value)
{
    job->has_debug = strcmp(value, "debug") == 0;
    job->has_info = job->has_debug || strcmp(value, "info") == 0;
    return job->has_info || strcmp(value, "default") == 0;
}

static bool set_info(Job *job, const char *value)
{
    (void)value; /* a flag */
    job->has_info = true;
    return true;
}

static bool set_debug(Job *job, const char *value)
{
    (void)value; /* a flag */
    job->has_debug = true;
    return true;
}

static bool set_predicate(Job *job, const char *value)
{
    job->predicate = value;
    return true;
}

static bool set_last(Job *job, const char *value)
{
    Err err;
    return clock_parse_length(sv(value), &job->last_ns, &err);
}

static bool set_timeout(Job *job, const char *value)
{
    Err err;
    return clock_parse_length(sv(value), &job->timeout_ns, &err);
}

typedef struct OptionInfo {
    const char *name;
    unsigned verbs;
    bool has_value;
    bool is_young;     /* unknown to `stream` of the old personality "flags" */
    OptionSetter *set; /* NULL = accepted, without effect here */
} OptionInfo;

/* clang-format off */
static const OptionInfo options[] = {
    {"--style", OF_BOTH, true, false, set_style},
    {"--level", OF_STREAM, true, false, set_level},
    {"--info", OF_BOTH, false, true, set_info},
    {"--debug", OF_BOTH, false, true, set_debug},
    {"--predicate", OF_BOTH, true, false, set_predicate},
    {"--last", OF_SHOW, true, false, set_last},
    {"--timeout", OF_STREAM, true, false, set_timeout},
    {"--color", OF_BOTH, true, false, NULL},
    {"--process", OF_BOTH, true, false, NULL},
    {"--type", OF_STREAM, true, false, NULL},
    {"--source", OF_BOTH, false, false, NULL},
    {"--signpost", OF_BOTH, false, false, NULL},
    {"--no-signpost", OF_BOTH, false, false, NULL},
    {"--no-info", OF_BOTH, false, false, NULL},
    {"--no-debug", OF_BOTH, false, false, NULL},
    {"--no-pager", OF_SHOW, false, false, NULL},
};
/* clang-format on */

static const OptionInfo *find_option(const Job *job, const char *word)
{
    unsigned verb = job->is_show ? OF_SHOW : OF_STREAM;
    bool knows_no_flags = !job->is_show && strstr(job->faults.old, "flags") != NULL;
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        if (strcmp(options[i].name, word) == 0 && (options[i].verbs & verb) != 0 &&
            !(options[i].is_young && knows_no_flags)) {
            return &options[i];
        }
    }
    return NULL;
}

static bool read_options(Job *job, int argc, char **argv)
{
    for (int i = 2; i < argc; i++) {
        const OptionInfo *option = find_option(job, argv[i]);
        if (option == NULL) {
            (void)fprintf(stderr, "log: unrecognized option `%s'\n", argv[i]);
            return false;
        }
        if (option->has_value && i + 1 == argc) {
            (void)fprintf(stderr, "log: option `%s' requires an argument\n", argv[i]);
            return false;
        }
        const char *value = option->has_value ? argv[++i] : NULL;
        if (option->set != NULL && !option->set(job, value)) {
            return false;
        }
    }
    return true;
}

static bool compile_predicate(Job *job)
{
    if (job->predicate == NULL) {
        return true;
    }
    Err err = err_none();
    const char *text = job->predicate;
    Predicate *predicate = predicate_parse(sv(text), &err);
    if (predicate == NULL) {
        (void)fprintf(stderr, "log: Bad predicate (Unable to parse the format string \"%s\"): %s\n",
                      text, text);
        return false;
    }
    if (!predicate_is_sendable(predicate, &err)) {
        predicate_free(predicate);
        (void)fprintf(stderr, "log: Bad predicate (no such field): %s\n", text);
        return false;
    }
    job->filter = filter_new(predicate, &err);
    if (job->filter == NULL) {
        (void)fprintf(stderr, "log: Bad predicate (invalid expression): %s\n", text);
    }
    return job->filter != NULL;
}

typedef struct Refusal {
    const char *name;
    int status;
    const char *words; /* %s = the command */
} Refusal;

static const Refusal refusals[] = {
    {"admin", EXIT_USAGE, "log: Must be admin to run '%s' command\n"},
    {"members", EXIT_USAGE,
     "log: mbr_check_membership_ext(): Input/output error\nlog: Must be admin to run '%s' "
     "command\n"},
    {"sandbox", EXIT_USAGE, "log: Cannot run while sandboxed\n"},
    {"store", EXIT_USAGE, "log: Could not open local log store: Operation not permitted\n"},
    {"silent", 1, ""},
};

/* Prints the refusal that is asked for; 0 when there is none. */
static int refuse(const Job *job)
{
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        const Refusal *refusal = &refusals[i];
        const char *rest = strstr(refusal->words, "%s");
        if (strcmp(job->faults.refuse, refusal->name) != 0) {
            continue;
        }
        size_t len = rest != NULL ? (size_t)(rest - refusal->words) : strlen(refusal->words);
        (void)fprintf(stderr, "%.*s", (int)len, refusal->words);
        if (rest != NULL) {
            (void)fprintf(stderr, "%s%s", job->is_show ? "show" : "stream", rest + 2);
        }
        return refusal->status;
    }
    return 0;
}

int main(int argc, char **argv)
{
    Job job = {.faults = read_faults(), .style = STYLE_DEFAULT, .last_ns = 10 * NS_PER_SECOND};
    job.is_show = argc > 1 && strcmp(argv[1], "show") == 0;
    if (argc < 2 || (!job.is_show && strcmp(argv[1], "stream") != 0)) {
        return usage();
    }
    if (!read_options(&job, argc, argv)) {
        return usage();
    }
    int refused = refuse(&job);
    if (refused != 0) {
        return refused;
    }
    if (!compile_predicate(&job)) {
        return EXIT_USAGE;
    }
    job.atoms = atom_table_new(ATOM_BYTES);
    columns_init(&job.columns, job.atoms);
    int status = job.is_show ? show(&job) : stream(&job);
    columns_done(&job.columns);
    atom_table_free(job.atoms);
    filter_free(job.filter);
    strbuf_done(&job.out);
    return status;
}
