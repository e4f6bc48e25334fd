/*
 * bench: the work that is measured, one kind a run, so that every rival is a process of its own:
 *
 *   bench ingest FILE             decoder → store with its default budget
 *   bench panes FILE              the same with the panes, the stages and the tracker
 *   bench filter FILE PREDICATE   refilter of a view over all of FILE; prints seconds
 *   bench jansson FILE            json_loadb and nine fields of every line
 *   bench time CMD…               runs CMD without its output; prints wall, CPU seconds, MiB
 *   bench screen SECONDS CMD…     the same in a pseudo-terminal of 50 rows and 200 columns; 'qq' is
 *                                 typed after SECONDS
 *
 * It compares; tests/bench/run decides and writes.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/mem.h"
#include "filters/filter.h"
#include "filters/panes.h"
#include "filters/stages.h"
#include "parsers/decoder.h"
#include "session/enrolment.h"
#include "session/store.h"
#include "session/view.h"

#define READ_BYTES (256 * KIB)
#define HOLD_ALL_BYTES (3072 * MIB)
#define VIEW_ROWS 4096
#define FILTER_RUNS 5
#define PANES_MAX 32

typedef struct Bench {
    Store *store;
    Stages *stages; /* NULL = not measured */
    Enrolment *enrolment;
    View *views[PANES_MAX];
    size_t view_count;
} Bench;

static int complain(const char *what, const char *why)
{
    (void)fprintf(stderr, "bench: %s: %s\n", what, why);
    return 2;
}

/* --- own work ------------------------------------------------------------------------------- */

static void take_entry(void *context, const Entry *entry)
{
    Bench *bench = context;
    EntryNumber number = store_push(bench->store, entry);
    StoreRow row;
    if (bench->stages != NULL && store_find(bench->store, number, &row)) {
        StageVerdict verdict = stages_judge(bench->stages, row.columns, row.index);
        row.columns->tag[row.index] = verdict.tag;
        enrolment_feed(bench->enrolment, row.columns, row.index, number, &verdict);
    }
    for (size_t i = 0; i < bench->view_count; i++) {
        view_offer(bench->views[i], number);
    }
}

static void take_notice(void *context, NoticeKind kind, StrView text)
{
    (void)context;
    (void)kind;
    (void)text;
}

static bool read_all(Bench *bench, const char *path)
{
    int fd = open(path, O_RDONLY);
    if (fd < 0) {
        return false;
    }
    DecoderSink sink = {take_entry, take_notice, bench};
    Decoder *decoder = decoder_new(STYLE_NONE, 0, sink);
    char *piece = mem_alloc(READ_BYTES);
    ssize_t len;
    while ((len = read(fd, piece, READ_BYTES)) > 0) {
        decoder_feed(decoder, sv_of(piece, (size_t)len));
        for (size_t i = 0; i < bench->view_count; i++) {
            view_trim(bench->views[i]);
        }
    }
    decoder_end(decoder);
    decoder_free(decoder);
    mem_free(piece);
    (void)close(fd);
    return len == 0;
}

static void bench_done(Bench *bench)
{
    for (size_t i = 0; i < bench->view_count; i++) {
        view_free(bench->views[i]);
    }
    enrolment_free(bench->enrolment);
    stages_free(bench->stages);
    store_free(bench->store);
}

static int run_ingest(const char *path)
{
    Bench bench = {.store = store_new(STORE_DEFAULT_BYTES)};
    bool is_read = read_all(&bench, path);
    bench_done(&bench);
    return is_read ? 0 : complain(path, strerror(errno));
}

static int run_panes(const char *path)
{
    Bench bench = {.store = store_new(STORE_DEFAULT_BYTES)};
    PaneDefs defs = {0};
    StrBuf text = {0};
    Err err = err_none();
    bool is_well = embed_read("filters/panes.json", &text) &&
                   pane_defs_read(&defs, strbuf_view(&text), "filters/panes.json", &err);
    for (size_t i = 0; is_well && i < defs.count && i < PANES_MAX; i++) {
        Filter *filter = filter_compile(defs.items[i].predicate, &err);
        is_well = filter != NULL;
        if (is_well) {
            bench.views[bench.view_count] = view_new(bench.store);
            view_set_filter(bench.views[bench.view_count++], filter, 0, NULL);
        }
    }
    strbuf_clear(&text);
    if (is_well && embed_read("filters/stages.json", &text)) {
        bench.stages = stages_new(strbuf_view(&text), "filters/stages.json", &err);
    }
    is_well = is_well && bench.stages != NULL;
    bench.enrolment = is_well ? enrolment_new(bench.stages) : NULL;
    bool is_read = is_well && read_all(&bench, path);
    bench_done(&bench);
    pane_defs_done(&defs);
    strbuf_done(&text);
    if (!is_well) {
        return complain("data files", err.text);
    }
    return is_read ? 0 : complain(path, strerror(errno));
}

/* Seconds of one refilter of all that is held. */
static double refilter(View *view, StrView predicate)
{
    Err err = err_none();
    view_set_filter(view, filter_compile(SV("TRUEPREDICATE"), &err), 0, NULL);
    while (view_step(view, VIEW_ROWS)) {
    }
    int64_t start = clock_monotonic();
    view_set_filter(view, filter_compile(predicate, &err), 0, NULL);
    while (view_step(view, VIEW_ROWS)) {
    }
    return (double)(clock_monotonic() - start) / (double)NS_PER_SECOND;
}

