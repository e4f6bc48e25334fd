/*
 * ShowLearn: the sources opened once more, to a sink that only learns.
 */
#include "session/show_learn.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "session/source.h"

#define PUMP_BUDGET_NS (20 * NS_PER_MS)

/* What is below /dev may share its place with a descriptor that others read from. */
static bool is_twice_readable(const SourceSpec *source)
{
    struct stat info;
    switch (source->kind) {
    case SOURCE_FILE:
        return !sv_starts(sv(source->argument), SV("/dev/")) &&
               stat(source->argument, &info) == 0 && S_ISREG(info.st_mode);
    case SOURCE_STDIN:
        return fstat(STDIN_FILENO, &info) == 0 && S_ISREG(info.st_mode);
    case SOURCE_DEMO:
        return true;
    default:
        return false;
    }
}

bool show_can_learn(const Options *options)
{
    for (size_t i = 0; i < options->source_count; i++) {
        if (!is_twice_readable(&options->sources[i])) {
            return false;
        }
    }
    return options->source_count > 0;
}

static void learn_entry(void *context, const Entry *entry)
{
    redaction_learn(context, entry);
}

static void ignore_notice(void *context, uint8_t source, int64_t time_ns, StrView text)
{
    (void)context;
    (void)source;
    (void)time_ns;
    (void)text;
}

void show_learn(const Options *options, Redaction *redaction, const volatile sig_atomic_t *stop)
{
    SourceSink sink = {.entry = learn_entry, .notice = ignore_notice, .context = redaction};
    off_t place = lseek(STDIN_FILENO, 0, SEEK_CUR); /* -1 = it has none */
    Options own = *options;
    own.speed = 0; /* the demo: all at once */
    Sources *sources = sources_new(&own, sink, NULL);
    while (sources != NULL && !*stop && !sources_are_done(sources)) {
        (void)sources_pump(sources, NULL, clock_monotonic(), PUMP_BUDGET_NS);
    }
    sources_free(sources);
    if (place >= 0) {
        (void)lseek(STDIN_FILENO, place, SEEK_SET); /* it could tell where it is */
    }
}