static int compare_doubles(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

static int run_filter(const char *path, const char *predicate)
{
    Err err = err_none();
    Filter *probe = filter_compile(sv(predicate), &err);
    if (probe == NULL) {
        return complain(predicate, err.text);
    }
    filter_free(probe);
    Bench bench = {.store = store_new(HOLD_ALL_BYTES)};
    bool is_read = read_all(&bench, path);
    View *view = view_new(bench.store);
    double seconds[FILTER_RUNS];
    for (size_t i = 0; i < FILTER_RUNS; i++) {
        seconds[i] = refilter(view, sv(predicate));
    }
    qsort(seconds, FILTER_RUNS, sizeof seconds[0], compare_doubles);
    (void)printf("%.6f %llu\n", seconds[FILTER_RUNS / 2],
                 (unsigned long long)view_counts(view).entries);
    view_free(view);
    bench_done(&bench);
    return is_read ? 0 : complain(path, strerror(errno));
}

/* --- jansson -------------------------------------------------------------------------------- */

static const char *const JANSSON_FIELDS[] = {
    "timestamp", "messageType", "processImagePath", "senderImagePath", "subsystem",
    "category",  "processID",   "threadID",         "eventMessage",
};

static int run_jansson(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return complain(path, strerror(errno));
    }
    char *line = NULL;
    size_t capacity = 0, found = 0;
    ssize_t len;
    while ((len = getline(&line, &capacity, file)) > 0) {
        json_error_t error;
        json_t *root = json_loadb(line, (size_t)len, JSON_ALLOW_NUL, &error);
        for (size_t i = 0; i < ARRAY_LEN(JANSSON_FIELDS); i++) {
            found += json_object_get(root, JANSSON_FIELDS[i]) != NULL;
        }
        json_decref(root);
    }
    free(line);
    (void)fclose(file);
    return found > 0 ? 0 : complain(path, "no fields found");
}

/* --- other programs ------------------------------------------------------------------------- */

static int print_usage(int64_t start, const struct rusage *usage, int status)
{
    double wall = (double)(clock_monotonic() - start) / (double)NS_PER_SECOND;
    double cpu = (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
                 (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
#ifdef __APPLE__
    double unit = 1024.0 * 1024.0; /* bytes there, KiB elsewhere */
#else
    double unit = 1024.0;
#endif
    (void)printf("%.4f %.4f %.0f\n", wall, cpu, (double)usage->ru_maxrss / unit);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

static int run_time(char **command)
{
    int64_t start = clock_monotonic();
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        (void)dup2(null, STDOUT_FILENO);
        (void)execvp(command[0], command);
        _exit(127);
    }
    int status;
    struct rusage usage;
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) {
        return complain(command[0], strerror(errno));
    }
    return print_usage(start, &usage, status);
}

/* The child of run_screen: standard input stays what it is, all else is the terminal. */
static void exec_in_terminal(int master, char **command)
{
    (void)setsid();
    int slave = open(ptsname(master), O_RDWR);
    struct winsize size = {.ws_row = 50, .ws_col = 200};
    (void)ioctl(slave, TIOCSCTTY, 0);
    (void)ioctl(slave, TIOCSWINSZ, &size);
    (void)dup2(slave, STDOUT_FILENO);
    (void)dup2(slave, STDERR_FILENO);
    (void)close(master);
    (void)setenv("TERM", "xterm-256color", 1);
    (void)execvp(command[0], command);
    _exit(127);
}

/* Reads what is drawn until `deadline` or the terminal has closed; returns the bytes. */
static size_t drain_until(int master, int64_t deadline)
{
    char piece[16 * KIB];
    size_t bytes = 0;
    for (;;) {
        int64_t left = deadline - clock_monotonic();
        fd_set reads;
        FD_ZERO(&reads);
        FD_SET(master, &reads);
        struct timeval wait = {.tv_sec = left > 0 ? (time_t)(left / NS_PER_SECOND) : 0,
                               .tv_usec = left > 0 ? (int)(left % NS_PER_SECOND / 1000) : 0};
        if (left <= 0 || select(master + 1, &reads, NULL, NULL, &wait) <= 0) {
            return bytes;
        }
        ssize_t len = read(master, piece, sizeof piece);
        if (len <= 0) {
            return bytes;
        }
        bytes += (size_t)len;
    }
}

static int run_screen(const char *seconds, char **command)
{
    uint64_t length;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (!sv_to_u64(sv(seconds), &length) || master < 0 || grantpt(master) != 0 ||
        unlockpt(master) != 0) {
        return complain("screen", "no number, or no pseudo-terminal");
    }
    int64_t start = clock_monotonic();
    pid_t pid = fork();
    if (pid == 0) {
        exec_in_terminal(master, command);
    }
    (void)drain_until(master, start + (int64_t)length * NS_PER_SECOND);
    (void)write(master, "qq", 2); /* one that has ended already is seen by wait4 */
    (void)drain_until(master, clock_monotonic() + 2 * NS_PER_SECOND);
    (void)kill(pid, SIGTERM);
    int status;
    struct rusage usage;
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) {
        return complain(command[0], strerror(errno));
    }
    (void)close(master);
    return print_usage(start, &usage, status);
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[1] : "";
    if (strcmp(what, "ingest") == 0) {
        return run_ingest(argv[2]);
    }
    if (strcmp(what, "panes") == 0) {
        return run_panes(argv[2]);
    }
    if (strcmp(what, "jansson") == 0) {
        return run_jansson(argv[2]);
    }
    if (strcmp(what, "time") == 0) {
        return run_time(argv + 2);
    }
    if (strcmp(what, "filter") == 0 && argc == 4) {
        return run_filter(argv[2], argv[3]);
    }
    if (strcmp(what, "screen") == 0 && argc > 3) {
        return run_screen(argv[2], argv + 3);
    }
    return complain("usage",
                    "ingest|panes|jansson FILE, filter FILE P, time CMD…, screen SECONDS CMD…");
}
